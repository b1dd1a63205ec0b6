/* SPDX-License-Identifier: ISC
 *
 * udp.c - see udp.h.
 */
#include "platform/udp.h"

#include "base/util.h"
#include "platform/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for what the kernel says about one datagram: the interface, the TTL, an ICMP error with its sender. */
union control {
    struct cmsghdr align;
    char space[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(int)) +
               CMSG_SPACE(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in))];
};

/* One batch, and what its headers point to. */
struct batch {
    struct mmsghdr headers[UDP_BATCH];
    struct iovec parts[UDP_BATCH];
    union socket_address names[UDP_BATCH];
    union control controls[UDP_BATCH];
};

struct udp {
    int fds[UDP_CHANNELS];
    struct address group;
    struct in_addr host; /* that the unicast socket is bound to */
    uint16_t port;
    bool errors_wait; /* perhaps: ICMP errors on the unicast socket */
    struct batch batch; /* of the present call */
    uint8_t buffers[UDP_BATCH][WIRE_DATAGRAM_MAX + 1]; /* one more, to see what is too long */
};

enum { RECEIVE_TRIES = 3 };

struct option {
    int level, name, value;
};

static int set_options(int fd, const struct option *options, size_t count) {
    size_t i;

    for (i = 0; i < count; i++)
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof options[i].value) < 0)
            return -errno;
    return 0;
}

static int bind_to(int fd, const struct address *address) {
    union socket_address name;
    socklen_t length = address_to_socket(address, &name);

    return bind(fd, &name.any, length) < 0 ? -errno : 0;
}

/* Bound to the group itself, so that it hears nothing else, and on the joined interfaces only. */
static int open_group(struct udp *udp) {
    static const struct option options[] = {
        { SOL_SOCKET, SO_REUSEADDR, 1 },
        { IPPROTO_IP, IP_MULTICAST_ALL, 0 },
        { IPPROTO_IP, IP_PKTINFO, 1 },
        { IPPROTO_IP, IP_RECVTTL, 1 },
    };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int result;

    if (fd < 0)
        return -errno;
    udp->fds[UDP_GROUP] = fd;
    result = set_options(fd, options, ARRAY_SIZE(options));
    return result < 0 ? result : bind_to(fd, &udp->group);
}

static int bind_first_free(struct udp *udp, const struct udp_config *config) {
    struct address own;
    unsigned i;
    int result = -EADDRINUSE;

    udp->host.s_addr = htonl(config->loopback ? INADDR_LOOPBACK : INADDR_ANY);
    own = address_ipv4(&udp->host, 0, 0);
    for (i = 0; i < config->port_count && result == -EADDRINUSE; i++) {
        own.port = (uint16_t)(config->port_first + i);
        result = bind_to(udp->fds[UDP_UNICAST], &own);
    }
    if (result == 0)
        udp->port = own.port;
    return result;
}

static int open_unicast(struct udp *udp, const struct udp_config *config) {
    static const struct option options[] = {
        { IPPROTO_IP, IP_TTL, UDP_TTL },
        { IPPROTO_IP, IP_MULTICAST_TTL, UDP_TTL },
        { IPPROTO_IP, IP_MULTICAST_LOOP, 1 }, /* for the other nodes of this host */
        { IPPROTO_IP, IP_MULTICAST_ALL, 0 },
        { IPPROTO_IP, IP_PKTINFO, 1 },
        { IPPROTO_IP, IP_RECVTTL, 1 },
        { IPPROTO_IP, IP_RECVERR, 1 },
    };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int result;

    if (fd < 0)
        return -errno;
    udp->fds[UDP_UNICAST] = fd;
    result = set_options(fd, options, ARRAY_SIZE(options));
    return result < 0 ? result : bind_first_free(udp, config);
}

int udp_open(struct udp **ret, const struct udp_config *config, enum udp_channel *ret_failed) {
    struct udp *udp = calloc(1, sizeof *udp);
    enum udp_channel channel = UDP_GROUP;
    int result;

    if (!udp) {
        *ret_failed = channel;
        return -ENOMEM;
    }
    udp->fds[UDP_GROUP] = udp->fds[UDP_UNICAST] = -1;
    udp->group = config->group;
    result = open_group(udp);
    if (result == 0) {
        channel = UDP_UNICAST;
        result = open_unicast(udp, config);
    }
    if (result < 0) {
        *ret_failed = channel;
        udp_close(udp);
        return result;
    }
    *ret = udp;
    return 0;
}

void udp_close(struct udp *udp) {
    unsigned i;

    if (!udp)
        return;
    for (i = 0; i < UDP_CHANNELS; i++)
        if (udp->fds[i] >= 0)
            close(udp->fds[i]);
    free(udp);
}

uint16_t udp_port(const struct udp *udp) {
    return udp->port;
}

const struct address *udp_group(const struct udp *udp) {
    return &udp->group;
}

struct address udp_source(const struct udp *udp) {
    const struct address none = { .family = 0 };

    return udp->host.s_addr == htonl(INADDR_ANY) ? none : address_ipv4(&udp->host, udp->port, 0);
}

int udp_fd(const struct udp *udp, enum udp_channel channel) {
    return udp->fds[channel];
}

static int change_membership(struct udp *udp, int change, uint32_t ifindex) {
    struct ip_mreqn request = { .imr_ifindex = (int)ifindex };

    memcpy(&request.imr_multiaddr, udp->group.bytes, sizeof request.imr_multiaddr);
    return setsockopt(udp->fds[UDP_GROUP], IPPROTO_IP, change, &request, sizeof request) < 0 ? -errno : 0;
}

