/* SPDX-License-Identifier: ISC
 *
 * test_params.c - the formulas of eldest-protocol(7) at their corners, and the table of tries.
 */
#include "core/params.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>

#define MS USEC_PER_MS

static struct timing timing_of(usec_t detect) {
    struct timing timing = TIMING_DEFAULT;

    timing.detect = detect;
    return timing;
}

/* What follows from `detect` alone, in microseconds. */
static const struct {
    usec_t detect, floor, ack_window, announce, discovery, alone;
    usec_t start_announce, collection, objection, damping, resign;
} by_detect[] = {
    { 20 * MS, 3 * MS, 2000 * MS, 250 * MS, 100 * MS, 300 * MS, 10 * MS, 16666, 9999, 20 * MS, 5 * MS },
    { 100 * MS, 10 * MS, 2000 * MS, 250 * MS, 333333, 999999, 33333, 50 * MS, 30 * MS, 100 * MS, 16666 },
    { 300 * MS, 20 * MS, 2000 * MS, 750 * MS, 1000 * MS, 3000 * MS, 100 * MS, 50 * MS, 30 * MS, 250 * MS, 50 * MS },
    { 1000 * MS, 20 * MS, 2000 * MS, 2000 * MS, 1000 * MS, 3000 * MS, 100 * MS, 50 * MS, 30 * MS, 250 * MS, 166666 },
    { 5000 * MS, 20 * MS, 10000 * MS, 2000 * MS, 1000 * MS, 3000 * MS, 100 * MS, 50 * MS, 30 * MS, 250 * MS, 833333 },
};

START_TEST(durations_follow_detect) {
    struct timing timing = timing_of(by_detect[_i].detect);

    ck_assert_int_eq(params_floor(&timing), by_detect[_i].floor);
    ck_assert_int_eq(params_ack_window(&timing), by_detect[_i].ack_window);
    ck_assert_int_eq(params_announce(&timing), by_detect[_i].announce);
    ck_assert_int_eq(params_discovery(&timing), by_detect[_i].discovery);
    ck_assert_int_eq(params_alone(&timing), by_detect[_i].alone);
    ck_assert_int_eq(params_start_announce_max(&timing), by_detect[_i].start_announce);
    ck_assert_int_eq(params_collection(&timing), by_detect[_i].collection);
    ck_assert_int_eq(params_objection(&timing), by_detect[_i].objection);
    ck_assert_int_eq(params_damping(&timing), by_detect[_i].damping);
    ck_assert_int_eq(params_resign_interval(&timing), by_detect[_i].resign);
}
END_TEST

/* H and the longest wait before a registration, by detect and members. */
static const struct {
    usec_t detect;
    uint32_t members;
    usec_t interval, registration;
} by_members[] = {
    { 20 * MS, 2, 20 * MS, 3333 },
    { 20 * MS, 3, 20 * MS, 3333 },
    { 20 * MS, 10, 20 * MS, 3333 },
    { 20 * MS, 22, 21 * MS, 4400 },
    { 20 * MS, 100, 99 * MS, 20 * MS },
    { 20 * MS, 1000, 999 * MS, 200 * MS },
    { 100 * MS, 2, 100 * MS, 16666 },
    { 100 * MS, 3, 100 * MS, 16666 },
    { 100 * MS, 10, 100 * MS, 16666 },
    { 100 * MS, 100, 495 * MS, 20 * MS },
    { 100 * MS, 1000, 2000 * MS, 200 * MS },
    { 299 * MS, 2, 250 * MS, 49833 },
    { 299 * MS, 3, 299 * MS, 49833 },
    { 300 * MS, 1, 250 * MS, 50 * MS },
    { 300 * MS, 2, 250 * MS, 50 * MS },
    { 300 * MS, 3, 500 * MS, 50 * MS },
    { 300 * MS, 9, 2000 * MS, 50 * MS },
    { 300 * MS, 10, 2000 * MS, 50 * MS },
    { 300 * MS, 100, 2000 * MS, 50 * MS },
    { 300 * MS, 1000, 2000 * MS, 200 * MS },
    { 300 * MS, 20000, 2000 * MS, 2000 * MS },
    { 1000 * MS, 2, 250 * MS, 50 * MS },
    { 1000 * MS, 1000, 2000 * MS, 200 * MS },
    { 5000 * MS, 3, 500 * MS, 50 * MS },
    { 5000 * MS, 100, 2000 * MS, 50 * MS },
};

START_TEST(intervals_follow_detect_and_members) {
    struct timing timing = timing_of(by_members[_i].detect);

    ck_assert_int_eq(params_interval(&timing, by_members[_i].members), by_members[_i].interval);
    ck_assert_int_eq(params_registration_max(&timing, by_members[_i].members), by_members[_i].registration);
}
END_TEST

START_TEST(min_rate_and_heartbeat_bound_the_interval) {
    struct timing timing = TIMING_DEFAULT;

    timing.min_rate = 8;
    ck_assert_int_eq(params_interval(&timing, 3), 250 * MS);
    timing.heartbeat = 200 * MS;
    ck_assert_int_eq(params_interval(&timing, 3), 200 * MS);
    timing.min_rate = 1;
    timing.heartbeat = 10000 * MS;
    ck_assert_int_eq(params_interval(&timing, 10), 9000 * MS);
    ck_assert_int_eq(params_interval(&timing, 100), 10000 * MS);
}
END_TEST

