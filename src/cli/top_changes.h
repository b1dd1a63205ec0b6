/* SPDX-License-Identifier: ISC
 *
 * top_changes.h - the latest changes, as `eldest top` shows them: the latest is the lowest.
 */
#ifndef ELDEST_CLI_TOP_CHANGES_H
#define ELDEST_CLI_TOP_CHANGES_H

#include "cli/top_model.h"

/* As many lines as all of them would take without a title, or as the screen has. */
size_t top_changes_lines(const struct top_model *model);

/* Draws a title and what fits below it, on so many lines; 0: nothing. */
void top_changes_draw(const struct top_model *model, int line, int count);

#endif
