/* SPDX-License-Identifier: ISC
 *
 * rest.c - see rest.h.
 */
#include "rest.h"

#include "base/str.h"
#include "roll.h"

#include <inttypes.h>

enum {
    TURN_US = 300000, /* between two starts that make a difference in age */
    DOUBT_US = 3 * 1000000,
    LEASES_LAST_PPM = 100000,
};

static bool somebody_leads(const struct world *world) {
    return world->oracle.leaders > 0;
}

void rest_found(struct world *world) {
    for (uint32_t i = 0; i < world->config.expect && i < world->config.nodes; i++)
        world_start(world, i);
    if (!world_run_until(world, somebody_leads, SETTLE_US))
        world_fail(world, "nobody founds the cluster");
}

void rest_start(struct world *world, uint32_t node) {
    if (node_runs(&world->nodes[node]))
        return;
    world_start(world, node);
    if (!world_run_until(world, somebody_leads, SETTLE_US))
        world_fail(world, "n%" PRIu32 " is alone and does not lead", node + 1);
    world_run(world, TURN_US);
}

void rest_settle(struct world *world, usec_t limit) {
    char why[ORACLE_TEXT_MAX] = "nobody leads", duration[STR_DURATION_SIZE];

    if (world_run_until(world, oracle_agreed, limit))
        return;
    oracle_judge(world, why);
    str_format_duration(limit, duration);
    world_fail(world, "no agreement after %s: %s", duration, why);
}

/* With more losses than a lease is promised to survive, and perhaps the last voters that are needed. */
static bool leases_get_lost(const struct world *world) {
    return world->config.expect > 0 && world->net.loss_ppm > LEASES_LAST_PPM;
}

void rest_quiet(struct world *world, usec_t duration) {
    usec_t doubt = world->net.loss_ppm > 0 || world->net.bad ? DOUBT_US : 0;
    size_t leaderships = world->oracle.count;
    char why[ORACLE_TEXT_MAX];

    world_run(world, duration);
    if (world->oracle.count != leaderships && leaderships > 0 && !leases_get_lost(world))
        world_fail(world, "a leadership changed although nothing happened");
    if (!world_run_until(world, oracle_agreed, doubt) && !oracle_judge(world, why))
        world_fail(world, "no agreement after a quiet time: %s", why);
    else if (!roll_call(world, why))
        world_fail(world, "after a quiet time %s", why);
}
