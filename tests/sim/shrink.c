/* SPDX-License-Identifier: ISC
 *
 * shrink.c - see shrink.h: whatever can be left out one after the other, larger pieces first, until nothing can.
 */
#include "shrink.h"

struct shrinking {
    struct world *world; /* the smallest run so far */
    struct swarm swarm; /* and what is in it */
    unsigned runs;
    bool smaller; /* than at the beginning of this turn */
};

static bool attempt(struct shrinking *shrinking, const struct world_config *config, const struct swarm *swarm) {
    struct world *world;

    if (shrinking->runs++ >= SHRINK_RUNS_MAX)
        return false;
    world = world_new(config);
    swarm_play(world, swarm);
    if (!world->failure[0]) {
        world_free(world);
        return false;
    }
    world_free(shrinking->world);
    shrinking->world = world;
    shrinking->swarm = *swarm;
    shrinking->smaller = true;
    return true;
}

static void fewer_faults(struct shrinking *shrinking) {
    const uint64_t all = ((uint64_t)1 << SWARM_FAULTS_END) - 2; /* they count from 1 */

    for (unsigned piece = SWARM_FAULTS_END; piece > 0; piece /= 2)
        for (unsigned first = 1; first < SWARM_FAULTS_END; first += piece) {
            const struct world_config config = shrinking->world->config;
            struct swarm swarm = shrinking->swarm;

            swarm.without |= (((uint64_t)1 << piece) - 1) << first & all;
            if (swarm.without != shrinking->swarm.without)
                attempt(shrinking, &config, &swarm);
        }
}

static bool with_nodes(struct shrinking *shrinking, uint32_t nodes) {
    const struct swarm swarm = shrinking->swarm;
    struct world_config config = shrinking->world->config;

    if (nodes == 0 || nodes == config.nodes || nodes < config.expect)
        return false;
    config.nodes = nodes;
    return attempt(shrinking, &config, &swarm);
}

static void fewer_nodes(struct shrinking *shrinking) {
    while (with_nodes(shrinking, shrinking->world->config.nodes / 2))
        continue;
    while (with_nodes(shrinking, shrinking->world->config.nodes - 1))
        continue;
}

static void simpler_setting(struct shrinking *shrinking) {
    const struct swarm swarm = shrinking->swarm;
    struct world_config config = shrinking->world->config;

    config.loss_ppm = 0;
    if (shrinking->world->config.loss_ppm > 0)
        attempt(shrinking, &config, &swarm);
    config = shrinking->world->config;
    config.work_stop = 0;
    if (shrinking->world->config.work_stop > 0)
        attempt(shrinking, &config, &swarm);
}

/* Begins with the run itself, untold. */
struct world *shrink(const struct world_config *config, struct swarm *swarm) {
    struct shrinking shrinking = { .world = world_new(config), .swarm = *swarm };

    shrinking.world->config.trace = NULL;
    shrinking.world->config.cover = NULL;
    swarm_play(shrinking.world, swarm);
    do {
        shrinking.smaller = false;
        fewer_faults(&shrinking);
        fewer_nodes(&shrinking);
        simpler_setting(&shrinking);
    } while (shrinking.smaller && shrinking.runs < SHRINK_RUNS_MAX);
    *swarm = shrinking.swarm;
    return shrinking.world;
}
