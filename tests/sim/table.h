/* SPDX-License-Identifier: ISC
 *
 * table.h - how fast a cluster is, by its size: the figures of measure.h over many runs, as a table.
 */
#ifndef ELDEST_SIM_TABLE_H
#define ELDEST_SIM_TABLE_H

#include "measure.h"

enum { TABLE_SIZES_MAX = 16 };

struct table {
    struct world_config config; /* nodes are set by size; seed is the first run's */
    uint32_t sizes[TABLE_SIZES_MAX];
    size_t sizes_count;
    bool stories[STORY_COUNT]; /* the chosen ones */
    unsigned runs; /* of each story and size; 0: as many as it needs, fewer of large clusters */
    usec_t quiet; /* how long a quiet cluster is watched; 0: a day, less in large clusters */
    FILE *csv; /* the same in comma-separated values, with a head line; or NULL */
};

/* Chooses the stories that `names` lists, separated by commas. False, with nothing changed, for an unknown name. */
bool table_choose(struct table *table, const char *names);

/* Measures and prints. Returns 0, or 1 when a run failed, which is then told by the line that replays it. */
int table_print(const struct table *table);

#endif
