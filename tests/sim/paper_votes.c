/* SPDX-License-Identifier: ISC
 *
 * paper_votes.c - papers of a majority cluster: who leads when the seats that are left are enough, how soon, and that
 * nobody does when they are not. That is what the oracle asks at rest (reign.h); here it must come in time.
 */
#include "paper.h"

#include "base/util.h"
#include "core/params.h"

enum {
    AFTER_US = 5 * 1000000, /* what was wrong shows by then */
};

static usec_t promise(const struct exam *exam) {
    return params_promise(&exam->world->config.timing);
}

/* Until all agree when their leader has gone without a word: at the end of the last promise. Who is elected below what
 * others have voted for has no lease of theirs, goes on for a while, and the promises of the rest must end before the
 * next election. */
static usec_t patience(const struct exam *exam) {
    return 2 * promise(exam) + params_recovery(promise(exam)) + exam_bound(exam); /* MAJ-7 */
}

/* The same when it hands over: when its work and the leases are over that were told, or its voters wait. */
static usec_t handover(const struct exam *exam) {
    const struct world_config *config = &exam->world->config;
    usec_t told = config->bare ? params_lease(params_promise(&config->timing)) : 0;

    return max_i64(min_i64(config->work_stop, config->patience), told) + patience(exam);
}

void paper_votes_leader_dies(struct exam *exam) {
    exam->what = "the leader of a majority dies";
    if (exam_one_in(exam, 2))
        world_power_off(exam->world, exam->leader);
    else
        world_kill(exam->world, exam->leader);
    exam_agree_within(exam, patience(exam));
    world_run(exam->world, AFTER_US);
    exam_agree_within(exam, patience(exam));
}

/* With some of the others, so that the seats of its side may be enough or not. */
void paper_votes_parts(struct exam *exam) {
    uint32_t others = (uint32_t)exam_between(exam, 0, exam_nodes(exam) - 1);
    uint32_t first = (uint32_t)exam_between(exam, 0, 99);

    exam->what = "a majority is parted";
    world_partition(exam->world, exam->leader, 1);
    for (uint32_t i = 0; i < others; i++)
        world_partition(exam->world, (first + i) % exam_nodes(exam), 1);
    for (unsigned i = 0; i < 2; i++) {
        exam_agree_within(exam, patience(exam));
        world_run(exam->world, exam_between(exam, 0, AFTER_US));
    }
    exam_agree_within(exam, patience(exam));
    world_heal(exam->world);
    exam_agree_within(exam, patience(exam));
}

void paper_votes_handover(struct exam *exam) {
    exam->what = "the leader of a majority resigns";
    if (exam_one_in(exam, 2))
        world_resign(exam->world, exam->leader);
    else
        world_stop(exam->world, exam->leader);
    world_run(exam->world, 1);
    exam_agree_within(exam, handover(exam));
}

void paper_votes_farewell(struct exam *exam) {
    exam->what = "the daemon of the leader of a majority is killed, and its sentinel says so";
    world_kill_with_farewell(exam->world, exam->leader);
    exam_agree_within(exam, handover(exam));
}

/* What its voter has promised outlives it, and it promises again as soon as it is back. */
void paper_votes_follower_restarts(struct exam *exam) {
    uint32_t follower = exam_follower(exam);

    exam->what = "a follower of a majority's leader restarts";
    world_kill(exam->world, follower);
    world_start(exam->world, follower);
    world_run(exam->world, AFTER_US);
    if (exam->prompt)
        exam_stays(exam);
}

void paper_votes_all_restart(struct exam *exam) {
    exam->what = "all of a majority restart";
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_power_off(exam->world, i);
    world_run(exam->world, exam_between(exam, 0, AFTER_US));
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(exam->world, i);
    exam_agree_within(exam, promise(exam) + exam_bound(exam));
}

void paper_votes_seat_goes(struct exam *exam) {
    uint32_t seat = exam_follower(exam);

    exam->what = "a seat of a majority is taken away";
    world_retire(exam->world, exam->leader, seat);
    exam_agree_within(exam, patience(exam));
    world_run(exam->world, AFTER_US);
    world_power_off(exam->world, exam_one_in(exam, 2) ? exam->leader : seat);
    exam_agree_within(exam, patience(exam));
}
