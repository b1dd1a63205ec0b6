/* SPDX-License-Identifier: ISC
 *
 * is_leader.c - `eldest is-leader`: the answer is the exit status, for `eldest is-leader && COMMAND`.
 */
#include "cli/session.h"

enum status verb_is_leader(struct cli *cli, int argc, char **argv) {
    json_t *picture;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status outcome = session_ask(cli, "leader", SESSION_ANSWER_LIMIT, &picture);
    if (outcome != STATUS_OK)
        return outcome;

    const json_t *leader = json_object_get(picture, "leader");
    if (!json_is_object(leader))
        outcome = STATUS_NO_LEADER;
    else if (!json_is_true(json_object_get(leader, "self")))
        outcome = STATUS_NOT_LEADER;
    json_decref(picture);
    return outcome;
}
