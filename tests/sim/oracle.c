/* SPDX-License-Identifier: ISC
 *
 * oracle.c - the judge of a run.
 */
#include "oracle.h"

#include "trace.h"
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEADLINES_AT_ONCE_MAX = 64, /* of one node without time passing; a core needs a few */
    DEFEATS_MAX = 3, /* MERGE-9 */
    HELD_BACK_US = 330 * 1000000, /* five minutes, by clocks that are a tenth too slow */
};

void oracle_release(struct oracle *oracle) {
    free(oracle->list);
    ledger_release(&oracle->ledger);
    *oracle = (struct oracle){ 0 };
}

/* The number under which people know the node, for texts. */
static uint32_t number(const struct node *node) {
    return node->index + 1;
}

/* It goes by quorum = majority: other rules hold. */
static bool votes(const struct node *node) {
    return node->expect > 0;
}

static void note_change(struct world *world) {
    world->oracle.changed = true;
    world->oracle.changed_at = world->now;
}

/* Whether that node leads has changed, or not. */
static void count_leaders(struct world *world, bool led, bool leads) {
    struct oracle *oracle = &world->oracle;
    uint32_t before = oracle->leaders;

    oracle->leaders += (uint32_t)leads - (uint32_t)led;
    if (oracle->leaders > oracle->leaders_most)
        oracle->leaders_most = oracle->leaders;
    if (before > 0 && oracle->leaders == 0)
        oracle->leaderless_from = world->now;
    if (before == 0 && oracle->leaders > 0) {
        oracle->leaderless += world->now - oracle->leaderless_from;
        oracle->leaderless_from = USEC_NEVER;
    }
}

void oracle_mark(struct world *world) {
    struct oracle *oracle = &world->oracle;

    oracle->leaders_most = oracle->leaders;
    oracle->leaderless = 0;
    oracle->leaderless_from = oracle->leaders > 0 ? USEC_NEVER : world->now;
}

usec_t oracle_leaderless(const struct world *world) {
    const struct oracle *oracle = &world->oracle;

    return oracle->leaderless + (oracle->leaders > 0 ? 0 : world->now - oracle->leaderless_from);
}

void oracle_touch(struct world *world, struct node *node) {
    sitting_touch(world, node);
}

void oracle_handles(struct node *node, const struct event *event) {
    node->outlook.claim.asked_all = event->type == EVENT_DATAGRAM && event->datagram.multicast;
    if (event->type == EVENT_WORK_STOPPED)
        node->outlook.claim.works = false;
}

void oracle_renamed(struct world *world, const struct node *node) {
    world->oracle.renamed_at = world->now;
    if (!votes(node))
        claim_renamed(world, node);
}

void oracle_clock(struct world *world, const struct node *node) {
    reign_reckon(world, node);
}

bool oracle_renamed_since(const struct world *world, usec_t time) {
    return world->oracle.renamed_at > 0 && world->oracle.renamed_at >= time;
}

void oracle_sent(struct world *world, struct node *node, const struct wire_message *message, const struct node *to) {
    if (message->header.type == WIRE_LEADER)
        node->outlook.key = message->leader.key;
    if (votes(node))
        reign_sent(world, node, message);
    else
        claim_sent(world, node, message, to);
}

void oracle_received(struct node *node, const struct node *from, const struct wire_message *message) {
    if (votes(node) || message->has_roster) /* what goes by the other policy is not heeded */
        return;
    claim_received(node, from, message);
    sitting_received(node, message);
}

/* Twice perhaps, where its work stops first. */
static void count_defeat(const struct world *world, struct outlook *outlook) {
    if (world->now - outlook->defeat_at > HELD_BACK_US)
        outlook->defeats = 0;
    outlook->defeats++;
    outlook->defeat_at = world->now;
}

void oracle_notice(const struct world *world, struct node *node, const struct notice *notice) {
    if (notice->type == NOTICE_NO_LEADER && notice->reason == REASON_MERGE && node->outlook.state == NODE_LEADER)
        count_defeat(world, &node->outlook);
    reign_notice(node, notice);
}

bool oracle_held_back(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct outlook *outlook = &world->nodes[i].outlook;
        if (outlook->defeats >= DEFEATS_MAX && world->now - outlook->defeat_at <= HELD_BACK_US)
            return true;
    }
    return false;
}

static void forget_outlook(struct world *world, struct node *node) {
    count_leaders(world, node->outlook.leads, false);
    note_change(world);
    node->outlook = (struct outlook){ .deadline_seen = USEC_NEVER, .sitting.doubted_at = USEC_NEVER };
    oracle_touch(world, node);
}

/* Among those that vote a token counts for nothing whose seats are not known (MAJ-12). */
static uint64_t epoch_kept(const struct node *node) {
    uint64_t epoch = node->disk.durable.own.epoch;

    return votes(node) && epoch > node->disk.durable.roster.epoch ? 0 : epoch;
}

