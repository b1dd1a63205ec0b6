/* SPDX-License-Identifier: ISC
 *
 * pause.c - `eldest pause` and `eldest resume`: whether this node may lead, for a while. A leader hands over first, and
 * that is waited for.
 */
#include "base/str.h"
#include "cli/session.h"
#include "lib/client.h"
#include "text/value.h"

#include <stdio.h>

struct wish {
    usec_t length; /* USEC_NEVER: until resume */
    bool forced;
};

static bool check_length(const char *text, usec_t length) {
    if (length >= PAUSE_MIN && length <= PAUSE_MAX)
        return true;
    cli_complain("--for %s: too %s; allowed: 1s to 3650d", text, length < PAUSE_MIN ? "short" : "long");
    return false;
}

enum { OPTION_FOR = 256, OPTION_FORCE };

const struct cli_option pause_options[] = {
    { OPTION_FOR, "for", "DURATION", "resume after that time, of 1s to 3650d" },
    { OPTION_FORCE, "force", NULL, "pause even if nobody else can lead" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, struct wish *wish) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == OPTION_FORCE)
            wish->forced = true;
        else if (option != OPTION_FOR || !cli_duration("--for", optarg, &wish->length) ||
                 !check_length(optarg, wish->length))
            return false;
    return cli_no_arguments(argc, argv);
}

static json_t *request_of(const struct wish *wish) {
    json_t *request = json_pack("{s:s, s:b}", "command", "pause", "force", wish->forced);

    if (wish->length != USEC_NEVER)
        json_object_set_new(request, "for_ms", json_integer(wish->length / USEC_PER_MS));
    return request;
}

static void print_outcome(const json_t *outcome) {
    const json_t *leader = json_object_get(outcome, "leader"), *left = json_object_get(outcome, "paused_for");
    char text[TEXT_SIZE];

    if (json_is_true(json_object_get(outcome, "handed_over")) && json_is_object(leader))
        printf("Handed over to %s, epoch %" JSON_INTEGER_FORMAT ".\n", text_name_address(leader, text),
               integer_of(outcome, "epoch"));
    if (json_is_number(left))
        printf("Paused for %s: until then, or eldest resume, this node does not lead.\n", text_seconds(left, text));
    else
        puts("Paused: until eldest resume, this node does not lead.");
}

enum status verb_pause(struct cli *cli, int argc, char **argv) {
    struct wish wish = { .length = USEC_NEVER };
    json_t *outcome;

    if (!read_options(cli, argc, argv, &wish))
        return STATUS_USAGE;
    enum status status = session_ask_for(cli, request_of(&wish), CLIENT_HANDOVER_LIMIT, &outcome);
    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        print_outcome(outcome);
    json_decref(outcome);
    return STATUS_OK;
}

enum status verb_resume(struct cli *cli, int argc, char **argv) {
    json_t *outcome;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status status = session_ask(cli, "resume", SESSION_ANSWER_LIMIT, &outcome);
    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        puts(json_is_false(json_object_get(outcome, "resumed")) ? "This node was not paused."
             : json_is_true(json_object_get(outcome, "eligible"))
                 ? "Resumed: this node may lead again."
                 : "Resumed; but by its configuration this node may not lead.");
    json_decref(outcome);
    return STATUS_OK;
}
