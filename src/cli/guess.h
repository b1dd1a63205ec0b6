/* SPDX-License-Identifier: ISC
 *
 * guess.h - which word is meant by one that is none.
 */
#ifndef ELDEST_CLI_GUESS_H
#define ELDEST_CLI_GUESS_H

#include <stdbool.h>
#include <stddef.h>

enum { GUESS_FAR = 100 }; /* more than any guess is worth */

/* How far a word is from one that is known: letters that are missing, too many, wrong or in each other's place; the
 * beginning of one is near, too. GUESS_FAR: it is not meant. The nearest one is the best guess. */
unsigned guess_distance(const char *word, const char *known);

#endif
