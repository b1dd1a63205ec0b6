/* SPDX-License-Identifier: ISC
 *
 * test_member.c - the member table against a naive model of itself, who comes first of its members, and the nodes
 * heard lately.
 */
#include "core/member.h"

#include "base/rng.h"
#include "base/util.h"
#include "core/rank.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { TIMELINE = 7 };

static struct rng rng_of(uint8_t number) {
    uint8_t seed[RNG_SEED_SIZE] = { number };
    struct rng rng;

    rng_seed(&rng, seed);
    return rng;
}

/* Many ids alike: differing only where a hash may not look. */
static struct node_id id_of(uint32_t number) {
    return (struct node_id){ { 1, [7] = (uint8_t)number, [8] = (uint8_t)(number >> 8) } };
}

static struct node_id random_id(struct rng *rng) {
    struct node_id id;

    for (unsigned i = 0; i < sizeof(id.bytes); i++)
        id.bytes[i] = (uint8_t)rng_u64(rng);
    return id;
}

/* A table in memory of exactly the size that it asks for; free(table->list). */
static void make(struct member_table *table, uint32_t capacity) {
    member_table_init(table, capacity, malloc(member_table_size(capacity)));
}

static void expect_sound(const struct member_table *table) {
    const char *broken = member_table_check(table);

    ck_assert_msg(broken == NULL, "%s", broken);
}

/* ---- the table */

START_TEST(table_begins_empty) {
    struct member_table table;
    struct node_id id = id_of(1);

    make(&table, 4);
    ck_assert_uint_eq(table.count, 0);
    ck_assert_ptr_null(member_find(&table, &id));
    expect_sound(&table);
    free(table.list);
}
END_TEST

START_TEST(table_of_one_works) {
    struct member_table table;
    struct node_id id = id_of(1), other = id_of(2);

    make(&table, 1);
    ck_assert_ptr_nonnull(member_add(&table, &id));
    ck_assert_ptr_null(member_add(&table, &other));
    member_remove(&table, member_find(&table, &id));
    ck_assert_ptr_nonnull(member_add(&table, &other));
    ck_assert_ptr_null(member_find(&table, &id));
    expect_sound(&table);
    free(table.list);
}
END_TEST

START_TEST(added_member_is_zero_but_for_its_id) {
    struct member_table table;
    struct node_id id = id_of(1);
    struct member expected = { .id = id };

    make(&table, 2);
    member_add(&table, &id)->birth = 9;
    member_remove(&table, member_find(&table, &id));
    struct member *member = member_add(&table, &id);
    ck_assert_mem_eq(member, &expected, sizeof(expected));
    ck_assert_ptr_eq(member_find(&table, &id), member);
    free(table.list);
}
END_TEST

START_TEST(full_table_takes_nobody_and_stays_as_it_is) {
    struct member_table table;
    struct node_id one_more = id_of(3);

    make(&table, 3);
    for (uint32_t i = 0; i < 3; i++) {
        struct node_id id = id_of(i);
        ck_assert_ptr_nonnull(member_add(&table, &id));
    }
    uint32_t version = table.version;
    ck_assert_ptr_null(member_add(&table, &one_more));
    ck_assert_uint_eq(table.count, 3);
    ck_assert_uint_eq(table.version, version);
    expect_sound(&table);
    free(table.list);
}
END_TEST

START_TEST(EXCH_4_last_member_takes_the_place_of_a_leaver) {
    struct member_table table;
    struct node_id first = id_of(0), last = id_of(3);

    make(&table, 4);
    for (uint32_t i = 0; i < 4; i++) {
        struct node_id id = id_of(i);
        member_add(&table, &id);
    }
    member_remove(&table, member_find(&table, &first));
    ck_assert_ptr_eq(member_find(&table, &last), &table.list[0]);
    ck_assert_uint_eq(table.count, 3);
    expect_sound(&table);
    free(table.list);
}
END_TEST

START_TEST(version_rises_when_members_come_and_go) {
    struct member_table table;
    struct node_id id = id_of(1);

    make(&table, 2);
    uint32_t empty = table.version;
    member_add(&table, &id);
    uint32_t added = table.version;
    member_remove(&table, member_find(&table, &id));
    uint32_t removed = table.version;
    member_table_clear(&table);
    ck_assert_uint_lt(empty, added);
    ck_assert_uint_lt(added, removed);
    ck_assert_uint_lt(removed, table.version);
    free(table.list);
}
END_TEST

