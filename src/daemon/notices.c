/* SPDX-License-Identifier: ISC
 *
 * notices.c - see notices.h.
 */
#include "daemon/notices.h"

#include <inttypes.h>
#include <stdio.h>

enum { LINE_SIZE = 256 };

/* "web1 at 192.0.2.1:29418"; who has not told its name yet is called by the beginning of its id. */
static const char *call(const char *name, const struct node_id *id, const struct address *address,
                        char text[NOTICES_WHO_SIZE]) {
    char place[ADDRESS_PORT_TEXT_SIZE];
    const char *at = address->family != 0 ? " at " : "";

    address_format_port(address, place);
    if (name[0] != '\0')
        snprintf(text, NOTICES_WHO_SIZE, "%s%s%s", name, at, place);
    else
        snprintf(text, NOTICES_WHO_SIZE, "node %02x%02x%02x%02x%s%s", id->bytes[0], id->bytes[1], id->bytes[2],
                 id->bytes[3], at, place);
    return text;
}

static const char *who(const struct notice *notice, const struct node_id *id, char text[NOTICES_WHO_SIZE]) {
    return call(notice->name, id, &notice->address, text);
}

/* The line of a notice, and how important it is. */
static enum log_level compose(const struct notice *notice, const struct core_view *view, char line[LINE_SIZE]) {
    char text[NOTICES_WHO_SIZE];
    const struct node_id *leader = &notice->token.leader;
    uint64_t epoch = notice->token.epoch;
    const char *why = reason_name(notice->reason);

    switch (notice->type) {
    case NOTICE_LEADER:
        snprintf(line, LINE_SIZE, "%s leads with epoch %" PRIu64 "%s%s%s",
                 node_id_equal(leader, &view->id) ? "this node" : who(notice, leader, text), epoch,
                 why[0] != '\0' ? " (" : "", why, why[0] != '\0' ? ")" : "");
        return LOG_LEVEL_INFO;
    case NOTICE_NO_LEADER:
        snprintf(line, LINE_SIZE, "no leader: %s led with epoch %" PRIu64 " until now (%s)",
                 node_id_equal(leader, &view->id) ? "this node" : who(notice, leader, text), epoch, why);
        return LOG_LEVEL_INFO;
    case NOTICE_PEER_JOINED:
        snprintf(line, LINE_SIZE, "%s joined", who(notice, &notice->id, text));
        return LOG_LEVEL_INFO;
    case NOTICE_PEER_LEFT:
        snprintf(line, LINE_SIZE, "%s left", who(notice, &notice->id, text));
        return LOG_LEVEL_INFO;
    case NOTICE_SUSPECTED:
        snprintf(line, LINE_SIZE, "the leader does not answer: asking around");
        return LOG_LEVEL_INFO;
    case NOTICE_VOUCHED:
        snprintf(line, LINE_SIZE, "the leader lives");
        return LOG_LEVEL_INFO;
    case NOTICE_CONFLICT:
        snprintf(line, LINE_SIZE, "another leader was heard: %s with epoch %" PRIu64, who(notice, leader, text), epoch);
        return LOG_LEVEL_WARNING;
    case NOTICE_CONFIRMED:
        snprintf(line, LINE_SIZE, "this node was away for a moment and still leads, with epoch %" PRIu64, epoch);
        return LOG_LEVEL_INFO;
    case NOTICE_REASSERT:
        snprintf(line, LINE_SIZE, "still the leader, with epoch %" PRIu64, epoch);
        return LOG_LEVEL_INFO;
    case NOTICE_CLONE:
        snprintf(line, LINE_SIZE, "%s%s uses the identity of this node: its state directory was copied; %s",
                 notice->address.family != 0 ? "the host at " : "another host",
                 notice->address.family != 0 ? address_format_port(&notice->address, text) : "",
                 notice->taken ? "this node took a new one" : "it must take a new one");
        return LOG_LEVEL_WARNING;
    case NOTICE_ROSTER:
        snprintf(line, LINE_SIZE, "other nodes have a vote than before: %u of %u seats are taken, %s",
                 view->quorum.roster.count, view->quorum.roster.expect,
                 view->quorum.seat ? "one by this node" : "none by this node");
        return LOG_LEVEL_INFO;
    case NOTICE_TABLE_FULL:
        snprintf(line, LINE_SIZE, "the member table is full: further nodes follow without being listed");
        return LOG_LEVEL_WARNING;
    case NOTICE_STATE:
        snprintf(line, LINE_SIZE, "state: %s", node_state_name(view->state));
        return LOG_LEVEL_DEBUG;
    default:
        snprintf(line, LINE_SIZE, "%s", notice_name(notice->type));
        return LOG_LEVEL_DEBUG;
    }
}

const char *notices_leader(const struct core_view *view, char text[NOTICES_WHO_SIZE]) {
    if (!view->has_leader)
        return "nobody";
    if (node_id_equal(&view->leader.leader, &view->id))
        return "this node";
    return call(view->leader_name, &view->leader.leader, &view->leader_address, text);
}

/* A warning, because it tells of a log that has gaps: whoever sees any notices at all sees it. */
void notices_settle(struct log_limit *limit, usec_t now, const struct core_view *view) {
    char text[NOTICES_WHO_SIZE];
    uint64_t suppressed;

    if (log_limit_end(limit) > now || !log_limit_pass(limit, now, &suppressed))
        return;
    log_warning("%" PRIu64 " messages were suppressed; now %s leads, the latest epoch is %" PRIu64
                ", and the cluster has %" PRIu32 " members",
                suppressed, notices_leader(view, text), view->epoch, view->members);
}

void notices_log(struct log_limit *limit, usec_t now, const struct notice *notice, const struct core_view *view) {
    char line[LINE_SIZE];
    enum log_level level = compose(notice, view, line);

    if (level == LOG_LEVEL_DEBUG) {
        log_debug("%s", line); /* costs nothing of the limit when it is not shown */
        return;
    }
    notices_settle(limit, now, view);
    log_limited(limit, now, level, "%s", line);
}
