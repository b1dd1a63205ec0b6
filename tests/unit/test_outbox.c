/* SPDX-License-Identifier: ISC
 *
 * test_outbox.c - the copies of a message: to whom, in which order, with which header.
 */
#include "daemon/outbox.h"

#include "auth/gate.h"
#include "auth/seal.h"
#include "base/util.h"
#include "daemon/conf.h"
#include "daemon/cookie.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/paths.h"
#include "daemon/traffic.h"
#include "platform/clock.h"
#include "platform/udp.h"
#include "toy_hash.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { USED = 2, GONE = 3, MY_NONCE = 4711, GROUP_PORT = 29417, COPIES_MAX = UDP_BATCH };

struct copy {
    struct address to;
    struct wire_message message;
};

static struct outbox *outbox;
static struct paths *paths;
static struct traffic *traffic;
static struct static_peers peers;
static struct link links[3];
static struct counters counters;
static struct copy copies[COPIES_MAX];
static unsigned copy_count;
static size_t copy_length; /* of the last one, on the wire */
static struct outbox_config config;
static const struct keys keys = { 2, { { .id = 7, .secret = { 7 } }, { .id = 8, .secret = { 8 } } } };
static unsigned links_used;
static const struct cookie_secret secret = { { 5 } };

/* The made-up surroundings: one link, and a network that keeps what it is given. */

unsigned links_count(const struct links *none) {
    (void)none;
    return links_used;
}

const struct link *links_get(const struct links *none, unsigned index) {
    (void)none;
    return &links[index];
}

const struct link *links_find(const struct links *none, uint32_t ifindex) {
    (void)none;
    for (unsigned i = 0; i < links_used; i++)
        if (links[i].ifindex == ifindex)
            return &links[i];
    return NULL;
}

bool links_carry(const struct link *link, enum family family) {
    return link->addresses[family].family != 0;
}

bool links_reach(const struct links *none, const struct address *address) {
    const struct link *link = links_find(none, address->ifindex);

    return link && links_carry(link, address->family == 6 ? FAMILY_IPV6 : FAMILY_IPV4);
}

const struct address *udp_group(const struct udp *udp, enum family family) {
    static const struct address groups[FAMILIES] = {
        { .family = 4, .bytes = { 224, 0, 0, 254 }, .port = GROUP_PORT },
        { .family = 6, .bytes = { 0xff, 2, [14] = 1, 0x14 }, .port = GROUP_PORT },
    };

    (void)udp;
    return &groups[family];
}

/* As whoever has the key. */
static void read_copy(const uint8_t *bytes, size_t length, struct wire_message *ret) {
    uint8_t plain[WIRE_DATAGRAM_MAX];
    struct wire_header header;

    ck_assert_uint_gt(wire_peek_header(bytes, length, &header), 0);
    if ((header.flags & WIRE_FLAG_SEALED) != 0) {
        ck_assert(seal_open(&keys.list[0], &toy_cipher, bytes, length, plain));
        bytes = plain;
    } else if (config.gate) {
        ck_assert(seal_is_right(&keys.list[0], toy_hash, bytes, length));
    }
    ck_assert_int_eq(wire_decode(bytes, length, ret), WIRE_OK);
}

unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error) {
    (void)udp, (void)ret_error;
    for (unsigned i = 0; i < count; i++) {
        ck_assert_uint_lt(copy_count, COPIES_MAX);
        copies[copy_count].to = packets[i].to;
        copy_length = packets[i].length;
        read_copy(packets[i].data, packets[i].length, &copies[copy_count].message);
        copy_count++;
    }
    return count;
}

static const struct persistent state = { .id = { { 50 } }, .incarnation = 3 };

static void setup(void) {
    config = (struct outbox_config){ .cluster = "default", .boot_nonce = MY_NONCE, .counters = &counters,
                                     .peers = &peers, .secret = &secret };
    links_used = 1;
    memset(links, 0, sizeof links);
    links[0] = (struct link){ .ifindex = USED };
    links[0].addresses[FAMILY_IPV4] = (struct address){ .family = 4, .bytes = { 192, 0, 2, 50 } };
    peers.count = 0;
    ck_assert_int_eq(paths_open(&paths, NULL), 0);
    ck_assert_int_eq(traffic_open(&traffic, NULL), 0);
    config.paths = paths;
    config.traffic = traffic;
    copy_count = 0;
    counters = (struct counters){ 0 };
    ck_assert_int_eq(outbox_open(&outbox, &config), 0);
}

