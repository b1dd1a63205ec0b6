/* SPDX-License-Identifier: ISC
 *
 * doctor_interfaces.c - judges the interfaces: which are in use, by which families, and whether multicast goes out and
 * comes in. A part of doctor.h.
 */
#include "cli/doctor.h"

#include <string.h>

enum {
    MTU_MIN = 1200 + 48, /* the longest datagram with the headers of IPv6 and UDP */
    LEADER_ECHO_MS = 10 * 1000, /* five multicasts of a leader */
    START_MS = 300, /* an interface that is in use, with all its addresses, since so soon after the start */
};

static const json_t *links_of(const json_t *facts) {
    return json_object_get(json_object_get(facts, "network"), "interfaces");
}

static bool is_used(const json_t *link) {
    return json_is_true(json_object_get(link, "used"));
}

/* "eth0 has no carrier, lo is ..." of those that would be used if they could; of all, if there are none of these. */
static json_t *reasons(const json_t *links) {
    json_t *text = json_string("");

    for (int all = 0; all < 2 && *json_string_value(text) == '\0'; all++) {
        size_t index;
        json_t *link, *longer;

        json_array_foreach(links, index, link) {
            if (!all && !json_is_true(json_object_get(link, "chosen")))
                continue;
            longer = json_sprintf("%s%s%s %s", json_string_value(text), *json_string_value(text) ? ", " : "",
                                  text_of(link, "name"), text_of(link, "reason"));
            json_decref(text);
            text = longer;
        }
    }
    return text;
}

static bool some_used(const json_t *links) {
    size_t index;
    json_t *link;

    json_array_foreach(links, index, link)
        if (is_used(link))
            return true;
    return false;
}

static void judge_none(const json_t *links, json_t *findings) {
    json_t *finding, *text = reasons(links);

    finding = finding_new(findings, "no-interface", SEVERITY_PROBLEM, "no network interface can be used");
    finding_shows(finding, "%s", *json_string_value(text) ? json_string_value(text) : "the host has none");
    finding_do(finding,
               "Plug in the cable, bring the interface up (ip link set IFACE up) or give it an address; if another "
               "one is meant, name it: [network] interfaces in eldest.conf, or eldestd -i IFACE.");
    json_decref(text);
}

/* One that somebody named is missed; of those that are used by themselves, a port without a cable is no matter. */
static void judge_use(const json_t *link, json_t *findings) {
    const char *name = text_of(link, "name"), *reason = text_of(link, "reason");
    bool named = json_is_true(json_object_get(link, "named"));
    json_t *finding;

    if (is_used(link))
        return;
    if (json_is_true(json_object_get(link, "damped"))) {
        finding = finding_new(findings, "interface-flaps", SEVERITY_WARNING, "%s %s", name, reason);
        finding_do(finding, "Change the cable or the port of the switch, and look at: dmesg; ip -s link show dev %s",
                   name);
    } else if (named) {
        finding = finding_new(findings, "interface-unused", SEVERITY_WARNING, "%s is to be used, but %s", name, reason);
        finding_do(finding, "Make it usable (ip addr show dev %s), or take it out of [network] interfaces.", name);
    } else {
        return;
    }
    finding_shows(finding, "the daemon does not use it now");
    finding_about(finding, name, NULL);
}

static void judge_mtu(const json_t *link, json_t *findings) {
    json_int_t mtu = number_of(link, "mtu", MTU_MIN);
    json_t *finding;

    if (!is_used(link) || mtu >= MTU_MIN)
        return;
    finding = finding_new(findings, "mtu-small", SEVERITY_WARNING, "the MTU of %s is too small", text_of(link, "name"));
    finding_shows(finding,
                  "it is %" JSON_INTEGER_FORMAT ", and the longest datagrams need %d: they are sent in fragments, "
                  "or not at all",
                  mtu, MTU_MIN);
    finding_do(finding, "ip link set dev %s mtu 1500, if the network can do that", text_of(link, "name"));
    finding_about(finding, text_of(link, "name"), NULL);
}

static bool leads(const json_t *facts, double since_s) {
    const json_t *leader = json_object_get(json_object_get(facts, "status"), "leader");

    return json_is_true(json_object_get(leader, "self")) &&
           json_number_value(json_object_get(leader, "since")) > since_s;
}

/* A node hears its own multicast by the loop of its kernel, behind the same rules as that of others. */
static bool is_echo_missing(const json_t *facts, const json_t *link, const json_t *heard) {
    const json_t *echo = json_object_get(heard, "echo"), *counters = json_object_get(facts, "counters");
    json_int_t since_ms = number_of(link, "since_ms", 0);
    double uptime_ms = 1000 * json_number_value(json_object_get(counters, "uptime"));

    if (since_ms < LEADER_ECHO_MS)
        return false;
    if (leads(facts, LEADER_ECHO_MS / 1000.0))
        return !lately(echo, "ago_ms", LEADER_ECHO_MS);
    return number_of(json_object_get(counters, "sent"), "announce", 0) > 0 && number_of(echo, "count", 0) == 0 &&
           uptime_ms - (double)since_ms < START_MS;
}

