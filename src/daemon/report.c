/* SPDX-License-Identifier: ISC
 *
 * report.c - the documents of report.h, put together from the views that the daemon gives of its core.
 */
#include "daemon/report.h"

#include "base/str.h"
#include "base/tags.h"
#include "core/rank.h"
#include "daemon/daemon.h"
#include "daemon/history.h"
#include "daemon/holders.h"
#include "daemon/quorum.h"
#include "daemon/report_parts.h"
#include "daemon/settings.h"
#include "platform/address.h"
#include "platform/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TOKEN_TEXT_SIZE = STR_UNSIGNED_SIZE + STR_ID_SIZE,
    TIME_TEXT_SIZE = 64,
};

json_t *unless_bad(json_t *document, bool bad) {
    if (!bad)
        return document;
    json_decref(document);
    return NULL;
}

json_t *id_document(const struct node_id *id) {
    char text[STR_ID_SIZE];

    str_format_id(id, text);
    return json_string(text);
}

static json_t *token_document(const struct token *token) {
    char text[TOKEN_TEXT_SIZE], id[STR_ID_SIZE];

    if (node_id_is_none(&token->leader))
        return json_null();
    str_format_id(&token->leader, id);
    snprintf(text, sizeof(text), "%" PRIu64 ".%s", token->epoch, id);
    return json_string(text);
}

/* Milliseconds are what a report promises; finer digits would only be noise. */
static json_t *seconds_document(usec_t duration) {
    return json_real((double)(duration / USEC_PER_MS) / 1000.0);
}

json_t *address_document(const struct address *address) {
    char text[ADDRESS_TEXT_SIZE];

    return address->family == 0 ? json_null() : json_string(address_format(address, text));
}

static json_t *port_document(const struct address *address) {
    return address->family == 0 ? json_null() : json_integer(address->port);
}

/* The address by which others reach this node; none while it has no interface. */
static struct address own_address(const struct daemon *daemon) {
    struct address address;

    if (!daemon_own_address(daemon, &address))
        memset(&address, 0, sizeof(address));
    return address;
}

/* Of anybody, so only what is a tag is told. */
static json_t *tags_document(const char *tags) {
    json_t *document = json_object();
    char key[TAG_KEY_MAX + 1];
    struct tag tag;
    int bad = 0;

    while (tags_next(&tags, &tag)) {
        memcpy(key, tag.key, tag.key_length);
        key[tag.key_length] = '\0';
        bad |= json_object_set_new(document, key, json_stringn(tag.value, tag.value_length));
    }
    return unless_bad(document, bad);
}

static json_t *leader_document(const struct daemon *daemon, const struct core_view *view) {
    if (!core_view_names_leader(view))
        return json_null();

    struct address address = view->leads ? own_address(daemon) : view->leader_address;

    return json_pack("{s:o, s:s, s:o, s:o, s:b, s:o, s:o}",
                     "id", id_document(&view->leader.leader), "name", view->leader_name,
                     "address", address_document(&address), "port", port_document(&address),
                     "self", view->leads, "since", seconds_document(view->leader_since),
                     "tags", tags_document(view->leader_tags));
}

static json_t *leader_token_document(const struct core_view *view) {
    return core_view_names_leader(view) ? token_document(&view->leader) : json_null();
}

static json_t *birth_document(bool has_birth, int64_t birth) {
    return has_birth ? json_integer(birth) : json_null();
}

/* Seconds; null if there is none, or none with an end. */
static json_t *pause_left_document(const struct daemon *daemon) {
    usec_t left = daemon_pause_left(daemon);

    return left == 0 || left == USEC_NEVER ? json_null() : seconds_document(left);
}

/* A pause that has just begun is still on its way to the core. */
static json_t *node_document(const struct daemon *daemon, const struct core_view *view) {
    bool paused = daemon_pause_left(daemon) != 0;

    return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:i, s:b, s:b, s:o, s:o, s:b}",
                     "id", id_document(&view->id), "name", view->facts.name,
                     "state", node_state_name(view->state), "standing", daemon_standing(daemon, view),
                     "birth", birth_document(view->has_birth, view->birth), "age", seconds_document(view->age),
                     "priority", (int)view->facts.priority, "eligible", view->facts.eligible && !paused,
                     "paused", paused, "paused_for", pause_left_document(daemon),
                     "tags", tags_document(view->facts.tags), "writable", daemon_writable(daemon));
}

