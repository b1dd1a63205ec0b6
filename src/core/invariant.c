/* SPDX-License-Identifier: ISC
 *
 * invariant.c - what is true of a node after every step, one function a sentence. For tests and the simulator.
 */
#include "base/util.h"
#include "core/lease.h"
#include "core/node.h"
#include "core/roster.h"
#include "core/voter.h"

#include <stddef.h>

static const char *check_leading(const struct core *core) {
    if (core->phase != PHASE_LEADING)
        return NULL;
    if (!node_is(core, &core->saved.own.leader))
        return "it leads, but its newest token is another node's";
    if (core->saved.own.epoch > core->saved.epoch_block)
        return "it leads with an epoch that is not reserved on disk";
    if (!core->has_birth || core->timeline == 0)
        return "it leads without a timeline";
    if (core->links == 0)
        return "it leads without any interface";
    if (core->timers[TIMER_GAP] == USEC_NEVER)
        return "it leads without watching for its own pauses";
    return NULL;
}

static const char *check_following(const struct core *core) {
    if (core->phase != PHASE_FOLLOWING)
        return core->suspicion.active ? "it suspects a leader that it does not follow" : NULL;
    if (node_is(core, &core->saved.own.leader))
        return "it follows itself";
    if (!node_id_equal(&core->following.leader.id, &core->saved.own.leader))
        return "its leader and its newest token differ";
    if (core->timers[TIMER_HEARTBEAT] == USEC_NEVER && core->timers[TIMER_RETRY] == USEC_NEVER)
        return "it follows, but no heartbeat is planned";
    return NULL;
}

static const char *check_waiting(const struct core *core) {
    bool standing = core->phase == PHASE_STANDING;
    bool bereft = core->phase == PHASE_BEREFT;

    if (core->phase == PHASE_SEEKING && core->links > 0 && core->timers[TIMER_ALONE] == USEC_NEVER)
        return "it seeks a leader without end";
    if (standing && core->timers[TIMER_ROUND] == USEC_NEVER)
        return "it stands without ever repeating its Election";
    if (standing && core->election.epoch > core->saved.epoch_block)
        return "it stands with an epoch that is not reserved on disk";
    if (bereft && core->timers[TIMER_WINDOW] == USEC_NEVER)
        return "it waits for a leader without end";
    if (core->phase == PHASE_ISOLATED && core->timers[TIMER_WINDOW] == USEC_NEVER)
        return "it is isolated without end";
    if (core->phase == PHASE_HEARD_ONE_WAY && core->timers[TIMER_ISOLATED] == USEC_NEVER)
        return "it hears a leader one-way and asks nobody";
    return NULL;
}

/* quorum = majority. */
static const char *check_seats(const struct core *core) {
    const struct wire_roster *roster = &core->saved.roster;
    bool leads = core->phase == PHASE_LEADING;

    if (!core->majority)
        return roster_is_known(&core->voter.stood_by) ? "it stands by seats that do not count" : NULL;
    if (roster->count > roster->expect || roster->expect > ROSTER_MAX)
        return "it knows more seats than there are";
    if (leads && (!roster_has(roster, &core->saved.id) || roster->epoch != core->saved.own.epoch))
        return "it leads without a seat on a roster of its own";
    if (leads && lease_until(core) != USEC_NEVER && core->leadership.resigned_epoch == 0
        && core->timers[TIMER_LEASE] == USEC_NEVER)
        return "it leads without watching its lease";
    if (leads && core->saved.promise_max < core->lease.promise)
        return "it takes longer promises than it would keep after a restart";
    if (core->phase == PHASE_STANDING && !roster_has(voter_seats(core), &core->saved.id))
        return "it stands without a seat";
    return NULL;
}

static const char *check_numbers(const struct core *core) {
    if (core->saved.own.epoch > WIRE_EPOCH_MAX || core->saved.vote_epoch > WIRE_EPOCH_MAX
        || core->saved.epoch_block > WIRE_EPOCH_MAX)
        return "an epoch is above the ceiling";
    if (core->saved.granted_epoch > core->saved.vote_epoch)
        return "it has voted for another in an epoch above that of its vote";
    if (node_id_is_none(&core->saved.id))
        return "it has no id";
    if (core->quality.loss < LOSS_MIN || core->quality.loss > LOSS_MAX)
        return "the measured loss is out of its range";
    if (core->heard.count > HEARD_MAX || core->election.heard_count > CANDIDATES_MAX
        || core->election.votes > VOTERS_MAX || core->merging.count > MERGES_MAX)
        return "a list is longer than its bound";
    return NULL;
}

const char *core_check(const struct core *core) {
    static const char *(*const checks[])(const struct core *) = {
        check_leading,
        check_following,
        check_waiting,
        check_seats,
        check_numbers,
    };
    const char *broken = member_table_check(&core->table);

    for (unsigned i = 0; i < ARRAY_SIZE(checks) && broken == NULL; i++)
        broken = checks[i](core);
    return broken;
}
