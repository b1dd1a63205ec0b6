/* SPDX-License-Identifier: ISC
 *
 * test_paths.c - one node over several interfaces and families: heard once, reached by the best way, and by another one
 * as soon as that does not answer.
 */
#include "daemon/paths.h"

#include "base/util.h"
#include "daemon/links.h"

#include <check.h>
#include <stdlib.h>

enum { ETH0 = 2, ETH1 = 3, NONCE = 77 };

static struct paths *paths;
static usec_t now;
static bool eth0_is_gone;

bool links_reach(const struct links *links, const struct address *address) {
    (void)links;
    return address->ifindex == ETH1 || (address->ifindex == ETH0 && !eth0_is_gone);
}

static const struct address ipv4_eth0 = { .family = 4, .bytes = { 192, 0, 2, 7 }, .port = 4007, .ifindex = ETH0 };
static const struct address ipv4_eth1 = { .family = 4, .bytes = { 198, 51, 100, 7 }, .port = 4007, .ifindex = ETH1 };
static const struct address ipv6_eth0 =
    { .family = 6, .bytes = { 0xfe, 0x80, [15] = 7 }, .port = 4007, .ifindex = ETH0 };
static const struct address ipv6_eth1 =
    { .family = 6, .bytes = { 0xfe, 0x80, [15] = 7 }, .port = 4007, .ifindex = ETH1 };
static const struct address nowhere = { .family = 4, .bytes = { 203, 0, 113, 9 }, .port = 9 };

static void setup(void) {
    now = 1000 * USEC_PER_SEC;
    eth0_is_gone = false;
    ck_assert_int_eq(paths_open(&paths, NULL), 0);
}

static void teardown(void) {
    paths_close(paths);
}

static struct wire_message message_of(uint64_t boot_nonce, enum wire_type type, uint64_t seq) {
    return (struct wire_message){ .header = { .type = (uint8_t)type, .sender = { { 7 } }, .boot_nonce = boot_nonce,
                                              .seq = seq } };
}

static bool multicast_comes(const struct address *by, uint64_t seq) {
    struct wire_message leader = message_of(NONCE, WIRE_LEADER, seq);

    return paths_heard(paths, &leader, by, true, now);
}

static void ack_comes(const struct address *by, usec_t round_trip) {
    struct wire_message ack = message_of(NONCE, WIRE_ACK, 0);

    ack.ack.sent = now - round_trip;
    ck_assert(paths_heard(paths, &ack, by, false, now));
}

static void expect_asked(const struct address *by) {
    struct address chosen = paths_ask(paths, NONCE, &nowhere, now);

    ck_assert(address_equal(&chosen, by));
    ck_assert_uint_eq(chosen.ifindex, by->ifindex);
}

static void expect_best(const struct address *by) {
    struct address chosen = paths_best(paths, NONCE, &nowhere, now);

    ck_assert(address_equal(&chosen, by));
    ck_assert_uint_eq(chosen.ifindex, by->ifindex);
}

START_TEST(a_multicast_that_comes_by_several_ways_counts_once) {
    ck_assert(multicast_comes(&ipv4_eth0, 0));
    ck_assert(!multicast_comes(&ipv6_eth0, 0));
    ck_assert(!multicast_comes(&ipv4_eth1, 0));
    ck_assert(multicast_comes(&ipv6_eth1, 1));
    ck_assert(!multicast_comes(&ipv4_eth0, 1));
    ck_assert(!multicast_comes(&ipv4_eth0, 0)); /* late */
    ck_assert(multicast_comes(&ipv4_eth0, 2));
    const struct paths_node *node = paths_next(paths, NULL);
    ck_assert_uint_eq(node->count, 4);
    ck_assert_uint_eq(node->multicasts, 3);
    ck_assert_uint_eq(node->repeated, 4);
}
END_TEST