static void teardown(void) {
    outbox_close(outbox);
    traffic_close(traffic);
    paths_close(paths);
}

/* A Resign to all, and to as many nodes by name. */
static struct send resign(uint8_t receivers) {
    struct send send = { .multicast = true, .count = receivers };

    send.message.header.type = WIRE_RESIGN;
    send.message.resign = (struct wire_resign){ .epoch = 1, .successor = { { 51 } }, .released = true };
    for (uint8_t i = 0; i < receivers; i++) {
        send.to[i].address = (struct address){ .family = 4, .bytes = { 192, 0, 2, i }, .port = 4000, .ifindex = USED };
        send.to[i].boot_nonce = 100U + i;
    }
    return send;
}

static void add(struct send send) {
    outbox_add(outbox, &state, &send);
    outbox_flush(outbox);
}

/* Else the successor's Election reaches the others before the Resign, and they doubt a leader that is leaving. */
START_TEST(all_are_told_before_whoever_is_named) {
    add(resign(2));
    ck_assert_uint_eq(copy_count, 3);
    ck_assert_uint_eq(copies[0].to.port, GROUP_PORT);
    ck_assert_uint_eq(copies[0].to.ifindex, USED);
    ck_assert_uint_eq(copies[0].message.header.flags, 0);
    ck_assert_uint_eq(copies[0].message.header.receiver_nonce, 0);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(copies[1 + i].to.bytes[3], i);
        ck_assert_uint_eq(copies[1 + i].message.header.flags, WIRE_FLAG_UNICAST);
        ck_assert_uint_eq(copies[1 + i].message.header.receiver_nonce, 100 + i);
    }
}
END_TEST

START_TEST(every_copy_is_complete_and_counted) {
    add(resign(3));
    add(resign(0));
    ck_assert_uint_eq(copy_count, 5);
    for (unsigned i = 0; i < copy_count; i++) {
        const struct wire_header *header = &copies[i].message.header;
        ck_assert_uint_eq(header->seq, i + 1);
        ck_assert_mem_eq(&header->sender, &state.id, sizeof(state.id));
        ck_assert_uint_eq(header->incarnation, 3);
        ck_assert_uint_eq(header->boot_nonce, MY_NONCE);
        ck_assert_str_eq(header->cluster, "default");
    }
    ck_assert_uint_eq(counters.sent[WIRE_RESIGN], 5);
}
END_TEST

/* The kernel would refuse it: a link-local address means nothing without its link. */
START_TEST(a_link_local_address_of_an_interface_that_has_gone_is_out_of_reach) {
    struct send send = resign(1);

    links[0].addresses[FAMILY_IPV6] = (struct address){ .family = 6, .bytes = { 0xfe, 0x80 } };
    send.multicast = false;
    send.to[0].address = (struct address){ .family = 6, .bytes = { 0xfe, 0x80, [15] = 9 }, .port = 4, .ifindex = 99 };
    add(send);
    ck_assert_uint_eq(copy_count, 0);
    send.to[0].address.ifindex = USED;
    add(send);
    ck_assert_uint_eq(copy_count, 1);
}
END_TEST

START_TEST(an_interface_that_has_gone_is_left_to_the_kernel) {
    struct send send = resign(1);

    send.to[0].address.ifindex = GONE;
    add(send);
    ck_assert_uint_eq(copies[1].to.ifindex, 0);
}
END_TEST

