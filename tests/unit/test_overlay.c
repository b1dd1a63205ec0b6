/* SPDX-License-Identifier: ISC
 *
 * test_overlay.c - what users have told the daemon over its configuration, while time passes and it is started anew: on
 * the same start of the host, on another one, and on another host.
 */
#include "daemon/overlay.h"

#include "platform/clock.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MINUTE (60 * USEC_PER_SEC)

static char directory[64];
static struct conf conf;
static struct state_store *store;
static struct overlay overlay;
static usec_t now;
static int64_t wall_ms;

usec_t clock_now(void) {
    return now;
}

int64_t clock_wall_ms(void) {
    return wall_ms;
}

static void daemon_starts(enum state_origin as) {
    struct persistent state;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, 0, &store, &state, &origin), 0);
    overlay_open(&overlay, &conf, store, as);
}

static void daemon_ends(void) {
    state_close(store);
    store = NULL;
}

/* The host was down for that long, and its wall clock knows of it or not. */
static void host_boots(usec_t down, bool knows) {
    overlay.boot++; /* what was saved until now is of another one */
    overlay_pause(&overlay, overlay_pause_left(&overlay, now));
    daemon_ends();
    wall_ms = knows ? wall_ms + down / USEC_PER_MS : 5000;
    now = 10 * USEC_PER_SEC;
    daemon_starts(STATE_LOADED);
}

static void setup(void) {
    snprintf(directory, sizeof directory, "/tmp/eldest-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(conf_defaults(&conf, NULL), 0);
    snprintf(conf.facts.tags, sizeof conf.facts.tags, "role=db zone=a");
    now = 1000 * MINUTE;
    wall_ms = 1795437296789;
    daemon_starts(STATE_MISSING);
}

static void teardown(void) {
    static const char *const files[] = { "state", "overrides", "lock" };
    char path[sizeof directory + 16];

    daemon_ends();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        unlink(path);
    }
    ck_assert_int_eq(rmdir(directory), 0);
}

static usec_t left(void) {
    return overlay_pause_left(&overlay, now);
}

START_TEST(a_pause_makes_the_node_not_eligible) {
    ck_assert(overlay.facts.eligible && !overlay.facts.paused);
    ck_assert_int_eq(left(), 0);
    ck_assert_int_eq(overlay_deadline(&overlay), USEC_NEVER);
    overlay_pause(&overlay, 10 * MINUTE);
    ck_assert(!overlay.facts.eligible && overlay.facts.paused);
    ck_assert_int_eq(left(), 10 * MINUTE);
    overlay_update(&overlay); /* a reload */
    ck_assert(!overlay.facts.eligible && overlay.facts.paused);
    ck_assert(overlay_resume(&overlay));
    ck_assert(overlay.facts.eligible && !overlay.facts.paused);
    ck_assert(!overlay_resume(&overlay));
    conf.facts.eligible = false;
    overlay_pause(&overlay, USEC_NEVER);
    ck_assert_int_eq(left(), USEC_NEVER);
    ck_assert_int_eq(overlay_deadline(&overlay), USEC_NEVER);
    ck_assert(overlay_resume(&overlay));
    ck_assert(!overlay.facts.eligible);
}
END_TEST

START_TEST(its_time_ends_it) {
    overlay_pause(&overlay, 90 * USEC_PER_SEC);
    ck_assert_int_eq(overlay_deadline(&overlay), now + MINUTE); /* to save what is left */
    ck_assert(!overlay_settle(&overlay, now));
    now += MINUTE;
    ck_assert(!overlay_settle(&overlay, now));
    ck_assert_int_eq(overlay_deadline(&overlay), now + 30 * USEC_PER_SEC);
    now += 30 * USEC_PER_SEC - 1;
    ck_assert(!overlay_settle(&overlay, now));
    ck_assert_int_eq(left(), 1);
    now += 5 * USEC_PER_SEC;
    ck_assert_int_gt(left(), 0); /* nobody has ended it yet */
    ck_assert(overlay_settle(&overlay, now));
    ck_assert_int_eq(left(), 0);
    ck_assert(overlay.facts.eligible);
    ck_assert(!overlay_settle(&overlay, now));
}
END_TEST

START_TEST(it_is_counted_on_while_the_daemon_is_down) {
    overlay_pause(&overlay, 10 * MINUTE);
    daemon_ends();
    now += 4 * MINUTE;
    wall_ms = 0;
    daemon_starts(STATE_LOADED);
    ck_assert_int_eq(left(), 6 * MINUTE);
    ck_assert(!overlay.facts.eligible && overlay.facts.paused);
    daemon_ends();
    now += 7 * MINUTE;
    daemon_starts(STATE_LOADED);
    ck_assert_int_eq(left(), 0);
    ck_assert(overlay.facts.eligible);
}
END_TEST

/* The next start, with clocks that were set back, must not take the file for that of a pause that has just begun. */
START_TEST(one_that_was_over_at_a_start_does_not_come_back) {
    overlay_pause(&overlay, 10 * MINUTE);
    daemon_ends();
    now += 11 * MINUTE;
    daemon_starts(STATE_LOADED);
    ck_assert_int_eq(left(), 0);
    daemon_ends();
    now = 10 * USEC_PER_SEC;
    wall_ms = 5000;
    daemon_starts(STATE_LOADED);
    ck_assert_int_eq(left(), 0);
    ck_assert(overlay.facts.eligible);
}
END_TEST

