/* SPDX-License-Identifier: ISC
 *
 * quorum.h - what documents of eldestd say of votes and seats (quorum = majority), in words: why nobody leads, and how
 * many votes there are.
 */
#ifndef ELDEST_CLI_QUORUM_H
#define ELDEST_CLI_QUORUM_H

#include "text/value.h"

#include <jansson.h>

enum { QUORUM_TEXT_SIZE = 2 * TEXT_SIZE };

/* That member of a document, if votes count there; else NULL. */
const json_t *quorum_of(const json_t *document);

/* Who has a seat, as an array; NULL if that is not known, or nobody has. */
const json_t *quorum_seats(const json_t *document);

/* What this node does without a leader, and what is missing for one: "looking for one: 2 of 3 needed, heard 1". */
const char *quorum_no_leader(const json_t *document, char text[QUORUM_TEXT_SIZE]);

/* How many votes are needed and there, and for how long this node leads or may not vote, in a phrase; "" where votes do
 * not count. */
const char *quorum_votes(const json_t *document, char text[QUORUM_TEXT_SIZE]);

/* The names of those with a seat, as far as there is room. */
const char *quorum_names(const json_t *document, char text[QUORUM_TEXT_SIZE]);

#endif
