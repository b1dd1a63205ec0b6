/* SPDX-License-Identifier: ISC
 *
 * options.h - the command line of eldestd.
 */
#ifndef ELDEST_DAEMON_OPTIONS_H
#define ELDEST_DAEMON_OPTIONS_H

#include "daemon/conf.h"

/* As given; NULL or "" is "not given". Pointers lead into the arguments. Paths are absolute, so that they mean the same
 * after the daemon has left its working directory. */
struct options {
    bool foreground;
    bool check; /* only test the configuration */
    char config_path[CONF_PATH_SIZE];
    char state_directory[CONF_PATH_SIZE];
    char socket_path[CONF_PATH_SIZE];
    const char *cluster;
    const char *log_level;
    char interfaces[256]; /* separated by blanks, as in the file */
};

/* Reads the command line. False if there is nothing more to do: help or version was written to standard
 * output (EX_OK), or what is wrong was logged (EX_USAGE). */
bool options_parse(int argc, char **argv, struct options *ret, int *ret_status);

#endif
