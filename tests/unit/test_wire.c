/* SPDX-License-Identifier: ISC
 *
 * test_wire.c - the codec: golden vectors both ways, every limit in both directions, and datagrams cut, mangled or
 * foreign.
 *
 * The property "refused, or survives a round trip" is the fuzz target's; it is called here with bits flipped.
 */
#include "base/util.h"
#include "fuzz/fuzz.h"
#include "unit/golden.h"
#include "wire/tail.h"
#include "wire/wire.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_SIZE = 54, /* of a multicast to "default" */
    NONCE_SIZE = 8, /* more in a unicast */
    SUCCESSOR_SIZE = 46,
};

struct datagram {
    uint8_t bytes[2 * WIRE_DATAGRAM_MAX];
    size_t size;
};

static const struct golden *golden_named(const char *name) {
    for (unsigned i = 0; i < golden_count; i++)
        if (strcmp(golden_vectors[i].name, name) == 0)
            return &golden_vectors[i];
    ck_abort_msg("no golden vector \"%s\"", name);
    return NULL;
}

static struct datagram datagram_of(const struct golden *golden) {
    struct datagram datagram;

    datagram.size = golden_bytes(golden->hex, datagram.bytes);
    return datagram;
}

static size_t body_of(const struct golden *golden) {
    return HEADER_SIZE + ((golden->message.header.flags & WIRE_FLAG_UNICAST) != 0 ? NONCE_SIZE : 0);
}

/* Overwrites bytes from `offset` on. */
static void patch(struct datagram *datagram, size_t offset, const char *hex) {
    uint8_t bytes[WIRE_DATAGRAM_MAX];
    size_t size = golden_bytes(hex, bytes);

    ck_assert_uint_le(offset + size, datagram->size);
    memcpy(datagram->bytes + offset, bytes, size);
}

/* Inserts bytes before the MAC. */
static void append(struct datagram *datagram, const char *hex) {
    uint8_t *mac = datagram->bytes + datagram->size - WIRE_MAC_SIZE;
    uint8_t bytes[WIRE_DATAGRAM_MAX];
    size_t size = golden_bytes(hex, bytes);

    memmove(mac + size, mac, WIRE_MAC_SIZE);
    memcpy(mac, bytes, size);
    datagram->size += size;
}

static enum wire_error decode(const struct datagram *datagram, struct wire_message *message) {
    return wire_decode(datagram->bytes, datagram->size, message);
}

static const char *verdict(const struct datagram *datagram) {
    struct wire_message message;

    return wire_error_name(decode(datagram, &message));
}

