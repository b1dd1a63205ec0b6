/* SPDX-License-Identifier: ISC
 *
 * paper_again.c - papers in which the same happens again and again: a node flaps, a leader dozes, a LAN is bad.
 */
#include "paper.h"

#include "base/util.h"
#include "core/params.h"

#include <inttypes.h>

enum {
    FLAPS = 9,
    DEFEATS_MAX = 3, /* with so many lost merges a node begins to wait before it leads alone (MERGE-9), ... */
    DAMPING_FIRST_US = 500000, /* ... so long, and twice as long with each further one ... */
    DAMPING_TWO_US = 4 * 1000000, /* ... one of two at most so long */
    MARGIN_US = 100000, /* of one that acts on what was under way when it was cut off */
    LISTED_US = 10 * 1000000, /* by then who is back is a member with a slot of its own */
    DOZES = 8,
    PROBE_US = 1000, /* so soon sixteen probe, and of the others sixteen in all (SUSP-3), which have 20 us per member */
    STALLS = 6,
    STALLS_TRIED = 30,
    LAN_MAX_NODES = 5,
    LEARNT_US = 60 * 1000000,
    LONG_US = 300 * 1000000,
};

/* ---- a node flaps ---- */

static usec_t window(const struct exam *exam) {
    return params_ack_window(&exam->world->config.timing);
}

static usec_t damping(const struct exam *exam, unsigned defeats) {
    usec_t wait = DAMPING_FIRST_US;

    if (defeats < DEFEATS_MAX)
        return 0;
    for (unsigned i = DEFEATS_MAX; i < defeats; i++)
        wait *= 2;
    return exam_nodes(exam) == 2 ? min_i64(wait, DAMPING_TWO_US) : wait;
}

/* Long enough for it to lead alone, as long as it does not wait; one of two leads alone without asking around. */
static usec_t time_off(const struct exam *exam) {
    if (exam_nodes(exam) == 2)
        return exam_silence(exam) + DAMPING_TWO_US + USEC_PER_SEC;
    return window(exam) + exam_interval(exam) * 5 / 4 + USEC_PER_SEC / 2;
}

/* Returns whether it lost a leadership that it had just begun. */
static bool flap(struct exam *exam, uint32_t node, unsigned defeats) {
    struct world *world = exam->world;
    const struct outlook *outlook = &world->nodes[node].outlook;
    usec_t patience = damping(exam, defeats) + (exam_nodes(exam) == 2 ? 0 : window(exam)) - MARGIN_US;
    bool led = outlook->leads, begins;

    world_partition(world, node, 1);
    begins = exam_wait_leader(exam, node, patience * 9 / 10) && !led;
    if (begins && defeats >= DEFEATS_MAX && exam->prompt)
        world_fail(world, "%s: n%" PRIu32 " has lost %u merges, and leads alone again at once", exam->what, node + 1,
                   defeats);
    begins = exam_wait_leader(exam, node, time_off(exam) - patience * 9 / 10) && !led;
    world_run(world, USEC_PER_SEC / 2);
    world_heal(world);
    world_run(world, exam_announce(exam) + 2 * exam_work(exam) + USEC_PER_SEC);
    exam_all_follow(exam, exam_bound(exam));
    return begins && !outlook->leads;
}

/* Its senior age is known, so that it is next in line when the leader dies: then it has votes, and does not wait. */
static void dies_after_flaps(struct exam *exam) {
    usec_t wait = exam_nodes(exam) == 2 ? DAMPING_TWO_US : 0;
    int64_t heir;

    world_run(exam->world, LISTED_US);
    exam_all_follow(exam, exam_bound(exam));
    if (!exam_look(exam))
        return;
    heir = exam_next(exam, -1);
    world_power_off(exam->world, exam->leader);
    if (exam->prompt && heir >= 0)
        exam_leads_within(exam, (uint32_t)heir, exam_silence(exam) + wait);
    exam_agree_within(exam, exam_bound(exam) + wait);
}

void paper_flapping(struct exam *exam) {
    uint32_t node = exam_one_in(exam, 2) ? exam->leader : exam_follower(exam);
    unsigned defeats = 0;

    exam->what = "a node is on and off the LAN, and then the leader dies";
    if (!exam->prompt)
        return;
    for (int i = 0; i < FLAPS && !exam->world->failure[0]; i++) {
        defeats += flap(exam, node, defeats);
        world_run(exam->world, exam_between(exam, USEC_PER_SEC, 3 * USEC_PER_SEC));
    }
    dies_after_flaps(exam);
    exam_restart_all(exam);
}

/* ---- a leader dozes ---- */

/* As long as others need to doubt it, and to vote: whoever has voted does not confirm it (GAP-4), the oracle judges. */
void paper_dozing(struct exam *exam) {
    struct world *world = exam->world;
    int64_t leader;

    exam->what = "the leader sleeps for a moment again and again";
    for (int i = 0; i < DOZES && !world->failure[0]; i++) {
        leader = oracle_leader(world);
        if (leader < 0)
            return;
        world_pause(world, (uint32_t)leader, exam_between(exam, exam_detect(exam), exam_detect(exam) * 3 / 2));
        world_run(world, 2 * exam_detect(exam));
        exam_agree_within(exam, exam_bound(exam));
        world_run(world, 2 * exam_interval(exam));
    }
}

