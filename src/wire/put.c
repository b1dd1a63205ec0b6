/* SPDX-License-Identifier: ISC
 *
 * put.c - the bounded writer. reserve() is the only place that moves it.
 */
#include "wire/put.h"

#include "base/str.h"
#include "wire/range.h"

#include <string.h>

void put_begin(struct writer *w, uint8_t *buffer, size_t size) {
    w->start = buffer;
    w->at = buffer;
    w->end = buffer + size;
    w->failed = false;
}

size_t put_length(const struct writer *w) {
    return (size_t)(w->at - w->start);
}

size_t put_room(const struct writer *w) {
    return w->failed ? 0 : (size_t)(w->end - w->at);
}

void put_require(struct writer *w, bool fine) {
    w->failed = w->failed || !fine;
}

/* Room for the next `size` bytes, or NULL. */
static uint8_t *reserve(struct writer *w, size_t size) {
    put_require(w, put_room(w) >= size);
    if (w->failed)
        return NULL;
    w->at += size;
    return w->at - size;
}

static void store(uint8_t *to, uint64_t value, size_t size) {
    for (size_t i = size; i-- > 0; value >>= 8)
        to[i] = (uint8_t)value;
}

/* A big-endian number of `size` bytes. */
static void number(struct writer *w, uint64_t value, size_t size) {
    uint8_t *to = reserve(w, size);

    if (to != NULL)
        store(to, value, size);
}

void put_u8(struct writer *w, uint8_t value) {
    number(w, value, 1);
}

void put_u16(struct writer *w, uint16_t value) {
    number(w, value, 2);
}

void put_u32(struct writer *w, uint32_t value) {
    number(w, value, 4);
}

void put_u64(struct writer *w, uint64_t value) {
    number(w, value, 8);
}

void put_bytes(struct writer *w, const uint8_t *from, size_t size) {
    uint8_t *to = reserve(w, size);

    if (to != NULL)
        memcpy(to, from, size);
}

void put_zeros(struct writer *w, size_t size) {
    uint8_t *to = reserve(w, size);

    if (to != NULL)
        memset(to, 0, size);
}

void put_u8_in(struct writer *w, uint8_t value, uint8_t low, uint8_t high) {
    put_require(w, value >= low && value <= high);
    put_u8(w, value);
}

void put_u32_in(struct writer *w, uint32_t value, uint32_t low, uint32_t high) {
    put_require(w, value >= low && value <= high);
    put_u32(w, value);
}

void put_u16_at(struct writer *w, size_t offset, uint16_t value) {
    if (!w->failed)
        store(w->start + offset, value, 2);
}

void put_bool(struct writer *w, bool value) {
    put_u8(w, value ? 1 : 0);
}

void put_epoch_or_none(struct writer *w, uint64_t epoch) {
    put_require(w, epoch == 0 || range_epoch(epoch));
    put_u64(w, epoch);
}

void put_epoch(struct writer *w, uint64_t epoch) {
    put_require(w, range_epoch(epoch));
    put_epoch_or_none(w, epoch);
}

void put_age(struct writer *w, int64_t age) {
    put_require(w, range_age(age));
    put_u64(w, (uint64_t)age);
}

void put_birth(struct writer *w, int64_t birth) {
    put_require(w, range_birth(birth));
    put_u64(w, (uint64_t)birth);
}

void put_id_or_none(struct writer *w, const struct node_id *id) {
    put_bytes(w, id->bytes, sizeof(id->bytes));
}

void put_id(struct writer *w, const struct node_id *id) {
    put_require(w, !node_id_is_none(id));
    put_id_or_none(w, id);
}

void put_token_or_none(struct writer *w, const struct token *token) {
    put_require(w, range_token_is_none(token) || range_token(token));
    put_u64(w, token->epoch);
    put_id_or_none(w, &token->leader);
}

void put_token(struct writer *w, const struct token *token) {
    put_require(w, range_token(token));
    put_token_or_none(w, token);
}

void put_key(struct writer *w, const struct rank_key *key) {
    put_u16(w, key->priority);
    put_u64(w, key->timeline);
    put_birth(w, key->birth);
    put_id(w, &key->id);
}

void put_address_or_none(struct writer *w, const struct address *address) {
    put_require(w, range_address_or_none(address));
    put_u8(w, address->family);
    put_bytes(w, address->bytes, sizeof(address->bytes));
    put_u16(w, address->port);
}

void put_address(struct writer *w, const struct address *address) {
    put_require(w, range_address(address));
    put_address_or_none(w, address);
}

size_t put_text_length(const char *text, size_t size) {
    size_t length = 0;

    while (length < size && text[length] != '\0')
        length++;
    return length;
}

void put_text(struct writer *w, const char *text, size_t max) {
    size_t length = put_text_length(text, max + 1);

    put_require(w, length <= max && str_is_printable(text, length));
    put_bytes(w, (const uint8_t *)text, length);
}

void put_cluster(struct writer *w, const char name[CLUSTER_NAME_MAX + 1]) {
    size_t length = put_text_length(name, CLUSTER_NAME_MAX + 1);

    put_require(w, str_is_cluster_name(name, length));
    put_u8(w, (uint8_t)length);
    put_bytes(w, (const uint8_t *)name, length);
}

void put_name(struct writer *w, const char name[NODE_NAME_MAX + 1]) {
    put_u8(w, (uint8_t)put_text_length(name, NODE_NAME_MAX + 1));
    put_text(w, name, NODE_NAME_MAX);
}

void put_tags(struct writer *w, const char tags[TAGS_MAX + 1]) {
    put_u16(w, (uint16_t)put_text_length(tags, TAGS_MAX + 1));
    put_text(w, tags, TAGS_MAX);
}
