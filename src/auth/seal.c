/* SPDX-License-Identifier: ISC
 *
 * seal.c - see seal.h.
 */
#include "auth/seal.h"

void seal_sign(const struct key *key, key_hash hash, uint8_t *datagram, size_t length) {
    hash(key->secret, datagram, length - WIRE_MAC_SIZE, datagram + length - WIRE_MAC_SIZE);
}

bool seal_is_right(const struct key *key, key_hash hash, const uint8_t *datagram, size_t length) {
    uint8_t mac[WIRE_MAC_SIZE], difference = 0;

    if (length < WIRE_MAC_SIZE)
        return false;
    hash(key->secret, datagram, length - WIRE_MAC_SIZE, mac);
    for (size_t i = 0; i < WIRE_MAC_SIZE; i++)
        difference |= mac[i] ^ datagram[length - WIRE_MAC_SIZE + i];
    return difference == 0;
}