/* A node that hears several copies of a multicast knows them by their seq; what else is sent has a seq of its own. */
START_TEST(a_multicast_goes_out_on_all_ways_with_one_seq) {
    links_used = 3;
    links[0].addresses[FAMILY_IPV6] = (struct address){ .family = 6, .bytes = { 0xfe, 0x80 } };
    links[1] = (struct link){ .ifindex = 7, .addresses[FAMILY_IPV6] = { .family = 6 } };
    links[2] = (struct link){ .ifindex = 8, .addresses[FAMILY_IPV4] = { .family = 4 } };
    peers = (struct static_peers){ 1, { { .family = 4, .bytes = { 203, 0, 113, 1 }, .port = 4 } } };
    add(resign(1));
    ck_assert_uint_eq(copy_count, 6);
    static const struct {
        uint8_t family;
        uint32_t ifindex;
        uint16_t port;
        uint64_t seq;
    } expected[] = { { 4, USED, GROUP_PORT, 1 }, { 6, USED, GROUP_PORT, 1 }, { 6, 7, GROUP_PORT, 1 },
                     { 4, 8, GROUP_PORT, 1 }, { 4, 0, 4, 1 }, { 4, USED, 4000, 2 } };
    for (unsigned i = 0; i < copy_count; i++) {
        ck_assert_uint_eq(copies[i].to.family, expected[i].family);
        ck_assert_uint_eq(copies[i].to.ifindex, expected[i].ifindex);
        ck_assert_uint_eq(copies[i].to.port, expected[i].port);
        ck_assert_uint_eq(copies[i].message.header.seq, expected[i].seq);
        ck_assert_uint_eq(copies[i].message.header.flags, i == 5 ? WIRE_FLAG_UNICAST : 0);
    }
}
END_TEST

/* One file for all hosts names this one too, and others by a family that not each of them has. */
START_TEST(peers_that_cannot_be_reached_and_the_node_itself_are_left_out) {
    peers = (struct static_peers){ 3, { { .family = 6, .bytes = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .port = 4 },
                                        { .family = 4, .bytes = { 192, 0, 2, 50 }, .port = 4 },
                                        { .family = 4, .bytes = { 192, 0, 2, 51 }, .port = 4 } } };
    add(resign(0));
    ck_assert_uint_eq(copy_count, 2);
    ck_assert_uint_eq(copies[1].to.bytes[3], 51);
}
END_TEST

static struct send announce(void) {
    struct send send = { .multicast = true };

    send.message.header.type = WIRE_ANNOUNCE;
    return send;
}

START_TEST(who_hears_no_multicast_looks_for_others_by_broadcast_too) {
    links[0].addresses[FAMILY_IPV6] = (struct address){ .family = 6, .bytes = { 0xfe, 0x80 } };
    traffic_begin(traffic, USED, clock_now() - USEC_PER_SEC);
    add(resign(0)); /* that looks for nobody */
    ck_assert_uint_eq(copy_count, 2);
    copy_count = 0;
    add(announce());
    ck_assert_uint_eq(copy_count, 4);
    ck_assert_uint_eq(copies[1].to.bytes[3], 255);
    ck_assert_uint_eq(copies[1].to.port, GROUP_PORT);
    ck_assert_uint_eq(copies[1].to.ifindex, USED);
    ck_assert_uint_eq(copies[3].to.bytes[1], 0x02);
    ck_assert_uint_eq(copies[3].to.bytes[15], 1);
    copy_count = 0;
    add(announce());
    ck_assert_uint_eq(copy_count, 2);
}
END_TEST

/* Who asks may choose the way; who answers goes back where the question came from. */
START_TEST(questions_take_the_best_way_and_answers_the_same_way) {
    const struct wire_message heard = { .header = { .type = WIRE_ANNOUNCE, .boot_nonce = 100 } };
    const struct address other = { .family = 4, .bytes = { 198, 51, 100, 7 }, .port = 4001, .ifindex = USED };
    struct send send = resign(1);

    ck_assert(paths_heard(paths, &heard, &other, true, clock_now()));
    send.multicast = false;
    add(send);
    ck_assert_uint_eq(copies[0].to.port, 4001);
    send.message = (struct wire_message){ .header = { .type = WIRE_HEARTBEAT } };
    add(send);
    ck_assert_uint_eq(copies[1].to.port, 4001);
    send.message = (struct wire_message){ .header = { .type = WIRE_REDIRECT },
                                          .redirect = { { 1, state.id }, other } };
    add(send);
    ck_assert_uint_eq(copies[2].to.port, 4000);
}
END_TEST

