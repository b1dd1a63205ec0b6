/* SPDX-License-Identifier: ISC
 *
 * test_text.c - how durations and names look to people, and which words they mean.
 */
#include "cli/guess.h"
#include "text/value.h"

#include "base/util.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE (60 * USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

START_TEST(durations_have_two_units_at_most) {
    static const struct {
        usec_t duration;
        const char *text;
    } cases[] = {
        { 0, "0 ms" },
        { 1, "0.00 ms" },
        { 407, "0.41 ms" },
        { 4 * USEC_PER_MS, "4 ms" },
        { 9994, "9.99 ms" },
        { 9996, "10 ms" },
        { 10400, "10 ms" },
        { 999499, "999 ms" },
        { 999500, "1.0s" },
        { 1249999, "1.2s" },
        { 9949999, "9.9s" },
        { 9950000, "10s" },
        { 59949999, "59s" },
        { 59950000, "1m" },
        { 5 * MINUTE + 12 * USEC_PER_SEC, "5m 12s" },
        { HOUR - 1, "1h" },
        { 3 * HOUR + 4 * MINUTE + 59 * USEC_PER_SEC, "3h 4m" },
        { 12 * DAY + 3 * HOUR, "12d 3h" },
        { 400 * DAY, "400d" },
    };
    char text[TEXT_SIZE];

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
        ck_assert_str_eq(text_duration(cases[i].duration, text), cases[i].text);
}
END_TEST

START_TEST(numbers_of_any_unit_are_durations) {
    static const struct {
        const char *(*function)(const json_t *number, char text[TEXT_SIZE]);
        const char *number, *text;
    } cases[] = {
        { text_seconds, "0.412", "412 ms" }, { text_seconds, "0.0", "0 ms" },   { text_seconds, "90", "1m 30s" },
        { text_seconds, "-1.5", "0 ms" },    { text_seconds, "null", "-" },     { text_seconds, "\"5\"", "-" },
        { text_ms, "412", "412 ms" },        { text_ms, "1200", "1.2s" },       { text_ms, "null", "-" },
        { text_us, "310", "0.31 ms" },       { text_us, "12000", "12 ms" },     { text_us, "null", "-" },
        { text_ms_ago, "92", "92 ms ago" },  { text_ms_ago, "5000", "5.0s ago" }, { text_ms_ago, "null", "-" },
        { text_seconds, "1e300", "11574d 1h" },
        { text_percent, "0", "0%" },         { text_percent, "0.004", "0.4%" }, { text_percent, "0.12", "12%" },
        { text_percent, "1.0", "100%" },     { text_percent, "null", "-" },
    };
    char text[TEXT_SIZE];

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        json_t *number = json_loads(cases[i].number, JSON_DECODE_ANY, NULL);
        ck_assert_msg(number, "no JSON: %s", cases[i].number);
        ck_assert_str_eq(cases[i].function(number, text), cases[i].text);
        json_decref(number);
    }
    ck_assert_str_eq(text_seconds(NULL, text), "-");
}
END_TEST

START_TEST(characters_have_columns) {
    static const struct {
        const char *text;
        int width;
    } cases[] = {
        { "", 0 },
        { "alpha", 5 },
        { "n\xc3\xb6rd", 4 },
        { "no\xcc\x88rd", 4 }, /* a combining diaeresis */
        { "\xe6\x9d\xb1\xe4\xba\xac", 4 }, /* two wide characters */
        { "\xf0\x9f\xa6\x86", 2 },
        { "a\xe2\x80\xae" "b", 3 }, /* one that turns the line around, for which "?" stands */
    };

    ck_assert_msg(setlocale(LC_CTYPE, "C.UTF-8"), "no locale with UTF-8");
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
        ck_assert_msg(text_width(cases[i].text) == cases[i].width, "%u: %d, not %d", i, text_width(cases[i].text),
                      cases[i].width);
}
END_TEST

START_TEST(a_locale_without_characters_shows_none) {
    const char *text = "\xe6\x9d\xb1" "b";

    setlocale(LC_CTYPE, "C");
    ck_assert_int_eq(text_width(text), 2);
    ck_assert_int_eq(text_step(&text), -1);
    ck_assert_str_eq(text, "b");
    ck_assert_int_eq(text_step(&text), 1);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(what_turns_a_line_around_is_no_part_of_a_name) {
    static const struct {
        const char *name, *shown;
    } cases[] = {
        { "web1", "web1" },
        { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d" }, /* letters from right to left may */
        { "a\xe2\x80\xae" "bc", "a?bc" },
        { "\xe2\x81\xa6\xe2\x80\xa9\xd8\x9c", "???" },
        { "", "01234567" },
    };
    char text[TEXT_SIZE];

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        json_t *node = json_pack("{s:s, s:s}", "name", cases[i].name, "id", "0123456789abcdef0123456789abcdef");
        ck_assert_str_eq(text_name(node, text), cases[i].shown);
        json_decref(node);
    }
}
END_TEST

START_TEST(words_that_are_near_are_guessed) {
    static const struct {
        const char *word, *known;
        unsigned distance;
    } cases[] = {
        { "status", "status", 1 },    { "st", "status", 1 },        { "s", "status", GUESS_FAR },
        { "statsu", "status", 1 },    { "sttus", "status", 1 },     { "statusx", "status", 1 },
        { "stutas", "status", 2 },    { "frobnicate", "status", GUESS_FAR }, { "", "status", GUESS_FAR },
        { "is-laeder", "is-leader", 1 }, { "pears", "peers", 1 },   { "top", "tap", 1 },
        { "tip", "top", 1 },          { "tig", "top", GUESS_FAR },
        { "a-word-that-is-longer-than-any-command", "status", GUESS_FAR },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
        ck_assert_msg(guess_distance(cases[i].word, cases[i].known) == cases[i].distance, "%s for %s: %u",
                      cases[i].word, cases[i].known, guess_distance(cases[i].word, cases[i].known));
}
END_TEST

static Suite *text_suite(void) {
    Suite *suite = suite_create("text");
    TCase *durations = tcase_create("durations"), *names = tcase_create("names");

    tcase_add_test(durations, durations_have_two_units_at_most);
    tcase_add_test(durations, numbers_of_any_unit_are_durations);
    tcase_add_test(names, characters_have_columns);
    tcase_add_test(names, a_locale_without_characters_shows_none);
    tcase_add_test(names, what_turns_a_line_around_is_no_part_of_a_name);
    tcase_add_test(names, words_that_are_near_are_guessed);
    suite_add_tcase(suite, durations);
    suite_add_tcase(suite, names);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(text_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
