/* SPDX-License-Identifier: ISC
 *
 * fault.h - what can go wrong at random with a host or the network.
 *
 * Each fault is drawn from a generator of its own, which the seed of the run and the number of the fault give: one
 * that is left out takes nothing from the others, so that a run that fails can be made smaller.
 */
#ifndef ELDEST_SIM_FAULT_H
#define ELDEST_SIM_FAULT_H

#include "world.h"

/* The generator of fault `number` of this run. */
struct rng fault_rng(const struct world *world, unsigned number);

/* One of them happens, or nothing where it does not apply. Half of those to a node hit the leader. May take time. */
void fault_happen(struct world *world, struct rng *rng);

/* What kind of fault that is, counted from 0; NULL if there are not so many. */
const char *fault_name(unsigned kind);

/* A node that does not run starts; its disk may be empty, old, or another host's. */
void fault_restart(struct world *world, struct rng *rng, uint32_t node);

/* Some clocks go wrong, by up to a tenth. */
void fault_clocks(struct world *world, struct rng *rng);

#endif
