/* SPDX-License-Identifier: ISC
 *
 * httpsource.h - who is behind a connection, as far as places are shared out fairly among the others.
 */
#ifndef ELDEST_HTTP_HTTPSOURCE_H
#define ELDEST_HTTP_HTTPSOURCE_H

#include <stdbool.h>

/* An IPv4 address; the network of an IPv6 address, which has all addresses below it, but a link-local one whole; the
 * user at a Unix socket. Compared as bytes. */
struct httpsource {
    unsigned char kind;
    unsigned char bytes[16];
};

/* Of a connected socket. One that cannot be told is like all others of which that is so. */
void httpsource_of(int fd, struct httpsource *ret);

bool httpsource_equal(const struct httpsource *a, const struct httpsource *b);

#endif
