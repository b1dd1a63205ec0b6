/* SPDX-License-Identifier: ISC
 *
 * doctor_listen.c - hears for some seconds what is said in the family that the daemon does not use: an IPv4-only host
 * and an IPv6-only one cannot meet, and only who listens to the other's language can tell. A part of doctor.h.
 *
 * Nothing is sent but the kernel's report that the group is joined. The socket is bound to the group's address, so that
 * it takes nothing from the nodes of this host that share the port.
 */
#include "cli/doctor.h"

#include "base/util.h"
#include "lib/client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DATAGRAM_SIZE = 1500,
    CLUSTER_AT = 10, /* in the header of eldest-protocol(7): the length of the cluster's name, then the name */
    HEARD_MAX = 8,
    EARS_MAX = 16,
};

static const usec_t listen_us = 2500 * USEC_PER_MS; /* a leader announces itself every two seconds */

static const char *const groups[2] = { "224.0.0.254", "ff02::114" };

union address_in {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_storage storage;
};

static socklen_t group_address(int family, uint16_t port, uint32_t ifindex, union address_in *ret) {
    memset(ret, 0, sizeof(*ret));
    if (family == 0) {
        ret->four.sin_family = AF_INET;
        ret->four.sin_port = htons(port);
        inet_pton(AF_INET, groups[family], &ret->four.sin_addr);
        return sizeof(ret->four);
    }
    ret->six.sin6_family = AF_INET6;
    ret->six.sin6_port = htons(port);
    ret->six.sin6_scope_id = ifindex;
    inet_pton(AF_INET6, groups[family], &ret->six.sin6_addr);
    return sizeof(ret->six);
}

/* A socket that hears the group on that interface; -1 if that cannot be. */
static int open_socket(int family, uint16_t port, uint32_t ifindex) {
    union address_in group;
    socklen_t size = group_address(family, port, ifindex, &group);
    int fd = socket(group.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;
    struct group_req request = { .gr_interface = ifindex };

    if (fd < 0)
        return -1;
    memcpy(&request.gr_group, &group, size);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 || bind(fd, &group.any, size) < 0 ||
        setsockopt(fd, family == 0 ? IPPROTO_IP : IPPROTO_IPV6, MCAST_JOIN_GROUP, &request, sizeof(request)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool is_of_cluster(const uint8_t *datagram, size_t length, const char *cluster) {
    size_t name = strlen(cluster);

    return length > CLUSTER_AT + name && memcmp(datagram, "ELDT", 4) == 0 && datagram[CLUSTER_AT] == name &&
           memcmp(datagram + CLUSTER_AT + 1, cluster, name) == 0;
}

static const char *source_text(const union address_in *source, char text[INET6_ADDRSTRLEN]) {
    const void *address =
        source->any.sa_family == AF_INET ? (const void *)&source->four.sin_addr : (const void *)&source->six.sin6_addr;

    return inet_ntop(source->any.sa_family, address, text, INET6_ADDRSTRLEN) ? text : "";
}

static void note(json_t *overheard, const char *interface, const char *address) {
    size_t index;
    json_t *one;

    json_array_foreach(overheard, index, one)
        if (strcmp(text_of(one, "address"), address) == 0)
            return;
    if (index < HEARD_MAX)
        json_array_append_new(overheard, json_pack("{s:s, s:s}", "interface", interface, "address", address));
}

/* A socket on each of some interfaces. */
struct ears {
    nfds_t count;
    struct pollfd waiting[EARS_MAX];
    const char *interfaces[EARS_MAX];
};

static void take(const struct ears *ears, nfds_t at, const char *cluster, json_t *overheard) {
    char text[INET6_ADDRSTRLEN];
    uint8_t datagram[DATAGRAM_SIZE];
    union address_in source;
    socklen_t size = sizeof(source);
    ssize_t length = recvfrom(ears->waiting[at].fd, datagram, sizeof(datagram), 0, &source.any, &size);

    if (length > 0 && is_of_cluster(datagram, (size_t)length, cluster))
        note(overheard, ears->interfaces[at], source_text(&source, text));
}

/* Until there is somebody, one being enough to know, or the time is over. */
static void hear(struct ears *ears, const char *cluster, json_t *overheard) {
    usec_t deadline = client_deadline(listen_us), left;

    while (json_array_size(overheard) == 0 && (left = deadline - client_deadline(0)) > 0) {
        if (poll(ears->waiting, ears->count, (int)(left / USEC_PER_MS) + 1) <= 0)
            return;
        for (nfds_t i = 0; i < ears->count; i++)
            if (ears->waiting[i].revents)
                take(ears, i, cluster, overheard);
    }
}

static bool is_spoken(const json_t *links, const char *family) {
    size_t index;
    json_t *link;

    json_array_foreach(links, index, link)
        if (json_is_true(json_object_get(json_object_get(link, family), "joined")))
            return true;
    return false;
}

/* On the interfaces in use that have an address of that family. */
static void open_ears(struct ears *ears, const json_t *network, int family) {
    uint16_t port = (uint16_t)number_of(network, "group_port", 0);
    size_t index;
    json_t *link;

    json_array_foreach(json_object_get(network, "interfaces"), index, link) {
        bool has_address = json_is_string(json_object_get(json_object_get(link, doctor_families[family]), "address"));
        int fd = -1;

        if (json_is_true(json_object_get(link, "used")) && has_address && ears->count < EARS_MAX)
            fd = open_socket(family, port, (uint32_t)number_of(link, "index", 0));
        if (fd < 0)
            continue;
        ears->interfaces[ears->count] = text_of(link, "name");
        ears->waiting[ears->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
    }
}

/* False if there was none to listen on. */
static bool listen_in(const json_t *facts, int family, json_t *overheard) {
    struct ears ears = { .count = 0 };

    open_ears(&ears, json_object_get(facts, "network"), family);
    if (ears.count > 0)
        hear(&ears, text_of(facts, "cluster"), overheard);
    for (nfds_t i = 0; i < ears.count; i++)
        close(ears.waiting[i].fd);
    return ears.count > 0;
}

void gather_overheard(struct doctor *doctor) {
    const json_t *links = json_object_get(json_object_get(doctor->facts, "network"), "interfaces");
    json_t *overheard = json_array();
    char what[TEXT_SIZE];

    json_object_set_new(doctor->facts, "overheard", overheard);
    for (int i = 0; i < 2; i++) {
        if (is_spoken(links, doctor_families[i]) || !is_spoken(links, doctor_families[1 - i]))
            continue;
        snprintf(what, sizeof(what), "nodes that speak %s only", family_text(doctor_families[i]));
        if (listen_in(doctor->facts, i, overheard))
            doctor_checked(doctor, what);
        else
            doctor_not_checked(doctor, what, "this host has no %s address on the interfaces in use",
                               family_text(doctor_families[i]));
    }
}
