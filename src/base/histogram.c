/* SPDX-License-Identifier: ISC
 *
 * histogram.c - see histogram.h.
 */
#include "base/histogram.h"

#include "base/util.h"

const usec_t histogram_bounds[HISTOGRAM_BOUNDS] = {
    100, 300, 1000, 3000, 10000, 30000, 100000, 300000, 1000000, 3000000, 10000000,
};

void histogram_note(struct histogram *histogram, usec_t duration) {
    unsigned place = 0;

    duration = max_i64(duration, 0);
    while (place < HISTOGRAM_BOUNDS && duration > histogram_bounds[place])
        place++;
    histogram->counts[place]++;
    histogram->sum += duration;
}

uint64_t histogram_count(const struct histogram *histogram) {
    uint64_t count = 0;

    for (unsigned place = 0; place < ARRAY_SIZE(histogram->counts); place++)
        count += histogram->counts[place];
    return count;
}
