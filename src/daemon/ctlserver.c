/* SPDX-License-Identifier: ISC
 *
 * ctlserver.c - the control socket of ctlserver.h: who may connect and act, whose turn it is, who hears of what.
 *
 * ctlclient.c moves the lines of each client, ctlcommand.c knows what can be asked. One request is served per turn of
 * the event loop, so that a crowd of clients never stands between a heartbeat and its answer.
 */
#include "daemon/ctlserver.h"

#include "base/util.h"
#include "daemon/ctlclient.h"
#include "daemon/ctlcommand.h"
#include "daemon/ctlsocket.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/report.h"
#include "platform/clock.h"
#include "platform/group.h"
#include "platform/stream.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/listener.h>

enum {
    CLIENTS_MAX = 256,
    CLIENTS_RESERVED = 16, /* of these, for those who may act: nobody else can lock them out */
    CLIENTS_OF_USER_MAX = 64, /* that one user may have who may not act */
    UNREAD_OF_USER_MAX = 8 << 20, /* bytes for all clients of a user, above which none of them gets another answer */
    DESCRIPTORS_RESERVED = 32, /* that no client takes: even to save its state the daemon needs one */
    BACKLOG = 64,
    ACCEPT_PAUSE_MS = 1000, /* after accept() failed, mostly for lack of descriptors */
    GROUPS_MAX = 65536, /* NGROUPS_MAX of Linux */
};

struct ctlserver {
    struct event_base *base;
    struct daemon *daemon;
    struct evconnlistener *acceptor;
    struct event *accept_again;
    struct event *next_turn;
    LIST_HEAD(client_list, ctlclient) clients;
    TAILQ_HEAD(client_queue, ctlclient) queue; /* those that are QUEUED */
    unsigned client_count;
    unsigned client_max;
    struct journal *journal;
    struct journal_listener listener;
    bool has_group;
    gid_t group; /* whose members may act */
    struct ctlsocket socket;
};

/* Who may act */

static bool has_group(gid_t wanted, int fd) {
    gid_t few[64], *groups = few;
    socklen_t size = sizeof(few);
    bool found = false;

    int rc = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size);
    if (rc < 0 && errno == ERANGE && size <= GROUPS_MAX * sizeof(gid_t)) {
        groups = malloc(size);
        rc = groups ? getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) : -1;
    }
    for (size_t i = 0; rc == 0 && i < size / sizeof(gid_t) && !found; i++)
        found = groups[i] == wanted;
    if (groups != few)
        free(groups);
    return found;
}

static bool may_act(const struct ctlserver *server, const struct ucred *credentials, int fd) {
    if (credentials->uid == 0 || credentials->uid == geteuid())
        return true;
    return server->has_group && (credentials->gid == server->group || has_group(server->group, fd));
}

/* Answers */

static size_t unread_of(const struct ctlserver *server, uid_t user) {
    const struct ctlclient *client;
    size_t unread = 0;

    LIST_FOREACH(client, &server->clients, entry)
        if (client->user == user)
            unread += ctlclient_unread(client);
    return unread;
}

/* An answer may list thousands of members, and each client may take its time to read it. */
static void answer_line(struct ctlclient *client, const char *line) {
    if (unread_of(client->server, client->user) > UNREAD_OF_USER_MAX)
        ctlclient_refuse(client, "too-much-unread", "your other clients leave too much unread, try again later");
    else
        ctlclient_answer_line(client, line);
}

/* The document is given away. */
static void answer(struct ctlclient *client, json_t *document) {
    char *line = report_line(document);

    answer_line(client, line);
    free(line);
}

/* Requests */

static bool awaits(const struct ctlclient *client, enum ctlcommand_outcome outcome) {
    return client->phase == CTLCLIENT_WAITING && client->command && client->command->outcome == outcome;
}

static bool is_awaited(const struct ctlserver *server, enum ctlcommand_outcome outcome) {
    const struct ctlclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (awaits(client, outcome))
            return true;
    return false;
}

/* The outcome may come before run() returns: the client must be one of those who wait for it by then. */
static void serve_command(struct ctlclient *client, const struct ctlcommand *command, const json_t *request) {
    bool under_way = command->shared && is_awaited(client->server, command->outcome);
    json_t *document;

    client->command = command;
    ctlclient_wait(client, command->limit_ms);
    document = under_way ? NULL : command->run(client->server->daemon, request);
    if (document)
        answer(client, document);
}

