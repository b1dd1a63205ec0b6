/* SPDX-License-Identifier: ISC
 *
 * notify.c - see notify.h.
 */
#include "platform/notify.h"

#include "base/types.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

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

/* The time tells the manager which of its requests this answers: CLOCK_MONOTONIC, which is not the protocol's clock. */
int notify_reloading(void) {
    struct timespec now;
    char state[64];

    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld", now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000);
    return notify_send(state);
}
