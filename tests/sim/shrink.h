/* SPDX-License-Identifier: ISC
 *
 * shrink.h - makes a run of the swarm that fails smaller, as long as it fails: less of it is left to understand.
 */
#ifndef ELDEST_SIM_SHRINK_H
#define ELDEST_SIM_SHRINK_H

#include "swarm.h"

enum { SHRINK_RUNS_MAX = 300 };

/* The run must fail. Leaves out faults, nodes, chance losses and late work; how it fails may change. Returns the
 * world of the smallest run, to be freed, with its config; what it leaves out is in `swarm`. */
struct world *shrink(const struct world_config *config, struct swarm *swarm);

#endif
