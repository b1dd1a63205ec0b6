/* SPDX-License-Identifier: ISC
 *
 * client.c - see client.h.
 */
#include "fuzz/client.h"

#include "unit/node_fixture.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEARD_MAX = 1 << 20, IDLE_TURNS = 3 };

static char directory[] = "/tmp/eldest-fuzz-XXXXXX";
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static char heard[HEARD_MAX + 1];

static void remove_directory(void) {
    unlink(address.sun_path);
    rmdir(directory);
}

const char *client_path(void) {
    signal(SIGPIPE, SIG_IGN);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", directory);
    atexit(remove_directory);
    return address.sun_path;
}

/* What is there now, added to what was heard; false at the end of the connection. */
static bool hear(int fd, size_t *length) {
    static char rest[4096];
    bool keep = *length < HEARD_MAX;
    ssize_t got = recv(fd, keep ? heard + *length : rest, keep ? HEARD_MAX - *length : sizeof(rest), MSG_DONTWAIT);

    if (got > 0 && keep)
        *length += (size_t)got;
    return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Turns until nothing has been heard for a few times; false at the end of the connection. */
static bool listen_for(int fd, size_t *length) {
    for (int idle = 0; idle < IDLE_TURNS; idle++) {
        size_t before = *length;

        turn_without_waiting();
        if (!hear(fd, length))
            return false;
        if (*length > before && *length < HEARD_MAX)
            idle = 0;
    }
    return true;
}

/* As far as the server takes it. */
static void say_all(int fd, const uint8_t *data, size_t size, size_t *length) {
    ssize_t said;

    while (size > 0) {
        said = send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (said < 0 && errno != EAGAIN)
            return;
        if (said < 0 && !listen_for(fd, length))
            return;
        data += said > 0 ? said : 0;
        size -= said > 0 ? (size_t)said : 0;
    }
}

const char *client_talk(const uint8_t *data, size_t size, size_t *ret_length) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    size_t length = 0;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    say_all(fd, data, size, &length);
    if (listen_for(fd, &length)) {
        tell(NOTICE_LEADER);
        listen_for(fd, &length);
        shutdown(fd, SHUT_WR);
        listen_for(fd, &length);
    }
    close(fd);
    turn_without_waiting();
    heard[length] = '\0';
    *ret_length = length;
    return heard;
}
