/* SPDX-License-Identifier: ISC
 *
 * clone.h - one identity on two hosts: copied machines and restored snapshots (MEMB-7, MEMB-8).
 */
#ifndef ELDEST_CORE_CLONE_H
#define ELDEST_CORE_CLONE_H

#include "core/node.h"

/* A datagram with my id from another boot nonce. */
void clone_on_own_id(struct core *core, const struct wire_message *message);

void clone_on_stale(struct core *core, const struct wire_message *message);

/* MEMB-8: the sender was heard before, lately or as a member of this leader, with a later incarnation, or with the same
 * one from another start: tells it so. */
bool clone_is_stale(struct core *core, const struct wire_header *header, bool multicast);

#endif
