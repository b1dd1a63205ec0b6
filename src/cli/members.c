/* SPDX-License-Identifier: ISC
 *
 * members.c - see members.h. The daemon has put the peers in order: the leader, then by seniority.
 */
#include "cli/members.h"

#include "base/util.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- the cells --- */

struct cell {
    const json_t *status, *peer;
    char text[TAGS_MAX + 1]; /* room for what it says */
};

typedef const char *cell_function(struct cell *cell);

static bool is_leader(const json_t *peer) {
    return strcmp(text_of(peer, "state"), "leader") == 0;
}

static const char *mark(struct cell *cell) {
    return is_leader(cell->peer) ? "*" : "";
}

static const char *name(struct cell *cell) {
    return text_name(cell->peer, cell->text);
}

static const char *state(struct cell *cell) {
    return text_of(cell->peer, "state");
}

static const char *address(struct cell *cell) {
    return text_or_dash(text_of(cell->peer, "address"));
}

static const char *age(struct cell *cell) {
    return text_seconds(json_object_get(cell->peer, "age"), cell->text);
}

static const char *round_trip(struct cell *cell) {
    return text_us(json_object_get(cell->peer, "rtt_us"), cell->text);
}

static const char *loss(struct cell *cell) {
    return text_percent(json_object_get(cell->peer, "loss"), cell->text);
}

static const char *last_seen(struct cell *cell) {
    return text_last_seen(cell->peer, cell->text);
}

static const char *priority(struct cell *cell) {
    json_int_t number = integer_of(cell->peer, "priority");

    snprintf(cell->text, sizeof(cell->text), "%" JSON_INTEGER_FORMAT, number);
    return cell->text;
}

static const char *id(struct cell *cell) {
    return text_of(cell->peer, "id");
}

static const char *tags(struct cell *cell) {
    return text_tags(cell->peer, cell->text);
}

/* What a reader should know about a member besides the figures. */
static const char *note(struct cell *cell) {
    bool self = json_is_true(json_object_get(cell->peer, "self"));
    const char *next = text_of(cell->status, "next");

    if (json_is_true(json_object_get(cell->peer, "paused")))
        return self ? "this node, paused" : "paused";
    if (json_is_false(json_object_get(cell->peer, "eligible")))
        return self ? "this node, not eligible" : "not eligible";
    if (*next && strcmp(text_of(cell->peer, "id"), next) == 0)
        return self ? "this node, next" : "next";
    return self ? "this node" : "";
}

/* --- the columns --- */

enum { SHOWN_ALWAYS, SHOWN_WITH_LOSS, SHOWN_WIDE, SHOWN_TAGGED };

static const struct {
    struct table_column column;
    cell_function *cell;
    unsigned shown;
    unsigned spare;
} columns[] = {
    { { "", false }, mark, SHOWN_ALWAYS, 0 },
    { { "NAME", false }, name, SHOWN_ALWAYS, 0 },
    { { "STATE", false }, state, SHOWN_ALWAYS, 1 },
    { { "ADDRESS", false }, address, SHOWN_ALWAYS, 5 },
    { { "AGE", false }, age, SHOWN_ALWAYS, 3 },
    { { "ROUND TRIP", true }, round_trip, SHOWN_ALWAYS, 4 },
    { { "LOSS", true }, loss, SHOWN_WITH_LOSS, 6 },
    { { "LAST SEEN", true }, last_seen, SHOWN_ALWAYS, 2 },
    { { "PRIO", true }, priority, SHOWN_WIDE, 7 },
    { { "ID", false }, id, SHOWN_WIDE, 8 },
    { { "TAGS", false }, tags, SHOWN_TAGGED, 9 },
    { { "", false }, note, SHOWN_ALWAYS, 0 },
};

/* Those of `columns` that a table has. */
struct choice {
    unsigned count;
    size_t index[TABLE_COLUMNS_MAX];
};

static bool has_loss(const json_t *peer) {
    return json_is_number(json_object_get(peer, "loss"));
}

static bool has_tags(const json_t *peer) {
    return json_object_size(json_object_get(peer, "tags")) > 0;
}

static bool any(const json_t *peers, bool (*has)(const json_t *peer)) {
    size_t index;
    json_t *peer;

    json_array_foreach(peers, index, peer)
        if (has(peer))
            return true;
    return false;
}

