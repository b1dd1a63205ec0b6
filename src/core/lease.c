/* SPDX-License-Identifier: ISC
 *
 * lease.c - see lease.h.
 */
#include "core/lease.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/leadership.h"
#include "core/roster.h"
#include "core/voter.h"

#include <string.h>

usec_t lease_promise(const struct core *core) {
    return core->lease.promise;
}

usec_t lease_voter_interval(const struct core *core) {
    return params_voter_interval(core->lease.promise);
}

/* D. */
static usec_t duration(const struct core *core) {
    return params_lease(core->lease.promise);
}

/* The newest of that node that counts; 0 if there is none, and for this node. */
static usec_t echo_of(const struct core *core, const struct node_id *id) {
    unsigned place = roster_place(&core->saved.roster, id);

    return place < ROSTER_MAX && !node_is(core, id) ? core->lease.seats[place].echo : 0;
}

/* Of the echoes of the other seats of that roster the (Q-1)th newest; 0 if there are not so many. */
static usec_t deciding_echo(const struct core *core, const struct wire_roster *roster) {
    unsigned needed = roster_quorum(roster) - 1;

    for (unsigned i = 0; i < roster->count; i++) {
        usec_t echo = echo_of(core, &roster->ids[i]);
        unsigned not_older = 0;
        for (unsigned k = 0; k < roster->count; k++) {
            usec_t other = echo_of(core, &roster->ids[k]);
            not_older += other > echo || (other == echo && k <= i);
        }
        if (not_older == needed)
            return echo;
    }
    return 0;
}

/* The end of the lease that the seats of that roster make. */
static usec_t end_by(const struct core *core, const struct wire_roster *roster) {
    usec_t echo;

    if (roster_quorum(roster) == 1)
        return USEC_NEVER;
    echo = deciding_echo(core, roster);
    return echo == 0 ? 0 : echo + duration(core);
}

/* The end of the lease itself: by the seats that there are, or as it was when one was taken away. */
static usec_t end(const struct core *core) {
    return max_i64(end_by(core, &core->saved.roster), core->lease.kept_until);
}

usec_t lease_until(const struct core *core) {
    usec_t at = end(core);

    return at == USEC_NEVER ? at : max_i64(at - core->lease.margin, 0);
}

bool lease_told(const struct core *core) {
    return !core->majority || core->lease.told;
}

bool lease_holds(const struct core *core, usec_t now) {
    return !core->majority || (core->lease.told && now < lease_until(core));
}

unsigned lease_votes(const struct core *core, usec_t now) {
    const struct wire_roster *roster = &core->saved.roster;
    unsigned votes = 0;

    for (unsigned i = 0; i < roster->count; i++) {
        usec_t echo = core->lease.seats[i].echo;
        votes += node_is(core, &roster->ids[i]) || (echo != 0 && now < echo + duration(core));
    }
    return votes;
}

/* What was heard of each seat stays with its node. The lease that was told stays, too: whoever has lost its seat keeps
 * its promise, and those that are left are too few without it, until a spare joins them (lease_fill_seat()). */
static void change_roster(struct core *core, const struct wire_roster *roster) {
    const struct wire_roster before = core->saved.roster;
    struct seat seats[ROSTER_MAX] = {{0}};

    for (unsigned i = 0; i < roster->count; i++) {
        unsigned place = roster_place(&before, &roster->ids[i]);
        if (place < ROSTER_MAX)
            seats[i] = core->lease.seats[place];
    }
    core->lease.kept_until = end(core);
    memcpy(core->lease.seats, seats, sizeof(seats));
    voter_set_roster(core, roster);
}

static void become_valid(struct core *core) {
    struct lease *lease = &core->lease;

    lease->told = true;
    emit_leadership(core, NOTICE_LEADER, lease->reason);
    lease->reason = REASON_LEASE;
}

/* After an echo: the lease may have begun, or lasts longer. */
static void renew(struct core *core) {
    usec_t until = lease_until(core);

    if (core->now >= until || core->leadership.departure != STAYING)
        return;
    if (!core->lease.told)
        become_valid(core);
    timer_set(core, TIMER_LEASE, until);
}

void lease_begin(struct core *core, enum reason reason) {
    struct wire_roster roster = *voter_seats(core);

    core->lease = (struct lease){
        .promise = params_promise(&core->rule),
        .margin = core->rule.stop_margin,
        .reason = reason,
        .lost_at = core->now,
        .echoes_from = core->now,
    };
    roster.epoch = core->saved.own.epoch;
    roster.change = 0;
    voter_set_roster(core, &roster);
    core->saved.promise_max = max_i64(core->saved.promise_max, core->lease.promise);
    emit_persist(core, true);
    timer_after(core, TIMER_LEASE, params_recovery(core->lease.promise));
    renew(core);
}

/* MAJ-7: holders of work stop, and who asks is told that nobody leads. */
static void lose(struct core *core) {
    core->lease.lost_at = core->now;
    if (core->leadership.departure == STAYING && core->lease.told) {
        emit_leadership(core, NOTICE_NO_LEADER, REASON_LEASE);
        emit_action(core, ACTION_STOP_WORK);
    }
    core->lease.told = false;
    timer_after(core, TIMER_LEASE, params_recovery(core->lease.promise));
}

