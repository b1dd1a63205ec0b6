/* SPDX-License-Identifier: ISC
 *
 * body.c - the fixed fields of each type, in the order of eldest-protocol(7): an encoder, a decoder and a table row.
 */
#include "wire/body.h"

#include "base/util.h"
#include "wire/tail.h"

/* A Page is at least a third as long as the longest answer (SEC-4). */
enum { PAGE_SIZE_MIN = WIRE_DATAGRAM_MAX / 3 };

static void encode_announce(struct writer *w, const struct wire_message *m) {
    const struct wire_announce *announce = &m->announce;

    put_u8_in(w, announce->state, WIRE_IDLE, WIRE_IS_LEADER);
    put_u16(w, announce->priority);
    put_bool(w, announce->eligible);
    put_age(w, announce->age);
    put_u16(w, announce->port);
    put_token_or_none(w, &announce->leader);
    put_bool(w, announce->fresh);
    put_bool(w, announce->voter);
}

static void decode_announce(struct reader *r, struct wire_message *m) {
    struct wire_announce *announce = &m->announce;

    announce->state = get_u8_in(r, WIRE_IDLE, WIRE_IS_LEADER);
    announce->priority = get_u16(r);
    announce->eligible = get_bool(r);
    announce->age = get_age(r);
    announce->port = get_u16(r);
    get_token_or_none(r, &announce->leader);
    announce->fresh = get_bool(r);
    announce->voter = get_bool(r);
}

static void encode_election(struct writer *w, const struct wire_message *m) {
    const struct wire_election *election = &m->election;

    put_epoch(w, election->epoch);
    put_key(w, &election->key);
    put_age(w, election->age);
    put_token_or_none(w, &election->dead);
    put_epoch_or_none(w, election->released);
    put_u64(w, election->nonce);
    put_bool(w, election->bootstrap);
}

static void decode_election(struct reader *r, struct wire_message *m) {
    struct wire_election *election = &m->election;

    election->epoch = get_epoch(r);
    get_key(r, &election->key);
    election->age = get_age(r);
    get_token_or_none(r, &election->dead);
    election->released = get_epoch_or_none(r);
    election->nonce = get_u64(r);
    election->bootstrap = get_bool(r);
}

static void encode_leader_elected(struct writer *w, const struct wire_message *m) {
    put_epoch(w, m->leader_elected.epoch);
    put_id(w, &m->leader_elected.candidate);
    put_token_or_none(w, &m->leader_elected.own);
}

static void decode_leader_elected(struct reader *r, struct wire_message *m) {
    m->leader_elected.epoch = get_epoch(r);
    get_id(r, &m->leader_elected.candidate);
    get_token_or_none(r, &m->leader_elected.own);
}

static void encode_leader(struct writer *w, const struct wire_message *m) {
    const struct wire_leader *leader = &m->leader;

    put_epoch(w, leader->epoch);
    put_key(w, &leader->key);
    put_age(w, leader->age);
    put_u32(w, leader->since_ms);
    put_birth(w, leader->cluster_time);
    put_u32_in(w, leader->count, 1, WIRE_MEMBERS_MAX);
    put_u32(w, leader->table_version);
    put_token_or_none(w, &leader->absorbed);
    put_u64(w, leader->answered);
}

static void decode_leader(struct reader *r, struct wire_message *m) {
    struct wire_leader *leader = &m->leader;

    leader->epoch = get_epoch(r);
    get_key(r, &leader->key);
    leader->age = get_age(r);
    leader->since_ms = get_u32(r);
    leader->cluster_time = get_birth(r);
    leader->count = get_u32_in(r, 1, WIRE_MEMBERS_MAX);
    leader->table_version = get_u32(r);
    get_token_or_none(r, &leader->absorbed);
    leader->answered = get_u64(r);
}

static void encode_heartbeat(struct writer *w, const struct wire_message *m) {
    const struct wire_heartbeat *heartbeat = &m->heartbeat;

    put_epoch_or_none(w, heartbeat->epoch);
    put_u32(w, heartbeat->exchange);
    put_u16(w, heartbeat->try);
    put_age(w, heartbeat->sent);
    put_age(w, heartbeat->echo);
    put_epoch_or_none(w, heartbeat->roster_epoch);
    put_u32(w, heartbeat->roster_change);
    put_age(w, heartbeat->age);
    put_u64(w, heartbeat->timeline);
    put_birth(w, heartbeat->birth);
    put_token_or_none(w, &heartbeat->own);
    put_u32(w, heartbeat->rtt_us);
    put_bool(w, heartbeat->registering);
    put_bool(w, heartbeat->question);
    put_u64(w, heartbeat->nonce);
}

