/* SPDX-License-Identifier: ISC
 *
 * httplisten.c - see httplisten.h.
 */
#include "http/httplisten.h"

#include "daemon/ctlsocket.h"
#include "daemon/log.h"
#include "platform/address.h"
#include "platform/endpoint.h"
#include "platform/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

enum {
    BACKLOG = 128,
    SEND_BUFFER = 64 * 1024, /* bytes of the kernel for each connection; by itself it takes megabytes */
    ACCEPTS_MAX = 16, /* per turn */
    OPEN_AGAIN_MS = 2000,
    ACCEPT_AGAIN_MS = 1000, /* after accept() failed, mostly for lack of descriptors */
};

struct httplisten {
    struct event_base *base;
    const struct endpoint *endpoint;
    httplisten_taker *taker;
    void *context;
    int fd; /* -1: not opened yet */
    struct ctlsocket file; /* of a Unix socket */
    struct event *readable; /* NULL: not opened yet */
    struct event *again; /* to open, or to accept */
    int error; /* to open: logged last */
};

/* Connections */

static void take_connections(struct httplisten *listen) {
    for (unsigned i = 0; i < ACCEPTS_MAX; i++) {
        int fd = accept4(listen->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            listen->taker(listen->context, fd);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            event_del(listen->readable);
            stream_arm(listen->again, ACCEPT_AGAIN_MS);
            return;
        }
    }
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    take_connections(context);
}

/* The socket */

static int open_file(struct httplisten *listen, const char *path) {
    int result = ctlsocket_open(&listen->file, path);

    if (result == 0)
        listen->fd = listen->file.fd;
    return result;
}

/* Whoever restarts the daemon wants the port at once, whatever the last one has left in TIME_WAIT. */
static int bind_address(int fd, const struct address *address) {
    union socket_address name;
    socklen_t length = address_to_socket(address, &name);
    int yes = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        (address->family == 6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) < 0) ||
        bind(fd, &name.any, length) < 0)
        return -errno;
    return 0;
}

static int open_address(struct httplisten *listen, const struct address *address) {
    listen->fd = socket(address->family == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return listen->fd < 0 ? -errno : bind_address(listen->fd, address);
}

static int open_socket(struct httplisten *place) {
    const struct endpoint *endpoint = place->endpoint;
    int size = SEND_BUFFER;
    int result = endpoint->path[0] != '\0' ? open_file(place, endpoint->path) : open_address(place, &endpoint->address);

    if (result == 0 && (setsockopt(place->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) < 0 ||
                        listen(place->fd, BACKLOG) < 0))
        result = -errno;
    if (result == 0)
        place->readable = event_new(place->base, place->fd, EV_READ | EV_PERSIST, on_readable, place);
    if (result == 0 && !place->readable)
        result = -ENOMEM;
    return result;
}

static void close_socket(struct httplisten *listen) {
    if (listen->readable)
        event_free(listen->readable);
    listen->readable = NULL;
    ctlsocket_remove(&listen->file);
    listen->file.path[0] = '\0';
    if (listen->fd >= 0)
        close(listen->fd);
    listen->fd = -1;
}

static void say_failed(struct httplisten *listen, int result) {
    const char *reason = result == -EEXIST ? "something that is no socket is in its place" : strerror(-result);
    char name[ENDPOINT_TEXT_SIZE];

    if (result == listen->error)
        return;
    listen->error = result;
    log_error("[http] listen = %s: %s; no HTTP there, trying again every %d s",
              endpoint_format(listen->endpoint, name), reason, OPEN_AGAIN_MS / 1000);
}

static void try_to_open(struct httplisten *listen) {
    char name[ENDPOINT_TEXT_SIZE];
    int result = open_socket(listen);

    if (result == 0) {
        event_add(listen->readable, NULL);
        log_info("HTTP at %s", endpoint_format(listen->endpoint, name));
        return;
    }
    close_socket(listen);
    say_failed(listen, result);
    stream_arm(listen->again, OPEN_AGAIN_MS);
}

static void on_again(evutil_socket_t fd, short what, void *context) {
    struct httplisten *listen = context;

    (void)fd, (void)what;
    if (listen->readable)
        event_add(listen->readable, NULL);
    else
        try_to_open(listen);
}

int httplisten_open(struct httplisten **ret, struct event_base *base, const struct endpoint *endpoint,
                    httplisten_taker *taker, void *context) {
    struct httplisten *listen = calloc(1, sizeof *listen);

    if (!listen)
        return -ENOMEM;
    *listen = (struct httplisten){ .base = base, .endpoint = endpoint, .taker = taker, .context = context, .fd = -1 };
    listen->again = evtimer_new(base, on_again, listen);
    if (!listen->again) {
        free(listen);
        return -ENOMEM;
    }
    try_to_open(listen);
    *ret = listen;
    return 0;
}

void httplisten_close(struct httplisten *listen) {
    if (!listen)
        return;
    event_free(listen->again);
    close_socket(listen);
    free(listen);
}
