/* SPDX-License-Identifier: ISC
 *
 * test_history.c - the leaderships that a node has seen, told by notices in every order in which they can come.
 *
 * A second passes before each notice, unless a test says otherwise; the wall clock is of another opinion.
 */
#include "daemon/history.h"

#include "base/util.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALPHA = 1, BETA = 2, ME = 9 };
#define WALL_AT_START 1000000000000LL

static struct history history;
static struct moment now;

static struct node_id id_of(uint8_t who) {
    return (struct node_id){ { who } };
}

static struct address address_of(uint8_t who) {
    return (struct address){ .family = 4, .bytes = { 192, 0, 2, who }, .port = 29418 };
}

static void time_passes(usec_t duration) {
    now.at += duration;
    now.wall_ms += duration / USEC_PER_MS;
}

static void notice(enum notice_type type, uint8_t who, uint64_t epoch, enum reason reason, const char *name) {
    struct notice notice = { .type = type, .reason = reason, .token = { epoch, id_of(who) } };

    notice.address = address_of(who);
    snprintf(notice.name, sizeof(notice.name), "%s", name);
    time_passes(USEC_PER_SEC);
    history_notice(&history, &notice, who == ME, &now);
}

static const char *name_of(uint8_t who) {
    return who == ALPHA ? "alpha" : who == BETA ? "beta" : "me";
}

static void leads(uint8_t who, uint64_t epoch, enum reason reason) {
    notice(NOTICE_LEADER, who, epoch, reason, name_of(who));
}

static void ends(uint8_t who, uint64_t epoch, enum reason reason) {
    notice(NOTICE_NO_LEADER, who, epoch, reason, name_of(who));
}

static const struct term *term(unsigned index) {
    const struct term *term = history_get(&history, index);

    ck_assert_msg(term != NULL, "there is no term %u", index);
    return term;
}

/* Who, which, why it began and why it ended; REASON_END: it lasts. */
#define expect_term(index, who, epoch, began_by, ended_by) check_term(index, who, epoch, began_by, ended_by, __LINE__)

static void check_term(unsigned index, uint8_t who, uint64_t epoch, enum reason began_by, enum reason ended_by,
                       int line) {
    const struct term *one = term(index);
    struct token token = { epoch, id_of(who) };

    ck_assert_msg(token_equal(&one->token, &token), "line %d: term %u is of epoch %ju", line, index,
                  (uintmax_t)one->token.epoch);
    ck_assert_msg(one->began && one->began_by == began_by, "line %d: began by %s", line, reason_name(one->began_by));
    ck_assert_msg(one->ended == (ended_by != REASON_END), "line %d: ended: %d", line, one->ended);
    ck_assert_msg(!one->ended || one->ended_by == ended_by, "line %d: ended by %s", line, reason_name(one->ended_by));
    ck_assert_int_eq(one->self, who == ME);
}

static void setup(void) {
    memset(&history, 0, sizeof(history));
    now = (struct moment){ .at = 5000 * USEC_PER_SEC, .wall_ms = WALL_AT_START };
}

START_TEST(nothing_was_seen) {
    ck_assert_uint_eq(history.count, 0);
    ck_assert_ptr_null(history_get(&history, 0));
}
END_TEST

START_TEST(one_leader_dies_and_the_next_one_leads) {
    leads(ALPHA, 7, REASON_JOIN);
    ends(ALPHA, 7, REASON_DEATH);
    leads(ME, 8, REASON_DEATH);
    ck_assert_uint_eq(history.count, 2);
    expect_term(0, ALPHA, 7, REASON_JOIN, REASON_DEATH);
    expect_term(1, ME, 8, REASON_DEATH, REASON_END);

    struct address address = address_of(ALPHA);
    ck_assert_str_eq(term(0)->name, "alpha");
    ck_assert(address_equal(&term(0)->address, &address));
    ck_assert_int_eq(term(0)->from.at, 5001 * USEC_PER_SEC);
    ck_assert_int_eq(term(0)->from.wall_ms, WALL_AT_START + 1000);
    ck_assert_int_eq(term(0)->to.at, 5002 * USEC_PER_SEC);
    ck_assert_int_eq(term(0)->to.wall_ms, WALL_AT_START + 2000);
    ck_assert_int_eq(history_duration(term(0), now.at), USEC_PER_SEC);
}
END_TEST

START_TEST(a_term_lasts_until_it_ends) {
    leads(ALPHA, 7, REASON_FIRST);
    time_passes(90 * USEC_PER_SEC);
    ck_assert_int_eq(history_duration(term(0), now.at), 90 * USEC_PER_SEC);
    ends(ALPHA, 7, REASON_FAREWELL);
    time_passes(90 * USEC_PER_SEC);
    ck_assert_int_eq(history_duration(term(0), now.at), 91 * USEC_PER_SEC);
}
END_TEST

