/* SPDX-License-Identifier: ISC
 *
 * tap.h - the lossy switch: an Ethernet interface in a network namespace, whose cable ends in a file descriptor.
 */
#ifndef ELDEST_TESTS_NET_TAP_H
#define ELDEST_TESTS_NET_TAP_H

#include <stdbool.h>

/* Makes the interface by that name in the namespace of that path and returns its descriptor, which does not block:
 * read() gives a frame that the host sends, write() takes one for it. Or a negative errno; the caller is in that
 * namespace afterwards, whatever happened. The interface lives as long as the descriptor. */
int tap_open(const char *netns, const char *name);

/* Plugs in its cable or takes it out: 0 or a negative errno. */
int tap_plug(int fd, bool in);

#endif
