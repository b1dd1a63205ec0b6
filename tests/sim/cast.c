/* SPDX-License-Identifier: ISC
 *
 * cast.c - see cast.h.
 */
#include "cast.h"

#include <string.h>

/* Awake or not: a node that is hit in its sleep does not notice. */
static bool does_not_lead(const struct node *node) {
    return node_runs(node) && !node->outlook.leads;
}

/* One of those for which that holds, by chance. */
static bool choose_any(struct world *world, bool (*of)(const struct node *node), uint32_t *ret_node) {
    uint32_t count = 0, place;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        count += of(&world->nodes[i]);
    if (count == 0)
        return false;
    place = (uint32_t)rng_between(&world->rng, 0, count - 1);
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (of(&world->nodes[i]) && place-- == 0)
            *ret_node = i;
    return true;
}

/* By what happened to the hosts, not by what the cores made of it: priority, then who started or resigned earlier. */
static bool is_senior(const struct node *a, const struct node *b) {
    if (a->facts.priority != b->facts.priority)
        return a->facts.priority > b->facts.priority;
    return a->born < b->born;
}

static bool find_next(const struct world *world, uint32_t *ret_node) {
    int64_t leader = oracle_leader(world);
    bool found = false;

    for (uint32_t i = 0; i < world->config.nodes && leader >= 0; i++) {
        const struct node *node = &world->nodes[i];
        if (i == leader || !node_runs(node) || !node->facts.eligible ||
            !net_connected(&world->net, i, (uint32_t)leader))
            continue;
        if (!found || is_senior(node, &world->nodes[*ret_node]))
            *ret_node = i;
        found = true;
    }
    return found;
}

static bool find_leader(const struct world *world, uint32_t *ret_node) {
    int64_t leader = oracle_leader(world);

    if (leader >= 0)
        *ret_node = (uint32_t)leader;
    return leader >= 0;
}

static bool find_by_number(const struct world *world, uint32_t number, uint32_t *ret_node) {
    *ret_node = number;
    return number < world->config.nodes;
}

bool cast_find(const struct cast *cast, struct world *world, const struct who *who, uint32_t *ret_node) {
    switch (who->kind) {
    case WHO_NUMBER:
        return find_by_number(world, who->number, ret_node);
    case WHO_MID:
        return find_by_number(world, (world->config.nodes + 1) / 2 - 1, ret_node);
    case WHO_LAST:
        return find_by_number(world, world->config.nodes - 1, ret_node);
    case WHO_LEADER:
        return find_leader(world, ret_node);
    case WHO_NEXT:
        return find_next(world, ret_node);
    case WHO_ANY_NODE:
        return choose_any(world, node_runs, ret_node);
    case WHO_ANY_FOLLOWER:
        return choose_any(world, does_not_lead, ret_node);
    case WHO_NAMED:
        *ret_node = cast->node[who->number];
        return cast->known[who->number];
    }
    return false;
}

/* Whether the term means one node, which is then looked for once. */
static bool is_one(const struct term *term) {
    return term->first.kind == term->last.kind && term->first.number == term->last.number;
}

static bool choose_range(const struct cast *cast, struct world *world, const struct term *term, uint8_t *sides) {
    uint32_t first, last;

    if (!cast_find(cast, world, &term->first, &first))
        return false;
    last = first;
    if (!is_one(term) && !cast_find(cast, world, &term->last, &last))
        return false;
    for (uint32_t i = first; i <= last; i++)
        sides[i] |= (uint8_t)(1U << term->side);
    return first <= last;
}

bool cast_choose(const struct cast *cast, struct world *world, const struct statement *statement, uint8_t *sides) {
    bool good = true;

    memset(sides, 0, world->config.nodes);
    for (unsigned i = 0; i < statement->terms_count && good; i++) {
        const struct term *term = &statement->terms[i];
        if (term->kind == TERM_RANGE)
            good = choose_range(cast, world, term, sides);
        else
            for (uint32_t k = 0; k < world->config.nodes; k++)
                if (term->kind == TERM_ALL || sides[k] == 0)
                    sides[k] |= (uint8_t)(1U << term->side);
    }
    return good;
}
