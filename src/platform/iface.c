/* SPDX-License-Identifier: ISC
 *
 * iface.c - see iface.h. First what the kernel says, then the judgement.
 */
#include "platform/iface.h"

#include "base/util.h"
#include "platform/address.h"
#include "platform/choice.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    LIST_TRIES = 3, /* a list that changed while it was read is read again */
    MESSAGES_SIZE = 32768, /* bytes: the kernel hands out at most this much at once */
    READS_MAX = 64, /* of notifications in one go: the rest keeps */
    KIND_SIZE = 16,
};

/* An interface with what only the judgement needs. */
struct entry {
    struct link link;
    unsigned flags; /* IFF_... */
    uint32_t master; /* 0: none */
    char kind[KIND_SIZE], port_kind[KIND_SIZE]; /* "veth", "bridge", ...; "" for hardware, and for what is no port */
    bool passing[FAMILIES]; /* the address of that family is deprecated: it may be another host's tomorrow */
    bool given; /* has an address that is not link-local, if only a deprecated one */
};

struct listing {
    unsigned families;
    struct entry *entries;
    unsigned count, room;
    bool out_of_memory;
};

union messages {
    struct nlmsghdr align;
    char bytes[MESSAGES_SIZE];
};

struct iface_watch {
    struct mnl_socket *socket;
};

const char *link_state_text(enum link_state state) {
    static const char *const texts[] = {
        [LINK_USABLE] = "usable",
        [LINK_MISSING] = "does not exist",
        [LINK_EXCLUDED] = "is excluded",
        [LINK_NOT_CHOSEN] = "is not named",
        [LINK_LOOPBACK] = "is the loopback interface, which is used only if it alone is named",
        [LINK_PORT] = "is a port of another interface",
        [LINK_TUNNEL] = "is a tunnel",
        [LINK_POINT_TO_POINT] = "is a point-to-point link",
        [LINK_NO_MULTICAST] = "cannot carry multicast",
        [LINK_GUEST_BRIDGE] = "is a bridge for guests of this host only",
        [LINK_LOOSE_VETH] = "is the half of a veth pair that has no address of its own",
        [LINK_DOWN] = "is down",
        [LINK_NO_CARRIER] = "has no carrier",
        [LINK_NO_ADDRESS] = "has no address yet",
    };
    return texts[state];
}

bool link_is_chosen(const struct link *link) {
    return link->state == LINK_USABLE || link->state == LINK_MISSING || link->state >= LINK_DOWN;
}

/* --- what the kernel says --- */

static int open_socket(unsigned groups, int flags, struct mnl_socket **ret) {
    struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | flags);
    int error;

    if (!socket)
        return -errno;
    if (mnl_socket_bind(socket, groups, MNL_SOCKET_AUTOPID) < 0) {
        error = errno;
        mnl_socket_close(socket);
        return -error;
    }
    *ret = socket;
    return 0;
}

/* One datagram of messages. MNL_CB_OK: more may come; MNL_CB_STOP: that was the end of a list; or a negative errno. */
static int read_messages(struct mnl_socket *socket, unsigned seq, mnl_cb_t take, void *context) {
    union messages messages;
    ssize_t received = mnl_socket_recvfrom(socket, &messages, sizeof messages);
    unsigned port = seq == 0 ? 0 : mnl_socket_get_portid(socket);
    int result;

    if (received < 0)
        return -errno;
    result = mnl_cb_run(&messages, (size_t)received, seq, port, take, context);
    return result < 0 ? -errno : result;
}

/* Asks for a whole list and hands over each entry. 0 or a negative errno; -EINTR: the list changed while it was read,
 * so what was handed over fits nothing that ever was. */
static int dump(struct mnl_socket *socket, uint16_t type, mnl_cb_t take, void *context) {
    union {
        struct nlmsghdr align;
        char bytes[64];
    } buffer;
    struct nlmsghdr *request = mnl_nlmsg_put_header(&buffer);
    struct rtgenmsg *body = mnl_nlmsg_put_extra_header(request, sizeof *body);
    int result;

    request->nlmsg_type = type;
    request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request->nlmsg_seq = type; /* any but 0 */
    body->rtgen_family = AF_UNSPEC;
    if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
        return -errno;
    do
        result = read_messages(socket, type, take, context);
    while (result > 0);
    return result;
}

