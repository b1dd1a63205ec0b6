/* SPDX-License-Identifier: ISC
 *
 * stateimage.c - see stateimage.h.
 */
#include "platform/stateimage.h"

#include "base/util.h"
#include "core/params.h"
#include "platform/records.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { FORMAT_VERSION = 1 };

static const char magic[RECORDS_MAGIC_SIZE] = "ELDSTATE";

/* ---- identities as bytes ---- */

static void put_id(struct cursor *cursor, const struct node_id *id) {
    records_put_bytes(cursor, id->bytes, sizeof id->bytes);
}

static void get_id(struct const_cursor *cursor, struct node_id *id) {
    memcpy(id->bytes, cursor->at, sizeof id->bytes);
    cursor->at += sizeof id->bytes;
}

/* ---- the records that this version knows ---- */

static void put_identity(struct cursor *cursor, const struct state_content *content) {
    put_id(cursor, &content->state.id);
    records_put_number(cursor, content->fingerprint, 8);
    records_put_number(cursor, content->state.incarnation, 4);
}

static void get_identity(struct const_cursor *cursor, struct state_content *content) {
    get_id(cursor, &content->state.id);
    content->fingerprint = records_get_number(cursor, 8);
    content->state.incarnation = (uint32_t)records_get_number(cursor, 4);
}

static void put_epochs(struct cursor *cursor, const struct state_content *content) {
    records_put_number(cursor, content->state.epoch_block, 8);
}

static void get_epochs(struct const_cursor *cursor, struct state_content *content) {
    content->state.epoch_block = records_get_number(cursor, 8);
}

static void put_own(struct cursor *cursor, const struct state_content *content) {
    records_put_number(cursor, content->state.own.epoch, 8);
    put_id(cursor, &content->state.own.leader);
}

static void get_own(struct const_cursor *cursor, struct state_content *content) {
    content->state.own.epoch = records_get_number(cursor, 8);
    get_id(cursor, &content->state.own.leader);
}

static void put_vote(struct cursor *cursor, const struct state_content *content) {
    records_put_number(cursor, content->state.vote_epoch, 8);
    put_id(cursor, &content->state.voted);
}

static void get_vote(struct const_cursor *cursor, struct state_content *content) {
    content->state.vote_epoch = records_get_number(cursor, 8);
    get_id(cursor, &content->state.voted);
    content->state.granted_epoch = content->state.vote_epoch; /* unless its own record comes, which tells them apart */
}

static void put_granted(struct cursor *cursor, const struct state_content *content) {
    records_put_number(cursor, content->state.granted_epoch, 8);
}

static void get_granted(struct const_cursor *cursor, struct state_content *content) {
    content->state.granted_epoch = records_get_number(cursor, 8);
}

static void put_promise(struct cursor *cursor, const struct state_content *content) {
    records_put_number(cursor, (uint64_t)content->state.promise_max, 8);
}

static void get_promise(struct const_cursor *cursor, struct state_content *content) {
    content->state.promise_max = (usec_t)records_get_number(cursor, 8);
}

static void put_seats(struct cursor *cursor, const struct wire_roster *roster) {
    records_put_number(cursor, roster->epoch, 8);
    records_put_number(cursor, roster->change, 4);
    records_put_number(cursor, roster->expect, 1);
    records_put_number(cursor, roster->count, 1);
    for (size_t i = 0; i < ROSTER_MAX; i++)
        put_id(cursor, &roster->ids[i]);
}

static void get_seats(struct const_cursor *cursor, struct wire_roster *roster) {
    roster->epoch = records_get_number(cursor, 8);
    roster->change = (uint32_t)records_get_number(cursor, 4);
    roster->expect = (uint8_t)records_get_number(cursor, 1);
    roster->count = (uint8_t)records_get_number(cursor, 1);
    for (size_t i = 0; i < ROSTER_MAX; i++)
        get_id(cursor, &roster->ids[i]);
}

static void put_roster(struct cursor *cursor, const struct state_content *content) {
    put_seats(cursor, &content->state.roster);
}

static void get_roster(struct const_cursor *cursor, struct state_content *content) {
    get_seats(cursor, &content->state.roster);
}

static void put_pin(struct cursor *cursor, const struct state_content *content) {
    put_seats(cursor, &content->state.pin);
}

static void get_pin(struct const_cursor *cursor, struct state_content *content) {
    get_seats(cursor, &content->state.pin);
}

/* Type 0 does not exist; the type of a record is its place here plus one. All of them are in every file that this
 * version writes, in this order; what came with quorum = majority is not in older ones. */
enum { SEATS_SIZE = 14 + ROSTER_MAX * 16 };

