/* SPDX-License-Identifier: ISC
 *
 * doctor_kernel.c - judges what the kernel of this host says: buffers, groups, bridges, tables. A part of doctor.h.
 */
#include "cli/doctor.h"

#include <string.h>

enum {
    FULL_PERCENT = 80,
    RMEM_USUAL = 212992, /* what Linux gives to a socket by itself */
    HEARD_MS = 60 * 1000,
};

static const json_t *network_of(const json_t *facts) {
    return json_object_get(facts, "network");
}

static void judge_buffers(const json_t *facts, const json_t *host, json_t *findings) {
    json_int_t group_port = number_of(network_of(facts), "group_port", -1),
               port = number_of(network_of(facts), "port", -1);
    json_int_t drops = 0, rmem = number_of(host, "rmem_default", RMEM_USUAL);
    json_t *socket, *finding;
    size_t index;

    json_array_foreach(json_object_get(host, "sockets"), index, socket)
        if (number_of(socket, "port", 0) == group_port || number_of(socket, "port", 0) == port)
            drops += number_of(socket, "drops", 0);
    if (drops > 0) {
        finding =
            finding_new(findings, "buffer-overflow", SEVERITY_WARNING, "the receive buffers of eldestd were full");
        finding_shows(finding,
                      "the kernel dropped %" JSON_INTEGER_FORMAT " datagrams to UDP port %" JSON_INTEGER_FORMAT
                      " or %" JSON_INTEGER_FORMAT " since eldestd was started",
                      drops, group_port, port);
        finding_do(finding, "See that eldestd gets time to run (load, CPU limits), and give sockets more room: sysctl "
                            "net.core.rmem_default=1048576, then restart eldestd.");
    } else if (rmem > 0 && rmem < RMEM_USUAL) {
        finding = finding_new(findings, "buffer-small", SEVERITY_WARNING, "sockets get less receive buffer than usual");
        finding_shows(finding, "net.core.rmem_default is %" JSON_INTEGER_FORMAT ", usual are %d", rmem, RMEM_USUAL);
        finding_do(finding, "sysctl net.core.rmem_default=%d, then restart eldestd", RMEM_USUAL);
    }
}

/* "224.0.0.254", or "ff02::114" without what may stand behind a %. */
static bool is_joined(const json_t *groups, const char *interface, const char *group) {
    size_t index, length = strcspn(group, "%");
    json_t *one;

    json_array_foreach(groups, index, one)
        if (strcmp(text_of(one, "interface"), interface) == 0 && strlen(text_of(one, "group")) == length &&
            strncmp(text_of(one, "group"), group, length) == 0)
            return true;
    return false;
}

static void judge_group(const json_t *facts, const json_t *link, const char *family, json_t *findings) {
    const json_t *groups = json_object_get(json_object_get(json_object_get(facts, "host"), "groups"), family);
    const char *group = text_of(json_object_get(network_of(facts), "groups"), family), *name = text_of(link, "name");
    json_t *finding;

    if (!groups || !*group || !json_is_true(json_object_get(json_object_get(link, family), "joined")) ||
        is_joined(groups, name, group))
        return;
    finding =
        finding_new(findings, "group-not-joined", SEVERITY_PROBLEM, "the kernel has not joined %s on %s", group, name);
    finding_shows(finding, "eldestd did so, but it is not in /proc/net/%s",
                  strcmp(family, "ipv6") == 0 ? "igmp6" : "igmp");
    finding_do(finding,
               "Restart eldestd. If it comes again, the interface was made anew behind its back: please report it.");
    finding_about(finding, name, NULL);
}

/* 224.0.0.0/24 is passed on everywhere, snooping or not. */
static bool needs_querier(const json_t *facts) {
    const char *group = text_of(json_object_get(network_of(facts), "groups"), "ipv4");

    return *group && strncmp(group, "224.0.0.", strlen("224.0.0.")) != 0;
}

static void judge_bridge(const json_t *facts, const json_t *bridge, json_t *findings) {
    const char *name = text_of(bridge, "name");
    const json_t *heard = json_object_get(json_object_get(link_named(facts, name), "ipv4"), "heard");
    bool well = lately(json_object_get(heard, "multicast"), "ago_ms", HEARD_MS);
    json_t *finding;

    if (!needs_querier(facts) || !heard || !json_is_true(json_object_get(bridge, "snooping")) ||
        json_is_true(json_object_get(bridge, "querier")))
        return;
    finding = finding_new(findings, "snooping", well ? SEVERITY_NOTE : SEVERITY_WARNING,
                          "%s does IGMP snooping, and is no querier itself", name);
    finding_shows(finding,
                  "the group %s is not in 224.0.0.0/24, so switches that snoop pass it on only while something on the "
                  "network asks for members; multicast of others was heard there %s",
                  *text_of(json_object_get(network_of(facts), "groups"), "ipv4")
                      ? text_of(json_object_get(network_of(facts), "groups"), "ipv4")
                      : "?",
                  well ? "within a minute" : "not within a minute");
    finding_do(finding,
               "Take a group of 224.0.0.0/24 (group4 is 224.0.0.254 by default), or have a querier: ip link set %s "
               "type bridge mcast_querier 1, or that of a switch or router.",
               name);
    finding_about(finding, name, NULL);
}

static void judge_neighbours(const json_t *facts, const char *family, json_t *findings) {
    const json_t *table = json_object_get(json_object_get(json_object_get(facts, "host"), "neighbours"), family);
    json_int_t entries = number_of(table, "entries", 0), limit = number_of(table, "limit", 0);
    json_int_t members = number_of(json_object_get(facts, "status"), "members", 0);
    json_t *finding;

    if (limit == 0 || (entries * 100 < limit * FULL_PERCENT && members * 100 < limit * FULL_PERCENT))
        return;
    finding = finding_new(findings, "neighbour-table", SEVERITY_WARNING, "the %s neighbour table is almost too small",
                          family_text(family));
    finding_shows(finding,
                  "it holds %" JSON_INTEGER_FORMAT " entries of at most %" JSON_INTEGER_FORMAT
                  ", and the cluster has %" JSON_INTEGER_FORMAT " members; hosts that find no place are not reached",
                  entries, limit, members);
    finding_do(finding, "sysctl net.%s.neigh.default.gc_thresh3=%" JSON_INTEGER_FORMAT ", and gc_thresh2 to half of it",
               family, 4 * (entries > members ? entries : members));
}

void judge_host(const json_t *facts, json_t *findings) {
    const json_t *host = json_object_get(facts, "host");
    size_t index;
    json_t *one;

    judge_buffers(facts, host, findings);
    json_array_foreach(json_object_get(network_of(facts), "interfaces"), index, one)
        for (int i = 0; i < 2; i++)
            judge_group(facts, one, doctor_families[i], findings);
    json_array_foreach(json_object_get(host, "bridges"), index, one)
        judge_bridge(facts, one, findings);
    for (int i = 0; i < 2; i++)
        judge_neighbours(facts, doctor_families[i], findings);
}
