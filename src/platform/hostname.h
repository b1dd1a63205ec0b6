/* SPDX-License-Identifier: ISC
 *
 * hostname.h - the name of this host, which can change while programs run.
 */
#ifndef ELDEST_PLATFORM_HOSTNAME_H
#define ELDEST_PLATFORM_HOSTNAME_H

enum { HOSTNAME_SIZE = 256 }; /* with its NUL */

/* "" if it has none. */
void hostname_get(char ret[HOSTNAME_SIZE]);

/* Tells each time somebody sets the name of a host of this kernel (containers have names of their own). */
struct hostname_watch;

/* 0, or a negative errno: then the name is not followed. */
int hostname_watch_open(struct hostname_watch **ret);

/* NULL is fine. */
void hostname_watch_close(struct hostname_watch *watch);

/* Can be read when there is something to read. */
int hostname_watch_fd(const struct hostname_watch *watch);

/* Reads what was told. */
void hostname_watch_read(struct hostname_watch *watch);

#endif
