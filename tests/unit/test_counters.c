/* SPDX-License-Identifier: ISC
 *
 * test_counters.c - the table that names all counters, and what notices of the core count.
 */
#include "daemon/counters.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "abcdefghijklmnopqrstuvwxyz0123456789_"

static struct counters counters;

static void setup(void) {
    counters = (struct counters){ .wakeups = 0 }; /* the cases may share a process */
}

static void expect_small(const char *name) {
    ck_assert_str_ne(name, "");
    ck_assert_msg(strspn(name, SMALL) == strlen(name), "%s", name);
}

START_TEST(each_has_names_of_its_own) {
    const struct counter *one, *other;

    for (unsigned i = 0; (one = counters_describe(i)) != NULL; i++) {
        expect_small(one->name);
        ck_assert_int_eq(one->help[strlen(one->help) - 1], '.');
        for (unsigned j = 0; j < i; j++) {
            other = counters_describe(j);
            ck_assert_str_ne(one->name, other->name);
            ck_assert_uint_ne(one->offset, other->offset);
        }
    }
}
END_TEST

START_TEST(each_kind_has_a_name_of_its_own) {
    char name[COUNTERS_KIND_SIZE], earlier[COUNTERS_KIND_SIZE];
    const struct counter *counter;

    for (unsigned i = 0; (counter = counters_describe(i)) != NULL; i++)
        for (unsigned kind = counter->first; counter->label && kind < counter->end; kind++) {
            expect_small(counters_kind_name(counter, kind, name));
            for (unsigned other = counter->first; other < kind; other++)
                ck_assert_str_ne(name, counters_kind_name(counter, other, earlier));
        }
}
END_TEST

static uint64_t value_of(const char *name, unsigned kind) {
    const struct counter *counter;
    unsigned number = 0;

    while ((counter = counters_describe(number)) != NULL && strcmp(counter->name, name) != 0)
        number++;
    ck_assert_msg(counter != NULL, "there is no %s", name);
    return counters_value(&counters, counter, kind);
}

static void told(enum notice_type type, enum reason reason) {
    counters_notice(&counters, &(struct notice){ .type = type, .reason = reason }, NODE_CANDIDATE);
}

/* The sum of all. */
static uint64_t total(void) {
    const struct counter *counter;
    uint64_t sum = 0;

    for (unsigned i = 0; (counter = counters_describe(i)) != NULL; i++)
        for (unsigned kind = counter->first; kind < (counter->label ? counter->end : 1); kind++)
            sum += counters_value(&counters, counter, kind);
    return sum;
}

START_TEST(notices_are_counted) {
    told(NOTICE_STATE, REASON_NONE);
    told(NOTICE_LEADER, REASON_DEATH);
    told(NOTICE_LEADER, REASON_DEATH);
    told(NOTICE_LEADER, REASON_CLONE);
    told(NOTICE_NO_LEADER, REASON_RESIGN);
    ck_assert_uint_eq(value_of("state_changes", NODE_CANDIDATE), 1);
    ck_assert_uint_eq(value_of("leader_changes", REASON_DEATH), 2);
    ck_assert_uint_eq(value_of("leader_changes", REASON_CLONE), 1);
    ck_assert_uint_eq(value_of("leader_losses", REASON_RESIGN), 1);
    ck_assert_uint_eq(total(), 5);
}
END_TEST

START_TEST(plain_notices_are_counted) {
    static const struct {
        enum notice_type type;
        const char *name;
    } cases[] = {
        { NOTICE_SUSPECTED, "suspicions" },  { NOTICE_VOUCHED, "suspicions_wrong" },
        { NOTICE_ROSTER, "roster_changes" },
        { NOTICE_CONFLICT, "conflicts" },    { NOTICE_REASSERT, "reasserted" },
        { NOTICE_CONFIRMED, "confirmed" },   { NOTICE_CLONE, "clones" },
        { NOTICE_PEER_JOINED, "peers_joined" }, { NOTICE_PEER_LEFT, "peers_left" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        told(cases[i].type, REASON_NONE);
        ck_assert_uint_eq(value_of(cases[i].name, 0), 1);
        ck_assert_uint_eq(total(), i + 1);
    }
}
END_TEST

/* A name that has become known, and what only those want to know who have asked. */
START_TEST(other_notices_are_not_counted) {
    told(NOTICE_LEADER, REASON_NONE);
    told(NOTICE_TABLE, REASON_NONE);
    told(NOTICE_TABLE_FULL, REASON_NONE);
    ck_assert_uint_eq(total(), 0);
}
END_TEST

START_TEST(nothing_is_beyond_the_last) {
    unsigned count = 0;

    while (counters_describe(count))
        count++;
    ck_assert_uint_gt(count, 20);
    ck_assert_ptr_null(counters_describe(count + 1000));
    ck_assert_str_eq(counters_refusal_name(REFUSED_END), "?");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("counters");
    TCase *cases = tcase_create("counters");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, each_has_names_of_its_own);
    tcase_add_test(cases, each_kind_has_a_name_of_its_own);
    tcase_add_test(cases, notices_are_counted);
    tcase_add_test(cases, plain_notices_are_counted);
    tcase_add_test(cases, other_notices_are_not_counted);
    tcase_add_test(cases, nothing_is_beyond_the_last);
    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
