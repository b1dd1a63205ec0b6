/* SPDX-License-Identifier: ISC
 *
 * session.c - see session.h.
 */
#include "cli/session.h"

#include "base/util.h"
#include "cli/trouble.h"
#include "lib/client.h"
#include "text/value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The socket that the options name. */
static enum status choose_path(struct session *session) {
    const struct cli *cli = session->cli;
    char path[CLIENT_PATH_SIZE];
    int rc = client_default_path(cli->cluster, path);

    if (rc == -EINVAL) {
        cli_complain("-C %s: not a cluster name; allowed: 1 to %d of A-Z a-z 0-9 . _ -", cli->cluster,
                     CLUSTER_NAME_MAX);
        return STATUS_USAGE;
    }
    snprintf(session->path, sizeof(session->path), "%s", cli->socket ? cli->socket : path);
    return STATUS_OK;
}

/* 0 or a negative errno. The document is given away. */
static int request(struct session *session, json_t *document, usec_t limit) {
    usec_t deadline = client_deadline(limit);
    char *line = json_dumps(document, JSON_COMPACT);
    int rc = line ? client_open(&session->client, session->path, deadline) : -ENOMEM;

    if (rc == 0)
        rc = client_send(session->client, line, deadline);
    free(line);
    json_decref(document);
    return rc;
}

enum status session_request(struct session *session, const struct cli *cli, json_t *document) {
    *session = (struct session){ .cli = cli };
    enum status status = choose_path(session);
    if (status != STATUS_OK) {
        json_decref(document);
        return status;
    }
    int rc = request(session, document, SESSION_ANSWER_LIMIT);
    return rc < 0 ? trouble_connect(cli, session->path, rc) : STATUS_OK;
}

static json_t *plain_request(const char *command) {
    return json_pack("{s:s}", "command", command);
}

enum status session_open(struct session *session, const struct cli *cli, const char *command) {
    return session_request(session, cli, plain_request(command));
}

enum status session_reopen(struct session *session, const char *command, usec_t limit) {
    if (request(session, plain_request(command), limit) == 0)
        return STATUS_OK;
    session_close(session);
    return STATUS_UNREACHABLE;
}

static enum status refused(const struct session *session, const json_t *error) {
    return session->quiet ? trouble_status(error) : trouble_answer(error);
}

enum status session_next(struct session *session, usec_t deadline) {
    int rc = client_receive(session->client, deadline, &session->line);

    json_decref(session->document);
    session->document = NULL;
    if (rc == -ETIMEDOUT)
        return STATUS_TIMEOUT;
    session->document = rc < 0 ? NULL : json_loads(session->line, 0, NULL);
    if (!session->document)
        return session->quiet ? STATUS_UNREACHABLE : trouble_receive(session->path, rc);
    const json_t *error = json_object_get(session->document, "error");
    return error ? refused(session, error) : STATUS_OK;
}

enum status session_first(struct session *session, usec_t limit, usec_t deadline) {
    usec_t answer_deadline = client_deadline(limit);
    enum status status = session_next(session, min_i64(answer_deadline, deadline));

    return status == STATUS_TIMEOUT && answer_deadline <= deadline ? trouble_silence(session->path) : status;
}

void session_print_line(const struct session *session) {
    puts(session->line);
    fflush(stdout);
}

void session_close(struct session *session) {
    json_decref(session->document);
    session->document = NULL;
    client_close(session->client);
    session->client = NULL;
}

enum status session_ask_for(const struct cli *cli, json_t *document, usec_t limit, json_t **ret_document) {
    struct session session;
    enum status status = session_request(&session, cli, document);

    if (status == STATUS_OK)
        status = session_first(&session, limit, USEC_NEVER);
    if (cli->json && session.document)
        session_print_line(&session);
    if (status == STATUS_OK)
        *ret_document = json_incref(session.document);
    session_close(&session);
    return status;
}

enum status session_ask(const struct cli *cli, const char *command, usec_t limit, json_t **ret_document) {
    return session_ask_for(cli, plain_request(command), limit, ret_document);
}
