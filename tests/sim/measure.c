/* SPDX-License-Identifier: ISC
 *
 * measure.c - see measure.h.
 */
#include "measure.h"

#include "base/util.h"
#include "rest.h"

enum {
    APART_US = 20 * 1000000, /* until parts meet */
    TURN_US = 1000, /* from one start to the next while a cluster forms */
    MUTED_ABOVE = 100, /* nodes: see form() */
};

/* ---- a cluster at rest ---- */

static bool names_leader(const struct world *world, uint32_t node, int64_t leader) {
    const struct outlook *outlook = &world->nodes[node].outlook;

    return !node_runs(&world->nodes[node]) ||
           (outlook->has_leader && token_equal(&outlook->leader, &world->nodes[leader].outlook.leader));
}

/* Whether all name the one leader. The search begins with the node at which it ended last time: in a large cluster it
 * is most often still the one that is missing. */
static bool all_follow(const struct world *world, uint32_t *cursor) {
    int64_t leader = oracle_leader(world);

    for (uint32_t i = 0; i < world->config.nodes && leader >= 0; i++) {
        uint32_t node = (*cursor + i) % world->config.nodes;

        if (names_leader(world, node, leader))
            continue;
        *cursor = node;
        return false;
    }
    return leader >= 0;
}

static void note_led(struct run *run, uint64_t sent_before) {
    const struct world *world = run->world;

    run->led = world->now;
    run->sent = world->sent - sent_before;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        run->received_most = (uint64_t)max_i64((int64_t)run->received_most, (int64_t)world->nodes[i].received);
}

/* Lets time pass until one node leads, with at least so many leaderships since the beginning, and all name it. Both may
 * become false again; the first time counts. */
static void watch(struct run *run, size_t leaderships) {
    struct world *world = run->world;
    usec_t end = world->now + SETTLE_US;
    uint64_t sent = world->sent;
    uint32_t cursor = 0;

    run->led = -1;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        world->nodes[i].received = 0;
    do {
        bool led = world->oracle.leaders == 1 && world->oracle.count >= leaderships;

        if (led && run->led < 0)
            note_led(run, sent);
        if (led && all_follow(world, &cursor)) {
            run->agreed = world->now;
            return;
        }
        world->oracle.changed = false;
        while (!world->oracle.changed && world_advance(world, end))
            continue;
    } while (world->oracle.changed);
    world_fail(world, "no agreement within %d s", SETTLE_US / 1000000);
}

static void settle(struct world *world) {
    struct run run = { .world = world };

    watch(&run, 0);
}

/* Long enough for slots and successors to be told, and an odd while more. */
static void live(struct world *world) {
    world_run(world, 5 * USEC_PER_SEC + rng_between(&world->rng, 0, 2 * USEC_PER_SEC));
    settle(world);
}

/* One leads, or the seats of a majority are taken, before the others come, one after the other. Of many nodes the
 * Announce of each would go to all, which makes no difference to a cluster that is at rest later, but most of the work
 * of a run: where there are more than MUTED_ABOVE, those who join cannot be heard by multicast meanwhile, and find the
 * leader by its announcements. */
static void form(struct world *world) {
    uint32_t nodes = world->config.nodes;

    if (world->config.expect > 0)
        rest_found(world);
    else
        rest_start(world, 0);
    for (uint32_t i = 1; i < nodes; i++) {
        world_shouts(world, i, nodes <= MUTED_ABOVE);
        world_start(world, i);
        world_run(world, TURN_US);
    }
    settle(world);
    for (uint32_t i = 1; i < nodes; i++)
        world_shouts(world, i, true);
    live(world);
}

/* ---- stories ---- */

static void happens(struct run *run) {
    run->cause = run->world->now;
    run->leaderships = run->world->oracle.count;
}

static void play_cold_start(struct run *run) {
    happens(run);
    for (uint32_t i = 0; i < run->world->config.nodes; i++)
        world_start(run->world, i);
    watch(run, 0);
}

static void play_death(struct run *run) {
    happens(run);
    world_power_off(run->world, run->leader);
    watch(run, 0);
}

static void play_resign(struct run *run) {
    happens(run);
    world_resign(run->world, run->leader);
    watch(run, run->leaderships + 1);
}

/* Parts live on their own for a while; then they meet at a random moment. */
static void meet(struct run *run) {
    struct world *world = run->world;

    world_run(world, APART_US + rng_between(&world->rng, 0, 2 * USEC_PER_SEC));
    world_heal(world);
    happens(run);
    watch(run, 0);
}

static void play_halves(struct run *run) {
    for (uint32_t i = run->world->config.nodes / 2; i < run->world->config.nodes; i++)
        world_partition(run->world, i, 1);
    meet(run);
}

static void play_lone(struct run *run) {
    world_partition(run->world, run->leader, 1);
    meet(run);
}

/* The times of the others are of no use here: it ends when the time is over. */
static void play_quiet(struct run *run) {
    struct world *world = run->world;

    happens(run);
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        world->nodes[i].received = 0;
        world->nodes[i].sent = 0;
    }
    world_run(world, run->quiet);
    run->led = run->agreed = world->now;
}

