/* SPDX-License-Identifier: ISC
 *
 * mac_sodium.c - see mac.h.
 */
#include "platform/mac.h"

#include <sodium.h>

_Static_assert(WIRE_AEAD_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the nonce in the header");
_Static_assert(WIRE_MAC_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the tag in the place of the MAC");

static void blake2b(const uint8_t secret[KEY_SIZE], const uint8_t *data, size_t length,
                    uint8_t ret_mac[WIRE_MAC_SIZE]) {
    crypto_generichash(ret_mac, WIRE_MAC_SIZE, data, length, secret, KEY_SIZE);
}

/* sodium_init() chooses the variant for this processor. */
key_hash mac_hash(void) {
    return sodium_init() < 0 ? NULL : blake2b;
}

enum { CIPHER_KEY_SIZE = crypto_aead_xchacha20poly1305_ietf_KEYBYTES };

/* One secret serves both, but no key does two things. */
static void derive(const uint8_t secret[KEY_SIZE], uint8_t ret_key[CIPHER_KEY_SIZE]) {
    static const uint8_t purpose[] = "eldest: bodies of datagrams";

    crypto_generichash(ret_key, CIPHER_KEY_SIZE, purpose, sizeof purpose - 1, secret, KEY_SIZE);
}

static void cipher_close(const uint8_t secret[KEY_SIZE], const struct key_letter *letter) {
    uint8_t key[CIPHER_KEY_SIZE];

    derive(secret, key);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(letter->text, letter->tag, NULL, letter->text,
                                                        letter->text_size, letter->header, letter->header_size, NULL,
                                                        letter->nonce, key);
    sodium_memzero(key, sizeof key);
}

static bool cipher_open(const uint8_t secret[KEY_SIZE], const struct key_letter *letter) {
    uint8_t key[CIPHER_KEY_SIZE];
    int result;

    derive(secret, key);
    result = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(letter->text, NULL, letter->text, letter->text_size,
                                                                 letter->tag, letter->header, letter->header_size,
                                                                 letter->nonce, key);
    sodium_memzero(key, sizeof key);
    return result == 0;
}

const struct key_cipher *mac_cipher(void) {
    static const struct key_cipher cipher = { cipher_close, cipher_open };

    return sodium_init() < 0 ? NULL : &cipher;
}
