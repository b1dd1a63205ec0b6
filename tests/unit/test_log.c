/* SPDX-License-Identifier: ISC
 *
 * test_log.c - the log: levels, the form of a line, a reader that does not read, and the limit on what others
 * provoke.
 */
#include "daemon/log.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- standard error as a pipe; each test runs in a process of its own ---- */

static int reading_end;

static void setup(void) {
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    close(ends[1]);
    reading_end = ends[0];
    ck_assert_int_eq(fcntl(reading_end, F_SETFL, O_NONBLOCK), 0);
    unsetenv("JOURNAL_STREAM");
    log_open_stderr();
}

/* All that was written, up to the size of the buffer. */
static const char *written(void) {
    static char text[1 << 17];
    size_t length = 0;
    ssize_t got;

    while (length < sizeof text - 1 && (got = read(reading_end, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    return text;
}

static unsigned count_lines(const char *text) {
    unsigned count = 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

START_TEST(lines_carry_the_name_of_the_program) {
    log_error("%s is %d", "one", 1);
    ck_assert_str_eq(written(), "eldestd: one is 1\n");
}
END_TEST

START_TEST(the_journal_gets_levels) {
    struct stat status;
    char stream[64];

    ck_assert_int_eq(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_open_stderr();
    log_set_level(LOG_LEVEL_DEBUG);
    log_error("a");
    log_warning("b");
    log_info("c");
    log_debug("d");
    ck_assert_str_eq(written(), "<3>a\n<4>b\n<6>c\n<7>d\n");
    setenv("JOURNAL_STREAM", "1:1", 1); /* redirected since: not the journal */
    log_open_stderr();
    log_info("e");
    ck_assert_str_eq(written(), "eldestd: e\n");
}
END_TEST

START_TEST(levels_select) {
    enum log_level level = LOG_LEVEL_END;

    log_debug("not by default");
    ck_assert_uint_eq(count_lines(written()), 0);
    for (unsigned i = 0; i < LOG_LEVEL_END; i++) {
        ck_assert(log_level_parse(log_level_name((enum log_level)i), &level));
        ck_assert_uint_eq(level, i);
        log_set_level(level);
        log_error("0");
        log_warning("1");
        log_info("2");
        log_debug("3");
        ck_assert_uint_eq(count_lines(written()), i + 1);
    }
    ck_assert(!log_level_parse("loud", &level));
    ck_assert_uint_eq(level, LOG_LEVEL_DEBUG);
}
END_TEST

START_TEST(a_message_stays_one_printable_line) {
    char longer[3 * LOG_LINE_MAX];
    const char *text;

    log_info("name \"%s\"", "a\nb\x1b[2Jc\x7f\xff");
    text = written();
    ck_assert_uint_eq(count_lines(text), 1);
    ck_assert_ptr_null(strpbrk(text, "\x1b\x7f\xff"));
    log_info("%s", "gr\xc3\xbc\xc3\x9f");
    ck_assert_str_eq(written(), "eldestd: gr\xc3\xbc\xc3\x9f\n");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    log_info("%s", longer);
    text = written();
    ck_assert_uint_eq(strlen(text), LOG_LINE_MAX);
    ck_assert_uint_eq(count_lines(text), 1);
}
END_TEST

START_TEST(a_reader_that_does_not_read_costs_lines_not_time) {
    unsigned lines;

    for (unsigned i = 0; i < 20000; i++)
        log_info("message %u of many, with enough in it to fill what the pipe can hold before long", i);
    lines = count_lines(written());
    ck_assert_uint_gt(lines, 0);
    ck_assert_uint_lt(lines, 20000);
    log_info("read again");
    ck_assert_uint_eq(count_lines(written()), 2); /* how many were lost, and the message */
    log_info("and again");
    ck_assert_uint_eq(count_lines(written()), 1);
}
END_TEST

START_TEST(no_reader_at_all_is_survived) {
    close(reading_end);
    log_error("into the void"); /* a write would end this process by SIGPIPE */
}
END_TEST

/* ---- a syslog daemon ---- */

static char directory[32], path[64];
static int syslog_fd;

static void start_syslog(void) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    strcpy(address.sun_path, path);
    syslog_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(syslog_fd, (struct sockaddr *)&address, sizeof address), 0);
}

static void stop_syslog(void) {
    close(syslog_fd);
    unlink(path);
}

static void setup_syslog(void) {
    strcpy(directory, "/tmp/eldest-log-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/log", directory);
    start_syslog();
    log_open_syslog(path);
}

static void teardown_syslog(void) {
    stop_syslog();
    rmdir(directory);
}

/* The next message that it got; "" if there is none. */
static const char *logged(void) {
    static char text[2 * LOG_LINE_MAX];
    ssize_t got = recv(syslog_fd, text, sizeof text - 1, 0);

    text[got < 0 ? 0 : got] = '\0';
    return text;
}

static void assert_ends(const char *text, const char *end) {
    ck_assert_uint_ge(strlen(text), strlen(end));
    ck_assert_str_eq(text + strlen(text) - strlen(end), end);
}

START_TEST(syslog_gets_facility_level_time_and_process) {
    char end[64];
    const char *text;
    int day, hour, minute, second;

    log_error("%s is %d", "one", 1);
    text = logged();
    ck_assert_int_eq(strncmp(text, "<27>", 4), 0); /* daemon 3 * 8, error 3 */
    ck_assert_int_eq(sscanf(text + 4, "%*3[A-Za-z] %d %d:%d:%d", &day, &hour, &minute, &second), 4);
    snprintf(end, sizeof end, " eldestd[%d]: one is 1", (int)getpid());
    assert_ends(text, end);
}
END_TEST

START_TEST(a_syslog_that_does_not_read_costs_lines_not_time) {
    unsigned lines = 0;

    for (unsigned i = 0; i < 20000; i++)
        log_info("message %u", i);
    while (*logged())
        lines++;
    ck_assert_uint_gt(lines, 0);
    ck_assert_uint_lt(lines, 20000);
    log_info("read again");
    assert_ends(logged(), "messages were lost");
    assert_ends(logged(), "read again");
    log_info("and again");
    assert_ends(logged(), "and again");
}
END_TEST

START_TEST(a_syslog_that_was_started_anew_is_found) {
    log_info("before");
    assert_ends(logged(), "before");
    stop_syslog();
    log_info("meanwhile");
    start_syslog();
    log_info("after");
    assert_ends(logged(), "1 messages were lost");
    assert_ends(logged(), "after");
    stop_syslog();
    start_syslog();
    log_info("at once");
    assert_ends(logged(), "at once");
}
END_TEST

/* ---- the limit, in a time of our own ---- */

static unsigned passing(struct log_limit *limit, usec_t now, unsigned tries, uint64_t *suppressed) {
    unsigned passed = 0;

    for (unsigned i = 0; i < tries; i++)
        if (log_limit_pass(limit, now, suppressed))
            passed++;
    return passed;
}

START_TEST(limit_lets_a_burst_pass_and_then_one_per_interval) {
    struct log_limit limit = { .burst = 3, .interval_us = 100 };
    uint64_t suppressed = 99;

    ck_assert_uint_eq(passing(&limit, 1000, 3, &suppressed), 3);
    ck_assert_uint_eq(suppressed, 0);
    ck_assert_uint_eq(passing(&limit, 1099, 10, &suppressed), 0);
    ck_assert_uint_eq(passing(&limit, 1100, 1, &suppressed), 1);
    ck_assert_uint_eq(suppressed, 10);
    ck_assert_uint_eq(passing(&limit, 1199, 1, &suppressed), 0);
    ck_assert_uint_eq(passing(&limit, 1350, 9, &suppressed), 2);
    ck_assert_uint_eq(suppressed, 0);
    ck_assert_uint_eq(passing(&limit, 1399, 1, &suppressed), 0);
    ck_assert_uint_eq(passing(&limit, 1000000, 9, &suppressed), 3); /* never more than the burst */
    ck_assert_uint_eq(passing(&limit, 1000099, 9, &suppressed), 0);
}
END_TEST

START_TEST(limit_tells_when_it_ends) {
    struct log_limit limit = { .burst = 2, .interval_us = 100 };
    uint64_t suppressed;

    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
    passing(&limit, 1000, 2, &suppressed);
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
    ck_assert_uint_eq(passing(&limit, 1050, 3, &suppressed), 0);
    ck_assert_int_eq(log_limit_end(&limit), 1100);
    ck_assert_uint_eq(passing(&limit, 1099, 1, &suppressed), 0);
    ck_assert_int_eq(log_limit_end(&limit), 1100);
    ck_assert_uint_eq(passing(&limit, 1100, 1, &suppressed), 1);
    ck_assert_int_eq(log_limit_end(&limit), USEC_NEVER);
}
END_TEST

START_TEST(limited_messages_say_how_many_are_missing) {
    struct log_limit limit = { .burst = 1, .interval_us = 100 };

    for (unsigned i = 0; i < 7; i++)
        log_limited(&limit, 1000, LOG_LEVEL_WARNING, "again");
    ck_assert_str_eq(written(), "eldestd: again\n");
    log_limited(&limit, 1100, LOG_LEVEL_WARNING, "again");
    ck_assert_ptr_nonnull(strstr(written(), "6"));
    log_limited(&limit, 1200, LOG_LEVEL_DEBUG, "not at this level");
    log_limited(&limit, 1200, LOG_LEVEL_WARNING, "so this one still passes");
    ck_assert_uint_eq(count_lines(written()), 1);
}
END_TEST

static Suite *suite_of_log(void) {
    Suite *suite = suite_create("log");
    TCase *cases = tcase_create("log"), *syslog = tcase_create("syslog");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, lines_carry_the_name_of_the_program);
    tcase_add_test(cases, the_journal_gets_levels);
    tcase_add_test(cases, levels_select);
    tcase_add_test(cases, a_message_stays_one_printable_line);
    tcase_add_test(cases, a_reader_that_does_not_read_costs_lines_not_time);
    tcase_add_test(cases, no_reader_at_all_is_survived);
    tcase_add_test(cases, limit_lets_a_burst_pass_and_then_one_per_interval);
    tcase_add_test(cases, limit_tells_when_it_ends);
    tcase_add_test(cases, limited_messages_say_how_many_are_missing);
    suite_add_tcase(suite, syslog);
    tcase_add_checked_fixture(syslog, setup_syslog, teardown_syslog);
    tcase_add_test(syslog, syslog_gets_facility_level_time_and_process);
    tcase_add_test(syslog, a_syslog_that_does_not_read_costs_lines_not_time);
    tcase_add_test(syslog, a_syslog_that_was_started_anew_is_found);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_log());
    int failed;

    srunner_set_fork_status(runner, CK_FORK); /* whatever CK_FORK says: standard error is replaced */
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
