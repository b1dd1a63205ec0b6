/* SPDX-License-Identifier: ISC
 *
 * str.h - text to value and back, without stdio or locale: ids, numbers, durations, and which names are allowed.
 *
 * Parsers take a whole NUL-terminated text: nothing may precede or follow the value, not even a space. They return 0,
 * -EINVAL (not of that form) or -ERANGE (of that form, but too small or too large), and leave ret_* alone on failure.
 * Formatters write to a buffer of the size named here, always terminate it, and return the length of the text.
 */
#ifndef ELDEST_BASE_STR_H
#define ELDEST_BASE_STR_H

#include "base/types.h"

enum { /* room for the longest text of each kind and its NUL */
    STR_ID_SIZE = 33,
    STR_UNSIGNED_SIZE = 21,
    STR_DURATION_SIZE = 24,
};

/* 32 hexadecimal digits; written in lower case, read in either. */
int str_parse_id(const char *text, struct node_id *ret_id);
size_t str_format_id(const struct node_id *id, char text[STR_ID_SIZE]);

/* Decimal digits only, for a value in [low, high]. */
int str_parse_unsigned(const char *text, uint64_t low, uint64_t high, uint64_t *ret_value);
size_t str_format_unsigned(uint64_t value, char text[STR_UNSIGNED_SIZE]);

/* Decimal digits and a unit: us, ms, s, m, h or d; a plain 0 needs none. Exact: what does not fit is -ERANGE.
 * Written in the largest unit that leaves no fraction, hence as short as it gets: 90s, 1500ms, 2h. */
int str_parse_duration(const char *text, usec_t *ret_duration);
size_t str_format_duration(usec_t duration, char text[STR_DURATION_SIZE]);

/* A cluster name: 1 to CLUSTER_NAME_MAX of A-Z a-z 0-9 . _ - but not "." or "..", as it also names files. */
bool str_is_cluster_name(const char *text, size_t length);

enum { HOOK_NAME_MAX = 64 };

/* The name of a hook, as run-parts(8) takes it: 1 to HOOK_NAME_MAX of A-Z a-z 0-9 _ and -. */
bool str_is_hook_name(const char *text);

/* Well-formed UTF-8 without control characters (C0, DEL, C1), hence safe to show on a terminal; empty is fine. */
bool str_is_printable(const char *text, size_t length);

/* Makes it so: every byte that does not belong to such a character becomes '?'. */
void str_make_printable(char *text);

#endif
