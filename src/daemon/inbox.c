/* SPDX-License-Identifier: ISC
 *
 * inbox.c - see inbox.h.
 */
#include "daemon/inbox.h"

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

struct inbox {
    struct inbox_config config;
    struct core_counters ignored; /* by the core, as told last */
    struct log_limit refused_limits[REFUSED_END];
    struct log_limit ignored_limits[REFUSAL_END];
    struct log_limit other_cluster_limit;
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
};

int inbox_open(struct inbox **ret, const struct inbox_config *config) {
    struct inbox *inbox = calloc(1, sizeof *inbox);

    if (!inbox)
        return -ENOMEM;
    inbox->config = *config;
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
    if (kind != STRANGER_CLUSTER && kind != STRANGER_KEY)
        cluster = ""; /* it was not read */
    is_new = strangers_note(inbox->config.strangers, kind, cluster, source, clock_now());
    if (is_new && kind == STRANGER_CLUSTER)
        log_limited(&inbox->other_cluster_limit, clock_now(), LOG_LEVEL_DEBUG, "ignoring cluster %s, heard from %s",
                    cluster, address_format_port(source, text));
}

/* The first reason against it; WIRE_OK if there is none. */
static unsigned judge(const struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message) {
    const struct wire_header *header = &message->header;
    enum wire_error error;

    if (datagram->cast == UDP_TO_OTHER_GROUP)
        return REFUSED_OTHER_GROUP;
    if (!links_find(inbox->config.links, datagram->source.ifindex)) /* its family may come into use a little later */
        return REFUSED_OTHER_INTERFACE;
    if (datagram->ttl != UDP_TTL)
        return REFUSED_WRONG_TTL;
    error = wire_decode(datagram->data, datagram->length, message);
    if (error != WIRE_OK)
        return error;
    if (strcmp(header->cluster, inbox->config.cluster) != 0)
        return REFUSED_OTHER_CLUSTER;
    if (header->key_id != 0)
        return REFUSED_KEYED;
    if (header->boot_nonce == inbox->config.boot_nonce) /* perhaps by an id that was its own a moment ago (MEMB-7) */
        return REFUSED_OWN_ECHO;
    return WIRE_OK;
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
static bool take_note(const struct inbox *inbox, const struct udp_datagram *datagram,
                      const struct wire_message *message, struct address *ret_sender) {
    bool multicast = !(message->header.flags & WIRE_FLAG_UNICAST), is_new;
    usec_t now = clock_now();

    count_heard(inbox, datagram, false, now);
    is_new = paths_heard(inbox->config.paths, message, &datagram->source, multicast, now);
    if (datagram->cast == UDP_TO_GROUP)
        paths_heard_group(inbox->config.paths, message->header.boot_nonce, &datagram->source, now);
    *ret_sender = datagram->source;
    if (multicast)
        *ret_sender = paths_best(inbox->config.paths, message->header.boot_nonce, &datagram->source, now);
    return is_new;
}

bool inbox_accept(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message,
                  struct address *ret_sender) {
    struct counters *counters = inbox->config.counters;
    unsigned refusal = judge(inbox, datagram, message);

    if (refusal == WIRE_OK && !take_note(inbox, datagram, message, ret_sender))
        refusal = REFUSED_REPEATED;
    if (refusal == REFUSED_OWN_ECHO)
        count_heard(inbox, datagram, true, clock_now());
    if (refusal == WIRE_OK) {
        scope_addresses(message, datagram->source.ifindex);
        counters->received[message->header.type]++;
        return true;
    }
    counters->refused[refusal]++;
    note_stranger(inbox, refusal, message->header.cluster, &datagram->source);
    tell(&inbox->refused_limits[refusal], &refused_tellings[refusal], &datagram->source);
    return false;
}

void inbox_tell_ignored(struct inbox *inbox, const struct address *source, const struct core_counters *now) {
    for (unsigned i = 0; i < REFUSAL_END; i++)
        if (now->refused[i] > inbox->ignored.refused[i])
            tell(&inbox->ignored_limits[i], &ignored_tellings[i], source);
    inbox->ignored = *now;
}
