/* SPDX-License-Identifier: ISC
 *
 * election.c - see election.h.
 */
#include "core/election.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/exchange.h"
#include "core/leadership.h"
#include "core/merge.h"
#include "core/rank.h"
#include "core/roster.h"
#include "core/suspicion.h"
#include "core/voter.h"

#include <string.h>

enum { VOTES_ENOUGH = 8, HOLD_RANKS = 16, HOLD_PER_NODE_US = 100, HOLD_SPREAD_MAX_US = 200000 };
enum { FOUNDING_SPREAD_US = 5000 };

void election_forget(struct core *core) {
    memset(&core->election, 0, sizeof(core->election));
    timer_stop(core, TIMER_VOTE);
    timer_stop(core, TIMER_COLLECTION);
    timer_stop(core, TIMER_OBJECTION);
}

static bool is_dead(const struct core *core, const struct node_id *id) {
    return node_id_equal(id, &core->saved.own.leader);
}

/* My place among the possible successors, the leader left out; HOLD_RANKS if I have none. */
static unsigned rank_in_line(const struct core *core) {
    const struct wire_successors *successors = &core->following.successors;
    unsigned rank = 0;

    for (unsigned i = 0; i < successors->count; i++) {
        if (node_is(core, &successors->list[i].id))
            return rank;
        rank += !is_dead(core, &successors->list[i].id);
    }
    return HOLD_RANKS;
}

static usec_t hold_by_rank(struct core *core) {
    unsigned rank = rank_in_line(core);
    usec_t hold = (usec_t)rank * DELTA_US;

    if (rank == HOLD_RANKS)
        hold += node_jitter(core, min_i64(HOLD_SPREAD_MAX_US, (usec_t)node_members(core) * HOLD_PER_NODE_US));
    return hold;
}

void election_arm_window(struct core *core) {
    usec_t window = params_ack_window(&core->rule);
    usec_t until = max_i64(core->bereavement.window_from + window, core->now + core->rule.detect);

    timer_set(core, TIMER_WINDOW, max_i64(until, core->majority ? voter_free_at(core) + window : 0));
}

/* HAND-2: the others wait for the one that was named. */
static usec_t my_hold(struct core *core) {
    const struct bereavement *bereavement = &core->bereavement;
    usec_t hold = hold_by_rank(core);

    if (bereavement->reason != REASON_RESIGN)
        return hold;
    return node_is(core, &bereavement->successor) ? 0 : RESIGN_HOLD_US + hold;
}

void election_hold(struct core *core) {
    node_enter(core, PHASE_BEREFT);
    election_arm_window(core);
    usec_t hold = my_hold(core);
    if (!node_may_stand(core))
        return;
    if (hold == 0)
        election_stand(core, false, 0);
    else
        timer_after(core, TIMER_HOLD, hold);
}

void election_hold_over(struct core *core) {
    if (core->phase == PHASE_SEEKING) {
        discovery_stand_again(core);
    } else if (!suspicion_has_slept(core) && node_may_stand(core)) {
        election_stand(core, false, 0);
    }
}

void election_hold_again(struct core *core) {
    usec_t at = core->now + my_hold(core);

    if (core->phase == PHASE_BEREFT && timer_is_set(core, TIMER_HOLD) && core->timers[TIMER_HOLD] > at)
        timer_set(core, TIMER_HOLD, at);
}

/* MAJ-2: its turn comes when its promise is over, or when all are there that found the cluster. */
static void wait_for_turn(struct core *core, bool founding) {
    usec_t waits = voter_waits(core);
    usec_t hold = founding ? node_jitter(core, FOUNDING_SPREAD_US) : hold_by_rank(core);

    if (core->phase == PHASE_STANDING || (!founding && core->phase != PHASE_BEREFT))
        node_enter(core, founding ? PHASE_SEEKING : PHASE_BEREFT);
    if (!founding)
        election_arm_window(core);
    if (waits == 0)
        hold += params_discovery(&core->timing) / 2;
    timer_after(core, TIMER_HOLD, waits + hold);
}