START_TEST(it_is_counted_on_while_the_host_is_down_if_that_is_known) {
    overlay_pause(&overlay, 10 * MINUTE);
    host_boots(3 * MINUTE, true);
    ck_assert_int_eq(left(), 7 * MINUTE);
    host_boots(3 * MINUTE, false);
    ck_assert_int_eq(left(), 7 * MINUTE);
    host_boots(1000 * MINUTE, false);
    ck_assert_int_eq(left(), 7 * MINUTE);
}
END_TEST

/* A host without a battery goes down once in a while, with its power: the minutes that it was up count. */
START_TEST(what_is_left_is_saved_every_minute) {
    overlay.boot = 7; /* not the one that the host boots next */
    overlay_pause(&overlay, 10 * MINUTE);
    for (unsigned i = 0; i < 3; i++) {
        now += 70 * USEC_PER_SEC;
        ck_assert(!overlay_settle(&overlay, now));
    }
    now += 30 * USEC_PER_SEC;
    daemon_ends();
    now = 10 * USEC_PER_SEC;
    wall_ms = 5000;
    daemon_starts(STATE_LOADED);
    ck_assert_int_eq(left(), 10 * MINUTE - 3 * 70 * USEC_PER_SEC);
}
END_TEST

START_TEST(what_was_told_to_another_host_is_not_heeded) {
    const char *const words[] = { "zone=b" }, *wrong;

    overlay_pause(&overlay, USEC_NEVER);
    ck_assert_int_eq(overlay_set_tags(&overlay, words, 1, &wrong), 0);
    daemon_ends();
    for (unsigned i = 0; i < 2; i++) {
        daemon_starts(i == 0 ? STATE_OTHER_HOST : STATE_LOADED);
        ck_assert_int_eq(left(), 0);
        ck_assert(overlay.facts.eligible);
        ck_assert_str_eq(overlay.facts.tags, "role=db zone=a");
        daemon_ends();
    }
    daemon_starts(STATE_LOADED);
}
END_TEST

static int set(const char *one, const char *other) {
    const char *const words[] = { one, other }, *wrong = "";
    int result = overlay_set_tags(&overlay, words, 2, &wrong);

    if (result == 0)
        ck_assert_ptr_null(wrong);
    return result;
}

START_TEST(tags_are_laid_over_those_of_the_configuration) {
    ck_assert_str_eq(overlay.facts.tags, "role=db zone=a");
    ck_assert_int_eq(set("zone=b", "rack=1"), 0);
    ck_assert_str_eq(overlay.facts.tags, "rack=1 role=db zone=b");
    daemon_ends();
    snprintf(conf.facts.tags, sizeof conf.facts.tags, "level=7 zone=c");
    daemon_starts(STATE_LOADED);
    ck_assert_str_eq(overlay.facts.tags, "level=7 rack=1 zone=b");
    ck_assert_int_eq(set("zone=", "level="), 0); /* the second one was not set */
    ck_assert_str_eq(overlay.facts.tags, "level=7 rack=1 zone=c");
    ck_assert_str_eq(overlay.overrides.tags, "rack=1");
}
END_TEST

START_TEST(wrong_tags_change_nothing) {
    const char *const words[] = { "zone=b", "rack" };
    const char *wrong = NULL;

    ck_assert(overlay_set_tags(&overlay, words, 2, &wrong) < 0);
    ck_assert_ptr_eq(wrong, words[1]);
    ck_assert_str_eq(overlay.facts.tags, "role=db zone=a");
    snprintf(conf.facts.tags, sizeof conf.facts.tags, "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1");
    overlay_update(&overlay);
    ck_assert_int_lt(set("x=1", "y=1"), 0); /* 17 */
    ck_assert_ptr_null(strstr(overlay.facts.tags, "x=1"));
    ck_assert_int_eq(set("a=2", "y=1"), 0);
    memcpy(conf.facts.tags + strlen(conf.facts.tags), " p=1", 5); /* by a reload */
    overlay_update(&overlay);
    ck_assert_ptr_null(strstr(overlay.facts.tags, "p=1"));
    ck_assert_ptr_nonnull(strstr(overlay.facts.tags, "y=1"));
    ck_assert_int_lt(set("x=1", "x=1"), 0);
    ck_assert_int_eq(set("a=", "a="), 0); /* less of them is never too many */
    ck_assert_ptr_nonnull(strstr(overlay.facts.tags, "a=1"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("overlay");
    TCase *cases = tcase_create("overlay");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_pause_makes_the_node_not_eligible);
    tcase_add_test(cases, its_time_ends_it);
    tcase_add_test(cases, it_is_counted_on_while_the_daemon_is_down);
    tcase_add_test(cases, one_that_was_over_at_a_start_does_not_come_back);
    tcase_add_test(cases, it_is_counted_on_while_the_host_is_down_if_that_is_known);
    tcase_add_test(cases, what_is_left_is_saved_every_minute);
    tcase_add_test(cases, what_was_told_to_another_host_is_not_heeded);
    tcase_add_test(cases, tags_are_laid_over_those_of_the_configuration);
    tcase_add_test(cases, wrong_tags_change_nothing);
    suite_add_tcase(suite, cases);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
