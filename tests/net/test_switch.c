/* SPDX-License-Identifier: ISC
 *
 * test_switch.c - the lossy switch without interfaces: what it does with a frame, and where that goes.
 */
#include "net/ports.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAMES = 10000, HOSTS = 3, SIZE = 60 };

static struct faults faults;
static struct ports ports;
static int host[HOSTS]; /* the other ends of the cables */

static const char *add(struct faults *to, const char *words) {
    char spoiled[200];

    ck_assert_uint_lt(strlen(words), sizeof spoiled);
    strcpy(spoiled, words);
    return faults_add(to, "test", spoiled);
}

static void begin_faults(const char *words) {
    faults_init(&faults, 1);
    ck_assert_ptr_null(add(&faults, words));
}

/* How many of so many frames of 1 ms apart have no copy, or more than one. */
static unsigned lost(unsigned from, unsigned to, enum cast cast) {
    unsigned count = 0;

    for (int i = 0; i < FRAMES; i++)
        count += faults_fate(&faults, from, to, cast, i * USEC_PER_MS).copies == 0;
    return count;
}

START_TEST(refuses_what_it_does_not_know) {
    static const char *const wrong[] = {
        "", "from 1", "explode", "lose", "lose 0", "lose 101", "lose x", "from 0 cut", "from 33 cut", "from , cut",
        "from 1,x cut", "to", "cut cut", "delay 1ms", "delay 2ms 1ms", "delay 1 2", "delay 1ms 2h", "burst 5 1ms",
        "reorder 1ms 2ms",
    };

    faults_init(&faults, 1);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(add(&faults, wrong[i]) != NULL, "%s", wrong[i]);
    ck_assert_uint_eq(faults.count, 0);
    for (int i = 0; i < FAULTS_MAX; i++)
        ck_assert_ptr_null(add(&faults, "from 1,32 to 2 multicast delay 0 1h"));
    ck_assert_ptr_nonnull(add(&faults, "cut"));
    faults_clear(&faults);
    ck_assert_ptr_null(add(&faults, "cut"));
}
END_TEST

START_TEST(is_about_some_frames_only) {
    begin_faults("from 1,2 to 3 unicast cut");
    ck_assert_uint_eq(lost(0, 2, CAST_UNICAST), FRAMES);
    ck_assert_uint_eq(lost(1, 2, CAST_UNICAST), FRAMES);
    ck_assert_uint_eq(lost(0, 2, CAST_MULTICAST), 0);
    ck_assert_uint_eq(lost(0, 2, CAST_BROADCAST), 0);
    ck_assert_uint_eq(lost(2, 0, CAST_UNICAST), 0);
    ck_assert_uint_eq(lost(0, 1, CAST_UNICAST), 0);
    ck_assert_uint_eq(faults.list[0].cost, 2 * FRAMES);

    begin_faults("multicast leaving 1,2 broadcast cut");
    ck_assert_uint_eq(lost(0, 2, CAST_MULTICAST), FRAMES);
    ck_assert_uint_eq(lost(0, 2, CAST_BROADCAST), FRAMES);
    ck_assert_uint_eq(lost(0, 2, CAST_UNICAST), 0);
    ck_assert_uint_eq(lost(0, 1, CAST_MULTICAST), 0);
    ck_assert_uint_eq(lost(2, 1, CAST_MULTICAST), 0);
}
END_TEST

START_TEST(loses_by_chance) {
    begin_faults("lose 30");
    unsigned count = lost(0, 1, CAST_UNICAST);
    ck_assert_uint_gt(count, FRAMES * 28 / 100);
    ck_assert_uint_lt(count, FRAMES * 32 / 100);
    ck_assert_uint_eq(faults.list[0].cost, count);
}
END_TEST

