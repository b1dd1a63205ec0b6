/* SPDX-License-Identifier: ISC
 *
 * test_keys.c - the cases again, in clusters with a key, and the swarm while somebody sends again what was recorded.
 * The same without a key shows what that does where nothing keeps it out.
 */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 10 }; /* larger ones take long */

/* One run under each of its settings. */
static unsigned play(const char *name, bool keyed, bool replays) {
    char error[SCRIPT_ERROR_MAX];
    struct scenario scenario;
    unsigned failures = 0;

    if (!scenario_load(name, &scenario, error)) {
        puts(error);
        return 1;
    }
    for (unsigned i = 0; i < scenario.settings_count; i++) {
        struct setting *setting = &scenario.settings[i];

        setting->keyed = keyed;
        setting->replays = replays;
        setting->seeds = 1;
        if (setting->nodes <= NODES_MAX)
            failures += scenario_play(&scenario, setting, 1, NULL);
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
        failures += play(names[i], true, strcmp(names[i], "swarm") == 0);
    return failures;
}

/* What is sent again, how much of it passes for new, and how many of the cases that does not fit. */
struct harm {
    uint64_t sent, passed;
    unsigned runs, failed;
};

static void suffer(const struct scenario *scenario, bool keyed, struct harm *harm) {
    struct setting setting = scenario->settings[0];
    struct world_config config;
    struct world *world;

    setting.keyed = keyed;
    setting.replays = true;
    config = scenario_config(&setting, 1);
    world = scenario_run(scenario, &config);
    harm->sent += world->replayed;
    harm->passed += world->replays_passed;
    harm->failed += world->failure[0] != '\0';
    harm->runs++;
    world_free(world);
}

/* Where somebody sends again what was recorded, a key keeps out what has arrived before. What has not may be taken for
 * late, as it could be without an attacker; few cases have rules for a network that is so slow. */
static unsigned compare(void) {
    char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1], error[SCRIPT_ERROR_MAX];
    size_t count = scenario_names(names);
    struct harm with = { 0 }, without = { 0 };

    for (size_t i = 0; i < count; i++) {
        struct scenario scenario;

        if (!scenario_load(names[i], &scenario, error))
            return 1;
        if (scenario.script && scenario.settings[0].nodes <= NODES_MAX) {
            suffer(&scenario, true, &with);
            suffer(&scenario, false, &without);
        }
        scenario_release(&scenario);
    }
    printf("sent again: with a key %llu, of which %llu were taken for new; %u of %u cases failed; without a key %llu, "
           "%llu; %u failed\n", (unsigned long long)with.sent, (unsigned long long)with.passed, with.failed, with.runs,
           (unsigned long long)without.sent, (unsigned long long)without.passed, without.failed);
    return with.sent < 1000 || with.passed > with.sent / 50 || with.failed > 5 || without.failed < 10;
}

int main(void) {
    unsigned failures = compare() + play_all();

    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
