/* SPDX-License-Identifier: ISC
 *
 * golden.h - test vectors for every type of message: what the codec must read and write, byte for byte.
 */
#ifndef ELDEST_TESTS_GOLDEN_H
#define ELDEST_TESTS_GOLDEN_H

#include "wire/wire.h"

struct golden {
    const char *name;
    struct wire_message message;
    const char *hex; /* the datagram: two digits per byte; "00*16" repeats a byte; spaces do not count */
};

extern const struct golden golden_vectors[];
extern const unsigned golden_count;

/* The bytes of such a text, at most WIRE_DATAGRAM_MAX; returns their number. */
size_t golden_bytes(const char *hex, uint8_t buffer[WIRE_DATAGRAM_MAX]);

#endif
