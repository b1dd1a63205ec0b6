/* SPDX-License-Identifier: ISC
 *
 * hostname.c - see hostname.h.
 */
#include "platform/hostname.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void hostname_get(char ret[HOSTNAME_SIZE]) {
    memset(ret, 0, HOSTNAME_SIZE);
    if (gethostname(ret, HOSTNAME_SIZE - 1) < 0)
        ret[0] = '\0';
}

/* proc(5): poll() on it tells of a change, once. */
int hostname_watch_open(int *ret_fd) {
    int fd = open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return -errno;
    *ret_fd = fd;
    return 0;
}
