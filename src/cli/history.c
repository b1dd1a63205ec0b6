/* SPDX-License-Identifier: ISC
 *
 * history.c - `eldest history`: the leaderships that this node has seen, the newest last, like the last lines of a log.
 *
 *     EPOCH  LEADER  FROM                 LASTED  BEGAN BY    ENDED BY
 *         7  alpha   2026-11-23 09:12:44  3h 4m   cold start  death
 *     *   8  beta    2026-11-23 12:17:02  5m 12s  death                 this node
 */
#include "base/util.h"
#include "cli/palette.h"
#include "cli/session.h"
#include "cli/table.h"
#include "text/value.h"

#include <stdio.h>

enum {
    COLUMN_MARK,
    COLUMN_EPOCH,
    COLUMN_LEADER,
    COLUMN_FROM,
    COLUMN_LASTED,
    COLUMN_BEGAN_BY,
    COLUMN_ENDED_BY,
    COLUMN_NOTE,
};

static const struct table_column columns[] = {
    { "", false },       { "EPOCH", true },     { "LEADER", false },   { "FROM", false },
    { "LASTED", false }, { "BEGAN BY", false }, { "ENDED BY", false }, { "", false },
};

static void add_term(struct table *table, const json_t *term) {
    const json_t *leader = json_object_get(term, "leader");
    bool present = json_is_true(json_object_get(term, "present"));
    char epoch[TEXT_SIZE], name[TEXT_SIZE], from[TEXT_SIZE], lasted[TEXT_SIZE];

    snprintf(epoch, sizeof(epoch), "%" JSON_INTEGER_FORMAT, integer_of(term, "epoch"));
    const char *cells[] = {
        [COLUMN_MARK] = present ? "*" : "",
        [COLUMN_EPOCH] = epoch,
        [COLUMN_LEADER] = text_name(leader, name),
        [COLUMN_FROM] = text_time(text_of(term, "from"), from),
        [COLUMN_LASTED] = text_seconds(json_object_get(term, "lasted"), lasted),
        [COLUMN_BEGAN_BY] = text_or_dash(text_of(term, "began_by")),
        [COLUMN_ENDED_BY] = text_ended_by(term),
        [COLUMN_NOTE] = json_is_true(json_object_get(leader, "self")) ? "this node" : "",
    };
    table_add(table, present ? TONE_GOOD : TONE_PLAIN, cells);
}

static void print_history(const json_t *document) {
    const json_t *terms = json_object_get(document, "history");
    json_int_t forgotten = integer_of(document, "forgotten");
    struct table *table = table_new(columns, ARRAY_SIZE(columns));
    size_t index;
    json_t *term;

    if (!table)
        return;
    if (json_array_size(terms) == 0)
        puts("No leader was seen yet.");
    if (forgotten > 0)
        printf("%" JSON_INTEGER_FORMAT " older ones are not kept.\n", forgotten);
    json_array_foreach(terms, index, term)
        add_term(table, term);
    if (json_array_size(terms) > 0)
        table_print(table, stdout, palette_of(stdout));
    table_free(table);
}

enum status verb_history(struct cli *cli, int argc, char **argv) {
    json_t *document;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status status = session_ask(cli, "history", SESSION_ANSWER_LIMIT, &document);
    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        print_history(document);
    json_decref(document);
    return STATUS_OK;
}
