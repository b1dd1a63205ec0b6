/* SPDX-License-Identifier: ISC
 *
 * handover.c - see handover.h.
 */
#include "core/handover.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/election.h"
#include "core/follow.h"
#include "core/leadership.h"
#include "core/lease.h"
#include "core/merge.h"
#include "core/suspicion.h"
#include "core/voter.h"

#include <string.h>

enum { PREEMPT_AFTER_US = 30000000 };

static struct contact contact_of(const struct member *member) {
    return (struct contact){member->id, member->address, member->boot_nonce};
}

/* Rank 0 of those that can take it; none if there is nobody. */
static struct contact next_in_line(struct core *core) {
    const struct wire_successors *seniors = leadership_seniors(core);

    for (unsigned i = 0; i < seniors->count; i++) {
        const struct member *member = member_find(&core->table, &seniors->list[i].id);
        if (member != NULL && lease_may_take_over(core, &member->id))
            return contact_of(member);
    }
    return (struct contact){0};
}

/* HAND-1: the work stops first; Resign is sent when it has. */
static void begin(struct core *core, enum departure departure, const struct contact *successor) {
    struct leadership *leadership = &core->leadership;

    leadership->departure = departure;
    leadership->successor = *successor;
    leadership->unconfirmed = false;
    merge_forget(core);
    emit_action(core, ACTION_STOP_WORK);
    if (lease_told(core))
        emit_leadership(core, NOTICE_NO_LEADER, REASON_RESIGN);
}

/* A leader of some milliseconds does not know its members yet: they are about to register (ELEC-16). */
static bool waits_for_members(struct core *core, enum departure wish) {
    struct leadership *leadership = &core->leadership;
    usec_t registered_at = leadership->since + params_registration_max(&core->rule, 2) + 2 * params_floor(&core->rule);
    bool waits = core->table.count == 0 && core->now < registered_at;

    if (waits) {
        leadership->wish = wish;
        timer_set(core, TIMER_RESIGN, registered_at);
    }
    return waits;
}

void handover_on_wish(struct core *core) {
    if (core->leadership.wish != STAYING)
        timer_set(core, TIMER_RESIGN, core->now);
}

static void resign(struct core *core) {
    const struct contact successor = next_in_line(core);

    if (!node_id_is_none(&successor.id))
        begin(core, LEAVING_BY_RESIGN, &successor);
    else if (!waits_for_members(core, LEAVING_BY_RESIGN))
        emit_resigned(core, RESIGN_NOBODY);
}

/* It may still lead, and asks whether it does: the answer waits for that (GAP-3). */
static bool is_about_to_know(const struct core *core) {
    return core->phase == PHASE_LEADING && core->leadership.unconfirmed && core->leadership.departure == STAYING;
}

void handover_on_resign_wanted(struct core *core) {
    bool under_way = core->phase == PHASE_LEADING && core->leadership.departure == LEAVING_BY_RESIGN;

    if (node_leads(core))
        resign(core);
    else if (is_about_to_know(core))
        core->leadership.wish = LEAVING_BY_RESIGN;
    else if (!under_way)
        emit_resigned(core, RESIGN_NOT_LEADER);
}

/* The work is being stopped for another reason already. Who was to yield in a merge hands over like anybody else; that
 * its work has stopped may have been told, and forgotten with the merge, in a pause: it asks again. */
static void stop_instead(struct core *core) {
    struct leadership *leadership = &core->leadership;

    if (leadership->departure == LEAVING_BY_MERGE) {
        leadership->successor = next_in_line(core);
        merge_forget(core);
        emit_action(core, ACTION_STOP_WORK);
    }
    leadership->departure = LEAVING_BY_STOP;
}

