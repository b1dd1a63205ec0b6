/* SPDX-License-Identifier: ISC
 *
 * options.h - the command line of eldestd, and what it says together with the configuration file.
 */
#ifndef ELDEST_DAEMON_OPTIONS_H
#define ELDEST_DAEMON_OPTIONS_H

#include "daemon/conf.h"

/* As given; NULL is "not given". Everything points into the arguments. */
struct options {
    bool foreground;
    bool check; /* only test the configuration */
    const char *config_path;
    const char *cluster;
    const char *state_directory;
    const char *socket_path;
    const char *log_level;
    char interfaces[256]; /* separated by blanks, as in the file; "" is "not given" */
};

/* Reads the command line. False if there is nothing more to do: help or version was written to standard
 * output (EX_OK), or what is wrong was logged (EX_USAGE). */
bool options_parse(int argc, char **argv, struct options *ret, int *ret_status);

/* Defaults, then the file, then the options. EX_OK; EX_USAGE or EX_CONFIG after everything that is wrong
 * with the options or the file was logged. */
int options_load(const struct options *options, struct conf *ret);

/* The configuration file that is read. */
void options_config_path(const struct options *options, char ret[CONF_PATH_SIZE]);

#endif
