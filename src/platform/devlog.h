/* SPDX-License-Identifier: ISC
 *
 * devlog.h - messages to the syslog daemon, without ever waiting for it.
 *
 * syslog(3) waits when that daemon does not read, which some ten messages are enough for: then a stopped log would
 * stop the election, too.
 */
#ifndef ELDEST_PLATFORM_DEVLOG_H
#define ELDEST_PLATFORM_DEVLOG_H

struct devlog {
    const char *path; /* of the socket, which takes datagrams; _PATH_LOG */
    int fd; /* -1: not connected */
};

/* Sends a line of text, of a facility and priority as in syslog(3). Connects first where needed, and again when the
 * syslog daemon was started anew. -EAGAIN: it does not read. -ENOENT, -ECONNREFUSED: there is none. */
int devlog_send(struct devlog *devlog, int priority, const char *text);

/* Disconnects; the next message would connect again. */
void devlog_close(struct devlog *devlog);

#endif
