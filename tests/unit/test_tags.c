/* SPDX-License-Identifier: ISC
 *
 * test_tags.c - what is a tag and what is none; texts of tags that are put together, and those of strangers.
 */
#include "base/tags.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_KEY "k1234567890123456789012345678901"

static bool is_tag(const char *word) {
    struct tag tag;

    return tags_parse(word, strlen(word), false, &tag) == NULL;
}

START_TEST(what_is_a_tag) {
    static const char *const fine[] = {
        "role=db", "0=1", "A.b-c_d=x", LONGEST_KEY "=v", "url=http://h:80/p-q@r+s-t_u.v", "a=-", "a=/",
    };
    static const char *const wrong[] = {
        "", "=", "=db", "role", "role=", "_a=b", ".a=b", "-a=b", LONGEST_KEY "2=v", "a=b=c", "a=b c", "a b=c",
        "a=$b", "a=`b`", "a=\"b\"", "a='b'", "a=b;c", "a=b&c", "a=b,", "a=*", "a=b\\c", "a=%n", "a=#b", "a=\xc3\xa9",
        "a=\n", "a=~", "a=(b)", "a=b!",
    };

    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
        ck_assert_msg(is_tag(fine[i]), "\"%s\" is refused", fine[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!is_tag(wrong[i]), "\"%s\" is accepted", wrong[i]);
}
END_TEST

START_TEST(a_tag_may_be_a_part_of_a_text) {
    struct tag tag;

    ck_assert_ptr_null(tags_parse("zone=abc", 6, false, &tag));
    ck_assert_uint_eq(tag.key_length, 4);
    ck_assert_uint_eq(tag.value_length, 1);
    ck_assert_mem_eq(tag.value, "a", 1);
    ck_assert_ptr_nonnull(tags_parse("zone=abc", 5, false, &tag));
    ck_assert_ptr_null(tags_parse("zone=abc", 5, true, &tag));
    ck_assert_uint_eq(tag.value_length, 0);
    ck_assert_ptr_nonnull(tags_parse("zone=abc", 4, true, &tag));
}
END_TEST

static int put(char tags[TAGS_MAX + 1], const char *word) {
    struct tag tag;

    ck_assert_ptr_null(tags_parse(word, strlen(word), false, &tag));
    return tags_put(tags, &tag);
}

static void take(char tags[TAGS_MAX + 1], const char *word) {
    struct tag tag;

    ck_assert_ptr_null(tags_parse(word, strlen(word), true, &tag));
    tags_take(tags, &tag);
}

START_TEST(tags_are_in_the_order_of_their_keys_and_there_once) {
    char tags[TAGS_MAX + 1] = "";

    ck_assert_int_eq(put(tags, "m=1"), 0);
    ck_assert_int_eq(put(tags, "z=2"), 0);
    ck_assert_int_eq(put(tags, "a=3"), 0);
    ck_assert_str_eq(tags, "a=3 m=1 z=2");
    ck_assert_int_eq(put(tags, "m=longer"), 0);
    ck_assert_int_eq(put(tags, "mm=4"), 0);
    ck_assert_int_eq(put(tags, "M=5"), 0);
    ck_assert_str_eq(tags, "M=5 a=3 m=longer mm=4 z=2");
    take(tags, "m=");
    take(tags, "unknown=");
    ck_assert_str_eq(tags, "M=5 a=3 mm=4 z=2");
    ck_assert_int_eq(put(tags, "z=1"), 0);
    take(tags, "M=");
    take(tags, "a=");
    ck_assert_str_eq(tags, "mm=4 z=1");
    take(tags, "mm=");
    take(tags, "z=");
    for (size_t i = 0; i < sizeof tags; i++)
        ck_assert_int_eq(tags[i], '\0');
}
END_TEST

START_TEST(sixteen_are_enough) {
    char tags[TAGS_MAX + 1] = "", before[TAGS_MAX + 1], word[16];

    for (unsigned i = 0; i < TAGS_COUNT_MAX; i++) {
        snprintf(word, sizeof word, "k%02u=v", i);
        ck_assert_int_eq(put(tags, word), 0);
    }
    memcpy(before, tags, sizeof tags);
    ck_assert_int_eq(put(tags, "a=first"), -E2BIG);
    ck_assert_int_eq(put(tags, "z=last"), -E2BIG);
    ck_assert_mem_eq(tags, before, sizeof tags);
    ck_assert_int_eq(put(tags, "k07=other"), 0);
    take(tags, "k00=");
    ck_assert_int_eq(put(tags, "z=last"), 0);
}
END_TEST

/* "k=" and as many bytes as it takes. */
static int put_long(char tags[TAGS_MAX + 1], const char *key, size_t length) {
    char word[2 * TAGS_MAX];

    ck_assert_uint_lt(length, sizeof word);
    memset(word, 'v', length);
    word[length] = '\0';
    memcpy(word, key, strlen(key));
    return put(tags, word);
}

START_TEST(so_are_256_bytes) {
    char tags[TAGS_MAX + 1] = "";

    ck_assert_int_eq(put_long(tags, "k=", TAGS_MAX + 1), -E2BIG);
    ck_assert_str_eq(tags, "");
    ck_assert_int_eq(put_long(tags, "k=", TAGS_MAX), 0);
    ck_assert_uint_eq(strlen(tags), TAGS_MAX);
    ck_assert_int_eq(put(tags, "a=1"), -E2BIG);
    ck_assert_int_eq(put_long(tags, "k=", TAGS_MAX - 4), 0);
    ck_assert_int_eq(put(tags, "a=1"), 0);
    ck_assert_uint_eq(strlen(tags), TAGS_MAX);
    ck_assert_int_eq(put(tags, "a=12"), -E2BIG);
}
END_TEST

START_TEST(what_strangers_say_is_taken_apart) {
    static const char text[] = "  a=1 nothing b= =c d=2\tx \xff=3 e=4=5  f=6 ";
    const char *at = text;
    struct tag tag;
    char found[64] = "";

    while (tags_next(&at, &tag))
        snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s:%.*s,", (int)tag.key_length, tag.key,
                 (int)tag.value_length, tag.value);
    ck_assert_str_eq(found, "a:1,f:6,");
    ck_assert_int_eq(*at, '\0');
    ck_assert(!tags_next(&at, &tag));
}
END_TEST

START_TEST(a_tag_is_found_by_its_key) {
    struct tag key = { .key = "zone", .key_length = 4 }, tag;

    ck_assert(!tags_find("", &key, &tag));
    ck_assert(!tags_find("zon=a zones=b", &key, &tag));
    ck_assert(tags_find("zon=a zone=b zones=c", &key, &tag));
    ck_assert_mem_eq(tag.value, "b ", 2);
    ck_assert_uint_eq(tag.value_length, 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tags");
    TCase *words = tcase_create("words"), *texts = tcase_create("texts");

    tcase_add_test(words, what_is_a_tag);
    tcase_add_test(words, a_tag_may_be_a_part_of_a_text);
    suite_add_tcase(suite, words);
    tcase_add_test(texts, tags_are_in_the_order_of_their_keys_and_there_once);
    tcase_add_test(texts, sixteen_are_enough);
    tcase_add_test(texts, so_are_256_bytes);
    tcase_add_test(texts, what_strangers_say_is_taken_apart);
    tcase_add_test(texts, a_tag_is_found_by_its_key);
    suite_add_tcase(suite, texts);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
