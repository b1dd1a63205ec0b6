/* SPDX-License-Identifier: ISC
 *
 * test_rank.c - who is more senior: both orders, on all pairs and triples of keys that differ in every clause.
 */
#include "core/rank.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>

enum { OWN = 5, OTHER_LOW = 3, OTHER_HIGH = 9, NO_TIMELINE = 0 };

static const uint16_t priorities[] = { 0, 100, UINT16_MAX };
static const uint64_t timelines[] = { NO_TIMELINE, OTHER_LOW, OWN, OTHER_HIGH };
static const int64_t births[] = { -(1LL << 53), -1, 0, 1LL << 53 };
static const uint8_t id_bytes[] = { 1, 0x80 };

enum { KEYS = ARRAY_SIZE(priorities) * ARRAY_SIZE(timelines) * ARRAY_SIZE(births) * ARRAY_SIZE(id_bytes) };

static struct rank_key key(uint16_t priority, uint64_t timeline, int64_t birth, uint8_t id) {
    return (struct rank_key){ .priority = priority, .timeline = timeline, .birth = birth, .id = { { id } } };
}

/* Every combination of the values above, by number. */
static struct rank_key key_number(unsigned i) {
    uint16_t priority = priorities[i % ARRAY_SIZE(priorities)];
    uint64_t timeline = timelines[i / ARRAY_SIZE(priorities) % ARRAY_SIZE(timelines)];
    int64_t birth = births[i / ARRAY_SIZE(priorities) / ARRAY_SIZE(timelines) % ARRAY_SIZE(births)];

    return key(priority, timeline, birth, id_bytes[i / (KEYS / ARRAY_SIZE(id_bytes))]);
}

static enum rank compare(unsigned i, unsigned k, uint64_t own) {
    struct rank_key a = key_number(i), b = key_number(k);

    return rank_compare(&a, &b, own);
}

static const uint64_t viewpoints[] = { NO_TIMELINE, OWN, OTHER_HIGH };

START_TEST(keys_are_ordered_totally_and_antisymmetrically) {
    uint64_t own = viewpoints[_i];

    for (unsigned i = 0; i < KEYS; i++)
        for (unsigned k = 0; k < KEYS; k++) {
            enum rank rank = compare(i, k, own);
            ck_assert_int_eq(rank, -compare(k, i, own));
            ck_assert_msg((rank == RANK_SAME) == (i == k), "keys %u and %u", i, k);
        }
}
END_TEST

START_TEST(keys_are_ordered_transitively) {
    uint64_t own = viewpoints[_i];

    for (unsigned i = 0; i < KEYS; i++)
        for (unsigned k = 0; k < KEYS; k++) {
            if (compare(i, k, own) != RANK_SENIOR)
                continue;
            for (unsigned m = 0; m < KEYS; m++)
                if (compare(k, m, own) == RANK_SENIOR && compare(i, m, own) != RANK_SENIOR)
                    ck_abort_msg("%u before %u before %u, but not %u before %u", i, k, m, i, m);
        }
}
END_TEST

/* In each row the first is more senior by one clause, though every later clause says the opposite. */
static const struct {
    const char *clause;
    struct rank_key senior, junior;
} clauses[] = {
    { "priority", { 2, NO_TIMELINE, 9, { { 9 } } }, { 1, OWN, 1, { { 1 } } } },
    { "own timeline before a smaller one", { 1, OWN, 9, { { 9 } } }, { 1, OTHER_LOW, 1, { { 1 } } } },
    { "own timeline before none", { 1, OWN, 9, { { 9 } } }, { 1, NO_TIMELINE, 1, { { 1 } } } },
    { "another timeline before none", { 1, OTHER_HIGH, 9, { { 9 } } }, { 1, NO_TIMELINE, 1, { { 1 } } } },
    { "smaller of two other timelines", { 1, OTHER_LOW, 9, { { 9 } } }, { 1, OTHER_HIGH, 1, { { 1 } } } },
    { "birth", { 1, OWN, -2, { { 9 } } }, { 1, OWN, -1, { { 1 } } } },
    { "id", { 1, OWN, 1, { { 1 } } }, { 1, OWN, 1, { { 2 } } } },
    { "last byte of the id", { 1, OWN, 1, { { 1 } } }, { 1, OWN, 1, { { 1, [15] = 1 } } } },
};