START_TEST(what_comes_to_the_group_is_told_apart_from_broadcast) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv4_eth1, 2);
    now += 5;
    paths_heard_group(paths, NONCE, &ipv4_eth1, now);
    paths_heard_group(paths, NONCE + 1, &ipv4_eth1, now); /* nobody */

    const struct paths_node *node = paths_next(paths, NULL);
    ck_assert_ptr_null(paths_next(paths, node));
    ck_assert_uint_eq(node->count, 2);
    ck_assert_int_eq(node->list[0].group_at, 0);
    ck_assert_int_eq(node->list[1].group_at, now);
    ck_assert_int_lt(node->list[1].multicast_at, now);
}
END_TEST

/* It says the same seq for each, and each is to be heard. */
START_TEST(the_last_words_of_a_sentinel_are_never_copies) {
    ck_assert(multicast_comes(&ipv4_eth0, UINT64_MAX));
    ck_assert(multicast_comes(&ipv4_eth0, UINT64_MAX));
}
END_TEST

START_TEST(who_was_never_heard_is_reached_as_told) {
    expect_best(&nowhere);
    expect_asked(&nowhere);
}
END_TEST

/* Only what was told is told back, and only by the way that it was told for (SEC-4). */
static void cookie_comes(const struct address *by, usec_t sent, uint64_t cookie) {
    struct wire_message ack = message_of(NONCE, WIRE_ACK, 0);

    ack.cookie = cookie;
    ack.ack.sent = sent;
    ck_assert(paths_heard(paths, &ack, by, false, now));
}

/* Whatever way it comes by itself: it is for the address that was asked from. */
START_TEST(a_cookie_is_kept_for_each_way) {
    struct wire_message other = message_of(NONCE, WIRE_HEARTBEAT, 0);
    struct address chosen;

    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv4_eth1, 1);
    multicast_comes(&ipv6_eth1, 1);
    cookie_comes(&ipv4_eth0, 0, 99); /* nothing was asked yet */
    paths_asked(paths, NONCE, &ipv4_eth1, 1001);
    paths_asked(paths, NONCE, &ipv6_eth1, 1002);
    cookie_comes(&ipv4_eth1, 1002, 12);
    cookie_comes(&ipv6_eth1, 1001, 11);
    cookie_comes(&ipv4_eth1, 1003, 99); /* nor was that */
    other.cookie = 99; /* this node's own */
    ck_assert(paths_heard(paths, &other, &ipv4_eth1, false, now));
    ack_comes(&ipv4_eth1, 100); /* without one */
    ck_assert_uint_eq(paths_find(paths, NONCE, &ipv4_eth0)->cookie, 0);
    ck_assert_uint_eq(paths_find(paths, NONCE, &ipv4_eth1)->cookie, 11);
    ck_assert_uint_eq(paths_find(paths, NONCE, &ipv6_eth1)->cookie, 12);
    ck_assert_ptr_null(paths_find(paths, NONCE, &ipv6_eth0));
    ck_assert_ptr_null(paths_find(paths, NONCE + 1, &ipv4_eth1));
    cookie_comes(&ipv4_eth1, 1001, 13);
    ck_assert_uint_eq(paths_find(paths, NONCE, &ipv4_eth1)->cookie, 13);

    expect_best(&ipv4_eth0); /* though nothing was ever asked by it */
    chosen = paths_best_known(paths, NONCE, &nowhere, now);
    ck_assert(address_equal(&chosen, &ipv4_eth1));
    chosen = paths_best_known(paths, NONCE + 1, &nowhere, now);
    ck_assert(address_equal(&chosen, &nowhere));
}
END_TEST

static void expect_presented(const struct address *told, uint64_t nonce, const struct address *by) {
    struct address presented = paths_presentable(paths, nonce, told, now);

    ck_assert(address_equal(&presented, by));
}

/* Who wants to connect to something else there cannot do much with a link-local address. */
START_TEST(a_global_address_is_presented_where_there_is_one) {
    ack_comes(&ipv6_eth0, 100);
    expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
    ack_comes(&ipv4_eth0, 9000); /* a bit slower */
    expect_best(&ipv6_eth0);
    expect_presented(&ipv6_eth0, NONCE, &ipv4_eth0);
    expect_presented(&ipv6_eth0, NONCE + 1, &ipv6_eth0);
    expect_presented(&ipv6_eth0, 0, &ipv6_eth0);
    expect_presented(&ipv4_eth1, NONCE, &ipv4_eth1);
}
END_TEST

