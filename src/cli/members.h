/* SPDX-License-Identifier: ISC
 *
 * members.h - the members of a `status` document as a table, for `eldest status`, `eldest peers` and `eldest top`.
 */
#ifndef ELDEST_CLI_MEMBERS_H
#define ELDEST_CLI_MEMBERS_H

#include "cli/table.h"

#include <jansson.h>

enum members_order {
    MEMBERS_BY_SENIORITY, /* as the daemon gives them: the leader, then as they would take over */
    MEMBERS_BY_NAME,
    MEMBERS_BY_ROUND_TRIP, /* and the others: the worst first */
    MEMBERS_BY_LOSS,
    MEMBERS_ORDERS,
};

struct members_view {
    size_t rows_max; /* of members; this node is shown in any case */
    int width; /* columns that may be left out are, until the table is no wider; 0: none is */
    enum members_order order;
    bool loss; /* with it, if that of anybody is known */
    bool wide; /* with priority and id, and tags if anybody has any */
};

/* The table, owned by the caller, and how many members were left out; NULL when memory ran out. */
struct table *members_table(const json_t *status, const struct members_view *view, size_t *ret_left_out);

/* Prints it to standard output, and gives that number. */
size_t members_print(const json_t *status, const struct members_view *view);

#endif
