/* SPDX-License-Identifier: ISC
 *
 * test_auth.c - the MAC of a datagram, each seq once, and who has to prove that it is there.
 */
#include "auth/gate.h"
#include "auth/key.h"
#include "auth/seal.h"
#include "auth/window.h"
#include "base/bucket.h"
#include "base/places.h"
#include "base/util.h"
#include "toy_hash.h"
#include "unit/golden.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- seal ---- */

static const struct key key = { .id = 7, .secret = { 1, 2, 3 } };

/* Every message that there is, made with the key. */
static size_t sealed(unsigned i, uint8_t datagram[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = golden_vectors[i].message;
    size_t length;

    message.header.key_id = key.id;
    length = wire_encode(&message, datagram);
    ck_assert_uint_gt(length, 0);
    seal_sign(&key, toy_hash, datagram, length);
    return length;
}

START_TEST(every_bit_of_every_message_counts) {
    uint8_t datagram[WIRE_DATAGRAM_MAX];

    for (unsigned i = 0; i < golden_count; i++) {
        size_t length = sealed(i, datagram);

        ck_assert(seal_is_right(&key, toy_hash, datagram, length));
        for (size_t bit = 0; bit < 8 * length; bit++) {
            datagram[bit / 8] ^= (uint8_t)(1U << bit % 8);
            ck_assert_msg(!seal_is_right(&key, toy_hash, datagram, length), "%s, bit %zu", golden_vectors[i].name, bit);
            datagram[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}
END_TEST

START_TEST(what_was_cut_or_made_longer_is_wrong) {
    uint8_t datagram[WIRE_DATAGRAM_MAX + 1] = { 0 };
    size_t length = sealed(0, datagram);

    for (size_t other = 0; other <= length + 1; other++)
        ck_assert(seal_is_right(&key, toy_hash, datagram, other) == (other == length));
}
END_TEST

START_TEST(another_secret_is_wrong) {
    uint8_t datagram[WIRE_DATAGRAM_MAX];
    struct key other = key;

    other.secret[KEY_SIZE - 1] ^= 1;
    ck_assert(!seal_is_right(&other, toy_hash, datagram, sealed(0, datagram)));
}
END_TEST

/* ---- what others cannot read */

static const uint8_t nonce[WIRE_AEAD_NONCE_SIZE] = { 4, 5, 6 };

/* Every message that there is, encrypted with the key; plain is what it was. */
static size_t closed(unsigned i, uint8_t plain[WIRE_DATAGRAM_MAX], uint8_t datagram[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = golden_vectors[i].message;
    size_t length;

    message.header.key_id = key.id;
    message.header.flags |= WIRE_FLAG_SEALED;
    memcpy(message.header.aead_nonce, nonce, sizeof nonce);
    length = wire_encode(&message, plain);
    ck_assert_uint_gt(length, 0);
    memcpy(datagram, plain, length);
    seal_close(&key, &toy_cipher, nonce, datagram, length);
    return length;
}

START_TEST(who_has_the_key_reads_what_was_encrypted) {
    uint8_t plain[WIRE_DATAGRAM_MAX], datagram[WIRE_DATAGRAM_MAX], opened[WIRE_DATAGRAM_MAX];
    struct wire_header header;

    for (unsigned i = 0; i < golden_count; i++) {
        size_t length = closed(i, plain, datagram), begin = wire_peek_header(datagram, length, &header);

        ck_assert_uint_gt(begin, 0);
        ck_assert_mem_eq(datagram, plain, begin);
        ck_assert_mem_ne(datagram + begin, plain + begin, length - WIRE_MAC_SIZE - begin);
        ck_assert(seal_open(&key, &toy_cipher, datagram, length, opened));
        ck_assert_mem_eq(opened, plain, length - WIRE_MAC_SIZE);
    }
}
END_TEST

START_TEST(every_bit_of_what_was_encrypted_counts) {
    uint8_t plain[WIRE_DATAGRAM_MAX], datagram[WIRE_DATAGRAM_MAX], opened[WIRE_DATAGRAM_MAX];
    struct key other = key;

    other.secret[0] ^= 1;
    for (unsigned i = 0; i < golden_count; i++) {
        size_t length = closed(i, plain, datagram);

        for (size_t bit = 0; bit < 8 * length; bit++) {
            datagram[bit / 8] ^= (uint8_t)(1U << bit % 8);
            ck_assert_msg(!seal_open(&key, &toy_cipher, datagram, length, opened), "%s, bit %zu",
                          golden_vectors[i].name, bit);
            datagram[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t cut = 0; cut < length; cut++)
            ck_assert(!seal_open(&key, &toy_cipher, datagram, cut, opened));
        ck_assert(!seal_open(&other, &toy_cipher, datagram, length, opened));
    }
}
END_TEST

START_TEST(what_was_not_encrypted_is_not_opened) {
    uint8_t datagram[WIRE_DATAGRAM_MAX + 1] = { 0 }, opened[WIRE_DATAGRAM_MAX];

    ck_assert(!seal_open(&key, &toy_cipher, datagram, sealed(0, datagram), opened));
    ck_assert(!seal_open(&key, &toy_cipher, datagram, sizeof datagram, opened));
}
END_TEST

START_TEST(keys_are_found_by_their_id) {
    const struct keys keys = { 2, { key, { .id = 9 } } };

    ck_assert_ptr_eq(keys_find(&keys, 7), &keys.list[0]);
    ck_assert_ptr_eq(keys_find(&keys, 9), &keys.list[1]);
    ck_assert_ptr_null(keys_find(&keys, 8));
    ck_assert_ptr_null(keys_find(&keys, 0));
}
END_TEST

#define SECRET "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F"
#define OTHER "ffe102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

START_TEST(a_key_file_has_one_key_a_line) {
    static const char text[] = "# a comment\n\n7 " SECRET "\n \t9\t" OTHER " \r\n#8 " SECRET;
    struct keys keys;
    unsigned line;

    ck_assert_ptr_null(keys_parse(text, strlen(text), &keys, &line));
    ck_assert_uint_eq(keys.count, 2);
    ck_assert_uint_eq(keys.list[0].id, 7);
    ck_assert_uint_eq(keys.list[1].id, 9);
    for (unsigned i = 0; i < KEY_SIZE; i++)
        ck_assert_uint_eq(keys.list[0].secret[i], i);
    ck_assert_uint_eq(keys.list[1].secret[0], 0xff);
    ck_assert(keys_equal(&keys, &keys));
}
END_TEST

START_TEST(what_is_wrong_in_a_key_file_is_told_with_its_line) {
    static const struct {
        const char *text;
        unsigned line;
    } wrong[] = {
        { "", 0 }, { "# nothing\n\n", 0 }, { SECRET, 1 }, { "1\n", 1 }, { "0 " SECRET, 1 }, { "65536 " SECRET, 1 },
        { "-1 " SECRET, 1 }, { "1 " SECRET "00", 1 }, { "\n1 " SECRET " x", 2 }, { "1 " SECRET "\n1 " OTHER, 2 },
        { "1 00010203", 1 }, { "1 x" SECRET, 1 }, { "1 " SECRET "\n2 00", 2 }, { "one " SECRET, 1 },
        { "1 0000000000000000000000000000000000000000000000000000000000000000", 1 },
        { "1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 1 },
        { "1 " SECRET "\n2 " OTHER "\n3 " OTHER "\n4 " OTHER "\n5 " OTHER "\n6 " OTHER "\n7 " OTHER "\n8 " OTHER
          "\n9 " OTHER, 9 },
    };
    static const struct keys none;
    static char longest[300];
    struct keys keys;
    unsigned line;

    for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
        const char *told = keys_parse(wrong[i].text, strlen(wrong[i].text), &keys, &line);

        ck_assert_msg(told, "accepted: %s", wrong[i].text);
        ck_assert_msg(!strstr(told, "0001"), "tells a secret: %s", told);
        ck_assert_uint_eq(line, wrong[i].line);
        ck_assert_mem_eq(&keys, &none, sizeof keys);
    }
    ck_assert_ptr_nonnull(keys_parse("1 " SECRET "\0", strlen("1 " SECRET) + 1, &keys, &line));
    memset(longest, '#', sizeof longest);
    ck_assert_ptr_nonnull(keys_parse(longest, sizeof longest, &keys, &line));
}
END_TEST

START_TEST(other_keys_and_another_order_are_not_equal) {
    const struct keys a = { 2, { { .id = 1, .secret = { 1 } }, { .id = 2, .secret = { 2 } } } };
    struct keys b = { 2, { a.list[1], a.list[0] } };

    ck_assert(!keys_equal(&a, &b));
    b = a;
    ck_assert(keys_equal(&a, &b));
    b.list[1].secret[KEY_SIZE - 1] = 1;
    ck_assert(!keys_equal(&a, &b));
    b = a;
    b.count = 1;
    ck_assert(!keys_equal(&a, &b));
}
END_TEST

/* ---- window ---- */

START_TEST(each_seq_passes_once) {
    struct window window = { 0 };

    window_raise(&window, 10);
    ck_assert_int_eq(window_note(&window, 10), WINDOW_OLD);
    ck_assert_int_eq(window_note(&window, 9), WINDOW_OLD);
    for (uint64_t seq = 1000; seq > 11; seq -= 50) { /* in the wrong order */
        ck_assert_int_eq(window_note(&window, seq), WINDOW_NEW);
        ck_assert_int_eq(window_note(&window, seq), WINDOW_SEEN);
    }
    ck_assert_int_eq(window_note(&window, 1000), WINDOW_SEEN);
}
END_TEST

START_TEST(what_is_below_a_full_list_is_old) {
    struct window window = { 0 };
    uint64_t seq;

    for (seq = 100; seq < 100 + WINDOW_SIZE; seq++)
        ck_assert_int_eq(window_note(&window, seq), WINDOW_NEW);
    ck_assert_int_eq(window_note(&window, 50), WINDOW_NEW); /* nobody knows better */
    ck_assert_int_eq(window_note(&window, 50), WINDOW_OLD);
    ck_assert_int_eq(window_note(&window, 49), WINDOW_OLD);
    ck_assert_int_eq(window_note(&window, 51), WINDOW_NEW);
    ck_assert_int_eq(window_note(&window, seq), WINDOW_NEW);
    ck_assert_int_eq(window_note(&window, 100), WINDOW_OLD);
    ck_assert_int_eq(window_note(&window, 101), WINDOW_SEEN);
}
END_TEST

/* The last word of a sentinel has the highest seq of all. */
START_TEST(the_highest_seq_does_not_end_it) {
    struct window window = { 0 };

    ck_assert_int_eq(window_note(&window, UINT64_MAX), WINDOW_NEW);
    for (uint64_t seq = 1; seq < 1000; seq++)
        ck_assert_int_eq(window_note(&window, seq), WINDOW_NEW);
    ck_assert_int_eq(window_note(&window, UINT64_MAX), WINDOW_SEEN);
}
END_TEST

/* Against a list of all that was ever accepted: nothing passes twice, and what is new and above the floor passes. */
START_TEST(nothing_passes_twice_in_whatever_order) {
    static bool passed[4096];
    uint8_t seed[RNG_SEED_SIZE] = { (uint8_t)_i };
    struct window window = { 0 };
    struct rng rng;

    memset(passed, 0, sizeof passed);
    rng_seed(&rng, seed);
    for (int64_t base = 1; base < 4000; base += rng_between(&rng, 0, 2)) {
        uint64_t seq = (uint64_t)rng_between(&rng, base > 90 ? base - 90 : 1, base + 9), floor = window.floor;
        enum window_verdict verdict = window_note(&window, seq);

        ck_assert_int_eq(verdict, seq <= floor ? WINDOW_OLD : passed[seq] ? WINDOW_SEEN : WINDOW_NEW);
        passed[seq] |= verdict == WINDOW_NEW;
    }
}
END_TEST

/* ---- two nodes and what is between them ---- */

enum { NODES = 3, SENDERS = 40 };

struct node {
    struct gate *gate;
    void *memory;
    uint64_t boot_nonce, seq;
    uint32_t incarnation;
    struct node_id id;
    struct address address;
};

static struct node nodes[NODES];
static usec_t now;

static void start(struct node *node) {
    struct gate_config config = { .boot_nonce = ++nodes[0].boot_nonce << 8, .senders_max = SENDERS };

    config.seed[0] = (uint8_t)(config.boot_nonce >> 8);
    free(node->memory);
    node->memory = calloc(1, gate_size(SENDERS));
    node->boot_nonce = config.boot_nonce;
    node->gate = gate_init(node->memory, &config);
    node->incarnation++;
    node->seq = 0;
}

static void setup(void) {
    now = 1000 * USEC_PER_SEC;
    memset(nodes, 0, sizeof nodes);
    for (unsigned i = NODES; i-- > 0;) {
        nodes[i].id = (struct node_id){ { (uint8_t)(i + 1) } };
        nodes[i].address = (struct address){ .family = 4, .bytes = { 192, 0, 2, (uint8_t)i }, .port = 29418 };
        start(&nodes[i]);
    }
}

static void teardown(void) {
    for (unsigned i = 0; i < NODES; i++)
        free(nodes[i].memory);
}

/* A datagram as it is on its way, and can be recorded there. */
struct datagram {
    struct wire_message message;
    struct address source;
    size_t length;
    uint8_t bytes[WIRE_DATAGRAM_MAX];
};

static struct datagram send_as(struct node *from, struct wire_message message, const uint64_t *to) {
    struct datagram datagram = { .message = message, .source = from->address };
    struct wire_header *header = &datagram.message.header;

    header->key_id = 1;
    memcpy(header->cluster, "c", 2);
    header->sender = from->id;
    header->incarnation = from->incarnation;
    header->boot_nonce = from->boot_nonce;
    header->seq = ++from->seq;
    header->flags = to ? WIRE_FLAG_UNICAST : 0;
    header->receiver_nonce = to ? *to : 0;
    gate_sent(from->gate, header, now);
    datagram.length = wire_encode(&datagram.message, datagram.bytes);
    ck_assert_uint_gt(datagram.length, 0);
    return datagram;
}

static struct datagram multicast(struct node *from) {
    struct wire_message message = { .header = { .type = WIRE_SUSPECT },
                                    .suspect = { .leader = { 1, { { 1 } } }, .nonce = 1 } };

    return send_as(from, message, NULL);
}

static struct datagram unicast(struct node *from, uint64_t receiver_nonce) {
    struct wire_message message = { .header = { .type = WIRE_HEARTBEAT }, .heartbeat = { .exchange = 1, .try = 1 } };

    return send_as(from, message, &receiver_nonce);
}

static enum gate_verdict judge(struct node *at, const struct datagram *datagram) {
    const struct gate_datagram heard = { datagram->bytes, datagram->length, datagram->source, 5 };

    return gate_judge(at->gate, &heard, &datagram->message, now);
}

static struct node *node_at(const struct address *address) {
    for (unsigned i = 0; i < NODES; i++)
        if (address_equal(&nodes[i].address, address))
            return &nodes[i];
    return NULL;
}

/* What the gate wants to send; there is exactly that. */
static struct datagram challenge_of(struct node *node) {
    struct gate_challenge challenge, further;
    struct wire_message message = { .header = { .type = WIRE_CHALLENGE } };

    ck_assert(gate_next(node->gate, now, &challenge));
    ck_assert(!gate_next(node->gate, now, &further));
    message.challenge = challenge.body;
    return send_as(node, message, &challenge.receiver_nonce);
}

/* What a sends to b, which does not know it, to prove that it is there: b has heard `hint` and asked. */
static struct datagram proof_of(struct node *a, struct node *b, const struct datagram *hint) {
    struct datagram asked;

    ck_assert_int_eq(judge(b, hint), GATE_UNPROVEN);
    asked = challenge_of(b);
    ck_assert_int_eq(judge(a, &asked), GATE_ASKED);
    return challenge_of(a);
}

static bool wants_nothing(struct node *node) {
    struct gate_challenge challenge;

    return !gate_next(node->gate, now, &challenge);
}

/* All Challenges reach whom they are for. */
static void exchange(void) {
    for (bool any = true; any;) {
        struct gate_challenge challenge;

        any = false;
        for (unsigned i = 0; i < NODES; i++)
            while (gate_next(nodes[i].gate, now, &challenge)) {
                struct wire_message message = { .header = { .type = WIRE_CHALLENGE }, .challenge = challenge.body };
                struct datagram sent = send_as(&nodes[i], message, &challenge.receiver_nonce);
                struct node *to = node_at(&challenge.to);

                any = true;
                if (to)
                    judge(to, &sent);
            }
    }
}

static void become_acquainted(struct node *a, struct node *b) {
    struct datagram hint = multicast(a);
    struct gate_datagram kept;

    judge(b, &hint);
    now += 20 * USEC_PER_MS; /* in clusters of many it takes a while until all are asked */
    exchange();
    while (gate_kept(b->gate, &kept))
        continue;
}

START_TEST(a_multicast_waits_for_one_round_trip) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint = multicast(a), asked, answered, thanks;
    struct gate_datagram kept;

    ck_assert_int_eq(judge(b, &hint), GATE_UNPROVEN);
    ck_assert(!gate_kept(b->gate, &kept));
    asked = challenge_of(b);
    ck_assert_uint_le(asked.length, hint.length);
    ck_assert_uint_eq(asked.message.header.receiver_nonce, a->boot_nonce);
    ck_assert_int_eq(judge(a, &asked), GATE_ASKED);
    answered = challenge_of(a);
    ck_assert_int_eq(judge(b, &answered), GATE_PROOF);
    ck_assert(gate_kept(b->gate, &kept));
    ck_assert_uint_eq(kept.length, hint.length);
    ck_assert_mem_eq(kept.bytes, hint.bytes, hint.length);
    ck_assert(address_equal(&kept.source, &a->address));
    ck_assert_uint_eq(kept.mark, 5);
    ck_assert_int_eq(judge(b, &hint), GATE_PASSES);
    ck_assert(!gate_kept(b->gate, &kept));
    ck_assert_int_eq(judge(b, &hint), GATE_REPEATED);
    thanks = challenge_of(b);
    ck_assert_int_eq(judge(a, &thanks), GATE_PROOF);
    ck_assert(wants_nothing(a) && wants_nothing(b));
    hint = multicast(b);
    ck_assert_int_eq(judge(a, &hint), GATE_PASSES);
}
END_TEST

START_TEST(a_unicast_passes_once) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram one;

    become_acquainted(a, b);
    one = unicast(a, b->boot_nonce);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    ck_assert_int_eq(judge(b, &one), GATE_REPLAYED);
}
END_TEST

/* As many as a window has room for later, too. */
START_TEST(a_unicast_passes_never_again) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram first, one;

    become_acquainted(a, b);
    first = unicast(a, b->boot_nonce);
    judge(b, &first);
    for (unsigned i = 0; i < 3 * WINDOW_SIZE; i++) {
        one = unicast(a, b->boot_nonce);
        ck_assert_int_eq(judge(b, &one), GATE_PASSES);
        ck_assert_int_eq(judge(b, &first), GATE_REPLAYED);
    }
}
END_TEST

START_TEST(a_unicast_for_somebody_else_is_not_taken) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram one;

    become_acquainted(a, b);
    one = unicast(a, 12345);
    ck_assert_int_eq(judge(b, &one), GATE_UNMEANT);
    one = unicast(a, 0);
    ck_assert_int_eq(judge(b, &one), GATE_UNMEANT);
    one = challenge_of(b); /* so that its sender learns whom it is speaking to */
    ck_assert_int_eq(judge(a, &one), GATE_ASKED);
    ck_assert_uint_eq(gate_receiver(a->gate, 12345, &b->address), b->boot_nonce);
}
END_TEST

/* The whole traffic of an earlier start of the sender, on its way to a receiver that knew it. */
START_TEST(nothing_of_an_earlier_start_of_the_sender_passes) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram heard, unheard, now_one;

    become_acquainted(a, b);
    heard = multicast(a);
    ck_assert_int_eq(judge(b, &heard), GATE_PASSES);
    unheard = multicast(a);
    start(a);
    become_acquainted(a, b);
    ck_assert_uint_eq(gate_count(b->gate), 1);
    now += 5 * USEC_PER_SEC;
    ck_assert_int_eq(judge(b, &heard), GATE_UNPROVEN);
    exchange();
    ck_assert_int_eq(judge(b, &heard), GATE_UNPROVEN);
    ck_assert_int_eq(judge(b, &unheard), GATE_UNPROVEN);
    exchange();
    ck_assert_int_eq(judge(b, &unheard), GATE_UNPROVEN);
    now_one = multicast(a);
    ck_assert_int_eq(judge(b, &now_one), GATE_PASSES);
}
END_TEST

/* Within the two seconds for which the nonces are good: what has been a proof is none any more. */
START_TEST(nothing_passes_twice_when_its_sender_starts_again_at_once) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint = multicast(a), proof = proof_of(a, b, &hint), heard;

    ck_assert_int_eq(judge(b, &proof), GATE_PROOF);
    exchange();
    heard = multicast(a);
    ck_assert_int_eq(judge(b, &heard), GATE_PASSES);
    start(a);
    become_acquainted(a, b);
    ck_assert_int_eq(judge(b, &proof), GATE_REPLAYED);
    ck_assert_int_eq(judge(b, &heard), GATE_UNPROVEN);
    ck_assert_uint_eq(gate_count(b->gate), 1);
}
END_TEST

