/* SPDX-License-Identifier: ISC
 *
 * loop.c - see loop.h. libevent's `struct event` is not the core's: no file may use both.
 */
#include "platform/loop.h"

#include "base/util.h"
#include "platform/clock.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

struct source {
    struct event *event;
    loop_callback *callback;
    void *context;
};

struct loop {
    struct event_base *base;
    struct source alarm;
    usec_t alarm_at; /* USEC_NEVER: not set */
    uint64_t wakeups;
    struct histogram lateness;
    unsigned source_count;
    struct source sources[LOOP_SOURCES_MAX];
};

/* The precise timer is a timerfd: late by some 50 us instead of up to a tick. Without the time cache an
 * alarm that is set at the end of a long callback does not ring early. */
static struct event_base *new_base(void) {
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;

    if (!config)
        return NULL;
    if (event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME) == 0)
        base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

int loop_open(struct loop **ret) {
    struct loop *loop = calloc(1, sizeof *loop);

    if (!loop)
        return -ENOMEM;
    loop->alarm_at = USEC_NEVER;
    loop->base = new_base();
    if (!loop->base) {
        free(loop);
        return -ENOMEM;
    }
    *ret = loop;
    return 0;
}

struct event_base *loop_base(struct loop *loop) {
    return loop->base;
}

static void call_source(evutil_socket_t fd, short what, void *context) {
    struct source *source = context;

    (void)fd;
    (void)what;
    source->callback(source->context);
}

static int add_source(struct loop *loop, int fd_or_signal, short what, loop_callback *callback, void *context) {
    struct source *source = &loop->sources[loop->source_count];

    assert(loop->source_count < LOOP_SOURCES_MAX);
    source->callback = callback;
    source->context = context;
    source->event = event_new(loop->base, fd_or_signal, what | EV_PERSIST, call_source, source);
    if (!source->event)
        return -ENOMEM;
    loop->source_count++;
    return event_add(source->event, NULL) == 0 ? 0 : -ENOMEM;
}

int loop_watch(struct loop *loop, int fd, loop_callback *callback, void *context) {
    return add_source(loop, fd, EV_READ, callback, context);
}

int loop_watch_signal(struct loop *loop, int number, loop_callback *callback, void *context) {
    int result = add_source(loop, number, EV_SIGNAL, callback, context);
    sigset_t watched;

    sigemptyset(&watched);
    sigaddset(&watched, number);
    if (result == 0 && sigprocmask(SIG_UNBLOCK, &watched, NULL) < 0)
        result = -errno;
    return result;
}

static void alarm_rang(evutil_socket_t fd, short what, void *context) {
    struct loop *loop = context;

    (void)fd;
    (void)what;
    histogram_note(&loop->lateness, clock_now() - loop->alarm_at);
    loop->alarm_at = USEC_NEVER;
    loop->alarm.callback(loop->alarm.context);
}

int loop_watch_alarm(struct loop *loop, loop_callback *callback, void *context) {
    assert(!loop->alarm.event);
    loop->alarm.callback = callback;
    loop->alarm.context = context;
    loop->alarm.event = event_new(loop->base, -1, 0, alarm_rang, loop);
    return loop->alarm.event ? 0 : -ENOMEM;
}

void loop_set_alarm(struct loop *loop, usec_t at) {
    struct timeval left;
    usec_t left_us;

    if (at == loop->alarm_at)
        return;
    loop->alarm_at = at;
    if (at == USEC_NEVER) {
        event_del(loop->alarm.event);
        return;
    }
    left_us = max_i64(0, at - clock_now());
    left.tv_sec = left_us / USEC_PER_SEC;
    left.tv_usec = left_us % USEC_PER_SEC;
    event_add(loop->alarm.event, &left);
}

/* libevent does not count its turns: here it makes one at a time. */
int loop_run(struct loop *loop) {
    int result;

    do {
        result = event_base_loop(loop->base, EVLOOP_ONCE);
        loop->wakeups++;
    } while (result == 0 && !event_base_got_break(loop->base));
    return result < 0 ? -EIO : 0;
}

uint64_t loop_wakeups(const struct loop *loop) {
    return loop->wakeups;
}

const struct histogram *loop_lateness(const struct loop *loop) {
    return &loop->lateness;
}

void loop_stop(struct loop *loop) {
    event_base_loopbreak(loop->base);
}

void loop_close(struct loop *loop) {
    unsigned i;

    if (!loop)
        return;
    for (i = 0; i < loop->source_count; i++)
        event_free(loop->sources[i].event);
    if (loop->alarm.event)
        event_free(loop->alarm.event);
    event_base_free(loop->base);
    free(loop);
}
