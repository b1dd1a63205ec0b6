/* SPDX-License-Identifier: ISC
 *
 * finding.h - stories of single faults that an earlier form of the protocol did not survive, each told so that it
 * fails again if its rule is lost. The rules and their reasons are in the protocol's description; the names here are
 * its own.
 */
#ifndef ELDEST_SIM_FINDING_H
#define ELDEST_SIM_FINDING_H

#include "world.h"

void finding_one_way(struct world *world, usec_t duration);
void finding_no_link(struct world *world, usec_t duration);
void finding_mute_follower(struct world *world, usec_t duration);
void finding_mute_leader(struct world *world, usec_t duration);
void finding_no_multicast(struct world *world, usec_t duration);
void finding_pauses(struct world *world, usec_t duration);
void finding_suspends(struct world *world, usec_t duration);
void finding_stalls(struct world *world, usec_t duration);
void finding_late_successor(struct world *world, usec_t duration);
void finding_dead_successor(struct world *world, usec_t duration);
void finding_all_alone(struct world *world, usec_t duration);
void finding_winner_dies(struct world *world, usec_t duration);
void finding_flapping(struct world *world, usec_t duration);
void finding_two_die(struct world *world, usec_t duration);

#endif