/* Many may start again at once: whoever is the first must not spoil the proofs of the others. */
START_TEST(a_start_takes_nothing_from_proofs_under_way) {
    struct node *a = &nodes[1], *b = &nodes[2], *c = &nodes[0];
    struct datagram hint, proof;

    become_acquainted(a, b);
    hint = multicast(c);
    proof = proof_of(c, b, &hint);
    start(a);
    become_acquainted(a, b);
    ck_assert_int_eq(judge(b, &proof), GATE_PROOF);
}
END_TEST

/* The receiver has forgotten all; the sender lives, and proves that, while old datagrams of it come again. */
START_TEST(nothing_from_before_a_restart_of_the_receiver_passes) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct gate_datagram kept;
    struct datagram old_multicast, old_unicast;

    become_acquainted(a, b);
    old_multicast = multicast(a);
    old_unicast = unicast(a, b->boot_nonce);
    now += 10 * USEC_PER_SEC;
    start(b);
    ck_assert_int_eq(judge(b, &old_multicast), GATE_UNPROVEN);
    exchange(); /* the sender answers */
    while (gate_kept(b->gate, &kept))
        ck_assert_mem_eq(kept.bytes, old_multicast.bytes, kept.length);
    ck_assert_int_eq(judge(b, &old_multicast), GATE_REPLAYED);
    ck_assert_int_eq(judge(b, &old_unicast), GATE_REPLAYED);
}
END_TEST

