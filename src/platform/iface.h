/* SPDX-License-Identifier: ISC
 *
 * iface.h - the network interfaces of this host as the kernel tells of them (rtnetlink), and whether a node
 * can use them.
 *
 * What is seen is the network namespace of the process. Nothing here depends on how an interface is called.
 */
#ifndef ELDEST_PLATFORM_IFACE_H
#define ELDEST_PLATFORM_IFACE_H

#include "base/types.h"

enum {
    LINKS_MAX = 64, /* interfaces that come into question; more are not looked at */
    LINK_NAME_SIZE = 16, /* with its NUL, as in the kernel */
};

/* What keeps an interface from being used; the first that applies. */
enum link_state {
    LINK_USABLE = 0,
    LINK_MISSING, /* named, but there is none of that name */
    LINK_DOWN,
    LINK_NO_CARRIER,
    LINK_NO_ADDRESS, /* no IPv4 address */
};

struct link {
    uint32_t ifindex; /* 0: LINK_MISSING */
    char name[LINK_NAME_SIZE];
    enum link_state state;
    bool loopback;
    bool interrupted; /* was away for a moment: iface_watch_read() */
    struct address address; /* its first IPv4 address, global before link-local; port 0 */
};

/* For people: "usable", "does not exist", "is down", ... */
const char *link_state_text(enum link_state state);

/* Lists the interfaces that come into question: those named, in that order, whatever they are; if none is
 * named all but loopback, point-to-point links, those without multicast, and ports of a bridge or bond, in
 * the order of their index. 0 or a negative errno; then nothing is written. */
int iface_list(const char *const *names, unsigned name_count, struct link links[LINKS_MAX], unsigned *ret_count);

/* A descriptor that can be read when an interface or an IPv4 address has come, gone or changed. 0 or a
 * negative errno. */
int iface_watch_open(int *ret_fd);

/* Reads what was told, until there is no more, and marks those of `links` as interrupted that were down or
 * gone meanwhile. What is true now iface_list() says. */
void iface_watch_read(int fd, struct link *links, unsigned count);

#endif
