/* SPDX-License-Identifier: ISC
 *
 * ctlserver.c - the control socket of ctlserver.h.
 *
 * Each client is in one phase, and its one timer means what the phase says:
 *
 *     READING    a request is awaited; it must be complete when the timer fires
 *     QUEUED     a request is complete and waits for its turn; one is served per turn of the event loop, so that
 *                a crowd of clients never stands between a heartbeat and its answer
 *     TABLE      `status` waits for the member table; when the timer fires it is answered with what is known
 *     RESIGNING  `resign` waits for the core's outcome
 *     ANSWERING  the answer is being written; it must be gone when the timer fires
 *     WATCHING   lines follow as changes come
 *     CLOSING    to be freed by the timer at once
 *
 * A client is read from only while READING and, to see its end, while WATCHING: so at most one request and one
 * answer are held for each. Clients are freed only in callbacks of their own, never while somebody walks the
 * list.
 */
#include "daemon/ctlserver.h"

#include "base/util.h"
#include "daemon/ctlsocket.h"
#include "daemon/daemon.h"
#include "daemon/report.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

enum {
    CLIENTS_MAX = 256,
    CLIENTS_RESERVED = 16, /* of these, for those who may act: nobody else can lock them out */
    BACKLOG = 64,
    REQUEST_MAX = 8 * 1024,
    WATCH_QUEUE_MAX = 64 * 1024, /* unread lines kept for a watcher: some 150 changes */
    CLIENT_LIMIT_MS = 10 * 1000, /* to send a request, to take an answer */
    TABLE_LIMIT_MS = 300, /* how long `status` waits for the whole table */
    ACCEPT_PAUSE_MS = 1000, /* after accept() failed, mostly for lack of descriptors */
    RESIGN_LIMIT_MS = 60 * 1000, /* how long `resign` waits for its outcome */
    GROUPS_MAX = 65536, /* NGROUPS_MAX of Linux */
};

static const char acting_group[] = "eldest";

enum phase {
    PHASE_READING,
    PHASE_QUEUED,
    PHASE_TABLE,
    PHASE_RESIGNING,
    PHASE_ANSWERING,
    PHASE_WATCHING,
    PHASE_CLOSING,
};

struct client {
    LIST_ENTRY(client) entry;
    TAILQ_ENTRY(client) turn; /* while QUEUED */
    struct ctlserver *server;
    struct bufferevent *stream;
    struct event *timer;
    struct ucred credentials;
    enum phase phase;
    bool last_answer; /* close when the answer is written */
    uint64_t dropped; /* lines that a watcher missed since the last one it got */
};

struct ctlserver {
    struct event_base *base;
    struct daemon *daemon;
    struct evconnlistener *listener;
    struct event *accept_again;
    struct event *next_turn;
    LIST_HEAD(client_list, client) clients;
    TAILQ_HEAD(client_queue, client) queue;
    unsigned client_count;
    uint64_t seq; /* of the last change */
    bool resigning; /* EVENT_RESIGN was submitted and has no outcome yet */
    bool has_group;
    gid_t group; /* whose members may act */
    struct ctlsocket socket;
};

static void arm(struct event *timer, int limit_ms) {
    struct timeval limit = { .tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000 };

    evtimer_add(timer, &limit);
}

/* Phases */

static void client_free(struct client *client) {
    if (client->phase == PHASE_QUEUED)
        TAILQ_REMOVE(&client->server->queue, client, turn);
    LIST_REMOVE(client, entry);
    client->server->client_count--;
    event_free(client->timer);
    bufferevent_free(client->stream);
    free(client);
}

/* Sends what the socket takes at once and ends the client. */
static void client_dismiss(struct client *client) {
    struct evbuffer *output = bufferevent_get_output(client->stream);

    /* The stream freezes the front of what it is about to write; without it we write ourselves. */
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    evbuffer_unfreeze(output, 1);
    evbuffer_write(output, bufferevent_getfd(client->stream));
    client_free(client);
}

