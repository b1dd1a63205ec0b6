/* SPDX-License-Identifier: ISC
 *
 * paper_few.c - papers about two to four nodes; the others are off meanwhile, or do not matter.
 */
#include "paper.h"

#include "base/util.h"

#include <inttypes.h>

enum {
    AFTER_US = 3 * 1000000, /* what was wrong shows by then */
    RESIGNS = 4,
    WORD_TIMES = 3,
    APART_US = 6 * 1000000, /* until each leads alone */
};

static bool may_lead(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].facts.eligible;
}

/* So many that may lead, by chance; the others lose their power. False if there are not so many. */
static bool draw_few(struct exam *exam, uint32_t *few, uint32_t count, bool others_off) {
    uint32_t first = (uint32_t)exam_between(exam, 0, exam_nodes(exam) - 1), found = 0, node;

    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        node = (first + i) % exam_nodes(exam);
        if (found < count && may_lead(exam, node))
            few[found++] = node;
        else if (others_off)
            world_power_off(exam->world, node);
    }
    return found == count;
}

static bool key_is_senior(const struct rank_key *a, const struct rank_key *b) {
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->birth != b->birth ? a->birth < b->birth : node_id_compare(&a->id, &b->id) < 0;
}

static const struct rank_key *key(const struct exam *exam, uint32_t node) {
    return &exam->world->nodes[node].outlook.key;
}

static bool leads(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].outlook.leads;
}

static bool requests_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_MERGE_REQUEST) > 0;
}

/* Whoever is to stay does not give way to one that answers no more (MERGE-10). */
void paper_other_dies(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t few[2], swap;

    exam->what = "two lone leaders meet, and the one that is to make room dies";
    if (!exam->prompt || !exam_clocks_are_right(exam) || !draw_few(exam, few, 2, true))
        return;
    exam_agree_within(exam, exam_bound(exam));
    world_partition(world, few[1], 1);
    world_run(world, exam_between(exam, 20 * USEC_PER_SEC, 22 * USEC_PER_SEC));
    if (!leads(exam, few[0]) || !leads(exam, few[1]) || key(exam, few[0])->timeline != key(exam, few[1])->timeline)
        return;
    if (key_is_senior(key(exam, few[1]), key(exam, few[0]))) {
        swap = few[0];
        few[0] = few[1];
        few[1] = swap;
    }
    world_heal(world);
    exam_mark(exam);
    if (!exam_await(exam, requests_were_sent, 0, exam_bound(exam)))
        return;
    world_run(world, exam_between(exam, 0, exam_pass(exam) * 3));
    world_power_off(world, few[1]);
    world_run(world, 5 * USEC_PER_SEC);
    exam_leaderships(exam, 1);
    if (!leads(exam, few[0]) || oracle_leaderless(world) > 0)
        world_fail(world, "%s: n%" PRIu32 " does not lead on", exam->what, few[0] + 1);
}

static bool has_resigned(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].resign_answered;
}

/* Two that are cut off with a leader of an ever higher epoch, which dies; the other one comes back, and is taken in by
 * a leader of a lower epoch (ELEC-14). */
