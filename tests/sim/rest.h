/* SPDX-License-Identifier: ISC
 *
 * rest.h - a cluster that is left alone: it forms, comes to rest, and stays so.
 */
#ifndef ELDEST_SIM_REST_H
#define ELDEST_SIM_REST_H

#include "world.h"

enum { SETTLE_US = 30 * 1000000 }; /* a cluster that is left alone agrees within this time */

/* The first nodes of a majority cluster start, as many as it has seats, until one of them leads. */
void rest_found(struct world *world);

/* Starts a node if it does not run, waits until somebody leads, and a moment more: who is started so after it is the
 * younger. */
void rest_start(struct world *world, uint32_t node);

/* Waits until every connected part agrees on a leader; fails the world if that takes longer than limit. */
void rest_settle(struct world *world, usec_t limit);

/* Nothing happens for a while, so nothing may change. With losses a single node may doubt its leader at the end for as
 * long as an ack window, until somebody vouches (SUSP-9 to SUSP-11); that changes no leadership. Whoever follows is
 * counted in the end (roll.h). Only the first of all leaderships may begin: hosts that were too many to found a
 * majority cluster may hear less of each other. */
void rest_quiet(struct world *world, usec_t duration);

#endif
