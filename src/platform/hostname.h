/* SPDX-License-Identifier: ISC
 *
 * hostname.h - the name of this host, which can change while programs run.
 */
#ifndef ELDEST_PLATFORM_HOSTNAME_H
#define ELDEST_PLATFORM_HOSTNAME_H

enum { HOSTNAME_SIZE = 256 }; /* with its NUL */

/* "" if it has none. */
void hostname_get(char ret[HOSTNAME_SIZE]);

/* A descriptor that becomes readable each time somebody sets the name of a host of this kernel (containers have names of
 * their own). 0, or a negative errno: then the name is not followed. */
int hostname_watch_open(int *ret_fd);

#endif
