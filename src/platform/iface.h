/* SPDX-License-Identifier: ISC
 *
 * iface.h - the network interfaces of this host as the kernel tells of them (rtnetlink), and whether a node
 * can use them.
 *
 * What is seen is the network namespace of the process. By itself a node uses every interface that can carry
 * multicast and leads to other hosts: not a port of a bridge or bond (its master is used), not a bridge that
 * has only guests of this host on it (docker0, virbr0), not the half of a veth pair that nobody gave an
 * address, no tunnel, no point-to-point link. That is judged from what the kernel says an interface is, never
 * from how it is called.
 */
#ifndef ELDEST_PLATFORM_IFACE_H
#define ELDEST_PLATFORM_IFACE_H

#include "base/types.h"
#include "platform/address.h"
#include "platform/choice.h"

/* What keeps an interface from being used; the first that applies. */
enum link_state {
    LINK_USABLE = 0,
    LINK_MISSING, /* named, but there is none of that name */
    LINK_EXCLUDED, /* by the choice */
    LINK_NOT_CHOSEN, /* others are named, this one is not */
    LINK_LOOPBACK, /* which is used only if it alone is named */
    /* from here on not if it is named */
    LINK_PORT, /* of a bridge, bond or team: the traffic is its master's */
    LINK_TUNNEL,
    LINK_POINT_TO_POINT,
    LINK_NO_MULTICAST,
    LINK_GUEST_BRIDGE, /* all its ports are veth or tap, or it has none */
    LINK_LOOSE_VETH, /* without a master and without an address that was given to it */
    /* from here on it can change by itself */
    LINK_DOWN,
    LINK_NO_CARRIER,
    LINK_NO_ADDRESS, /* of the families that are used, or none yet that is known to be unique */
};

struct link {
    uint32_t ifindex; /* 0: LINK_MISSING */
    char name[LINK_NAME_SIZE];
    enum link_state state;
    bool loopback;
    bool named; /* by its name or a pattern */
    bool interrupted; /* was away for a moment: iface_watch_read() */
    unsigned unjoined; /* links.h: families (bits) whose group could not be joined */
    uint32_t mtu;
    usec_t joined_at; /* links.h: in use since; 0 otherwise */
    /* Its first address of each family, one that stays before a deprecated one, global before link-local; port 0;
     * family 0: none. */
    struct address addresses[FAMILIES];
};

/* Every interface, in the order of their index, then those that are missing. */
struct link_list {
    struct link *links;
    unsigned count;
};

/* For people: "usable", "does not exist", "is down", ... */
const char *link_state_text(enum link_state state);

/* Whether it belongs to those that are used, or would be if it were up, had its carrier and an address. */
bool link_is_chosen(const struct link *link);

/* Lists all interfaces and says of each whether it can be used: by the choice (choice.h), and by those of the families
 * (bits 1 << FAMILY_...) that are used. 0, and the list is to be freed; or a negative errno. */
int iface_list(const char *choice, unsigned families, struct link_list *ret);
void iface_list_free(struct link_list *list);

/* Tells when an interface or an address has come, gone or changed. */
struct iface_watch;

/* 0 or a negative errno. */
int iface_watch_open(struct iface_watch **ret);

/* NULL is fine. */
void iface_watch_close(struct iface_watch *watch);

/* Can be read when there is something to read. */
int iface_watch_fd(const struct iface_watch *watch);

/* Reads what was told, until there is no more, and marks those of `links` as interrupted that were down or
 * gone meanwhile. What is true now iface_list() says. 0, or -ENOBUFS: there was more than the kernel keeps, so each of
 * them may have been interrupted. */
int iface_watch_read(struct iface_watch *watch, struct link *links, unsigned count);

#endif
