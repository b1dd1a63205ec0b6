/* SPDX-License-Identifier: ISC
 *
 * util.h - the small tools of C that C lacks.
 */
#ifndef ELDEST_BASE_UTIL_H
#define ELDEST_BASE_UTIL_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static inline int64_t min_i64(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static inline int64_t max_i64(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* value, but not below low and not above high; low wins where they cross. */
static inline int64_t clamp_i64(int64_t value, int64_t low, int64_t high) {
    return max_i64(low, min_i64(value, high));
}

#endif