/* It was recorded, but did not arrive: its seq is new. */
START_TEST(what_was_held_back_for_long_does_not_pass) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram held, one;

    become_acquainted(a, b);
    held = multicast(a);
    for (unsigned i = 0; i < 6; i++, now += USEC_PER_SEC) {
        one = unicast(a, b->boot_nonce);
        ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    }
    ck_assert_int_eq(judge(b, &held), GATE_REPLAYED);
    one = multicast(a);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
}
END_TEST

START_TEST(who_was_silent_for_long_has_to_prove_again_that_it_is_there) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct gate_datagram kept;
    struct datagram held, one;

    become_acquainted(a, b);
    held = multicast(a);
    one = multicast(a);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    now += 31 * USEC_PER_SEC;
    ck_assert_int_eq(judge(b, &one), GATE_REPEATED);
    ck_assert_int_eq(judge(b, &held), GATE_UNPROVEN);
    exchange();
    while (gate_kept(b->gate, &kept))
        continue;
    ck_assert_int_eq(judge(b, &held), GATE_REPLAYED);
    one = multicast(a);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
}
END_TEST

/* Each piece that is let go would make room for the next. */
START_TEST(what_was_held_back_passes_until_its_sender_is_asked) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram held[10];

    become_acquainted(a, b);
    for (unsigned i = 0; i < ARRAY_SIZE(held); i++) {
        held[i] = multicast(a);
        held[i].source.bytes[3] = 99; /* it is asked where it is */
    }
    now += 15 * USEC_PER_SEC;
    ck_assert_int_eq(judge(b, &held[0]), GATE_PASSES);
    ck_assert(wants_nothing(b));
    now += 10 * USEC_PER_SEC;
    ck_assert_int_eq(judge(b, &held[1]), GATE_PASSES);
    exchange();
    for (unsigned i = 2; i < ARRAY_SIZE(held); i++)
        ck_assert_int_eq(judge(b, &held[i]), GATE_REPLAYED);
}
END_TEST

