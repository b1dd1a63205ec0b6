/* SPDX-License-Identifier: ISC
 *
 * finding.c - see finding.h. What must hold is counted in leaderships: a fault that the cluster can live with starts
 * none.
 */
#include "finding.h"

#include "base/util.h"
#include "scenario.h"
#include "trace.h"

#include <inttypes.h>

enum {
    ALONE_US = 20 * 1000000, /* apart, so long that nobody remembers the other's followers */
    TURN_US = 20 * 1000000, /* between two faults of a kind */
    FLAP_US = 3 * 1000000,
    HANDOVER_US = 2 * 1000000,
    WINNER_LIVES_US = 500000, /* after the parts have met */
};

static uint32_t last_node(const struct world *world) {
    return world->config.nodes - 1;
}

static bool two_lead(const struct world *world) {
    return world->oracle.leaders > 1;
}

static void expect_new(struct world *world, size_t before, size_t most, const char *what) {
    if (world->oracle.count - before > most)
        world_fail(world, "%s: %zu new leaderships, %zu at most are right", what, world->oracle.count - before, most);
}

/* The time passes, and nobody ever leads beside another. */
static void one_leads(struct world *world, usec_t duration, const char *what) {
    if (world_run_until(world, two_lead, duration))
        world_fail(world, "%s: two lead at a time", what);
}

/* Without losses none. With them a fault leaves fewer datagrams to rely on, and all of these may be lost: the few
 * tries of one witness beside an accuser that is deaf (SUSP-9), the two announcements within an ack window (SUSP-12).
 * Then one leads, and the other rises above it when they meet. */
static size_t by_chance(const struct world *world) {
    return world->config.loss_ppm > 0 ? 2 : 0;
}

/* With a fault that stays; afterwards all is as before. */
static void bear(struct world *world, usec_t duration, size_t most, const char *what) {
    size_t before = world->oracle.count;

    world_run(world, duration);
    expect_new(world, before, most, what);
    world_heal(world);
    scenario_settle(world);
    world_run(world, TURN_US);
    expect_new(world, before, most, what);
    scenario_settle(world);
}

void finding_one_way(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_cut(world, 0, last_node(world));
    bear(world, duration, by_chance(world), "the leader is not heard by one follower");
    world_cut(world, last_node(world), 0);
    bear(world, duration, by_chance(world), "one follower is not heard by the leader");
}

void finding_no_link(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_cut(world, 0, 1);
    world_cut(world, 1, 0);
    bear(world, duration, by_chance(world), "the first in line and the leader do not reach each other");
}

void finding_mute_follower(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_cut(world, last_node(world), NET_ANY);
    bear(world, duration, by_chance(world), "a follower hears all and is heard by nobody");
}

void finding_mute_leader(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_cut(world, 0, NET_ANY);
    bear(world, duration, 1, "the leader hears all and is heard by nobody");
}

void finding_no_multicast(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_multicast(world, last_node(world), false);
    bear(world, duration, 0, "a follower is not reached by multicast");
    world_shouts(world, last_node(world), false);
    bear(world, duration, 0, "a follower's multicast reaches nobody");
    world_multicast(world, 0, false);
    bear(world, duration, 0, "the leader is not reached by multicast");
}

/* For a time the leader does nothing; with its host suspended it is not sent anything either. */
static void put_to_sleep(struct world *world, uint32_t leader, usec_t pause, bool host, const char *what) {
    if (host) {
        world_cut(world, leader, NET_ANY);
        world_cut(world, NET_ANY, leader);
    }
    world_pause(world, leader, pause);
    one_leads(world, pause - 1, what);
    world_heal(world);
}

/* Each pause changes the leader at most once, and who wakes up does not take the role back. With losses a try that
 * was lost before the pause counts too, so that one shorter than detect, which nobody notices, may do it: not told
 * here. */
static void leader_sleeps(struct world *world, usec_t duration, bool host, const char *what) {
    usec_t least = world->config.timing.detect / (world->config.loss_ppm > 0 ? 1 : 2);

    scenario_form(world, world->config.nodes);
    for (usec_t end = world->now + duration; world->now < end && !world->failure[0];) {
        int64_t leader = oracle_leader(world);
        size_t before = world->oracle.count;
        usec_t pause = rng_between(&world->rng, least, 10 * USEC_PER_SEC);

        if (leader < 0)
            world_fail(world, "nobody leads, or several do, after a quiet time");
        else
            put_to_sleep(world, (uint32_t)leader, pause, host, what);
        one_leads(world, TURN_US, what);
        expect_new(world, before, 1, what);
        scenario_settle(world);
    }
}

