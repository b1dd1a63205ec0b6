/* SPDX-License-Identifier: ISC
 *
 * udp.h - the two sockets of a node: one that hears the group, and one that sends everything and hears
 * unicast.
 *
 * Everything leaves from the unicast socket, so that an answer goes to the source address of what it
 * answers. Each datagram names the interface that it leaves by. TTL is 255 in both directions: what crossed
 * a router is not ours (RFC 5082). Several nodes can live on one host: they share the group's port, hear
 * each other by the loop, and each takes the first free unicast port.
 *
 * IPv4. The sockets are non-blocking, closed on exec, and no child may hold the unicast one (HAND-5): else
 * its port stays open after the daemon's death, and the kernel does not tell the peers.
 */
#ifndef ELDEST_PLATFORM_UDP_H
#define ELDEST_PLATFORM_UDP_H

#include "base/types.h"
#include "wire/wire.h"

enum {
    UDP_TTL = 255,
    UDP_PORT_COUNT = 16, /* unicast ports: the first free one is taken */
    UDP_BATCH = 32, /* datagrams per system call */
};

struct udp;

struct udp_config {
    struct address group; /* with the port of the group */
    uint16_t port_first;
    uint16_t port_count;
    bool loopback; /* unicast on 127.0.0.1 only */
};

/* One received datagram. */
struct udp_datagram {
    const uint8_t *data; /* valid until the next udp_receive() */
    size_t length; /* more than WIRE_DATAGRAM_MAX: was cut off, and is too long in any case */
    struct address source; /* with the interface it came in by */
    bool multicast; /* arrived at the group */
    uint8_t ttl;
};

/* One datagram to send. */
struct udp_packet {
    const uint8_t *data;
    size_t length;
    struct address to; /* leaves by its ifindex; 0: the kernel chooses */
};

enum udp_channel { UDP_GROUP = 0, UDP_UNICAST = 1, UDP_CHANNELS = 2 };

/* Opens both sockets. 0 or a negative errno; then ret_failed says which socket it was. UDP_UNICAST with
 * -EADDRINUSE: all ports of the range are taken. */
int udp_open(struct udp **ret, const struct udp_config *config, enum udp_channel *ret_failed);

/* NULL is fine. */
void udp_close(struct udp *udp);

uint16_t udp_port(const struct udp *udp); /* of the unicast socket */
const struct address *udp_group(const struct udp *udp);
struct address udp_source(const struct udp *udp); /* that all datagrams are sent from; none: as the kernel chooses */
int udp_fd(const struct udp *udp, enum udp_channel channel);

/* Hears the group on that interface; leaves it. Joining twice is fine (-EADDRINUSE is not an error here);
 * so is leaving an interface that is gone. 0 or a negative errno. */
int udp_join(struct udp *udp, uint32_t ifindex);
int udp_leave(struct udp *udp, uint32_t ifindex);

/* Takes up to UDP_BATCH waiting datagrams from one socket; their number, 0 when there are none. */
unsigned udp_receive(struct udp *udp, enum udp_channel channel, struct udp_datagram datagrams[UDP_BATCH]);

/* Takes one "port unreachable" that came back for something sent: where it was sent to. False when there is
 * no more. To be asked after udp_receive() of the unicast socket, which becomes readable by such an error
 * too. */
bool udp_unreachable(struct udp *udp, struct address *ret);

/* Sends up to UDP_BATCH packets with as few system calls as possible. The number that the kernel took; the
 * rest is lost, as datagrams are, and ret_error says why the last of them was (a negative errno). */
unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error);

#endif
