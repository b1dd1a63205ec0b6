/* SPDX-License-Identifier: ISC
 *
 * conffile.h - reads a file of sections, keys and values into a configuration.
 *
 * The file is read by inih through a reader of our own, because inih gives no line number, cuts long lines and names
 * without a word, and tells of the first error only. Here every mistake is reported, with the line as its place.
 */
#ifndef ELDEST_DAEMON_CONFFILE_H
#define ELDEST_DAEMON_CONFFILE_H

#include "daemon/conf.h"

enum { CONFFILE_MAX = 1 << 20 }; /* bytes of a configuration file */

enum conffile_flags {
    CONFFILE_REQUIRED = 1, /* a missing file is an error */
    CONFFILE_AT_ONCE = 2, /* so is a pipe, or what else may keep the caller waiting */
};

/* Reads a file over what *conf holds, which conf_defaults() has filled. 0, or -EINVAL: then *conf is untouched and
 * *errors has grown. *errors begins zeroed. */
int conffile_load(const char *path, unsigned flags, struct conf *conf, struct conf_errors *errors);

#endif
