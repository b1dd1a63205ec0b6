/* SPDX-License-Identifier: ISC
 *
 * measure.h - what is measured of a cluster: stories, each of which happens to a world of its own, and the figures that
 * are read from one.
 *
 * A story has a cause (the leader loses power, two halves meet), and is over when one node leads and all others name
 * it. A new figure is a new row of measure_figures[] with the function that reads it; a new story a new row of
 * measure_stories[].
 */
#ifndef ELDEST_SIM_MEASURE_H
#define ELDEST_SIM_MEASURE_H

#include "world.h"

/* One run of a story. */
struct run {
    struct world *world;
    usec_t quiet; /* how long a quiet cluster is watched */
    uint32_t leader; /* before the cause */
    usec_t cause;
    usec_t led; /* from here on one node leads */
    usec_t agreed; /* and from here on all name it */
    size_t leaderships; /* until the cause */
    uint64_t sent; /* datagrams from the cause until one led; a multicast is one */
    uint64_t received_most; /* of them by one node */
};

enum story_type { STORY_COLD_START, STORY_DEATH, STORY_RESIGN, STORY_HALVES, STORY_LONE, STORY_QUIET, STORY_COUNT };

enum unit { UNIT_MS, UNIT_DATAGRAMS, UNIT_PER_SECOND, UNIT_PER_DAY, UNIT_HOURS };

struct story {
    const char *name; /* as the user chooses it */
    bool formed; /* it begins with a cluster at rest, not with nodes without power */
    uint32_t nodes_max; /* of clusters to which it may happen */
    uint64_t node_runs; /* runs times nodes that are enough */
    unsigned runs_max;
    void (*play)(struct run *run); /* from before the cause to the end; sets run->cause, led, agreed */
};

struct figure {
    enum story_type story;
    const char *name;
    enum unit unit;
    double (*read)(const struct run *run);
};

enum { FIGURES_MAX = 24 };

extern const struct story measure_stories[STORY_COUNT];
extern const struct figure measure_figures[]; /* those of a story follow each other */
extern const size_t measure_figures_count; /* at most FIGURES_MAX */

const char *unit_name(enum unit unit);

/* Plays that story in a new world, which is the caller's to judge and to free. */
struct run measure_play(const struct story *story, const struct world_config *config, usec_t quiet);

#endif
