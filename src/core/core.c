/* SPDX-License-Identifier: ISC
 *
 * core.c - the door: one function for each event, one table for the messages, one for the timers.
 *
 * Timers fire only on EVENT_DEADLINE. The caller hands in every datagram that waits before it says that the deadline
 * has come, so that after a stall nobody is given up whose answer is already there (SUSP-13).
 */
#include "core/core.h"
#include "base/util.h"
#include "core/clone.h"
#include "core/discovery.h"
#include "core/election.h"
#include "core/exchange.h"
#include "core/follow.h"
#include "core/handover.h"
#include "core/leadership.h"
#include "core/lease.h"
#include "core/merge.h"
#include "core/node.h"
#include "core/paging.h"
#include "core/suspicion.h"
#include "core/voter.h"

#include <assert.h>
#include <string.h>

static void (*const timer_due[TIMER_COUNT])(struct core *) = {
    [TIMER_ANNOUNCE] = discovery_announce_due,
    [TIMER_DISCOVERY] = discovery_over,
    [TIMER_OBJECTION] = discovery_objection_due,
    [TIMER_COLLECTION] = discovery_collected,
    [TIMER_ALONE] = discovery_alone_due,
    [TIMER_HEARTBEAT] = exchange_slot_due,
    [TIMER_RETRY] = exchange_unanswered,
    [TIMER_APPROACH] = follow_approach_due,
    [TIMER_PROBE] = suspicion_probe_due,
    [TIMER_VOUCH] = suspicion_vouch_due,
    [TIMER_ISOLATED] = suspicion_isolated_due,
    [TIMER_HOLD] = election_hold_over,
    [TIMER_VOTE] = election_vote_due,
    [TIMER_ROUND] = election_round_due,
    [TIMER_WINDOW] = suspicion_window_over,
    [TIMER_LEADER] = leadership_announce_due,
    [TIMER_GAP] = leadership_tick,
    [TIMER_MERGE] = merge_due,
    [TIMER_RESIGN] = handover_resign_due,
    [TIMER_EXPIRY] = leadership_expiry_due,
    [TIMER_PAGE] = paging_due,
    [TIMER_PREEMPT] = handover_preempt_due,
    [TIMER_LEASE] = lease_due,
};

/* The table of members stands behind the struct, aligned for any type. */
static size_t struct_size(void) {
    return (sizeof(struct core) + 15) / 16 * 16;
}

size_t core_size(uint32_t members_max) {
    return struct_size() + member_table_size(members_max);
}

struct core *core_init(void *memory, const struct core_config *config, usec_t now) {
    struct core *core = memory;

    memset(core, 0, sizeof(*core));
    member_table_init(&core->table, config->members_max, (uint8_t *)memory + struct_size());
    core->saved = config->state;
    core->majority = config->majority;
    core->expect = config->expect;
    if (!core->majority) /* else every epoch in use is on the disk */
        core->epoch_floor = config->state.epoch_block > EPOCH_BLOCK ? config->state.epoch_block - EPOCH_BLOCK : 0;
    core->epoch_reserved = config->state.epoch_block;
    core->reserving_since = now;
    core->fresh = config->fresh;
    core->writable = config->writable;
    core->preempt = config->preempt;
    core->boot_nonce = config->boot_nonce;
    core->port = config->port;
    core->facts = config->facts;
    core->timing = config->timing;
    core->rule = config->timing;
    core->quality.loss = LOSS_START;
    core->born_at = now;
    core->now = now;
    core->doubt.leader_heard_at = now - params_ack_window(&core->timing);
    core->stranger_at = now - USEC_PER_SEC;
    core->clone_answered_at = core->stale_answered_at = now - USEC_PER_SEC;
    core->id_taken_at = now - USEC_PER_SEC;
    rng_seed(&core->rng, config->seed);
    timer_stop_all(core);
    core->phase = PHASE_SEEKING;
    voter_begin(core);
    return core;
}

/* Messages. */

static void on_heartbeat(struct core *core, const struct wire_message *message, bool multicast) {
    if (core->phase != PHASE_LEADING)
        follow_on_heartbeat(core, &message->heartbeat, multicast);
    else if (multicast)
        leadership_on_question(core, &message->heartbeat);
    else
        leadership_on_heartbeat(core, message);
}

/* MAJ-10: two leaders of a majority cluster do not negotiate. */
static void on_merge(struct core *core, const struct wire_message *message) {
    if (core->majority)
        node_refuse(core, REFUSAL_OTHER_QUORUM);
    else if (message->header.type == WIRE_MERGE_REQUEST)
        merge_on_request(core, &message->merge_request);
    else
        merge_on_reply(core, &message->merge_reply);
}