static bool suspects_were_sent(const struct exam *exam, uint32_t node) {
    (void)node;
    return exam_sent(exam, WIRE_SUSPECT) > 0;
}

/* How many heartbeats are sent within the time that probes take; -1: nobody doubts the leader. */
static int64_t probes_of_a_stall(struct exam *exam) {
    usec_t spread = max_i64(PROBE_US, min_i64(20, exam_nodes(exam) * 20LL / 1000) * USEC_PER_MS), begin;
    int64_t probes = -1;

    world_pause(exam->world, exam->leader, exam_detect(exam) * 3 / 4);
    begin = exam->world->now;
    exam_mark(exam);
    if (exam_await(exam, suspects_were_sent, 0, exam_detect(exam) * 3 / 4 - 10 * USEC_PER_MS)) {
        exam_mark(exam);
        world_run(exam->world, spread + exam_pass(exam));
        probes = (int64_t)exam_sent(exam, WIRE_HEARTBEAT);
    }
    world_run(exam->world, begin + 2 * exam_interval(exam) + exam_between(exam, 0, USEC_PER_SEC) - exam->world->now);
    return probes;
}

/* Six standard deviations above what is to be expected of so many stalls, and one late try each. */
static uint64_t probes_max(const struct exam *exam, uint64_t stalls) {
    uint64_t members = exam_nodes(exam), others = members - WITNESS_RANKS - 2, variance, root = 0;
    uint64_t expected = stalls * (WITNESS_RANKS + others * WITNESS_RANKS / members + 1);

    variance = 36 * stalls * others * WITNESS_RANKS * (members - WITNESS_RANKS) / (members * members);
    while (root * root < variance)
        root++;
    return expected + root;
}

/* The leader is slow for a moment, and is probed by a few, not by all at once (SUSP-3). */
void paper_probes(struct exam *exam) {
    uint64_t probes = 0, stalls = 0, most;
    int64_t count;

    exam->what = "the leader of many is slow for a moment";
    if (!exam_is_fast(exam) || exam_detect(exam) < 300 * USEC_PER_MS)
        return;
    for (int i = 0; i < STALLS_TRIED && stalls < STALLS && !exam->world->failure[0]; i++) {
        count = probes_of_a_stall(exam);
        if (count < 0)
            continue;
        probes += (uint64_t)count;
        stalls++;
    }
    most = probes_max(exam, stalls);
    if (probes > most && stalls == STALLS)
        world_fail(exam->world, "%s: %" PRIu64 " probes in %" PRIu64 " times, at most %" PRIu64 " are needed",
                   exam->what, probes, stalls, most);
    exam_stays(exam);
}

/* ---- a LAN is bad ---- */

static const struct lan {
    const char *name;
    const char *profile;
    usec_t detect;
    uint32_t loss_percent;
} lans[] = {
    { "the way is longer than tries are apart", "far", USEC_PER_SEC, 0 },
    { "answers take half of detect in losses", "slow", 100 * USEC_PER_MS, 20 },
    { "a short detect in losses", "lan", 20 * USEC_PER_MS, 20 },
    { "detect in losses", "lan", 300 * USEC_PER_MS, 30 },
};

static void move_to(struct exam *exam, const struct profile *profile, usec_t detect) {
    struct world *world = exam->world;

    for (uint32_t i = 0; i < exam_nodes(exam); i++) {
        world_kill(world, i);
        world_configure(world, i, EXAM_PRIORITY, true);
    }
    world_run(world, exam_pass(exam));
    world->config.profile = profile;
    world->net.profile = profile;
    world->config.timing.detect = detect;
    oracle_touch(world, NULL);
    world_run(world, USEC_PER_SEC);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(world, i);
    exam_agree_within(exam, 2 * exam_bound(exam));
}

/* What is lost or late is learnt, and then nobody gives the leader up for it (EXCH-2, EXCH-3, SUSP-9). */
static void is_learnt(struct exam *exam, const struct lan *lan) {
    int64_t leader;

    world_loss(exam->world, lan->loss_percent * (PPM_ONE / 100));
    world_run(exam->world, LEARNT_US);
    leader = oracle_leader(exam->world);
    if (leader < 0)
        return;
    exam->leader = (uint32_t)leader;
    exam_mark(exam);
    world_run(exam->world, LONG_US);
    exam_stays(exam);
    if (lan->loss_percent == 0)
        exam_sends(exam, WIRE_SUSPECT, 0);
    world_loss(exam->world, 0);
}

void paper_other_lan(struct exam *exam) {
    const struct lan *lan = &lans[exam_between(exam, 0, ARRAY_SIZE(lans) - 1)];
    const struct profile *profile = exam->world->config.profile;
    usec_t detect = exam_detect(exam);

    exam->what = lan->name;
    if (!exam->strict || exam_nodes(exam) > LAN_MAX_NODES)
        return;
    move_to(exam, profile_find(lan->profile), lan->detect);
    is_learnt(exam, lan);
    move_to(exam, profile, detect);
}
