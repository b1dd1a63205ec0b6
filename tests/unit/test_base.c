/* SPDX-License-Identifier: ISC
 *
 * test_base.c - types, histograms, random numbers, and text to value and back.
 */
#include "base/histogram.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/types.h"
#include "base/util.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- types */

START_TEST(ids_are_ordered_as_byte_strings) {
    struct node_id low = { { 0x7f, 0xff } }, high = { { 0x80 } }, none = { { 0 } };

    ck_assert_int_lt(node_id_compare(&low, &high), 0);
    ck_assert_int_gt(node_id_compare(&high, &low), 0);
    ck_assert_int_eq(node_id_compare(&low, &low), 0);
    ck_assert(node_id_equal(&low, &low) && !node_id_equal(&low, &high));
    ck_assert(node_id_is_none(&none) && !node_id_is_none(&low));
    low = none;
    low.bytes[15] = 1;
    ck_assert(!node_id_is_none(&low));
}
END_TEST

START_TEST(addresses_are_equal_whatever_the_interface) {
    struct address a = { .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 29417, .ifindex = 2 }, b = a;

    b.ifindex = 3;
    ck_assert(address_equal(&a, &b));
    b.port++;
    ck_assert(!address_equal(&a, &b));
    b = a;
    b.bytes[3]++;
    ck_assert(!address_equal(&a, &b));
    b = a;
    b.family = 6;
    ck_assert(!address_equal(&a, &b));
}
END_TEST

START_TEST(tokens_are_equal_in_both_parts) {
    struct token a = { 7, { { 1 } } }, b = a;

    ck_assert(token_equal(&a, &b));
    b.epoch++;
    ck_assert(!token_equal(&a, &b));
    b = a;
    b.leader.bytes[15] = 1;
    ck_assert(!token_equal(&a, &b));
}
END_TEST

/* ---- histogram */

START_TEST(durations_are_counted_by_size) {
    static const usec_t durations[] = { -5, 0, 100, 101, 10 * USEC_PER_SEC, 10 * USEC_PER_SEC + 1, 3600000000LL };
    struct histogram histogram = { 0 };

    for (unsigned i = 0; i < ARRAY_SIZE(durations); i++)
        histogram_note(&histogram, durations[i]);
    ck_assert_uint_eq(histogram.counts[0], 3);
    ck_assert_uint_eq(histogram.counts[1], 1);
    ck_assert_uint_eq(histogram.counts[HISTOGRAM_BOUNDS - 1], 1);
    ck_assert_uint_eq(histogram.counts[HISTOGRAM_BOUNDS], 2);
    ck_assert_uint_eq(histogram_count(&histogram), ARRAY_SIZE(durations));
    ck_assert_int_eq(histogram.sum, 201 + 3620 * USEC_PER_SEC + 1);
    for (unsigned i = 1; i < HISTOGRAM_BOUNDS; i++)
        ck_assert_int_lt(histogram_bounds[i - 1], histogram_bounds[i]);
}
END_TEST

/* ---- rng */

static void fill_key(uint8_t key[RNG_SEED_SIZE]) {
    for (unsigned i = 0; i < RNG_SEED_SIZE; i++)
        key[i] = (uint8_t)i;
}

/* RFC 8439, 2.3.2: key 00 01 .. 1f, counter 1, nonce 00:00:00:09:00:00:00:4a:00:00:00:00. */
START_TEST(rng_is_the_chacha20_block_function) {
    static const uint8_t block[64] = {
        0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4,
        0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e,
        0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2,
        0xb5, 0x12, 0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
    };
    uint8_t key[RNG_SEED_SIZE];
    struct rng rng;

    fill_key(key);
    rng_seed(&rng, key);
    rng.input[12] = 1;
    rng.input[13] = 0x09000000;
    rng.input[14] = 0x4a000000;
    for (unsigned i = 0; i < sizeof(block); i += 8) {
        uint64_t number = rng_u64(&rng);

        for (unsigned j = 0; j < 8; j++)
            ck_assert_uint_eq((number >> (8 * j)) & 0xff, block[i + j]);
    }
}
END_TEST

/* The same block by its place, and the first one of the stream. */
START_TEST(rng_at_is_the_number_at_that_place) {
    const uint8_t place[RNG_PLACE_SIZE] = { 1, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0x4a }, none[RNG_PLACE_SIZE] = { 0 };
    uint8_t key[RNG_SEED_SIZE];
    struct rng rng;

    fill_key(key);
    ck_assert_uint_eq(rng_at(key, place), 0x15593bd1e4e7f110);
    rng_seed(&rng, key);
    ck_assert_uint_eq(rng_at(key, none), rng_u64(&rng));
    for (unsigned i = 0; i < RNG_PLACE_SIZE; i++) { /* each byte of it counts */
        uint8_t other[RNG_PLACE_SIZE];

        memcpy(other, place, sizeof(other));
        other[i] ^= 0x80;
        ck_assert_uint_ne(rng_at(key, other), rng_at(key, place));
    }
}
END_TEST

