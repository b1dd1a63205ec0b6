/* SPDX-License-Identifier: ISC
 *
 * tail.c - the TLVs: one encoder and one decoder for each type, and the loop over them.
 */
#include "wire/tail.h"

#include "base/util.h"

enum {
    TLV_HEADER_SIZE = 3,
    SUCCESSOR_SIZE = 46, /* id 16, birth 8, priority 2, eligible 1, address 19 */
    ID_SIZE = 16,
};

static void encode_name(struct writer *w, const struct wire_message *m) {
    put_text(w, m->name, NODE_NAME_MAX);
}

/* An empty name is not sent, hence not accepted. */
static void decode_name(struct reader *r, struct wire_message *m) {
    size_t length = get_left(r);

    get_require(r, length >= 1 && length <= NODE_NAME_MAX);
    get_text(r, m->name, length);
}

static void encode_successor(struct writer *w, const struct wire_successor *successor) {
    put_id(w, &successor->id);
    put_birth(w, successor->birth);
    put_u16(w, successor->priority);
    put_bool(w, successor->eligible);
    put_address(w, &successor->address);
}

static void decode_successor(struct reader *r, struct wire_successor *successor) {
    get_id(r, &successor->id);
    successor->birth = get_birth(r);
    successor->priority = get_u16(r);
    successor->eligible = get_bool(r);
    get_address(r, &successor->address);
}

/* How many fit behind a head of that many bytes. */
static size_t successors_that_fit(const struct writer *w, size_t head) {
    return put_room(w) < head ? 0 : (put_room(w) - head) / SUCCESSOR_SIZE;
}

static void encode_successors(struct writer *w, const struct wire_message *m) {
    put_require(w, m->successors.count <= SUCCESSORS_MAX);
    uint8_t count = (uint8_t)min_i64(m->successors.count, (int64_t)successors_that_fit(w, 1));

    put_u8(w, count);
    for (unsigned i = 0; i < count; i++)
        encode_successor(w, &m->successors.list[i]);
}

static void decode_successors(struct reader *r, struct wire_message *m) {
    m->has_successors = true;
    m->successors.count = get_u8_in(r, 0, SUCCESSORS_MAX);
    for (unsigned i = 0; i < m->successors.count; i++)
        decode_successor(r, &m->successors.list[i]);
}

/* The number of seats is told by the length. */
static void encode_roster(struct writer *w, const struct wire_message *m) {
    const struct wire_roster *roster = &m->roster;

    put_epoch_or_none(w, roster->epoch);
    put_u32(w, roster->change);
    put_u8_in(w, roster->expect, 1, ROSTER_MAX);
    put_require(w, roster->count >= 1 && roster->count <= roster->expect);
    for (unsigned i = 0; i < roster->count && !w->failed; i++) {
        put_require(w, i == 0 || node_id_compare(&roster->ids[i - 1], &roster->ids[i]) < 0);
        put_id(w, &roster->ids[i]);
    }
}

static void decode_roster(struct reader *r, struct wire_message *m) {
    struct wire_roster *roster = &m->roster;

    m->has_roster = true;
    roster->epoch = get_epoch_or_none(r);
    roster->change = get_u32(r);
    roster->expect = get_u8_in(r, 1, ROSTER_MAX);
    size_t seats = get_left(r) / ID_SIZE;
    get_require(r, seats >= 1 && seats <= roster->expect);
    for (; roster->count < seats && r->error == WIRE_OK; roster->count++) {
        get_id(r, &roster->ids[roster->count]);
        get_require(r, roster->count == 0 || node_id_compare(&roster->ids[roster->count - 1],
                                                             &roster->ids[roster->count]) < 0);
    }
}

static void encode_registration(struct writer *w, const struct wire_message *m) {
    const struct node_facts *facts = &m->registration.facts;

    put_name(w, facts->name);
    put_u16(w, facts->priority);
    put_bool(w, facts->eligible);
    put_u16(w, m->registration.port);
    put_tags(w, facts->tags);
}

static void decode_registration(struct reader *r, struct wire_message *m) {
    struct node_facts *facts = &m->registration.facts;

    m->has_registration = true;
    get_name(r, facts->name);
    facts->priority = get_u16(r);
    facts->eligible = get_bool(r);
    m->registration.port = get_u16(r);
    get_tags(r, facts->tags);
}

static void encode_stranger(struct writer *w, const struct wire_message *m) {
    put_token(w, &m->stranger.token);
    put_address(w, &m->stranger.address);
}

static void decode_stranger(struct reader *r, struct wire_message *m) {
    m->has_stranger = true;
    get_token(r, &m->stranger.token);
    get_address(r, &m->stranger.address);
}