/* Both are filled with zeros before their fields are set, so that all bytes can be compared. */
static bool same(const struct wire_message *a, const struct wire_message *b) {
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* ---- golden vectors */

START_TEST(encodes_to_the_golden_bytes) {
    const struct golden *golden = &golden_vectors[_i];
    struct datagram expected = datagram_of(golden);
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    size_t size = wire_encode(&golden->message, buffer);
    ck_assert_msg(size == expected.size, "%s: %zu bytes, not %zu", golden->name, size, expected.size);
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(buffer[i] == expected.bytes[i], "%s: byte %zu is %02x, not %02x", golden->name, i, buffer[i],
            expected.bytes[i]);
}
END_TEST

START_TEST(decodes_the_golden_bytes) {
    const struct golden *golden = &golden_vectors[_i];
    struct datagram datagram = datagram_of(golden);
    struct wire_message message;

    memset(&message, 0xff, sizeof(message));
    ck_assert_str_eq(verdict(&datagram), "ok");
    ck_assert_int_eq(decode(&datagram, &message), WIRE_OK);
    ck_assert_msg(same(&message, &golden->message), "%s: another message", golden->name);
}
END_TEST

START_TEST(every_type_has_a_golden_vector_and_a_name) {
    for (unsigned type = 1; type < WIRE_TYPE_END; type++) {
        unsigned found = 0;

        for (unsigned i = 0; i < golden_count; i++)
            found += golden_vectors[i].message.header.type == type;
        ck_assert_msg(found > 0, "type %u has no golden vector", type);
        ck_assert_str_ne(wire_type_name(type), "?");
    }
    ck_assert_str_eq(wire_type_name(WIRE_HEARTBEAT), "Heartbeat");
    ck_assert_str_eq(wire_type_name(0), "?");
    ck_assert_str_eq(wire_type_name(WIRE_TYPE_END), "?");
    ck_assert_str_eq(wire_type_name(UINT32_MAX), "?");
}
END_TEST

START_TEST(errors_have_names_of_their_own) {
    for (int i = 0; i < WIRE_ERROR_END; i++)
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(wire_error_name((enum wire_error)i), wire_error_name((enum wire_error)j));
    ck_assert_str_eq(wire_error_name(WIRE_ERROR_END), "?");
}
END_TEST

/* ---- the longest message of each type */

static void fill_text(char *text, size_t length) {
    memset(text, 'x', length);
    text[length] = '\0';
}

static void fill_facts(struct node_facts *facts) {
    fill_text(facts->name, NODE_NAME_MAX);
    fill_text(facts->tags, TAGS_MAX);
}

static void fill_successors(struct wire_message *message) {
    message->has_successors = true;
    message->successors.count = SUCCESSORS_MAX;
    for (unsigned i = 0; i < SUCCESSORS_MAX; i++) {
        message->successors.list[i].id.bytes[0] = (uint8_t)(i + 1);
        message->successors.list[i].address.family = 4;
    }
}

static void fill_roster(struct wire_message *message) {
    message->has_roster = true;
    message->roster.expect = ROSTER_MAX;
    message->roster.count = ROSTER_MAX;
    for (unsigned i = 0; i < ROSTER_MAX; i++)
        message->roster.ids[i].bytes[0] = (uint8_t)(i + 1);
}

/* The golden message with the longest header. */
static struct wire_message widest(const char *name) {
    struct wire_message message = golden_named(name)->message;

    message.header.flags = WIRE_FLAG_UNICAST | WIRE_FLAG_SEALED;
    fill_text(message.header.cluster, CLUSTER_NAME_MAX);
    return message;
}

/* Encodes, expects that length, and that all of it comes back. */
static void assert_size(const struct wire_message *message, size_t expected) {
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message back;
    size_t size = wire_encode(message, buffer);

    ck_assert_msg(size == expected, "%s: %zu bytes, not %zu", wire_type_name(message->header.type), size, expected);
    ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
    ck_assert(same(message, &back));
}

START_TEST(the_longest_leader_fits) {
    struct wire_message message = widest("Leader alone");

    fill_successors(&message);
    fill_roster(&message);
    fill_text(message.name, NODE_NAME_MAX);
    assert_size(&message, 1195);
}
END_TEST

/* 13 are left with the longest of all, and with names and tags of usual length all 16. */
START_TEST(successors_give_way_to_tags) {
    struct wire_message message = widest("Leader alone");
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message back;

    fill_successors(&message);
    fill_text(message.name, NODE_NAME_MAX);
    fill_text(message.tags, TAGS_MAX);
    size_t size = wire_encode(&message, buffer);
    ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
    ck_assert_uint_eq(back.successors.count, 13);
    ck_assert_str_eq(back.tags, message.tags);
    ck_assert_str_eq(back.name, message.name);
    message = widest("Leader alone");
    fill_successors(&message);
    fill_text(message.name, 20);
    fill_text(message.tags, 100);
    assert_size(&message, 1095);
}
END_TEST

START_TEST(the_longest_ack_fits) {
    struct wire_message message = widest("Ack to a member");

    fill_successors(&message);
    fill_roster(&message);
    fill_text(message.name, NODE_NAME_MAX);
    message.cookie = 1;
    assert_size(&message, 1193);
}
END_TEST

START_TEST(the_longest_heartbeat_fits) {
    struct wire_message message = widest("Heartbeat that registers and tells of a stranger");

    fill_facts(&message.registration.facts);
    message.paused = 1;
    message.cookie = 1;
    assert_size(&message, 623);
}
END_TEST

START_TEST(the_longest_announce_and_election_fit) {
    struct wire_message announce = widest("Announce with a name"), election = widest("Election after a death");

    fill_text(announce.name, NODE_NAME_MAX);
    assert_size(&announce, 233);
    fill_roster(&election);
    assert_size(&election, 378);
}
END_TEST

START_TEST(every_other_type_fits_with_the_longest_header) {
    for (unsigned i = 0; i < golden_count; i++) {
        struct wire_message message = widest(golden_vectors[i].name);
        uint8_t buffer[WIRE_DATAGRAM_MAX];

        ck_assert_uint_gt(wire_encode(&message, buffer), 0);
    }
}
END_TEST

START_TEST(a_page_has_400_bytes_whatever_its_header) {
    struct wire_message message = widest("Page");

    assert_size(&message, 400);
    message.header = golden_named("Page")->message.header;
    assert_size(&message, 400);
}
END_TEST

START_TEST(an_unpadded_page_is_short) {
    struct datagram datagram = datagram_of(golden_named("Page"));

    datagram.size--;
    ck_assert_str_eq(verdict(&datagram), "short");
    datagram.size = body_of(golden_named("Page")) + 8 + WIRE_MAC_SIZE;
    memset(datagram.bytes + datagram.size - WIRE_MAC_SIZE, 0, WIRE_MAC_SIZE);
    ck_assert_str_eq(verdict(&datagram), "short");
}
END_TEST

/* ---- what gives way */

static struct wire_message long_page_reply(void) {
    struct wire_message message = widest("PageReply");
    struct wire_page_reply *reply = &message.page_reply;

    reply->total = 100;
    reply->count = WIRE_PAGE_MAX;
    for (unsigned i = 0; i < WIRE_PAGE_MAX; i++) {
        memset(&reply->records[i], 0, sizeof(reply->records[i]));
        reply->records[i].id.bytes[0] = (uint8_t)(i + 1);
        fill_text(reply->records[i].facts.name, 10);
        fill_text(reply->records[i].facts.tags, 16);
    }
    return message;
}

/* 1,200 - header and MAC 127 - 13 leave 1,060: 12 records of 61 + 26, and 2 of the longest, which have 380. */
START_TEST(page_records_at_the_end_give_way) {
    struct wire_message message = long_page_reply();
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message back;

    assert_size(&message, 1184);
    for (unsigned i = 0; i < WIRE_PAGE_MAX; i++)
        fill_facts(&message.page_reply.records[i].facts);
    size_t size = wire_encode(&message, buffer);
    ck_assert_uint_eq(size, 900);
    ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
    ck_assert_uint_eq(back.page_reply.count, 2);
    ck_assert_uint_eq(back.page_reply.total, 100);
    ck_assert_mem_eq(&back.page_reply.records[1], &message.page_reply.records[1], sizeof(struct wire_record));
}
END_TEST

/* Sets the tags of the last record so that all 12 have `size` bytes; returns how many records are written. */
static unsigned records_in(size_t size, uint16_t paused) {
    struct wire_message message = long_page_reply(), back;
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    message.paused = paused;
    fill_text(message.page_reply.records[WIRE_PAGE_MAX - 1].facts.tags, size - WIRE_PAGE_MAX * (61 + 26) + 16);
    size_t length = wire_encode(&message, buffer);
    ck_assert_int_eq(wire_decode(buffer, length, &back), WIRE_OK);
    ck_assert_uint_eq(back.paused, paused);
    return back.page_reply.count;
}

START_TEST(page_records_fill_the_last_byte) {
    ck_assert_uint_eq(records_in(1060, 0), 12);
    ck_assert_uint_eq(records_in(1061, 0), 11);
    ck_assert_uint_eq(records_in(1055, 1), 12);
    ck_assert_uint_eq(records_in(1056, 1), 11);
}
END_TEST

/* What was there stays, and is decoded as before. No TLV is shorter than three bytes. */
START_TEST(padding_makes_a_datagram_long_enough) {
    struct datagram plain = datagram_of(golden_named("Announce with a name")), padded;
    struct wire_message before, after;

    ck_assert_int_eq(wire_decode(plain.bytes, plain.size, &before), WIRE_OK);
    for (size_t least = 0; least <= WIRE_DATAGRAM_MAX; least++) {
        padded = plain;
        padded.size = wire_pad(padded.bytes, plain.size, least);
        ck_assert_uint_ge(padded.size, least);
        ck_assert_uint_le(padded.size, plain.size < least ? least + 2 : plain.size);
        ck_assert_mem_eq(padded.bytes, plain.bytes, plain.size - WIRE_MAC_SIZE);
        ck_assert_int_eq(wire_decode(padded.bytes, padded.size, &after), WIRE_OK);
        ck_assert_mem_eq(&after.announce, &before.announce, sizeof(before.announce));
    }
    padded = plain;
    ck_assert_uint_eq(wire_pad(padded.bytes, plain.size, WIRE_DATAGRAM_MAX + 1), plain.size);
}
END_TEST

/* What is left is as long as the headers say. */
START_TEST(what_is_shortened_has_its_size_and_its_roster) {
    static const struct {
        const char *golden;
        size_t size;
    } kinds[] = { { "Leader alone", WIRE_LEADER_SIZE }, { "Ack to a member", WIRE_ACK_SIZE } };
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct wire_message message = golden_named(kinds[i].golden)->message;
        size_t cluster = strlen(message.header.cluster);

        message.header.flags = WIRE_FLAG_UNICAST;
        message.cookie = message.header.type == WIRE_ACK;
        fill_successors(&message);
        fill_text(message.name, NODE_NAME_MAX);
        fill_text(message.tags, TAGS_MAX);
        wire_shorten(&message);
        ck_assert_uint_eq(wire_encode(&message, buffer), kinds[i].size + cluster);
        fill_roster(&message);
        wire_shorten(&message);
        ck_assert_uint_eq(wire_encode(&message, buffer), kinds[i].size + WIRE_ROSTER_SIZE + cluster);
        if (message.header.type == WIRE_ACK) {
            ck_assert(!message.ack.has_birth);
            ck_assert_uint_eq(message.ack.next_slot, 0);
        }
    }
}
END_TEST

