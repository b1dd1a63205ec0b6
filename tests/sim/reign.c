/* SPDX-License-Identifier: ISC
 *
 * reign.c - see reign.h.
 */
#include "reign.h"

#include "core/roster.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>

static bool leads(const struct world *world, const struct node *node) {
    struct core_view view;

    if (!node_runs(node))
        return false;
    core_view(node->core, node_time(node, world->now), &view);
    return view.leads;
}

/* Somebody works because that node leads, or has led: as it was told by a host that has power still. */
static bool works(const struct world *world, const struct node *node) {
    bool told = node->life != LIFE_OFF && node_time(node, world->now) < node->told_until;

    return leads(world, node) || (world->config.bare && told);
}

static void judge_overlap(struct world *world, const struct node *node) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (i != node->index && works(world, &world->nodes[i]))
            world_fail(world, "n%" PRIu32 " and n%" PRIu32 " lead at the same time", node->index + 1, i + 1);
}

/* Of all that led before, or were elected: the list of leaderships is in the order in which they began. */
static void judge_token(struct world *world, const struct node *node, const struct token *token) {
    const struct oracle *oracle = &world->oracle;

    for (size_t i = 0; i < oracle->count; i++) {
        const struct token *other = &oracle->list[i].token;
        if (other->epoch == token->epoch && !node_id_equal(&other->leader, &token->leader))
            world_fail(world, "n%" PRIu32 " leads in epoch %" PRIu64 ", which another node has", node->index + 1,
                       token->epoch);
    }
    if (token->epoch < world->oracle.reigned)
        world_fail(world, "n%" PRIu32 " leads in epoch %" PRIu64 " after one in %" PRIu64, node->index + 1,
                   token->epoch, world->oracle.reigned);
    world->oracle.reigned = token->epoch;
}

void reign_judge(struct world *world, struct node *node, const struct core_view *view) {
    if (!view->leads)
        return;
    if (view->quorum.lease != USEC_NEVER)
        node->told_until = node_time(node, world->now) + view->quorum.lease;
    judge_overlap(world, node);
    judge_token(world, node, &view->leader);
}

/* The newest roster that anybody has: whoever is behind learns it from the leader. */
static struct wire_roster newest_roster(const struct world *world) {
    struct wire_roster newest = { .count = 0 };
    struct core_view view;

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        if (!node_runs(node))
            continue;
        core_view(node->core, node_time(node, world->now), &view);
        if (roster_compare(&view.quorum.roster, &newest) > 0)
            newest = view.quorum.roster;
    }
    return newest;
}

struct part {
    bool transitive;
    unsigned nodes, seats, leaders;
    bool eligible; /* one with a seat may lead */
};

static struct part look_at(const struct world *world, uint32_t first, const struct wire_roster *roster) {
    struct part part = { .transitive = true };

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        bool inside = i == first || (node_runs(node) && net_connected(&world->net, first, i));
        if (!inside)
            continue;
        for (uint32_t k = 0; k < world->config.nodes; k++)
            if (node_runs(&world->nodes[k]) && k != i && k != first &&
                net_connected(&world->net, first, k) != net_connected(&world->net, i, k))
                part.transitive = false;
        bool seated = roster_has(roster, &node->id);
        part.nodes++;
        part.seats += seated;
        part.eligible |= seated && node->facts.eligible && !node->read_only;
        part.leaders += leads(world, node);
    }
    return part;
}

/* Nobody has seats yet: all that are to found the cluster must be there, and no more. */
static bool can_lead(const struct world *world, const struct part *part, const struct wire_roster *roster) {
    if (!roster_is_known(roster))
        return part->nodes == world->config.expect;
    return part->seats >= roster_quorum(roster) && part->eligible;
}

bool reign_settled(const struct world *world, char ret_why[ORACLE_TEXT_MAX]) {
    const struct wire_roster roster = newest_roster(world);

    for (uint32_t i = 0; i < world->config.nodes; i++) {
        if (!node_runs(&world->nodes[i]) || !world->net.ports[i].up)
            continue;
        const struct part part = look_at(world, i, &roster);
        if (part.transitive && part.leaders != can_lead(world, &part, &roster)) {
            snprintf(ret_why, ORACLE_TEXT_MAX, "%u leaders in the part of n%" PRIu32 ", which has %u of %u seats",
                     part.leaders, i + 1, part.seats, roster.expect);
            return false;
        }
    }
    return true;
}
