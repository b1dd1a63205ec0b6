/* SPDX-License-Identifier: ISC
 *
 * top_screen.h - the terminal of `eldest top`: text at places, tones, keys. Only this part knows ncurses.
 *
 * There is one screen, as there is one terminal. It has as many lines and columns as the terminal has at the moment.
 */
#ifndef ELDEST_CLI_TOP_SCREEN_H
#define ELDEST_CLI_TOP_SCREEN_H

#include "cli/palette.h"
#include "cli/top_view.h"

/* Takes over the terminal that standard input and output are. -ENOTSUP: no text can be placed there, or it is not known
 * how. */
int screen_open(void);

/* Gives it back as it was. Fine at any time. */
void screen_close(void);

int screen_lines(void);
int screen_columns(void);

/* Begins a new picture, which is empty; shows it. */
void screen_begin(void);
void screen_show(void);

/* Writes up to so many bytes of a text, or all of it, as far as they fit onto the line; whatever is not to be shown is
 * '?'. Gives the column after it. Off the screen, nothing is written. */
int screen_put(int line, int column, enum tone tone, const char *text, size_t length);
int screen_text(int line, int column, enum tone tone, const char *text);

/* Turns a whole line into a bar of that tone, with what stands there already. */
void screen_bar(int line, enum tone tone);

/* What the next key is for that was pressed; TOP_NOTHING if none was. */
enum top_command screen_command(void);

#endif
