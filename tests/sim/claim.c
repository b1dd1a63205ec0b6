/* SPDX-License-Identifier: ISC
 *
 * claim.c - see claim.h.
 */
#include "claim.h"

#include "base/util.h"
#include "world.h"

#include <inttypes.h>

static void give_up(struct node *node, uint64_t epoch) {
    struct claim *claim = &node->outlook.claim;

    claim->given_up = epoch > claim->given_up ? epoch : claim->given_up;
}

static void makes_room(struct world *world, struct node *node, uint64_t epoch) {
    if (node->outlook.claim.works)
        world_fail(world, "n%" PRIu32 " lets another one lead while its own work goes on", node->index + 1);
    give_up(node, epoch);
}

static void promises(struct world *world, const struct node *node) {
    if (node->read_only)
        world_fail(world, "n%" PRIu32 " votes or stands, but cannot write that down", node->index + 1);
}

/* Or acknowledges, as a leader. */
static void confirms(struct world *world, const struct node *node) {
    if (node->outlook.state != NODE_LEADER && node->outlook.claim.voted)
        world_fail(world, "n%" PRIu32 " confirms its leader, but has voted for another one", node->index + 1);
}

void claim_sent(struct world *world, struct node *node, const struct wire_message *message, const struct node *to) {
    struct claim *claim = &node->outlook.claim;

    switch (message->header.type) {
    case WIRE_LEADER_ELECTED:
        claim->voted = node->outlook.has_leader;
        promises(world, node);
        break;
    case WIRE_ELECTION:
        promises(world, node);
        break;
    case WIRE_ACK:
        confirms(world, node);
        break;
    case WIRE_STALE: /* it takes the sender of what it has just received for a clone, and heeds nothing of it */
        claim->given_up = claim->given_up_before;
        break;
    case WIRE_RESIGN:
        makes_room(world, node, message->resign.epoch);
        break;
    case WIRE_MERGE_REPLY:
        if (message->merge_reply.verdict == WIRE_KEEP_YOU)
            makes_room(world, node, node->outlook.epoch);
        break;
    case WIRE_REDIRECT:
        give_up(node, message->redirect.leader.epoch);
        break;
    case WIRE_HEARTBEAT:
        if (to) /* a leader's question goes to all */
            give_up(node, message->heartbeat.own.epoch);
        else
            claim->question = message->heartbeat.nonce;
        break;
    case WIRE_MERGE_REQUEST:
        claim->asked_boot = message->header.receiver_nonce;
        claim->asked_nonce = message->merge_request.nonce;
        claim->asked_epoch = message->merge_request.epoch;
        break;
    default:
        break;
    }
}

static void hear_verdict(struct node *node, const struct wire_message *message) {
    const struct claim *claim = &node->outlook.claim;
    const struct wire_merge_reply *reply = &message->merge_reply;

    if (message->header.boot_nonce != claim->asked_boot || reply->nonce != claim->asked_nonce ||
        claim->asked_epoch != node->outlook.epoch)
        return;
    if (node->outlook.leads && reply->verdict == WIRE_KEEP_ME && reply->epoch > node->outlook.epoch)
        give_up(node, node->outlook.epoch);
}

void claim_received(struct node *node, const struct node *from, const struct wire_message *message) {
    struct claim *claim = &node->outlook.claim;

    claim->given_up_before = claim->given_up;
    if (message->header.type == WIRE_ACK && message->ack.nonce == claim->question && claim->question != 0)
        claim->slept_epoch = 0;
    if (message->header.type == WIRE_ACK && node_id_equal(&message->header.sender, &node->outlook.leader.leader))
        claim->voted = false;
    if (from->disk.borrowed || node->disk.borrowed) /* not heeded, if it is taken for a clone */
        return;
    switch (message->header.type) {
    case WIRE_MERGE_REPLY:
        hear_verdict(node, message);
        break;
    case WIRE_LEADER:
        if (node->outlook.standing == STANDING_UNCONFIRMED && message->leader.epoch > node->outlook.epoch)
            give_up(node, node->outlook.epoch);
        break;
    default:
        break;
    }
}

void claim_slept(const struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;

    if (view->state != NODE_LEADER)
        return;
    claim->slept_epoch = view->epoch;
    claim->question = 0; /* the last one was before */
    claim->asks_until = node_time(node, world->now) + 2 * view->detect;
}

void claim_judge(struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;

    if (!node_id_equal(&view->leader.leader, &node->outlook.leader.leader))
        claim->voted = false;
    if (!view->leads)
        return;
    claim->works = true;
    if (view->leader.epoch <= claim->given_up)
        world_fail(world, "n%" PRIu32 " says that it leads in epoch %" PRIu64 ", but had given up those to %" PRIu64,
                   node->index + 1, view->leader.epoch, claim->given_up);
    if (view->leader.epoch == claim->slept_epoch && node_time(node, world->now) < claim->asks_until)
        world_fail(world, "n%" PRIu32 " has slept, and says that it leads before anybody told it so",
                   node->index + 1);
}