void lease_due(struct core *core) {
    usec_t until = lease_until(core);
    bool lasts = core->now < until;

    if (core->lease.told && !lasts) {
        lose(core);
    } else if (lasts && until != USEC_NEVER) {
        timer_set(core, TIMER_LEASE, until);
    } else if (!lasts && core->leadership.resigned_epoch == 0) { /* else its end is near (HAND-3) */
        leadership_end(core, REASON_LEASE);
        discovery_begin(core);
    }
}

void lease_void(struct core *core) {
    core->lease.echoes_from = core->now;
    core->lease.kept_until = 0;
    for (unsigned i = 0; i < ROSTER_MAX; i++)
        core->lease.seats[i].echo = 0;
    if (lease_until(core) == 0 && core->lease.told)
        lose(core);
}

/* MAJ-6: only of an Ack of this term that was sent, and by the clock as it is now. */
static void take_echo(struct core *core, struct seat *seat, int64_t echo) {
    if (echo == 0)
        return;
    if (echo > core->now || echo < core->lease.echoes_from)
        node_refuse(core, REFUSAL_ECHO);
    else
        seat->echo = max_i64(seat->echo, echo);
}

void lease_on_heartbeat(struct core *core, const struct wire_heartbeat *heartbeat) {
    unsigned place = roster_place(&core->saved.roster, &core->source.id);
    struct seat *seat = &core->lease.seats[place < ROSTER_MAX ? place : 0];

    if (place == ROSTER_MAX || heartbeat->epoch != core->saved.own.epoch)
        return;
    seat->roster_epoch = heartbeat->roster_epoch;
    seat->roster_change = heartbeat->roster_change;
    take_echo(core, seat, heartbeat->echo);
    renew(core);
}

/* What the voters have promised lasts P from the Ack that the lease counts from, at the longest by D less. */
void lease_end(struct core *core) {
    usec_t until = end(core);

    if (core->leadership.released)
        return;
    if (until == USEC_NEVER)
        until = core->now;
    voter_promise(core, &core->saved.own, until + core->lease.promise - duration(core));
}

static bool knows(const struct core *core, unsigned place) {
    const struct wire_roster *roster = &core->saved.roster;
    const struct seat *seat = &core->lease.seats[place];

    return seat->roster_epoch == roster->epoch && seat->roster_change == roster->change;
}

bool lease_may_take_over(const struct core *core, const struct node_id *id) {
    unsigned place = roster_place(&core->saved.roster, id);

    return !core->majority || (place < ROSTER_MAX && knows(core, place));
}

/* Members, this one included, that have the present roster. */
static unsigned knowing(const struct core *core) {
    const struct wire_roster *roster = &core->saved.roster;
    unsigned count = 0;

    for (unsigned i = 0; i < roster->count; i++)
        count += node_is(core, &roster->ids[i]) || knows(core, i);
    return count;
}

/* As long as the leader could forget the present seats nobody may rely on them. */
static bool seats_are_settled(const struct core *core) {
    return voter_is_durable(core) && knowing(core) >= roster_quorum(&core->saved.roster);
}

/* The next version, durable before anybody is told of it. */
static void publish(struct core *core, struct wire_roster *roster) {
    roster->change++;
    change_roster(core, roster);
    emit_persist(core, true);
    leadership_announce_anew(core);
}

enum retire_outcome lease_retire(struct core *core, const struct node_id *id) {
    struct wire_roster roster = core->saved.roster;

    if (!core->majority || !node_leads(core))
        return RETIRE_NOT_LEADER;
    if (!roster_has(&roster, id))
        return RETIRE_NO_SEAT;
    if (node_is(core, id))
        return RETIRE_OWN_SEAT;
    if (!seats_are_settled(core) || roster.count < roster.expect)
        return RETIRE_UNSETTLED;
    roster_remove(&roster, id);
    if (end_by(core, &roster) <= core->now)
        return RETIRE_NEEDED;
    core->lease.retired[core->lease.retirements++ % ROSTER_MAX] = *id;
    publish(core, &roster);
    return RETIRE_DONE;
}

static bool was_retired(const struct core *core, const struct node_id *id) {
    for (unsigned i = 0; i < ROSTER_MAX; i++)
        if (node_id_equal(&core->lease.retired[i], id))
            return true;
    return false;
}

/* It has beaten lately, and nobody has just taken its seat away. */
static bool is_spare(const struct core *core, const struct member *member) {
    usec_t silent = core->now - member->heard_at;
    bool lives = silent < 2 * params_interval(&core->rule, core->table.count + 1);

    return lives && !roster_has(&core->saved.roster, &member->id) && !was_retired(core, &member->id);
}

/* The eldest, eligible or not: a witness has a seat as well. */
static const struct member *next_spare(const struct core *core) {
    const struct member *best = NULL;

    for (uint32_t i = 0; i < core->table.count; i++) {
        const struct member *member = &core->table.list[i];
        if (is_spare(core, member) && (best == NULL || member->birth < best->birth))
            best = member;
    }
    return best;
}

void lease_fill_seat(struct core *core) {
    struct wire_roster roster = core->saved.roster;
    const struct member *spare;

    if (!core->majority || !node_leads(core) || roster.count == roster.expect || !seats_are_settled(core))
        return;
    spare = next_spare(core);
    if (spare == NULL)
        return;
    if (end_by(core, &roster) < end(core)) /* it rests on the promise of one that has lost its seat */
        return;
    roster_add(&roster, &spare->id);
    publish(core, &roster);
}
