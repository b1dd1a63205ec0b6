/* SPDX-License-Identifier: ISC
 *
 * claim.c - see claim.h.
 */
#include "claim.h"

#include "base/util.h"
#include "world.h"

#include <inttypes.h>

enum {
    DOUBT_US = 100000, /* several doubts within that time have one answer */
    ECHO_US = 12 * 1000000, /* a datagram is under way for so long, at most, that waits for a sleeper */
};

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

/* The nonce of a suspicion is that of its Suspect, its questions and its candidacy. */
static bool is_vouched_for(const struct claim *claim, const struct wire_election *election) {
    const struct wire_vouch *vouch = &claim->vouch_before;

    return election->dead.epoch != 0 && election->nonce == vouch->nonce &&
           node_id_equal(&election->dead.leader, &vouch->leader.leader);
}

static void stands(struct world *world, struct node *node, const struct wire_election *election) {
    struct core_view view;

    if (is_vouched_for(&node->outlook.claim, election))
        world_fail(world, "n%" PRIu32 " stands, but has been told that its leader lives", node->index + 1);
    promises(world, node);
    core_view(node->core, node_time(node, world->now), &view);
    if (!view.facts.eligible)
        world_fail(world, "n%" PRIu32 " stands, but may not lead", node->index + 1);
    node->outlook.claim.stood = election->dead.epoch != 0 ? election->key : (struct rank_key){ 0 };
    node->outlook.claim.stood_after = election->dead.leader;
}

static bool is_senior(const struct rank_key *a, const struct rank_key *b) {
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->birth != b->birth ? a->birth < b->birth : node_id_compare(&a->id, &b->id) < 0;
}

/* By the keys as they are told. After a Resign the one that it names comes first; who goes, or is told to, votes for
 * anybody. */
static void votes(struct world *world, const struct node *node, const struct node *candidate) {
    const struct rank_key *stood = &candidate->outlook.claim.stood;
    struct core_view view;
    struct rank_key mine;

    promises(world, node);
    core_view(node->core, node_time(node, world->now), &view);
    mine = (struct rank_key){ view.facts.priority, view.timeline, view.birth, view.id };
    if (!view.facts.eligible || !view.has_birth || mine.timeline != stood->timeline || node->read_only ||
        node->stopping ||
        !node_id_equal(&stood->id, &candidate->id) ||
        node_id_equal(&candidate->outlook.claim.stood_after, &node->id) || node->outlook.claim.resigned)
        return;
    if (is_senior(&mine, stood))
        world_fail(world, "n%" PRIu32 " votes for n%" PRIu32 ", which is its junior", node->index + 1,
                   candidate->index + 1);
}

/* Before and after the step in which it would answer. */
static void keeps_quiet(struct world *world, const struct node *node) {
    struct core_view view;

    core_view(node->core, node_time(node, world->now), &view);
    if (node->outlook.standing == STANDING_UNCONFIRMED && view.standing == STANDING_UNCONFIRMED)
        world_fail(world, "n%" PRIu32 " does not know whether it leads, and answers", node->index + 1);
}

static void names_the_question(struct world *world, const struct node *node, const struct wire_ack *ack) {
    const struct claim *claim = &node->outlook.claim;

    if (ack->exchange == claim->exchange && ack->nonce != claim->exchange_nonce)
        world_fail(world, "n%" PRIu32 " answers a question, but does not say which", node->index + 1);
}

void claim_renamed(struct world *world, const struct node *node) {
    bool echoes = world->now - node->born < ECHO_US; /* of what it sent before its start, where multicast comes back */

    if (!node->disk.borrowed && !echoes)
        world_fail(world, "n%" PRIu32 " takes another id, but nobody else has its own", node->index + 1);
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
        claim->voted_for = to->id;
        votes(world, node, to);
        break;
    case WIRE_ELECTION:
        stands(world, node, &message->election);
        break;
    case WIRE_ACK:
        confirms(world, node);
        names_the_question(world, node, &message->ack);
        keeps_quiet(world, node);
        break;
    case WIRE_LEADER:
        keeps_quiet(world, node);
        claim->owes_leader = false;
        claim->told_at = world->now;
        break;
    case WIRE_STALE: /* it takes the sender of what it has just received for a clone, and heeds nothing of it */
        claim->given_up = claim->given_up_before;
        claim->owes_leader = false;
        break;
    case WIRE_RESIGN:
        claim->resigned = true;
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
        keeps_quiet(world, node);
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

/* By a suspicion of it, or a candidacy. */
static bool is_doubted(const struct node *node, const struct node *from, const struct wire_message *message) {
    bool suspected = message->header.type == WIRE_SUSPECT &&
                     node_id_equal(&message->suspect.leader.leader, &node->id);

    if (node->outlook.standing != STANDING_LEADING || from == node || from->disk.borrowed || node->disk.borrowed)
        return false;
    return suspected || message->header.type == WIRE_ELECTION;
}

static void answers_doubts(struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;

    if (claim->owes_leader && view->standing == STANDING_LEADING && world->now - claim->told_at > DOUBT_US)
        world_fail(world, "n%" PRIu32 " leads and is doubted, and does not say that it leads", node->index + 1);
    claim->owes_leader = false;
}

void claim_received(struct node *node, const struct node *from, const struct wire_message *message) {
    struct claim *claim = &node->outlook.claim;

    claim->given_up_before = claim->given_up;
    claim->owes_leader = is_doubted(node, from, message);
    claim->exchange = 0;
    if (message->header.type == WIRE_HEARTBEAT) {
        claim->exchange = message->heartbeat.exchange;
        claim->exchange_nonce = message->heartbeat.question ? message->heartbeat.nonce : 0;
    }
    if (message->header.type == WIRE_ACK && message->ack.nonce == claim->question && claim->question != 0)
        claim->slept_epoch = 0;
    if (message->header.type == WIRE_ACK && node_id_equal(&message->header.sender, &node->outlook.leader.leader))
        claim->voted = false;
    if (message->header.type == WIRE_RESIGN)
        claim->resigned = true;
    if (from->disk.borrowed || node->disk.borrowed) /* not heeded, if it is taken for a clone */
        return;
    switch (message->header.type) {
    case WIRE_MERGE_REPLY:
        hear_verdict(node, message);
        break;
    case WIRE_VOUCH:
        claim->vouch = message->vouch;
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

    answers_doubts(world, node, view);
    claim->vouch_before = claim->vouch;
    if (!node_id_equal(&view->leader.leader, &node->outlook.leader.leader))
        claim->voted = false;
    claim->resigned = claim->resigned && view->standing != STANDING_FOLLOWING;
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