START_TEST(durations_do_not_follow_the_wall_clock) {
    leads(ALPHA, 7, REASON_FIRST);
    now.wall_ms -= 3600 * 1000;
    ends(ALPHA, 7, REASON_RESIGN);
    ck_assert_int_eq(history_duration(term(0), now.at), USEC_PER_SEC);
    ck_assert_int_eq(term(0)->from.wall_ms, WALL_AT_START + 1000); /* as it was shown then */
    ck_assert_int_eq(term(0)->to.wall_ms, WALL_AT_START + 2000 - 3600 * 1000);
}
END_TEST

/* ---- a leader after a leader, without a word in between */

START_TEST(a_rise_ends_the_epoch_before) {
    leads(ALPHA, 7, REASON_FIRST);
    leads(ALPHA, 9, REASON_RISE);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_RISE);
    expect_term(1, ALPHA, 9, REASON_RISE, REASON_END);
    ck_assert_int_eq(term(0)->to.at, term(1)->from.at);
}
END_TEST

START_TEST(a_merge_ends_the_leadership_that_was_absorbed) {
    leads(ME, 7, REASON_ALONE);
    leads(BETA, 8, REASON_MERGE);
    expect_term(0, ME, 7, REASON_ALONE, REASON_MERGE);
    expect_term(1, BETA, 8, REASON_MERGE, REASON_END);
}
END_TEST

START_TEST(the_same_epoch_of_another_leader_is_another_leadership) {
    leads(ALPHA, 7, REASON_FIRST);
    leads(BETA, 7, REASON_DEATH);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_DEATH);
    expect_term(1, BETA, 7, REASON_DEATH, REASON_END);
}
END_TEST

START_TEST(who_is_found_does_not_tell_why_the_last_one_ended) {
    leads(ALPHA, 7, REASON_FIRST);
    leads(BETA, 8, REASON_JOIN);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_NONE);
    expect_term(1, BETA, 8, REASON_JOIN, REASON_END);
}
END_TEST

START_TEST(a_leader_told_twice_is_one) {
    leads(ALPHA, 7, REASON_FIRST);
    leads(ALPHA, 7, REASON_JOIN);
    ck_assert_uint_eq(history.count, 1);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_END);
    ck_assert_int_eq(term(0)->from.at, 5001 * USEC_PER_SEC);
}
END_TEST

/* ---- ends */

START_TEST(an_end_told_twice_is_the_first) {
    leads(ME, 7, REASON_FIRST);
    ends(ME, 7, REASON_RESIGN);
    ends(ME, 7, REASON_LINK);
    ck_assert_uint_eq(history.count, 1);
    expect_term(0, ME, 7, REASON_FIRST, REASON_RESIGN);
    ck_assert_int_eq(history_duration(term(0), now.at), USEC_PER_SEC);
}
END_TEST

START_TEST(of_some_only_the_end_is_seen) {
    ends(ALPHA, 7, REASON_DEATH);
    ck_assert_uint_eq(history.count, 1);
    ck_assert(!term(0)->began && term(0)->ended);
    ck_assert_str_eq(term(0)->name, "alpha");
    ck_assert_int_eq(term(0)->ended_by, REASON_DEATH);
    ck_assert_int_eq(history_duration(term(0), now.at), -1);
    ends(ALPHA, 7, REASON_DEATH);
    ck_assert_uint_eq(history.count, 1);
    leads(BETA, 8, REASON_DEATH);
    expect_term(1, BETA, 8, REASON_DEATH, REASON_END);
}
END_TEST

START_TEST(an_end_of_another_leadership_ends_the_open_one_too) {
    leads(ALPHA, 7, REASON_FIRST);
    ends(ALPHA, 8, REASON_DEATH); /* its beginning was lost */
    ck_assert_uint_eq(history.count, 2);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_NONE);
    ck_assert(!term(1)->began && term(1)->ended && term(1)->ended_by == REASON_DEATH);
}
END_TEST

START_TEST(a_leader_given_up_in_error_is_there_twice) {
    leads(ALPHA, 7, REASON_FIRST);
    ends(ALPHA, 7, REASON_DEATH);
    leads(ALPHA, 7, REASON_VOUCHED);
    ck_assert_uint_eq(history.count, 2);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_DEATH);
    expect_term(1, ALPHA, 7, REASON_VOUCHED, REASON_END);
    ends(ALPHA, 7, REASON_RESIGN);
    expect_term(0, ALPHA, 7, REASON_FIRST, REASON_DEATH);
    expect_term(1, ALPHA, 7, REASON_VOUCHED, REASON_RESIGN);
}
END_TEST

/* ---- pauses: while a leader asks whether it still leads the core gives no notice */

START_TEST(a_pause_that_changed_nothing_is_part_of_the_term) {
    leads(ME, 7, REASON_FIRST);
    notice(NOTICE_STATE, ME, 7, REASON_NONE, "me");
    notice(NOTICE_VOUCHED, ME, 7, REASON_NONE, "me");
    time_passes(60 * USEC_PER_SEC);
    ck_assert_uint_eq(history.count, 1);
    expect_term(0, ME, 7, REASON_FIRST, REASON_END);
    ck_assert_int_eq(history_duration(term(0), now.at), 62 * USEC_PER_SEC);
}
END_TEST