START_TEST(an_address_that_does_not_answer_is_not_presented) {
    ack_comes(&ipv4_eth0, 100);
    ack_comes(&ipv6_eth0, 100);
    expect_asked(&ipv4_eth0);
    expect_presented(&ipv6_eth0, NONCE, &ipv4_eth0); /* yet */
    now += USEC_PER_SEC;
    expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
    ack_comes(&ipv4_eth0, 100);
    eth0_is_gone = true;
    expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
}
END_TEST

/* That it is asked once more is no answer. */
START_TEST(an_address_that_never_answers_is_not_presented_again) {
    ck_assert(multicast_comes(&ipv4_eth0, 1));
    ack_comes(&ipv6_eth0, 100);
    expect_presented(&ipv6_eth0, NONCE, &ipv4_eth0); /* nobody knows yet */
    expect_asked(&ipv4_eth0);
    expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
    for (unsigned i = 0; i < 3; i++) {
        now += 100 * USEC_PER_SEC;
        ack_comes(&ipv6_eth0, 100);
        expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
        expect_asked(&ipv4_eth0);
        expect_presented(&ipv6_eth0, NONCE, &ipv6_eth0);
    }
    ack_comes(&ipv4_eth0, 100);
    expect_presented(&ipv6_eth0, NONCE, &ipv4_eth0);
}
END_TEST

/* What is sent to a node whose nonce is not known says 0; somebody may say that of himself. */
START_TEST(who_says_that_his_nonce_is_unknown_gets_nothing_of_others) {
    struct wire_message leader = message_of(0, WIRE_LEADER, 1);
    struct address chosen;

    paths_heard(paths, &leader, &ipv4_eth0, true, now);
    chosen = paths_ask(paths, 0, &nowhere, now);
    ck_assert(address_equal(&chosen, &nowhere));
    chosen = paths_best(paths, 0, &nowhere, now);
    ck_assert(address_equal(&chosen, &nowhere));
}
END_TEST

START_TEST(global_comes_before_link_local_and_the_first_interface_first) {
    multicast_comes(&ipv6_eth1, 1);
    expect_best(&ipv6_eth1);
    multicast_comes(&ipv6_eth0, 1);
    expect_best(&ipv6_eth0);
    multicast_comes(&ipv4_eth1, 1);
    expect_best(&ipv4_eth1);
    multicast_comes(&ipv4_eth0, 1);
    expect_best(&ipv4_eth0);
}
END_TEST

START_TEST(an_unanswered_question_is_asked_by_another_way) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv6_eth0, 1);
    multicast_comes(&ipv4_eth1, 1);
    expect_asked(&ipv4_eth0);
    expect_asked(&ipv4_eth1);
    expect_asked(&ipv6_eth0);
    expect_asked(&ipv4_eth0); /* none of them answers: in turn */
    ack_comes(&ipv4_eth1, 1000);
    expect_best(&ipv4_eth1);
    for (int i = 0; i < 100; i++) {
        expect_asked(&ipv4_eth1);
        now += USEC_PER_SEC / 20;
        ack_comes(&ipv4_eth1, 1000);
    }
}
END_TEST

/* In good times; the neighbour is known then when it is needed. */
START_TEST(each_way_is_tried_once_while_another_one_answers) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv6_eth0, 1);
    multicast_comes(&ipv4_eth1, 1);
    expect_asked(&ipv4_eth0);
    ack_comes(&ipv4_eth0, 1000);
    expect_asked(&ipv6_eth0);
    expect_asked(&ipv4_eth1);
    for (int i = 0; i < 10; i++) {
        expect_asked(&ipv4_eth0);
        ack_comes(&ipv4_eth0, 1000);
    }
}
END_TEST

