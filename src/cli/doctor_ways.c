/* SPDX-License-Identifier: ISC
 *
 * doctor_ways.c - by which ways multicast should come in, and whether it does. A part of doctor.h.
 *
 * At rest a leader alone multicasts, at least every two seconds, and its silence shows at once. A follower may never
 * have done so, if it found its leader at once; but what it sent by broadcast, because it heard no multicast, it sent
 * to the group too.
 */
#include "cli/doctor.h"

#include <string.h>

enum {
    LEADER_SILENT_MS = 15 * 1000, /* seven multicasts of a leader */
    UNICAST_FRESH_MS = 30 * 1000,
    UNICAST_LATER_MS = 10 * 1000, /* than the last multicast: when a link is cut, both end at once */
};

const json_t *heard_on(const json_t *link, const char *family) {
    return json_object_get(json_object_get(link, family), "heard");
}

const char *path_family(const json_t *path) {
    return doctor_families[strchr(text_of(path, "address"), ':') != NULL];
}

const json_t *node_of(const json_t *facts, const char *id) {
    const json_t *nodes = json_object_get(json_object_get(facts, "network"), "nodes"), *found = NULL;
    size_t index;
    json_t *node;

    json_array_foreach(nodes, index, node) /* one that has started again is there twice */
        if (strcmp(text_of(node, "id"), id) == 0 &&
            (!found || number_of(node, "heard_ms", INT64_MAX) < number_of(found, "heard_ms", INT64_MAX)))
            found = node;
    return found;
}

const json_t *link_named(const json_t *facts, const char *name) {
    size_t index;
    json_t *link;

    json_array_foreach(json_object_get(json_object_get(facts, "network"), "interfaces"), index, link)
        if (strcmp(text_of(link, "name"), name) == 0)
            return link;
    return NULL;
}

static bool is_told_leader(const json_t *facts, const json_t *peer) {
    const json_t *leader = json_object_get(json_object_get(facts, "status"), "leader");

    return *text_of(leader, "id") && strcmp(text_of(leader, "id"), text_of(peer, "id")) == 0;
}

/* How long the present leader has led, in ms. */
static json_int_t leading_ms(const json_t *facts) {
    const json_t *leader = json_object_get(json_object_get(facts, "status"), "leader");

    return (json_int_t)(1000 * json_number_value(json_object_get(leader, "since")));
}

/* Whether unicast came by it, and went on when multicast did not. */
static bool unicast_works(const json_t *path) {
    json_int_t unicast_ms = number_of(path, "unicast_ms", INT64_MAX);

    return unicast_ms <= UNICAST_FRESH_MS && unicast_ms + UNICAST_LATER_MS < number_of(path, "group_ms", INT64_MAX);
}

bool way_is_mute(const json_t *facts, const json_t *peer, const json_t *path) {
    const json_t *link = link_named(facts, text_of(path, "interface"));
    bool listened = heard_on(link, path_family(path)) && number_of(link, "since_ms", 0) > LEADER_SILENT_MS;

    if (!listened || !unicast_works(path))
        return false;
    if (is_told_leader(facts, peer) && leading_ms(facts) > LEADER_SILENT_MS)
        return !lately(path, "group_ms", LEADER_SILENT_MS);
    return json_is_integer(json_object_get(path, "multicast_ms")) &&
           !json_is_integer(json_object_get(path, "group_ms"));
}

/* Whether one of the ways of that member is there, and mute. */
static bool mute_there(const json_t *facts, const json_t *peer, const char *name, const char *family) {
    size_t index;
    json_t *path;

    json_array_foreach(json_object_get(node_of(facts, text_of(peer, "id")), "paths"), index, path)
        if (strcmp(text_of(path, "interface"), name) == 0 && strcmp(path_family(path), family) == 0 &&
            way_is_mute(facts, peer, path))
            return true;
    return false;
}

bool multicast_is_dead(const json_t *facts, const json_t *link, const char *family) {
    const json_t *heard = heard_on(link, family), *multicast = json_object_get(heard, "multicast");
    bool never = number_of(multicast, "count", 0) == 0;
    size_t index;
    json_t *peer;

    if (!heard || lately(multicast, "ago_ms", LEADER_SILENT_MS))
        return false;
    json_array_foreach(json_object_get(json_object_get(facts, "status"), "peers"), index, peer)
        if ((never || is_told_leader(facts, peer)) && mute_there(facts, peer, text_of(link, "name"), family))
            return true;
    return never && number_of(link, "since_ms", 0) > LEADER_SILENT_MS &&
           number_of(json_object_get(heard, "broadcast"), "count", 0) > 0;
}
