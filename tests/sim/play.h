/* SPDX-License-Identifier: ISC
 *
 * play.h - the language of the cases: what each statement does to a world, and what each condition asks of it.
 */
#ifndef ELDEST_SIM_PLAY_H
#define ELDEST_SIM_PLAY_H

#include "script.h"
#include "world.h"

extern const struct language play_language;

/* Plays the script on a fresh world; the world has failed when something was not as told. */
void play_script(struct world *world, const struct script *script);

#endif