static void refuse_unknown(struct ctlclient *client) {
    char known[CTLCOMMAND_KNOWN_SIZE], message[CTLCOMMAND_KNOWN_SIZE + 64];

    ctlcommand_known(known);
    snprintf(message, sizeof(message), "unknown command; known are: %s", known);
    ctlclient_refuse(client, "unknown-command", message);
}

static void hold(struct ctlclient *client, const struct ctlcommand *command) {
    client->watches = command->watches;
    ctlclient_hold(client, report_hold(client->server->daemon, NULL));
    if (client->phase != CTLCLIENT_HOLDING)
        return;
    client->holds = true;
    client->holder = (struct holder){ .pid = client->process, .user = client->user };
    daemon_hold(client->server->daemon, &client->holder);
}

static void serve(struct ctlclient *client) {
    struct ctlserver *server = client->server;

    client->command = NULL;
    json_t *request = ctlclient_take(client);
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct ctlcommand *command = name ? ctlcommand_find(name) : NULL;

    if (!name)
        ctlclient_refuse(client, "bad-request", "a request is one line like {\"command\":\"status\"}");
    else if (!command)
        refuse_unknown(client);
    else if (command->acts && !client->may_act)
        ctlclient_refuse(client, "denied", "only root, the user of eldestd and members of group eldest may do this");
    else if (command->holds)
        hold(client, command);
    else if (command->watches)
        ctlclient_watch(client, report_snapshot(server->daemon, journal_seq(server->journal)));
    else
        serve_command(client, command, request);
    json_decref(request);
}

static void on_turn(evutil_socket_t fd, short what, void *context) {
    struct ctlserver *server = context;
    struct ctlclient *client = TAILQ_FIRST(&server->queue);

    (void)fd, (void)what;
    if (!client)
        return;
    TAILQ_REMOVE(&server->queue, client, turn);
    daemon_check_clock(server->daemon);
    serve(client);
    if (!TAILQ_EMPTY(&server->queue))
        stream_arm(server->next_turn, 0);
}

/* What clients call for */

static void request_complete(struct ctlclient *client) {
    struct ctlserver *server = client->server;

    TAILQ_INSERT_TAIL(&server->queue, client, turn);
    if (!evtimer_pending(server->next_turn, NULL))
        stream_arm(server->next_turn, 0);
}

static void outcome_late(struct ctlclient *client) {
    const struct ctlcommand *command = client->command;

    daemon_check_clock(client->server->daemon);
    answer(client, command->late ? command->late(client->server->daemon) : NULL);
}

static json_t *present_state(struct ctlclient *client) {
    const struct ctlserver *server = client->server;

    return report_snapshot(server->daemon, journal_seq(server->journal));
}

/* {"stopped":ORDER}, or what it has run (ran.h); anything else has no meaning. */
static void holder_said(struct ctlclient *client, const json_t *line) {
    const json_t *order = json_object_get(line, "stopped");
    struct ran ran;

    if (ran_read(line, clock_now(), &ran))
        daemon_hold_ran(client->server->daemon, &client->holder, &ran);
    if (json_is_integer(order) && json_integer_value(order) > 0)
        daemon_hold_stopped(client->server->daemon, &client->holder, (uint64_t)json_integer_value(order));
}

static void client_gone(struct ctlclient *client) {
    if (client->phase == CTLCLIENT_QUEUED)
        TAILQ_REMOVE(&client->server->queue, client, turn);
    LIST_REMOVE(client, entry);
    client->server->client_count--;
    if (client->holds)
        daemon_hold_ended(client->server->daemon, &client->holder, client->phase == CTLCLIENT_CLOSING);
}

static const struct ctlclient_calls calls = {
    .complete = request_complete,
    .late = outcome_late,
    .snapshot = present_state,
    .said = holder_said,
    .gone = client_gone,
};

/* Clients that come */

