/* SPDX-License-Identifier: ISC
 *
 * test_lib_dispatch.c - the watch and the work of a handle of libeldest, driven by a daemon that says what it likes,
 * in parts, too late, or not at all.
 *
 * What the callbacks of the handle get is written down in a diary, a word or two for each.
 */
#include "lib/eldest.h"

#include "base/util.h"
#include "unit/fake_daemon.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORK(order, token)                                                                                        \
    "{\"hold\":\"work\",\"order\":" #order ",\"limit_ms\":10000,\"epoch\":7,\"token\":\"" token "\",\"leader\":" \
    "{\"self\":true}}\n"
#define STOP(order) "{\"hold\":\"stop\",\"order\":" #order ",\"limit_ms\":10000,\"token\":null,\"leader\":null}\n"
#define FIRST "{\"hold\":\"none\",\"order\":0,\"limit_ms\":10000,\"token\":null,\"leader\":null}\n"
#define DENIED "{\"error\":{\"code\":\"denied\",\"message\":\"no\"}}\n"
#define EVENT(event) "{\"event\":\"" event "\",\"leader\":null}\n"

static struct eldest *eldest;
static char diary[4096];
static bool at_once; /* whether stop is followed by eldest_stopped() at once, */
static bool by_itself; /* and start; */
static bool closes; /* or either by eldest_close() */
static int client, pipe_ends[2];

static void note(const char *word, const char *more) {
    size_t length = strlen(diary);

    snprintf(diary + length, sizeof(diary) - length, "%s%s%s%s", length ? ", " : "", word, more ? " " : "",
             more ? more : "");
}

static void expect_diary(const char *expected) {
    ck_assert_str_eq(diary, expected);
    diary[0] = '\0';
}

static void start(struct eldest *handle, const struct eldest_status *order, void *context) {
    ck_assert_ptr_eq(context, diary);
    ck_assert_int_eq(eldest_dispatch(handle, 0), -EBUSY);
    ck_assert_int_eq(eldest_status_limit_ms(order), 10000);
    note("start", eldest_status_token(order));
    if (by_itself)
        ck_assert_int_eq(eldest_stopped(handle), 0);
    if (closes)
        eldest_close(handle);
    ck_assert_int_eq(eldest_status_role(order), ELDEST_LEADS);
}

static void stop(struct eldest *handle, void *context) {
    ck_assert_ptr_eq(context, diary);
    note("stop", NULL);
    if (at_once)
        ck_assert_int_eq(eldest_stopped(handle), 0);
    if (closes)
        eldest_close(handle);
}

static void changed(struct eldest *handle, const struct eldest_status *status, void *context) {
    ck_assert_ptr_eq(context, diary);
    note(!status ? "unknown" : eldest_status_event(status) ? eldest_status_event(status) : "change", NULL);
    if (closes)
        eldest_close(handle);
}

static int64_t now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Turns until nothing is left to do at once. */
static void settle(void) {
    while (is_readable(eldest_fd(eldest), 0))
        ck_assert_int_ge(eldest_dispatch(eldest, 0), 0);
}

/* Turns until the daemon has a client that wants that. */
static int accept_soon(const char *command) {
    int64_t limit = now_ms() + 10000;

    while (!fake_is_wanted() && now_ms() < limit)
        ck_assert_int_ge(eldest_dispatch(eldest, 100), 0);
    return fake_accept(command);
}

/* The program reads when it sees that there is something. */
static void dispatch_soon(void) {
    ck_assert(is_readable(eldest_fd(eldest), 10000));
    settle();
}

static void setup(void) {
    fake_open();
    diary[0] = '\0';
    at_once = by_itself = closes = false;
    ck_assert_int_eq(pipe2(pipe_ends, O_CLOEXEC), 0);
    ck_assert_int_eq(eldest_open(&eldest, NULL, fake_path()), 0);
}

