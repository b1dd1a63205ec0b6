/* SPDX-License-Identifier: ISC
 *
 * doctor_host.c - gathers what the kernel of this host says of sockets, groups, bridges and tables, from /proc and
 * /sys. A part of doctor.h.
 *
 * What /proc/net tells is about the network namespace of this process, and what /sys does about that of whoever mounted
 * it: neither is believed before it knows what the daemon has told.
 */
#include "cli/doctor.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

enum { LINE_SIZE = 512 };

/* One number that is all of a small file; -1 if it cannot be read. */
static json_int_t read_number(const char *path) {
    FILE *file = fopen(path, "re");
    long long number = -1;

    if (!file)
        return -1;
    if (fscanf(file, "%lld", &number) != 1)
        number = -1;
    fclose(file);
    return number;
}

/* --- sockets --- */

/* "  12: 00000000:72E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 PTR 0" */
static void add_socket(json_t *sockets, const char *family, const char *line) {
    unsigned port, state;
    unsigned long long drops;
    const char *last = strrchr(line, ' ');

    if (last && sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &port, &state) == 2 &&
        sscanf(last, "%llu", &drops) == 1)
        json_array_append_new(
            sockets, json_pack("{s:s, s:i, s:I}", "family", family, "port", (int)port, "drops", (json_int_t)drops));
}

static void trim(char *line) {
    size_t length = strlen(line);

    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == ' '))
        line[--length] = '\0';
}

static void read_sockets(json_t *sockets, const char *family, const char *path) {
    FILE *file = fopen(path, "re");
    char line[LINE_SIZE];

    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        trim(line);
        add_socket(sockets, family, line);
    }
    fclose(file);
}

static bool has_port(const json_t *sockets, json_int_t port) {
    size_t index;
    json_t *socket;

    json_array_foreach(sockets, index, socket)
        if (number_of(socket, "port", -1) == port)
            return true;
    return false;
}

/* --- groups --- */

/* The name stands above its groups: "2 eth0 : 1 V3", then "    FE0000E0 1 0:00000000 0", in the order of memory. */
static void read_igmp(json_t *groups) {
    FILE *file = fopen("/proc/net/igmp", "re");
    char line[LINE_SIZE], name[64] = "", text[INET_ADDRSTRLEN];
    uint32_t group;

    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        if (line[0] != '\t' && sscanf(line, "%*u %63[^: \t]", name) == 1)
            continue;
        if (sscanf(line, " %8" SCNx32, &group) == 1 && inet_ntop(AF_INET, &group, text, sizeof(text)))
            json_array_append_new(groups, json_pack("{s:s, s:s}", "interface", name, "group", text));
    }
    fclose(file);
}

/* "2    eth0            ff020000000000000000000000000114     1 00000004 0" */
static void read_igmp6(json_t *groups) {
    FILE *file = fopen("/proc/net/igmp6", "re");
    char line[LINE_SIZE], name[64], hex[33], text[INET6_ADDRSTRLEN];

    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        uint8_t bytes[16];
        unsigned count = 0;

        if (sscanf(line, "%*u %63s %32[0-9a-f]", name, hex) != 2)
            continue;
        while (count < sizeof(bytes) && sscanf(hex + 2 * (size_t)count, "%2" SCNx8, &bytes[count]) == 1)
            count++;
        if (count == sizeof(bytes) && inet_ntop(AF_INET6, bytes, text, sizeof(text)))
            json_array_append_new(groups, json_pack("{s:s, s:s}", "interface", name, "group", text));
    }
    fclose(file);
}

/* --- tables --- */

/* The first column of the second line, in hexadecimal, is how many entries there are, in all namespaces. */
static json_int_t table_entries(const char *path) {
    FILE *file = fopen(path, "re");
    char line[LINE_SIZE];
    unsigned entries;
    json_int_t found = -1;

    if (!file)
        return -1;
    if (fgets(line, sizeof(line), file) && fgets(line, sizeof(line), file) && sscanf(line, "%x", &entries) == 1)
        found = entries;
    fclose(file);
    return found;
}