static void decode_heartbeat(struct reader *r, struct wire_message *m) {
    struct wire_heartbeat *heartbeat = &m->heartbeat;

    heartbeat->epoch = get_epoch_or_none(r);
    heartbeat->exchange = get_u32(r);
    heartbeat->try = get_u16(r);
    heartbeat->sent = get_age(r);
    heartbeat->echo = get_age(r);
    heartbeat->roster_epoch = get_epoch_or_none(r);
    heartbeat->roster_change = get_u32(r);
    heartbeat->age = get_age(r);
    heartbeat->timeline = get_u64(r);
    heartbeat->birth = get_birth(r);
    get_token_or_none(r, &heartbeat->own);
    heartbeat->rtt_us = get_u32(r);
    heartbeat->registering = get_bool(r);
    heartbeat->question = get_bool(r);
    heartbeat->nonce = get_u64(r);
}

static void encode_ack(struct writer *w, const struct wire_message *m) {
    const struct wire_ack *ack = &m->ack;

    put_epoch(w, ack->epoch);
    put_u32(w, ack->exchange);
    put_age(w, ack->sent);
    put_age(w, ack->timestamp);
    put_u32(w, ack->promise);
    put_u32(w, ack->detect);
    put_u32(w, ack->heartbeat);
    put_u32(w, ack->floor);
    put_u64(w, ack->timeline);
    put_birth(w, ack->cluster_time);
    put_bool(w, ack->has_birth);
    put_birth(w, ack->birth);
    put_u32_in(w, ack->count, 1, WIRE_MEMBERS_MAX);
    put_u32(w, ack->table_version);
    put_u32(w, ack->next_slot);
    put_u64(w, ack->nonce);
}

static void decode_ack(struct reader *r, struct wire_message *m) {
    struct wire_ack *ack = &m->ack;

    ack->epoch = get_epoch(r);
    ack->exchange = get_u32(r);
    ack->sent = get_age(r);
    ack->timestamp = get_age(r);
    ack->promise = get_u32(r);
    ack->detect = get_u32(r);
    ack->heartbeat = get_u32(r);
    ack->floor = get_u32(r);
    ack->timeline = get_u64(r);
    ack->cluster_time = get_birth(r);
    ack->has_birth = get_bool(r);
    ack->birth = get_birth(r);
    ack->count = get_u32_in(r, 1, WIRE_MEMBERS_MAX);
    ack->table_version = get_u32(r);
    ack->next_slot = get_u32(r);
    ack->nonce = get_u64(r);
}

static void encode_redirect(struct writer *w, const struct wire_message *m) {
    put_token(w, &m->redirect.leader);
    put_address(w, &m->redirect.address);
}

static void decode_redirect(struct reader *r, struct wire_message *m) {
    get_token(r, &m->redirect.leader);
    get_address(r, &m->redirect.address);
}

static void encode_suspect(struct writer *w, const struct wire_message *m) {
    put_token(w, &m->suspect.leader);
    put_u64(w, m->suspect.nonce);
    put_u32(w, m->suspect.silent_ms);
}

static void decode_suspect(struct reader *r, struct wire_message *m) {
    get_token(r, &m->suspect.leader);
    m->suspect.nonce = get_u64(r);
    m->suspect.silent_ms = get_u32(r);
}

static void encode_vouch(struct writer *w, const struct wire_message *m) {
    put_token(w, &m->vouch.leader);
    put_u64(w, m->vouch.nonce);
}

static void decode_vouch(struct reader *r, struct wire_message *m) {
    get_token(r, &m->vouch.leader);
    m->vouch.nonce = get_u64(r);
}

static void encode_resign(struct writer *w, const struct wire_message *m) {
    put_epoch(w, m->resign.epoch);
    put_id_or_none(w, &m->resign.successor);
    put_birth(w, m->resign.birth);
    put_bool(w, m->resign.released);
}

static void decode_resign(struct reader *r, struct wire_message *m) {
    m->resign.epoch = get_epoch(r);
    get_id_or_none(r, &m->resign.successor);
    m->resign.birth = get_birth(r);
    m->resign.released = get_bool(r);
}

static void encode_farewell(struct writer *w, const struct wire_message *m) {
    put_token(w, &m->farewell.leader);
    put_bool(w, m->farewell.released);
}

static void decode_farewell(struct reader *r, struct wire_message *m) {
    get_token(r, &m->farewell.leader);
    m->farewell.released = get_bool(r);
}

