/* SPDX-License-Identifier: ISC
 *
 * seal.c - see seal.h.
 */
#include "auth/seal.h"

#include <string.h>

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

/* Its parts, the nonce at the end of the header. */
static bool take_apart(uint8_t *datagram, size_t length, struct key_letter *ret) {
    struct wire_header header;
    size_t size = wire_peek_header(datagram, length, &header);

    if (size == 0 || (header.flags & WIRE_FLAG_SEALED) == 0 || length < size + WIRE_MAC_SIZE)
        return false;
    *ret = (struct key_letter){
        .nonce = datagram + size - WIRE_AEAD_NONCE_SIZE,
        .header = datagram,
        .header_size = size,
        .text = datagram + size,
        .text_size = length - size - WIRE_MAC_SIZE,
        .tag = datagram + length - WIRE_MAC_SIZE,
    };
    return true;
}

void seal_close(const struct key *key, const struct key_cipher *cipher, const uint8_t nonce[WIRE_AEAD_NONCE_SIZE],
                uint8_t *datagram, size_t length) {
    struct key_letter letter;

    if (!take_apart(datagram, length, &letter))
        return;
    memcpy(datagram + letter.header_size - WIRE_AEAD_NONCE_SIZE, nonce, WIRE_AEAD_NONCE_SIZE);
    cipher->close(key->secret, &letter);
}

bool seal_open(const struct key *key, const struct key_cipher *cipher, const uint8_t *datagram, size_t length,
               uint8_t plain[WIRE_DATAGRAM_MAX]) {
    struct key_letter letter;

    if (length > WIRE_DATAGRAM_MAX)
        return false;
    memcpy(plain, datagram, length);
    return take_apart(plain, length, &letter) && cipher->open(key->secret, &letter);
}
