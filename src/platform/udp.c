/* SPDX-License-Identifier: ISC
 *
 * udp.c - see udp.h. What differs between the families stands in one table; then opening, groups, receiving, sending.
 */
#include "platform/udp.h"

#include "base/util.h"
#include "platform/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for what the kernel says about one datagram: the interface, the TTL, an ICMP error with its sender. */
union control {
    struct cmsghdr align;
    char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)) +
               CMSG_SPACE(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6))];
};

/* One batch, and what its headers point to. */
struct batch {
    struct mmsghdr headers[UDP_BATCH];
    struct iovec parts[UDP_BATCH];
    union socket_address names[UDP_BATCH];
    union control controls[UDP_BATCH];
};

enum {
    RECEIVE_TRIES = 3,
    MEMBERSHIPS_MAX = 64, /* of one family */
    HOLDERS_MAX = 16,
};

/* A group joined on an interface, and by which socket. */
struct membership {
    uint32_t ifindex; /* 0: a free place */
    int fd;
};

struct channels {
    int fds[UDP_CHANNELS]; /* -1: not open */
    struct address group;
    bool errors_wait; /* perhaps: ICMP errors on the unicast socket */
    struct membership memberships[MEMBERSHIPS_MAX];
    /* The kernel lets one socket join on 20 interfaces only (igmp_max_memberships). These hold further memberships; it
     * is the shared socket that hears. */
    int holders[HOLDERS_MAX];
    unsigned holder_count;
};

struct udp {
    struct channels families[FAMILIES];
    struct in_addr host; /* that the IPv4 sockets are bound to */
    uint16_t port;
    struct batch batch; /* of the present call */
    uint8_t buffers[UDP_BATCH][WIRE_DATAGRAM_MAX + 1]; /* one more, to see what is too long */
};

struct option {
    int name, value;
};

/* What one family calls what both have. */
struct dialect {
    int domain, level;
    struct option options[UDP_CHANNELS][8]; /* of each socket; they end with name 0 */
    int join, leave;
    int ttl, pktinfo, error; /* types of control messages */
    uint8_t icmp_origin, icmp_type, icmp_code; /* of "port unreachable" */
};

static const struct dialect dialects[FAMILIES] = {
    [FAMILY_IPV4] = {
        AF_INET, IPPROTO_IP,
        .options = {
            [UDP_SHARED] = { { IP_PKTINFO, 1 }, { IP_RECVTTL, 1 } },
            [UDP_UNICAST] = { { IP_PKTINFO, 1 }, { IP_RECVTTL, 1 }, { IP_RECVERR, 1 }, { IP_TTL, UDP_TTL },
                              { IP_MULTICAST_TTL, UDP_TTL }, { IP_MULTICAST_ALL, 0 },
                              { IP_MULTICAST_LOOP, 1 } }, /* for the other nodes of this host */
        },
        .join = IP_ADD_MEMBERSHIP, .leave = IP_DROP_MEMBERSHIP,
        .ttl = IP_TTL, .pktinfo = IP_PKTINFO, .error = IP_RECVERR,
        .icmp_origin = SO_EE_ORIGIN_ICMP, .icmp_type = ICMP_DEST_UNREACH, .icmp_code = ICMP_PORT_UNREACH,
    },
    [FAMILY_IPV6] = {
        AF_INET6, IPPROTO_IPV6,
        .options = {
            [UDP_SHARED] = { { IPV6_V6ONLY, 1 }, { IPV6_RECVPKTINFO, 1 }, { IPV6_RECVHOPLIMIT, 1 } },
            [UDP_UNICAST] = { { IPV6_V6ONLY, 1 }, { IPV6_RECVPKTINFO, 1 }, { IPV6_RECVHOPLIMIT, 1 },
                              { IPV6_RECVERR, 1 }, { IPV6_UNICAST_HOPS, UDP_TTL }, { IPV6_MULTICAST_HOPS, UDP_TTL },
                              { IPV6_MULTICAST_LOOP, 1 } },
        },
        .join = IPV6_JOIN_GROUP, .leave = IPV6_LEAVE_GROUP,
        .ttl = IPV6_HOPLIMIT, .pktinfo = IPV6_PKTINFO, .error = IPV6_RECVERR,
        .icmp_origin = SO_EE_ORIGIN_ICMP6, .icmp_type = ICMP6_DST_UNREACH, .icmp_code = ICMP6_DST_UNREACH_NOPORT,
    },
};

