/* SPDX-License-Identifier: ISC
 *
 * fault.c - see fault.h.
 */
#include "fault.h"

#include "base/util.h"
#include "trace.h"

#include <inttypes.h>

enum {
    PRIORITY = 100,
    FLAPS = 5,
    LOSS_MAX_PPM = 300000,
    RNG_DOMAIN = 0xfa, /* keeps these generators apart from the world's */
};

struct rng fault_rng(const struct world *world, unsigned number) {
    uint8_t seed[RNG_SEED_SIZE] = { 0 };
    struct rng rng;

    for (unsigned i = 0; i < sizeof(world->config.seed); i++)
        seed[i] = (uint8_t)(world->config.seed >> (8 * i));
    seed[8] = (uint8_t)number;
    seed[9] = (uint8_t)(number >> 8);
    seed[10] = RNG_DOMAIN;
    rng_seed(&rng, seed);
    return rng;
}

/* Drawn as if the cluster had any size, so that a smaller one meets the same faults as far as it can. */
static uint32_t any_node(const struct world *world, struct rng *rng) {
    return (uint32_t)(rng_u64(rng) % world->config.nodes);
}

static bool one_in(struct rng *rng, unsigned count) {
    return rng_chance(rng, 1, count);
}

static bool may_lose(const struct world *world, uint32_t node) {
    return node >= world->config.nodes - world->may_lose;
}

/* Of a majority cluster only some hosts lose their disk, and none goes back to an old one: beyond that nothing is
 * promised (A1.1, A1.10). */
static void restart_of_many(struct world *world, struct rng *rng, uint32_t node) {
    if (one_in(rng, 6) && may_lose(world, node))
        world_lose_disk(world, node);
    world_start(world, node);
}

void fault_restart(struct world *world, struct rng *rng, uint32_t node) {
    if (world->config.expect > 0) {
        restart_of_many(world, rng, node);
        return;
    }
    if (one_in(rng, 6))
        world_lose_disk(world, node);
    else if (one_in(rng, 8))
        world_revert(world, node);
    else if (one_in(rng, 20))
        world_clone(world, any_node(world, rng), node);
    world_start(world, node);
}

/* ---- of a host ---- */

static void power_off(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_power_off(world, node);
}

/* Most steps that persist have two to five actions. */
static void die_amid(struct world *world, struct rng *rng, uint32_t node) {
    world_die_amid(world, node, (unsigned)rng_between(rng, 0, 4));
}

static void kill_daemon(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_kill(world, node);
}

static void kill_with_farewell(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_kill_with_farewell(world, node);
}

static void stop(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_stop(world, node);
}

static void resign(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_resign(world, node);
}

static void sleep_at_random(struct world *world, struct rng *rng, uint32_t node) {
    usec_t longest = one_in(rng, 2) ? 2 * world->config.timing.detect : 10 * USEC_PER_SEC;
    usec_t duration = rng_between(rng, USEC_PER_MS, longest);

    if (one_in(rng, 4))
        world_suspend(world, node, duration);
    else
        world_pause(world, node, duration);
}

static void configure(struct world *world, struct rng *rng, uint32_t node) {
    uint16_t priority = one_in(rng, 2) ? PRIORITY : 2 * PRIORITY;

    world_configure(world, node, priority, !one_in(rng, 3));
}

static void change_preempt(struct world *world, struct rng *rng, uint32_t node) {
    world_configure(world, node, 2 * PRIORITY, true);
    world_preempt(world, node, one_in(rng, 2));
}

static void want_table(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_want_table(world, node);
}

static void change_writable(struct world *world, struct rng *rng, uint32_t node) {
    world_writable(world, node, one_in(rng, 2));
}

static void take_snapshot(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_take_snapshot(world, node);
}

static void restart_at_once(struct world *world, struct rng *rng, uint32_t node) {
    world_kill(world, node);
    fault_restart(world, rng, node);
}

