/* SPDX-License-Identifier: ISC
 *
 * scenario.c - see scenario.h.
 */
#include "scenario.h"

#include "base/str.h"
#include "base/util.h"
#include "play.h"
#include "shrink.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_SIZE = 4096,
    HOW_MAX = 200,
    VOTES_MAX = 120,
    PATIENCE_US = 10 * 1000000, /* of the daemon */
};

static const char swarm_name[] = "swarm", majority_name[] = "majority"; /* the same with votes */
static const char suffix[] = ".sim";

/* ---- which there are ---- */

static bool ends_in_suffix(const char *name) {
    size_t length = strlen(name);

    return length > strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

static void be_swarm(struct scenario *scenario, const char *name) {
    bool majority = strcmp(name, majority_name) == 0;

    snprintf(scenario->name, sizeof(scenario->name), "%s", name);
    scenario->settings_count = majority ? swarm_settings_majority(scenario->settings)
                                        : swarm_settings(scenario->settings);
    scenario->swarm.faulty = 60 * USEC_PER_SEC;
}

bool scenario_load(const char *name, struct scenario *ret_scenario, char ret_error[SCRIPT_ERROR_MAX]) {
    struct script *script;
    char path[PATH_SIZE];

    *ret_scenario = (struct scenario){ 0 };
    if (strcmp(name, swarm_name) == 0 || strcmp(name, majority_name) == 0) {
        be_swarm(ret_scenario, name);
        return true;
    }
    script = ret_scenario->script = calloc(1, sizeof(*script));
    if (!script)
        abort();
    if (ends_in_suffix(name))
        snprintf(path, sizeof(path), "%s", name);
    else
        snprintf(path, sizeof(path), "%s/%s%s", SIM_CASES, name, suffix);
    if (!script_read(path, &play_language, script, ret_error)) {
        scenario_release(ret_scenario);
        return false;
    }
    snprintf(ret_scenario->name, sizeof(ret_scenario->name), "%s", script->name);
    ret_scenario->settings_count = script->settings_count;
    memcpy(ret_scenario->settings, script->settings, sizeof(script->settings));
    return true;
}

void scenario_release(struct scenario *scenario) {
    free(scenario->script);
    *scenario = (struct scenario){ 0 };
}

static int compare_names(const void *a, const void *b) {
    return strcmp(a, b);
}

size_t scenario_names(char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1]) {
    DIR *folder = opendir(SIM_CASES);
    const struct dirent *entry;
    size_t count = 0;

    if (!folder)
        return 0;
    snprintf(names[count++], SCRIPT_TITLE_MAX + 1, "%s", swarm_name);
    snprintf(names[count++], SCRIPT_TITLE_MAX + 1, "%s", majority_name);
    while (count < SCENARIOS_MAX && (entry = readdir(folder)))
        if (ends_in_suffix(entry->d_name))
            snprintf(names[count++], SCRIPT_TITLE_MAX + 1, "%.*s", (int)(strlen(entry->d_name) - strlen(suffix)),
                     entry->d_name);
    closedir(folder);
    qsort(names, count, sizeof(names[0]), compare_names);
    return count;
}

unsigned scenario_each(scenario_visit *visit, void *context) {
    char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1], error[SCRIPT_ERROR_MAX];
    size_t count = scenario_names(names);
    unsigned failures = 0;

    if (count < 3) {
        puts("there are no cases");
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct scenario scenario;

        if (!scenario_load(names[i], &scenario, error)) {
            puts(error);
            failures++;
            continue;
        }
        failures += visit(&scenario, context);
        scenario_release(&scenario);
    }
    return failures;
}

/* ---- one run ---- */

struct world_config scenario_config(const struct setting *setting, uint64_t seed) {
    struct world_config config = { .seed = seed,
                                   .nodes = setting->nodes,
                                   .loss_ppm = setting->loss_ppm,
                                   .profile = setting->profile,
                                   .timing = TIMING_DEFAULT,
                                   .work_stop = setting->work_stop,
                                   .patience = setting->patience > 0 ? setting->patience : PATIENCE_US,
                                   .expect = setting->expect,
                                   .bare = setting->bare,
                                   .keyed = setting->keyed,
                                   .replays = setting->replays };