/* Writes the TLVs of a Leader with 16 successors into that much room; returns how many came out, -1 for no TLV. */
static int successors_in(size_t room) {
    struct wire_message message = { .header.type = WIRE_LEADER }, back = { .has_successors = false };
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct writer w;
    struct reader r;

    fill_successors(&message);
    put_begin(&w, buffer, room);
    tail_encode(&w, &message, HAS_SUCCESSORS);
    ck_assert(!w.failed);
    get_begin(&r, buffer, put_length(&w));
    tail_decode(&r, &back, HAS_SUCCESSORS);
    ck_assert_int_eq(r.error, WIRE_OK);
    ck_assert_mem_eq(back.successors.list, message.successors.list,
        back.successors.count * sizeof(struct wire_successor));
    return back.has_successors ? back.successors.count : -1;
}

START_TEST(the_least_senior_successors_give_way) {
    size_t head = 4;

    ck_assert_int_eq(successors_in(head + 16 * SUCCESSOR_SIZE), 16);
    ck_assert_int_eq(successors_in(head + 16 * SUCCESSOR_SIZE - 1), 15);
    ck_assert_int_eq(successors_in(head + 3 * SUCCESSOR_SIZE), 3);
    ck_assert_int_eq(successors_in(head + SUCCESSOR_SIZE), 1);
    ck_assert_int_eq(successors_in(head + SUCCESSOR_SIZE - 1), -1);
    ck_assert_int_eq(successors_in(0), -1);
}
END_TEST

/* ---- reader and writer by themselves */

START_TEST(the_writer_stops_at_its_end) {
    uint8_t buffer[8] = { 0 };
    struct writer w;

    put_begin(&w, buffer, 7);
    put_u32(&w, 0x01020304);
    put_u16(&w, 0x0506);
    ck_assert_uint_eq(put_room(&w), 1);
    put_u16(&w, 0xffff);
    ck_assert(w.failed);
    ck_assert_uint_eq(put_room(&w), 0);
    put_u8(&w, 0xff); /* would fit, but comes after the failure */
    put_u16_at(&w, 0, 0xffff);
    ck_assert_uint_eq(put_length(&w), 6);
    ck_assert_mem_eq(buffer, "\1\2\3\4\5\6\0\0", 8);
}
END_TEST

START_TEST(the_writer_pads_to_a_length) {
    uint8_t buffer[16];
    struct writer w;

    memset(buffer, 0xee, sizeof(buffer));
    put_begin(&w, buffer, sizeof(buffer));
    put_u8(&w, 1);
    tail_pad(&w, 1);
    ck_assert_uint_eq(put_length(&w), 1);
    tail_pad(&w, 3); /* no TLV is that short */
    ck_assert_uint_eq(put_length(&w), 4);
    tail_pad(&w, 4);
    ck_assert_uint_eq(put_length(&w), 4);
    tail_pad(&w, 9);
    ck_assert_uint_eq(put_length(&w), 9);
    ck_assert_mem_eq(buffer, "\1\6\0\0\6\0\2\0\0\xee", 10);
    tail_pad(&w, sizeof(buffer) + 1);
    ck_assert(w.failed);
}
END_TEST

START_TEST(the_reader_stops_at_its_end) {
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7 };
    uint8_t to[4] = { 9, 9, 9, 9 };
    struct reader r;

    get_begin(&r, bytes, 6);
    ck_assert_uint_eq(get_u32(&r), 0x01020304);
    ck_assert_uint_eq(get_left(&r), 2);
    get_bytes(&r, to, 3);
    ck_assert_int_eq(r.error, WIRE_SHORT);
    ck_assert_uint_eq(to[0], 9);
    ck_assert_uint_eq(get_left(&r), 0);
    ck_assert_uint_eq(get_u8(&r), 0);
    ck_assert_uint_eq(get_u8_in(&r, 3, 5), 3);
    get_refuse(&r, WIRE_TAIL);
    ck_assert_int_eq(r.error, WIRE_SHORT); /* the first one stays */
}
END_TEST

START_TEST(the_reader_gives_parts_of_itself) {
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6 };
    struct reader r, part;

    get_begin(&r, bytes, 6);
    part = get_last(&r, 2);
    ck_assert_uint_eq(get_u16(&part), 0x0506);
    part = get_part(&r, 3);
    ck_assert_uint_eq(get_left(&r), 1);
    ck_assert_uint_eq(get_u32(&part), 0);
    ck_assert_int_eq(part.error, WIRE_SHORT);
    ck_assert_int_eq(r.error, WIRE_OK);
    part = get_last(&r, 1);
    ck_assert_uint_eq(get_left(&part), 1);
    part = get_last(&r, 1);
    ck_assert_uint_eq(get_left(&part), 0);
    ck_assert_int_eq(r.error, WIRE_SHORT);
}
END_TEST

/* ---- ranges, when writing */

#define FIELD(path) offsetof(struct wire_message, path), sizeof(((struct wire_message *)NULL)->path)

