/* SPDX-License-Identifier: ISC
 *
 * scenario.c - the stories. A world that has failed ignores what is done to it, so nobody checks between the
 * lines.
 *
 * Who leads is foretold only where no datagram is lost by chance: with losses a story must end well, by
 * whatever way.
 */
#include "scenario.h"

#include "base/util.h"
#include "finding.h"
#include "trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    START_GAP_US = 300000, /* between two starts that make a difference in age */
    TOGETHER_US = 20000, /* between the first and the last start of a cold start */
    ROUNDS_MAX = 6,
    PRIORITY = 100,
    DOUBT_US = 3 * 1000000,
    PARTED_US = 10 * 1000000,
    SWARM_FAULTS = 28,
    SWARM_FLAPS = 5,
    CALM_US = 15 * 1000000, /* the longest pause and more */
    SWARM_BOUND_US = 12 * 1000000, /* from the end of the faults to agreement */
    SWARM_QUIET_US = 60 * 1000000,
    SWARM_LOSS_MAX_PPM = 300000,
};

static bool has_leader(const struct world *world) {
    return world->oracle.leaders > 0;
}

void scenario_settle(struct world *world) {
    char why[ORACLE_TEXT_MAX] = "nobody leads";

    if (world_run_until(world, oracle_agreed, SETTLE_US))
        return;
    oracle_judge(world, why);
    world_fail(world, "no agreement after %d s: %s", SETTLE_US / (int)USEC_PER_SEC, why);
}

void scenario_form(struct world *world, uint32_t nodes) {
    world_start(world, 0);
    if (!world_run_until(world, has_leader, SETTLE_US))
        world_fail(world, "n1 is alone and does not lead");
    for (uint32_t i = 1; i < nodes; i++) {
        world_run(world, START_GAP_US);
        world_start(world, i);
    }
    scenario_settle(world);
}

/* Nothing happens, so nothing may change. With losses a single node may doubt its leader for as long as an ack
 * window, until somebody vouches (SUSP-9 to SUSP-11); that changes no leadership. */
static void quiet(struct world *world, usec_t duration) {
    usec_t doubt = world->config.loss_ppm > 0 ? DOUBT_US : 0;
    size_t leaderships = world->oracle.count;
    char why[ORACLE_TEXT_MAX];

    world_run(world, duration);
    if (world->oracle.count != leaderships)
        world_fail(world, "a leadership changed although nothing happened");
    if (!world_run_until(world, oracle_agreed, doubt) && !oracle_judge(world, why))
        world_fail(world, "no agreement after a quiet time: %s", why);
}

static bool foretold(const struct world *world) {
    return world->config.loss_ppm == 0;
}

static void expect_leader(struct world *world, uint32_t index) {
    if (foretold(world) && oracle_leader(world) != index)
        world_fail(world, "n%" PRId64 " leads, n%" PRIu32 " should", oracle_leader(world) + 1, index + 1);
}

static void expect_leaderships(struct world *world, size_t count) {
    if (foretold(world) && world->oracle.count != count)
        world_fail(world, "%zu leaderships, there should be %zu", world->oracle.count, count);
}

static void play_together(struct world *world, usec_t duration) {
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        world_start(world, i);
        world_run(world, rng_between(&world->rng, 0, TOGETHER_US / world->config.nodes));
    }
    scenario_settle(world);
    quiet(world, duration);
}

static void play_one_by_one(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    expect_leader(world, 0);
    expect_leaderships(world, 1);
    quiet(world, duration);
}

static void play_late(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes - 1);
    quiet(world, duration);
    world_start(world, world->config.nodes - 1);
    scenario_settle(world);
    quiet(world, duration);
    expect_leader(world, 0);
    expect_leaderships(world, 1);
}

/* In each round the leader goes, the next in age takes over, and the one that went comes back as the youngest. */
static void play_rounds(struct world *world, usec_t duration, void (*go)(struct world *world, uint32_t node)) {
    uint32_t nodes = world->config.nodes;

    scenario_form(world, nodes);
    for (uint32_t i = 0; i < ROUNDS_MAX && !world->failure[0]; i++) {
        int64_t leader = oracle_leader(world);

        quiet(world, duration / ROUNDS_MAX + rng_between(&world->rng, 0, USEC_PER_SEC));
        go(world, (uint32_t)leader);
        world_run(world, USEC_PER_MS);
        scenario_settle(world);
        expect_leader(world, (i + 1) % nodes);
        world_start(world, (uint32_t)leader);
        world_run(world, USEC_PER_SEC);
        scenario_settle(world);
        expect_leader(world, (i + 1) % nodes);
        expect_leaderships(world, i + 2);
    }
}

static void play_crash(struct world *world, usec_t duration) {
    play_rounds(world, duration, world_power_off);
}

static void play_kill(struct world *world, usec_t duration) {
    play_rounds(world, duration, world_kill);
}

