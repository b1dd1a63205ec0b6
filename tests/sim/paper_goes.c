/* SPDX-License-Identifier: ISC
 *
 * paper_goes.c - papers in which the leader goes, and the next one leads.
 */
#include "paper.h"

#include "base/util.h"

enum {
    AFTER_US = 3 * 1000000, /* what was wrong shows by then */
    FOLLOW_US = 25000, /* until all know a new leader */
    MANY = 30, /* so that one of them is always about to beat */
    HUNDRED = 100, /* so that votes are spread by more than the way there and back */
    YOUNG_US = 60000, /* within that all have registered with it */
};

static void strike_power(struct exam *exam) {
    world_power_off(exam->world, exam->leader);
}

static void strike_kill(struct exam *exam) {
    world_kill(exam->world, exam->leader);
}

static void strike_farewell(struct exam *exam) {
    world_kill_with_farewell(exam->world, exam->leader);
}

static void strike_stop(struct exam *exam) {
    world_stop(exam->world, exam->leader);
}

static void strike_resign(struct exam *exam) {
    world_resign(exam->world, exam->leader);
}

static void strike_ineligible(struct exam *exam) {
    world_configure(exam->world, exam->leader, exam->world->nodes[exam->leader].facts.priority, false);
}

static usec_t long_sleep(const struct exam *exam) {
    return exam_between(exam, 2 * exam_detect(exam) + USEC_PER_SEC, 2 * exam_detect(exam) + 4 * USEC_PER_SEC);
}

static void strike_pause(struct exam *exam) {
    world_pause(exam->world, exam->leader, long_sleep(exam));
}

static void strike_suspend(struct exam *exam) {
    world_suspend(exam->world, exam->leader, long_sleep(exam));
}

static void strike_link(struct exam *exam) {
    world_link(exam->world, exam->leader, false);
}

static void strike_part(struct exam *exam) {
    world_partition(exam->world, exam->leader, 1);
}

static void strike_mute(struct exam *exam) {
    world_cut(exam->world, exam->leader, NET_ANY);
}

static usec_t limit_told(const struct exam *exam) {
    return exam_work(exam) + exam_haste(exam);
}

static const struct blow {
    const char *name;
    void (*strike)(struct exam *exam);
    usec_t (*limit)(const struct exam *exam);
    bool dies; /* and can be started again */
} blows[] = {
    { "the leader loses power", strike_power, exam_silence, true },
    { "the leader is killed", strike_kill, exam_silence, true },
    { "the leader dies with a farewell", strike_farewell, limit_told, true },
    { "the leader is stopped", strike_stop, limit_told, false },
    { "the leader resigns", strike_resign, limit_told, false },
    { "the leader may not lead any more", strike_ineligible, limit_told, false },
    { "the leader pauses", strike_pause, exam_silence, false },
    { "the leader is suspended", strike_suspend, exam_silence, false },
    { "the leader's link goes down", strike_link, exam_silence, false },
    { "the leader is cut off", strike_part, exam_silence, false },
    { "the leader is not heard any more", strike_mute, exam_silence, false },
};

static const struct blow *draw_blow(struct exam *exam) {
    const struct blow *blow = &blows[exam_between(exam, 0, ARRAY_SIZE(blows) - 1)];

    exam->what = blow->name;
    return blow;
}

/* That one takes over, in time, once and for all. */
static void takes_over(struct exam *exam, uint32_t heir, usec_t limit, size_t leaderships) {
    exam_leads_within(exam, heir, exam->prompt ? limit : exam_bound(exam));
    exam_all_follow(exam, FOLLOW_US + 4 * exam_pass(exam));
    world_run(exam->world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
    exam_leaderships(exam, leaderships);
}

/* Somebody does, where it cannot be told who. */
static void somebody_takes_over(struct exam *exam) {
    exam_all_follow(exam, exam_bound(exam));
    world_run(exam->world, AFTER_US);
    exam_all_follow(exam, exam_bound(exam));
}

/* One accuses, or two at the same moment where a refusal is doubt enough; up to five stand, each more senior than the
 * one before; each of them with sixteen copies; and each node votes once or twice (SUSP-2, ELEC-1, ELEC-8, ELEC-7). Of
 * a hundred those that vote late need not any more. */
static void few_speak(struct exam *exam, bool refused) {
    uint64_t count = exam_nodes(exam);

    exam_sends(exam, WIRE_SUSPECT, (refused ? 48 : 24) + 2 * count);
    exam_sends(exam, WIRE_ELECTION, 32 + 2 * count);
    exam_sends(exam, WIRE_LEADER_ELECTED, count >= HUNDRED ? count * 3 / 4 : 8 + 3 * count);
}

void paper_leader_goes(struct exam *exam) {
    const struct blow *blow = draw_blow(exam);
    int64_t heir = exam_next(exam, -1);

    blow->strike(exam);
    if (exam->prompt && heir >= 0)
        takes_over(exam, (uint32_t)heir, blow->limit(exam), 1);
    else
        somebody_takes_over(exam);
    if (exam_is_fast(exam))
        few_speak(exam, blow->strike == strike_kill);
}

/* Where hardly anybody is left, who is takes itself for isolated, and waits. */
void paper_leader_and_next_go(struct exam *exam) {
    const struct blow *blow = draw_blow(exam);
    int64_t next = exam_next(exam, -1), heir = exam_next(exam, next);
    usec_t limit = blow->limit(exam) + 500 * USEC_PER_MS;

    if (next >= 0)
        world_power_off(exam->world, (uint32_t)next);
    world_run(exam->world, exam_one_in(exam, 2) ? 0 : exam_between(exam, 0, exam_detect(exam)));
    if (exam->world->nodes[exam->leader].outlook.leads)
        blow->strike(exam);
    if (exam->prompt && heir >= 0 && exam_nodes(exam) > 4)
        takes_over(exam, (uint32_t)heir, limit, 1);
    else
        somebody_takes_over(exam);
}

static void multicast_dies(struct exam *exam) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_multicast(exam->world, i, false);
}

