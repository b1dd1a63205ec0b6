/* SPDX-License-Identifier: ISC
 *
 * discovery.c - see discovery.h.
 *
 * A node listens for the discovery time. Whoever leads answers its Announce, and that is the end of it. If nobody
 * does, one node speaks up after a short random hold; only nodes that are clearly older or of higher priority object,
 * so that a thousand nodes powered up together send one Election, not a thousand (START-5).
 */
#include "core/discovery.h"
#include "base/util.h"
#include "core/election.h"
#include "core/leadership.h"
#include "core/merge.h"
#include "core/rank.h"
#include "core/roster.h"
#include "core/voter.h"

#include <string.h>

enum { ENOUGH_ANNOUNCED = 20, FIRST_ANNOUNCES = 3, ANNOUNCES_PER_S = 5 };

void discovery_begin(struct core *core) {
    node_enter(core, PHASE_SEEKING);
    timer_stop_all(core);
    memset(&core->election, 0, sizeof(core->election));
    core->bereavement = (struct bereavement){.reason = REASON_FIRST};
    core->announces = 0;
    core->discovered = false;
    core->sought_at = core->now;
    if (core->links == 0)
        return;
    timer_after(core, TIMER_ANNOUNCE, node_jitter(core, params_start_announce_max(&core->timing)));
    timer_after(core, TIMER_DISCOVERY, params_discovery(&core->timing));
    timer_set(core, TIMER_ALONE,
              max_i64(core->carrier_at + params_alone(&core->timing), core->now + params_discovery(&core->timing)));
}

static unsigned heard_since(const struct core *core, usec_t time) {
    unsigned count = 0;

    for (unsigned i = 0; i < core->heard.count; i++)
        count += core->heard.list[i].at >= time;
    return count;
}

/* Nodes heard since this discovery began. */
static unsigned company(const struct core *core) {
    return heard_since(core, core->sought_at);
}

static void send_announce(struct core *core) {
    struct wire_message *message = &emit_multicast(core, WIRE_ANNOUNCE)->message;

    message->announce = (struct wire_announce){
        .state = WIRE_IDLE,
        .priority = core->facts.priority,
        .eligible = core->facts.eligible,
        .fresh = core->majority ? !roster_is_known(&core->saved.roster) : core->fresh,
        .voter = core->majority && core->writable && voter_may_have_seat(core),
        .age = node_age(core),
        .port = core->port,
        .leader = {0},
    };
    memcpy(message->name, core->facts.name, sizeof(message->name));
}

void discovery_tell_new_id(struct core *core) {
    if (core->id_announces > 0)
        timer_after(core, TIMER_ANNOUNCE, node_jitter(core, params_start_announce_max(&core->timing)));
}

/* In the midst of a leadership: only to tell the id. */
static void announce_id(struct core *core) {
    send_announce(core);
    if (core->id_announces > 0)
        timer_after(core, TIMER_ANNOUNCE, params_discovery(&core->timing) / FIRST_ANNOUNCES);
}

void discovery_announce_due(struct core *core) {
    usec_t discovery = params_discovery(&core->timing);
    bool crowded = core->announces == 0 && company(core) >= ENOUGH_ANNOUNCED && core->id_announces == 0;

    if (core->id_announces > 0)
        core->id_announces--;
    if (core->phase == PHASE_FOLLOWING) {
        announce_id(core);
        return;
    }
    if (!crowded)
        send_announce(core);
    core->announces++;
    if (core->announces < FIRST_ANNOUNCES) {
        timer_after(core, TIMER_ANNOUNCE, discovery / FIRST_ANNOUNCES);
        return;
    }
    usec_t fair = (company(core) + 1) * USEC_PER_SEC / ANNOUNCES_PER_S;
    timer_after(core, TIMER_ANNOUNCE, fair / 2 + node_jitter(core, fair));
}

/* START-4: the hold before the first word. */
static void hold_back(struct core *core) {
    usec_t most = clamp_i64(company(core) * USEC_PER_MS, 5 * USEC_PER_MS, 200 * USEC_PER_MS);

    timer_after(core, TIMER_DISCOVERY, node_jitter(core, most));
}

void discovery_heard_somebody(struct core *core) {
    bool waits = timer_is_set(core, TIMER_DISCOVERY) || timer_is_set(core, TIMER_HOLD) || core->election.collecting;

    if (core->phase == PHASE_SEEKING && core->discovered && !waits)
        hold_back(core);
}

static struct rank_claim my_claim(const struct core *core) {
    return (struct rank_claim){core->facts.priority, node_age(core), core->saved.id};
}

static struct rank_claim claim_of(const struct core *core, const struct candidate *candidate) {
    return (struct rank_claim){candidate->key.priority, core->now - candidate->born_at, candidate->contact.id};
}

/* START-5: I would do it better. */
static bool objects(const struct core *core, const struct candidate *candidate) {
    struct rank_claim mine = my_claim(core), theirs = claim_of(core, candidate);
    enum rank rank = voter_rank(core, voter_seats(core), &candidate->seats);

    if (rank == RANK_SAME)
        rank = rank_claims(&mine, &theirs);
    return node_may_stand(core) && !merge_holds_back(core) && rank == RANK_SENIOR;
}

/* Of two that have spoken a comes first. */
static bool comes_first(const struct core *core, const struct rank_claim *a, const struct wire_roster *seats_of_a,
                        const struct rank_claim *b, const struct wire_roster *seats_of_b) {
    enum rank rank = voter_rank(core, seats_of_a, seats_of_b);

    return (rank != RANK_SAME ? rank : rank_spoken(a, b)) == RANK_SENIOR;
}

