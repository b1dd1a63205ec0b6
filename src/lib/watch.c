/* SPDX-License-Identifier: ISC
 *
 * watch.c - the watch of a handle: each line of the daemon's is told, and once that there is none to be had.
 */
#include "lib/handle.h"

#include <errno.h>

int eldest_watch(struct eldest *eldest, eldest_watch_function *changed, void *context) {
    int rc = handle_check(eldest);

    if (rc == 0 && !changed)
        rc = -EINVAL;
    if (rc == 0 && eldest->watch.changed)
        rc = -EBUSY;
    if (rc < 0)
        return rc;
    eldest->watch.changed = changed;
    eldest->watch.context = context;
    eldest->watch.feed.command = "watch";
    handle_wake(eldest);
    return 0;
}

static void tell(struct eldest *eldest, const struct eldest_status *status) {
    struct watch *watch = &eldest->watch;

    watch->told_unknown = !status;
    eldest->calls++;
    watch->changed(eldest, status, watch->context);
}

/* False: there is no more for now. */
static bool tell_next(struct eldest *eldest) {
    struct eldest_status *status;

    if (!eldest->watch.feed.client || feed_next(&eldest->watch.feed, eldest->poll_fd, &status) < 0)
        return false;
    tell(eldest, status);
    eldest_status_free(status);
    return true;
}

void watch_serve(struct eldest *eldest) {
    struct watch *watch = &eldest->watch;
    int lines = 0;

    feed_connect(&watch->feed, eldest->path, eldest->poll_fd);
    while (lines < LINES_PER_TURN && !eldest->closed && tell_next(eldest))
        lines++;
    if (lines == LINES_PER_TURN)
        eldest->again = true;
    if (!eldest->closed && watch->feed.command && !watch->feed.client && !watch->told_unknown)
        tell(eldest, NULL);
}

usec_t watch_due_at(const struct eldest *eldest) {
    const struct feed *feed = &eldest->watch.feed;

    return feed->command && !feed->client ? feed->retry_at : USEC_NEVER;
}

void watch_close(struct watch *watch) {
    feed_close(&watch->feed);
}
