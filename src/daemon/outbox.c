/* SPDX-License-Identifier: ISC
 *
 * outbox.c - see outbox.h.
 */
#include "daemon/outbox.h"

#include "auth/gate.h"
#include "auth/seal.h"
#include "base/bucket.h"
#include "base/rng.h"
#include "base/util.h"
#include "daemon/conf.h"
#include "daemon/cookie.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/paths.h"
#include "daemon/traffic.h"
#include "platform/address.h"
#include "platform/clock.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { UNPROVEN_PER_SECOND = 5000, UNPROVEN_AT_ONCE = 5000 };
enum { COPIES_PER_SECOND = 128, COPIES_AT_ONCE = 256 }; /* of multicasts, to those that are said to be successors */

struct outbox {
    struct outbox_config config;
    struct rng nonces;
    uint64_t seq; /* of the datagram sent last */
    struct log_limit limit;
    struct {
        struct address source; /* none: there is nothing to heed */
        size_t length;
        bool is_there; /* shown by its cookie */
        struct bucket bucket;
        struct wire_message message; /* shortened */
    } answer;
    struct bucket copies;
    bool doubtful; /* whether the cookie in the message that is being sent is still right */
    unsigned count;
    struct udp_packet packets[UDP_BATCH];
    uint8_t buffers[UDP_BATCH][WIRE_DATAGRAM_MAX];
};

int outbox_open(struct outbox **ret, const struct outbox_config *config) {
    struct outbox *outbox = calloc(1, sizeof *outbox);
    uint8_t seed[RNG_SEED_SIZE];

    if (!outbox)
        return -ENOMEM;
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        free(outbox);
        return -errno;
    }
    rng_seed(&outbox->nonces, seed);
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

/* What is answered, perhaps by a Leader, an Ack or by another of these, before it is known that somebody is there. The
 * length of a Page is a matter of its own. */
static const bool draws_answers[WIRE_TYPE_END] = {
    [WIRE_ANNOUNCE] = true, [WIRE_ELECTION] = true, [WIRE_LEADER_ELECTED] = true, [WIRE_LEADER] = true,
    [WIRE_HEARTBEAT] = true, [WIRE_SUSPECT] = true, [WIRE_RESIGN] = true, [WIRE_HANDOVER_REQUEST] = true,
};

_Static_assert(WIRE_ACK_SIZE <= WIRE_LEADER_SIZE, "what may draw a Leader may draw an Ack");

/* As long as the longest of these answers has to be. Who hears a cookie that is right needs no such length; a question
 * that was not answered may have had one that is not right any more, as has a node whose address has changed. */
static size_t least_length(const struct outbox *outbox, const struct wire_message *message) {
    const struct outbox_config *config = &outbox->config;
    bool is_known = message->cookie != 0 && !outbox->doubtful;

    if (config->gate || !draws_answers[message->header.type] || is_known)
        return 0;
    return WIRE_LEADER_SIZE + strlen(config->cluster) + (config->majority ? WIRE_ROSTER_SIZE : 0);
}

/* With the first key: the MAC, or what makes the body unreadable for others (SEC-1, SEC-6). */
static void protect(struct outbox *outbox, const struct wire_header *header, uint8_t *buffer, size_t length) {
    const struct key *key = &outbox->config.keys->list[0];
    uint64_t nonce[WIRE_AEAD_NONCE_SIZE / sizeof(uint64_t)];

    if ((header->flags & WIRE_FLAG_SEALED) == 0) {
        seal_sign(key, outbox->config.hash, buffer, length);
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(nonce); i++)
        nonce[i] = rng_u64(&outbox->nonces);
    seal_close(key, outbox->config.cipher, (const uint8_t *)nonce, buffer, length);
}