void handover_on_stop_wanted(struct core *core) {
    core->stopping = true;
    if (core->phase != PHASE_LEADING) {
        emit_action(core, ACTION_STOPPED);
    } else if (core->leadership.departure != STAYING) {
        stop_instead(core);
    } else if (!waits_for_members(core, LEAVING_BY_STOP)) {
        const struct contact successor = next_in_line(core);
        begin(core, LEAVING_BY_STOP, &successor);
    }
}

/* The members have had their time to register. */
static void fulfil_wish(struct core *core) {
    enum departure wish = core->leadership.wish;

    core->leadership.wish = STAYING;
    if (wish == LEAVING_BY_STOP)
        handover_on_stop_wanted(core);
    else if (wish == LEAVING_BY_CONFIG)
        handover_of_ineligible(core);
    else
        handover_on_resign_wanted(core);
}

void handover_of_ineligible(struct core *core) {
    const struct contact successor = next_in_line(core);

    if (core->facts.eligible || !node_leads(core) || core->leadership.wish != STAYING)
        return;
    if (!waits_for_members(core, LEAVING_BY_CONFIG))
        begin(core, LEAVING_BY_CONFIG, &successor);
}

/* HAND-4: a member of higher priority than mine that means this leadership. */
static bool may_preempt(const struct core *core, const struct member *member, uint64_t epoch) {
    bool able = member != NULL && member->facts.eligible && lease_may_take_over(core, &member->id);

    return able && epoch == core->saved.own.epoch && member->facts.priority > core->leadership.key.priority;
}

void handover_on_request(struct core *core, const struct wire_handover_request *request) {
    struct member *member = member_find(&core->table, &core->source.id);

    if (!node_leads(core))
        return;
    if (!may_preempt(core, member, request->epoch)) {
        node_refuse(core, REFUSAL_HANDOVER);
        return;
    }
    const struct contact successor = contact_of(member);
    begin(core, LEAVING_TO_PREEMPT, &successor);
}

static void send_resign(struct core *core) {
    const struct leadership *leadership = &core->leadership;
    struct send *send = emit_multicast(core, WIRE_RESIGN);

    send_add(send, &leadership->successor);
    send->message.resign = (struct wire_resign){
        .epoch = leadership->resigned_epoch,
        .successor = leadership->successor.id,
        .birth = core->birth,
        .released = core->leadership.released,
    };
    timer_after(core, TIMER_RESIGN, params_resign_interval(&core->rule));
}

/* A wish that waited for members is overtaken by the departure that has begun meanwhile: both wait for one timer. */
static void drop_wish(struct core *core) {
    struct leadership *leadership = &core->leadership;

    if (leadership->wish == LEAVING_BY_RESIGN && leadership->departure != LEAVING_BY_RESIGN)
        emit_resigned(core, RESIGN_DONE);
    leadership->wish = STAYING;
}

static void begin_resign(struct core *core, bool released) {
    struct leadership *leadership = &core->leadership;

    drop_wish(core);
    core->born_at = core->now; /* the youngest from here on (MEMB-2) */
    core->birth = node_cluster_time(core);
    leadership->resigned_epoch = core->saved.own.epoch;
    leadership->resign_until = core->now + RESIGN_LIMIT_US;
    leadership->released = released;
    send_resign(core);
    if (leadership->departure == LEAVING_BY_STOP && core->table.count == 0)
        emit_action(core, ACTION_STOPPED);
}

void handover_on_work_stopped(struct core *core, bool released) {
    const struct leadership *leadership = &core->leadership;

    if (core->phase == PHASE_LEADING && leadership->departure == LEAVING_BY_MERGE)
        merge_on_work_stopped(core);
    else if (core->phase == PHASE_LEADING && leadership->departure != STAYING && leadership->resigned_epoch == 0)
        begin_resign(core, released);
    if (core->phase != PHASE_LEADING && core->stopping) /* it lost the leadership while it was stopping */
        emit_action(core, ACTION_STOPPED);
}

