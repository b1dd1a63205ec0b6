/* SPDX-License-Identifier: ISC
 *
 * paper_parts.c - papers in which two leaders meet, or all begin anew, or somebody comes.
 */
#include "paper.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    AFTER_US = 3 * 1000000, /* what was wrong shows by then */
    FOLLOW_US = 25000, /* until all know a new leader */
    MEETINGS_MAX = 2, /* a follower's late word of the other leader has the winner rise once more */
    ROUNDS_US = 100000, /* of a candidate that most voters do not hear (ELEC-10) */
};

static void all_off(struct exam *exam) {
    bool kill = exam_one_in(exam, 2);

    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        if (kill)
            world_kill(exam->world, i);
        else
            world_power_off(exam->world, i);
        world_configure(exam->world, i, EXAM_PRIORITY, true);
    }
    world_run(exam->world, exam_between(exam, 0, 2 * USEC_PER_SEC));
}

/* True if there is somebody on both sides. */
static bool draw_sides(struct exam *exam, uint8_t *sides) {
    uint32_t count = 0;

    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        count += sides[i] = (uint8_t)exam_between(exam, 0, 1);
    return count > 0 && count < exam_nodes(exam);
}

static void part(struct exam *exam, const uint8_t *sides) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_partition(exam->world, i, sides[i]);
}

static uint32_t on_side(const struct exam *exam, const uint8_t *sides, uint8_t side) {
    uint32_t count = 0;

    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        count += sides[i] == side;
    return count;
}

/* Of those on that side; -1: nobody may lead. */
static int64_t most_senior(const struct exam *exam, const uint8_t *sides, uint8_t side) {
    int64_t senior = -1;

    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (sides[i] == side && exam->peers[i].facts.eligible &&
            (senior < 0 || exam_is_senior(exam, i, (uint32_t)senior)))
            senior = i;
    return senior;
}

static int64_t leader_on(const struct exam *exam, const uint8_t *sides, uint8_t side) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (sides[i] == side && exam->world->nodes[i].outlook.leads)
            return i;
    return -1;
}

/* Above every epoch that anybody has led in since the beginning, and that the other side had. */
static void rises_above(struct exam *exam, uint32_t survivor, uint64_t other) {
    uint64_t epoch = exam->world->nodes[survivor].outlook.epoch;

    if (epoch <= other)
        world_fail(exam->world, "%s: n%" PRIu32 " leads in epoch %" PRIu64 ", the other one did in %" PRIu64,
                   exam->what, survivor + 1, epoch, other);
}

static bool leads_alone(const struct world *world) {
    return world->oracle.leaders == 1;
}

