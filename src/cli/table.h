/* SPDX-License-Identifier: ISC
 *
 * table.h - rows of text in aligned columns.
 */
#ifndef ELDEST_CLI_TABLE_H
#define ELDEST_CLI_TABLE_H

#include "cli/palette.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table_column {
    const char *title;
    bool right; /* align to the right */
};

struct table;

/* An empty table of so many columns, whose titles must stay valid; NULL when memory ran out. */
struct table *table_new(const struct table_column *columns, unsigned column_count);

/* Adds a row of one cell per column, which are copied. False when memory ran out. */
bool table_add(struct table *table, enum tone tone, const char *const cells[]);

/* Leaves out columns so that the table is no wider than that: the most spare ones first, by a number for each, and
 * never those of 0. */
void table_fit(struct table *table, const unsigned spare[], int width);

/* A row as one line, without its newline and without spaces at its end; row 0 has the titles, the first that was added
 * is row 1. The caller frees it; NULL when memory ran out. */
char *table_line(const struct table *table, size_t row);

/* Rows with that of the titles, and the tone of each. */
size_t table_rows(const struct table *table);
enum tone table_tone(const struct table *table, size_t row);

/* All rows, in the colours of the palette. */
void table_print(const struct table *table, FILE *stream, const struct palette *palette);

/* NULL is fine. */
void table_free(struct table *table);

#endif
