/* SPDX-License-Identifier: ISC
 *
 * test_sim.c - a fixed set of simulated runs: every scenario at several sizes, with and without losses; and the proof
 * that a seed is a run.
 */
#include "scenario.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

/* Some runs of one scenario. */
struct batch {
    const char *scenario;
    uint32_t nodes;
    uint32_t loss_percent;
    unsigned runs;
};

static const struct batch batches[] = {
    { "together", 1, 0, 2 },    { "together", 2, 0, 20 },   { "together", 3, 0, 20 },   { "together", 5, 0, 20 },
    { "together", 30, 0, 2 },   { "together", 3, 20, 20 },  { "together", 10, 10, 10 }, { "one-by-one", 5, 0, 10 },
    { "one-by-one", 5, 20, 5 }, { "late", 2, 0, 5 },        { "late", 5, 10, 5 },       { "crash", 2, 0, 5 },
    { "crash", 3, 0, 10 },      { "crash", 5, 0, 10 },      { "crash", 10, 10, 5 },     { "kill", 3, 0, 10 },
    { "kill", 5, 0, 10 },       { "stop", 2, 0, 5 },        { "stop", 3, 0, 10 },       { "stop", 5, 10, 5 },
    { "resign", 2, 0, 5 },      { "resign", 3, 0, 10 },     { "resign", 5, 10, 5 },
    { "one-way", 3, 0, 2 }, { "one-way", 5, 20, 5 }, { "no-link", 3, 0, 2 }, { "no-link", 5, 20, 5 },
    { "mute-follower", 2, 0, 1 }, { "mute-follower", 5, 10, 2 }, { "mute-leader", 2, 0, 1 },
    { "mute-leader", 5, 20, 2 }, { "no-multicast", 2, 20, 2 }, { "no-multicast", 10, 20, 2 },
    { "pauses", 2, 0, 1 }, { "pauses", 3, 0, 3 }, { "pauses", 10, 20, 2 }, { "suspends", 2, 0, 1 },
    { "suspends", 3, 0, 3 }, { "suspends", 10, 0, 2 }, { "stalls", 2, 0, 2 },
    { "stalls", 5, 20, 3 }, { "late-successor", 3, 0, 5 }, { "late-successor", 5, 20, 5 },
    { "dead-successor", 2, 0, 5 }, { "dead-successor", 5, 0, 5 }, { "all-alone", 2, 0, 5 },
    { "all-alone", 10, 20, 3 }, { "winner-dies", 3, 0, 5 }, { "winner-dies", 5, 20, 5 },
    { "flapping", 2, 0, 1 }, { "flapping", 5, 0, 1 }, { "two-die", 3, 0, 5 }, { "two-die", 10, 20, 5 },
};

/* Which seed meets a fault is luck and changes with the code, so these are many rather than chosen. */
static const struct batch swarms[] = {
    { "swarm", 1, 0, 40 }, { "swarm", 2, 10, 40 }, { "swarm", 3, 0, 60 }, { "swarm", 3, 20, 40 },
    { "swarm", 5, 0, 40 }, { "swarm", 5, 30, 30 }, { "swarm", 10, 5, 20 }, { "swarm", 30, 0, 6 },
};

static struct world_config config_of(const struct batch *batch) {
    return (struct world_config){ .seed = 1,
                                  .nodes = batch->nodes,
                                  .loss_ppm = batch->loss_percent * (PPM_ONE / 100),
                                  .profile = profile_find("lan"),
                                  .timing = TIMING_DEFAULT };
}

static unsigned play_as(const struct batch *batch, const struct world_config *config) {
    unsigned failures = scenario_runs(scenario_find(batch->scenario), config, 0, batch->runs);

    if (failures)
        printf("%s: %u nodes, %u %% loss: failed\n", batch->scenario, batch->nodes, batch->loss_percent);
    return failures;
}

static unsigned play(const struct batch *batch) {
    struct world_config config = config_of(batch);

    return play_as(batch, &config);
}

/* The swarm on every kind of LAN, with work that stops at once or late, impatient and patient. */
static unsigned play_swarm(const struct batch *batch) {
    static const struct {
        const char *profile;
        usec_t detect;
        usec_t work_stop;
    } kinds[] = {
        { "lan", 300 * USEC_PER_MS, 0 },
        { "lan", 100 * USEC_PER_MS, 3 * USEC_PER_SEC },
        { "wifi", 300 * USEC_PER_MS, 200 * USEC_PER_MS },
        { "slow", USEC_PER_SEC, 3 * USEC_PER_SEC },
    };
    unsigned failures = 0;

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct world_config config = config_of(batch);

        config.profile = profile_find(kinds[i].profile);
        config.timing.detect = kinds[i].detect;
        config.work_stop = kinds[i].work_stop;
        failures += play_as(batch, &config);
    }
    return failures;
}

/* The whole story of a run; to be freed. */
static char *story(uint64_t seed) {
    struct batch batch = { "crash", 5, 10, 1 };
    struct world_config config = config_of(&batch);
    struct world *world;
    char *text = NULL;
    size_t size;

    config.seed = seed;
    config.trace = open_memstream(&text, &size);
    if (!config.trace)
        abort();
    world = world_new(&config);
    scenario_find(batch.scenario)->play(world, 10 * USEC_PER_SEC);
    world_free(world);
    fclose(config.trace);
    return text;
}

static unsigned replay(void) {
    char *first = story(7), *second = story(7), *other = story(8);
    unsigned failures = 0;

    if (strlen(first) < 1000 || strcmp(first, second) != 0)
        failures += (unsigned)printf("the same seed told two stories, or none\n") > 0;
    if (strcmp(first, other) == 0)
        failures += (unsigned)printf("two seeds told the same story\n") > 0;
    free(first);
    free(second);
    free(other);
    return failures;
}

int main(void) {
    unsigned failures = replay();

    for (size_t i = 0; i < ARRAY_SIZE(batches); i++)
        failures += play(&batches[i]);
    for (size_t i = 0; i < ARRAY_SIZE(swarms); i++)
        failures += play_swarm(&swarms[i]);
    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