static void encode_merge_request(struct writer *w, const struct wire_message *m) {
    const struct wire_merge_request *request = &m->merge_request;

    put_epoch(w, request->epoch);
    put_key(w, &request->key);
    put_age(w, request->age);
    put_u32(w, request->since_ms);
    put_bool(w, request->followed);
    put_u64(w, request->nonce);
}

static void decode_merge_request(struct reader *r, struct wire_message *m) {
    struct wire_merge_request *request = &m->merge_request;

    request->epoch = get_epoch(r);
    get_key(r, &request->key);
    request->age = get_age(r);
    request->since_ms = get_u32(r);
    request->followed = get_bool(r);
    request->nonce = get_u64(r);
}

static void encode_merge_reply(struct writer *w, const struct wire_message *m) {
    put_u64(w, m->merge_reply.nonce);
    put_u8_in(w, m->merge_reply.verdict, WIRE_KEEP_ME, WIRE_WAIT);
    put_epoch(w, m->merge_reply.epoch);
    put_u32(w, m->merge_reply.since_ms);
}

static void decode_merge_reply(struct reader *r, struct wire_message *m) {
    m->merge_reply.nonce = get_u64(r);
    m->merge_reply.verdict = get_u8_in(r, WIRE_KEEP_ME, WIRE_WAIT);
    m->merge_reply.epoch = get_epoch(r);
    m->merge_reply.since_ms = get_u32(r);
}

static void encode_handover_request(struct writer *w, const struct wire_message *m) {
    put_epoch(w, m->handover_request.epoch);
    put_key(w, &m->handover_request.key);
}

static void decode_handover_request(struct reader *r, struct wire_message *m) {
    m->handover_request.epoch = get_epoch(r);
    get_key(r, &m->handover_request.key);
}

static void encode_page(struct writer *w, const struct wire_message *m) {
    put_u32(w, m->page.version);
    put_u32_in(w, m->page.index, 0, WIRE_MEMBERS_MAX);
}

static void decode_page(struct reader *r, struct wire_message *m) {
    m->page.version = get_u32(r);
    m->page.index = get_u32_in(r, 0, WIRE_MEMBERS_MAX);
}

static void encode_record(struct writer *w, const struct wire_record *record) {
    put_id(w, &record->id);
    put_u32(w, record->incarnation);
    put_birth(w, record->birth);
    put_address_or_none(w, &record->address);
    put_u32(w, record->last_seen_ms);
    put_u32(w, record->rtt_us);
    put_name(w, record->facts.name);
    put_u16(w, record->facts.priority);
    put_bool(w, record->facts.eligible);
    put_tags(w, record->facts.tags);
}

static void decode_record(struct reader *r, struct wire_record *record) {
    get_id(r, &record->id);
    record->incarnation = get_u32(r);
    record->birth = get_birth(r);
    get_address_or_none(r, &record->address);
    record->last_seen_ms = get_u32(r);
    record->rtt_us = get_u32(r);
    get_name(r, record->facts.name);
    record->facts.priority = get_u16(r);
    record->facts.eligible = get_bool(r);
    get_tags(r, record->facts.tags);
}

/* Bytes of a record on the wire: id 16, incarnation 4, birth 8, address 19, last seen 4, round trip 4, lengths 3,
 * priority 2, eligible 1, and the texts. */
static size_t record_size(const struct wire_record *record) {
    const struct node_facts *facts = &record->facts;

    return 61 + put_text_length(facts->name, NODE_NAME_MAX) + put_text_length(facts->tags, TAGS_MAX);
}

static uint8_t records_that_fit(const struct wire_page_reply *reply, size_t room) {
    uint8_t count = 0;

    while (count < reply->count && record_size(&reply->records[count]) <= room)
        room -= record_size(&reply->records[count++]);
    return count;
}

/* The records of a page are within the table that they are taken from. */
static bool page_is_sound(const struct wire_page_reply *reply) {
    return reply->count == 0 || (uint64_t)reply->index + reply->count <= reply->total;
}

static void encode_page_reply(struct writer *w, const struct wire_message *m) {
    const struct wire_page_reply *reply = &m->page_reply;

    put_require(w, reply->count <= WIRE_PAGE_MAX && page_is_sound(reply));
    put_u32(w, reply->version);
    put_u32_in(w, reply->index, 0, WIRE_MEMBERS_MAX);
    put_u32_in(w, reply->total, 0, WIRE_MEMBERS_MAX);
    if (w->failed)
        return;
    uint8_t count = records_that_fit(reply, put_room(w) - 1 - (m->paused != 0 ? TAIL_PAUSED_SIZE : 0));
    put_u8(w, count);
    for (unsigned i = 0; i < count; i++)
        encode_record(w, &reply->records[i]);
}

