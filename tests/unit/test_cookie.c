/* SPDX-License-Identifier: ISC
 *
 * test_cookie.c - one number for each address, which only who has the secret can tell.
 */
#include "daemon/cookie.h"

#include <check.h>
#include <stdlib.h>

/* The key of RFC 8439, 2.3.2. */
static struct cookie_secret secret(void) {
    struct cookie_secret secret;

    for (unsigned i = 0; i < RNG_SEED_SIZE; i++)
        secret.seed[i] = (uint8_t)i;
    return secret;
}

/* With its counter and nonce for an address. */
START_TEST(it_is_the_number_at_the_place_of_the_address) {
    const struct cookie_secret mine = secret();
    const struct address six = { .family = 6, .bytes = { 1, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0x4a } };
    const struct address four = { .family = 4, .bytes = { 192, 0, 2, 7 } };
    const struct address mapped = { .family = 6, .bytes = { [10] = 0xff, 0xff, 192, 0, 2, 7 } };

    ck_assert_uint_eq(cookie_of(&mine, &six), 0x15593bd1e4e7f110);
    ck_assert_uint_eq(cookie_of(&mine, &four), cookie_of(&mine, &mapped));
}
END_TEST

START_TEST(each_address_and_each_secret_has_another_one) {
    struct cookie_secret mine = secret(), other = secret();
    struct address four = { .family = 4, .bytes = { 192, 0, 2, 7 } }, six = { .family = 6, .bytes = { 0xfe, 0x80 } };
    uint64_t of_four = cookie_of(&mine, &four), of_six = cookie_of(&mine, &six);

    ck_assert_uint_ne(of_four, of_six);
    for (unsigned i = 0; i < 4; i++) {
        struct address another = four;

        another.bytes[i] ^= 1;
        ck_assert_uint_ne(cookie_of(&mine, &another), of_four);
    }
    for (unsigned i = 0; i < 16; i++) {
        struct address another = six;

        another.bytes[i] ^= 1;
        ck_assert_uint_ne(cookie_of(&mine, &another), of_six);
    }
    other.seed[31] ^= 1;
    ck_assert_uint_ne(cookie_of(&other, &four), of_four);
}
END_TEST

/* A node asks from more than one, and a switch may move it to another interface. */
START_TEST(port_and_interface_do_not_matter) {
    const struct cookie_secret mine = secret();
    const struct address one = { .family = 4, .bytes = { 192, 0, 2, 7 }, .port = 29418, .ifindex = 2 };
    const struct address same = { .family = 4, .bytes = { 192, 0, 2, 7 }, .port = 29419, .ifindex = 3 };

    ck_assert_uint_eq(cookie_of(&mine, &one), cookie_of(&mine, &same));
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("cookie");
    Suite *suite = suite_create("cookie");
    SRunner *runner;
    int failed;

    tcase_add_test(tests, it_is_the_number_at_the_place_of_the_address);
    tcase_add_test(tests, each_address_and_each_secret_has_another_one);
    tcase_add_test(tests, port_and_interface_do_not_matter);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
