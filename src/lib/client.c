/* SPDX-License-Identifier: ISC
 *
 * client.c - see client.h: a non-blocking socket, poll(), and one growing buffer for what has come in.
 */
#include "lib/client.h"

#include "base/str.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_START = 4096 };

struct client {
    int fd;
    int descriptor; /* received, and not taken yet; -1 */
    char *buffer;
    size_t size;
    size_t used; /* bytes received */
    size_t given; /* of these: the line given out last, with its newline */
    size_t searched; /* of these: known to hold no newline after `given` */
};

static usec_t clock_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (usec_t)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

usec_t client_deadline(usec_t limit) {
    usec_t now = clock_now();

    return limit < USEC_NEVER - now ? now + limit : USEC_NEVER;
}

int client_left_ms(usec_t deadline) {
    if (deadline == USEC_NEVER)
        return -1;
    return (int)clamp_i64((deadline - clock_now() + USEC_PER_MS - 1) / USEC_PER_MS, 0, INT32_MAX);
}

int client_default_path(const char *cluster, char ret_path[CLIENT_PATH_SIZE]) {
    if (!str_is_cluster_name(cluster, strlen(cluster)))
        return -EINVAL;
    int length = snprintf(ret_path, CLIENT_PATH_SIZE, "%s/%s.sock", ELDEST_RUNDIR, cluster);
    return length < CLIENT_PATH_SIZE ? 0 : -ENAMETOOLONG;
}

/* Waits until fd is ready for what is asked, or the deadline. */
static int wait_for(int fd, short what, usec_t deadline) {
    struct pollfd ready = { .fd = fd, .events = what };

    for (;;) {
        int rc = poll(&ready, 1, client_left_ms(deadline));
        if (rc > 0)
            return 0;
        if (rc == 0 && clock_now() >= deadline)
            return -ETIMEDOUT;
        if (rc < 0 && errno != EINTR)
            return -errno;
    }
}

/* How long connect() may wait. */
static void limit_waiting(int fd, usec_t left) {
    struct timeval limit = { .tv_sec = left / USEC_PER_SEC, .tv_usec = left % USEC_PER_SEC };

    if (left > 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    else
        fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* A full backlog cannot be polled for: the kernel waits for a place, as long as the send timeout says. */
static int connect_until(int fd, const struct sockaddr_un *address, usec_t deadline) {
    for (;;) {
        limit_waiting(fd, deadline - clock_now());
        if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
            return 0;
        if (errno == EAGAIN)
            return -ETIMEDOUT;
        if (errno != EINTR)
            return -errno;
    }
}

/* A socket, but never as one of the standard descriptors: what a program prints without having them open is not for the
 * daemon. */
static int open_socket(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || fd > STDERR_FILENO)
        return fd < 0 ? -errno : fd;

    int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int rc = higher < 0 ? -errno : higher;
    close(fd);
    return rc;
}

int client_open(struct client **ret, const char *path, usec_t deadline) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);

    int fd = open_socket();
    if (fd < 0)
        return fd;
    int rc = connect_until(fd, &address, deadline);
    struct client *client = rc == 0 ? calloc(1, sizeof(*client)) : NULL;
    if (!client) {
        close(fd);
        return rc < 0 ? rc : -ENOMEM;
    }
    client->fd = fd;
    client->descriptor = -1;
    *ret = client;
    return 0;
}

static int send_all(int fd, const char *bytes, size_t length, usec_t deadline) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        int rc = 0;

        if (sent >= 0) {
            bytes += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            rc = wait_for(fd, POLLOUT, deadline);
        } else if (errno != EINTR) {
            rc = -errno;
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

int client_send(struct client *client, const char *line, usec_t deadline) {
    int rc = send_all(client->fd, line, strlen(line), deadline);

    if (rc == 0)
        rc = send_all(client->fd, "\n", 1, deadline);
    return rc == -EPIPE || rc == -ECONNRESET ? 0 : rc;
}

int client_request(struct client *client, const char *command, usec_t deadline) {
    char line[64];
    int length = snprintf(line, sizeof(line), "{\"command\":\"%s\"}", command);

    return length < (int)sizeof(line) ? client_send(client, line, deadline) : -EINVAL;
}

static void close_if_open(int fd) {
    if (fd >= 0)
        close(fd);
}

/* Forgets the line given out last. */
static void buffer_advance(struct client *client) {
    memmove(client->buffer, client->buffer + client->given, client->used - client->given);
    client->used -= client->given;
    client->given = 0;
    client->searched = 0;
}

static int buffer_grow(struct client *client) {
    if (client->used < client->size)
        return 0;
    if (client->size >= CLIENT_LINE_MAX)
        return -EMSGSIZE;

    size_t size = client->size ? 2 * client->size : BUFFER_START;
    char *buffer = realloc(client->buffer, size);
    if (!buffer)
        return -ENOMEM;
    client->buffer = buffer;
    client->size = size;
    return 0;
}

static void keep_descriptor(struct client *client, const struct cmsghdr *header) {
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len < CMSG_LEN(sizeof(int)))
        return;
    close_if_open(client->descriptor);
    memcpy(&client->descriptor, CMSG_DATA(header), sizeof(client->descriptor));
}

/* There is room for one descriptor, which the padding of its space is not; the kernel closes what is too much. */
static ssize_t receive(struct client *client, char *to, size_t size) {
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = { to, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = CMSG_LEN(sizeof(int)) };
    ssize_t got = recvmsg(client->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

    if (got > 0)
        keep_descriptor(client, CMSG_FIRSTHDR(&message));
    return got;
}

/* Takes what is there. 0 if there was something, -EAGAIN if not, -EPIPE at the end. */
static int buffer_fill(struct client *client) {
    int rc = buffer_grow(client);
    if (rc < 0)
        return rc;

    ssize_t got = receive(client, client->buffer + client->used, client->size - client->used);
    if (got < 0)
        return errno == EINTR ? 0 : errno == ECONNRESET ? -EPIPE : -errno;
    if (got == 0)
        return -EPIPE;
    client->used += (size_t)got;
    return 0;
}

/* The first whole line in the buffer, terminated; NULL if there is none yet. */
static const char *buffer_line(struct client *client) {
    if (client->used == client->searched)
        return NULL;
    char *newline = memchr(client->buffer + client->searched, '\n', client->used - client->searched);
    client->searched = client->used;
    if (!newline)
        return NULL;
    *newline = '\0';
    client->given = (size_t)(newline - client->buffer) + 1;
    return client->buffer;
}

int client_receive(struct client *client, usec_t deadline, const char **ret_line) {
    if (client->given > 0)
        buffer_advance(client);
    for (;;) {
        const char *line = buffer_line(client);
        if (line) {
            *ret_line = line;
            return 0;
        }
        int rc = buffer_fill(client);
        if (rc == -EAGAIN)
            rc = wait_for(client->fd, POLLIN, deadline);
        if (rc < 0)
            return rc;
    }
}

int client_take_descriptor(struct client *client) {
    int descriptor = client->descriptor;

    client->descriptor = -1;
    return descriptor;
}

int client_fd(const struct client *client) {
    return client->fd;
}

void client_close(struct client *client) {
    if (!client)
        return;
    close(client->fd);
    close_if_open(client->descriptor);
    free(client->buffer);
    free(client);
}