START_TEST(rng_counter_carries) {
    uint8_t seed[RNG_SEED_SIZE] = { 1 };
    struct rng rng;

    rng_seed(&rng, seed);
    rng.input[12] = UINT32_MAX;
    (void)rng_u64(&rng);
    ck_assert_uint_eq(rng.input[12], 0);
    ck_assert_uint_eq(rng.input[13], 1);
}
END_TEST

START_TEST(rng_repeats_itself_from_the_same_seed) {
    uint8_t seed[RNG_SEED_SIZE] = { 42 }, other[RNG_SEED_SIZE] = { 43 };
    struct rng a, b, c;

    rng_seed(&a, seed);
    rng_seed(&b, seed);
    rng_seed(&c, other);
    uint64_t first = rng_u64(&a);
    ck_assert_uint_eq(rng_u64(&b), first);
    ck_assert_uint_ne(rng_u64(&c), first);
    for (unsigned i = 0; i < 100; i++) /* over several blocks, without a repetition */
        ck_assert_uint_ne(rng_u64(&a), first);
}
END_TEST

START_TEST(rng_between_stays_within_and_reaches_all) {
    uint8_t seed[RNG_SEED_SIZE] = { 7 };
    unsigned seen[7] = { 0 };
    struct rng rng;

    rng_seed(&rng, seed);
    for (unsigned i = 0; i < 7000; i++) {
        int64_t value = rng_between(&rng, -3, 3);

        ck_assert(value >= -3 && value <= 3);
        seen[value + 3]++;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(seen); i++)
        ck_assert(seen[i] > 850 && seen[i] < 1150); /* a fixed seed: never flaky */
}
END_TEST

START_TEST(rng_between_at_the_limits) {
    uint8_t seed[RNG_SEED_SIZE] = { 8 };
    bool negative = false, positive = false;
    struct rng rng;

    rng_seed(&rng, seed);
    ck_assert_int_eq(rng_between(&rng, 5, 5), 5);
    ck_assert_int_eq(rng_between(&rng, 5, -5), 5);
    for (unsigned i = 0; i < 100; i++) {
        int64_t value = rng_between(&rng, INT64_MIN, INT64_MAX);

        negative = negative || value < 0;
        positive = positive || value > 0;
        ck_assert_int_ge(rng_between(&rng, 0, INT64_MAX), 0);
        ck_assert_int_ge(rng_between(&rng, INT64_MAX - 1, INT64_MAX), INT64_MAX - 1);
    }
    ck_assert(negative && positive);
}
END_TEST

START_TEST(rng_chance_has_its_probability) {
    uint8_t seed[RNG_SEED_SIZE] = { 9 };
    unsigned hits = 0;
    struct rng rng;

    rng_seed(&rng, seed);
    for (unsigned i = 0; i < 10000; i++) {
        hits += rng_chance(&rng, 16, 64);
        ck_assert(!rng_chance(&rng, 0, 3));
        ck_assert(rng_chance(&rng, 3, 3));
        ck_assert(rng_chance(&rng, 16, 5));
    }
    ck_assert(hits > 2300 && hits < 2700);
}
END_TEST

/* ---- str */

START_TEST(ids_go_to_text_and_back) {
    struct node_id id = { { 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff } }, back = { { 0 } };
    char text[STR_ID_SIZE];

    memset(text, 'x', sizeof(text));
    ck_assert_uint_eq(str_format_id(&id, text), 32);
    ck_assert_str_eq(text, "000123456789abcdefff000000000000");
    ck_assert_int_eq(str_parse_id(text, &back), 0);
    ck_assert(node_id_equal(&id, &back));
    ck_assert_int_eq(str_parse_id("000123456789ABCDEFFF000000000000", &back), 0);
    ck_assert(node_id_equal(&id, &back));
}
END_TEST

START_TEST(bad_ids_are_refused) {
    static const char *const bad[] = {
        "", "0",
        "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0", "0123456789abcdef0123456789abcdeg",
        " 0123456789abcdef0123456789abcde", "0123456789abcdef-0123456789abcde", "0x23456789abcdef0123456789abcdef",
    };
    struct node_id id = { { 5 } };

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        ck_assert_msg(str_parse_id(bad[i], &id) == -EINVAL, "accepted \"%s\"", bad[i]);
    ck_assert_int_eq(id.bytes[0], 5);
}
END_TEST

