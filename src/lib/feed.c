/* SPDX-License-Identifier: ISC
 *
 * feed.c - see feed.h.
 */
#include "lib/feed.h"

#include "lib/client.h"
#include "lib/status.h"

#include <errno.h>
#include <sys/epoll.h>

#define RETRY_INTERVAL (200 * USEC_PER_MS)

/* The past: client.h waits for nothing. */
#define NOW 0

/* A copy of the descriptor in another process would keep it in the set, so it is taken out by name. */
static void lose(struct feed *feed, int poll_fd, int trouble) {
    epoll_ctl(poll_fd, EPOLL_CTL_DEL, client_fd(feed->client), NULL);
    client_close(feed->client);
    feed->client = NULL;
    feed->trouble = trouble;
    feed->retry_at = client_deadline(RETRY_INTERVAL);
}

bool feed_is_due(const struct feed *feed) {
    return feed->command && !feed->client && feed->retry_at <= client_deadline(0);
}

static int enter(struct feed *feed, int poll_fd) {
    struct epoll_event event = { .events = EPOLLIN };

    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, client_fd(feed->client), &event) < 0)
        return -errno;
    return client_request(feed->client, feed->command, NOW);
}

bool feed_connect(struct feed *feed, const char *path, int poll_fd) {
    if (!feed_is_due(feed))
        return false;
    int rc = client_open(&feed->client, path, NOW);
    if (rc < 0) {
        feed->trouble = rc;
        feed->retry_at = client_deadline(RETRY_INTERVAL);
        return false;
    }
    rc = enter(feed, poll_fd);
    if (rc < 0)
        lose(feed, poll_fd, rc);
    return rc == 0;
}

static int read_status(struct feed *feed, struct eldest_status **ret) {
    struct eldest_status *status;
    const char *line;
    int rc = client_receive(feed->client, NOW, &line);

    if (rc == 0)
        rc = status_new(&status, line);
    if (rc < 0)
        return rc;
    rc = status_error(status);
    if (rc == 0)
        *ret = status;
    else
        eldest_status_free(status);
    return rc == -ETIMEDOUT ? -EPROTO : rc;
}

int feed_next(struct feed *feed, int poll_fd, struct eldest_status **ret) {
    int rc = read_status(feed, ret);

    if (rc == -ETIMEDOUT)
        return -EAGAIN;
    if (rc < 0)
        lose(feed, poll_fd, rc);
    else
        feed->trouble = 0;
    return rc;
}

void feed_say(struct feed *feed, int poll_fd, const char *line) {
    int rc = client_send(feed->client, line, NOW);

    if (rc < 0)
        lose(feed, poll_fd, rc);
}

void feed_close(struct feed *feed) {
    client_close(feed->client);
    *feed = (struct feed){ .command = NULL };
}