static void dispatch(struct core *core, const struct wire_message *message, bool multicast) {
    switch (message->header.type) {
    case WIRE_ANNOUNCE:
        discovery_on_announce(core, message);
        break;
    case WIRE_ELECTION:
        election_on_election(core, message);
        break;
    case WIRE_LEADER_ELECTED:
        election_on_vote(core, &message->leader_elected);
        break;
    case WIRE_LEADER:
        follow_on_leader(core, message);
        break;
    case WIRE_HEARTBEAT:
        on_heartbeat(core, message, multicast);
        break;
    case WIRE_ACK:
        follow_on_ack(core, message);
        break;
    case WIRE_REDIRECT:
        follow_on_redirect(core, message);
        break;
    case WIRE_SUSPECT:
        suspicion_on_suspect(core, &message->suspect, multicast);
        break;
    case WIRE_VOUCH:
        suspicion_on_vouch(core, &message->vouch);
        break;
    case WIRE_RESIGN:
        handover_on_resign(core, &message->resign);
        break;
    case WIRE_MERGE_REQUEST:
    case WIRE_MERGE_REPLY:
        on_merge(core, message);
        break;
    case WIRE_HANDOVER_REQUEST:
        handover_on_request(core, &message->handover_request);
        break;
    case WIRE_PAGE:
        paging_on_page(core, &message->page);
        break;
    case WIRE_PAGE_REPLY:
        paging_on_reply(core, message);
        break;
    case WIRE_CHALLENGE: /* for keyed clusters */
        node_refuse(core, REFUSAL_CHALLENGE);
        break;
    default: /* Clone, Stale and Farewell were handled before */
        break;
    }
}

/* Notes the sender; false if it is a node that has gone back in time (MEMB-8). */
static bool note_sender(struct core *core, const struct wire_message *message, bool multicast) {
    const struct wire_header *header = &message->header;

    if (clone_is_stale(core, header, multicast)) {
        node_refuse(core, REFUSAL_STALE_SENDER);
        return false;
    }
    struct heard *heard = heard_note(&core->heard, &core->source, core->now);
    heard->incarnation = header->incarnation;
    if (message->name[0] != '\0')
        memcpy(heard->name, message->name, sizeof(heard->name));
    return true;
}

/* A datagram of another node than my leader, while I doubt that one (SUSP-10, SUSP-11). */
static void note_sign_of_life(struct core *core) {
    if (node_id_equal(&core->source.id, &core->saved.own.leader))
        return;
    core->suspicion.sign_of_life |= core->suspicion.active;
    if (core->phase == PHASE_ISOLATED)
        election_hold(core);
}

static void on_datagram(struct core *core, const struct event *event) {
    const struct wire_message *message = event->datagram.message;
    const struct wire_header *header = &message->header;

    core->source = (struct contact){header->sender, event->datagram.source, header->boot_nonce};
    if (core->links == 0 || (node_is(core, &header->sender) && header->boot_nonce == core->boot_nonce)) /* SEC-3 */
        return;
    if (header->type == WIRE_FAREWELL) { /* by a sentinel: its node, perhaps this one, may be back already (HAND-6) */
        handover_on_farewell(core, &message->farewell);
        return;
    }
    if (node_is(core, &header->sender)) {
        node_refuse(core, REFUSAL_OWN_ID);
        clone_on_own_id(core, message);
        return;
    }
    if (header->type == WIRE_STALE) { /* heeded from anybody: two that take each other for stale must not go on so */
        clone_on_stale(core, message);
        return;
    }
    if (!note_sender(core, message, event->datagram.multicast))
        return;
    note_sign_of_life(core);
    dispatch(core, message, event->datagram.multicast);
    discovery_heard_somebody(core);
}

/* Each timer at most once a deadline: what is late fires late, never in a burst. */
static void on_deadline(struct core *core) {
    const usec_t now = core->now;

    for (unsigned fired = 0; fired < TIMER_COUNT; fired++) {
        unsigned next = 0;
        for (unsigned i = 1; i < TIMER_COUNT; i++)
            if (core->timers[i] < core->timers[next])
                next = i;
        if (core->timers[next] > now)
            return;
        core->late = now - core->timers[next];
        timer_stop(core, next);
        timer_due[next](core);
    }
}

