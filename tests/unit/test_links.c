/* SPDX-License-Identifier: ISC
 *
 * test_links.c - which interfaces are in use, while the kernel tells odd things of them, or nothing.
 */
#include "daemon/links.h"

#include "base/util.h"
#include "daemon/log.h"
#include "platform/udp.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ETH0 = 2, ETH1 = 3 };

/* What the kernel would say. */
static struct {
    struct link links[LINKS_USED_MAX + 1];
    unsigned count;
    int list_result;
    int told; /* the result of reading the watch */
    uint32_t interrupted; /* index of an interface that was away meanwhile */
    int join_result[FAMILIES];
    unsigned joins;
} kernel;

static struct links *links;
static usec_t now;
static bool came_up;

const char *link_state_text(enum link_state state) {
    return state == LINK_USABLE ? "usable" : "is down";
}

int iface_list(const char *choice, unsigned families, struct link_list *ret) {
    (void)choice;
    (void)families;
    if (kernel.list_result < 0)
        return kernel.list_result;
    ret->links = calloc(ARRAY_SIZE(kernel.links), sizeof *ret->links);
    ck_assert_ptr_nonnull(ret->links);
    memcpy(ret->links, kernel.links, sizeof kernel.links);
    ret->count = kernel.count;
    return 0;
}

void iface_list_free(struct link_list *list) {
    free(list->links);
    *list = (struct link_list){ .links = NULL };
}

int iface_watch_open(struct iface_watch **ret) {
    *ret = NULL;
    return 0;
}

void iface_watch_close(struct iface_watch *watch) {
    (void)watch;
}

int iface_watch_fd(const struct iface_watch *watch) {
    (void)watch;
    return -1;
}

int iface_watch_read(struct iface_watch *watch, struct link *list, unsigned count) {
    (void)watch;
    for (unsigned i = 0; i < count; i++)
        list[i].interrupted |= list[i].ifindex == kernel.interrupted;
    kernel.interrupted = 0;
    return kernel.told;
}

int udp_join(struct udp *udp, enum family family, uint32_t ifindex) {
    (void)udp;
    (void)ifindex;
    kernel.joins += kernel.join_result[family] == 0;
    return kernel.join_result[family];
}

int udp_leave(struct udp *udp, enum family family, uint32_t ifindex) {
    (void)udp;
    (void)family;
    (void)ifindex;
    return 0;
}

static struct link link_of(uint32_t ifindex, const char *name) {
    struct link link = { .ifindex = ifindex };

    memcpy(link.name, name, strlen(name));
    link.addresses[FAMILY_IPV4] = (struct address){ .family = 4, .bytes = { 192, 0, 2, (uint8_t)ifindex } };
    link.addresses[FAMILY_IPV6] = (struct address){ .family = 6, .bytes = { 0xfe, 0x80, [15] = (uint8_t)ifindex } };
    return link;
}

static void setup(void) {
    const struct links_config config = { .choice = "auto", .families = 1U << FAMILY_IPV4 | 1U << FAMILY_IPV6 };

    memset(&kernel, 0, sizeof kernel);
    kernel.links[0] = link_of(ETH0, "eth0");
    kernel.count = 1;
    now = 1000 * USEC_PER_SEC;
    log_set_level(LOG_LEVEL_ERROR);
    ck_assert_int_eq(links_open(&links, &config), 0);
    ck_assert(links_update(links, now, &came_up));
    ck_assert_uint_eq(links_count(links), 1);
}

static void teardown(void) {
    links_close(links);
}

static bool update(void) {
    came_up = false;
    return links_update(links, now, &came_up);
}

static void blink(void) {
    kernel.interrupted = ETH0;
    update();
}

START_TEST(what_goes_on_as_it_was_is_not_told) {
    ck_assert(!update());
    ck_assert(!came_up);
    ck_assert_uint_eq(kernel.joins, 2);
}
END_TEST

