/* SPDX-License-Identifier: ISC
 *
 * test_overrides.c - a pause that is written down and read again: how long it still lasts, whatever the clocks show by
 * then, and what becomes of a file that is damaged or another version's.
 */
#include "platform/overrides.h"

#include "platform/identity.h"
#include "platform/records.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MINUTE (60 * USEC_PER_SEC)
#define MINUTE_MS 60000

enum { BOOT = 7, OTHER_BOOT = 8 };

/* 23 November 2026; and a host that has not been told the time since it was switched on. */
#define WALL 1795437296789
#define WALL_1970 10000

static uint8_t image[RECORDS_FILE_MAX];
static size_t size;

/* A host that has been up for 100 minutes. */
static const struct overrides_moment present = { .now = 100 * MINUTE, .boot = BOOT, .wall_ms = WALL };

static void write_at(const struct overrides_moment *moment, usec_t left) {
    struct overrides overrides = { .paused = left > 0, .paused_until = left };

    if (left > 0 && left != USEC_NEVER)
        overrides.paused_until += moment->now;
    size = overrides_encode(&overrides, moment, image);
}

/* What is left of the pause at that moment; USEC_NEVER: it has no end; 0: there is none. */
static usec_t left_at(const struct overrides_moment *moment) {
    struct overrides overrides = { .paused_until = 12345 };

    ck_assert_int_eq(overrides_decode(image, size, moment, &overrides), 0);
    if (!overrides.paused) {
        ck_assert_int_eq(overrides.paused_until, 0);
        return 0;
    }
    return overrides.paused_until == USEC_NEVER ? USEC_NEVER : overrides.paused_until - moment->now;
}

START_TEST(nothing_said_is_nothing_read) {
    write_at(&present, 0);
    ck_assert_int_eq(left_at(&present), 0);
}
END_TEST

START_TEST(without_an_end_it_has_none_after_a_boot_either) {
    const struct overrides_moment years_later = { .now = MINUTE, .boot = OTHER_BOOT, .wall_ms = 2 * WALL };

    write_at(&present, USEC_NEVER);
    ck_assert_int_eq(left_at(&present), USEC_NEVER);
    ck_assert_int_eq(left_at(&years_later), USEC_NEVER);
}
END_TEST

/* The same start of the host: the wall clock may show what it likes. */
START_TEST(while_the_host_is_up_only_its_own_time_counts) {
    static const int64_t walls[] = { WALL, WALL - 1000 * MINUTE_MS, WALL + 1000 * MINUTE_MS, WALL_1970, 0, -1 };

    for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++) {
        struct overrides_moment later = { .now = present.now + 10 * MINUTE, .boot = BOOT, .wall_ms = walls[i] };

        write_at(&present, 30 * MINUTE);
        ck_assert_int_eq(left_at(&present), 30 * MINUTE);
        ck_assert_int_eq(left_at(&later), 20 * MINUTE);
        later.now = present.now + 30 * MINUTE - 1;
        ck_assert_int_eq(left_at(&later), 1);
        later.now++;
        ck_assert_int_eq(left_at(&later), 0);
        later.now = present.now + 3000 * MINUTE;
        ck_assert_int_eq(left_at(&later), 0);
    }
}
END_TEST

