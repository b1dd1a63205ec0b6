/* SPDX-License-Identifier: ISC
 *
 * reload.c - `eldest reload`: lets the daemon read its configuration again, and tells what came of it.
 */
#include "cli/session.h"

#include <stdio.h>

/* "TITLE: a, b, c."; nothing for no keys. */
static void print_keys(const char *title, const json_t *keys) {
    size_t index;
    json_t *key;

    json_array_foreach(keys, index, key)
        printf("%s %s", index == 0 ? title : ",", json_is_string(key) ? json_string_value(key) : "");
    if (json_array_size(keys) > 0)
        puts(".");
}

enum status verb_reload(struct cli *cli, int argc, char **argv) {
    json_t *outcome;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status status = session_ask(cli, "reload", SESSION_ANSWER_LIMIT, &outcome);
    if (status != STATUS_OK)
        return status;
    const json_t *changed = json_object_get(outcome, "changed"), *restart = json_object_get(outcome, "restart");
    if (!cli->json) {
        print_keys("Changed:", changed);
        print_keys("Takes effect at the next start:", restart);
        if (json_array_size(changed) + json_array_size(restart) == 0)
            puts("Nothing has changed.");
    }
    json_decref(outcome);
    return STATUS_OK;
}