/* MAJ-3, MAJ-8. */
static void add_seats(const struct core *core, struct wire_message *message) {
    const struct token *released = &core->voter.released;

    message->has_roster = true;
    message->roster = *voter_seats(core);
    message->election.bootstrap = voter_founds(core);
    if (!core->election.founding && token_equal(released, &core->bereavement.dead))
        message->election.released = released->epoch;
}

static void send_election(struct core *core) {
    struct send *send = emit_multicast(core, WIRE_ELECTION);
    bool founding = core->election.founding;

    if (!founding && core->bereavement.reason == REASON_RESIGN) /* HAND-2: its vote is enough */
        send_add(send, &core->following.leader);
    if (!founding)
        send_add_successors(core, send);
    send->message.election = (struct wire_election){
        .epoch = core->election.epoch,
        .key = node_key(core),
        .age = node_age(core),
        .dead = founding ? (struct token){0} : core->bereavement.dead,
        .nonce = core->bereavement.nonce,
    };
    if (core->majority)
        add_seats(core, &send->message);
    core->election.rounds++;
    timer_after(core, TIMER_ROUND, core->election.rounds <= ELECTION_ROUNDS ? ELECTION_ROUND_US : ELECTION_SLOW_US);
}

/* ELEC-9: under none an objector takes the epoch of the candidate, since voters may think better of it. */
static uint64_t epoch_to_stand_in(struct core *core, uint64_t epoch) {
    uint64_t top = node_top(core);

    if (core->majority)
        return voter_epoch(core);
    return node_take_epoch(core, epoch > top ? epoch - 1 : top);
}

void election_stand(struct core *core, bool founding, uint64_t epoch) {
    struct election *election = &core->election;

    if (!voter_may_stand(core)) {
        wait_for_turn(core, founding);
        return;
    }
    core->counters.elections++;
    node_enter(core, PHASE_STANDING);
    timer_stop(core, TIMER_HOLD);
    timer_stop(core, TIMER_VOTE);
    if (!founding && !timer_is_set(core, TIMER_WINDOW))
        election_arm_window(core);
    else if (founding && core->majority)
        timer_after(core, TIMER_WINDOW, params_ack_window(&core->rule));
    election->epoch = epoch_to_stand_in(core, epoch);
    election->founding = founding;
    election->rounds = 0;
    election->votes = 0;
    election->votes_epoch = 0;
    election->deferred = false;
    election->choice.contact.id = (struct node_id){{0}};
    node_set_vote(core, election->epoch, &core->saved.id);
    voter_stand(core);
    send_election(core);
    if (founding && !election->collecting && !election->collected) {
        election->collecting = true;
        timer_after(core, TIMER_COLLECTION, params_collection(&core->timing));
    }
    election_try_to_win(core);
}

/* In a majority cluster others have voted as high, or stand there: it takes the next epoch. */
static bool is_crossed(const struct core *core) {
    return core->majority && core->voter.heard_epoch >= core->election.epoch;
}

void election_round_due(struct core *core) {
    if (core->election.rounds >= ELECTION_ROUNDS)
        election_try_to_win(core);
    if (core->phase == PHASE_STANDING && is_crossed(core))
        election_stand(core, core->election.founding, 0);
    else if (core->phase == PHASE_STANDING)
        send_election(core);
}

static bool rounds_over(const struct core *core) {
    unsigned rounds = core->election.rounds;

    return rounds > ELECTION_ROUNDS || (rounds == ELECTION_ROUNDS && !timer_is_set(core, TIMER_ROUND));
}

/* Others whose vote could be had: the members without the dead leader and me. */
static unsigned voters(const struct core *core) {
    return core->bereavement.members > 2 ? core->bereavement.members - 2 : 0;
}

/* Without any vote: SUSP-12, MERGE-9. */
static bool may_lead_alone(struct core *core) {
    return !suspicion_forbids_leading_alone(core) && merge_damping(core) == 0;
}

/* HAND-2: who resigned is there to vote, and its vote alone makes its successor the leader. One that comes late hears
 * in its rounds who was elected meanwhile. */
static bool elected_after_resign(const struct core *core) {
    const struct election *election = &core->election;
    bool named = node_is(core, &core->bereavement.successor);

    if (core->bereavement.only_two)
        return election->votes > 0 || (rounds_over(core) && !suspicion_forbids_leading_alone(core));
    return named && election->votes > 0;
}