/* The parts meet, and of the two leaders the right one stays. */
static void meet(struct exam *exam, int64_t winner, int64_t loser) {
    struct world *world = exam->world;
    uint64_t other = world->nodes[loser].outlook.epoch;
    usec_t limit = exam_announce(exam) + 2 * exam_work(exam) + 100 * USEC_PER_MS + exam_haste(exam);

    exam_mark(exam);
    world_heal(world);
    world_run_until(world, leads_alone, exam_time(exam, exam->prompt ? limit : exam_bound(exam)));
    exam_leads_within(exam, (uint32_t)winner, exam->prompt ? 0 : exam_bound(exam));
    exam_all_follow(exam, FOLLOW_US + exam_work(exam) + 4 * exam_pass(exam));
    rises_above(exam, (uint32_t)winner, other);
    world_run(world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    exam_leaderships(exam, MEETINGS_MAX);
}

static bool is_followed(const struct exam *exam, const uint8_t *sides, int64_t leader) {
    return on_side(exam, sides, sides[leader]) > 1;
}

static bool key_is_senior(const struct rank_key *a, const struct rank_key *b) {
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->birth != b->birth ? a->birth < b->birth : node_id_compare(&a->id, &b->id) < 0;
}

/* Followed, then senior by the keys of their terms (MERGE-3); both on the timeline on which they parted (MEMB-1). */
static bool wins(const struct exam *exam, const uint8_t *sides, int64_t a, int64_t b) {
    bool a_followed = is_followed(exam, sides, a), b_followed = is_followed(exam, sides, b);
    const struct rank_key *x = &exam->world->nodes[a].outlook.key, *y = &exam->world->nodes[b].outlook.key;

    if (x->timeline != y->timeline)
        world_fail(exam->world, "%s: n%" PRId64 " and n%" PRId64 " lead on different timelines", exam->what, a + 1,
                   b + 1);
    return a_followed == b_followed ? key_is_senior(x, y) : a_followed;
}

static void halves(struct exam *exam, const uint8_t *sides) {
    usec_t limit = exam_silence(exam) + exam_interval(exam) + ROUNDS_US; /* the next to beat may be on the other side */
    uint8_t other = !sides[exam->leader];
    int64_t heir = most_senior(exam, sides, other), leader = exam->leader;
    bool lone = on_side(exam, sides, other) == 1;

    part(exam, sides);
    if (exam->prompt && heir >= 0)
        exam_leads_within(exam, (uint32_t)heir, exam->prompt && !lone ? limit : 2 * exam_bound(exam));
    world_run(exam->world, exam_between(exam, 10 * USEC_PER_SEC, 15 * USEC_PER_SEC));
    exam_leaderships(exam, exam->prompt ? 1 : SIZE_MAX);
    if (!exam->prompt || exam_time(exam, USEC_PER_SEC) != USEC_PER_SEC || heir < 0 || exam->world->failure[0])
        return;
    if (wins(exam, sides, leader, heir))
        meet(exam, leader, heir);
    else
        meet(exam, heir, leader);
}

/* With sides that are drawn, if there is somebody on both. */
static void sit_on_sides(struct exam *exam, void (*sit)(struct exam *exam, const uint8_t *sides)) {
    uint8_t *sides = calloc(exam_nodes(exam), 1);

    if (!sides)
        abort();
    if (draw_sides(exam, sides))
        sit(exam, sides);
    free(sides);
}

void paper_halves(struct exam *exam) {
    exam->what = "two parts meet";
    sit_on_sides(exam, halves);
}

static bool one_stops(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (world->nodes[i].outlook.standing == STANDING_STOPPING)
            return true;
    return false;
}

static bool one_asks(const struct world *world) {
    return world->sent_by_type[WIRE_MERGE_REQUEST] > 0;
}

/* One of the two dies then. The other one goes on, even if it was about to make room (MERGE-8); if it has just done so,
 * the death is noticed as always. Of two nodes or three the last one may take itself for isolated, and wait. */
static void one_dies(struct exam *exam, const uint8_t *sides) {
    struct world *world = exam->world;
    usec_t limit = 2 * exam_detect(exam) + 200 * USEC_PER_MS + exam_silence(exam) + exam_interval(exam);
    bool waits = exam_one_in(exam, 2);
    int64_t victim;

    part(exam, sides);
    world_run(world, exam_between(exam, 10 * USEC_PER_SEC, 15 * USEC_PER_SEC));
    if (leader_on(exam, sides, 0) < 0 || leader_on(exam, sides, 1) < 0)
        return;
    world_heal(world);
    world->sent_by_type[WIRE_MERGE_REQUEST] = 0;
    world_run_until(world, waits ? one_stops : one_asks, 2 * exam_announce(exam));
    victim = leader_on(exam, sides, (uint8_t)exam_between(exam, 0, 1));
    oracle_mark(world);
    if (victim >= 0)
        world_power_off(world, (uint32_t)victim);
    exam_all_follow(exam, exam_bound(exam));
    world_run(world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    if (exam->prompt && exam_nodes(exam) > 3 && oracle_leaderless(world) > exam_time(exam, limit))
        world_fail(world, "%s: nobody leads for %lld ms", exam->what,
                   (long long)(oracle_leaderless(world) / USEC_PER_MS));
}

void paper_one_of_two_dies(struct exam *exam) {
    exam->what = "two parts meet, and one of their leaders dies";
    sit_on_sides(exam, one_dies);
}

/* By age in whole minutes, then by id; 0 where the minute is about to change. */
static int compare_founders(const struct exam *exam, int64_t a, int64_t b) {
    const struct world *world = exam->world;
    usec_t minute = 60 * USEC_PER_SEC, margin = 5 * USEC_PER_SEC;
    usec_t x = world->now - world->nodes[a].born, y = world->now - world->nodes[b].born;

    if (x % minute > minute - margin || y % minute > minute - margin)
        return 0;
    if (x / minute != y / minute)
        return x > y ? -1 : 1;
    return node_id_compare(&world->nodes[a].id, &world->nodes[b].id);
}

static void start_side(struct exam *exam, const uint8_t *sides, uint8_t side) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (sides[i] == side)
            world_start(exam->world, i);
}

static void islands(struct exam *exam, const uint8_t *sides) {
    int64_t a, b;
    int order;

    all_off(exam);
    part(exam, sides);
    start_side(exam, sides, 0);
    world_run(exam->world, exam_between(exam, 0, exam_one_in(exam, 2) ? 20 * USEC_PER_SEC : 100 * USEC_PER_SEC));
    start_side(exam, sides, 1);
    world_run(exam->world, exam_between(exam, 15 * USEC_PER_SEC, 20 * USEC_PER_SEC));
    exam_all_follow(exam, exam_bound(exam));
    a = leader_on(exam, sides, 0);
    b = leader_on(exam, sides, 1);
    if (!exam->strict || a < 0 || b < 0 || exam->world->failure[0] || exam_time(exam, 1000) != 1000)
        return;
    order = compare_founders(exam, a, b);
    if (is_followed(exam, sides, a) != is_followed(exam, sides, b))
        order = is_followed(exam, sides, a) ? -1 : 1;
    if (order < 0)
        meet(exam, a, b);
    else if (order > 0)
        meet(exam, b, a);
}

void paper_islands(struct exam *exam) {
    exam->what = "two islands meet";
    sit_on_sides(exam, islands);
}

void paper_cold_start(struct exam *exam) {
    usec_t discovery = exam_discovery(exam), begin;
    usec_t span = exam_one_in(exam, 2) ? 0 : exam_between(exam, 0, discovery / 2);
    usec_t limit = (exam_nodes(exam) > 1 ? discovery + 2 * exam_collection(exam) : 3 * discovery) + exam_haste(exam);

    exam->what = "all start";
    all_off(exam);
    exam_mark(exam);
    begin = exam->world->now;
    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        world_start(exam->world, i);
        world_run(exam->world, exam_between(exam, 0, 2 * span / exam_nodes(exam)));
    }
    if (exam_nodes(exam) == 1) { /* START-8 */
        world_run(exam->world, max_i64(begin + 2 * discovery - exam->world->now, 0));
        exam_leaderships(exam, 0);
    }
    limit = exam_time(exam, limit + 2 * span) - (exam->world->now - begin);
    if (!exam->prompt || !world_run_until(exam->world, leads_alone, limit))
        exam_agree_within(exam, exam->prompt ? 0 : exam_bound(exam));
    exam_all_follow(exam, FOLLOW_US + 4 * exam_pass(exam));
    world_run(exam->world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    if (exam->prompt)
        exam_leaderships(exam, 1);
    if (exam_is_fast(exam)) /* one speaks, or two at a time, and the others have no objection (START-4, START-5) */
        exam_sends(exam, WIRE_ELECTION, 6);
}

static bool follows(const struct exam *exam, uint32_t node) {
    const struct outlook *outlook = &exam->world->nodes[node].outlook;

    return outlook->has_leader && token_equal(&outlook->leader, &exam->world->nodes[exam->leader].outlook.leader);
}

void paper_newcomer(struct exam *exam) {
    uint32_t node = exam_follower(exam);
    usec_t limit = exam_time(exam, exam_discovery(exam) / 10 + exam_haste(exam)), end;

    exam->what = "a node comes";
    world_power_off(exam->world, node);
    world_run(exam->world, 10 * USEC_PER_SEC);
    if (!exam->prompt || exam->world->failure[0])
        return;
    exam_mark(exam);
    world_start(exam->world, node);
    end = exam->world->now + limit;
    while (!follows(exam, node) && world_advance(exam->world, end))
        continue;
    if (!follows(exam, node))
        world_fail(exam->world, "%s: n%" PRIu32 " does not follow after %lld ms", exam->what, node + 1,
                   (long long)(limit / USEC_PER_MS));
    exam_sends(exam, WIRE_ANNOUNCE, 1);
    exam_sends(exam, WIRE_REDIRECT, 0);
    world_run(exam->world, AFTER_US);
    exam_stays(exam);
}

/* Whoever has more priority asks after thirty seconds of membership, and gets it (HAND-4); who has not never asks. What
 * counts of the leader is what it began to lead with. */
void paper_preempt(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);
    bool more = exam_one_in(exam, 2) && world->nodes[exam->leader].outlook.key.priority < 10 * EXAM_PRIORITY;

    exam->what = more ? "a node of more priority preempts" : "a node of no more priority preempts";
    if (!exam->strict)
        return;
    world_kill(world, node);
    world_configure(world, node, more ? 10 * EXAM_PRIORITY : EXAM_PRIORITY, true);
    world_preempt(world, node, true);
    world_start(world, node);
    world_run(world, 26 * USEC_PER_SEC);
    exam_stays(exam);
    if (more)
        exam_leads_within(exam, node, 8 * USEC_PER_SEC + exam_work(exam));
    else
        world_run(world, 8 * USEC_PER_SEC);
    exam_all_follow(exam, exam_bound(exam));
    exam_leaderships(exam, more);
}