void oracle_start(struct world *world, struct node *node) {
    forget_outlook(world, node);
    node->outlook.epoch = epoch_kept(node);
}

void oracle_end(struct world *world, struct node *node) {
    forget_outlook(world, node);
    reign_reckon(world, node);
}

static void leaderships_grow(struct oracle *oracle) {
    size_t size = oracle->size ? 2 * oracle->size : 16;
    struct leadership *list = realloc(oracle->list, size * sizeof(*list));

    if (!list)
        abort();
    oracle->list = list;
    oracle->size = size;
}

static void leadership_begins(struct world *world, struct node *node, const struct token *token) {
    struct oracle *oracle = &world->oracle;

    for (size_t i = 0; i < oracle->count; i++)
        if (!node->disk.borrowed && node_id_equal(&oracle->list[i].token.leader, &token->leader) &&
            oracle->list[i].token.epoch >= token->epoch)
            world_fail(world, "n%" PRIu32 " leads in epoch %" PRIu64 ", but its id has led in %" PRIu64, number(node),
                       token->epoch, oracle->list[i].token.epoch);
    if (token->epoch > node->disk.durable.epoch_block)
        world_fail(world, "n%" PRIu32 " leads in epoch %" PRIu64 ", reserved on disk are those up to %" PRIu64,
                   number(node), token->epoch, node->disk.durable.epoch_block);
    if (oracle->count == LEADERSHIPS_MAX)
        world_fail(world, "more than %d leaderships in a run", LEADERSHIPS_MAX);
    if (oracle->count == oracle->size)
        leaderships_grow(oracle);
    oracle->list[oracle->count++] = (struct leadership){ *token, node->index, world->now };
    if (votes(node))
        reign_begins(world, node, token);
    else
        sitting_judge(world, node);
    trace_note(world, node, "=== leadership %zu: epoch %" PRIu64, oracle->count, token->epoch);
}

static void judge_leader(struct world *world, struct node *node, const struct core_view *view) {
    const struct outlook *before = &node->outlook;

    if (view->state != NODE_LEADER)
        return;
    if (!view->has_leader && view->leads)
        world_fail(world, "n%" PRIu32 " leads without a token", number(node));
    if (view->epoch != before->epoch || before->state != NODE_LEADER)
        leadership_begins(world, node, &(struct token){ view->epoch, view->id });
}

static void judge_named(struct world *world, struct node *node, const struct core_view *view) {
    const struct token *before = &node->outlook.named;

    if (view->leads && !node_id_equal(&view->leader.leader, &view->id))
        world_fail(world, "n%" PRIu32 " leads, but names another leader", number(node));
    if (!view->has_leader)
        return;
    if (!node_id_equal(&before->leader, &view->leader.leader) && view->leader.epoch <= before->epoch)
        world_fail(world, "n%" PRIu32 " names another leader with epoch %" PRIu64 " after one with %" PRIu64,
                   number(node), view->leader.epoch, before->epoch);
    if (!votes(node) && !view->leads && !node_id_equal(&before->leader, &view->leader.leader))
        sitting_left(world, node, &before->leader, &view->leader.leader);
    node->outlook.named = view->leader;
}

static void remember(struct world *world, struct node *node, const struct core_view *view) {
    struct outlook *outlook = &node->outlook;

    if (outlook->leads != view->leads || outlook->has_leader != view->has_leader || outlook->state != view->state ||
        !token_equal(&outlook->leader, &view->leader))
        note_change(world);
    count_leaders(world, outlook->leads, view->leads);
    outlook->state = view->state;
    outlook->standing = view->standing;
    outlook->leads = view->leads;
    outlook->has_leader = view->has_leader;
    outlook->leader = view->leader;
    outlook->epoch = view->epoch;
}

/* NULL, or which invariant is broken. Most of the work is with the tables of large clusters. */
static const char *check(const struct world *world, const struct node *node) {
    bool skipped = world->config.check_every > 0 && world->steps % world->config.check_every != 0;

    return skipped ? NULL : core_check(node->core);
}

void oracle_step(struct world *world, struct node *node) {
    const char *broken = check(world, node);
    struct core_view view;

    if (broken)
        world_fail(world, "n%" PRIu32 " breaks an invariant: %s", number(node), broken);
    core_view(node->core, node_time(node, world->now), &view);
    if (view.epoch < node->outlook.epoch)
        world_fail(world, "n%" PRIu32 " falls from epoch %" PRIu64 " to %" PRIu64, number(node), node->outlook.epoch,
                   view.epoch);
    if (!votes(node))
        sitting_follow(world, node, &view);
    judge_leader(world, node, &view);
    judge_named(world, node, &view);
    if (votes(node))
        reign_judge(world, node, &view);
    else
        claim_judge(world, node, &view);
    remember(world, node, &view);
}

