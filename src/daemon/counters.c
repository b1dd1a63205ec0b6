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
        [REFUSED_OTHER_CLUSTER] = "other-cluster",
        [REFUSED_KEYED] = "keyed",
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

#define AT(field) .offset = offsetof(struct counters, field)
#define TYPES .label = "type", .first = WIRE_ANNOUNCE, .end = WIRE_TYPE_END, .kind_name = wire_type_name
#define REFUSALS .label = "reason", .first = WIRE_OK + 1, .end = REFUSED_END, .kind_name = counters_refusal_name
#define IGNORED .label = "reason", .first = 0, .end = REFUSAL_END, .kind_name = ignored_name

static const struct counter table[] = {
    { "sent", "datagrams_sent", "Datagrams sent, each copy, by type of message.", AT(sent), TYPES },
    { "received", "datagrams_received", "Datagrams handed to the protocol, by type of message.", AT(received), TYPES },
    { "refused", "datagrams_refused", "Datagrams that were not for this node, by reason.", AT(refused), REFUSALS },
    { "ignored", "messages_ignored", "Messages that the protocol did not heed, by reason.", AT(core.refused), IGNORED },
    { "send_failed", "send_failures", "Datagrams that the kernel did not take.", AT(send_failed) },
    { "not_encoded", "messages_not_encoded", "Messages that could not be put into a datagram.", AT(not_encoded) },
    { "unreachable", "unreachable", "Datagrams of which ICMP said that nobody listens there.", AT(unreachable) },
    { "events_lost", "events_lost", "Events that the daemon had no room for.", AT(events_lost) },
    { "sentinels_lost", "sentinels_lost", "Sentinels that died while the daemon lived.", AT(sentinels_lost) },
    { "holders_late", "holders_late", "Holders of work that did not stop it in time.", AT(holders_late) },
    { "wakeups", "wakeups", "Wakeups of the daemon.", AT(wakeups) },
};

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
