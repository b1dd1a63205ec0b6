/* SPDX-License-Identifier: ISC
 *
 * exchange.h - a follower's heartbeats: one numbered exchange at a time, repeated until its Ack comes (rules EXCH).
 *
 * Round trip and loss are measured here, in integers. What repeated silence means is suspicion.h's concern.
 */
#ifndef ELDEST_CORE_EXCHANGE_H
#define ELDEST_CORE_EXCHANGE_H

#include "core/node.h"

/* A new exchange with its first try, now (EXCH-1). While suspecting it is a question. */
void exchange_begin(struct core *core);

/* The same exchange once more. */
void exchange_repeat(struct core *core);

/* Fills a Heartbeat to my leader, or to one that may become it. */
void exchange_fill(struct core *core, struct wire_message *message, uint64_t epoch, uint32_t number, unsigned try);

/* Adds what a leader wants to know of me before it gives me a birth (MEMB-2). */
void exchange_add_registration(const struct core *core, struct wire_message *message);

/* An Ack of my leader: ends the exchange if it is the present one, learns from it; true if it was (EXCH-2). */
bool exchange_on_ack(struct core *core, const struct wire_ack *ack);

/* r: how long to wait for the Ack of one try. */
usec_t exchange_spacing(const struct core *core);

/* Tries of the open exchange that have surely failed: all but the last. */
unsigned exchange_failed(const struct core *core);

void exchange_slot_due(struct core *core);
void exchange_unanswered(struct core *core);

#endif
