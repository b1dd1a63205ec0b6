/* SPDX-License-Identifier: ISC
 *
 * netlink.c - see netlink.h.
 */
#include "platform/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MESSAGES_MAX = 32768, /* bytes: the kernel hands out at most this much at once */
    READS_MAX = 64, /* of notifications in one go: the rest keeps */
};

struct reader {
    union {
        struct nlmsghdr align;
        char bytes[MESSAGES_MAX];
    } buffer;
    bool done; /* the end of the list was among what was read */
    bool inconsistent; /* the kernel says that the list changed meanwhile */
    int error; /* that the kernel answered with */
};

int netlink_open(uint32_t groups, int *ret_fd) {
    struct sockaddr_nl name = { .nl_family = AF_NETLINK, .nl_groups = groups };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | (groups ? SOCK_NONBLOCK : 0), NETLINK_ROUTE);
    int result;

    if (fd < 0)
        return -errno;
    if (bind(fd, (const struct sockaddr *)&name, sizeof name) < 0) {
        result = -errno;
        close(fd);
        return result;
    }
    *ret_fd = fd;
    return 0;
}

static void take_message(struct reader *reader, const struct nlmsghdr *message, netlink_callback *callback,
                         void *context) {
    const struct nlmsgerr *error = netlink_body(message, sizeof *error);

    if (message->nlmsg_flags & NLM_F_DUMP_INTR)
        reader->inconsistent = true;
    if (message->nlmsg_type == NLMSG_DONE)
        reader->done = true;
    else if (message->nlmsg_type == NLMSG_ERROR)
        reader->error = error ? error->error : -EBADMSG;
    else
        callback(message, context);
}

/* One recvmsg()'s worth of messages. 0 or a negative errno. */
static int read_messages(int fd, struct reader *reader, netlink_callback *callback, void *context) {
    struct iovec part = { &reader->buffer, sizeof reader->buffer };
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t received = recvmsg(fd, &header, 0);
    size_t at = 0, end = (size_t)received;

    if (received < 0)
        return -errno;
    if (header.msg_flags & MSG_TRUNC)
        return -EMSGSIZE;
    while (at < end) {
        const struct nlmsghdr *message = (const void *)(reader->buffer.bytes + at);

        if (end - at < sizeof *message || message->nlmsg_len < sizeof *message || message->nlmsg_len > end - at)
            return -EBADMSG;
        take_message(reader, message, callback, context);
        at += NLMSG_ALIGN(message->nlmsg_len);
    }
    return 0;
}

int netlink_dump(int fd, uint16_t type, uint8_t family, netlink_callback *callback, void *context) {
    struct {
        struct nlmsghdr header;
        struct rtgenmsg body;
    } request = {
        .header = { .nlmsg_len = NLMSG_LENGTH(sizeof request.body), .nlmsg_type = type,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        .body = { .rtgen_family = family },
    };
    struct reader reader;
    int result = 0;

    reader.done = reader.inconsistent = false;
    reader.error = 0;
    if (send(fd, &request, request.header.nlmsg_len, 0) < 0)
        return -errno;
    while (!reader.done && reader.error == 0 && result == 0)
        result = read_messages(fd, &reader, callback, context);
    if (result == 0)
        result = reader.error;
    return result == 0 && reader.inconsistent ? -EINTR : result;
}

void netlink_read(int fd, netlink_callback *callback, void *context) {
    struct reader reader;
    int reads, result = 0;

    /* an overrun is told once, and what came after it follows */
    for (reads = 0; reads < READS_MAX && result != -EAGAIN; reads++)
        result = read_messages(fd, &reader, callback, context);
}

const void *netlink_body(const struct nlmsghdr *message, size_t size) {
    return message->nlmsg_len >= NLMSG_LENGTH(size) ? (const char *)message + NLMSG_HDRLEN : NULL;
}

static const struct rtattr *find(const char *at, size_t left, uint16_t type) {
    while (left >= sizeof(struct rtattr)) {
        const struct rtattr *attribute = (const void *)at;
        size_t step = RTA_ALIGN(attribute->rta_len);

        if (attribute->rta_len < sizeof *attribute || attribute->rta_len > left)
            return NULL;
        if ((attribute->rta_type & NLA_TYPE_MASK) == type)
            return attribute;
        if (step >= left)
            return NULL;
        at += step;
        left -= step;
    }
    return NULL;
}

const struct rtattr *netlink_attribute(const struct nlmsghdr *message, size_t body_size, uint16_t type) {
    size_t start = NLMSG_SPACE(body_size);

    return message->nlmsg_len > start ? find((const char *)message + start, message->nlmsg_len - start, type) : NULL;
}

const struct rtattr *netlink_nested(const struct rtattr *outer, uint16_t type) {
    return find(netlink_data(outer), netlink_size(outer), type);
}

const void *netlink_data(const struct rtattr *attribute) {
    return (const char *)attribute + RTA_LENGTH(0);
}

size_t netlink_size(const struct rtattr *attribute) {
    return attribute->rta_len - RTA_LENGTH(0);
}
