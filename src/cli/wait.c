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

enum { OPTION_SELF = 256, OPTION_NOT_SELF, OPTION_TIMEOUT };

const struct cli_option wait_options[] = {
    { OPTION_SELF, "self", NULL, "until this node leads" },
    { OPTION_NOT_SELF, "not-self", NULL, "until this node does not lead" },
    { OPTION_TIMEOUT, "timeout", "DURATION", "exit with 5 after that time" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, enum wait_goal *goal, usec_t *limit) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == OPTION_SELF || option == OPTION_NOT_SELF) {
            if (*goal != GOAL_ANY) {
                cli_complain("wait: one of --self and --not-self, once");
                return false;
            }
            *goal = option == OPTION_SELF ? GOAL_SELF : GOAL_NOT_SELF;
        } else if (option != OPTION_TIMEOUT || !cli_duration("--timeout", optarg, limit)) {
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