    config.timing.detect = setting->detect;
    config.timing.stop_margin = setting->margin;
    return config;
}

struct world *scenario_run(const struct scenario *scenario, const struct world_config *config) {
    struct world *world = world_new(config);

    if (scenario->script)
        play_script(world, scenario->script);
    else
        swarm_play(world, &scenario->swarm);
    return world;
}

/* What is particular to majorities. */
static void votes_how(const struct world_config *config, char how[VOTES_MAX]) {
    char margin[STR_DURATION_SIZE], patience[STR_DURATION_SIZE];

    how[0] = '\0';
    if (config->expect == 0)
        return;
    str_format_duration(config->timing.stop_margin, margin);
    str_format_duration(config->patience, patience);
    snprintf(how, VOTES_MAX, " --expect %u --margin %s --patience %s%s", config->expect, margin, patience,
             config->bare ? " --bare" : "");
}

static void tell_replay(const struct world *world, const char *label, const char *how) {
    const struct world_config *config = &world->config;
    char detect[STR_DURATION_SIZE], work[STR_DURATION_SIZE], votes[VOTES_MAX];

    str_format_duration(config->timing.detect, detect);
    str_format_duration(config->work_stop, work);
    votes_how(config, votes);
    printf("at %lld.%06lld s: %s\n  %s: eldest-sim %s --seed %" PRIu64 " --nodes %" PRIu32 " --loss %" PRIu32
           ".%04" PRIu32 " --profile %s --detect %s --work %s%s%s%s --trace\n",
           world->now / USEC_PER_SEC, world->now % USEC_PER_SEC, world->failure, label, how, config->seed,
           config->nodes, config->loss_ppm / 10000, config->loss_ppm % 10000, config->profile->name, detect, work,
           votes, config->keyed ? " --keys" : "", config->replays ? " --replays" : "");
}

void scenario_tell_failure(const struct world *world, const char *how) {
    printf("FAILED ");
    tell_replay(world, "replay", how);
}

/* The options of the command line that play this swarm. */
static void swarm_how(const char *name, const struct swarm *swarm, char how[HOW_MAX]) {
    const char *separator = " --without ";
    int length = snprintf(how, HOW_MAX, "%s --for %lldms", name, swarm->faulty / USEC_PER_MS);

    for (unsigned fault = 1; fault < SWARM_FAULTS_END && length < HOW_MAX; fault++)
        if (swarm->without >> fault & 1) {
            length += snprintf(how + length, (size_t)(HOW_MAX - length), "%s%u", separator, fault);
            separator = ",";
        }
}

static void tell_swarm_failure(const struct world *world, const struct scenario *scenario) {
    struct swarm smaller = scenario->swarm;
    struct world *smallest;
    char how[HOW_MAX];

    swarm_how(scenario->name, &smaller, how);
    scenario_tell_failure(world, how);
    fflush(stdout);
    smallest = shrink(&world->config, &smaller);
    swarm_how(scenario->name, &smaller, how);
    printf("  smaller, ");
    tell_replay(smallest, "replay", how);
    world_free(smallest);
}

/* ---- many runs ---- */

/* What the runs of a scenario came to. */
struct sums {
    unsigned runs;
    unsigned failures;
    uint64_t node_seconds;
    uint64_t steps;
    uint64_t sent;
    uint64_t leaderships;
    struct sitting_sums sitting;
    usec_t *convergences;
    unsigned converged;
};

static int compare_durations(const void *a, const void *b) {
    usec_t x = *(const usec_t *)a, y = *(const usec_t *)b;

    return x < y ? -1 : x > y;
}

static void tell_convergence(struct sums *sums) {
    usec_t *list = sums->convergences;
    unsigned count = sums->converged;

    if (count == 0)
        return;
    qsort(list, count, sizeof(*list), compare_durations);
    printf("%-24s agreed after %lld ms in the median, p99 %lld, max %lld\n", "", list[count / 2] / USEC_PER_MS,
           list[(size_t)count * 99 / 100] / USEC_PER_MS, list[count - 1] / USEC_PER_MS);
}

