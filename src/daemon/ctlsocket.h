/* SPDX-License-Identifier: ISC
 *
 * ctlsocket.h - the file of the control socket, or of another at which users are served: made for everybody to connect
 * to, never taken from a living daemon, removed by its owner only.
 *
 * Nobody can connect to a socket that does not listen yet, so it looks like that of a dead daemon. Its owner therefore
 * holds a lock as well, on the file PATH.lock, from before it looks at the socket until it has removed it.
 */
#ifndef ELDEST_DAEMON_CTLSOCKET_H
#define ELDEST_DAEMON_CTLSOCKET_H

#include <sys/types.h>

enum { CTLSOCKET_PATH_SIZE = 108 }; /* what a Unix socket's address holds, with the NUL */

struct ctlsocket {
    int fd; /* bound, not yet listening, non-blocking; the caller closes it */
    int lock; /* its descriptor */
    char path[CTLSOCKET_PATH_SIZE]; /* "": never opened */
    dev_t device; /* of the file, to know our own */
    ino_t inode;
};

/* Makes the socket and, if it is missing, the directory it is in (0755). What a daemon that is gone left there is
 * replaced. The errors are those of ctlserver_open(); then *ret is untouched. */
int ctlsocket_open(struct ctlsocket *ret, const char *path);

/* Removes the file, unless another one has taken its place, and gives the lock back. */
void ctlsocket_remove(const struct ctlsocket *socket);

#endif
