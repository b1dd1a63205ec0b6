/* SPDX-License-Identifier: ISC
 *
 * liars.h - one node among liars: any message, with any numbers that the codec lets through, at any time, and whatever
 * else can happen to it. They know every nonce, exchange and epoch that the node has told.
 *
 * An assertion of Check fails if the node loses its form; without Check, see assert.c.
 */
#ifndef ELDEST_TESTS_LIARS_H
#define ELDEST_TESTS_LIARS_H

#include "fuzz/chance.h"

/* A node starts; what comes of that is decided by `chance`, which must outlive the story. There is one at a time. */
void liars_begin(struct chance *chance);

/* The next thing happens to it. */
void liars_act(void);

#endif
