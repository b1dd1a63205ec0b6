/* SPDX-License-Identifier: ISC
 *
 * httpevents.h - changes as server-sent events: what a stream begins with, and what is added to it.
 *
 *     id: START-SEQ
 *     event: leader
 *     data: the line of the journal
 *
 * START is a random number of this start of the daemon, so that an id of an earlier start is known for what it is.
 * Whoever comes back with the id of the last event that it got is sent what it has missed, if that is kept; else, like
 * everybody who is new, a snapshot.
 */
#ifndef ELDEST_HTTP_HTTPEVENTS_H
#define ELDEST_HTTP_HTTPEVENTS_H

#include "http/httprequest.h"

#include <stdint.h>

struct daemon;
struct evbuffer;
struct journal_line;

struct httpevents {
    const struct daemon *daemon;
    uint64_t start;
};

/* Makes the daemon's journal keep its lines. 0, or what the system said about random numbers. */
int httpevents_init(struct httpevents *events, const struct daemon *daemon);

/* Adds what a new stream begins with; last is the id that the client named, if any. 0 or -ENOMEM. */
int httpevents_begin(const struct httpevents *events, struct httprequest_text last, struct evbuffer *out);

/* Adds the present state, for a stream that missed so many events. 0 or -ENOMEM. */
int httpevents_catch_up(const struct httpevents *events, uint64_t dropped, struct evbuffer *out);

/* Adds a change. 0 or -ENOMEM. */
int httpevents_add(const struct httpevents *events, const struct journal_line *line, struct evbuffer *out);

#endif
