/* SPDX-License-Identifier: ISC
 *
 * settings.h - how this daemon is configured: the sources, and what of them is in force.
 *
 *     options (command line) --+
 *                              +--> settings --> struct conf, which all others read
 *     conffile (file) ---------+
 *                              +--> keys, which whoever sends and hears reads
 *     keyfile (file) ----------+
 */
#ifndef ELDEST_DAEMON_SETTINGS_H
#define ELDEST_DAEMON_SETTINGS_H

#include "auth/key.h"
#include "daemon/options.h"

struct settings {
    struct options options;
    char path[CONF_PATH_SIZE]; /* of the configuration file */
    struct conf conf; /* in force */
    struct keys *keys; /* in force, in memory of their own (secret.h); NULL before settings_take_keys() */
    char host_name[NODE_NAME_MAX + 1]; /* of a node that is called as its host, when that was looked at last */
};

/* Defaults, then the file, then the options, which are copied. EX_OK; EX_USAGE or EX_CONFIG after everything that is
 * wrong with the options, the file or that of the keys was logged. */
int settings_load(struct settings *ret, const struct options *options);

/* Reads the keys: to be called after the last fork, since no child has them. EX_OK, EX_CONFIG or EX_OSERR, as above. */
int settings_take_keys(struct settings *settings);

/* Wipes them. */
void settings_drop_keys(struct settings *settings);

/* Keys as "section.key", in the order of the table. */
struct settings_keys {
    unsigned count;
    char list[CONF_KEYS_MAX][CONF_KEY_SIZE];
};

struct settings_outcome {
    struct conf_errors errors; /* if there are any, nothing has changed */
    struct settings_keys changed; /* in force from now on */
    struct settings_keys restart; /* differ, but take effect at the next start: the old value stays in force */
};

/* Reads the same sources again and puts in force what can change while the daemon runs. All or nothing; the outcome is
 * logged. Keys can take the place of others; whether there are any is for the next start. */
void settings_reload(struct settings *settings, struct settings_outcome *ret);

/* The host may have got another name: a node that is called as its host follows it. True if it has another name now,
 * which is logged. */
bool settings_follow_host(struct settings *settings);

#endif
