/* SPDX-License-Identifier: ISC
 *
 * put.h - a bounded writer: puts one field after another and remembers whether one failed, the counterpart of get.h.
 *
 * A field fails when there is no room for it or its value is out of its range. After that nothing more is written.
 */
#ifndef ELDEST_WIRE_PUT_H
#define ELDEST_WIRE_PUT_H

#include "wire/wire.h"

struct writer {
    uint8_t *start;
    uint8_t *at;
    uint8_t *end;
    bool failed;
};

void put_begin(struct writer *w, uint8_t *buffer, size_t size);
size_t put_length(const struct writer *w); /* bytes written */
size_t put_room(const struct writer *w); /* bytes left; 0 after a failure */

/* Fails what is not fine. */
void put_require(struct writer *w, bool fine);

void put_u8(struct writer *w, uint8_t value);
void put_u16(struct writer *w, uint16_t value);
void put_u32(struct writer *w, uint32_t value);
void put_u64(struct writer *w, uint64_t value);
void put_bytes(struct writer *w, const uint8_t *from, size_t size);
void put_zeros(struct writer *w, size_t size);

/* A number in [low, high]. */
void put_u8_in(struct writer *w, uint8_t value, uint8_t low, uint8_t high);
void put_u32_in(struct writer *w, uint32_t value, uint32_t low, uint32_t high);

/* Replaces the two bytes at `offset`, which have been written. */
void put_u16_at(struct writer *w, size_t offset, uint16_t value);

void put_bool(struct writer *w, bool value);
void put_epoch(struct writer *w, uint64_t epoch); /* of a leadership: at least 1 */
void put_epoch_or_none(struct writer *w, uint64_t epoch);
void put_age(struct writer *w, int64_t age); /* or a clock reading */
void put_birth(struct writer *w, int64_t birth); /* or T_now */

void put_id(struct writer *w, const struct node_id *id); /* of a node: not none */
void put_id_or_none(struct writer *w, const struct node_id *id);
void put_token(struct writer *w, const struct token *token); /* of a leadership: not none */
void put_token_or_none(struct writer *w, const struct token *token);
void put_key(struct writer *w, const struct rank_key *key);
void put_address(struct writer *w, const struct address *address); /* not none */
void put_address_or_none(struct writer *w, const struct address *address);

/* Length of the text in an array of that size; the size itself if there is no NUL in it. */
size_t put_text_length(const char *text, size_t size);

/* Printable text of at most `max` bytes, without its length. */
void put_text(struct writer *w, const char *text, size_t max);
void put_cluster(struct writer *w, const char name[CLUSTER_NAME_MAX + 1]); /* after its length, 1 */
void put_name(struct writer *w, const char name[NODE_NAME_MAX + 1]); /* after its length, 1 */
void put_tags(struct writer *w, const char tags[TAGS_MAX + 1]); /* after its length, 2 */

#endif
