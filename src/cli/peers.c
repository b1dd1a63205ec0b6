/* SPDX-License-Identifier: ISC
 *
 * peers.c - `eldest peers`: all members.
 */
#include "cli/members.h"
#include "cli/session.h"

#include <stdint.h>
#include <stdio.h>

enum status verb_peers(struct cli *cli, int argc, char **argv) {
    json_t *status;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status outcome = session_ask(cli, "status", SESSION_ANSWER_LIMIT, &status);
    if (outcome != STATUS_OK)
        return outcome;
    if (!cli->json) {
        members_print(status, &(struct members_view){ .rows_max = SIZE_MAX, .loss = true, .wide = true });
        if (json_is_false(json_object_get(status, "peers_complete")))
            printf("Not complete: there are more that %s.\n", text_why_unlisted(status));
    }
    json_decref(status);
    return STATUS_OK;
}