static void start(struct world *world, struct rng *rng, uint32_t node) {
    (void)node;
    fault_restart(world, rng, any_node(world, rng));
}

void fault_clocks(struct world *world, struct rng *rng) {
    if (one_in(rng, 2))
        return;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (one_in(rng, 2))
            world_clock(world, i, (int32_t)rng_between(rng, -CLOCK_DRIFT_MAX_PPM, CLOCK_DRIFT_MAX_PPM));
}

/* ---- of the network ---- */

static void change_link(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_link(world, node, !world->net.ports[node].up);
}

/* Two sides, or three. */
static void part(struct world *world, struct rng *rng, uint32_t node) {
    uint32_t last = one_in(rng, 3) ? 2 : 1;

    (void)node;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_partition(world, i, (uint32_t)rng_between(rng, 0, last));
}

static void cut_from(struct world *world, struct rng *rng, uint32_t node) {
    world_cut(world, node, any_node(world, rng));
}

static void cut_to(struct world *world, struct rng *rng, uint32_t node) {
    world_cut(world, any_node(world, rng), node);
}

static void cut_pair(struct world *world, struct rng *rng, uint32_t node) {
    uint32_t from = any_node(world, rng), to = any_node(world, rng);

    (void)node;
    world_cut(world, from, to);
    world_cut(world, to, from);
}

static void deafen(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_cut(world, NET_ANY, node);
}

static void silence(struct world *world, struct rng *rng, uint32_t node) {
    world_cut(world, node, NET_ANY);
    if (one_in(rng, 2))
        world_cut(world, NET_ANY, node);
}

static void change_multicast(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_multicast(world, node, !world->net.ports[node].multicast);
}

static void change_shouts(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_shouts(world, node, !world->net.ports[node].shouts);
}

static void change_loss(struct world *world, struct rng *rng, uint32_t node) {
    (void)node;
    world_loss(world, (uint32_t)rng_between(rng, 0, LOSS_MAX_PPM));
}

static void change_bursts(struct world *world, struct rng *rng, uint32_t node) {
    struct burst burst;

    (void)node;
    burst.begins_ppm = (uint32_t)rng_between(rng, PPM_ONE / 1000, PPM_ONE / 20);
    burst.ends_ppm = (uint32_t)rng_between(rng, PPM_ONE / 20, PPM_ONE / 2);
    burst.loss_ppm = (uint32_t)rng_between(rng, PPM_ONE / 2, PPM_ONE);
    if (one_in(rng, 4))
        burst = (struct burst){ 0 };
    world_bursts(world, &burst);
}

static void disorder(struct world *world, struct rng *rng, uint32_t node) {
    usec_t longest = rng_between(rng, USEC_PER_MS, USEC_PER_SEC);

    (void)node;
    world_duplicate(world, one_in(rng, 2) ? PPM_ONE / 10 : 0);
    world_delay(world, one_in(rng, 2) ? PPM_ONE / 20 : 0, longest);
}

/* One node is on and off the LAN, with its kernel knowing it or not. */
static void flap(struct world *world, struct rng *rng, uint32_t node) {
    bool silent = one_in(rng, 2);
    usec_t longest = one_in(rng, 2) ? 2 * world->config.timing.detect : 4 * USEC_PER_SEC;

    for (int i = 0; i < 2 * FLAPS; i++) {
        if (silent)
            world_partition(world, node, i % 2 ? 0 : 9);
        else
            world_link(world, node, i % 2);
        world_run(world, rng_between(rng, 0, longest));
    }
}

static void echo(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    world_echo(world, node);
}

/* A host made from another one's image comes while that one runs. */
static void start_clone(struct world *world, struct rng *rng, uint32_t node) {
    uint32_t copy = any_node(world, rng);

    if (copy == node || world->config.expect > 0)
        return;
    world_power_off(world, copy);
    world_clone(world, node, copy);
    world_start(world, copy);
}

