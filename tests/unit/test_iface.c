/* SPDX-License-Identifier: ISC
 *
 * test_iface.c - which interfaces are chosen, and the one that every host has. The others are in tests/net.
 */
#include "platform/iface.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { BOTH = 1 << FAMILY_IPV4 | 1 << FAMILY_IPV6 };

static struct link_list list;

static const struct link *find(const char *choice, const char *name) {
    iface_list_free(&list);
    ck_assert_int_eq(iface_list(choice, BOTH, &list), 0);
    for (unsigned i = 0; i < list.count; i++)
        if (strcmp(list.links[i].name, name) == 0)
            return &list.links[i];
    return NULL;
}

static void teardown(void) {
    iface_list_free(&list);
}

START_TEST(what_a_choice_names_and_excludes) {
    static const struct {
        const char *choice, *name;
        bool named, excluded, names_some, wants_auto;
    } cases[] = {
        { "", "eth0", false, false, false, false },
        { "auto", "eth0", false, false, false, true },
        { "eth0", "eth0", true, false, true, false },
        { "eth0", "eth1", false, false, true, false },
        { " eth1,,eth0 ", "eth0", true, false, true, false },
        { "eth*", "eth17", true, false, true, false },
        { "en[op]*", "enp3s0", true, false, true, false },
        { "!docker*", "docker0", false, true, false, false },
        { "!docker*", "eth0", false, false, false, false },
        { "eth* !eth1", "eth1", true, true, true, false },
        { "auto wg0", "wg0", true, false, true, true },
        { "auto wg0", "eth0", false, false, true, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct opinion opinion = choice_opinion(cases[i].choice, cases[i].name);

        ck_assert_msg(opinion.named == cases[i].named && opinion.excluded == cases[i].excluded &&
                          opinion.names_some == cases[i].names_some && opinion.wants_auto == cases[i].wants_auto,
                      "\"%s\" about %s", cases[i].choice, cases[i].name);
    }
}
END_TEST

START_TEST(the_names_in_a_choice) {
    const char *choice = "auto, eth0 en* !wlan0 abcdefghijklmno";
    char name[LINK_NAME_SIZE];

    ck_assert(choice_next_name(&choice, name));
    ck_assert_str_eq(name, "eth0");
    ck_assert(choice_next_name(&choice, name));
    ck_assert_str_eq(name, "abcdefghijklmno");
    ck_assert(!choice_next_name(&choice, name));
}
END_TEST

START_TEST(mistakes_in_a_choice) {
    static const char *const wrong[] = { "a/b", "!", "eth0 !!eth1", "abcdefghijklmnop" };
    static const char *const right[] = { "", "auto", "eth0, eth1", "abcdefghijklmno", "abcdefghijklmnop*", "!x" };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(choice_mistake(wrong[i]) != NULL, "%s", wrong[i]);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        ck_assert_msg(choice_mistake(right[i]) == NULL, "%s", right[i]);
    ck_assert(choice_is_loopback(" lo "));
    ck_assert(!choice_is_loopback("lo eth0"));
    ck_assert(!choice_is_loopback("!lo"));
    ck_assert(!choice_is_loopback(""));
}
END_TEST

START_TEST(loopback_is_used_only_if_it_alone_is_named) {
    ck_assert_int_eq(find("", "lo")->state, LINK_LOOPBACK);
    ck_assert_int_eq(find("auto", "lo")->state, LINK_LOOPBACK);
    ck_assert_int_eq(find("lo eth0", "lo")->state, LINK_LOOPBACK);
    ck_assert_int_eq(find("!lo", "lo")->state, LINK_EXCLUDED);
    ck_assert_int_ne(find("lo", "lo")->state, LINK_LOOPBACK);
    ck_assert(find("lo", "lo")->loopback);
    ck_assert_uint_gt(find("lo", "lo")->ifindex, 0);
    ck_assert_uint_gt(find("lo", "lo")->mtu, 1500);
}
END_TEST

START_TEST(a_name_that_is_not_there_is_missing) {
    ck_assert_int_eq(find("no-such-iface", "no-such-iface")->state, LINK_MISSING);
    ck_assert(link_is_chosen(find("no-such-iface", "no-such-iface")));
    ck_assert_ptr_null(find("no-such-*", "no-such-iface"));
    ck_assert_int_eq(find("no-such-iface", "lo")->state, LINK_LOOPBACK);
    ck_assert(!link_is_chosen(find("no-such-iface", "lo")));
}
END_TEST

static Suite *suite_of_iface(void) {
    Suite *suite = suite_create("iface");
    TCase *cases = tcase_create("iface");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, NULL, teardown);
    tcase_add_test(cases, what_a_choice_names_and_excludes);
    tcase_add_test(cases, the_names_in_a_choice);
    tcase_add_test(cases, mistakes_in_a_choice);
    tcase_add_test(cases, loopback_is_used_only_if_it_alone_is_named);
    tcase_add_test(cases, a_name_that_is_not_there_is_missing);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_iface());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
