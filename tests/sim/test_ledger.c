/* SPDX-License-Identifier: ISC
 *
 * test_ledger.c - what the judge of majorities sees in made-up books, and how long made-up holders work.
 */
#include "holder.h"
#include "ledger.h"

#include <check.h>
#include <stdlib.h>

static struct ledger ledger;

static void open_book(void) {
    ledger_init(&ledger, 3);
}

static void close_book(void) {
    ledger_release(&ledger);
}

static struct token token_of(uint64_t epoch, uint8_t id) {
    return (struct token){ epoch, { { id } } };
}

/* -1: nobody else holds office then. */
static int64_t other(uint32_t node, usec_t now, usec_t until) {
    uint32_t found;

    return ledger_hold(&ledger, node, now, until, &found) ? -1 : (int64_t)found;
}

START_TEST(one_after_the_other) {
    ck_assert_int_eq(other(0, 100, 200), -1);
    ck_assert_int_eq(other(0, 150, 300), -1);
    ck_assert_int_eq(other(1, 300, 400), -1);
    ck_assert_int_eq(other(2, 400, 401), -1);
    ck_assert_int_eq(other(0, 401, USEC_NEVER), -1);
    ck_assert_uint_eq(ledger.spells, 4);
}
END_TEST

/* Though the first one says nothing more. */
START_TEST(a_moment_too_early) {
    ck_assert_int_eq(other(2, 100, 200), -1);
    ck_assert_int_eq(other(1, 199, 300), 2);
}
END_TEST

START_TEST(somebody_goes_on) {
    ck_assert_int_eq(other(0, 100, 200), -1);
    ck_assert_int_eq(other(1, 200, 300), -1);
    ck_assert_int_eq(other(0, 250, 260), 1);
    ck_assert_int_eq(other(1, 259, 310), 0);
}
END_TEST

START_TEST(an_end_comes_early) {
    ck_assert_int_eq(other(0, 100, USEC_NEVER), -1);
    ck_assert_int_eq(other(0, 150, 0), -1);
    ck_assert_int_eq(other(1, 150, 300), -1);
    ck_assert_int_eq(other(1, 160, 160), -1);
    ck_assert_int_eq(other(2, 160, 170), -1);
}
END_TEST

START_TEST(news_of_nobody_is_none) {
    ck_assert_int_eq(other(0, 100, 200), -1);
    ck_assert_int_eq(other(1, 150, 150), -1);
    ck_assert_uint_eq(ledger.spells, 1);
}
END_TEST

START_TEST(an_epoch_has_one_leader) {
    const struct token tokens[] = { token_of(1, 1), token_of(3, 2), token_of(2, 3) }, again = token_of(3, 2);
    const struct token taken = token_of(2, 1);

    for (size_t i = 0; i < 3; i++)
        ck_assert(ledger_elected(&ledger, &tokens[i]));
    ck_assert(ledger_elected(&ledger, &again));
    ck_assert(!ledger_elected(&ledger, &taken));
}
END_TEST

START_TEST(tokens_rise) {
    const struct token first = token_of(4, 1), second = token_of(7, 1), same = token_of(7, 2), lower = token_of(6, 3);

    ck_assert(ledger_leased(&ledger, &first));
    ck_assert(ledger_leased(&ledger, &second));
    ck_assert(!ledger_leased(&ledger, &same));
    ck_assert(!ledger_leased(&ledger, &lower));
}
END_TEST

/* ---- holders ---- */

static const struct holder_habits quick = { .stop = 10, .patience = 50, .grace = 5 };
static const struct holder_habits slow = { .stop = 100, .patience = 50, .grace = 5 };
static const struct holder_habits bare = { .stop = 10, .patience = 50, .grace = 5, .bare = true };

/* Neither with the worst clocks that are allowed does it outlast the promise that the lease is made of. */
START_TEST(grace_is_what_is_left) {
    struct timing timing = TIMING_DEFAULT;
    usec_t promise = params_promise(&timing), lease = params_lease(promise), grace = holder_grace(&timing);

    ck_assert_int_ge(grace, 0);
    ck_assert_int_le((lease + grace) * 10 / 9, promise * 10 / 11);
    ck_assert_int_ge((lease + grace + 10) * 10 / 9, promise * 10 / 11);
    timing.stop_margin = 300 * USEC_PER_MS;
    ck_assert_int_eq(holder_grace(&timing), grace + timing.stop_margin);
}
END_TEST

START_TEST(idle_at_first) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = false;

    ck_assert_int_eq(holder_over(&holder), 0);
    ck_assert_int_eq(holder_due(&holder), USEC_NEVER);
    holder_stop(&holder, &quick, 100);
    holder_covers(&holder, &quick, 100, 100);
    ck_assert_int_eq(holder_over(&holder), 0);
    ck_assert(!holder_settles(&holder, 100, &released));
    holder_await(&holder);
    ck_assert(holder_settles(&holder, 100, &released));
    ck_assert(released);
    ck_assert(!holder_settles(&holder, 100, &released));
}
END_TEST

