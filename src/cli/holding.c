/* SPDX-License-Identifier: ISC
 *
 * holding.c - see holding.h.
 */
#include "cli/holding.h"

#include "lib/client.h"
#include "text/value.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAY_LIMIT USEC_PER_SEC /* for a line that fits into any socket */

static void let_go_of_pipe(struct holding *holding) {
    if (holding->work_pipe >= 0)
        close(holding->work_pipe);
    holding->work_pipe = -1;
}

static struct lease lease_of(const json_t *line) {
    return lease_told(integer_of(line, "until_us"), integer_of(line, "lease_ms"), integer_of(line, "stop_margin_ms"));
}

/* True for a line that says nothing else: it is no order, and no change. */
static bool renews(struct holding *holding) {
    const json_t *line = holding->session.document;

    if (json_object_get(line, "hold") || json_object_get(line, "event") || integer_of(line, "until_us") <= 0)
        return false;
    holding->lease = lease_of(line);
    return true;
}

/* A later pipe is that of a sentinel which took the place of the former one. */
static void take(struct holding *holding) {
    const json_t *line = holding->session.document;
    json_int_t limit_ms = integer_of(line, "limit_ms");
    int descriptor = client_take_descriptor(holding->session.client);

    if (descriptor >= 0) {
        let_go_of_pipe(holding);
        holding->work_pipe = descriptor;
    }
    if (limit_ms > 0)
        holding->limit_ms = limit_ms;
    if (holding_works(holding))
        holding->heard_of = integer_of(line, "order");
    if (holding_works(holding) || integer_of(line, "until_us") > 0)
        holding->lease = lease_of(line);
}

enum status holding_open(struct holding *holding, const struct cli *cli, const char *command) {
    *holding = (struct holding){ .command = command, .work_pipe = -1, .lease = LEASE_ENDLESS };
    enum status status = session_open(&holding->session, cli, command);

    if (status == STATUS_OK)
        status = session_first(&holding->session, SESSION_ANSWER_LIMIT, USEC_NEVER);
    if (status == STATUS_OK)
        take(holding);
    return status;
}

void holding_open_again(struct holding *holding) {
    holding->heard_of = holding->confirmed = 0;
    session_reopen(&holding->session, holding->command, SESSION_ANSWER_LIMIT);
}

int holding_fd(const struct holding *holding) {
    return holding->session.client ? client_fd(holding->session.client) : -1;
}

enum status holding_next(struct holding *holding) {
    enum status status;

    do
        status = session_next(&holding->session, 0);
    while (status == STATUS_OK && renews(holding));
    if (status == STATUS_OK)
        take(holding);
    return status;
}

bool holding_works(const struct holding *holding) {
    return strcmp(text_of(holding->session.document, "hold"), "work") == 0;
}

void holding_say(struct holding *holding, const char *line) {
    if (holding->session.client && client_send(holding->session.client, line, client_deadline(SAY_LIMIT)) < 0)
        holding_lose(holding);
}

void holding_confirm(struct holding *holding, bool failed) {
    bool relied_on = holding->lease.end_at != USEC_NEVER;
    char line[64];

    if (!failed || !relied_on)
        let_go_of_pipe(holding);
    if (holding->confirmed == holding->heard_of)
        return;
    holding->confirmed = holding->heard_of;
    snprintf(line, sizeof(line), "{\"stopped\":%" JSON_INTEGER_FORMAT "}", holding->confirmed);
    holding_say(holding, line);
}

void holding_lose(struct holding *holding) {
    session_close(&holding->session);
}

void holding_close(struct holding *holding) {
    let_go_of_pipe(holding);
    session_close(&holding->session);
}
