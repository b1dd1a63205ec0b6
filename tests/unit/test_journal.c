/* SPDX-License-Identifier: ISC
 *
 * test_journal.c - changes get their numbers, whoever listens is told, and the latest are kept within their bounds.
 *
 * The documents are made up here: they are as long as a test wants them to be.
 */
#include "daemon/journal.h"

#include "daemon/report.h"

#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct journal *journal;
static unsigned built; /* documents */
static size_t text_length;
static bool no_memory;

json_t *report_change(const struct daemon *daemon, uint64_t seq, const struct notice *notice) {
    (void)daemon, (void)notice;
    built++;
    return json_integer((json_int_t)seq);
}

json_t *report_node_change(const struct daemon *daemon, uint64_t seq, const char *event) {
    (void)daemon, (void)event;
    built++;
    return json_integer((json_int_t)seq);
}

/* The number, and blanks behind it. */
char *report_line(json_t *document) {
    char *text = no_memory ? NULL : malloc(text_length + 1);

    if (text) {
        memset(text, ' ', text_length + 1);
        text[snprintf(text, text_length, "%" JSON_INTEGER_FORMAT, json_integer_value(document))] = ' ';
        text[text_length] = '\0';
    }
    json_decref(document);
    return text;
}

/* A listener that notes what it was told. */
struct ear {
    struct journal_listener listener;
    bool listens;
    unsigned told, tables;
    struct journal_line last;
    uint64_t text_seq;
};

static bool ear_listens(void *context) {
    return ((struct ear *)context)->listens;
}

static void ear_changed(void *context, const struct journal_line *line) {
    struct ear *ear = context;

    ear->told++;
    ear->last = *line;
    ear->text_seq = line->text ? strtoull(line->text, NULL, 10) : 0;
}

static void ear_table(void *context) {
    ((struct ear *)context)->tables++;
}

static void listen_with(struct ear *ear) {
    *ear = (struct ear){ .listens = true };
    ear->listener = (struct journal_listener){ .context = ear, .listens = ear_listens, .changed = ear_changed,
                                               .table = ear_table };
    journal_listen(journal, &ear->listener);
}

static void change(unsigned times) {
    while (times-- > 0)
        journal_notice(journal, &(struct notice){ .type = NOTICE_SUSPECTED });
}

/* That these lines are kept, and none around them. */
static void assert_kept(uint64_t first, uint64_t last) {
    ck_assert_ptr_null(journal_find(journal, first - 1));
    ck_assert_ptr_null(journal_find(journal, last + 1));
    for (uint64_t seq = first; seq <= last; seq++) {
        const struct journal_line *line = journal_find(journal, seq);
        ck_assert_msg(line != NULL, "%" PRIu64 " is not kept", seq);
        ck_assert_uint_eq(line->seq, seq);
        ck_assert_uint_eq(strtoull(line->text, NULL, 10), seq);
    }
}

static void setup(void) {
    built = 0;
    text_length = 100;
    no_memory = false;
    ck_assert_int_eq(journal_open(&journal, NULL), 0);
}

static void teardown(void) {
    journal_close(journal);
}

START_TEST(every_change_has_the_next_number) {
    struct ear ear;

    ck_assert_uint_eq(journal_seq(journal), 0);
    listen_with(&ear);
    change(1);
    ck_assert_uint_eq(ear.last.seq, 1);
    ck_assert_str_eq(ear.last.event, "suspected");
    ck_assert_uint_eq(ear.text_seq, 1);
    journal_changed(journal, "paused");
    ck_assert_uint_eq(ear.last.seq, 2);
    ck_assert_str_eq(ear.last.event, "paused");
    ck_assert_uint_eq(ear.text_seq, 2);
    ck_assert_uint_eq(ear.told, 2);
    ck_assert_uint_eq(journal_seq(journal), 2);
}
END_TEST

START_TEST(a_line_is_built_once_for_all) {
    struct ear one, other;

    listen_with(&one);
    listen_with(&other);
    journal_keep(journal);
    change(1);
    ck_assert_uint_eq(one.told, 1);
    ck_assert_uint_eq(other.told, 1);
    ck_assert_uint_eq(built, 1);
}
END_TEST

