/* SPDX-License-Identifier: ISC
 *
 * iface.c - see iface.h.
 */
#include "platform/iface.h"

#include "platform/address.h"
#include "platform/netlink.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIST_TRIES = 3 }; /* a list that changed while it was read is read again */

/* The list as it grows. */
struct listing {
    const char *const *names;
    unsigned name_count;
    struct link *links;
    unsigned count;
};

const char *link_state_text(enum link_state state) {
    static const char *const texts[] = {
        [LINK_USABLE] = "usable",
        [LINK_MISSING] = "does not exist",
        [LINK_DOWN] = "is down",
        [LINK_NO_CARRIER] = "has no carrier",
        [LINK_NO_ADDRESS] = "has no IPv4 address",
    };
    return texts[state];
}

/* Ports of bridges and bonds carry the traffic of their master; a member of a VRF is an interface of its
 * own. */
static bool is_port(const struct nlmsghdr *message) {
    const struct rtattr *info = netlink_attribute(message, sizeof(struct ifinfomsg), IFLA_LINKINFO);
    const struct rtattr *kind = info ? netlink_nested(info, IFLA_INFO_SLAVE_KIND) : NULL;

    if (!netlink_attribute(message, sizeof(struct ifinfomsg), IFLA_MASTER))
        return false;
    return !kind || netlink_size(kind) < 3 || memcmp(netlink_data(kind), "vrf", 3) != 0;
}

/* As far as the link itself goes; an address is yet to be found. */
static enum link_state state_of(unsigned flags) {
    if (!(flags & IFF_UP))
        return LINK_DOWN;
    return flags & IFF_RUNNING ? LINK_NO_ADDRESS : LINK_NO_CARRIER;
}

static bool comes_into_question(const struct nlmsghdr *message, unsigned flags) {
    return (flags & IFF_MULTICAST) && !(flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) && !is_port(message);
}

/* The place in the list for an interface, or NULL if it does not belong there. */
static struct link *place_for(struct listing *listing, const struct nlmsghdr *message, const char *name,
                              unsigned flags) {
    unsigned i;

    for (i = 0; i < listing->name_count; i++)
        if (strcmp(listing->links[i].name, name) == 0)
            return &listing->links[i];
    if (listing->name_count > 0 || listing->count == LINKS_MAX || !comes_into_question(message, flags))
        return NULL;
    return &listing->links[listing->count++];
}

static void take_link(const struct nlmsghdr *message, void *context) {
    const struct ifinfomsg *info = netlink_body(message, sizeof *info);
    const struct rtattr *attribute = netlink_attribute(message, sizeof *info, IFLA_IFNAME);
    char name[LINK_NAME_SIZE] = "";
    struct link *link;

    if (message->nlmsg_type != RTM_NEWLINK || !info || !attribute || netlink_size(attribute) > sizeof name)
        return;
    memcpy(name, netlink_data(attribute), netlink_size(attribute));
    name[sizeof name - 1] = '\0';
    link = place_for(context, message, name, info->ifi_flags);
    if (!link)
        return;
    link->ifindex = (uint32_t)info->ifi_index;
    memcpy(link->name, name, sizeof name);
    link->state = state_of(info->ifi_flags);
    link->loopback = info->ifi_flags & IFF_LOOPBACK;
}

static bool is_link_local4(const struct address *address) {
    return address->bytes[0] == 169 && address->bytes[1] == 254;
}

static void give_address(struct link *link, const struct address *address) {
    if (link->address.family == 0 || (is_link_local4(&link->address) && !is_link_local4(address)))
        link->address = *address;
    if (link->state == LINK_NO_ADDRESS)
        link->state = LINK_USABLE;
}

static void take_address(const struct nlmsghdr *message, void *context) {
    const struct ifaddrmsg *info = netlink_body(message, sizeof *info);
    const struct rtattr *local = netlink_attribute(message, sizeof *info, IFA_LOCAL);
    struct listing *listing = context;
    struct address address;
    unsigned i;

    if (message->nlmsg_type != RTM_NEWADDR || !info || info->ifa_family != AF_INET)
        return;
    if (!local || netlink_size(local) != 4)
        return;
    address = address_ipv4(netlink_data(local), 0, info->ifa_index);
    for (i = 0; i < listing->count; i++)
        if (listing->links[i].ifindex == info->ifa_index)
            give_address(&listing->links[i], &address);
}

static void begin_listing(struct listing *listing) {
    unsigned i;

    memset(listing->links, 0, LINKS_MAX * sizeof listing->links[0]);
    listing->count = listing->name_count;
    for (i = 0; i < listing->name_count; i++) {
        listing->links[i].state = LINK_MISSING;
        snprintf(listing->links[i].name, LINK_NAME_SIZE, "%s", listing->names[i]);
    }
}

static int list_once(int fd, struct listing *listing) {
    int result;

    begin_listing(listing);
    result = netlink_dump(fd, RTM_GETLINK, AF_UNSPEC, take_link, listing);
    return result < 0 ? result : netlink_dump(fd, RTM_GETADDR, AF_INET, take_address, listing);
}

int iface_list(const char *const *names, unsigned name_count, struct link links[LINKS_MAX], unsigned *ret_count) {
    struct link found[LINKS_MAX];
    struct listing listing = { .names = names, .name_count = name_count, .links = found };
    int fd, tries, result = -EINTR;

    if (name_count > LINKS_MAX)
        return -E2BIG;
    for (tries = 0; tries < LIST_TRIES && result == -EINTR; tries++) {
        result = netlink_open(0, &fd); /* a new one: nothing of an earlier answer is left in it */
        if (result < 0)
            return result;
        result = list_once(fd, &listing);
        close(fd);
    }
    if (result < 0)
        return result;
    memcpy(links, found, sizeof found);
    *ret_count = listing.count;
    return 0;
}

int iface_watch_open(int *ret_fd) {
    return netlink_open(RTMGRP_LINK | RTMGRP_IPV4_IFADDR, ret_fd);
}

struct in_use {
    struct link *links;
    unsigned count;
};

static void note_interruption(const struct nlmsghdr *message, void *context) {
    const struct ifinfomsg *info = netlink_body(message, sizeof *info);
    const struct in_use *in_use = context;
    unsigned i;

    if (!info || info->ifi_family != AF_UNSPEC)
        return;
    if (message->nlmsg_type != RTM_DELLINK &&
        (message->nlmsg_type != RTM_NEWLINK || state_of(info->ifi_flags) == LINK_NO_ADDRESS))
        return;
    for (i = 0; i < in_use->count; i++)
        if (in_use->links[i].ifindex == (uint32_t)info->ifi_index)
            in_use->links[i].interrupted = true;
}

void iface_watch_read(int fd, struct link *links, unsigned count) {
    struct in_use in_use = { links, count };

    netlink_read(fd, note_interruption, &in_use);
}
