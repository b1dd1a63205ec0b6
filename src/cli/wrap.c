/* SPDX-License-Identifier: ISC
 *
 * wrap.c - see wrap.h.
 */
#include "cli/wrap.h"

#include "base/util.h"
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

size_t wrap_length(const char *text, int columns) {
    const char *end = text, *next;
    int column = word_width(text, &end);

    while (*end == ' ') {
        column += 1 + word_width(end + 1, &next);
        if (columns > 0 && column > columns)
            break;
        end = next;
    }
    return (size_t)(end - text);
}

void wrap_print(FILE *stream, const char *text, int indent, int columns) {
    int left = columns > 0 ? (int)max_i64(columns - indent, 1) : 0;
    size_t length = wrap_length(text, left);

    fwrite(text, 1, length, stream);
    while (text[length] != '\0') {
        text += length + 1;
        length = wrap_length(text, left);
        fprintf(stream, "\n%*s%.*s", indent, "", (int)length, text);
    }
    putc('\n', stream);
}