START_TEST(cleared_table_knows_nobody) {
    struct member_table table;

    make(&table, 8);
    for (uint32_t i = 0; i < 8; i++) {
        struct node_id id = id_of(i);
        member_add(&table, &id);
    }
    member_table_clear(&table);
    for (uint32_t i = 0; i < 8; i++) {
        struct node_id id = id_of(i);
        ck_assert_ptr_null(member_find(&table, &id));
    }
    ck_assert_uint_eq(table.count, 0);
    expect_sound(&table);
    free(table.list);
}
END_TEST

/* ---- the same against a list that is searched from the start */

enum { MODEL_MAX = 64, UNIVERSE = 100, STEPS = 20000 };

struct model {
    struct node_id ids[MODEL_MAX];
    int64_t births[MODEL_MAX];
    uint32_t count, capacity;
};

static uint32_t model_place(const struct model *model, const struct node_id *id) {
    uint32_t place = 0;

    while (place < model->count && !node_id_equal(&model->ids[place], id))
        place++;
    return place;
}

static void toggle(struct member_table *table, struct model *model, const struct node_id *id, int64_t birth) {
    uint32_t place = model_place(model, id);
    struct member *member = member_find(table, id);

    if (place < model->count) {
        ck_assert_ptr_nonnull(member);
        member_remove(table, member);
        model->count--;
        model->ids[place] = model->ids[model->count];
        model->births[place] = model->births[model->count];
        return;
    }
    ck_assert_ptr_null(member);
    member = member_add(table, id);
    ck_assert((member != NULL) == (model->count < model->capacity));
    if (member == NULL)
        return;
    member->birth = birth;
    model->ids[model->count] = *id;
    model->births[model->count++] = birth;
}

static void expect_equal(const struct member_table *table, const struct model *model) {
    ck_assert_uint_eq(table->count, model->count);
    for (uint32_t i = 0; i < model->count; i++) {
        ck_assert(node_id_equal(&table->list[i].id, &model->ids[i]));
        ck_assert_int_eq(table->list[i].birth, model->births[i]);
        ck_assert_ptr_eq(member_find(table, &model->ids[i]), &table->list[i]);
    }
    expect_sound(table);
}

static const uint32_t capacities[] = { 1, 2, 3, 8, 33, MODEL_MAX };

/* Half of the ids are random, half collide in any hash of their ends. */
START_TEST(table_behaves_like_a_plain_list) {
    struct rng rng = rng_of((uint8_t)_i);
    struct model model = { .capacity = capacities[_i] };
    struct node_id universe[UNIVERSE];
    struct member_table table;

    for (uint32_t i = 0; i < UNIVERSE; i++)
        universe[i] = i % 2 == 0 ? id_of(i) : random_id(&rng);
    make(&table, model.capacity);
    for (unsigned step = 0; step < STEPS / model.capacity; step++) {
        toggle(&table, &model, &universe[rng_between(&rng, 0, UNIVERSE - 1)], (int64_t)step);
        expect_equal(&table, &model);
    }
    free(table.list);
}
END_TEST

/* ---- the most senior members */

static int by_seniority(const void *a, const void *b) {
    const struct wire_successor *one = a, *other = b;
    struct rank_key key = { one->priority, TIMELINE, one->birth, one->id };
    struct rank_key other_key = { other->priority, TIMELINE, other->birth, other->id };

    return rank_compare(&key, &other_key, TIMELINE);
}

/* All eligible members, sorted. */
static uint32_t sort(const struct member_table *table, struct wire_successor *list) {
    uint32_t count = 0;

    for (uint32_t i = 0; i < table->count; i++) {
        const struct member *member = &table->list[i];
        if (member->facts.eligible)
            list[count++] =
                (struct wire_successor){ member->id, member->birth, member->facts.priority, true, member->address };
    }
    qsort(list, count, sizeof(list[0]), by_seniority);
    return count;
}

static const struct member *add_at_random(struct member_table *table, struct rng *rng) {
    struct node_id id = random_id(rng);
    struct member *member = member_add(table, &id);

    member->birth = rng_between(rng, -3, 3);
    member->facts.priority = (uint16_t)rng_between(rng, 1, 2);
    member->facts.eligible = rng_chance(rng, 3, 4);
    member->address = (struct address){ .family = 4, .bytes = { (uint8_t)table->count }, .port = 1 };
    return member;
}

START_TEST(seniors_are_the_first_of_all_sorted) {
    struct rng rng = rng_of((uint8_t)_i);
    struct wire_successors seniors, kept = { .count = 0 };
    struct wire_successor sorted[MODEL_MAX];
    struct member_table table;

    make(&table, MODEL_MAX);
    for (uint32_t members = 0; members < MODEL_MAX; members++) {
        uint32_t all = sort(&table, sorted);
        member_seniors(&table, TIMELINE, &seniors);
        ck_assert_uint_eq(seniors.count, min_i64(all, SUCCESSORS_MAX));
        ck_assert_uint_eq(kept.count, seniors.count);
        for (unsigned i = 0; i < seniors.count; i++) {
            ck_assert(node_id_equal(&seniors.list[i].id, &sorted[i].id));
            ck_assert(address_equal(&seniors.list[i].address, &sorted[i].address));
            ck_assert(seniors.list[i].eligible);
            ck_assert(node_id_equal(&kept.list[i].id, &sorted[i].id));
        }
        member_seniors_add(&kept, add_at_random(&table, &rng), TIMELINE);
    }
    free(table.list);
}
END_TEST