START_TEST(each_clause_decides_when_the_earlier_ones_tie) {
    ck_assert_msg(rank_compare(&clauses[_i].senior, &clauses[_i].junior, OWN) == RANK_SENIOR, "%s", clauses[_i].clause);
    ck_assert_msg(rank_compare(&clauses[_i].junior, &clauses[_i].senior, OWN) == RANK_JUNIOR, "%s", clauses[_i].clause);
}
END_TEST

START_TEST(the_same_key_is_the_same) {
    struct rank_key a = key(1, OWN, 1, 1), b = a;

    ck_assert_int_eq(rank_compare(&a, &b, OWN), RANK_SAME);
}
END_TEST

/* ---- claims of nodes without leader (START-5) */

static struct rank_claim claim(uint16_t priority, int64_t age_us, uint8_t id) {
    return (struct rank_claim){ .priority = priority, .age = age_us, .id = { { id } } };
}

static void expect_claims(struct rank_claim a, struct rank_claim b, enum rank rank) {
    ck_assert_int_eq(rank_claims(&a, &b), rank);
    ck_assert_int_eq(rank_claims(&b, &a), -rank);
}

static void expect_spoken(struct rank_claim a, struct rank_claim b, enum rank rank) {
    ck_assert_int_eq(rank_spoken(&a, &b), rank);
    ck_assert_int_eq(rank_spoken(&b, &a), -rank);
}

START_TEST(START_5_priority_comes_before_age) {
    expect_claims(claim(2, 0, 9), claim(1, 1LL << 53, 1), RANK_SENIOR);
}
END_TEST

START_TEST(START_5_within_100_ms_ages_are_the_same) {
    expect_claims(claim(1, 5000000, 1), claim(1, 5000000, 9), RANK_SAME);
    expect_claims(claim(1, 5100000, 1), claim(1, 5000000, 9), RANK_SAME);
    expect_claims(claim(1, 5100001, 9), claim(1, 5000000, 1), RANK_SENIOR);
}
END_TEST

START_TEST(START_5_of_two_that_have_spoken_the_smaller_id_comes_first) {
    expect_spoken(claim(1, 5000000, 1), claim(1, 5000000, 9), RANK_SENIOR);
    expect_spoken(claim(1, 5000000, 1), claim(1, 5100000, 9), RANK_SENIOR);
    expect_spoken(claim(1, 5000000, 1), claim(1, 5100001, 9), RANK_JUNIOR);
    expect_spoken(claim(1, 5000000, 1), claim(2, 0, 9), RANK_JUNIOR);
    expect_spoken(claim(1, 5000000, 1), claim(1, 5000000, 1), RANK_SAME);
}
END_TEST

/* Why only nodes beyond the tolerance object, and why keys are not made of ages: claims can go round in a circle. */
START_TEST(START_5_claims_are_not_transitive) {
    struct rank_claim oldest = claim(1, 160000, 3), middle = claim(1, 80000, 2), youngest = claim(1, 0, 1);

    expect_claims(oldest, middle, RANK_SAME);
    expect_claims(middle, youngest, RANK_SAME);
    expect_claims(oldest, youngest, RANK_SENIOR);
    expect_spoken(oldest, youngest, RANK_SENIOR);
    expect_spoken(youngest, middle, RANK_SENIOR);
    expect_spoken(middle, oldest, RANK_SENIOR);
}
END_TEST

static Suite *rank_suite(void) {
    Suite *suite = suite_create("rank");
    TCase *keys = tcase_create("keys"), *claims = tcase_create("claims");

    tcase_add_loop_test(keys, keys_are_ordered_totally_and_antisymmetrically, 0, ARRAY_SIZE(viewpoints));
    tcase_add_loop_test(keys, keys_are_ordered_transitively, 0, ARRAY_SIZE(viewpoints));
    tcase_add_loop_test(keys, each_clause_decides_when_the_earlier_ones_tie, 0, ARRAY_SIZE(clauses));
    tcase_add_test(keys, the_same_key_is_the_same);
    tcase_add_test(claims, START_5_priority_comes_before_age);
    tcase_add_test(claims, START_5_within_100_ms_ages_are_the_same);
    tcase_add_test(claims, START_5_of_two_that_have_spoken_the_smaller_id_comes_first);
    tcase_add_test(claims, START_5_claims_are_not_transitive);
    suite_add_tcase(suite, keys);
    suite_add_tcase(suite, claims);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(rank_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
