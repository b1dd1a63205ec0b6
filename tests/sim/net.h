/* SPDX-License-Identifier: ISC
 *
 * net.h - the simulated LAN: what becomes of a datagram from one node to another.
 *
 * One quality for the whole LAN (loss and delay), on top of it what is broken: links that are down, nodes that
 * multicast does not reach, the sides of a partition, and a bounded list of rules for directed pairs. The net
 * decides only; datagrams, time and the order of arrival belong to the world. Loss is in parts per million.
 */
#ifndef ELDEST_SIM_NET_H
#define ELDEST_SIM_NET_H

#include "base/rng.h"

enum {
    NET_RULES_MAX = 64,
    PPM_ONE = 1000000,
};

#define NET_ANY UINT32_MAX /* in a rule: whatever node */

/* Uniform in [min, max]; with probability tail_ppm uniform in [max, tail_max] instead. */
struct delay {
    usec_t min;
    usec_t max;
    uint32_t tail_ppm;
    usec_t tail_max;
};

/* A kind of LAN. */
struct profile {
    const char *name;
    struct delay unicast;
    struct delay multicast;
};

/* Loss in bursts, after Gilbert and Elliott: every directed pair of nodes is good or bad, and may change with each
 * datagram; what is sent in the bad time is lost with the chance given here, above the LAN's own loss. */
struct burst {
    uint32_t begins_ppm; /* a good pair turns bad; 0: never */
    uint32_t ends_ppm; /* a bad pair turns good */
    uint32_t loss_ppm; /* of what is sent meanwhile */
};

/* Loss that is added from one node to another; PPM_ONE cuts the direction. */
struct net_rule {
    uint32_t from; /* or NET_ANY */
    uint32_t to; /* or NET_ANY */
    uint32_t loss_ppm;
    bool rejects; /* what is lost by it is answered as "port unreachable", as a firewall does */
};

/* What is true of one node's attachment to the LAN. */
struct net_port {
    bool up; /* its link */
    bool multicast; /* reaches it */
    bool shouts; /* its own multicast reaches others */
    bool echoes; /* its own multicast comes back to it */
    uint32_t side; /* of a partition: only equal sides hear each other */
};

struct net {
    const struct profile *profile;
    uint32_t loss_ppm;
    uint32_t duplicate_ppm; /* of datagrams arrive twice */
    uint32_t late_ppm; /* of datagrams are overtaken by others: they need up to late_max more */
    usec_t late_max;
    struct burst burst;
    uint8_t *bad; /* for each directed pair; NULL while there are no bursts */
    uint32_t nodes;
    struct net_port *ports;
    unsigned rules;
    struct net_rule rule[NET_RULES_MAX];
};

/* The LAN by that name, "lan" among them; NULL if there is none. */
const struct profile *profile_find(const char *name);

void net_init(struct net *net, uint32_t nodes, const struct profile *profile, uint32_t loss_ppm);
void net_release(struct net *net);

/* Adds a rule; false if the list is full. */
bool net_cut(struct net *net, const struct net_rule *rule);

/* From now on; every pair begins as a good one. */
void net_bursts(struct net *net, const struct burst *burst);

/* Takes away partition, rules, bursts, duplicates and lateness; every link is up and multicast passes. */
void net_heal(struct net *net);

/* True if the datagram arrives, then ret_delay is its way's duration. */
bool net_fate(struct net *net, struct rng *rng, uint32_t from, uint32_t to, bool multicast, usec_t *ret_delay);

/* Whether a unicast datagram that does not arrive is answered by a firewall. */
bool net_rejects(const struct net *net, uint32_t from, uint32_t to);

/* Whether a datagram that arrives comes a second time. */
bool net_duplicates(const struct net *net, struct rng *rng);

/* Whether unicast passes one way, and both ways, chance losses aside. */
bool net_passes(const struct net *net, uint32_t from, uint32_t to);
bool net_connected(const struct net *net, uint32_t a, uint32_t b);

#endif
