/* SPDX-License-Identifier: ISC
 *
 * exam.c - see exam.h. What is common to all papers: the cluster before and after, the look at it, the judgement.
 */
#include "exam.h"

#include "base/util.h"
#include "core/params.h"
#include "paper.h"
#include "rest.h"
#include "trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    HASTE_US = 20000, /* of steps that follow each other as fast as they can, without the way of datagrams */
    ACK_TIMEOUT_US = 2 * 1000000,
    REST_US = 8 * 1000000, /* until all are registered, and whoever is gone is forgotten */
    BOUND_WINDOWS = 3, /* ack windows to agreement; so does eldest(7) promise */
    DRIFT_PERCENT = 125, /* of a time, by clocks that are a tenth too fast and too slow */
};

/* ---- times ---- */

bool exam_clocks_are_right(const struct exam *exam) {
    for (uint32_t i = 0; i < exam->world->config.nodes; i++)
        if (exam->world->nodes[i].clock_drift_ppm != 0)
            return false;
    return true;
}

usec_t exam_time(const struct exam *exam, usec_t time) {
    return exam_clocks_are_right(exam) ? time : time * DRIFT_PERCENT / 100;
}

usec_t exam_pass(const struct exam *exam) {
    const struct profile *profile = exam->world->config.profile;

    return max_i64(max_i64(profile->unicast.max, profile->unicast.tail_max),
                   max_i64(profile->multicast.max, profile->multicast.tail_max));
}

bool exam_is_fast(const struct exam *exam) {
    return exam->prompt && exam_pass(exam) < USEC_PER_MS;
}

usec_t exam_detect(const struct exam *exam) {
    return exam->world->config.timing.detect;
}

usec_t exam_bound(const struct exam *exam) {
    usec_t window = max_i64(ACK_TIMEOUT_US, 2 * exam_detect(exam));

    return exam_time(exam, BOUND_WINDOWS * window + 3 * exam->world->config.work_stop);
}

usec_t exam_announce(const struct exam *exam) {
    return clamp_i64(exam_detect(exam) * 5 / 2, 250 * USEC_PER_MS, 2 * USEC_PER_SEC);
}

usec_t exam_discovery(const struct exam *exam) {
    return clamp_i64(exam_detect(exam) * 10 / 3, 100 * USEC_PER_MS, USEC_PER_SEC);
}

usec_t exam_collection(const struct exam *exam) {
    return clamp_i64(exam_discovery(exam) / 6, 10 * USEC_PER_MS, 50 * USEC_PER_MS);
}

/* ---- who is who ---- */

static bool peer_is_senior(const struct core_peer *a, const struct core_peer *b) {
    if (a->facts.priority != b->facts.priority)
        return a->facts.priority > b->facts.priority;
    if (a->birth != b->birth)
        return a->birth < b->birth;
    return node_id_compare(&a->id, &b->id) < 0;
}

bool exam_is_senior(const struct exam *exam, uint32_t a, uint32_t b) {
    return peer_is_senior(&exam->peers[a], &exam->peers[b]);
}

int64_t exam_next(const struct exam *exam, int64_t but) {
    const struct world *world = exam->world;
    int64_t next = -1;

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        if (i == exam->leader || i == but || node->life != LIFE_RUNNING || !exam->peers[i].facts.eligible ||
            !exam->peers[i].has_birth)
            continue;
        if (next < 0 || exam_is_senior(exam, i, (uint32_t)next))
            next = i;
    }
    return next;
}

static uint32_t follower_at(const struct exam *exam, uint32_t place) {
    for (uint32_t i = 0; i < exam->world->config.nodes; i++)
        if (i != exam->leader && place-- == 0)
            return i;
    return exam->leader;
}

uint32_t exam_follower(struct exam *exam) {
    return follower_at(exam, (uint32_t)(rng_u64(exam->rng) % (exam->world->config.nodes - 1)));
}

/* ---- before and after ---- */

static void restore(struct world *world) {
    world_heal(world);
    world_loss(world, world->config.loss_ppm);
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        world->nodes[i].dies_after = -1;
        world_configure(world, i, EXAM_PRIORITY, true);
        world_preempt(world, i, false);
        world_start(world, i);
    }
}

/* In some runs one has more priority, or may not lead. */
static void cast_parts(struct exam *exam) {
    struct world *world = exam->world;
    uint32_t node = (uint32_t)(rng_u64(exam->rng) % world->config.nodes);

    if (rng_chance(exam->rng, 1, 4))
        world_configure(world, node, 2 * EXAM_PRIORITY, true);
    node = (uint32_t)(rng_u64(exam->rng) % world->config.nodes);
    if (rng_chance(exam->rng, 1, 4) && !world->nodes[node].outlook.leads && world->config.nodes > 3)
        world_configure(world, node, EXAM_PRIORITY, false);
}