START_TEST(an_interface_that_was_away_is_joined_anew) {
    kernel.interrupted = ETH0;
    ck_assert(update());
    ck_assert(came_up);
    ck_assert_uint_eq(kernel.joins, 4);
}
END_TEST

START_TEST(what_blinks_too_often_has_to_stay_before_it_is_used) {
    for (unsigned i = 0; i < 2; i++)
        blink();
    ck_assert_uint_eq(links_count(links), 1);
    blink();
    ck_assert_uint_eq(links_count(links), 0);
    ck_assert_int_eq(links_deadline(links), now + USEC_PER_SEC);
    ck_assert(links_damp(links, &kernel.links[0]));
    now += USEC_PER_SEC;
    update();
    ck_assert_uint_eq(links_count(links), 1);
    ck_assert_int_eq(links_deadline(links), USEC_NEVER);
}
END_TEST

START_TEST(what_is_damped_and_goes_for_good_is_not_waited_for) {
    for (unsigned i = 0; i < 3; i++)
        blink();
    kernel.count = 0;
    update();
    ck_assert_int_eq(links_deadline(links), USEC_NEVER);
}
END_TEST

START_TEST(what_comes_again_has_its_old_place) {
    kernel.links[kernel.count++] = link_of(ETH1, "eth1");
    update();
    kernel.links[0].state = LINK_DOWN;
    update();
    ck_assert_uint_eq(links_count(links), 1);
    kernel.links[0].state = LINK_USABLE;
    update();
    ck_assert_uint_eq(links_count(links), 2);
    ck_assert_uint_eq(links_get(links, 0)->ifindex, ETH0);
    ck_assert_uint_eq(links_get(links, 1)->ifindex, ETH1);
}
END_TEST

/* It changed while it was read, again and again; or there was no memory. Nobody says when it would succeed. */
START_TEST(a_list_that_cannot_be_had_is_asked_for_again_a_little_later) {
    kernel.list_result = -EINTR;
    ck_assert(!update());
    ck_assert_uint_eq(links_count(links), 1);
    ck_assert_int_gt(links_deadline(links), now);
    ck_assert_int_le(links_deadline(links), now + USEC_PER_SEC);
    kernel.list_result = 0;
    kernel.links[kernel.count++] = link_of(ETH1, "eth1");
    now = links_deadline(links);
    ck_assert(update());
    ck_assert_uint_eq(links_count(links), 2);
    ck_assert_int_eq(links_deadline(links), USEC_NEVER);
}
END_TEST

/* Else the alarm would ring at once, again and again. */
START_TEST(a_deadline_that_has_passed_does_not_stay_when_the_list_cannot_be_had) {
    for (unsigned i = 0; i < 3; i++)
        blink();
    now = links_deadline(links);
    kernel.list_result = -ENOBUFS;
    ck_assert(!update());
    ck_assert_int_gt(links_deadline(links), now);
}
END_TEST

/* One of them may have been deleted and made again, by the same index. That is no reason to damp what has not gone. */
START_TEST(all_is_joined_anew_when_something_was_not_told) {
    kernel.told = -ENOBUFS;
    for (unsigned i = 1; i <= 5; i++) {
        ck_assert(update());
        ck_assert_uint_eq(kernel.joins, 2 + 2 * i);
        ck_assert_uint_eq(links_count(links), 1);
    }
    kernel.list_result = -EINTR;
    ck_assert(!update());
    kernel.told = kernel.list_result = 0;
    ck_assert(update()); /* it was not forgotten meanwhile */
    ck_assert(!update());
}
END_TEST

START_TEST(a_family_that_cannot_be_joined_does_not_disturb_the_other) {
    kernel.links[kernel.count++] = link_of(ETH1, "eth1");
    kernel.join_result[FAMILY_IPV6] = -ENOBUFS;
    ck_assert(update());
    ck_assert(links_carry(links_find(links, ETH1), FAMILY_IPV4));
    ck_assert(!links_carry(links_find(links, ETH1), FAMILY_IPV6));
    kernel.joins = 0;
    ck_assert(!update());
    ck_assert_uint_eq(kernel.joins, 0);
}
END_TEST

