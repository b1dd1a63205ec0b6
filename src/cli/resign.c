/* SPDX-License-Identifier: ISC
 *
 * resign.c - `eldest resign`: hands leadership over and waits until that is done.
 */
#include "cli/session.h"
#include "lib/client.h"
#include "text/value.h"

#include <stdio.h>

enum status verb_resign(struct cli *cli, int argc, char **argv) {
    json_t *outcome;
    char leader[TEXT_SIZE];

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status status = session_ask(cli, "resign", CLIENT_HANDOVER_LIMIT, &outcome);
    if (status != STATUS_OK)
        return status;
    if (!cli->json && json_is_object(json_object_get(outcome, "leader")))
        printf("Handed over to %s, epoch %" JSON_INTEGER_FORMAT ".\n",
               text_name_address(json_object_get(outcome, "leader"), leader),
               integer_of(outcome, "epoch"));
    json_decref(outcome);
    return STATUS_OK;
}
