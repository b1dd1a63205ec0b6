/* SPDX-License-Identifier: ISC
 *
 * test_udp.c - the sockets of a node, on the loopback interface: who hears what, from which address, with which TTL.
 */
#include "platform/udp.h"

#include "platform/address.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000 };

static struct udp *a, *b;
static uint32_t loopback;

/* Ports of this process, so that several runs at a time do not meet. */
static struct udp_config config_of(uint16_t ports) {
    uint16_t base = (uint16_t)(20000 + getpid() % 2000 * 20);
    struct in_addr group = { htonl(0xe00000fe) };

    return (struct udp_config){ .groups = { address_ipv4(&group, base, 0) }, .port_first = (uint16_t)(base + 1),
                                .port_count = ports, .loopback = true };
}

static struct udp *open_one(uint16_t ports) {
    struct udp_config config = config_of(ports);
    enum udp_channel channel;
    struct udp *udp;

    ck_assert_int_eq(udp_open(&udp, &config, &channel), 0);
    return udp;
}

static void setup(void) {
    loopback = if_nametoindex("lo");
    a = open_one(2);
    b = open_one(2);
    ck_assert_int_eq(udp_join(a, FAMILY_IPV4, loopback), 0);
    ck_assert_int_eq(udp_join(b, FAMILY_IPV4, loopback), 0);
}

static void teardown(void) {
    udp_close(a);
    udp_close(b);
}

static struct address address_of(const struct udp *udp) {
    struct in_addr host = { htonl(INADDR_LOOPBACK) };

    return address_ipv4(&host, udp_port(udp), loopback);
}

static struct address group_on_loopback(const struct udp *udp) {
    struct address group = *udp_group(udp, FAMILY_IPV4);

    group.ifindex = loopback;
    return group;
}

static void send_text(struct udp *from, struct address to, const char *text) {
    struct udp_packet packet = { .data = (const uint8_t *)text, .length = strlen(text), .to = to };
    int error = 0;

    ck_assert_uint_eq(udp_send(from, &packet, 1, &error), 1);
}

/* Waits for what must come. */
static void expect_readable(const struct udp *udp, enum udp_channel channel) {
    struct pollfd entry = { .fd = udp_fd(udp, FAMILY_IPV4, channel), .events = POLLIN };

    ck_assert_int_eq(poll(&entry, 1, PATIENCE_MS), 1);
}

static struct udp_datagram receive_one(struct udp *udp, enum udp_channel channel) {
    struct udp_datagram datagrams[UDP_BATCH];

    expect_readable(udp, channel);
    ck_assert_uint_eq(udp_receive(udp, FAMILY_IPV4, channel, datagrams), 1);
    return datagrams[0];
}

static void expect_text(const struct udp_datagram *datagram, const char *text) {
    ck_assert_uint_eq(datagram->length, strlen(text));
    ck_assert_mem_eq(datagram->data, text, strlen(text));
}

/* A socket that is not one of ours, with its TTL as the system sets it. */
static void send_from_stranger(struct address to, const void *data, size_t length) {
    union socket_address name;
    socklen_t name_length = address_to_socket(&to, &name);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(sendto(fd, data, length, 0, &name.any, name_length), (ssize_t)length);
    close(fd);
}

START_TEST(multicast_reaches_every_node_of_the_host) {
    struct address source = address_of(a);
    struct udp_datagram at_a, at_b;

    send_text(a, group_on_loopback(a), "hello");
    at_b = receive_one(b, UDP_SHARED);
    expect_text(&at_b, "hello");
    ck_assert_int_eq(at_b.cast, UDP_TO_GROUP);
    ck_assert_uint_eq(at_b.ttl, UDP_TTL);
    ck_assert(address_equal(&at_b.source, &source));
    ck_assert_uint_eq(at_b.source.ifindex, loopback);
    at_a = receive_one(a, UDP_SHARED);
    expect_text(&at_a, "hello");
}
END_TEST

START_TEST(unicast_comes_from_the_address_that_multicast_comes_from) {
    struct address source = address_of(b);
    struct udp_datagram datagram;

    send_text(b, address_of(a), "answer");
    datagram = receive_one(a, UDP_UNICAST);
    expect_text(&datagram, "answer");
    ck_assert_int_eq(datagram.cast, UDP_TO_NODE);
    ck_assert_uint_eq(datagram.ttl, UDP_TTL);
    ck_assert(address_equal(&datagram.source, &source));
    ck_assert_uint_eq(datagram.source.ifindex, loopback);
}
END_TEST

