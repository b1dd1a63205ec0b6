/* SPDX-License-Identifier: ISC
 *
 * counters.c - see counters.h.
 */
#include "daemon/counters.h"

#include "base/util.h"

const char *counters_refusal_name(unsigned refusal) {
    static const char *const names[] = {
        [REFUSED_OTHER_INTERFACE] = "other-interface",
        [REFUSED_WRONG_TTL] = "wrong-ttl",
        [REFUSED_TOO_MANY] = "too-many",
        [REFUSED_OTHER_CLUSTER] = "other-cluster",
        [REFUSED_KEYED] = "keyed",
        [REFUSED_UNKEYED] = "unkeyed",
        [REFUSED_OTHER_KEY] = "other-key",
        [REFUSED_WRONG_MAC] = "wrong-mac",
        [REFUSED_REPLAYED] = "replayed",
        [REFUSED_UNPROVEN] = "unproven",
        [REFUSED_UNMEANT] = "unmeant",
        [REFUSED_OWN_ECHO] = "own-echo",
        [REFUSED_OTHER_GROUP] = "other-group",
        [REFUSED_REPEATED] = "repeated",
    };

    if (refusal < WIRE_ERROR_END)
        return wire_error_name((enum wire_error)refusal);
    return refusal < ARRAY_SIZE(names) ? names[refusal] : "?";
}

static const char *ignored_name(unsigned kind) {
    return refusal_name((enum core_refusal)kind);
}

static const char *state_name(unsigned kind) {
    return node_state_name((enum node_state)kind);
}

static const char *why_name(unsigned kind) {
    return reason_name((enum reason)kind);
}

#define AT(field) .offset = offsetof(struct counters, field)
#define TYPES .label = "type", .first = WIRE_ANNOUNCE, .end = WIRE_TYPE_END, .kind_name = wire_type_name
#define REFUSALS .label = "reason", .first = WIRE_OK + 1, .end = REFUSED_END, .kind_name = counters_refusal_name
#define IGNORED .label = "reason", .first = 0, .end = REFUSAL_END, .kind_name = ignored_name
#define STATES .label = "state", .first = 0, .end = NODE_LEADER + 1, .kind_name = state_name
#define REASONS .label = "reason", .first = REASON_NONE + 1, .end = REASON_END, .kind_name = why_name

static const struct counter table[] = {
    { "sent", "Datagrams sent, each copy, by type of message.", AT(sent), TYPES },
    { "received", "Datagrams handed to the protocol, by type of message.", AT(received), TYPES },
    { "refused", "Datagrams that were not for this node, by reason.", AT(refused), REFUSALS },
    { "ignored", "Messages that the protocol did not heed, by reason.", AT(core.refused), IGNORED },
    { "send_failed", "Datagrams that the kernel did not take.", AT(send_failed) },
    { "not_encoded", "Messages that could not be put into a datagram.", AT(not_encoded) },
    { "withheld", "Answers to somebody who may not be there, too long or too many.", AT(withheld) },
    { "unreachable", "Datagrams of which ICMP said that nobody listens there.", AT(unreachable) },
    { "state_changes", "Changes of this node to each state.", AT(state_changes), STATES },
    { "elections", "Elections in which this node stood.", AT(core.elections) },
    { "leader_changes", "Leaderships that this node saw begin or rise, by reason.", AT(leader_changes), REASONS },
    { "leader_losses", "Leaderships that ended for this node, by reason.", AT(leader_losses), REASONS },
    { "suspicions", "Times that the leader was doubted.", AT(suspicions) },
    { "suspicions_wrong", "Doubts that ended because the leader lived.", AT(suspicions_wrong) },
    { "roster_changes", "Times that other nodes had a seat than before.", AT(roster_changes) },
    { "conflicts", "Other leaders that this node met while it led.", AT(conflicts) },
    { "reasserted", "Times that this node led on after a conflict.", AT(reasserted) },
    { "confirmed", "Times that this node was still the leader after a pause.", AT(confirmed) },
    { "clones", "Times that another host used the id of this node.", AT(clones) },
    { "peers_joined", "Members that came while this node led.", AT(peers_joined) },
    { "peers_left", "Members that went while this node led.", AT(peers_left) },
    { "tries", "Tries of heartbeats, of this node or of its followers.", AT(core.tries) },
    { "tries_lost", "Tries of heartbeats that were not answered in time.", AT(core.tries_lost) },
    { "hooks_run", "Hooks that were run on this host.", AT(hooks_run) },
    { "hooks_failed", "Hooks that failed, or took too long.", AT(hooks_failed) },
    { "holders_late", "Holders of work that did not stop it in time.", AT(holders_late) },
    { "sentinels_lost", "Sentinels that died while the daemon lived.", AT(sentinels_lost) },
    { "state_writes_failed", "Times that the state could not be saved.", AT(state_writes.failed) },
    { "events_lost", "Events that the daemon had no room for.", AT(events_lost) },
    { "wakeups", "Wakeups of the daemon.", AT(wakeups) },
};

static void count_plain(struct counters *counters, enum notice_type type) {
    uint64_t *const single[NOTICE_TYPE_END] = {
        [NOTICE_SUSPECTED] = &counters->suspicions,
        [NOTICE_VOUCHED] = &counters->suspicions_wrong,
        [NOTICE_ROSTER] = &counters->roster_changes,
        [NOTICE_CONFLICT] = &counters->conflicts,
        [NOTICE_REASSERT] = &counters->reasserted,
        [NOTICE_CONFIRMED] = &counters->confirmed,
        [NOTICE_CLONE] = &counters->clones,
        [NOTICE_PEER_JOINED] = &counters->peers_joined,
        [NOTICE_PEER_LEFT] = &counters->peers_left,
    };

    if (single[type])
        (*single[type])++;
}

/* A leader without a reason is the same one, whose name has become known. */
void counters_notice(struct counters *counters, const struct notice *notice, enum node_state state) {
    if (notice->type == NOTICE_STATE)
        counters->state_changes[state]++;
    else if (notice->type == NOTICE_LEADER)
        counters->leader_changes[notice->reason]++;
    else if (notice->type == NOTICE_NO_LEADER)
        counters->leader_losses[notice->reason]++;
    else
        count_plain(counters, notice->type);
}

const struct counter *counters_describe(unsigned number) {
    return number < ARRAY_SIZE(table) ? &table[number] : NULL;
}

uint64_t counters_value(const struct counters *counters, const struct counter *counter, unsigned kind) {
    return ((const uint64_t *)((const char *)counters + counter->offset))[kind];
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

/* LeaderElected, other-cluster, cold start: leader_elected, other_cluster, cold_start. */
const char *counters_kind_name(const struct counter *counter, unsigned kind, char text[COUNTERS_KIND_SIZE]) {
    const char *name = counter->kind_name(kind);
    size_t length = 0;

    for (const char *c = name; *c != '\0' && length < COUNTERS_KIND_SIZE - 2; c++) {
        if (is_capital(*c) && c > name)
            text[length++] = '_';
        text[length++] = is_capital(*c) ? (char)(*c - 'A' + 'a') : *c == '-' || *c == ' ' ? '_' : *c;
    }
    text[length] = '\0';
    return text;
}
