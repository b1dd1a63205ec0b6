/* SPDX-License-Identifier: ISC
 *
 * paper.h - the papers of an exam (exam.h), and what they judge by.
 */
#ifndef ELDEST_SIM_PAPER_H
#define ELDEST_SIM_PAPER_H

#include "world.h"

struct exam {
    struct world *world;
    struct rng *rng;
    const char *what; /* happens, for failures */
    bool strict; /* nothing is lost by chance */
    bool prompt; /* nor is anything under way for long: times can be judged closely */
    uint32_t leader; /* at the beginning, like all that follows */
    struct core_peer *peers; /* as its table shows them, by the index of the node */
    usec_t looked_at; /* when the paper was handed out */
    usec_t begin; /* of what is judged */
    size_t leaderships;
    uint64_t sent[WIRE_TYPE_END];
};

enum {
    EXAM_PRIORITY = 100, /* of every node, but where a paper says otherwise */
    EXAM_GAP_US = 250000, /* to the next heartbeat of anybody; so does eldest(7) promise */
};

struct paper {
    const char *name;
    unsigned weight;
    uint32_t nodes_min;
    void (*sit)(struct exam *exam);
};

/* One that a cluster of that size and policy can sit. */
const struct paper *paper_draw(const struct world *world, struct rng *rng);

/* ---- the papers, by file ---- */

void paper_leader_goes(struct exam *exam);
void paper_leader_and_next_go(struct exam *exam);
void paper_leader_goes_without_multicast(struct exam *exam);
void paper_leader_goes_another_sleeps(struct exam *exam);
void paper_leader_returns(struct exam *exam);
void paper_leader_goes_in_losses(struct exam *exam);
void paper_leader_stays(struct exam *exam);
void paper_nobody_to_resign_to(struct exam *exam);
void paper_nothing(struct exam *exam);
void paper_halves(struct exam *exam);
void paper_one_of_two_dies(struct exam *exam);
void paper_islands(struct exam *exam);
void paper_cold_start(struct exam *exam);
void paper_newcomer(struct exam *exam);
void paper_preempt(struct exam *exam);
void paper_dark_election(struct exam *exam);
void paper_winner_dies(struct exam *exam);
void paper_founder_dies(struct exam *exam);
void paper_handover(struct exam *exam);
void paper_straggler(struct exam *exam);
void paper_sleep_in_doubt(struct exam *exam);
void paper_sleep_in_search(struct exam *exam);
void paper_isolated(struct exam *exam);
void paper_deaf_leader(struct exam *exam);
void paper_mute_leader(struct exam *exam);
void paper_losses(struct exam *exam);
void paper_wrong_epoch(struct exam *exam);
void paper_late_link(struct exam *exam);
void paper_lost_state(struct exam *exam);
void paper_leader_sleeps_twice(struct exam *exam);
void paper_refusal(struct exam *exam);
void paper_flapping(struct exam *exam);
void paper_dozing(struct exam *exam);
void paper_probes(struct exam *exam);
void paper_one_way(struct exam *exam);
void paper_strangers(struct exam *exam);
void paper_other_dies(struct exam *exam);
void paper_mute_follower(struct exam *exam);
void paper_unreachable(struct exam *exam);
void paper_stray(struct exam *exam);
void paper_two_of_four(struct exam *exam);
void paper_young_leader(struct exam *exam);
void paper_copy_of_heir(struct exam *exam);
void paper_sleep_in_hold(struct exam *exam);
void paper_dark_moment(struct exam *exam);
void paper_other_lan(struct exam *exam);
void paper_word_of_old(struct exam *exam);
void paper_votes_leader_dies(struct exam *exam);
void paper_votes_parts(struct exam *exam);
void paper_votes_handover(struct exam *exam);
void paper_votes_farewell(struct exam *exam);
void paper_votes_follower_restarts(struct exam *exam);
void paper_votes_all_restart(struct exam *exam);
void paper_votes_seat_goes(struct exam *exam);

/* ---- for the papers ---- */

/* The cluster as it is now, before something happens; false if it is not at rest, and is not to be examined. */
bool exam_look(struct exam *exam);

bool exam_clocks_are_right(const struct exam *exam);
usec_t exam_time(const struct exam *exam, usec_t time); /* as the worst clock has it */
usec_t exam_pass(const struct exam *exam); /* the longest time that a datagram is under way */
bool exam_is_fast(const struct exam *exam); /* it is prompt, and so quick that hardly ever two speak at one time */
usec_t exam_detect(const struct exam *exam);
usec_t exam_bound(const struct exam *exam); /* until all agree, at the latest */

usec_t exam_work(const struct exam *exam); /* until the holders of work have stopped */
usec_t exam_haste(const struct exam *exam); /* for a few steps that follow each other at once */
usec_t exam_interval(const struct exam *exam); /* H */
usec_t exam_announce(const struct exam *exam); /* by its formula, like the others: not the core's own word */
usec_t exam_discovery(const struct exam *exam);
usec_t exam_collection(const struct exam *exam);
usec_t exam_silence(const struct exam *exam); /* from the death of a leader to the next one */

bool exam_one_in(const struct exam *exam, unsigned count);
usec_t exam_between(const struct exam *exam, usec_t low, usec_t high);
uint32_t exam_nodes(const struct exam *exam);

/* By the table at the beginning. */
bool exam_is_senior(const struct exam *exam, uint32_t a, uint32_t b);

/* The next in line of those that run, without `but`; -1: nobody. */
int64_t exam_next(const struct exam *exam, int64_t but);

/* One that does not lead, by chance. */
uint32_t exam_follower(struct exam *exam);

/* What counts from the beginning, counts from now. */
void exam_mark(struct exam *exam);

/* All forget how many merges they have lost (MERGE-9), which would keep them from leading alone in the next papers. */
void exam_restart_all(struct exam *exam);

/* Waits, and fails the world if it does not come. The limits are stretched by exam_time(). */
void exam_leads_within(struct exam *exam, uint32_t node, usec_t limit);
void exam_agree_within(struct exam *exam, usec_t limit);

void exam_all_follow(struct exam *exam, usec_t limit); /* the same, soon after whoever sleeps has woken up */

/* Waits until that is so of the node; false if it does not come, which is no failure. */
bool exam_await(struct exam *exam, bool (*is)(const struct exam *exam, uint32_t node), uint32_t node, usec_t limit);

/* Since the mark. */
bool exam_wait_leader(struct exam *exam, uint32_t node, usec_t limit);
void exam_leaderships(struct exam *exam, size_t most);
void exam_stays(struct exam *exam); /* no leadership has changed */
uint64_t exam_sent(const struct exam *exam, enum wire_type type);
void exam_sends(struct exam *exam, enum wire_type type, uint64_t most);

#endif