static void teardown(void) {
    eldest_close(eldest);
    close(pipe_ends[0]);
    if (client > 0)
        close(client);
    client = 0;
    fake_close();
}

static void setup_hold(void) {
    setup();
    ck_assert_int_eq(eldest_hold(eldest, start, stop, diary), 0);
    client = accept_soon("hold");
    fake_say(client, FIRST);
    dispatch_soon();
    expect_diary("");
}

static void setup_watch(void) {
    setup();
    ck_assert_int_eq(eldest_watch(eldest, changed, diary), 0);
    client = accept_soon("watch");
}

/* The daemon gives an order to work, with its end of the work pipe, which is the holder's alone then. */
static void order_work(const char *line) {
    fake_say_with(client, line, pipe_ends[1]);
    close(pipe_ends[1]);
}

static void daemon_dies(void) {
    close(client);
    client = 0;
    fake_die();
}

/* Work */

START_TEST(work_begins_and_ends_by_order) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    expect_diary("start 7.aa");
    ck_assert(!is_at_its_end(pipe_ends[0]));
    fake_say(client, STOP(1));
    dispatch_soon();
    expect_diary("stop");
    ck_assert(fake_hears_nothing(client));
    ck_assert(!is_at_its_end(pipe_ends[0]));
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    fake_hears(client, "{\"stopped\":1}");
    ck_assert(is_at_its_end(pipe_ends[0]));
    ck_assert_int_eq(eldest_stopped(eldest), -EINVAL);
    fake_say(client, WORK(2, "9.aa"));
    dispatch_soon();
    expect_diary("start 9.aa");
}
END_TEST

START_TEST(who_stops_at_once_may_say_so_at_once) {
    at_once = true;
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    fake_say(client, STOP(1));
    dispatch_soon();
    expect_diary("start 7.aa, stop");
    fake_hears(client, "{\"stopped\":1}");
    ck_assert(is_at_its_end(pipe_ends[0]));
}
END_TEST

START_TEST(an_order_may_come_in_parts) {
    fake_say(client, "{\"hold\":\"work\",\"order\":1,\"limit_ms\":100");
    dispatch_soon();
    fake_say(client, "00,\"leader\":{\"self\":true},\"token\":\"7.aa\"}");
    dispatch_soon();
    expect_diary("");
    fake_say(client, "\n");
    dispatch_soon();
    expect_diary("start 7.aa");
}
END_TEST

START_TEST(what_is_over_does_not_begin) {
    order_work(WORK(1, "7.aa"));
    fake_say(client, STOP(1));
    dispatch_soon();
    expect_diary("");
    fake_hears(client, "{\"stopped\":1}");
    ck_assert(is_at_its_end(pipe_ends[0]));
}
END_TEST

START_TEST(what_a_dead_daemon_ordered_does_not_begin) {
    order_work(WORK(1, "7.aa"));
    daemon_dies();
    dispatch_soon();
    expect_diary("");
    ck_assert(is_at_its_end(pipe_ends[0]));
}
END_TEST

START_TEST(the_end_of_the_daemon_is_an_order_to_stop) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    daemon_dies();
    dispatch_soon();
    expect_diary("start 7.aa, stop");
    ck_assert(!is_at_its_end(pipe_ends[0]));
    ck_assert_int_lt(eldest_trouble(eldest), 0);
}
END_TEST

START_TEST(no_daemon_is_looked_for_before_work_has_stopped) {
    int64_t until;

    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    daemon_dies();
    dispatch_soon();
    fake_start();
    for (until = now_ms() + 500; now_ms() < until;)
        ck_assert_int_eq(eldest_dispatch(eldest, 100), 0);
    ck_assert(!fake_is_wanted());
    ck_assert(!is_at_its_end(pipe_ends[0]));
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    ck_assert(is_at_its_end(pipe_ends[0]));
    client = accept_soon("hold");
    ck_assert(fake_hears_nothing(client));
    fake_say(client, WORK(1, "9.aa"));
    dispatch_soon();
    expect_diary("start 7.aa, stop, start 9.aa");
}
END_TEST