/* Whatever the node may yet send comes before it. */
START_TEST(farewell_names_the_leadership_and_is_the_last_word) {
    struct persistent leading = state;
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message message;

    leading.own = (struct token){ 7, state.id };
    size_t length = outbox_farewell(outbox, &leading, true, buffer);
    ck_assert_int_eq(wire_decode(buffer, length, &message), WIRE_OK);
    ck_assert_int_eq(message.header.type, WIRE_FAREWELL);
    ck_assert_uint_eq(message.header.seq, UINT64_MAX);
    ck_assert_uint_eq(message.header.boot_nonce, MY_NONCE);
    ck_assert(token_equal(&message.farewell.leader, &leading.own));
    ck_assert(message.farewell.released);
    length = outbox_farewell(outbox, &leading, false, buffer); /* which is said before it, if both are */
    ck_assert_int_eq(wire_decode(buffer, length, &message), WIRE_OK);
    ck_assert_uint_eq(message.header.seq, UINT64_MAX - 1);
    ck_assert(!message.farewell.released);
    ck_assert_uint_eq(copy_count, 0);
}
END_TEST

static bool encrypts;

static void use_key(void) {
    static uint64_t memory[1 << 16];
    struct gate_config gate_config = { .boot_nonce = MY_NONCE, .senders_max = 8 };

    memset(memory, 0, sizeof memory);
    config.keys = &keys;
    config.hash = toy_hash;
    config.cipher = &toy_cipher;
    config.encrypts = &encrypts;
    encrypts = false;
    config.gate = gate_init(memory, &gate_config);
    outbox_close(outbox);
    ck_assert_int_eq(outbox_open(&outbox, &config), 0);
}

START_TEST(with_a_key_every_copy_has_its_mac) {
    struct persistent leading = state;
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    size_t length;

    use_key();
    add(resign(3));
    ck_assert_uint_eq(copy_count, 4);
    for (unsigned i = 0; i < copy_count; i++)
        ck_assert_uint_eq(copies[i].message.header.key_id, 7);
    leading.own = (struct token){ 7, state.id };
    length = outbox_farewell(outbox, &leading, true, buffer);
    ck_assert(seal_is_right(&keys.list[0], toy_hash, buffer, length));
}
END_TEST

/* No two copies look alike, and what tells nothing stays as short as it is. */
START_TEST(all_but_challenges_is_encrypted_if_that_is_wanted) {
    const struct gate_challenge challenge = { { .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 4000 }, 100,
                                              { .asked = 5 } };
    struct persistent leading = state;
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message farewell;

    use_key();
    encrypts = true;
    add(resign(3));
    outbox_add_challenge(outbox, &state, &challenge);
    outbox_flush(outbox);
    ck_assert_uint_eq(copy_count, 5);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(copies[i].message.header.flags & WIRE_FLAG_SEALED);
        ck_assert(copies[i].message.resign.released);
        ck_assert_mem_ne(copies[i].message.header.aead_nonce, copies[(i + 1) % 4].message.header.aead_nonce,
                         WIRE_AEAD_NONCE_SIZE);
    }
    ck_assert_int_eq(copies[4].message.header.flags, WIRE_FLAG_UNICAST);
    leading.own = (struct token){ 7, state.id };
    read_copy(buffer, outbox_farewell(outbox, &leading, true, buffer), &farewell);
    ck_assert(farewell.header.flags & WIRE_FLAG_SEALED);
    encrypts = false; /* by a reload */
    add(resign(0));
    ck_assert_int_eq(copies[5].message.header.flags, 0);
}
END_TEST

