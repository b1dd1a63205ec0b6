/* SPDX-License-Identifier: ISC
 *
 * tap.c - see tap.h.
 */
#include "net/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int enter(const char *netns) {
    int fd = open(netns, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;

    int rc = setns(fd, CLONE_NEWNET) < 0 ? -errno : 0;
    close(fd);
    return rc;
}

/* The interface is made in the namespace in which the device file is opened. */
int tap_open(const char *netns, const char *name) {
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int rc = enter(netns);
    if (rc < 0)
        return rc;

    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, TUNSETIFF, &request) < 0) {
        rc = -errno;
        close(fd);
        return rc;
    }
    return fd;
}

int tap_plug(int fd, bool in) {
    int carrier = in;

    return ioctl(fd, TUNSETCARRIER, &carrier) < 0 ? -errno : 0;
}