/* Whole milliseconds of a lease, which is never told longer than it is. A client may work by that number alone, without
 * a connection (MAJ-8): so the daemon keeps its end. */
static json_t *lease_document(const struct daemon *daemon, const struct core_view *view) {
    usec_t lease = view->quorum.lease;

    if (lease == 0 || lease == USEC_NEVER)
        return json_null();
    daemon_tell_lease(daemon, view->at + lease);
    return json_integer(lease / USEC_PER_MS);
}

/* The leader's configuration rules all; without a leader there is nothing in force. */
static json_t *timing_document(const struct core_view *view) {
    if (!core_view_names_leader(view))
        return json_null();
    return json_pack("{s:I, s:I}", "detect_ms", (json_int_t)(view->detect / USEC_PER_MS), "heartbeat_ms",
                     (json_int_t)(view->interval / USEC_PER_MS));
}

static json_t *picture(const struct daemon *daemon, const struct core_view *view, json_t *lease) {
    return json_pack("{s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:I}",
                     "cluster", daemon_cluster(daemon), "node", node_document(daemon, view),
                     "epoch", (json_int_t)view->epoch, "token", leader_token_document(view),
                     "leader", leader_document(daemon, view), "quorum", quorum_document(daemon, view),
                     "lease_ms", lease, "timing", timing_document(view),
                     "members", (json_int_t)view->members);
}

json_t *report_leader(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return picture(daemon, &view, lease_document(daemon, &view));
}

json_t *report_check(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return picture(daemon, &view, json_null());
}

/* To a thousandth: one try of 64 is 0.016. */
static json_t *loss_document(int32_t loss) {
    return loss == LOSS_UNKNOWN ? json_null() : json_real((double)((loss * 1000 + LOSS_ONE / 2) / LOSS_ONE) / 1000.0);
}

static json_t *peer_document(const struct daemon *daemon, const struct core_peer *peer) {
    struct address address = peer->self ? own_address(daemon) : peer->address;

    return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:b, s:i, s:b, s:b, s:o}",
                     "id", id_document(&peer->id), "name", peer->facts.name,
                     "address", address_document(&address), "port", port_document(&address),
                     "state", node_state_name(peer->state), "birth", birth_document(peer->has_birth, peer->birth),
                     "age", peer->age >= 0 ? seconds_document(peer->age) : json_null(),
                     "rtt_us", peer->rtt_us > 0 ? json_integer(peer->rtt_us) : json_null(),
                     "loss", loss_document(peer->loss),
                     "last_seen_ms", (json_int_t)(peer->last_seen / USEC_PER_MS), "self", peer->self,
                     "priority", (int)peer->facts.priority, "eligible", peer->facts.eligible,
                     "paused", peer->facts.paused, "tags", tags_document(peer->facts.tags));
}

static struct rank_key peer_key(const struct core_peer *peer) {
    return (struct rank_key){ .priority = peer->facts.priority, .timeline = peer->has_birth, .birth = peer->birth,
                              .id = peer->id };
}

/* The leader first, then in the order in which they would take over; members without a birth last. All
 * births are on one timeline, which needs no number here. */
static int peer_compare(const void *left, const void *right) {
    const struct core_peer *a = left, *b = right;
    struct rank_key key_a = peer_key(a), key_b = peer_key(b);

    if ((a->state == NODE_LEADER) != (b->state == NODE_LEADER))
        return a->state == NODE_LEADER ? -1 : 1;
    return rank_compare(&key_a, &key_b, true);
}

/* All members that are known, in order; the caller frees the list. NULL when memory ran out. */
static struct core_peer *peers_sorted(const struct daemon *daemon, uint32_t *ret_count) {
    struct core_peer *list = NULL;
    uint32_t count = 0, room = 0;
    struct core_peer peer;

    while (daemon_peer(daemon, count, &peer)) {
        if (count == room) {
            room = room ? 2 * room : 16;
            struct core_peer *grown = reallocarray(list, room, sizeof(*list));
            if (!grown) {
                free(list);
                return NULL;
            }
            list = grown;
        }
        list[count++] = peer;
    }
    if (count > 0)
        qsort(list, count, sizeof(*list), peer_compare);
    *ret_count = count;
    return list ? list : malloc(sizeof(*list));
}

/* Who takes over when the leader goes: the first that may, of a list in order. */
static json_t *next_document(const struct core_peer *list, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (list[i].state != NODE_LEADER && list[i].facts.eligible && list[i].has_birth)
            return id_document(&list[i].id);
    return json_null();
}

