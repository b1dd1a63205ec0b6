/* SPDX-License-Identifier: ISC
 *
 * test_quorum.c - what is said of the votes of a majority cluster, and of a lease.
 */
#include "daemon/quorum.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct core_view view;
static char why[QUORUM_WHY_SIZE];

/* One of three that have seats, none of whom leads. */
static void setup(void) {
    view = (struct core_view){ .at = 50 * USEC_PER_SEC };
    view.quorum = (struct core_quorum){ .majority = true, .expect = 3, .needed = 2, .have = 1, .seat = true };
    view.quorum.roster.count = 3;
}

static void is_said(const char *text) {
    quorum_why(&view, why);
    ck_assert_str_eq(why, text);
}

START_TEST(too_few_are_counted) {
    is_said("2 of 3 needed, heard 1");
    view.quorum.seat = false;
    is_said("2 of 3 needed, heard 1; this node has no seat");
    view.quorum.seat = true;
    view.standing = STANDING_WITHOUT_LEASE; /* elected, but out of reach of its voters */
    is_said("2 of 3 needed, heard 1");
}
END_TEST

START_TEST(a_promise_is_waited_for) {
    view.quorum.have = 2;
    view.quorum.abstains = 1200 * USEC_PER_MS - 1;
    is_said("this node stands by the leader before for another 1200ms");
    view.quorum.abstains = 0;
    is_said("2 of 3 needed, heard 2: they are about to vote");
}
END_TEST

START_TEST(founders_are_counted) {
    view.quorum.roster.count = 0;
    view.quorum.fresh = 2;
    is_said("3 nodes found the cluster, heard 2: all of them are needed once");
    view.quorum.fresh = 4;
    is_said("3 nodes found the cluster, heard 4: stop those that are not to vote");
    view.quorum.fresh = 3;
    is_said("the cluster is being founded");
    view.quorum.pinned = true;
    is_said("the cluster is being founded, or this node has voted to found it with others");
}
END_TEST

START_TEST(who_hands_over_says_so) {
    view.standing = STANDING_STOPPING;
    is_said("this node is handing over");
}
END_TEST

START_TEST(with_a_leader_there_is_nothing_to_say) {
    view.has_leader = view.leads = true;
    is_said("");
    setup();
    view.quorum.majority = false;
    is_said("");
}
END_TEST

START_TEST(work_may_go_on_as_long_as_the_lease) {
    ck_assert_int_eq(quorum_work_until(&view), 0);
    view.quorum.work = 1600 * USEC_PER_MS;
    ck_assert_int_eq(quorum_work_until(&view), 51600 * USEC_PER_MS);
    view.quorum.work = USEC_NEVER;
    ck_assert_int_eq(quorum_work_until(&view), USEC_NEVER);
}
END_TEST

START_TEST(a_lease_that_is_hardly_longer_is_not_told) {
    view.quorum.work = 1600 * USEC_PER_MS;
    ck_assert(quorum_is_renewed(&view, 0));
    ck_assert(quorum_is_renewed(&view, 51400 * USEC_PER_MS));
    ck_assert(!quorum_is_renewed(&view, 51401 * USEC_PER_MS));
    ck_assert(!quorum_is_renewed(&view, 52000 * USEC_PER_MS)); /* it was longer before */
    view.quorum.work = USEC_NEVER;
    ck_assert(!quorum_is_renewed(&view, 0));
    view.quorum.work = 0;
    ck_assert(!quorum_is_renewed(&view, 0));
}
END_TEST

static Suite *suite_of_quorum(void) {
    Suite *suite = suite_create("quorum");
    TCase *cases = tcase_create("quorum");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, too_few_are_counted);
    tcase_add_test(cases, a_promise_is_waited_for);
    tcase_add_test(cases, founders_are_counted);
    tcase_add_test(cases, who_hands_over_says_so);
    tcase_add_test(cases, with_a_leader_there_is_nothing_to_say);
    tcase_add_test(cases, work_may_go_on_as_long_as_the_lease);
    tcase_add_test(cases, a_lease_that_is_hardly_longer_is_not_told);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_quorum());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
