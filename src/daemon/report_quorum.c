/* SPDX-License-Identifier: ISC
 *
 * report_quorum.c - "quorum" in the documents: whose votes count, who is there, and why nobody leads.
 */
#include "base/str.h"
#include "core/roster.h"
#include "daemon/daemon.h"
#include "daemon/quorum.h"
#include "daemon/report_parts.h"

#include <inttypes.h>
#include <stdio.h>

enum { VERSION_SIZE = 2 * STR_UNSIGNED_SIZE };

static json_t *seat_document(const struct node_id *id, const struct core_peer *peer) {
    bool named = peer->facts.name[0] != '\0';

    return json_pack("{s:o, s:o, s:b}", "id", id_document(id), "name",
                     named ? json_string(peer->facts.name) : json_null(), "self", peer->self);
}

/* The names of those with a seat that this node knows: each member is looked at once. */
static void find_seats(const struct daemon *daemon, const struct wire_roster *roster, struct core_peer *seats) {
    struct core_peer peer;

    for (uint32_t i = 0; daemon_peer(daemon, i, &peer); i++) {
        unsigned place = roster_place(roster, &peer.id);
        if (place < ROSTER_MAX)
            seats[place] = peer;
    }
}

json_t *roster_document(const struct daemon *daemon, const struct wire_roster *roster) {
    struct core_peer seats[ROSTER_MAX] = { { .self = false } };
    char version[VERSION_SIZE];
    json_t *list;

    if (!roster_is_known(roster))
        return json_null();
    list = json_array();
    find_seats(daemon, roster, seats);
    for (unsigned i = 0; list && i < roster->count; i++)
        if (json_array_append_new(list, seat_document(&roster->ids[i], &seats[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    snprintf(version, sizeof(version), "%" PRIu64 ".%" PRIu32, roster->epoch, roster->change);
    return json_pack("{s:s, s:o}", "version", version, "seats", list);
}

static json_t *why_document(const struct core_view *view) {
    char why[QUORUM_WHY_SIZE];

    quorum_why(view, why);
    return why[0] == '\0' ? json_null() : json_string(why);
}

json_t *quorum_document(const struct daemon *daemon, const struct core_view *view) {
    const struct core_quorum *quorum = &view->quorum;

    if (!quorum->majority) /* every connected part may have its leader: it is always met */
        return json_pack("{s:s, s:i, s:I, s:b}", "policy", "none", "expect", 0, "have", (json_int_t)view->members,
                         "ok", true);
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:I, s:I, s:o, s:o}", "policy", "majority",
                     "expect", quorum->expect, "configured", (int)daemon_expect(daemon),
                     "needed", quorum->needed, "have", quorum->have, "ok", quorum->have >= quorum->needed,
                     "seat", quorum->seat, "pinned", quorum->pinned,
                     "fresh", (json_int_t)quorum->fresh, "abstains_ms", (json_int_t)(quorum->abstains / USEC_PER_MS),
                     "roster", roster_document(daemon, &quorum->roster), "why", why_document(view));
}