static void client_expect_request(struct client *client) {
    client->phase = PHASE_READING;
    arm(client->timer, CLIENT_LIMIT_MS);
    bufferevent_enable(client->stream, EV_READ);
}

static void client_close_soon(struct client *client) {
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    client->phase = PHASE_CLOSING;
    arm(client->timer, 0);
}

/* The line that carries a document, which is given away; to be freed. NULL for no document or no memory. */
static char *line_of(json_t *document) {
    char *line = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;

    json_decref(document);
    return line;
}

/* Adds a line to what the client is sent. A line that could not be built (NULL) or kept ends the client. */
static bool client_write(struct client *client, const char *line) {
    struct evbuffer *output = bufferevent_get_output(client->stream);

    if (line && evbuffer_expand(output, strlen(line) + 1) == 0 && evbuffer_add(output, line, strlen(line)) == 0 &&
        evbuffer_add(output, "\n", 1) == 0)
        return true;
    client_close_soon(client);
    return false;
}

static void client_answer_line(struct client *client, const char *line) {
    if (!client_write(client, line))
        return;
    client->phase = PHASE_ANSWERING;
    arm(client->timer, CLIENT_LIMIT_MS);
}

/* Ends the request with its answer, which is given away. */
static void client_answer(struct client *client, json_t *document) {
    char *line = line_of(document);

    client_answer_line(client, line);
    free(line);
}

static void client_refuse(struct client *client, const char *code, const char *message) {
    client_answer(client, report_error(code, message));
}

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

/* Commands */

static void command_leader(struct client *client) {
    client_answer(client, report_leader(client->server->daemon));
}

/* A follower asks its leader for the whole table first; without a leader there is nobody to ask. */
static void command_status(struct client *client) {
    struct daemon *daemon = client->server->daemon;
    struct core_view view;

    daemon_view(daemon, &view);
    if (view.table_complete || !view.has_leader) {
        client_answer(client, report_status(daemon));
        return;
    }
    client->phase = PHASE_TABLE;
    arm(client->timer, TABLE_LIMIT_MS);
    daemon_submit(daemon, &(struct event){ .type = EVENT_TABLE_WANTED });
}

static void command_watch(struct client *client) {
    char *line = line_of(report_snapshot(client->server->daemon, client->server->seq));

    if (client_write(client, line)) {
        client->phase = PHASE_WATCHING;
        evtimer_del(client->timer);
        bufferevent_enable(client->stream, EV_READ);
    }
    free(line);
}

/* Whoever asks while a handover is under way waits for the same outcome. */
static void command_resign(struct client *client) {
    struct ctlserver *server = client->server;

    if (!may_act(server, &client->credentials, bufferevent_getfd(client->stream))) {
        client_refuse(client, "denied", "only root, the user of eldestd and members of group eldest may do this");
        return;
    }
    client->phase = PHASE_RESIGNING;
    arm(client->timer, RESIGN_LIMIT_MS);
    if (server->resigning)
        return;
    server->resigning = true;
    daemon_submit(server->daemon, &(struct event){ .type = EVENT_RESIGN });
}

static const struct command {
    const char *name;
    void (*run)(struct client *client);
} commands[] = {
    { "leader", command_leader },
    { "resign", command_resign },
    { "status", command_status },
    { "watch", command_watch },
};

static const char commands_known[] = "unknown command; known are leader, resign, status and watch";

static const struct command *command_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* Requests */

static void client_serve(struct client *client) {
    size_t length;
    char *line = evbuffer_readln(bufferevent_get_input(client->stream), &length, EVBUFFER_EOL_LF);
    json_t *request = line ? json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct command *command = name ? command_find(name) : NULL;

    if (command)
        command->run(client);
    else if (name)
        client_refuse(client, "unknown-command", commands_known);
    else
        client_refuse(client, "bad-request", "a request is one line like {\"command\":\"status\"}");
    json_decref(request);
    free(line);
}

