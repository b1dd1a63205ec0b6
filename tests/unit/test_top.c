/* SPDX-License-Identifier: ISC
 *
 * test_top.c - what `eldest top` shows and where, without a terminal: its lines, its keys, and what it knows.
 */
#include "cli/top_model.h"
#include "cli/top_view.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* --- the lines of a screen --- */

static int used(const struct top_layout *layout) {
    return layout->bar + layout->summary + 2 * layout->gap + layout->members + layout->changes + layout->keys;
}

START_TEST(a_usual_screen_has_everything) {
    struct top_layout layout;

    top_layout(24, 3, 3, 5, &layout);
    ck_assert_int_eq(layout.bar, 1);
    ck_assert_int_eq(layout.summary, 3);
    ck_assert_int_eq(layout.gap, 1);
    ck_assert_int_eq(layout.members, 4);
    ck_assert_int_eq(layout.changes, 6);
    ck_assert_int_eq(layout.keys, 1);
}
END_TEST

START_TEST(many_members_leave_a_third_to_the_changes) {
    struct top_layout layout;

    top_layout(24, 3, 1000, 100, &layout);
    ck_assert_int_eq(used(&layout), 24);
    ck_assert_int_eq(layout.changes, 5);
    ck_assert_int_eq(layout.members, 12);
    top_layout(24, 3, 1000, 1, &layout);
    ck_assert_int_eq(layout.changes, 2);
    ck_assert_int_eq(layout.members, 15);
    top_layout(24, 3, 2, 100, &layout);
    ck_assert_int_eq(layout.members, 3);
    ck_assert_int_eq(layout.changes, 14);
}
END_TEST

/* No screen is too small, and no line is given away twice, or to titles alone. */
START_TEST(any_screen_is_shared) {
    struct top_layout layout;

    for (int lines = 0; lines < 80; lines++)
        for (int summary = 1; summary < 30; summary += 7)
            for (size_t members = 0; members < 70; members += 3)
                for (size_t changes = 0; changes < 70; changes += 3) {
                    top_layout(lines, summary, members, changes, &layout);
                    ck_assert_int_le(used(&layout), max_i64(lines, 1));
                    ck_assert_int_ge(layout.summary, 1);
                    ck_assert_int_ne(layout.members, 1);
                    ck_assert_int_ne(layout.changes, 1);
                    ck_assert_int_le(layout.members, (int)members + 1 > 2 ? (int)members + 1 : 2);
                }
    top_layout(1, 3, 3, 3, &layout);
    ck_assert_int_eq(used(&layout), 1);
}
END_TEST

/* --- keys --- */

static struct top_view view;

static void press(enum top_command command, size_t first) {
    top_view_command(&view, command);
    ck_assert_uint_eq(view.first, first);
}

START_TEST(members_are_scrolled) {
    view = (struct top_view){ .first = 0 };
    top_view_fit(&view, 60, 12);
    press(TOP_UP, 0);
    press(TOP_DOWN, 1);
    press(TOP_PAGE_DOWN, 13);
    press(TOP_PAGE_UP, 1);
    press(TOP_PAGE_UP, 0);
    press(TOP_END, 48);
    press(TOP_DOWN, 48);
    press(TOP_HOME, 0);
    press(TOP_END, 48);
    top_view_fit(&view, 60, 30); /* the screen has grown */
    ck_assert_uint_eq(view.first, 30);
    top_view_fit(&view, 3, 30); /* most have left */
    ck_assert_uint_eq(view.first, 0);
    press(TOP_DOWN, 0);
    top_view_fit(&view, 0, 0);
    press(TOP_PAGE_DOWN, 0);
}
END_TEST

START_TEST(any_key_ends_the_help) {
    view = (struct top_view){ .first = 0 };
    top_view_fit(&view, 60, 12);
    press(TOP_HELP, 0);
    ck_assert(view.help);
    press(TOP_NOTHING, 0);
    press(TOP_RESIZED, 0);
    ck_assert(view.help);
    press(TOP_DOWN, 0);
    ck_assert(!view.help);
    press(TOP_HELP, 0);
    press(TOP_QUIT, 0);
    ck_assert(!view.help);
}
END_TEST

