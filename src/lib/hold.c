/* SPDX-License-Identifier: ISC
 *
 * hold.c - the work of a handle: a holder of work as eldest-protocol(7) has it.
 *
 * All that the daemon has said is read before anything is done, so that a program that stood still meanwhile does not
 * begin what is over. The end of the connection is an order to stop, and no new one is made before the work has
 * stopped: until then the descriptor of the work pipe is held, by which the sentinel of the daemon that is gone knows
 * of it.
 *
 * An order may have a lease (lease.h), which is renewed by lines that are no orders. When it is over the work is to be
 * stopped, as if there were no order; if it is renewed later, the work is started again under the same one.
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
    eldest_status_free(hold->order);
    hold->order = order;
    hold->due = order != NULL;
    hold->over = hold->working;
}

static void hold_pipe(struct hold *hold, int fd) {
    if (hold->work_pipe >= 0)
        close(hold->work_pipe);
    hold->work_pipe = fd;
}

static void take_lease(struct hold *hold, const struct eldest_status *line) {
    hold->lease = lease_told(status_number(line, "until_us"), status_number(line, "lease_ms"),
                             status_number(line, "stop_margin_ms"));
}

static void take_order(struct hold *hold, const char *what, struct eldest_status *line) {
    bool works = strcmp(what, "work") == 0 && eldest_status_token(line);
    int descriptor = client_take_descriptor(hold->feed.client);

    if (descriptor >= 0)
        hold_pipe(hold, descriptor);
    if (works)
        hold->heard = status_number(line, "order");
    if (works || status_number(line, "until_us") > 0)
        take_lease(hold, line);
    set_order(hold, works ? line : NULL);
    if (!works)
        eldest_status_free(line);
}

/* A line of the daemon's, given away: an order, or what is to be known of it. */
static void take_line(struct hold *hold, struct eldest_status *line) {
    const char *what = status_text(line, "hold");

    if (what) {
        take_order(hold, what, line);
        return;
    }
    if (status_number(line, "until_us") > 0)
        take_lease(hold, line);
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
            take_line(hold, line);
        else if (rc == -EAGAIN)
            return true;
        else
            set_order(hold, NULL);
    }
    return false;
}

/* Following them */

/* Work that is over anyway may not be due again: it has another order, or none. */
static void heed_lease(struct hold *hold) {
    if (hold->working && !hold->over && lease_is_over(&hold->lease))
        hold->over = hold->due = true;
}

static bool may_start(const struct hold *hold) {
    return !hold->working && hold->due && !lease_is_over(&hold->lease);
}

static void publish(struct hold *hold) {
    atomic_store(&hold->until, hold->order ? hold->lease.end_at : 0);
}

int64_t eldest_hold_until(const struct eldest *eldest) {
    return atomic_load(&eldest->hold.until);
}

/* If nothing is done and nothing to be done, the daemon is told that it is so. */
static void settle(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;
    char line[48];

    if (hold->working || hold->due)
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

    hold->working = true;
    hold->due = hold->over = hold->stopping = false;
    eldest->calls++;
    hold->start(eldest, hold->order, hold->context);
}

static void follow_orders(struct eldest *eldest) {
    struct hold *hold = &eldest->hold;

    heed_lease(hold);
    publish(hold);
    if (hold->over && !hold->stopping)
        stop(eldest);
    if (!eldest->closed && may_start(hold))
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
    if (hold->due || !hold->feed.client)
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

    if (hold->working)
        return hold->over ? USEC_NEVER : hold->lease.stop_at;
    return hold->feed.command && !hold->feed.client ? hold->feed.retry_at : USEC_NEVER;
}

void hold_close(struct hold *hold) {
    feed_close(&hold->feed);
    eldest_status_free(hold->order);
    hold_pipe(hold, -1);
}