/* --- opening --- */

static int set_options(int fd, int level, const struct option *options) {
    for (; options->name != 0; options++)
        if (setsockopt(fd, level, options->name, &options->value, sizeof options->value) < 0)
            return -errno;
    return 0;
}

static int share_port(int fd) {
    int yes = 1;

    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ? -errno : 0;
}

static int allow_broadcast(int fd) {
    int yes = 1;

    return setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes) < 0 ? -errno : 0;
}

static int bind_to(int fd, const struct address *address) {
    union socket_address name;
    socklen_t length = address_to_socket(address, &name);

    return bind(fd, &name.any, length) < 0 ? -errno : 0;
}

/* Any address of this host; in IPv4 only 127.0.0.1 if that was asked for. */
static struct address own_address(const struct udp *udp, enum family family, uint16_t port) {
    struct address any = { .family = 6, .port = port };

    return family == FAMILY_IPV6 ? any : address_ipv4(&udp->host, port, 0);
}

static int open_socket(struct udp *udp, enum family family, enum udp_channel channel, const struct address *address) {
    const struct dialect *dialect = &dialects[family];
    int fd = socket(dialect->domain, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int result;

    if (fd < 0)
        return -errno;
    udp->families[family].fds[channel] = fd;
    result = set_options(fd, dialect->level, dialect->options[channel]);
    if (result == 0)
        result = channel == UDP_UNICAST ? allow_broadcast(fd) : share_port(fd);
    return result < 0 ? result : bind_to(fd, address);
}

static void close_socket(struct udp *udp, enum family family, enum udp_channel channel) {
    int *fd = &udp->families[family].fds[channel];

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_family(struct udp *udp, enum family family) {
    struct channels *channels = &udp->families[family];

    for (unsigned channel = 0; channel < UDP_CHANNELS; channel++)
        close_socket(udp, family, channel);
    for (unsigned i = 0; i < channels->holder_count; i++)
        close(channels->holders[i]);
    channels->holder_count = 0;
}

/* Bound to no address, since that of an IPv6 group can be bound only together with an interface; but who wants to hear
 * the loopback interface alone must not hear what comes by others. */
static int open_shared(struct udp *udp, enum family family) {
    const struct address *group = &udp->families[family].group;
    const struct address own = own_address(udp, family, group->port);
    bool loopback = udp->host.s_addr != htonl(INADDR_ANY);

    return open_socket(udp, family, UDP_SHARED, loopback ? group : &own);
}

static bool is_wanted(const struct udp *udp, enum family family) {
    return udp->families[family].group.family != 0;
}

static bool is_missing(int result) {
    return result == -EAFNOSUPPORT || result == -EADDRNOTAVAIL || result == -EPROTONOSUPPORT;
}

static int open_all_shared(struct udp *udp) {
    int result = 0, missing = 0;

    for (unsigned family = 0; family < FAMILIES && result == 0; family++) {
        if (!is_wanted(udp, family))
            continue;
        result = open_shared(udp, family);
        if (is_missing(result)) {
            close_family(udp, family);
            udp->families[family].group.family = 0;
            missing = result;
            result = 0;
        }
    }
    return result == 0 && !is_wanted(udp, FAMILY_IPV4) && !is_wanted(udp, FAMILY_IPV6) ? missing : result;
}

/* One port for both families. */
static int open_unicast(struct udp *udp, uint16_t port) {
    int result = 0;

    for (unsigned family = 0; family < FAMILIES && result == 0; family++)
        if (is_wanted(udp, family)) {
            const struct address own = own_address(udp, family, port);

            result = open_socket(udp, family, UDP_UNICAST, &own);
        }
    udp->port = port;
    for (unsigned family = 0; family < FAMILIES && result < 0; family++)
        close_socket(udp, family, UDP_UNICAST);
    return result;
}

static int open_first_free(struct udp *udp, const struct udp_config *config) {
    int result = -EADDRINUSE;

    for (unsigned i = 0; i < config->port_count && result == -EADDRINUSE; i++)
        result = open_unicast(udp, (uint16_t)(config->port_first + i));
    return result;
}

int udp_open(struct udp **ret, const struct udp_config *config, enum udp_channel *ret_failed) {
    struct udp *udp = calloc(1, sizeof *udp);
    int result;

    *ret_failed = UDP_SHARED;
    if (!udp)
        return -ENOMEM;
    for (unsigned family = 0; family < FAMILIES; family++) {
        for (unsigned channel = 0; channel < UDP_CHANNELS; channel++)
            udp->families[family].fds[channel] = -1;
        if (family == FAMILY_IPV4 || !config->loopback)
            udp->families[family].group = config->groups[family];
    }
    udp->host.s_addr = htonl(config->loopback ? INADDR_LOOPBACK : INADDR_ANY);
    result = open_all_shared(udp);
    if (result == 0) {
        *ret_failed = UDP_UNICAST;
        result = open_first_free(udp, config);
    }
    if (result < 0) {
        udp_close(udp);
        return result;
    }
    *ret = udp;
    return 0;
}

void udp_close(struct udp *udp) {
    if (!udp)
        return;
    for (unsigned family = 0; family < FAMILIES; family++)
        close_family(udp, family);
    free(udp);
}

uint16_t udp_port(const struct udp *udp) {
    return udp->port;
}

bool udp_has(const struct udp *udp, enum family family) {
    return is_wanted(udp, family);
}

const struct address *udp_group(const struct udp *udp, enum family family) {
    return &udp->families[family].group;
}

struct address udp_source(const struct udp *udp) {
    const struct address none = { .family = 0 };

    return udp->host.s_addr == htonl(INADDR_ANY) ? none : address_ipv4(&udp->host, udp->port, 0);
}

int udp_fd(const struct udp *udp, enum family family, enum udp_channel channel) {
    return udp->families[family].fds[channel];
}

/* --- the group --- */

static int change_membership(const struct channels *channels, enum family family, int fd, int change,
                             uint32_t ifindex) {
    struct ip_mreqn request4 = { .imr_ifindex = (int)ifindex };
    struct ipv6_mreq request6 = { .ipv6mr_interface = ifindex };
    int result;

    memcpy(&request4.imr_multiaddr, channels->group.bytes, sizeof request4.imr_multiaddr);
    memcpy(&request6.ipv6mr_multiaddr, channels->group.bytes, sizeof request6.ipv6mr_multiaddr);
    if (family == FAMILY_IPV4)
        result = setsockopt(fd, IPPROTO_IP, change, &request4, sizeof request4);
    else
        result = setsockopt(fd, IPPROTO_IPV6, change, &request6, sizeof request6);
    return result < 0 ? -errno : 0;
}

static struct membership *find_membership(struct channels *channels, uint32_t ifindex) {
    for (unsigned i = 0; i < MEMBERSHIPS_MAX; i++)
        if (channels->memberships[i].ifindex == ifindex)
            return &channels->memberships[i];
    return NULL;
}

static int join_by(const struct channels *channels, enum family family, struct membership *place, int fd,
                   uint32_t ifindex) {
    place->fd = fd;
    return change_membership(channels, family, fd, dialects[family].join, ifindex);
}

/* The kernel's word for "no more by this socket". */
static bool is_full(int result) {
    return result == -ENOBUFS || result == -ENOMEM;
}

/* By the shared socket, else by the first holder that has room, else by a new one. */
static int join_somehow(struct channels *channels, enum family family, struct membership *place, uint32_t ifindex) {
    int fd, result = join_by(channels, family, place, channels->fds[UDP_SHARED], ifindex);

    for (unsigned i = 0; is_full(result) && i < channels->holder_count; i++)
        result = join_by(channels, family, place, channels->holders[i], ifindex);
    if (!is_full(result) || channels->holder_count == HOLDERS_MAX)
        return result;
    fd = socket(dialects[family].domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    channels->holders[channels->holder_count++] = fd;
    return join_by(channels, family, place, fd, ifindex);
}

int udp_join(struct udp *udp, enum family family, uint32_t ifindex) {
    struct channels *channels = &udp->families[family];
    struct membership *place;
    int result;

    if (find_membership(channels, ifindex))
        return 0;
    place = find_membership(channels, 0);
    if (!place)
        return -ENOSPC;
    result = join_somehow(channels, family, place, ifindex);
    if (result == -EADDRINUSE)
        result = 0;
    if (result == 0)
        place->ifindex = ifindex;
    return result;
}

int udp_leave(struct udp *udp, enum family family, uint32_t ifindex) {
    struct channels *channels = &udp->families[family];
    struct membership *place = find_membership(channels, ifindex);
    int result;

    if (!place || ifindex == 0)
        return 0;
    place->ifindex = 0;
    result = change_membership(channels, family, place->fd, dialects[family].leave, ifindex);
    return result == -ENODEV || result == -EADDRNOTAVAIL ? 0 : result;
}

/* --- receiving --- */

static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };

static enum udp_cast cast_of(const struct channels *channels, const struct dialect *dialect, const struct cmsghdr *cmsg,
                             struct udp_datagram *datagram) {
    struct in_pktinfo info4;
    struct in6_pktinfo info6;

    if (dialect->domain == AF_INET6) {
        memcpy(&info6, CMSG_DATA(cmsg), sizeof info6);
        datagram->source.ifindex = info6.ipi6_ifindex;
        if (memcmp(&info6.ipi6_addr, channels->group.bytes, sizeof info6.ipi6_addr) == 0)
            return UDP_TO_GROUP;
        if (memcmp(&info6.ipi6_addr, all_nodes, sizeof all_nodes) == 0)
            return UDP_TO_LINK;
        return IN6_IS_ADDR_MULTICAST(&info6.ipi6_addr) ? UDP_TO_OTHER_GROUP : UDP_TO_NODE;
    }
    memcpy(&info4, CMSG_DATA(cmsg), sizeof info4);
    datagram->source.ifindex = (uint32_t)info4.ipi_ifindex;
    if (memcmp(&info4.ipi_addr, channels->group.bytes, sizeof info4.ipi_addr) == 0)
        return UDP_TO_GROUP;
    if (IN_MULTICAST(ntohl(info4.ipi_addr.s_addr)))
        return UDP_TO_OTHER_GROUP;
    return info4.ipi_addr.s_addr == info4.ipi_spec_dst.s_addr ? UDP_TO_NODE : UDP_TO_LINK;
}

/* What the kernel said about a datagram, from its control messages. */
static void read_control(const struct channels *channels, const struct dialect *dialect, struct msghdr *header,
                         struct udp_datagram *datagram) {
    struct cmsghdr *cmsg;
    int ttl;

    for (cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
        if (cmsg->cmsg_level != dialect->level)
            continue;
        if (cmsg->cmsg_type == dialect->ttl) {
            memcpy(&ttl, CMSG_DATA(cmsg), sizeof ttl);
            datagram->ttl = (uint8_t)ttl;
        } else if (cmsg->cmsg_type == dialect->pktinfo) {
            datagram->cast = cast_of(channels, dialect, cmsg, datagram);
        }
    }
}

static void prepare_to_receive(struct udp *udp) {
    struct batch *batch = &udp->batch;

    for (unsigned i = 0; i < UDP_BATCH; i++) {
        batch->parts[i] = (struct iovec){ udp->buffers[i], sizeof udp->buffers[i] };
        batch->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->names[i], .msg_namelen = sizeof batch->names[i],
            .msg_iov = &batch->parts[i], .msg_iovlen = 1,
            .msg_control = &batch->controls[i], .msg_controllen = sizeof batch->controls[i],
        };
    }
}

unsigned udp_receive(struct udp *udp, enum family family, enum udp_channel channel,
                     struct udp_datagram datagrams[UDP_BATCH]) {
    struct channels *channels = &udp->families[family];
    struct batch *batch = &udp->batch;
    int i, count, tries = 0;

    if (channels->fds[channel] < 0)
        return 0;
    prepare_to_receive(udp);
    do { /* an ICMP error is told before the datagrams that wait behind it */
        count = recvmmsg(channels->fds[channel], batch->headers, UDP_BATCH, 0, NULL);
        channels->errors_wait |= channel == UDP_UNICAST && count < 0; /* also if it was only that nothing is there */
    } while (count < 0 && errno != EAGAIN && ++tries < RECEIVE_TRIES);

    for (i = 0; i < count; i++) {
        datagrams[i] = (struct udp_datagram){
            .data = udp->buffers[i], .length = batch->headers[i].msg_len,
        };
        address_from_socket(&batch->names[i], &datagrams[i].source);
        read_control(channels, &dialects[family], &batch->headers[i].msg_hdr, &datagrams[i]);
    }
    return count < 0 ? 0 : (unsigned)count;
}

/* True if an entry of the error queue says that nobody listens where we sent to. */
static bool is_port_unreachable(struct msghdr *header, const struct dialect *dialect) {
    struct cmsghdr *cmsg;
    struct sock_extended_err error;

    for (cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
        if (cmsg->cmsg_level != dialect->level || cmsg->cmsg_type != dialect->error)
            continue;
        memcpy(&error, CMSG_DATA(cmsg), sizeof error);
        return error.ee_origin == dialect->icmp_origin && error.ee_type == dialect->icmp_type &&
               error.ee_code == dialect->icmp_code;
    }
    return false;
}

bool udp_unreachable(struct udp *udp, enum family family, struct address *ret) {
    struct channels *channels = &udp->families[family];
    union socket_address name;
    union control control;
    struct msghdr header;

    while (channels->errors_wait && channels->fds[UDP_UNICAST] >= 0) {
        header = (struct msghdr){
            .msg_name = &name, .msg_namelen = sizeof name,
            .msg_control = &control, .msg_controllen = sizeof control,
        };
        if (recvmsg(channels->fds[UDP_UNICAST], &header, MSG_ERRQUEUE) < 0)
            channels->errors_wait = false;
        else if (is_port_unreachable(&header, &dialects[family]) && address_from_socket(&name, ret))
            return true;
    }
    return false;
}

/* --- sending --- */

/* The interface that a datagram leaves by is told along with it, so one socket serves all of them. The
 * source address is told too, because the kernel takes none for "choose", even on a bound socket. */
static void write_control(const struct udp *udp, struct msghdr *header, union control *control,
                          const struct address *to) {
    struct in_pktinfo info4 = { .ipi_ifindex = (int)to->ifindex, .ipi_spec_dst = udp->host };
    struct in6_pktinfo info6 = { .ipi6_ifindex = to->ifindex };
    enum family family = address_family(to);
    size_t size = family == FAMILY_IPV6 ? sizeof info6 : sizeof info4;
    struct cmsghdr *cmsg;

    memset(control, 0, sizeof *control);
    header->msg_control = control;
    header->msg_controllen = CMSG_SPACE(size);
    cmsg = CMSG_FIRSTHDR(header);
    cmsg->cmsg_level = dialects[family].level;
    cmsg->cmsg_type = dialects[family].pktinfo;
    cmsg->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(cmsg), family == FAMILY_IPV6 ? (const void *)&info6 : &info4, size);
}