/* It hears everything, and is heard by nobody. */
START_TEST(who_is_heard_by_nobody_goes_on_to_hear) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct gate_challenge lost;
    struct datagram one;
    unsigned asked = 0;

    become_acquainted(a, b);
    for (unsigned i = 0; i < 20; i++) {
        now += 10 * USEC_PER_SEC;
        one = multicast(a);
        ck_assert_int_eq(judge(b, &one), GATE_PASSES);
        asked += gate_next(b->gate, now, &lost);
    }
    ck_assert_uint_eq(asked, 19); /* from 20 s on */
}
END_TEST

/* All datagrams between two, each of which is heard by the other once a second. */
START_TEST(who_is_heard_by_unicast_is_asked_again_in_time) {
    struct node *a = &nodes[1], *b = &nodes[2];
    uint64_t sent = 0;

    become_acquainted(a, b);
    for (unsigned second = 0; second < 200; second++, now += USEC_PER_SEC) {
        struct datagram heartbeat = unicast(a, b->boot_nonce), ack;

        ck_assert_int_eq(judge(b, &heartbeat), GATE_PASSES);
        sent -= a->seq + b->seq;
        exchange();
        sent += a->seq + b->seq;
        ack = unicast(b, a->boot_nonce);
        ck_assert_int_eq(judge(a, &ack), GATE_PASSES);
        sent -= a->seq + b->seq;
        exchange();
        sent += a->seq + b->seq;
    }
    ck_assert_uint_eq(sent, 4 * 9); /* each, every 20 s */
}
END_TEST

