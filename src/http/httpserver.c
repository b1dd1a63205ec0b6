/* SPDX-License-Identifier: ISC
 *
 * httpserver.c - the HTTP server of httpserver.h: who may connect, whose turn it is, what is answered.
 *
 * httplisten.c takes the connections, httpclient.c moves the bytes of each, httprequest.c reads what is asked,
 * httproute.c knows what can be, and httpevents.c what event streams are sent.
 */
#include "http/httpserver.h"

#include "base/util.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "http/httpanswer.h"
#include "http/httpclient.h"
#include "http/httpevents.h"
#include "http/httplisten.h"
#include "http/httprequest.h"
#include "http/httproute.h"
#include "platform/clock.h"
#include "platform/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/event.h>

enum {
    CLIENTS_MAX = 512,
    CLIENTS_LEAST = 4, /* however few descriptors there are */
    STREAMS_MAX = 384, /* of these; the other places come free again within a minute */
    DESCRIPTORS_RESERVED = 32 + 256 + 2 * HTTP_LISTEN_MAX, /* of the daemon, the control server, the places */
    UNREAD_MAX = 16 << 20, /* bytes for all clients, above which none of them gets a long answer */
    LONG_ANSWER = 16 * 1024, /* bytes */
    TABLE_LIMIT_MS = 300, /* how long an answer waits for the whole table of members */
};

#define REST_MAX (USEC_PER_SEC / 10) /* should the process have stood still meanwhile */

struct httpserver {
    struct daemon *daemon;
    struct journal_listener listener;
    struct httpevents events;
    struct evbuffer *answer, *body; /* scratch */
    struct event *next_turn;
    usec_t rests_until;
    LIST_HEAD(httpclient_list, httpclient) clients;
    TAILQ_HEAD(httpclient_queue, httpclient) queue; /* those that are QUEUED */
    unsigned client_count, client_max;
    unsigned listen_count;
    struct httplisten *listens[HTTP_LISTEN_MAX];
};

/* Answers */

static size_t unread_of_all(const struct httpserver *server) {
    const struct httpclient *client;
    size_t unread = 0;

    LIST_FOREACH(client, &server->clients, entry)
        unread += httpclient_unread(client);
    return unread;
}

/* Sends the head and, unless only that was asked for, the body. */
static void send_answer(struct httpclient *client, enum httprequest_method method, struct httpanswer *answer) {
    struct httpserver *server = client->server;
    bool bare = method == HTTPREQUEST_HEAD || method == HTTPREQUEST_OPTIONS;

    answer->last |= httpclient_is_worn(client);
    answer->length = method == HTTPREQUEST_OPTIONS ? 0 : evbuffer_get_length(server->body);
    answer->names_methods |= method == HTTPREQUEST_OPTIONS;
    if (bare)
        evbuffer_drain(server->body, evbuffer_get_length(server->body));
    if (httpanswer_write(answer, server->answer) < 0 || evbuffer_add_buffer(server->answer, server->body) < 0)
        answer->last = true; /* for want of memory, so nothing better can be done */
    httpclient_answer(client, server->answer, answer->last);
}

/* An answer in words, for people. */
static void send_reason(struct httpclient *client, enum httprequest_method method, struct httpanswer *answer,
                        const char *explanation) {
    struct evbuffer *body = client->server->body;

    evbuffer_drain(body, evbuffer_get_length(body));
    evbuffer_add_printf(body, "%d %s%s%s\n", answer->status, httpanswer_reason(answer->status),
                        explanation[0] != '\0' ? ": " : "", explanation);
    answer->type = "text/plain; charset=utf-8";
    send_answer(client, method, answer);
}

static void send_body(struct httpclient *client, const struct httprequest *request, const struct httproute *route) {
    struct httpserver *server = client->server;
    int status;

    client->waited = false;
    status = route->write(server->daemon, server->body);
    struct httpanswer answer = { .type = route->type, .last = !request->keeps, .status = status > 0 ? status : 200 };
    if (status < 0) {
        answer.status = 500;
        send_reason(client, request->method, &answer, "out of memory");
    } else if (evbuffer_get_length(server->body) > LONG_ANSWER && unread_of_all(server) > UNREAD_MAX) {
        answer.status = 503;
        send_reason(client, request->method, &answer, "clients leave too much unread, try again later");
    } else {
        send_answer(client, request->method, &answer);
    }
}

/* Streams */

static unsigned count_streams(const struct httpserver *server) {
    const struct httpclient *client;
    unsigned count = 0;

    LIST_FOREACH(client, &server->clients, entry)
        count += client->phase == HTTPCLIENT_STREAMING;
    return count;
}

