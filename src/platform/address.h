/* SPDX-License-Identifier: ISC
 *
 * address.h - addresses as people read them and as sockets take them. The core only compares and hands back.
 */
#ifndef ELDEST_PLATFORM_ADDRESS_H
#define ELDEST_PLATFORM_ADDRESS_H

#include "base/types.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* Longest text of an address: IPv6, "%", interface name, NUL; and with "[", "]:" and a port. */
enum { ADDRESS_TEXT_SIZE = 64, ADDRESS_PORT_TEXT_SIZE = ADDRESS_TEXT_SIZE + 8, INTERFACE_TEXT_SIZE = 16 };

/* The two kinds of address, as places in a table and, shifted, as bits in a set. */
enum family { FAMILY_IPV4 = 0, FAMILY_IPV6 = 1, FAMILIES = 2 };

/* A socket address of either family, without a cast in sight. */
union socket_address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

/* "192.0.2.1", "2001:db8::1", "fe80::1%eth0"; "" for no address. Returns text. */
const char *address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE]);

/* The same with the port: "192.0.2.1:29418", "[fe80::1%eth0]:29418". Returns text. */
const char *address_format_port(const struct address *address, char text[ADDRESS_PORT_TEXT_SIZE]);

/* "192.0.2.1", "192.0.2.1:29418", "2001:db8::1", "[2001:db8::1]:29418"; port 0 if none is named, no interface. NULL, or
 * what is wrong: then ret is untouched. */
const char *address_parse(const char *text, struct address *ret);

/* The name of its interface; the index once that is gone, or if the name is no plain ASCII. Returns text. */
const char *address_interface(const struct address *address, char text[INTERFACE_TEXT_SIZE]);

/* FAMILY_IPV4 also for no address. */
enum family address_family(const struct address *address);

/* 169.254.0.0/16, fe80::/10: of no use beyond its link. */
bool address_is_link_local(const struct address *address);

/* The IPv4 address of four bytes in network order. */
struct address address_ipv4(const void *bytes, uint16_t port, uint32_t ifindex);

/* Fills ret and returns its length; 0 for no address. */
socklen_t address_to_socket(const struct address *address, union socket_address *ret);

/* The interface is known for IPv6 link-local addresses only. False for another family: ret is untouched. */
bool address_from_socket(const union socket_address *from, struct address *ret);

#endif