static json_t *peers_document(const struct daemon *daemon, const struct core_peer *list, uint32_t count) {
    json_t *peers = json_array();
    int bad = 0;

    for (uint32_t i = 0; i < count; i++)
        bad |= json_array_append_new(peers, peer_document(daemon, &list[i]));
    return unless_bad(peers, bad);
}

static json_t *holder_document(const struct holder *holder) {
    usec_t now = clock_now();

    return json_pack("{s:i, s:I, s:s, s:o, s:b, s:o}", "pid", (int)holder->pid, "user", (json_int_t)holder->user,
                     "state", holder_state_name(holder->state), "since", seconds_document(now - holder->since),
                     "late", holder->late, "ran", ran_document(&holder->ran, now));
}

static json_t *holders_document(const struct holders *holders) {
    json_t *document = json_array();
    const struct holder *holder;
    int bad = 0;

    LIST_FOREACH(holder, &holders->list, entry)
        bad |= json_array_append_new(document, holder_document(holder));
    return unless_bad(document, bad);
}

/* Until when a holder may work, as CLOCK_BOOTTIME of this host has it; nothing when that has no end. */
static int add_lease(json_t *document, const struct core_view *view, usec_t until) {
    if (until == 0 || until == USEC_NEVER)
        return 0;
    return json_object_set_new(document, "lease_ms", json_integer((until - view->at) / USEC_PER_MS)) |
           json_object_set_new(document, "until_us", json_integer(until)) |
           json_object_set_new(document, "stop_margin_ms", json_integer(view->quorum.stop_margin / USEC_PER_MS));
}

json_t *report_lease(const struct daemon *daemon) {
    json_t *document = json_object();
    struct core_view view;

    daemon_view(daemon, &view);
    if (add_lease(document, &view, quorum_work_until(&view)) == 0)
        return document;
    json_decref(document);
    return NULL;
}

/* The lease may be over when the order is written: work that is not to begin at all, or that is not covered by what was
 * told of the lease before, since the host was suspended and its clock may be late (GAP-1). */
static usec_t order_until(const struct core_view *view, bool works) {
    usec_t until = quorum_work_until(view);
    bool over = works || view->standing == STANDING_WITHOUT_LEASE;

    return until == 0 && view->quorum.majority && over ? view->at : until;
}

/* The token is that of the order: a holder that is told to stop knows which work is meant. */
json_t *report_hold(const struct daemon *daemon, const struct holder *holder) {
    bool works = holder && holder->state == HOLDER_WORKING;
    struct core_view view;
    json_t *document;

    daemon_view(daemon, &view);
    document = json_pack("{s:s, s:I, s:i, s:s, s:{s:o, s:s}, s:s, s:I, s:o, s:o}",
                     "hold", works ? "work" : holder ? "stop" : "none",
                     "order", holder ? (json_int_t)holder->order : 0, "limit_ms", HOLDERS_STOP_LIMIT_MS,
                     "cluster", daemon_cluster(daemon), "node", "id", id_document(&view.id), "name", view.facts.name,
                     "state", node_state_name(view.state), "epoch", (json_int_t)view.epoch,
                     "token", works ? token_document(&holder->token) : leader_token_document(&view),
                     "leader", leader_document(daemon, &view));
    if (!holder || add_lease(document, &view, order_until(&view, works)) == 0)
        return document;
    json_decref(document);
    return NULL;
}

static json_t *status_document(const struct daemon *daemon, const struct core_view *view, json_t *lease) {
    uint32_t count;
    struct core_peer *list = peers_sorted(daemon, &count);
    if (!list) {
        json_decref(lease);
        return NULL;
    }

    json_t *status = picture(daemon, view, lease);
    json_t *next = core_view_names_leader(view) ? next_document(list, count) : json_null();
    json_t *peers = peers_document(daemon, list, count);
    int bad = json_object_set_new(status, "holders", holders_document(daemon_holders(daemon))) |
              json_object_set_new(status, "peers_complete", json_boolean(view->table_complete)) |
              json_object_set_new(status, "next", next) | json_object_set_new(status, "peers", peers);

    free(list);
    return unless_bad(status, bad);
}

json_t *report_status(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return status_document(daemon, &view, lease_document(daemon, &view));
}

json_t *report_page(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return status_document(daemon, &view, json_null());
}

