/* SPDX-License-Identifier: ISC
 *
 * holder.c - a program that uses libeldest within the loop of libevent, for library.sh: it watches and holds work,
 * and prints a line for whatever it is told.
 *
 *     holder SOCKET [at-once|later|never]   when it says that its work has stopped; later: 300 ms after it was told to
 */
#include <eldest.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <event2/event.h>

enum { LATER_US = 300000 };

struct holder {
    struct eldest *eldest;
    struct event *later;
    const char *how;
};

static void say(const char *what, const char *more) {
    printf("%s%s%s\n", what, more ? " " : "", more ? more : "");
    fflush(stdout);
}

static void stopped(struct holder *holder) {
    say("stopped", NULL);
    if (eldest_stopped(holder->eldest) < 0)
        abort();
}

static void on_later(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    stopped(context);
}

static void start(struct eldest *eldest, const struct eldest_status *order, void *context) {
    (void)eldest, (void)context;
    if (eldest_status_role(order) != ELDEST_LEADS || eldest_status_limit_ms(order) <= 0)
        abort();
    say("start", eldest_status_token(order));
}

static void stop(struct eldest *eldest, void *context) {
    const struct timeval delay = { .tv_sec = 0, .tv_usec = LATER_US };
    struct holder *holder = context;

    (void)eldest;
    say("stop", NULL);
    if (strcmp(holder->how, "at-once") == 0)
        stopped(holder);
    else if (strcmp(holder->how, "later") == 0)
        evtimer_add(holder->later, &delay);
}

static void changed(struct eldest *eldest, const struct eldest_status *status, void *context) {
    static const char *const roles[] = {
        [ELDEST_UNCERTAIN] = "uncertain", [ELDEST_LEADS] = "leads", [ELDEST_FOLLOWS] = "follows",
    };

    (void)eldest, (void)context;
    say(status ? "watch" : "unknown", status ? roles[eldest_status_role(status)] : NULL);
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct holder *holder = context;

    (void)fd, (void)what;
    if (eldest_dispatch(holder->eldest, 0) < 0)
        abort();
}

int main(int argc, char **argv) {
    struct holder holder = { .how = argc > 2 ? argv[2] : "at-once" };
    struct event_base *base = event_base_new();

    if (argc < 2 || !base || eldest_open(&holder.eldest, NULL, argv[1]) < 0 ||
        eldest_hold(holder.eldest, start, stop, &holder) < 0 || eldest_watch(holder.eldest, changed, &holder) < 0)
        return EXIT_FAILURE;
    holder.later = evtimer_new(base, on_later, &holder);
    struct event *readable = event_new(base, eldest_fd(holder.eldest), EV_READ | EV_PERSIST, on_readable, &holder);
    if (!readable || !holder.later || event_add(readable, NULL) < 0 || event_base_dispatch(base) < 0)
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
