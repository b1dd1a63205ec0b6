/* SPDX-License-Identifier: ISC
 *
 * histogram.h - how long something took, so often: durations counted by size.
 */
#ifndef ELDEST_BASE_HISTOGRAM_H
#define ELDEST_BASE_HISTOGRAM_H

#include "base/types.h"

enum { HISTOGRAM_BOUNDS = 11 };

/* 100 us to 10 s, three or so apart. */
extern const usec_t histogram_bounds[HISTOGRAM_BOUNDS];

/* Zeroed, it is empty. */
struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* above the bound before, up to that of their place; the last: above all */
    usec_t sum;
};

/* A negative duration counts as none. */
void histogram_note(struct histogram *histogram, usec_t duration);

uint64_t histogram_count(const struct histogram *histogram);

#endif
