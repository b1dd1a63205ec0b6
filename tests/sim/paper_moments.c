/* SPDX-License-Identifier: ISC
 *
 * paper_moments.c - papers in which something happens at the very moment in which it matters: while others stand, while
 * a leader resigns, while a follower doubts. By chance alone faults hardly ever meet these moments.
 */
#include "paper.h"

#include "base/util.h"
#include "core/params.h"

#include <inttypes.h>

enum {
    AFTER_US = 3 * 1000000, /* what was wrong shows by then */
    ASK_AGAIN_US = 200000, /* candidates ask every tenth of a second (ELEC-2) */
    RESIGNER_WAITS_US = 500000, /* so long a resigner waits for a successor (HAND-3) */
    OTHERS_WAIT_US = 100000, /* and the others leave it the time (HAND-2) */
    OLDER_US = 130000, /* by more than a tenth of a second: then it objects to others (START-5) */
    SERIES_US = 2 * 1000000, /* of MergeRequests, one each (MERGE-1) ... */
    SERIES_TRIES = 16, /* ... of so many */
    SHARE_MAX_NODES = 5, /* of a paper that takes its time */
    RULES_MAX_NODES = 30, /* of one that cuts many from one */
};

static bool suspects_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_SUSPECT) > 0;
}

static bool heartbeats_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_HEARTBEAT) > 0;
}

static bool resigns_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_RESIGN) > 0;
}

static bool is_in_doubt(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].outlook.standing != STANDING_FOLLOWING;
}

static bool is_isolated(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].outlook.standing == STANDING_ISOLATED;
}

static bool is_leaderless(const struct exam *exam, uint32_t node) {
    return !exam->world->nodes[node].outlook.has_leader;
}

static bool stands(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].outlook.state == NODE_CANDIDATE;
}

/* Once and for all. */
static void all_agree(struct exam *exam, usec_t limit, size_t leaderships) {
    exam_all_follow(exam, limit);
    world_run(exam->world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    if (exam->prompt)
        exam_leaderships(exam, leaderships);
}

/* What was under way is not heard by anybody's next life. */
static void wait_for_stragglers(struct exam *exam) {
    world_run(exam->world, 2 * exam_pass(exam) + USEC_PER_MS);
}

/* ---- while others stand ---- */

void paper_dark_election(struct exam *exam) {
    exam->what = "the leader dies, and while others stand nobody hears anybody";
    world_power_off(exam->world, exam->leader);
    if (exam_await(exam, suspects_were_sent, 0, exam_bound(exam))) {
        world_run(exam->world, exam_between(exam, 0, exam_detect(exam) / 4));
        for (uint32_t i = 0; i < exam_nodes(exam); i++)
            world_partition(exam->world, i, i);
        world_run(exam->world, exam_detect(exam));
        world_heal(exam->world);
    }
    /* of many whose words take long several stand, and a second one may win */
    all_agree(exam, ASK_AGAIN_US + exam_haste(exam), exam_nodes(exam) <= 10 || exam_is_fast(exam) ? 1 : 3);
}

/* It has written down that it may use this epoch: it does not come again. */
void paper_winner_dies(struct exam *exam) {
    int64_t heir = exam_next(exam, -1);

    exam->what = "the next leader loses its power when it has won";
    world_power_off(exam->world, exam->leader);
    if (heir < 0 || !exam_wait_leader(exam, (uint32_t)heir, exam_bound(exam)))
        return;
    world_run(exam->world, exam_one_in(exam, 2) ? 0 : exam_between(exam, 0, exam_pass(exam)));
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_power_off(exam->world, i);
    wait_for_stragglers(exam);
    world_start(exam->world, (uint32_t)heir);
    exam_leads_within(exam, (uint32_t)heir, exam_bound(exam));
}

void paper_founder_dies(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t first = 0;

    exam->what = "all start, and the one that stands dies";
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_power_off(world, i);
    wait_for_stragglers(exam);
    exam_mark(exam);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(world, i);
    while (exam_sent(exam, WIRE_ELECTION) == 0 && world_advance(world, exam->begin + exam_bound(exam)))
        continue;
    while (first + 1 < exam_nodes(exam) && !stands(exam, first))
        first++;
    world_run(world, exam_between(exam, 0, exam_collection(exam)));
    world_power_off(world, first);
    exam_agree_within(exam, exam_bound(exam));
    world_run(world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
}

/* Its link comes up anew when the others are about to choose: it has spoken late, and is chosen (START-5, START-6). */
void paper_late_link(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t eldest = exam_follower(exam);
    usec_t discovery = exam_discovery(exam), limit = discovery + 3 * exam_collection(exam) + exam_haste(exam);

    exam->what = "all start, and the eldest hears them late";
    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        world_power_off(world, i);
        world_configure(world, i, EXAM_PRIORITY, true);
    }
    wait_for_stragglers(exam);
    exam_mark(exam);
    world_start(world, eldest);
    world_run(world, OLDER_US);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(world, i);
    world_run(world, discovery / 3);
    world_link(world, eldest, false);
    world_run(world, 10 * USEC_PER_MS);
    world_link(world, eldest, true);
    if (exam_is_fast(exam) && exam_clocks_are_right(exam))
        exam_leads_within(exam, eldest, limit);
    all_agree(exam, exam_bound(exam), exam_is_fast(exam) ? 1 : SIZE_MAX);
}

/* Who leads without any history learns from those that vote for it which epochs were used (EPOCH-4). */
void paper_lost_state(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);

    exam->what = "all start, and the one of most priority has lost its state";
    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        world_power_off(world, i);
        world_configure(world, i, i == node ? 2 * EXAM_PRIORITY : EXAM_PRIORITY, true);
    }
    world_lose_disk(world, node);
    wait_for_stragglers(exam);
    exam_mark(exam);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(world, i);
    if (exam->prompt)
        exam_leads_within(exam, node, exam_discovery(exam) + 3 * exam_collection(exam) + exam_haste(exam));
    all_agree(exam, exam_bound(exam), 1);
}

