/* SPDX-License-Identifier: ISC
 *
 * hook_output.h - what is said on standard error by `eldest hooks` and by the hooks themselves: whole lines, each in
 * one write, and never waiting for whoever reads them.
 *
 * A hook prints into a pipe. Its lines come out with its name before them, made printable, as many as a run may have;
 * what is more is read, so that the hook does not stand still, and dropped.
 */
#ifndef ELDEST_CLI_HOOK_OUTPUT_H
#define ELDEST_CLI_HOOK_OUTPUT_H

#include "cli/hook_dir.h"

enum {
    HOOK_LINE_MAX = 500, /* bytes of a line, the rest of a longer one is dropped */
    HOOK_LINES_MAX = 100, /* of all hooks of a run */
};

struct hook_output {
    int fd; /* the end of the pipe that is read; -1: everybody has closed the other one */
    char name[HOOK_NAME_MAX + 1];
    char line[HOOK_LINE_MAX + 1];
    size_t used; /* bytes of the line that has not ended yet */
    unsigned *lines_left; /* of the run */
    unsigned dropped; /* lines of this hook */
};

/* A line of our own. What standard error does not take at once is lost; the next line that it takes says so. */
void hook_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens the pipe for a hook. *ret_end is for the hook to write to, and the caller's to close. 0 or a negative errno. */
int hook_output_open(struct hook_output *output, const char *name, unsigned *lines_left, int *ret_end);

/* Passes on what is there. */
void hook_output_read(struct hook_output *output);

/* The same for the last time, when nobody can write any more. */
void hook_output_close(struct hook_output *output);

#endif