static bool elected(struct core *core) {
    const struct election *election = &core->election;
    unsigned enough = (unsigned)clamp_i64((voters(core) + 1) / 2, 1, VOTES_ENOUGH);

    if (election->founding)
        return election->collected && (election->votes > 0 || (rounds_over(core) && may_lead_alone(core)));
    if (core->bereavement.reason == REASON_RESIGN && elected_after_resign(core))
        return true;
    if (core->bereavement.only_two && election->votes == 0)
        return core->bereavement.reason != REASON_RESIGN && may_lead_alone(core);
    return election->votes >= enough || (election->votes > 0 && rounds_over(core));
}

/* MAJ-4, MAJ-12. Whoever needs no other vote waits for the end of its rounds: by then it is known whether its own is on
 * disk. */
static void try_to_win_majority(struct core *core) {
    bool alone = core->election.votes == 0;

    if (core->election.votes + 1 >= voter_needed(core) && (!alone || rounds_over(core)))
        leadership_begin(core, core->election.epoch - 1, core->bereavement.reason);
}

void election_try_to_win(struct core *core) {
    const struct election *election = &core->election;
    uint64_t above = election->votes_epoch >= election->epoch ? election->votes_epoch : election->epoch - 1;

    if (core->phase != PHASE_STANDING)
        return;
    if (core->majority)
        try_to_win_majority(core);
    else if (elected(core))
        leadership_begin(core, above, core->bereavement.reason);
    else if (election->founding && election->collected && rounds_over(core))
        suspicion_lead_alone(core);
}

/* ELEC-3: somebody shall try again. */
void election_try_later(struct core *core) {
    usec_t waits = voter_waits(core); /* MAJ-1: nothing comes of it before that */

    node_enter(core, PHASE_BEREFT);
    core->bereavement.window_from = core->now;
    timer_after(core, TIMER_WINDOW, waits + 2 * core->rule.detect + params_ack_window(&core->rule));
    timer_after(core, TIMER_HOLD, waits + rng_between(&core->rng, core->rule.detect, 2 * core->rule.detect));
}

void election_window_over(struct core *core) {
    bool founding = core->phase == PHASE_STANDING && core->election.founding;

    if (!node_may_stand(core) || founding)
        discovery_begin(core);
    else if (core->phase == PHASE_STANDING && core->election.votes == 0)
        suspicion_lead_alone(core);
    else
        election_try_later(core);
}

void election_choose(struct core *core, const struct candidate *candidate, usec_t delay) {
    if (!core->writable) { /* START-1 */
        node_refuse(core, REFUSAL_NOT_WRITABLE);
        return;
    }
    core->election.choice = *candidate;
    if (!timer_is_set(core, TIMER_VOTE))
        timer_after(core, TIMER_VOTE, max_i64(delay, voter_waits(core)));
}

static enum rank rank_of(const struct core *core, const struct candidate *candidate) {
    struct rank_key mine = node_key(core);
    enum rank by_seats = voter_rank(core, &candidate->seats, voter_seats(core));

    return by_seats != RANK_SAME ? by_seats : rank_compare(&candidate->key, &mine, core->timeline);
}

/* HAND-2: the leader that resigned has chosen; seniority does not count against its choice. */
static bool is_named(const struct core *core, const struct candidate *candidate) {
    const struct bereavement *bereavement = &core->bereavement;

    return bereavement->reason == REASON_RESIGN && node_id_equal(&candidate->contact.id, &bereavement->successor)
           && token_equal(&candidate->dead, &bereavement->dead);
}

/* ELEC-6: I vote for that one; if not, I would do it better. */
static bool is_to_lead(const struct core *core, const struct candidate *candidate) {
    bool behind = voter_rank(core, &candidate->seats, voter_seats(core)) == RANK_JUNIOR;

    return !node_may_stand(core) || (is_named(core, candidate) && !behind)
           || rank_of(core, candidate) == RANK_SENIOR;
}

/* What I am may have changed since I chose. Its next Election finds me to object. */
static bool has_become_junior(const struct core *core, const struct candidate *choice) {
    return !choice->founding && !is_to_lead(core, choice);
}

