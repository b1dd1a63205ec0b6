/* SPDX-License-Identifier: ISC
 *
 * inbox.c - see inbox.h.
 */
#include "daemon/inbox.h"

#include "auth/gate.h"
#include "auth/seal.h"
#include "base/bucket.h"
#include "base/util.h"
#include "daemon/conf.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/paths.h"
#include "daemon/strangers.h"
#include "daemon/traffic.h"
#include "platform/address.h"
#include "platform/clock.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    INBOX_DEALT_WITH = REFUSED_END, /* by the gate */
    SOURCES = 1024, /* that are told apart, by chance; a power of two */
    PER_SECOND = 2000,
    AT_ONCE = 2000,
};

struct inbox {
    struct inbox_config config;
    struct core_counters ignored; /* by the core, as told last */
    struct log_limit refused_limits[REFUSED_END];
    struct log_limit ignored_limits[REFUSAL_END];
    struct log_limit other_cluster_limit;
    uint64_t secret; /* odd */
    struct bucket sources[SOURCES];
    uint8_t plain[WIRE_DATAGRAM_MAX]; /* scratch: what was encrypted */
};

/* Anybody on the LAN can provoke them. */
static const struct log_limit once_in_a_while = { .burst = 1, .interval_us = 600 * USEC_PER_SEC };

/* How a reason is told, and how important it is; what is not here is not told. */
struct telling {
    enum log_level level;
    const char *words;
};

static const struct telling refused_tellings[REFUSED_END] = {
    [WIRE_SHORT] = { LOG_LEVEL_WARNING, "it ends too early" },
    [WIRE_LONG] = { LOG_LEVEL_WARNING, "it is too long" },
    [WIRE_FOREIGN] = { LOG_LEVEL_WARNING, "another program sent it" },
    [WIRE_VERSION] = { LOG_LEVEL_WARNING, "it is of another version of the protocol" },
    [WIRE_UNKNOWN_TYPE] = { LOG_LEVEL_WARNING, "it is of an unknown type" },
    [WIRE_RANGE] = { LOG_LEVEL_WARNING, "a number or text in it is out of its range" },
    [WIRE_TAIL] = { LOG_LEVEL_WARNING, "its end makes no sense" },
    [REFUSED_OTHER_INTERFACE] = { LOG_LEVEL_INFO, "it came by an interface that is not used" },
    [REFUSED_KEYED] = { LOG_LEVEL_WARNING, "its sender has a key for this cluster, this node has none" },
    [REFUSED_UNKEYED] = { LOG_LEVEL_WARNING, "its sender has no key, this node has one" },
    [REFUSED_OTHER_KEY] = { LOG_LEVEL_WARNING, "its sender has a key that this node does not have" },
    [REFUSED_WRONG_MAC] = { LOG_LEVEL_WARNING, "it was not made with the key that it names, or was changed" },
    [REFUSED_REPLAYED] = { LOG_LEVEL_INFO, "it was heard before, or is too old" },
    [REFUSED_TOO_MANY] = { LOG_LEVEL_WARNING, "its sender sends more than a node has reason to" },
    [REFUSED_WRONG_TTL] = { LOG_LEVEL_WARNING, "its TTL is not 255: it crossed a router, or another program sent it" },
};

