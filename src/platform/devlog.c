/* SPDX-License-Identifier: ISC
 *
 * devlog.c - see devlog.h.
 */
#include "platform/devlog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEADER_SIZE = 64 };

static int connect_to(const char *path) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = strlen(path);
    int fd, error;

    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length + 1);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    error = errno;
    close(fd);
    return -error;
}

/* As syslog(3) writes it: a local time without the year, in English. */
static size_t write_header(char header[HEADER_SIZE], int priority) {
    time_t now = time(NULL);
    char moment[32] = "";
    struct tm local;

    if (localtime_r(&now, &local))
        strftime(moment, sizeof moment, "%b %e %H:%M:%S ", &local);
    return (size_t)snprintf(header, HEADER_SIZE, "<%d>%seldestd[%d]: ", priority, moment, (int)getpid());
}

static int send_once(struct devlog *devlog, const struct msghdr *message) {
    if (devlog->fd < 0)
        devlog->fd = connect_to(devlog->path);
    if (devlog->fd < 0)
        return devlog->fd;
    return sendmsg(devlog->fd, message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int devlog_send(struct devlog *devlog, int priority, const char *text) {
    char header[HEADER_SIZE];
    struct iovec parts[] = { { header, write_header(header, priority) }, { NULL, strlen(text) } };
    const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    int result;

    /* sendmsg() only reads what an iovec points to, but its type cannot say so */
    memcpy(&parts[1].iov_base, &text, sizeof text);
    result = send_once(devlog, &message);
    if (result == 0 || result == -EAGAIN)
        return result;
    devlog_close(devlog);
    return send_once(devlog, &message);
}

void devlog_close(struct devlog *devlog) {
    if (devlog->fd >= 0)
        close(devlog->fd);
    devlog->fd = -1;
}