static void on_turn(evutil_socket_t fd, short what, void *context) {
    struct ctlserver *server = context;
    struct client *client = TAILQ_FIRST(&server->queue);

    (void)fd, (void)what;
    if (!client)
        return;
    TAILQ_REMOVE(&server->queue, client, turn);
    client->phase = PHASE_READING;
    client_serve(client);
    if (!TAILQ_EMPTY(&server->queue))
        arm(server->next_turn, 0);
}

/* Looks whether a whole request has come in, and if so reads no further until it is answered. */
static void client_look(struct client *client) {
    struct ctlserver *server = client->server;
    struct evbuffer *input = bufferevent_get_input(client->stream);
    bool complete = evbuffer_search_eol(input, NULL, NULL, EVBUFFER_EOL_LF).pos >= 0;

    if (!complete && evbuffer_get_length(input) < REQUEST_MAX)
        return;
    bufferevent_disable(client->stream, EV_READ);
    evtimer_del(client->timer);
    if (!complete) {
        client->last_answer = true;
        client_refuse(client, "too-long", "a request is one line of at most 8 KiB");
        return;
    }
    client->phase = PHASE_QUEUED;
    TAILQ_INSERT_TAIL(&server->queue, client, turn);
    if (!evtimer_pending(server->next_turn, NULL))
        arm(server->next_turn, 0);
}

static void on_readable(struct bufferevent *stream, void *context) {
    struct client *client = context;

    if (client->phase == PHASE_WATCHING) {
        /* What a watcher says has no meaning, only its end has. */
        struct evbuffer *input = bufferevent_get_input(stream);
        evbuffer_drain(input, evbuffer_get_length(input));
    } else if (client->phase == PHASE_READING) {
        client_look(client);
    }
}

/* Shows a watcher that missed lines where things stand now. */
static void watcher_catch_up(struct client *client) {
    json_t *snapshot = report_snapshot(client->server->daemon, client->server->seq);

    json_object_set_new(snapshot, "dropped", json_integer((json_int_t)client->dropped));
    char *line = line_of(snapshot);
    client->dropped = 0;
    client_write(client, line);
    free(line);
}

/* Everything written so far has been taken by the client. */
static void on_drained(struct bufferevent *stream, void *context) {
    struct client *client = context;

    (void)stream;
    if (client->phase == PHASE_WATCHING && client->dropped > 0) {
        watcher_catch_up(client);
    } else if (client->phase == PHASE_ANSWERING && client->last_answer) {
        client_free(client);
    } else if (client->phase == PHASE_ANSWERING) {
        client_expect_request(client);
        client_look(client);
    }
}

/* Who says no more may still read: `watch` of such a client is answered with the present state. */
static void on_ended(struct bufferevent *stream, short what, void *context) {
    (void)stream;
    if (what & BEV_EVENT_EOF)
        client_dismiss(context);
    else
        client_free(context);
}

static void on_client_timer(evutil_socket_t fd, short what, void *context) {
    struct client *client = context;

    (void)fd, (void)what;
    if (client->phase == PHASE_TABLE) {
        client_answer(client, report_status(client->server->daemon));
    } else if (client->phase == PHASE_RESIGNING) {
        client->server->resigning = false;
        client_refuse(client, "timeout", "the handover has not ended yet");
    } else {
        client_free(client);
    }
}

/* Clients that come */

static struct client *client_new(struct ctlserver *server, int fd) {
    struct client *client = calloc(1, sizeof(*client));
    if (!client)
        return NULL;