/* The golden message with one field set to a value that must not be sent. */
static const struct bad_field {
    const char *golden;
    size_t offset, size;
    uint64_t value;
} bad_fields[] = {
    { "Announce with a name", FIELD(header.type), 0 },
    { "Announce with a name", FIELD(header.type), WIRE_TYPE_END },
    { "Announce with a name", FIELD(header.flags), 4 },
    { "Announce with a name", FIELD(header.cluster[0]), '\0' },
    { "Announce with a name", FIELD(header.cluster[0]), '/' },
    { "Announce with a name", FIELD(announce.state), 3 },
    { "Announce with a name", FIELD(announce.age), UINT64_MAX },
    { "Announce with a name", FIELD(announce.age), 1ULL << 53 },
    { "Announce with a name", FIELD(announce.leader.epoch), 0 },
    { "Announce with a name", FIELD(name[0]), '\n' },
    { "Announce of a fresh node", FIELD(announce.leader.epoch), 1 },
    { "Announce of a fresh node", FIELD(has_roster), true },
    { "Election after a death", FIELD(election.epoch), 1ULL << 53 },
    { "Election after a death", FIELD(election.epoch), 0 },
    { "Election after a death", FIELD(election.key.birth), (1ULL << 53) + 1 },
    { "Election after a death", FIELD(election.key.birth), -(1ULL << 53) - 1 },
    { "Election after a death", FIELD(election.age), 1ULL << 53 },
    { "Election after a death", FIELD(election.dead.epoch), 1ULL << 53 },
    { "Election after a death", FIELD(election.released), 1ULL << 53 },
    { "Election at bootstrap with a roster", FIELD(roster.epoch), 1ULL << 53 },
    { "Election at bootstrap with a roster", FIELD(roster.expect), 0 },
    { "Election at bootstrap with a roster", FIELD(roster.expect), 10 },
    { "Election at bootstrap with a roster", FIELD(roster.count), 0 },
    { "Election at bootstrap with a roster", FIELD(roster.count), 3 }, /* the third seat is nobody's */
    { "Election at bootstrap with a roster", FIELD(roster.count), 4 },
    { "Election at bootstrap with a roster", FIELD(roster.count), 255 },
    { "LeaderElected", FIELD(leader_elected.epoch), 1ULL << 53 },
    { "LeaderElected", FIELD(leader_elected.epoch), 0 },
    { "LeaderElected", FIELD(leader_elected.own.epoch), 0 },
    { "Leader with all it can carry", FIELD(leader.epoch), 1ULL << 53 },
    { "Leader with all it can carry", FIELD(leader.epoch), 0 },
    { "Leader with all it can carry", FIELD(leader.age), 1ULL << 53 },
    { "Leader with all it can carry", FIELD(leader.cluster_time), (1ULL << 53) + 1 },
    { "Leader with all it can carry", FIELD(leader.count), 0 },
    { "Leader with all it can carry", FIELD(leader.count), (1 << 20) + 1 },
    { "Leader with all it can carry", FIELD(leader.absorbed.epoch), 0 },
    { "Leader with all it can carry", FIELD(successors.count), 3 }, /* the third is nobody */
    { "Leader with all it can carry", FIELD(successors.count), 17 },
    { "Leader with all it can carry", FIELD(successors.count), 255 },
    { "Leader with all it can carry", FIELD(successors.list[1].birth), (1ULL << 53) + 1 },
    { "Leader with all it can carry", FIELD(successors.list[0].address.family), 5 },
    { "Leader with all it can carry", FIELD(successors.list[0].address.bytes[4]), 1 },
    { "Leader with all it can carry", FIELD(has_stranger), true },
    { "Leader with all it can carry", FIELD(has_registration), true },
    { "Heartbeat", FIELD(heartbeat.epoch), 1ULL << 53 },
    { "Heartbeat", FIELD(heartbeat.sent), 1ULL << 53 },
    { "Heartbeat", FIELD(heartbeat.echo), 1ULL << 53 },
    { "Heartbeat", FIELD(heartbeat.roster_epoch), 1ULL << 53 },
    { "Heartbeat", FIELD(heartbeat.age), 1ULL << 53 },
    { "Heartbeat", FIELD(heartbeat.birth), (1ULL << 53) + 1 },
    { "Heartbeat", FIELD(heartbeat.own.epoch), 0 },
    { "Heartbeat", FIELD(has_successors), true },
    { "Heartbeat", FIELD(name[0]), 'x' },
    { "Heartbeat that registers and tells of a stranger", FIELD(registration.facts.name[0]), 0x7f },
    { "Heartbeat that registers and tells of a stranger", FIELD(registration.facts.tags[3]), '\t' },
    { "Heartbeat that registers and tells of a stranger", FIELD(stranger.token.epoch), 0 },
    { "Heartbeat that registers and tells of a stranger", FIELD(stranger.address.family), 1 },
    { "Ack to a member", FIELD(ack.epoch), 1ULL << 53 },
    { "Ack to a member", FIELD(ack.epoch), 0 },
    { "Ack to a member", FIELD(ack.sent), 1ULL << 53 },
    { "Ack to a member", FIELD(ack.timestamp), 1ULL << 53 },
    { "Ack to a member", FIELD(ack.cluster_time), (1ULL << 53) + 1 },
    { "Ack to a member", FIELD(ack.birth), (1ULL << 53) + 1 },
    { "Ack to a member", FIELD(ack.count), 0 },
    { "Redirect", FIELD(redirect.leader.epoch), 0 },
    { "Redirect", FIELD(redirect.address.family), 0 }, /* with bytes */
    { "Suspect", FIELD(suspect.leader.epoch), 1ULL << 53 },
    { "Vouch", FIELD(vouch.leader.epoch), 1ULL << 53 },
    { "Resign", FIELD(resign.epoch), 1ULL << 53 },
    { "Resign", FIELD(resign.epoch), 0 },
    { "Resign", FIELD(resign.birth), (1ULL << 53) + 1 },
    { "Farewell", FIELD(farewell.leader.epoch), 1ULL << 53 },
    { "MergeRequest", FIELD(merge_request.epoch), 1ULL << 53 },
    { "MergeRequest", FIELD(merge_request.epoch), 0 },
    { "MergeRequest", FIELD(merge_request.age), 1ULL << 53 },
    { "MergeReply, keep me", FIELD(merge_reply.verdict), 0 },
    { "MergeReply, keep me", FIELD(merge_reply.verdict), 4 },
    { "MergeReply, keep me", FIELD(merge_reply.epoch), 1ULL << 53 },
    { "MergeReply, keep me", FIELD(merge_reply.epoch), 0 },
    { "HandoverRequest", FIELD(handover_request.epoch), 1ULL << 53 },
    { "HandoverRequest", FIELD(handover_request.epoch), 0 },
    { "Page", FIELD(page.index), (1 << 20) + 1 },
    { "PageReply", FIELD(page_reply.index), 25 }, /* the second record would be beyond the total */
    { "PageReply", FIELD(page_reply.total), (1 << 20) + 1 },
    { "PageReply", FIELD(page_reply.count), 3 },
    { "PageReply", FIELD(page_reply.count), 13 },
    { "PageReply", FIELD(page_reply.count), 255 },
    { "PageReply", FIELD(page_reply.records[0].birth), (1ULL << 53) + 1 },
    { "PageReply", FIELD(page_reply.records[0].facts.name[3]), '\033' },
    { "Clone", FIELD(clone.age), 1ULL << 53 },
};

START_TEST(sends_what_is_just_in_range) {
    struct wire_message message = golden_named("Resign")->message, back;
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    for (int sign = -1; sign <= 1; sign += 2) {
        message.resign.birth = sign * (1LL << 53);
        message.resign.epoch = (1ULL << 53) - 1;
        size_t size = wire_encode(&message, buffer);
        ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
        ck_assert(same(&message, &back));
    }
}
END_TEST

static void set_field(struct wire_message *message, const struct bad_field *field) {
    uint8_t *at = (uint8_t *)message + field->offset;
    uint16_t two = (uint16_t)field->value;
    uint32_t four = (uint32_t)field->value;

    if (field->size == 1)
        *at = (uint8_t)field->value;
    else
        memcpy(at, field->size == 2 ? (void *)&two : field->size == 4 ? (void *)&four : (const void *)&field->value,
            field->size);
}

