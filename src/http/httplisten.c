/* SPDX-License-Identifier: ISC
 *
 * httplisten.c - see httplisten.h.
 */
#include "http/httplisten.h"

#include "platform/address.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128 };

static int open_file(struct httplisten *ret, const char *path) {
    struct httplisten opened = { .fd = -1 };
    int result = ctlsocket_open(&opened.file, path);

    if (result < 0)
        return result;
    if (listen(opened.file.fd, BACKLOG) < 0) {
        result = -errno;
        ctlsocket_remove(&opened.file);
        close(opened.file.fd);
        return result;
    }
    opened.fd = opened.file.fd;
    *ret = opened;
    return 0;
}

/* Whoever restarts the daemon wants the port at once, whatever the last one has left in TIME_WAIT. */
static int bind_address(int fd, const struct address *address) {
    union socket_address name;
    socklen_t length = address_to_socket(address, &name);
    int yes = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        (address->family == 6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) < 0) ||
        bind(fd, &name.any, length) < 0 || listen(fd, BACKLOG) < 0)
        return -errno;
    return 0;
}

static int open_address(struct httplisten *ret, const struct address *address) {
    int family = address->family == 6 ? AF_INET6 : AF_INET;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int result = fd < 0 ? -errno : bind_address(fd, address);

    if (result == 0)
        *ret = (struct httplisten){ .fd = fd };
    else if (fd >= 0)
        close(fd);
    return result;
}

int httplisten_open(struct httplisten *ret, const struct endpoint *endpoint) {
    return endpoint->path[0] != '\0' ? open_file(ret, endpoint->path) : open_address(ret, &endpoint->address);
}

void httplisten_remove(const struct httplisten *listen) {
    ctlsocket_remove(&listen->file);
}
