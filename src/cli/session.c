/* SPDX-License-Identifier: ISC
 *
 * session.c - see session.h.
 */
#include "cli/session.h"

#include "base/util.h"
#include "cli/text.h"
#include "lib/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes of the daemon's errors that have an exit status of their own. */
static const struct {
    const char *code;
    enum status status;
} error_statuses[] = {
    { "configuration", STATUS_CONFIG },
    { "denied", STATUS_DENIED },
    { "not-leader", STATUS_NOT_LEADER },
    { "nobody", STATUS_NOBODY },
    { "resumed", STATUS_RESUMED },
    { "too-many-tags", STATUS_CONFIG },
};

static enum status no_daemon(const struct session *session) {
    const char *cluster = session->cli->cluster;
    bool is_default = strcmp(cluster, "default") == 0;

    if (session->cli->socket)
        cli_complain("no eldestd listens on %s: it has ended, or was started with another --socket", session->path);
    else
        cli_complain("eldestd is not running for cluster %s: sudo eldestd%s%s starts it (nobody listens on %s)",
                     cluster, is_default ? "" : " -C ", is_default ? "" : cluster, session->path);
    return STATUS_UNREACHABLE;
}

static enum status no_answer(const struct session *session) {
    cli_complain("eldestd does not answer on %s: it is stopped or overloaded", session->path);
    return STATUS_UNREACHABLE;
}

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

static enum status connect_failed(const struct session *session, int rc) {
    if (rc == -ENOENT || rc == -ECONNREFUSED)
        return no_daemon(session);
    if (rc == -ETIMEDOUT)
        return no_answer(session);
    cli_complain("eldestd is not reachable on %s: %s", session->path, strerror(-rc));
    return STATUS_UNREACHABLE;
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
    return rc < 0 ? connect_failed(session, rc) : STATUS_OK;
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

static void say_error(const json_t *error) {
    size_t index;
    json_t *mistake;

    cli_complain("%s", text_of(error, "message"));
    json_array_foreach(json_object_get(error, "mistakes"), index, mistake)
        cli_complain("%s", json_is_string(mistake) ? json_string_value(mistake) : "");
}

static enum status daemon_error(const struct session *session, const json_t *error) {
    const char *code = text_of(error, "code");

    if (!session->quiet)
        say_error(error);
    for (size_t i = 0; i < ARRAY_SIZE(error_statuses); i++)
        if (strcmp(error_statuses[i].code, code) == 0)
            return error_statuses[i].status;
    return STATUS_UNREACHABLE;
}

/* rc 0: what came is no JSON. */
static enum status receive_failed(const struct session *session, int rc) {
    if (session->quiet)
        return STATUS_UNREACHABLE;
    if (rc == -EPIPE)
        cli_complain("eldestd has closed the connection on %s: it was stopped, or is busy", session->path);
    else if (rc < 0)
        cli_complain("reading from eldestd on %s: %s", session->path, strerror(-rc));
    else
        cli_complain("what answers on %s is no eldestd", session->path);
    return STATUS_UNREACHABLE;
}

enum status session_next(struct session *session, usec_t deadline) {
    int rc = client_receive(session->client, deadline, &session->line);

    json_decref(session->document);
    session->document = NULL;
    if (rc == -ETIMEDOUT)
        return STATUS_TIMEOUT;
    session->document = rc < 0 ? NULL : json_loads(session->line, 0, NULL);
    if (!session->document)
        return receive_failed(session, rc);
    const json_t *error = json_object_get(session->document, "error");
    return error ? daemon_error(session, error) : STATUS_OK;
}

enum status session_first(struct session *session, usec_t limit, usec_t deadline) {
    usec_t answer_deadline = client_deadline(limit);
    enum status status = session_next(session, min_i64(answer_deadline, deadline));

    return status == STATUS_TIMEOUT && answer_deadline <= deadline ? no_answer(session) : status;
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