/* RFC 3339 in UTC with milliseconds. */
static json_t *wall_time_document(int64_t wall_ms) {
    time_t whole = wall_ms / 1000;
    struct tm utc;
    char seconds[TIME_TEXT_SIZE], text[TIME_TEXT_SIZE + sizeof(".000Z")];

    gmtime_r(&whole, &utc);
    strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, sizeof(text), "%s.%03uZ", seconds, (unsigned)(wall_ms % 1000) % 1000);
    return json_string(text);
}

static json_t *mono_ns_document(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return json_integer((json_int_t)now.tv_sec * 1000000000 + now.tv_nsec);
}

static json_t *event_document(const struct daemon *daemon, uint64_t seq, const char *event) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:I, s:o, s:o, s:s, s:s, s:s, s:I, s:o, s:o}",
                     "seq", (json_int_t)seq, "time", wall_time_document(clock_wall_ms()), "mono_ns", mono_ns_document(),
                     "event", event, "state", node_state_name(view.state),
                     "standing", daemon_standing(daemon, &view), "epoch", (json_int_t)view.epoch,
                     "token", leader_token_document(&view), "leader", leader_document(daemon, &view));
}

json_t *report_snapshot(const struct daemon *daemon, uint64_t seq) {
    return event_document(daemon, seq, "snapshot");
}

static json_t *notice_peer_document(const struct notice *notice) {
    return json_pack("{s:o, s:s, s:o, s:o}", "id", id_document(&notice->id), "name", notice->name,
                     "address", address_document(&notice->address), "port", port_document(&notice->address));
}

static json_t *notice_other_document(const struct notice *notice) {
    return json_pack("{s:o, s:s, s:o, s:o}", "token", token_document(&notice->token), "name", notice->name,
                     "address", address_document(&notice->address), "port", port_document(&notice->address));
}

/* What only notices of this type tell. 0, or -1 when memory ran out. */
static int add_details(json_t *document, const struct daemon *daemon, const struct notice *notice) {
    struct core_view view;

    switch (notice->type) {
    case NOTICE_NO_LEADER:
        return json_object_set_new(document, "ended", token_document(&notice->token));
    case NOTICE_PEER_JOINED:
    case NOTICE_PEER_LEFT:
        return json_object_set_new(document, "peer", notice_peer_document(notice));
    case NOTICE_CONFLICT:
        return json_object_set_new(document, "other", notice_other_document(notice));
    case NOTICE_ROSTER:
        daemon_view(daemon, &view);
        return json_object_set_new(document, "roster", roster_document(daemon, &view.quorum.roster));
    case NOTICE_CLONE:
        return json_object_set_new(document, "other", notice_other_document(notice)) |
               json_object_set_new(document, "taken", json_boolean(notice->taken));
    default:
        return 0;
    }
}

json_t *report_change(const struct daemon *daemon, uint64_t seq, const struct notice *notice) {
    json_t *document = event_document(daemon, seq, notice_name(notice->type));
    int bad = !document;

    if (notice->reason != REASON_NONE)
        bad |= json_object_set_new(document, "reason", json_string(reason_name(notice->reason)));
    bad |= add_details(document, daemon, notice);
    return unless_bad(document, bad);
}

json_t *report_node_change(const struct daemon *daemon, uint64_t seq, const char *event) {
    json_t *document = event_document(daemon, seq, event);
    struct core_view view;

    daemon_view(daemon, &view);
    return unless_bad(document, json_object_set_new(document, "node", node_document(daemon, &view)) < 0);
}

/* The leadership that this node would name now: with what it knows of the leader by now. */
static bool is_present(const struct term *term, const struct core_view *view) {
    return !term->ended && core_view_names_leader(view) && token_equal(&term->token, &view->leader);
}

static json_t *term_leader_document(const struct daemon *daemon, const struct term *term,
                                    const struct core_view *view) {
    bool present = is_present(term, view);
    struct address address = term->address;

    if (present)
        address = term->self ? own_address(daemon) : view->leader_address;
    return json_pack("{s:o, s:s, s:o, s:o, s:b}", "id", id_document(&term->token.leader),
                     "name", present ? view->leader_name : term->name, "address", address_document(&address),
                     "port", port_document(&address), "self", term->self);
}

static json_t *reason_document(enum reason reason) {
    return reason == REASON_NONE ? json_null() : json_string(reason_name(reason));
}