static void begin_stream(struct httpclient *client, const struct httprequest *request, const struct httproute *route) {
    struct httpserver *server = client->server;
    struct httpanswer answer = { .status = 200, .type = route->type, .endless = true };

    if (httpanswer_write(&answer, server->answer) < 0 ||
        httpevents_begin(&server->events, request->last_event_id, server->answer) < 0)
        httpclient_answer(client, server->answer, true);
    else
        httpclient_stream(client, server->answer);
}

static void send_stream(struct httpclient *client, const struct httprequest *request, const struct httproute *route) {
    struct httpanswer answer = { .status = 200, .type = route->type, .last = !request->keeps };

    if (request->method != HTTPREQUEST_GET) {
        send_answer(client, request->method, &answer);
    } else if (count_streams(client->server) >= STREAMS_MAX || unread_of_all(client->server) > UNREAD_MAX) {
        answer.status = 503;
        send_reason(client, request->method, &answer, "too many event streams, try again later");
    } else {
        begin_stream(client, request, route);
    }
}

static void show_present(struct httpclient *client) {
    struct httpserver *server = client->server;

    if (httpevents_catch_up(&server->events, client->dropped, server->answer) == 0)
        httpclient_catch_up(client, server->answer);
    evbuffer_drain(server->answer, evbuffer_get_length(server->answer));
}

static bool is_streaming(void *context) {
    return count_streams(context) > 0;
}

static void tell_streams(void *context, const struct journal_line *line) {
    struct httpserver *server = context;
    int result = httpevents_add(&server->events, line, server->answer);
    size_t length = evbuffer_get_length(server->answer);
    const char *event = result < 0 ? NULL : (const char *)evbuffer_pullup(server->answer, -1);
    struct httpclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (client->phase == HTTPCLIENT_STREAMING)
            httpclient_tell(client, event, length);
    evbuffer_drain(server->answer, length);
}

/* Requests */

/* A follower asks its leader for the whole table first, as for the control socket; without a leader there is nobody to
 * ask. The answer may come before daemon_submit() returns. */
static bool waits_for_table(struct httpclient *client, const struct httproute *route) {
    struct daemon *daemon = client->server->daemon;
    struct core_view view;

    if (!route->shows_members || client->waited)
        return false;
    daemon_view(daemon, &view);
    if (view.table_complete || !view.has_leader)
        return false;
    httpclient_wait(client, TABLE_LIMIT_MS);
    daemon_submit(daemon, &(struct event){ .type = EVENT_TABLE_WANTED });
    return true;
}

static void serve_route(struct httpclient *client, const struct httprequest *request, const struct httproute *route) {
    struct httpanswer refusal = { .status = 405, .last = !request->keeps, .names_methods = true };

    if (request->method == HTTPREQUEST_OTHER)
        send_reason(client, request->method, &refusal, "GET, HEAD and OPTIONS are all there is");
    else if (route->streams)
        send_stream(client, request, route);
    else if (!waits_for_table(client, route))
        send_body(client, request, route);
}

static void serve(struct httpclient *client) {
    const struct httproute *route;
    struct httprequest request;
    size_t length;
    const char *head = httpclient_request(client, &length);
    struct httpanswer refusal = { .status = 431, .last = true };

    if (length > 0)
        refusal.status = httprequest_parse(head, length, &request);
    if (refusal.status != 0) {
        send_reason(client, HTTPREQUEST_OTHER, &refusal, "");
        return;
    }
    route = httproute_find(request.path.begin, request.path.length);
    if (route) {
        serve_route(client, &request, route);
        return;
    }
    refusal = (struct httpanswer){ .status = 404, .last = !request.keeps };
    send_reason(client, request.method, &refusal, httproute_known());
}

/* What takes long is followed by a rest of the same length: however much is asked, half of the time is left. */
static void arrange_turn(struct httpserver *server) {
    usec_t rest = server->rests_until - clock_now();

    if (!TAILQ_EMPTY(&server->queue) && !evtimer_pending(server->next_turn, NULL))
        stream_arm(server->next_turn, (int)(max_i64(0, rest) / USEC_PER_MS));
}

static void on_turn(evutil_socket_t fd, short what, void *context) {
    struct httpserver *server = context;
    struct httpclient *client = TAILQ_FIRST(&server->queue);
    usec_t begin = clock_now(), end;

    (void)fd, (void)what;
    if (!client)
        return;
    TAILQ_REMOVE(&server->queue, client, turn);
    daemon_check_clock(server->daemon);
    serve(client);
    end = clock_now();
    server->rests_until = end + min_i64(end - begin, REST_MAX);
    arrange_turn(server);
}

/* What clients call for */

