/* SPDX-License-Identifier: ISC
 *
 * complain.c - what goes to standard error.
 */
#include "cli/cli.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static bool hasty; /* complaints wait for nobody */

/* A pipe that can be written to has room for PIPE_BUF bytes, which is more than a complaint has. */
static bool is_taken_at_once(int fd) {
    struct pollfd entry = { .fd = fd, .events = POLLOUT };

    return poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT;
}

void cli_stay(void) {
    int fd;

    do {
        fd = open("/dev/null", O_RDWR); /* gets the lowest number that is free */
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
    hasty = true;
}

void cli_complain(const char *format, ...) {
    va_list arguments;

    if (hasty && !is_taken_at_once(STDERR_FILENO))
        return;
    fputs("eldest: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}