START_TEST(does_not_send_what_is_out_of_range) {
    const struct bad_field *field = &bad_fields[_i];
    struct wire_message message = golden_named(field->golden)->message;
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    set_field(&message, field);
    ck_assert_msg(wire_encode(&message, buffer) == 0, "%s: row %d was sent", field->golden, _i);
}
END_TEST

START_TEST(does_not_send_for_nobody) {
    static const struct {
        const char *golden;
        size_t offset, size;
    } ids[] = {
        { "Vouch", FIELD(header.sender) },
        { "Election after a death", FIELD(election.key.id) },
        { "LeaderElected", FIELD(leader_elected.candidate) },
        { "LeaderElected", FIELD(leader_elected.own.leader) },
        { "Leader with all it can carry", FIELD(leader.key.id) },
        { "Leader with all it can carry", FIELD(roster.ids[0]) },
        { "Leader with all it can carry", FIELD(successors.list[1].id) },
        { "Suspect", FIELD(suspect.leader.leader) },
        { "Suspect", FIELD(suspect.leader) },
        { "Vouch", FIELD(vouch.leader) },
        { "Farewell", FIELD(farewell.leader) },
        { "Redirect", FIELD(redirect.leader) },
        { "Redirect", FIELD(redirect.address) },
        { "Heartbeat that registers and tells of a stranger", FIELD(stranger.token) },
        { "Heartbeat that registers and tells of a stranger", FIELD(stranger.address) },
        { "Leader with all it can carry", FIELD(successors.list[0].address) },
        { "MergeRequest", FIELD(merge_request.key.id) },
        { "HandoverRequest", FIELD(handover_request.key.id) },
        { "PageReply", FIELD(page_reply.records[1].id) },
    };
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
        struct wire_message message = golden_named(ids[i].golden)->message;

        memset((uint8_t *)&message + ids[i].offset, 0, ids[i].size);
        ck_assert_msg(wire_encode(&message, buffer) == 0, "%s: row %u was sent", ids[i].golden, i);
    }
}
END_TEST

START_TEST(does_not_send_text_without_an_end) {
    static const struct {
        const char *golden;
        size_t offset, size;
    } texts[] = {
        { "Announce with a name", FIELD(header.cluster) },
        { "Announce with a name", FIELD(name) },
        { "Heartbeat that registers and tells of a stranger", FIELD(registration.facts.name) },
        { "Heartbeat that registers and tells of a stranger", FIELD(registration.facts.tags) },
        { "PageReply", FIELD(page_reply.records[0].facts.name) },
        { "PageReply", FIELD(page_reply.records[0].facts.tags) },
    };
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    for (unsigned i = 0; i < ARRAY_SIZE(texts); i++) {
        struct wire_message message = golden_named(texts[i].golden)->message;

        memset((uint8_t *)&message + texts[i].offset, 'x', texts[i].size);
        ck_assert_msg(wire_encode(&message, buffer) == 0, "%s: row %u was sent", texts[i].golden, i);
    }
}
END_TEST

/* ---- ranges, when reading */