/* Another start: the wall clock says how long the host was down, and is believed within what was left. */
START_TEST(after_a_boot_the_wall_clock_counts_within_limits) {
    static const struct {
        int64_t then, now;
        usec_t left;
    } cases[] = {
        { WALL, WALL, 30 * MINUTE },
        { WALL, WALL + 10 * MINUTE_MS, 20 * MINUTE },
        { WALL, WALL + 30 * MINUTE_MS - 1, USEC_PER_MS },
        { WALL, WALL + 30 * MINUTE_MS, 0 },
        { WALL, INT64_MAX, 0 },
        { WALL, WALL - 1, 30 * MINUTE }, /* set back: no longer than was left */
        { WALL, WALL - 1000 * MINUTE_MS, 30 * MINUTE },
        { WALL, WALL_1970, 30 * MINUTE }, /* no battery */
        { WALL_1970, WALL, 30 * MINUTE }, /* told the time only now: not down for 56 years */
        { WALL_1970, WALL_1970 + 10 * MINUTE_MS, 30 * MINUTE },
        { INT64_MIN, INT64_MAX, 30 * MINUTE },
        { INT64_MAX, INT64_MIN, 30 * MINUTE },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct overrides_moment then = { .now = 100 * MINUTE, .boot = BOOT, .wall_ms = cases[i].then };
        struct overrides_moment now = { .now = MINUTE, .boot = OTHER_BOOT, .wall_ms = cases[i].now };

        write_at(&then, 30 * MINUTE);
        ck_assert_int_eq(left_at(&now), cases[i].left);
        then.boot = now.boot = 0; /* unknown: they may be two */
        write_at(&then, 30 * MINUTE);
        ck_assert_int_eq(left_at(&now), cases[i].left);
    }
}
END_TEST

/* A clock that goes back is none that we know of, but it must not make the pause longer. */
START_TEST(it_is_never_longer_than_what_was_left) {
    const struct overrides_moment earlier = { .now = 0, .boot = BOOT, .wall_ms = 0 };

    write_at(&present, 30 * MINUTE);
    ck_assert_int_eq(left_at(&earlier), 30 * MINUTE);
    write_at(&present, PAUSE_MAX);
    ck_assert_int_eq(left_at(&earlier), PAUSE_MAX);
}
END_TEST

/* ---- tags ---- */

static const char *tags_read(const char *tags) {
    static struct overrides overrides;
    struct overrides written = { .paused = true, .paused_until = USEC_NEVER };

    snprintf(written.tags, sizeof written.tags, "%s", tags);
    size = overrides_encode(&written, &present, image);
    ck_assert_uint_le(size, OVERRIDES_IMAGE_MAX);
    ck_assert_int_eq(overrides_decode(image, size, &present, &overrides), 0);
    ck_assert(overrides.paused);
    return overrides.tags;
}

START_TEST(tags_are_kept) {
    char longest[TAGS_MAX + 1] = "k=";

    memset(longest + 2, 'v', TAGS_MAX - 2);
    ck_assert_str_eq(tags_read(""), "");
    ck_assert_str_eq(tags_read("zone=b"), "zone=b");
    ck_assert_str_eq(tags_read("rack=7/3 zone=b"), "rack=7/3 zone=b");
    ck_assert_str_eq(tags_read(longest), longest);
}
END_TEST

/* ---- the file ---- */

static int result_of(size_t bytes) {
    struct overrides untouched = { .paused = true, .paused_until = 12345 };
    int result = overrides_decode(image, bytes, &present, &untouched);

    if (result < 0)
        ck_assert(untouched.paused && untouched.paused_until == 12345);
    return result;
}

