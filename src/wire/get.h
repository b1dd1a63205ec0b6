/* SPDX-License-Identifier: ISC
 *
 * get.h - a bounded reader: takes one field after another and remembers the first error.
 *
 * After an error nothing is left to read, every number reads as 0 and nothing else is written: a decoder can take all
 * its fields without asking in between, and look at `error` once at the end. The counterpart is put.h.
 */
#ifndef ELDEST_WIRE_GET_H
#define ELDEST_WIRE_GET_H

#include "wire/wire.h"

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    enum wire_error error; /* the first one; WIRE_OK until then */
};

void get_begin(struct reader *r, const uint8_t *bytes, size_t length);
size_t get_left(const struct reader *r);

/* Ends the reading with this error, unless it has ended with another. */
void get_refuse(struct reader *r, enum wire_error error);

/* Refuses as WIRE_RANGE what is not fine. */
void get_require(struct reader *r, bool fine);

/* Takes the next `length` bytes as a part to be read on its own; an empty part if there are not so many. */
struct reader get_part(struct reader *r, size_t length);

/* The same from the end, so that r ends before it. */
struct reader get_last(struct reader *r, size_t length);

uint8_t get_u8(struct reader *r);
uint16_t get_u16(struct reader *r);
uint32_t get_u32(struct reader *r);
uint64_t get_u64(struct reader *r);
void get_bytes(struct reader *r, uint8_t *to, size_t size);

/* A number in [low, high]; low if it is refused, hence safe as a count or length. */
uint8_t get_u8_in(struct reader *r, uint8_t low, uint8_t high);
uint16_t get_u16_in(struct reader *r, uint16_t low, uint16_t high);
uint32_t get_u32_in(struct reader *r, uint32_t low, uint32_t high);

bool get_bool(struct reader *r);
uint64_t get_epoch(struct reader *r); /* of a leadership: at least 1 */
uint64_t get_epoch_or_none(struct reader *r);
int64_t get_age(struct reader *r); /* or a clock reading */
int64_t get_birth(struct reader *r); /* or T_now */

void get_id(struct reader *r, struct node_id *id); /* of a node: not none */
void get_id_or_none(struct reader *r, struct node_id *id);
void get_token(struct reader *r, struct token *token); /* of a leadership: not none */
void get_token_or_none(struct reader *r, struct token *token);
void get_key(struct reader *r, struct rank_key *key);
void get_address(struct reader *r, struct address *address); /* not none */
void get_address_or_none(struct reader *r, struct address *address);

/* `length` bytes of printable text; to has room for them and a NUL. */
void get_text(struct reader *r, char *to, size_t length);
void get_cluster(struct reader *r, char to[CLUSTER_NAME_MAX + 1]); /* after its length, 1 */
void get_name(struct reader *r, char to[NODE_NAME_MAX + 1]); /* after its length, 1 */
void get_tags(struct reader *r, char to[TAGS_MAX + 1]); /* after its length, 2 */

#endif