static void stop_and_wait(struct world *world, uint32_t node) {
    world_stop(world, node);
    for (int i = 0; i < 100 && node_runs(&world->nodes[node]); i++)
        world_run(world, 10 * USEC_PER_MS);
    if (node_runs(&world->nodes[node]))
        world_fail(world, "n%" PRIu32 " was told to stop and still runs after a second", node + 1);
}

static void play_stop(struct world *world, usec_t duration) {
    play_rounds(world, duration, stop_and_wait);
}

static void resign_and_wait(struct world *world, uint32_t node) {
    world_resign(world, node);
    for (int i = 0; i < 100 && !world->nodes[node].resign_answered; i++)
        world_run(world, 10 * USEC_PER_MS);
    if (!world->nodes[node].resign_answered)
        world_fail(world, "n%" PRIu32 " was told to resign and has no answer after a second", node + 1);
    else if (foretold(world) && world->nodes[node].resigned != RESIGN_DONE)
        world_fail(world, "n%" PRIu32 " leads, but answers %d to resign", node + 1, world->nodes[node].resigned);
}

static void play_resign(struct world *world, usec_t duration) {
    play_rounds(world, duration, resign_and_wait);
}

static void play_partition(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    for (uint32_t i = world->config.nodes / 2 + 1; i < world->config.nodes; i++)
        world_partition(world, i, 1);
    world_run(world, PARTED_US);
    scenario_settle(world);
    world_heal(world);
    scenario_settle(world);
    expect_leader(world, 0);
    quiet(world, duration);
}

