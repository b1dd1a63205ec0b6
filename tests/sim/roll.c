/* SPDX-License-Identifier: ISC
 *
 * roll.c - see roll.h.
 */
#include "roll.h"

#include "base/util.h"
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* At each change of leader a delay: that of a datagram which waited until its reader woke up, the longest sleep. */
static const usec_t age_tolerance_us = 12 * USEC_PER_SEC;

/* Until a former id is forgotten (MEMB-3), and all have heard how many there are. */
static const usec_t renaming_us = 12 * USEC_PER_SEC;

static bool follows(const struct node *node, const struct node *leader) {
    return node_runs(node) && node != leader && node->outlook.has_leader &&
           token_equal(&node->outlook.leader, &leader->outlook.leader);
}

static uint32_t followers(const struct world *world, const struct node *leader) {
    uint32_t count = 0;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        count += follows(&world->nodes[i], leader);
    return count;
}

/* Nobody sleeps or doubts: what is known is as new as it can be. */
static bool is_at_rest(const struct world *world, const struct node *leader) {
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        const struct node *node = &world->nodes[i];
        if (follows(node, leader) && (node->life != LIFE_RUNNING || node->outlook.standing != STANDING_FOLLOWING))
            return false;
    }
    return leader->life == LIFE_RUNNING;
}

static bool clocks_are_right(const struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (world->nodes[i].clock_drift_ppm != 0)
            return false;
    return true;
}

static bool has_its_age(const struct world *world, const struct core_peer *peer, const struct node *node,
                        char ret_why[ORACLE_TEXT_MAX]) {
    usec_t age = world->now - node->born;

    snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " is listed with an age of %lld ms, it is %lld", node->index + 1,
             peer->age / USEC_PER_MS, age / USEC_PER_MS);
    return !clocks_are_right(world) || llabs(peer->age - age) <= age_tolerance_us;
}

/* What a leader knows of a member. */
static bool is_as_told(const struct world *world, const struct core_peer *peer, const struct node *node,
                       char ret_why[ORACLE_TEXT_MAX]) {
    if (peer->facts.priority == node->facts.priority && peer->facts.eligible == node->facts.eligible)
        return has_its_age(world, peer, node, ret_why);
    snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " is listed with an earlier configuration", node->index + 1);
    return false;
}

static bool lists_all(const struct world *world, const struct node *leader, char ret_why[ORACLE_TEXT_MAX]) {
    usec_t now = node_time(leader, world->now);
    struct core_peer peer;
    uint32_t index = 1; /* itself is 0 */

    for (; core_peer(leader->core, now, index, &peer); index++) {
        const struct node *node = world_node_by_id(world, &peer.id);
        if (node && follows(node, leader) && !is_as_told(world, &peer, node, ret_why))
            return false;
    }
    snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " lists %" PRIu32 " members, %" PRIu32 " nodes follow it",
             leader->index + 1, index - 1, followers(world, leader));
    return index - 1 == followers(world, leader);
}

static bool knows_the_count(const struct world *world, const struct node *node, const struct node *leader,
                            char ret_why[ORACLE_TEXT_MAX]) {
    usec_t now = node_time(node, world->now);
    uint32_t members = followers(world, leader) + 1;
    struct core_view view;
    struct core_peer peer;

    core_view(node->core, now, &view);
    snprintf(ret_why, ORACLE_TEXT_MAX, "n%" PRIu32 " counts %" PRIu32 " members of %" PRIu32 "%s", node->index + 1,
             view.members, members, view.has_birth ? "" : ", and has no birth");
    if (!view.has_birth || view.members != members)
        return false;
    if (!core_peer(node->core, now, 1, &peer) || peer.age < 0) /* every Leader was lost so far */
        return true;
    return has_its_age(world, &peer, leader, ret_why);
}

static bool is_counted(const struct world *world, const struct node *leader, char ret_why[ORACLE_TEXT_MAX]) {
    if (!is_at_rest(world, leader))
        return true;
    if (!lists_all(world, leader, ret_why))
        return false;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (follows(&world->nodes[i], leader) && !knows_the_count(world, &world->nodes[i], leader, ret_why))
            return false;
    return true;
}

bool roll_call(const struct world *world, char ret_why[ORACLE_TEXT_MAX]) {
    if (oracle_renamed_since(world, world->now - renaming_us))
        return true;
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (world->nodes[i].outlook.leads && !is_counted(world, &world->nodes[i], ret_why))
            return false;
    return true;
}
