/* SPDX-License-Identifier: ISC
 *
 * swarm.c - see swarm.h.
 */
#include "swarm.h"

#include "base/util.h"
#include "rest.h"
#include "trace.h"

#include <inttypes.h>

enum {
    PRIORITY = 100,
    FAULTS = 28,
    FLAPS = 5,
    CALM_US = 15 * 1000000, /* the longest pause and more */
    BOUND_US = 12 * 1000000, /* from the end of the faults to agreement */
    QUIET_US = 60 * 1000000,
    LOSS_MAX_PPM = 300000,
};

unsigned swarm_settings(struct setting list[SWARM_SETTINGS]) {
    static const struct {
        uint32_t nodes;
        uint32_t loss_percent;
        unsigned seeds;
    } sizes[] = { { 1, 0, 40 }, { 2, 10, 40 }, { 3, 0, 60 }, { 3, 20, 40 },
                  { 5, 0, 40 }, { 5, 30, 30 }, { 10, 5, 20 }, { 30, 0, 6 } };
    static const struct {
        const char *profile;
        usec_t detect;
        usec_t work_stop;
    } kinds[] = {
        { "lan", 300 * USEC_PER_MS, 0 },
        { "lan", 100 * USEC_PER_MS, 3 * USEC_PER_SEC },
        { "wifi", 300 * USEC_PER_MS, 200 * USEC_PER_MS },
        { "slow", USEC_PER_SEC, 3 * USEC_PER_SEC },
    };
    unsigned count = 0;

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
        for (size_t k = 0; k < ARRAY_SIZE(kinds) && count < SWARM_SETTINGS; k++)
            list[count++] = (struct setting){ .nodes = sizes[i].nodes,
                                              .loss_ppm = sizes[i].loss_percent * (PPM_ONE / 100),
                                              .profile = profile_find(kinds[k].profile),
                                              .detect = kinds[k].detect,
                                              .work_stop = kinds[k].work_stop,
                                              .seeds = sizes[i].seeds };
    return count;
}

static uint32_t any_node(struct world *world) {
    return (uint32_t)rng_between(&world->rng, 0, world->config.nodes - 1);
}

static bool one_in(struct world *world, unsigned count) {
    return rng_chance(&world->rng, 1, count);
}

/* Its disk may be empty, old, or another host's. */
static void restart(struct world *world, uint32_t node) {
    if (one_in(world, 6))
        world_lose_disk(world, node);
    else if (one_in(world, 8))
        world_revert(world, node);
    else if (one_in(world, 20))
        world_clone(world, any_node(world), node);
    world_start(world, node);
}

/* Two sides, or three. */
static void part_at_random(struct world *world) {
    uint32_t last = one_in(world, 3) ? 2 : 1;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_partition(world, i, (uint32_t)rng_between(&world->rng, 0, last));
}

static void change_loss(struct world *world) {
    world->net.loss_ppm = (uint32_t)rng_between(&world->rng, 0, LOSS_MAX_PPM);
    trace_note(world, NULL, "loss is %" PRIu32 " ppm", world->net.loss_ppm);
}

static void trouble(struct world *world) {
    world_duplicate(world, one_in(world, 2) ? PPM_ONE / 10 : 0);
    world_delay(world, one_in(world, 2) ? PPM_ONE / 20 : 0, rng_between(&world->rng, USEC_PER_MS, USEC_PER_SEC));
}

static void pause_at_random(struct world *world, uint32_t node) {
    usec_t longest = one_in(world, 2) ? 2 * world->config.timing.detect : 10 * USEC_PER_SEC;

    world_pause(world, node, rng_between(&world->rng, USEC_PER_MS, longest));
}

/* One node is on and off the LAN, with its kernel knowing it or not. */
static void flap(struct world *world, uint32_t node) {
    bool silent = one_in(world, 2);
    usec_t longest = one_in(world, 2) ? 2 * world->config.timing.detect : 4 * USEC_PER_SEC;

    for (int i = 0; i < 2 * FLAPS; i++) {
        if (silent)
            world_partition(world, node, i % 2 ? 0 : 9);
        else
            world_link(world, node, i % 2);
        world_run(world, rng_between(&world->rng, 0, longest));
    }
}

