/* SPDX-License-Identifier: ISC
 *
 * endpoint.c - see endpoint.h.
 */
#include "platform/endpoint.h"

#include "platform/address.h"

#include <stdio.h>
#include <string.h>

_Static_assert((int)ENDPOINT_TEXT_SIZE >= (int)ADDRESS_PORT_TEXT_SIZE, "the text of an address does not fit");

static const char *parse_path(const char *path, struct endpoint *ret) {
    size_t length = strlen(path);

    if (length >= ENDPOINT_PATH_SIZE)
        return "longer than the path of a socket can be";
    if (path[length - 1] == '/')
        return "a directory";
    memset(ret, 0, sizeof *ret);
    memcpy(ret->path, path, length);
    return NULL;
}

const char *endpoint_parse(const char *text, struct endpoint *ret) {
    struct address address;
    const char *wrong;

    if (text[0] == '/')
        return parse_path(text, ret);
    wrong = address_parse(text, &address);
    if (wrong)
        return wrong;
    if (address.port == 0)
        return "without a port";
    if (address.family == 6 && address_is_link_local(&address))
        return "link-local, so that several interfaces can have it";
    memset(ret, 0, sizeof *ret);
    memcpy(&ret->address, &address, sizeof address);
    return NULL;
}

const char *endpoint_format(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_SIZE]) {
    char address[ADDRESS_PORT_TEXT_SIZE];

    if (endpoint->path[0] == '\0')
        snprintf(text, ENDPOINT_TEXT_SIZE, "%s", address_format_port(&endpoint->address, address));
    else
        snprintf(text, ENDPOINT_TEXT_SIZE, "%s", endpoint->path);
    return text;
}