/* START-9, START-3. */
static void on_link(struct core *core, unsigned links, bool came_up) {
    bool had = core->links > 0;

    core->links = links;
    if (came_up || (!had && links > 0))
        core->carrier_at = core->now;
    if (links == 0) {
        if (core->phase == PHASE_LEADING)
            leadership_end(core, REASON_LINK);
        else if (core->phase == PHASE_FOLLOWING)
            emit_leadership(core, NOTICE_NO_LEADER, REASON_LINK);
        discovery_begin(core);
    } else if (!had || (came_up && core->phase == PHASE_SEEKING)) {
        discovery_begin(core);
    } else if (came_up && leadership_in_office(core)) {
        leadership_announce(core, 0);
    }
}

/* Of the times in force only detect is the leader's, and remains until another leader is found. */
static void take_timing(struct core *core, const struct timing *timing) {
    usec_t ruled = core->rule.detect;

    core->timing = *timing;
    core->rule = *timing;
    if (core->phase != PHASE_SEEKING)
        core->rule.detect = ruled;
}

static bool same_timing(const struct timing *a, const struct timing *b) {
    return a->detect == b->detect && a->heartbeat == b->heartbeat && a->ack_timeout == b->ack_timeout
           && a->min_rate == b->min_rate && a->alone == b->alone && a->promise == b->promise
           && a->stop_margin == b->stop_margin;
}

/* What is said and timed while there is no leader is as before: names and tags may change often. */
static bool seeks_alike(const struct core *core, const struct event *event) {
    const struct node_facts *facts = event->configure.facts;

    return facts->priority == core->facts.priority && facts->eligible == core->facts.eligible
           && same_timing(&core->timing, event->configure.timing);
}

/* Who seeks begins anew if not: its timers are those of the old timing. */
static void on_configure(struct core *core, const struct event *event) {
    bool seeks_anew = core->phase == PHASE_SEEKING && !seeks_alike(core, event);

    core->facts = *event->configure.facts;
    core->preempt = event->configure.preempt;
    core->following.registered = false;
    core->exchange.registers = false; /* what is under way tells what I was */
    take_timing(core, event->configure.timing);
    handover_plan_preempt(core);
    if (seeks_anew || (core->phase == PHASE_STANDING && !core->facts.eligible))
        discovery_begin(core);
    else if (core->phase == PHASE_LEADING)
        leadership_reconfigure(core);
}

/* START-1. */
static void on_state_writable(struct core *core, bool writable) {
    core->writable = writable;
    core->undurable |= core->majority && !writable;
    core->reserving_since = core->now;
    if (writable && core->undurable)
        emit_persist(core, true);
    if (core->phase == PHASE_STANDING && !writable)
        discovery_begin(core);
}

/* GAP-1. */
static void on_suspended(struct core *core) {
    voter_abstain(core);
    if (core->majority && core->phase == PHASE_LEADING)
        lease_void(core);
}

static void handle(struct core *core, const struct event *event) {
    switch (event->type) {
    case EVENT_START:
    case EVENT_LINK:
        on_link(core, event->link.links, event->type == EVENT_LINK && event->link.came_up);
        break;
    case EVENT_DATAGRAM:
        on_datagram(core, event);
        break;
    case EVENT_DEADLINE:
        on_deadline(core);
        break;
    case EVENT_UNREACHABLE:
        suspicion_on_unreachable(core, &event->unreachable.source);
        break;
    case EVENT_RESIGN:
        handover_on_resign_wanted(core);
        break;
    case EVENT_STOP:
        handover_on_stop_wanted(core);
        break;
    case EVENT_WORK_STOPPED:
        handover_on_work_stopped(core, event->work.released);
        break;
    case EVENT_CONFIGURE:
        on_configure(core, event);
        break;
    case EVENT_STATE_WRITABLE:
        on_state_writable(core, event->state.writable);
        break;
    case EVENT_TABLE_WANTED:
        paging_on_wanted(core);
        break;
    case EVENT_RETIRE:
        emit_retired(core, lease_retire(core, &event->retire.id));
        break;
    case EVENT_SUSPENDED:
        on_suspended(core);
        break;
    case EVENT_TYPE_END:
        break;
    }
}

void core_step(struct core *core, usec_t now, const struct event *event, struct actions *actions) {
    assert(now >= core->now);
    core->now = now;
    core->late = 0;
    core->out = actions;
    actions->count = 0;
    leadership_watch_gap(core);
    handle(core, event);
    if (node_state(core) != core->told) {
        core->told = node_state(core);
        emit_notice(core, NOTICE_STATE, REASON_NONE);
    }
    if (core->dirty)
        emit_persist(core, false);
    core->out = NULL;
}

usec_t core_deadline(const struct core *core) {
    usec_t deadline = USEC_NEVER;

    for (unsigned i = 0; i < TIMER_COUNT; i++)
        deadline = min_i64(deadline, core->timers[i]);
    return deadline;
}
