/* SPDX-License-Identifier: ISC
 *
 * httpclient.c - see httpclient.h.
 */
#include "http/httpclient.h"

#include "http/httprequest.h"
#include "platform/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

enum {
    HEAD_MAX = 8 * 1024, /* bytes of a request */
    REQUESTS_MAX = 1000, /* on one connection */
    STREAM_QUEUE_MAX = 64 * 1024, /* unread bytes kept for a stream: some 100 changes */
    REQUEST_LIMIT_MS = 10 * 1000, /* from the last answer to the end of the next request */
    ANSWER_LIMIT_MS = 30 * 1000, /* to take an answer */
    SIGN_OF_LIFE_MS = 15 * 1000, /* less than proxies are patient for */
    SILENT_MAX = 4, /* signs of life that a stream may leave unread */
    ENDING_LIMIT_MS = 2 * 1000,
};

/* Phases */

static void client_free(struct httpclient *client) {
    client->calls->gone(client);
    event_free(client->timer);
    bufferevent_free(client->stream);
    free(client);
}

void httpclient_dismiss(struct httpclient *client) {
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    stream_write_now(client->stream);
    client_free(client);
}

static void close_soon(struct httpclient *client) {
    bufferevent_disable(client->stream, EV_READ | EV_WRITE);
    client->phase = HTTPCLIENT_CLOSING;
    stream_arm(client->timer, 0);
}

static void expect_request(struct httpclient *client) {
    client->phase = HTTPCLIENT_READING;
    stream_arm(client->timer, REQUEST_LIMIT_MS);
    bufferevent_enable(client->stream, EV_READ);
}

static void discard_input(struct httpclient *client) {
    struct evbuffer *input = bufferevent_get_input(client->stream);

    evbuffer_drain(input, evbuffer_get_length(input));
}

static void end(struct httpclient *client) {
    client->phase = HTTPCLIENT_ENDING;
    discard_input(client);
    shutdown(bufferevent_getfd(client->stream), SHUT_WR);
    stream_arm(client->timer, ENDING_LIMIT_MS);
    bufferevent_enable(client->stream, EV_READ);
}

/* Requests */

/* Looks whether the head of a request has come in, and if so reads no further until it is answered. */
static void look(struct httpclient *client) {
    struct evbuffer *input = bufferevent_get_input(client->stream);
    size_t length = evbuffer_get_length(input);
    const char *bytes = (const char *)evbuffer_pullup(input, -1);

    client->head = length > 0 ? httprequest_length(bytes, length) : 0;
    if (client->head == 0 && length < HEAD_MAX)
        return;
    bufferevent_disable(client->stream, EV_READ);
    evtimer_del(client->timer);
    httpclient_queue(client);
}

void httpclient_queue(struct httpclient *client) {
    client->phase = HTTPCLIENT_QUEUED;
    client->calls->complete(client);
}

void httpclient_wait(struct httpclient *client, int limit_ms) {
    client->phase = HTTPCLIENT_WAITING;
    stream_arm(client->timer, limit_ms);
}

const char *httpclient_request(struct httpclient *client, size_t *ret_length) {
    *ret_length = client->head;
    return (const char *)evbuffer_pullup(bufferevent_get_input(client->stream), (ev_ssize_t)client->head);
}

bool httpclient_is_worn(const struct httpclient *client) {
    return client->requests + 1 >= REQUESTS_MAX;
}

/* Answers */

size_t httpclient_unread(const struct httpclient *client) {
    return stream_unread(client->stream);
}

/* Instead of the request, which is done with. */
static bool add_answer(struct httpclient *client, struct evbuffer *answer) {
    evbuffer_drain(bufferevent_get_input(client->stream), client->head);
    client->requests++;
    if (evbuffer_add_buffer(bufferevent_get_output(client->stream), answer) == 0)
        return true;
    close_soon(client);
    return false;
}

void httpclient_answer(struct httpclient *client, struct evbuffer *answer, bool last) {
    client->last_answer = last;
    if (!add_answer(client, answer))
        return;
    client->phase = HTTPCLIENT_ANSWERING;
    stream_arm(client->timer, ANSWER_LIMIT_MS);
}

/* Streams */

void httpclient_stream(struct httpclient *client, struct evbuffer *answer) {
    if (!add_answer(client, answer))
        return;
    client->phase = HTTPCLIENT_STREAMING;
    discard_input(client);
    stream_arm(client->timer, SIGN_OF_LIFE_MS);
    bufferevent_enable(client->stream, EV_READ);
}

void httpclient_tell(struct httpclient *client, const char *event, size_t length) {
    /* Once an event was dropped the next one comes by httpclient_catch_up(). */
    if (client->dropped > 0 || httpclient_unread(client) + length > STREAM_QUEUE_MAX)
        client->dropped++;
    else if (!event || bufferevent_write(client->stream, event, length) < 0)
        close_soon(client);
}

void httpclient_catch_up(struct httpclient *client, struct evbuffer *events) {
    client->dropped = 0;
    if (evbuffer_add_buffer(bufferevent_get_output(client->stream), events) < 0)
        close_soon(client);
}

/* A comment, by which proxies and both ends see that the other one is still there. */
static void show_life(struct httpclient *client) {
    static const char comment[] = ":\n\n";

    client->silent = httpclient_unread(client) > 0 ? client->silent + 1 : 0;
    if (client->silent >= SILENT_MAX) {
        client_free(client);
        return;
    }
    if (client->silent == 0)
        bufferevent_write(client->stream, comment, sizeof comment - 1);
    stream_arm(client->timer, SIGN_OF_LIFE_MS);
}

/* What happens to it */

static void on_readable(struct bufferevent *stream, void *context) {
    struct httpclient *client = context;

    (void)stream;
    if (client->phase == HTTPCLIENT_READING)
        look(client);
    else if (client->phase == HTTPCLIENT_STREAMING || client->phase == HTTPCLIENT_ENDING)
        discard_input(client);
}

/* Everything written so far has been taken by the client. */
static void on_drained(struct bufferevent *stream, void *context) {
    struct httpclient *client = context;

    (void)stream;
    if (client->phase == HTTPCLIENT_STREAMING) {
        client->silent = 0;
        if (client->dropped > 0)
            client->calls->behind(client);
    } else if (client->phase == HTTPCLIENT_ANSWERING && client->last_answer) {
        end(client);
    } else if (client->phase == HTTPCLIENT_ANSWERING) {
        expect_request(client);
        look(client);
    }
}

/* Whoever closes a stream goes; what it was sent is its due all the same. */
static void on_ended(struct bufferevent *stream, short what, void *context) {
    struct httpclient *client = context;

    (void)stream;
    if (what & BEV_EVENT_EOF && client->phase == HTTPCLIENT_STREAMING)
        httpclient_dismiss(client);
    else
        client_free(client);
}

static void on_timer(evutil_socket_t fd, short what, void *context) {
    struct httpclient *client = context;

    (void)fd, (void)what;
    if (client->phase == HTTPCLIENT_WAITING)
        client->calls->late(client);
    else if (client->phase == HTTPCLIENT_STREAMING)
        show_life(client);
    else
        client_free(client);
}

struct httpclient *httpclient_new(struct event_base *base, int fd, const struct httpclient_calls *calls) {
    struct httpclient *client = calloc(1, sizeof *client);

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
    stream_send_at_once(client->stream);
    bufferevent_setwatermark(client->stream, EV_READ, 0, HEAD_MAX);
    bufferevent_setcb(client->stream, on_readable, on_drained, on_ended, client);
    expect_request(client);
    return client;
}
