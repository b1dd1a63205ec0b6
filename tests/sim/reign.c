/* SPDX-License-Identifier: ISC
 *
 * reign.c - see reign.h.
 */
#include "reign.h"

#include "base/util.h"
#include "core/roster.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>

/* MAJ-7, once what has queued is read. */
static usec_t recovery(const struct world *world) {
    return params_recovery(params_promise(&world->config.timing)) + 10 * USEC_PER_MS;
}

/* ---- at any time ---- */

static void look(const struct world *world, const struct node *node, struct core_view *ret_view) {
    core_view(node->core, node_time(node, world->now), ret_view);
}

static usec_t end_of_lease(const struct core_view *view) {
    if (!view->leads)
        return 0;
    return view->quorum.lease == USEC_NEVER ? USEC_NEVER : view->at + view->quorum.lease;
}

/* By its own clock, without further news. */
static usec_t end_of_office(const struct world *world, const struct node *node) {
    usec_t answers = 0;

    if (node->core) {
        struct core_view view;
        look(world, node, &view);
        answers = end_of_lease(&view);
    }
    return max_i64(answers, holder_over(&node->holder));
}

void reign_reckon(struct world *world, const struct node *node) {
    usec_t end = end_of_office(world, node);
    uint32_t other;

    if (node->expect == 0)
        return;
    if (end != USEC_NEVER)
        end = node_world_time(node, end);
    if (!ledger_hold(&world->oracle.ledger, node->index, world->now, end, &other))
        world_fail(world, "n%" PRIu32 " and n%" PRIu32 " hold office at the same time", node->index + 1, other + 1);
}

void reign_begins(struct world *world, struct node *node, const struct token *token) {
    node->outlook.reign.without_since = node_time(node, world->now);
    if (!ledger_elected(&world->oracle.ledger, token))
        world_fail(world, "n%" PRIu32 " is elected in epoch %" PRIu64 ", which another node has been", node->index + 1,
                   token->epoch);
}

void reign_notice(struct node *node, const struct notice *notice) {
    if (notice->type == NOTICE_LEADER)
        node->outlook.reign.told = node_id_equal(&notice->token.leader, &node->id);
    else if (notice->type == NOTICE_NO_LEADER)
        node->outlook.reign.told = false;
}

/* What it says is said after a step that is done. */
void reign_sent(struct world *world, const struct node *node, const struct wire_message *message) {
    const struct reign *reign = &node->outlook.reign;
    bool releases = message->header.type == WIRE_RESIGN && message->resign.released;
    struct core_view view;

    if (!node->core || (!releases && message->header.type != WIRE_ACK))
        return;
    look(world, node, &view);
    if (releases && (view.leads || (!node->holder.orphan && holder_over(&node->holder) > view.at)))
        world_fail(world, "n%" PRIu32 " releases its voters while somebody works", node->index + 1);
    if (!releases && view.standing == STANDING_WITHOUT_LEASE && view.at > reign->without_since + recovery(world) &&
        core_deadline(node->core) > view.at)
        world_fail(world, "n%" PRIu32 " has no lease for too long, and goes on", node->index + 1);
}

static void judge_token(struct world *world, struct node *node, const struct core_view *view) {
    struct reign *reign = &node->outlook.reign;

    if (!view->leads || token_equal(&view->leader, &reign->leased))
        return;
    reign->leased = view->leader;
    if (!ledger_leased(&world->oracle.ledger, &view->leader))
        world_fail(world, "n%" PRIu32 " leads in epoch %" PRIu64 ", and one as high has been led in before",
                   node->index + 1, view->leader.epoch);
}

/* As soon as it has handled what is due. */
static void judge_watchers(struct world *world, const struct node *node, const struct core_view *view) {
    if (view->leads && !node->outlook.reign.told)
        world_fail(world, "n%" PRIu32 " leads, and those that watch do not know", node->index + 1);
    if (!view->leads && node->outlook.reign.told && core_deadline(node->core) > view->at)
        world_fail(world, "n%" PRIu32 " leads no more, and those that watch do not know", node->index + 1);
}

void reign_judge(struct world *world, struct node *node, const struct core_view *view) {
    struct reign *reign = &node->outlook.reign;

    if (reign->leads && !view->leads)
        reign->without_since = view->at;
    reign->leads = view->leads;
    judge_token(world, node, view);
    judge_watchers(world, node, view);
    reign_reckon(world, node);
}

