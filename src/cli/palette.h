/* SPDX-License-Identifier: ISC
 *
 * palette.h - what the tones of texts (text/value.h) look like on a terminal.
 */
#ifndef ELDEST_CLI_PALETTE_H
#define ELDEST_CLI_PALETTE_H

#include "text/value.h"

#include <stdio.h>

/* Escape sequences around what is printed; all empty where colour is not wanted. */
struct palette {
    const char *begin[TONE_COUNT];
    const char *end;
};

/* Colours for a stream: only on a terminal, and not if palette_unwanted() or TERM is dumb. */
const struct palette *palette_of(FILE *stream);

/* Whether NO_COLOR is set and not empty. */
bool palette_unwanted(void);

#endif
