/* SPDX-License-Identifier: ISC
 *
 * hostname.c - see hostname.h.
 */
#include "platform/hostname.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

void hostname_get(char ret[HOSTNAME_SIZE]) {
    memset(ret, 0, HOSTNAME_SIZE);
    if (gethostname(ret, HOSTNAME_SIZE - 1) < 0)
        ret[0] = '\0';
}

/* The file can always be read, but has something urgent to tell only once for each change. An event loop that waits for
 * what can be read waits for the set around it. */
struct hostname_watch {
    int file, set;
};

int hostname_watch_open(struct hostname_watch **ret) {
    struct hostname_watch *watch = malloc(sizeof *watch);
    struct epoll_event urgent = { .events = EPOLLPRI };
    int error;

    if (!watch)
        return -ENOMEM;
    watch->file = open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC);
    watch->set = epoll_create1(EPOLL_CLOEXEC);
    if (watch->file >= 0 && watch->set >= 0 && epoll_ctl(watch->set, EPOLL_CTL_ADD, watch->file, &urgent) == 0) {
        *ret = watch;
        return 0;
    }
    error = errno;
    hostname_watch_close(watch);
    return -error;
}

void hostname_watch_close(struct hostname_watch *watch) {
    if (!watch)
        return;
    if (watch->file >= 0)
        close(watch->file);
    if (watch->set >= 0)
        close(watch->set);
    free(watch);
}

int hostname_watch_fd(const struct hostname_watch *watch) {
    return watch->set;
}

void hostname_watch_read(struct hostname_watch *watch) {
    struct epoll_event urgent;

    epoll_wait(watch->set, &urgent, 1, 0);
}
