/* SPDX-License-Identifier: ISC
 *
 * flood.c - somebody on the LAN sends far more than a cluster is made for, from an address of its own.
 *
 *     flood WHAT INTERFACE ADDRESS COUNT RATE     of datagrams to that group or host, and how many of them a second
 *
 * WHAT is garbage: bytes without a meaning; announce: well-formed, each of 10,000 strangers in turn tells that it is
 * there; or heartbeat: the same, and each of them registers. Prints how many were sent, and in how many milliseconds.
 */
#include "base/rng.h"
#include "base/str.h"
#include "wire/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

enum { BATCH = 64, STRANGERS = 10000, GARBAGE_SIZE = 120, GROUP_PORT = 29417, NODE_PORT = 29418 };

typedef size_t maker(struct rng *rng, unsigned number, uint8_t bytes[WIRE_DATAGRAM_MAX]);

static void die(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static struct wire_header header_of(enum wire_type type, unsigned number) {
    struct wire_header header = { .type = (uint8_t)type, .cluster = "default", .incarnation = 1 + number / STRANGERS };

    header.sender.bytes[0] = 0xbd;
    memcpy(header.sender.bytes + 1, &(unsigned){ number % STRANGERS }, sizeof(unsigned));
    header.boot_nonce = 1 + number % STRANGERS;
    header.seq = 1 + number;
    return header;
}

static size_t make_garbage(struct rng *rng, unsigned number, uint8_t bytes[WIRE_DATAGRAM_MAX]) {
    (void)number;
    for (size_t i = 0; i < GARBAGE_SIZE; i += sizeof(uint64_t))
        memcpy(bytes + i, &(int64_t){ rng_between(rng, 0, INT64_MAX) }, sizeof(uint64_t));
    return GARBAGE_SIZE;
}

static size_t make_announce(struct rng *rng, unsigned number, uint8_t bytes[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = { .header = header_of(WIRE_ANNOUNCE, number) };

    (void)rng;
    message.announce = (struct wire_announce){ .priority = 100, .eligible = true, .age = 1000, .port = NODE_PORT };
    return wire_encode(&message, bytes);
}

static size_t make_heartbeat(struct rng *rng, unsigned number, uint8_t bytes[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = { .header = header_of(WIRE_HEARTBEAT, number) };

    (void)rng;
    message.heartbeat = (struct wire_heartbeat){ .exchange = 1, .try = 1, .sent = 1, .age = 1000, .registering = true };
    message.has_registration = true;
    message.registration = (struct wire_registration){
        { .name = "stranger", .priority = 100, .eligible = true }, NODE_PORT,
    };
    return wire_encode(&message, bytes);
}

static maker *maker_of(const char *name) {
    if (strcmp(name, "garbage") == 0)
        return make_garbage;
    if (strcmp(name, "announce") == 0)
        return make_announce;
    return strcmp(name, "heartbeat") == 0 ? make_heartbeat : NULL;
}

static int64_t now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As if it were on the same link: others are not listened to. */
static int open_socket(const char *interface, const char *address) {
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), hops = 255;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) < 0)
        die(interface);
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
        die(address);
    to.sin_port = htons(IN_MULTICAST(ntohl(to.sin_addr.s_addr)) ? GROUP_PORT : NODE_PORT);
    if (setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof(hops)) < 0 ||
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof(hops)) < 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
        die(address);
    return fd;
}

/* What the kernel has no room for is lost, as a flood may. */
static void send_batch(int fd, struct mmsghdr batch[], unsigned count) {
    for (unsigned sent = 0; sent < count;) {
        int result = sendmmsg(fd, batch + sent, count - sent, 0);

        if (result < 0 && errno != ENOBUFS && errno != ECONNREFUSED && errno != EAGAIN)
            die("sendmmsg");
        sent += result > 0 ? (unsigned)result : 1;
    }
}

static void flood(int fd, maker *make, uint64_t count, uint64_t rate) {
    static uint8_t bytes[BATCH][WIRE_DATAGRAM_MAX];
    static struct iovec parts[BATCH];
    static struct mmsghdr batch[BATCH];
    int64_t begun = now_ms();
    struct rng rng;

    rng_seed(&rng, (uint8_t[RNG_SEED_SIZE]){ 1 });
    for (uint64_t sent = 0; sent < count; sent += BATCH) {
        for (unsigned i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){ bytes[i], make(&rng, (unsigned)(sent + i), bytes[i]) };
            batch[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
        }
        send_batch(fd, batch, BATCH);
        int64_t ahead = (int64_t)(sent * 1000 / rate) - (now_ms() - begun);
        if (ahead > 0)
            nanosleep(&(struct timespec){ .tv_nsec = (ahead < 100 ? ahead : 100) * 1000000 }, NULL);
    }
    printf("%llu in %lld ms\n", (unsigned long long)count, (long long)(now_ms() - begun));
}

int main(int argc, char **argv) {
    uint64_t count, rate;

    if (argc != 6 || !maker_of(argv[1]) || str_parse_unsigned(argv[4], 1, 1000000000, &count) < 0 ||
        str_parse_unsigned(argv[5], 1, 10000000, &rate) < 0) {
        fprintf(stderr, "usage: flood garbage|announce|heartbeat INTERFACE ADDRESS COUNT RATE\n");
        return 2;
    }
    flood(open_socket(argv[2], argv[3]), maker_of(argv[1]), count, rate);
    return 0;
}
