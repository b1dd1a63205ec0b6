/* SPDX-License-Identifier: ISC
 *
 * counters.c - `eldest counters`: what the daemon has counted since its start; without --all, what there was any of.
 *
 *     In 3h 4m, since eldestd was started:
 *     sent         heartbeat  5512
 *     received     ack        5512
 *     refused      wrong_ttl     2
 *     wakeups                11213
 */
#include "base/util.h"
#include "cli/palette.h"
#include "cli/session.h"
#include "cli/table.h"
#include "text/value.h"

#include <stdio.h>

static const struct table_column columns[] = { { "COUNTER", false }, { "", false }, { "NUMBER", true } };

static void add_counter(struct table *table, const char *counter, const char *kind, const json_t *value, bool all) {
    char number[TEXT_SIZE];
    const char *cells[] = { counter, kind, number };

    if (!all && json_integer_value(value) == 0)
        return;
    snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    table_add(table, TONE_PLAIN, cells);
}

static void print_counters(json_t *document, bool all) {
    struct table *table = table_new(columns, ARRAY_SIZE(columns));
    const char *counter, *kind;
    json_t *value, *of_kind;
    char uptime[TEXT_SIZE];

    if (!table)
        return;
    json_object_foreach(document, counter, value) {
        if (json_is_integer(value))
            add_counter(table, counter, "", value, all);
        json_object_foreach(value, kind, of_kind)
            add_counter(table, counter, kind, of_kind, all);
    }
    printf("In %s, since eldestd was started:\n", text_seconds(json_object_get(document, "uptime"), uptime));
    table_print(table, stdout, palette_of(stdout));
    table_free(table);
}

const struct cli_option counters_options[] = {
    { 'a', "all", NULL, "what was counted never, too" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, bool *all) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == 'a')
            *all = true;
        else
            return false;
    return cli_no_arguments(argc, argv);
}

enum status verb_counters(struct cli *cli, int argc, char **argv) {
    json_t *document;
    bool all = false;

    if (!read_options(cli, argc, argv, &all))
        return STATUS_USAGE;
    enum status status = session_ask(cli, "counters", SESSION_ANSWER_LIMIT, &document);
    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        print_counters(document, all);
    json_decref(document);
    return STATUS_OK;
}