START_TEST(another_token_is_another_start) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    fake_say(client, WORK(2, "9.aa"));
    dispatch_soon();
    expect_diary("start 7.aa, stop");
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    ck_assert(!is_at_its_end(pipe_ends[0]));
    dispatch_soon();
    expect_diary("start 9.aa");
    ck_assert(fake_hears_nothing(client));
    at_once = true;
    fake_say(client, WORK(3, "11.aa"));
    dispatch_soon();
    expect_diary("stop, start 11.aa");
    ck_assert(fake_hears_nothing(client));
}
END_TEST

START_TEST(another_token_may_be_over_before_it_begins) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    fake_say(client, WORK(2, "9.aa"));
    dispatch_soon();
    fake_say(client, STOP(2));
    dispatch_soon();
    expect_diary("start 7.aa, stop");
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    fake_hears(client, "{\"stopped\":2}");
    settle();
    expect_diary("");
}
END_TEST

START_TEST(work_may_end_by_itself) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    fake_hears(client, "{\"stopped\":1}");
    ck_assert(is_at_its_end(pipe_ends[0]));
    by_itself = true;
    fake_say(client, WORK(2, "9.aa"));
    dispatch_soon();
    fake_hears(client, "{\"stopped\":2}");
    expect_diary("start 7.aa, start 9.aa");
}
END_TEST

/* Leases */

static int64_t boottime_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* The order to work, or its renewal, with a lease of so many ms from now; returns its end. */
static int64_t say_lease(const char *line, int64_t left_ms, int64_t margin_ms) {
    int64_t until = boottime_us() + left_ms * 1000;
    char text[256];

    snprintf(text, sizeof(text), "{%s\"lease_ms\":%lld,\"until_us\":%lld,\"stop_margin_ms\":%lld}\n", line,
             (long long)left_ms, (long long)until, (long long)margin_ms);
    fake_say(client, text);
    return until;
}

#define WORK_OF_LEASE \
    "\"hold\":\"work\",\"order\":1,\"limit_ms\":10000,\"token\":\"7.aa\",\"leader\":{\"self\":true},"
#define RENEWAL ""

/* The program waits for its turn, and takes it; returns when that was. */
static int64_t take_next_turn(void) {
    int64_t at;

    ck_assert(is_readable(eldest_fd(eldest), 10000));
    at = boottime_us();
    ck_assert_int_ge(eldest_dispatch(eldest, 0), 0);
    return at;
}

START_TEST(work_without_a_lease_has_no_end) {
    ck_assert_int_eq(eldest_hold_until(eldest), 0);
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    ck_assert_int_eq(eldest_hold_until(eldest), INT64_MAX);
    fake_say(client, STOP(1));
    dispatch_soon();
    ck_assert_int_eq(eldest_hold_until(eldest), 0);
}
END_TEST

START_TEST(work_ends_with_its_lease_by_itself) {
    int64_t until = say_lease(WORK_OF_LEASE, 400, 0);

    dispatch_soon();
    expect_diary("start 7.aa");
    ck_assert_int_eq(eldest_hold_until(eldest), until);
    int64_t stopped = take_next_turn();
    expect_diary("stop");
    ck_assert_int_ge(stopped, until - 100000); /* not for nothing, but before its end on an idle host */
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    settle();
    ck_assert(fake_hears_nothing(client)); /* the order is still in force */
    fake_say(client, STOP(1));
    dispatch_soon();
    fake_hears(client, "{\"stopped\":1}");
    expect_diary("");
}
END_TEST

START_TEST(a_margin_is_for_stopping) {
    int64_t until = say_lease(WORK_OF_LEASE, 300, 5000);

    dispatch_soon();
    ck_assert_int_eq(eldest_hold_until(eldest), until + 5000000);
    ck_assert_int_ge(take_next_turn(), until);
    expect_diary("start 7.aa, stop");
}
END_TEST

