/* SPDX-License-Identifier: ISC
 *
 * feed.h - a connection on which the daemon says something from time to time, after one command: a watch or orders.
 * It is made again and again as long as there is no daemon, and never waits.
 */
#ifndef ELDEST_LIB_FEED_H
#define ELDEST_LIB_FEED_H

#include "base/types.h"

struct client;
struct eldest_status;

struct feed {
    const char *command; /* NULL: it is not wanted */
    struct client *client; /* NULL: closed */
    usec_t retry_at; /* while closed: when it is tried again */
    int trouble; /* why nothing is heard, a negative errno; 0: something was heard last, or it was not tried yet */
};

/* Connects if it is closed and due, and adds its descriptor to the set of epoll(7). True: it is new. */
bool feed_connect(struct feed *feed, const char *path, int poll_fd);

/* The next line; the caller's. -EAGAIN: no more for now. Else it is closed now, and its trouble is returned. */
int feed_next(struct feed *feed, int poll_fd, struct eldest_status **ret);

/* Says something, whole or not at all. Where that cannot be sent it is closed. */
void feed_say(struct feed *feed, int poll_fd, const char *line);

/* It is closed, and due. */
bool feed_is_due(const struct feed *feed);

/* Closes it for good. */
void feed_close(struct feed *feed);

#endif
