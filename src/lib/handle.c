/* SPDX-License-Identifier: ISC
 *
 * handle.c - a handle of eldest.h: one descriptor for the event loop of the program, and what is done when it is
 * readable.
 *
 * That descriptor is a set of epoll(7), which holds the connections and a timer. So it stays the same while they come
 * and go, and the program has no time limits to look after.
 */
#include "lib/handle.h"

#include "base/util.h"
#include "lib/alarm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const char default_cluster[] = "default";

enum { ANSWER_LIMIT_MS = 5000 };

/* Opening and closing */

static int choose_path(struct eldest *eldest, const char *cluster, const char *path) {
    if (!path)
        return client_default_path(cluster ? cluster : default_cluster, eldest->path);
    if (strlen(path) >= sizeof(eldest->path))
        return -ENAMETOOLONG;
    memcpy(eldest->path, path, strlen(path) + 1);
    return 0;
}

static int open_set(struct eldest *eldest) {
    struct epoll_event event = { .events = EPOLLIN };

    eldest->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (eldest->poll_fd < 0)
        return -errno;
    eldest->timer_fd = alarm_open();
    if (eldest->timer_fd < 0)
        return eldest->timer_fd;
    return epoll_ctl(eldest->poll_fd, EPOLL_CTL_ADD, eldest->timer_fd, &event) < 0 ? -errno : 0;
}

static void destroy(struct eldest *eldest) {
    hold_close(&eldest->hold);
    watch_close(&eldest->watch);
    if (eldest->timer_fd >= 0)
        close(eldest->timer_fd);
    if (eldest->poll_fd >= 0)
        close(eldest->poll_fd);
    free(eldest);
}

int eldest_open(struct eldest **ret, const char *cluster, const char *path) {
    struct eldest *eldest = calloc(1, sizeof(*eldest));
    if (!eldest)
        return -ENOMEM;

    eldest->owner = getpid();
    eldest->answer_limit = ANSWER_LIMIT_MS * USEC_PER_MS;
    eldest->poll_fd = eldest->timer_fd = eldest->hold.work_pipe = -1;
    int rc = choose_path(eldest, cluster, path);
    if (rc == 0)
        rc = open_set(eldest);
    if (rc < 0) {
        destroy(eldest);
        return rc;
    }
    *ret = eldest;
    return 0;
}

void eldest_close(struct eldest *eldest) {
    if (eldest && eldest->dispatching && handle_check(eldest) == 0)
        eldest->closed = true;
    else if (eldest)
        destroy(eldest);
}

int eldest_set_timeout(struct eldest *eldest, int timeout_ms) {
    if (timeout_ms < 1)
        return -EINVAL;
    eldest->answer_limit = timeout_ms * USEC_PER_MS;
    return 0;
}

int handle_check(const struct eldest *eldest) {
    return getpid() == eldest->owner ? 0 : -ECHILD;
}

/* Turns */

int eldest_fd(const struct eldest *eldest) {
    return eldest->poll_fd;
}

void handle_wake(struct eldest *eldest) {
    eldest->again = true;
    if (!eldest->dispatching)
        alarm_set(eldest->timer_fd, 0);
}

/* Which of them is ready does not matter: all are looked after. */
static int wait_for_turn(struct eldest *eldest, int timeout_ms) {
    struct epoll_event event;

    if (epoll_wait(eldest->poll_fd, &event, 1, timeout_ms) < 0 && errno != EINTR)
        return -errno;
    return 0;
}

/* Work that is to stop comes first. */
static void take_turn(struct eldest *eldest) {
    eldest->calls = 0;
    eldest->again = false;
    hold_serve(eldest);
    if (!eldest->closed)
        watch_serve(eldest);
    if (!eldest->closed)
        alarm_set(eldest->timer_fd, eldest->again ? 0 : min_i64(hold_due_at(eldest), watch_due_at(eldest)));
}

int eldest_dispatch(struct eldest *eldest, int timeout_ms) {
    int rc = handle_check(eldest);

    if (rc == 0 && eldest->dispatching)
        rc = -EBUSY;
    if (rc == 0)
        rc = wait_for_turn(eldest, timeout_ms);
    if (rc < 0)
        return rc;
    eldest->dispatching = true;
    take_turn(eldest);
    eldest->dispatching = false;
    rc = eldest->calls;
    if (eldest->closed)
        destroy(eldest);
    return rc;
}

int eldest_trouble(const struct eldest *eldest) {
    return eldest->hold.feed.trouble ? eldest->hold.feed.trouble : eldest->watch.feed.trouble;
}