static bool all_may_lead(const struct exam *exam) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        if (!exam->world->nodes[i].facts.eligible)
            return false;
    return true;
}

/* Copies go to those who may be next; who may not lead is not among them. There are none of a Farewell, and whoever
 * comes back is heard of late. */
void paper_leader_goes_without_multicast(struct exam *exam) {
    const struct blow *blow = draw_blow(exam);
    int64_t heir = exam_next(exam, -1);

    exam->prompt = exam->prompt && all_may_lead(exam) && blow->strike != strike_ineligible;
    multicast_dies(exam);
    blow->strike(exam);
    if (exam->prompt && heir >= 0 && exam_nodes(exam) <= SUCCESSORS_MAX)
        takes_over(exam, (uint32_t)heir, exam_silence(exam) + exam_work(exam), 2);
    else
        world_run(exam->world, AFTER_US);
}

/* Who sleeps meanwhile changes nothing, unless it is next. */
void paper_leader_goes_another_sleeps(struct exam *exam) {
    const struct blow *blow = draw_blow(exam);
    int64_t heir = exam_next(exam, -1);
    uint32_t sleeper = exam_follower(exam);
    usec_t duration = exam_between(exam, exam_detect(exam), 4 * exam_detect(exam));

    blow->strike(exam);
    world_run(exam->world, exam_between(exam, 0, blow->limit(exam)));
    if (exam_one_in(exam, 2))
        world_pause(exam->world, sleeper, duration);
    else
        world_suspend(exam->world, sleeper, duration);
    if (exam->prompt && heir >= 0 && heir != sleeper && exam_nodes(exam) > 3)
        takes_over(exam, (uint32_t)heir, blow->limit(exam) + exam_silence(exam), 1);
    else
        somebody_takes_over(exam);
}

/* Before it has listened long enough to lead again, the next one does. */
void paper_leader_returns(struct exam *exam) {
    const struct blow *blow = &blows[exam_between(exam, 0, 1)];
    int64_t heir = exam_next(exam, -1);

    exam->what = "the leader restarts";
    blow->strike(exam);
    world_run(exam->world, exam_between(exam, 0, exam_detect(exam) / 2));
    world_start(exam->world, exam->leader);
    if (exam->prompt && heir >= 0 && exam_silence(exam) < exam_discovery(exam))
        takes_over(exam, (uint32_t)heir, exam_silence(exam), 1);
    else
        somebody_takes_over(exam);
}

void paper_leader_goes_in_losses(struct exam *exam) {
    const struct blow *blow = draw_blow(exam);

    world_loss(exam->world, (uint32_t)exam_between(exam, PPM_ONE / 100, PPM_ONE / 5));
    blow->strike(exam);
    somebody_takes_over(exam);
}

/* Those that have registered with it all at once are spread by then, and one of them beats soon (EXCH-4). Who is next
 * is up to those that it has told its successors already. */
void paper_young_leader(struct exam *exam) {
    int64_t heir = exam_next(exam, -1);

    exam->what = "the leader dies, and soon after that the next one";
    if (!exam->prompt || heir < 0)
        return;
    world_power_off(exam->world, exam->leader);
    exam_leads_within(exam, (uint32_t)heir, exam_silence(exam));
    exam_all_follow(exam, exam_bound(exam));
    world_run(exam->world, exam_between(exam, YOUNG_US, 200 * USEC_PER_MS));
    exam_mark(exam);
    world_power_off(exam->world, (uint32_t)heir);
    exam_all_follow(exam, exam_bound(exam));
    if (exam_nodes(exam) >= MANY && exam_is_fast(exam) && exam_clocks_are_right(exam) &&
        oracle_leaderless(exam->world) > exam_silence(exam))
        world_fail(exam->world, "%s: nobody leads for %lld ms", exam->what,
                   (long long)(oracle_leaderless(exam->world) / USEC_PER_MS));
}

/* A host made from the image of the next in line takes another id, and says so: nobody takes the original for a copy
 * when it speaks up, much later (MEMB-7, MEMB-8). */
void paper_copy_of_heir(struct exam *exam) {
    struct world *world = exam->world;
    int64_t heir = exam_next(exam, -1);
    uint32_t copy = exam_follower(exam);

    exam->what = "a copy of the next one comes, and then the leader dies";
    if (!exam->prompt || heir < 0 || copy == heir)
        return;
    world_power_off(world, copy);
    world_run(world, 2 * exam_pass(exam) + USEC_PER_MS);
    world_clone(world, (uint32_t)heir, copy);
    world_start(world, copy);
    world_run(world, 10 * USEC_PER_SEC);
    exam_agree_within(exam, exam_bound(exam));
    if (!exam_look(exam) || !exam->prompt)
        return;
    world_power_off(world, exam->leader);
    exam_agree_within(exam, exam_silence(exam) + exam_bound(exam));
    world_run(world, USEC_PER_SEC);
    if (exam_sent(exam, WIRE_STALE) > 0 && exam_nodes(exam) <= 10) /* of many somebody may have missed that */
        world_fail(world, "%s, and somebody is told that its number is old", exam->what);
}
