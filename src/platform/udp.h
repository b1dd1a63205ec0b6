/* SPDX-License-Identifier: ISC
 *
 * udp.h - the sockets of a node, two for each family of addresses: one hears the port that all nodes share, where the
 * group is, and one sends everything and hears unicast.
 *
 * Everything leaves from the unicast socket, so that an answer goes to the source address of what it
 * answers. Each datagram names the interface that it leaves by. TTL (hop limit) is 255 in both directions: what crossed
 * a router is not ours (RFC 5082). Several nodes can live on one host: they share the group's port, hear
 * each other by the loop, and each takes the first unicast port that is free in both families. What comes to the shared
 * port by unicast only one of them gets.
 *
 * The sockets are non-blocking, closed on exec, and no child may hold the unicast ones (HAND-5): else the port stays
 * open after the daemon's death, and the kernel does not tell the peers.
 */
#ifndef ELDEST_PLATFORM_UDP_H
#define ELDEST_PLATFORM_UDP_H

#include "base/types.h"
#include "platform/iface.h"
#include "wire/wire.h"

enum {
    UDP_TTL = 255,
    UDP_PORT_COUNT = 16, /* unicast ports: the first free one is taken */
    UDP_BATCH = 32, /* datagrams per system call */
};

struct udp;

struct udp_config {
    struct address groups[FAMILIES]; /* with the port of the group; family 0: that family is not used */
    uint16_t port_first;
    uint16_t port_count;
    bool loopback; /* IPv4, at 127.0.0.1 only */
};

enum udp_channel {
    UDP_SHARED, /* the port of the group */
    UDP_UNICAST, /* this node's own port */
    UDP_CHANNELS
};

/* How a datagram was addressed. */
enum udp_cast {
    UDP_TO_NODE,
    UDP_TO_GROUP,
    UDP_TO_OTHER_GROUP,
    UDP_TO_LINK, /* IPv4 broadcast; IPv6: to all nodes, ff02::1 */
};

/* One received datagram. */
struct udp_datagram {
    const uint8_t *data; /* valid until the next udp_receive() */
    size_t length; /* more than WIRE_DATAGRAM_MAX: was cut off, and is too long in any case */
    struct address source; /* with the interface it came in by */
    enum udp_cast cast;
    uint8_t ttl;
};

/* One datagram to send. */
struct udp_packet {
    const uint8_t *data;
    size_t length;
    struct address to; /* leaves by its ifindex; 0: the kernel chooses */
};

/* Opens the sockets. A family that the kernel does not have is left out, unless it is the only one. 0 or a negative
 * errno; then ret_failed says which socket it was. UDP_UNICAST with -EADDRINUSE: all ports of the range are taken. */
int udp_open(struct udp **ret, const struct udp_config *config, enum udp_channel *ret_failed);

/* NULL is fine. */
void udp_close(struct udp *udp);

uint16_t udp_port(const struct udp *udp); /* of the unicast sockets */
bool udp_has(const struct udp *udp, enum family family);
const struct address *udp_group(const struct udp *udp, enum family family);
struct address udp_source(const struct udp *udp); /* that all datagrams are sent from; none: as the kernel chooses */
int udp_fd(const struct udp *udp, enum family family, enum udp_channel channel); /* -1: udp_has() is false */

/* Hears the group on that interface; leaves it. What another process of this host has joined is heard too:
 * source.ifindex tells. Joining twice is fine (-EADDRINUSE is not an error here);
 * so is leaving an interface that is gone. Any number of interfaces can be joined. 0 or a negative errno. */
int udp_join(struct udp *udp, enum family family, uint32_t ifindex);
int udp_leave(struct udp *udp, enum family family, uint32_t ifindex);

/* Takes up to UDP_BATCH waiting datagrams from one socket; their number, 0 when there are none. */
unsigned udp_receive(struct udp *udp, enum family family, enum udp_channel channel,
                     struct udp_datagram datagrams[UDP_BATCH]);

/* Takes one "port unreachable" that came back for something sent: where it was sent to. False when there is
 * no more. To be asked after udp_receive() of a unicast socket, which becomes readable by such an error
 * too. */
bool udp_unreachable(struct udp *udp, enum family family, struct address *ret);

/* Sends up to UDP_BATCH packets with as few system calls as possible. The number that the kernel took; the
 * rest is lost, as datagrams are, and ret_error says why the last of them was (a negative errno). */
unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error);

#endif
