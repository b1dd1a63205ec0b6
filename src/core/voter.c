/* SPDX-License-Identifier: ISC
 *
 * voter.c - see voter.h.
 */
#include "core/voter.h"
#include "base/util.h"
#include "core/election.h"
#include "core/roster.h"

#include <string.h>

/* For so long after its last Announce a node without leader counts as being there: some of its announcements, which the
 * nodes around pace together, may be lost. */
static const usec_t recent_us = 3 * USEC_PER_SEC;
static const usec_t promise_max_us = PROMISE_MAX_MS * USEC_PER_MS;

/* It has neither a seat nor voted for any: its numbers are of quorum = none, or of a former id. */
static bool is_new_to_votes(const struct core *core) {
    return !roster_is_known(&core->saved.roster) && !roster_is_known(&core->saved.pin);
}

/* They are used up all the same. */
static void skip_epochs(struct core *core) {
    uint64_t top = node_top(core), block = core->saved.epoch_block;
    uint64_t reserved = is_new_to_votes(core) && block > EPOCH_BLOCK ? block - EPOCH_BLOCK : 0;
    uint64_t used = reserved > top ? reserved : top;

    if (used > 0)
        node_set_vote(core, used, &core->saved.id);
}

/* A token comes with its seats before anything is promised by it (MAJ-13). So one above those that are known binds
 * nobody: it is of quorum = none, or of a leader that the node has only just heard. */
static bool has_token_of_none(const struct core *core) {
    return core->saved.own.epoch > core->saved.roster.epoch;
}

static void forget_token_of_none(struct core *core) {
    if (is_new_to_votes(core))
        core->saved.granted_epoch = 0;
    core->saved.own = (struct token){0};
}

void voter_begin(struct core *core) {
    if (!core->majority)
        return;
    core->voter.abstains_until = core->now + core->saved.promise_max;
    if (is_new_to_votes(core) || has_token_of_none(core))
        skip_epochs(core);
    if (has_token_of_none(core))
        forget_token_of_none(core);
}

usec_t voter_free_at(const struct core *core) {
    return max_i64(core->voter.promised_until, core->voter.abstains_until);
}

usec_t voter_waits(const struct core *core) {
    return max_i64(voter_free_at(core) - core->now, 0);
}

bool voter_may_have_seat(const struct core *core) {
    const struct wire_roster *roster = &core->saved.roster;

    return !core->majority || !roster_is_known(roster) || roster_has(roster, &core->saved.id);
}

/* Nodes that say of themselves that they are in the same situation. */
static bool is_founder(const struct core *core, const struct heard *heard) {
    return heard->announced && heard->fresh && heard->votes && core->now - heard->at < recent_us;
}

/* A node that is there, but knows seats already or goes by another policy: its cluster is to be found, not another one
 * to be founded beside it. */
static bool has_a_cluster(const struct core *core, const struct heard *heard) {
    return heard->announced && !(heard->fresh && heard->votes) && core->now - heard->at < recent_us;
}

unsigned voter_founders(const struct core *core) {
    unsigned count = 1;

    for (unsigned i = 0; i < core->heard.count; i++)
        count += is_founder(core, &core->heard.list[i]);
    return count;
}

/* MAJ-12: R, of exactly N nodes, if they are all there and nobody else is. */
static bool assemble(const struct core *core, struct wire_roster *ret) {
    *ret = (struct wire_roster){.expect = core->expect};
    if (voter_founders(core) != core->expect)
        return false;
    roster_add(ret, &core->saved.id);
    for (unsigned i = 0; i < core->heard.count; i++) {
        if (has_a_cluster(core, &core->heard.list[i]))
            return false;
        if (is_founder(core, &core->heard.list[i]))
            roster_add(ret, &core->heard.list[i].contact.id);
    }
    return ret->count == ret->expect;
}

static bool may_found(const struct core *core) {
    const struct wire_roster *pin = &core->saved.pin;
    struct wire_roster seats;

    return assemble(core, &seats) && (!roster_is_known(pin) || roster_same_seats(pin, &seats));
}

bool voter_may_stand(const struct core *core) {
    if (!core->majority)
        return true;
    if (core->now < voter_free_at(core))
        return false;
    return roster_is_known(&core->saved.roster) ? voter_may_have_seat(core) : may_found(core);
}