static void encode_paused(struct writer *w, const struct wire_message *m) {
    put_u16(w, m->paused);
}

static void decode_paused(struct reader *r, struct wire_message *m) {
    m->paused = get_u16(r);
}

static void encode_tags(struct writer *w, const struct wire_message *m) {
    put_text(w, m->tags, TAGS_MAX);
}

/* Nor are no tags. */
static void decode_tags(struct reader *r, struct wire_message *m) {
    size_t length = get_left(r);

    get_require(r, length >= 1 && length <= TAGS_MAX);
    get_text(r, m->tags, length);
}

static void encode_cookie(struct writer *w, const struct wire_message *m) {
    put_u64(w, m->cookie);
}

/* Nor is 0. */
static void decode_cookie(struct reader *r, struct wire_message *m) {
    m->cookie = get_u64(r);
    get_require(r, m->cookie != 0);
}

static const struct tlv {
    void (*encode)(struct writer *w, const struct wire_message *m);
    void (*decode)(struct reader *r, struct wire_message *m);
} tlvs[TAIL_TYPE_END] = {
    [TAIL_NAME] = { encode_name, decode_name },
    [TAIL_ROSTER] = { encode_roster, decode_roster },
    [TAIL_REGISTRATION] = { encode_registration, decode_registration },
    [TAIL_STRANGER] = { encode_stranger, decode_stranger },
    [TAIL_SUCCESSORS] = { encode_successors, decode_successors },
    [TAIL_PAUSED] = { encode_paused, decode_paused },
    [TAIL_TAGS] = { encode_tags, decode_tags },
    [TAIL_COOKIE] = { encode_cookie, decode_cookie },
};

static void encode_tlv(struct writer *w, const struct wire_message *m, unsigned type) {
    size_t offset = put_length(w);

    put_u8(w, (uint8_t)type);
    put_u16(w, 0);
    tlvs[type].encode(w, m);
    put_u16_at(w, offset + 1, (uint16_t)(put_length(w) - offset - TLV_HEADER_SIZE));
}

static unsigned present_in(const struct wire_message *m) {
    return (m->name[0] != '\0' ? HAS_NAME : 0) | (m->has_roster ? HAS_ROSTER : 0) |
        (m->has_registration ? HAS_REGISTRATION : 0) | (m->has_stranger ? HAS_STRANGER : 0) |
        (m->has_successors ? HAS_SUCCESSORS : 0) | (m->paused != 0 ? HAS_PAUSED : 0) |
        (m->tags[0] != '\0' ? HAS_TAGS : 0) | (m->cookie != 0 ? HAS_COOKIE : 0);
}

void tail_encode(struct writer *w, const struct wire_message *message, unsigned carries) {
    unsigned present = present_in(message);

    put_require(w, (present & ~carries) == 0);
    for (unsigned type = 1; type < TAIL_TYPE_END; type++)
        if ((present & ~HAS_SUCCESSORS & 1u << type) != 0)
            encode_tlv(w, message, type);
    bool empty = message->successors.count == 0;
    if ((present & HAS_SUCCESSORS) != 0 && (empty || successors_that_fit(w, TLV_HEADER_SIZE + 1) > 0))
        encode_tlv(w, message, TAIL_SUCCESSORS);
}

void tail_pad(struct writer *w, size_t length) {
    size_t used = put_length(w), least = used + TLV_HEADER_SIZE;
    size_t zeros = length > least ? length - least : 0;

    if (used >= length)
        return;
    put_u8(w, TAIL_PADDING);
    put_u16(w, (uint16_t)zeros);
    put_zeros(w, zeros);
}

/* The content of a TLV must be all that its type has, no more and no less: both are lengths out of range. */
static void decode_content(struct reader *r, struct reader content, unsigned type, struct wire_message *m) {
    tlvs[type].decode(&content, m);
    get_require(r, content.error == WIRE_OK && get_left(&content) == 0);
}

void tail_decode(struct reader *r, struct wire_message *message, unsigned carries) {
    unsigned seen = 0;

    while (get_left(r) > 0) {
        if (get_left(r) < TLV_HEADER_SIZE)
            get_refuse(r, WIRE_TAIL);
        unsigned type = get_u8(r);
        size_t length = get_u16(r);
        if (get_left(r) < length)
            get_refuse(r, WIRE_TAIL);
        struct reader content = get_part(r, length);
        if (type >= TAIL_TYPE_END)
            continue;
        if ((seen & 1u << type) != 0)
            get_refuse(r, WIRE_TAIL);
        seen |= 1u << type;
        if (r->error == WIRE_OK && (carries & 1u << type) != 0)
            decode_content(r, content, type, message);
    }
}