START_TEST(any_damage_is_noticed) {
    write_at(&present, 30 * MINUTE);
    for (size_t length = 0; length < size; length++)
        ck_assert_int_eq(result_of(length), -EBADMSG);
    ck_assert_int_eq(result_of(size + 1), -EBADMSG);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        image[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(result_of(size), -EBADMSG);
        image[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_int_eq(result_of(size), 0);
}
END_TEST

/* A sound frame of that version around these bytes. */
static void frame(unsigned version, const uint8_t *bytes, size_t length) {
    struct cursor cursor = { image };

    records_put_header(&cursor, "ELDOVERR", version, RECORDS_HEADER_SIZE + length + RECORDS_CHECKSUM_SIZE);
    records_put_bytes(&cursor, bytes, length);
    records_put_checksum(&cursor, image);
    size = (size_t)(cursor.at - image);
}

START_TEST(another_version_is_told_from_damage) {
    static const uint8_t anything[] = { 1, 2, 3 };

    frame(2, anything, sizeof anything);
    ck_assert_int_eq(result_of(size), -EPROTONOSUPPORT);
    frame(1, anything, sizeof anything);
    ck_assert_int_eq(result_of(size), -EBADMSG);
}
END_TEST

START_TEST(unknown_records_are_skipped) {
    static const uint8_t unknown[] = { 0x12, 0x34, 0, 3, 'n', 'e', 'w', 0x12, 0x35, 0, 0 };

    frame(1, unknown, sizeof unknown);
    ck_assert_int_eq(left_at(&present), 0);
}
END_TEST

/* Records of a pause that has 8 bytes each of: what is left, the start of the host, its time, the wall clock. */
START_TEST(a_sound_frame_around_nonsense_is_damage) {
    static const struct {
        uint16_t length;
        uint8_t left, now; /* the first byte of both */
        int result;
    } cases[] = {
        { 32, 0, 0, 0 }, { 32, 0xff, 0, -EBADMSG }, { 32, 0x70, 0, -EBADMSG }, { 32, 0, 0x80, -EBADMSG },
        { 31, 0, 0, -EBADMSG }, { 33, 0, 0, -EBADMSG }, { 0, 0, 0, -EBADMSG },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t record[4 + 33] = { 0, 1, 0, (uint8_t)cases[i].length };

        record[4] = cases[i].left;
        record[4 + 16] = cases[i].now;
        frame(1, record, 4U + cases[i].length);
        ck_assert_msg(result_of(size) == cases[i].result, "case %zu: %d", i, result_of(size));
    }
    frame(1, (const uint8_t[]){ 0, 9, 0, 9, 1 }, 5); /* longer than the file */
    ck_assert_int_eq(result_of(size), -EBADMSG);
}
END_TEST

START_TEST(tags_that_are_none_are_damage) {
    static const char *const wrong[] = { "zone", "zone=b ", "zone=b zone=c", "zone=b rack=1", "a=b  c=d", "a=b\nc=d" };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t record[4 + 32] = { 0, 2, 0, (uint8_t)strlen(wrong[i]) };

        memcpy(record + 4, wrong[i], strlen(wrong[i]));
        frame(1, record, 4 + strlen(wrong[i]));
        ck_assert_msg(result_of(size) == -EBADMSG, "\"%s\"", wrong[i]);
    }
    uint8_t longer[4 + TAGS_MAX + 1] = { 0, 2, (TAGS_MAX + 1) >> 8, (TAGS_MAX + 1) & 255, 'k', '=' };

    memset(longer + 6, 'v', TAGS_MAX - 1);
    frame(1, longer, sizeof longer);
    ck_assert_int_eq(result_of(size), -EBADMSG);
}
END_TEST

START_TEST(each_start_of_a_host_is_another) {
    uint64_t boot = identity_boot(IDENTITY_BOOT_ID);

    ck_assert(access(IDENTITY_BOOT_ID, R_OK) < 0 || boot != 0);
    ck_assert(identity_boot(IDENTITY_BOOT_ID) == boot);
    ck_assert(identity_boot("/nowhere/at/all") == 0);
    ck_assert(identity_boot("/dev/null") == 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("overrides");
    TCase *pauses = tcase_create("kept"), *file = tcase_create("file");

    tcase_add_test(pauses, nothing_said_is_nothing_read);
    tcase_add_test(pauses, without_an_end_it_has_none_after_a_boot_either);
    tcase_add_test(pauses, while_the_host_is_up_only_its_own_time_counts);
    tcase_add_test(pauses, after_a_boot_the_wall_clock_counts_within_limits);
    tcase_add_test(pauses, it_is_never_longer_than_what_was_left);
    tcase_add_test(pauses, tags_are_kept);
    suite_add_tcase(suite, pauses);
    tcase_add_test(file, any_damage_is_noticed);
    tcase_add_test(file, another_version_is_told_from_damage);
    tcase_add_test(file, unknown_records_are_skipped);
    tcase_add_test(file, a_sound_frame_around_nonsense_is_damage);
    tcase_add_test(file, tags_that_are_none_are_damage);
    tcase_add_test(file, each_start_of_a_host_is_another);
    suite_add_tcase(suite, file);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
