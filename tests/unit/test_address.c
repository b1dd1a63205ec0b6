/* SPDX-License-Identifier: ISC
 *
 * test_address.c - addresses as text and as the kernel's structs.
 */
#include "platform/address.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>

static struct address ipv6(const char *text, uint16_t port, uint32_t ifindex) {
    struct address address = { .family = 6, .port = port, .ifindex = ifindex };

    ck_assert_int_eq(inet_pton(AF_INET6, text, address.bytes), 1);
    return address;
}

static struct address ipv4(const char *text, uint16_t port) {
    struct in_addr bytes;

    ck_assert_int_eq(inet_pton(AF_INET, text, &bytes), 1);
    return address_ipv4(&bytes, port, 0);
}

START_TEST(text_of_each_kind) {
    struct address none = { .family = 0, .port = 7 };
    struct address four = ipv4("192.0.2.1", 29418);
    struct address six = ipv6("2001:db8::1", 29419, 0);
    char text[ADDRESS_PORT_TEXT_SIZE];

    ck_assert_str_eq(address_format(&four, text), "192.0.2.1");
    ck_assert_str_eq(address_format_port(&four, text), "192.0.2.1:29418");
    ck_assert_str_eq(address_format(&six, text), "2001:db8::1");
    ck_assert_str_eq(address_format_port(&six, text), "[2001:db8::1]:29419");
    ck_assert_str_eq(address_format(&none, text), "");
    ck_assert_str_eq(address_format_port(&none, text), "");
}
END_TEST

START_TEST(link_local_text_names_the_interface) {
    struct address local = ipv6("fe80::1", 29418, 1), gone = ipv6("fe80::1", 29418, 123456789);
    struct address global = ipv6("2001:db8::1", 29418, 1);
    char text[ADDRESS_PORT_TEXT_SIZE];

    ck_assert_str_eq(address_format(&local, text), "fe80::1%lo");
    ck_assert_str_eq(address_format_port(&local, text), "[fe80::1%lo]:29418");
    ck_assert_str_eq(address_format(&gone, text), "fe80::1%123456789");
    ck_assert_str_eq(address_format(&global, text), "2001:db8::1");
}
END_TEST

START_TEST(longest_text_fits) {
    struct address longest = ipv6("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, UINT32_MAX);
    char text[ADDRESS_PORT_TEXT_SIZE];

    ck_assert_str_eq(address_format_port(&longest, text), "[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}
END_TEST

START_TEST(there_and_back) {
    struct address all[] = { ipv4("192.0.2.1", 29418), ipv6("2001:db8::1", 29418, 0), ipv6("fe80::1", 29418, 3) };
    struct address back = { .family = 0 };
    union socket_address name;
    size_t i;

    for (i = 0; i < sizeof all / sizeof all[0]; i++) {
        ck_assert_uint_gt(address_to_socket(&all[i], &name), 0);
        ck_assert(address_from_socket(&name, &back));
        ck_assert(address_equal(&back, &all[i]));
        ck_assert_uint_eq(back.ifindex, all[i].ifindex);
    }
}
END_TEST

START_TEST(other_families_are_refused) {
    struct address none = { .family = 0 }, untouched = ipv4("192.0.2.1", 1), result = untouched;
    union socket_address name;

    ck_assert_uint_eq(address_to_socket(&none, &name), 0);
    name.any.sa_family = AF_UNIX;
    ck_assert(!address_from_socket(&name, &result));
    ck_assert(address_equal(&result, &untouched));
}
END_TEST

static Suite *suite_of_address(void) {
    Suite *suite = suite_create("address");
    TCase *cases = tcase_create("address");

    suite_add_tcase(suite, cases);
    tcase_add_test(cases, text_of_each_kind);
    tcase_add_test(cases, link_local_text_names_the_interface);
    tcase_add_test(cases, longest_text_fits);
    tcase_add_test(cases, there_and_back);
    tcase_add_test(cases, other_families_are_refused);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_address());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