static const struct record {
    uint16_t size;
    bool later;
    void (*put)(struct cursor *cursor, const struct state_content *content);
    void (*get)(struct const_cursor *cursor, struct state_content *content);
} records[] = {
    { 28, false, put_identity, get_identity },
    { 8, false, put_epochs, get_epochs },
    { 24, false, put_own, get_own },
    { 24, false, put_vote, get_vote },
    { 8, true, put_promise, get_promise },
    { SEATS_SIZE, true, put_roster, get_roster },
    { SEATS_SIZE, true, put_pin, get_pin },
    { 8, true, put_granted, get_granted },
};

/* ---- the image ---- */

size_t stateimage_encode(const struct state_content *content, uint8_t image[STATEIMAGE_MAX]) {
    size_t size = RECORDS_HEADER_SIZE + content->foreign_size + RECORDS_CHECKSUM_SIZE;
    struct cursor cursor = { image };

    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        size += RECORDS_HEAD_SIZE + records[i].size;
    assert(size <= STATEIMAGE_MAX);

    records_put_header(&cursor, magic, FORMAT_VERSION, size);
    for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
        records_put_head(&cursor, (unsigned)i + 1, records[i].size);
        records[i].put(&cursor, content);
    }
    records_put_bytes(&cursor, content->foreign, content->foreign_size);
    records_put_checksum(&cursor, image);
    assert(cursor.at == image + size);
    return size;
}

static bool keep_foreign(struct state_content *content, const uint8_t *record, size_t size) {
    if (size > STATE_FOREIGN_MAX - (size_t)content->foreign_size)
        return false;
    memcpy(content->foreign + content->foreign_size, record, size);
    content->foreign_size = (uint16_t)(content->foreign_size + size);
    return true;
}

/* Takes the record at `at`; `left` bytes of records remain in the file. Returns its size, or 0 if it is not
 * sound. */
static size_t take_record(struct state_content *content, const uint8_t *at, size_t left, unsigned *seen) {
    struct const_cursor cursor = { at };
    size_t type, length, size;

    if (!records_get_head(&cursor, left, &type, &length) || type == 0)
        return 0;
    size = RECORDS_HEAD_SIZE + length;
    if (type > ARRAY_SIZE(records))
        return keep_foreign(content, at, size) ? size : 0;
    if (length != records[type - 1].size || (*seen & 1u << type))
        return 0;
    *seen |= 1u << type;
    records[type - 1].get(&cursor, content);
    return size;
}

/* Seats are nodes in order, each once; those that are not taken are none. */
static bool are_seats(const struct wire_roster *roster) {
    const struct node_id *before = NULL;

    if (roster->count > roster->expect || roster->expect > ROSTER_MAX || roster->epoch > WIRE_EPOCH_MAX)
        return false;
    for (size_t i = 0; i < ROSTER_MAX; i++) {
        const struct node_id *id = &roster->ids[i];

        if (node_id_is_none(id) != (i >= roster->count))
            return false;
        if (before && i < roster->count && node_id_compare(before, id) >= 0)
            return false;
        before = id;
    }
    return true;
}

/* The checksum says that we wrote it; this, that it makes sense. */
static bool is_plausible(const struct persistent *state) {
    return !node_id_is_none(&state->id) && state->epoch_block <= WIRE_EPOCH_MAX &&
           state->own.epoch <= WIRE_EPOCH_MAX && state->vote_epoch <= WIRE_EPOCH_MAX &&
           state->granted_epoch <= state->vote_epoch &&
           state->promise_max >= 0 && state->promise_max <= PROMISE_MAX_MS * USEC_PER_MS &&
           are_seats(&state->roster) && are_seats(&state->pin);
}

/* The records of a sound frame. */
static bool take_records(const uint8_t *image, size_t size, struct state_content *ret) {
    unsigned seen = 0, needed = 0;
    size_t at = RECORDS_HEADER_SIZE;

    while (at < size - RECORDS_CHECKSUM_SIZE) {
        size_t taken = take_record(ret, image + at, size - RECORDS_CHECKSUM_SIZE - at, &seen);

        if (taken == 0)
            return false;
        at += taken;
    }
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        needed |= records[i].later ? 0 : 1u << (i + 1);
    return (seen & needed) == needed && is_plausible(&ret->state);
}

int stateimage_decode(const uint8_t *image, size_t size, struct state_content *ret) {
    struct state_content content = { 0 };
    unsigned version = records_version(image, size, magic);

    if (version != 0 && version != FORMAT_VERSION)
        return -EPROTONOSUPPORT;
    if (version == 0 || !take_records(image, size, &content))
        return -EBADMSG;
    *ret = content;
    return 0;
}
