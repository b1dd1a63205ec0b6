/* SPDX-License-Identifier: ISC
 *
 * overrides.c - see overrides.h, and records.h for the frame of the file.
 */
#include "platform/overrides.h"

#include "base/tags.h"
#include "base/util.h"
#include "platform/records.h"

#include <assert.h>
#include <errno.h>

enum {
    FORMAT_VERSION = 1,
    RECORD_PAUSE = 1,
    RECORD_TAGS = 2, /* their text */
    PAUSE_SIZE = 32, /* left, boot, now, wall clock: 8 each */
};

/* 2020: a wall clock before that was not set since the host was switched on. */
#define WALL_CREDIBLE_MS 1577836800000

static const char magic[RECORDS_MAGIC_SIZE] = "ELDOVERR";

static void put_pause(struct cursor *cursor, const struct overrides *overrides, const struct overrides_moment *moment) {
    bool ends = overrides->paused_until != USEC_NEVER;

    records_put_head(cursor, RECORD_PAUSE, PAUSE_SIZE);
    records_put_number(cursor, (uint64_t)(ends ? max_i64(overrides->paused_until - moment->now, 0) : USEC_NEVER), 8);
    records_put_number(cursor, moment->boot, 8);
    records_put_number(cursor, (uint64_t)moment->now, 8);
    records_put_number(cursor, (uint64_t)moment->wall_ms, 8);
}

size_t overrides_encode(const struct overrides *overrides, const struct overrides_moment *moment,
                        uint8_t image[OVERRIDES_IMAGE_MAX]) {
    size_t size = RECORDS_HEADER_SIZE + RECORDS_CHECKSUM_SIZE, tags_size = strlen(overrides->tags);
    struct cursor cursor = { image };

    size += overrides->paused ? RECORDS_HEAD_SIZE + PAUSE_SIZE : 0;
    size += tags_size > 0 ? RECORDS_HEAD_SIZE + tags_size : 0;
    assert(size <= OVERRIDES_IMAGE_MAX);
    records_put_header(&cursor, magic, FORMAT_VERSION, size);
    if (overrides->paused)
        put_pause(&cursor, overrides, moment);
    if (tags_size > 0) {
        records_put_head(&cursor, RECORD_TAGS, tags_size);
        records_put_bytes(&cursor, overrides->tags, tags_size);
    }
    records_put_checksum(&cursor, image);
    assert(cursor.at == image + size);
    return size;
}

/* How much of `left` has passed since `then`. */
static usec_t passed_since(const struct overrides_moment *then, const struct overrides_moment *moment, usec_t left) {
    if (then->boot != 0 && then->boot == moment->boot)
        return clamp_i64(moment->now - then->now, 0, left);
    if (then->wall_ms < WALL_CREDIBLE_MS || moment->wall_ms < then->wall_ms)
        return 0;
    return min_i64(min_i64(moment->wall_ms - then->wall_ms, left / USEC_PER_MS + 1) * USEC_PER_MS, left);
}

static bool get_pause(struct const_cursor cursor, const struct overrides_moment *moment, struct overrides *ret) {
    usec_t left = (usec_t)records_get_number(&cursor, 8);
    struct overrides_moment then;

    then.boot = records_get_number(&cursor, 8);
    then.now = (usec_t)records_get_number(&cursor, 8);
    then.wall_ms = (int64_t)records_get_number(&cursor, 8);
    if (left < 0 || (left > PAUSE_MAX && left != USEC_NEVER) || then.now < 0)
        return false;
    if (left != USEC_NEVER)
        left -= passed_since(&then, moment, left);
    ret->paused = left > 0;
    ret->paused_until = left == 0 ? 0 : left == USEC_NEVER ? USEC_NEVER : moment->now + left;
    return true;
}

/* All of it must be tags. */
static bool get_tags(struct const_cursor cursor, size_t length, struct overrides *ret) {
    char text[TAGS_MAX + 1] = "";
    const char *at = text;
    struct tag tag;

    if (length > TAGS_MAX)
        return false;
    memcpy(text, cursor.at, length);
    memset(ret->tags, 0, sizeof ret->tags);
    while (tags_next(&at, &tag))
        if (tags_put(ret->tags, &tag) < 0)
            return false;
    return strlen(text) == length && strcmp(ret->tags, text) == 0;
}

/* Takes the record at `at`; `room` bytes of records remain in the file. Returns its size, or 0 if it is not sound. */
static size_t take_record(const uint8_t *at, size_t room, const struct overrides_moment *moment,
                          struct overrides *overrides) {
    struct const_cursor cursor = { at };
    size_t type, length;
    bool sound = true;

    if (!records_get_head(&cursor, room, &type, &length))
        return 0;
    if (type == RECORD_PAUSE)
        sound = length == PAUSE_SIZE && get_pause(cursor, moment, overrides);
    else if (type == RECORD_TAGS)
        sound = get_tags(cursor, length, overrides);
    return sound ? RECORDS_HEAD_SIZE + length : 0;
}

int overrides_decode(const uint8_t *image, size_t size, const struct overrides_moment *moment, struct overrides *ret) {
    unsigned version = records_version(image, size, magic);
    struct overrides overrides = { 0 };
    size_t at = RECORDS_HEADER_SIZE;

    if (version == 0)
        return -EBADMSG;
    if (version != FORMAT_VERSION)
        return -EPROTONOSUPPORT;
    while (at < size - RECORDS_CHECKSUM_SIZE) {
        size_t taken = take_record(image + at, size - RECORDS_CHECKSUM_SIZE - at, moment, &overrides);

        if (taken == 0)
            return -EBADMSG;
        at += taken;
    }
    *ret = overrides;
    return 0;
}
