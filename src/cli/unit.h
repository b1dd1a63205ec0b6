/* SPDX-License-Identifier: ISC
 *
 * unit.h - how eldestd is started on this host: by its unit of systemd, where that is there, or by hand.
 */
#ifndef ELDEST_CLI_UNIT_H
#define ELDEST_CLI_UNIT_H

#include "text/value.h"

/* The unit of a cluster: "eldest" for the default one, else "eldest@CLUSTER". */
const char *unit_name(const char *cluster, char text[TEXT_SIZE]);

/* Whether systemd runs this host and has that unit. */
bool unit_is_installed(const char *cluster);

/* The command by which root starts eldestd by hand: "sudo eldestd", "sudo eldestd -C CLUSTER". */
const char *unit_by_hand(const char *cluster, char text[TEXT_SIZE]);

/* The one by which it is to be started here. */
const char *unit_start_command(const char *cluster, char text[TEXT_SIZE]);

#endif