START_TEST(what_failed_gets_another_chance_after_ten_seconds) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv4_eth1, 1);
    expect_asked(&ipv4_eth0);
    expect_asked(&ipv4_eth1);
    ack_comes(&ipv4_eth1, 1000);
    now += 9 * USEC_PER_SEC;
    expect_best(&ipv4_eth1);
    now += 2 * USEC_PER_SEC;
    expect_asked(&ipv4_eth0);
    expect_asked(&ipv4_eth1); /* it has not answered this time either */
    ack_comes(&ipv4_eth1, 1000);
    ack_comes(&ipv4_eth0, 1000);
    expect_best(&ipv4_eth0);
}
END_TEST

/* Asks as often as questions are repeated, all are lost; how many of them took that way. */
static unsigned lost_by(const struct address *by, unsigned tries) {
    unsigned count = 0;

    for (unsigned i = 0; i < tries; i++) {
        struct address chosen = paths_ask(paths, NONCE, &nowhere, now);

        count += address_equal(&chosen, by);
        now += 50 * USEC_PER_MS;
    }
    return count;
}

/* One by which multicast comes, but no answer: a firewall lets only the former in. */
START_TEST(a_way_that_never_answers_takes_few_tries_from_one_that_does) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv6_eth0, 1);
    expect_asked(&ipv4_eth0);
    expect_asked(&ipv6_eth0);
    ack_comes(&ipv4_eth0, 5000);
    ck_assert_uint_eq(lost_by(&ipv4_eth0, 8), 6); /* the other one is not given up */
}
END_TEST

START_TEST(a_way_that_never_answers_gets_ever_fewer_chances) {
    unsigned chances = 0;

    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv6_eth0, 1);
    for (unsigned i = 0; i < 1000; i++) { /* seconds; it seems to have the shorter round trip */
        struct address chosen = paths_ask(paths, NONCE, &nowhere, now);

        chances += !address_equal(&chosen, &ipv4_eth0);
        ack_comes(&ipv4_eth0, 5000);
        now += USEC_PER_SEC;
    }
    ck_assert_uint_ge(chances, 5);
    ck_assert_uint_le(chances, 10);
    ack_comes(&ipv6_eth0, 500);
    expect_asked(&ipv6_eth0);
}
END_TEST

START_TEST(a_clearly_shorter_round_trip_wins) {
    for (int i = 0; i < 50; i++) {
        ack_comes(&ipv4_eth0, 30000);
        ack_comes(&ipv4_eth1, 300);
    }
    expect_best(&ipv4_eth1);
    for (int i = 0; i < 50; i++)
        ack_comes(&ipv4_eth0, 900);
    expect_best(&ipv4_eth0);
}
END_TEST

START_TEST(an_interface_that_is_gone_is_no_way) {
    multicast_comes(&ipv4_eth0, 1);
    multicast_comes(&ipv6_eth1, 1);
    eth0_is_gone = true;
    expect_best(&ipv6_eth1);
    expect_asked(&ipv6_eth1);
    expect_asked(&ipv6_eth1);
}
END_TEST

START_TEST(the_newest_of_too_many_addresses_are_kept) {
    for (uint8_t i = 0; i < 2 * PATHS_PER_NODE; i++) {
        struct address by = ipv4_eth0;

        by.bytes[3] = i;
        now += 10 * USEC_PER_SEC / PATHS_PER_NODE;
        multicast_comes(&by, i);
    }
    const struct paths_node *node = paths_next(paths, NULL);
    ck_assert_uint_eq(node->count, PATHS_PER_NODE);
    for (unsigned i = 0; i < node->count; i++)
        ck_assert_uint_ge(node->list[i].address.bytes[3], PATHS_PER_NODE);
}
END_TEST

static struct address another(unsigned number) {
    struct address by = number % 2 ? ipv6_eth0 : ipv4_eth0;

    by.bytes[by.family == 4 ? 3 : 15] = (uint8_t)(100 + number);
    by.ifindex = number / 2 % 2 ? ETH1 : ETH0;
    return by;
}

static bool is_way(unsigned number) {
    struct address by = another(number);

    return paths_find(paths, NONCE, &by) != NULL;
}

static void multicast_comes_by(unsigned number) {
    struct address by = another(number);

    multicast_comes(&by, 0);
}

