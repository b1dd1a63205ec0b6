/* SPDX-License-Identifier: ISC
 *
 * paper_ways.c - papers in which some hear others, and are not heard, or by unicast only.
 */
#include "paper.h"

#include "base/util.h"
#include "core/params.h"

#include <inttypes.h>

enum {
    AFTER_US = 3 * 1000000, /* so far apart that nothing is left of the last time */
    RULES_MAX_NODES = 10, /* of a paper that cuts each of one side from each of the other one */
    MUTE_TIMES = 3,
    MUTE_US = 15 * 1000000,
    SLOW_PPM = -90000,
    UNREACHABLE_US = 20 * 1000000,
    SUSPECTS_MAX = 8, /* of a suspicion (SUSP-2) */
    BACKOFFS = 6, /* suspicions in that time: each waits twice as long after the one before (EXCH-8) */
    VOUCH_TIMES = 3,
};

/* True if there are so many on both. */
static bool draw_halves(struct exam *exam, uint8_t sides[RULES_MAX_NODES], uint32_t least) {
    uint32_t count = 0;

    if (exam_nodes(exam) > RULES_MAX_NODES)
        return false;
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        count += sides[i] = (uint8_t)exam_between(exam, 0, 1);
    return count >= least && exam_nodes(exam) - count >= least;
}

static void part(struct exam *exam, const uint8_t *sides) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_partition(exam->world, i, sides[i]);
    world_run(exam->world, exam_between(exam, 10 * USEC_PER_SEC, 15 * USEC_PER_SEC));
}

static void cut_sides(struct exam *exam, const uint8_t *sides, uint8_t from) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        for (uint32_t j = 0; j < exam_nodes(exam); j++)
            if (sides[i] == from && sides[j] != from)
                world_cut(exam->world, i, j);
}

/* Nobody can answer the other leader: each keeps its followers, which answer it (MERGE-10). */
void paper_one_way(struct exam *exam) {
    struct world *world = exam->world;
    uint8_t sides[RULES_MAX_NODES];

    exam->what = "two parts meet in one direction only";
    if (!exam->prompt || !draw_halves(exam, sides, 2))
        return;
    part(exam, sides);
    if (world->oracle.leaders != 2)
        return;
    world_heal(world);
    cut_sides(exam, sides, (uint8_t)exam_between(exam, 0, 1));
    exam_mark(exam);
    world_run(world, exam_between(exam, 10 * USEC_PER_SEC, 20 * USEC_PER_SEC));
    exam_leaderships(exam, 0);
    if (world->oracle.leaders != 2)
        world_fail(world, "%s, and %" PRIu32 " lead", exam->what, world->oracle.leaders);
    world_heal(world);
    exam_agree_within(exam, exam_bound(exam));
}

/* Leaders that hear no multicast are told of each other by their followers (ELEC-15). */
void paper_strangers(struct exam *exam) {
    struct world *world = exam->world;
    uint8_t sides[RULES_MAX_NODES];

    exam->what = "two parts meet, and their leaders hear no multicast";
    if (!exam->prompt || !draw_halves(exam, sides, 1))
        return;
    part(exam, sides);
    if (world->oracle.leaders != 2)
        return;
    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        world_partition(world, i, 0);
        if (world->nodes[i].outlook.leads)
            world_multicast(world, i, false);
    }
    exam_agree_within(exam, exam_bound(exam));
}

/* The leader's announcements are as far apart as its clock has them, which is slow where clocks are wrong: who hears
 * them leads nothing, but waits for the next one (SUSP-12). One of two is sure at once that the other one is dead, and
 * leads once. */
void paper_mute_follower(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);
    int32_t drift = world->nodes[exam->leader].clock_drift_ppm;

    exam->what = "a follower is not heard any more, but hears";
    if (!exam->strict)
        return;
    if (!exam_clocks_are_right(exam))
        world_clock(world, exam->leader, SLOW_PPM);
    exam_mark(exam);
    for (int i = 0; i < MUTE_TIMES && exam->world->nodes[exam->leader].outlook.leads; i++) {
        world_run(world, exam_between(exam, USEC_PER_SEC, 5 * USEC_PER_SEC));
        world_cut(world, node, NET_ANY);
        world_run(world, MUTE_US);
        if (exam->prompt && exam_nodes(exam) == 2 && world->nodes[node].outlook.standing != STANDING_HEARD_ONE_WAY)
            world_fail(world, "%s, and does not know that", exam->what);
        exam_leaderships(exam, exam_nodes(exam) == 2 ? 1 : 0);
        world_heal(world);
        exam_agree_within(exam, exam_bound(exam));
        if (exam_nodes(exam) == 2)
            break;
    }
    world_clock(world, exam->leader, drift);
}

static bool suspects_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_SUSPECT) > 0;
}

/* Whether somebody vouches at once for the leader that it accuses; true if it does not. */
static bool is_vouched_for(struct exam *exam, uint32_t node) {
    world_cut(exam->world, exam->leader, node);
    exam_mark(exam);
    if (!exam_await(exam, suspects_were_sent, 0, exam_bound(exam)))
        return true;
    world_run(exam->world, exam_haste(exam));
    return exam_sent(exam, WIRE_VOUCH) > 0;
}

/* By a witness that heard the leader's answer, or asked it (SUSP-5, SUSP-6). One whose own heartbeat is answered in
 * that millisecond need not: not three times, unless heartbeats are as close as tries. */
static void is_told(struct exam *exam, uint32_t node) {
    for (int i = 0; i < VOUCH_TIMES; i++) {
        if (is_vouched_for(exam, node))
            return;
        world_heal(exam->world);
        world_run(exam->world, AFTER_US);
    }
    world_fail(exam->world, "%s, and nobody vouches for that one", exam->what);
}

/* It does not accuse its leader without end (EXCH-8). */
void paper_unreachable(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);
    uint64_t copies = 1 + exam_nodes(exam);

    exam->what = "a follower does not hear its leader any more";
    if (!exam->prompt)
        return;
    if (exam_is_fast(exam) && exam_detect(exam) >= 300 * USEC_PER_MS)
        is_told(exam, node);
    world_cut(world, exam->leader, node);
    exam_mark(exam);
    world_run(world, UNREACHABLE_US);
    exam_stays(exam);
    exam_sends(exam, WIRE_SUSPECT, BACKOFFS * (SUSPECTS_MAX + copies));
    world_heal(world);
    exam_all_follow(exam, exam_bound(exam));
    exam_stays(exam);
}
