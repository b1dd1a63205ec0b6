/* SPDX-License-Identifier: ISC
 *
 * sitting.c - see sitting.h.
 */
#include "sitting.h"

#include "base/util.h"
#include "trace.h"
#include "world.h"

#include <inttypes.h>

void sitting_touch(struct world *world, struct node *node) {
    if (node)
        node->outlook.sitting.touched_at = world->now;
    else
        world->oracle.sitting.changed_at = world->now;
}

static bool is_prompt(const struct world *world) {
    const struct delay *delay = &world->config.profile->unicast;

    return 2 * max_i64(delay->max, delay->tail_max) < world->config.timing.detect / 2;
}

/* Whether the two reach each other in every case, and did since they were last touched. */
static bool reach(const struct world *world, const struct node *a, const struct node *b, usec_t since) {
    const struct net *net = &world->net;

    if (net->loss_ppm > 0 || net->bad || net->late_ppm > 0 || !is_prompt(world) || a->disk.borrowed || b->disk.borrowed)
        return false;
    if (world->oracle.sitting.changed_at > since || a->outlook.sitting.touched_at > since ||
        b->outlook.sitting.touched_at > since)
        return false;
    return net_connected(net, a->index, b->index);
}

/* The leader of that leadership, if it says that it leads. */
static const struct node *sitting_leader(const struct world *world, const struct token *token) {
    const struct node *leader = world_node_by_id(world, &token->leader);

    if (!leader || !leader->outlook.leads || !token_equal(&leader->outlook.leader, token))
        return NULL;
    return leader;
}

static bool is_judged(const struct world *world, const struct node *node, const struct node *leader) {
    usec_t since = node->outlook.sitting.doubted_at - 2 * world->config.timing.detect;

    return reach(world, node, leader, since);
}

static void doubt(struct world *world, struct node *node) {
    struct sitting *sitting = &node->outlook.sitting;
    const struct node *leader;

    sitting->doubted = node->outlook.leader;
    sitting->doubted_at = world->now;
    leader = sitting_leader(world, &sitting->doubted);
    world->oracle.sitting.doubts++;
    if (leader && is_judged(world, node, leader))
        world->oracle.sitting.doubts_judged++;
}

void sitting_follow(struct world *world, struct node *node, const struct core_view *view) {
    struct sitting *sitting = &node->outlook.sitting;

    if (view->standing == STANDING_FOLLOWING)
        sitting->doubted_at = USEC_NEVER;
    else if (node->outlook.standing == STANDING_FOLLOWING)
        doubt(world, node);
}

void sitting_received(struct node *node, const struct wire_message *message) {
    if (message->header.type == WIRE_LEADER && message->leader.absorbed.epoch != 0)
        node->outlook.sitting.absorbed = message->leader.absorbed;
}

void sitting_left(struct world *world, struct node *node, const struct node_id *before, const struct node_id *now) {
    const struct node *leader = world_node_by_id(world, before);
    const struct claim *claim = &node->outlook.claim;

    if (node->outlook.standing != STANDING_FOLLOWING || !leader || !leader->outlook.leads)
        return;
    if (node_id_equal(&node->outlook.sitting.absorbed.leader, before))
        return;
    if (claim->voted && node_id_equal(&claim->voted_for, now))
        return;
    if (reach(world, node, leader, world->now - 2 * world->config.timing.detect))
        world_fail(world, "n%" PRIu32 " leaves n%" PRIu32 ", which leads and can be reached", node->index + 1,
                   leader->index + 1);
}

void sitting_judge(struct world *world, struct node *node) {
    struct sitting *sitting = &node->outlook.sitting;
    const struct node *leader;

    if (sitting->doubted_at == USEC_NEVER)
        return;
    leader = sitting_leader(world, &sitting->doubted);
    if (leader && leader != node && is_judged(world, node, leader))
        world_fail(world, "n%" PRIu32 " displaces n%" PRIu32 ", which leads in epoch %" PRIu64 " and can be reached",
                   node->index + 1, leader->index + 1, sitting->doubted.epoch);
    world->oracle.sitting.displaced += leader && leader != node;
    sitting->doubted_at = USEC_NEVER;
}
