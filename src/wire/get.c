/* SPDX-License-Identifier: ISC
 *
 * get.c - the bounded reader. take() and get_last() are the only places that move it.
 */
#include "wire/get.h"

#include "base/str.h"
#include "wire/range.h"

#include <string.h>

void get_begin(struct reader *r, const uint8_t *bytes, size_t length) {
    r->at = bytes;
    r->end = bytes + length;
    r->error = WIRE_OK;
}

size_t get_left(const struct reader *r) {
    return (size_t)(r->end - r->at);
}

void get_refuse(struct reader *r, enum wire_error error) {
    if (r->error == WIRE_OK)
        r->error = error;
    r->at = r->end;
}

void get_require(struct reader *r, bool fine) {
    if (!fine)
        get_refuse(r, WIRE_RANGE);
}

/* The next `size` bytes, or NULL if there are not so many. */
static const uint8_t *take(struct reader *r, size_t size) {
    if (r->error != WIRE_OK || get_left(r) < size) {
        get_refuse(r, WIRE_SHORT);
        return NULL;
    }
    r->at += size;
    return r->at - size;
}

/* A reader of its own for bytes that have been checked to be there. */
static struct reader part_of(const uint8_t *bytes, size_t length) {
    struct reader part = { bytes, bytes + length, WIRE_OK };

    return part;
}

struct reader get_part(struct reader *r, size_t length) {
    const uint8_t *bytes = take(r, length);

    return bytes != NULL ? part_of(bytes, length) : part_of(r->end, 0);
}

struct reader get_last(struct reader *r, size_t length) {
    if (r->error != WIRE_OK || get_left(r) < length) {
        get_refuse(r, WIRE_SHORT);
        return part_of(r->end, 0);
    }
    r->end -= length;
    return part_of(r->end, length);
}

/* A big-endian number of `size` bytes; 0 after an error. */
static uint64_t number(struct reader *r, size_t size) {
    const uint8_t *bytes = take(r, size);
    uint64_t value = 0;

    for (size_t i = 0; bytes != NULL && i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

uint8_t get_u8(struct reader *r) {
    return (uint8_t)number(r, 1);
}

uint16_t get_u16(struct reader *r) {
    return (uint16_t)number(r, 2);
}

uint32_t get_u32(struct reader *r) {
    return (uint32_t)number(r, 4);
}

uint64_t get_u64(struct reader *r) {
    return number(r, 8);
}

void get_bytes(struct reader *r, uint8_t *to, size_t size) {
    const uint8_t *bytes = take(r, size);

    if (bytes != NULL)
        memcpy(to, bytes, size);
}

static uint64_t number_in(struct reader *r, size_t size, uint64_t low, uint64_t high) {
    uint64_t value = number(r, size);

    get_require(r, value >= low && value <= high);
    return r->error == WIRE_OK ? value : low;
}

uint8_t get_u8_in(struct reader *r, uint8_t low, uint8_t high) {
    return (uint8_t)number_in(r, 1, low, high);
}

uint16_t get_u16_in(struct reader *r, uint16_t low, uint16_t high) {
    return (uint16_t)number_in(r, 2, low, high);
}

uint32_t get_u32_in(struct reader *r, uint32_t low, uint32_t high) {
    return (uint32_t)number_in(r, 4, low, high);
}

bool get_bool(struct reader *r) {
    return get_u8_in(r, 0, 1) != 0;
}

uint64_t get_epoch_or_none(struct reader *r) {
    uint64_t epoch = get_u64(r);

    get_require(r, epoch == 0 || range_epoch(epoch));
    return epoch;
}

uint64_t get_epoch(struct reader *r) {
    uint64_t epoch = get_epoch_or_none(r);

    get_require(r, range_epoch(epoch));
    return epoch;
}

int64_t get_age(struct reader *r) {
    int64_t age = (int64_t)get_u64(r);

    get_require(r, range_age(age));
    return age;
}

int64_t get_birth(struct reader *r) {
    int64_t birth = (int64_t)get_u64(r);

    get_require(r, range_birth(birth));
    return birth;
}

void get_id_or_none(struct reader *r, struct node_id *id) {
    get_bytes(r, id->bytes, sizeof(id->bytes));
}

void get_id(struct reader *r, struct node_id *id) {
    get_id_or_none(r, id);
    get_require(r, !node_id_is_none(id));
}

void get_token_or_none(struct reader *r, struct token *token) {
    token->epoch = get_u64(r);
    get_id_or_none(r, &token->leader);
    get_require(r, range_token_is_none(token) || range_token(token));
}

void get_token(struct reader *r, struct token *token) {
    get_token_or_none(r, token);
    get_require(r, range_token(token));
}

void get_key(struct reader *r, struct rank_key *key) {
    key->priority = get_u16(r);
    key->timeline = get_u64(r);
    key->birth = get_birth(r);
    get_id(r, &key->id);
}

void get_address_or_none(struct reader *r, struct address *address) {
    address->family = get_u8(r);
    get_bytes(r, address->bytes, sizeof(address->bytes));
    address->port = get_u16(r);
    get_require(r, range_address_or_none(address));
}

void get_address(struct reader *r, struct address *address) {
    get_address_or_none(r, address);
    get_require(r, range_address(address));
}

static void string(struct reader *r, char *to, size_t length) {
    const uint8_t *bytes = take(r, length);

    if (bytes == NULL)
        return;
    memcpy(to, bytes, length);
    to[length] = '\0';
}

void get_text(struct reader *r, char *to, size_t length) {
    string(r, to, length);
    get_require(r, r->error != WIRE_OK || str_is_printable(to, length));
}

void get_cluster(struct reader *r, char to[CLUSTER_NAME_MAX + 1]) {
    size_t length = get_u8_in(r, 1, CLUSTER_NAME_MAX);

    string(r, to, length);
    get_require(r, r->error != WIRE_OK || str_is_cluster_name(to, length));
}

void get_name(struct reader *r, char to[NODE_NAME_MAX + 1]) {
    get_text(r, to, get_u8_in(r, 0, NODE_NAME_MAX));
}

void get_tags(struct reader *r, char to[TAGS_MAX + 1]) {
    get_text(r, to, get_u16_in(r, 0, TAGS_MAX));
}