static json_t *term_document(const struct daemon *daemon, const struct term *term, const struct core_view *view) {
    usec_t lasted = history_duration(term, clock_now());
    json_t *document =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:b}", "epoch", (json_int_t)term->token.epoch,
                  "token", token_document(&term->token), "leader", term_leader_document(daemon, term, view),
                  "began_by", term->began ? reason_document(term->began_by) : json_null(),
                  "from", term->began ? wall_time_document(term->from.wall_ms) : json_null(),
                  "lasted", lasted < 0 ? json_null() : seconds_document(lasted), "present", is_present(term, view));

    if (!term->ended)
        return document;
    return unless_bad(document, json_object_set_new(document, "ended_by", reason_document(term->ended_by)) |
                                    json_object_set_new(document, "to", wall_time_document(term->to.wall_ms)));
}

json_t *report_history(const struct daemon *daemon) {
    const struct history *history = daemon_history(daemon);
    const struct term *term;
    struct core_view view;
    json_t *terms = json_array();
    int bad = 0;

    daemon_view(daemon, &view);
    for (unsigned i = 0; (term = history_get(history, i)) != NULL; i++)
        bad |= json_array_append_new(terms, term_document(daemon, term, &view));
    return json_pack("{s:s, s:o, s:I}", "cluster", daemon_cluster(daemon), "history", unless_bad(terms, bad),
                     "forgotten", (json_int_t)history->forgotten);
}

json_t *report_resigned(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:b, s:I, s:o, s:o}", "resigned", true, "epoch", (json_int_t)view.epoch, "token",
                     leader_token_document(&view), "leader", leader_document(daemon, &view));
}

json_t *report_retired(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:b, s:I, s:o, s:o}", "retired", true, "epoch", (json_int_t)view.epoch, "token",
                     leader_token_document(&view), "quorum", quorum_document(daemon, &view));
}

json_t *report_paused(const struct daemon *daemon, bool handed_over) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:b, s:o, s:b, s:I, s:o, s:o}", "paused", true, "paused_for", pause_left_document(daemon),
                     "handed_over", handed_over, "epoch", (json_int_t)view.epoch, "token",
                     leader_token_document(&view), "leader", leader_document(daemon, &view));
}

json_t *report_tags(const struct daemon *daemon) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:o, s:o, s:o}", "tags", tags_document(view.facts.tags), "configured",
                     tags_document(daemon_tags_configured(daemon)), "set", tags_document(daemon_tags_set(daemon)));
}

json_t *report_resumed(const struct daemon *daemon, bool was_paused) {
    struct core_view view;

    daemon_view(daemon, &view);
    return json_pack("{s:b, s:b}", "resumed", was_paused, "eligible", view.facts.eligible);
}

static json_t *keys_document(const struct settings_keys *keys) {
    json_t *document = json_array();
    int bad = 0;

    for (unsigned i = 0; i < keys->count; i++)
        bad |= json_array_append_new(document, json_string(keys->list[i]));
    return unless_bad(document, bad);
}

static json_t *mistakes_document(const struct conf_errors *errors) {
    json_t *document = json_array();
    int bad = 0;

    for (unsigned i = 0; i < errors->count; i++)
        bad |= json_array_append_new(document, json_string(errors->list[i]));
    if (errors->dropped > 0)
        bad |= json_array_append_new(document, json_sprintf("and %u more mistakes", errors->dropped));
    return unless_bad(document, bad);
}

json_t *report_reload(const struct settings_outcome *outcome) {
    if (outcome->errors.count > 0)
        return json_pack("{s:{s:s, s:s, s:o}}", "error", "code", "configuration", "message",
                         "the configuration is wrong, and stays as it was", "mistakes",
                         mistakes_document(&outcome->errors));
    return json_pack("{s:b, s:o, s:o}", "reloaded", true, "changed", keys_document(&outcome->changed), "restart",
                     keys_document(&outcome->restart));
}

json_t *report_error(const char *code, const char *message) {
    return json_pack("{s:{s:s, s:s}}", "error", "code", code, "message", message);
}

/* A stream remembers that something could not be written; json_dumps() goes on then, without the name of a member. */
char *report_line(json_t *document) {
    char *line = NULL;
    size_t length;
    FILE *stream = document ? open_memstream(&line, &length) : NULL;
    bool whole = stream && json_dumpf(document, stream, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0 && !ferror(stream);

    json_decref(document);
    if (stream && fclose(stream) == 0 && whole)
        return line;
    free(line);
    return NULL;
}