/* Whoever overhears a unicast, and is faster, says that it comes from somewhere else. */
START_TEST(only_a_proof_tells_where_its_sender_is) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram one;

    become_acquainted(a, b);
    one = unicast(a, b->boot_nonce);
    one.source.bytes[3] = 99;
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    ck_assert(address_equal(gate_address(b->gate, a->boot_nonce), &a->address));
    now += 25 * USEC_PER_SEC;
    one = unicast(a, b->boot_nonce);
    one.source.bytes[3] = 99;
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    ck_assert_uint_eq(challenge_of(b).message.header.receiver_nonce, a->boot_nonce); /* and nothing to the other */
    ck_assert(address_equal(gate_address(b->gate, a->boot_nonce), &a->address));
}
END_TEST

START_TEST(a_challenge_that_is_sent_again_changes_nothing) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint = multicast(a), answered = proof_of(a, b, &hint);

    now += 3 * USEC_PER_SEC; /* the nonce is over */
    ck_assert_int_eq(judge(b, &answered), GATE_REPLAYED);
    ck_assert_uint_eq(gate_count(b->gate), 0);
    ck_assert_int_eq(judge(&nodes[0], &answered), GATE_UNMEANT);
    hint = multicast(a);
    judge(b, &hint);
    exchange();
    ck_assert_uint_eq(gate_count(b->gate), 1);
    ck_assert_int_eq(judge(b, &answered), GATE_REPLAYED);
}
END_TEST

/* Whoever has recorded a question has as many answers as it likes, else, and nobody else gets one. */
START_TEST(a_question_to_another_start_is_not_answered) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint = multicast(a), asked;

    judge(b, &hint);
    asked = challenge_of(b);
    ck_assert_int_eq(judge(&nodes[0], &asked), GATE_UNMEANT);
    ck_assert(wants_nothing(&nodes[0]));
    start(a);
    ck_assert_int_eq(judge(a, &asked), GATE_UNMEANT);
    ck_assert(wants_nothing(a));
}
END_TEST

static void hear_from(struct node *at, struct node *from, struct address source, usec_t when) {
    struct datagram heard = multicast(from);
    const struct gate_datagram copy = { heard.bytes, heard.length, source, 5 };

    gate_ask_way(at->gate, &copy, &heard.message.header, when);
}

static struct datagram ask_way(struct node *at, struct node *whose, struct address source, usec_t when) {
    hear_from(at, whose, source, when);
    return challenge_of(at);
}

START_TEST(who_is_known_is_answered_once) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint, asked;

    become_acquainted(a, b);
    for (unsigned silent = 0; silent < 2; silent++) {
        now += silent * 40 * USEC_PER_SEC; /* then b has to prove itself again, but a remembers what it has said */
        asked = ask_way(b, a, a->address, now += 2 * USEC_PER_SEC);
        ck_assert_int_eq(judge(a, &asked), GATE_ASKED);
        ck_assert_int_eq(challenge_of(a).message.challenge.asked != 0, silent);
        ck_assert_int_eq(judge(a, &asked), GATE_REPLAYED);
        ck_assert(wants_nothing(a));
    }
    hint = multicast(b);
    ck_assert_int_eq(judge(a, &hint), GATE_UNPROVEN);
}
END_TEST

/* It was recorded before its sender started again, and is sent more often than Challenges may be. */
START_TEST(what_strangers_ask_takes_nothing_from_those_that_are_known) {
    struct node *a = &nodes[1], *b = &nodes[2], *c = &nodes[0];
    struct gate_challenge challenge;
    unsigned answers = 0;
    struct datagram hint = multicast(a), recorded, asked;

    judge(b, &hint);
    recorded = challenge_of(b);
    become_acquainted(c, a);
    for (unsigned i = 0; i < 5000; i++) {
        ck_assert_int_eq(judge(a, &recorded), GATE_ASKED);
        answers += gate_next(a->gate, now, &challenge);
    }
    ck_assert_uint_ge(answers, 900);
    ck_assert_uint_lt(answers, 2000);
    asked = ask_way(c, a, a->address, now + 2 * USEC_PER_SEC);
    ck_assert_int_eq(judge(a, &asked), GATE_ASKED);
    ck_assert(gate_next(a->gate, now, &challenge));
    ck_assert_uint_eq(challenge.body.answered, asked.message.challenge.asked);
}
END_TEST

/* Any unicast for another node, sent again from ever other ports. */
START_TEST(what_is_asked_elsewhere_takes_nothing_from_those_that_are_known) {
    struct node *a = &nodes[1], *b = &nodes[2], *c = &nodes[0];
    struct gate_challenge challenge;
    struct datagram recorded, asked;
    unsigned sent = 0;

    become_acquainted(a, b);
    become_acquainted(c, b);
    recorded = unicast(a, 12345);
    for (unsigned i = 0; i < 3000; i++) {
        recorded.source.port = (uint16_t)(1000 + i);
        judge(b, &recorded);
        sent += gate_next(b->gate, now, &challenge);
    }
    ck_assert_uint_ge(sent, 900);
    ck_assert_uint_lt(sent, 2000);
    asked = ask_way(c, b, b->address, now + 2 * USEC_PER_SEC);
    ck_assert_int_eq(judge(b, &asked), GATE_ASKED);
    ck_assert_uint_eq(challenge_of(b).message.challenge.answered, asked.message.challenge.asked);
}
END_TEST