static bool read_peers(struct exam *exam) {
    struct world *world = exam->world;
    const struct node *leader = &world->nodes[exam->leader];
    usec_t now = node_time(leader, world->now);
    struct core_peer peer;
    uint32_t listed = 0;

    for (uint32_t index = 0; core_peer(leader->core, now, index, &peer); index++) {
        const struct node *node = world_node_by_id(world, &peer.id);
        if (!node)
            continue;
        exam->peers[node->index] = peer;
        listed++;
    }
    return listed == world->config.nodes;
}

/* The way there and back is known for what it is, and its variation with it: after a pause that takes a while. */
static bool knows_the_way(const struct exam *exam, const struct node *node) {
    const struct world *world = exam->world;
    struct core_peer leader;

    if (node->index == exam->leader || !core_peer(node->core, node_time(node, world->now), 1, &leader))
        return true;
    return leader.rtt_us <= 2 * exam_pass(exam) + exam_detect(exam) / 30;
}

/* Whether losses, pauses and former members are forgotten: as long as they are not, a death is noticed later. */
static bool trusts_the_lan(const struct exam *exam) {
    const struct world *world = exam->world;
    struct core_view view;

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        core_view(world->nodes[i].core, node_time(&world->nodes[i], world->now), &view);
        if (view.loss > LOSS_START + LOSS_START / 10 || view.members != world->config.nodes ||
            !knows_the_way(exam, &world->nodes[i]))
            return false;
    }
    return true;
}

bool exam_look(struct exam *exam) {
    struct world *world = exam->world;
    int64_t leader = oracle_leader(world);

    if (leader < 0 || world->failure[0])
        return false;
    exam->leader = (uint32_t)leader;
    if (!read_peers(exam))
        return false;
    exam->strict = world->net.loss_ppm == 0;
    exam->prompt = exam->strict && 8 * exam_pass(exam) < exam_detect(exam) && trusts_the_lan(exam);
    exam->looked_at = world->now;
    exam_mark(exam);
    return true;
}

void exam_mark(struct exam *exam) {
    struct world *world = exam->world;

    oracle_mark(world);
    exam->begin = world->now;
    exam->leaderships = world->oracle.count;
    memcpy(exam->sent, world->sent_by_type, sizeof(exam->sent));
}

static void finish(struct exam *exam) {
    struct world *world = exam->world;

    restore(world);
    rest_settle(world, SETTLE_US);
    world_run(world, REST_US);
    rest_settle(world, SETTLE_US);
    rest_quiet(world, USEC_PER_SEC);
}

void exam_sit(struct world *world, struct rng *rng) {
    struct exam exam = { .world = world, .rng = rng };
    const struct paper *paper;

    exam.peers = calloc(world->config.nodes, sizeof(*exam.peers));
    if (!exam.peers)
        abort();
    if (rng_chance(rng, 2, 3))
        world_loss(world, 0);
    cast_parts(&exam);
    world_run(world, REST_US + rng_between(rng, 0, 2 * USEC_PER_SEC));
    rest_settle(world, SETTLE_US);
    paper = paper_draw(world, rng);
    trace_note(world, NULL, "-- paper: %s --", paper->name);
    if (exam_look(&exam)) {
        exam.prompt = exam.prompt && !oracle_held_back(world);
        paper->sit(&exam);
    }
    finish(&exam);
    free(exam.peers);
}

/* ---- for the papers ---- */

bool exam_one_in(const struct exam *exam, unsigned count) {
    return rng_chance(exam->rng, 1, count);
}

usec_t exam_between(const struct exam *exam, usec_t low, usec_t high) {
    return rng_between(exam->rng, low, high);
}

uint32_t exam_nodes(const struct exam *exam) {
    return exam->world->config.nodes;
}

usec_t exam_work(const struct exam *exam) {
    return exam->world->config.work_stop;
}

usec_t exam_haste(const struct exam *exam) {
    return HASTE_US + 6 * exam_pass(exam);
}

/* Every interval each follower beats once, and is answered (EXCH-1, EXCH-5). */
usec_t exam_interval(const struct exam *exam) {
    usec_t others = exam_nodes(exam) - 1, detect = exam_detect(exam);
    usec_t slow = min_i64(2 * USEC_PER_SEC, others * USEC_PER_SEC / 4);

    return detect >= 300 * USEC_PER_MS ? slow : min_i64(slow, max_i64(detect, others * detect / 20));
}

