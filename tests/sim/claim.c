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
    WRITTEN_US = 5 * 1000000, /* in the background, but by then */
    HASTE_US = 600000, /* of a winner that announces itself, by the slowest clock ... */
    HASTE_TIMES = 5,
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

    return !claim->told && election->dead.epoch != 0 && election->nonce == vouch->nonce &&
           token_equal(&election->dead, &vouch->leader);
}

static bool is_senior(const struct rank_key *a, const struct rank_key *b) {
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->birth != b->birth ? a->birth < b->birth : node_id_compare(&a->id, &b->id) < 0;
}

/* While it stands its priority may be changed, and others hear what it said before that only now. */
static void note_standing(struct claim *claim, const struct wire_election *election) {
    const struct rank_key key = election->dead.epoch != 0 ? election->key : (struct rank_key){ 0 };

    if (claim->stood.timeline == key.timeline && node_id_equal(&claim->stood.id, &key.id) &&
        node_id_equal(&claim->stood_after, &election->dead.leader) && is_senior(&claim->stood, &key))
        return;
    claim->stood = key;
    claim->stood_after = election->dead.leader;
}

static void stands(struct world *world, struct node *node, const struct wire_election *election) {
    struct core_view view;

    if (is_vouched_for(&node->outlook.claim, election))
        world_fail(world, "n%" PRIu32 " stands, but has been told that its leader lives", node->index + 1);
    promises(world, node);
    core_view(node->core, node_time(node, world->now), &view);
    if (!view.facts.eligible)
        world_fail(world, "n%" PRIu32 " stands, but may not lead", node->index + 1);
    note_standing(&node->outlook.claim, election);
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

/* What a member was told with the last exchange it is not told again. */
static void spares_successors(struct world *world, const struct node *node, const struct node *to,
                              const struct wire_message *message) {
    struct claim *claim = &world->nodes[to->index].outlook.claim;
    struct token token = { message->ack.epoch, node->id };
    const struct wire_ack *ack = &message->ack;
    bool again = token_equal(&token, &claim->acked) && ack->exchange == claim->acked_exchange + 1 &&
                 ack->table_version == claim->acked_version;

    if (again && message->has_successors && !node->outlook.claim.registering)
        world_fail(world, "n%" PRIu32 " tells n%" PRIu32 " the successors again", node->index + 1, to->index + 1);
    claim->acked = token;
    claim->acked_exchange = ack->exchange;
    claim->acked_version = ack->table_version;
}

static void announces(struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;
    usec_t touched_at = node->outlook.sitting.touched_at;
    unsigned announced = claim->announced_epoch == claim->term ? claim->announced : 0;

    if (!view->leads || view->leader.epoch != claim->term || touched_at > claim->term_since) {
        claim->term = view->leads ? view->leader.epoch : 0;
        claim->term_since = world->now;
    } else if (world->now - claim->term_since > HASTE_US && announced < HASTE_TIMES) {
        world_fail(world, "n%" PRIu32 " leads and has said so %u times", node->index + 1, announced);
    }
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

static bool is_asked(const struct claim *claim, uint64_t nonce) {
    for (unsigned i = 0; i < claim->asked_count && i < CLAIM_NONCES; i++)
        if (claim->asked[i] == nonce)
            return true;
    return false;
}

static uint64_t question_of(const struct wire_message *message) {
    switch (message->header.type) {
    case WIRE_SUSPECT:
        return message->suspect.nonce;
    case WIRE_ELECTION:
        return message->election.nonce;
    case WIRE_HEARTBEAT:
        return message->heartbeat.question ? message->heartbeat.nonce : 0;
    default:
        return 0;
    }
}

/* What it sends or hears in the step in which its suspicion begins is part of it. */
static void note_question(struct node *node, const struct wire_message *message) {
    struct claim *claim = &node->outlook.claim;
    uint64_t nonce = question_of(message);

    if (nonce == 0 || is_asked(claim, nonce))
        return;
    claim->asked[claim->asked_count++ % CLAIM_NONCES] = nonce;
}

static void is_told_what_it_asks(struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;
    bool ends = node->outlook.standing == STANDING_SUSPECTING && view->standing == STANDING_FOLLOWING;

    if (ends && claim->vouched && !is_asked(claim, claim->vouch.nonce))
        world_fail(world, "n%" PRIu32 " trusts its leader again by a vouch for something else", node->index + 1);
    if (view->standing == STANDING_FOLLOWING)
        claim->asked_count = 0;
    claim->vouched = false;
}

void claim_sent(struct world *world, struct node *node, const struct wire_message *message, const struct node *to) {
    struct claim *claim = &node->outlook.claim;

    note_question(node, message);
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
        if (to)
            spares_successors(world, node, to, message);
        keeps_quiet(world, node);
        break;
    case WIRE_LEADER:
        keeps_quiet(world, node);
        claim->owes_leader = false;
        claim->told_at = world->now;
        if (!to)
            claim->announced = claim->announced_epoch == message->leader.epoch ? claim->announced + 1 : 1;
        claim->announced_epoch = message->leader.epoch;
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
        if (claim->asked_all)
            world_fail(world, "n%" PRIu32 " names its leader, but all were asked", node->index + 1);
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

static void writes_down(struct world *world, struct node *node, const struct core_view *view) {
    struct claim *claim = &node->outlook.claim;
    const struct token *written = &node->disk.durable.own;

    if (!view->has_leader || node->read_only || !token_equal(&view->leader, &claim->kept)) {
        claim->kept = view->leader;
        claim->kept_since = world->now;
    } else if (world->now - claim->kept_since > WRITTEN_US && !token_equal(&view->leader, written)) {
        world_fail(world, "n%" PRIu32 " names the leadership in epoch %" PRIu64 ", but has not written that down",
                   node->index + 1, view->leader.epoch);
    }
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
    note_question(node, message);
    if (message->header.type == WIRE_HEARTBEAT) {
        claim->registering = message->heartbeat.registering;
        claim->exchange = message->heartbeat.exchange;
        claim->exchange_nonce = message->heartbeat.question ? message->heartbeat.nonce : 0;
    }
    if (message->header.type == WIRE_ACK && message->ack.nonce == claim->question && claim->question != 0)
        claim->slept_epoch = 0;
    if (message->header.type == WIRE_ACK && node_id_equal(&message->header.sender, &node->outlook.leader.leader))
        claim->voted = false;
    if (message->header.type == WIRE_RESIGN)
        claim->resigned = true;
    claim->told = claim->told || message->header.type == WIRE_RESIGN || message->header.type == WIRE_FAREWELL;
    if (from->disk.borrowed || node->disk.borrowed) /* not heeded, if it is taken for a clone */
        return;
    switch (message->header.type) {
    case WIRE_MERGE_REPLY:
        hear_verdict(node, message);
        break;
    case WIRE_VOUCH:
        claim->vouch = message->vouch;
        claim->vouched = true;
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
    writes_down(world, node, view);
    announces(world, node, view);
    is_told_what_it_asks(world, node, view);
    claim->vouch_before = claim->vouch;
    if (!node_id_equal(&view->leader.leader, &node->outlook.leader.leader))
        claim->voted = false;
    claim->resigned = claim->resigned && view->standing != STANDING_FOLLOWING;
    claim->told = claim->told && view->standing != STANDING_FOLLOWING;
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