START_TEST(a_renewed_lease_is_kept_working_under) {
    int64_t first = say_lease(WORK_OF_LEASE, 300, 0);

    dispatch_soon();
    int64_t second = say_lease(RENEWAL, 600, 0);
    dispatch_soon();
    expect_diary("start 7.aa");
    ck_assert_int_eq(eldest_hold_until(eldest), second);
    ck_assert_int_gt(take_next_turn(), first);
    expect_diary("stop");
}
END_TEST

START_TEST(a_lease_that_was_lost_may_come_back) {
    say_lease(WORK_OF_LEASE, 100, 0);
    dispatch_soon();
    take_next_turn();
    expect_diary("start 7.aa, stop");
    int64_t until = say_lease(RENEWAL, 100000, 0);
    dispatch_soon();
    expect_diary(""); /* it has not stopped yet */
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    dispatch_soon();
    expect_diary("start 7.aa");
    ck_assert_int_eq(eldest_hold_until(eldest), until);
    ck_assert(fake_hears_nothing(client));
}
END_TEST

/* Who stood still for too long reads two lines, of which none holds any more. */
START_TEST(what_a_lease_has_ended_does_not_begin) {
    say_lease(WORK_OF_LEASE, 10, 0);
    int64_t until = say_lease(RENEWAL, 20, 0);
    while (boottime_us() < until)
        continue;
    dispatch_soon();
    expect_diary("");
    ck_assert(fake_hears_nothing(client));
    say_lease(RENEWAL, 100000, 0);
    dispatch_soon();
    expect_diary("start 7.aa");
}
END_TEST

START_TEST(work_that_has_ended_does_not_begin_with_another_lease) {
    say_lease(WORK_OF_LEASE, 50, 0);
    dispatch_soon();
    ck_assert_int_eq(eldest_stopped(eldest), 0);
    fake_hears(client, "{\"stopped\":1}");
    say_lease(RENEWAL, 100000, 0);
    dispatch_soon();
    expect_diary("start 7.aa");
}
END_TEST

START_TEST(the_clock_of_another_time_namespace_counts_less) {
    char text[256];
    int64_t now = boottime_us();

    snprintf(text, sizeof(text), "{%s\"lease_ms\":200,\"until_us\":%lld}\n", WORK_OF_LEASE,
             (long long)now + 3600 * INT64_C(1000000));
    fake_say(client, text);
    dispatch_soon();
    ck_assert_int_lt(eldest_hold_until(eldest), now + 60 * INT64_C(1000000));
    take_next_turn();
    expect_diary("start 7.aa, stop");
}
END_TEST

START_TEST(garbage_is_the_end_of_the_daemon) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    fake_say(client, "250 ok\n");
    dispatch_soon();
    expect_diary("start 7.aa, stop");
    ck_assert_int_eq(eldest_trouble(eldest), -EPROTO);
    ck_assert(is_readable(client, 10000)); /* its end */
}
END_TEST

START_TEST(an_order_of_tomorrow_is_no_work) {
    fake_say(client, "{\"hold\":\"rest\",\"order\":\"x\"}\n{\"hold\":1}\n{}\n{\"hold\":\"work\"}\n");
    dispatch_soon();
    expect_diary("");
    ck_assert(fake_hears_nothing(client));
}
END_TEST

START_TEST(a_callback_may_close_the_handle) {
    closes = true;
    order_work(WORK(1, "7.aa"));
    ck_assert_int_eq(eldest_dispatch(eldest, 10000), 1);
    eldest = NULL;
    expect_diary("start 7.aa");
    ck_assert(is_at_its_end(pipe_ends[0]));
    ck_assert(is_readable(client, 10000)); /* its end */
}
END_TEST

