/* SPDX-License-Identifier: ISC
 *
 * endpoint.h - where a server listens, as people write it: an address with a port, or the path of a Unix socket.
 */
#ifndef ELDEST_PLATFORM_ENDPOINT_H
#define ELDEST_PLATFORM_ENDPOINT_H

#include "base/types.h"

enum {
    ENDPOINT_PATH_SIZE = 108, /* what the address of a Unix socket holds, with the NUL */
    ENDPOINT_TEXT_SIZE = ENDPOINT_PATH_SIZE,
};

struct endpoint {
    char path[ENDPOINT_PATH_SIZE]; /* of a Unix socket; "": address it is, and the rest is zero in either case */
    struct address address;
};

/* "127.0.0.1:8080", "[::1]:8080", "/run/eldest/http.sock". NULL, or what is wrong: then ret is untouched. */
const char *endpoint_parse(const char *text, struct endpoint *ret);

/* The same text again. Returns text. */
const char *endpoint_format(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_SIZE]);

#endif