static void copy_text(char *to, size_t size, const struct nlattr *attribute) {
    snprintf(to, size, "%.*s", (int)mnl_attr_get_payload_len(attribute), mnl_attr_get_str(attribute));
}

static int take_info(const struct nlattr *attribute, void *context) {
    struct entry *entry = context;

    if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
        copy_text(entry->kind, sizeof entry->kind, attribute);
    else if (mnl_attr_get_type(attribute) == IFLA_INFO_SLAVE_KIND)
        copy_text(entry->port_kind, sizeof entry->port_kind, attribute);
    return MNL_CB_OK;
}

static int take_link_attribute(const struct nlattr *attribute, void *context) {
    struct entry *entry = context;
    bool is_number = mnl_attr_get_payload_len(attribute) == sizeof(uint32_t);

    switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
        copy_text(entry->link.name, sizeof entry->link.name, attribute);
        break;
    case IFLA_MTU:
        entry->link.mtu = is_number ? mnl_attr_get_u32(attribute) : 0;
        break;
    case IFLA_MASTER:
        entry->master = is_number ? mnl_attr_get_u32(attribute) : 0;
        break;
    case IFLA_LINKINFO:
        mnl_attr_parse_nested(attribute, take_info, entry);
        break;
    default:
        break;
    }
    return MNL_CB_OK;
}

static struct entry *new_entry(struct listing *listing) {
    if (listing->count == listing->room) {
        unsigned room = listing->room ? 2 * listing->room : 16;
        struct entry *grown = reallocarray(listing->entries, room, sizeof *grown);

        if (!grown) {
            listing->out_of_memory = true;
            return NULL;
        }
        listing->entries = grown;
        listing->room = room;
    }
    return memset(&listing->entries[listing->count++], 0, sizeof(struct entry));
}

static int take_link(const struct nlmsghdr *message, void *context) {
    const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
    struct entry *entry;

    if (message->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(message) < sizeof *info)
        return MNL_CB_OK;
    entry = new_entry(context);
    if (!entry)
        return MNL_CB_OK;
    entry->link.ifindex = (uint32_t)info->ifi_index;
    entry->link.loopback = info->ifi_flags & IFF_LOOPBACK;
    entry->flags = info->ifi_flags;
    mnl_attr_parse(message, sizeof *info, take_link_attribute, entry);
    return MNL_CB_OK;
}

/* What is said of one address. */
struct told_address {
    uint32_t flags; /* IFA_F_... */
    const struct nlattr *own, *any;
};

static int take_address_attribute(const struct nlattr *attribute, void *context) {
    struct told_address *told = context;

    switch (mnl_attr_get_type(attribute)) {
    case IFA_LOCAL:
        told->own = attribute;
        break;
    case IFA_ADDRESS:
        told->any = attribute; /* of the peer, if there is an own one too */
        break;
    case IFA_FLAGS:
        if (mnl_attr_get_payload_len(attribute) == sizeof(uint32_t))
            told->flags = mnl_attr_get_u32(attribute);
        break;
    default:
        break;
    }
    return MNL_CB_OK;
}

/* The kernel does not send from an address of which it does not know yet that nobody else has it. */
static bool is_ready(uint32_t flags) {
    return !(flags & IFA_F_DADFAILED) && (!(flags & IFA_F_TENTATIVE) || (flags & IFA_F_OPTIMISTIC));
}

static bool read_address(uint8_t family, const struct nlattr *attribute, struct address *ret) {
    size_t size = family == AF_INET ? 4 : 16;

    if (!attribute || mnl_attr_get_payload_len(attribute) != size)
        return false;
    *ret = (struct address){ .family = family == AF_INET ? 4 : 6 };
    memcpy(ret->bytes, mnl_attr_get_payload(attribute), size);
    return true;
}

static struct entry *entry_of(const struct listing *listing, uint32_t ifindex) {
    for (unsigned i = 0; i < listing->count; i++)
        if (listing->entries[i].link.ifindex == ifindex)
            return &listing->entries[i];
    return NULL;
}

/* Any before one that passes, else a global before a link-local one. */
static bool is_better(const struct address *address, bool passing, const struct address *place, bool place_passing) {
    if (place->family == 0 || passing != place_passing)
        return place->family == 0 || place_passing;
    return address_is_link_local(place) && !address_is_link_local(address);
}