/* It goes where it says, and to the start that it says. */
START_TEST(a_challenge_takes_no_other_way) {
    const struct wire_message heard = { .header = { .type = WIRE_ANNOUNCE, .boot_nonce = 100 } };
    const struct address told = { .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 4000, .ifindex = USED },
                         best = { .family = 4, .bytes = { 198, 51, 100, 7 }, .port = 4001, .ifindex = USED };
    const struct gate_challenge challenge = { told, 100, { .asked = 5, .before = 6 } };

    use_key();
    ck_assert(paths_heard(paths, &heard, &best, true, clock_now()));
    outbox_add_challenge(outbox, &state, &challenge);
    outbox_flush(outbox);
    ck_assert_uint_eq(copy_count, 1);
    ck_assert_uint_eq(copies[0].to.port, 4000);
    ck_assert_int_eq(copies[0].message.header.type, WIRE_CHALLENGE);
    ck_assert_uint_eq(copies[0].message.header.receiver_nonce, 100);
    ck_assert_uint_eq(copies[0].message.challenge.asked, 5);
    ck_assert_uint_eq(copies[0].message.challenge.before, 6);
    ck_assert_uint_eq(counters.sent[WIRE_CHALLENGE], 1);
}
END_TEST

static const struct address asker = { .family = 4, .bytes = { 192, 0, 2, 0 }, .port = 4000, .ifindex = USED };

static struct send answer(struct wire_message message) {
    struct send send = { .message = message, .count = 1 };

    send.to[0] = (struct send_target){ .address = asker };
    return send;
}

/* A Leader or Ack with all that it can have. */
static struct wire_message long_one(uint8_t type) {
    struct wire_message message = { .header = { .type = type }, .name = "a-name", .tags = "role=db" };

    message.has_successors = true;
    message.successors.count = SUCCESSORS_MAX;
    for (unsigned i = 0; i < SUCCESSORS_MAX; i++)
        message.successors.list[i] = (struct wire_successor){ .id = { { (uint8_t)(i + 1) } }, .address = asker };
    if (type == WIRE_LEADER)
        message.leader = (struct wire_leader){ .epoch = 1, .key.id = state.id, .count = 17 };
    else
        message.ack = (struct wire_ack){ .epoch = 1, .exchange = 1, .has_birth = true, .birth = 5, .count = 17 };
    return message;
}

static size_t length_of(unsigned copy) {
    uint8_t buffer[WIRE_DATAGRAM_MAX];

    return wire_encode(&copies[copy].message, buffer);
}

/* Whoever sends it under a false address has somebody else get the answer. */
START_TEST(no_answer_is_longer_than_a_question_of_somebody_who_may_not_be_there) {
    const size_t announced = WIRE_LEADER_SIZE + strlen("default");
    struct send other = answer(long_one(WIRE_LEADER));

    outbox_answer(outbox, &asker, announced, false);
    add(answer(long_one(WIRE_LEADER)));
    ck_assert_uint_eq(copy_count, 1);
    ck_assert_uint_le(length_of(0), announced);
    ck_assert(!copies[0].message.has_successors);
    add(answer(long_one(WIRE_ACK)));
    ck_assert_uint_eq(copy_count, 2);
    ck_assert(!copies[1].message.ack.has_birth); /* or it would not register again, and get the rest */
    outbox_answer(outbox, &asker, announced - 1, false);
    add(answer(long_one(WIRE_LEADER)));
    ck_assert_uint_eq(copy_count, 2);
    ck_assert_uint_eq(counters.withheld, 1);
    other.to[0].address.bytes[3] = 9; /* it asks nothing, so it is told all */
    add(other);
    ck_assert_uint_eq(copy_count, 3);
    ck_assert(copies[2].message.has_successors);
    outbox_answer(outbox, NULL, 0, false);
    add(answer(long_one(WIRE_LEADER)));
    ck_assert(copies[3].message.has_successors);
}
END_TEST

/* 5,000 at once, and as many a second. */
START_TEST(such_answers_are_limited) {
    usec_t begun_at = clock_now();
    unsigned sent = 0;

    outbox_answer(outbox, &asker, WIRE_DATAGRAM_MAX, false);
    for (unsigned i = 0; i < 20000; i++, sent += copy_count) {
        copy_count = 0;
        add(answer(long_one(WIRE_LEADER)));
    }
    ck_assert_uint_ge(sent, 5000);
    ck_assert_int_le(sent, 5001 + 5000 * (clock_now() - begun_at) / USEC_PER_SEC);
    ck_assert_uint_eq(counters.withheld, 20000 - sent);
}
END_TEST

