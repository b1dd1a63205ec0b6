/* SPDX-License-Identifier: ISC
 *
 * net.c - fate of a datagram: cut, lost, or delayed.
 */
#include "net.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

static const struct profile profiles[] = {
    /* the LAN that the figures of the protocol were taken on */
    { "lan", { 100, 300, 0, 0 }, { 100, 300, 0, 0 } },
    /* multicast waits for the beacon, unicast for its turn on the air */
    { "wifi", { 500, 5000, 20000, 40000 }, { 2000, 100000, 0, 0 } },
    /* two buildings, one segment */
    { "slow", { 8000, 12000, 1000, 30000 }, { 8000, 12000, 1000, 30000 } },
    /* a segment stretched over a continent */
    { "far", { 90000, 110000, 1000, 200000 }, { 90000, 110000, 1000, 200000 } },
};

const struct profile *profile_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(profiles); i++)
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}

void net_init(struct net *net, uint32_t nodes, const struct profile *profile, uint32_t loss_ppm) {
    *net = (struct net){ .profile = profile, .loss_ppm = loss_ppm, .nodes = nodes };
    net->ports = calloc(nodes, sizeof(*net->ports));
    if (!net->ports)
        abort();
    net_heal(net);
}

void net_release(struct net *net) {
    free(net->ports);
    free(net->bad);
    net->ports = NULL;
    net->bad = NULL;
}

bool net_cut(struct net *net, const struct net_rule *rule) {
    if (net->rules == NET_RULES_MAX)
        return false;
    net->rule[net->rules++] = *rule;
    return true;
}

void net_bursts(struct net *net, const struct burst *burst) {
    net->burst = *burst;
    free(net->bad);
    net->bad = NULL;
    if (burst->begins_ppm == 0)
        return;
    net->bad = calloc(net->nodes, net->nodes);
    if (!net->bad)
        abort();
}

void net_heal(struct net *net) {
    net->rules = 0;
    net_bursts(net, &(struct burst){ 0 });
    net->duplicate_ppm = 0;
    net->late_ppm = 0;
    for (uint32_t i = 0; i < net->nodes; i++)
        net->ports[i] = (struct net_port){ .up = true, .multicast = true, .shouts = true };
}

static bool rule_applies(const struct net_rule *rule, uint32_t from, uint32_t to) {
    return (rule->from == NET_ANY || rule->from == from) && (rule->to == NET_ANY || rule->to == to);
}

static bool attached(const struct net *net, uint32_t from, uint32_t to) {
    const struct net_port *a = &net->ports[from];
    const struct net_port *b = &net->ports[to];

    return a->up && b->up && a->side == b->side;
}

static bool happens(struct rng *rng, uint32_t ppm) {
    return ppm > 0 && rng_chance(rng, ppm, PPM_ONE);
}

static bool rules_drop(const struct net *net, struct rng *rng, uint32_t from, uint32_t to) {
    for (unsigned i = 0; i < net->rules; i++)
        if (rule_applies(&net->rule[i], from, to) && happens(rng, net->rule[i].loss_ppm))
            return true;
    return false;
}

static bool burst_drops(struct net *net, struct rng *rng, uint32_t from, uint32_t to) {
    uint8_t *bad;

    if (!net->bad)
        return false;
    bad = &net->bad[(size_t)from * net->nodes + to];
    if (happens(rng, *bad ? net->burst.ends_ppm : net->burst.begins_ppm))
        *bad = !*bad;
    return *bad && happens(rng, net->burst.loss_ppm);
}

static usec_t delay_draw(const struct delay *delay, struct rng *rng) {
    if (happens(rng, delay->tail_ppm))
        return rng_between(rng, delay->max, delay->tail_max);
    return rng_between(rng, delay->min, delay->max);
}

bool net_fate(struct net *net, struct rng *rng, uint32_t from, uint32_t to, bool multicast, usec_t *ret_delay) {
    if (!attached(net, from, to) || (multicast && !(net->ports[to].multicast && net->ports[from].shouts)))
        return false;
    if (happens(rng, net->loss_ppm) || burst_drops(net, rng, from, to) || rules_drop(net, rng, from, to))
        return false;
    *ret_delay = delay_draw(multicast ? &net->profile->multicast : &net->profile->unicast, rng);
    if (happens(rng, net->late_ppm))
        *ret_delay += rng_between(rng, 0, net->late_max);
    return true;
}

bool net_rejects(const struct net *net, uint32_t from, uint32_t to) {
    for (unsigned i = 0; i < net->rules; i++)
        if (net->rule[i].rejects && rule_applies(&net->rule[i], from, to))
            return attached(net, from, to);
    return false;
}

bool net_duplicates(const struct net *net, struct rng *rng) {
    return happens(rng, net->duplicate_ppm);
}

bool net_passes(const struct net *net, uint32_t from, uint32_t to) {
    for (unsigned i = 0; i < net->rules; i++)
        if (rule_applies(&net->rule[i], from, to) && net->rule[i].loss_ppm == PPM_ONE)
            return false;
    return attached(net, from, to);
}

bool net_connected(const struct net *net, uint32_t a, uint32_t b) {
    return net_passes(net, a, b) && net_passes(net, b, a);
}