static bool has_place(const struct ctlserver *server, uid_t user, bool acts) {
    const struct ctlclient *client;
    unsigned of_user = 0;

    if (acts)
        return server->client_count < server->client_max;
    LIST_FOREACH(client, &server->clients, entry)
        of_user += client->user == user;
    return of_user < CLIENTS_OF_USER_MAX && server->client_count + CLIENTS_RESERVED < server->client_max;
}

/* One write that may fail: whoever comes when there is no place gets a reason or, at worst, the end. */
static void turn_away(int fd) {
    static const char line[] = "{\"error\":{\"code\":\"too-many-clients\","
                               "\"message\":\"the control socket has too many clients, try again later\"}}\n";

    (void)!send(fd, line, sizeof(line) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void on_accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *name, int length,
                        void *context) {
    struct ctlserver *server = context;
    struct ucred credentials;
    socklen_t size = sizeof(credentials);

    (void)listener, (void)name, (void)length;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0) {
        close(fd);
        return;
    }
    bool acts = may_act(server, &credentials, fd);
    if (!has_place(server, credentials.uid, acts)) {
        turn_away(fd);
        return;
    }
    struct ctlclient *client = ctlclient_new(server->base, fd, &calls);
    if (!client)
        return;
    client->server = server;
    client->process = credentials.pid;
    client->user = credentials.uid;
    client->may_act = acts;
    LIST_INSERT_HEAD(&server->clients, client, entry);
    server->client_count++;
}

/* Most likely no descriptor is free: trying again at once would only spin. */
static void on_accept_failed(struct evconnlistener *listener, void *context) {
    struct ctlserver *server = context;

    evconnlistener_disable(listener);
    stream_arm(server->accept_again, ACCEPT_PAUSE_MS);
}

static void on_accept_again(evutil_socket_t fd, short what, void *context) {
    struct ctlserver *server = context;

    (void)fd, (void)what;
    evconnlistener_enable(server->acceptor);
}

/* What the core has to say */

static bool hears_changes(const struct ctlclient *client) {
    return client->phase == CTLCLIENT_WATCHING || (client->phase == CTLCLIENT_HOLDING && client->watches);
}

static bool is_watched(void *context) {
    const struct ctlserver *server = context;
    const struct ctlclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (hears_changes(client))
            return true;
    return false;
}

static void tell_watchers(void *context, const struct journal_line *line) {
    struct ctlserver *server = context;
    struct ctlclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (hears_changes(client))
            ctlclient_tell(client, line->text);
}

/* Answers everyone who waits for that outcome with a document, which is given away. */
static void answer_all(struct ctlserver *server, enum ctlcommand_outcome outcome, json_t *document) {
    char *line = report_line(document);
    struct ctlclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (awaits(client, outcome))
            answer_line(client, line);
    free(line);
}

static void answer_status(void *context) {
    struct ctlserver *server = context;

    if (is_awaited(server, OUTCOME_TABLE))
        answer_all(server, OUTCOME_TABLE, report_status(server->daemon));
}

static json_t *resign_document(const struct ctlserver *server, enum resign_outcome outcome) {
    switch (outcome) {
    case RESIGN_NOT_LEADER:
        return report_error("not-leader", "this node does not lead");
    case RESIGN_NOBODY:
        return report_error("nobody", "no other eligible member is there to take the leadership");
    case RESIGN_DONE:
        break;
    }
    return report_resigned(server->daemon);
}

static json_t *ended_pause_document(void) {
    return report_error("resumed", "the pause was ended before this node had let go");
}

static json_t *no_pause_document(enum resign_outcome outcome) {
    if (outcome != RESIGN_NOBODY)
        return ended_pause_document();
    return report_error("nobody", "not paused: no other eligible member is there to take the leadership; "
                                  "with --force, nobody would lead");
}

/* If there is a pause, whoever asked for it waits for ctlserver_paused(). */
void ctlserver_resigned(struct ctlserver *server, enum resign_outcome outcome) {
    if (is_awaited(server, OUTCOME_RESIGN))
        answer_all(server, OUTCOME_RESIGN, resign_document(server, outcome));
    if (daemon_pause_left(server->daemon) == 0 && is_awaited(server, OUTCOME_PAUSE))
        answer_all(server, OUTCOME_PAUSE, no_pause_document(outcome));
}

