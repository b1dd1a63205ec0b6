/* SPDX-License-Identifier: ISC
 *
 * assert.c - what an assertion of Check does in a fuzz target, which is no program of Check: it aborts.
 */
#include <check.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void _mark_point(const char *file, int line) {
    (void)file;
    (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expression, const char *format, ...) {
    va_list arguments;

    fprintf(stderr, "%s:%d: %s", file, line, expression);
    if (format != NULL) {
        fputs(": ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
    }
    fputc('\n', stderr);
    abort();
}
