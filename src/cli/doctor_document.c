/* SPDX-License-Identifier: ISC
 *
 * doctor_document.c - what `eldest doctor` says, as one JSON document. A part of doctor.h.
 */
#include "base/util.h"
#include "cli/doctor.h"

/* The member of `status` with how it was heard, as `network` tells it. */
static json_t *peer_document(const json_t *facts, const json_t *peer) {
    static const char *const told[] = { "id", "name", "state", "address", "rtt_us", "last_seen_ms" };
    static const char *const heard[] = { "heard_ms", "multicasts", "paths" };
    const json_t *node = node_of(facts, text_of(peer, "id"));
    json_t *document = json_object();

    for (size_t i = 0; i < ARRAY_SIZE(told); i++)
        json_object_set(document, told[i], json_object_get(peer, told[i]));
    for (size_t i = 0; node && i < ARRAY_SIZE(heard); i++)
        json_object_set(document, heard[i], json_object_get(node, heard[i]));
    return document;
}

static json_t *peers_document(const json_t *facts) {
    json_t *document = json_array(), *peer;
    size_t index;

    json_array_foreach(json_object_get(json_object_get(facts, "status"), "peers"), index, peer)
        if (!json_is_true(json_object_get(peer, "self")))
            json_array_append_new(document, peer_document(facts, peer));
    return document;
}

json_t *doctor_document(const struct doctor *doctor) {
    json_t *interfaces = json_object_get(json_object_get(doctor->facts, "network"), "interfaces");

    return json_pack("{s:s, s:b, s:O, s:o, s:o, s:O, s:O}", "cluster", text_of(doctor->facts, "cluster"), "reached",
                     json_object_get(doctor->facts, "network") != NULL, "findings", doctor->findings, "interfaces",
                     interfaces ? json_incref(interfaces) : json_array(), "peers", peers_document(doctor->facts),
                     "checked", doctor->checked, "not_checked", doctor->not_checked);
}