START_TEST(orders_come_in_turn) {
    view = (struct top_view){ .first = 0 };
    for (int i = 1; i <= MEMBERS_ORDERS; i++) {
        press(TOP_ORDER, 0);
        ck_assert_int_eq(view.order, i % MEMBERS_ORDERS);
    }
    press(TOP_FREEZE, 0);
    ck_assert(view.frozen);
    press(TOP_FREEZE, 0);
    ck_assert(!view.frozen);
}
END_TEST

/* --- the model --- */

static struct top_model model;

static void setup(void) {
    memset(&model, 0, sizeof(model));
}

static void teardown(void) {
    top_model_free(&model);
}

static void change(const char *event) {
    json_t *document = json_pack("{s:s, s:I}", "event", event, "mono_ns", (json_int_t)1000000000);

    top_model_change(&model, document);
    json_decref(document);
}

static void status(int epoch) {
    json_t *document = json_pack("{s:i}", "epoch", epoch);

    top_model_status(&model, document);
    json_decref(document);
}

static const char *text(size_t back) {
    return top_model_line(&model, back)->text;
}

START_TEST(the_latest_changes_are_kept) {
    char name[32];

    for (int i = 0; i < 2 * TOP_CHANGES_MAX + 7; i++) {
        snprintf(name, sizeof(name), "change-%d", i);
        change(name);
    }
    ck_assert_uint_eq(top_model_changes(&model), TOP_CHANGES_MAX);
    ck_assert_str_eq(text(0), name);
    snprintf(name, sizeof(name), "change-%d", TOP_CHANGES_MAX + 7);
    ck_assert_str_eq(text(TOP_CHANGES_MAX - 1), name);
}
END_TEST

START_TEST(what_is_frozen_stays) {
    status(7);
    change("first");
    top_model_freeze(&model, true);
    status(8);
    change("second");
    ck_assert_int_eq(json_integer_value(json_object_get(model.status, "epoch")), 7);
    ck_assert_uint_eq(top_model_changes(&model), 1);
    ck_assert_str_eq(text(0), "first");
    for (int i = 0; i < TOP_CHANGES_MAX; i++)
        change("later");
    ck_assert_uint_eq(top_model_changes(&model), 0);

    top_model_freeze(&model, false);
    status(9);
    ck_assert_int_eq(json_integer_value(json_object_get(model.status, "epoch")), 9);
    ck_assert_uint_eq(top_model_changes(&model), TOP_CHANGES_MAX);
    ck_assert_str_eq(text(0), "later");
}
END_TEST

/* A daemon that was started anew tells how things stand, which is enough to see that it is there. */
START_TEST(a_daemon_that_does_not_answer_is_told_once) {
    change("first");
    top_model_back(&model, 1);
    ck_assert_uint_eq(top_model_changes(&model), 1);
    top_model_gone(&model, 1000, 1000);
    top_model_gone(&model, 2000, 2000);
    ck_assert_int_eq(model.gone_at, 1000);
    ck_assert_uint_eq(top_model_changes(&model), 2);
    top_model_back(&model, 3000);
    ck_assert_int_eq(model.gone_at, 0);
    ck_assert_uint_eq(top_model_changes(&model), 3);
    ck_assert_str_eq(text(0), "eldestd answers again");

    top_model_gone(&model, 4000, 4000);
    change("snapshot");
    top_model_back(&model, 5000);
    ck_assert_uint_eq(top_model_changes(&model), 5);
    ck_assert_ptr_nonnull(strstr(text(0), "no leader"));
}
END_TEST

static Suite *top_suite(void) {
    Suite *suite = suite_create("top");
    TCase *layout = tcase_create("layout"), *keys = tcase_create("keys"), *known = tcase_create("model");

    tcase_add_test(layout, a_usual_screen_has_everything);
    tcase_add_test(layout, many_members_leave_a_third_to_the_changes);
    tcase_add_test(layout, any_screen_is_shared);
    tcase_add_test(keys, members_are_scrolled);
    tcase_add_test(keys, any_key_ends_the_help);
    tcase_add_test(keys, orders_come_in_turn);
    tcase_add_checked_fixture(known, setup, teardown);
    tcase_add_test(known, the_latest_changes_are_kept);
    tcase_add_test(known, what_is_frozen_stays);
    tcase_add_test(known, a_daemon_that_does_not_answer_is_told_once);
    suite_add_tcase(suite, layout);
    suite_add_tcase(suite, keys);
    suite_add_tcase(suite, known);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(top_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
