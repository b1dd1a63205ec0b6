/* SPDX-License-Identifier: ISC
 *
 * netlink.h - reads rtnetlink messages: the framing and the attributes, for iface.c which knows what they
 * mean.
 *
 * No length is trusted, although the sender is the kernel: what does not fit in what was received is not
 * looked at.
 */
#ifndef ELDEST_PLATFORM_NETLINK_H
#define ELDEST_PLATFORM_NETLINK_H

#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called with each message of an answer or notification. */
typedef void netlink_callback(const struct nlmsghdr *message, void *context);

/* Opens a route socket; with groups (RTMGRP_..., RTMGRP_...) a non-blocking one that is told of changes. 0
 * or a negative errno. */
int netlink_open(uint32_t groups, int *ret_fd);

/* Asks for a whole list (RTM_GETLINK, RTM_GETADDR of a family) and hands over each entry. 0 or a negative
 * errno; -EINTR: the list changed while it was read, so what was handed over fits nothing that ever was. */
int netlink_dump(int fd, uint16_t type, uint8_t family, netlink_callback *callback, void *context);

/* Hands over what the socket was told of since the last call, without waiting. */
void netlink_read(int fd, netlink_callback *callback, void *context);

/* The fixed part of a message, or NULL if it is shorter than that. */
const void *netlink_body(const struct nlmsghdr *message, size_t size);

/* The attribute of that type behind a fixed part of that size, or nested in another attribute; NULL if
 * there is none. */
const struct rtattr *netlink_attribute(const struct nlmsghdr *message, size_t body_size, uint16_t type);
const struct rtattr *netlink_nested(const struct rtattr *outer, uint16_t type);

const void *netlink_data(const struct rtattr *attribute);
size_t netlink_size(const struct rtattr *attribute);

#endif
