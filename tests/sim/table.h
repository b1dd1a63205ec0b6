/* SPDX-License-Identifier: ISC
 *
 * table.h - how fast a cluster is, by its size: the figures of the protocol, measured in virtual time.
 */
#ifndef ELDEST_SIM_TABLE_H
#define ELDEST_SIM_TABLE_H

#include "world.h"

enum { TABLE_SIZES_MAX = 16 };

/* Measures `runs` clusters of each size (config.nodes and config.seed are set per run) and prints a table.
 * Returns 0, or 1 when a run failed, which is then told by the line that replays it. */
int table_print(const struct world_config *config, const uint32_t *sizes, size_t sizes_count, unsigned runs);

#endif