/* The datagram of a message whose header is complete; 0 if it cannot be encoded. */
static size_t encode(struct outbox *outbox, const struct wire_message *message,
                     uint8_t buffer[WIRE_DATAGRAM_MAX]) {
    size_t length = wire_encode(message, buffer);

    if (length > 0)
        length = wire_pad(buffer, length, least_length(outbox, message));
    if (length > 0 && outbox->config.gate)
        protect(outbox, &message->header, buffer, length);
    return length;
}

static void add_packet(struct outbox *outbox, uint8_t type, size_t length, const struct address *to) {
    uint8_t *buffer = outbox->buffers[outbox->count];

    outbox->packets[outbox->count++] = (struct udp_packet){ .data = buffer, .length = length, .to = *to };
    outbox->config.counters->sent[type]++;
    if (outbox->count == UDP_BATCH)
        outbox_flush(outbox);
}

static void add_copy(struct outbox *outbox, const struct wire_message *message, const struct address *to) {
    size_t length = encode(outbox, message, outbox->buffers[outbox->count]);

    if (length == 0) {
        outbox->config.counters->not_encoded++;
        log_limited(&outbox->limit, clock_now(), LOG_LEVEL_ERROR,
                    "a %s could not be encoded: this is a mistake in eldestd", wire_type_name(message->header.type));
        return;
    }
    add_packet(outbox, message->header.type, length, to);
}

/* To somebody who may not be there, and never asked. */
static void add_short_copy(struct outbox *outbox, const struct wire_message *message, const struct address *to,
                           usec_t now) {
    uint8_t *buffer = outbox->buffers[outbox->count];
    struct wire_message *shorter = &outbox->answer.message;
    size_t length = encode(outbox, message, buffer);

    if (length > outbox->answer.length) {
        *shorter = *message;
        wire_shorten(shorter);
        length = encode(outbox, shorter, buffer);
    }
    if (length > 0 && length <= outbox->answer.length &&
        bucket_take(&outbox->answer.bucket, UNPROVEN_PER_SECOND, UNPROVEN_AT_ONCE, now))
        add_packet(outbox, message->header.type, length, to);
    else
        outbox->config.counters->withheld++;
}

/* A Challenge has nothing to hide, and must not be longer than what it answers. */
static bool is_encrypted(const struct outbox *outbox, uint8_t type) {
    return outbox->config.gate && *outbox->config.encrypts && type != WIRE_CHALLENGE;
}

static void complete_header(const struct outbox *outbox, const struct persistent *state, struct wire_header *header) {
    *header = (struct wire_header){
        .type = header->type,
        .flags = is_encrypted(outbox, header->type) ? WIRE_FLAG_SEALED : 0,
        .sender = state->id,
        .incarnation = state->incarnation,
        .boot_nonce = outbox->config.boot_nonce,
        .key_id = outbox->config.gate ? outbox->config.keys->list[0].id : 0,
    };
    snprintf(header->cluster, sizeof header->cluster, "%s", outbox->config.cluster);
}

