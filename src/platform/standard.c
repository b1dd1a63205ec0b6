/* SPDX-License-Identifier: ISC
 *
 * standard.c - see standard.h.
 */
#include "platform/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What is opened gets the lowest number that is free. */
int standard_fill(void) {
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

void standard_release(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int standard;

    for (standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
        if (null >= 0)
            dup2(null, standard);
    if (null > STDERR_FILENO)
        close(null);
    if (chdir("/") < 0 || null < 0)
        errno = 0; /* inconvenient for an administrator who unmounts, no reason to end */
}
