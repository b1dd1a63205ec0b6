/* SPDX-License-Identifier: ISC
 *
 * test_ran.c - what a holder of work tells of its programs: taken if it is well-formed, shown as it was told.
 */
#include "daemon/ran.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LONG_NAME "0123456789012345678901234567890123456789012345678901234567890123x" /* HOOK_NAME_MAX + 1 */
#define NOW (1000 * USEC_PER_SEC)

static struct ran ran;

static bool takes(const char *text) {
    json_t *line = json_loads(text, JSON_DECODE_ANY, NULL);
    bool taken = ran_read(line, NOW, &ran);

    ck_assert_msg(line, "%s", text);
    json_decref(line);
    return taken;
}

START_TEST(what_is_well_formed_is_taken) {
    ck_assert(takes("{\"ran\":{\"hook\":\"10-address\",\"event\":\"gained\",\"status\":0,\"duration_ms\":12}}"));
    ck_assert_str_eq(ran.hook, "10-address");
    ck_assert_str_eq(ran.event, "gained");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_int_eq(ran.duration_ms, 12);
    ck_assert_int_eq(ran.at, NOW);
    ck_assert(!ran.timed_out);
    ck_assert(takes("{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":255,\"duration_ms\":0,\"timed_out\":true,"
                    "\"more\":[]}}"));
    ck_assert(ran.timed_out);
    ck_assert_int_eq(ran.status, 255);
}
END_TEST

START_TEST(anything_else_is_not) {
    static const char *const bad[] = {
        "{\"stopped\":1}",
        "[]",
        "{\"ran\":null}",
        "{\"ran\":[]}",
        "{\"ran\":{\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"\",\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x y\",\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"\\u001b[31m\",\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":7,\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"status\":0,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":256,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":-1,\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":\"0\",\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"duration_ms\":1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":0,\"duration_ms\":-1}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":0,\"duration_ms\":9223372036854775807}}",
        "{\"ran\":{\"hook\":\"x\",\"event\":\"y\",\"status\":0}}",
        "{\"ran\":{\"hook\":\"" LONG_NAME "\",\"event\":\"y\",\"status\":0,\"duration_ms\":1}}",
    };

    ran.status = 77;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        ck_assert_msg(!takes(bad[i]), "taken: %s", bad[i]);
    ck_assert_int_eq(ran.status, 77);
    ck_assert(!ran_read(NULL, NOW, &ran));
}
END_TEST

static json_t *document_of(const struct ran_record *record) {
    json_t *document = ran_document(record, NOW + 1500 * USEC_PER_MS);

    ck_assert_ptr_nonnull(document);
    return document;
}

static const char *hook_of(const json_t *document, const char *which) {
    const char *name = json_string_value(json_object_get(json_object_get(document, which), "hook"));

    return name ? name : "none";
}

static void tell(struct ran_record *record, const char *hook, int status, bool timed_out) {
    struct ran one = { .event = "gained", .status = status, .timed_out = timed_out, .duration_ms = 5, .at = NOW };

    strcpy(one.hook, hook);
    ran_note(record, &one);
}

START_TEST(the_last_one_and_the_last_failure_are_shown) {
    struct ran_record record = { 0 };
    json_t *document = document_of(&record);

    ck_assert(json_is_null(document));
    json_decref(document);
    tell(&record, "good", 0, false);
    document = document_of(&record);
    ck_assert_str_eq(hook_of(document, "last"), "good");
    ck_assert(json_is_null(json_object_get(document, "failed")));
    json_decref(document);
    tell(&record, "bad", 1, false);
    tell(&record, "slow", 0, true);
    tell(&record, "good", 0, false);
    document = document_of(&record);
    ck_assert_str_eq(hook_of(document, "last"), "good");
    ck_assert_str_eq(hook_of(document, "failed"), "slow");
    ck_assert_int_eq(json_integer_value(json_object_get(document, "count")), 4);
    ck_assert_int_eq(json_integer_value(json_object_get(document, "failures")), 2);
    ck_assert(json_real_value(json_object_get(json_object_get(document, "last"), "ago")) == 1.5);
    json_decref(document);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ran");
    TCase *tcase = tcase_create("ran");

    tcase_add_test(tcase, what_is_well_formed_is_taken);
    tcase_add_test(tcase, anything_else_is_not);
    tcase_add_test(tcase, the_last_one_and_the_last_failure_are_shown);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