/* The sound message of a type that has the least in it. */
static struct wire_message least_of(uint8_t type) {
    struct wire_message message = { .header = { .type = type } };
    const struct token token = { 1, { { 1 } } };

    if (type == WIRE_ELECTION)
        message.election = (struct wire_election){ .epoch = 1, .key.id = { { 1 } } };
    else if (type == WIRE_LEADER_ELECTED)
        message.leader_elected = (struct wire_leader_elected){ .epoch = 1, .candidate = { { 1 } } };
    else if (type == WIRE_LEADER)
        message.leader = (struct wire_leader){ .epoch = 1, .key.id = { { 1 } }, .count = 1 };
    else if (type == WIRE_ACK)
        message.ack = (struct wire_ack){ .epoch = 1, .count = 1 };
    else if (type == WIRE_SUSPECT)
        message.suspect.leader = token;
    else if (type == WIRE_RESIGN)
        message.resign.epoch = 1;
    else if (type == WIRE_HANDOVER_REQUEST)
        message.handover_request = (struct wire_handover_request){ .epoch = 1, .key.id = { { 1 } } };
    return message;
}

static void fill_seats(struct wire_message *message, uint8_t seats) {
    message->has_roster = true;
    message->roster.expect = message->roster.count = seats;
    for (unsigned i = 0; i < seats; i++)
        message->roster.ids[i].bytes[0] = (uint8_t)(i + 1);
}

static void reopen(void) {
    outbox_close(outbox);
    ck_assert_int_eq(outbox_open(&outbox, &config), 0);
}

static size_t length_on_wire(struct send send) {
    copy_count = 0;
    add(send);
    ck_assert_uint_eq(copy_count, 1);
    return copy_length;
}

static struct send question_to_all(struct wire_message message) {
    return (struct send){ .message = message, .multicast = true };
}

/* What a node without a key asks, by unicast or multicast, is as long as what it has to hear for it, whatever that has
 * to bring. Else it would be withheld, and the node would never get a cookie. */
START_TEST(no_question_is_shorter_than_its_answer) {
    static const uint8_t types[] = { WIRE_ANNOUNCE, WIRE_ELECTION, WIRE_LEADER_ELECTED, WIRE_LEADER,
                                     WIRE_HEARTBEAT, WIRE_SUSPECT, WIRE_RESIGN, WIRE_HANDOVER_REQUEST };
    static const uint8_t answers[] = { WIRE_LEADER, WIRE_ACK, WIRE_SUSPECT, WIRE_RESIGN, WIRE_ELECTION,
                                       WIRE_LEADER_ELECTED };

    for (uint8_t seats = 0; seats <= ROSTER_MAX; seats++) {
        config.majority = seats > 0;
        reopen();
        for (unsigned i = 0; i < 2 * ARRAY_SIZE(types); i++) {
            struct wire_message asked = least_of(types[i / 2]);
            size_t length = length_on_wire(i % 2 ? question_to_all(asked) : answer(asked));

            for (unsigned j = 0; j < ARRAY_SIZE(answers); j++) {
                struct wire_message message = answers[j] == WIRE_LEADER || answers[j] == WIRE_ACK ?
                                              long_one(answers[j]) : least_of(answers[j]);

                if (seats > 0 && answers[j] != WIRE_SUSPECT && answers[j] != WIRE_RESIGN &&
                    answers[j] != WIRE_LEADER_ELECTED)
                    fill_seats(&message, seats);
                outbox_answer(outbox, &asker, length, false);
                ck_assert_uint_le(length_on_wire(answer(message)), length);
                outbox_answer(outbox, NULL, 0, false);
                ck_assert_int_eq(copies[0].message.has_roster, message.has_roster);
                ck_assert_int_eq(copies[0].message.cookie != 0, answers[j] == WIRE_ACK);
            }
        }
    }
    ck_assert_uint_eq(counters.withheld, 0);
}
END_TEST

