/* SPDX-License-Identifier: ISC
 *
 * names.c - the names of everything that core.h, event.h and action.h enumerate.
 */
#include "base/util.h"
#include "core/core.h"

#define NAME_OF(table, value) ((size_t)(value) < ARRAY_SIZE(table) && (table)[value] != NULL ? (table)[value] : "?")

const char *event_name(enum event_type type) {
    static const char *const names[] = {
        [EVENT_START] = "start",
        [EVENT_DATAGRAM] = "datagram",
        [EVENT_DEADLINE] = "deadline",
        [EVENT_LINK] = "link",
        [EVENT_UNREACHABLE] = "unreachable",
        [EVENT_RESIGN] = "resign",
        [EVENT_STOP] = "stop",
        [EVENT_WORK_STOPPED] = "work-stopped",
        [EVENT_CONFIGURE] = "configure",
        [EVENT_STATE_WRITABLE] = "state-writable",
        [EVENT_TABLE_WANTED] = "table-wanted",
        [EVENT_RETIRE] = "retire",
        [EVENT_SUSPENDED] = "suspended",
    };
    return NAME_OF(names, type);
}

const char *action_name(enum action_type type) {
    static const char *const names[] = {
        [ACTION_SEND] = "send",         [ACTION_PERSIST] = "persist", [ACTION_STOP_WORK] = "stop-work",
        [ACTION_RESIGNED] = "resigned", [ACTION_STOPPED] = "stopped", [ACTION_NOTICE] = "notice",
        [ACTION_RETIRED] = "retired",
    };
    return NAME_OF(names, type);
}

const char *notice_name(enum notice_type type) {
    static const char *const names[] = {
        [NOTICE_STATE] = "state",
        [NOTICE_LEADER] = "leader",
        [NOTICE_NO_LEADER] = "no-leader",
        [NOTICE_PEER_JOINED] = "peer-joined",
        [NOTICE_PEER_LEFT] = "peer-left",
        [NOTICE_SUSPECTED] = "suspected",
        [NOTICE_VOUCHED] = "vouched",
        [NOTICE_CONFLICT] = "conflict",
        [NOTICE_CONFIRMED] = "confirmed",
        [NOTICE_REASSERT] = "reassert",
        [NOTICE_CLONE] = "clone",
        [NOTICE_TABLE] = "table",
        [NOTICE_TABLE_FULL] = "table-full",
        [NOTICE_ROSTER] = "roster",
    };
    return NAME_OF(names, type);
}

const char *reason_name(enum reason reason) {
    static const char *const names[] = {
        [REASON_NONE] = "",
        [REASON_FIRST] = "cold start",
        [REASON_ALONE] = "alone",
        [REASON_DEATH] = "death",
        [REASON_FAREWELL] = "farewell",
        [REASON_RESIGN] = "resign",
        [REASON_MERGE] = "merge",
        [REASON_JOIN] = "join",
        [REASON_RISE] = "rise",
        [REASON_GAP] = "pause",
        [REASON_LINK] = "link",
        [REASON_VOUCHED] = "vouched",
        [REASON_LEASE] = "lease",
        [REASON_CLONE] = "clone",
    };
    return NAME_OF(names, reason);
}

const char *node_state_name(enum node_state state) {
    static const char *const names[] = {
        [NODE_IDLE] = "idle",
        [NODE_CANDIDATE] = "candidate",
        [NODE_LEADER] = "leader",
    };
    return NAME_OF(names, state);
}

const char *standing_name(enum standing standing) {
    static const char *const names[] = {
        [STANDING_NO_LEADER] = "no leader",
        [STANDING_FOLLOWING] = "following",
        [STANDING_SUSPECTING] = "checking the leader",
        [STANDING_UNREACHABLE] = "leader vouched for, but unreachable from here",
        [STANDING_HEARD_ONE_WAY] = "a leader is heard, but does not hear this node",
        [STANDING_ISOLATED] = "isolated",
        [STANDING_UNCONFIRMED] = "was away, asks whether it still leads",
        [STANDING_STOPPING] = "handing over",
        [STANDING_LEADING] = "leading",
        [STANDING_WITHOUT_LEASE] = "elected, but without a lease",
        [STANDING_SPARE] = "following, without a seat",
    };
    return NAME_OF(names, standing);
}

const char *refusal_name(enum core_refusal refusal) {
    static const char *const names[] = {
        [REFUSAL_EPOCH_IMPLAUSIBLE] = "epoch_implausible",
        [REFUSAL_EPOCH_OLD] = "epoch_old",
        [REFUSAL_OTHER_LEADER] = "other_leader",
        [REFUSAL_OWN_ID] = "own_id",
        [REFUSAL_STALE_SENDER] = "stale_sender",
        [REFUSAL_STALE_UNMEANT] = "stale_unmeant",
        [REFUSAL_UNCONFIRMED] = "unconfirmed",
        [REFUSAL_UNASKED] = "unasked",
        [REFUSAL_SUSPECT_DAMPED] = "suspect_damped",
        [REFUSAL_OVERTAKEN] = "overtaken",
        [REFUSAL_TABLE_FULL] = "table_full",
        [REFUSAL_PAGE_UNLISTED] = "page_unlisted",
        [REFUSAL_HANDOVER] = "handover",
        [REFUSAL_NOT_WRITABLE] = "not_writable",
        [REFUSAL_CHALLENGE] = "challenge",
        [REFUSAL_OTHER_QUORUM] = "other_quorum",
        [REFUSAL_PROMISED] = "promised",
        [REFUSAL_ROSTER] = "roster",
        [REFUSAL_VOTED] = "voted",
        [REFUSAL_ECHO] = "echo",
    };
    return NAME_OF(names, refusal);
}
