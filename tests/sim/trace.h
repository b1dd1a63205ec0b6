/* SPDX-License-Identifier: ISC
 *
 * trace.h - the story of a run in lines, rendered from events, actions and messages; never parsed by anybody.
 *
 * Nothing is written unless the world has a trace file. Nodes are n1, n2, ..., a token is EPOCH.NODE, times are
 * seconds of the world.
 */
#ifndef ELDEST_SIM_TRACE_H
#define ELDEST_SIM_TRACE_H

#include "world.h"

/* Something that the world does to a node; node NULL: to the whole. */
void trace_note(const struct world *world, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An event but for datagrams: those are told when sent. */
void trace_event(const struct world *world, const struct node *node, const struct event *event);

/* A datagram to one node, or to all if `to` is NULL, and to how many it is on its way. */
void trace_send(const struct world *world, const struct node *from, const struct node *to,
                const struct wire_message *message, uint32_t arrivals);

/* An action but for ACTION_SEND. */
void trace_action(const struct world *world, const struct node *node, const struct action *action);

#endif
