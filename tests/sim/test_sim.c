/* SPDX-License-Identifier: ISC
 *
 * test_sim.c - plays every case and the swarm under their settings; and proves that a seed is a run, and that every
 * finding has a case.
 *
 * The environment variable SIM_TIMES multiplies the seeds: make check SIM_TIMES=20 takes twenty times as long.
 * SIM_SHARE divides them, for a build that is slow when another one plays them all; each setting is played once at
 * least.
 */
#include "scenario.h"

#include "base/str.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

static unsigned number_in(const char *variable) {
    const char *text = getenv(variable);
    uint64_t number = 1;

    if (text && *text && str_parse_unsigned(text, 1, 100000, &number) != 0) {
        printf("%s: \"%s\" is not a number from 1 to 100000\n", variable, text);
        exit(EXIT_FAILURE);
    }
    return (unsigned)number;
}

struct portion {
    unsigned times, share;
};

static unsigned seeds(unsigned usual, const struct portion *portion) {
    unsigned wanted = usual * portion->times / portion->share;

    return wanted > 0 ? wanted : 1;
}

static unsigned play(struct scenario *scenario, void *context) {
    const struct portion *portion = context;
    unsigned failures = 0;

    for (unsigned i = 0; i < scenario->settings_count; i++) {
        scenario->settings[i].seeds = seeds(scenario->settings[i].seeds, portion);
        failures += scenario_play(scenario, &scenario->settings[i], 1, NULL);
    }
    return failures;
}

/* Whether that case is about the finding, which is one word of its list. */
static bool is_about(const struct script *script, const char *finding) {
    size_t length = strlen(finding);

    for (const char *at = strstr(script->about, finding); at; at = strstr(at + 1, finding))
        if ((at == script->about || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* What earlier forms of the protocol did not survive, but for the neighbour tables of kernels (A5.3), which are not
 * simulated. */
static const char *const findings[] = {
    "A1.1", "A1.2", "A1.3", "A1.4", "A1.5", "A1.6", "A1.7", "A1.8", "A1.9", "A1.10",
    "A2.1", "A2.2", "A2.3", "A2.4", "A2.5", "A2.6", "A2.7", "A2.8", "A2.9", "A3",   "A4.1", "A4.2", "A4.3",
    "A4.4", "A4.5", "A4.6", "A4.7", "A4.8", "A4.9", "A5.1", "A5.2", "A5.4", "A5.5", "A5.6", "A6.2", "F1",
    "F2",   "F3",   "F4",   "F5",   "F6",   "F7",   "F8",   "F9",   "F10",  "F11",  "F12",  "F13",  "F14a",
    "F14b", "F14c", "F14d", "F14e", "F14f", "F14g", "F14h", "F15",
};

static unsigned note_findings(struct scenario *scenario, void *context) {
    bool *told = context;

    for (size_t k = 0; scenario->script && k < ARRAY_SIZE(findings); k++)
        told[k] = told[k] || is_about(scenario->script, findings[k]);
    return 0;
}

static unsigned look_for_findings(void) {
    bool told[ARRAY_SIZE(findings)] = { false };
    unsigned missing = scenario_each(note_findings, told);

    for (size_t k = 0; k < ARRAY_SIZE(findings); k++)
        if (!told[k])
            missing += (unsigned)printf("no case is about %s\n", findings[k]) > 0;
    return missing;
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
    struct portion portion = { number_in("SIM_TIMES"), number_in("SIM_SHARE") };
    unsigned failures = replay() + look_for_findings() + scenario_each(play, &portion);

    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
