/* SPDX-License-Identifier: ISC
 *
 * table.c - measures cold start, failover after silent death, resign, and how long it takes until parts that meet again
 * have one leader.
 *
 * A run: all nodes start in the same millisecond; the cluster lives for a while; the leader loses power at a
 * random moment; the new leader resigns; two halves are parted and meet; the leader alone is cut off and comes back.
 * Times are from the cause to the moment when one node leads, and for the first two also until all name it. Datagrams
 * are those sent from the death to the new leader, ordinary heartbeats included, and the most that one node received
 * of them.
 */
#include "table.h"

#include "base/util.h"
#include "rest.h"
#include "scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum figure { COLD_START, COLD_START_ALL, FAILOVER, FAILOVER_ALL, DATAGRAMS, RECEIVED, RESIGN, HALVES, LONE, FIGURES };

enum { APART_US = 20 * 1000000 };

static const struct {
    const char *name;
    bool milliseconds; /* in us, printed as ms */
} figures[FIGURES] = {
    [COLD_START] = { "cold start", true },       [COLD_START_ALL] = { "  all follow", true },
    [FAILOVER] = { "silent death", true },       [FAILOVER_ALL] = { "  all follow", true },
    [DATAGRAMS] = { "  datagrams", false },      [RECEIVED] = { "  to one node", false },
    [RESIGN] = { "resign", true },               [HALVES] = { "halves meet", true },
    [LONE] = { "leader is back", true },
};

/* What the protocol's own simulation measured at detect 300 ms without loss: ms, median / p99. */
static const struct {
    uint32_t nodes;
    const char *texts[FIGURES];
} references[] = {
    { 2, { [COLD_START] = "1083 / 1148", [FAILOVER] = "431 / 546", [DATAGRAMS] = "18", [LONE] = "237" } },
    { 3, { [COLD_START] = "1073 / 1136", [FAILOVER] = "427 / 547", [DATAGRAMS] = "16", [LONE] = "224" } },
    { 5, { [FAILOVER] = "415 / 550", [LONE] = "222" } },
    { 10, { [COLD_START] = "1061 / 1089", [FAILOVER] = "405 / 521", [RESIGN] = "0.6 / 0.8", [DATAGRAMS] = "44",
            [HALVES] = "219 / 687", [LONE] = "229 / 690" } },
    { 30, { [FAILOVER] = "335 / 370", [DATAGRAMS] = "99" } },
    { 100, { [FAILOVER] = "312 / 323", [DATAGRAMS] = "140" } },
    { 1000, { [FAILOVER] = "302 / 303", [DATAGRAMS] = "412", [RECEIVED] = "41" } },
};

static const char *reference(uint32_t nodes, int figure) {
    for (size_t i = 0; i < ARRAY_SIZE(references); i++)
        if (references[i].nodes == nodes && references[i].texts[figure])
            return references[i].texts[figure];
    return "";
}

/* Samples of one size, figure by figure. */
struct samples {
    int64_t *values[FIGURES];
    unsigned count;
};