void election_vote_due(struct core *core) {
    struct election *election = &core->election;
    const struct candidate *choice = &election->choice;

    if (node_id_is_none(&choice->contact.id))
        return;
    if (!core->writable) { /* START-1: not any more */
        node_refuse(core, REFUSAL_NOT_WRITABLE);
        return;
    }
    if (has_become_junior(core, choice)) {
        election->choice.contact.id = (struct node_id){{0}};
        election->deferred = false;
        return;
    }
    core->following.voted |= election_vote(core, choice);
    election->choice.contact.id = (struct node_id){{0}};
}

static void send_vote(struct core *core, const struct contact *to, uint64_t epoch, const struct node_id *id) {
    struct wire_message *message = &emit_unicast(core, WIRE_LEADER_ELECTED, to)->message;

    message->leader_elected = (struct wire_leader_elected){epoch, *id, core->saved.own};
}

/* Whoever stands too low would do so in vain, and the others wait for it: it is told the vote that was given. */
static void tell_vote_given(struct core *core, const struct candidate *candidate) {
    if (core->saved.vote_epoch >= candidate->epoch && !node_id_is_none(&core->saved.voted))
        send_vote(core, &candidate->contact, core->saved.vote_epoch, &core->saved.voted);
}

bool election_vote(struct core *core, const struct candidate *candidate) {
    enum core_refusal why = voter_objection(core, candidate);

    if (why != REFUSAL_END)
        node_refuse(core, why);
    if (why == REFUSAL_VOTED)
        tell_vote_given(core, candidate);
    if (why != REFUSAL_END)
        return false;
    node_set_vote(core, candidate->epoch, &candidate->contact.id);
    voter_vote(core, candidate);
    send_vote(core, &candidate->contact, candidate->epoch, &candidate->contact.id);
    return true;
}

/* The most senior live member that I know, the dead leader left out (ELEC-7). */
static bool is_first_in_line(const struct core *core, const struct node_id *id) {
    const struct wire_successors *successors = &core->following.successors;

    for (unsigned i = 0; i < successors->count; i++)
        if (!is_dead(core, &successors->list[i].id))
            return node_id_equal(&successors->list[i].id, id);
    return false;
}

/* ELEC-6: a vote for a more senior candidate; my own hold or candidacy ends. */
static void vote_for(struct core *core, const struct candidate *candidate) {
    const struct candidate *choice = &core->election.choice;
    usec_t delay = node_jitter(core, params_vote_spread(node_members(core)));

    if (!node_id_is_none(&choice->contact.id)
        && rank_compare(&choice->key, &candidate->key, core->timeline) == RANK_SENIOR)
        return;
    if (!core->writable) {
        node_refuse(core, REFUSAL_NOT_WRITABLE);
        return;
    }
    if (core->phase != PHASE_FOLLOWING && core->phase != PHASE_SEEKING)
        election_try_later(core);
    core->election.deferred = true;
    if (!is_first_in_line(core, &candidate->contact.id))
        delay += 2 * DELTA_US;
    election_choose(core, candidate, delay);
}

/* Should the leader say farewell, this one is heeded then. */
static void note_challenger(struct core *core, const struct candidate *candidate) {
    struct candidate *known = &core->suspicion.challenger;

    if (node_id_is_none(&known->contact.id)
        || rank_compare(&candidate->key, &known->key, core->timeline) == RANK_SENIOR)
        *known = *candidate;
}

/* ELEC-5, ELEC-6 and SUSP-9, for a node whose leader is living as far as it knows. */
static void challenged(struct core *core, const struct candidate *candidate) {
    const struct suspicion *suspicion = &core->suspicion;
    bool against_mine = node_id_equal(&candidate->dead.leader, &core->saved.own.leader);
    bool doubtful = suspicion->probing ? exchange_failed(core) >= params_doubtful_tries(core->quality.loss)
                                       : core->now - suspicion->began_at >= 2 * exchange_spacing(core);

    if (!against_mine)
        return;
    if (!suspicion->active) {
        suspicion_on_accusation(core, candidate->nonce);
        note_challenger(core, candidate);
        return;
    }
    note_challenger(core, candidate);
    suspicion_note_asker(core, candidate->nonce);
    if (rank_of(core, candidate) == RANK_SENIOR || !node_may_stand(core)) {
        if (doubtful)
            vote_for(core, candidate);
    } else if (rank_in_line(core) < HOLD_RANKS && suspicion_is_near_verdict(core)) {
        suspicion_bereave(core, REASON_DEATH); /* ELEC-8 */
        election_stand(core, false, candidate->epoch);
    }
}

