/* SPDX-License-Identifier: ISC
 *
 * claim.c - eldest-claim INTERFACE ADDRESS...: tells all neighbours that these addresses are here now.
 *
 * For hooks that move an address: whoever has sent to it before would go on sending to the host that had it. IPv4 is
 * told by an ARP announcement (RFC 5227, 2.3), IPv6 by an unsolicited neighbour advertisement (RFC 4861, 7.2.6). The
 * kernel does either only when it brings up the interface, or has looked for a second whether somebody else has it.
 *
 * Each is sent three times, since nobody confirms it. The addresses must be on the interface already.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { ROUNDS = 3, INTERVAL_MS = 100 };
enum { CLAIMS_MAX = 64, STATUS_USAGE = 64 };

struct interface {
    const char *name;
    unsigned index;
    uint8_t hardware[ETH_ALEN];
    bool routes; /* IPv6 */
};

struct advertisement {
    struct nd_neighbor_advert head;
    struct nd_opt_hdr option;
    uint8_t hardware[ETH_ALEN];
};

static bool complain(const char *what) {
    fprintf(stderr, "eldest-claim: %s: %s\n", what, strerror(errno));
    return false;
}

/* Who is told otherwise forgets the routes by way of this address. */
static bool is_router(const char *name) {
    char path[96], first = '0';

    snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%.*s/forwarding", IF_NAMESIZE, name);
    FILE *file = fopen(path, "re");
    if (file) {
        first = (char)fgetc(file);
        fclose(file);
    }
    return first == '1' || first == '2';
}

static bool look_up(const char *name, struct interface *ret) {
    struct ifreq request = { .ifr_flags = 0 };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    *ret = (struct interface){ .name = name, .index = if_nametoindex(name),
                                 .routes = is_router(name) };
    if (fd < 0 || ret->index == 0)
        return complain(name);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, SIOCGIFHWADDR, &request) < 0)
        return complain(name);
    if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        errno = EPFNOSUPPORT;
        return complain(name);
    }
    memcpy(ret->hardware, request.ifr_hwaddr.sa_data, sizeof ret->hardware);
    return true;
}

/* One address and what it is told with. */
struct claim {
    const char *text;
    struct in_addr ipv4;
    struct in6_addr ipv6;
    int fd;
    bool (*send)(const struct claim *claim, const struct interface *interface);
};

static bool send_arp(const struct claim *claim, const struct interface *interface) {
    const struct sockaddr_ll everybody = { .sll_family = AF_PACKET,
                                           .sll_protocol = htons(ETH_P_ARP),
                                           .sll_ifindex = (int)interface->index,
                                           .sll_halen = ETH_ALEN,
                                           .sll_addr = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
    struct ether_arp arp = { .ea_hdr = { .ar_hrd = htons(ARPHRD_ETHER),
                                         .ar_pro = htons(ETH_P_IP),
                                         .ar_hln = ETH_ALEN,
                                         .ar_pln = sizeof claim->ipv4,
                                         .ar_op = htons(ARPOP_REQUEST) } };

    memcpy(arp.arp_sha, interface->hardware, sizeof arp.arp_sha);
    memcpy(arp.arp_spa, &claim->ipv4, sizeof arp.arp_spa);
    memcpy(arp.arp_tpa, &claim->ipv4, sizeof arp.arp_tpa);
    return sendto(claim->fd, &arp, sizeof arp, 0, (const struct sockaddr *)&everybody, sizeof everybody) >= 0;
}

/* The kernel fills in the checksum. */
static bool send_advertisement(const struct claim *claim, const struct interface *interface) {
    struct sockaddr_in6 everybody = { .sin6_family = AF_INET6, .sin6_scope_id = interface->index };
    struct advertisement message = { .head = { .nd_na_type = ND_NEIGHBOR_ADVERT,
                                               .nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE,
                                               .nd_na_target = claim->ipv6 },
                                     .option = { .nd_opt_type = ND_OPT_TARGET_LINKADDR,
                                                 .nd_opt_len = 1 /* times 8 bytes */ } };

    if (interface->routes)
        message.head.nd_na_flags_reserved |= ND_NA_FLAG_ROUTER;
    memcpy(message.hardware, interface->hardware, sizeof message.hardware);
    inet_pton(AF_INET6, "ff02::1", &everybody.sin6_addr);
    return sendto(claim->fd, &message, sizeof message, 0, (const struct sockaddr *)&everybody, sizeof everybody) >= 0;
}

/* Bound to the address itself, which neighbours want to see as the source. */
static int open_icmp(const struct in6_addr *address, unsigned index) {
    const struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = *address, .sin6_scope_id = index };
    const int hops = 255; /* less has crossed a router, and is not believed */
    int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);

    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0 ||
        bind(fd, (const struct sockaddr *)&here, sizeof here) < 0)
        return -1;
    return fd;
}

static bool prepare(struct claim *claim, const char *text, const struct interface *interface) {
    *claim = (struct claim){ .text = text };
    if (inet_pton(AF_INET, text, &claim->ipv4) == 1) {
        claim->send = send_arp;
        claim->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    } else if (inet_pton(AF_INET6, text, &claim->ipv6) == 1) {
        claim->send = send_advertisement;
        claim->fd = open_icmp(&claim->ipv6, interface->index);
    } else {
        errno = EINVAL;
        return complain(text);
    }
    return claim->fd >= 0 || complain(text);
}

/* False: not all of them were told, and it was said which. */
static bool tell(const struct claim *claims, int count, const struct interface *interface) {
    bool told = true;

    for (int i = 0; i < count; i++)
        told &= claims[i].send(&claims[i], interface) || complain(claims[i].text);
    return told;
}

int main(int argc, char **argv) {
    struct claim claims[CLAIMS_MAX];
    struct interface interface;
    int count = argc - 2;
    bool told = true;

    if (count < 1 || count > CLAIMS_MAX) {
        fprintf(stderr, "usage: eldest-claim INTERFACE ADDRESS... (%d at most)\n", CLAIMS_MAX);
        return STATUS_USAGE;
    }
    if (!look_up(argv[1], &interface))
        return EXIT_FAILURE;
    for (int i = 0; i < count; i++)
        if (!prepare(&claims[i], argv[i + 2], &interface))
            return EXIT_FAILURE;
    for (int round = 0; round < ROUNDS && told; round++) {
        if (round > 0)
            nanosleep(&(const struct timespec){ .tv_nsec = INTERVAL_MS * 1000000L }, NULL);
        told = tell(claims, count, &interface);
    }
    return told ? EXIT_SUCCESS : EXIT_FAILURE;
}
