/* SPDX-License-Identifier: ISC
 *
 * hook_output.c - see hook_output.h.
 */
#include "cli/hook_output.h"

#include "base/str.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK = 4096,
    CHUNKS_MAX = 32, /* at a time: twice what a pipe holds, so that there are other things to do as well */
};

static unsigned lost; /* lines that were not taken */

/* A pipe that can be written to has room for PIPE_BUF bytes, which is more than a line has. */
static bool write_line(char *line, size_t length) {
    struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

    line[length] = '\n';
    return poll(&fd, 1, 0) == 1 && fd.revents == POLLOUT &&
           write(STDERR_FILENO, line, length + 1) == (ssize_t)length + 1;
}

/* "WHO: TEXT", where text is a line without its end. */
static void put_line(const char *who, const char *text) {
    char line[HOOK_NAME_MAX + HOOK_LINE_MAX + 8], note[64];
    int length;

    if (lost > 0) {
        length = snprintf(note, sizeof(note) - 1, "eldest: %u lines were lost", lost);
        if (!write_line(note, (size_t)length)) {
            lost++;
            return;
        }
        lost = 0;
    }
    length = snprintf(line, sizeof(line) - 1, "%s: %s", who, text);
    if (!write_line(line, min_i64(length, sizeof(line) - 2)))
        lost++;
}

void hook_say(const char *format, ...) {
    char text[HOOK_LINE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    str_make_printable(text);
    put_line("eldest", text);
}

int hook_output_open(struct hook_output *output, const char *name, unsigned *lines_left, int *ret_end) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *output = (struct hook_output){ .fd = ends[0], .lines_left = lines_left };
    snprintf(output->name, sizeof(output->name), "%s", name);
    *ret_end = ends[1];
    return 0;
}

static void end_line(struct hook_output *output) {
    output->line[output->used] = '\0';
    output->used = 0;
    if (*output->lines_left == 0) {
        output->dropped++;
        return;
    }
    --*output->lines_left;
    for (char *c = output->line; *c; c++)
        *c = *c == '\t' ? ' ' : *c;
    str_make_printable(output->line);
    put_line(output->name, output->line);
}

/* A byte that is 0 would end the line for all who read it. */
static void take(struct hook_output *output, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] == '\n')
            end_line(output);
        else if (output->used < HOOK_LINE_MAX)
            output->line[output->used++] = bytes[i] != '\0' ? bytes[i] : '?';
}

static void close_pipe(struct hook_output *output) {
    if (output->fd >= 0)
        close(output->fd);
    output->fd = -1;
}

void hook_output_read(struct hook_output *output) {
    char bytes[CHUNK];
    ssize_t got = -1;

    for (int i = 0; output->fd >= 0 && i < CHUNKS_MAX && (got = read(output->fd, bytes, sizeof(bytes))) > 0; i++)
        take(output, bytes, (size_t)got);
    if (got == 0)
        close_pipe(output); /* there is an end that could be polled for, and would never be over */
}

void hook_output_close(struct hook_output *output) {
    hook_output_read(output);
    close_pipe(output);
    if (output->used > 0)
        end_line(output);
    if (output->dropped > 0)
        hook_say("%s: %u lines of its output are left out: a run may have %d", output->name, output->dropped,
                 HOOK_LINES_MAX);
    output->dropped = 0;
}