/* The best one, and of equal ones the first. */
static void give_address(struct entry *entry, struct address *address, bool passing) {
    unsigned family = address_family(address);
    struct address *place = &entry->link.addresses[family];

    entry->given |= !address_is_link_local(address);
    if (!is_better(address, passing, place, entry->passing[family]))
        return;
    address->ifindex = entry->link.ifindex;
    *place = *address;
    entry->passing[family] = passing;
}

static int take_address(const struct nlmsghdr *message, void *context) {
    const struct ifaddrmsg *info = mnl_nlmsg_get_payload(message);
    struct told_address told = { .flags = 0 };
    struct address address;
    struct entry *entry;

    if (message->nlmsg_type != RTM_NEWADDR || mnl_nlmsg_get_payload_len(message) < sizeof *info ||
        (info->ifa_family != AF_INET && info->ifa_family != AF_INET6))
        return MNL_CB_OK;
    told.flags = info->ifa_flags;
    mnl_attr_parse(message, sizeof *info, take_address_attribute, &told);
    entry = entry_of(context, info->ifa_index);
    if (!entry || !is_ready(told.flags) || !read_address(info->ifa_family, told.own ? told.own : told.any, &address))
        return MNL_CB_OK;
    give_address(entry, &address, told.flags & IFA_F_DEPRECATED);
    return MNL_CB_OK;
}

/* --- the judgement --- */

/* A member of a VRF has a master too, but is an interface of its own. */
static bool is_port(const struct entry *entry) {
    return entry->master != 0 && strcmp(entry->port_kind, "vrf") != 0;
}

