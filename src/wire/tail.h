/* SPDX-License-Identifier: ISC
 *
 * tail.h - what follows the fixed fields of a message: TLVs, each a type (1 byte), a length (2 bytes), that many bytes.
 *
 * Order does not matter. Each known type comes at most once and only its exact content is accepted. A type that is
 * unknown, or that this kind of message does not carry, is skipped.
 */
#ifndef ELDEST_WIRE_TAIL_H
#define ELDEST_WIRE_TAIL_H

#include "wire/get.h"
#include "wire/put.h"

/* Types of TLV. 0 is never used: a datagram that was cut before a TLV must not end in what looks like an empty MAC. */
enum tail_type {
    TAIL_NAME = 1,
    TAIL_ROSTER,
    TAIL_REGISTRATION,
    TAIL_STRANGER,
    TAIL_SUCCESSORS,
    TAIL_PADDING, /* ignored by the receiver (SEC-4) */
    TAIL_PAUSED,
    TAIL_TAGS,
    TAIL_COOKIE,
    TAIL_TYPE_END
};

/* The same as bits: what a kind of message carries. */
enum tail_set {
    HAS_NAME = 1 << TAIL_NAME,
    HAS_ROSTER = 1 << TAIL_ROSTER,
    HAS_REGISTRATION = 1 << TAIL_REGISTRATION,
    HAS_STRANGER = 1 << TAIL_STRANGER,
    HAS_SUCCESSORS = 1 << TAIL_SUCCESSORS,
    HAS_PAUSED = 1 << TAIL_PAUSED,
    HAS_TAGS = 1 << TAIL_TAGS,
    HAS_COOKIE = 1 << TAIL_COOKIE,
};

enum { TAIL_PAUSED_SIZE = 5 }; /* bytes in all */

/* Writes the TLVs of message; one that is not in `carries` is a failure. The successors come last, as many as there is
 * room for: when not one of several fits, the TLV is left out, as an empty list would say that there are none. */
void tail_encode(struct writer *w, const struct wire_message *message, unsigned carries);

/* Adds a padding TLV of as many bytes as it takes to have written `length` bytes, or up to two more, as none is that
 * short; nothing if that is reached. */
void tail_pad(struct writer *w, size_t length);

/* Reads TLVs to the end of r into message. */
void tail_decode(struct reader *r, struct wire_message *message, unsigned carries);

#endif