START_TEST(nothing_is_heard_after_leaving) {
    struct udp_datagram datagrams[UDP_BATCH];

    ck_assert_int_eq(udp_join(a, FAMILY_IPV4, loopback), 0);
    ck_assert_int_eq(udp_leave(a, FAMILY_IPV4, loopback), 0);
    ck_assert_int_eq(udp_leave(a, FAMILY_IPV4, loopback), 0);
    ck_assert_int_eq(udp_leave(b, FAMILY_IPV4, loopback), 0);
    send_text(b, group_on_loopback(b), "hello");
    ck_assert_int_eq(udp_join(a, FAMILY_IPV4, loopback), 0);
    send_text(b, group_on_loopback(b), "again");
    expect_text(&(struct udp_datagram[1]){ receive_one(a, UDP_SHARED) }[0], "again");
    ck_assert_uint_eq(udp_receive(a, FAMILY_IPV4, UDP_SHARED, datagrams), 0);
}
END_TEST

START_TEST(a_batch_arrives_in_order) {
    struct udp_packet packets[UDP_BATCH];
    struct udp_datagram datagrams[UDP_BATCH];
    uint8_t numbers[UDP_BATCH];
    int error = 0;
    unsigned i;

    for (i = 0; i < UDP_BATCH; i++) {
        numbers[i] = (uint8_t)i;
        packets[i] = (struct udp_packet){ .data = &numbers[i], .length = 1, .to = address_of(b) };
    }
    ck_assert_uint_eq(udp_send(a, packets, UDP_BATCH, &error), UDP_BATCH);
    expect_readable(b, UDP_UNICAST);
    ck_assert_uint_eq(udp_receive(b, FAMILY_IPV4, UDP_UNICAST, datagrams), UDP_BATCH);
    for (i = 0; i < UDP_BATCH; i++)
        ck_assert_uint_eq(datagrams[i].data[0], i);
}
END_TEST

START_TEST(what_cannot_be_sent_does_not_hold_up_the_rest) {
    static const uint8_t data[1] = { 'x' };
    struct address nowhere = { .family = 0 };
    struct udp_packet packets[] = {
        { .data = data, .length = 1, .to = nowhere },
        { .data = data, .length = 1, .to = address_of(b) },
        { .data = data, .length = 1, .to = nowhere },
    };
    int error = 0;

    ck_assert_uint_eq(udp_send(a, packets, 3, &error), 1);
    ck_assert_int_lt(error, 0);
    receive_one(b, UDP_UNICAST);
}
END_TEST

START_TEST(a_closed_port_is_told_and_nothing_is_lost_over_it) {
    struct address gone = address_of(b), told;

    udp_close(b);
    b = NULL;
    send_text(a, gone, "anybody there");
    send_text(a, address_of(a), "still here");
    receive_one(a, UDP_UNICAST);
    ck_assert(udp_unreachable(a, FAMILY_IPV4, &told));
    ck_assert(address_equal(&told, &gone));
    ck_assert(!udp_unreachable(a, FAMILY_IPV4, &told));
    send_text(a, address_of(a), "and now");
    receive_one(a, UDP_UNICAST);
}
END_TEST

START_TEST(the_ttl_of_strangers_is_told) {
    send_from_stranger(address_of(a), "x", 1);
    ck_assert_uint_lt(receive_one(a, UDP_UNICAST).ttl, UDP_TTL);
}
END_TEST

START_TEST(too_long_a_datagram_shows) {
    static const uint8_t long_one[2 * WIRE_DATAGRAM_MAX];

    send_from_stranger(address_of(a), long_one, sizeof long_one);
    ck_assert_uint_gt(receive_one(a, UDP_UNICAST).length, WIRE_DATAGRAM_MAX);
    send_from_stranger(address_of(a), long_one, 0);
    ck_assert_uint_eq(receive_one(a, UDP_UNICAST).length, 0);
}
END_TEST

START_TEST(each_node_gets_its_port_until_there_are_no_more) {
    struct udp_config config = config_of(2);
    enum udp_channel channel = UDP_SHARED;
    struct udp *third = NULL;

    ck_assert_uint_eq(udp_port(a), config.port_first);
    ck_assert_uint_eq(udp_port(b), config.port_first + 1);
    ck_assert_int_eq(udp_open(&third, &config, &channel), -EADDRINUSE);
    ck_assert_int_eq(channel, UDP_UNICAST);
    ck_assert_ptr_null(third);
    udp_close(a);
    a = open_one(2);
    ck_assert_uint_eq(udp_port(a), config.port_first);
}
END_TEST

static Suite *suite_of_udp(void) {
    Suite *suite = suite_create("udp");
    TCase *cases = tcase_create("udp");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, multicast_reaches_every_node_of_the_host);
    tcase_add_test(cases, unicast_comes_from_the_address_that_multicast_comes_from);
    tcase_add_test(cases, nothing_is_heard_after_leaving);
    tcase_add_test(cases, a_batch_arrives_in_order);
    tcase_add_test(cases, what_cannot_be_sent_does_not_hold_up_the_rest);
    tcase_add_test(cases, a_closed_port_is_told_and_nothing_is_lost_over_it);
    tcase_add_test(cases, the_ttl_of_strangers_is_told);
    tcase_add_test(cases, too_long_a_datagram_shows);
    tcase_add_test(cases, each_node_gets_its_port_until_there_are_no_more);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_udp());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
