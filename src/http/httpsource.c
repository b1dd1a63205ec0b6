/* SPDX-License-Identifier: ISC
 *
 * httpsource.c - see httpsource.h.
 */
#include "http/httpsource.h"

#include "platform/address.h"

#include <string.h>
#include <sys/socket.h>

enum { KIND_UNKNOWN, KIND_USER, KIND_IPV4, KIND_IPV6, NETWORK_SIZE = 8 };

static void user_of(int fd, struct httpsource *ret) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
        return;
    ret->kind = KIND_USER;
    memcpy(ret->bytes, &credentials.uid, sizeof credentials.uid);
}

static void host_of(const struct address *address, struct httpsource *ret) {
    ret->kind = address->family == 4 ? KIND_IPV4 : KIND_IPV6;
    memcpy(ret->bytes, address->bytes, sizeof ret->bytes);
    if (address->family == 6 && !address_is_link_local(address))
        memset(ret->bytes + NETWORK_SIZE, 0, sizeof ret->bytes - NETWORK_SIZE);
}

void httpsource_of(int fd, struct httpsource *ret) {
    union socket_address name;
    socklen_t size = sizeof name;
    struct address address;

    memset(ret, 0, sizeof *ret);
    if (getpeername(fd, &name.any, &size) < 0)
        return;
    if (size >= sizeof name.any.sa_family && name.any.sa_family == AF_UNIX)
        user_of(fd, ret);
    else if (address_from_socket(&name, &address))
        host_of(&address, ret);
}

bool httpsource_equal(const struct httpsource *a, const struct httpsource *b) {
    return a->kind == b->kind && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
