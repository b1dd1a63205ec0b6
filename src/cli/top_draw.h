/* SPDX-License-Identifier: ISC
 *
 * top_draw.h - the picture of `eldest top`.
 */
#ifndef ELDEST_CLI_TOP_DRAW_H
#define ELDEST_CLI_TOP_DRAW_H

#include "cli/top_model.h"
#include "cli/top_view.h"

/* Draws it anew, and tells the view how many members there are and fit. */
void top_draw(const struct top_model *model, struct top_view *view, usec_t now);

#endif