size_t outbox_farewell(struct outbox *outbox, const struct persistent *state, bool released,
                       uint8_t buffer[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = {
        .header = { .type = WIRE_FAREWELL },
        .farewell = { .leader = state->own, .released = released },
    };

    complete_header(outbox, state, &message.header);
    message.header.seq = WIRE_SEQ_FAREWELL + released;
    return encode(outbox, &message, buffer);
}

static void number(struct outbox *outbox, struct wire_header *header, usec_t now) {
    header->seq = ++outbox->seq;
    if (outbox->config.gate)
        gate_sent(outbox->config.gate, header, now);
}

/* To all hosts of the link. */
static void add_broadcast(struct outbox *outbox, const struct wire_message *message, const struct link *link,
                          enum family family) {
    static const struct address everybody[FAMILIES] = {
        [FAMILY_IPV4] = { .family = 4, .bytes = { 255, 255, 255, 255 } },
        [FAMILY_IPV6] = { .family = 6, .bytes = { 0xff, 0x02, [15] = 1 } },
    };
    struct address to = everybody[family];

    to.port = udp_group(outbox->config.udp, family)->port;
    to.ifindex = link->ifindex;
    add_copy(outbox, message, &to);
}

/* A node with addresses of the other family only is out of reach, as far as this one goes; and so is a link-local
 * address whose link is gone. */
static bool can_reach(const struct links *links, const struct address *to) {
    if (to->family == 6 && to->ifindex == 0 && address_is_link_local(to))
        return false;
    for (unsigned i = 0; i < links_count(links); i++)
        if (links_carry(links_get(links, i), address_family(to)))
            return true;
    return false;
}

static bool is_mine(const struct links *links, const struct address *to) {
    for (unsigned i = 0; i < links_count(links); i++) {
        const struct address *mine = &links_get(links, i)->addresses[address_family(to)];

        if (mine->family == to->family && memcmp(mine->bytes, to->bytes, sizeof to->bytes) == 0)
            return true;
    }
    return false;
}

/* The same list may stand in the files of all hosts. */
static void add_peers(struct outbox *outbox, const struct wire_message *message) {
    const struct outbox_config *config = &outbox->config;

    for (unsigned i = 0; i < config->peers->count; i++) {
        const struct address *to = &config->peers->list[i];

        if (can_reach(config->links, to) && !is_mine(config->links, to))
            add_copy(outbox, message, to);
    }
}

/* To every node, whatever way it takes; the copies have one seq, by which who hears several knows that they are one. */
static void add_multicast(struct outbox *outbox, const struct wire_message *message, usec_t now) {
    const struct outbox_config *config = &outbox->config;
    bool seeks = message->header.type == WIRE_ANNOUNCE || message->header.type == WIRE_ELECTION ||
                 message->header.type == WIRE_LEADER;

    for (unsigned i = 0; i < links_count(config->links); i++) {
        const struct link *link = links_get(config->links, i);

        for (unsigned family = 0; family < FAMILIES; family++) {
            struct address group = *udp_group(config->udp, family);

            if (!links_carry(link, family))
                continue;
            group.ifindex = link->ifindex;
            add_copy(outbox, message, &group);
            if (seeks && traffic_rescue(config->traffic, link->ifindex, family, now))
                add_broadcast(outbox, message, link, family);
        }
    }
    add_peers(outbox, message);
}

/* Answers go to where the question came from; everything else takes the best way there is. Only what is repeated until
 * it is answered tells whether a way does. */
static const enum { BEST_WAY, KNOWN_WAY, QUESTION, ANSWER } ways[WIRE_TYPE_END] = {
    [WIRE_HEARTBEAT] = QUESTION,
    [WIRE_MERGE_REQUEST] = QUESTION,
    [WIRE_PAGE] = KNOWN_WAY,
    [WIRE_ACK] = ANSWER,
    [WIRE_REDIRECT] = ANSWER,
    [WIRE_MERGE_REPLY] = ANSWER,
    [WIRE_PAGE_REPLY] = ANSWER,
    [WIRE_CHALLENGE] = ANSWER,
    [WIRE_CLONE] = ANSWER,
    [WIRE_STALE] = ANSWER,
};

/* Whether that address is the one that has just asked. A question to whoever has asked is no answer: it asks whether
 * that one is there. Nor is the first Leader, as the successors are told, whoever is the reason for it. */
static bool is_answer(const struct outbox *outbox, const struct send *send, const struct address *to) {
    uint8_t type = send->message.header.type;

    if (outbox->answer.source.family == 0 || ways[type] == QUESTION || (type == WIRE_LEADER && send->multicast))
        return false;
    return address_equal(&outbox->answer.source, to);
}

/* The best way is that of a boot nonce, and who has shown that it is there has not shown that this is its own. */
static struct address way_to(struct outbox *outbox, const struct send *send, const struct send_target *target,
                             usec_t now) {
    struct paths *paths = outbox->config.paths;
    uint8_t type = send->message.header.type;
    struct address to = target->address;

    if (ways[type] == QUESTION)
        to = paths_ask(paths, target->boot_nonce, &to, now);
    else if (ways[type] == KNOWN_WAY)
        to = paths_best_known(paths, target->boot_nonce, &to, now);
    else if (ways[type] == BEST_WAY && !(outbox->answer.is_there && is_answer(outbox, send, &to)))
        to = paths_best(paths, target->boot_nonce, &to, now);
    if (!links_find(outbox->config.links, to.ifindex))
        to.ifindex = 0; /* heard by an interface that has gone since: the kernel finds the way */
    return to;
}

/* Without a key anybody can be a successor, at any address, and have the leader rise: so there is a bound, which an
 * election does not reach. */
static bool may_copy(struct outbox *outbox, usec_t now) {
    if (outbox->config.gate || bucket_take(&outbox->copies, COPIES_PER_SECOND, COPIES_AT_ONCE, now))
        return true;
    outbox->config.counters->withheld++;
    return false;
}

/* Without a key: an Ack tells the receiver its cookie, and what may have a long answer tells back that of the receiver.
 * A question by that way has just been counted as not answered yet. */
static void add_cookie(struct outbox *outbox, struct wire_message *message, const struct send_target *target,
                       const struct address *to) {
    uint8_t type = message->header.type;
    const struct path *path = paths_find(outbox->config.paths, target->boot_nonce, to);

    message->cookie = 0;
    outbox->doubtful = path && path->unanswered > 1;
    if (outbox->config.gate)
        return;
    if (type == WIRE_ACK)
        message->cookie = cookie_of(outbox->config.secret, to);
    else if ((type == WIRE_HEARTBEAT || type == WIRE_PAGE) && path)
        message->cookie = path->cookie;
    if (type == WIRE_HEARTBEAT)
        paths_asked(outbox->config.paths, target->boot_nonce, to, message->heartbeat.sent);
}

void outbox_add(struct outbox *outbox, const struct persistent *state, struct send *send) {
    struct wire_header *header = &send->message.header;
    usec_t now = clock_now();

    if (links_count(outbox->config.links) == 0)
        return; /* nothing to send by: as good as lost on the way */
    complete_header(outbox, state, header);
    if (send->multicast) {
        number(outbox, header, now);
        add_multicast(outbox, &send->message, now);
    }
    header->flags |= WIRE_FLAG_UNICAST;
    for (unsigned i = 0; i < send->count; i++) {
        struct address to = way_to(outbox, send, &send->to[i], now);

        if (!can_reach(outbox->config.links, &to) || (send->multicast && !may_copy(outbox, now)))
            continue;
        header->receiver_nonce = send->to[i].boot_nonce;
        if (outbox->config.gate)
            header->receiver_nonce = gate_receiver(outbox->config.gate, send->to[i].boot_nonce, &to);
        number(outbox, header, now);
        add_cookie(outbox, &send->message, &send->to[i], &to);
        if (!outbox->answer.is_there && is_answer(outbox, send, &send->to[i].address))
            add_short_copy(outbox, &send->message, &to, now);
        else
            add_copy(outbox, &send->message, &to);
    }
}

void outbox_answer(struct outbox *outbox, const struct address *source, size_t length, bool is_there) {
    outbox->answer.source = source ? *source : (struct address){ .family = 0 };
    outbox->answer.length = length;
    outbox->answer.is_there = is_there;
}

void outbox_add_challenge(struct outbox *outbox, const struct persistent *state,
                          const struct gate_challenge *challenge) {
    struct wire_message message = { .header = { .type = WIRE_CHALLENGE }, .challenge = challenge->body };

    if (!can_reach(outbox->config.links, &challenge->to))
        return;
    complete_header(outbox, state, &message.header);
    message.header.flags |= WIRE_FLAG_UNICAST;
    message.header.receiver_nonce = challenge->receiver_nonce;
    number(outbox, &message.header, clock_now());
    add_copy(outbox, &message, &challenge->to);
}
