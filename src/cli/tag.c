/* SPDX-License-Identifier: ISC
 *
 * tag.c - `eldest tag`: what this node tells of itself in words; shows it, or changes what was set over the
 * configuration.
 */
#include "base/tags.h"
#include "cli/session.h"
#include "text/value.h"

#include <stdio.h>
#include <string.h>

static bool check_words(int count, char **words) {
    struct tag tag;

    if (count > TAGS_CHANGES_MAX) {
        cli_complain("tag: %d of them; allowed: at most %d", count, TAGS_CHANGES_MAX);
        return false;
    }
    for (int i = 0; i < count; i++) {
        const char *wrong = tags_parse(words[i], strlen(words[i]), true, &tag);

        if (wrong) {
            cli_complain("tag %s: %s; allowed: KEY=VALUE, or KEY= alone; KEY of " TAGS_KEY_ALLOWED "; VALUE of "
                         TAGS_VALUE_ALLOWED, words[i], wrong);
            return false;
        }
    }
    return true;
}

static json_t *request_of(int count, char **words) {
    json_t *set = json_array();

    for (int i = 0; i < count; i++)
        json_array_append_new(set, json_string(words[i]));
    return json_pack("{s:s, s:o}", "command", "tag", "set", set);
}

static void print_tags(json_t *tags) {
    const char *key;
    json_t *value;

    json_object_foreach(tags, key, value)
        printf("%s=%s\n", key, json_is_string(value) ? json_string_value(value) : "");
}

enum status verb_tag(struct cli *cli, int argc, char **argv) {
    json_t *answer;

    if (cli_getopt(cli, argc, argv) != -1 || !check_words(argc - optind, argv + optind))
        return STATUS_USAGE;
    enum status status = optind == argc
                             ? session_ask(cli, "tags", SESSION_ANSWER_LIMIT, &answer)
                             : session_ask_for(cli, request_of(argc - optind, argv + optind), SESSION_ANSWER_LIMIT,
                                               &answer);
    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        print_tags(json_object_get(answer, "tags"));
    json_decref(answer);
    return STATUS_OK;
}
