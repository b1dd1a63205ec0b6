/* SPDX-License-Identifier: ISC
 *
 * doctor_peers.c - judges the other nodes of the cluster: by which ways they are heard and answer. A part of doctor.h.
 */
#include "cli/doctor.h"

#include <string.h>

enum {
    ANSWER_MS = 15 * 1000, /* a way gets another chance every ten seconds */
    HEARTBEATS_MIN = 100, /* of which a share says something */
    LOSS_PERCENT = 5,
    UNANSWERED_BY_CHANGE = 10, /* heartbeats, when a leader goes, at most */
};

static const json_t *peers_of(const json_t *facts) {
    return json_object_get(json_object_get(facts, "status"), "peers");
}

static void judge_mute(const json_t *facts, const json_t *peer, const json_t *path, json_t *findings) {
    const char *interface = text_of(path, "interface"), *address = text_of(path, "address");
    char name[TEXT_SIZE];
    json_t *finding;

    if (!way_is_mute(facts, peer, path) || multicast_is_dead(facts, link_named(facts, interface), path_family(path)))
        return;
    finding = finding_new(findings, "peer-unheard", SEVERITY_WARNING, "the %s multicast of %s does not arrive on %s",
                          family_text(path_family(path)), text_name(peer, name), interface);
    finding_shows(finding, "%s is heard by unicast, and others by multicast", address);
    finding_do(finding,
               "Run eldest doctor on %s, and look at the port of the switch that it is on and at its firewall's "
               "rules for output.",
               name);
    finding_about(finding, interface, name);
}

/* Questions go the way that answers; others are tried now and then. */
static void judge_answers(const json_t *peer, const json_t *path, json_t *findings) {
    json_int_t unanswered = number_of(path, "unanswered", 0);
    char name[TEXT_SIZE];
    json_t *finding;

    if (unanswered == 0 || lately(path, "unicast_ms", ANSWER_MS))
        return;
    finding = finding_new(findings, "unicast-dead", SEVERITY_WARNING, "%s does not answer at %s by %s",
                          text_name(peer, name), text_of(path, "address"), text_of(path, "interface"));
    finding_shows(finding, "no unicast came from there in the last 15 s, although it was asked; multicast of it %s",
                  lately(path, "group_ms", ANSWER_MS) ? "arrives" : "does not arrive either");
    finding_do(finding,
               "If other ways to %s work, the cluster is well, but has lost a spare way: ping %s, and look at the "
               "firewalls of both hosts.",
               name, text_of(path, "address"));
    finding_about(finding, text_of(path, "interface"), name);
}

static void judge_round_trip(const json_t *facts, const json_t *peer, json_t *findings) {
    json_int_t detect_ms = number_of(json_object_get(json_object_get(facts, "status"), "timing"), "detect_ms", 0);
    json_int_t rtt_us = number_of(peer, "rtt_us", 0);
    char name[TEXT_SIZE], rtt[TEXT_SIZE];
    json_t *finding;

    if (detect_ms == 0 || rtt_us * 3 < detect_ms * 1000)
        return;
    finding = finding_new(findings, "slow-peer", SEVERITY_WARNING, "%s answers slowly", text_name(peer, name));
    finding_shows(finding, "the round trip is %s, more than a third of detect, %" JSON_INTEGER_FORMAT " ms",
                  text_us(json_object_get(peer, "rtt_us"), rtt), detect_ms);
    finding_do(finding,
               "Look for load on both hosts and on the network between; if it must be so, raise [timing] detect.");
    finding_about(finding, NULL, name);
}

/* Names are for people, who cannot tell these apart. */
static void judge_name(const json_t *peers, size_t at, json_t *findings) {
    const json_t *peer = json_array_get(peers, at);
    const char *name = text_of(peer, "name");
    json_t *finding, *other;
    size_t index;

    json_array_foreach(peers, index, other) {
        if (index <= at && strcmp(text_of(other, "name"), name) == 0 && index != at)
            return; /* told when the first of them was judged */
        if (index <= at || !*name || strcmp(text_of(other, "name"), name) != 0)
            continue;
        finding = finding_new(findings, "same-name", SEVERITY_WARNING, "several nodes are called %s", name);
        finding_shows(finding, "%s with id %.8s and %s with id %.8s, perhaps others", text_of(peer, "address"),
                      text_of(peer, "id"), text_of(other, "address"), text_of(other, "id"));
        finding_do(finding,
                   "Give each host its own name (hostnamectl set-hostname), or set [node] name in eldest.conf.");
        finding_about(finding, NULL, name);
        return;
    }
}

/* What was asked in vain because the leader was dead or gone. */
static json_int_t excused(const json_t *facts) {
    const json_t *history = json_object_get(facts, "history");
    json_int_t leaderships = (json_int_t)json_array_size(json_object_get(history, "history"));

    return UNANSWERED_BY_CHANGE * (leaderships + number_of(history, "forgotten", 0));
}

/* What a follower asked its leader, and what came back, since the start. */
static void judge_losses(const json_t *facts, json_t *findings) {
    const json_t *counters = json_object_get(facts, "counters");
    const json_t *leader = json_object_get(json_object_get(facts, "status"), "leader");
    json_int_t asked = number_of(json_object_get(counters, "sent"), "heartbeat", 0);
    json_int_t answered = number_of(json_object_get(counters, "received"), "ack", 0);
    char name[TEXT_SIZE];
    json_t *finding;

    if (!json_is_object(leader) || json_is_true(json_object_get(leader, "self")) || asked < HEARTBEATS_MIN ||
        (asked - answered - excused(facts)) * 100 < asked * LOSS_PERCENT)
        return;
    finding = finding_new(findings, "losses", SEVERITY_WARNING, "much of what this node asks the leader is lost");
    finding_shows(finding,
                  "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " heartbeats had no answer since eldestd was "
                  "started",
                  asked - answered, asked);
    finding_do(finding,
               "Look for errors and drops between this host and %s: ip -s link, the counters of the switch, WLAN. "
               "If it was cut off for a while, that is why: the count begins anew with eldestd.",
               text_name(leader, name));
    finding_about(finding, NULL, name);
}

static void judge_peer(const json_t *facts, const json_t *peer, json_t *findings) {
    size_t index;
    json_t *path;

    judge_round_trip(facts, peer, findings);
    json_array_foreach(json_object_get(node_of(facts, text_of(peer, "id")), "paths"), index, path) {
        if (!*text_of(path, "interface"))
            continue;
        judge_mute(facts, peer, path, findings);
        judge_answers(peer, path, findings);
    }
}

void judge_peers(const json_t *facts, json_t *findings) {
    size_t index;
    json_t *peer;

    json_array_foreach(peers_of(facts), index, peer) {
        judge_name(peers_of(facts), index, findings);
        if (!json_is_true(json_object_get(peer, "self")))
            judge_peer(facts, peer, findings);
    }
    judge_losses(facts, findings);
}
