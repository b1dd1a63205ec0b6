/* SPDX-License-Identifier: ISC
 *
 * test_net.c - the simulator's own parts, by themselves: the heap and the network.
 */
#include "heap.h"
#include "net.h"

#include <check.h>
#include <stdlib.h>

static struct rng seeded(uint8_t seed) {
    uint8_t bytes[RNG_SEED_SIZE] = { seed };
    struct rng rng;

    rng_seed(&rng, bytes);
    return rng;
}

START_TEST(heap_orders_by_time_then_sequence) {
    struct rng rng = seeded(1);
    struct item item, before = { .time = INT64_MIN };
    struct heap heap;

    heap_init(&heap, 5000);
    ck_assert_int_eq(heap_next(&heap), USEC_NEVER);
    for (int i = 0; i < 5000; i++) {
        item = (struct item){ .time = rng_between(&rng, 0, 500), .value = (uint32_t)i };
        ck_assert_uint_eq(heap_push(&heap, &item), (unsigned)i + 1);
    }
    ck_assert_uint_eq(heap_push(&heap, &item), 0);
    for (int i = 0; i < 5000; i++) {
        ck_assert_int_eq(heap_next(&heap), heap.items[0].time);
        ck_assert(heap_pop(&heap, &item));
        ck_assert(item.time > before.time || (item.time == before.time && item.sequence > before.sequence));
        ck_assert_uint_eq(item.value + 1, item.sequence);
        before = item;
    }
    ck_assert(!heap_pop(&heap, &item));
    heap_release(&heap);
}
END_TEST

START_TEST(heap_mixes_pushes_and_pops) {
    struct rng rng = seeded(2);
    struct item item;
    struct heap heap;
    usec_t now = 0;

    heap_init(&heap, 100);
    for (int i = 0; i < 20000; i++) {
        if (rng_chance(&rng, 1, 2)) {
            item = (struct item){ .time = now + rng_between(&rng, 0, 50) };
            heap_push(&heap, &item);
        } else if (heap_pop(&heap, &item)) {
            ck_assert_int_ge(item.time, now);
            now = item.time;
        }
        ck_assert_uint_le(heap.count, 100);
    }
    heap_release(&heap);
}
END_TEST

static unsigned arrivals(struct net *net, uint32_t from, uint32_t to, bool multicast) {
    struct rng rng = seeded(3);
    unsigned count = 0;
    usec_t delay;

    for (int i = 0; i < 10000; i++)
        count += net_fate(net, &rng, from, to, multicast, &delay);
    return count;
}

START_TEST(net_delays_within_its_profile) {
    struct rng rng = seeded(4);
    struct net net;
    usec_t delay;

    net_init(&net, 2, profile_find("lan"), 0);
    for (int i = 0; i < 1000; i++) {
        ck_assert(net_fate(&net, &rng, 0, 1, i % 2, &delay));
        ck_assert(delay >= net.profile->unicast.min && delay <= net.profile->unicast.max);
    }
    net_release(&net);
    ck_assert_ptr_null(profile_find("token ring"));
}
END_TEST

START_TEST(net_loses_what_it_is_told) {
    struct net net;

    net_init(&net, 2, profile_find("lan"), 200000);
    ck_assert_uint_ge(arrivals(&net, 0, 1, false), 7800);
    ck_assert_uint_le(arrivals(&net, 0, 1, false), 8200);
    ck_assert(net_connected(&net, 0, 1));
    net_release(&net);
}
END_TEST

/* Of 10,000 datagrams a share of begins / (begins + ends) is sent in bad times, in which all are lost. */
START_TEST(net_loses_in_bursts) {
    const struct burst burst = { PPM_ONE / 50, PPM_ONE / 10, PPM_ONE };
    struct rng rng = seeded(5);
    unsigned lost = 0, bursts = 0;
    bool before = true, arrives;
    struct net net;
    usec_t delay;

    net_init(&net, 2, profile_find("lan"), 0);
    net_bursts(&net, &burst);
    for (int i = 0; i < 10000; i++, before = arrives) {
        arrives = net_fate(&net, &rng, 0, 1, false, &delay);
        lost += !arrives;
        bursts += before && !arrives;
    }
    ck_assert_uint_ge(lost, 1400);
    ck_assert_uint_le(lost, 1950);
    ck_assert_uint_ge(lost, 8 * bursts); /* ten in a row on average */
    ck_assert_uint_le(lost, 12 * bursts);
    ck_assert(net_connected(&net, 0, 1));
    net_heal(&net);
    ck_assert_uint_eq(arrivals(&net, 0, 1, false), 10000);
    net_release(&net);
}
END_TEST

START_TEST(net_cuts_one_direction) {
    struct net net;

    net_init(&net, 3, profile_find("lan"), 0);
    ck_assert(net_cut(&net, &(struct net_rule){ 0, 1, PPM_ONE, false }));
    ck_assert_uint_eq(arrivals(&net, 0, 1, false), 0);
    ck_assert_uint_eq(arrivals(&net, 1, 0, false), 10000);
    ck_assert_uint_eq(arrivals(&net, 0, 2, false), 10000);
    ck_assert(!net_connected(&net, 0, 1) && !net_connected(&net, 1, 0) && net_connected(&net, 0, 2));
    ck_assert(net_cut(&net, &(struct net_rule){ NET_ANY, 2, PPM_ONE, false }));
    ck_assert(!net_connected(&net, 0, 2) && !net_connected(&net, 1, 2));
    net_heal(&net);
    ck_assert_uint_eq(arrivals(&net, 0, 1, true), 10000);
    for (int i = 0; i < NET_RULES_MAX; i++)
        ck_assert(net_cut(&net, &(struct net_rule){ 0, 1, 1, false }));
    ck_assert(!net_cut(&net, &(struct net_rule){ 0, 1, 1, false }));
    net_release(&net);
}
END_TEST

START_TEST(net_knows_links_sides_and_multicast) {
    struct net net;

    net_init(&net, 3, profile_find("lan"), 0);
    net.ports[1].side = 1;
    ck_assert(!net_connected(&net, 0, 1) && net_connected(&net, 0, 2));
    ck_assert_uint_eq(arrivals(&net, 0, 1, true), 0);
    net.ports[1].side = 0;
    net.ports[1].multicast = false;
    ck_assert_uint_eq(arrivals(&net, 0, 1, true), 0);
    ck_assert_uint_eq(arrivals(&net, 0, 1, false), 10000);
    ck_assert_uint_eq(arrivals(&net, 1, 0, true), 10000);
    net.ports[1].up = false;
    ck_assert_uint_eq(arrivals(&net, 1, 0, true), 0);
    ck_assert_uint_eq(arrivals(&net, 0, 1, false), 0);
    net_release(&net);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sim");
    TCase *parts = tcase_create("parts");
    SRunner *runner = srunner_create(suite);
    int failures;

    tcase_add_test(parts, heap_orders_by_time_then_sequence);
    tcase_add_test(parts, heap_mixes_pushes_and_pops);
    tcase_add_test(parts, net_delays_within_its_profile);
    tcase_add_test(parts, net_loses_what_it_is_told);
    tcase_add_test(parts, net_loses_in_bursts);
    tcase_add_test(parts, net_cuts_one_direction);
    tcase_add_test(parts, net_knows_links_sides_and_multicast);
    suite_add_tcase(suite, parts);
    srunner_run_all(runner, CK_NORMAL);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