/* Else a small question has a large answer, or one answer has another. */
START_TEST(no_challenge_is_longer_than_what_it_answers) {
    struct node *a = &nodes[1], *b = &nodes[2];
    const struct wire_message stale = { .header = { .type = WIRE_STALE }, .stale = { .incarnation = 1 } };
    struct datagram one = send_as(a, stale, &b->boot_nonce);

    ck_assert_int_eq(judge(b, &one), GATE_UNPROVEN);
    ck_assert(wants_nothing(b));
    for (unsigned i = 0; i < golden_count; i++) {
        struct datagram two = send_as(&nodes[0], golden_vectors[i].message, NULL);

        teardown();
        setup();
        judge(b, &two);
        if (two.message.header.type != WIRE_CHALLENGE && !wants_nothing(b))
            ck_assert_uint_ge(two.length, WIRE_CHALLENGE_SIZE + 1);
    }
}
END_TEST

START_TEST(one_that_never_answers_is_asked_ever_less_often) {
    struct node *a = &nodes[1], *b = &nodes[2];
    unsigned asked = 0;

    for (unsigned i = 0; i < 10000; i++, now += USEC_PER_MS) {
        struct datagram hint = multicast(a);
        struct gate_challenge challenge;

        judge(b, &hint);
        asked += gate_next(b->gate, now, &challenge);
    }
    ck_assert_uint_ge(asked, 8);
    ck_assert_uint_le(asked, 16);
}
END_TEST

START_TEST(a_way_is_asked_for_once_a_second) {
    const struct address other = { .family = 4, .bytes = { 198, 51, 100, 1 }, .port = 1 };
    const struct wire_message farewell = { .header = { .type = WIRE_FAREWELL }, .farewell.leader = { 1, { { 1 } } } };
    struct node *a = &nodes[1], *b = &nodes[2];
    struct gate_challenge challenge;
    struct datagram last = send_as(a, farewell, NULL);
    const struct gate_datagram small = { last.bytes, last.length, other, 5 };

    become_acquainted(a, b);
    gate_ask_way(b->gate, &small, &last.message.header, now);
    ck_assert(wants_nothing(b)); /* a Challenge is longer */
    hear_from(b, a, other, now);
    hear_from(b, a, other, now);
    ck_assert(gate_next(b->gate, now, &challenge));
    ck_assert(address_equal(&challenge.to, &other));
    ck_assert(wants_nothing(b));
    now += USEC_PER_SEC;
    hear_from(b, a, other, now);
    ck_assert(!wants_nothing(b));
    hear_from(b, &nodes[0], other, now);
    ck_assert(wants_nothing(b));
}
END_TEST

/* Copies of its multicasts, from false sources, must not keep the node that has moved from being found. */
START_TEST(a_unicast_from_elsewhere_is_asked_at_once) {
    const struct address other = { .family = 4, .bytes = { 198, 51, 100, 1 }, .port = 1 };
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram one;

    become_acquainted(a, b);
    hear_from(b, a, other, now);
    challenge_of(b);
    a->address.bytes[3] = 50;
    one = unicast(a, b->boot_nonce);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    gate_ask_way(b->gate, &(struct gate_datagram){ one.bytes, one.length, one.source, 5 }, &one.message.header, now);
    exchange();
    ck_assert(address_equal(gate_address(b->gate, a->boot_nonce), &a->address));
}
END_TEST

/* Nobody has answered any of them yet, and each second there is an Ack. */
START_TEST(a_successor_that_does_not_answer_does_not_keep_the_others_from_it) {
    struct node *leader = &nodes[0], *b = &nodes[2];
    struct wire_message ack = { .header = { .type = WIRE_ACK }, .has_successors = true,
                                .ack = { .epoch = 1, .count = 3 } };
    unsigned asked[3] = { 0 };

    become_acquainted(leader, b);
    become_acquainted(&nodes[1], b);
    ack.successors.count = 3;
    for (uint8_t i = 0; i < 3; i++)
        ack.successors.list[i] = (struct wire_successor){
            .id = { { (uint8_t)(2 + i * 40) } },
            .eligible = true,
            .address = { .family = 4, .bytes = { 192, 0, 2, (uint8_t)(1 + i) }, .port = 1 },
        };
    for (unsigned second = 0; second < 60; second++, now += USEC_PER_SEC) {
        struct datagram one = send_as(leader, ack, &b->boot_nonce);
        struct gate_challenge challenge;

        judge(b, &one);
        while (gate_next(b->gate, now, &challenge))
            if (challenge.to.bytes[3] > 0 && challenge.to.bytes[3] < 4)
                asked[challenge.to.bytes[3] - 1]++;
    }
    ck_assert_uint_ge(asked[0], 10); /* from 20 s on, where it was and, as often, where it is said to be */
    ck_assert_uint_le(asked[0], 20);
    ck_assert_uint_ge(asked[1], 20);
    ck_assert_uint_ge(asked[2], 20);
}
END_TEST

/* Whoever leads looks after those who seek a leader. */
START_TEST(a_follower_leaves_announces_to_its_leader_and_meets_the_next_in_line) {
    struct node *leader = &nodes[0], *a = &nodes[1], *b = &nodes[2];
    struct wire_message ack = { .header = { .type = WIRE_ACK }, .has_successors = true };
    const struct wire_message announce = { .header = { .type = WIRE_ANNOUNCE } };
    struct datagram one;

    leader->id = (struct node_id){ { 77 } };
    become_acquainted(leader, b);
    ack.ack = (struct wire_ack){ .epoch = 1, .count = 3 };
    ack.successors.count = 1;
    ack.successors.list[0] = (struct wire_successor){ .id = a->id, .eligible = true, .address = a->address };
    one = send_as(leader, ack, &b->boot_nonce);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    one = challenge_of(b);
    ck_assert_uint_eq(one.message.challenge.answered, 0);
    ck_assert_int_eq(judge(a, &one), GATE_ASKED);
    exchange();
    ck_assert_uint_eq(gate_count(b->gate), 2);
    ck_assert_uint_eq(gate_count(a->gate), 1);
    start(a);
    one = send_as(a, announce, NULL);
    ck_assert_int_eq(judge(b, &one), GATE_UNPROVEN);
    ck_assert(wants_nothing(b));
    now += 10 * USEC_PER_SEC;
    ck_assert_int_eq(judge(b, &one), GATE_UNPROVEN);
    ck_assert(!wants_nothing(b));
}
END_TEST

