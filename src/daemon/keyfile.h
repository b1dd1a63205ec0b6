/* SPDX-License-Identifier: ISC
 *
 * keyfile.h - where the keys of the cluster are, and whether that file may be trusted with them.
 *
 * By `key_file` of the configuration: a path; or "none"; or "auto", which is the credential "key" of systemd
 * ($CREDENTIALS_DIRECTORY/key) if there is one, else the file beside the configuration, "key" or "CLUSTER.key", if it
 * is there. A file that is there but cannot be used is a mistake, and never means "none".
 *
 * It belongs to root or to the user of the daemon. Nobody but its owner may write to it; nobody else read it but these
 * two, also by an access list, and a group that is root's, the daemon's, or called "eldest".
 */
#ifndef ELDEST_DAEMON_KEYFILE_H
#define ELDEST_DAEMON_KEYFILE_H

#include "auth/key.h"
#include "daemon/conf.h"

/* The keys, for memory of secret.h: no key (count 0) if none is configured. ret_path is where they are from, or "". 0,
 * or -EINVAL: then there are none, and *errors has grown. */
int keyfile_load(const struct conf *conf, struct keys *ret, char ret_path[CONF_PATH_SIZE], struct conf_errors *errors);

#endif