/* With datagrams that it has not read yet, the answers to its question among them (GAP-3): the oracle judges. */
void paper_leader_sleeps_twice(struct exam *exam) {
    struct world *world = exam->world;
    usec_t detect = exam_time(exam, exam_detect(exam));

    exam->what = "the leader sleeps, and sleeps again when it has asked whether it leads";
    world_pause(world, exam->leader, detect + 10 * USEC_PER_MS);
    world_run(world, detect + 10 * USEC_PER_MS + exam_between(exam, 0, 2 * exam_pass(exam)));
    world_pause(world, exam->leader, 2 * detect + exam_between(exam, 0, 3 * USEC_PER_SEC));
    all_agree(exam, exam_bound(exam), SIZE_MAX);
}

/* The first heartbeat that is refused is doubt enough (SUSP-1). */
void paper_refusal(struct exam *exam) {
    usec_t limit = 5 * USEC_PER_MS + 4 * exam_pass(exam);

    exam->what = "the leader is killed, and its host says so";
    world_run(exam->world, 2 * exam_pass(exam));
    exam_mark(exam);
    world_kill(exam->world, exam->leader);
    exam_await(exam, heartbeats_were_sent, 0, exam_bound(exam));
    if (!exam_await(exam, suspects_were_sent, 0, limit) && exam_is_fast(exam))
        world_fail(exam->world, "%s, and nobody suspects it for that", exam->what);
    all_agree(exam, exam_bound(exam), 1);
}

/* ---- while a leader resigns ---- */

/* Its work has stopped, and it says so. */
static void begin_resign(struct exam *exam) {
    world_resign(exam->world, exam->leader);
    if (!exam_await(exam, resigns_were_sent, 0, exam_time(exam, exam_work(exam)) + exam_haste(exam)))
        world_fail(exam->world, "%s, which does not resign", exam->what);
}

static void successor_is_dead(struct exam *exam, uint32_t heir) {
    world_power_off(exam->world, heir);
    begin_resign(exam);
    all_agree(exam, RESIGNER_WAITS_US + OTHERS_WAIT_US + exam_haste(exam), 1);
}

