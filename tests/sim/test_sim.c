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
};

static struct world_config config_of(const struct batch *batch) {
    return (struct world_config){ .seed = 1,
                                  .nodes = batch->nodes,
                                  .loss_ppm = batch->loss_percent * (PPM_ONE / 100),
                                  .profile = profile_find("lan"),
                                  .timing = TIMING_DEFAULT };
}

static unsigned play(const struct batch *batch) {
    struct world_config config = config_of(batch);
    unsigned failures = scenario_runs(scenario_find(batch->scenario), &config, 0, batch->runs);

    if (failures)
        printf("%s: %u nodes, %u %% loss: failed\n", batch->scenario, batch->nodes, batch->loss_percent);
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
    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