static void gather_neighbours(struct doctor *doctor, json_t *host) {
    static const char *const tables[2] = { "arp_cache", "ndisc_cache" };
    json_t *neighbours = json_object();
    char path[128];

    for (int i = 0; i < 2; i++) {
        json_int_t entries, limit;

        snprintf(path, sizeof(path), "/proc/net/stat/%s", tables[i]);
        entries = table_entries(path);
        snprintf(path, sizeof(path), "/proc/sys/net/%s/neigh/default/gc_thresh3", doctor_families[i]);
        limit = read_number(path);
        if (entries >= 0 && limit > 0)
            json_object_set_new(neighbours, doctor_families[i],
                                json_pack("{s:I, s:I}", "entries", entries, "limit", limit));
    }
    if (json_object_size(neighbours) > 0)
        doctor_checked(doctor, "limits of the neighbour tables");
    else
        doctor_not_checked(doctor, "limits of the neighbour tables",
                           "they can be read in the first network namespace only");
    json_object_set_new(host, "neighbours", neighbours);
}

/* --- bridges --- */

static json_int_t link_number(const char *name, const char *what) {
    char path[128];

    if (strchr(name, '/'))
        return -1;
    snprintf(path, sizeof(path), "/sys/class/net/%.32s/%s", name, what);
    return read_number(path);
}

static void gather_bridges(struct doctor *doctor, json_t *host) {
    json_t *bridges = json_array(), *link;
    bool believed = false;
    size_t index;

    json_array_foreach(json_object_get(json_object_get(doctor->facts, "network"), "interfaces"), index, link) {
        const char *name = text_of(link, "name");
        bool same = link_number(name, "ifindex") == number_of(link, "index", -2);
        json_int_t snooping = link_number(name, "bridge/multicast_snooping");

        believed |= same && json_is_true(json_object_get(link, "used"));
        if (same && snooping >= 0)
            json_array_append_new(bridges, json_pack("{s:s, s:b, s:b}", "name", name, "snooping", snooping == 1,
                                                     "querier", link_number(name, "bridge/multicast_querier") == 1));
    }
    json_object_set_new(host, "bridges", bridges);
    if (believed)
        doctor_checked(doctor, "multicast snooping of bridges on this host");
    else
        doctor_not_checked(doctor, "multicast snooping of bridges on this host",
                           "no interface that eldestd uses is in /sys/class/net");
}

/* --- all of it --- */

static void gather_groups(struct doctor *doctor, json_t *host) {
    json_t *four = json_array(), *six = json_array();

    read_igmp(four);
    read_igmp6(six);
    json_object_set_new(host, "groups", json_pack("{s:o, s:o}", "ipv4", four, "ipv6", six));
    doctor_checked(doctor, "multicast groups joined in the kernel");
}

void gather_host(struct doctor *doctor) {
    json_int_t port = number_of(json_object_get(doctor->facts, "network"), "port", -1);
    json_t *host = json_object(), *sockets = json_array();

    json_object_set_new(doctor->facts, "host", host);
    json_object_set_new(host, "rmem_default", json_integer(read_number("/proc/sys/net/core/rmem_default")));
    read_sockets(sockets, "ipv4", "/proc/net/udp");
    read_sockets(sockets, "ipv6", "/proc/net/udp6");
    if (!has_port(sockets, port)) {
        json_decref(sockets);
        doctor_not_checked(doctor, "sockets, groups, bridges and tables of the kernel",
                           port < 0
                               ? "it is not known where eldestd runs"
                               : "eldestd runs in another network namespace: run eldest doctor there (nsenter --net)");
        return;
    }
    json_object_set_new(host, "sockets", sockets);
    doctor_checked(doctor, "receive buffers");
    gather_groups(doctor, host);
    gather_bridges(doctor, host);
    gather_neighbours(doctor, host);
}