void handover_overtaken(struct core *core, enum resign_outcome outcome) {
    struct leadership *leadership = &core->leadership;

    if (leadership->departure == LEAVING_BY_RESIGN || leadership->wish == LEAVING_BY_RESIGN)
        emit_resigned(core, outcome);
    leadership->departure = STAYING;
    leadership->wish = STAYING;
}

static void report(struct core *core, enum departure departure, enum resign_outcome outcome) {
    if (departure == LEAVING_BY_RESIGN)
        emit_resigned(core, outcome);
    else if (departure == LEAVING_BY_STOP)
        emit_action(core, ACTION_STOPPED);
}

void handover_done(struct core *core, const struct token *successor) {
    enum departure departure = core->leadership.departure;

    follow(core, &core->source, successor, REASON_RESIGN);
    report(core, departure, RESIGN_DONE);
}

/* Who slept since it resigned may have missed who took over. */
static bool has_listened(const struct core *core) {
    const struct leadership *leadership = &core->leadership;

    return leadership->woke_at <= leadership->resign_until - RESIGN_LIMIT_US;
}

void handover_resign_due(struct core *core) {
    enum departure departure = core->leadership.departure;

    if (core->leadership.wish != STAYING) {
        fulfil_wish(core);
        return;
    }
    if (core->now < core->leadership.resign_until) {
        send_resign(core);
        return;
    }
    if (node_may_stand(core) && has_listened(core) && !core->majority) /* HAND-3: nobody took it */
        leadership_begin(core, node_top(core), REASON_RESIGN);
    else
        discovery_begin(core);
    report(core, departure, RESIGN_NOBODY);
}

void handover_on_election(struct core *core, const struct candidate *candidate) {
    if (candidate->dead.epoch != core->leadership.resigned_epoch || !node_is(core, &candidate->dead.leader))
        return;
    if (!core->writable) { /* START-1 */
        node_refuse(core, REFUSAL_NOT_WRITABLE);
        return;
    }
    if (core->majority && !core->leadership.released) /* MAJ-1: its own promise lasts as long as the others' */
        node_refuse(core, REFUSAL_PROMISED);
    else
        election_vote(core, candidate);
}

/* HAND-7: only the leadership that is named has ended. */
static bool names_my_leader(const struct core *core, const struct token *token) {
    return core->phase == PHASE_FOLLOWING && token_equal(token, &core->saved.own);
}

/* HAND-1: who took over tells it to a resigner that has not heard it. */
void handover_on_resign(struct core *core, const struct wire_resign *resign) {
    const struct token token = {resign->epoch, core->source.id};

    if (leadership_in_office(core) && resign->epoch < core->saved.own.epoch)
        leadership_tell(core, &core->source);
    if (resign->released)
        voter_release(core, &token);
    if (!names_my_leader(core, &token))
        return;
    core->following.successor = resign->successor;
    suspicion_verdict(core, REASON_RESIGN);
}

void handover_on_farewell(struct core *core, const struct wire_farewell *farewell) {
    if (farewell->released)
        voter_release(core, &farewell->leader);
    if (names_my_leader(core, &farewell->leader))
        suspicion_verdict(core, REASON_FAREWELL);
}

void handover_plan_preempt(struct core *core) {
    if (core->preempt && core->phase == PHASE_FOLLOWING)
        timer_set(core, TIMER_PREEMPT, max_i64(core->following.joined_at + PREEMPT_AFTER_US, core->now));
    else
        timer_stop(core, TIMER_PREEMPT);
}

void handover_preempt_due(struct core *core) {
    struct wire_message *message;

    timer_after(core, TIMER_PREEMPT, PREEMPT_AFTER_US);
    if (!node_may_stand(core) || core->facts.priority <= core->following.priority)
        return;
    message = &emit_unicast(core, WIRE_HANDOVER_REQUEST, &core->following.leader)->message;
    message->handover_request = (struct wire_handover_request){core->saved.own.epoch, node_key(core)};
}
