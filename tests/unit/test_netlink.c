/* SPDX-License-Identifier: ISC
 *
 * test_netlink.c - attributes of netlink messages, whole and broken, and the interface that every host has.
 */
#include "platform/netlink.h"

#include "platform/address.h"
#include "platform/iface.h"

#include <check.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A message with room for some attributes. */
static union {
    struct nlmsghdr header;
    char bytes[256];
} message;

static void begin_message(void) {
    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = NLMSG_SPACE(sizeof(struct ifinfomsg));
    message.header.nlmsg_type = RTM_NEWLINK;
}

static struct rtattr *add_attribute(uint16_t type, const void *data, size_t size) {
    struct rtattr *attribute = (void *)(message.bytes + message.header.nlmsg_len);

    attribute->rta_type = type;
    attribute->rta_len = (uint16_t)RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), data, size);
    message.header.nlmsg_len += (uint32_t)RTA_ALIGN(attribute->rta_len);
    return attribute;
}

static const struct rtattr *find(uint16_t type) {
    return netlink_attribute(&message.header, sizeof(struct ifinfomsg), type);
}

START_TEST(attributes_are_found) {
    begin_message();
    ck_assert_ptr_null(find(IFLA_IFNAME));
    add_attribute(IFLA_IFNAME, "eth0", 5);
    add_attribute(IFLA_MASTER | NLA_F_NESTED, "\1\0\0\0", 4);
    ck_assert_uint_eq(netlink_size(find(IFLA_IFNAME)), 5);
    ck_assert_str_eq(netlink_data(find(IFLA_IFNAME)), "eth0");
    ck_assert_uint_eq(netlink_size(find(IFLA_MASTER)), 4);
    ck_assert_ptr_null(find(IFLA_MTU));
}
END_TEST

START_TEST(nested_attributes_are_found) {
    struct {
        struct rtattr head;
        char kind[8];
    } inner = { .head = { .rta_len = RTA_LENGTH(7), .rta_type = IFLA_INFO_SLAVE_KIND }, .kind = "bridge" };

    begin_message();
    add_attribute(IFLA_LINKINFO, &inner, sizeof inner);
    ck_assert_str_eq(netlink_data(netlink_nested(find(IFLA_LINKINFO), IFLA_INFO_SLAVE_KIND)), "bridge");
    ck_assert_ptr_null(netlink_nested(find(IFLA_LINKINFO), IFLA_INFO_KIND));
}
END_TEST

START_TEST(broken_lengths_end_the_search) {
    static const uint16_t lengths[] = { 0, 1, 3, 10, 255, 65535 };
    struct rtattr *first;
    size_t i;

    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        begin_message();
        first = add_attribute(IFLA_IFNAME, "eth0", 5);
        message.header.nlmsg_len = (uint32_t)((char *)first - message.bytes) + 9; /* ends with the name */
        first->rta_len = lengths[i];
        ck_assert_ptr_null(find(IFLA_IFNAME));
        ck_assert_ptr_null(find(IFLA_MTU));
    }
}
END_TEST

START_TEST(short_messages_have_no_body) {
    begin_message();
    ck_assert_ptr_nonnull(netlink_body(&message.header, sizeof(struct ifinfomsg)));
    message.header.nlmsg_len--;
    ck_assert_ptr_null(netlink_body(&message.header, sizeof(struct ifinfomsg)));
    ck_assert_ptr_null(find(IFLA_IFNAME));
}
END_TEST

START_TEST(named_interfaces_are_listed_whatever_they_are) {
    static const char *const names[] = { "no-such-iface", "lo" };
    struct link links[LINKS_MAX];
    unsigned count = 0;

    ck_assert_int_eq(iface_list(names, 2, links, &count), 0);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(links[0].name, "no-such-iface");
    ck_assert_int_eq(links[0].state, LINK_MISSING);
    ck_assert_str_eq(links[1].name, "lo");
    ck_assert_uint_gt(links[1].ifindex, 0);
    ck_assert(links[1].loopback);
    ck_assert_int_ne(links[1].state, LINK_MISSING);
}
END_TEST

START_TEST(loopback_is_not_chosen_unless_named) {
    struct link links[LINKS_MAX];
    unsigned i, count = 0;

    ck_assert_int_eq(iface_list(NULL, 0, links, &count), 0);
    for (i = 0; i < count; i++)
        ck_assert(!links[i].loopback);
}
END_TEST

START_TEST(more_names_than_places_are_refused) {
    struct link links[LINKS_MAX];
    unsigned count = 7;

    ck_assert_int_eq(iface_list(NULL, LINKS_MAX + 1, links, &count), -E2BIG);
    ck_assert_uint_eq(count, 7);
}
END_TEST

static Suite *suite_of_netlink(void) {
    Suite *suite = suite_create("netlink");
    TCase *cases = tcase_create("netlink");

    suite_add_tcase(suite, cases);
    tcase_add_test(cases, attributes_are_found);
    tcase_add_test(cases, nested_attributes_are_found);
    tcase_add_test(cases, broken_lengths_end_the_search);
    tcase_add_test(cases, short_messages_have_no_body);
    tcase_add_test(cases, named_interfaces_are_listed_whatever_they_are);
    tcase_add_test(cases, loopback_is_not_chosen_unless_named);
    tcase_add_test(cases, more_names_than_places_are_refused);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_netlink());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