static const struct telling ignored_tellings[REFUSAL_END] = {
    [REFUSAL_EPOCH_IMPLAUSIBLE] = { LOG_LEVEL_WARNING, "its epoch is too far above all known ones" },
    [REFUSAL_EPOCH_OLD] = { LOG_LEVEL_DEBUG, "its epoch is over" },
    [REFUSAL_OTHER_LEADER] = { LOG_LEVEL_INFO, "another leader sent it, but the one of this node lives" },
    [REFUSAL_OWN_ID] = { LOG_LEVEL_WARNING, "its sender has the id of this node" },
    [REFUSAL_STALE_SENDER] = { LOG_LEVEL_WARNING, "its sender has gone back to an earlier state, or is there twice" },
    [REFUSAL_STALE_UNMEANT] = { LOG_LEVEL_INFO, "it asks for a new identity, but is not about this start" },
    [REFUSAL_UNCONFIRMED] = { LOG_LEVEL_DEBUG, "this node was away and asks whether it still leads" },
    [REFUSAL_UNASKED] = { LOG_LEVEL_DEBUG, "it answers nothing that this node has asked" },
    [REFUSAL_SUSPECT_DAMPED] = { LOG_LEVEL_DEBUG, "it suspects the leader, which was just checked" },
    [REFUSAL_OVERTAKEN] = { LOG_LEVEL_DEBUG, "a later question of its sender came first" },
    [REFUSAL_TABLE_FULL] = { LOG_LEVEL_DEBUG, "the member table is full" },
    [REFUSAL_PAGE_UNLISTED] = { LOG_LEVEL_INFO, "its sender is no member, but asks for the table" },
    [REFUSAL_HANDOVER] = { LOG_LEVEL_INFO, "its sender would like to lead, but may not" },
    [REFUSAL_NOT_WRITABLE] = { LOG_LEVEL_DEBUG, "this node cannot vote while its state cannot be saved" },
    [REFUSAL_CHALLENGE] = { LOG_LEVEL_INFO, "its sender has a key for this cluster, this node has none" },
    [REFUSAL_OTHER_QUORUM] = { LOG_LEVEL_WARNING, "its sender has another quorum in its configuration than this node" },
    [REFUSAL_PROMISED] = { LOG_LEVEL_DEBUG, "this node has promised to vote for nobody else yet" },
    [REFUSAL_ROSTER] = { LOG_LEVEL_INFO, "it stands by other seats than those that this node knows" },
    [REFUSAL_VOTED] = { LOG_LEVEL_DEBUG, "this node has voted as high already" },
    [REFUSAL_ECHO] = { LOG_LEVEL_INFO, "it tells of an answer that this node has not sent" },
};

int inbox_open(struct inbox **ret, const struct inbox_config *config) {
    struct inbox *inbox = calloc(1, sizeof *inbox);

    if (!inbox)
        return -ENOMEM;
    inbox->config = *config;
    if (getrandom(&inbox->secret, sizeof inbox->secret, 0) < 0)
        inbox->secret = 0; /* then 1: fine where nobody wants to be taken for another */
    inbox->secret |= 1;
    inbox->other_cluster_limit = (struct log_limit)LOG_LIMIT_INIT;
    for (unsigned i = 0; i < REFUSED_END; i++)
        inbox->refused_limits[i] = once_in_a_while;
    for (unsigned i = 0; i < REFUSAL_END; i++)
        inbox->ignored_limits[i] = once_in_a_while;
    *ret = inbox;
    return 0;
}

void inbox_close(struct inbox *inbox) {
    free(inbox);
}

static void tell(struct log_limit *limit, const struct telling *telling, const struct address *source) {
    char text[ADDRESS_PORT_TEXT_SIZE], interface[INTERFACE_TEXT_SIZE];

    if (telling->words)
        log_limited(limit, clock_now(), telling->level, "ignoring a datagram from %s on %s: %s",
                    address_format_port(source, text), address_interface(source, interface), telling->words);
}

/* What a refusal says of the sender; STRANGER_KINDS: nothing to remember. */
static enum stranger_kind kind_of(unsigned refusal) {
    switch (refusal) {
    case REFUSED_OTHER_CLUSTER:
        return STRANGER_CLUSTER;
    case REFUSED_KEYED:
        return STRANGER_KEY;
    case REFUSED_UNKEYED:
        return STRANGER_NO_KEY;
    case REFUSED_OTHER_KEY:
    case REFUSED_WRONG_MAC:
        return STRANGER_OTHER_KEY;
    case REFUSED_WRONG_TTL:
        return STRANGER_DISTANT;
    case WIRE_VERSION:
        return STRANGER_VERSION;
    case WIRE_FOREIGN:
        return STRANGER_PROGRAM;
    default:
        return STRANGER_KINDS;
    }
}