/* Somebody takes the seat of that node away, where there are seats. */
static void retire(struct world *world, struct rng *rng, uint32_t node) {
    int64_t leader = oracle_leader(world);

    if (world->config.expect > 0 && leader >= 0)
        world_retire(world, (uint32_t)leader, one_in(rng, 2) ? node : any_node(world, rng));
}

/* Somebody edits expect where there are seats already: not that of a host that may be fresh once more. */
static void edit_expect(struct world *world, struct rng *rng, uint32_t node) {
    uint8_t expect = (uint8_t)rng_between(rng, 1, ROSTER_MAX);

    if (world->config.expect > 0 && node < world->config.expect && !may_lose(world, node) && world->oracle.count > 0)
        world_expect(world, node, expect);
}

static void drift(struct world *world, struct rng *rng, uint32_t node) {
    world_clock(world, node, (int32_t)rng_between(rng, -CLOCK_DRIFT_MAX_PPM, CLOCK_DRIFT_MAX_PPM));
}

static void heal(struct world *world, struct rng *rng, uint32_t node) {
    (void)rng;
    (void)node;
    world_heal(world);
}

/* ---- which of them ---- */

static const struct kind {
    const char *name;
    unsigned weight;
    void (*happen)(struct world *world, struct rng *rng, uint32_t node);
} kinds[] = {
    { "power off", 4, power_off },
    { "death amid a step", 4, die_amid },
    { "kill", 2, kill_daemon },
    { "kill with a farewell", 2, kill_with_farewell },
    { "stop", 2, stop },
    { "resign", 2, resign },
    { "sleep", 6, sleep_at_random },
    { "configure", 2, configure },
    { "preempt or not", 2, change_preempt },
    { "table wanted", 2, want_table },
    { "state writable or not", 2, change_writable },
    { "snapshot of the disk", 2, take_snapshot },
    { "restart at once", 2, restart_at_once },
    { "start", 12, start },
    { "link up or down", 2, change_link },
    { "partition", 2, part },
    { "cut from a node", 2, cut_from },
    { "cut to a node", 2, cut_to },
    { "cut a pair", 2, cut_pair },
    { "deaf node", 2, deafen },
    { "silent node", 2, silence },
    { "reached by multicast or not", 2, change_multicast },
    { "multicast reaches others or not", 2, change_shouts },
    { "loss", 2, change_loss },
    { "bursts of loss", 2, change_bursts },
    { "duplicates and lateness", 2, disorder },
    { "flap", 2, flap },
    { "multicast comes back", 1, echo },
    { "clone", 1, start_clone },
    { "heal", 2, heal },
    { "retire", 2, retire },
    { "expect is edited", 1, edit_expect },
    { "clock drifts", 2, drift },
};

enum { KINDS_WITH_VOTES = 3 }; /* the last ones are for majority clusters only */

_Static_assert(ARRAY_SIZE(kinds) <= COVER_FAULTS_MAX, "more kinds of faults than are counted");

const char *fault_name(unsigned kind) {
    return kind < ARRAY_SIZE(kinds) ? kinds[kind].name : NULL;
}

static const struct kind *any_kind(struct rng *rng, bool majority) {
    unsigned weights = 0, drawn;
    size_t i = 0;

    for (size_t k = 0; k < ARRAY_SIZE(kinds) - (majority ? 0 : KINDS_WITH_VOTES); k++)
        weights += kinds[k].weight;
    drawn = (unsigned)rng_between(rng, 0, weights - 1);
    for (; drawn >= kinds[i].weight; i++)
        drawn -= kinds[i].weight;
    return &kinds[i];
}

void fault_happen(struct world *world, struct rng *rng) {
    const struct kind *kind = any_kind(rng, world->config.expect > 0);
    uint32_t node = any_node(world, rng);
    int64_t leader = oracle_leader(world);

    if (one_in(rng, 2) && leader >= 0)
        node = (uint32_t)leader;
    trace_note(world, NULL, "-- %s --", kind->name);
    cover_fault(world->config.cover, (unsigned)(kind - kinds));
    kind->happen(world, rng, node);
}
