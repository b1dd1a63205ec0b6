/* SPDX-License-Identifier: ISC
 *
 * paper_stays.c - papers in which the leader stays, whatever happens to others, or for a moment, or not at all.
 */
#include "paper.h"

#include "base/util.h"
#include "core/params.h"

enum { AFTER_US = 3 * 1000000 }; /* what was wrong shows by then */

static void touch_power(struct exam *exam, uint32_t node) {
    world_power_off(exam->world, node);
}

static void touch_kill(struct exam *exam, uint32_t node) {
    world_kill(exam->world, node);
}

static void touch_stop(struct exam *exam, uint32_t node) {
    world_stop(exam->world, node);
}

static void touch_restart(struct exam *exam, uint32_t node) {
    world_kill(exam->world, node);
    world_run(exam->world, exam_between(exam, 0, 2 * exam_detect(exam)));
    world_start(exam->world, node);
}

static void touch_sleep(struct exam *exam, uint32_t node) {
    if (exam_one_in(exam, 2))
        world_pause(exam->world, node, exam_between(exam, USEC_PER_MS, 3 * USEC_PER_SEC));
    else
        world_suspend(exam->world, node, exam_between(exam, USEC_PER_MS, 3 * USEC_PER_SEC));
}

static void touch_priority(struct exam *exam, uint32_t node) {
    world_configure(exam->world, node, 3 * EXAM_PRIORITY, exam_one_in(exam, 2));
}

static void touch_resign(struct exam *exam, uint32_t node) {
    world_resign(exam->world, node);
}

static void touch_cut_from_leader(struct exam *exam, uint32_t node) {
    world_cut(exam->world, exam->leader, node);
}

static void touch_cut_to_leader(struct exam *exam, uint32_t node) {
    world_cut(exam->world, node, exam->leader);
}

static void touch_cut(struct exam *exam, uint32_t node) {
    world_cut(exam->world, node, exam->leader);
    world_cut(exam->world, exam->leader, node);
}

static void touch_multicast(struct exam *exam, uint32_t node) {
    world_multicast(exam->world, node, false);
    if (exam_one_in(exam, 2))
        world_shouts(exam->world, node, false);
}

static void touch_mute(struct exam *exam, uint32_t node) {
    world_cut(exam->world, node, NET_ANY);
}

/* Shorter than anybody's silence may be. */
static usec_t moment(const struct exam *exam) {
    return exam_between(exam, 0, exam_detect(exam) * 3 / 4 - 4 * exam_pass(exam));
}

static void touch_deaf(struct exam *exam, uint32_t node) {
    world_cut(exam->world, NET_ANY, node);
    world_run(exam->world, exam_between(exam, 0, params_ack_window(&exam->world->config.timing) * 3 / 4));
    world_heal(exam->world);
}

static void touch_leader_for_a_moment(struct exam *exam, uint32_t node) {
    (void)node;
    if (exam_one_in(exam, 2))
        world_pause(exam->world, exam->leader, moment(exam));
    else
        world_suspend(exam->world, exam->leader, moment(exam));
}

static void touch_all_for_a_moment(struct exam *exam, uint32_t node) {
    (void)node;
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_partition(exam->world, i, i);
    world_run(exam->world, moment(exam));
    world_heal(exam->world);
}

static void touch_refuse_for_a_moment(struct exam *exam, uint32_t node) {
    world_reject(exam->world, exam_one_in(exam, 2) ? node : NET_ANY, exam->leader);
    world_run(exam->world, moment(exam));
    world_heal(exam->world);
}

static void touch_refuse(struct exam *exam, uint32_t node) {
    world_reject(exam->world, node, exam->leader);
}

static void touch_echo(struct exam *exam, uint32_t node) {
    world_echo(exam->world, node);
    world_echo(exam->world, exam->leader);
}

static void touch_disorder(struct exam *exam, uint32_t node) {
    (void)node;
    world_duplicate(exam->world, PPM_ONE / 5);
    world_delay(exam->world, PPM_ONE / 20, exam_detect(exam) / 8);
}

static const struct touch {
    const char *name;
    void (*happen)(struct exam *exam, uint32_t node);
    uint32_t nodes_min;
} touches[] = {
    { "a follower loses power", touch_power, 2 },
    { "a follower is killed", touch_kill, 2 },
    { "a follower is stopped", touch_stop, 2 },
    { "a follower restarts", touch_restart, 2 },
    { "a follower sleeps", touch_sleep, 3 },
    { "a follower is configured anew", touch_priority, 2 },
    { "a follower is to resign", touch_resign, 2 },
    { "a follower does not hear the leader", touch_cut_from_leader, 3 },
    { "the leader does not hear a follower", touch_cut_to_leader, 3 },
    { "the leader and a follower do not hear each other", touch_cut, 3 },
    { "a follower has no multicast", touch_multicast, 2 },
    { "a follower is not heard", touch_mute, 3 },
    { "a follower hears nobody for a moment", touch_deaf, 3 },
    { "the leader sleeps for a moment", touch_leader_for_a_moment, 2 },
    { "nobody hears anybody for a moment", touch_all_for_a_moment, 2 },
    { "the leader's port is refused for a moment", touch_refuse_for_a_moment, 2 },
    { "the leader's port is refused to a follower", touch_refuse, 3 },
    { "multicast comes back", touch_echo, 2 },
    { "datagrams come twice and late", touch_disorder, 2 },
};

