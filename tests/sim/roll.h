/* SPDX-License-Identifier: ISC
 *
 * roll.h - who is counted, when a cluster is at rest. The oracle's.
 *
 * A leader lists every node that follows it, once, with what that one says of itself and an age that is its own
 * (MEMB-2, MEMB-3); each follower knows that count, and the birth that it was given. It is not judged while a node
 * doubts its leader, nor ages where clocks are too fast or too slow, or have not been told yet.
 */
#ifndef ELDEST_SIM_ROLL_H
#define ELDEST_SIM_ROLL_H

#include "oracle.h"

struct world;

/* True if all of that holds; else ret_why says what does not. To be asked where all agree on their leader. */
bool roll_call(const struct world *world, char ret_why[ORACLE_TEXT_MAX]);

#endif