static void successor_is_late(struct exam *exam, uint32_t heir) {
    begin_resign(exam);
    world_pause(exam->world, heir, exam_between(exam, USEC_PER_MS, OTHERS_WAIT_US * 4 / 5));
    exam->prompt = exam_is_fast(exam) && exam_clocks_are_right(exam);
    if (exam->prompt)
        exam_leads_within(exam, heir, OTHERS_WAIT_US + exam_haste(exam));
    all_agree(exam, exam_bound(exam), 1);
}

/* When it wakes up another one has been elected, unless there is none. */
static void successor_sleeps(struct exam *exam, uint32_t heir) {
    begin_resign(exam);
    world_pause(exam->world, heir, exam_between(exam, OTHERS_WAIT_US * 3 / 2, RESIGNER_WAITS_US * 3 / 4));
    exam->prompt = exam_is_fast(exam);
    all_agree(exam, exam_bound(exam), 1);
}

static void resigner_sleeps(struct exam *exam, uint32_t heir) {
    (void)heir;
    begin_resign(exam);
    world_suspend(exam->world, exam->leader, exam_between(exam, USEC_PER_SEC, 8 * USEC_PER_SEC));
    all_agree(exam, exam_bound(exam), 1);
}

/* By then its successor has said for the last time in haste that it leads (ELEC-12), and a short detect leaves the
 * resigner the time to say once more that it has resigned. */
static void resigner_is_deaf(struct exam *exam, uint32_t heir) {
    usec_t moment = RESIGNER_WAITS_US - exam_detect(exam) * 2 / 5;

    (void)heir;
    begin_resign(exam);
    world_cut(exam->world, NET_ANY, exam->leader);
    world_run(exam->world, moment);
    world_heal(exam->world);
    exam->prompt = exam_is_fast(exam) && exam_clocks_are_right(exam);
    all_agree(exam, exam_bound(exam), 1);
}

static void resigner_has_no_multicast(struct exam *exam, uint32_t heir) {
    world_multicast(exam->world, exam->leader, false);
    world_shouts(exam->world, exam->leader, false);
    begin_resign(exam);
    if (exam->prompt)
        exam_leads_within(exam, heir, exam_haste(exam));
    world_heal(exam->world);
    all_agree(exam, exam_bound(exam), exam->prompt ? 1 : SIZE_MAX);
}

static const struct {
    const char *name;
    void (*happen)(struct exam *exam, uint32_t heir);
} troubles[] = {
    { "the leader resigns to a dead one", successor_is_dead },
    { "the leader resigns to one that is late", successor_is_late },
    { "the leader resigns to one that sleeps", successor_sleeps },
    { "the leader resigns and sleeps", resigner_sleeps },
    { "the leader resigns and hears nobody for a while", resigner_is_deaf },
    { "the leader resigns without multicast", resigner_has_no_multicast },
};

void paper_handover(struct exam *exam) {
    size_t trouble = (size_t)exam_between(exam, 0, ARRAY_SIZE(troubles) - 1);
    int64_t heir = exam_next(exam, -1);

    exam->what = troubles[trouble].name;
    if (heir >= 0)
        troubles[trouble].happen(exam, (uint32_t)heir);
}

static bool is_awake(const struct exam *exam, uint32_t node) {
    return exam->world->nodes[node].life == LIFE_RUNNING;
}

/* A host sleeps, until long after its next heartbeat is due, while its leader hands over or dies. The old one, if it
 * still runs, names the new one at once; else the new one says so itself. */
void paper_straggler(struct exam *exam) {
    struct world *world = exam->world;
    int64_t heir = exam_next(exam, -1);
    uint32_t straggler = exam_follower(exam);
    bool dies = exam_one_in(exam, 2);

    exam->what = dies ? "a follower sleeps while its leader dies" : "a follower sleeps while its leader resigns";
    if (heir < 0 || heir == straggler)
        return;
    world_suspend(world, straggler, exam_work(exam) + 2 * exam_interval(exam) +
                                        exam_between(exam, 2 * USEC_PER_SEC, 4 * USEC_PER_SEC));
    world_run(world, exam_between(exam, 0, 10 * USEC_PER_MS));
    if (dies)
        world_power_off(world, exam->leader);
    else
        begin_resign(exam);
    if (exam->prompt)
        exam_leads_within(exam, (uint32_t)heir, exam_bound(exam));
    exam_await(exam, is_awake, straggler, 10 * USEC_PER_SEC + exam_work(exam));
    exam_agree_within(exam, !dies && exam_is_fast(exam) ? exam_haste(exam) : exam_bound(exam));
    all_agree(exam, exam_bound(exam), 1);
}

