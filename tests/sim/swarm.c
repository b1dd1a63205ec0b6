/* SPDX-License-Identifier: ISC
 *
 * swarm.c - see swarm.h.
 */
#include "swarm.h"

#include "base/util.h"
#include "core/params.h"
#include "exam.h"
#include "fault.h"
#include "rest.h"
#include "trace.h"

enum {
    PRIORITY = 100,
    CALM_US = 15 * 1000000, /* the longest pause and more */
    BOUND_WINDOWS = 3, /* ack windows from the end of the faults to agreement; so does eldest(7) promise */
    QUIET_US = 60 * 1000000,
};

unsigned swarm_settings(struct setting list[SWARM_SETTINGS]) {
    static const struct {
        uint32_t nodes;
        uint32_t loss_percent;
        unsigned seeds;
    } sizes[] = { { 1, 0, 40 }, { 2, 10, 40 }, { 2, 0, 30 }, { 3, 0, 60 }, { 3, 20, 40 },
                  { 5, 0, 40 }, { 5, 30, 30 }, { 10, 5, 20 }, { 30, 0, 6 }, { 100, 0, 2 } };
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

unsigned swarm_settings_majority(struct setting list[SWARM_SETTINGS]) {
    static const struct {
        uint32_t nodes, loss_percent;
        uint8_t expect;
        const char *profile;
        usec_t detect, work_stop, patience, margin;
        unsigned seeds;
        bool bare;
    } kinds[] = {
        { 3, 0, 3, "lan", 300 * USEC_PER_MS, 0, 0, 0, 40, false },
        { 3, 0, 3, "lan", 300 * USEC_PER_MS, 3 * USEC_PER_SEC, USEC_PER_SEC, 0, 40, true },
        { 3, 20, 3, "lan", 300 * USEC_PER_MS, 200 * USEC_PER_MS, 0, 200 * USEC_PER_MS, 20, true },
        { 5, 0, 5, "lan", 300 * USEC_PER_MS, 3 * USEC_PER_SEC, 0, 0, 20, false },
        { 5, 10, 5, "wifi", 300 * USEC_PER_MS, 200 * USEC_PER_MS, 0, 0, 10, false },
        { 5, 0, 3, "lan", 300 * USEC_PER_MS, 3 * USEC_PER_SEC, USEC_PER_SEC, 0, 20, true },
        { 4, 0, 4, "lan", 100 * USEC_PER_MS, 3 * USEC_PER_SEC, 0, 0, 15, false },
        { 4, 10, 3, "lan", 300 * USEC_PER_MS, 3 * USEC_PER_SEC, USEC_PER_SEC, 100 * USEC_PER_MS, 15, false },
        { 2, 0, 2, "lan", 300 * USEC_PER_MS, 0, 0, 0, 15, true },
        { 2, 0, 1, "lan", 300 * USEC_PER_MS, 200 * USEC_PER_MS, 0, 0, 5, true },
        { 9, 0, 7, "slow", USEC_PER_SEC, 3 * USEC_PER_SEC, USEC_PER_SEC, 0, 4, false },
    };

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        list[i] = (struct setting){ .nodes = kinds[i].nodes,
                                    .loss_ppm = kinds[i].loss_percent * (PPM_ONE / 100),
                                    .profile = profile_find(kinds[i].profile),
                                    .detect = kinds[i].detect,
                                    .work_stop = kinds[i].work_stop,
                                    .patience = kinds[i].patience,
                                    .margin = kinds[i].margin,
                                    .seeds = kinds[i].seeds,
                                    .expect = kinds[i].expect,
                                    .bare = kinds[i].bare };
    return ARRAY_SIZE(kinds);
}

static bool has(const struct swarm *swarm, unsigned fault) {
    return (swarm->without >> fault & 1) == 0;
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
static void calm(struct world *world, const struct swarm *swarm) {
    usec_t end = world->now + CALM_US + 3 * world->config.work_stop;
    struct rng rng = fault_rng(world, SWARM_DISKS);

    world_heal(world);
    world_loss(world, world->config.loss_ppm);
    while (anybody_is_late(world) && !world->failure[0]) {
        world_run(world, 10 * USEC_PER_MS);
        if (world->now > end)
            world_fail(world, "a node was told to stop or to resign, and does not");
    }
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        world->nodes[i].dies_after = -1;
        world_configure(world, i, PRIORITY, true);
        world_preempt(world, i, false);
        world_writable(world, i, true);
        if (has(swarm, SWARM_DISKS))
            fault_restart(world, &rng, i);
        else
            world_start(world, i);
    }
}

/* Measures how long it takes until all agree on the leadership that stays. */
static void converge(struct world *world) {
    usec_t promise = world->config.expect > 0 ? params_promise(&world->config.timing) : 0;
    usec_t bound = BOUND_WINDOWS * params_ack_window(&world->config.timing) + 3 * world->config.work_stop + promise;
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

/* What is left out leaves its time empty. */
static void diary(struct world *world, const struct swarm *swarm) {
    struct rng rng;

    for (unsigned fault = 1; fault <= SWARM_DIARY; fault++) {
        rng = fault_rng(world, fault);
        world_run(world, rng_between(&rng, 0, 2 * swarm->faulty / SWARM_DIARY));
        if (!has(swarm, fault))
            continue;
        trace_note(world, NULL, "fault %u", fault);
        fault_happen(world, &rng);
    }
}

static void sit_papers(struct world *world, const struct swarm *swarm) {
    struct rng rng;

    for (unsigned paper = SWARM_PAPERS; paper < SWARM_PAPERS_END && !world->failure[0]; paper++) {
        rng = fault_rng(world, paper);
        if (has(swarm, paper))
            exam_sit(world, &rng);
    }
}

/* The first N hosts found the cluster before others come. A second one can be founded by N others only that know of no
 * seats: so many disks are never lost. */
static void found_first(struct world *world) {
    world->may_lose = world->config.expect - 1U;
    rest_found(world);
}

/* All come at once, whatever happens meanwhile; any N of them may found it, and too few are left for another one. */
static void come_at_once(struct world *world) {
    int64_t spare = (int64_t)2 * world->config.expect - 1 - world->config.nodes;

    world->may_lose = (uint32_t)clamp_i64(spare, 0, world->config.expect - 1);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_start(world, i);
}

static void begin(struct world *world, const struct swarm *swarm) {
    struct rng founding = fault_rng(world, SWARM_FOUNDING);
    bool votes = world->config.expect > 0, at_once = world->config.nodes < 2U * world->config.expect;

    if (at_once && has(swarm, SWARM_FOUNDING) && rng_chance(&founding, 1, 4)) {
        come_at_once(world);
        return;
    }
    if (votes)
        found_first(world);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        rest_start(world, i);
    rest_settle(world, SETTLE_US);
}

void swarm_play(struct world *world, const struct swarm *swarm) {
    struct rng clocks = fault_rng(world, SWARM_CLOCKS);

    if (has(swarm, SWARM_CLOCKS))
        fault_clocks(world, &clocks);
    begin(world, swarm);
    diary(world, swarm);
    calm(world, swarm);
    converge(world);
    rest_quiet(world, QUIET_US);
    sit_papers(world, swarm);
}