static void cut(struct world *world, uint32_t from, uint32_t to, bool both) {
    world_cut(world, from, to);
    if (both)
        world_cut(world, to, from);
}

static void configure(struct world *world, uint32_t node) {
    world_configure(world, node, one_in(world, 2) ? PRIORITY : 200, !one_in(world, 3));
}

static void fault_of_host(struct world *world, uint32_t node) {
    switch (rng_between(&world->rng, 0, 11)) {
    case 0: case 1: world_power_off(world, node); break;
    case 2: world_kill(world, node); break;
    case 3: world_stop(world, node); break;
    case 4: world_resign(world, node); break;
    case 5: case 6: case 7: pause_at_random(world, node); break;
    case 8: configure(world, node); break;
    case 9: world_writable(world, node, one_in(world, 2)); break;
    case 10: world_take_snapshot(world, node); break;
    default: world_kill(world, node); restart(world, node);
    }
}

static void fault_of_network(struct world *world, uint32_t node) {
    switch (rng_between(&world->rng, 0, 12)) {
    case 0: world_link(world, node, !world->net.ports[node].up); break;
    case 1: part_at_random(world); break;
    case 2: world_cut(world, node, any_node(world)); break;
    case 3: world_cut(world, any_node(world), node); break;
    case 4: cut(world, any_node(world), any_node(world), true); break;
    case 5: cut(world, NET_ANY, node, false); break;
    case 6: cut(world, node, NET_ANY, one_in(world, 2)); break;
    case 7: world_multicast(world, node, !world->net.ports[node].multicast); break;
    case 8: world_shouts(world, node, !world->net.ports[node].shouts); break;
    case 9: change_loss(world); break;
    case 10: trouble(world); break;
    case 11: flap(world, node); break;
    default: world_heal(world);
    }
}

/* One of the things that can happen, or nothing where it does not apply. Half of those to a node hit the
 * leader. */
static void random_fault(struct world *world) {
    int64_t leader = oracle_leader(world);
    uint32_t node = leader >= 0 && one_in(world, 2) ? (uint32_t)leader : any_node(world);

    switch (rng_between(&world->rng, 0, 4)) {
    case 0: case 1: fault_of_host(world, node); break;
    case 2: case 3: fault_of_network(world, node); break;
    default: restart(world, any_node(world));
    }
}

/* Somebody sleeps, or owes an answer. */
static bool anybody_is_late(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        if (node->life == LIFE_PAUSED || node->stopping || node->resigning)
            return true;
    }
    return false;
}

/* Ends every fault: whoever sleeps wakes up, whoever is to stop does, whoever is off starts. */
static void calm(struct world *world) {
    usec_t end = world->now + CALM_US + 3 * world->config.work_stop;

    world_heal(world);
    world->net.loss_ppm = world->config.loss_ppm;
    while (anybody_is_late(world) && !world->failure[0]) {
        world_run(world, 10 * USEC_PER_MS);
        if (world->now > end)
            world_fail(world, "a node was told to stop or to resign, and does not");
    }
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        world_configure(world, i, PRIORITY, true);
        world_writable(world, i, true);
        restart(world, i);
    }
}

/* Measures how long it takes until all agree on the leadership that stays. */
static void converge(struct world *world) {
    usec_t bound = BOUND_US + 3 * world->config.work_stop;
    usec_t begin = world->now, end = begin + bound;
    char why[ORACLE_TEXT_MAX] = "nobody leads";
    size_t leaderships;

    do {
        leaderships = world->oracle.count;
        if (!world_run_until(world, oracle_agreed, end - world->now)) {
            oracle_judge(world, why);
            world_fail(world, "no agreement %lld s after the faults: %s", bound / USEC_PER_SEC, why);
            return;
        }
        world->convergence = world->now - begin;
        while (world->oracle.count == leaderships && world->now < end && !world->failure[0])
            world_run(world, 10 * USEC_PER_MS);
    } while (world->oracle.count != leaderships && !world->failure[0]);
}

void swarm_play(struct world *world, usec_t duration) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        rest_start(world, i);
    rest_settle(world, SETTLE_US);
    for (int i = 0; i < FAULTS; i++) {
        world_run(world, rng_between(&world->rng, 0, 2 * duration / FAULTS));
        random_fault(world);
    }
    calm(world);
    converge(world);
    rest_quiet(world, QUIET_US);
}