    client->server = server;
    client->timer = evtimer_new(server->base, on_client_timer, client);
    client->stream = bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (!client->timer || !client->stream) {
        if (client->stream)
            bufferevent_free(client->stream);
        else
            close(fd);
        if (client->timer)
            event_free(client->timer);
        free(client);
        return NULL;
    }
    bufferevent_setwatermark(client->stream, EV_READ, 0, REQUEST_MAX);
    bufferevent_setcb(client->stream, on_readable, on_drained, on_ended, client);
    LIST_INSERT_HEAD(&server->clients, client, entry);
    server->client_count++;
    return client;
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
    unsigned reserved = may_act(server, &credentials, fd) ? 0 : CLIENTS_RESERVED;
    if (server->client_count >= CLIENTS_MAX - reserved) {
        turn_away(fd);
        return;
    }
    struct client *client = client_new(server, fd);
    if (!client)
        return;
    client->credentials = credentials;
    client_expect_request(client);
}

/* Most likely no descriptor is free: trying again at once would only spin. */
static void on_accept_failed(struct evconnlistener *listener, void *context) {
    struct ctlserver *server = context;

    evconnlistener_disable(listener);
    arm(server->accept_again, ACCEPT_PAUSE_MS);
}

static void on_accept_again(evutil_socket_t fd, short what, void *context) {
    struct ctlserver *server = context;

    (void)fd, (void)what;
    evconnlistener_enable(server->listener);
}

/* What the core has to say */

static void watcher_tell(struct client *client, const char *line) {
    struct evbuffer *output = bufferevent_get_output(client->stream);

    /* Once a line was dropped the next one is the snapshot of watcher_catch_up(). */
    if (client->dropped > 0 || (line && evbuffer_get_length(output) + strlen(line) > WATCH_QUEUE_MAX))
        client->dropped++;
    else
        client_write(client, line);
}

static bool has_phase(const struct ctlserver *server, enum phase phase) {
    const struct client *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (client->phase == phase)
            return true;
    return false;
}

static void tell_watchers(struct ctlserver *server, const struct notice *notice) {
    struct client *client;

    server->seq++;
    if (!has_phase(server, PHASE_WATCHING))
        return;

    char *line = line_of(report_change(server->daemon, server->seq, notice));
    LIST_FOREACH(client, &server->clients, entry)
        if (client->phase == PHASE_WATCHING)
            watcher_tell(client, line);
    free(line);
}

/* Answers everyone in that phase with a document, which is given away. */
static void answer_all(struct ctlserver *server, enum phase phase, json_t *document) {
    char *line = line_of(document);
    struct client *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (client->phase == phase)
            client_answer_line(client, line);
    free(line);
}

void ctlserver_notice(struct ctlserver *server, const struct notice *notice) {
    if (notice->type != NOTICE_TABLE)
        tell_watchers(server, notice);
    else if (has_phase(server, PHASE_TABLE))
        answer_all(server, PHASE_TABLE, report_status(server->daemon));
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

void ctlserver_resigned(struct ctlserver *server, enum resign_outcome outcome) {
    server->resigning = false;
    answer_all(server, PHASE_RESIGNING, resign_document(server, outcome));
}

/* The server */

static int server_listen(struct ctlserver *server, const char *path) {
    int rc = ctlsocket_open(&server->socket, path);
    if (rc < 0)
        return rc;

    server->listener = evconnlistener_new(server->base, on_accepted, server,
                                          LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, server->socket.fd);
    if (!server->listener) {
        close(server->socket.fd);
        return -ENOMEM;
    }
    evconnlistener_set_error_cb(server->listener, on_accept_failed);
    return 0;
}

int ctlserver_open(struct ctlserver **ret, struct event_base *base, const char *path, struct daemon *daemon) {
    struct ctlserver *server = calloc(1, sizeof(*server));
    if (!server)
        return -ENOMEM;

    const struct group *group = getgrnam(acting_group);
    server->base = base;
    server->daemon = daemon;
    server->has_group = group != NULL;
    server->group = group ? group->gr_gid : 0;
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
    ctlsocket_remove(&server->socket);
    if (server->listener)
        evconnlistener_free(server->listener);
    while (!LIST_EMPTY(&server->clients))
        client_dismiss(LIST_FIRST(&server->clients));
    if (server->accept_again)
        event_free(server->accept_again);
    if (server->next_turn)
        event_free(server->next_turn);
    free(server);
}