/* The one follower of a leader beats as often as it does. By clocks that are apart a heartbeat comes too early and the
 * next one too late, each by a tenth of the interval; they are in step again with the next Ack. */
static usec_t exam_gap(const struct exam *exam) {
    usec_t gap = exam_nodes(exam) == 2 ? min_i64(EXAM_GAP_US, exam_interval(exam)) : EXAM_GAP_US;

    return gap + (exam_clocks_are_right(exam) ? 0 : exam_interval(exam) / 5);
}

usec_t exam_silence(const struct exam *exam) {
    return exam_detect(exam) + exam_gap(exam) + exam_haste(exam);
}

static bool is_asleep(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (world->nodes[i].life == LIFE_PAUSED)
            return true;
    return false;
}

/* All that are connected follow one leader, soon after whoever sleeps has woken up. */
void exam_all_follow(struct exam *exam, usec_t limit) {
    while (is_asleep(exam->world) && !exam->world->failure[0]) {
        world_run(exam->world, 10 * USEC_PER_MS);
        limit = exam_bound(exam);
    }
    exam_agree_within(exam, exam->prompt ? limit : exam_bound(exam));
}

void exam_restart_all(struct exam *exam) {
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_kill(exam->world, i);
    world_run(exam->world, 2 * exam_pass(exam) + USEC_PER_MS);
    for (uint32_t i = 0; i < exam_nodes(exam); i++)
        world_start(exam->world, i);
}

/* ---- judgement ---- */

/* By chance a node has taken another id meanwhile, as if it had been started anew. */
static bool is_disturbed(const struct exam *exam) {
    return oracle_renamed_since(exam->world, exam->looked_at);
}

bool exam_wait_leader(struct exam *exam, uint32_t node, usec_t limit) {
    struct world *world = exam->world;
    usec_t end = world->now + limit;

    while (!world->nodes[node].outlook.leads && world_advance(world, end))
        continue;
    return world->nodes[node].outlook.leads;
}

bool exam_await(struct exam *exam, bool (*is)(const struct exam *exam, uint32_t node), uint32_t node, usec_t limit) {
    usec_t end = exam->world->now + limit;

    while (!is(exam, node) && world_advance(exam->world, end))
        continue;
    return is(exam, node) && !exam->world->failure[0];
}

static uint64_t ms(usec_t time) {
    return (uint64_t)(time / USEC_PER_MS);
}

void exam_leads_within(struct exam *exam, uint32_t node, usec_t limit) {
    struct world *world = exam->world;
    int64_t leader;

    limit = exam_time(exam, limit);
    if (exam_wait_leader(exam, node, limit) || world->failure[0] || is_disturbed(exam))
        return;
    leader = oracle_leader(world);
    world_fail(world, "%s: n%" PRIu32 " does not lead after %" PRIu64 " ms, but n%" PRId64, exam->what, node + 1,
               ms(limit), leader + 1);
}

void exam_agree_within(struct exam *exam, usec_t limit) {
    struct world *world = exam->world;
    char why[ORACLE_TEXT_MAX] = "nobody leads";

    limit = exam_time(exam, limit);
    if (world_run_until(world, oracle_agreed, limit))
        return;
    if (is_disturbed(exam) && world_run_until(world, oracle_agreed, exam_bound(exam)))
        return;
    oracle_judge(world, why);
    world_fail(world, "%s: no agreement after %" PRIu64 " ms: %s", exam->what, ms(limit), why);
}

void exam_leaderships(struct exam *exam, size_t most) {
    size_t count = exam->world->oracle.count - exam->leaderships;

    if (count > most && !is_disturbed(exam))
        world_fail(exam->world, "%s: %zu leaderships, at most %zu are needed", exam->what, count, most);
}

void exam_stays(struct exam *exam) {
    exam_leaderships(exam, 0);
    if (!exam->world->nodes[exam->leader].outlook.leads && !is_disturbed(exam))
        world_fail(exam->world, "%s: n%" PRIu32 " does not lead any more", exam->what, exam->leader + 1);
}

uint64_t exam_sent(const struct exam *exam, enum wire_type type) {
    return exam->world->sent_by_type[type] - exam->sent[type];
}

void exam_sends(struct exam *exam, enum wire_type type, uint64_t most) {
    uint64_t count = exam_sent(exam, type);

    if (count > most && !is_disturbed(exam))
        world_fail(exam->world, "%s: %" PRIu64 " times %s, at most %" PRIu64 " are needed", exam->what, count,
                   wire_type_name(type), most);
}