START_TEST(to_close_the_handle_in_stop_is_to_have_stopped) {
    order_work(WORK(1, "7.aa"));
    dispatch_soon();
    closes = true;
    fake_say(client, STOP(1));
    ck_assert_int_eq(eldest_dispatch(eldest, 10000), 1);
    eldest = NULL;
    ck_assert(is_at_its_end(pipe_ends[0]));
    ck_assert(is_readable(client, 10000));
}
END_TEST

START_TEST(work_is_held_once) {
    ck_assert_int_eq(eldest_hold(eldest, start, stop, diary), -EBUSY);
    ck_assert_int_eq(eldest_watch(eldest, NULL, diary), -EINVAL);
}
END_TEST

/* Without anything set up */

START_TEST(a_refusal_is_told_and_tried_again) {
    ck_assert_int_eq(eldest_hold(eldest, start, NULL, diary), -EINVAL);
    ck_assert_int_eq(eldest_hold(eldest, start, stop, diary), 0);
    for (int i = 0; i < 2; i++) {
        client = accept_soon("hold");
        fake_say(client, DENIED);
        dispatch_soon();
        ck_assert_int_eq(eldest_trouble(eldest), -EACCES);
        close(client);
    }
    client = accept_soon("hold");
    fake_say(client, FIRST);
    dispatch_soon();
    ck_assert_int_eq(eldest_trouble(eldest), 0);
    expect_diary("");
}
END_TEST

START_TEST(a_daemon_may_come_later) {
    int fd = eldest_fd(eldest);

    fake_die();
    ck_assert_int_eq(eldest_hold(eldest, start, stop, diary), 0);
    ck_assert_int_eq(eldest_watch(eldest, changed, diary), 0);
    dispatch_soon();
    expect_diary("unknown");
    ck_assert_int_eq(eldest_trouble(eldest), -ENOENT);
    ck_assert(is_readable(fd, 10000)); /* it wants to try again */
    dispatch_soon();
    expect_diary("");
    fake_start();
    client = accept_soon("hold");
    int watcher = accept_soon("watch");
    fake_say(client, FIRST);
    fake_say(watcher, EVENT("snapshot"));
    dispatch_soon();
    expect_diary("snapshot");
    ck_assert_int_eq(eldest_trouble(eldest), 0);
    ck_assert_int_eq(eldest_fd(eldest), fd);
    close(watcher);
}
END_TEST

/* The backlog of the daemon is full: nothing waits for a place. */
START_TEST(a_daemon_that_takes_nobody_holds_nobody_up) {
    struct eldest *others[16];
    int64_t before;

    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        ck_assert_int_eq(eldest_open(&others[i], NULL, fake_path()), 0);
        ck_assert_int_eq(eldest_watch(others[i], changed, diary), 0);
        before = now_ms();
        ck_assert_int_ge(eldest_dispatch(others[i], 0), 0);
        ck_assert_int_lt(now_ms() - before, 2000);
    }
    ck_assert_int_eq(eldest_trouble(others[0]), 0);
    ck_assert_int_eq(eldest_trouble(others[15]), -ETIMEDOUT);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        eldest_close(others[i]);
}
END_TEST

START_TEST(a_turn_without_anything_to_do_does_nothing) {
    ck_assert(!is_readable(eldest_fd(eldest), 0));
    ck_assert_int_eq(eldest_dispatch(eldest, 0), 0);
    ck_assert_int_eq(eldest_dispatch(eldest, 1), 0);
    ck_assert_int_eq(fcntl(eldest_fd(eldest), F_GETFD), FD_CLOEXEC);
}
END_TEST

/* The watch */

START_TEST(changes_are_told_one_by_one) {
    ck_assert_int_eq(eldest_watch(eldest, changed, diary), -EBUSY);
    settle();
    expect_diary("");
    fake_say(client, EVENT("snapshot") EVENT("leader") "{\"event\":\"st");
    dispatch_soon();
    expect_diary("snapshot, leader");
    fake_say(client, "ate\",\"leader\":null}\n");
    ck_assert_int_eq(eldest_dispatch(eldest, 10000), 1);
    expect_diary("state");
}
END_TEST

