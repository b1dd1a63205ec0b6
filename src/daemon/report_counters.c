/* SPDX-License-Identifier: ISC
 *
 * report_counters.c - the document of all counters of a node. A part of report.h.
 *
 * A counter of many kinds is an object, of which every kind is a member, and any other a number.
 */
#include "daemon/report.h"

#include "daemon/counters.h"
#include "daemon/daemon.h"
#include "daemon/report_parts.h"

static json_t *number_document(const struct counters *counters, const struct counter *counter, unsigned kind) {
    return json_integer((json_int_t)counters_value(counters, counter, kind));
}

static json_t *counter_document(const struct counters *counters, const struct counter *counter) {
    char name[COUNTERS_KIND_SIZE];
    json_t *document;
    int bad = 0;

    if (!counter->label)
        return number_document(counters, counter, 0);
    document = json_object();
    for (unsigned kind = counter->first; kind < counter->end; kind++)
        bad |= json_object_set_new(document, counters_kind_name(counter, kind, name),
                                   number_document(counters, counter, kind));
    return unless_bad(document, bad);
}

json_t *report_counters(const struct daemon *daemon) {
    const struct counter *counter;
    struct counters counters;
    json_t *document = json_pack("{s:s, s:f}", "cluster", daemon_cluster(daemon),
                                 "uptime", (double)(daemon_uptime(daemon) / USEC_PER_MS) / 1000.0);
    int bad = 0;

    daemon_counters(daemon, &counters);
    for (unsigned i = 0; (counter = counters_describe(i)) != NULL; i++)
        bad |= json_object_set_new(document, counter->name, counter_document(&counters, counter));
    return unless_bad(document, bad);
}
