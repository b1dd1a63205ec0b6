/* SPDX-License-Identifier: ISC
 *
 * settings.h - how this daemon is configured: the sources, and what of them is in force.
 *
 *     options (command line) --+
 *                              +--> settings --> struct conf, which all others read
 *     conffile (file) ---------+
 */
#ifndef ELDEST_DAEMON_SETTINGS_H
#define ELDEST_DAEMON_SETTINGS_H

#include "daemon/options.h"

struct settings {
    struct options options;
    char path[CONF_PATH_SIZE]; /* of the configuration file */
    struct conf conf; /* in force */
};

/* Defaults, then the file, then the options, which are copied. EX_OK; EX_USAGE or EX_CONFIG after everything that is
 * wrong with the options or the file was logged. */
int settings_load(struct settings *ret, const struct options *options);

#endif
