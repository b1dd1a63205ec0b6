/* SPDX-License-Identifier: ISC
 *
 * wrap.c - see wrap.h.
 */
#include "cli/wrap.h"

#include "text/value.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int wrap_columns(FILE *stream) {
    struct winsize window;

    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &window) != 0)
        return 0;
    return window.ws_col;
}

/* The columns of the word at text, and where it ends. */
static int word_width(const char *text, const char **ret_end) {
    int width = 0;

    while (*text && *text != ' ') {
        int step = text_step(&text);
        width += step < 0 ? 1 : step;
    }
    *ret_end = text;
    return width;
}

void wrap_print(FILE *stream, const char *text, int indent, int columns) {
    int column = indent;

    while (*text) {
        const char *end;
        int width = word_width(text, &end);

        if (columns > 0 && column > indent && column + 1 + width > columns) {
            fprintf(stream, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putc(' ', stream);
            column++;
        }
        fwrite(text, 1, (size_t)(end - text), stream);
        column += width;
        text = end + (*end == ' ');
    }
    putc('\n', stream);
}