START_TEST(no_line_is_built_for_nobody) {
    struct ear ear;

    change(3);
    listen_with(&ear);
    ear.listens = false;
    change(3);
    ck_assert_uint_eq(built, 0);
    ck_assert_uint_eq(ear.told, 0);
    ear.listens = true;
    change(1);
    ck_assert_uint_eq(ear.last.seq, 7);
    journal_unlisten(journal, &ear.listener);
    change(1);
    ck_assert_uint_eq(built, 1);
    ck_assert_uint_eq(ear.told, 1);
    ck_assert_uint_eq(journal_seq(journal), 8);
}
END_TEST

START_TEST(the_table_is_no_change) {
    struct ear ear;

    listen_with(&ear);
    ear.listens = false;
    journal_notice(journal, &(struct notice){ .type = NOTICE_TABLE });
    ck_assert_uint_eq(ear.tables, 1);
    ck_assert_uint_eq(journal_seq(journal), 0);
    ck_assert_uint_eq(built, 0);
}
END_TEST

START_TEST(nothing_is_kept_unless_wanted) {
    struct ear ear;

    listen_with(&ear);
    change(2);
    ck_assert_ptr_null(journal_find(journal, 0));
    ck_assert_ptr_null(journal_find(journal, 1));
    ck_assert_ptr_null(journal_find(journal, 2));
    journal_keep(journal);
    change(2);
    assert_kept(3, 4);
}
END_TEST

START_TEST(the_latest_lines_are_kept) {
    journal_keep(journal);
    ck_assert_ptr_null(journal_find(journal, 0));
    ck_assert_ptr_null(journal_find(journal, UINT64_MAX));
    change(JOURNAL_LINES_MAX);
    assert_kept(1, JOURNAL_LINES_MAX);
    change(1);
    assert_kept(2, JOURNAL_LINES_MAX + 1);
    change(10 * JOURNAL_LINES_MAX);
    assert_kept(10 * JOURNAL_LINES_MAX + 2, 11 * JOURNAL_LINES_MAX + 1);
}
END_TEST

START_TEST(long_lines_are_fewer) {
    enum { FIT = 8 };

    journal_keep(journal);
    text_length = JOURNAL_BYTES_MAX / FIT;
    change(FIT);
    assert_kept(1, FIT);
    change(1);
    assert_kept(2, FIT + 1);
    text_length = 2 * JOURNAL_BYTES_MAX / FIT;
    change(1);
    assert_kept(4, FIT + 2);
    text_length = JOURNAL_BYTES_MAX;
    change(1);
    assert_kept(FIT + 3, FIT + 3);
    text_length = 100;
    change(1);
    assert_kept(FIT + 4, FIT + 4);
}
END_TEST

/* Whoever got the line before a gap must not be told that it has missed nothing. */
START_TEST(nothing_before_a_gap_is_kept) {
    struct ear ear;

    listen_with(&ear);
    journal_keep(journal);
    change(3);
    text_length = JOURNAL_BYTES_MAX + 1;
    change(1);
    ck_assert_uint_eq(ear.text_seq, 4);
    ck_assert_ptr_null(journal_find(journal, 3));
    ck_assert_ptr_null(journal_find(journal, 4));
    text_length = 100;
    change(2);
    assert_kept(5, 6);
    no_memory = true;
    change(1);
    ck_assert_ptr_null(ear.last.text);
    ck_assert_uint_eq(ear.last.seq, 7);
    no_memory = false;
    change(1);
    assert_kept(8, 8);
}
END_TEST

static Suite *suite_of_journal(void) {
    Suite *suite = suite_create("journal");
    TCase *cases = tcase_create("journal");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, every_change_has_the_next_number);
    tcase_add_test(cases, a_line_is_built_once_for_all);
    tcase_add_test(cases, no_line_is_built_for_nobody);
    tcase_add_test(cases, the_table_is_no_change);
    tcase_add_test(cases, nothing_is_kept_unless_wanted);
    tcase_add_test(cases, the_latest_lines_are_kept);
    tcase_add_test(cases, long_lines_are_fewer);
    tcase_add_test(cases, nothing_before_a_gap_is_kept);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_journal());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
