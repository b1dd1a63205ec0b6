/* SPDX-License-Identifier: ISC
 *
 * test_manager.c - what the service manager is told, and when: by a node in virtual time to a socket of the test.
 */
#include "daemon/manager.h"

#include "platform/address.h"
#include "platform/notify.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT_MS = 30000 };

static int ear = -1;
static struct manager manager;
static struct core_view view;
static struct manager_picture picture;
static usec_t now;

static void listen_to_node(void) {
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    char path[64];

    snprintf(path, sizeof path, "@eldest-test-manager-%d", (int)getpid());
    memcpy(name.sun_path + 1, path + 1, strlen(path) - 1);
    ear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ck_assert_int_ge(ear, 0);
    ck_assert_int_eq(bind(ear, (const struct sockaddr *)&name,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))), 0);
    setenv("NOTIFY_SOCKET", path, 1);
}

static void want_proof(const char *limit, const char *pid) {
    setenv("WATCHDOG_USEC", limit, 1);
    if (pid)
        setenv("WATCHDOG_PID", pid, 1);
    else
        unsetenv("WATCHDOG_PID");
}

static void setup(void) {
    struct in_addr address = { htonl(0xc0000201) };

    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    now = 1000 * USEC_PER_SEC;
    view = (struct core_view){ .id = { { 1 } }, .members = 3, .has_leader = true, .leader = { 7, { { 2 } } },
                               .standing = STANDING_FOLLOWING, .leader_name = "web1" };
    view.leader_address = address_ipv4(&address, 29418, 0);
    picture = (struct manager_picture){ .view = &view, .standing = "following", .writable = true };
}

/* Its name is free for the next test. */
static void teardown(void) {
    if (ear >= 0)
        close(ear);
    ear = -1;
}

/* What was told since; "": nothing. */
static const char *heard(void) {
    static char text[1024];
    ssize_t length = recv(ear, text, sizeof text - 1, 0);

    text[length > 0 ? length : 0] = '\0';
    return text;
}

static const char *description(void) {
    static char text[MANAGER_STATUS_SIZE];

    return manager_describe(&picture, text);
}

static void stands(enum standing standing, const char *text) {
    view.standing = standing;
    view.leads = standing == STANDING_LEADING;
    if (view.leads || standing == STANDING_STOPPING)
        view.leader.leader = view.id;
    picture.standing = text;
}

START_TEST(the_line_tells_how_the_node_stands) {
    ck_assert_str_eq(description(), "follows web1 at 192.0.2.1:29418, 3 nodes");
    stands(STANDING_UNREACHABLE, "unreachable");
    ck_assert_str_eq(description(), "follows web1 at 192.0.2.1:29418: unreachable");
    stands(STANDING_LEADING, "leading");
    ck_assert_str_eq(description(), "leads, 3 nodes");
    view.members = 1;
    ck_assert_str_eq(description(), "leads alone: no other node is heard");
    stands(STANDING_STOPPING, "handing over");
    ck_assert_str_eq(description(), "no leader: handing over");
    view.has_leader = false;
    stands(STANDING_NO_LEADER, standing_name(STANDING_NO_LEADER));
    ck_assert_str_eq(description(), "no leader");
    view.quorum = (struct core_quorum){ .majority = true, .expect = 3, .needed = 2, .have = 1, .seat = true,
                                        .roster = { .count = 3 } };
    ck_assert_str_eq(description(), "no leader: 2 of 3 needed, heard 1");
    stands(STANDING_NO_LEADER, "no usable network interface");
    ck_assert_str_eq(description(), "no leader: no usable network interface");
}
END_TEST

START_TEST(the_line_tells_what_keeps_the_node_from_leading) {
    picture.paused = true;
    ck_assert_str_eq(description(), "follows web1 at 192.0.2.1:29418, 3 nodes; paused");
    picture.writable = false;
    ck_assert_str_eq(description(), "follows web1 at 192.0.2.1:29418, 3 nodes; paused; its state cannot be saved");
}
END_TEST

