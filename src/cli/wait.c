/* SPDX-License-Identifier: ISC
 *
 * wait.c - `eldest wait`: returns when there is a leader, or when this node leads, or leads no more.
 *
 * It watches, and the first line of a watch is the present state: nothing can happen between asking and
 * waiting.
 */
#include "cli/session.h"
#include "lib/client.h"

enum wait_goal { GOAL_ANY, GOAL_SELF, GOAL_NOT_SELF };

static bool reached(const json_t *event, enum wait_goal goal) {
    const json_t *leader = json_object_get(event, "leader");
    bool self = json_is_true(json_object_get(leader, "self"));

    switch (goal) {
    case GOAL_SELF:
        return self;
    case GOAL_NOT_SELF:
        return !self;
    case GOAL_ANY:
        break;
    }
    return json_is_object(leader);
}

static enum status wait_until(struct session *session, enum wait_goal goal, usec_t deadline) {
    enum status status = session_first(session, SESSION_ANSWER_LIMIT, deadline);

    while (status == STATUS_OK && !reached(session->document, goal))
        status = session_next(session, deadline);
    return status;
}

static bool read_options(struct cli *cli, int argc, char **argv, enum wait_goal *goal, usec_t *limit) {
    enum { OPTION_SELF = 256, OPTION_NOT_SELF, OPTION_TIMEOUT };
    static const struct option options[] = { CLI_LONG_OPTIONS,
                                             { "self", no_argument, NULL, OPTION_SELF },
                                             { "not-self", no_argument, NULL, OPTION_NOT_SELF },
                                             { "timeout", required_argument, NULL, OPTION_TIMEOUT },
                                             { 0 } };
    int option;

    while ((option = getopt_long(argc, argv, CLI_SHORT_OPTIONS, options, NULL)) != -1)
        if (option == OPTION_SELF || option == OPTION_NOT_SELF) {
            if (*goal != GOAL_ANY) {
                cli_complain("wait: one of --self and --not-self, once");
                return false;
            }
            *goal = option == OPTION_SELF ? GOAL_SELF : GOAL_NOT_SELF;
        } else if (option == OPTION_TIMEOUT ? !cli_duration("--timeout", optarg, limit) : !cli_option(cli, option)) {
            return false;
        }
    return cli_no_arguments(argc, argv);
}

enum status verb_wait(struct cli *cli, int argc, char **argv) {
    enum wait_goal goal = GOAL_ANY;
    usec_t limit = USEC_NEVER;
    struct session session;

    if (!read_options(cli, argc, argv, &goal, &limit))
        return STATUS_USAGE;
    usec_t deadline = client_deadline(limit);
    enum status status = session_open(&session, cli, "watch");
    if (status == STATUS_OK)
        status = wait_until(&session, goal, deadline);
    if (status == STATUS_OK && cli->json)
        session_print_line(&session);
    session_close(&session);
    return status;
}