static void ack_comes_by(unsigned number) {
    struct address by = another(number);

    ack_comes(&by, 300);
}

START_TEST(the_one_not_heard_for_longest_makes_room) {
    for (unsigned i = 0; i < PATHS_PER_NODE; i++)
        multicast_comes_by(i);
    now += 10 * USEC_PER_SEC;
    for (unsigned i = PATHS_PER_NODE; i-- > 0; now += USEC_PER_MS)
        if (i != PATHS_PER_NODE - 2)
            multicast_comes_by(i);
    multicast_comes_by(PATHS_PER_NODE);
    ck_assert(!is_way(PATHS_PER_NODE - 2));
    ck_assert(is_way(PATHS_PER_NODE));
}
END_TEST

START_TEST(none_makes_room_that_was_heard_just_now) {
    for (unsigned i = 0; i < PATHS_PER_NODE + 3; i++)
        multicast_comes_by(i);
    for (unsigned i = 0; i < PATHS_PER_NODE + 3; i++)
        ck_assert(is_way(i) == (i < PATHS_PER_NODE));
    ack_comes_by(PATHS_PER_NODE);
    ck_assert(is_way(PATHS_PER_NODE)); /* not only heard: it answers */
    ck_assert(!is_way(0));
    for (unsigned i = 1; i < PATHS_PER_NODE; i++)
        ack_comes_by(i);
    ack_comes_by(PATHS_PER_NODE + 1);
    ck_assert(!is_way(PATHS_PER_NODE + 1));
    now += 10 * USEC_PER_SEC;
    ack_comes_by(PATHS_PER_NODE + 1);
    ck_assert(is_way(PATHS_PER_NODE + 1));
}
END_TEST

/* As where an interface was made anew again and again. By IPv4 the node is heard, but it does not answer. */
START_TEST(ways_of_long_ago_keep_no_new_one_out) {
    struct address four = ipv4_eth0, six = ipv6_eth0;

    for (uint32_t i = 0; i < PATHS_PER_NODE / 2; i++, now += 3600 * USEC_PER_SEC) {
        four.ifindex = six.ifindex = 100 + i;
        multicast_comes(&four, i);
        multicast_comes(&six, i);
        ack_comes(&four, 300);
        ack_comes(&six, 300);
    }
    multicast_comes(&ipv4_eth0, 100);
    multicast_comes(&ipv6_eth0, 100);
    expect_asked(&ipv4_eth0);
    now += USEC_PER_SEC;
    expect_asked(&ipv6_eth0);
}
END_TEST

/* As where two hosts have three interfaces each in one network: each multicast of the leader is heard by all ways. */
START_TEST(ways_without_room_do_not_cost_the_cookies) {
    unsigned without = 0;

    for (unsigned beat = 0; beat < 100; beat++) {
        struct address to;
        const struct path *path;

        for (unsigned i = 0; i < 18; i++)
            multicast_comes_by(i);
        to = paths_ask(paths, NONCE, &nowhere, now);
        path = paths_find(paths, NONCE, &to);
        ck_assert_ptr_nonnull(path);
        without += path->cookie == 0;
        paths_asked(paths, NONCE, &to, now);
        now += 300;
        cookie_comes(&to, now - 300, 7);
        now += 500 * USEC_PER_MS;
    }
    ck_assert_uint_eq(without, PATHS_PER_NODE); /* each way once */
}
END_TEST

static void multicast_comes_from(uint64_t nonce) {
    struct wire_message leader = message_of(nonce, WIRE_LEADER, ++now);

    ck_assert(paths_heard(paths, &leader, &ipv4_eth0, true, now));
}

static bool is_known(uint64_t nonce) {
    struct address chosen = paths_best(paths, nonce, &nowhere, now);

    return address_equal(&chosen, &ipv4_eth0);
}

/* Boot nonces that are like random numbers. */
static uint64_t nonce_of(uint64_t i) {
    return i * 0x9e3779b97f4a7c15 | 1;
}