START_TEST(numbers_are_read_within_their_range) {
    uint64_t value = 77;
    char text[STR_UNSIGNED_SIZE];

    ck_assert_int_eq(str_parse_unsigned("18446744073709551615", 0, UINT64_MAX, &value), 0);
    ck_assert_uint_eq(value, UINT64_MAX);
    ck_assert_uint_eq(str_format_unsigned(value, text), 20);
    ck_assert_str_eq(text, "18446744073709551615");
    ck_assert_int_eq(str_parse_unsigned("1024", 1024, 65535, &value), 0);
    ck_assert_uint_eq(value, 1024);
    ck_assert_int_eq(str_parse_unsigned("0065535", 1024, 65535, &value), 0);
    ck_assert_uint_eq(value, 65535);
    ck_assert_uint_eq(str_format_unsigned(0, text), 1);
    ck_assert_str_eq(text, "0");
}
END_TEST

START_TEST(bad_numbers_are_refused) {
    static const char *const malformed[] = {
        "", " 1", "1 ", "+1", "-1", "0x10", "1e3", "1.0", "99999999999999999999x",
    };
    static const char *const outside[] = { "1023", "65536", "0", "18446744073709551616", "99999999999999999999999" };
    uint64_t value = 77;

    for (unsigned i = 0; i < ARRAY_SIZE(malformed); i++)
        ck_assert_msg(str_parse_unsigned(malformed[i], 0, UINT64_MAX, &value) == -EINVAL, "\"%s\"", malformed[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(outside); i++)
        ck_assert_msg(str_parse_unsigned(outside[i], 1024, 65535, &value) == -ERANGE, "\"%s\"", outside[i]);
    ck_assert_int_eq(str_parse_unsigned("18446744073709551616", 0, UINT64_MAX, &value), -ERANGE);
    ck_assert_uint_eq(value, 77);
}
END_TEST

static const struct {
    const char *text;
    usec_t duration;
    const char *shortest;
} durations[] = {
    { "1us", 1, "1us" },
    { "300ms", 300000, "300ms" },
    { "1000us", 1000, "1ms" },
    { "1500ms", 1500000, "1500ms" },
    { "2s", 2000000, "2s" },
    { "2000ms", 2000000, "2s" },
    { "90s", 90000000, "90s" },
    { "120s", 120000000, "2m" },
    { "90m", 5400000000, "90m" },
    { "24h", 86400000000, "1d" },
    { "7d", 604800000000, "7d" },
    { "0", 0, "0s" },
    { "0ms", 0, "0s" },
    { "007s", 7000000, "7s" },
    { "9223372036854775807us", INT64_MAX, "9223372036854775807us" },
    { "106751991d", 106751991 * 86400000000, "106751991d" },
};

START_TEST(durations_go_to_text_and_back) {
    char text[STR_DURATION_SIZE];
    usec_t duration = -1;

    ck_assert_int_eq(str_parse_duration(durations[_i].text, &duration), 0);
    ck_assert_int_eq(duration, durations[_i].duration);
    ck_assert_uint_eq(str_format_duration(duration, text), strlen(durations[_i].shortest));
    ck_assert_str_eq(text, durations[_i].shortest);
    ck_assert_int_eq(str_parse_duration(text, &duration), 0);
    ck_assert_int_eq(duration, durations[_i].duration);
}
END_TEST

START_TEST(negative_durations_are_shown_as_such) {
    char text[STR_DURATION_SIZE];

    ck_assert_uint_eq(str_format_duration(-1500000, text), 7);
    ck_assert_str_eq(text, "-1500ms");
    ck_assert_uint_eq(str_format_duration(INT64_MIN, text), STR_DURATION_SIZE - 2);
    ck_assert_str_eq(text, "-9223372036854775808us");
}
END_TEST

START_TEST(bad_durations_are_refused) {
    static const char *const malformed[] = {
        "", "s", "5", "2 s", " 2s", "2s ", "2S", "2sec", "1.5s", "-1s", "+1s", "1m30s", "2ns", "99999999999999999999w",
    };
    static const char *const outside[] = {
        "9223372036854775808us", "106751992d", "18446744073709551616us", "9223372036854775808s",
        "99999999999999999999999d",
    };
    usec_t duration = 5;

    for (unsigned i = 0; i < ARRAY_SIZE(malformed); i++)
        ck_assert_msg(str_parse_duration(malformed[i], &duration) == -EINVAL, "\"%s\"", malformed[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(outside); i++)
        ck_assert_msg(str_parse_duration(outside[i], &duration) == -ERANGE, "\"%s\"", outside[i]);
    ck_assert_int_eq(duration, 5);
}
END_TEST

START_TEST(cluster_names_have_their_alphabet) {
    static const char *const good[] = {
        "a", "default", "A.b_c-9", "AZaz09", ".x", "...",
        "0123456789abcdef0123456789ABCDEF",
    };
    static const char *const bad[] = {
        "", ".", "..", "a b", "a/b", "a\n", "\303\266", "0123456789abcdef0123456789abcdef0",
    };

    for (unsigned i = 0; i < ARRAY_SIZE(good); i++)
        ck_assert_msg(str_is_cluster_name(good[i], strlen(good[i])), "refused \"%s\"", good[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        ck_assert_msg(!str_is_cluster_name(bad[i], strlen(bad[i])), "accepted \"%s\"", bad[i]);
    ck_assert(!str_is_cluster_name("a\0b", 3));
}
END_TEST

START_TEST(printable_text_is_utf8_without_controls) {
    static const char *const good[] = {
        "", " ~", "n\303\266rd", "\302\240", "\337\277", "\340\240\200", "\355\237\277", "\356\200\200", "\357\277\277",
        "\360\220\200\200", "\364\217\277\277",
    };
    static const char *const bad[] = {
        "\037", "\n", "\033[2J", "\177", "a\302\200", "\302\237", /* controls */
        "\200", "\277", "\303", "\303(", "\340\240", "\360\220\200", "\370\210\200\200\200", "\376",
        "\377", /* no sequence */
        "\300\200", "\301\277", "\340\237\277", "\360\217\277\277", /* longer than need be */
        "\355\240\200", "\355\277\277", "\364\220\200\200", "\367\277\277\277", /* surrogates, beyond the last */
    };

    for (unsigned i = 0; i < ARRAY_SIZE(good); i++)
        ck_assert_msg(str_is_printable(good[i], strlen(good[i])), "refused %u", i);
    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        ck_assert_msg(!str_is_printable(bad[i], strlen(bad[i])), "accepted %u", i);
    ck_assert(!str_is_printable("a\0b", 3));
}
END_TEST

START_TEST(text_is_made_printable_by_the_byte) {
    static const struct {
        const char *before, *after;
    } cases[] = {
        { "", "" },
        { "plain \xc3\xa4", "plain \xc3\xa4" },
        { "a\x1b[2Jb\n", "a?[2Jb?" },
        { "\xff\xc3\xa4", "?\xc3\xa4" },
        { "cut \xe2\x82", "cut ??" },
        { "\xc2\x9b", "??" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        char text[32] = "";

        memcpy(text, cases[i].before, strlen(cases[i].before));
        str_make_printable(text);
        ck_assert_str_eq(text, cases[i].after);
    }
}
END_TEST

static Suite *base_suite(void) {
    Suite *suite = suite_create("base");
    TCase *types = tcase_create("types"), *rng = tcase_create("rng"), *str = tcase_create("str");

    tcase_add_test(types, ids_are_ordered_as_byte_strings);
    tcase_add_test(types, addresses_are_equal_whatever_the_interface);
    tcase_add_test(types, tokens_are_equal_in_both_parts);
    tcase_add_test(types, durations_are_counted_by_size);
    tcase_add_test(rng, rng_is_the_chacha20_block_function);
    tcase_add_test(rng, rng_at_is_the_number_at_that_place);
    tcase_add_test(rng, rng_counter_carries);
    tcase_add_test(rng, rng_repeats_itself_from_the_same_seed);
    tcase_add_test(rng, rng_between_stays_within_and_reaches_all);
    tcase_add_test(rng, rng_between_at_the_limits);
    tcase_add_test(rng, rng_chance_has_its_probability);
    tcase_add_test(str, ids_go_to_text_and_back);
    tcase_add_test(str, bad_ids_are_refused);
    tcase_add_test(str, numbers_are_read_within_their_range);
    tcase_add_test(str, bad_numbers_are_refused);
    tcase_add_loop_test(str, durations_go_to_text_and_back, 0, ARRAY_SIZE(durations));
    tcase_add_test(str, negative_durations_are_shown_as_such);
    tcase_add_test(str, bad_durations_are_refused);
    tcase_add_test(str, cluster_names_have_their_alphabet);
    tcase_add_test(str, printable_text_is_utf8_without_controls);
    tcase_add_test(str, text_is_made_printable_by_the_byte);
    suite_add_tcase(suite, types);
    suite_add_tcase(suite, rng);
    suite_add_tcase(suite, str);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(base_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