START_TEST(a_pause_in_which_another_took_over_ends_it) {
    leads(ME, 7, REASON_FIRST);
    ends(ME, 7, REASON_GAP);
    leads(BETA, 8, REASON_GAP);
    expect_term(0, ME, 7, REASON_FIRST, REASON_GAP);
    expect_term(1, BETA, 8, REASON_GAP, REASON_END);
}
END_TEST

START_TEST(other_notices_mean_nothing) {
    for (enum notice_type type = NOTICE_STATE; type < NOTICE_TYPE_END; type++)
        if (type != NOTICE_LEADER && type != NOTICE_NO_LEADER)
            notice(type, ALPHA, 7, REASON_NONE, "alpha");
    ck_assert_uint_eq(history.count, 0);
}
END_TEST

/* ---- names */

START_TEST(a_name_may_become_known_later) {
    struct node_id alpha = id_of(ALPHA), beta = id_of(BETA);

    notice(NOTICE_LEADER, ALPHA, 7, REASON_JOIN, "");
    ck_assert_str_eq(term(0)->name, "");
    history_learn(&history, &beta, "beta");
    history_learn(&history, &alpha, "");
    ck_assert_str_eq(term(0)->name, "");
    history_learn(&history, &alpha, "alpha");
    ck_assert_str_eq(term(0)->name, "alpha");
    history_learn(&history, &alpha, "omega"); /* a host that was renamed: it had that name then */
    ck_assert_str_eq(term(0)->name, "alpha");
}
END_TEST

START_TEST(a_name_told_at_the_end_is_taken) {
    notice(NOTICE_LEADER, ALPHA, 7, REASON_JOIN, "");
    ends(ALPHA, 7, REASON_DEATH);
    ck_assert_str_eq(term(0)->name, "alpha");
}
END_TEST

START_TEST(a_name_told_in_a_later_term_serves_the_earlier) {
    notice(NOTICE_LEADER, ALPHA, 7, REASON_JOIN, "");
    leads(BETA, 8, REASON_MERGE);
    leads(ALPHA, 9, REASON_RESIGN);
    ck_assert_str_eq(term(0)->name, "alpha");
    ck_assert_str_eq(term(1)->name, "beta");
}
END_TEST

START_TEST(an_unknown_address_does_not_replace_a_known_one) {
    struct notice ended = { .type = NOTICE_NO_LEADER, .reason = REASON_LINK, .token = { 7, id_of(ALPHA) } };
    struct address address = address_of(ALPHA);

    leads(ALPHA, 7, REASON_JOIN);
    history_notice(&history, &ended, false, &now);
    ck_assert(address_equal(&term(0)->address, &address));
    ck_assert_str_eq(term(0)->name, "alpha");
}
END_TEST

/* ---- bounds */

START_TEST(the_oldest_give_way) {
    for (uint64_t epoch = 1; epoch <= 3 * HISTORY_MAX + 5; epoch++)
        leads(ALPHA, epoch, REASON_RISE);
    ck_assert_uint_eq(history.count, HISTORY_MAX);
    ck_assert_uint_eq(history.forgotten, 2 * HISTORY_MAX + 5);
    for (unsigned i = 0; i < HISTORY_MAX - 1; i++)
        expect_term(i, ALPHA, 2 * HISTORY_MAX + 6 + i, REASON_RISE, REASON_RISE);
    expect_term(HISTORY_MAX - 1, ALPHA, 3 * HISTORY_MAX + 5, REASON_RISE, REASON_END);
    ck_assert_ptr_null(history_get(&history, HISTORY_MAX));
    ends(ALPHA, 3 * HISTORY_MAX + 5, REASON_DEATH);
    expect_term(HISTORY_MAX - 1, ALPHA, 3 * HISTORY_MAX + 5, REASON_RISE, REASON_DEATH);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        nothing_was_seen,
        one_leader_dies_and_the_next_one_leads,
        a_term_lasts_until_it_ends,
        durations_do_not_follow_the_wall_clock,
        a_rise_ends_the_epoch_before,
        a_merge_ends_the_leadership_that_was_absorbed,
        the_same_epoch_of_another_leader_is_another_leadership,
        who_is_found_does_not_tell_why_the_last_one_ended,
        a_leader_told_twice_is_one,
        an_end_told_twice_is_the_first,
        of_some_only_the_end_is_seen,
        an_end_of_another_leadership_ends_the_open_one_too,
        a_leader_given_up_in_error_is_there_twice,
        a_pause_that_changed_nothing_is_part_of_the_term,
        a_pause_in_which_another_took_over_ends_it,
        other_notices_mean_nothing,
        a_name_may_become_known_later,
        a_name_told_at_the_end_is_taken,
        a_name_told_in_a_later_term_serves_the_earlier,
        an_unknown_address_does_not_replace_a_known_one,
        the_oldest_give_way,
    };
    TCase *tcase = tcase_create("orders");
    Suite *suite = suite_create("history");

    tcase_add_checked_fixture(tcase, setup, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
