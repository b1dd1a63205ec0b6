/* SPDX-License-Identifier: ISC
 *
 * toy_hash.c - see toy_hash.h.
 */
#include "toy_hash.h"

#include <string.h>

/* Each bit of the sum changes about half of those of the result (the finalizer of splitmix64). */
static uint64_t mix(uint64_t sum) {
    sum = (sum ^ (sum >> 30)) * 0xbf58476d1ce4e5b9ULL;
    sum = (sum ^ (sum >> 27)) * 0x94d049bb133111ebULL;
    return sum ^ (sum >> 31);
}

static uint64_t add(uint64_t sum, const uint8_t *data, size_t length) {
    for (; length >= 8; data += 8, length -= 8) {
        uint64_t word;

        memcpy(&word, data, sizeof word);
        sum = mix(sum + word);
    }
    for (; length > 0; data++, length--)
        sum = mix(sum + *data + 1);
    return sum;
}

void toy_hash(const uint8_t secret[KEY_SIZE], const uint8_t *data, size_t length, uint8_t ret_mac[WIRE_MAC_SIZE]) {
    uint64_t halves[2] = { add(length + 1, secret, KEY_SIZE), 0 };

    halves[0] = add(halves[0], data, length);
    halves[1] = mix(halves[0] + 1);
    memcpy(ret_mac, halves, sizeof halves);
}

/* What nonce and secret make of the text, or the other way round. */
static void toy_mask(const uint8_t secret[KEY_SIZE], const struct key_letter *letter) {
    uint8_t block[WIRE_AEAD_NONCE_SIZE + 1], mask[WIRE_MAC_SIZE];

    memcpy(block, letter->nonce, WIRE_AEAD_NONCE_SIZE);
    for (size_t i = 0; i < letter->text_size; i++) {
        block[WIRE_AEAD_NONCE_SIZE] = (uint8_t)(i / sizeof mask);
        if (i % sizeof mask == 0)
            toy_hash(secret, block, sizeof block, mask);
        letter->text[i] ^= mask[i % sizeof mask];
    }
}

/* The text stands behind the header. */
static void toy_close(const uint8_t secret[KEY_SIZE], const struct key_letter *letter) {
    toy_mask(secret, letter);
    toy_hash(secret, letter->header, letter->header_size + letter->text_size, letter->tag);
}

static bool toy_open(const uint8_t secret[KEY_SIZE], const struct key_letter *letter) {
    uint8_t tag[WIRE_MAC_SIZE];

    toy_hash(secret, letter->header, letter->header_size + letter->text_size, tag);
    if (memcmp(tag, letter->tag, sizeof tag) != 0)
        return false;
    toy_mask(secret, letter);
    return true;
}

const struct key_cipher toy_cipher = { toy_close, toy_open };
