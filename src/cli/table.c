/* SPDX-License-Identifier: ISC
 *
 * table.c - see table.h.
 */
#include "cli/table.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2 }; /* between two columns */

struct row {
    enum tone tone;
    char *cells[TABLE_COLUMNS_MAX];
};

struct table {
    struct table_column columns[TABLE_COLUMNS_MAX];
    unsigned column_count;
    bool left_out[TABLE_COLUMNS_MAX];
    int widths[TABLE_COLUMNS_MAX];
    struct row *rows; /* the first one has the titles */
    size_t row_count;
};

struct table *table_new(const struct table_column *columns, unsigned column_count) {
    struct table *table = calloc(1, sizeof(*table));
    const char *titles[TABLE_COLUMNS_MAX];

    if (!table)
        return NULL;
    memcpy(table->columns, columns, column_count * sizeof(*columns));
    table->column_count = column_count;
    for (unsigned i = 0; i < column_count; i++)
        titles[i] = columns[i].title;
    if (table_add(table, TONE_FAINT, titles))
        return table;
    table_free(table);
    return NULL;
}

bool table_add(struct table *table, enum tone tone, const char *const cells[]) {
    struct row *rows = reallocarray(table->rows, table->row_count + 1, sizeof(*rows));
    if (!rows)
        return false;

    struct row *row = &rows[table->row_count++];
    table->rows = rows;
    *row = (struct row){ .tone = tone };
    for (unsigned i = 0; i < table->column_count; i++) {
        row->cells[i] = strdup(cells[i]);
        if (!row->cells[i])
            return false;
        table->widths[i] = (int)max_i64(table->widths[i], text_width(cells[i]));
    }
    return true;
}

/* Up to the last column that has anything. */
static int table_width(const struct table *table) {
    int width = 0, start = 0;

    for (unsigned i = 0; i < table->column_count; i++) {
        if (table->left_out[i])
            continue;
        width = table->widths[i] > 0 ? start + table->widths[i] : width;
        start += table->widths[i] + GAP;
    }
    return width;
}

/* Those with that number; 0 is none. */
static void leave_out(struct table *table, const unsigned spare[], unsigned number, bool left_out) {
    for (unsigned i = 0; i < table->column_count; i++)
        if (spare[i] == number && number > 0)
            table->left_out[i] = left_out;
}

/* A wide one may have left more room than was missing, so that others have their place again. */
void table_fit(struct table *table, const unsigned spare[], int width) {
    unsigned most = 0, number;

    for (unsigned i = 0; i < table->column_count; i++)
        most = spare[i] > most ? spare[i] : most;
    for (number = most; number > 0 && table_width(table) > width; number--)
        leave_out(table, spare, number, true);
    while (++number <= most) {
        leave_out(table, spare, number, false);
        if (table_width(table) > width)
            leave_out(table, spare, number, true);
    }
}

/* No spaces but before a cell that has anything, so that none stand at the end. */
static void write_row(const struct table *table, FILE *stream, const struct row *row) {
    int start = 0, at = 0;

    for (unsigned i = 0; i < table->column_count; i++) {
        const char *cell = row->cells[i] ? row->cells[i] : "";
        int width = text_width(cell), from = start + (table->columns[i].right ? table->widths[i] - width : 0);

        if (table->left_out[i])
            continue;
        if (*cell) {
            fprintf(stream, "%*s%s", from - at, "", cell);
            at = from + width;
        }
        start += table->widths[i] + GAP;
    }
}

char *table_line(const struct table *table, size_t row) {
    char *line = NULL;
    size_t size;
    FILE *stream = open_memstream(&line, &size);

    if (!stream)
        return NULL;
    write_row(table, stream, &table->rows[row]);
    fclose(stream);
    return line;
}

size_t table_rows(const struct table *table) {
    return table->row_count;
}

enum tone table_tone(const struct table *table, size_t row) {
    return table->rows[row].tone;
}

void table_print(const struct table *table, FILE *stream, const struct palette *palette) {
    for (size_t i = 0; i < table->row_count; i++) {
        enum tone tone = table->rows[i].tone;

        fputs(palette->begin[tone], stream);
        write_row(table, stream, &table->rows[i]);
        fprintf(stream, "%s\n", tone == TONE_PLAIN ? "" : palette->end);
    }
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