static void choose(const json_t *status, const struct members_view *view, struct choice *ret) {
    const json_t *peers = json_object_get(status, "peers");
    bool shown[] = {
        [SHOWN_ALWAYS] = true,
        [SHOWN_WITH_LOSS] = view->loss && any(peers, has_loss),
        [SHOWN_WIDE] = view->wide,
        [SHOWN_TAGGED] = view->wide && any(peers, has_tags),
    };

    ret->count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
        if (shown[columns[i].shown])
            ret->index[ret->count++] = i;
}

static struct table *new_table(const struct choice *choice) {
    struct table_column chosen[TABLE_COLUMNS_MAX];

    for (unsigned i = 0; i < choice->count; i++)
        chosen[i] = columns[choice->index[i]].column;
    return table_new(chosen, choice->count);
}

static void add_member(struct table *table, const struct choice *choice, const json_t *peer, const json_t *status) {
    struct cell cells[TABLE_COLUMNS_MAX];
    const char *texts[TABLE_COLUMNS_MAX];

    for (unsigned i = 0; i < choice->count; i++) {
        cells[i].status = status;
        cells[i].peer = peer;
        texts[i] = columns[choice->index[i]].cell(&cells[i]);
    }
    table_add(table, is_leader(peer) ? TONE_GOOD : TONE_PLAIN, texts);
}

static void fit(struct table *table, const struct choice *choice, int width) {
    unsigned spare[TABLE_COLUMNS_MAX];

    for (unsigned i = 0; i < choice->count; i++)
        spare[i] = columns[choice->index[i]].spare;
    if (width > 0)
        table_fit(table, spare, width);
}

/* --- the rows --- */

/* A place in a list that is put in another order. */
struct place {
    const json_t *peer;
    size_t index; /* in the order of the daemon */
    double figure; /* the greater comes first */
};

static int compare_names(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    int order = strcmp(text_of(a->peer, "name"), text_of(b->peer, "name"));

    return order != 0 ? order : a->index < b->index ? -1 : 1;
}

static int compare_figures(const void *left, const void *right) {
    const struct place *a = left, *b = right;

    if (a->figure > b->figure || a->figure < b->figure)
        return a->figure > b->figure ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

/* Who has none comes last. */
static double figure_of(const json_t *peer, enum members_order order) {
    const json_t *figure = json_object_get(peer, order == MEMBERS_BY_LOSS ? "loss" : "rtt_us");

    return json_is_number(figure) ? json_number_value(figure) : -1;
}

/* All of them in that order; the caller frees it. NULL when memory ran out. */
static struct place *in_order(const json_t *peers, enum members_order order) {
    struct place *places = calloc(json_array_size(peers) + 1, sizeof(*places));
    size_t index;
    json_t *peer;

    if (!places)
        return NULL;
    json_array_foreach(peers, index, peer)
        places[index] = (struct place){ .peer = peer, .index = index, .figure = figure_of(peer, order) };
    if (order != MEMBERS_BY_SENIORITY)
        qsort(places, json_array_size(peers), sizeof(*places),
              order == MEMBERS_BY_NAME ? compare_names : compare_figures);
    return places;
}

struct table *members_table(const json_t *status, const struct members_view *view, size_t *ret_left_out) {
    const json_t *peers = json_object_get(status, "peers");
    struct place *places = in_order(peers, view->order);
    size_t shown = 0, count = json_array_size(peers);
    struct choice choice;

    choose(status, view, &choice);
    struct table *table = places ? new_table(&choice) : NULL;
    for (size_t i = 0; table && i < count; i++)
        if (shown < view->rows_max || json_is_true(json_object_get(places[i].peer, "self"))) {
            add_member(table, &choice, places[i].peer, status);
            shown++;
        }
    free(places);
    if (!table)
        return NULL;
    fit(table, &choice, view->width);
    *ret_left_out = count - shown;
    return table;
}

size_t members_print(const json_t *status, const struct members_view *view) {
    size_t left_out = 0;
    struct table *table = members_table(status, view, &left_out);

    if (table)
        table_print(table, stdout, palette_of(stdout));
    table_free(table);
    return left_out;
}