static void tell(const struct scenario *scenario, const struct setting *setting, struct sums *sums) {
    char detect[STR_DURATION_SIZE], work[STR_DURATION_SIZE];

    str_format_duration(setting->detect, detect);
    str_format_duration(setting->work_stop, work);
    printf("%-24s %" PRIu32 " nodes, loss %" PRIu32 " %%, %s, detect %s, work %s: %u runs, %u failed; %" PRIu64
           " node-seconds, %" PRIu64 " steps, %" PRIu64 " datagrams, %" PRIu64 " leaderships\n",
           scenario->name, setting->nodes, setting->loss_ppm / (PPM_ONE / 100), setting->profile->name, detect, work,
           sums->runs, sums->failures, sums->node_seconds, sums->steps, sums->sent, sums->leaderships);
    if (sums->sitting.doubts > 0)
        printf("%-24s leaders were doubted %" PRIu64 " times, %" PRIu64 " of them sitting and in reach; %" PRIu64
               " displaced while they sat, with an excuse\n",
               "", sums->sitting.doubts, sums->sitting.doubts_judged, sums->sitting.displaced);
    tell_convergence(sums);
    fflush(stdout);
}

static void run_once(const struct scenario *scenario, const struct world_config *config, struct sums *sums) {
    struct world *world = scenario_run(scenario, config);

    sums->runs++;
    sums->node_seconds += (uint64_t)(world->now / USEC_PER_SEC) * config->nodes;
    sums->steps += world->steps;
    sums->sent += world->sent;
    sums->leaderships += world->oracle.count;
    sums->sitting.doubts += world->oracle.sitting.doubts;
    sums->sitting.doubts_judged += world->oracle.sitting.doubts_judged;
    sums->sitting.displaced += world->oracle.sitting.displaced;
    if (world->convergence >= 0)
        sums->convergences[sums->converged++] = world->convergence;
    if (world->failure[0]) {
        sums->failures++;
        if (scenario->script)
            scenario_tell_failure(world, scenario->name);
        else
            tell_swarm_failure(world, scenario);
    }
    world_free(world);
}

unsigned scenario_play(const struct scenario *scenario, const struct setting *setting, uint64_t seed, FILE *trace) {
    struct world_config config;
    struct sums sums = { 0 };

    sums.convergences = calloc(setting->seeds, sizeof(*sums.convergences));
    if (!sums.convergences)
        abort();
    for (unsigned run = 0; run < setting->seeds && sums.failures < FAILURES_MAX; run++) {
        config = scenario_config(setting, seed + run);
        config.trace = trace;
        config.cover = scenario->cover;
        run_once(scenario, &config, &sums);
    }
    tell(scenario, setting, &sums);
    free(sums.convergences);
    return sums.failures;
}

/* Whether that run fails. */
static bool hunt_one(const struct scenario *scenario, const struct world_config *config) {
    struct world *world = scenario_run(scenario, config);
    bool failed = world->failure[0];
    char how[HOW_MAX];

    if (failed && scenario->script)
        snprintf(how, sizeof(how), "%s", scenario->name);
    else if (failed)
        swarm_how(scenario->name, &scenario->swarm, how);
    if (failed)
        scenario_tell_failure(world, how);
    world_free(world);
    return failed;
}

bool scenario_hunt(const struct scenario *scenario, uint64_t seed) {
    const struct setting *settings = scenario->settings;
    unsigned runs = 0;

    for (unsigned turn = 0, before = 1; before != runs; turn++) {
        before = runs;
        for (unsigned i = 0; i < scenario->settings_count; i++) {
            struct world_config config = scenario_config(&settings[i], seed + turn);

            if (turn >= settings[i].seeds)
                continue;
            runs++;
            if (!hunt_one(scenario, &config))
                continue;
            printf("%s: run %u failed, with seed %" PRIu64 "\n", scenario->name, runs, config.seed);
            return true;
        }
    }
    printf("%s: none of %u runs failed\n", scenario->name, runs);
    return false;
}