/* What a stranger can make of a name. */
START_TEST(the_line_is_one_line) {
    memset(view.leader_name, 'w', NODE_NAME_MAX);
    ck_assert_uint_lt(strlen(description()), MANAGER_STATUS_SIZE - 1);
    ck_assert_ptr_nonnull(strstr(description(), ", 3 nodes"));
}
END_TEST

static void change_and_show(void) {
    manager_note(&manager);
    if (manager_asks(&manager, now))
        manager_show(&manager, &picture, now);
}

START_TEST(changes_are_told_at_once_but_not_too_often) {
    listen_to_node();
    manager_open(&manager, now);
    ck_assert_int_eq(manager_deadline(&manager), USEC_NEVER);
    change_and_show();
    ck_assert_str_eq(heard(), "STATUS=follows web1 at 192.0.2.1:29418, 3 nodes");
    view.members = 4;
    now += USEC_PER_SEC / 2;
    change_and_show();
    ck_assert_str_eq(heard(), "");
    ck_assert_int_eq(manager_deadline(&manager), now + USEC_PER_SEC / 2);
    view.members = 5;
    now = manager_deadline(&manager);
    change_and_show();
    ck_assert_str_eq(heard(), "STATUS=follows web1 at 192.0.2.1:29418, 5 nodes");
    ck_assert_int_eq(manager_deadline(&manager), USEC_NEVER);
}
END_TEST

START_TEST(the_same_is_not_told_again) {
    listen_to_node();
    manager_open(&manager, now);
    change_and_show();
    ck_assert_str_ne(heard(), "");
    now += 2 * USEC_PER_SEC;
    change_and_show();
    ck_assert_str_eq(heard(), "");
    ck_assert_int_eq(manager_deadline(&manager), USEC_NEVER);
}
END_TEST

START_TEST(where_there_is_no_manager_nothing_is_asked_for) {
    want_proof("30000000", NULL);
    manager_open(&manager, now);
    manager_note(&manager);
    ck_assert(!manager_asks(&manager, now));
    ck_assert(!manager_doubts(&manager, now));
    ck_assert_int_eq(manager_deadline(&manager), USEC_NEVER);
}
END_TEST

START_TEST(life_is_proved_twice_within_the_limit) {
    listen_to_node();
    want_proof("30000000", NULL);
    manager_open(&manager, now);
    ck_assert(manager_doubts(&manager, now));
    manager_prove(&manager, now);
    ck_assert_str_eq(heard(), "WATCHDOG=1");
    ck_assert(!manager_doubts(&manager, now));
    ck_assert_int_eq(manager_deadline(&manager), now + LIMIT_MS / 2 * USEC_PER_MS);
    now = manager_deadline(&manager);
    ck_assert(manager_doubts(&manager, now));
}
END_TEST

START_TEST(the_limit_is_that_of_this_process) {
    char pid[16];

    ck_assert_int_eq(notify_watchdog(), USEC_NEVER);
    want_proof("30000000", NULL);
    ck_assert_int_eq(notify_watchdog(), LIMIT_MS * USEC_PER_MS);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    want_proof("30000000", pid);
    ck_assert_int_eq(notify_watchdog(), LIMIT_MS * USEC_PER_MS);
    want_proof("30000000", "1");
    ck_assert_int_eq(notify_watchdog(), USEC_NEVER);
    want_proof("soon", NULL);
    ck_assert_int_eq(notify_watchdog(), USEC_NEVER);
    want_proof("0", NULL);
    ck_assert_int_eq(notify_watchdog(), USEC_NEVER);
}
END_TEST

static Suite *suite_of_manager(void) {
    Suite *suite = suite_create("manager");
    TCase *cases = tcase_create("manager");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, the_line_tells_how_the_node_stands);
    tcase_add_test(cases, the_line_tells_what_keeps_the_node_from_leading);
    tcase_add_test(cases, the_line_is_one_line);
    tcase_add_test(cases, changes_are_told_at_once_but_not_too_often);
    tcase_add_test(cases, the_same_is_not_told_again);
    tcase_add_test(cases, where_there_is_no_manager_nothing_is_asked_for);
    tcase_add_test(cases, life_is_proved_twice_within_the_limit);
    tcase_add_test(cases, the_limit_is_that_of_this_process);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_manager());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
