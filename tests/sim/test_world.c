/* SPDX-License-Identifier: ISC
 *
 * test_world.c - what the world does to its nodes, one thing at a time: clocks, receive buffers, death amid a step; and
 * what the judge of majorities does not overlook.
 */
#include "rest.h"
#include "scenario.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct world *world_of(uint32_t nodes) {
    const struct setting setting = { .nodes = nodes, .profile = profile_find("lan"), .detect = 300 * USEC_PER_MS };
    const struct world_config config = scenario_config(&setting, 1);

    return world_new(&config);
}

START_TEST(clocks_drift) {
    struct world *world = world_of(3);
    struct node *node = &world->nodes[0];
    usec_t before, drifts[] = { -CLOCK_DRIFT_MAX_PPM, -1, 1, 12345, CLOCK_DRIFT_MAX_PPM };

    world_run(world, 77777777);
    for (size_t i = 0; i < 5; i++) {
        before = node_time(node, world->now);
        world_clock(world, 0, (int32_t)drifts[i]);
        ck_assert_int_eq(node_time(node, world->now), before);
        world_run(world, 10 * USEC_PER_SEC);
        ck_assert_int_ge(node_time(node, world->now), before + 10 * USEC_PER_SEC + 10 * drifts[i] - 1);
        ck_assert_int_le(node_time(node, world->now), before + 10 * USEC_PER_SEC + 10 * drifts[i] + 1);
        for (usec_t time = before; time < before + 1000; time++) {
            usec_t world_time = node_world_time(node, time);
            ck_assert_int_ge(node_time(node, world_time), time);
            ck_assert_int_lt(node_time(node, world_time - 2), time);
        }
    }
    world_free(world);
}
END_TEST

START_TEST(buffers_overflow) {
    static const struct profile even = { "even", { 100, 100, 0, 0 }, { 100, 100, 0, 0 } };
    const uint32_t nodes = RECEIVE_QUEUE_MAX + 50;
    struct world *world = world_of(nodes);

    world->net.profile = &even;
    for (uint32_t i = 0; i < nodes; i++)
        world_start(world, i);
    rest_settle(world, SETTLE_US);
    world_run(world, 10 * USEC_PER_SEC);
    ck_assert_uint_eq(world->overflows, 0);
    for (uint32_t i = 0; i < nodes; i++)
        if (oracle_leader(world) != i)
            world_pause(world, i, 3 * USEC_PER_SEC);
    world_run(world, 3 * USEC_PER_SEC + USEC_PER_MS); /* all ask at once, for all have missed their slots */
    ck_assert_uint_ge(world->overflows, 40);
    rest_settle(world, SETTLE_US);
    ck_assert_str_eq(world->failure, "");
    world_free(world);
}
END_TEST

/* The first step that persists is the one in which it begins to lead: write, then tell. */
START_TEST(death_amid_a_step) {
    for (unsigned actions = 0; actions < 3; actions++) {
        struct world *world = world_of(1);
        struct node *node = &world->nodes[0];

        world_start(world, 0);
        world_die_amid(world, 0, actions);
        world_run(world, SETTLE_US);
        ck_assert_int_eq(node->life, LIFE_OFF);
        ck_assert_uint_eq(node->disk.durable.own.epoch, 0);
        ck_assert_uint_eq(world->oracle.count, 0);
        world_start(world, 0);
        world_run(world, SETTLE_US);
        ck_assert_int_eq(oracle_leader(world), 0);
        ck_assert_str_eq(world->failure, "");
        world_free(world);
    }
}
END_TEST

/* ---- a judge of majorities that sees nothing would be no judge (reign.h) */

static struct world *majority(void) {
    const struct setting setting = { .nodes = 3, .expect = 3, .profile = profile_find("lan"),
                                     .detect = 300 * USEC_PER_MS };
    const struct world_config config = scenario_config(&setting, 1);
    struct world *world = world_new(&config);

    rest_found(world);
    world_run(world, 3 * USEC_PER_SEC);
    ck_assert_str_eq(world->failure, "");
    return world;
}

static void assert_fails(struct world *world, const char *complaint) {
    world_run(world, SETTLE_US);
    ck_assert_msg(strstr(world->failure, complaint), "\"%s\" is not \"%s\"", world->failure, complaint);
    world_free(world);
}

START_TEST(two_in_office_are_noticed) {
    struct world *world = majority();
    uint32_t other = ((uint32_t)oracle_leader(world) + 1) % 3;

    world->oracle.ledger.until[other] = world->now + USEC_PER_SEC;
    assert_fails(world, "hold office at the same time");
}
END_TEST

START_TEST(work_without_a_leader_is_noticed) {
    struct world *world = majority();
    struct node *other = &world->nodes[(oracle_leader(world) + 1) % 3];

    world->config.work_stop = USEC_PER_SEC;
    other->holder = (struct holder){ .state = HOLDER_WORKING, .killed_at = USEC_NEVER };
    assert_fails(world, "hold office at the same time");
}
END_TEST

START_TEST(epochs_of_two_are_noticed) {
    struct world *world = majority();
    uint32_t leader = (uint32_t)oracle_leader(world);
    struct token taken = { world->nodes[leader].outlook.epoch, { { 1 } } };

    for (int i = 0; i < 10; i++) {
        taken.epoch++;
        ledger_elected(&world->oracle.ledger, &taken);
    }
    world_power_off(world, leader);
    assert_fails(world, "which another node has been");
}
END_TEST

START_TEST(tokens_that_go_back_are_noticed) {
    struct world *world = majority();

    world->oracle.ledger.leased.epoch += 100;
    world_power_off(world, (uint32_t)oracle_leader(world));
    assert_fails(world, "one as high has been led in before");
}
END_TEST

START_TEST(watchers_in_the_dark_are_noticed) {
    struct world *world = majority();

    world->nodes[oracle_leader(world)].outlook.reign.told = false;
    assert_fails(world, "those that watch do not know");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("world");
    TCase *nodes = tcase_create("nodes"), *reign = tcase_create("reign");
    SRunner *runner = srunner_create(suite);
    int failures;

    tcase_add_test(nodes, clocks_drift);
    tcase_add_test(nodes, buffers_overflow);
    tcase_add_test(nodes, death_amid_a_step);
    tcase_add_test(reign, two_in_office_are_noticed);
    tcase_add_test(reign, work_without_a_leader_is_noticed);
    tcase_add_test(reign, epochs_of_two_are_noticed);
    tcase_add_test(reign, tokens_that_go_back_are_noticed);
    tcase_add_test(reign, watchers_in_the_dark_are_noticed);
    suite_add_tcase(suite, nodes);
    suite_add_tcase(suite, reign);
    srunner_run_all(runner, CK_NORMAL);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
