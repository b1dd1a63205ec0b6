/* SPDX-License-Identifier: ISC
 *
 * report_counters.c - the document of all counters of a node. A part of report.h.
 *
 * A counter of many kinds is an object, of which every kind is a member, and any other a number. The names are lower
 * case with underscores, whatever the things are called elsewhere: whoever makes other forms of this need only walk it.
 */
#include "daemon/report.h"

#include "daemon/counters.h"
#include "daemon/daemon.h"

#include <stddef.h>

enum { NAME_SIZE = 64 };

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

/* LeaderElected, other-cluster: leader_elected, other_cluster. */
static const char *field_name(const char *name, char text[NAME_SIZE]) {
    size_t length = 0;

    for (const char *c = name; *c != '\0' && length < NAME_SIZE - 2; c++) {
        if (is_capital(*c) && c > name)
            text[length++] = '_';
        text[length++] = is_capital(*c) ? (char)(*c - 'A' + 'a') : *c == '-' ? '_' : *c;
    }
    text[length] = '\0';
    return text;
}

/* Those from first to before end, each by its name. */
static json_t *kinds_document(const uint64_t *counters, unsigned first, unsigned end,
                              const char *(*name_of)(unsigned kind)) {
    json_t *document = json_object();
    char name[NAME_SIZE];
    int bad = !document;

    for (unsigned kind = first; kind < end; kind++)
        bad |= json_object_set_new(document, field_name(name_of(kind), name),
                                   json_integer((json_int_t)counters[kind]));
    if (bad) {
        json_decref(document);
        return NULL;
    }
    return document;
}

static const char *ignored_name(unsigned kind) {
    return refusal_name((enum core_refusal)kind);
}

json_t *report_counters(const struct daemon *daemon) {
    struct core_counters core;
    struct counters counters;

    daemon_counters(daemon, &counters, &core);
    return json_pack("{s:s, s:f, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
                     "cluster", daemon_cluster(daemon),
                     "uptime", (double)(daemon_uptime(daemon) / USEC_PER_MS) / 1000.0,
                     "sent", kinds_document(counters.sent, WIRE_ANNOUNCE, WIRE_TYPE_END, wire_type_name),
                     "received", kinds_document(counters.received, WIRE_ANNOUNCE, WIRE_TYPE_END, wire_type_name),
                     "refused", kinds_document(counters.refused, WIRE_OK + 1, REFUSED_END, counters_refusal_name),
                     "ignored", kinds_document(core.refused, 0, REFUSAL_END, ignored_name),
                     "send_failed", (json_int_t)counters.send_failed, "not_encoded", (json_int_t)counters.not_encoded,
                     "withheld", (json_int_t)counters.withheld,
                     "unreachable", (json_int_t)counters.unreachable, "events_lost", (json_int_t)counters.events_lost,
                     "sentinels_lost", (json_int_t)counters.sentinels_lost,
                     "holders_late", (json_int_t)counters.holders_late,
                     "wakeups", (json_int_t)counters.wakeups);
}
