/* SPDX-License-Identifier: ISC
 *
 * notify.c - see notify.h.
 */
#include "platform/notify.h"

#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

bool notify_is_wanted(void) {
    const char *path = getenv("NOTIFY_SOCKET");

    return path && path[0] != '\0';
}

int notify_send(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t length = path ? strlen(path) : 0;
    int fd, result = 0;

    if (length == 0)
        return 0;
    if (length >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return -EINVAL;
    memcpy(to.sun_path, path, length);
    if (path[0] == '@')
        to.sun_path[0] = '\0'; /* the abstract namespace, where the length ends the name */

    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&to,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
        result = -errno;
    close(fd);
    return result;
}

/* A variable that is a number above 0; 0: it is not. */
static uint64_t number_in(const char *variable) {
    const char *text = getenv(variable);
    uint64_t value;

    return text && str_parse_unsigned(text, 1, INT64_MAX, &value) == 0 ? value : 0;
}

usec_t notify_watchdog(void) {
    uint64_t limit = number_in("WATCHDOG_USEC");
    bool other = getenv("WATCHDOG_PID") && number_in("WATCHDOG_PID") != (uint64_t)getpid();

    return limit == 0 || other ? USEC_NEVER : (usec_t)limit;
}

/* The time tells the manager which of its requests this answers: CLOCK_MONOTONIC, which is not the protocol's clock. */
int notify_reloading(void) {
    struct timespec now;
    char state[64];

    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld", now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000);
    return notify_send(state);
}