void oracle_pause(struct world *world, struct node *node) {
    count_leaders(world, node->outlook.leads, false);
    node->outlook.leads = false;
    note_change(world);
    oracle_touch(world, node);
}

void oracle_resume(struct world *world, struct node *node, usec_t duration) {
    struct core_view view;

    core_view(node->core, node_time(node, world->now), &view);
    oracle_touch(world, node);
    if (duration > view.detect && !votes(node))
        claim_slept(world, node, &view);
    if (view.leads && duration > view.detect && !votes(node))
        world_fail(world, "n%" PRIu32 " says that it leads after a pause of %" PRId64 " us", number(node), duration);
    remember(world, node, &view);
}

void oracle_deadline(struct world *world, struct node *node, usec_t node_now) {
    struct outlook *outlook = &node->outlook;

    outlook->deadlines = outlook->deadline_seen == node_now ? outlook->deadlines + 1 : 1;
    outlook->deadline_seen = node_now;
    if (outlook->deadlines > DEADLINES_AT_ONCE_MAX)
        world_fail(world, "n%" PRIu32 " asks for a deadline at the same instant for ever", number(node));
}

static bool in_part(const struct world *world, uint32_t first, uint32_t node) {
    return first == node || (node_runs(&world->nodes[node]) && net_connected(&world->net, first, node));
}

/* Of no part that a smaller index begins. */
static bool begins_part(const struct world *world, uint32_t node) {
    if (!node_runs(&world->nodes[node]))
        return false;
    for (uint32_t i = 0; i < node; i++)
        if (node_runs(&world->nodes[i]) && net_connected(&world->net, i, node))
            return false;
    return true;
}

/* It is the only one of its part, and hears a leader that cannot hear it: then it does not lead beside that one, but
 * stays without any leader, or with one that never answers (SUSP-12, MERGE-10). */
static bool hears_one_way(const struct world *world, uint32_t node) {
    bool one_way = false;

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        if (i != node && in_part(world, node, i))
            return false;
        one_way = one_way || (i != node && world->nodes[i].outlook.leads && net_passes(&world->net, i, node));
    }
    return one_way;
}

/* Every two of the part are connected, and one may lead. */
static bool part_is_judged(const struct world *world, uint32_t first) {
    bool eligible = false;

    for (uint32_t i = first; i < world->config.nodes; i++) {
        if (!in_part(world, first, i))
            continue;
        eligible = eligible || world->nodes[i].facts.eligible;
        for (uint32_t j = first; world->net.rules > 0 && j < i; j++)
            if (in_part(world, first, j) && !in_part(world, j, i))
                return false;
    }
    return eligible && world->net.ports[first].up && !hears_one_way(world, first);
}

/* Two hosts that are copies of each other have noticed that. */
static bool is_unique(const struct world *world, uint32_t first, uint32_t node, char ret_why[ORACLE_TEXT_MAX]) {
    for (uint32_t i = first; i < node; i++) {
        if (!in_part(world, first, i) || !node_id_equal(&world->nodes[i].id, &world->nodes[node].id))
            continue;
        snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " and n%" PRIu32 " have the same id", i + 1, node + 1);
        return false;
    }
    return true;
}

/* Returns whether the part agrees; if not, ret_why says what is missing. */
static bool part_agrees(const struct world *world, uint32_t first, char ret_why[ORACLE_TEXT_MAX]) {
    const struct outlook *model = &world->nodes[first].outlook;
    uint32_t leaders = 0;

    for (uint32_t i = first; i < world->config.nodes; i++) {
        const struct outlook *outlook = &world->nodes[i].outlook;

        if (!in_part(world, first, i))
            continue;
        if (!is_unique(world, first, i, ret_why))
            return false;
        leaders += outlook->leads;
        if (!outlook->has_leader) {
            snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " knows no leader", i + 1);
            return false;
        }
        if (!token_equal(&outlook->leader, &model->leader)) {
            snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " and n%" PRIu32 " name different leaders", first + 1,
                     i + 1);
            return false;
        }
    }
    snprintf(ret_why, ORACLE_TEXT_MAX, "%" PRIu32 " leaders in the part of n%" PRIu32, leaders, first + 1);
    return leaders == 1;
}

bool oracle_judge(const struct world *world, char ret_why[ORACLE_TEXT_MAX]) {
    if (world->config.expect > 0)
        return reign_settled(world, ret_why);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (begins_part(world, i) && part_is_judged(world, i) && !part_agrees(world, i, ret_why))
            return false;
    return true;
}

bool oracle_agreed(const struct world *world) {
    char why[ORACLE_TEXT_MAX];

    return (world->oracle.leaders > 0 || world->config.expect > 0) && oracle_judge(world, why);
}

int64_t oracle_leader(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes && world->oracle.leaders == 1; i++)
        if (world->nodes[i].outlook.leads)
            return i;
    return -1;
}
