/* SPDX-License-Identifier: ISC
 *
 * lease.h - the lease of a majority leader, which is made of its voters' promises, and the seats that only a leader
 * with a lease changes (MAJ-6, MAJ-7, MAJ-13 .. MAJ-15).
 *
 * Each Ack carries the leader's clock; a voter that makes a promise by it echoes that time. Counted from there the
 * lease ends before the promise does, however far the clocks of both are apart within the bound. As long as Q - 1
 * others count nobody else can be elected. Whether it lasts is computed from the clock at every question; the timer
 * only makes the holders of work hear of it.
 */
#ifndef ELDEST_CORE_LEASE_H
#define ELDEST_CORE_LEASE_H

#include "core/node.h"

/* A term begins, for that reason, without a lease: nobody is told yet that this node leads, but with a single seat. */
void lease_begin(struct core *core, enum reason reason);

/* P of the term; the voters' interval h; that of a member, whether it has a seat or not. */
usec_t lease_promise(const struct core *core);
usec_t lease_voter_interval(const struct core *core);

/* When it ends, stop_margin taken off: 0 if there is none, USEC_NEVER with a single seat. */
usec_t lease_until(const struct core *core);

/* It has one at that time, and users were told. With quorum = none a leader needs none. */
bool lease_holds(const struct core *core, usec_t now);

/* A voter's echo, or what it tells of the roster that it has. */
void lease_on_heartbeat(struct core *core, const struct wire_heartbeat *heartbeat);

/* Nothing that was echoed before counts any more (GAP-1). */
void lease_void(struct core *core);

/* Users are told that this node leads: with a lease, or when it needs none. */
bool lease_told(const struct core *core);

/* The node stops leading: what its voters promised may last beyond its lease, and so does its own promise (MAJ-1). */
void lease_end(struct core *core);

/* MAJ-14: takes a seat away. */
enum retire_outcome lease_retire(struct core *core, const struct node_id *id);

/* MAJ-15: gives a free seat to a spare, when the others know that it is free. */
void lease_fill_seat(struct core *core);

/* Whether that node can take over: it has a seat, and the present roster. With quorum = none anybody can. */
bool lease_may_take_over(const struct core *core, const struct node_id *id);

/* Seats that count towards the quorum at that time, this node's included. */
unsigned lease_votes(const struct core *core, usec_t now);

void lease_due(struct core *core);

#endif