static void prepare(struct udp *udp, unsigned i, const struct udp_packet *packet) {
    struct batch *batch = &udp->batch;
    struct msghdr *header = &batch->headers[i].msg_hdr;

    /* sendmmsg() only reads what an iovec points to, but its type cannot say so */
    memcpy(&batch->parts[i].iov_base, &packet->data, sizeof packet->data);
    batch->parts[i].iov_len = packet->length;
    *header = (struct msghdr){
        .msg_name = &batch->names[i],
        .msg_namelen = address_to_socket(&packet->to, &batch->names[i]),
        .msg_iov = &batch->parts[i],
        .msg_iovlen = 1,
    };
    write_control(udp, header, &batch->controls[i], &packet->to);
}

/* How many packets from the first on go to the same family. */
static unsigned run_length(const struct udp_packet *packets, unsigned count) {
    unsigned length = 1;

    while (length < count && address_family(&packets[length].to) == address_family(&packets[0].to))
        length++;
    return length;
}

/* Sends those of one family, already prepared. */
static unsigned send_run(struct udp *udp, enum family family, unsigned first, unsigned end, int *ret_error) {
    struct channels *channels = &udp->families[family];
    unsigned sent = 0, next = first;
    bool again = false;

    while (next < end) {
        int taken = sendmmsg(channels->fds[UDP_UNICAST], udp->batch.headers + next, end - next, 0);

        if (taken > 0) {
            next += (unsigned)taken;
            sent += (unsigned)taken;
            again = false;
        } else if (!again) {
            again = channels->errors_wait = true; /* it may be an old error, told by ICMP about another datagram */
        } else {
            *ret_error = -errno;
            next++;
            again = false;
        }
    }
    return sent;
}

unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error) {
    unsigned sent = 0, next = 0;

    assert(count <= UDP_BATCH);
    for (unsigned i = 0; i < count; i++)
        prepare(udp, i, &packets[i]);
    while (next < count) {
        unsigned end = next + run_length(packets + next, count - next);

        sent += send_run(udp, address_family(&packets[next].to), next, end, ret_error);
        next = end;
    }
    return sent;
}