START_TEST(loses_all_of_a_path_in_a_burst) {
    int before = -1, runs = 0;

    begin_faults("burst 1 50ms 150ms");
    for (int i = 0; i < FRAMES; i++)
        if (faults_fate(&faults, 0, 1, CAST_UNICAST, i * USEC_PER_MS).copies == 0) {
            runs += i != before + 1;
            before = i;
        }
    /* 100 ms of loss after 100 ms without, on average; two bursts may touch. */
    ck_assert_int_gt(runs, 25);
    ck_assert_int_lt(runs, 75);
    ck_assert_uint_gt(faults.list[0].cost, FRAMES * 35 / 100);
    ck_assert_uint_lt(faults.list[0].cost, FRAMES * 65 / 100);

    begin_faults("burst 100 1s 1s");
    ck_assert_uint_eq(faults_fate(&faults, 0, 1, CAST_UNICAST, 0).copies, 0);
    faults.list[0].percent = 1; /* as good as never, for what comes now */
    ck_assert_uint_eq(faults_fate(&faults, 0, 1, CAST_MULTICAST, 999999).copies, 0);
    ck_assert_uint_eq(faults_fate(&faults, 1, 0, CAST_UNICAST, 1).copies, 1);
}
END_TEST

START_TEST(delays_each_copy_for_itself) {
    usec_t least = USEC_NEVER, most = 0;
    unsigned differ = 0;

    begin_faults("delay 10ms 20ms");
    ck_assert_ptr_null(add(&faults, "duplicate 100"));
    ck_assert_ptr_null(add(&faults, "multicast delay 100ms 100ms"));
    for (int i = 0; i < FRAMES; i++) {
        struct fate fate = faults_fate(&faults, 0, 1, CAST_MULTICAST, 0);
        ck_assert_uint_eq(fate.copies, 2);
        differ += fate.delay[0] != fate.delay[1];
        if (fate.delay[0] < least)
            least = fate.delay[0];
        if (fate.delay[0] > most)
            most = fate.delay[0];
    }
    ck_assert_uint_gt(differ, FRAMES * 99 / 100);
    ck_assert_int_ge(least, 110 * USEC_PER_MS);
    ck_assert_int_lt(least, 111 * USEC_PER_MS);
    ck_assert_int_gt(most, 119 * USEC_PER_MS);
    ck_assert_int_le(most, 120 * USEC_PER_MS);
    ck_assert_uint_eq(faults.list[0].cost, 2 * FRAMES);
    ck_assert_uint_eq(faults.list[1].cost, FRAMES);
}
END_TEST

START_TEST(never_makes_more_copies_than_there_is_room_for) {
    begin_faults("duplicate 100");
    for (int i = 0; i < COPIES_MAX; i++)
        ck_assert_ptr_null(add(&faults, "duplicate 100"));
    ck_assert_uint_eq(faults_fate(&faults, 0, 1, CAST_UNICAST, 0).copies, COPIES_MAX);
}
END_TEST

START_TEST(repeats_itself_with_the_same_seed) {
    struct faults *other = malloc(sizeof *other);

    ck_assert_ptr_nonnull(other);
    begin_faults("lose 50");
    *other = faults;
    unsigned first = 0, second = 0, third = 0;
    for (unsigned i = 0; i < 32; i++) {
        first |= faults_fate(&faults, 0, 1, CAST_UNICAST, 0).copies << i;
        second |= faults_fate(other, 0, 1, CAST_UNICAST, 0).copies << i;
    }
    faults_init(other, 2);
    ck_assert_ptr_null(add(other, "lose 50"));
    for (unsigned i = 0; i < 32; i++)
        third |= faults_fate(other, 0, 1, CAST_UNICAST, 0).copies << i;
    ck_assert_uint_eq(first, second);
    ck_assert_uint_ne(first, third);
    free(other);
}
END_TEST

/* -------------------------------------------------------------------------------------------------------- the ports */

static void connect_hosts(void) {
    ports_init(&ports, 1);
    for (unsigned i = 0; i < HOSTS; i++) {
        int pair[2];
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
        host[i] = pair[0];
        ck_assert(ports_add(&ports, pair[1]));
    }
}

static void disconnect_hosts(void) {
    ports_close(&ports);
    for (unsigned i = 0; i < HOSTS; i++)
        close(host[i]);
}

