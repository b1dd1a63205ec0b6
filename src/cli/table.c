/* SPDX-License-Identifier: ISC
 *
 * table.c - see table.h.
 */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *style;
    char *cells[TABLE_COLUMNS_MAX];
};

struct table {
    const struct table_column *columns;
    unsigned column_count;
    struct row *rows;
    size_t row_count;
    int widths[TABLE_COLUMNS_MAX];
};

struct table *table_new(const struct table_column *columns, unsigned column_count) {
    struct table *table = calloc(1, sizeof(*table));

    if (!table)
        return NULL;
    table->columns = columns;
    table->column_count = column_count;
    for (unsigned i = 0; i < column_count; i++)
        table->widths[i] = text_width(columns[i].title);
    return table;
}

bool table_add(struct table *table, const char *style, const char *const cells[]) {
    struct row *rows = reallocarray(table->rows, table->row_count + 1, sizeof(*rows));
    if (!rows)
        return false;

    struct row *row = &rows[table->row_count++];
    table->rows = rows;
    *row = (struct row){ .style = style };
    for (unsigned i = 0; i < table->column_count; i++) {
        row->cells[i] = strdup(cells[i]);
        if (!row->cells[i])
            return false;
        if (text_width(cells[i]) > table->widths[i])
            table->widths[i] = text_width(cells[i]);
    }
    return true;
}

/* Spaces are owed and paid only when something follows, so that none stand at the end. */
static void print_cells(const struct table *table, FILE *stream, const char *style, const char *const cells[],
                        const struct palette *palette) {
    int owed = 0;

    fputs(style, stream);
    for (unsigned i = 0; i < table->column_count; i++) {
        int rest = table->widths[i] - text_width(cells[i]);
        bool right = table->columns[i].right;
        if (*cells[i])
            fprintf(stream, "%*s%s", owed + (right ? rest : 0), "", cells[i]);
        owed = *cells[i] ? 0 : owed + table->widths[i] - rest;
        owed += (right && *cells[i] ? 0 : rest) + 2;
    }
    fprintf(stream, "%s\n", *style ? palette->end : "");
}

void table_print(const struct table *table, FILE *stream, const struct palette *palette) {
    const char *titles[TABLE_COLUMNS_MAX];

    for (unsigned i = 0; i < table->column_count; i++)
        titles[i] = table->columns[i].title;
    print_cells(table, stream, palette->faint, titles, palette);
    for (size_t i = 0; i < table->row_count; i++)
        print_cells(table, stream, table->rows[i].style, (const char *const *)table->rows[i].cells, palette);
}

void table_free(struct table *table) {
    if (!table)
        return;
    for (size_t i = 0; i < table->row_count; i++)
        for (unsigned column = 0; column < table->column_count; column++)
            free(table->rows[i].cells[column]);
    free(table->rows);
    free(table);
}