static json_t *retired_document(const struct ctlserver *server, enum retire_outcome outcome) {
    switch (outcome) {
    case RETIRE_NOT_LEADER:
        return report_error("not-leader", "only the leader of a cluster with quorum = majority takes seats away");
    case RETIRE_NO_SEAT:
        return report_error("no-seat", "no node of that id has a seat");
    case RETIRE_OWN_SEAT:
        return report_error("own-seat", "this is the leader's own seat: resign first");
    case RETIRE_UNSETTLED:
        return report_error("unsettled", "the last change of seats is not over: not enough members know of it, or a "
                                         "seat is free that no spare has taken");
    case RETIRE_NEEDED:
        return report_error("needed", "the nodes with the other seats are too few to lead without this one");
    case RETIRE_DONE:
        break;
    }
    return report_retired(server->daemon);
}

void ctlserver_retired(struct ctlserver *server, enum retire_outcome outcome) {
    if (is_awaited(server, OUTCOME_RETIRE))
        answer_all(server, OUTCOME_RETIRE, retired_document(server, outcome));
}

void ctlserver_paused(struct ctlserver *server, bool handed_over) {
    bool paused = daemon_pause_left(server->daemon) != 0;

    if (is_awaited(server, OUTCOME_PAUSE))
        answer_all(server, OUTCOME_PAUSE,
                   paused ? report_paused(server->daemon, handed_over) : ended_pause_document());
}

void ctlserver_order(struct ctlserver *server, struct holder *holder, int work_fd) {
    struct ctlclient *client = (struct ctlclient *)((char *)holder - offsetof(struct ctlclient, holder));

    ctlclient_order(client, report_hold(server->daemon, holder),
                    holder->state == HOLDER_WORKING ? work_fd : -1);
}

void ctlserver_renew(struct ctlserver *server) {
    struct ctlclient *client, *next;

    for (client = LIST_FIRST(&server->clients); client; client = next) { /* it may be closed by what it gets */
        next = LIST_NEXT(client, entry);
        if (client->phase == CTLCLIENT_HOLDING &&
            (client->holder.state == HOLDER_WORKING || client->holder.state == HOLDER_STOPPING))
            ctlclient_order(client, report_lease(server->daemon), -1);
    }
}

/* The server */

static int server_listen(struct ctlserver *server, const char *path) {
    int rc = ctlsocket_open(&server->socket, path);
    if (rc < 0)
        return rc;

    server->acceptor = evconnlistener_new(server->base, on_accepted, server,
                                          LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, server->socket.fd);
    if (!server->acceptor) {
        close(server->socket.fd);
        return -ENOMEM;
    }
    evconnlistener_set_error_cb(server->acceptor, on_accept_failed);
    return 0;
}

int ctlserver_open(struct ctlserver **ret, struct event_base *base, const char *path, struct daemon *daemon) {
    struct ctlserver *server = calloc(1, sizeof(*server));
    if (!server)
        return -ENOMEM;

    server->base = base;
    server->daemon = daemon;
    server->journal = daemon_journal(daemon);
    server->listener = (struct journal_listener){ .context = server, .listens = is_watched, .changed = tell_watchers,
                                                  .table = answer_status };
    journal_listen(server->journal, &server->listener);
    server->client_max = stream_places(1, CLIENTS_MAX, DESCRIPTORS_RESERVED);
    server->has_group = group_find(&server->group);
    LIST_INIT(&server->clients);
    TAILQ_INIT(&server->queue);
    server->accept_again = evtimer_new(base, on_accept_again, server);
    server->next_turn = evtimer_new(base, on_turn, server);
    int rc = server->accept_again && server->next_turn ? server_listen(server, path) : -ENOMEM;
    if (rc < 0) {
        ctlserver_close(server);
        return rc;
    }
    *ret = server;
    return 0;
}

void ctlserver_close(struct ctlserver *server) {
    if (!server)
        return;
    journal_unlisten(server->journal, &server->listener);
    ctlsocket_remove(&server->socket);
    if (server->acceptor)
        evconnlistener_free(server->acceptor);
    while (!LIST_EMPTY(&server->clients))
        ctlclient_dismiss(LIST_FIRST(&server->clients));
    if (server->accept_again)
        event_free(server->accept_again);
    if (server->next_turn)
        event_free(server->next_turn);
    free(server);
}