/* Several clusters on one LAN are nothing special: each host of them is named once. */
static void note_stranger(struct inbox *inbox, unsigned refusal, const char *cluster, const struct address *source) {
    enum stranger_kind kind = kind_of(refusal);
    char text[ADDRESS_PORT_TEXT_SIZE];
    bool is_new;

    if (kind == STRANGER_KINDS)
        return;
    if (kind == STRANGER_VERSION || kind == STRANGER_PROGRAM || kind == STRANGER_DISTANT)
        cluster = ""; /* it was not read */
    is_new = strangers_note(inbox->config.strangers, kind, cluster, source, clock_now());
    if (is_new && kind == STRANGER_CLUSTER)
        log_limited(&inbox->other_cluster_limit, clock_now(), LOG_LEVEL_DEBUG, "ignoring cluster %s, heard from %s",
                    cluster, address_format_port(source, text));
}

/* Routers are between it and this node, as is configured; whether it is what it seems is shown by its MAC. */
static bool may_be_distant(const struct inbox *inbox, const struct address *source) {
    const struct static_peers *peers = inbox->config.peers;

    for (unsigned i = 0; inbox->config.gate && i < peers->count; i++)
        if (peers->list[i].family == source->family &&
            memcmp(peers->list[i].bytes, source->bytes, sizeof source->bytes) == 0)
            return true;
    return false;
}

/* Nobody can find out with whom an address shares its bucket. */
static bool is_one_too_many(struct inbox *inbox, const struct address *source) {
    uint64_t sum = inbox->secret;

    for (size_t i = 0; i < sizeof source->bytes; i++)
        sum = (sum ^ source->bytes[i]) * 0x100000001b3ULL;
    sum = (sum ^ source->port ^ (uint64_t)source->ifindex << 16) * inbox->secret;
    return !bucket_take(&inbox->sources[sum >> 32 & (SOURCES - 1)], PER_SECOND, AT_ONCE, clock_now());
}

/* Whether it was sent to this node, by another one that has the same keys or none, as it says itself. */
static unsigned judge_header(const struct inbox *inbox, const struct wire_header *header) {
    bool gate = inbox->config.gate != NULL;

    if (strcmp(header->cluster, inbox->config.cluster) != 0)
        return REFUSED_OTHER_CLUSTER;
    if (header->key_id != 0 && !gate)
        return REFUSED_KEYED;
    if (header->boot_nonce == inbox->config.boot_nonce) /* perhaps by an id that was its own a moment ago (MEMB-7) */
        return REFUSED_OWN_ECHO;
    if (header->key_id == 0)
        return gate ? REFUSED_UNKEYED : WIRE_OK;
    return keys_find(inbox->config.keys, header->key_id) ? WIRE_OK : REFUSED_OTHER_KEY;
}

/* A MAC that is right, or none where there is no key. */
static unsigned judge_mac(const struct inbox *inbox, const struct udp_datagram *datagram, uint16_t key_id) {
    const struct key *key = key_id != 0 ? keys_find(inbox->config.keys, key_id) : NULL;

    if (key && !seal_is_right(key, inbox->config.hash, datagram->data, datagram->length))
        return REFUSED_WRONG_MAC;
    return WIRE_OK;
}

static unsigned judge_plain(const struct inbox *inbox, const struct udp_datagram *datagram,
                            struct wire_message *message) {
    unsigned refusal = wire_decode(datagram->data, datagram->length, message);

    if (refusal == WIRE_OK)
        refusal = judge_header(inbox, &message->header);
    return refusal == WIRE_OK ? judge_mac(inbox, datagram, message->header.key_id) : refusal;
}

/* What is encrypted is read when its tag is right, and not before. */
static unsigned judge_encrypted(struct inbox *inbox, const struct udp_datagram *datagram,
                                struct wire_message *message) {
    uint16_t key_id = message->header.key_id;
    unsigned refusal = judge_header(inbox, &message->header);

    if (refusal != WIRE_OK)
        return refusal;
    if (key_id == 0) /* with which key? */
        return WIRE_RANGE;
    if (!seal_open(keys_find(inbox->config.keys, key_id), inbox->config.cipher, datagram->data, datagram->length,
                   inbox->plain))
        return REFUSED_WRONG_MAC;
    return wire_decode(inbox->plain, datagram->length, message);
}

