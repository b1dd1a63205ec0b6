/* SPDX-License-Identifier: ISC
 *
 * test_ctlclient.c - the client's end of the control socket: lines, ends and time limits.
 *
 * The other end is a listening socket in the same process, which says what the test wants said.
 */
#include "lib/client.h"

#include "base/util.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char directory[32];
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static int listener, peer;
static struct client *client;

static usec_t soon(void) {
    return client_deadline(10 * USEC_PER_SEC);
}

static void setup(void) {
    strcpy(directory, "/tmp/eldest-client-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", directory);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(listener, 0), 0);
    ck_assert_int_eq(client_open(&client, address.sun_path, soon()), 0);
    peer = accept(listener, NULL, NULL);
    ck_assert_int_ge(peer, 0);
}

static void teardown(void) {
    client_close(client);
    close(peer);
    close(listener);
    unlink(address.sun_path);
    rmdir(directory);
}

static void peer_says(const char *bytes) {
    ck_assert_int_eq(write(peer, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

static void expect_line(const char *expected) {
    const char *line = NULL;

    ck_assert_int_eq(client_receive(client, soon(), &line), 0);
    ck_assert_str_eq(line, expected);
}

static void expect_failure(int error, usec_t deadline) {
    const char *line = "untouched";

    ck_assert_int_eq(client_receive(client, deadline, &line), error);
    ck_assert_str_eq(line, "untouched");
}

START_TEST(a_line_is_sent_whole) {
    char got[64];

    ck_assert_int_eq(client_send(client, "{\"command\":\"x\"}", soon()), 0);
    ssize_t length = read(peer, got, sizeof(got) - 1);
    ck_assert_int_gt(length, 0);
    got[length] = '\0';
    ck_assert_str_eq(got, "{\"command\":\"x\"}\n");
}
END_TEST

START_TEST(lines_come_one_by_one) {
    peer_says("one\ntwo\n\nfo");
    expect_line("one");
    expect_line("two");
    expect_line("");
    expect_failure(-ETIMEDOUT, client_deadline(0));
    peer_says("ur");
    expect_failure(-ETIMEDOUT, client_deadline(USEC_PER_MS));
    peer_says("\n");
    expect_line("four");
}
END_TEST

START_TEST(a_line_that_is_there_is_given_after_the_deadline) {
    const char *line;

    peer_says("late\n");
    ck_assert_int_eq(client_receive(client, 0, &line), 0);
    ck_assert_str_eq(line, "late");
}
END_TEST

START_TEST(what_was_said_before_the_end_is_received) {
    peer_says("last words\nand a part");
    close(peer);
    ck_assert_int_eq(client_send(client, "too late", soon()), 0);
    expect_line("last words");
    expect_failure(-EPIPE, soon());
    expect_failure(-EPIPE, USEC_NEVER);
}
END_TEST

/* Up to two, though no daemon of ours hands over more than one. */
static void peer_hands_over_all(const char *bytes, const int *fds, size_t count) {
    union {
        char space[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = { .space = { 0 } };
    char text[64];
    struct iovec part = { text, strlen(bytes) };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    memcpy(text, bytes, strlen(bytes));
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    ck_assert_int_eq(sendmsg(peer, &message, 0), (ssize_t)strlen(bytes));
}

static void peer_hands_over(const char *bytes, int fd) {
    peer_hands_over_all(bytes, &fd, 1);
}

static bool is_at_its_end(int fd) {
    char byte;

    return read(fd, &byte, 1) == 0;
}

START_TEST(a_descriptor_comes_with_a_line) {
    int first[2], second[2];

    ck_assert_int_eq(pipe2(first, O_NONBLOCK), 0);
    ck_assert_int_eq(pipe2(second, O_NONBLOCK), 0);
    peer_says("none\n");
    peer_hands_over("one\n", first[1]);
    peer_hands_over("two\n", second[1]);
    close(first[1]);
    close(second[1]);
    ck_assert_int_eq(client_take_descriptor(client), -1);
    expect_line("none");
    expect_line("one");
    expect_line("two");
    ck_assert(is_at_its_end(first[0])); /* only the last one is kept */
    int fd = client_take_descriptor(client);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(client_take_descriptor(client), -1);
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    ck_assert(!is_at_its_end(second[0]));
    close(fd);
    ck_assert(is_at_its_end(second[0]));
    close(first[0]);
    close(second[0]);
}
END_TEST

START_TEST(no_second_descriptor_stays_open) {
    int first[2], second[2];

    ck_assert_int_eq(pipe2(first, O_NONBLOCK), 0);
    ck_assert_int_eq(pipe2(second, O_NONBLOCK), 0);
    peer_hands_over_all("line\n", (const int[]){ first[1], second[1] }, 2);
    close(first[1]);
    close(second[1]);
    expect_line("line");
    close(client_take_descriptor(client));
    ck_assert(is_at_its_end(first[0]));
    ck_assert(is_at_its_end(second[0]));
    close(first[0]);
    close(second[0]);
}
END_TEST

START_TEST(a_descriptor_that_nobody_takes_is_closed) {
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
    peer_hands_over("line\n", ends[1]);
    close(ends[1]);
    expect_line("line");
    client_close(client);
    client = NULL;
    ck_assert(is_at_its_end(ends[0]));
    close(ends[0]);
}
END_TEST

/* A child says it: one end alone cannot hold so much. */
static void child_says(size_t length, const char *end) {
    static char block[1 << 16];

    if (fork() != 0)
        return;
    memset(block, 'x', sizeof(block));
    while (length > 0) {
        ssize_t written = write(peer, block, length < sizeof(block) ? length : sizeof(block));
        if (written < 0)
            _exit(1);
        length -= (size_t)written;
    }
    _exit(write(peer, end, strlen(end)) < 0);
}

START_TEST(a_long_line_is_received) {
    const char *line;

    child_says(3000000, "\nnext\n");
    ck_assert_int_eq(client_receive(client, soon(), &line), 0);
    ck_assert_uint_eq(strlen(line), 3000000);
    expect_line("next");
}
END_TEST

START_TEST(a_line_without_end_is_refused) {
    child_says(CLIENT_LINE_MAX + 1, "");
    expect_failure(-EMSGSIZE, soon());
}
END_TEST

START_TEST(a_daemon_that_takes_nobody_is_a_timeout) {
    struct client *others[8] = { NULL };
    int rc = 0;

    for (size_t i = 0; i < ARRAY_SIZE(others) && rc == 0; i++)
        rc = client_open(&others[i], address.sun_path, client_deadline(20 * USEC_PER_MS));
    ck_assert_int_eq(rc, -ETIMEDOUT);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        client_close(others[i]);
}
END_TEST

START_TEST(who_has_no_time_does_not_wait) {
    struct client *others[8] = { NULL };
    size_t taken = 0;
    int rc = 0;

    while (taken < ARRAY_SIZE(others) && (rc = client_open(&others[taken], address.sun_path, 0)) == 0)
        ck_assert_int_eq(client_request(others[taken++], "x", 0), 0);
    ck_assert_int_eq(rc, -ETIMEDOUT);
    ck_assert_uint_ge(taken, 1);
    int other = accept(listener, NULL, NULL);
    char got[64] = "";
    ck_assert_int_gt(read(other, got, sizeof(got) - 1), 0);
    ck_assert_str_eq(got, "{\"command\":\"x\"}\n");
    close(other);
    for (size_t i = 0; i < taken; i++)
        client_close(others[i]);
}
END_TEST

START_TEST(nobody_there_is_said) {
    struct client *none = NULL;
    char longer[200];

    ck_assert_int_eq(client_open(&none, "/nowhere/at/all.sock", soon()), -ENOENT);
    close(listener);
    ck_assert_int_eq(client_open(&none, address.sun_path, soon()), -ECONNREFUSED);
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_int_eq(client_open(&none, longer, soon()), -ENAMETOOLONG);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(the_path_follows_from_the_cluster) {
    char path[CLIENT_PATH_SIZE] = "untouched";

    ck_assert_int_eq(client_default_path("../etc", path), -EINVAL);
    ck_assert_int_eq(client_default_path("", path), -EINVAL);
    ck_assert_str_eq(path, "untouched");
    ck_assert_int_eq(client_default_path("web", path), 0);
    ck_assert_str_eq(path + strlen(path) - strlen("/eldest/web.sock"), "/eldest/web.sock");
}
END_TEST

START_TEST(no_limit_is_no_deadline) {
    ck_assert_int_eq(client_deadline(USEC_NEVER), USEC_NEVER);
    ck_assert_int_eq(client_deadline(USEC_NEVER - 1), USEC_NEVER);
    ck_assert_int_ge(client_deadline(USEC_PER_SEC), client_deadline(0));
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        a_line_is_sent_whole, lines_come_one_by_one, a_line_that_is_there_is_given_after_the_deadline,
        what_was_said_before_the_end_is_received, a_descriptor_comes_with_a_line, no_second_descriptor_stays_open,
        a_descriptor_that_nobody_takes_is_closed, a_long_line_is_received, a_line_without_end_is_refused,
        a_daemon_that_takes_nobody_is_a_timeout, who_has_no_time_does_not_wait, nobody_there_is_said,
        the_path_follows_from_the_cluster, no_limit_is_no_deadline,
    };
    Suite *suite = suite_create("ctlclient");
    TCase *tcase = tcase_create("client");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
