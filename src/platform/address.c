/* SPDX-License-Identifier: ISC
 *
 * address.c - see address.h.
 */
#include "platform/address.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

static bool is_link_local6(const struct address *address) {
    return address->family == 6 && address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

enum family address_family(const struct address *address) {
    return address->family == 6 ? FAMILY_IPV6 : FAMILY_IPV4;
}

bool address_is_link_local(const struct address *address) {
    return is_link_local6(address) ||
           (address->family == 4 && address->bytes[0] == 169 && address->bytes[1] == 254);
}

/* The kernel takes nearly any bytes for a name, but a document cannot have all of them. */
static bool is_plain(const char *name) {
    for (; *name != '\0'; name++)
        if (*name <= ' ' || *name > '~')
            return false;
    return true;
}

const char *address_interface(const struct address *address, char text[INTERFACE_TEXT_SIZE]) {
    if (!if_indextoname(address->ifindex, text) || !is_plain(text))
        snprintf(text, INTERFACE_TEXT_SIZE, "%u", address->ifindex);
    return text;
}

const char *address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE]) {
    char interface[INTERFACE_TEXT_SIZE];
    size_t used;

    text[0] = '\0';
    if (address->family == 4)
        inet_ntop(AF_INET, address->bytes, text, ADDRESS_TEXT_SIZE);
    else if (address->family == 6)
        inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_SIZE);
    if (is_link_local6(address) && address->ifindex != 0) {
        used = strlen(text);
        snprintf(text + used, ADDRESS_TEXT_SIZE - used, "%%%s", address_interface(address, interface));
    }
    return text;
}

const char *address_format_port(const struct address *address, char text[ADDRESS_PORT_TEXT_SIZE]) {
    char host[ADDRESS_TEXT_SIZE];

    text[0] = '\0';
    if (address->family == 4)
        snprintf(text, ADDRESS_PORT_TEXT_SIZE, "%s:%u", address_format(address, host), address->port);
    else if (address->family == 6)
        snprintf(text, ADDRESS_PORT_TEXT_SIZE, "[%s]:%u", address_format(address, host), address->port);
    return text;
}

/* The end of the address in a text of it with a port or without; NULL if a bracket is not closed. */
static const char *host_end(const char *host, bool bracketed) {
    const char *end = strchr(host, bracketed ? ']' : ':');
    bool is_plain_ipv6 = !bracketed && end && strchr(end + 1, ':');

    return !bracketed && (!end || is_plain_ipv6) ? host + strlen(host) : end;
}

const char *address_parse(const char *text, struct address *ret) {
    struct address address;
    char host[INET6_ADDRSTRLEN];
    bool bracketed = text[0] == '[';
    const char *begin = text + bracketed, *end = host_end(begin, bracketed), *port = end ? end + bracketed : NULL;
    uint64_t number = 0;

    if (!end || (size_t)(end - begin) >= sizeof host)
        return "not an address";
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    memset(&address, 0, sizeof address); /* the room between the fields too: configurations are compared */
    address.family = 6;
    if (!bracketed && inet_pton(AF_INET, host, address.bytes) == 1)
        address.family = 4;
    else if (inet_pton(AF_INET6, host, address.bytes) != 1)
        return "not an address";
    if (port[0] != '\0' && (port[0] != ':' || str_parse_unsigned(port + 1, 1, UINT16_MAX, &number) < 0))
        return "not a port";
    address.port = (uint16_t)number;
    memcpy(ret, &address, sizeof address);
    return NULL;
}

struct address address_ipv4(const void *bytes, uint16_t port, uint32_t ifindex) {
    struct address address = { .family = 4, .port = port, .ifindex = ifindex };

    memcpy(address.bytes, bytes, 4);
    return address;
}

socklen_t address_to_socket(const struct address *address, union socket_address *ret) {
    memset(ret, 0, sizeof *ret);
    if (address->family == 4) {
        ret->ipv4.sin_family = AF_INET;
        ret->ipv4.sin_port = htons(address->port);
        memcpy(&ret->ipv4.sin_addr, address->bytes, 4);
        return sizeof ret->ipv4;
    }
    if (address->family == 6) {
        ret->ipv6.sin6_family = AF_INET6;
        ret->ipv6.sin6_port = htons(address->port);
        ret->ipv6.sin6_scope_id = is_link_local6(address) ? address->ifindex : 0;
        memcpy(&ret->ipv6.sin6_addr, address->bytes, 16);
        return sizeof ret->ipv6;
    }
    return 0;
}

bool address_from_socket(const union socket_address *from, struct address *ret) {
    if (from->any.sa_family == AF_INET) {
        *ret = address_ipv4(&from->ipv4.sin_addr, ntohs(from->ipv4.sin_port), 0);
        return true;
    }
    if (from->any.sa_family == AF_INET6) {
        struct address address = { .family = 6, .port = ntohs(from->ipv6.sin6_port),
                                   .ifindex = from->ipv6.sin6_scope_id };
        memcpy(address.bytes, &from->ipv6.sin6_addr, 16);
        *ret = address;
        return true;
    }
    return false;
}
