/* SPDX-License-Identifier: ISC
 *
 * roster.h - the seats of a majority cluster as a value: who has one, and which of two versions is newer (MAJ-11 ..
 * MAJ-16). Ids are in order, so that rosters of the same nodes are alike.
 */
#ifndef ELDEST_CORE_ROSTER_H
#define ELDEST_CORE_ROSTER_H

#include "wire/wire.h"

bool roster_is_known(const struct wire_roster *roster); /* it has seats */
bool roster_has(const struct wire_roster *roster, const struct node_id *id);
unsigned roster_place(const struct wire_roster *roster, const struct node_id *id); /* ROSTER_MAX: it has no seat */

/* Q, whatever the number of seats that are taken. */
unsigned roster_quorum(const struct wire_roster *roster);

/* Order of versions: negative, 0, positive. */
int roster_compare(const struct wire_roster *a, const struct wire_roster *b);

/* The same N and the same nodes, in whatever versions. */
bool roster_same_seats(const struct wire_roster *a, const struct wire_roster *b);

/* A full one takes no more, and whoever has a seat gets no second one. */
void roster_add(struct wire_roster *roster, const struct node_id *id);
void roster_remove(struct wire_roster *roster, const struct node_id *id);

#endif
