/* SPDX-License-Identifier: ISC
 *
 * value.h - how values of the daemon's JSON read to people, on a terminal as on a page: names, durations, tones.
 *
 * A member that is missing, null or of another type reads as "" or a dash, so that client and daemon of
 * different versions still understand each other. Texts are UTF-8, as the parser of JSON takes nothing else.
 */
#ifndef ELDEST_TEXT_VALUE_H
#define ELDEST_TEXT_VALUE_H

#include "base/types.h"

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

enum { TEXT_SIZE = 192 };

/* What a text is like, for whoever sees colours. */
enum tone { TONE_PLAIN, TONE_STRONG, TONE_FAINT, TONE_GOOD, TONE_DOUBT, TONE_BAD, TONE_COUNT };

/* The string member of an object, "" if there is none. */
const char *text_of(const json_t *object, const char *key);

/* The number that is a member, 0 if there is none. */
json_int_t integer_of(const json_t *object, const char *key);

/* The text, or a dash if there is none. */
const char *text_or_dash(const char *text);

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

/* The same time for people, 2026-11-23 09:12:44; "-" if it is none. */
const char *text_time(const char *time, char text[TEXT_SIZE]);

/* When a member was heard last, "412 ms ago"; "-" for this node. */
const char *text_last_seen(const json_t *peer, char text[TEXT_SIZE]);

/* Why there is no leader, from the document of a node that knows none. */
const char *text_no_leader(const json_t *node);

/* "paused for 12m 3s", "paused", or "not eligible" if it is for another reason that this node may not lead; "" if it
 * may. */
const char *text_eligible(const json_t *node, char text[TEXT_SIZE]);

/* "key=value key=value": the tags of a node or leader, "" if it has none; never longer than TAGS_MAX. */
const char *text_tags(const json_t *node, char text[TAGS_MAX + 1]);

/* Why a leadership of `history` has ended; "" for the present one. */
const char *text_ended_by(const json_t *term);

/* Of a `status` document: the member of that id, NULL if it is not listed; how many members are not listed, and the
 * rest of a sentence about them, which tells why. */
const json_t *text_member(const json_t *status, const char *id);
json_int_t text_unlisted(const json_t *status);
const char *text_why_unlisted(const json_t *status);

/* Columns that a text takes on a terminal. */
int text_width(const char *text);

/* Columns of the next character of a text that has not ended, which is left behind: 0 for one that is put on the one
 * before, 2 for a wide one, -1 for one that must not or, in this locale, cannot be shown: '?' stands for it. */
int text_step(const char **text);

#endif
