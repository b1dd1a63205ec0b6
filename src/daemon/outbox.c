/* SPDX-License-Identifier: ISC
 *
 * outbox.c - see outbox.h.
 */
#include "daemon/outbox.h"

#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "platform/clock.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct outbox {
    struct outbox_config config;
    uint64_t seq; /* of the datagram sent last */
    struct log_limit limit;
    unsigned count;
    struct udp_packet packets[UDP_BATCH];
    uint8_t buffers[UDP_BATCH][WIRE_DATAGRAM_MAX];
};

int outbox_open(struct outbox **ret, const struct outbox_config *config) {
    struct outbox *outbox = calloc(1, sizeof *outbox);

    if (!outbox)
        return -ENOMEM;
    outbox->config = *config;
    outbox->limit = (struct log_limit)LOG_LIMIT_INIT;
    *ret = outbox;
    return 0;
}

void outbox_close(struct outbox *outbox) {
    free(outbox);
}

void outbox_flush(struct outbox *outbox) {
    unsigned sent;
    int error = 0;

    if (outbox->count == 0)
        return;
    sent = udp_send(outbox->config.udp, outbox->packets, outbox->count, &error);
    if (sent < outbox->count) {
        outbox->config.counters->send_failed += outbox->count - sent;
        log_limited(&outbox->limit, clock_now(), LOG_LEVEL_WARNING, "%u of %u datagrams could not be sent: %s",
                    outbox->count - sent, outbox->count, strerror(-error));
    }
    outbox->count = 0;
}

static void add_copy(struct outbox *outbox, struct wire_message *message, const struct address *to) {
    uint8_t *buffer = outbox->buffers[outbox->count];
    size_t length;

    message->header.seq = ++outbox->seq;
    length = wire_encode(message, buffer);
    if (length == 0) {
        outbox->config.counters->not_encoded++;
        log_limited(&outbox->limit, clock_now(), LOG_LEVEL_ERROR,
                    "a %s could not be encoded: this is a mistake in eldestd", wire_type_name(message->header.type));
        return;
    }
    outbox->packets[outbox->count++] = (struct udp_packet){ .data = buffer, .length = length, .to = *to };
    outbox->config.counters->sent[message->header.type]++;
    if (outbox->count == UDP_BATCH)
        outbox_flush(outbox);
}

static void complete_header(const struct outbox *outbox, const struct persistent *state, struct wire_header *header) {
    *header = (struct wire_header){
        .type = header->type,
        .sender = state->id,
        .incarnation = state->incarnation,
        .boot_nonce = outbox->config.boot_nonce,
    };
    snprintf(header->cluster, sizeof header->cluster, "%s", outbox->config.cluster);
}

size_t outbox_farewell(const struct outbox *outbox, const struct persistent *state, bool released,
                       uint8_t buffer[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = {
        .header = { .type = WIRE_FAREWELL },
        .farewell = { .leader = state->own, .released = released },
    };

    complete_header(outbox, state, &message.header);
    message.header.seq = UINT64_MAX;
    return wire_encode(&message, buffer);
}

void outbox_add(struct outbox *outbox, const struct persistent *state, struct send *send) {
    struct wire_header *header = &send->message.header;
    struct address group = *udp_group(outbox->config.udp);
    unsigned i;

    if (links_count(outbox->config.links) == 0)
        return; /* nothing to send by: as good as lost on the way */
    complete_header(outbox, state, header);
    for (i = 0; send->multicast && i < links_count(outbox->config.links); i++) {
        group.ifindex = links_get(outbox->config.links, i)->ifindex;
        add_copy(outbox, &send->message, &group);
    }
    header->flags = WIRE_FLAG_UNICAST;
    for (i = 0; i < send->count; i++) {
        struct address to = send->to[i].address;

        header->receiver_nonce = send->to[i].boot_nonce;
        if (!links_contain(outbox->config.links, to.ifindex))
            to.ifindex = 0; /* heard by an interface that has gone since: the kernel finds the way */
        add_copy(outbox, &send->message, &to);
    }
}
