/* SPDX-License-Identifier: ISC
 *
 * test_holders.c - who holds work, whom one waits for, and what a confirmation is worth.
 *
 * Alpha and beta are two holders; a second passes before each thing that is told or said.
 */
#include "daemon/holders.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT (HOLDERS_STOP_LIMIT_MS * USEC_PER_MS)

static struct holders holders;
static struct holder alpha, beta;
static usec_t now;

static struct token token_of(uint64_t epoch) {
    return (struct token){ epoch, { { 7 } } };
}

static void setup(void) {
    memset(&alpha, 0xee, sizeof(alpha));
    memset(&beta, 0xee, sizeof(beta));
    now = 1000 * USEC_PER_SEC;
    holders_init(&holders);
    holders_add(&holders, &alpha, now);
    holders_add(&holders, &beta, now);
}

/* How many were told to work, and to stop. */
static unsigned leads(uint64_t epoch) {
    const struct token token = token_of(epoch);
    unsigned told = 0;

    now += USEC_PER_SEC;
    while (holders_next_to_start(&holders, &token, now))
        told++;
    return told;
}

static unsigned leads_no_more(void) {
    unsigned told = 0;

    now += USEC_PER_SEC;
    while (holders_next_to_stop(&holders, now))
        told++;
    return told;
}

static bool confirms(struct holder *holder, uint64_t order) {
    now += USEC_PER_SEC;
    return holders_confirm(holder, order, now);
}

static unsigned become_late(void) {
    unsigned late = 0;

    while (holders_next_late(&holders, now))
        late++;
    return late;
}

START_TEST(who_leads_has_work_for_all) {
    ck_assert_uint_eq(leads(3), 2);
    ck_assert_int_eq(alpha.state, HOLDER_WORKING);
    ck_assert_uint_eq(alpha.order, 1);
    ck_assert_int_eq(alpha.since, now);
    ck_assert_uint_eq(leads(3), 0);
}
END_TEST

START_TEST(who_comes_later_gets_work_at_once) {
    struct holder late = { .pid = 1 };

    leads(3);
    holders_add(&holders, &late, now);
    ck_assert_uint_eq(leads(3), 1);
    ck_assert_int_eq(late.state, HOLDER_WORKING);
}
END_TEST

START_TEST(the_core_waits_for_all_that_worked) {
    leads(3);
    ck_assert_uint_eq(leads_no_more(), 2);
    ck_assert_uint_eq(leads_no_more(), 0);
    holders_await(&holders);
    ck_assert(!holders_settled(&holders));
    ck_assert(confirms(&alpha, 1));
    ck_assert(!holders_settled(&holders));
    ck_assert(confirms(&beta, 1));
    ck_assert(holders_settled(&holders));
    ck_assert(!holders_settled(&holders)); /* told once */
}
END_TEST

START_TEST(the_core_waits_for_nobody_without_work) {
    ck_assert_uint_eq(leads_no_more(), 0);
    holders_await(&holders);
    ck_assert(holders_settled(&holders));
}
END_TEST

START_TEST(nobody_is_told_that_all_have_stopped_who_did_not_ask) {
    leads(3);
    leads_no_more();
    confirms(&alpha, 1);
    confirms(&beta, 1);
    ck_assert(!holders_settled(&holders));
}
END_TEST

START_TEST(who_is_gone_has_stopped) {
    leads(3);
    leads_no_more();
    holders_await(&holders);
    confirms(&alpha, 1);
    holders_remove(&beta);
    ck_assert(holders_settled(&holders));
}
END_TEST

START_TEST(who_is_late_is_not_waited_for) {
    leads(3);
    ck_assert_int_eq(holders_deadline(&holders), USEC_NEVER);
    leads_no_more();
    const usec_t told_at = now;
    holders_await(&holders);
    ck_assert_int_eq(holders_deadline(&holders), told_at + LIMIT);
    confirms(&alpha, 1);
    now = told_at + LIMIT - 1;
    ck_assert_uint_eq(become_late(), 0);
    ck_assert(!holders_settled(&holders));
    now++;
    ck_assert_uint_eq(become_late(), 1);
    ck_assert(beta.late && !alpha.late);
    ck_assert_uint_eq(become_late(), 0);
    ck_assert_int_eq(holders_deadline(&holders), USEC_NEVER);
    ck_assert(holders_settled(&holders));
    ck_assert(confirms(&beta, 1)); /* after all */
    ck_assert(!beta.late);
    ck_assert_int_eq(beta.state, HOLDER_IDLE);
}
END_TEST

START_TEST(who_has_not_stopped_gets_no_work) {
    leads(3);
    leads_no_more();
    confirms(&alpha, 1);
    ck_assert_uint_eq(leads(4), 1); /* alpha */
    ck_assert_int_eq(beta.state, HOLDER_STOPPING);
    confirms(&beta, 1);
    ck_assert_uint_eq(leads(4), 1);
    ck_assert_uint_eq(beta.order, 2);
}
END_TEST