static void make_durable(struct core *core) {
    if (core->undurable)
        emit_persist(core, true);
}

static void bind(struct core *core, const struct wire_roster *seats) {
    core->undurable |= !roster_same_seats(&core->saved.pin, seats);
    core->saved.pin = *seats;
}

void voter_stand(struct core *core) {
    struct wire_roster seats;

    if (!core->majority)
        return;
    if (voter_founds(core) && assemble(core, &seats))
        bind(core, &seats);
    make_durable(core);
    core->voter.stood_epoch = core->election.epoch;
    core->voter.stood_by = *voter_seats(core);
}

bool voter_founds(const struct core *core) {
    return core->majority && !roster_is_known(&core->saved.roster);
}

const struct wire_roster *voter_seats(const struct core *core) {
    return voter_founds(core) ? &core->saved.pin : &core->saved.roster;
}

/* To go on in it asks for the same votes once more. Not in an epoch in which it has led: that has changed its seats. */
static bool may_go_on(const struct core *core) {
    const struct voter *voter = &core->voter;
    const struct wire_roster *seats = voter_seats(core);
    bool mine = voter->stood_epoch == node_top(core) && node_is(core, &core->saved.voted);

    return mine && voter->heard_epoch < voter->stood_epoch && roster_compare(&voter->stood_by, seats) == 0
           && roster_same_seats(&voter->stood_by, seats);
}

uint64_t voter_epoch(struct core *core) {
    uint64_t top = node_top(core), heard = core->voter.heard_epoch;

    return may_go_on(core) ? top : node_take_epoch(core, heard > top ? heard : top);
}

void voter_hear_epoch(struct core *core, uint64_t epoch) {
    if (epoch > core->voter.heard_epoch)
        core->voter.heard_epoch = epoch;
}

unsigned voter_needed(const struct core *core) {
    if (voter_founds(core))
        return core->expect;
    return roster_quorum(&core->saved.roster);
}

enum rank voter_rank(const struct core *core, const struct wire_roster *a, const struct wire_roster *b) {
    int order = core->majority ? roster_compare(a, b) : 0;

    if (order == 0)
        return RANK_SAME;
    return order > 0 ? RANK_SENIOR : RANK_JUNIOR;
}

/* MAJ-12: of a bootstrap all nodes must vote, and each of them for one roster only, for ever. */
static bool joins_founders(const struct core *core, const struct wire_roster *seats) {
    const struct wire_roster *pin = &core->saved.pin;
    bool complete = seats->expect == core->expect && seats->count == seats->expect;

    return voter_founds(core) && complete && (!roster_is_known(pin) || roster_same_seats(pin, seats));
}

/* MAJ-3: a roster that I know nothing newer than. */
static bool accepts_seats(const struct core *core, const struct wire_roster *seats) {
    const struct wire_roster *mine = &core->saved.roster;

    return !roster_is_known(mine) || (roster_compare(seats, mine) >= 0 && seats->expect == mine->expect);
}

static bool accepts_roster(const struct core *core, const struct candidate *candidate) {
    const struct wire_roster *seats = &candidate->seats;

    if (!roster_has(seats, &candidate->contact.id) || !roster_has(seats, &core->saved.id))
        return false;
    return candidate->bootstrap ? joins_founders(core, seats) : accepts_seats(core, seats);
}

/* At most one id in an epoch, and none in one that is past. */
static bool accepts_epoch(const struct core *core, const struct candidate *candidate) {
    uint64_t top = node_top(core);
    bool voted = core->saved.vote_epoch == candidate->epoch && !node_id_is_none(&core->saved.voted);
    bool same = node_id_equal(&core->saved.voted, &candidate->contact.id);

    return candidate->epoch > top || (candidate->epoch == top && (!voted || same));
}

enum core_refusal voter_objection(const struct core *core, const struct candidate *candidate) {
    if (!core->majority)
        return REFUSAL_END;
    if (core->now < voter_free_at(core))
        return REFUSAL_PROMISED;
    if (!accepts_roster(core, candidate))
        return REFUSAL_ROSTER;
    return accepts_epoch(core, candidate) ? REFUSAL_END : REFUSAL_VOTED;
}

