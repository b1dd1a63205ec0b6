/* SPDX-License-Identifier: ISC
 *
 * scenario.h - stories of a LAN, told in calls of world.h, each with what must come of it.
 */
#ifndef ELDEST_SIM_SCENARIO_H
#define ELDEST_SIM_SCENARIO_H

#include "world.h"

struct scenario {
    const char *name;
    const char *intent;
    uint32_t nodes_min;
    usec_t duration; /* of its quiet or its faulty time, unless the user says another */
    void (*play)(struct world *world, usec_t duration);
};

enum {
    SETTLE_US = 30 * 1000000, /* a cluster that is left alone agrees within this time */
    FAILURES_MAX = 10,
};

extern const struct scenario scenarios[];
extern const size_t scenarios_count;

/* NULL if there is none of that name. */
const struct scenario *scenario_find(const char *name);

/* Plays the scenario `runs` times (0 counts as 1), with seeds from config->seed on; duration 0 is the
 * scenario's own. Tells each failure by the line that replays it, and at the end what there was. Returns the
 * number of failures; no more runs follow after FAILURES_MAX of them. A scenario for more nodes than there are
 * is skipped. */
unsigned scenario_runs(const struct scenario *scenario, const struct world_config *config, usec_t duration,
                       unsigned runs);

/* Prints what failed, and the line that replays the run: `how` says what was played, duration 0 is not told. */
void scenario_tell_failure(const struct world *world, const char *how, usec_t duration);

/* Waits until every connected part agrees on a leader; fails the world after SETTLE_US. */
void scenario_settle(struct world *world);

/* Starts n1, and when it leads the others one after the other, so that seniority is the order of numbers. */
void scenario_form(struct world *world, uint32_t nodes);

#endif