START_TEST(what_cannot_be_joined_is_tried_again_a_little_later) {
    kernel.links[kernel.count++] = link_of(ETH1, "eth1");
    kernel.join_result[FAMILY_IPV4] = kernel.join_result[FAMILY_IPV6] = -ENOBUFS;
    ck_assert(!update());
    ck_assert_str_eq(links_reason(links, &links_seen(links)->links[1]), "cannot be joined to the multicast group");
    ck_assert(!links_damp(links, &links_seen(links)->links[1]));
    kernel.join_result[FAMILY_IPV4] = kernel.join_result[FAMILY_IPV6] = 0;
    now = links_deadline(links);
    ck_assert(update());
    ck_assert(links_carry(links_find(links, ETH1), FAMILY_IPV4));
    ck_assert(links_carry(links_find(links, ETH1), FAMILY_IPV6));
    ck_assert_int_eq(links_deadline(links), USEC_NEVER);
}
END_TEST

START_TEST(one_too_many_is_not_used_and_it_is_said_why) {
    while (kernel.count < LINKS_USED_MAX + 1) {
        kernel.links[kernel.count] = link_of(100 + kernel.count, "many");
        kernel.count++;
    }
    ck_assert(update());
    ck_assert_uint_eq(links_count(links), LINKS_USED_MAX);
    ck_assert_str_eq(links_reason(links, &kernel.links[LINKS_USED_MAX]), "is one too many: 64 are in use");
    ck_assert(!update());
}
END_TEST

/* How much of it is logged for people. */
static size_t logged_by_update(void) {
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    off_t length;

    ck_assert_ptr_nonnull(file);
    log_set_level(LOG_LEVEL_INFO);
    dup2(fileno(file), STDERR_FILENO);
    update();
    dup2(before, STDERR_FILENO);
    log_set_level(LOG_LEVEL_ERROR);
    length = lseek(fileno(file), 0, SEEK_END);
    fclose(file);
    close(before);
    return (size_t)length;
}

START_TEST(guests_that_come_and_go_are_not_told) {
    kernel.links[kernel.count++] = (struct link){ .ifindex = 10, .name = "tun0", .state = LINK_TUNNEL };
    ck_assert_uint_gt(logged_by_update(), 0);
    kernel.links[kernel.count++] = (struct link){ .ifindex = 11, .name = "veth1", .state = LINK_LOOSE_VETH };
    ck_assert_uint_eq(logged_by_update(), 0);
    kernel.links[2].state = LINK_PORT;
    ck_assert_uint_eq(logged_by_update(), 0);
    kernel.count--;
    ck_assert_uint_eq(logged_by_update(), 0);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("links");
    Suite *suite = suite_create("links");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_goes_on_as_it_was_is_not_told);
    tcase_add_test(tests, an_interface_that_was_away_is_joined_anew);
    tcase_add_test(tests, what_blinks_too_often_has_to_stay_before_it_is_used);
    tcase_add_test(tests, what_is_damped_and_goes_for_good_is_not_waited_for);
    tcase_add_test(tests, what_comes_again_has_its_old_place);
    tcase_add_test(tests, a_list_that_cannot_be_had_is_asked_for_again_a_little_later);
    tcase_add_test(tests, a_deadline_that_has_passed_does_not_stay_when_the_list_cannot_be_had);
    tcase_add_test(tests, all_is_joined_anew_when_something_was_not_told);
    tcase_add_test(tests, a_family_that_cannot_be_joined_does_not_disturb_the_other);
    tcase_add_test(tests, what_cannot_be_joined_is_tried_again_a_little_later);
    tcase_add_test(tests, one_too_many_is_not_used_and_it_is_said_why);
    tcase_add_test(tests, guests_that_come_and_go_are_not_told);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
