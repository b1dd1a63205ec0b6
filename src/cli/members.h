/* SPDX-License-Identifier: ISC
 *
 * members.h - the members of a `status` document as a table, for `eldest status` and `eldest peers`.
 */
#ifndef ELDEST_CLI_MEMBERS_H
#define ELDEST_CLI_MEMBERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct members_view {
    size_t rows_max; /* of members; this node is shown in any case */
    bool wide; /* with priority and id */
};

/* Prints the table to standard output. Gives how many members it left out. */
size_t members_print(const json_t *status, const struct members_view *view);

/* The rest of a sentence about "more" members than are listed: why they are not. */
const char *members_missing(const json_t *status);

#endif