void finding_pauses(struct world *world, usec_t duration) {
    leader_sleeps(world, duration, false, "the leader pauses");
}

void finding_suspends(struct world *world, usec_t duration) {
    leader_sleeps(world, duration, true, "the leader's host is suspended");
}

/* A follower that stops in the middle of anything starts nothing. */
void finding_stalls(struct world *world, usec_t duration) {
    size_t before;

    scenario_form(world, world->config.nodes);
    before = world->oracle.count;
    for (usec_t end = world->now + duration; world->now < end && !world->failure[0];) {
        uint32_t follower = (uint32_t)rng_between(&world->rng, 1, last_node(world));

        world_pause(world, follower, rng_between(&world->rng, USEC_PER_MS, 5 * USEC_PER_SEC));
        world_run(world, rng_between(&world->rng, 0, USEC_PER_SEC));
    }
    world_run(world, TURN_US);
    expect_new(world, before, 0, "followers stall");
    scenario_settle(world);
}

void finding_late_successor(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    for (usec_t end = world->now + duration; world->now < end && !world->failure[0];) {
        size_t before = world->oracle.count;
        int64_t leader = oracle_leader(world);
        uint32_t successor = ((uint32_t)leader + 1) % world->config.nodes;

        world_pause(world, successor, rng_between(&world->rng, USEC_PER_MS, 400 * USEC_PER_MS));
        world_resign(world, (uint32_t)leader);
        one_leads(world, HANDOVER_US, "the successor is late");
        expect_new(world, before, 1, "the successor is late");
        scenario_settle(world);
        world_run(world, TURN_US);
    }
}

void finding_dead_successor(struct world *world, usec_t duration) {
    size_t before;

    scenario_form(world, world->config.nodes);
    world_run(world, duration);
    before = world->oracle.count;
    world_power_off(world, 1);
    world_resign(world, 0);
    one_leads(world, HANDOVER_US, "the successor is dead");
    expect_new(world, before, 1, "the successor is dead");
    if (world->oracle.leaders != 1)
        world_fail(world, "the successor is dead, and nobody leads after two seconds");
    scenario_settle(world);
}

/* Time until all agree, after the network has healed. */
static void heal_and_measure(struct world *world) {
    usec_t healed = world->now;

    world_heal(world);
    scenario_settle(world);
    world->convergence = world->now - healed;
}

void finding_all_alone(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_partition(world, i, i);
    world_run(world, ALONE_US + rng_between(&world->rng, 0, 2 * USEC_PER_SEC));
    heal_and_measure(world);
    world_run(world, duration);
    scenario_settle(world);
}

/* Two parts have met, and the one whose leader is to stay loses it while the other stops its work. */
void finding_winner_dies(struct world *world, usec_t duration) {
    uint32_t half = (world->config.nodes + 1) / 2;

    scenario_form(world, world->config.nodes);
    for (uint32_t i = half; i < world->config.nodes; i++)
        world_partition(world, i, 1);
    world_run(world, ALONE_US);
    world_heal(world);
    world_run(world, WINNER_LIVES_US + rng_between(&world->rng, 0, duration));
    world_power_off(world, 0);
    scenario_settle(world);
}

/* The leader's link is up and down; a real death is found soon all the same. */
void finding_flapping(struct world *world, usec_t duration) {
    usec_t limit = world->config.nodes > 2 ? 2 * USEC_PER_SEC : 10 * USEC_PER_SEC;

    scenario_form(world, world->config.nodes);
    for (usec_t end = world->now + duration; world->now < end;) {
        world_partition(world, 0, 1);
        world_run(world, FLAP_US);
        world_partition(world, 0, 0);
        world_run(world, FLAP_US);
    }
    scenario_settle(world);
    trace_note(world, NULL, "%zu leaderships so far", world->oracle.count);
    world_power_off(world, (uint32_t)max_i64(oracle_leader(world), 0));
    if (!world_run_until(world, oracle_agreed, limit))
        world_fail(world, "nobody leads %lld s after a real death", limit / USEC_PER_SEC);
}

/* The leader and the next in line at once. */
void finding_two_die(struct world *world, usec_t duration) {
    usec_t death;

    scenario_form(world, world->config.nodes);
    world_run(world, duration + rng_between(&world->rng, 0, USEC_PER_SEC));
    death = world->now;
    world_power_off(world, 0);
    world_power_off(world, 1);
    scenario_settle(world);
    world->convergence = world->now - death;
}