void paper_stray(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t few[2], leader;

    exam->what = "a stray comes back with a higher epoch";
    if (!exam->prompt || !draw_few(exam, few, 2, false))
        return;
    world_partition(world, few[0], 1);
    world_partition(world, few[1], 1);
    world_run(world, 10 * USEC_PER_SEC);
    for (int i = 0; i < RESIGNS && !world->failure[0]; i++) {
        leader = leads(exam, few[0]) ? few[0] : few[1];
        if (!leads(exam, leader))
            return;
        world->nodes[leader].resign_answered = false;
        world_resign(world, leader);
        exam_await(exam, has_resigned, leader, USEC_PER_SEC + exam_work(exam) * 3 / 2);
        world_run(world, 2 * USEC_PER_SEC);
    }
    world_power_off(world, leads(exam, few[0]) ? few[0] : few[1]);
    world_heal(world);
    exam_agree_within(exam, exam_bound(exam));
    world_run(world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
}

/* ---- two join two ---- */

static bool is_one_of(const struct exam *exam, uint32_t node, const uint32_t *pair) {
    const struct token *token = &exam->world->nodes[node].outlook.leader;

    return node_id_equal(&token->leader, &exam->world->nodes[pair[0]].id) ||
           node_id_equal(&token->leader, &exam->world->nodes[pair[1]].id);
}

/* One of the four follows a leader of the other pair; or -1. */
static int turncoat(const struct exam *exam, const uint32_t *few) {
    for (int i = 0; i < 4; i++)
        if (exam->world->nodes[few[i]].outlook.standing == STANDING_FOLLOWING &&
            is_one_of(exam, few[i], i < 2 ? few + 2 : few))
            return i;
    return -1;
}

static int await_turncoat(struct exam *exam, const uint32_t *few) {
    usec_t end = exam->world->now + exam_bound(exam);

    while (turncoat(exam, few) < 0 && world_advance(exam->world, end))
        continue;
    return turncoat(exam, few);
}

/* Who is left takes nobody for the only other one by what an earlier leader said (SUSP-10). */
void paper_two_of_four(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t few[4];
    int joins;

    exam->what = "two join two, which die at that moment";
    if (!exam->prompt || !draw_few(exam, few, 4, true))
        return;
    exam_agree_within(exam, exam_bound(exam));
    for (int i = 0; i < 4; i++)
        world_partition(world, few[i], i / 2);
    world_run(world, exam_between(exam, 10 * USEC_PER_SEC, 12 * USEC_PER_SEC));
    world_heal(world);
    joins = await_turncoat(exam, few);
    if (joins < 0 || world->failure[0])
        return;
    world_run(world, exam_between(exam, 0, 10 * USEC_PER_MS));
    world_power_off(world, few[joins < 2 ? 2 : 0]);
    world_power_off(world, few[joins < 2 ? 3 : 1]);
    world_run(world, USEC_PER_MS);
    oracle_mark(world);
    exam_agree_within(exam, exam_bound(exam));
    if (world->oracle.leaders_most > 1 && exam->prompt)
        world_fail(world, "%s, and both that are left lead", exam->what);
}

/* ---- a word of old ---- */

static void part_each(struct exam *exam) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_partition(exam->world, i, i);
    world_run(exam->world, APART_US + 2 * exam_work(exam));
    world_heal(exam->world);
}

static bool names(const struct exam *exam, uint32_t node, uint32_t leader) {
    const struct outlook *outlook = &exam->world->nodes[node].outlook;

    return outlook->has_leader && node_id_equal(&outlook->leader.leader, &exam->world->nodes[leader].id);
}

/* `last` yields to one of the others, leads again, and yields to the other one. */
static void yield_twice(struct exam *exam, uint32_t last, uint32_t first, uint32_t second) {
    struct world *world = exam->world;
    usec_t end;

    part_each(exam);
    world_partition(world, second, 1);
    world_run(world, APART_US + 2 * exam_work(exam));
    part_each(exam);
    world_cut(world, first, last);
    world_cut(world, first, second);
    world_cut(world, second, first);
    end = world->now + exam_bound(exam);
    while (!names(exam, last, second) && world_advance(world, end))
        continue;
    world_heal(world);
    world_run(world, USEC_PER_SEC);
    exam_agree_within(exam, exam_bound(exam));
}

/* What it told the first one it does not tell it once more (MERGE-7). */
void paper_word_of_old(struct exam *exam) {
    uint32_t few[3], last = 0, other;

    exam->what = "a leader yields, leads again, and yields to another one";
    if (!exam->strict || !draw_few(exam, few, 3, true))
        return;
    for (int i = 0; i < WORD_TIMES && !exam->world->failure[0]; i++) {
        for (uint32_t k = 1; k < 3; k++)
            if (exam_is_senior(exam, few[last], few[k]))
                last = k;
        other = (uint32_t)exam_between(exam, 1, 2);
        yield_twice(exam, few[last], few[(last + other) % 3], few[(last + 3 - other) % 3]);
    }
    exam_restart_all(exam);
}
