/* SPDX-License-Identifier: ISC
 *
 * client.h - one connection to a daemon's control socket: lines out, lines in, with a time limit.
 *
 * What the lines say is told in daemon/ctlserver.h; this layer does not look into them. It never prints and never
 * exits. Times are CLOCK_BOOTTIME in microseconds, as everywhere else. All functions return 0 or a negative errno; a
 * broken or refused connection shows as what the system calls it, and always closes with client_close().
 */
#ifndef ELDEST_LIB_CLIENT_H
#define ELDEST_LIB_CLIENT_H

#include "base/types.h"

enum {
    CLIENT_PATH_SIZE = 108, /* the longest path of a Unix socket, with its NUL */
    CLIENT_LINE_MAX = 16 << 20, /* a longer answer is none of ours */
};

/* For the answer to what waits for a handover: longer than the daemon lets anybody wait. */
#define CLIENT_HANDOVER_LIMIT (70 * USEC_PER_SEC)

struct client;

/* The default control socket of a cluster. -EINVAL: not a cluster name; -ENAMETOOLONG. */
int client_default_path(const char *cluster, char ret_path[CLIENT_PATH_SIZE]);

/* Connects; with a deadline that is over, at once or not at all. -ENOENT, -ECONNREFUSED: no daemon there. -ETIMEDOUT: a
 * daemon is there but takes nobody until the deadline. */
int client_open(struct client **ret, const char *path, usec_t deadline);

/* Sends a line, without its newline. A connection that the daemon has closed is no error yet: what it said
 * before is still to be received. -ETIMEDOUT: not taken until the deadline. */
int client_send(struct client *client, const char *line, usec_t deadline);

/* The same for the request {"command":COMMAND}. */
int client_request(struct client *client, const char *command, usec_t deadline);

/* Receives the next line, without its newline, valid until the next call. deadline may be USEC_NEVER; a line
 * that is there is given even after it. -ETIMEDOUT, -EPIPE: the daemon closed the connection; -EMSGSIZE:
 * longer than CLIENT_LINE_MAX. */
int client_receive(struct client *client, usec_t deadline, const char **ret_line);

/* The descriptor that came with the lines received so far, the last one if there were several; the caller's from then
 * on, close-on-exec. -1: none has come since the last call. */
int client_take_descriptor(struct client *client);

/* To poll for lines; it stays the client's. What client_receive() has read already is not seen there. */
int client_fd(const struct client *client);

/* The deadline for what may take so long from now, which is what 0 gives; USEC_NEVER for USEC_NEVER. */
usec_t client_deadline(usec_t limit);

/* What is left until then, for poll(): milliseconds, rounded up; -1 for USEC_NEVER. */
int client_left_ms(usec_t deadline);

/* NULL is fine. */
void client_close(struct client *client);

#endif
