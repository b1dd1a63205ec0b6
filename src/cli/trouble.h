/* SPDX-License-Identifier: ISC
 *
 * trouble.h - what is said when eldestd is not reached, or refuses: what has happened, to what, and what to do
 * about it.
 *
 * Each says it on standard error and gives the exit status.
 */
#ifndef ELDEST_CLI_TROUBLE_H
#define ELDEST_CLI_TROUBLE_H

#include "cli/cli.h"

#include <jansson.h>

/* It could not be connected to, with that negative errno. */
enum status trouble_connect(const struct cli *cli, const char *path, int error);

/* It is there, but does not answer. */
enum status trouble_silence(const char *path);

/* Nothing came of the connection that there was, with that negative errno; 0: what came is no JSON. */
enum status trouble_receive(const char *path, int error);

/* It has answered {"error":{"code","message"}}. */
enum status trouble_answer(const json_t *error);

/* The status of that alone; nothing is said. */
enum status trouble_status(const json_t *error);

#endif
