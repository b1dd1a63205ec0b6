/* SPDX-License-Identifier: ISC
 *
 * scenario.h - what can be played: the cases in tests/sim/cases and the swarm, each with the settings under which
 * "make check" plays it; and the report of a play.
 */
#ifndef ELDEST_SIM_SCENARIO_H
#define ELDEST_SIM_SCENARIO_H

#include "script.h"
#include "swarm.h"
#include "world.h"

enum {
    FAILURES_MAX = 10, /* of a setting; then enough is known */
    SCENARIOS_MAX = 500,
};

struct scenario {
    char name[SCRIPT_TITLE_MAX + 1];
    struct setting settings[SCRIPT_SETTINGS_MAX];
    unsigned settings_count;
    struct script *script; /* NULL: the swarm */
    struct swarm swarm;
    struct cover *cover; /* of all runs; NULL: not counted */
};

/* The scenario of that name, or the case in that file if the name ends in ".sim". False with ret_error filled if there
 * is none, or a mistake in it. Free with scenario_release(). */
bool scenario_load(const char *name, struct scenario *ret_scenario, char ret_error[SCRIPT_ERROR_MAX]);
void scenario_release(struct scenario *scenario);

/* Names of all of them, by the alphabet. Returns how many, at most SCENARIOS_MAX; 0 if the folder cannot be read. */
size_t scenario_names(char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1]);

/* Lets somebody visit each of them. That there are no cases, or that one cannot be read, is told, and is a failure, as
 * those are that the visits return. Returns how many. */
typedef unsigned scenario_visit(struct scenario *scenario, void *context);
unsigned scenario_each(scenario_visit *visit, void *context);

/* How a world of that setting begins. */
struct world_config scenario_config(const struct setting *setting, uint64_t seed);

/* Plays it under one setting, with seeds from `seed` on. Tells each failure by the line that replays it, one of the
 * swarm also by the smallest run found that still fails, and at the end what there was. Returns the number of failures;
 * no more runs follow after FAILURES_MAX of them. */
unsigned scenario_play(const struct scenario *scenario, const struct setting *setting, uint64_t seed, FILE *trace);

/* Plays its settings in turn, seed by seed from `seed` on, up to the first run that fails, and tells that one as above,
 * but not made smaller, and which it was. Returns whether there was one. */
bool scenario_hunt(const struct scenario *scenario, uint64_t seed);

/* One run, on a world that is yours to judge and to free. */
struct world *scenario_run(const struct scenario *scenario, const struct world_config *config);

/* Prints what failed, and the line that replays the run: `how` says what was played. */
void scenario_tell_failure(const struct world *world, const char *how);

#endif