/* The whole cluster's first start is the one thing that the largest cannot do at a bearable price: each tells all. */
const struct story measure_stories[STORY_COUNT] = {
    [STORY_COLD_START] = { "cold", false, 1000, 20000, 1000, play_cold_start },
    [STORY_DEATH] = { "death", true, WORLD_NODES_MAX, 100000, 2000, play_death },
    [STORY_RESIGN] = { "resign", true, WORLD_NODES_MAX, 20000, 1000, play_resign },
    [STORY_HALVES] = { "halves", true, WORLD_NODES_MAX, 20000, 1000, play_halves },
    [STORY_LONE] = { "lone", true, WORLD_NODES_MAX, 20000, 1000, play_lone },
    [STORY_QUIET] = { "quiet", true, WORLD_NODES_MAX, 1, 1, play_quiet },
};

/* ---- figures ---- */

static double led_ms(const struct run *run) {
    return (double)(run->led - run->cause) / USEC_PER_MS;
}

static double agreed_ms(const struct run *run) {
    return (double)(run->agreed - run->cause) / USEC_PER_MS;
}

static double datagrams(const struct run *run) {
    return (double)run->sent;
}

static double datagrams_to_one(const struct run *run) {
    return (double)run->received_most;
}

static double hours(const struct run *run) {
    return (double)(run->agreed - run->cause) / (3600.0 * USEC_PER_SEC);
}

static double changes_a_day(const struct run *run) {
    return (double)(run->world->oracle.count - run->leaderships) * 24 / hours(run);
}

static double a_second(const struct run *run, uint64_t count) {
    return (double)count / (hours(run) * 3600);
}

static double leader_sent(const struct run *run) {
    return a_second(run, run->world->nodes[run->leader].sent);
}

static double leader_received(const struct run *run) {
    return a_second(run, run->world->nodes[run->leader].received);
}

static double follower_sent(const struct run *run) {
    uint64_t sum = 0;

    for (uint32_t i = 0; i < run->world->config.nodes; i++)
        sum += i == run->leader ? 0 : run->world->nodes[i].sent;
    return a_second(run, sum) / (run->world->config.nodes - 1);
}

static double follower_received(const struct run *run) {
    uint64_t sum = 0;

    for (uint32_t i = 0; i < run->world->config.nodes; i++)
        sum += i == run->leader ? 0 : run->world->nodes[i].received;
    return a_second(run, sum) / (run->world->config.nodes - 1);
}

const struct figure measure_figures[] = {
    { STORY_COLD_START, "cold start", UNIT_MS, led_ms },
    { STORY_COLD_START, "  all follow", UNIT_MS, agreed_ms },
    { STORY_DEATH, "silent death", UNIT_MS, led_ms },
    { STORY_DEATH, "  all follow", UNIT_MS, agreed_ms },
    { STORY_DEATH, "  datagrams", UNIT_DATAGRAMS, datagrams },
    { STORY_DEATH, "  to one node", UNIT_DATAGRAMS, datagrams_to_one },
    { STORY_RESIGN, "resign", UNIT_MS, led_ms },
    { STORY_RESIGN, "  all follow", UNIT_MS, agreed_ms },
    { STORY_HALVES, "halves meet", UNIT_MS, led_ms },
    { STORY_HALVES, "  all follow", UNIT_MS, agreed_ms },
    { STORY_LONE, "leader is back", UNIT_MS, led_ms },
    { STORY_LONE, "  all follow", UNIT_MS, agreed_ms },
    { STORY_QUIET, "quiet time", UNIT_HOURS, hours },
    { STORY_QUIET, "  false changes", UNIT_PER_DAY, changes_a_day },
    { STORY_QUIET, "  leader sends", UNIT_PER_SECOND, leader_sent },
    { STORY_QUIET, "  leader receives", UNIT_PER_SECOND, leader_received },
    { STORY_QUIET, "  follower sends", UNIT_PER_SECOND, follower_sent },
    { STORY_QUIET, "  follower receives", UNIT_PER_SECOND, follower_received },
};

const size_t measure_figures_count = ARRAY_SIZE(measure_figures);

_Static_assert(ARRAY_SIZE(measure_figures) <= FIGURES_MAX, "FIGURES_MAX is too small");

const char *unit_name(enum unit unit) {
    static const char *const names[] = {
        [UNIT_MS] = "ms", [UNIT_DATAGRAMS] = "datagrams", [UNIT_PER_SECOND] = "1/s", [UNIT_PER_DAY] = "1/day",
        [UNIT_HOURS] = "h",
    };

    return names[unit];
}

struct run measure_play(const struct story *story, const struct world_config *config, usec_t quiet) {
    struct run run = { .world = world_new(config), .quiet = quiet };

    if (story->formed) {
        form(run.world);
        run.leader = (uint32_t)max_i64(oracle_leader(run.world), 0);
    }
    story->play(&run);
    return run;
}