/* To a Heartbeat that went by that way. */
static void hear_ack(const struct address *by, uint64_t cookie) {
    struct wire_message ack = least_of(WIRE_ACK);

    ack.header.boot_nonce = 100;
    ck_assert(paths_heard(paths, &ack, by, false, clock_now()));
    ack.ack.sent = clock_now() - 20000;
    paths_asked(paths, 100, by, ack.ack.sent);
    ack.cookie = cookie;
    ck_assert(paths_heard(paths, &ack, by, false, clock_now()));
}

static struct send to_known(uint8_t type) {
    struct send send = answer(least_of(type));

    send.to[0].boot_nonce = 100;
    return send;
}

static struct send question_to_known(usec_t sent) {
    struct send send = to_known(WIRE_HEARTBEAT);

    send.message.heartbeat.sent = sent;
    return send;
}

/* That of the receiver, for its address alone; nothing else tells one. */
START_TEST(an_ack_tells_a_cookie) {
    const struct address other = { .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 4000, .ifindex = USED };

    add(to_known(WIRE_ACK));
    ck_assert_uint_eq(copies[0].message.cookie, cookie_of(&secret, &asker));
    ck_assert_uint_ne(copies[0].message.cookie, cookie_of(&secret, &other));
    add(to_known(WIRE_LEADER));
    ck_assert_uint_eq(copies[1].message.cookie, 0);
}
END_TEST

/* With it the question needs no padding; but what is not answered may have a wrong one. */
START_TEST(questions_tell_back_the_cookie_of_their_way) {
    const size_t plain = 8 + 104 + 47 + strlen("default") + WIRE_MAC_SIZE, cookie = 11;
    const size_t padded = WIRE_LEADER_SIZE + WIRE_ROSTER_SIZE + strlen("default");

    config.majority = true;
    reopen();
    ck_assert_uint_eq(length_on_wire(to_known(WIRE_HEARTBEAT)), padded);
    ck_assert_uint_eq(copies[0].message.cookie, 0);
    hear_ack(&asker, 7);
    ck_assert_uint_eq(length_on_wire(question_to_known(2000)), plain + cookie);
    ck_assert_uint_eq(copies[0].message.cookie, 7);
    ck_assert_int_eq(paths_find(paths, 100, &asker)->question_sent, 2000);
    ck_assert_uint_eq(length_on_wire(to_known(WIRE_HEARTBEAT)), padded);
    ck_assert_uint_eq(copies[0].message.cookie, 7);
    hear_ack(&asker, 8);
    ck_assert_uint_eq(length_on_wire(to_known(WIRE_HEARTBEAT)), plain + cookie);
    ck_assert_uint_eq(copies[0].message.cookie, 8);
    copy_count = 0;
    add(question_to_all(least_of(WIRE_HEARTBEAT)));
    ck_assert_uint_eq(copies[0].message.cookie, 0);
}
END_TEST

/* Or nothing comes back. */
START_TEST(a_page_is_asked_for_where_there_is_a_cookie) {
    const struct wire_message heard = { .header = { .type = WIRE_LEADER, .boot_nonce = 100 } };
    const struct address better = { .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 4001, .ifindex = USED };

    hear_ack(&asker, 7);
    ck_assert(paths_heard(paths, &heard, &better, true, clock_now()));
    add(to_known(WIRE_LEADER));
    ck_assert_uint_eq(copies[0].to.port, 4001);
    add(to_known(WIRE_PAGE));
    ck_assert_uint_eq(copies[1].to.port, 4000);
    ck_assert_uint_eq(copies[1].message.cookie, 7);
}
END_TEST

/* Where another one is reached who has not shown anything: the way is that of a boot nonce, which all know. */
START_TEST(who_is_there_is_answered_there) {
    const struct wire_message heard = { .header = { .type = WIRE_LEADER, .boot_nonce = 100 } };
    const struct address other = { .family = 4, .bytes = { 198, 51, 100, 7 }, .port = 4001, .ifindex = USED };
    struct send send = answer(long_one(WIRE_LEADER));

    send.to[0].boot_nonce = 100;
    ck_assert(paths_heard(paths, &heard, &other, true, clock_now()));
    outbox_answer(outbox, &asker, 1, true);
    add(send);
    ck_assert_uint_eq(copies[0].to.port, 4000);
    ck_assert(copies[0].message.has_successors);
    outbox_answer(outbox, NULL, 0, false);
    add(send);
    ck_assert_uint_eq(copies[1].to.port, 4001);
}
END_TEST