/* A golden datagram with bytes overwritten, counted from the first byte of the body. Every one is out of range. */
static const struct bad_bytes {
    const char *golden;
    size_t offset;
    const char *hex, *what;
} bad_bytes[] = {
    { "Announce of a fresh node", 0, "03", "state" },
    { "Announce of a fresh node", 3, "02", "eligible" },
    { "Announce of a fresh node", 4, "0020000000000000", "age 2^53" },
    { "Announce of a fresh node", 4, "ff*8", "age -1" },
    { "Announce of a fresh node", 14, "0000000000000001", "epoch without leader" },
    { "Announce of a fresh node", 22, "01", "leader without epoch" },
    { "Announce of a fresh node", 38, "ff", "fresh" },
    { "Announce of a fresh node", 39, "02", "voter" },
    { "Election after a death", 0, "0020000000000000", "epoch" },
    { "Election after a death", 0, "00*8", "epoch 0" },
    { "Election after a death", 18, "0020000000000001", "birth above" },
    { "Election after a death", 18, "ffdfffffffffffff", "birth below" },
    { "Election after a death", 18, "8000000000000000", "birth far below" },
    { "Election after a death", 26, "00*16", "key of nobody" },
    { "Election after a death", 42, "0020000000000000", "age" },
    { "Election after a death", 50, "ff*8", "dead epoch" },
    { "Election after a death", 74, "0020000000000000", "released" },
    { "Election after a death", 90, "02", "bootstrap" },
    { "Election at bootstrap with a roster", 94, "0020000000000000", "roster epoch" },
    { "Election at bootstrap with a roster", 106, "00", "no seats at all" },
    { "Election at bootstrap with a roster", 106, "01", "more seats than N" },
    { "Election at bootstrap with a roster", 106, "0a", "N above 9" },
    { "Election at bootstrap with a roster", 123, "00*16", "seat of nobody" },
    { "LeaderElected", 0, "0020000000000000", "epoch" },
    { "LeaderElected", 0, "00*8", "epoch 0" },
    { "LeaderElected", 8, "00*16", "candidate nobody" },
    { "LeaderElected", 24, "0020000000000000", "own epoch" },
    { "LeaderElected", 32, "00*16", "own epoch without leader" },
    { "Leader with all it can carry", 0, "00*8", "epoch 0" },
    { "Leader with all it can carry", 54, "0020000000000001", "cluster time" },
    { "Leader with all it can carry", 62, "00000000", "count 0" },
    { "Leader with all it can carry", 62, "00100001", "count 2^20 + 1" },
    { "Leader with all it can carry", 78, "00*16", "absorbed epoch without leader" },
    { "Leader with all it can carry", 105, "0a", "line feed in a name" },
    { "Leader with all it can carry", 105, "00", "NUL in a name" },
    { "Leader with all it can carry", 105, "ff", "name that is no UTF-8" },
    { "Leader with all it can carry", 105, "c285", "C1 control in a name" },
    { "Leader with tags", 113, "0a", "line feed in tags" },
    { "Leader with tags", 113, "00", "NUL in tags" },
    { "Leader with all it can carry", 145, "01", "fewer successors than sent" },
    { "Leader with all it can carry", 145, "03", "more successors than sent" },
    { "Leader with all it can carry", 145, "11", "17 successors" },
    { "Leader with all it can carry", 146, "00*16", "successor nobody" },
    { "Leader with all it can carry", 162, "0020000000000001", "birth of a successor" },
    { "Leader with all it can carry", 172, "02", "eligibility of a successor" },
    { "Leader with all it can carry", 173, "05", "family 5" },
    { "Leader with all it can carry", 173, "00", "bytes without family" },
    { "Leader with all it can carry", 173, "00*17", "successor without an address" },
    { "Leader with all it can carry", 178, "01", "fifth byte of IPv4" },
    { "Leader with all it can carry", 189, "01", "last byte of IPv4" },
    { "Heartbeat", 14, "0020000000000000", "sent" },
    { "Heartbeat", 22, "0020000000000000", "echo" },
    { "Heartbeat", 30, "0020000000000000", "roster epoch" },
    { "Heartbeat", 42, "0020000000000000", "age" },
    { "Heartbeat", 58, "0020000000000001", "birth" },
    { "Heartbeat", 74, "00*16", "own epoch without leader" },
    { "Heartbeat", 94, "02", "registering" },
    { "Heartbeat", 95, "80", "question" },
    { "Heartbeat that registers and tells of a stranger", 107, "ff", "name length" },
    { "Heartbeat that registers and tells of a stranger", 114, "02", "eligible" },
    { "Heartbeat that registers and tells of a stranger", 117, "0101", "tags of 257" },
    { "Heartbeat that registers and tells of a stranger", 117, "000d", "tags shorter than their TLV" },
    { "Heartbeat that registers and tells of a stranger", 119, "1b", "escape in tags" },
    { "Heartbeat that registers and tells of a stranger", 144, "00*16", "stranger nobody" },
    { "Heartbeat that registers and tells of a stranger", 136, "00*24", "no stranger" },
    { "Heartbeat that registers and tells of a stranger", 160, "00*17", "stranger without an address" },
    { "Heartbeat that registers and tells of a stranger", 160, "07", "family 7" },
    { "Ack to a member", 0, "00*8", "epoch 0" },
    { "Ack to a member", 12, "0020000000000000", "sent" },
    { "Ack to a member", 20, "0020000000000000", "timestamp" },
    { "Ack to a member", 52, "0020000000000001", "cluster time" },
    { "Ack to a member", 60, "02", "has birth" },
    { "Ack to a member", 61, "8000000000000000", "birth" },
    { "Ack to a member", 69, "ffffffff", "count" },
    { "Redirect", 0, "00*8", "leader without epoch" },
    { "Redirect", 0, "00*24", "no leader" },
    { "Redirect", 24, "00*17", "no address" },
    { "Redirect", 24, "03", "family 3" },
    { "Redirect", 24, "05 00*16", "family 5 without bytes" },
    { "Suspect", 8, "00*16", "epoch without leader" },
    { "Suspect", 0, "00*24", "no leader" },
    { "Vouch", 0, "0020000000000000", "epoch" },
    { "Vouch", 0, "00*24", "no leader" },
    { "Resign", 0, "0020000000000000", "epoch" },
    { "Resign", 0, "00*8", "epoch 0" },
    { "Resign", 24, "0020000000000001", "birth" },
    { "Resign", 32, "02", "released" },
    { "Farewell", 0, "00*24", "no leader" },
    { "Farewell", 24, "02", "released" },
    { "MergeRequest", 0, "0020000000000000", "epoch" },
    { "MergeRequest", 0, "00*8", "epoch 0" },
    { "MergeRequest", 42, "0020000000000000", "age" },
    { "MergeRequest", 54, "02", "followed" },
    { "MergeReply, wait", 8, "00", "verdict 0" },
    { "MergeReply, wait", 8, "04", "verdict 4" },
    { "MergeReply, wait", 9, "0020000000000000", "epoch" },
    { "MergeReply, wait", 9, "00*8", "epoch 0" },
    { "HandoverRequest", 0, "0020000000000000", "epoch" },
    { "HandoverRequest", 0, "00*8", "epoch 0" },
    { "HandoverRequest", 26, "00*16", "key of nobody" },
    { "Page", 4, "00100001", "index" },
    { "PageReply", 4, "00000019", "records beyond the total" },
    { "PageReply", 4, "ffffffff", "index" },
    { "PageReply", 8, "00100001", "total" },
    { "PageReply", 12, "0d", "13 records" },
    { "PageReply", 13, "00*16", "record of nobody" },
    { "PageReply", 33, "0020000000000001", "birth" },
    { "PageReply", 41, "02", "family 2" },
    { "PageReply", 68, "40", "name of 64" },
    { "PageReply", 69, "7f", "DEL in a name" },
    { "PageReply", 75, "02", "eligible" },
    { "PageReply", 76, "ffff", "tags of 65535" },
    { "Clone", 0, "0020000000000000", "age" },
};

START_TEST(refuses_what_is_out_of_range) {
    const struct bad_bytes *bad = &bad_bytes[_i];
    const struct golden *golden = golden_named(bad->golden);
    struct datagram datagram = datagram_of(golden);

    patch(&datagram, body_of(golden) + bad->offset, bad->hex);
    ck_assert_msg(strcmp(verdict(&datagram), "range") == 0, "%s, %s: %s", bad->golden, bad->what, verdict(&datagram));
}
END_TEST

/* ---- the header */