static bool is_one_of(const char *kind, const char *const *kinds, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

static bool is_tunnel(const struct entry *entry) {
    static const char *const kinds[] = {
        "bareudp", "erspan", "geneve", "gre", "gretap", "gtp", "ip6erspan", "ip6gre", "ip6gretap", "ip6tnl", "ipip",
        "sit", "vti", "vti6", "vxlan", "wireguard", "xfrm",
    };
    return is_one_of(entry->kind, kinds, ARRAY_SIZE(kinds));
}

/* Guests, containers and virtual machines, are plugged into a bridge by these. */
static bool is_guest_port(const struct entry *entry) {
    static const char *const kinds[] = { "tun", "veth" };

    return is_one_of(entry->kind, kinds, ARRAY_SIZE(kinds));
}

static bool is_guest_bridge(const struct listing *listing, const struct entry *bridge) {
    if (strcmp(bridge->kind, "bridge") != 0)
        return false;
    for (unsigned i = 0; i < listing->count; i++)
        if (listing->entries[i].master == bridge->link.ifindex && !is_guest_port(&listing->entries[i]))
            return false;
    return true;
}

static bool is_loose_veth(const struct entry *entry) {
    return strcmp(entry->kind, "veth") == 0 && !entry->given;
}

/* What the interface is; USABLE if nothing speaks against it. */
static enum link_state judge_kind(const struct listing *listing, const struct entry *entry) {
    if (is_port(entry))
        return LINK_PORT;
    if (is_tunnel(entry))
        return LINK_TUNNEL;
    if (entry->flags & IFF_POINTOPOINT)
        return LINK_POINT_TO_POINT;
    if (!(entry->flags & IFF_MULTICAST))
        return LINK_NO_MULTICAST;
    if (is_guest_bridge(listing, entry))
        return LINK_GUEST_BRIDGE;
    return is_loose_veth(entry) ? LINK_LOOSE_VETH : LINK_USABLE;
}

/* What it is at this time. */
static enum link_state judge_condition(const struct listing *listing, const struct entry *entry) {
    if (!(entry->flags & IFF_UP))
        return LINK_DOWN;
    if (!(entry->flags & IFF_RUNNING))
        return LINK_NO_CARRIER;
    for (unsigned family = 0; family < FAMILIES; family++)
        if ((listing->families & 1U << family) && entry->link.addresses[family].family != 0)
            return LINK_USABLE;
    return LINK_NO_ADDRESS;
}

static void judge(const struct listing *listing, struct entry *entry, const char *choice) {
    struct opinion opinion = choice_opinion(choice, entry->link.name);
    struct link *link = &entry->link;

    link->named = opinion.named;
    if (opinion.excluded)
        link->state = LINK_EXCLUDED;
    else if (link->loopback && !choice_is_loopback(choice))
        link->state = LINK_LOOPBACK;
    else if (!opinion.named && opinion.names_some && !opinion.wants_auto)
        link->state = LINK_NOT_CHOSEN;
    else if (!opinion.named)
        link->state = judge_kind(listing, entry);
    if (link->state == LINK_USABLE)
        link->state = judge_condition(listing, entry);
}

/* An entry for each name in the choice that no interface has. */
static void add_missing(struct listing *listing, const char *choice) {
    char name[LINK_NAME_SIZE];
    unsigned i, there = listing->count;
    struct entry *entry;

    while (choice_next_name(&choice, name)) {
        for (i = 0; i < there && strcmp(listing->entries[i].link.name, name) != 0; i++)
            ;
        entry = i == there ? new_entry(listing) : NULL;
        if (entry) {
            memcpy(entry->link.name, name, sizeof entry->link.name);
            entry->link.named = true;
            entry->link.state = LINK_MISSING;
        }
    }
}

/* --- all together --- */

static int read_all(struct listing *listing) {
    struct mnl_socket *socket; /* a new one: nothing of an earlier answer is left in it */
    int result = open_socket(0, 0, &socket);

    if (result < 0)
        return result;
    listing->count = 0;
    result = dump(socket, RTM_GETLINK, take_link, listing);
    if (result == 0)
        result = dump(socket, RTM_GETADDR, take_address, listing);
    mnl_socket_close(socket);
    return result;
}

static int copy_links(const struct listing *listing, struct link_list *ret) {
    if (listing->out_of_memory)
        return -ENOMEM;
    ret->links = calloc(listing->count + 1, sizeof *ret->links);
    if (!ret->links)
        return -ENOMEM;
    ret->count = listing->count;
    for (unsigned i = 0; i < listing->count; i++)
        ret->links[i] = listing->entries[i].link;
    return 0;
}

int iface_list(const char *choice, unsigned families, struct link_list *ret) {
    struct listing listing = { .families = families };
    int tries, result = -EINTR;

    for (tries = 0; tries < LIST_TRIES && result == -EINTR; tries++)
        result = read_all(&listing);
    if (result == 0) {
        for (unsigned i = 0; i < listing.count; i++)
            judge(&listing, &listing.entries[i], choice);
        add_missing(&listing, choice);
        result = copy_links(&listing, ret);
    }
    free(listing.entries);
    return result;
}

void iface_list_free(struct link_list *list) {
    free(list->links);
    *list = (struct link_list){ .links = NULL };
}

int iface_watch_open(struct iface_watch **ret) {
    struct iface_watch *watch = calloc(1, sizeof *watch);
    int result;

    if (!watch)
        return -ENOMEM;
    result = open_socket(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, SOCK_NONBLOCK, &watch->socket);
    if (result < 0) {
        free(watch);
        return result;
    }
    *ret = watch;
    return 0;
}

void iface_watch_close(struct iface_watch *watch) {
    if (!watch)
        return;
    mnl_socket_close(watch->socket);
    free(watch);
}

int iface_watch_fd(const struct iface_watch *watch) {
    return mnl_socket_get_fd(watch->socket);
}

struct in_use {
    struct link *links;
    unsigned count;
};

static int note_interruption(const struct nlmsghdr *message, void *context) {
    const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
    const struct in_use *in_use = context;
    bool works;

    if ((message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK) ||
        mnl_nlmsg_get_payload_len(message) < sizeof *info || info->ifi_family != AF_UNSPEC)
        return MNL_CB_OK;
    works = message->nlmsg_type == RTM_NEWLINK && (info->ifi_flags & IFF_UP) && (info->ifi_flags & IFF_RUNNING);
    for (unsigned i = 0; i < in_use->count; i++)
        if (in_use->links[i].ifindex == (uint32_t)info->ifi_index)
            in_use->links[i].interrupted |= !works;
    return MNL_CB_OK;
}

int iface_watch_read(struct iface_watch *watch, struct link *links, unsigned count) {
    struct in_use in_use = { links, count };
    bool overrun = false;
    int reads, result = 0;

    /* an overrun is told once, and what came after it follows */
    for (reads = 0; reads < READS_MAX && result != -EAGAIN; reads++) {
        result = read_messages(watch->socket, 0, note_interruption, &in_use);
        overrun |= result == -ENOBUFS;
    }
    return overrun ? -ENOBUFS : 0;
}
