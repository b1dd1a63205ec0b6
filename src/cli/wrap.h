/* SPDX-License-Identifier: ISC
 *
 * wrap.h - the words of a text, broken into lines.
 */
#ifndef ELDEST_CLI_WRAP_H
#define ELDEST_CLI_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* The columns of the terminal that a stream is; 0 where there is none, or where it does not tell. */
int wrap_columns(FILE *stream);

/* How many bytes of a text stand on a line of so many columns: whole words as long as they fit, but at least one. A
 * space that follows is to be left out. columns 0: all of it. */
size_t wrap_length(const char *text, int columns);

/* Writes the text and a newline. Its lines begin behind an indent, but for the first one, where so much stands already.
 * columns 0: it is one line. */
void wrap_print(FILE *stream, const char *text, int indent, int columns);

#endif