START_TEST(the_end_of_the_daemon_is_told_once) {
    fake_say(client, EVENT("snapshot"));
    daemon_dies();
    dispatch_soon();
    expect_diary("snapshot, unknown");
    dispatch_soon();
    dispatch_soon();
    expect_diary("");
    fake_start();
    client = accept_soon("watch");
    fake_say(client, EVENT("snapshot"));
    dispatch_soon();
    expect_diary("snapshot");
}
END_TEST

/* Lines so short that all are read at once, and nothing is left to be polled for. */
START_TEST(a_flood_leaves_the_program_its_turns) {
    static char lines[1000 * sizeof("{}\n")];
    int told = 0;

    for (int i = 0; i < 1000; i++)
        strcat(lines, "{}\n");
    fake_say(client, lines);
    for (int turns = 0; told < 1000; turns++) {
        ck_assert_int_lt(turns, 100);
        ck_assert(is_readable(eldest_fd(eldest), 5000));
        int calls = eldest_dispatch(eldest, 0);
        ck_assert_int_ge(calls, 0);
        ck_assert_int_le(calls, 256);
        told += calls;
    }
    ck_assert_int_eq(told, 1000);
    ck_assert(!is_readable(eldest_fd(eldest), 0));
}
END_TEST

START_TEST(a_watcher_may_close_its_handle) {
    closes = true;
    fake_say(client, EVENT("snapshot") EVENT("leader"));
    ck_assert_int_eq(eldest_dispatch(eldest, 10000), 1);
    eldest = NULL;
    expect_diary("snapshot");
}
END_TEST

static void add(Suite *suite, const char *name, void (*begin)(void), const TTest *const *tests, size_t count) {
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, begin, teardown);
    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
}

int main(void) {
    const TTest *const hold[] = {
        work_begins_and_ends_by_order, who_stops_at_once_may_say_so_at_once, an_order_may_come_in_parts,
        what_is_over_does_not_begin, what_a_dead_daemon_ordered_does_not_begin,
        the_end_of_the_daemon_is_an_order_to_stop, no_daemon_is_looked_for_before_work_has_stopped,
        another_token_is_another_start, another_token_may_be_over_before_it_begins, work_may_end_by_itself,
        garbage_is_the_end_of_the_daemon, an_order_of_tomorrow_is_no_work, a_callback_may_close_the_handle,
        to_close_the_handle_in_stop_is_to_have_stopped, work_is_held_once,
    };
    const TTest *const leases[] = {
        work_without_a_lease_has_no_end, work_ends_with_its_lease_by_itself, a_margin_is_for_stopping,
        a_renewed_lease_is_kept_working_under, a_lease_that_was_lost_may_come_back,
        what_a_lease_has_ended_does_not_begin, work_that_has_ended_does_not_begin_with_another_lease,
        the_clock_of_another_time_namespace_counts_less,
    };
    const TTest *const watch[] = {
        changes_are_told_one_by_one, the_end_of_the_daemon_is_told_once, a_flood_leaves_the_program_its_turns,
        a_watcher_may_close_its_handle,
    };
    const TTest *const bare[] = {
        a_refusal_is_told_and_tried_again, a_daemon_may_come_later, a_daemon_that_takes_nobody_holds_nobody_up,
        a_turn_without_anything_to_do_does_nothing,
    };
    Suite *suite = suite_create("lib_dispatch");

    add(suite, "hold", setup_hold, hold, ARRAY_SIZE(hold));
    add(suite, "leases", setup_hold, leases, ARRAY_SIZE(leases));
    add(suite, "watch", setup_watch, watch, ARRAY_SIZE(watch));
    add(suite, "bare", setup, bare, ARRAY_SIZE(bare));

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
