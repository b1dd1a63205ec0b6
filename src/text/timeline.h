/* SPDX-License-Identifier: ISC
 *
 * timeline.h - the changes that a watch tells, as lines of one story for people, for whoever shows them:
 *
 *     07:51:14.022            *  alpha (192.0.2.1) leads, epoch 7; this node is idle
 *     09:12:44.517   +1h 21m  ?  alpha is silent and is being checked
 *     09:12:44.823   +306 ms  !  no leader: alpha fell silent
 *     09:12:44.826  +2.91 ms  *  beta (192.0.2.2) leads now, epoch 8; no leader for 2.91 ms, after 306 ms of doubt
 *
 * What one change leaves open the next one explains: who the leader was that is none any more, and for how long nobody
 * could be sure of one. So a timeline has to see all changes of a watch, in their order.
 */
#ifndef ELDEST_TEXT_TIMELINE_H
#define ELDEST_TEXT_TIMELINE_H

#include "base/str.h"
#include "text/value.h"

#include <jansson.h>

enum { TIMELINE_TIME_SIZE = 16, TIMELINE_TEXT_SIZE = 512 };

struct timeline {
    bool begun;
    usec_t told_at; /* the line before; times are CLOCK_MONOTONIC */
    usec_t doubted_at, lost_at; /* the leader, since then; 0: it is not */
    char leader_id[STR_ID_SIZE]; /* the last one that was told; "" before */
    char leader_name[TEXT_SIZE];
    bool leader_self;
    json_int_t epoch;
};

struct timeline_line {
    char time[TIMELINE_TIME_SIZE]; /* of day here, with milliseconds; "" if it is not known */
    char elapsed[TIMELINE_TIME_SIZE]; /* since the line before; "" in the first one */
    char mark; /* '*' a leader, '?' doubt, '!' trouble, '+' and '-' members, ' ' else */
    enum tone tone;
    char text[TIMELINE_TEXT_SIZE];
};

/* Widths of the columns, whatever is in them. */
enum { TIMELINE_TIME_WIDTH = 12, TIMELINE_ELAPSED_WIDTH = 8 };

/* The line of a change. False: there is none, as a line before has told it, or one that comes at once will. */
bool timeline_read(struct timeline *timeline, const json_t *event, struct timeline_line *ret);

/* A line of who watches, about what no change tells. */
void timeline_note(struct timeline *timeline, usec_t now, const char *text, char mark, enum tone tone,
                   struct timeline_line *ret);

#endif