/* Who is deaf asks three others every r, an eighth of detect at least, for an ack window at most, and each of them may
 * answer that it has doubts too (SUSP-8, SUSP-11). */
static uint64_t answers_to_the_deaf(const struct exam *exam) {
    usec_t questions = 8 * params_ack_window(&exam->world->config.timing) / exam_detect(exam);

    return (uint64_t)(questions * min_i64(3, exam_nodes(exam) - 2));
}

/* In eight seconds a node that cannot reach its leader begins to suspect it four times (EXCH-8). */
void paper_leader_stays(struct exam *exam) {
    const struct touch *touch = &touches[exam_between(exam, 0, ARRAY_SIZE(touches) - 1)];

    exam->what = touch->name;
    if (exam_nodes(exam) < touch->nodes_min || !exam->prompt)
        return;
    touch->happen(exam, exam_follower(exam));
    world_run(exam->world, exam_between(exam, 2 * USEC_PER_SEC, 8 * USEC_PER_SEC));
    exam_stays(exam);
    exam_sends(exam, WIRE_SUSPECT,
               32 + 16 * (uint64_t)exam_nodes(exam) + (touch->happen == touch_deaf ? answers_to_the_deaf(exam) : 0));
    world_heal(exam->world);
    exam_all_follow(exam, exam_bound(exam));
    exam_stays(exam);
}

static bool resign_answered(const struct exam *exam, enum resign_outcome outcome) {
    const struct node *node = &exam->world->nodes[exam->leader];

    return node->resign_answered && node->resigned == outcome;
}

void paper_nobody_to_resign_to(struct exam *exam) {
    exam->what = "the leader is to resign to nobody";
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (i != exam->leader)
            world_configure(exam->world, i, EXAM_PRIORITY, false);
    world_run(exam->world, 3 * USEC_PER_SEC);
    world_resign(exam->world, exam->leader);
    world_run(exam->world, AFTER_US + 2 * exam_work(exam));
    if (!exam->strict)
        return;
    if (!resign_answered(exam, RESIGN_NOBODY))
        world_fail(exam->world, "%s, and does not answer so", exam->what);
    exam_stays(exam);
}

/* The longest time without any heartbeat. */
static usec_t longest_gap(struct exam *exam, usec_t duration) {
    struct world *world = exam->world;
    usec_t end = world->now + duration, last = world->now, longest = 0;
    uint64_t beats = world->sent_by_type[WIRE_HEARTBEAT];

    while (world_advance(world, end)) {
        if (world->sent_by_type[WIRE_HEARTBEAT] == beats)
            continue;
        beats = world->sent_by_type[WIRE_HEARTBEAT];
        longest = max_i64(longest, world->now - last);
        last = world->now;
    }
    return longest;
}

static void nobody_speaks_in_vain(struct exam *exam) {
    static const enum wire_type idle[] = { WIRE_ANNOUNCE, WIRE_ELECTION, WIRE_LEADER_ELECTED, WIRE_REDIRECT,
                                           WIRE_SUSPECT, WIRE_VOUCH, WIRE_RESIGN, WIRE_MERGE_REQUEST,
                                           WIRE_MERGE_REPLY, WIRE_HANDOVER_REQUEST, WIRE_PAGE, WIRE_CLONE,
                                           WIRE_STALE };

    for (size_t i = 0; i < ARRAY_SIZE(idle); i++)
        exam_sends(exam, idle[i], 0);
}

void paper_nothing(struct exam *exam) {
    usec_t duration = exam_between(exam, 10 * USEC_PER_SEC, 20 * USEC_PER_SEC), gap;
    uint64_t beats, others = exam_nodes(exam) - 1;

    exam->what = "nothing happens";
    gap = longest_gap(exam, duration);
    if (!exam->prompt)
        return;
    exam_stays(exam);
    nobody_speaks_in_vain(exam);
    beats = others * (uint64_t)(exam_time(exam, duration) / exam_interval(exam) + 2);
    exam_sends(exam, WIRE_HEARTBEAT, beats);
    exam_sends(exam, WIRE_ACK, beats + others);
    exam_sends(exam, WIRE_LEADER, (uint64_t)(exam_time(exam, duration) / exam_announce(exam)) + 2);
    if (gap > EXAM_GAP_US + exam_haste(exam) && exam_time(exam, USEC_PER_SEC) == USEC_PER_SEC)
        world_fail(exam->world, "%s: no heartbeat for %lld us", exam->what, (long long)gap);
}
