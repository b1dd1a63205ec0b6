/* SPDX-License-Identifier: ISC
 *
 * palette.c - see palette.h.
 */
#include "cli/palette.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct palette colours = {
    .begin = {
        [TONE_PLAIN] = "",
        [TONE_STRONG] = "\033[1m",
        [TONE_FAINT] = "\033[2m",
        [TONE_GOOD] = "\033[1;32m",
        [TONE_DOUBT] = "\033[1;33m",
        [TONE_BAD] = "\033[1;31m",
    },
    .end = "\033[0m",
};
static const struct palette no_colours = { .begin = { "", "", "", "", "", "" }, .end = "" };

bool palette_unwanted(void) {
    const char *value = getenv("NO_COLOR");

    return value && *value;
}

const struct palette *palette_of(FILE *stream) {
    const char *term = getenv("TERM");

    if (!isatty(fileno(stream)) || palette_unwanted() || !term || strcmp(term, "dumb") == 0)
        return &no_colours;
    return &colours;
}
