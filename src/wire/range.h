/* SPDX-License-Identifier: ISC
 *
 * range.h - which values may be on the wire. Asked by both directions, so that nothing is sent that would be refused.
 */
#ifndef ELDEST_WIRE_RANGE_H
#define ELDEST_WIRE_RANGE_H

#include "wire/wire.h"

/* The number of a leadership; 0 would be none. */
static inline bool range_epoch(uint64_t epoch) {
    return epoch >= 1 && epoch <= WIRE_EPOCH_MAX;
}

/* An age, or a reading of a node's own clock. */
static inline bool range_age(int64_t age) {
    return age >= 0 && age <= WIRE_AGE_MAX;
}

/* A time on a timeline: a birth, or T_now. */
static inline bool range_birth(int64_t birth) {
    return birth >= -WIRE_TIME_MAX && birth <= WIRE_TIME_MAX;
}

/* Both halves of a leadership. */
static inline bool range_token(const struct token *token) {
    return range_epoch(token->epoch) && !node_id_is_none(&token->leader);
}

static inline bool range_token_is_none(const struct token *token) {
    return token->epoch == 0 && node_id_is_none(&token->leader);
}

/* The bytes that the family does not use are zero. */
static inline bool range_address_or_none(const struct address *address) {
    size_t used = address->family == 4 ? 4 : address->family == 6 ? sizeof(address->bytes) : 0;

    for (size_t i = used; i < sizeof(address->bytes); i++)
        if (address->bytes[i] != 0)
            return false;
    return address->family == 0 || used > 0;
}

static inline bool range_address(const struct address *address) {
    return address->family != 0 && range_address_or_none(address);
}

#endif
