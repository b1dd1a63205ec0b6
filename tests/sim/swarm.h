/* SPDX-License-Identifier: ISC
 *
 * swarm.h - faults at random. While they last, safety must hold; when they are over, agreement must come, and stay.
 * Then the cluster sits an exam (exam.h).
 *
 * Which seed meets a fault is luck and changes with the code, so its runs are many rather than chosen. The faults of
 * a run are numbered from 1, and each can be left out: what remains is the same run with less in it.
 */
#ifndef ELDEST_SIM_SWARM_H
#define ELDEST_SIM_SWARM_H

#include "script.h"
#include "world.h"

enum {
    SWARM_SETTINGS = 40,
    SWARM_DIARY = 28, /* faults 1 to 28 come one after the other */
    SWARM_CLOCKS, /* not all clocks are right */
    SWARM_DISKS, /* who has to be started at the end may have lost its disk */
    SWARM_PAPERS, /* of the exam after the quiet time */
    SWARM_PAPERS_END = SWARM_PAPERS + 8,
    SWARM_FOUNDING = SWARM_PAPERS_END, /* faults begin before a majority cluster is founded, in some runs */
    SWARM_FAULTS_END,
};

struct swarm {
    usec_t faulty; /* time with faults, about */
    uint64_t without; /* bit n: fault n is left out */
};

/* On every kind of LAN, with work that stops at once or late, impatient and patient. Returns how many. */
unsigned swarm_settings(struct setting list[SWARM_SETTINGS]);

/* The same for clusters that vote: three and five of them, a witness-sized two, an even number, spares. */
unsigned swarm_settings_majority(struct setting list[SWARM_SETTINGS]);

/* Plays it on a fresh world. */
void swarm_play(struct world *world, const struct swarm *swarm);

#endif
