/* SPDX-License-Identifier: ISC
 *
 * test_notices.c - the lines of notices: what a burst of them leaves in the log.
 */
#include "daemon/notices.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BURST = 3, INTERVAL = 100 };

static int reading_end;
static struct log_limit limit;
static struct core_view view;

/* Standard error as a pipe: each test runs in a process of its own. */
static void setup(void) {
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    close(ends[1]);
    reading_end = ends[0];
    log_open_stderr();
    limit = (struct log_limit){ .burst = BURST, .interval_us = INTERVAL };
    view = (struct core_view){ .id = { { 1 } }, .members = 2 };
}

/* The lines that were written since the last call; *ret_count of them. */
static const char *written(unsigned *ret_count) {
    static char text[1 << 16];
    ssize_t length = read(reading_end, text, sizeof text - 1);

    text[length > 0 ? length : 0] = '\0';
    *ret_count = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        ++*ret_count;
    return text;
}

/* The leader of an epoch comes or goes; every third time it is this node. */
static void change(usec_t now, enum notice_type type, uint64_t epoch) {
    struct notice notice = { .type = type, .name = "web2", .token = { epoch, { { epoch % 3 == 0 ? 1 : 2 } } } };

    view.epoch = epoch;
    view.leader = notice.token;
    view.has_leader = type == NOTICE_LEADER;
    snprintf(view.leader_name, sizeof view.leader_name, "web2");
    notices_log(&limit, now, &notice, &view);
}

static void flap(usec_t now, uint64_t first, uint64_t last) {
    for (uint64_t epoch = first; epoch <= last; epoch++) {
        change(now, NOTICE_LEADER, epoch);
        change(now, NOTICE_NO_LEADER, epoch);
    }
}

/* As the daemon does when its alarm rings. */
static void settle(void) {
    usec_t end = log_limit_end(&limit);

    ck_assert_int_ne(end, USEC_NEVER);
    notices_settle(&limit, end, &view);
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
}

static void assert_has(const char *text, const char *part) {
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in: %s", part, text);
}

START_TEST(few_changes_are_told_one_by_one) {
    unsigned count;
    const char *text;

    change(1000, NOTICE_LEADER, 7);
    change(1001, NOTICE_NO_LEADER, 7);
    text = written(&count);
    ck_assert_uint_eq(count, 2);
    assert_has(text, "web2");
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
    notices_settle(&limit, 5000, &view);
    written(&count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_burst_ends_with_the_present_state) {
    unsigned count;
    const char *text;

    flap(1000, 101, 300);
    change(1000, NOTICE_LEADER, 301);
    written(&count);
    ck_assert_uint_eq(count, BURST);
    settle();
    text = written(&count);
    ck_assert_uint_eq(count, 1);
    assert_has(text, "web2");
    assert_has(text, "301");
    assert_has(text, "398"); /* of 401 */
}
END_TEST

START_TEST(the_present_state_may_be_this_node_or_nobody) {
    unsigned count;

    flap(1000, 1, 10);
    change(1000, NOTICE_LEADER, 12);
    written(&count);
    settle();
    assert_has(written(&count), "this node");
    flap(1200, 13, 20);
    written(&count);
    settle();
    assert_has(written(&count), "nobody");
}
END_TEST

/* The line that passes first might be about something else than what was suppressed. */
START_TEST(another_notice_after_a_burst_does_not_replace_the_state) {
    struct notice joined = { .type = NOTICE_PEER_JOINED, .name = "web3" };
    unsigned count;
    const char *text;

    flap(1000, 101, 300);
    change(1000, NOTICE_LEADER, 301);
    written(&count);
    view.members = 3;
    notices_log(&limit, 1200, &joined, &view); /* late: two more may be written */
    text = written(&count);
    ck_assert_uint_eq(count, 2);
    assert_has(text, "301");
    assert_has(strchr(text, '\n'), "web3 joined");
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
}
END_TEST

START_TEST(what_is_not_shown_suppresses_nothing) {
    unsigned count;

    log_set_level(LOG_LEVEL_ERROR);
    flap(1000, 1, 300);
    written(&count);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
}
END_TEST

static Suite *suite_of_notices(void) {
    Suite *suite = suite_create("notices");
    TCase *cases = tcase_create("notices");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, few_changes_are_told_one_by_one);
    tcase_add_test(cases, a_burst_ends_with_the_present_state);
    tcase_add_test(cases, the_present_state_may_be_this_node_or_nobody);
    tcase_add_test(cases, another_notice_after_a_burst_does_not_replace_the_state);
    tcase_add_test(cases, what_is_not_shown_suppresses_nothing);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_notices());
    int failed;

    srunner_set_fork_status(runner, CK_FORK); /* whatever CK_FORK says: standard error is replaced */
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