/* ---- nodes heard lately */

static struct contact contact_of(uint32_t number, uint64_t boot_nonce) {
    return (struct contact){ .id = id_of(number), .boot_nonce = boot_nonce };
}

START_TEST(heard_node_is_found_and_brought_up_to_date) {
    struct heard_list heard = { .count = 0 };
    struct contact first = contact_of(1, 11), again = contact_of(1, 12);

    ck_assert_ptr_null(heard_find(&heard, &first.id));
    heard_note(&heard, &first, 100)->priority = 5;
    heard_note(&heard, &again, 200);
    const struct heard *found = heard_find(&heard, &first.id);
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_int_eq(found->at, 200);
    ck_assert_uint_eq(found->contact.boot_nonce, 12);
    ck_assert_uint_eq(found->priority, 5);
}
END_TEST

START_TEST(MEMB_5_node_heard_longest_ago_gives_way) {
    struct heard_list heard = { .count = 0 };
    struct contact newcomer = contact_of(HEARD_MAX, 99), first = contact_of(0, 1), second = contact_of(1, 2);

    for (uint32_t i = 0; i < HEARD_MAX; i++) {
        struct contact contact = contact_of(i, 1 + i);
        heard_note(&heard, &contact, 100 + i)->priority = 5;
    }
    heard_note(&heard, &first, 1000);
    struct heard *entry = heard_note(&heard, &newcomer, 1001);
    ck_assert_uint_eq(heard.count, HEARD_MAX);
    ck_assert_ptr_nonnull(heard_find(&heard, &first.id));
    ck_assert_ptr_null(heard_find(&heard, &second.id));
    ck_assert_ptr_eq(heard_find(&heard, &newcomer.id), entry);
    ck_assert_uint_eq(entry->priority, 0);
}
END_TEST

START_TEST(MEMB_7_former_id_of_a_start_is_forgotten) {
    struct heard_list heard = { .count = 0 };
    struct contact former = contact_of(1, 11), other = contact_of(2, 12), renamed = contact_of(3, 11);

    heard_note(&heard, &former, 100)->priority = 5;
    heard_note(&heard, &other, 101);
    struct heard *entry = heard_note(&heard, &renamed, 200);
    ck_assert_uint_eq(heard.count, 2);
    ck_assert_ptr_null(heard_find(&heard, &former.id));
    ck_assert_ptr_nonnull(heard_find(&heard, &other.id));
    ck_assert_ptr_eq(heard_find(&heard, &renamed.id), entry);
    ck_assert_uint_eq(entry->priority, 0);
}
END_TEST

START_TEST(nodes_whose_start_is_unknown_are_several) {
    struct heard_list heard = { .count = 0 };
    struct contact one = contact_of(1, 0), another = contact_of(2, 0);

    heard_note(&heard, &one, 100);
    heard_note(&heard, &another, 101);
    ck_assert_uint_eq(heard.count, 2);
}
END_TEST

static Suite *member_suite(void) {
    Suite *suite = suite_create("member");
    TCase *table = tcase_create("table"), *heard = tcase_create("heard");

    tcase_add_test(table, table_begins_empty);
    tcase_add_test(table, table_of_one_works);
    tcase_add_test(table, added_member_is_zero_but_for_its_id);
    tcase_add_test(table, full_table_takes_nobody_and_stays_as_it_is);
    tcase_add_test(table, EXCH_4_last_member_takes_the_place_of_a_leaver);
    tcase_add_test(table, version_rises_when_members_come_and_go);
    tcase_add_test(table, cleared_table_knows_nobody);
    tcase_add_loop_test(table, table_behaves_like_a_plain_list, 0, ARRAY_SIZE(capacities));
    tcase_add_loop_test(table, seniors_are_the_first_of_all_sorted, 0, 4);
    tcase_add_test(heard, heard_node_is_found_and_brought_up_to_date);
    tcase_add_test(heard, MEMB_5_node_heard_longest_ago_gives_way);
    tcase_add_test(heard, MEMB_7_former_id_of_a_start_is_forgotten);
    tcase_add_test(heard, nodes_whose_start_is_unknown_are_several);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, heard);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(member_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
