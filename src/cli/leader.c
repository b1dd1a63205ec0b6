/* SPDX-License-Identifier: ISC
 *
 * leader.c - `eldest leader`: who leads, in the form that is asked for.
 */
#include "cli/quorum.h"
#include "cli/session.h"
#include "text/value.h"

#include <stdio.h>
#include <string.h>

static const char letters[] = "naepitT%";

/* Whether every % of the format is followed by a letter that means something. */
static bool format_check(const char *format) {
    for (const char *at = strchr(format, '%'); at; at = strchr(at + 2, '%'))
        if (at[1] == '\0' || !strchr(letters, at[1])) {
            cli_complain("-f %s: unknown %.2s; allowed: "
                         "%%n name, %%a address, %%p port, %%e epoch, %%i id, %%t token, %%T tags, %%%%",
                         format, at);
            return false;
        }
    return true;
}

static void print_letter(char letter, const json_t *picture) {
    const json_t *leader = json_object_get(picture, "leader");
    char name[TEXT_SIZE], tags[TAGS_MAX + 1];

    switch (letter) {
    case 'n':
        fputs(text_name(leader, name), stdout);
        break;
    case 'a':
        fputs(text_of(leader, "address"), stdout);
        break;
    case 'p':
        printf("%" JSON_INTEGER_FORMAT, integer_of(leader, "port"));
        break;
    case 'e':
        printf("%" JSON_INTEGER_FORMAT, integer_of(picture, "epoch"));
        break;
    case 'i':
        fputs(text_of(leader, "id"), stdout);
        break;
    case 't':
        fputs(text_of(picture, "token"), stdout);
        break;
    case 'T':
        fputs(text_tags(leader, tags), stdout);
        break;
    default:
        putchar(letter);
    }
}

static void print_format(const char *format, const json_t *picture) {
    for (const char *at = format; *at; at++)
        if (*at == '%')
            print_letter(*++at, picture);
        else
            putchar(*at);
    putchar('\n');
}

const struct cli_option leader_options[] = {
    { 'f', "format", "FORMAT", "of %n name, %a address, %p port, %e epoch, %i id, %t token, %T tags, %% itself" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, const char **format) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == 'f')
            *format = optarg;
        else
            return false;
    return cli_no_arguments(argc, argv) && format_check(*format);
}

enum status verb_leader(struct cli *cli, int argc, char **argv) {
    const char *format = "%n %a";
    char why[QUORUM_TEXT_SIZE];
    json_t *picture;

    if (!read_options(cli, argc, argv, &format))
        return STATUS_USAGE;
    enum status outcome = session_ask(cli, "leader", SESSION_ANSWER_LIMIT, &picture);
    if (outcome != STATUS_OK)
        return outcome;

    if (!json_is_object(json_object_get(picture, "leader"))) {
        cli_complain("there is no leader: %s", quorum_no_leader(picture, why));
        outcome = STATUS_NO_LEADER;
    } else if (!cli->json) {
        print_format(format, picture);
    }
    json_decref(picture);
    return outcome;
}