static bool is_encrypted(const struct udp_datagram *datagram, struct wire_header *header) {
    return datagram->length <= WIRE_DATAGRAM_MAX &&
           wire_peek_header(datagram->data, datagram->length, header) > 0 && (header->flags & WIRE_FLAG_SEALED) != 0;
}

/* The reason against what is in it. */
static unsigned judge_content(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message) {
    if (is_encrypted(datagram, &message->header))
        return judge_encrypted(inbox, datagram, message);
    return judge_plain(inbox, datagram, message);
}

/* What a source sends too much is not looked at. With a key it is, since a source is easily forged, and a MAC is not:
 * who poses as a node takes nothing from it. */
static unsigned judge_bounded(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message) {
    bool too_many = is_one_too_many(inbox, &datagram->source);
    unsigned refusal = too_many && !inbox->config.gate ? REFUSED_TOO_MANY : judge_content(inbox, datagram, message);

    return too_many && refusal != WIRE_OK ? REFUSED_TOO_MANY : refusal;
}

static bool is_multicast(const struct wire_message *message) {
    return !(message->header.flags & WIRE_FLAG_UNICAST);
}

/* What is for one node, but was sent to many: each of them would answer it. */
static bool is_astray(const struct udp_datagram *datagram, const struct wire_message *message) {
    return !is_multicast(message) && datagram->cast != UDP_TO_NODE;
}

/* The first reason against it; WIRE_OK if there is none. */
static unsigned judge(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message) {
    unsigned refusal;

    if (datagram->cast == UDP_TO_OTHER_GROUP)
        return REFUSED_OTHER_GROUP;
    if (!links_find(inbox->config.links, datagram->source.ifindex)) /* its family may come into use a little later */
        return REFUSED_OTHER_INTERFACE;
    if (datagram->ttl != UDP_TTL && !may_be_distant(inbox, &datagram->source))
        return REFUSED_WRONG_TTL;
    refusal = judge_bounded(inbox, datagram, message);
    return refusal == WIRE_OK && is_astray(datagram, message) ? REFUSED_UNMEANT : refusal;
}

/* A link-local address means something on its link only. */
static void scope_address(struct address *address, uint32_t ifindex) {
    if (address->family == 6 && address_is_link_local(address))
        address->ifindex = ifindex;
}

static void scope_addresses(struct wire_message *message, uint32_t ifindex) {
    if (message->has_successors)
        for (unsigned i = 0; i < message->successors.count; i++)
            scope_address(&message->successors.list[i].address, ifindex);
    if (message->has_stranger)
        scope_address(&message->stranger.address, ifindex);
    if (message->header.type == WIRE_REDIRECT)
        scope_address(&message->redirect.address, ifindex);
    if (message->header.type == WIRE_PAGE_REPLY)
        for (unsigned i = 0; i < message->page_reply.count; i++)
            scope_address(&message->page_reply.records[i].address, ifindex);
}

static void count_heard(const struct inbox *inbox, const struct udp_datagram *datagram, bool own, usec_t now) {
    enum traffic_channel channel = datagram->cast == UDP_TO_GROUP ? TRAFFIC_MULTICAST :
                                   datagram->cast == UDP_TO_LINK ? TRAFFIC_BROADCAST : TRAFFIC_UNICAST;

    if (own)
        channel = TRAFFIC_ECHO;
    traffic_note(inbox->config.traffic, datagram->source.ifindex,
                 address_family(&datagram->source), channel, now);
}

/* Notes by which way a message came. False if it is a copy of one that was heard already. */
static bool note_way(const struct inbox *inbox, const struct udp_datagram *datagram,
                     const struct wire_message *message, usec_t now) {
    bool is_new = paths_heard(inbox->config.paths, message, &datagram->source, is_multicast(message), now);

    if (datagram->cast == UDP_TO_GROUP)
        paths_heard_group(inbox->config.paths, message->header.boot_nonce, &datagram->source, now);
    return is_new;
}

static bool is_way(const struct inbox *inbox, const struct udp_datagram *datagram,
                   const struct wire_message *message) {
    return paths_know(inbox->config.paths, message->header.boot_nonce, &datagram->source);
}

