/* SPDX-License-Identifier: ISC
 *
 * hold.c - the work of a handle: a holder of work as eldest-protocol(7) has it.
 *
 * All that the daemon has said is read before anything is done, so that a program that stood still meanwhile does not
 * begin what is over. The end of the connection is an order to stop, and no new one is made before the work has
 * stopped: until then the descriptor of the work pipe is held, by which the sentinel of the daemon that is gone knows
 * of it.
 */
#include "lib/handle.h"

#include "lib/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int eldest_hold(struct eldest *eldest, eldest_start_function *start, eldest_stop_function *stop, void *context) {
    int rc = handle_check(eldest);

    if (rc == 0 && (!start || !stop))
        rc = -EINVAL;
    if (rc == 0 && eldest->hold.start)
        rc = -EBUSY;
    if (rc < 0)
        return rc;
    eldest->hold.start = start;
    eldest->hold.stop = stop;
    eldest->hold.context = context;
    eldest->hold.feed.command = "hold";
    handle_wake(eldest);
    return 0;
}

/* Orders */

/* What is done under an earlier one is over, whatever comes next; the order, NULL for none, is given away. */
static void set_order(struct hold *hold, struct eldest_status *order) {
    eldest_status_free(hold->ordered);
    hold->ordered = order;
    hold->over = hold->working;
}

static void hold_pipe(struct hold *hold, int fd) {
    if (hold->work_pipe >= 0)
        close(hold->work_pipe);
    hold->work_pipe = fd;
}

/* A line of the daemon's, given away. */
static void take_order(struct hold *hold, struct eldest_status *line) {
    const char *what = status_text(line, "hold");
    bool works = what && strcmp(what, "work") == 0 && eldest_status_token(line);
    int descriptor = client_take_descriptor(hold->feed.client);

    if (descriptor >= 0)
        hold_pipe(hold, descriptor);
    if (works)
        hold->heard = status_number(line, "order");
    set_order(hold, works ? line : NULL);
    if (!works)
        eldest_status_free(line);
}

/* False: there is more than one turn may take. */
static bool read_orders(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;
    struct eldest_status *line;

    for (int lines = 0; lines < LINES_PER_TURN; lines++) {
        if (!hold->feed.client)
            return true;
        int rc = feed_next(&hold->feed, eldest->poll_fd, &line);
        if (rc == 0)
            take_order(hold, line);
        else if (rc == -EAGAIN)
            return true;
        else
            set_order(hold, NULL);
    }
    return false;
}

/* Following them */

/* If nothing is done and nothing to be done, the daemon is told that it is so. */
static void settle(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;
    char line[48];

    if (hold->working || hold->ordered)
        return;
    hold_pipe(hold, -1);
    if (!hold->feed.client || hold->confirmed == hold->heard)
        return;
    hold->confirmed = hold->heard;
    snprintf(line, sizeof(line), "{\"stopped\":%" PRId64 "}", hold->confirmed);
    feed_say(&hold->feed, eldest->poll_fd, line);
}

static void stop(struct eldest *eldest) {
    eldest->hold.stopping = true;
    eldest->calls++;
    eldest->hold.stop(eldest, eldest->hold.context);
}

/* The program may say at once that it has stopped. */
static void start(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;
    struct eldest_status *order = hold->ordered;

    hold->ordered = NULL;
    hold->working = true;
    hold->over = hold->stopping = false;
    eldest->calls++;
    hold->start(eldest, order, hold->context);
    eldest_status_free(order);
}

static void follow_orders(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;

    if (hold->over && !hold->stopping)
        stop(eldest);
    if (!hold->working && hold->ordered && !eldest->closed)
        start(eldest);
    if (!eldest->closed)
        settle(eldest);
}

/* Either more work waits, or the daemon is to be told, or looked for again. */
int eldest_stopped(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;
    int rc = handle_check(eldest);

    if (rc == 0 && !hold->working)
        rc = -EINVAL;
    if (rc < 0)
        return rc;
    hold->working = hold->over = false;
    settle(eldest);
    if (hold->ordered || !hold->feed.client)
        handle_wake(eldest);
    return 0;
}

void hold_serve(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;

    if (!hold->working && feed_connect(&hold->feed, eldest->path, eldest->poll_fd))
        hold->heard = hold->confirmed = 0;
    if (!read_orders(eldest))
        eldest->again = true;
    else if (hold->start)
        follow_orders(eldest);
}

usec_t hold_due_at(const struct eldest *eldest) {
    const struct hold *hold = &eldest->hold;

    return hold->feed.command && !hold->feed.client && !hold->working ? hold->feed.retry_at : USEC_NEVER;
}

void hold_close(struct hold *hold) {
    feed_close(&hold->feed);
    eldest_status_free(hold->ordered);
    hold_pipe(hold, -1);
}
