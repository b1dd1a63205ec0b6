/* SPDX-License-Identifier: ISC
 *
 * stream.c - see stream.h.
 */
#include "platform/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

unsigned stream_places(unsigned least, unsigned most, unsigned reserved) {
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= most + reserved)
        return most;
    return limit.rlim_cur > least + reserved ? (unsigned)limit.rlim_cur - reserved : least;
}

void stream_arm(struct event *timer, int limit_ms) {
    struct timeval limit = { .tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000 };

    evtimer_add(timer, &limit);
}

size_t stream_unread(struct bufferevent *stream) {
    return evbuffer_get_length(bufferevent_get_output(stream));
}

/* The stream freezes the front of what it is about to write. */
void stream_write_now(struct bufferevent *stream) {
    struct evbuffer *output = bufferevent_get_output(stream);

    evbuffer_unfreeze(output, 1);
    evbuffer_write(output, bufferevent_getfd(stream));
    evbuffer_freeze(output, 1);
}

void stream_send_at_once(struct bufferevent *stream) {
    int yes = 1;

    setsockopt(bufferevent_getfd(stream), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}
