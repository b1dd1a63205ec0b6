/* SPDX-License-Identifier: ISC
 *
 * ctlclient.c - see ctlclient.h.
 */
#include "daemon/ctlclient.h"

#include "daemon/report.h"
#include "platform/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

enum {
    REQUEST_MAX = 8 * 1024,
    WATCH_QUEUE_MAX = 64 * 1024, /* unread lines kept for a watcher: some 150 changes */
    CLIENT_LIMIT_MS = 10 * 1000, /* to send a request, to take an answer */
};

/* Phases */

static void client_free(struct ctlclient *client) {
    client->calls->gone(client);
    event_free(client->timer);
    bufferevent_free(client->stream);
    free(client);
}

void ctlclient_dismiss(struct ctlclient *client) {
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    stream_write_now(client->stream);
    client_free(client);
}

static void expect_request(struct ctlclient *client) {
    client->phase = CTLCLIENT_READING;
    stream_arm(client->timer, CLIENT_LIMIT_MS);
    bufferevent_enable(client->stream, EV_READ);
}

static void close_soon(struct ctlclient *client) {
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    client->phase = CTLCLIENT_CLOSING;
    stream_arm(client->timer, 0);
}

void ctlclient_wait(struct ctlclient *client, int limit_ms) {
    stream_arm(client->timer, limit_ms);
}

/* Lines out */

size_t ctlclient_unread(const struct ctlclient *client) {
    return stream_unread(client->stream);
}

/* Adds a line to what the client is sent. A line that could not be built (NULL) or kept ends the client. */
static bool add_line(struct ctlclient *client, const char *line) {
    struct evbuffer *output = bufferevent_get_output(client->stream);

    if (line && evbuffer_expand(output, strlen(line) + 1) == 0 && evbuffer_add(output, line, strlen(line)) == 0 &&
        evbuffer_add(output, "\n", 1) == 0)
        return true;
    close_soon(client);
    return false;
}

static bool add_document(struct ctlclient *client, json_t *document) {
    char *line = report_line(document);
    bool added = add_line(client, line);

    free(line);
    return added;
}

void ctlclient_answer_line(struct ctlclient *client, const char *line) {
    if (!add_line(client, line))
        return;
    client->phase = CTLCLIENT_ANSWERING;
    stream_arm(client->timer, CLIENT_LIMIT_MS);
}

void ctlclient_answer(struct ctlclient *client, json_t *document) {
    char *line = report_line(document);

    ctlclient_answer_line(client, line);
    free(line);
}

void ctlclient_refuse(struct ctlclient *client, const char *code, const char *message) {
    ctlclient_answer(client, report_error(code, message));
}

void ctlclient_watch(struct ctlclient *client, json_t *document) {
    if (!add_document(client, document))
        return;
    client->phase = CTLCLIENT_WATCHING;
    evtimer_del(client->timer);
    bufferevent_enable(client->stream, EV_READ);
}

void ctlclient_tell(struct ctlclient *client, const char *line) {
    /* Once a line was dropped the next one is the snapshot of catch_up(). */
    if (client->dropped > 0 || (line && ctlclient_unread(client) + strlen(line) > WATCH_QUEUE_MAX))
        client->dropped++;
    else if (add_line(client, line))
        stream_write_now(client->stream);
}

/* Shows a watcher that missed lines where things stand now. */
static void catch_up(struct ctlclient *client) {
    json_t *snapshot = client->calls->snapshot(client);

    json_object_set_new(snapshot, "dropped", json_integer((json_int_t)client->dropped));
    client->dropped = 0;
    add_document(client, snapshot);
}

/* Lines in */

/* Looks whether a whole request has come in, and if so reads no further until it is answered. */
static void look(struct ctlclient *client) {
    struct evbuffer *input = bufferevent_get_input(client->stream);
    bool complete = evbuffer_search_eol(input, NULL, NULL, EVBUFFER_EOL_LF).pos >= 0;

    if (!complete && evbuffer_get_length(input) < REQUEST_MAX)
        return;
    bufferevent_disable(client->stream, EV_READ);
    evtimer_del(client->timer);
    if (!complete) {
        client->last_answer = true;
        ctlclient_refuse(client, "too-long", "a request is one line of at most 8 KiB");
        return;
    }
    client->phase = CTLCLIENT_QUEUED;
    client->calls->complete(client);
}