START_TEST(configured_times_replace_the_formulas) {
    struct timing timing = TIMING_DEFAULT;

    timing.ack_timeout = 500 * MS;
    ck_assert_int_eq(params_ack_window(&timing), 600 * MS);
    timing.ack_timeout = 700 * MS;
    ck_assert_int_eq(params_ack_window(&timing), 700 * MS);
    timing.alone = 30000 * MS;
    ck_assert_int_eq(params_alone(&timing), 30000 * MS);
}
END_TEST

START_TEST(spreads_follow_members) {
    static const struct {
        uint32_t members;
        usec_t spread;
    } spreads[] = { { 2, 40 }, { 3, 60 }, { 10, 200 }, { 100, 2 * MS }, { 1000, 20 * MS }, { 10000, 20 * MS } };

    for (unsigned i = 0; i < ARRAY_SIZE(spreads); i++) {
        ck_assert_int_eq(params_witness_spread(spreads[i].members), spreads[i].spread);
        ck_assert_int_eq(params_vote_spread(spreads[i].members), spreads[i].spread);
    }
}
END_TEST

START_TEST(MEMB_3_members_expire_after_three_intervals_but_not_below_6_s) {
    struct timing timing = TIMING_DEFAULT;

    ck_assert_int_eq(params_member_expiry(&timing, 2), 6000 * MS);
    ck_assert_int_eq(params_member_expiry(&timing, 1000), 6000 * MS);
    timing.heartbeat = 5000 * MS;
    ck_assert_int_eq(params_member_expiry(&timing, 1000), 15000 * MS);
}
END_TEST

/* ---- loss and tries */

/* q^ as the protocol writes it, T, K1, and K2 with 2, 3, 9, 10 and 100 members. */
static const struct {
    uint32_t loss;
    unsigned tries, own, shared[5];
} by_loss[] = {
    { LOSS_START, 8, 3, { 5, 3, 3, 3, 3 } },
    { LOSS_ONE * 15 / 100, 10, 3, { 7, 4, 3, 3, 3 } },
    { LOSS_ONE * 15 / 100 + 1, 10, 4, { 6, 3, 3, 3, 3 } },
    { LOSS_ONE * 2 / 10, 12, 4, { 8, 4, 3, 3, 3 } },
    { LOSS_ONE * 3 / 10, 16, 4, { 12, 6, 3, 3, 3 } },
    { LOSS_ONE * 35 / 100, 18, 4, { 14, 7, 3, 3, 3 } },
    { LOSS_ONE * 35 / 100 + 1, 18, 6, { 12, 6, 3, 3, 3 } },
    { LOSS_ONE * 5 / 10, 27, 6, { 21, 11, 3, 3, 3 } },
    { LOSS_MAX, 83, 6, { 77, 39, 10, 10, 10 } },
};

START_TEST(tries_follow_loss_and_members) {
    static const uint32_t members[] = { 2, 3, 9, 10, 100 };

    ck_assert_uint_eq(params_tries(by_loss[_i].loss), by_loss[_i].tries);
    ck_assert_uint_eq(params_own_tries(by_loss[_i].loss), by_loss[_i].own);
    for (unsigned i = 0; i < ARRAY_SIZE(members); i++)
        ck_assert_uint_eq(params_shared_tries(by_loss[_i].loss, members[i]), by_loss[_i].shared[i]);
}
END_TEST

/* Chance that so many tries in a row fail. */
static double chance(uint32_t loss, unsigned tries) {
    double all = 1;

    while (tries-- > 0)
        all *= (double)loss / LOSS_ONE;
    return all;
}

START_TEST(tries_are_the_fewest_that_fail_by_chance_once_in_10_to_the_8) {
    for (uint32_t loss = LOSS_MIN; loss <= LOSS_MAX; loss++) {
        unsigned tries = params_tries(loss);
        ck_assert_msg(chance(loss, tries) <= 1e-8 * (1 + 1e-9), "%u tries are too few at loss %u", tries, loss);
        ck_assert_msg(loss == LOSS_MIN || chance(loss, tries - 1) > 1e-8, "%u tries are too many at %u", tries, loss);
    }
}
END_TEST

/* N = 1 and a loss out of its range are not asked for; still the answer is bounded. */
START_TEST(tries_are_bounded_whatever_is_asked) {
    ck_assert_uint_eq(params_tries(0), 8);
    ck_assert_uint_eq(params_tries(UINT32_MAX), 83);
    ck_assert_uint_eq(params_shared_tries(LOSS_START, 0), 5);
    ck_assert_uint_eq(params_shared_tries(LOSS_START, 1), 5);
}
END_TEST

static Suite *params_suite(void) {
    Suite *suite = suite_create("params");
    TCase *durations = tcase_create("durations"), *tries = tcase_create("tries");

    tcase_add_loop_test(durations, durations_follow_detect, 0, ARRAY_SIZE(by_detect));
    tcase_add_loop_test(durations, intervals_follow_detect_and_members, 0, ARRAY_SIZE(by_members));
    tcase_add_test(durations, min_rate_and_heartbeat_bound_the_interval);
    tcase_add_test(durations, configured_times_replace_the_formulas);
    tcase_add_test(durations, spreads_follow_members);
    tcase_add_test(durations, MEMB_3_members_expire_after_three_intervals_but_not_below_6_s);
    tcase_add_loop_test(tries, tries_follow_loss_and_members, 0, ARRAY_SIZE(by_loss));
    tcase_add_test(tries, tries_are_the_fewest_that_fail_by_chance_once_in_10_to_the_8);
    tcase_add_test(tries, tries_are_bounded_whatever_is_asked);
    suite_add_tcase(suite, durations);
    suite_add_tcase(suite, tries);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(params_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