START_TEST(each_is_waited_for_from_its_own_order_on) {
    leads(3);
    leads_no_more();
    const usec_t beta_told_at = beta.since;
    confirms(&alpha, 1);
    leads(4);
    leads_no_more();
    ck_assert_int_gt(alpha.since, beta_told_at);
    holders_await(&holders);
    ck_assert_int_eq(holders_deadline(&holders), beta_told_at + LIMIT);
    now = beta_told_at + LIMIT;
    ck_assert_uint_eq(become_late(), 1);
    ck_assert(!holders_settled(&holders)); /* alpha still has some of its time */
    ck_assert_int_eq(holders_deadline(&holders), alpha.since + LIMIT);
}
END_TEST

START_TEST(another_token_is_another_order) {
    leads(3);
    ck_assert_uint_eq(leads(5), 2);
    ck_assert_uint_eq(alpha.order, 2);
    ck_assert_int_eq(alpha.state, HOLDER_WORKING);
    ck_assert_uint_eq(alpha.token.epoch, 5);
}
END_TEST

/* It said that it had stopped when the daemon was about to say the same, then answered that as well. */
START_TEST(a_confirmation_of_earlier_work_means_nothing) {
    leads(3);
    leads_no_more();
    ck_assert(confirms(&alpha, 1));
    leads(4);
    ck_assert(!confirms(&alpha, 1));
    ck_assert_int_eq(alpha.state, HOLDER_WORKING);
    leads_no_more();
    ck_assert(!confirms(&alpha, 1));
    ck_assert_int_eq(alpha.state, HOLDER_STOPPING);
    ck_assert(!confirms(&alpha, 3));
    ck_assert(confirms(&alpha, 2));
}
END_TEST

START_TEST(who_has_nothing_to_stop_confirms_nothing) {
    ck_assert(!confirms(&alpha, 0));
    ck_assert_int_eq(alpha.state, HOLDER_IDLE);
}
END_TEST

START_TEST(who_stops_by_itself_gets_no_more_work_of_that_leadership) {
    leads(3);
    ck_assert(confirms(&alpha, 1));
    ck_assert_int_eq(alpha.state, HOLDER_DONE);
    ck_assert_uint_eq(leads(3), 0);
    ck_assert_uint_eq(leads_no_more(), 1); /* beta */
    ck_assert_int_eq(alpha.state, HOLDER_IDLE);
    confirms(&beta, 1);
    ck_assert_uint_eq(leads(3), 2); /* after a pause, say */
    confirms(&alpha, 2);
    ck_assert_uint_eq(leads(4), 2); /* or when it leads anew */
}
END_TEST

START_TEST(only_what_has_stopped_well_has_stopped) {
    const struct ran good = { .status = 0 }, bad = { .status = 1 };

    ck_assert(holders_have_stopped(&holders));
    leads(7);
    holders_ran(&holders, &alpha, &bad); /* while it works: that says nothing of the end */
    leads_no_more();
    holders_await(&holders);
    ck_assert(!holders_have_stopped(&holders));
    holders_ran(&holders, &alpha, &good);
    confirms(&alpha, 1);
    ck_assert(!holders_have_stopped(&holders));
    now += LIMIT;
    become_late();
    ck_assert(holders_settled(&holders)); /* not waited for any longer ... */
    ck_assert(!holders_have_stopped(&holders)); /* ... but still at it */
    holders_remove(&beta);
    ck_assert(holders_have_stopped(&holders));
    holders_add(&holders, &beta, now);

    leads(8);
    leads_no_more();
    holders_ran(&holders, &beta, &bad);
    confirms(&alpha, 2);
    confirms(&beta, 1);
    ck_assert(!holders_have_stopped(&holders));
    holders_remove(&beta); /* what it has left is not better for that */
    ck_assert(!holders_have_stopped(&holders));
    holders_add(&holders, &beta, now);
    leads(9); /* its work begins anew */
    leads_no_more();
    confirms(&alpha, 3);
    confirms(&beta, 1);
    ck_assert(holders_have_stopped(&holders));
}
END_TEST

START_TEST(states_have_names) {
    ck_assert_str_eq(holder_state_name(HOLDER_IDLE), "idle");
    ck_assert_str_eq(holder_state_name(HOLDER_WORKING), "working");
    ck_assert_str_eq(holder_state_name(HOLDER_STOPPING), "stopping");
    ck_assert_str_eq(holder_state_name(HOLDER_DONE), "done");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("holders");
    TCase *tcase = tcase_create("holders");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, who_leads_has_work_for_all);
    tcase_add_test(tcase, who_comes_later_gets_work_at_once);
    tcase_add_test(tcase, the_core_waits_for_all_that_worked);
    tcase_add_test(tcase, the_core_waits_for_nobody_without_work);
    tcase_add_test(tcase, nobody_is_told_that_all_have_stopped_who_did_not_ask);
    tcase_add_test(tcase, who_is_gone_has_stopped);
    tcase_add_test(tcase, who_is_late_is_not_waited_for);
    tcase_add_test(tcase, who_has_not_stopped_gets_no_work);
    tcase_add_test(tcase, each_is_waited_for_from_its_own_order_on);
    tcase_add_test(tcase, another_token_is_another_order);
    tcase_add_test(tcase, a_confirmation_of_earlier_work_means_nothing);
    tcase_add_test(tcase, who_has_nothing_to_stop_confirms_nothing);
    tcase_add_test(tcase, who_stops_by_itself_gets_no_more_work_of_that_leadership);
    tcase_add_test(tcase, only_what_has_stopped_well_has_stopped);
    tcase_add_test(tcase, states_have_names);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