/* Another node, known by its number. */
static struct node introduced(uint64_t number) {
    struct node stranger = nodes[1];

    stranger.id = (struct node_id){ { 200, (uint8_t)number } };
    stranger.boot_nonce = number << 40;
    return stranger;
}

static void introduce(struct node *at, uint64_t number) {
    struct wire_message proof = { .header = { .type = WIRE_CHALLENGE } };
    struct node stranger = introduced(number);
    struct gate_challenge asked;
    struct datagram sent;

    sent = multicast(&stranger);
    judge(at, &sent);
    now += 20 * USEC_PER_MS;
    while (gate_next(at->gate, now, &asked))
        proof.challenge.answered = asked.body.asked;
    sent = send_as(&stranger, proof, &at->boot_nonce);
    judge(at, &sent);
}

START_TEST(who_was_heard_lately_is_not_forgotten_for_somebody_new) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram one;

    become_acquainted(a, b);
    for (uint64_t i = 1; i < SENDERS + 10; i++)
        introduce(b, i);
    ck_assert_uint_eq(gate_count(b->gate), SENDERS);
    one = multicast(a);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
    now += 31 * USEC_PER_SEC;
    become_acquainted(a, b);
    for (uint64_t i = 100; i < 100 + SENDERS - 1; i++)
        introduce(b, i);
    ck_assert_uint_eq(gate_count(b->gate), SENDERS);
    one = multicast(a);
    ck_assert_int_eq(judge(b, &one), GATE_PASSES);
}
END_TEST

/* Of 39 that are known each is heard from two addresses, and asked, before the one that is not known is. */
START_TEST(what_is_kept_stays_when_others_are_asked) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint;
    struct gate_challenge challenge;
    unsigned asked = 0;

    for (uint64_t i = 1; i < SENDERS; i++)
        introduce(b, i);
    now += 21 * USEC_PER_SEC;
    hint = multicast(a);
    ck_assert_int_eq(judge(b, &hint), GATE_UNPROVEN);
    for (uint64_t i = 0; i < 2 * (SENDERS - 1); i++) {
        struct node one = introduced(i % (SENDERS - 1) + 1);
        struct datagram to_other;

        now++;
        one.seq = 100 + i;
        one.address.port = (uint16_t)i;
        to_other = i % 2 ? multicast(&one) : unicast(&one, 12345);
        judge(b, &to_other);
    }
    now += 20 * USEC_PER_MS;
    while (gate_next(b->gate, now, &challenge))
        asked += challenge.receiver_nonce == a->boot_nonce;
    ck_assert_uint_eq(asked, 1);
}
END_TEST

/* ---- the small tools of it ---- */

START_TEST(a_bucket_has_so_many_and_then_so_many_a_second) {
    struct bucket bucket = { 0 };
    unsigned taken = 0;

    for (unsigned i = 0; i < 100; i++)
        taken += bucket_take(&bucket, 10, 5, now);
    ck_assert_uint_eq(taken, 5);
    for (usec_t end = now + 10 * USEC_PER_SEC; now < end; now += USEC_PER_MS)
        taken += bucket_take(&bucket, 10, 5, now);
    ck_assert_uint_ge(taken, 104);
    ck_assert_uint_le(taken, 106);
}
END_TEST

START_TEST(places_find_what_was_put_and_not_removed) {
    enum { ENTRIES = 100 };
    struct place slots[256] = { { 0, 0 } };
    uint32_t expected[4 * ENTRIES];
    uint8_t seed[RNG_SEED_SIZE] = { 3 };
    struct places places;
    struct rng rng;
    unsigned count = 0;

    ck_assert_uint_eq(places_slots(ENTRIES), ARRAY_SIZE(slots));
    places_begin(&places, slots, places_slots(ENTRIES), 99);
    rng_seed(&rng, seed);
    memset(expected, 0xff, sizeof expected);
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t number = (uint64_t)rng_between(&rng, 0, 4 * ENTRIES - 1);

        ck_assert_uint_eq(places_find(&places, number << 30), expected[number]);
        if (expected[number] != PLACES_NONE) {
            places_remove(&places, number << 30);
            expected[number] = PLACES_NONE;
            count--;
        } else if (count < ENTRIES) {
            places_put(&places, number << 30, i);
            expected[number] = i;
            count++;
        }
    }
}
END_TEST

/* However late in their two seconds the nonces are drawn anew. */
START_TEST(no_proof_counts_when_two_seconds_are_over) {
    struct node *a = &nodes[1], *b = &nodes[2];
    struct datagram hint, proof, heard;

    become_acquainted(&nodes[0], b); /* draws the first nonce, now */
    now += 2 * USEC_PER_SEC;
    hint = multicast(a);
    proof = proof_of(a, b, &hint);
    ck_assert_int_eq(judge(b, &proof), GATE_PROOF);
    exchange();
    heard = multicast(a);
    ck_assert_int_eq(judge(b, &heard), GATE_PASSES);
    now += 500 * USEC_PER_MS;
    start(a);
    become_acquainted(a, b);
    ck_assert_uint_eq(gate_count(b->gate), 2);
    now += 1400 * USEC_PER_MS; /* 1.92 s after the nonce was drawn and asked */
    judge(b, &hint); /* whoever is asked now: of the earlier start nobody answers */
    exchange();
    now += 900 * USEC_PER_MS; /* 2.82 s */
    (void)judge(b, &proof);
    ck_assert_int_eq(judge(b, &heard), GATE_UNPROVEN);
    ck_assert_int_eq(judge(b, &proof), GATE_REPLAYED);
}
END_TEST

static struct datagram question_of(struct node *node, const uint64_t *receiver) {
    return send_as(node, (struct wire_message){ .header = { .type = WIRE_CHALLENGE }, .challenge = { .asked = 5 } },
                   receiver);
}

