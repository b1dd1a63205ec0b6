/* SPDX-License-Identifier: ISC
 *
 * reign.h - what must hold, whatever happens to a cluster under quorum = majority: at no instant two nodes say that
 * they lead, each computed from its own clock; an epoch has one leader; of two leases the later one has the higher
 * token. At rest a part with a majority of the seats has a leader, and another part has none.
 *
 * A node that leads does so up to an instant that its own clock decides, whether it takes a step then or not. So it is
 * enough to ask all of them whenever one takes a step: the later of two that overlap begins with one.
 */
#ifndef ELDEST_SIM_REIGN_H
#define ELDEST_SIM_REIGN_H

#include "oracle.h"

struct core_view;

/* After a step of that node, which says this: with bare clients, they hear it too. */
void reign_judge(struct world *world, struct node *node, const struct core_view *view);

/* True if every connected part has the leader that it can have; else ret_why says what is missing. Not judged: what is
 * not transitive. */
bool reign_settled(const struct world *world, char ret_why[ORACLE_TEXT_MAX]);

#endif
