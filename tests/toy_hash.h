/* SPDX-License-Identifier: ISC
 *
 * toy_hash.h - a keyed hash for tests, where nobody tries to forge it and speed matters.
 */
#ifndef ELDEST_TESTS_TOY_HASH_H
#define ELDEST_TESTS_TOY_HASH_H

#include "auth/key.h"

/* A cipher of the same kind. */
extern const struct key_cipher toy_cipher;

void toy_hash(const uint8_t secret[KEY_SIZE], const uint8_t *data, size_t length, uint8_t ret_mac[WIRE_MAC_SIZE]);

#endif
