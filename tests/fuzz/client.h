/* SPDX-License-Identifier: ISC
 *
 * client.h - a client of a server that is in this process, beside a daemon that is made up (unit/node_fixture.h).
 */
#ifndef ELDEST_TESTS_CLIENT_H
#define ELDEST_TESTS_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/* The path of a Unix socket in a directory of its own, which is removed when the program ends. */
const char *client_path(void);

/* Says these bytes on a new connection, then no more, and turns the event loop until the server has ended the
 * connection or has nothing to say for a while; in the midst of that something changes in the cluster. Gives what it
 * has said, the first MiB of it, terminated; valid until the next call. */
const char *client_talk(const uint8_t *data, size_t size, size_t *ret_length);

#endif
