/* SPDX-License-Identifier: ISC
 *
 * httpserver.c - see httpserver.h.
 */
#include "http/httpserver.h"

#include "base/util.h"
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "http/httplisten.h"
#include "http/httproute.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

enum {
    AGAIN_MS = 5000, /* between two tries to open what could not be opened */
    HEADERS_MAX = 8 * 1024, /* bytes of a request */
    BODY_MAX = 1024, /* nothing that can be asked has one */
};

/* One of the places where it listens. */
struct place {
    const struct endpoint *endpoint;
    struct evhttp_bound_socket *bound; /* NULL: not yet */
    struct httplisten listen;
    int error; /* that was logged last */
};

struct httpserver {
    const struct daemon *daemon;
    struct evhttp *http;
    struct event *again;
    unsigned count;
    struct place places[HTTP_LISTEN_MAX];
};

/* Requests */

static const struct {
    const char *name, *value;
} headers[] = {
    { "Cache-Control", "no-store" },
    { "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                                 "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
    { "Referrer-Policy", "no-referrer" },
    { "X-Content-Type-Options", "nosniff" },
};

static void add_headers(struct evhttp_request *request, const char *type) {
    struct evkeyvalq *list = evhttp_request_get_output_headers(request);

    for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
        evhttp_add_header(list, headers[i].name, headers[i].value);
    evhttp_add_header(list, "Content-Type", type);
}

static void answer(struct evhttp_request *request, const struct httproute *route, const struct daemon *daemon) {
    struct evbuffer *body = evhttp_request_get_output_buffer(request);
    int status = route->write(daemon, body);

    add_headers(request, route->type);
    if (status < 0)
        evhttp_send_reply(request, HTTP_INTERNAL, NULL, NULL);
    else
        evhttp_send_reply(request, status > 0 ? status : HTTP_OK, NULL, NULL);
}

static void refuse(struct evhttp_request *request, int status) {
    add_headers(request, "text/plain; charset=utf-8");
    evhttp_send_reply(request, status, NULL, NULL);
}

static void on_request(struct evhttp_request *request, void *context) {
    const struct httpserver *server = context;
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    const struct httproute *route = path ? httproute_find(path, strlen(path)) : NULL;

    if (route)
        answer(request, route, server->daemon);
    else
        refuse(request, HTTP_NOTFOUND);
}

/* Places */

static void say_failed(struct place *place, int error) {
    char name[ENDPOINT_TEXT_SIZE];

    if (error == place->error)
        return;
    place->error = error;
    log_error("[http] listen = %s: %s; no HTTP there, trying again every %d s",
              endpoint_format(place->endpoint, name), strerror(-error), AGAIN_MS / 1000);
}

static int open_place(struct httpserver *server, struct place *place) {
    struct evconnlistener *listener;
    char name[ENDPOINT_TEXT_SIZE];
    int result = httplisten_open(&place->listen, place->endpoint);

    if (result < 0)
        return result;
    listener = evconnlistener_new(daemon_event_base(server->daemon), NULL, NULL,
                                  LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, place->listen.fd);
    place->bound = listener ? evhttp_bind_listener(server->http, listener) : NULL;
    if (!place->bound)
        return -ENOMEM;
    log_info("HTTP at %s", endpoint_format(place->endpoint, name));
    return 0;
}

static void open_places(struct httpserver *server) {
    struct timeval later = { .tv_sec = AGAIN_MS / 1000 };
    bool again = false;

    for (unsigned i = 0; i < server->count; i++) {
        struct place *place = &server->places[i];
        int result = place->bound ? 0 : open_place(server, place);

        if (result < 0)
            say_failed(place, result);
        again |= result < 0;
    }
    if (again)
        evtimer_add(server->again, &later);
}

static void on_again(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    open_places(context);
}

/* The server */

int httpserver_open(struct httpserver **ret, const struct daemon *daemon, const struct http_listen *listen) {
    struct httpserver *server = calloc(1, sizeof *server);

    if (!server)
        return -ENOMEM;
    server->daemon = daemon;
    server->count = listen->count;
    for (unsigned i = 0; i < listen->count; i++)
        server->places[i].endpoint = &listen->list[i];
    server->http = evhttp_new(daemon_event_base(daemon));
    server->again = evtimer_new(daemon_event_base(daemon), on_again, server);
    if (!server->http || !server->again) {
        httpserver_close(server);
        return -ENOMEM;
    }
    evhttp_set_max_headers_size(server->http, HEADERS_MAX);
    evhttp_set_max_body_size(server->http, BODY_MAX);
    evhttp_set_gencb(server->http, on_request, server);
    open_places(server);
    *ret = server;
    return 0;
}

void httpserver_close(struct httpserver *server) {
    if (!server)
        return;
    if (server->http)
        evhttp_free(server->http);
    for (unsigned i = 0; i < server->count; i++)
        if (server->places[i].bound)
            httplisten_remove(&server->places[i].listen);
    if (server->again)
        event_free(server->again);
    free(server);
}