static void play_cut_leader(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    world_cut(world, NET_ANY, 0);
    world_cut(world, 0, NET_ANY);
    world_run(world, PARTED_US);
    scenario_settle(world);
    world_heal(world);
    scenario_settle(world);
    if (world->config.nodes > 2)
        expect_leader(world, 1);
    quiet(world, duration);
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
    world->net.loss_ppm = (uint32_t)rng_between(&world->rng, 0, SWARM_LOSS_MAX_PPM);
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

    for (int i = 0; i < 2 * SWARM_FLAPS; i++) {
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
    usec_t bound = SWARM_BOUND_US + 3 * world->config.work_stop;
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

/* Faults on: safety must hold. Faults off: agreement must come, and stay. */
static void play_swarm(struct world *world, usec_t duration) {
    scenario_form(world, world->config.nodes);
    for (int i = 0; i < SWARM_FAULTS; i++) {
        world_run(world, rng_between(&world->rng, 0, 2 * duration / SWARM_FAULTS));
        random_fault(world);
    }
    calm(world);
    converge(world);
    quiet(world, SWARM_QUIET_US);
}

const struct scenario scenarios[] = {
    { "together", "all start in the same moment; one leads", 1, 60 * USEC_PER_SEC, play_together },
    { "one-by-one", "they start in turn; the first leads and stays", 1, 60 * USEC_PER_SEC, play_one_by_one },
    { "late", "a node that comes late follows", 2, 30 * USEC_PER_SEC, play_late },
    { "crash", "the leader loses power, the next in age leads; it returns and follows", 2, 30 * USEC_PER_SEC,
      play_crash },
    { "kill", "the leader's daemon is killed and comes back", 2, 30 * USEC_PER_SEC, play_kill },
    { "stop", "the leader is stopped in order and comes back", 2, 30 * USEC_PER_SEC, play_stop },
    { "resign", "the leader resigns and stays as the youngest", 2, 30 * USEC_PER_SEC, play_resign },
    { "partition", "two halves have a leader each; the older one leads when they meet", 2, 30 * USEC_PER_SEC,
      play_partition },
    { "cut-leader", "nothing passes to or from the leader; back again, it follows", 2, 30 * USEC_PER_SEC,
      play_cut_leader },
    { "one-way", "leader and follower hear each other in one direction only", 3, 60 * USEC_PER_SEC, finding_one_way },
    { "no-link", "the first in line cannot reach the leader, the others can", 3, 60 * USEC_PER_SEC, finding_no_link },
    { "mute-follower", "it hears all and is heard by nobody", 2, 300 * USEC_PER_SEC, finding_mute_follower },
    { "mute-leader", "it hears all and is heard by nobody: one change", 2, 300 * USEC_PER_SEC, finding_mute_leader },
    { "no-multicast", "multicast does not pass to or from a node", 2, 300 * USEC_PER_SEC, finding_no_multicast },
    { "pauses", "the leader sleeps: one change each, not taken back", 2, 600 * USEC_PER_SEC, finding_pauses },
    { "suspends", "the leader's host is suspended: the same", 2, 600 * USEC_PER_SEC, finding_suspends },
    { "stalls", "followers sleep: no change", 2, 600 * USEC_PER_SEC, finding_stalls },
    { "late-successor", "who is named by Resign sleeps: one leads", 3, 120 * USEC_PER_SEC, finding_late_successor },
    { "dead-successor", "who is named by Resign is dead", 2, 5 * USEC_PER_SEC, finding_dead_successor },
    { "all-alone", "each leads alone; they meet", 2, 10 * USEC_PER_SEC, finding_all_alone },
    { "winner-dies", "two parts meet, and the leader that is to stay dies", 3, 3 * USEC_PER_SEC, finding_winner_dies },
    { "flapping", "the leader is on and off the LAN, then dies", 2, 600 * USEC_PER_SEC, finding_flapping },
    { "two-die", "the leader and the next in line die together", 3, 5 * USEC_PER_SEC, finding_two_die },
    { "swarm", "faults at random, then a quiet time in which all must agree", 1, 60 * USEC_PER_SEC, play_swarm },
};

const size_t scenarios_count = ARRAY_SIZE(scenarios);

const struct scenario *scenario_find(const char *name) {
    for (size_t i = 0; i < scenarios_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

static void print_duration(const char *option, usec_t duration) {
    if (duration % USEC_PER_SEC == 0)
        printf(" %s %llds", option, duration / USEC_PER_SEC);
    else if (duration % USEC_PER_MS == 0)
        printf(" %s %lldms", option, duration / USEC_PER_MS);
    else
        printf(" %s %lldus", option, (long long)duration);
}

void scenario_tell_failure(const struct world *world, const char *how, usec_t duration) {
    const struct world_config *config = &world->config;

    printf("FAILED at %lld.%06lld s: %s\n  replay: eldest-sim %s --seed %" PRIu64 " --nodes %" PRIu32
           " --loss %" PRIu32 ".%04" PRIu32 " --profile %s",
           world->now / USEC_PER_SEC, world->now % USEC_PER_SEC, world->failure, how, config->seed, config->nodes,
           config->loss_ppm / 10000, config->loss_ppm % 10000, config->profile->name);
    print_duration("--detect", config->timing.detect);
    print_duration("--work", config->work_stop);
    if (duration)
        print_duration("--for", duration);
    printf(" --trace\n");
}

/* What the runs of a scenario came to. */
struct sums {
    unsigned runs;
    unsigned failures;
    uint64_t node_seconds;
    uint64_t steps;
    uint64_t sent;
    uint64_t leaderships;
    usec_t *convergences;
    unsigned converged;
};

static int compare_durations(const void *a, const void *b) {
    usec_t x = *(const usec_t *)a, y = *(const usec_t *)b;

    return x < y ? -1 : x > y;
}

static void tell_convergence(struct sums *sums) {
    usec_t *list = sums->convergences;
    unsigned count = sums->converged;

    if (count == 0)
        return;
    qsort(list, count, sizeof(*list), compare_durations);
    printf("%-12s agreed after %lld ms in the median, p99 %lld, max %lld\n", "", list[count / 2] / USEC_PER_MS,
           list[(size_t)count * 99 / 100] / USEC_PER_MS, list[count - 1] / USEC_PER_MS);
}

static void run_once(const struct scenario *scenario, const struct world_config *config, usec_t duration,
                     struct sums *sums) {
    struct world *world = world_new(config);
    char how[40];

    scenario->play(world, duration);
    sums->runs++;
    sums->node_seconds += (uint64_t)(world->now / USEC_PER_SEC) * config->nodes;
    sums->steps += world->steps;
    sums->sent += world->sent;
    sums->leaderships += world->oracle.count;
    if (world->convergence >= 0)
        sums->convergences[sums->converged++] = world->convergence;
    if (world->failure[0]) {
        sums->failures++;
        snprintf(how, sizeof(how), "--scenario %s", scenario->name);
        scenario_tell_failure(world, how, duration);
    }
    world_free(world);
}

unsigned scenario_runs(const struct scenario *scenario, const struct world_config *config, usec_t duration,
                       unsigned runs) {
    struct world_config seeded = *config;
    struct sums sums = { 0 };

    if (config->nodes < scenario->nodes_min)
        return 0;
    sums.convergences = calloc(runs ? runs : 1, sizeof(*sums.convergences));
    if (!sums.convergences)
        abort();
    for (unsigned run = 0; run < (runs ? runs : 1) && sums.failures < FAILURES_MAX; run++) {
        seeded.seed = config->seed + run;
        run_once(scenario, &seeded, duration ? duration : scenario->duration, &sums);
    }
    printf("%-12s %u runs, %u failed; %" PRIu64 " node-seconds, %" PRIu64 " steps, %" PRIu64 " datagrams sent, %" PRIu64
           " leaderships\n",
           scenario->name, sums.runs, sums.failures, sums.node_seconds, sums.steps, sums.sent, sums.leaderships);
    tell_convergence(&sums);
    free(sums.convergences);
    fflush(stdout);
    return sums.failures;
}