static void request_complete(struct httpclient *client) {
    struct httpserver *server = client->server;

    TAILQ_INSERT_TAIL(&server->queue, client, turn);
    arrange_turn(server);
}

static void end_wait(struct httpclient *client) {
    client->waited = true;
    httpclient_queue(client);
}

static void table_came(void *context) {
    struct httpserver *server = context;
    struct httpclient *client;

    LIST_FOREACH(client, &server->clients, entry)
        if (client->phase == HTTPCLIENT_WAITING)
            end_wait(client);
}

static void client_gone(struct httpclient *client) {
    if (client->phase == HTTPCLIENT_QUEUED)
        TAILQ_REMOVE(&client->server->queue, client, turn);
    LIST_REMOVE(client, entry);
    client->server->client_count--;
}

static const struct httpclient_calls calls = {
    .complete = request_complete,
    .late = end_wait,
    .behind = show_present,
    .gone = client_gone,
};

/* Clients that come */

/* A source has no more places than it leaves free: the first that wants many gets half of them, the next half of the
 * rest and so on, so that it takes many sources to keep out one that wants a single one. */
static bool has_place(const struct httpserver *server, const struct httpsource *source) {
    const struct httpclient *client;
    unsigned of_source = 0;

    LIST_FOREACH(client, &server->clients, entry)
        of_source += httpsource_equal(&client->source, source);
    return of_source < server->client_max - server->client_count;
}

#define TURNED_AWAY "503 Service Unavailable: too many connections, try again later\n"
#define TURNED_AWAY_LENGTH "63"
_Static_assert(sizeof TURNED_AWAY - 1 == 63, "the length that clients are told");

/* One write that may fail: whoever comes when there is no place gets a reason or, at worst, the end. */
static void turn_away(int fd) {
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
                                 "Content-Length: " TURNED_AWAY_LENGTH "\r\nConnection: close\r\n\r\n" TURNED_AWAY;

    (void)!send(fd, answer, sizeof answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void take_connection(void *context, int fd) {
    struct httpserver *server = context;
    struct httpsource source;
    struct httpclient *client;

    httpsource_of(fd, &source);
    if (!has_place(server, &source)) {
        turn_away(fd);
        return;
    }
    client = httpclient_new(daemon_event_base(server->daemon), fd, &calls);
    if (!client)
        return;
    client->server = server;
    client->source = source;
    LIST_INSERT_HEAD(&server->clients, client, entry);
    server->client_count++;
}

/* The server */

static int open_parts(struct httpserver *server) {
    server->answer = evbuffer_new();
    server->body = evbuffer_new();
    server->next_turn = evtimer_new(daemon_event_base(server->daemon), on_turn, server);
    return server->answer && server->body && server->next_turn ? 0 : -ENOMEM;
}

static int open_places(struct httpserver *server, const struct http_listen *listen) {
    int result = 0;

    for (unsigned i = 0; i < listen->count && result == 0; i++) {
        result = httplisten_open(&server->listens[i], daemon_event_base(server->daemon), &listen->list[i],
                                 take_connection, server);
        server->listen_count += result == 0;
    }
    return result;
}

int httpserver_open(struct httpserver **ret, struct daemon *daemon, const struct http_listen *listen) {
    struct httpserver *server = calloc(1, sizeof *server);
    int result;

    if (!server)
        return -ENOMEM;
    server->daemon = daemon;
    server->client_max = stream_places(CLIENTS_LEAST, CLIENTS_MAX, DESCRIPTORS_RESERVED);
    LIST_INIT(&server->clients);
    TAILQ_INIT(&server->queue);
    server->listener = (struct journal_listener){ .context = server, .listens = is_streaming, .changed = tell_streams,
                                                  .table = table_came };
    journal_listen(daemon_journal(daemon), &server->listener);
    result = open_parts(server);
    if (result == 0 && listen->count > 0)
        result = httpevents_init(&server->events, daemon);
    if (result == 0)
        result = open_places(server, listen);
    if (result < 0) {
        httpserver_close(server);
        return result;
    }
    *ret = server;
    return 0;
}

void httpserver_close(struct httpserver *server) {
    if (!server)
        return;
    journal_unlisten(daemon_journal(server->daemon), &server->listener);
    for (unsigned i = 0; i < server->listen_count; i++)
        httplisten_close(server->listens[i]);
    while (!LIST_EMPTY(&server->clients))
        httpclient_dismiss(LIST_FIRST(&server->clients));
    if (server->next_turn)
        event_free(server->next_turn);
    if (server->answer)
        evbuffer_free(server->answer);
    if (server->body)
        evbuffer_free(server->body);
    free(server);
}