/* As are all successors, at the same time. */
START_TEST(the_first_leader_is_told_whoever_was_the_reason) {
    struct send send = answer(long_one(WIRE_LEADER));

    send.multicast = true;
    outbox_answer(outbox, &asker, 1, false);
    add(send);
    ck_assert_uint_eq(copy_count, 2);
    ck_assert(copies[1].message.has_successors);
}
END_TEST

/* As many as are needed for an election, and not as many as a stranger has the leader send to those that it names. */
START_TEST(copies_to_successors_are_bounded) {
    struct send send = answer(long_one(WIRE_LEADER));
    uint64_t sent;

    send.multicast = true;
    for (unsigned i = 0; i < 1000; i++) {
        copy_count = 0;
        add(send);
    }
    sent = config.counters->sent[WIRE_LEADER] - 1000;
    ck_assert_uint_ge(sent, 256);
    ck_assert_uint_lt(sent, 500);
    ck_assert_uint_eq(config.counters->withheld, 1000 - sent);
}
END_TEST

/* There the gate sees to that. */
START_TEST(with_a_key_there_are_no_cookies) {
    const size_t plain = 8 + 104 + 47 + strlen("default") + WIRE_MAC_SIZE;

    use_key();
    hear_ack(&asker, 7);
    add(to_known(WIRE_ACK));
    ck_assert_uint_eq(copies[0].message.cookie, 0);
    config.majority = true;
    reopen();
    ck_assert_uint_eq(length_on_wire(to_known(WIRE_HEARTBEAT)), plain);
    ck_assert_uint_eq(copies[0].message.cookie, 0);
}
END_TEST

START_TEST(without_a_link_nothing_is_sent) {
    links_used = 0;
    add(resign(2));
    ck_assert_uint_eq(copy_count, 0);
    ck_assert_uint_eq(counters.sent[WIRE_RESIGN], 0);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("outbox");
    Suite *suite = suite_create("outbox");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_are_told_before_whoever_is_named);
    tcase_add_test(tests, peers_that_cannot_be_reached_and_the_node_itself_are_left_out);
    tcase_add_test(tests, every_copy_is_complete_and_counted);
    tcase_add_test(tests, an_interface_that_has_gone_is_left_to_the_kernel);
    tcase_add_test(tests, a_link_local_address_of_an_interface_that_has_gone_is_out_of_reach);
    tcase_add_test(tests, a_multicast_goes_out_on_all_ways_with_one_seq);
    tcase_add_test(tests, who_hears_no_multicast_looks_for_others_by_broadcast_too);
    tcase_add_test(tests, questions_take_the_best_way_and_answers_the_same_way);
    tcase_add_test(tests, farewell_names_the_leadership_and_is_the_last_word);
    tcase_add_test(tests, with_a_key_every_copy_has_its_mac);
    tcase_add_test(tests, all_but_challenges_is_encrypted_if_that_is_wanted);
    tcase_add_test(tests, a_challenge_takes_no_other_way);
    tcase_add_test(tests, no_answer_is_longer_than_a_question_of_somebody_who_may_not_be_there);
    tcase_add_test(tests, such_answers_are_limited);
    tcase_add_test(tests, no_question_is_shorter_than_its_answer);
    tcase_add_test(tests, an_ack_tells_a_cookie);
    tcase_add_test(tests, questions_tell_back_the_cookie_of_their_way);
    tcase_add_test(tests, a_page_is_asked_for_where_there_is_a_cookie);
    tcase_add_test(tests, who_is_there_is_answered_there);
    tcase_add_test(tests, the_first_leader_is_told_whoever_was_the_reason);
    tcase_add_test(tests, copies_to_successors_are_bounded);
    tcase_add_test(tests, with_a_key_there_are_no_cookies);
    tcase_add_test(tests, without_a_link_nothing_is_sent);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
