/* SPDX-License-Identifier: ISC
 *
 * test_mac.c - the hash and the cipher that the daemon uses, on every message that there is. What they are for has
 * test_auth, with toys.
 */
#include "auth/seal.h"
#include "platform/mac.h"
#include "unit/golden.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct key key = { .id = 7, .secret = { 1, 2, 3 } };

static size_t encode(unsigned i, uint8_t flags, uint8_t datagram[WIRE_DATAGRAM_MAX]) {
    struct wire_message message = golden_vectors[i].message;

    message.header.key_id = key.id;
    message.header.flags &= (uint8_t)~WIRE_FLAG_SEALED;
    message.header.flags |= flags;
    memset(message.header.aead_nonce, 0, sizeof message.header.aead_nonce);
    return wire_encode(&message, datagram);
}

START_TEST(a_changed_bit_is_seen_by_the_hash) {
    uint8_t datagram[WIRE_DATAGRAM_MAX];

    for (unsigned i = 0; i < golden_count; i++) {
        size_t length = encode(i, 0, datagram);

        seal_sign(&key, mac_hash(), datagram, length);
        ck_assert(seal_is_right(&key, mac_hash(), datagram, length));
        datagram[length / 2] ^= 1;
        ck_assert(!seal_is_right(&key, mac_hash(), datagram, length));
    }
}
END_TEST

START_TEST(a_changed_bit_is_seen_by_the_cipher) {
    uint8_t datagram[WIRE_DATAGRAM_MAX], plain[WIRE_DATAGRAM_MAX], opened[WIRE_DATAGRAM_MAX];
    const uint8_t nonce[WIRE_AEAD_NONCE_SIZE] = { 9 };

    for (unsigned i = 0; i < golden_count; i++) {
        size_t length = encode(i, WIRE_FLAG_SEALED, datagram), middle = length / 2;

        memcpy(plain, datagram, length);
        seal_close(&key, mac_cipher(), nonce, datagram, length);
        ck_assert(seal_open(&key, mac_cipher(), datagram, length, opened));
        ck_assert_int_eq(memcmp(opened + length - WIRE_MAC_SIZE - 1, plain + length - WIRE_MAC_SIZE - 1, 1), 0);
        datagram[middle] ^= 1;
        ck_assert(!seal_open(&key, mac_cipher(), datagram, length, opened));
    }
}
END_TEST

/* Other programs can read it: BLAKE2b with this key of the purpose is the key of XChaCha20-Poly1305 (SEC-6). The bytes
 * were made by another implementation of both. */
START_TEST(what_it_makes_is_as_the_protocol_says) {
    static const uint8_t nonce[WIRE_AEAD_NONCE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                                         13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 };
    static const uint8_t expected[] = {
        0xf8, 0x52, 0x61, 0x98, 0xf8, 0x99, 0x7f, 0x7c, 0x66, 0xea, 0x86, 0x09, 0xd9, 0x98, 0x33, 0x12,
        0xe7, 0x7d, 0x81, 0x7e, 0x08, 0x91, 0xdd, 0xa6, 0x81, 0xb6, 0x00, 0x5e, 0x50, 0xcc, 0x6e, 0x15,
        0x24, 0xfd, 0xc2, 0x8b, 0xe0, 0x61,
    };
    uint8_t header[] = "header", text[] = "the body of a datagram", tag[WIRE_MAC_SIZE];
    const struct key_letter letter = { nonce, header, sizeof header - 1, text, sizeof text - 1, tag };

    mac_cipher()->close(key.secret, &letter);
    ck_assert_mem_eq(text, expected, sizeof text - 1);
    ck_assert_mem_eq(tag, expected + sizeof text - 1, sizeof tag);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mac");
    TCase *tests = tcase_create("mac");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_changed_bit_is_seen_by_the_hash);
    tcase_add_test(tests, a_changed_bit_is_seen_by_the_cipher);
    tcase_add_test(tests, what_it_makes_is_as_the_protocol_says);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
