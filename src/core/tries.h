/* SPDX-License-Identifier: ISC
 *
 * tries.h - how many of the latest tries of exchanges with one node were lost: what users are told of the way to it.
 *
 * Both ends see it: who asks counts the tries that no Ack came for, the leader finds their number in each Heartbeat.
 * The protocol itself goes by a more cautious estimate (EXCH-3).
 */
#ifndef ELDEST_CORE_TRIES_H
#define ELDEST_CORE_TRIES_H

#include <stdbool.h>
#include <stdint.h>

enum { TRIES_KEPT = 64 };

struct tries {
    uint64_t lost; /* bit 0: the latest one was, bit 1: the one before, ... */
    uint8_t known; /* so many bits tell something */
};

/* So many tries were lost, one after the other. Returns how many of them count: not more than TRIES_KEPT. */
unsigned tries_note_lost(struct tries *tries, unsigned count);

/* One more has arrived, and its answer too. */
void tries_note_answered(struct tries *tries);

/* The share of them that was lost, in 1/65536; LOSS_UNKNOWN without any. */
int32_t tries_loss(const struct tries *tries);

#endif
