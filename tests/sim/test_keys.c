/* SPDX-License-Identifier: ISC
 *
 * test_keys.c - the cases again, in clusters with a key, and the swarm while somebody sends again what was recorded.
 * The same without a key shows what that does where nothing keeps it out.
 */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 10 }; /* larger ones take long */

/* One run under each of its settings; with recordings that are sent again, if it is the swarm. */
static unsigned play(struct scenario *scenario, void *context) {
    unsigned failures = 0;

    (void)context;
    for (unsigned i = 0; i < scenario->settings_count; i++) {
        struct setting *setting = &scenario->settings[i];

        setting->keyed = true;
        setting->replays = !scenario->script;
        setting->seeds = 1;
        if (setting->nodes <= NODES_MAX)
            failures += scenario_play(scenario, setting, 1, NULL);
    }
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

struct harms {
    struct harm with, without; /* a key */
};

static unsigned suffer_both(struct scenario *scenario, void *context) {
    struct harms *harms = context;

    if (scenario->script && scenario->settings[0].nodes <= NODES_MAX) {
        suffer(scenario, true, &harms->with);
        suffer(scenario, false, &harms->without);
    }
    return 0;
}

/* Where somebody sends again what was recorded, a key keeps out what has arrived before. What has not may be taken for
 * late, as it could be without an attacker; few cases have rules for a network that is so slow. */
static unsigned compare(void) {
    struct harms harms = { 0 };
    const struct harm *with = &harms.with, *without = &harms.without;
    unsigned failures = scenario_each(suffer_both, &harms);

    printf("sent again: with a key %llu, of which %llu were taken for new; %u of %u cases failed; without a key %llu, "
           "%llu; %u failed\n", (unsigned long long)with->sent, (unsigned long long)with->passed, with->failed,
           with->runs, (unsigned long long)without->sent, (unsigned long long)without->passed, without->failed);
    return failures +
           (with->sent < 1000 || with->passed > with->sent / 50 || with->failed > 5 || without->failed < 10);
}

int main(void) {
    unsigned failures = compare() + scenario_each(play, NULL);

    printf("%u failures\n", failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
