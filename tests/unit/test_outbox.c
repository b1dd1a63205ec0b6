/* SPDX-License-Identifier: ISC
 *
 * test_outbox.c - the copies of a message: to whom, in which order, with which header.
 */
#include "daemon/outbox.h"

#include "base/util.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "platform/udp.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { USED = 2, GONE = 3, MY_NONCE = 4711, GROUP_PORT = 29417, COPIES_MAX = UDP_BATCH };

struct copy {
    struct address to;
    struct wire_message message;
};

static struct outbox *outbox;
static struct counters counters;
static struct copy copies[COPIES_MAX];
static unsigned copy_count;
static unsigned links_used;

/* The made-up surroundings: one link, and a network that keeps what it is given. */

unsigned links_count(const struct links *links) {
    (void)links;
    return links_used;
}

const struct link *links_get(const struct links *links, unsigned index) {
    static const struct link link = { .ifindex = USED };

    (void)links, (void)index;
    return &link;
}

bool links_contain(const struct links *links, uint32_t ifindex) {
    (void)links;
    return links_used > 0 && ifindex == USED;
}

const struct address *udp_group(const struct udp *udp) {
    static const struct address group = { .family = 4, .bytes = { 224, 0, 0, 254 }, .port = GROUP_PORT };

    (void)udp;
    return &group;
}

unsigned udp_send(struct udp *udp, const struct udp_packet *packets, unsigned count, int *ret_error) {
    (void)udp, (void)ret_error;
    for (unsigned i = 0; i < count; i++) {
        ck_assert_uint_lt(copy_count, COPIES_MAX);
        copies[copy_count].to = packets[i].to;
        ck_assert_int_eq(wire_decode(packets[i].data, packets[i].length, &copies[copy_count].message), WIRE_OK);
        copy_count++;
    }
    return count;
}

static const struct persistent state = { .id = { { 50 } }, .incarnation = 3 };

static void setup(void) {
    const struct outbox_config config = { .cluster = "default", .boot_nonce = MY_NONCE, .counters = &counters };

    links_used = 1;
    copy_count = 0;
    counters = (struct counters){ 0 };
    ck_assert_int_eq(outbox_open(&outbox, &config), 0);
}

static void teardown(void) {
    outbox_close(outbox);
}

/* A Resign to all, and to as many nodes by name. */
static struct send resign(uint8_t receivers) {
    struct send send = { .multicast = true, .count = receivers };

    send.message.header.type = WIRE_RESIGN;
    send.message.resign = (struct wire_resign){ .epoch = 1, .successor = { { 51 } }, .released = true };
    for (uint8_t i = 0; i < receivers; i++) {
        send.to[i].address = (struct address){ .family = 4, .bytes = { 192, 0, 2, i }, .port = 4000, .ifindex = USED };
        send.to[i].boot_nonce = 100U + i;
    }
    return send;
}

static void add(struct send send) {
    outbox_add(outbox, &state, &send);
    outbox_flush(outbox);
}

/* Else the successor's Election reaches the others before the Resign, and they doubt a leader that is leaving. */
START_TEST(all_are_told_before_whoever_is_named) {
    add(resign(2));
    ck_assert_uint_eq(copy_count, 3);
    ck_assert_uint_eq(copies[0].to.port, GROUP_PORT);
    ck_assert_uint_eq(copies[0].to.ifindex, USED);
    ck_assert_uint_eq(copies[0].message.header.flags, 0);
    ck_assert_uint_eq(copies[0].message.header.receiver_nonce, 0);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(copies[1 + i].to.bytes[3], i);
        ck_assert_uint_eq(copies[1 + i].message.header.flags, WIRE_FLAG_UNICAST);
        ck_assert_uint_eq(copies[1 + i].message.header.receiver_nonce, 100 + i);
    }
}
END_TEST

START_TEST(every_copy_is_complete_and_counted) {
    add(resign(3));
    add(resign(0));
    ck_assert_uint_eq(copy_count, 5);
    for (unsigned i = 0; i < copy_count; i++) {
        const struct wire_header *header = &copies[i].message.header;
        ck_assert_uint_eq(header->seq, i + 1);
        ck_assert_mem_eq(&header->sender, &state.id, sizeof(state.id));
        ck_assert_uint_eq(header->incarnation, 3);
        ck_assert_uint_eq(header->boot_nonce, MY_NONCE);
        ck_assert_str_eq(header->cluster, "default");
    }
    ck_assert_uint_eq(counters.sent[WIRE_RESIGN], 5);
}
END_TEST

START_TEST(an_interface_that_has_gone_is_left_to_the_kernel) {
    struct send send = resign(1);

    send.to[0].address.ifindex = GONE;
    add(send);
    ck_assert_uint_eq(copies[1].to.ifindex, 0);
}
END_TEST

/* Whatever the node may yet send comes before it. */
START_TEST(farewell_names_the_leadership_and_is_the_last_word) {
    struct persistent leading = state;
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message message;

    leading.own = (struct token){ 7, state.id };
    size_t length = outbox_farewell(outbox, &leading, true, buffer);
    ck_assert_int_eq(wire_decode(buffer, length, &message), WIRE_OK);
    ck_assert_int_eq(message.header.type, WIRE_FAREWELL);
    ck_assert_uint_eq(message.header.seq, UINT64_MAX);
    ck_assert_uint_eq(message.header.boot_nonce, MY_NONCE);
    ck_assert(token_equal(&message.farewell.leader, &leading.own));
    ck_assert(message.farewell.released);
    ck_assert_uint_eq(copy_count, 0);
}
END_TEST

START_TEST(without_a_link_nothing_is_sent) {
    links_used = 0;
    add(resign(2));
    ck_assert_uint_eq(copy_count, 0);
    ck_assert_uint_eq(counters.sent[WIRE_RESIGN], 0);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("outbox");
    Suite *suite = suite_create("outbox");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_are_told_before_whoever_is_named);
    tcase_add_test(tests, every_copy_is_complete_and_counted);
    tcase_add_test(tests, an_interface_that_has_gone_is_left_to_the_kernel);
    tcase_add_test(tests, farewell_names_the_leadership_and_is_the_last_word);
    tcase_add_test(tests, without_a_link_nothing_is_sent);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
