/* SPDX-License-Identifier: ISC
 *
 * fnv.h - the 64-bit FNV-1a hash, for the checksum of the state file and the fingerprint of the machine.
 *
 * Against accidents, not against people. Each step is a bijection of the sum, so a single damaged byte never
 * goes unnoticed; any other damage passes with a chance of about 2^-64, where a CRC-32 would let 2^-32 pass and
 * need a table.
 */
#ifndef ELDEST_PLATFORM_FNV_H
#define ELDEST_PLATFORM_FNV_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t fnv1a(const void *data, size_t size) {
    const uint8_t *bytes = data;
    uint64_t sum = 0xcbf29ce484222325;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3;
    return sum;
}

#endif