/* Where candidates repeat their Election for as long as they stand (MAJ-4), who is silent for some rounds has voted for
 * another one. */
static bool stands_still(const struct core *core, const struct candidate *candidate) {
    return !core->majority || core->now - candidate->heard_at < 5 * ELECTION_SLOW_US;
}

const struct candidate *discovery_best(const struct core *core) {
    const struct candidate *best = NULL;

    for (unsigned i = 0; i < core->election.heard_count; i++) {
        const struct candidate *one = &core->election.heard[i];
        if (!stands_still(core, one))
            continue;
        struct rank_claim claim = claim_of(core, one);
        struct rank_claim so_far = best == NULL ? claim : claim_of(core, best);

        if (best == NULL || comes_first(core, &claim, &one->seats, &so_far, &best->seats))
            best = one;
    }
    return best;
}

void discovery_over(struct core *core) {
    const struct candidate *best = discovery_best(core);

    if (!core->discovered) {
        core->discovered = true;
        if (company(core) > 0)
            hold_back(core);
        return;
    }
    if (node_may_stand(core) && (best == NULL || objects(core, best)))
        election_stand(core, true, 0);
}

void discovery_objection_due(struct core *core) {
    const struct candidate *best = discovery_best(core);

    if (best != NULL && objects(core, best))
        election_stand(core, true, best->epoch);
}

/* START-6: the collection may end early. */
static bool all_have_spoken(const struct core *core) {
    for (unsigned i = 0; i < core->heard.count; i++) {
        const struct heard *heard = &core->heard.list[i];
        bool spoken = heard->at < core->sought_at || !heard->announced || !heard->eligible;

        for (unsigned k = 0; k < core->election.heard_count && !spoken; k++)
            spoken = node_id_equal(&core->election.heard[k].contact.id, &heard->contact.id);
        if (!spoken)
            return false;
    }
    return true;
}

/* A vote for the best, and the patience of START-7. */
static void vote_for_best(struct core *core) {
    const struct candidate *best = discovery_best(core);
    usec_t patience = max_i64(100 * USEC_PER_MS, rng_between(&core->rng, core->timing.detect, 2 * core->timing.detect));

    if (best == NULL || objects(core, best))
        return;
    election_choose(core, best, node_jitter(core, params_vote_spread(node_members(core))));
    timer_after(core, TIMER_HOLD, voter_waits(core) + 50 * USEC_PER_MS + patience);
}

void discovery_on_election(struct core *core, const struct candidate *candidate) {
    struct rank_claim mine = my_claim(core), theirs = claim_of(core, candidate);
    bool standing = core->phase == PHASE_STANDING;

    if (standing && !comes_first(core, &theirs, &candidate->seats, &mine, voter_seats(core)))
        return;
    if (standing) {
        bool collected = core->election.collected;
        node_enter(core, PHASE_SEEKING);
        core->election.collected = collected;
    }
    if (core->election.collected) {
        vote_for_best(core);
        return;
    }
    if (!core->election.collecting) {
        core->election.collecting = true;
        timer_after(core, TIMER_COLLECTION, params_collection(&core->timing));
    }
    if (objects(core, candidate) && !timer_is_set(core, TIMER_OBJECTION))
        timer_after(core, TIMER_OBJECTION, node_jitter(core, params_objection(&core->timing)));
    else if (all_have_spoken(core))
        timer_set(core, TIMER_COLLECTION, core->now);
}

void discovery_collected(struct core *core) {
    core->election.collecting = false;
    core->election.collected = true;
    if (core->phase == PHASE_STANDING)
        election_try_to_win(core);
    else
        vote_for_best(core);
}

void discovery_stand_again(struct core *core) {
    core->election.heard_count = 0;
    core->election.collected = false;
    if (node_may_stand(core))
        election_stand(core, true, 0);
}

/* START-8: a majority of one needs nobody. */
static void lead_alone(struct core *core) {
    if (!core->majority)
        leadership_begin(core, node_top(core), REASON_ALONE);
    else if (voter_needed(core) == 1)
        election_stand(core, true, 0);
}

/* START-8. Who may not lead now may be allowed to later, and company may have gone: the question comes again. */
void discovery_alone_due(struct core *core) {
    bool alone = heard_since(core, core->now - params_alone(&core->timing)) == 0;
    usec_t wait = merge_damping(core);

    if (core->late > core->timing.detect) /* it has slept and could not hear anybody */
        discovery_begin(core);
    else if (alone && wait == 0 && node_may_stand(core))
        lead_alone(core);
    if ((core->phase == PHASE_SEEKING || core->phase == PHASE_STANDING) && !timer_is_set(core, TIMER_ALONE))
        timer_after(core, TIMER_ALONE, wait > 0 ? wait : params_discovery(&core->timing));
}

void discovery_on_announce(struct core *core, const struct wire_message *message) {
    struct heard *heard = heard_note(&core->heard, &core->source, core->now);

    heard->announced = true;
    heard->eligible = message->announce.eligible;
    heard->priority = message->announce.priority;
    heard->fresh = message->announce.fresh;
    heard->votes = message->announce.voter;
    heard->born_at = core->now - message->announce.age;
    if (leadership_in_office(core))
        leadership_tell(core, &core->source);
}