/* A host sends a frame with that mark: to another host, or to all. */
static void say(unsigned from, int to, uint8_t mark, usec_t now) {
    uint8_t frame[SIZE] = { 2, 0, 0, 0, 0, (uint8_t)to, 2, 0, 0, 0, 0, (uint8_t)from, 8, 0, mark };

    if (to < 0)
        memset(frame, 0xff, 6);
    ck_assert_int_eq(write(host[from], frame, sizeof frame), SIZE);
    ck_assert_int_eq(ports_read(&ports, from, now), 0);
}

/* The mark of the next frame that the host gets, or -1 if there is none. */
static int hear(unsigned at) {
    uint8_t frame[SIZE + 1];
    ssize_t length = read(host[at], frame, sizeof frame);

    if (length < 0)
        return -1;
    ck_assert_int_eq(length, SIZE);
    return frame[14];
}

START_TEST(floods_until_it_has_learned) {
    say(0, 1, 1, 0);
    ck_assert_int_eq(hear(0), -1);
    ck_assert_int_eq(hear(1), 1);
    ck_assert_int_eq(hear(2), 1);
    say(1, 0, 2, 0);
    ck_assert_int_eq(hear(0), 2);
    ck_assert_int_eq(hear(2), -1);
    say(0, 1, 3, 0);
    ck_assert_int_eq(hear(1), 3);
    ck_assert_int_eq(hear(2), -1);
    say(1, -1, 4, 0);
    ck_assert_int_eq(hear(0), 4);
    ck_assert_int_eq(hear(1), -1);
    ck_assert_int_eq(hear(2), 4);
    say(0, 0, 5, 0);
    ck_assert_int_eq(hear(0) + hear(1) + hear(2), -3);
    ck_assert_uint_eq(ports.passed, 6);
}
END_TEST

START_TEST(passes_nothing_while_a_port_is_off) {
    ports.list[1].on = false;
    say(1, -1, 1, 0);
    say(0, -1, 2, 0);
    ck_assert_int_eq(hear(0), -1);
    ck_assert_int_eq(hear(1), -1);
    ck_assert_int_eq(hear(2), 2);
}
END_TEST

START_TEST(releases_frames_at_their_time) {
    ck_assert_ptr_null(add(&ports.faults, "to 2 delay 10us 10us"));
    say(0, 1, 1, 100);
    say(0, 1, 2, 105);
    ck_assert_int_eq(hear(1), -1);
    ck_assert_int_eq(ports_release_due(&ports, 109), 110);
    ck_assert_int_eq(hear(1), -1);
    ck_assert_int_eq(ports_release_due(&ports, 110), 115);
    ck_assert_int_eq(hear(1), 1);
    faults_clear(&ports.faults);
    say(0, 1, 3, 112);
    ck_assert_int_eq(hear(1), 3);
    ck_assert_int_eq(ports_release_due(&ports, 200), USEC_NEVER);
    ck_assert_int_eq(hear(1), 2);
    ck_assert_uint_eq(ports.overtaken, 1);
}
END_TEST

START_TEST(holds_no_more_than_it_may) {
    ck_assert_ptr_null(add(&ports.faults, "delay 1s 1s"));
    for (int i = 0; i < HELD_MAX / 2 + 10; i++)
        say(0, -1, 1, 0);
    ck_assert_uint_eq(ports.held.count, HELD_MAX);
    ck_assert_uint_eq(ports.overflow, 20);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("switch");
    TCase *fate = tcase_create("faults");
    TCase *way = tcase_create("ports");

    tcase_add_test(fate, refuses_what_it_does_not_know);
    tcase_add_test(fate, is_about_some_frames_only);
    tcase_add_test(fate, loses_by_chance);
    tcase_add_test(fate, loses_all_of_a_path_in_a_burst);
    tcase_add_test(fate, delays_each_copy_for_itself);
    tcase_add_test(fate, never_makes_more_copies_than_there_is_room_for);
    tcase_add_test(fate, repeats_itself_with_the_same_seed);
    suite_add_tcase(suite, fate);

    tcase_add_checked_fixture(way, connect_hosts, disconnect_hosts);
    tcase_add_test(way, floods_until_it_has_learned);
    tcase_add_test(way, passes_nothing_while_a_port_is_off);
    tcase_add_test(way, releases_frames_at_their_time);
    tcase_add_test(way, holds_no_more_than_it_may);
    suite_add_tcase(suite, way);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
