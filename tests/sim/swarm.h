/* SPDX-License-Identifier: ISC
 *
 * swarm.h - faults at random. While they last, safety must hold; when they are over, agreement must come, and stay.
 *
 * Which seed meets a fault is luck and changes with the code, so its runs are many rather than chosen.
 */
#ifndef ELDEST_SIM_SWARM_H
#define ELDEST_SIM_SWARM_H

#include "script.h"
#include "world.h"

enum { SWARM_SETTINGS = 32 };

/* On every kind of LAN, with work that stops at once or late, impatient and patient. Returns how many. */
unsigned swarm_settings(struct setting list[SWARM_SETTINGS]);

/* Plays it on a fresh world; the faulty time takes about as long as duration says. */
void swarm_play(struct world *world, usec_t duration);

#endif
