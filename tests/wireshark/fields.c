/* SPDX-License-Identifier: ISC
 *
 * fields.c - see fields.h. Below, the kinds of fields; then the messages, one function each; the TLVs; the header.
 */
#include "wireshark/fields.h"

#include "base/str.h"
#include "base/util.h"
#include "wire/tail.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned frame_told;

static void tell(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(const char *name, const char *format, ...) {
    va_list arguments;

    printf("%u\teldest.%s\t", frame_told, name);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* One of the parts of a field. */
static const char *part(const char *name, const char *of) {
    static char text[64];

    snprintf(text, sizeof(text), "%s.%s", name, of);
    return text;
}

static void tell_group(const char *name) {
    tell(name, "%s", "");
}

static void tell_number(const char *name, uint64_t value) {
    tell(name, "%" PRIu64, value);
}

static void tell_flag(const char *name, bool value) {
    tell(name, "%d", value);
}

static void tell_random(const char *name, uint64_t value) {
    tell(name, "0x%016" PRIx64, value);
}

static void tell_time(const char *name, int64_t us) {
    unsigned long long size = us < 0 ? -(unsigned long long)us : (unsigned long long)us;

    tell(name, "%s%llu.%06llu000", us < 0 ? "-" : "", size / USEC_PER_SEC, size % USEC_PER_SEC);
}

static void tell_ms(const char *name, uint32_t ms) {
    tell_time(name, ms * USEC_PER_MS);
}

static void tell_bytes(const char *name, const uint8_t *bytes, size_t size) {
    printf("%u\teldest.%s\t", frame_told, name);
    for (size_t i = 0; i < size; i++)
        printf("%s%02x", i > 0 ? ":" : "", bytes[i]);
    putchar('\n');
}

static const char *id_text(const struct node_id *id) {
    static char text[STR_ID_SIZE];

    str_format_id(id, text);
    return node_id_is_none(id) ? "none" : text;
}

static void tell_id(const char *name, const struct node_id *id) {
    tell(name, "%s", id_text(id));
}

static void tell_token(const char *name, const struct token *token) {
    if (token->epoch == 0)
        tell(name, "none");
    else
        tell(name, "%" PRIu64 ".%s", token->epoch, id_text(&token->leader));
    tell_number(part(name, "epoch"), token->epoch);
    tell_id(part(name, "id"), &token->leader);
}

static void tell_key(const struct rank_key *key) {
    tell_group("key");
    tell_number("key.priority", key->priority);
    tell_random("key.timeline", key->timeline);
    tell_time("key.birth", key->birth);
    tell_id("key.id", &key->id);
}

static void tell_address(const char *name, const struct address *address) {
    char text[INET6_ADDRSTRLEN] = "";

    if (address->family != 0)
        inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, text, sizeof(text));
    if (address->family == 0)
        tell(name, "none");
    else
        tell(name, address->family == 4 ? "%s:%u" : "[%s]:%u", text, address->port);
    tell_number(part(name, "family"), address->family);
    if (address->family != 0)
        tell(part(name, address->family == 4 ? "ipv4" : "ipv6"), "%s", text);
    tell_number(part(name, "port"), address->port);
}

static void tell_announce(const struct wire_message *m) {
    tell_number("state", m->announce.state);
    tell_number("priority", m->announce.priority);
    tell_flag("eligible", m->announce.eligible);
    tell_time("age", m->announce.age);
    tell_number("port", m->announce.port);
    tell_token("leader", &m->announce.leader);
    tell_flag("fresh", m->announce.fresh);
    tell_flag("voter", m->announce.voter);
}

static void tell_election(const struct wire_message *m) {
    tell_number("epoch", m->election.epoch);
    tell_key(&m->election.key);
    tell_time("age", m->election.age);
    tell_token("dead", &m->election.dead);
    tell_number("released_epoch", m->election.released);
    tell_random("nonce", m->election.nonce);
    tell_flag("bootstrap", m->election.bootstrap);
}

static void tell_leader_elected(const struct wire_message *m) {
    tell_number("epoch", m->leader_elected.epoch);
    tell_id("candidate", &m->leader_elected.candidate);
    tell_token("own", &m->leader_elected.own);
}

static void tell_leader(const struct wire_message *m) {
    tell_number("epoch", m->leader.epoch);
    tell_key(&m->leader.key);
    tell_time("age", m->leader.age);
    tell_ms("since", m->leader.since_ms);
    tell_time("cluster_time", m->leader.cluster_time);
    tell_number("count", m->leader.count);
    tell_number("table_version", m->leader.table_version);
    tell_token("absorbed", &m->leader.absorbed);
    tell_random("answered", m->leader.answered);
}

static void tell_heartbeat(const struct wire_message *m) {
    tell_number("epoch", m->heartbeat.epoch);
    tell_number("exchange", m->heartbeat.exchange);
    tell_number("try", m->heartbeat.try);
    tell_time("sent", m->heartbeat.sent);
    tell_time("echo", m->heartbeat.echo);
    tell_number("roster_epoch", m->heartbeat.roster_epoch);
    tell_number("roster_change", m->heartbeat.roster_change);
    tell_time("age", m->heartbeat.age);
    tell_random("timeline", m->heartbeat.timeline);
    tell_time("birth", m->heartbeat.birth);
    tell_token("own", &m->heartbeat.own);
    tell_time("round_trip", m->heartbeat.rtt_us);
    tell_flag("registering", m->heartbeat.registering);
    tell_flag("question", m->heartbeat.question);
    tell_random("nonce", m->heartbeat.nonce);
}

static void tell_ack(const struct wire_message *m) {
    tell_number("epoch", m->ack.epoch);
    tell_number("exchange", m->ack.exchange);
    tell_time("sent", m->ack.sent);
    tell_time("timestamp", m->ack.timestamp);
    tell_time("promise", m->ack.promise);
    tell_time("detect", m->ack.detect);
    tell_time("heartbeat", m->ack.heartbeat);
    tell_time("floor", m->ack.floor);
    tell_random("timeline", m->ack.timeline);
    tell_time("cluster_time", m->ack.cluster_time);
    tell_flag("listed", m->ack.has_birth);
    tell_time("your_birth", m->ack.birth);
    tell_number("count", m->ack.count);
    tell_number("table_version", m->ack.table_version);
    tell_time("next_slot", m->ack.next_slot);
    tell_random("nonce", m->ack.nonce);
}

static void tell_redirect(const struct wire_message *m) {
    tell_token("leader", &m->redirect.leader);
    tell_address("address", &m->redirect.address);
}

static void tell_suspect(const struct wire_message *m) {
    tell_token("leader", &m->suspect.leader);
    tell_random("nonce", m->suspect.nonce);
    tell_ms("silent", m->suspect.silent_ms);
}

static void tell_vouch(const struct wire_message *m) {
    tell_token("leader", &m->vouch.leader);
    tell_random("nonce", m->vouch.nonce);
}

static void tell_resign(const struct wire_message *m) {
    tell_number("epoch", m->resign.epoch);
    tell_id("successor", &m->resign.successor);
    tell_time("birth", m->resign.birth);
    tell_flag("released", m->resign.released);
}

static void tell_farewell(const struct wire_message *m) {
    tell_token("leader", &m->farewell.leader);
    tell_flag("released", m->farewell.released);
}

static void tell_merge_request(const struct wire_message *m) {
    tell_number("epoch", m->merge_request.epoch);
    tell_key(&m->merge_request.key);
    tell_time("age", m->merge_request.age);
    tell_ms("since", m->merge_request.since_ms);
    tell_flag("followed", m->merge_request.followed);
    tell_random("nonce", m->merge_request.nonce);
}

static void tell_merge_reply(const struct wire_message *m) {
    tell_random("nonce", m->merge_reply.nonce);
    tell_number("verdict", m->merge_reply.verdict);
    tell_number("epoch", m->merge_reply.epoch);
    tell_ms("since", m->merge_reply.since_ms);
}

static void tell_handover_request(const struct wire_message *m) {
    tell_number("epoch", m->handover_request.epoch);
    tell_key(&m->handover_request.key);
}

static void tell_page(const struct wire_message *m) {
    tell_number("version", m->page.version);
    tell_number("index", m->page.index);
}

static void tell_record(const struct wire_record *record) {
    tell_group("member");
    tell_id("member.id", &record->id);
    tell_number("member.incarnation", record->incarnation);
    tell_time("member.birth", record->birth);
    tell_address("member.address", &record->address);
    tell_ms("member.last_heard", record->last_seen_ms);
    tell_time("member.round_trip", record->rtt_us);
    tell("member.name", "%s", record->facts.name);
    tell_number("member.priority", record->facts.priority);
    tell_flag("member.eligible", record->facts.eligible);
    tell("member.tags", "%s", record->facts.tags);
}

static void tell_page_reply(const struct wire_message *m) {
    tell_number("version", m->page_reply.version);
    tell_number("index", m->page_reply.index);
    tell_number("total", m->page_reply.total);
    tell_number("count", m->page_reply.count);
    for (unsigned i = 0; i < m->page_reply.count; i++)
        tell_record(&m->page_reply.records[i]);
}

static void tell_clone(const struct wire_message *m) {
    tell_time("age", m->clone.age);
    tell_random("heard", m->clone.heard_nonce);
}

static void tell_challenge(const struct wire_message *m) {
    tell_random("asked", m->challenge.asked);
    tell_random("answered", m->challenge.answered);
    tell_number("before", m->challenge.before);
}

static void tell_stale(const struct wire_message *m) {
    tell_number("known_incarnation", m->stale.incarnation);
    tell_number("known_seq", m->stale.seq);
}

static void (*const bodies[WIRE_TYPE_END])(const struct wire_message *m) = {
    [WIRE_ANNOUNCE] = tell_announce,
    [WIRE_ELECTION] = tell_election,
    [WIRE_LEADER_ELECTED] = tell_leader_elected,
    [WIRE_LEADER] = tell_leader,
    [WIRE_HEARTBEAT] = tell_heartbeat,
    [WIRE_ACK] = tell_ack,
    [WIRE_REDIRECT] = tell_redirect,
    [WIRE_SUSPECT] = tell_suspect,
    [WIRE_VOUCH] = tell_vouch,
    [WIRE_RESIGN] = tell_resign,
    [WIRE_FAREWELL] = tell_farewell,
    [WIRE_MERGE_REQUEST] = tell_merge_request,
    [WIRE_MERGE_REPLY] = tell_merge_reply,
    [WIRE_HANDOVER_REQUEST] = tell_handover_request,
    [WIRE_PAGE] = tell_page,
    [WIRE_PAGE_REPLY] = tell_page_reply,
    [WIRE_CLONE] = tell_clone,
    [WIRE_CHALLENGE] = tell_challenge,
    [WIRE_STALE] = tell_stale,
};

static void tell_tlv(enum tail_type type, size_t length) {
    tell_group("tlv");
    tell_number("tlv.type", type);
    tell_number("tlv.length", length);
}

static void tell_roster(const struct wire_roster *roster) {
    tell_tlv(TAIL_ROSTER, 13 + 16 * roster->count);
    tell_number("roster_epoch", roster->epoch);
    tell_number("roster_change", roster->change);
    tell_number("roster_expect", roster->expect);
    for (unsigned i = 0; i < roster->count; i++)
        tell_id("roster_seat", &roster->ids[i]);
}

static void tell_registration(const struct wire_registration *registration) {
    const struct node_facts *facts = &registration->facts;

    tell_tlv(TAIL_REGISTRATION, 8 + strlen(facts->name) + strlen(facts->tags));
    tell("name", "%s", facts->name);
    tell_number("priority", facts->priority);
    tell_flag("eligible", facts->eligible);
    tell_number("port", registration->port);
    tell("tags", "%s", facts->tags);
}

static void tell_stranger(const struct wire_stranger *stranger) {
    tell_tlv(TAIL_STRANGER, 43);
    tell_token("stranger", &stranger->token);
    tell_address("stranger_address", &stranger->address);
}

static void tell_successors(const struct wire_successors *successors) {
    tell_tlv(TAIL_SUCCESSORS, 1 + 46 * successors->count);
    tell_number("successors", successors->count);
    for (unsigned i = 0; i < successors->count; i++) {
        const struct wire_successor *successor = &successors->list[i];

        tell_group("member");
        tell_id("member.id", &successor->id);
        tell_time("member.birth", successor->birth);
        tell_number("member.priority", successor->priority);
        tell_flag("member.eligible", successor->eligible);
        tell_address("member.address", &successor->address);
    }
}

/* In the order in which they are sent: by type, but the successors last. */
static void tell_tail(const struct wire_message *m) {
    if (m->name[0] != '\0') {
        tell_tlv(TAIL_NAME, strlen(m->name));
        tell("name", "%s", m->name);
    }
    if (m->has_roster)
        tell_roster(&m->roster);
    if (m->has_registration)
        tell_registration(&m->registration);
    if (m->has_stranger)
        tell_stranger(&m->stranger);
    if (m->paused != 0) {
        tell_tlv(TAIL_PAUSED, 2);
        tell("paused", "0x%04x", m->paused);
    }
    if (m->tags[0] != '\0') {
        tell_tlv(TAIL_TAGS, strlen(m->tags));
        tell("tags", "%s", m->tags);
    }
    if (m->cookie != 0) {
        tell_tlv(TAIL_COOKIE, 8);
        tell_random("cookie", m->cookie);
    }
    if (m->has_successors)
        tell_successors(&m->successors);
}

/* Zeros from the end of the fields to the MAC. */
static void tell_padding(size_t length) {
    static const uint8_t zeros[WIRE_DATAGRAM_MAX];

    tell_tlv(TAIL_PADDING, length);
    tell_bytes("padding", zeros, length);
}

/* Returns its length. */
static size_t tell_header(const struct wire_header *header) {
    bool unicast = (header->flags & WIRE_FLAG_UNICAST) != 0, sealed = (header->flags & WIRE_FLAG_SEALED) != 0;

    tell_group("header");
    tell("magic", "ELDT");
    tell_number("major", WIRE_MAJOR);
    tell_number("minor", WIRE_MINOR);
    tell_number("type", header->type);
    tell("flags", "0x%02x", header->flags);
    tell_flag("flags.unicast", unicast);
    tell_flag("flags.sealed", sealed);
    tell_number("key_id", header->key_id);
    tell("cluster", "%s", header->cluster);
    tell_id("sender", &header->sender);
    tell_number("incarnation", header->incarnation);
    tell_random("boot_nonce", header->boot_nonce);
    tell_number("seq", header->seq);
    if (unicast)
        tell_random("receiver_nonce", header->receiver_nonce);
    if (sealed)
        tell_bytes("aead_nonce", header->aead_nonce, sizeof(header->aead_nonce));
    return 47 + strlen(header->cluster) + (unicast ? 8 : 0) + (sealed ? WIRE_AEAD_NONCE_SIZE : 0);
}

void fields_tell(unsigned frame, const struct wire_message *message, const uint8_t *datagram, size_t length) {
    enum { PAGE_FIELDS_SIZE = 8, TLV_HEADER_SIZE = 3 };

    frame_told = frame;
    size_t header = tell_header(&message->header), body = length - header - WIRE_MAC_SIZE;
    if ((message->header.flags & WIRE_FLAG_SEALED) != 0) {
        tell_bytes("encrypted", datagram + header, body);
    } else {
        bodies[message->header.type](message);
        tell_tail(message);
        if (message->header.type == WIRE_PAGE)
            tell_padding(body - PAGE_FIELDS_SIZE - TLV_HEADER_SIZE);
    }
    tell_bytes("mac", datagram + length - WIRE_MAC_SIZE, WIRE_MAC_SIZE);
}
