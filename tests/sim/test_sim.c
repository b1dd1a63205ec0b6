/* SPDX-License-Identifier: ISC
 *
 * test_sim.c - plays every case and the swarm under their settings; and proves that a seed is a run.
 *
 * The environment variable SIM_TIMES multiplies the seeds: make check SIM_TIMES=20 takes twenty times as long.
 */
#include "scenario.h"

#include "base/str.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

static unsigned times(void) {
    const char *text = getenv("SIM_TIMES");
    uint64_t number = 1;

    if (text && *text && str_parse_unsigned(text, 1, 100000, &number) != 0) {
        printf("SIM_TIMES: \"%s\" is not a number from 1 to 100000\n", text);
        exit(EXIT_FAILURE);
    }
    return (unsigned)number;
}

static unsigned play(const char *name, unsigned factor) {
    char error[SCRIPT_ERROR_MAX];
    struct scenario scenario;
    unsigned failures = 0;

    if (!scenario_load(name, &scenario, error)) {
        puts(error);
        return 1;
    }
    for (unsigned i = 0; i < scenario.settings_count; i++) {
        scenario.settings[i].seeds *= factor;
        failures += scenario_play(&scenario, &scenario.settings[i], 1, NULL);
    }
    scenario_release(&scenario);
    return failures;
}

static unsigned play_all(void) {
    char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1];
    size_t count = scenario_names(names);
    unsigned failures = 0;

    if (count < 2) {
        puts("there are no cases");
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        failures += play(names[i], times());
    return failures;
}

/* The whole story of a run; to be freed. */
static char *story(const struct scenario *scenario, uint64_t seed) {
    struct setting setting = SETTING_DEFAULT;
    struct world_config config;
    char *text = NULL;
    size_t size;

    setting.loss_ppm = PPM_ONE / 10;
    config = scenario_config(&setting, seed);
    config.trace = open_memstream(&text, &size);
    if (!config.trace)
        abort();
    world_free(scenario_run(scenario, &config));
    fclose(config.trace);
    return text;
}

static unsigned replay(void) {
    char error[SCRIPT_ERROR_MAX], *first, *second, *other;
    struct scenario scenario;
    unsigned failures = 0;

    if (!scenario_load("swarm", &scenario, error)) {
        puts(error);
        return 1;
    }
    first = story(&scenario, 7);
    second = story(&scenario, 7);
    other = story(&scenario, 8);
    if (strlen(first) < 1000 || strcmp(first, second) != 0)
        failures += (unsigned)printf("the same seed told two stories, or none\n") > 0;
    if (strcmp(first, other) == 0)
        failures += (unsigned)printf("two seeds told the same story\n") > 0;
    free(first);
    free(second);
    free(other);
    scenario_release(&scenario);
    return failures;
}

int main(void) {
    unsigned failures = replay() + play_all();

    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