/* ---- at rest ---- */

struct part {
    bool transitive;
    unsigned nodes, seats, leaders;
    bool eligible; /* one with a seat may lead */
    bool founders; /* all go by the same number of seats, and are free to found a cluster with each other */
    bool crowd; /* there are more than are expected to: if enough is lost some may found one all the same */
    struct wire_roster roster; /* the newest that is known in it */
    const struct node *leader;
};

/* Who goes by quorum = none is not there for these. */
static bool in_part(const struct world *world, uint32_t first, uint32_t node) {
    const struct node *other = &world->nodes[node];

    return node_runs(other) && other->expect > 0 && (node == first || net_connected(&world->net, first, node));
}

/* Every two of them that are connected with the first one are so with each other. */
static bool is_transitive(const struct world *world, uint32_t first) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        for (uint32_t k = 0; k < world->config.nodes && in_part(world, first, i); k++)
            if (i != k && k != first && i != first &&
                in_part(world, first, k) != in_part(world, i, k))
                return false;
    return true;
}

static void count_node(const struct world *world, const struct node *node, struct part *part) {
    struct core_view view;

    look(world, node, &view);
    part->nodes++;
    if (roster_compare(&view.quorum.roster, &part->roster) > 0)
        part->roster = view.quorum.roster;
    part->leaders += view.leads;
    part->leader = view.leads ? node : part->leader;
}

/* MAJ-12: whoever is bound to another bootstrap founds no cluster with these. */
static bool is_free(const struct world *world, uint32_t first, const struct node *node) {
    const struct wire_roster *pin = &node->disk.durable.pin;
    unsigned pinned = 0;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        pinned += in_part(world, first, i) && roster_has(pin, &world->nodes[i].id);
    return !roster_is_known(pin) || pinned == pin->count;
}

static struct part look_at(const struct world *world, uint32_t first) {
    struct part part = { .transitive = is_transitive(world, first), .founders = true };

    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (in_part(world, first, i))
            count_node(world, &world->nodes[i], &part);
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        if (!in_part(world, first, i))
            continue;
        bool seated = roster_has(&part.roster, &node->id);
        part.seats += seated;
        part.eligible |= seated && node->facts.eligible && !node->read_only;
        part.founders &= node->expect == part.nodes && !node->read_only && is_free(world, first, node);
        part.crowd |= node->expect < part.nodes && !roster_is_known(&part.roster);
    }
    return part;
}

static bool may_lead(const struct world *world, uint32_t first, const struct part *part) {
    bool eligible = false;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        eligible = eligible || (in_part(world, first, i) && world->nodes[i].facts.eligible);
    if (!roster_is_known(&part->roster))
        return part->founders && eligible;
    return part->seats >= roster_quorum(&part->roster) && part->eligible;
}

static bool names(const struct node *node, const struct node *leader) {
    return node->outlook.has_leader && token_equal(&node->outlook.leader, &leader->outlook.leader);
}

static bool part_is_settled(const struct world *world, uint32_t first, char ret_why[REIGN_TEXT_MAX]) {
    const struct part part = look_at(world, first);

    if (!part.transitive || (part.crowd && part.leaders == 0))
        return true;
    if (part.leaders != may_lead(world, first, &part)) {
        snprintf(ret_why, REIGN_TEXT_MAX, "%u leaders in the part of n%" PRIu32 ", which has %u of %u seats",
                 part.leaders, first + 1, part.seats, part.roster.expect);
        return false;
    }
    for (uint32_t i = 0; i < world->config.nodes && part.leader; i++) {
        if (!in_part(world, first, i) || names(&world->nodes[i], part.leader))
            continue;
        snprintf(ret_why, REIGN_TEXT_MAX, "n%" PRIu32 " does not name n%" PRIu32 ", which leads", i + 1,
                 part.leader->index + 1);
        return false;
    }
    return true;
}

bool reign_settled(const struct world *world, char ret_why[REIGN_TEXT_MAX]) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (node_runs(&world->nodes[i]) && world->nodes[i].expect > 0 && world->net.ports[i].up &&
            !part_is_settled(world, i, ret_why))
            return false;
    return true;
}