/* Where it came from, unless that may be anywhere, as with a multicast, and what has a MAC that does not cover the
 * address: then by the best way. */
static void find_way_back(const struct inbox *inbox, const struct udp_datagram *datagram,
                          const struct wire_message *message, usec_t now, struct address *ret_sender) {
    *ret_sender = datagram->source;
    if (is_multicast(message) || (inbox->config.gate && !is_way(inbox, datagram, message)))
        *ret_sender = paths_best(inbox->config.paths, message->header.boot_nonce, &datagram->source, now);
}

/* That is a way if an answer to this node came by it. */
static void note_if_way(const struct inbox *inbox, const struct udp_datagram *datagram,
                        const struct gate_datagram *heard, const struct wire_message *message, usec_t now) {
    if (is_way(inbox, datagram, message))
        note_way(inbox, datagram, message, now);
    else
        gate_ask_way(inbox->config.gate, heard, &message->header, now);
}

/* WIRE_OK, or why a message that was made with the key is not for the core. */
static unsigned pass_gate(const struct inbox *inbox, const struct udp_datagram *datagram,
                          const struct wire_message *message, usec_t now) {
    const struct gate_datagram heard = {
        .bytes = datagram->data, .length = datagram->length, .source = datagram->source, .mark = datagram->cast,
    };

    switch (gate_judge(inbox->config.gate, &heard, message, now)) {
    case GATE_PASSES:
        note_if_way(inbox, datagram, &heard, message, now);
        return WIRE_OK;
    case GATE_REPEATED:
        note_if_way(inbox, datagram, &heard, message, now);
        return REFUSED_REPEATED;
    case GATE_PROOF:
        note_way(inbox, datagram, message, now);
        return INBOX_DEALT_WITH;
    case GATE_ASKED:
        return INBOX_DEALT_WITH;
    case GATE_UNPROVEN:
        return REFUSED_UNPROVEN;
    case GATE_UNMEANT:
        return REFUSED_UNMEANT;
    case GATE_REPLAYED:
        break;
    }
    return REFUSED_REPLAYED;
}

/* After judge(). */
static unsigned take(const struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message,
                     usec_t now) {
    scope_addresses(message, datagram->source.ifindex);
    count_heard(inbox, datagram, false, now);
    if (inbox->config.gate)
        return pass_gate(inbox, datagram, message, now);
    return note_way(inbox, datagram, message, now) ? WIRE_OK : REFUSED_REPEATED;
}

bool inbox_accept(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message,
                  struct address *ret_sender) {
    struct counters *counters = inbox->config.counters;
    unsigned refusal = judge(inbox, datagram, message);
    usec_t now = clock_now();

    if (refusal == WIRE_OK)
        refusal = take(inbox, datagram, message, now);
    if (refusal == REFUSED_OWN_ECHO)
        count_heard(inbox, datagram, true, now);
    if (refusal == WIRE_OK)
        find_way_back(inbox, datagram, message, now, ret_sender);
    if (refusal == WIRE_OK || refusal == INBOX_DEALT_WITH) {
        counters->received[message->header.type]++;
        return refusal == WIRE_OK;
    }
    counters->refused[refusal]++;
    note_stranger(inbox, refusal, message->header.cluster, &datagram->source);
    tell(&inbox->refused_limits[refusal], &refused_tellings[refusal], &datagram->source);
    return false;
}

bool inbox_kept(struct inbox *inbox, struct udp_datagram *ret) {
    struct gate_datagram kept;

    if (!inbox->config.gate || !gate_kept(inbox->config.gate, &kept))
        return false;
    *ret = (struct udp_datagram){ .data = kept.bytes, .length = kept.length, .source = kept.source,
                                  .cast = (enum udp_cast)kept.mark, .ttl = UDP_TTL };
    return true;
}

void inbox_tell_ignored(struct inbox *inbox, const struct address *source, const struct core_counters *now) {
    for (unsigned i = 0; i < REFUSAL_END; i++)
        if (now->refused[i] > inbox->ignored.refused[i])
            tell(&inbox->ignored_limits[i], &ignored_tellings[i], source);
    inbox->ignored = *now;
}
