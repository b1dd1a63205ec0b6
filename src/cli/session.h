/* SPDX-License-Identifier: ISC
 *
 * session.h - one talk of a verb with the daemon: a request, then one answer or many.
 *
 * What goes wrong is said on standard error, in the words of trouble.h, and comes back as the exit status. Between
 * lib/client.h, which moves lines, and the verbs, which know what the lines mean.
 */
#ifndef ELDEST_CLI_SESSION_H
#define ELDEST_CLI_SESSION_H

#include "cli/cli.h"

#include <jansson.h>

struct client;

/* How long a daemon that is well may take for an answer. */
#define SESSION_ANSWER_LIMIT (5 * USEC_PER_SEC)

struct session {
    const struct cli *cli;
    struct client *client; /* NULL while closed */
    bool quiet; /* nothing is said of what goes wrong from now on */
    char path[1024]; /* of the control socket */
    const char *line; /* as received last, valid until the next one */
    json_t *document; /* the same, parsed */
};

/* Connects and sends a request, {"command":...}, which is given away, or {"command":COMMAND}. The session is closed by
 * session_close() whatever came of it. */
enum status session_request(struct session *session, const struct cli *cli, json_t *request);
enum status session_open(struct session *session, const struct cli *cli, const char *command);

/* The same again after it was closed, with the path that it had, within the limit; 0: at once or not at all. Nothing is
 * said if it cannot be had. */
enum status session_reopen(struct session *session, const char *command, usec_t limit);

/* Waits for the next line until the deadline (CLOCK_MONOTONIC; USEC_NEVER: none). STATUS_TIMEOUT, which
 * alone is not said; STATUS_UNREACHABLE if the daemon is gone; an error of the daemon's as its status. */
enum status session_next(struct session *session, usec_t deadline);

/* The same for the first line, the answer. A daemon that is silent for the limit is STATUS_UNREACHABLE. */
enum status session_first(struct session *session, usec_t limit, usec_t deadline);

/* Prints the last line as it was received, at once. */
void session_print_line(const struct session *session);

void session_close(struct session *session);

/* Asks in either way and waits for the one answer, which is printed with --json and given to the caller, its owner. */
enum status session_ask_for(const struct cli *cli, json_t *request, usec_t limit, json_t **ret_document);
enum status session_ask(const struct cli *cli, const char *command, usec_t limit, json_t **ret_document);

#endif
