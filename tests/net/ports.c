/* SPDX-License-Identifier: ISC
 *
 * ports.c - see ports.h.
 */
#include "net/ports.h"

#include "base/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEADER_SIZE = 14,
    FRAME_SIZE = 2048, /* the interfaces have the usual limit of 1500 bytes above the header */
    READS_MAX = 64, /* frames of one port before the others have their turn */
};

/* A frame that waits: item.node is its port out, item.value its length. */
struct held {
    uint64_t number;
    unsigned from;
    uint8_t bytes[];
};

struct frame {
    const uint8_t *bytes;
    size_t length;
    uint64_t number;
    unsigned from;
};

void ports_init(struct ports *ports, uint64_t seed) {
    memset(ports, 0, sizeof *ports);
    faults_init(&ports->faults, seed);
    heap_init(&ports->held, HELD_MAX);
}

bool ports_add(struct ports *ports, int fd) {
    if (ports->count == PORTS_MAX)
        return false;
    ports->list[ports->count++] = (struct port){ .fd = fd, .on = true };
    return true;
}

/* ---------------------------------------------------------------------------------------------------- the stations */

/* Two stations of one place take turns in it: what is for the other one goes to all. */
static struct station *place_of(struct ports *ports, const uint8_t *mac) {
    uint32_t hash = 2166136261U;

    for (unsigned i = 0; i < MAC_SIZE; i++)
        hash = (hash ^ mac[i]) * 16777619U;
    return &ports->stations[hash % STATIONS_MAX];
}

static void learn(struct ports *ports, const struct frame *frame) {
    const uint8_t *mac = frame->bytes + MAC_SIZE;
    struct station *station = place_of(ports, mac);

    memcpy(station->mac, mac, MAC_SIZE);
    station->port = (uint8_t)(frame->from + 1);
}

static enum cast cast_of(const struct frame *frame) {
    static const uint8_t all[MAC_SIZE] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

    if (!(frame->bytes[0] & 1))
        return CAST_UNICAST;
    return memcmp(frame->bytes, all, MAC_SIZE) == 0 ? CAST_BROADCAST : CAST_MULTICAST;
}

/* The ports where it goes out, as a set. */
static uint32_t ways_of(struct ports *ports, const struct frame *frame) {
    const struct station *station = place_of(ports, frame->bytes);
    uint32_t others = ~(UINT32_C(1) << frame->from);

    if (cast_of(frame) == CAST_UNICAST && station->port > 0 && memcmp(station->mac, frame->bytes, MAC_SIZE) == 0)
        return others & UINT32_C(1) << (station->port - 1);
    return others;
}

/* ------------------------------------------------------------------------------------------------------ the frames */

static void send_now(struct ports *ports, unsigned to, const struct frame *frame) {
    struct port *port = &ports->list[to];

    if (!port->on)
        return;
    if (write(port->fd, frame->bytes, frame->length) != (ssize_t)frame->length) {
        ports->refused++;
        return;
    }
    ports->passed++;
    ports->overtaken += frame->number < port->latest[frame->from];
    if (frame->number > port->latest[frame->from])
        port->latest[frame->from] = frame->number;
}

static void send_later(struct ports *ports, unsigned to, const struct frame *frame, usec_t time) {
    struct item item = { .time = time, .node = to, .value = (uint32_t)frame->length };
    struct held *held = malloc(sizeof *held + frame->length);

    if (!held)
        abort();
    *held = (struct held){ .number = frame->number, .from = frame->from };
    memcpy(held->bytes, frame->bytes, frame->length);
    item.data = held;
    if (heap_push(&ports->held, &item) == 0) {
        ports->overflow++;
        free(held);
    }
}

static void pass(struct ports *ports, unsigned to, const struct frame *frame, usec_t now) {
    struct fate fate = faults_fate(&ports->faults, frame->from, to, cast_of(frame), now);

    for (unsigned i = 0; i < fate.copies; i++)
        if (fate.delay[i] == 0)
            send_now(ports, to, frame);
        else
            send_later(ports, to, frame, now + fate.delay[i]);
}

static void take(struct ports *ports, const struct frame *frame, usec_t now) {
    uint32_t ways;

    if (frame->length < HEADER_SIZE || !ports->list[frame->from].on)
        return;
    learn(ports, frame);
    ways = ways_of(ports, frame);
    for (unsigned to = 0; to < ports->count; to++)
        if (ways >> to & 1)
            pass(ports, to, frame, now);
}

int ports_read(struct ports *ports, unsigned from, usec_t now) {
    uint8_t bytes[FRAME_SIZE];

    for (unsigned i = 0; i < READS_MAX; i++) {
        ssize_t length = read(ports->list[from].fd, bytes, sizeof bytes);
        if (length < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        take(ports, &(struct frame){ bytes, (size_t)length, ++ports->frames, from }, now);
    }
    return 0;
}

usec_t ports_release_due(struct ports *ports, usec_t now) {
    struct item item;

    while (heap_next(&ports->held) <= now && heap_pop(&ports->held, &item)) {
        struct held *held = item.data;
        send_now(ports, item.node, &(struct frame){ held->bytes, item.value, held->number, held->from });
        free(held);
    }
    return heap_next(&ports->held);
}

void ports_close(struct ports *ports) {
    struct item item;

    while (heap_pop(&ports->held, &item))
        free(item.data);
    heap_release(&ports->held);
    for (unsigned i = 0; i < ports->count; i++)
        close(ports->list[i].fd);
    ports->count = 0;
}