/* ELEC-8: at once by those that have a place in line. Of the others, thousands perhaps, the first one by chance is
 * heard by the rest: to stand all together would flood every receive buffer. */
static void object(struct core *core, const struct candidate *candidate) {
    usec_t turn = core->now + node_jitter(core, params_vote_spread(node_members(core)));

    if (rank_in_line(core) < HOLD_RANKS)
        election_stand(core, false, candidate->epoch);
    else if (turn < core->timers[TIMER_HOLD])
        timer_set(core, TIMER_HOLD, turn);
}

/* ELEC-6, ELEC-8, ELEC-11, for a node without living leader. */
void election_answer(struct core *core, const struct candidate *candidate) {
    if (is_to_lead(core, candidate))
        vote_for(core, candidate);
    else if (core->phase == PHASE_BEREFT && !core->election.deferred)
        object(core, candidate);
}

/* START-6: the cache, one entry a candidate; when it is full the newcomer is left out. */
static const struct candidate *remember(struct core *core, const struct candidate *candidate) {
    struct election *election = &core->election;
    unsigned i = 0;

    while (i < election->heard_count && !node_id_equal(&election->heard[i].contact.id, &candidate->contact.id))
        i++;
    if (i == CANDIDATES_MAX)
        return candidate;
    if (i == election->heard_count)
        election->heard_count++;
    election->heard[i] = *candidate;
    return &election->heard[i];
}

void election_on_election(struct core *core, const struct wire_message *message) {
    const struct wire_election *election = &message->election;
    const struct candidate candidate = {
        .contact = core->source,
        .key = election->key,
        .epoch = election->epoch,
        .nonce = election->nonce,
        .born_at = core->now - election->age,
        .heard_at = core->now,
        .founding = election->dead.epoch == 0,
        .dead = election->dead,
        .bootstrap = election->bootstrap,
        .seats = message->roster,
    };
    bool by_start = core->phase == PHASE_SEEKING || (core->phase == PHASE_STANDING && core->election.founding);

    if (!voter_same_policy(core, message) || !node_accepts_epoch(core, election->epoch))
        return;
    voter_hear_epoch(core, election->epoch);
    if (election->released != 0 && election->released == election->dead.epoch) /* MAJ-8: for who has missed it */
        voter_release(core, &election->dead);
    if (core->phase == PHASE_LEADING)
        leadership_on_election(core, &candidate);
    else if (core->phase == PHASE_FOLLOWING)
        challenged(core, &candidate);
    else if (by_start && candidate.founding)
        discovery_on_election(core, remember(core, &candidate));
    else
        election_answer(core, &candidate);
}

void election_on_vote(struct core *core, const struct wire_leader_elected *vote) {
    struct election *election = &core->election;

    if (core->phase == PHASE_LEADING) {
        leadership_on_vote(core, vote);
        return;
    }
    if (core->phase != PHASE_STANDING)
        return;
    if (vote->epoch != election->epoch || !node_is(core, &vote->candidate)) {
        if (node_accepts_epoch(core, vote->epoch))
            voter_hear_epoch(core, vote->epoch);
        return;
    }
    if (core->majority && !roster_has(voter_seats(core), &core->source.id)) {
        node_refuse(core, REFUSAL_ROSTER);
        return;
    }
    if (!node_accepts_epoch(core, vote->own.epoch))
        return;
    if (vote->own.epoch > election->votes_epoch)
        election->votes_epoch = vote->own.epoch;
    for (unsigned i = 0; i < election->votes; i++)
        if (node_id_equal(&election->voters[i], &core->source.id))
            return;
    election->voted_at = core->now;
    if (election->votes < VOTERS_MAX)
        election->voters[election->votes++] = core->source.id;
    election_try_to_win(core);
}