void voter_vote(struct core *core, const struct candidate *candidate) {
    if (!core->majority)
        return;
    if (candidate->bootstrap)
        bind(core, &candidate->seats);
    make_durable(core);
}

void voter_set_roster(struct core *core, const struct wire_roster *roster) {
    bool same_seats = roster_same_seats(&core->saved.roster, roster);

    core->saved.roster = *roster;
    core->saved.pin = (struct wire_roster){0};
    core->dirty = true;
    core->undurable = true;
    if (!same_seats)
        emit_notice(core, NOTICE_ROSTER, REASON_NONE)->token = core->saved.own;
}

void voter_learn_roster(struct core *core, const struct wire_roster *roster) {
    if (roster_compare(roster, &core->saved.roster) > 0)
        voter_set_roster(core, roster);
}

static bool is_bound(const struct core *core) {
    return core->saved.granted_epoch > core->saved.own.epoch;
}

bool voter_is_durable(const struct core *core) {
    return core->writable && !core->undurable;
}

bool voter_stands_by_seats(const struct core *core) {
    return voter_is_durable(core) && !is_bound(core);
}

void voter_promise(struct core *core, const struct token *to, usec_t until) {
    core->voter.promised_until = max_i64(core->voter.promised_until, until);
    core->voter.promised_to = *to;
}

/* P_max counts after a restart, so it is on the disk before anybody can rely on a longer promise. */
static void remember_longest(struct core *core, usec_t promise) {
    if (promise <= core->saved.promise_max)
        return;
    core->saved.promise_max = promise;
    core->dirty = true;
    core->undurable = true;
}

void voter_on_ack(struct core *core, const struct wire_message *message) {
    const struct wire_ack *ack = &message->ack;
    struct voter *voter = &core->voter;
    usec_t promise = clamp_i64(ack->promise, 0, promise_max_us);
    bool first = voter->echo_epoch != ack->epoch;

    if (!core->majority)
        return;
    voter->stood_epoch = 0; /* it does not go on with that candidacy: so its own vote binds it no longer */
    voter_learn_roster(core, &message->roster);
    if (is_bound(core) || !roster_has(&core->saved.roster, &core->saved.id) || !core->writable)
        return;
    remember_longest(core, promise);
    make_durable(core);
    voter_promise(core, &core->saved.own, core->now + promise);
    voter->echo = first ? ack->timestamp : max_i64(voter->echo, ack->timestamp);
    voter->echo_epoch = ack->epoch;
    if (first && !core->exchange.open)
        timer_set(core, TIMER_HEARTBEAT, core->now);
}

int64_t voter_echo(const struct core *core) {
    return voter_is_durable(core) && core->voter.echo_epoch == core->saved.own.epoch ? core->voter.echo : 0;
}

/* Who waits for the end of the promise need not any longer. */
static void free_at_once(struct core *core) {
    usec_t waits = voter_waits(core);

    if (waits > 0)
        return;
    if (timer_is_set(core, TIMER_VOTE))
        timer_set(core, TIMER_VOTE, core->now);
    election_hold_again(core);
}

void voter_release(struct core *core, const struct token *token) {
    if (!core->majority)
        return;
    core->voter.released = *token;
    if (!token_equal(token, &core->voter.promised_to) || core->voter.promised_until <= core->now)
        return;
    core->voter.promised_until = core->now;
    free_at_once(core);
}

unsigned voter_present(const struct core *core, usec_t now) {
    const struct wire_roster *roster = &core->saved.roster;
    unsigned count = roster_has(roster, &core->saved.id);

    for (unsigned i = 0; i < core->heard.count; i++) {
        const struct heard *heard = &core->heard.list[i];
        count += now - heard->at < recent_us && roster_has(roster, &heard->contact.id);
    }
    return count;
}

void voter_abstain(struct core *core) {
    if (core->majority)
        core->voter.abstains_until = max_i64(core->voter.abstains_until, core->now + core->saved.promise_max);
}

bool voter_same_policy(struct core *core, const struct wire_message *message) {
    bool same = message->has_roster == core->majority;

    if (!same)
        node_refuse(core, REFUSAL_OTHER_QUORUM);
    return same;
}
