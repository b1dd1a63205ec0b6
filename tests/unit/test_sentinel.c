/* SPDX-License-Identifier: ISC
 *
 * test_sentinel.c - the process that speaks for a dead daemon, on the loopback interface: what it says, when, and what
 * it holds.
 *
 * The daemon is a child of the test, which dies at a word of the test. The sentinel is the child's child.
 */
#include "platform/sentinel.h"

#include "base/util.h"
#include "platform/address.h"
#include "platform/clock.h"
#include "platform/title.h"
#include "platform/udp.h"

#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000, QUIET_MS = 200, SHORT_LIMIT_MS = 100, TIMES_SAID = 4 };

#define RELEASED "released"
#define UNRELEASED "unreleased"

static struct udp *peer; /* hears what is said */
static struct sentinel *sentinel;
static uint32_t loopback;

/* Ports of this process, so that several runs at a time do not meet. */
static struct udp_config config_of_peer(void) {
    uint16_t base = (uint16_t)(20000 + getpid() % 2000 * 20);
    struct in_addr group = { htonl(0xe00000fe) };

    return (struct udp_config){ .groups = { address_ipv4(&group, base, 0) }, .port_first = (uint16_t)(base + 1),
                                .port_count = 2, .loopback = true };
}

static void setup(void) {
    struct udp_config config = config_of_peer();
    enum udp_channel channel;

    loopback = if_nametoindex("lo");
    ck_assert_int_eq(udp_open(&peer, &config, &channel), 0);
    ck_assert_int_eq(udp_join(peer, FAMILY_IPV4, loopback), 0);
    /* sentinels that outlive the daemon of a test are the test's, so that it can wait for their end */
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static void teardown(void) {
    sentinel_close(sentinel);
    udp_close(peer);
    while (wait(NULL) > 0)
        continue;
}

static struct sentinel_datagram datagram_of(const char *text) {
    struct sentinel_datagram datagram = { .length = (uint16_t)strlen(text) };

    memcpy(datagram.data, text, datagram.length);
    return datagram;
}

static struct sentinel_will will_to_say(void) {
    struct sentinel_will will = {
        .target_count = 1, .targets = { *udp_group(peer, FAMILY_IPV4) }, .source = udp_source(peer),
        .released = datagram_of(RELEASED), .unreleased = datagram_of(UNRELEASED),
    };

    will.targets[0].ifindex = loopback;
    return will;
}

static void leave_will(void) {
    struct sentinel_will will = will_to_say();

    ck_assert_int_eq(sentinel_tell(sentinel, &will), 0);
}

static void begin(unsigned work_limit_ms) {
    ck_assert_int_eq(sentinel_open(&sentinel, work_limit_ms), 0);
    ck_assert_int_gt(sentinel_pid(sentinel), 0);
}

/* What daemons hold dies with them; here that is the sentinel's socket and the work pipe. */
static void daemon_dies(void) {
    sentinel_close(sentinel);
    sentinel = NULL;
}

/* How often, of what came together; 0: not within that time. */
static unsigned is_said_within(const char *text, int ms) {
    struct udp_datagram datagrams[UDP_BATCH];
    struct pollfd entry = { .fd = udp_fd(peer, FAMILY_IPV4, UDP_SHARED), .events = POLLIN };
    unsigned i, count;

    if (poll(&entry, 1, ms) == 0)
        return 0;
    count = udp_receive(peer, FAMILY_IPV4, UDP_SHARED, datagrams);
    ck_assert_uint_ge(count, 1);
    for (i = 0; i < count; i++) {
        ck_assert_uint_eq(datagrams[i].length, strlen(text));
        ck_assert_mem_eq(datagrams[i].data, text, strlen(text));
        ck_assert_uint_eq(datagrams[i].ttl, UDP_TTL);
    }
    return count;
}

static void read_file_of(pid_t pid, const char *file, char *text, size_t size) {
    char path[64];
    ssize_t got;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    got = read(fd, text, size - 1);
    ck_assert_int_ge((int)got, 0);
    text[got] = '\0';
    close(fd);
}

/* It gets its name when it has let go of everything. */
static void wait_until_settled(void) {
    char name[32];
    int tries;

    for (tries = 0; tries < PATIENCE_MS; tries++) {
        read_file_of(sentinel_pid(sentinel), "comm", name, sizeof name);
        if (strcmp(name, SENTINEL_NAME "\n") == 0)
            return;
        poll(NULL, 0, 1);
    }
    ck_abort_msg("it is called %s", name);
}

START_TEST(farewell_is_said_when_the_daemon_dies) {
    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    ck_assert(!is_said_within(RELEASED, QUIET_MS));
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
}
END_TEST

START_TEST(farewell_is_said_several_times_and_then_never) {
    unsigned times = 0, more;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    daemon_dies();
    while (times < TIMES_SAID && (more = is_said_within(RELEASED, PATIENCE_MS)) > 0)
        times += more;
    ck_assert_uint_eq(times, TIMES_SAID);
    ck_assert_int_gt(wait(NULL), 0); /* it has ended */
    ck_assert(!is_said_within(RELEASED, 0));
}
END_TEST

START_TEST(nothing_is_said_when_nothing_was_left) {
    begin(SENTINEL_WORK_LIMIT_MS);
    daemon_dies();
    ck_assert_int_gt(wait(NULL), 0);
    ck_assert(!is_said_within(RELEASED, 0));
}
END_TEST

START_TEST(nothing_is_said_after_the_will_was_withdrawn) {
    const struct sentinel_will nothing = { .target_count = 0 };

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    ck_assert_int_eq(sentinel_tell(sentinel, &nothing), 0);
    daemon_dies();
    ck_assert_int_gt(wait(NULL), 0);
    ck_assert(!is_said_within(RELEASED, 0));
}
END_TEST

START_TEST(latest_will_counts) {
    struct sentinel_will later = will_to_say();

    later.released = datagram_of("later");
    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    ck_assert_int_eq(sentinel_tell(sentinel, &later), 0);
    daemon_dies();
    ck_assert(is_said_within("later", PATIENCE_MS));
}
END_TEST

/* Somebody who does work, with a copy of the write end; ends at a word. */
static pid_t worker(int *ret_word) {
    int word[2];
    char byte;
    pid_t pid;

    ck_assert_int_eq(pipe(word), 0);
    pid = fork();
    if (pid == 0) {
        int held = dup(sentinel_work_fd(sentinel));

        daemon_dies();
        close(word[1]);
        _exit(held >= 0 && read(word[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(word[0]);
    *ret_word = word[1];
    return pid;
}

START_TEST(work_that_goes_on_is_waited_for) {
    int word, status;
    pid_t pid;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    pid = worker(&word);
    daemon_dies();
    ck_assert(!is_said_within(RELEASED, QUIET_MS));
    close(word);
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(work_that_does_not_stop_is_told_after_the_limit) {
    int word;

    begin(SHORT_LIMIT_MS);
    leave_will();
    worker(&word);
    daemon_dies();
    ck_assert(is_said_within(UNRELEASED, PATIENCE_MS));
    close(word);
}
END_TEST

START_TEST(a_lease_that_somebody_works_by_is_waited_for) {
    usec_t until = clock_now() + 2 * QUIET_MS * USEC_PER_MS;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    sentinel_wait_until(sentinel, until);
    sentinel_wait_until(sentinel, until - USEC_PER_SEC); /* a shorter one takes nothing back */
    ck_assert_int_eq(sentinel_waits_until(sentinel), until);
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
    ck_assert_int_ge(clock_now(), until);
}
END_TEST

START_TEST(a_lease_beyond_the_limit_is_told_as_work) {
    begin(SHORT_LIMIT_MS);
    leave_will();
    sentinel_wait_until(sentinel, clock_now() + PATIENCE_MS * USEC_PER_MS);
    daemon_dies();
    ck_assert(is_said_within(UNRELEASED, PATIENCE_MS / 2));
}
END_TEST

static void leave_will_to_forewarn(void) {
    struct sentinel_will will = will_to_say();

    will.forewarns = 1;
    ck_assert_int_eq(sentinel_tell(sentinel, &will), 0);
}

static unsigned times_said(const char *text) {
    unsigned times = 0, more;

    while (times < TIMES_SAID && (more = is_said_within(text, PATIENCE_MS)) > 0)
        times += more;
    return times;
}

START_TEST(work_that_goes_on_is_told_at_once_and_its_end_later) {
    int word;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will_to_forewarn();
    worker(&word);
    daemon_dies();
    ck_assert_uint_eq(times_said(UNRELEASED), TIMES_SAID);
    ck_assert(!is_said_within(RELEASED, QUIET_MS));
    close(word);
    ck_assert_uint_eq(times_said(RELEASED), TIMES_SAID);
}
END_TEST

/* How many words come before that one. */
static unsigned words_before(const char *text) {
    struct pollfd entry = { .fd = udp_fd(peer, FAMILY_IPV4, UDP_SHARED), .events = POLLIN };
    struct udp_datagram datagrams[UDP_BATCH];
    unsigned words = 0;

    while (poll(&entry, 1, PATIENCE_MS) > 0) {
        unsigned count = udp_receive(peer, FAMILY_IPV4, UDP_SHARED, datagrams);
        for (unsigned i = 0; i < count; i++, words++)
            if (datagrams[i].length == strlen(text) && memcmp(datagrams[i].data, text, strlen(text)) == 0)
                return words;
    }
    ck_abort_msg("%s is not said", text);
}

START_TEST(the_end_of_the_work_cuts_the_forewarning_short) {
    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will_to_forewarn();
    sentinel_wait_until(sentinel, clock_now() + 20 * USEC_PER_MS); /* before it has been said for the last time */
    daemon_dies();
    ck_assert_uint_lt(words_before(RELEASED), TIMES_SAID);
}
END_TEST

START_TEST(without_work_there_is_nothing_to_forewarn_of) {
    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will_to_forewarn();
    daemon_dies();
    ck_assert_uint_eq(times_said(RELEASED), TIMES_SAID);
}
END_TEST

START_TEST(work_that_does_not_stop_is_told_but_once) {
    int word;

    begin(SHORT_LIMIT_MS);
    leave_will_to_forewarn();
    worker(&word);
    daemon_dies();
    ck_assert_uint_eq(times_said(UNRELEASED), TIMES_SAID);
    ck_assert(!is_said_within(UNRELEASED, SHORT_LIMIT_MS + QUIET_MS));
    close(word);
}
END_TEST

START_TEST(signals_that_end_a_service_are_ignored) {
    static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGABRT };

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    wait_until_settled();
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
        ck_assert_int_eq(kill(sentinel_pid(sentinel), signals[i]), 0);
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
}
END_TEST

/* Standard ones, its socket to the daemon, the work pipe and the socket that it speaks by. */
START_TEST(no_descriptor_of_the_daemon_is_held) {
    char path[64];
    struct dirent *entry;
    unsigned count = 0;
    DIR *directory;

    begin(SENTINEL_WORK_LIMIT_MS);
    wait_until_settled();
    snprintf(path, sizeof path, "/proc/%d/fd", sentinel_pid(sentinel));
    directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    while ((entry = readdir(directory)))
        count += entry->d_name[0] != '.';
    closedir(directory);
    ck_assert_uint_ge(count, 5); /* the last two perhaps a moment later */
    ck_assert_uint_le(count, 7);
}
END_TEST

static void replace_arguments(char **argv) {
    title_init(1, argv);
    title_set("another title than before");
}

START_TEST(long_title_does_not_write_beyond_its_place) {
    char place[] = "short\0behind";
    char *argv[] = { place, NULL };

    replace_arguments(argv);
    ck_assert_str_eq(place, "short");
    ck_assert_str_eq(place + 6, "behind");
}
END_TEST

START_TEST(one_that_died_is_replaced_and_knows_the_will) {
    pid_t first;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    ck_assert_int_eq(sentinel_mend(sentinel), SENTINEL_LIVES);
    first = sentinel_pid(sentinel);
    poll(NULL, 0, 1100); /* one that dies young is no help */
    ck_assert_int_eq(kill(first, SIGKILL), 0);
    while (sentinel_mend(sentinel) == SENTINEL_LIVES)
        poll(NULL, 0, 1);
    ck_assert_int_ne(sentinel_pid(sentinel), first);
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
}
END_TEST

static void dies_young(void) {
    enum sentinel_health health;

    ck_assert_int_eq(kill(sentinel_pid(sentinel), SIGKILL), 0);
    while ((health = sentinel_mend(sentinel)) == SENTINEL_LIVES)
        poll(NULL, 0, 1);
    ck_assert_int_eq(health, SENTINEL_MISSING);
    ck_assert_int_eq(sentinel_pid(sentinel), 0);
}

START_TEST(one_that_died_young_is_replaced_after_a_while) {
    enum sentinel_health health;
    usec_t due;

    begin(SENTINEL_WORK_LIMIT_MS);
    leave_will();
    ck_assert_int_eq(sentinel_due(sentinel), USEC_NEVER);
    dies_young();
    due = sentinel_due(sentinel);
    while ((health = sentinel_mend(sentinel)) == SENTINEL_MISSING)
        poll(NULL, 0, 10);
    ck_assert_int_eq(health, SENTINEL_REPLACED);
    ck_assert_int_ge(clock_now(), due);
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
}
END_TEST

START_TEST(one_that_died_young_is_replaced_when_there_is_news) {
    begin(SENTINEL_WORK_LIMIT_MS);
    dies_young();
    leave_will();
    ck_assert_int_gt(sentinel_pid(sentinel), 0);
    daemon_dies();
    ck_assert(is_said_within(RELEASED, PATIENCE_MS));
}
END_TEST

static int leave(const char *text) {
    struct sentinel_will will = will_to_say();

    will.released = datagram_of(text);
    return sentinel_tell(sentinel, &will);
}

/* It stands still, and there is no room in its socket for another will. */
static void fill_its_socket(void) {
    unsigned told = 0;

    ck_assert_int_eq(kill(sentinel_pid(sentinel), SIGSTOP), 0);
    while (leave(told % 2 == 0 ? "even" : "odd") == 0)
        ck_assert_uint_lt(told++, 10000);
    ck_assert_uint_gt(told, 0);
}

START_TEST(will_that_found_no_room_is_left_later) {
    begin(SENTINEL_WORK_LIMIT_MS);
    wait_until_settled();
    fill_its_socket();
    ck_assert_int_eq(leave("latest"), -EAGAIN);
    ck_assert_int_lt(sentinel_due(sentinel), USEC_NEVER);
    ck_assert_int_eq(kill(sentinel_pid(sentinel), SIGCONT), 0);
    while (sentinel_mend(sentinel) != SENTINEL_LIVES)
        poll(NULL, 0, 10);
    ck_assert_int_eq(sentinel_due(sentinel), USEC_NEVER);
    daemon_dies();
    ck_assert(is_said_within("latest", PATIENCE_MS));
}
END_TEST

/* Nobody can wait for it: who started this process had told the kernel not to keep children that have died. */
START_TEST(one_that_died_unnoticed_is_replaced) {
    pid_t first;

    signal(SIGCHLD, SIG_IGN);
    begin(SENTINEL_WORK_LIMIT_MS);
    first = sentinel_pid(sentinel);
    ck_assert_int_eq(kill(first, SIGKILL), 0);
    while (kill(first, 0) == 0)
        poll(NULL, 0, 1);
    signal(SIGCHLD, SIG_DFL);
    while (sentinel_pid(sentinel) == first || sentinel_pid(sentinel) == 0) {
        sentinel_mend(sentinel);
        poll(NULL, 0, 10);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sentinel");
    TCase *tests = tcase_create("loopback");
    SRunner *runner;
    int failures;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, farewell_is_said_when_the_daemon_dies);
    tcase_add_test(tests, farewell_is_said_several_times_and_then_never);
    tcase_add_test(tests, nothing_is_said_when_nothing_was_left);
    tcase_add_test(tests, nothing_is_said_after_the_will_was_withdrawn);
    tcase_add_test(tests, latest_will_counts);
    tcase_add_test(tests, work_that_goes_on_is_waited_for);
    tcase_add_test(tests, work_that_does_not_stop_is_told_after_the_limit);
    tcase_add_test(tests, a_lease_that_somebody_works_by_is_waited_for);
    tcase_add_test(tests, a_lease_beyond_the_limit_is_told_as_work);
    tcase_add_test(tests, work_that_goes_on_is_told_at_once_and_its_end_later);
    tcase_add_test(tests, the_end_of_the_work_cuts_the_forewarning_short);
    tcase_add_test(tests, without_work_there_is_nothing_to_forewarn_of);
    tcase_add_test(tests, work_that_does_not_stop_is_told_but_once);
    tcase_add_test(tests, signals_that_end_a_service_are_ignored);
    tcase_add_test(tests, no_descriptor_of_the_daemon_is_held);
    tcase_add_test(tests, long_title_does_not_write_beyond_its_place);
    tcase_add_test(tests, one_that_died_is_replaced_and_knows_the_will);
    tcase_add_test(tests, one_that_died_young_is_replaced_after_a_while);
    tcase_add_test(tests, one_that_died_young_is_replaced_when_there_is_news);
    tcase_add_test(tests, will_that_found_no_room_is_left_later);
    tcase_add_test(tests, one_that_died_unnoticed_is_replaced);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
