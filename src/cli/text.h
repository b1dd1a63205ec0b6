/* SPDX-License-Identifier: ISC
 *
 * text.h - how values of the daemon's JSON look to people: names, durations, colours.
 *
 * A member that is missing, null or of another type reads as "" or a dash, so that client and daemon of
 * different versions still understand each other. Texts are UTF-8, as the parser of JSON takes nothing else.
 */
#ifndef ELDEST_CLI_TEXT_H
#define ELDEST_CLI_TEXT_H

#include "base/types.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

enum { TEXT_SIZE = 192 };

/* What a text is like, for whoever sees colours. */
enum tone { TONE_PLAIN, TONE_STRONG, TONE_FAINT, TONE_GOOD, TONE_DOUBT, TONE_BAD, TONE_COUNT };

/* Escape sequences around what is printed; all empty where colour is not wanted. */
struct palette {
    const char *begin[TONE_COUNT];
    const char *end;
};

/* Colours for a stream: only on a terminal, and not if text_no_colour() or TERM is dumb. */
const struct palette *palette_of(FILE *stream);

/* Whether NO_COLOR is set and not empty. */
bool text_no_colour(void);

/* The string member of an object, "" if there is none. */
const char *text_of(const json_t *object, const char *key);

/* The name of a node, safe to show; the first digits of its id if it has not told its name yet. */
const char *text_name(const json_t *node, char text[TEXT_SIZE]);

/* "name (address)". */
const char *text_name_address(const json_t *node, char text[TEXT_SIZE]);

/* A duration as people say it: 0.41 ms, 412 ms, 1.2s, 12s, 5m 12s, 3h 4m, 12d 3h. */
const char *text_duration(usec_t duration, char text[TEXT_SIZE]);

/* The same of a number of seconds, of milliseconds or of microseconds; "-" for no number. */
const char *text_seconds(const json_t *seconds, char text[TEXT_SIZE]);
const char *text_ms(const json_t *ms, char text[TEXT_SIZE]);
const char *text_us(const json_t *us, char text[TEXT_SIZE]);

/* "412 ms ago"; "-" for no number. */
const char *text_ms_ago(const json_t *ms, char text[TEXT_SIZE]);

/* A share as people say it: 0%, 0.4%, 12%; "-" for no number. */
const char *text_percent(const json_t *share, char text[TEXT_SIZE]);

/* An RFC 3339 time in UTC as the time here, without its fraction; false if it is none. */
bool text_local_time(const char *time, struct tm *ret);

/* Why there is no leader, from the document of a node that knows none. */
const char *text_no_leader(const json_t *node);

/* "paused for 12m 3s", "paused", or "not eligible" if it is for another reason that this node may not lead; "" if it
 * may. */
const char *text_eligible(const json_t *node, char text[TEXT_SIZE]);

/* "key=value key=value": the tags of a node or leader, "" if it has none; never longer than TAGS_MAX. */
const char *text_tags(const json_t *node, char text[TAGS_MAX + 1]);

/* Columns that a text takes on a terminal. */
int text_width(const char *text);

/* Columns of the next character of a text that has not ended, which is left behind: 0 for one that is put on the one
 * before, 2 for a wide one, -1 for one that must not or, in this locale, cannot be shown: '?' stands for it. */
int text_step(const char **text);

#endif