START_TEST(who_was_heard_last_is_told_first) {
    const struct paths_node *node = NULL;
    static const uint64_t heard[] = { 1, 2, 3, 1, 2 }, told[] = { 2, 1, 3 };

    for (unsigned i = 0; i < ARRAY_SIZE(heard); i++)
        multicast_comes_from(heard[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(told); i++) {
        node = paths_next(paths, node);
        ck_assert_uint_eq(node->boot_nonce, told[i]);
    }
    ck_assert_ptr_null(paths_next(paths, node));
}
END_TEST

START_TEST(the_one_not_heard_for_longest_is_forgotten_among_too_many) {
    for (uint64_t i = 1; i <= 3 * PATHS_NODES_MAX; i++, now += USEC_PER_MS) {
        multicast_comes_from(nonce_of(i));
        if (i % 1000 == 0)
            multicast_comes_from(nonce_of(1));
    }
    for (uint64_t i = 2; i <= 3 * PATHS_NODES_MAX; i++)
        ck_assert(is_known(nonce_of(i)) == (i >= 2 * PATHS_NODES_MAX + 2));
    ck_assert(is_known(nonce_of(1)));
}
END_TEST

/* Any number of strangers that come at once push out none that was heard just before. */
START_TEST(who_was_heard_lately_is_not_forgotten_for_somebody_new) {
    for (uint64_t i = 1; i <= PATHS_NODES_MAX; i++)
        multicast_comes_from(nonce_of(i));
    now += 9 * USEC_PER_SEC;
    multicast_comes_from(nonce_of(PATHS_NODES_MAX + 1));
    ck_assert(!is_known(nonce_of(PATHS_NODES_MAX + 1)));
    ck_assert(is_known(nonce_of(1)));
    now += USEC_PER_SEC;
    multicast_comes_from(nonce_of(PATHS_NODES_MAX + 1));
    ck_assert(is_known(nonce_of(PATHS_NODES_MAX + 1)));
    ck_assert(!is_known(nonce_of(1)));
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("paths");
    Suite *suite = suite_create("paths");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_multicast_that_comes_by_several_ways_counts_once);
    tcase_add_test(tests, what_comes_to_the_group_is_told_apart_from_broadcast);
    tcase_add_test(tests, the_last_words_of_a_sentinel_are_never_copies);
    tcase_add_test(tests, who_was_never_heard_is_reached_as_told);
    tcase_add_test(tests, a_cookie_is_kept_for_each_way);
    tcase_add_test(tests, who_says_that_his_nonce_is_unknown_gets_nothing_of_others);
    tcase_add_test(tests, global_comes_before_link_local_and_the_first_interface_first);
    tcase_add_test(tests, an_unanswered_question_is_asked_by_another_way);
    tcase_add_test(tests, each_way_is_tried_once_while_another_one_answers);
    tcase_add_test(tests, what_failed_gets_another_chance_after_ten_seconds);
    tcase_add_test(tests, a_way_that_never_answers_takes_few_tries_from_one_that_does);
    tcase_add_test(tests, a_way_that_never_answers_gets_ever_fewer_chances);
    tcase_add_test(tests, a_clearly_shorter_round_trip_wins);
    tcase_add_test(tests, an_interface_that_is_gone_is_no_way);
    tcase_add_test(tests, a_global_address_is_presented_where_there_is_one);
    tcase_add_test(tests, an_address_that_does_not_answer_is_not_presented);
    tcase_add_test(tests, an_address_that_never_answers_is_not_presented_again);
    tcase_add_test(tests, the_newest_of_too_many_addresses_are_kept);
    tcase_add_test(tests, the_one_not_heard_for_longest_makes_room);
    tcase_add_test(tests, none_makes_room_that_was_heard_just_now);
    tcase_add_test(tests, ways_of_long_ago_keep_no_new_one_out);
    tcase_add_test(tests, ways_without_room_do_not_cost_the_cookies);
    tcase_add_test(tests, who_was_heard_last_is_told_first);
    tcase_add_test(tests, the_one_not_heard_for_longest_is_forgotten_among_too_many);
    tcase_add_test(tests, who_was_heard_lately_is_not_forgotten_for_somebody_new);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