START_TEST(works_as_long_as_told) {
    struct holder holder = { .state = HOLDER_IDLE };

    holder_leads(&holder, &quick, 100, 100);
    ck_assert_int_eq(holder_over(&holder), 205);
    holder_leads(&holder, &quick, 100, 200);
    ck_assert_int_eq(holder_over(&holder), 305);
    holder_leads(&holder, &quick, 100, USEC_NEVER);
    ck_assert_int_eq(holder_over(&holder), USEC_NEVER);
}
END_TEST

START_TEST(stops_in_time) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = false;

    holder_leads(&holder, &quick, 100, 100);
    holder_stop(&holder, &quick, 120);
    holder_await(&holder);
    ck_assert_int_eq(holder_over(&holder), 130);
    ck_assert_int_eq(holder_due(&holder), 130);
    ck_assert(!holder_settles(&holder, 129, &released));
    ck_assert(holder_settles(&holder, 130, &released));
    ck_assert(released);
    ck_assert_int_eq(holder.state, HOLDER_IDLE);
}
END_TEST

START_TEST(nobody_waits_for_ever) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = true;

    holder_leads(&holder, &slow, 100, 100);
    holder_stop(&holder, &slow, 120);
    holder_await(&holder);
    holder_covers(&holder, &slow, 100, 300);
    ck_assert_int_eq(holder_over(&holder), 220);
    ck_assert_int_eq(holder_due(&holder), 170);
    ck_assert(holder_settles(&holder, 170, &released));
    ck_assert(!released);
    ck_assert_int_eq(holder_due(&holder), 220);
    ck_assert(!holder_settles(&holder, 220, &released));
    ck_assert_int_eq(holder.state, HOLDER_IDLE);
}
END_TEST

START_TEST(killed_when_the_lease_is_over) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = false;

    holder_leads(&holder, &slow, 100, 30);
    holder_stop(&holder, &slow, 120);
    holder_await(&holder);
    ck_assert_int_eq(holder_over(&holder), 135);
    ck_assert(holder_settles(&holder, 135, &released));
    ck_assert(released);
}
END_TEST

START_TEST(bare_clients_are_waited_for) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = false;

    holder_leads(&holder, &bare, 100, 200);
    holder_stop(&holder, &bare, 120);
    holder_await(&holder);
    holder_covers(&holder, &bare, 100, 300);
    ck_assert_int_eq(holder_over(&holder), 300);
    ck_assert(!holder_settles(&holder, 299, &released));
    ck_assert(holder_settles(&holder, 300, &released));
    ck_assert(released);
}
END_TEST

START_TEST(stops_when_woken) {
    struct holder holder = { .state = HOLDER_IDLE };

    holder_leads(&holder, &slow, 100, 100);
    holder_woken(&holder, 150);
    ck_assert_int_eq(holder_over(&holder), 150);
    holder_woken(&holder, 160);
    ck_assert_int_eq(holder_over(&holder), 150);
}
END_TEST

START_TEST(works_on_when_its_daemon_is_dead) {
    struct holder holder = { .state = HOLDER_IDLE };
    bool released = false;

    holder_leads(&holder, &slow, 100, 100);
    holder_orphaned(&holder, &slow, 120);
    ck_assert_int_eq(holder_over(&holder), 205);
    holder_await(&holder);
    holder_leads(&holder, &slow, 100, 500);
    ck_assert_int_eq(holder_over(&holder), 205);
    ck_assert(holder_settles(&holder, 130, &released));
    ck_assert(released);
    holder_dies(&holder);
    ck_assert_int_eq(holder_over(&holder), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ledger");
    TCase *books = tcase_create("books"), *holders = tcase_create("holders");
    SRunner *runner = srunner_create(suite);
    int failures;

    tcase_add_checked_fixture(books, open_book, close_book);
    tcase_add_test(books, one_after_the_other);
    tcase_add_test(books, a_moment_too_early);
    tcase_add_test(books, somebody_goes_on);
    tcase_add_test(books, an_end_comes_early);
    tcase_add_test(books, news_of_nobody_is_none);
    tcase_add_test(books, an_epoch_has_one_leader);
    tcase_add_test(books, tokens_rise);
    tcase_add_test(holders, grace_is_what_is_left);
    tcase_add_test(holders, idle_at_first);
    tcase_add_test(holders, works_as_long_as_told);
    tcase_add_test(holders, stops_in_time);
    tcase_add_test(holders, nobody_waits_for_ever);
    tcase_add_test(holders, killed_when_the_lease_is_over);
    tcase_add_test(holders, bare_clients_are_waited_for);
    tcase_add_test(holders, stops_when_woken);
    tcase_add_test(holders, works_on_when_its_daemon_is_dead);
    suite_add_tcase(suite, books);
    suite_add_tcase(suite, holders);
    srunner_run_all(runner, CK_NORMAL);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
