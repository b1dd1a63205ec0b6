/* SPDX-License-Identifier: ISC
 *
 * ask.c - the questions of eldest.h: each on a connection of its own, so that they neither meet a watch or work of
 * the same handle nor notice that the daemon was started again in between.
 */
#include "lib/handle.h"

#include "base/util.h"
#include "lib/status.h"

#include <errno.h>
#include <string.h>

static const struct {
    int error;
    const char *text;
} texts[] = {
    { -EACCES, "not allowed: only root, the user of eldestd and members of group eldest may do this" },
    { -EBUSY, "eldestd is busy: it has too many clients" },
    { -ECHILD, "the handle belongs to the parent process" },
    { -ECONNREFUSED, "eldestd is not running" },
    { -ENOENT, "eldestd is not running" },
    { -EOPNOTSUPP, "this eldestd does not know the command" },
    { -EPIPE, "eldestd has closed the connection" },
    { -EPROTO, "what answers is no eldestd" },
    { -ETIMEDOUT, "no answer within the time limit" },
};

const char *eldest_error_text(int error) {
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        if (texts[i].error == error)
            return texts[i].text;
    return strerror(error < 0 ? -error : error);
}

/* One line, whether it is an error of the daemon's or not. */
static int next_line(struct client *client, usec_t deadline, struct eldest_status **ret) {
    const char *line;
    int rc = client_receive(client, deadline, &line);

    return rc < 0 ? rc : status_new(ret, line);
}

static int ask(struct eldest *eldest, const char *command, usec_t deadline, struct client **ret) {
    int rc = handle_check(eldest);

    if (rc == 0)
        rc = client_open(ret, eldest->path, deadline);
    if (rc < 0)
        return rc;
    rc = client_request(*ret, command, deadline);
    if (rc < 0)
        client_close(*ret);
    return rc;
}

static int ask_once(struct eldest *eldest, const char *command, usec_t limit, struct eldest_status **ret) {
    usec_t deadline = client_deadline(limit);
    struct client *client;
    int rc = ask(eldest, command, deadline, &client);

    if (rc < 0)
        return rc;
    rc = next_line(client, deadline, ret);
    client_close(client);
    return rc;
}

/* What is no answer is freed. */
static int check(struct eldest_status *status) {
    int rc = status_error(status);

    if (rc < 0)
        eldest_status_free(status);
    return rc;
}

static int get(struct eldest *eldest, const char *command, struct eldest_status **ret) {
    struct eldest_status *status = NULL;
    int rc = ask_once(eldest, command, eldest->answer_limit, &status);

    if (rc == 0)
        rc = check(status);
    if (rc == 0)
        *ret = status;
    return rc;
}

int eldest_get_leader(struct eldest *eldest, struct eldest_status **ret) {
    return get(eldest, "leader", ret);
}

int eldest_get_status(struct eldest *eldest, struct eldest_status **ret) {
    return get(eldest, "status", ret);
}

int eldest_get_role(struct eldest *eldest) {
    struct eldest_status *status = NULL;
    int rc = get(eldest, "leader", &status);

    if (rc < 0)
        return rc;
    rc = (int)eldest_status_role(status);
    eldest_status_free(status);
    return rc;
}

static bool is_reached(enum eldest_goal goal, enum eldest_role role) {
    switch (goal) {
    case ELDEST_GOAL_SELF:
        return role == ELDEST_LEADS;
    case ELDEST_GOAL_NOT_SELF:
        return role != ELDEST_LEADS;
    case ELDEST_GOAL_LEADER:
        break;
    }
    return role != ELDEST_UNCERTAIN;
}

/* What is told first is the present state: nothing can happen between asking and waiting. */
static int wait_for_goal(struct client *client, enum eldest_goal goal, usec_t deadline, struct eldest_status **ret) {
    struct eldest_status *status = NULL;

    for (;;) {
        int rc = next_line(client, deadline, &status);
        if (rc == 0)
            rc = check(status);
        if (rc < 0)
            return rc;
        if (is_reached(goal, eldest_status_role(status)))
            break;
        eldest_status_free(status);
    }
    *ret = status;
    return 0;
}

int eldest_wait(struct eldest *eldest, enum eldest_goal goal, int timeout_ms, struct eldest_status **ret) {
    usec_t deadline = timeout_ms < 0 ? USEC_NEVER : client_deadline(timeout_ms * USEC_PER_MS);
    struct eldest_status *status = NULL;
    struct client *client;
    int rc = ask(eldest, "watch", deadline, &client);

    if (rc < 0)
        return rc;
    rc = wait_for_goal(client, goal, deadline, &status);
    client_close(client);
    if (rc == 0 && ret)
        *ret = status;
    else if (rc == 0)
        eldest_status_free(status);
    return rc;
}

int eldest_resign(struct eldest *eldest) {
    struct eldest_status *status = NULL;
    int rc = ask_once(eldest, "resign", CLIENT_HANDOVER_LIMIT, &status);
    if (rc < 0)
        return rc;

    const char *code = status_error_code(status);
    if (code && strcmp(code, "not-leader") == 0)
        rc = ELDEST_NOT_LEADER;
    else if (code && strcmp(code, "nobody") == 0)
        rc = ELDEST_NOBODY;
    else
        rc = status_error(status);
    eldest_status_free(status);
    return rc;
}