static void decode_page_reply(struct reader *r, struct wire_message *m) {
    struct wire_page_reply *reply = &m->page_reply;

    reply->version = get_u32(r);
    reply->index = get_u32_in(r, 0, WIRE_MEMBERS_MAX);
    reply->total = get_u32_in(r, 0, WIRE_MEMBERS_MAX);
    reply->count = get_u8_in(r, 0, WIRE_PAGE_MAX);
    get_require(r, page_is_sound(reply));
    for (unsigned i = 0; i < reply->count && r->error == WIRE_OK; i++)
        decode_record(r, &reply->records[i]);
}

static void encode_clone(struct writer *w, const struct wire_message *m) {
    put_age(w, m->clone.age);
    put_u64(w, m->clone.heard_nonce);
}

static void decode_clone(struct reader *r, struct wire_message *m) {
    m->clone.age = get_age(r);
    m->clone.heard_nonce = get_u64(r);
}

static void encode_challenge(struct writer *w, const struct wire_message *m) {
    put_u64(w, m->challenge.asked);
    put_u64(w, m->challenge.answered);
    put_u64(w, m->challenge.before);
}

static void decode_challenge(struct reader *r, struct wire_message *m) {
    m->challenge.asked = get_u64(r);
    m->challenge.answered = get_u64(r);
    m->challenge.before = get_u64(r);
}

static void encode_stale(struct writer *w, const struct wire_message *m) {
    put_u32(w, m->stale.incarnation);
    put_u64(w, m->stale.seq);
}

static void decode_stale(struct reader *r, struct wire_message *m) {
    m->stale.incarnation = get_u32(r);
    m->stale.seq = get_u64(r);
}

static const struct body bodies[WIRE_TYPE_END] = {
    [WIRE_ANNOUNCE] = { "Announce", encode_announce, decode_announce, HAS_NAME, 0 },
    [WIRE_ELECTION] = { "Election", encode_election, decode_election, HAS_ROSTER, 0 },
    [WIRE_LEADER_ELECTED] = { "LeaderElected", encode_leader_elected, decode_leader_elected, 0, 0 },
    [WIRE_LEADER] = { "Leader", encode_leader, decode_leader, HAS_NAME | HAS_ROSTER | HAS_SUCCESSORS | HAS_TAGS, 0 },
    [WIRE_HEARTBEAT] = { "Heartbeat", encode_heartbeat, decode_heartbeat,
                         HAS_REGISTRATION | HAS_STRANGER | HAS_PAUSED | HAS_COOKIE, 0 },
    [WIRE_ACK] = { "Ack", encode_ack, decode_ack, HAS_NAME | HAS_ROSTER | HAS_SUCCESSORS | HAS_TAGS | HAS_COOKIE, 0 },
    [WIRE_REDIRECT] = { "Redirect", encode_redirect, decode_redirect, 0, 0 },
    [WIRE_SUSPECT] = { "Suspect", encode_suspect, decode_suspect, 0, 0 },
    [WIRE_VOUCH] = { "Vouch", encode_vouch, decode_vouch, 0, 0 },
    [WIRE_RESIGN] = { "Resign", encode_resign, decode_resign, 0, 0 },
    [WIRE_FAREWELL] = { "Farewell", encode_farewell, decode_farewell, 0, 0 },
    [WIRE_MERGE_REQUEST] = { "MergeRequest", encode_merge_request, decode_merge_request, 0, 0 },
    [WIRE_MERGE_REPLY] = { "MergeReply", encode_merge_reply, decode_merge_reply, 0, 0 },
    [WIRE_HANDOVER_REQUEST] = { "HandoverRequest", encode_handover_request, decode_handover_request, 0, 0 },
    [WIRE_PAGE] = { "Page", encode_page, decode_page, HAS_COOKIE, PAGE_SIZE_MIN },
    [WIRE_PAGE_REPLY] = { "PageReply", encode_page_reply, decode_page_reply, HAS_PAUSED, 0 },
    [WIRE_CLONE] = { "Clone", encode_clone, decode_clone, 0, 0 },
    [WIRE_CHALLENGE] = { "Challenge", encode_challenge, decode_challenge, 0, 0 },
    [WIRE_STALE] = { "Stale", encode_stale, decode_stale, 0, 0 },
};

const struct body *body_of_type(unsigned type) {
    return type < ARRAY_SIZE(bodies) && bodies[type].name != NULL ? &bodies[type] : NULL;
}