static void judge_multicast(const json_t *facts, const json_t *link, const char *family, json_t *findings) {
    const char *name = text_of(link, "name"), *group;
    const json_t *heard = heard_on(link, family);
    json_t *finding;

    if (!heard)
        return;
    group = text_of(json_object_get(json_object_get(facts, "network"), "groups"), family);
    if (is_echo_missing(facts, link, heard)) {
        finding = finding_new(findings, "no-echo", SEVERITY_PROBLEM,
                              "this host does not hear its own %s multicast on %s", family_text(family), name);
        finding_shows(finding,
                      "what eldestd sends to %s does not come back by the loop of the kernel, so that of others "
                      "cannot come in either",
                      group);
        finding_do(finding, "Let the group in: a firewall of this host drops it, or the group is not joined. The other "
                            "findings say which rule, if it could be read; else look at: sudo nft list ruleset");
        finding_about(finding, name, NULL);
    } else if (multicast_is_dead(facts, link, family)) {
        finding = finding_new(findings, "multicast-dead", SEVERITY_PROBLEM,
                              "no %s multicast of other nodes arrives on %s, although unicast works",
                              family_text(family), name);
        finding_shows(finding,
                      "nothing to %s was heard there in the last 15 s, while other nodes were, by unicast or "
                      "broadcast",
                      group);
        finding_do(finding,
                   "If no firewall rule is found here, look at the switches: IGMP or MLD snooping without a querier, "
                   "a filter or a storm limit for multicast, on WLAN also client isolation. A cluster that exists goes "
                   "on without; newcomers are found late.");
        finding_about(finding, name, NULL);
    }
}

static bool carries(const json_t *links, const char *family) {
    size_t index;
    json_t *link;

    json_array_foreach(links, index, link)
        if (is_used(link) && heard_on(link, family))
            return true;
    return false;
}

/* Hosts that have no family in common cannot meet. Which ones there are this host can only hear if it has the family
 * but does not use it. */
static void judge_family(const json_t *facts, const char *family, json_t *findings) {
    const char *own = doctor_families[family == doctor_families[0]], *missing = family_text(family);
    bool chosen = json_object_get(json_object_get(json_object_get(facts, "network"), "groups"), family) != NULL;
    json_t *finding;

    if (carries(links_of(facts), family) || !carries(links_of(facts), own))
        return;
    finding =
        finding_new(findings, "one-family", is_alone(facts) ? SEVERITY_WARNING : SEVERITY_NOTE,
                    "this node speaks %s only: it and nodes that speak %s only cannot meet", family_text(own), missing);
    if (chosen)
        finding_shows(finding, "no interface in use has an %s address", missing);
    else
        finding_shows(finding, "[network] families does not name %s, or the kernel does not have it", family);
    finding_do(finding, "Nothing, if all nodes speak %s. Else let this one speak both: %s", family_text(own),
               !chosen ? "take families out of eldest.conf and restart eldestd."
               : strcmp(family, "ipv6") == 0
                   ? "a link-local address is enough (sysctl net.ipv6.conf.IFACE.disable_ipv6=0)."
                   : "give an interface an address (ip addr add).");
}

static void judge_overheard(const json_t *facts, json_t *findings) {
    size_t index;
    json_t *one, *finding;

    json_array_foreach(json_object_get(facts, "overheard"), index, one) {
        const char *missing = family_text(path_family(one)), *address = text_of(one, "address");

        finding = finding_new(findings, "cannot-meet", SEVERITY_PROBLEM,
                              "a node of this cluster speaks %s, which this node does not", missing);
        finding_shows(finding,
                      "multicast of %s came in on %s; unless both also speak another family, they cannot meet, and "
                      "each part has a leader",
                      address, text_of(one, "interface"));
        finding_do(finding,
                   "Let both speak both: take [network] families out of eldest.conf on this host and that one, and "
                   "restart eldestd.");
        finding_about(finding, text_of(one, "interface"), address);
    }
}

void judge_interfaces(const json_t *facts, json_t *findings) {
    const json_t *links = links_of(facts);
    size_t index;
    json_t *link;

    if (links && !some_used(links))
        judge_none(links, findings);
    json_array_foreach(links, index, link) {
        if (some_used(links))
            judge_use(link, findings);
        judge_mtu(link, findings);
        for (int i = 0; i < 2; i++)
            judge_multicast(facts, link, doctor_families[i], findings);
    }
    for (int i = 0; i < 2; i++)
        judge_family(facts, doctor_families[i], findings);
    judge_overheard(facts, findings);
}
