/* SPDX-License-Identifier: ISC
 *
 * cast.h - who is meant by the nodes of a statement, at the moment when it is played.
 */
#ifndef ELDEST_SIM_CAST_H
#define ELDEST_SIM_CAST_H

#include "script.h"
#include "world.h"

/* The names that "let" has given so far. */
struct cast {
    bool known[SCRIPT_NAMES_MAX];
    uint32_t node[SCRIPT_NAMES_MAX];
};

/* The node, or false: there is none at the moment, or not only one. */
bool cast_find(const struct cast *cast, struct world *world, const struct who *who, uint32_t *ret_node);

/* On which sides of the statement each node is: bit n of sides[i] says that node i is on side n; `sides` has an element
 * for each node of the world. False, with nothing of use in it, if one of those that are meant is not to be found. */
bool cast_choose(const struct cast *cast, struct world *world, const struct statement *statement, uint8_t *sides);

#endif