static int compare_values(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static bool one_leads(const struct world *world) {
    return world->oracle.leaders == 1;
}

/* Long enough for a cluster to be at rest, and an odd while more. */
static void live(struct world *world) {
    world_run(world, 5 * USEC_PER_SEC + rng_between(&world->rng, 0, 2 * USEC_PER_SEC));
    rest_settle(world, SETTLE_US);
}

static void measure_cold_start(struct world *world, int64_t *ret_values) {
    usec_t start = world->now;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_start(world, i);
    world_run_until(world, one_leads, SETTLE_US);
    ret_values[COLD_START] = world->now - start;
    rest_settle(world, SETTLE_US);
    ret_values[COLD_START_ALL] = world->now - start;
}

static void measure_death(struct world *world, int64_t *ret_values) {
    uint32_t leader = (uint32_t)oracle_leader(world);
    usec_t death = world->now;
    uint64_t sent = world->sent;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        world->nodes[i].received = 0;
    world_power_off(world, leader);
    world_run_until(world, one_leads, SETTLE_US);
    ret_values[FAILOVER] = world->now - death;
    ret_values[DATAGRAMS] = (int64_t)(world->sent - sent);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        ret_values[RECEIVED] = max_i64(ret_values[RECEIVED], (int64_t)world->nodes[i].received);
    rest_settle(world, SETTLE_US);
    ret_values[FAILOVER_ALL] = world->now - death;
    world_start(world, leader);
}

static void measure_resign(struct world *world, int64_t *ret_values) {
    usec_t request = world->now;
    size_t leaderships = world->oracle.count;

    world_resign(world, (uint32_t)oracle_leader(world));
    while (!world->failure[0] && world->oracle.count == leaderships && world->now < request + SETTLE_US)
        world_run(world, 10);
    ret_values[RESIGN] = world->now - request;
    rest_settle(world, SETTLE_US);
}

/* The parts meet at a random moment, which is the cause that is measured from. */
static int64_t measure_meeting(struct world *world) {
    usec_t healed;

    world_run(world, APART_US + rng_between(&world->rng, 0, 2 * USEC_PER_SEC));
    world_heal(world);
    healed = world->now;
    world_run_until(world, one_leads, SETTLE_US);
    return world->now - healed;
}

static void measure_heal(struct world *world, int64_t *ret_values) {
    uint32_t leader;

    for (uint32_t i = world->config.nodes / 2; i < world->config.nodes; i++)
        world_partition(world, i, 1);
    ret_values[HALVES] = measure_meeting(world);
    live(world);
    leader = (uint32_t)max_i64(oracle_leader(world), 0);
    world_partition(world, leader, 1);
    ret_values[LONE] = measure_meeting(world);
    rest_settle(world, SETTLE_US);
}

/* Returns false if the run failed, which is told. */
static bool measure(const struct world_config *config, int64_t *ret_values) {
    struct world *world = world_new(config);
    bool good;

    measure_cold_start(world, ret_values);
    live(world);
    measure_death(world, ret_values);
    live(world);
    measure_resign(world, ret_values);
    live(world);
    measure_heal(world, ret_values);
    good = !world->failure[0];
    if (!good)
        scenario_tell_failure(world, "--table --runs 1");
    world_free(world);
    return good;
}

static bool samples_take(struct samples *samples, struct world_config config, unsigned runs) {
    uint64_t seed = config.seed;

    for (unsigned run = 0; run < runs; run++) {
        int64_t values[FIGURES] = { 0 };

        config.seed = seed + run;
        if (!measure(&config, values))
            return false;
        for (int figure = 0; figure < FIGURES; figure++)
            samples->values[figure][run] = values[figure];
        samples->count++;
    }
    return true;
}

static void print_value(int64_t value, bool milliseconds) {
    if (milliseconds)
        printf(" %6" PRId64 ".%" PRId64, value / 1000, value % 1000 / 100);
    else
        printf(" %8" PRId64, value);
}

static void print_figure(struct samples *samples, uint32_t nodes, int figure) {
    int64_t *values = samples->values[figure];
    unsigned count = samples->count;

    qsort(values, count, sizeof(*values), compare_values);
    printf("%6" PRIu32 "  %-14s", nodes, figures[figure].name);
    print_value(values[count / 2], figures[figure].milliseconds);
    print_value(values[(size_t)count * 99 / 100], figures[figure].milliseconds);
    print_value(values[count - 1], figures[figure].milliseconds);
    printf("   %s\n", reference(nodes, figure));
}

static bool print_size(const struct world_config *config, unsigned runs) {
    struct samples samples = { 0 };
    bool good;

    for (int figure = 0; figure < FIGURES; figure++) {
        samples.values[figure] = calloc(runs, sizeof(int64_t));
        if (!samples.values[figure])
            abort();
    }
    good = samples_take(&samples, *config, runs);
    for (int figure = 0; figure < FIGURES && samples.count > 0; figure++)
        print_figure(&samples, config->nodes, figure);
    for (int figure = 0; figure < FIGURES; figure++)
        free(samples.values[figure]);
    return good;
}

int table_print(const struct world_config *config, const uint32_t *sizes, size_t sizes_count, unsigned runs) {
    struct world_config sized = *config;
    bool good = true;

    printf("detect %lld ms, loss %.1f %%, %u runs each; ms, at the right the protocol's reference (300 ms, no loss)\n",
           config->timing.detect / USEC_PER_MS, config->loss_ppm / 10000.0, runs);
    printf("%6s  %-14s %8s %8s %8s   %s\n", "nodes", "figure", "median", "p99", "max", "reference");
    for (size_t i = 0; i < sizes_count; i++) {
        sized.nodes = sizes[i];
        good = print_size(&sized, runs) && good;
        fflush(stdout);
    }
    return good ? 0 : 1;
}