/* ---- while a follower doubts ---- */

/* Before one of two is sure that the other one is dead, which it is as soon as 5/8 of detect are over, or one of many
 * leads alone. */
static usec_t time_to_doubt(const struct exam *exam) {
    usec_t detect = exam_detect(exam), window = params_ack_window(&exam->world->config.timing);
    usec_t last = exam_nodes(exam) == 2 ? detect * 11 / 20 : (window - detect) / 2;

    return exam_between(exam, exam_one_in(exam, 2) ? last * 9 / 10 : 0, last);
}

static void stays(struct exam *exam) {
    exam_all_follow(exam, exam_bound(exam));
    world_run(exam->world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    if (exam->prompt)
        exam_stays(exam);
}

static void sleep_well(struct exam *exam, uint32_t node, usec_t least) {
    usec_t duration = least + exam_detect(exam) + exam_between(exam, 10 * USEC_PER_MS, 5 * USEC_PER_SEC);

    if (exam_one_in(exam, 3))
        world_pause(exam->world, node, duration);
    else
        world_suspend(exam->world, node, duration);
    world_heal(exam->world);
}

/* Awake, it knows that it has not listened (SUSP-13). */
void paper_sleep_in_doubt(struct exam *exam) {
    uint32_t node = exam_follower(exam);

    exam->what = "a follower sleeps while it doubts its leader";
    if (exam_one_in(exam, 2)) {
        world_partition(exam->world, node, 1);
    } else {
        world_cut(exam->world, node, exam->leader);
        world_cut(exam->world, exam->leader, node);
    }
    if (exam_await(exam, is_in_doubt, node, exam_bound(exam)))
        world_run(exam->world, time_to_doubt(exam));
    sleep_well(exam, node, exam_detect(exam)); /* a timer that is late by detect tells it so */
    stays(exam);
}

/* The same for one that has just started, and would lead alone if it heard nobody (START-8). */
void paper_sleep_in_search(struct exam *exam) {
    uint32_t node = exam_follower(exam);

    exam->what = "a node sleeps while it seeks a leader";
    world_partition(exam->world, node, 1);
    wait_for_stragglers(exam);
    world_kill(exam->world, node);
    world_start(exam->world, node);
    world_run(exam->world, exam_between(exam, 0, 2 * exam_discovery(exam)));
    sleep_well(exam, node, 3 * exam_discovery(exam)); /* until it would lead, and longer */
    stays(exam);
}

/* It asks again and again whether its leader lives, and believes the first answer. */
void paper_isolated(struct exam *exam) {
    uint32_t node = exam_follower(exam);
    usec_t limit = exam_detect(exam) / 3 + exam_haste(exam);

    exam->what = "a follower is cut off for a moment";
    world_partition(exam->world, node, 1);
    if (exam_await(exam, is_isolated, node, exam_bound(exam)))
        world_run(exam->world, time_to_doubt(exam));
    world_heal(exam->world);
    exam_all_follow(exam, exam_is_fast(exam) ? limit : exam_bound(exam));
    stays(exam);
}

/* It hears that others suspect the leader, and has given it up too; those before it in line do not stand yet, or are
 * not heard. Awake, it asks its leader again, and displaces nobody; who stands already may go on (SUSP-13). */
void paper_sleep_in_hold(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);
    bool waits;

    exam->what = "a follower sleeps while it waits for its seniors to stand";
    if (exam_nodes(exam) > RULES_MAX_NODES || !exam->prompt || node == exam_next(exam, -1))
        return;
    world_cut(world, exam->leader, NET_ANY);
    world_cut(world, NET_ANY, exam->leader);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (i != node && i != exam->leader && exam_is_senior(exam, i, node))
            world_cut(world, i, node);
    if (exam_await(exam, is_leaderless, node, exam_bound(exam)))
        world_run(world, exam_between(exam, 0, 8 * USEC_PER_MS));
    waits = !stands(exam, node);
    world_suspend(world, node, exam_detect(exam) + exam_between(exam, USEC_PER_SEC, 2 * USEC_PER_SEC));
    world_run(world, 500 * USEC_PER_MS);
    world_heal(world);
    exam_all_follow(exam, exam_bound(exam));
    world_run(world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    if (waits)
        exam_leaderships(exam, 2);
}

/* So short that fewer have missed two answers than are needed to elect (ELEC-10). */
void paper_dark_moment(struct exam *exam) {
    usec_t votes = min_i64(8, (exam_nodes(exam) - 1) / 2), last;

    exam->what = "nobody hears anybody for a while, and few have noticed";
    last = (votes - 1) * exam_interval(exam) / (exam_nodes(exam) - 1) + exam_detect(exam) / 4;
    if (!exam->prompt || last < exam_detect(exam) * 3 / 2)
        return;
    world_cut(exam->world, NET_ANY, NET_ANY);
    world_run(exam->world, exam_between(exam, last - exam_detect(exam) / 4, last));
    world_heal(exam->world);
    stays(exam);
}

/* ---- deaf and mute leaders ---- */

/* What it says keeps nobody from replacing it, and the new leader does not ask it without end. */
void paper_deaf_leader(struct exam *exam) {
    usec_t duration = exam_between(exam, 5 * USEC_PER_SEC, 10 * USEC_PER_SEC);
    int64_t heir = exam_next(exam, -1);

    exam->what = "the leader hears nobody any more";
    world_cut(exam->world, NET_ANY, exam->leader);
    if (heir >= 0 && exam_is_fast(exam))
        exam_leads_within(exam, (uint32_t)heir, exam_silence(exam));
    world_run(exam->world, duration);
    if (exam->prompt)
        exam_sends(exam, WIRE_MERGE_REQUEST, (uint64_t)(duration / SERIES_US + 2) * 2 * SERIES_TRIES);
}

/* As soon as its followers are forgotten, which may follow it for all it knows, it gives up (MERGE-10). */
void paper_mute_leader(struct exam *exam) {
    usec_t forgets = max_i64(6 * USEC_PER_SEC, 3 * exam_interval(exam));

    exam->what = "the leader is not heard any more, but hears";
    world_cut(exam->world, exam->leader, NET_ANY);
    world_run(exam->world, exam_time(exam, forgets + 2 * SERIES_US + 2 * exam_announce(exam)) + exam_silence(exam));
    if (exam->prompt && exam->world->nodes[exam->leader].outlook.leads)
        world_fail(exam->world, "%s, and leads on", exam->what);
}

/* ---- losses, and a wrong number ---- */

/* Which are learned: then nobody gives its leader up for them (EXCH-3). */
void paper_losses(struct exam *exam) {
    int64_t leader;

    exam->what = "a third of all datagrams is lost";
    if (!exam->prompt || exam_nodes(exam) > SHARE_MAX_NODES || exam_detect(exam) < 300 * USEC_PER_MS)
        return;
    world_loss(exam->world, PPM_ONE * 3 / 10);
    world_run(exam->world, 60 * USEC_PER_SEC);
    leader = oracle_leader(exam->world);
    if (leader < 0)
        return;
    exam->leader = (uint32_t)leader;
    exam_mark(exam);
    world_run(exam->world, 60 * USEC_PER_SEC);
    exam_stays(exam);
}

/* A node comes back with an epoch that nobody can have reached: it is ignored (EPOCH-3). */
void paper_wrong_epoch(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = exam_follower(exam);

    exam->what = "a node comes with an epoch that is far too high";
    world_partition(world, node, 1);
    world_power_off(world, node);
    world_inflate_epochs(world, node, 1 << 20);
    wait_for_stragglers(exam);
    world_start(world, node);
    world_run(world, exam_bound(exam));
    world_heal(world);
    exam_mark(exam);
    world_run(world, 5 * USEC_PER_SEC);
    if (exam->prompt)
        exam_stays(exam);
    world_power_off(world, node);
    world_lose_disk(world, node);
    wait_for_stragglers(exam);
}
