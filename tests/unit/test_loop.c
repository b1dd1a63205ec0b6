/* SPDX-License-Identifier: ISC
 *
 * test_loop.c - the event loop with its alarm, which is set in CLOCK_BOOTTIME, and the message to the service manager.
 */
#include "platform/loop.h"

#include "platform/clock.h"
#include "platform/notify.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct loop *loop;
static unsigned rings, reads, signals;
static usec_t rang_at;
static int ends[2];

static void setup(void) {
    rings = reads = signals = 0; /* the cases may share a process */
    ck_assert_int_eq(loop_open(&loop), 0);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
}

static void teardown(void) {
    loop_close(loop);
    close(ends[0]);
    close(ends[1]);
}

static void ring(void *context) {
    rings++;
    rang_at = clock_now();
    loop_stop(context);
}

START_TEST(the_alarm_rings_once_and_not_early) {
    usec_t at = clock_now() + 20 * USEC_PER_MS;

    ck_assert_int_eq(loop_watch_alarm(loop, ring, loop), 0);
    loop_set_alarm(loop, USEC_NEVER);
    loop_set_alarm(loop, at + USEC_PER_SEC);
    loop_set_alarm(loop, at);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(rings, 1);
    ck_assert_int_ge(rang_at, at);
}
END_TEST

START_TEST(an_alarm_in_the_past_rings_at_once_and_can_be_set_again) {
    usec_t at = clock_now() - USEC_PER_SEC;

    ck_assert_int_eq(loop_watch_alarm(loop, ring, loop), 0);
    loop_set_alarm(loop, at);
    ck_assert_int_eq(loop_run(loop), 0);
    loop_set_alarm(loop, at);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(rings, 2);
    ck_assert_uint_eq(histogram_count(loop_lateness(loop)), 2);
    ck_assert_int_ge(loop_lateness(loop)->sum, 2 * USEC_PER_SEC);
}
END_TEST

static void read_byte(void *context) {
    char byte;

    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    reads++;
    loop_stop(context);
}

START_TEST(an_alarm_taken_back_does_not_ring) {
    ck_assert_int_eq(loop_watch_alarm(loop, ring, loop), 0);
    ck_assert_int_eq(loop_watch(loop, ends[0], read_byte, loop), 0);
    loop_set_alarm(loop, clock_now());
    loop_set_alarm(loop, USEC_NEVER);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(reads, 1);
    ck_assert_uint_eq(rings, 0);
}
END_TEST

static void take_signal(void *context) {
    signals++;
    loop_stop(context);
}

START_TEST(signals_arrive) {
    ck_assert_int_eq(loop_watch_signal(loop, SIGUSR1, take_signal, loop), 0);
    raise(SIGUSR1);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(signals, 1);
}
END_TEST

/* A program inherits the mask of the one that starts it. */
START_TEST(signals_arrive_even_if_they_were_blocked) {
    sigset_t blocked;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    ck_assert_int_eq(sigprocmask(SIG_BLOCK, &blocked, NULL), 0);
    ck_assert_int_eq(loop_watch_signal(loop, SIGUSR1, take_signal, loop), 0);
    raise(SIGUSR1);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(signals, 1);
}
END_TEST

static void read_three(void *context) {
    char byte;

    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    if (++reads == 3)
        loop_stop(context);
}

START_TEST(wakeups_are_counted) {
    ck_assert_uint_eq(loop_wakeups(loop), 0);
    ck_assert_int_eq(loop_watch(loop, ends[0], read_three, loop), 0);
    ck_assert_int_eq(write(ends[1], "xyz", 3), 3);
    ck_assert_int_eq(loop_run(loop), 0);
    ck_assert_uint_eq(loop_wakeups(loop), 3);
}
END_TEST

START_TEST(closing_nothing_is_fine) {
    loop_close(NULL);
}
END_TEST

/* A service manager's socket in the abstract namespace: nothing is left behind. */
static int open_manager(char name[64]) {
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int length = snprintf(name, 64, "@eldest-test-%d", (int)getpid());

    ck_assert_int_ge(fd, 0);
    memcpy(to.sun_path + 1, name + 1, (size_t)length - 1);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&to,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length)), 0);
    return fd;
}

START_TEST(the_service_manager_is_told) {
    char name[64], text[64] = "";
    int fd = open_manager(name);

    setenv("NOTIFY_SOCKET", name, 1);
    ck_assert_int_eq(notify_send("READY=1"), 0);
    ck_assert_int_eq(recv(fd, text, sizeof text - 1, MSG_DONTWAIT), 7);
    ck_assert_str_eq(text, "READY=1");
    close(fd);
    ck_assert_int_eq(notify_send("READY=1"), -ECONNREFUSED);
}
END_TEST

static long long monotonic_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

START_TEST(a_reload_is_told_with_its_time) {
    char name[64], text[100] = "";
    int fd = open_manager(name);
    long long before, told = 0;

    setenv("NOTIFY_SOCKET", name, 1);
    before = monotonic_us();
    ck_assert_int_eq(notify_reloading(), 0);
    ck_assert_int_gt(recv(fd, text, sizeof text - 1, MSG_DONTWAIT), 0);
    ck_assert_int_eq(sscanf(text, "RELOADING=1\nMONOTONIC_USEC=%lld", &told), 1);
    ck_assert_int_ge(told, before);
    ck_assert_int_le(told, monotonic_us());
    close(fd);
}
END_TEST

START_TEST(no_service_manager_is_fine_and_a_bad_one_is_told) {
    char path[256];

    unsetenv("NOTIFY_SOCKET");
    ck_assert_int_eq(notify_send("READY=1"), 0);
    setenv("NOTIFY_SOCKET", "relative", 1);
    ck_assert_int_eq(notify_send("READY=1"), -EINVAL);
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    setenv("NOTIFY_SOCKET", path, 1);
    ck_assert_int_eq(notify_send("READY=1"), -EINVAL);
}
END_TEST

static Suite *suite_of_loop(void) {
    Suite *suite = suite_create("loop");
    TCase *cases = tcase_create("loop"), *manager = tcase_create("manager");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, the_alarm_rings_once_and_not_early);
    tcase_add_test(cases, an_alarm_in_the_past_rings_at_once_and_can_be_set_again);
    tcase_add_test(cases, an_alarm_taken_back_does_not_ring);
    tcase_add_test(cases, signals_arrive);
    tcase_add_test(cases, signals_arrive_even_if_they_were_blocked);
    tcase_add_test(cases, wakeups_are_counted);
    tcase_add_test(cases, closing_nothing_is_fine);
    suite_add_tcase(suite, manager);
    tcase_add_test(manager, the_service_manager_is_told);
    tcase_add_test(manager, a_reload_is_told_with_its_time);
    tcase_add_test(manager, no_service_manager_is_fine_and_a_bad_one_is_told);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_loop());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
