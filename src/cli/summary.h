/* SPDX-License-Identifier: ISC
 *
 * summary.h - what `eldest status` and `eldest top` say of a `status` document above the members, line by line:
 *
 *     Leader   alpha (192.0.2.1), epoch 7, for 3d 4h
 *     Node     beta, idle, following, age 2h 5m
 *     Cluster  default, 3 members, next gamma
 *     Quorum   2 of 3 needed, 3 heard; lease 1.4s
 *              seats: alpha, beta, gamma
 *     Work     1 holder, 0 working
 *     Hooks    10-address lost, status 0, after 12 ms, 3d 4h ago
 */
#ifndef ELDEST_CLI_SUMMARY_H
#define ELDEST_CLI_SUMMARY_H

#include "text/value.h"

#include <jansson.h>

enum { SUMMARY_TITLE_WIDTH = 9, SUMMARY_TEXT_SIZE = 512 };

struct summary_line {
    const char *title; /* of one line or of this one and those without that follow */
    char text[SUMMARY_TEXT_SIZE];
    enum tone tone; /* of the title and so many bytes of the text */
    size_t toned;
};

typedef void summary_function(void *context, const struct summary_line *line);

/* Who leads comes first. */
void summary_tell(const json_t *status, summary_function *tell, void *context);

#endif
