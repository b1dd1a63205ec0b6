/* SPDX-License-Identifier: ISC
 *
 * mac_sodium.c - see mac.h.
 */
#include "platform/mac.h"

#include <sodium.h>

static void blake2b(const uint8_t secret[KEY_SIZE], const uint8_t *data, size_t length,
                    uint8_t ret_mac[WIRE_MAC_SIZE]) {
    crypto_generichash(ret_mac, WIRE_MAC_SIZE, data, length, secret, KEY_SIZE);
}

/* sodium_init() chooses the variant for this processor. */
key_hash mac_hash(void) {
    return sodium_init() < 0 ? NULL : blake2b;
}