START_TEST(refuses_a_bad_header) {
    static const struct {
        size_t offset;
        const char *hex, *verdict;
    } rows[] = {
        { 0, "444c4454", "foreign" },
        { 3, "00", "foreign" },
        { 4, "00", "version" },
        { 4, "02", "version" },
        { 6, "00", "unknown-type" },
        { 6, "14", "unknown-type" },
        { 6, "ff", "unknown-type" },
        { 7, "04", "range" },
        { 7, "80", "range" },
        { 10, "00", "range" },
        { 10, "21", "range" },
        { 10, "ff", "range" },
        { 11, "20", "range" },
        { 11, "00", "range" },
        { 18, "00*16", "range" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        struct datagram datagram = datagram_of(golden_named("Suspect"));

        patch(&datagram, rows[i].offset, rows[i].hex);
        ck_assert_msg(strcmp(verdict(&datagram), rows[i].verdict) == 0, "row %u: %s", i, verdict(&datagram));
    }
}
END_TEST

START_TEST(accepts_a_newer_minor_version) {
    struct datagram datagram = datagram_of(golden_named("Suspect"));
    struct wire_message message;

    patch(&datagram, 5, "09");
    append(&datagram, "c8 0003 010203");
    ck_assert_int_eq(decode(&datagram, &message), WIRE_OK);
    ck_assert_uint_eq(message.header.minor, 9);
    message.header.minor = 0;
    ck_assert(same(&message, &golden_named("Suspect")->message));
}
END_TEST

START_TEST(a_mac_needs_a_key) {
    struct datagram datagram = datagram_of(golden_named("Suspect"));

    datagram.bytes[datagram.size - 1] = 1;
    ck_assert_str_eq(verdict(&datagram), "range");
    patch(&datagram, 8, "0001");
    ck_assert_str_eq(verdict(&datagram), "ok");
}
END_TEST

START_TEST(the_nonces_are_only_sent_with_their_flags) {
    struct wire_message message = golden_named("Suspect")->message, back;
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    message.header.receiver_nonce = 5;
    message.header.aead_nonce[0] = 6;
    size_t size = wire_encode(&message, buffer);
    ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
    ck_assert(same(&back, &golden_named("Suspect")->message));
}
END_TEST

START_TEST(an_interface_is_not_sent) {
    struct wire_message message = golden_named("Redirect")->message, back;
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    message.redirect.address.ifindex = 7;
    size_t size = wire_encode(&message, buffer);
    ck_assert_int_eq(wire_decode(buffer, size, &back), WIRE_OK);
    ck_assert_uint_eq(back.redirect.address.ifindex, 0);
}
END_TEST

START_TEST(peeks_at_the_cluster) {
    struct datagram datagram = datagram_of(golden_named("Announce with a name"));
    char name[CLUSTER_NAME_MAX + 1];

    wire_peek_cluster(datagram.bytes, datagram.size, name);
    ck_assert_str_eq(name, "A.b_c-9");
    patch(&datagram, 6, "ff"); /* of any type */
    wire_peek_cluster(datagram.bytes, datagram.size, name);
    ck_assert_str_eq(name, "A.b_c-9");
    wire_peek_cluster(datagram.bytes, 17, name); /* one byte of the name is missing */
    ck_assert_str_eq(name, "");
    wire_peek_cluster(datagram.bytes, 0, name);
    ck_assert_str_eq(name, "");
    patch(&datagram, 4, "02");
    wire_peek_cluster(datagram.bytes, datagram.size, name);
    ck_assert_str_eq(name, "");
}
END_TEST

/* ---- lengths and TLVs */

START_TEST(no_prefix_is_accepted) {
    const struct golden *golden = &golden_vectors[_i];
    struct datagram datagram = datagram_of(golden);
    size_t size = datagram.size;
    struct wire_message message;

    if (golden->message.header.key_id != 0)
        return; /* there the MAC tells */
    for (datagram.size = 0; datagram.size < size; datagram.size++) {
        uint8_t *exact = malloc(datagram.size + 1);

        memcpy(exact, datagram.bytes, datagram.size);
        ck_assert_msg(wire_decode(exact, datagram.size, &message) != WIRE_OK, "%s: %zu of %zu bytes", golden->name,
            datagram.size, size);
        free(exact);
    }
}
END_TEST

START_TEST(nothing_may_follow) {
    struct datagram datagram = datagram_of(&golden_vectors[_i]);

    append(&datagram, "c8");
    ck_assert_str_eq(verdict(&datagram), "tail");
    append(&datagram, "00");
    ck_assert_str_eq(verdict(&datagram), "tail");
    append(&datagram, "01"); /* now a TLV, but without its content */
    ck_assert_str_eq(verdict(&datagram), "tail");
    append(&datagram, "55");
    ck_assert_str_eq(verdict(&datagram), "ok");
}
END_TEST

START_TEST(refuses_what_is_too_long) {
    struct datagram datagram = datagram_of(golden_named("Suspect"));

    append(&datagram, "c8 0443 00*1091");
    ck_assert_uint_eq(datagram.size, WIRE_DATAGRAM_MAX);
    ck_assert_str_eq(verdict(&datagram), "ok");
    datagram.size++;
    ck_assert_str_eq(verdict(&datagram), "long");
    patch(&datagram, 0, "00");
    ck_assert_str_eq(verdict(&datagram), "foreign");
}
END_TEST

/* What a TLV does to a message of that kind. */
static const struct {
    const char *golden, *hex, *verdict;
} tails[] = {
    { "Suspect", "00 0000", "ok" }, /* unknown ones are skipped, even if they come twice */
    { "Suspect", "c8 0002 ffff c8 0000 40 0001 00 ff 0000", "ok" },
    { "Suspect", "06 0001 ff", "ok" }, /* padding on anything, with anything in it */
    { "Suspect", "40 0000 40 0000", "ok" },
    { "Suspect", "06 0000 06 0000", "tail" },
    { "Suspect", "01 0002 ffff", "ok" }, /* not carried by a Suspect: not even looked at */
    { "Suspect", "01 0002 ffff 01 0000", "tail" },
    { "Suspect", "c8 ffff 00", "tail" },
    { "Announce of a fresh node", "01 0000", "range" }, /* an empty name */
    { "Announce of a fresh node", "01 0001 61", "ok" },
    { "Announce of a fresh node", "01 003f 61*63", "ok" },
    { "Announce of a fresh node", "01 0040 61*64", "range" },
    { "Announce of a fresh node", "01 0002 61", "tail" },
    { "Announce of a fresh node", "01 0001 61 01 0001 61", "tail" },
    { "Election after a death", "02 000d 00*12 01", "range" }, /* no seat */
    { "Election after a death", "02 001c 00*12 01 a1*15", "range" }, /* part of one */
    { "Election after a death", "02 001d 00*12 01 a1*16", "ok" },
    { "Election after a death", "02 001e 00*12 01 a1*17", "range" },
    { "Election after a death", "02 00ad 00*12 09 a1*160", "range" }, /* 10 seats */
    { "Heartbeat", "03 0008 00 0000 00 0000 0000", "ok" },
    { "Heartbeat", "03 0007 00 0000 00 0000 00", "range" },
    { "Heartbeat", "03 0009 00 0000 00 0000 0000 00", "range" },
    { "Heartbeat", "04 002b 00*7 09 c3*16 04 00*18", "ok" },
    { "Heartbeat", "04 002a 00*7 09 c3*16 04 00*17", "range" },
    { "Heartbeat", "04 002c 00*7 09 c3*16 04 00*19", "range" },
    { "Heartbeat", "07 0002 0001", "ok" },
    { "Heartbeat", "07 0002 fffe", "ok" }, /* bits without a meaning */
    { "Heartbeat", "07 0001 01", "range" },
    { "Heartbeat", "07 0003 000100", "range" },
    { "Heartbeat", "07 0002 0000 07 0002 0001", "tail" },
    { "Suspect", "07 0001 01", "ok" },
    { "Leader alone", "08 0000", "range" }, /* no tags are not sent */
    { "Leader alone", "08 0001 61", "ok" },
    { "Leader alone", "08 0100 61*256", "ok" },
    { "Leader alone", "08 0101 61*257", "range" },
    { "Leader alone", "08 0001 0a", "range" },
    { "Heartbeat", "08 0000", "ok" },
    { "Heartbeat", "09 0008 00*7 01", "ok" },
    { "Heartbeat", "09 0008 00*8", "range" }, /* none is not sent */
    { "Heartbeat", "09 0007 01*7", "range" },
    { "Heartbeat", "09 0009 01*9", "range" },
    { "Heartbeat with a cookie", "09 0008 01*8", "tail" },
    { "Ack to a member", "09 0008 01*8", "ok" },
    { "Page", "09 0008 00*8", "range" },
    { "Leader alone", "09 0008 00*8", "ok" },
    { "Ack to an unlisted node, with a roster", "02 001d 00*12 01 a1*16", "tail" }, /* a second one */
    { "Ack to an unlisted node, with a roster", "05 0000", "range" },
    { "Ack to an unlisted node, with a roster", "05 0001 01", "range" },
    { "Ack to an unlisted node, with a roster", "05 0002 00 00", "range" },
    { "Ack to an unlisted node, with a roster", "05 002f 01 a1*16 00*11 04 00*18", "ok" },
};

START_TEST(judges_tails) {
    struct datagram datagram = datagram_of(golden_named(tails[_i].golden));

    append(&datagram, tails[_i].hex);
    ck_assert_msg(strcmp(verdict(&datagram), tails[_i].verdict) == 0, "%s + %s: %s", tails[_i].golden, tails[_i].hex,
        verdict(&datagram));
}
END_TEST

START_TEST(tlvs_may_come_in_any_order) {
    struct datagram datagram = datagram_of(golden_named("Heartbeat"));
    struct wire_message message;

    append(&datagram, "04 002b 00*7 09 c3*16 04 00*18");
    append(&datagram, "c8 0001 00");
    append(&datagram, "03 0009 01 61 0064 01 72e9 0000");
    ck_assert_int_eq(decode(&datagram, &message), WIRE_OK);
    ck_assert(message.has_stranger && message.has_registration);
    ck_assert_uint_eq(message.stranger.token.epoch, 9);
    ck_assert_str_eq(message.registration.facts.name, "a");
    ck_assert_uint_eq(message.registration.port, 29417);
}
END_TEST

START_TEST(a_tlv_that_is_not_carried_is_not_reported) {
    struct datagram datagram = datagram_of(golden_named("Vouch"));
    struct wire_message message;

    append(&datagram, "01 0001 61 05 0001 00");
    ck_assert_int_eq(decode(&datagram, &message), WIRE_OK);
    ck_assert(same(&message, &golden_named("Vouch")->message));
}
END_TEST

/* ---- damage: the fuzz target aborts when an accepted datagram does not survive a round trip */

START_TEST(a_flipped_bit_is_refused_or_means_something) {
    struct datagram datagram = datagram_of(&golden_vectors[_i]);

    for (size_t bit = 0; bit < 8 * datagram.size; bit++) {
        datagram.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        LLVMFuzzerTestOneInput(datagram.bytes, datagram.size);
        datagram.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}
END_TEST

START_TEST(any_byte_anywhere_is_refused_or_means_something) {
    struct datagram datagram = datagram_of(&golden_vectors[_i]);
    size_t body = body_of(&golden_vectors[_i]);

    for (size_t at = body; at < datagram.size - WIRE_MAC_SIZE && at < body + 260; at++) {
        uint8_t before = datagram.bytes[at];

        for (unsigned value = 0; value < 256; value++) {
            datagram.bytes[at] = (uint8_t)value;
            LLVMFuzzerTestOneInput(datagram.bytes, datagram.size);
        }
        datagram.bytes[at] = before;
    }
}
END_TEST

static TCase *add_case(Suite *suite, const char *name) {
    TCase *tcase = tcase_create(name);

    suite_add_tcase(suite, tcase);
    return tcase;
}

static Suite *wire_suite(void) {
    Suite *suite = suite_create("wire");
    int goldens = (int)golden_count;

    TCase *golden = add_case(suite, "golden");
    tcase_add_loop_test(golden, encodes_to_the_golden_bytes, 0, goldens);
    tcase_add_loop_test(golden, decodes_the_golden_bytes, 0, goldens);
    tcase_add_test(golden, every_type_has_a_golden_vector_and_a_name);
    tcase_add_test(golden, errors_have_names_of_their_own);

    TCase *sizes = add_case(suite, "sizes");
    tcase_add_test(sizes, the_longest_leader_fits);
    tcase_add_test(sizes, successors_give_way_to_tags);
    tcase_add_test(sizes, the_longest_ack_fits);
    tcase_add_test(sizes, the_longest_heartbeat_fits);
    tcase_add_test(sizes, the_longest_announce_and_election_fit);
    tcase_add_test(sizes, every_other_type_fits_with_the_longest_header);
    tcase_add_test(sizes, a_page_has_400_bytes_whatever_its_header);
    tcase_add_test(sizes, an_unpadded_page_is_short);
    tcase_add_test(sizes, page_records_at_the_end_give_way);
    tcase_add_test(sizes, padding_makes_a_datagram_long_enough);
    tcase_add_test(sizes, what_is_shortened_has_its_size_and_its_roster);
    tcase_add_test(sizes, page_records_fill_the_last_byte);
    tcase_add_test(sizes, the_least_senior_successors_give_way);

    TCase *cursors = add_case(suite, "reader and writer");
    tcase_add_test(cursors, the_writer_stops_at_its_end);
    tcase_add_test(cursors, the_writer_pads_to_a_length);
    tcase_add_test(cursors, the_reader_stops_at_its_end);
    tcase_add_test(cursors, the_reader_gives_parts_of_itself);

    TCase *ranges = add_case(suite, "ranges");
    tcase_add_loop_test(ranges, does_not_send_what_is_out_of_range, 0, (int)ARRAY_SIZE(bad_fields));
    tcase_add_test(ranges, sends_what_is_just_in_range);
    tcase_add_test(ranges, does_not_send_for_nobody);
    tcase_add_test(ranges, does_not_send_text_without_an_end);
    tcase_add_loop_test(ranges, refuses_what_is_out_of_range, 0, (int)ARRAY_SIZE(bad_bytes));

    TCase *header = add_case(suite, "header");
    tcase_add_test(header, refuses_a_bad_header);
    tcase_add_test(header, accepts_a_newer_minor_version);
    tcase_add_test(header, a_mac_needs_a_key);
    tcase_add_test(header, the_nonces_are_only_sent_with_their_flags);
    tcase_add_test(header, an_interface_is_not_sent);
    tcase_add_test(header, peeks_at_the_cluster);

    TCase *tail = add_case(suite, "tail");
    tcase_add_loop_test(tail, no_prefix_is_accepted, 0, goldens);
    tcase_add_loop_test(tail, nothing_may_follow, 0, goldens);
    tcase_add_test(tail, refuses_what_is_too_long);
    tcase_add_loop_test(tail, judges_tails, 0, (int)ARRAY_SIZE(tails));
    tcase_add_test(tail, tlvs_may_come_in_any_order);
    tcase_add_test(tail, a_tlv_that_is_not_carried_is_not_reported);

    TCase *damage = add_case(suite, "damage");
    tcase_set_timeout(damage, 60);
    tcase_add_loop_test(damage, a_flipped_bit_is_refused_or_means_something, 0, goldens);
    tcase_add_loop_test(damage, any_byte_anywhere_is_refused_or_means_something, 0, goldens);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(wire_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