int udp_join(struct udp *udp, uint32_t ifindex) {
    int result = change_membership(udp, IP_ADD_MEMBERSHIP, ifindex);

    return result == -EADDRINUSE ? 0 : result;
}

int udp_leave(struct udp *udp, uint32_t ifindex) {
    int result = change_membership(udp, IP_DROP_MEMBERSHIP, ifindex);

    return result == -ENODEV || result == -EADDRNOTAVAIL ? 0 : result;
}

/* What the kernel said about a datagram, from its control messages. */
static void read_control(struct msghdr *header, struct udp_datagram *datagram) {
    struct cmsghdr *cmsg;
    struct in_pktinfo info;
    int ttl;

    for (cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
        if (cmsg->cmsg_level != IPPROTO_IP)
            continue;
        if (cmsg->cmsg_type == IP_PKTINFO) {
            memcpy(&info, CMSG_DATA(cmsg), sizeof info);
            datagram->source.ifindex = (uint32_t)info.ipi_ifindex;
        } else if (cmsg->cmsg_type == IP_TTL) {
            memcpy(&ttl, CMSG_DATA(cmsg), sizeof ttl);
            datagram->ttl = (uint8_t)ttl;
        }
    }
}

unsigned udp_receive(struct udp *udp, enum udp_channel channel, struct udp_datagram datagrams[UDP_BATCH]) {
    struct batch *batch = &udp->batch;
    int i, count, tries = 0;

    for (i = 0; i < UDP_BATCH; i++) {
        batch->parts[i] = (struct iovec){ udp->buffers[i], sizeof udp->buffers[i] };
        batch->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->names[i], .msg_namelen = sizeof batch->names[i],
            .msg_iov = &batch->parts[i], .msg_iovlen = 1,
            .msg_control = &batch->controls[i], .msg_controllen = sizeof batch->controls[i],
        };
    }
    do { /* an ICMP error is told before the datagrams that wait behind it */
        count = recvmmsg(udp->fds[channel], batch->headers, UDP_BATCH, 0, NULL);
        udp->errors_wait |= channel == UDP_UNICAST && count < 0; /* also if it was only that nothing is there */
    } while (count < 0 && errno != EAGAIN && ++tries < RECEIVE_TRIES);

    for (i = 0; i < count; i++) {
        datagrams[i] = (struct udp_datagram){
            .data = udp->buffers[i], .length = batch->headers[i].msg_len, .multicast = channel == UDP_GROUP,
        };
        address_from_socket(&batch->names[i], &datagrams[i].source);
        read_control(&batch->headers[i].msg_hdr, &datagrams[i]);
    }
    return count < 0 ? 0 : (unsigned)count;
}

/* True if an entry of the error queue says that nobody listens where we sent to. */
static bool is_port_unreachable(struct msghdr *header) {
    struct cmsghdr *cmsg;
    struct sock_extended_err error;

    for (cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
        if (cmsg->cmsg_level != IPPROTO_IP || cmsg->cmsg_type != IP_RECVERR)
            continue;
        memcpy(&error, CMSG_DATA(cmsg), sizeof error);
        return error.ee_origin == SO_EE_ORIGIN_ICMP && error.ee_type == ICMP_DEST_UNREACH &&
               error.ee_code == ICMP_PORT_UNREACH;
    }
    return false;
}

bool udp_unreachable(struct udp *udp, struct address *ret) {
    union socket_address name;
    union control control;
    struct msghdr header;

    while (udp->errors_wait) {
        header = (struct msghdr){
            .msg_name = &name, .msg_namelen = sizeof name,
            .msg_control = &control, .msg_controllen = sizeof control,
        };
        if (recvmsg(udp->fds[UDP_UNICAST], &header, MSG_ERRQUEUE) < 0)
            udp->errors_wait = false;
        else if (is_port_unreachable(&header) && address_from_socket(&name, ret))
            return true;
    }
    return false;
}

/* The interface that a datagram leaves by is told along with it, so one socket serves all of them. The
 * source address is told too, because the kernel takes none for "choose", even on a bound socket. */
static void write_control(const struct udp *udp, struct msghdr *header, union control *control, uint32_t ifindex) {
    struct in_pktinfo info = { .ipi_ifindex = (int)ifindex, .ipi_spec_dst = udp->host };
    struct cmsghdr *cmsg;

    memset(control, 0, sizeof *control);
    header->msg_control = control;
    header->msg_controllen = CMSG_SPACE(sizeof info);
    cmsg = CMSG_FIRSTHDR(header);
    cmsg->cmsg_level = IPPROTO_IP;
    cmsg->cmsg_type = IP_PKTINFO;
    cmsg->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(cmsg), &info, sizeof info);
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
    write_control(udp, header, &batch->controls[i], packet->to.ifindex);
}

unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error) {
    unsigned i, sent = 0, next = 0;
    bool again = false;

    assert(count <= UDP_BATCH);
    for (i = 0; i < count; i++)
        prepare(udp, i, &packets[i]);
    while (next < count) {
        int taken = sendmmsg(udp->fds[UDP_UNICAST], udp->batch.headers + next, count - next, 0);

        if (taken > 0) {
            next += (unsigned)taken;
            sent += (unsigned)taken;
            again = false;
        } else if (!again) {
            again = udp->errors_wait = true; /* it may be an old error, told by ICMP about another datagram */
        } else {
            *ret_error = -errno;
            next++;
            again = false;
        }
    }
    return sent;
}
