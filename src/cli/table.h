/* SPDX-License-Identifier: ISC
 *
 * table.h - rows of text in aligned columns.
 */
#ifndef ELDEST_CLI_TABLE_H
#define ELDEST_CLI_TABLE_H

#include "cli/text.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table_column {
    const char *title;
    bool right; /* align to the right */
};

struct table;

/* An empty table of so many columns, which must stay valid; NULL when memory ran out. */
struct table *table_new(const struct table_column *columns, unsigned column_count);

/* Adds a row of one cell per column, which are copied. style is put around the row, from the palette that
 * the table is printed with, or "". False when memory ran out. */
bool table_add(struct table *table, const char *style, const char *const cells[]);

/* Titles, then rows; no line ends in spaces. */
void table_print(const struct table *table, FILE *stream, const struct palette *palette);

void table_free(struct table *table);

#endif
