/* SPDX-License-Identifier: ISC
 *
 * members.c - see members.h. The daemon has put the peers in order: the leader, then by seniority.
 */
#include "cli/members.h"

#include "base/util.h"
#include "cli/table.h"

#include <string.h>

enum { COLUMN_MARK, COLUMN_NAME, COLUMN_STATE, COLUMN_ADDRESS, COLUMN_AGE, COLUMN_ROUND_TRIP, COLUMN_SEEN };

static const struct table_column narrow_columns[] = {
    { "", false },    { "NAME", false },      { "STATE", false },    { "ADDRESS", false },
    { "AGE", false }, { "ROUND TRIP", true }, { "LAST SEEN", true }, { "", false },
};

static const struct table_column wide_columns[] = {
    { "", false },          { "NAME", false },     { "STATE", false }, { "ADDRESS", false }, { "AGE", false },
    { "ROUND TRIP", true }, { "LAST SEEN", true }, { "PRIO", true },   { "ID", false },      { "", false },
};

static const struct table_column tagged_columns[] = {
    { "", false },          { "NAME", false },     { "STATE", false }, { "ADDRESS", false }, { "AGE", false },
    { "ROUND TRIP", true }, { "LAST SEEN", true }, { "PRIO", true },   { "ID", false },      { "TAGS", false },
    { "", false },
};

static struct table *new_table(bool wide, bool tagged) {
    if (tagged)
        return table_new(tagged_columns, ARRAY_SIZE(tagged_columns));
    return wide ? table_new(wide_columns, ARRAY_SIZE(wide_columns))
                : table_new(narrow_columns, ARRAY_SIZE(narrow_columns));
}

static bool has_tags(const json_t *peers) {
    size_t index;
    json_t *peer;

    json_array_foreach(peers, index, peer)
        if (json_object_size(json_object_get(peer, "tags")) > 0)
            return true;
    return false;
}

static const char *last_seen(const json_t *peer, char text[TEXT_SIZE]) {
    return json_is_true(json_object_get(peer, "self")) ? "-" : text_ms_ago(json_object_get(peer, "last_seen_ms"), text);
}

/* What a reader should know about a member besides the figures. */
static const char *note(const json_t *peer, bool is_next) {
    bool self = json_is_true(json_object_get(peer, "self"));

    if (json_is_true(json_object_get(peer, "paused")))
        return self ? "this node, paused" : "paused";
    if (json_is_false(json_object_get(peer, "eligible")))
        return self ? "this node, not eligible" : "not eligible";
    if (is_next)
        return self ? "this node, next" : "next";
    return self ? "this node" : "";
}

static void add_member(struct table *table, const json_t *peer, bool is_next, bool wide, bool tagged,
                       const struct palette *palette) {
    char name[TEXT_SIZE], age[TEXT_SIZE], round_trip[TEXT_SIZE], seen[TEXT_SIZE], priority[TEXT_SIZE];
    char tags[TAGS_MAX + 1];
    bool leads = strcmp(text_of(peer, "state"), "leader") == 0;
    const char *address = text_of(peer, "address");
    const char *cells[TABLE_COLUMNS_MAX] = {
        [COLUMN_MARK] = leads ? "*" : "",
        [COLUMN_NAME] = text_name(peer, name),
        [COLUMN_STATE] = text_of(peer, "state"),
        [COLUMN_ADDRESS] = *address ? address : "-",
        [COLUMN_AGE] = text_seconds(json_object_get(peer, "age"), age),
        [COLUMN_ROUND_TRIP] = text_us(json_object_get(peer, "rtt_us"), round_trip),
        [COLUMN_SEEN] = last_seen(peer, seen),
    };
    unsigned column = COLUMN_SEEN + 1;

    if (wide) {
        snprintf(priority, sizeof(priority), "%lld",
                 (long long)json_integer_value(json_object_get(peer, "priority")));
        cells[column++] = priority;
        cells[column++] = text_of(peer, "id");
    }
    if (tagged)
        cells[column++] = text_tags(peer, tags);
    cells[column] = note(peer, is_next);
    table_add(table, leads ? palette->good : "", cells);
}

size_t members_print(const json_t *status, const struct members_view *view) {
    const struct palette *palette = palette_of(stdout);
    bool tagged = view->wide && has_tags(json_object_get(status, "peers"));
    struct table *table = new_table(view->wide, tagged);
    const char *next = text_of(status, "next");
    size_t index, shown = 0, left_out = 0;
    json_t *peer;

    if (!table)
        return 0;
    json_array_foreach(json_object_get(status, "peers"), index, peer) {
        if (shown < view->rows_max || json_is_true(json_object_get(peer, "self"))) {
            add_member(table, peer, *next && strcmp(text_of(peer, "id"), next) == 0, view->wide, tagged,
                       palette);
            shown++;
        } else {
            left_out++;
        }
    }
    table_print(table, stdout, palette);
    table_free(table);
    return left_out;
}

const char *members_missing(const json_t *status) {
    bool leads = json_is_true(json_object_get(json_object_get(status, "leader"), "self"));

    return leads ? "the table has no room for (members_max)" : "the leader has not told";
}
