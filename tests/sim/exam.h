/* SPDX-License-Identifier: ISC
 *
 * exam.h - one thing happens to a cluster at rest, and all that the manual promises of that is judged.
 *
 * After its faults and its quiet time each run of the swarm sits a few papers: a paper draws what happens, to whom and
 * when, and knows by itself what must come of it. Who leads next is told by the table that the leader shows to its
 * users (priority, birth, id), how soon by eldest(7) and the times of eldest-protocol(7), how many speak by the rules
 * there. What the cluster went through before is different in each run: its births, epochs, merges, slots.
 *
 * Where datagrams are lost by chance, or may be under way for long, only that is judged which holds there too: the
 * agreement in the end. Clocks that are too fast or too slow stretch every time.
 */
#ifndef ELDEST_SIM_EXAM_H
#define ELDEST_SIM_EXAM_H

#include "world.h"

/* One paper, drawn from that generator, on a cluster that agrees; at the end it does so again. */
void exam_sit(struct world *world, struct rng *rng);

#endif
