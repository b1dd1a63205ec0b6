/* SPDX-License-Identifier: ISC
 *
 * test_traffic.c - what was heard on a link, and when multicast is helped out by broadcast.
 */
#include "daemon/traffic.h"

#include "daemon/links.h"

#include <check.h>
#include <stdlib.h>

enum { ETH0 = 2, ETH1 = 3 };

static struct traffic *traffic;
static usec_t now;
static uint32_t first_in_use; /* by its index; besides ETH0 */

const struct link *links_find(const struct links *links, uint32_t ifindex) {
    static const struct link link;

    (void)links;
    return ifindex == ETH0 || ifindex >= first_in_use ? &link : NULL;
}

static void setup(void) {
    now = 1000 * USEC_PER_SEC;
    first_in_use = 0;
    ck_assert_int_eq(traffic_open(&traffic, NULL), 0);
    traffic_begin(traffic, ETH0, now);
}

static void teardown(void) {
    traffic_close(traffic);
}

static bool is_rescued(void) {
    return traffic_rescue(traffic, ETH0, FAMILY_IPV4, now);
}

/* How often, when it is asked ten times a second for so long. */
static unsigned rescues_in(unsigned seconds) {
    unsigned count = 0;

    for (unsigned i = 0; i < 10 * seconds; i++) {
        now += USEC_PER_SEC / 10;
        count += is_rescued();
    }
    return count;
}

START_TEST(each_channel_and_family_is_counted_apart) {
    traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_MULTICAST, now + 1);
    traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_MULTICAST, now + 2);
    traffic_note(traffic, ETH0, FAMILY_IPV6, TRAFFIC_UNICAST, now + 3);
    traffic_note(traffic, ETH1, FAMILY_IPV4, TRAFFIC_UNICAST, now + 4); /* a link that is not in use */
    const struct traffic_heard *ipv4 = traffic_get(traffic, ETH0, FAMILY_IPV4);
    const struct traffic_heard *ipv6 = traffic_get(traffic, ETH0, FAMILY_IPV6);
    ck_assert_int_eq(ipv4->since, now);
    ck_assert_int_eq(ipv4->at[TRAFFIC_MULTICAST], now + 2);
    ck_assert_uint_eq(ipv4->count[TRAFFIC_MULTICAST], 2);
    ck_assert_uint_eq(ipv4->count[TRAFFIC_UNICAST], 0);
    ck_assert_int_eq(ipv6->at[TRAFFIC_UNICAST], now + 3);
    ck_assert_uint_eq(ipv6->count[TRAFFIC_MULTICAST], 0);
    ck_assert_ptr_null(traffic_get(traffic, ETH1, FAMILY_IPV4));
    ck_assert_ptr_null(traffic_get(traffic, 0, FAMILY_IPV4));
}
END_TEST

START_TEST(a_link_that_comes_up_again_begins_anew) {
    traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_ECHO, now);
    traffic_begin(traffic, ETH0, now + 5);
    ck_assert_int_eq(traffic_get(traffic, ETH0, FAMILY_IPV4)->since, now + 5);
    ck_assert_uint_eq(traffic_get(traffic, ETH0, FAMILY_IPV4)->count[TRAFFIC_ECHO], 0);
}
END_TEST

/* A laptop is docked and undocked: each time the interface has another index. */
START_TEST(links_that_are_gone_push_out_none_that_is_in_use) {
    for (uint32_t i = 0; i < 3 * LINKS_USED_MAX; i++) {
        first_in_use = 100 + i;
        traffic_begin(traffic, 100 + i, now + 1 + i);
        ck_assert_ptr_nonnull(traffic_get(traffic, ETH0, FAMILY_IPV4));
        ck_assert_ptr_nonnull(traffic_get(traffic, 100 + i, FAMILY_IPV4));
    }
}
END_TEST

START_TEST(all_links_that_can_be_in_use_have_room) {
    for (uint32_t i = 1; i < LINKS_USED_MAX; i++)
        traffic_begin(traffic, 100 + i, now);
    for (uint32_t i = 1; i < LINKS_USED_MAX; i++)
        ck_assert_ptr_nonnull(traffic_get(traffic, 100 + i, FAMILY_IPV4));
    ck_assert_ptr_nonnull(traffic_get(traffic, ETH0, FAMILY_IPV4));
}
END_TEST

START_TEST(silence_is_rescued_often_at_first_and_then_seldom) {
    ck_assert(!is_rescued());
    ck_assert_uint_eq(rescues_in(2), 8);
    ck_assert_uint_eq(rescues_in(60), 12);
    ck_assert_uint_eq(rescues_in(600), 10);
}
END_TEST

START_TEST(nothing_is_rescued_while_multicasts_come) {
    for (unsigned i = 0; i < 20; i++) {
        traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_MULTICAST, now);
        ck_assert_uint_eq(rescues_in(4), 0);
    }
    ck_assert_uint_eq(rescues_in(2), 8); /* then they are missing */
    traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_UNICAST, now);
    traffic_note(traffic, ETH0, FAMILY_IPV4, TRAFFIC_ECHO, now);
    traffic_note(traffic, ETH0, FAMILY_IPV6, TRAFFIC_MULTICAST, now);
    ck_assert_uint_eq(rescues_in(10), 2);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("traffic");
    Suite *suite = suite_create("traffic");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, each_channel_and_family_is_counted_apart);
    tcase_add_test(tests, a_link_that_comes_up_again_begins_anew);
    tcase_add_test(tests, links_that_are_gone_push_out_none_that_is_in_use);
    tcase_add_test(tests, all_links_that_can_be_in_use_have_room);
    tcase_add_test(tests, silence_is_rescued_often_at_first_and_then_seldom);
    tcase_add_test(tests, nothing_is_rescued_while_multicasts_come);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