json_t *ctlclient_take(struct ctlclient *client) {
    size_t length;
    char *line = evbuffer_readln(bufferevent_get_input(client->stream), &length, EVBUFFER_EOL_LF);
    json_t *request = line ? json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL) : NULL;

    free(line);
    client->phase = CTLCLIENT_WAITING;
    return request;
}

/* Orders */

void ctlclient_hold(struct ctlclient *client, json_t *document) {
    if (!add_document(client, document))
        return;
    client->phase = CTLCLIENT_HOLDING;
    evtimer_del(client->timer);
    bufferevent_enable(client->stream, EV_READ);
    stream_write_now(client->stream);
}

/* In one piece or not at all: a line is far shorter than what a socket has room for. */
static bool send_with(int socket, char *line, int fd) {
    static char newline[] = "\n";
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = { .space = { 0 } };
    struct iovec parts[] = { { line, strlen(line) }, { newline, 1 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.space,
                              .msg_controllen = sizeof(control.space) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)strlen(line) + 1;
}

/* The stream cannot send descriptors, so this goes past it, when it has nothing to write. */
static void order_with(struct ctlclient *client, char *line, int fd) {
    stream_write_now(client->stream);
    if (!line || ctlclient_unread(client) > 0 || !send_with(bufferevent_getfd(client->stream), line, fd))
        close_soon(client);
}

void ctlclient_order(struct ctlclient *client, json_t *document, int fd) {
    char *line = report_line(document);

    bool holds = client->phase == CTLCLIENT_HOLDING; /* else it is being closed */

    if (holds && fd >= 0)
        order_with(client, line, fd);
    else if (holds && ctlclient_unread(client) > WATCH_QUEUE_MAX)
        close_soon(client);
    else if (holds && add_line(client, line))
        stream_write_now(client->stream);
    free(line);
}

/* Each line that has come in whole. */
static void hear(struct ctlclient *client) {
    struct evbuffer *input = bufferevent_get_input(client->stream);
    size_t length;
    char *line;

    while (client->phase == CTLCLIENT_HOLDING && (line = evbuffer_readln(input, &length, EVBUFFER_EOL_LF)) != NULL) {
        json_t *document = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
        free(line);
        client->calls->said(client, document);
        json_decref(document);
    }
    if (client->phase == CTLCLIENT_HOLDING && evbuffer_get_length(input) >= REQUEST_MAX)
        close_soon(client);
}

/* What happens to it */

static void on_readable(struct bufferevent *stream, void *context) {
    struct ctlclient *client = context;

    if (client->phase == CTLCLIENT_WATCHING) {
        /* What a watcher says has no meaning, only its end has. */
        struct evbuffer *input = bufferevent_get_input(stream);
        evbuffer_drain(input, evbuffer_get_length(input));
    } else if (client->phase == CTLCLIENT_READING) {
        look(client);
    } else if (client->phase == CTLCLIENT_HOLDING) {
        hear(client);
    }
}

/* Everything written so far has been taken by the client. */
static void on_drained(struct bufferevent *stream, void *context) {
    struct ctlclient *client = context;

    (void)stream;
    if (client->dropped > 0 && (client->phase == CTLCLIENT_WATCHING || client->phase == CTLCLIENT_HOLDING)) {
        catch_up(client);
    } else if (client->phase == CTLCLIENT_ANSWERING && client->last_answer) {
        client_free(client);
    } else if (client->phase == CTLCLIENT_ANSWERING) {
        expect_request(client);
        look(client);
    }
}

/* Who says no more may still read: `watch` of such a client is answered with the present state. */
static void on_ended(struct bufferevent *stream, short what, void *context) {
    (void)stream;
    if (what & BEV_EVENT_EOF)
        ctlclient_dismiss(context);
    else
        client_free(context);
}

static void on_timer(evutil_socket_t fd, short what, void *context) {
    struct ctlclient *client = context;

    (void)fd, (void)what;
    if (client->phase == CTLCLIENT_WAITING)
        client->calls->late(client);
    else
        client_free(client);
}

struct ctlclient *ctlclient_new(struct event_base *base, int fd, const struct ctlclient_calls *calls) {
    struct ctlclient *client = calloc(1, sizeof(*client));
    if (!client) {
        close(fd);
        return NULL;
    }
    client->calls = calls;
    client->timer = evtimer_new(base, on_timer, client);
    client->stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
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
    expect_request(client);
    return client;
}