/* Unicasts to others, recorded once, in the name and from the address of each of those that are known. */
START_TEST(what_others_were_sent_takes_nothing_from_those_that_are_known) {
    enum { KNOWN = 66, ROUNDS = 100 }; /* more than hints */
    static struct datagram recorded[KNOWN];
    struct node *a = &nodes[1], *b = &nodes[2];
    struct gate_config config = { .boot_nonce = 4711, .senders_max = KNOWN };
    struct gate_challenge challenge;
    struct datagram question;

    free(b->memory);
    b->memory = calloc(1, gate_size(KNOWN));
    b->boot_nonce = config.boot_nonce;
    b->gate = gate_init(b->memory, &config);
    for (unsigned i = 0; i < KNOWN; i++) {
        start(a);
        a->id = (struct node_id){ { 9, (uint8_t)i } };
        a->address.bytes[2] = (uint8_t)i;
        become_acquainted(a, b);
        recorded[i] = unicast(a, 12345);
    }
    ck_assert_uint_eq(gate_count(b->gate), KNOWN);
    now += 2 * USEC_PER_SEC;
    for (unsigned i = 0; i < ROUNDS * KNOWN; i++) {
        now += 100;
        ck_assert_int_eq(judge(b, &recorded[i % KNOWN]), GATE_UNMEANT);
        while (gate_next(b->gate, now, &challenge))
            continue;
    }
    question = question_of(a, &b->boot_nonce);
    ck_assert_int_eq(judge(b, &question), GATE_ASKED);
    ck_assert(gate_next(b->gate, now, &challenge));
    ck_assert_uint_eq(challenge.body.answered, 5);
}
END_TEST

/* While strangers have used theirs up, and though what was for others came first. */
START_TEST(who_is_known_is_asked_whatever_else_came_in_its_name) {
    struct node *a = &nodes[1], *b = &nodes[2], *stranger = &nodes[0];
    const uint64_t nobody = 0;
    struct datagram question, recorded, back;
    struct gate_challenge challenge;
    bool asked = false;

    become_acquainted(a, b);
    now += 31 * USEC_PER_SEC;
    question = question_of(stranger, &nobody);
    recorded = unicast(a, 12345);
    for (unsigned i = 0; i < 2000; i++) {
        judge(b, &question);
        while (gate_next(b->gate, now, &challenge))
            continue;
    }
    ck_assert_int_eq(judge(b, &recorded), GATE_UNMEANT);
    ck_assert(!gate_next(b->gate, now, &challenge));
    back = unicast(a, b->boot_nonce);
    ck_assert_int_eq(judge(b, &back), GATE_UNPROVEN);
    for (unsigned i = 0; i < 1000; i++) {
        now += 100;
        judge(b, &question);
        while (gate_next(b->gate, now, &challenge))
            asked |= address_equal(&challenge.to, &a->address);
    }
    ck_assert(asked);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("auth");
    Suite *suite = suite_create("auth");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_bit_of_every_message_counts);
    tcase_add_test(tests, what_was_cut_or_made_longer_is_wrong);
    tcase_add_test(tests, another_secret_is_wrong);
    tcase_add_test(tests, who_has_the_key_reads_what_was_encrypted);
    tcase_add_test(tests, every_bit_of_what_was_encrypted_counts);
    tcase_add_test(tests, what_was_not_encrypted_is_not_opened);
    tcase_add_test(tests, keys_are_found_by_their_id);
    tcase_add_test(tests, a_key_file_has_one_key_a_line);
    tcase_add_test(tests, what_is_wrong_in_a_key_file_is_told_with_its_line);
    tcase_add_test(tests, other_keys_and_another_order_are_not_equal);
    tcase_add_test(tests, each_seq_passes_once);
    tcase_add_test(tests, what_is_below_a_full_list_is_old);
    tcase_add_test(tests, the_highest_seq_does_not_end_it);
    tcase_add_loop_test(tests, nothing_passes_twice_in_whatever_order, 0, 20);
    tcase_add_test(tests, a_multicast_waits_for_one_round_trip);
    tcase_add_test(tests, a_unicast_passes_once);
    tcase_add_test(tests, a_unicast_passes_never_again);
    tcase_add_test(tests, a_unicast_for_somebody_else_is_not_taken);
    tcase_add_test(tests, nothing_of_an_earlier_start_of_the_sender_passes);
    tcase_add_test(tests, nothing_passes_twice_when_its_sender_starts_again_at_once);
    tcase_add_test(tests, a_start_takes_nothing_from_proofs_under_way);
    tcase_add_test(tests, no_proof_counts_when_two_seconds_are_over);
    tcase_add_test(tests, what_others_were_sent_takes_nothing_from_those_that_are_known);
    tcase_add_test(tests, who_is_known_is_asked_whatever_else_came_in_its_name);
    tcase_add_test(tests, nothing_from_before_a_restart_of_the_receiver_passes);
    tcase_add_test(tests, what_was_held_back_for_long_does_not_pass);
    tcase_add_test(tests, who_was_silent_for_long_has_to_prove_again_that_it_is_there);
    tcase_add_test(tests, what_was_held_back_passes_until_its_sender_is_asked);
    tcase_add_test(tests, who_is_heard_by_nobody_goes_on_to_hear);
    tcase_add_test(tests, who_is_heard_by_unicast_is_asked_again_in_time);
    tcase_add_test(tests, only_a_proof_tells_where_its_sender_is);
    tcase_add_test(tests, a_challenge_that_is_sent_again_changes_nothing);
    tcase_add_test(tests, a_question_to_another_start_is_not_answered);
    tcase_add_test(tests, who_is_known_is_answered_once);
    tcase_add_test(tests, what_strangers_ask_takes_nothing_from_those_that_are_known);
    tcase_add_test(tests, what_is_asked_elsewhere_takes_nothing_from_those_that_are_known);
    tcase_add_test(tests, no_challenge_is_longer_than_what_it_answers);
    tcase_add_test(tests, one_that_never_answers_is_asked_ever_less_often);
    tcase_add_test(tests, a_way_is_asked_for_once_a_second);
    tcase_add_test(tests, a_unicast_from_elsewhere_is_asked_at_once);
    tcase_add_test(tests, a_successor_that_does_not_answer_does_not_keep_the_others_from_it);
    tcase_add_test(tests, what_is_kept_stays_when_others_are_asked);
    tcase_add_test(tests, a_follower_leaves_announces_to_its_leader_and_meets_the_next_in_line);
    tcase_add_test(tests, who_was_heard_lately_is_not_forgotten_for_somebody_new);
    tcase_add_test(tests, a_bucket_has_so_many_and_then_so_many_a_second);
    tcase_add_test(tests, places_find_what_was_put_and_not_removed);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
