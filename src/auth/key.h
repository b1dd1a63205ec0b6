/* SPDX-License-Identifier: ISC
 *
 * key.h - what the nodes of a cluster share, so that they know each other's datagrams from those of others.
 *
 * The hash comes from whoever has one (platform/mac.h): nothing in this directory knows a library.
 */
#ifndef ELDEST_AUTH_KEY_H
#define ELDEST_AUTH_KEY_H

#include "wire/wire.h"

enum {
    KEY_SIZE = 32,
    KEY_ID_MAX = UINT16_MAX,
    KEYS_MAX = 8,
};

struct key {
    uint16_t id; /* in the header of what was made with it; never 0 */
    uint8_t secret[KEY_SIZE];
};

/* All of them are accepted, the first is used. */
struct keys {
    unsigned count; /* 0: nothing is authenticated */
    struct key list[KEYS_MAX];
};

/* A keyed hash of these bytes. */
typedef void (*key_hash)(const uint8_t secret[KEY_SIZE], const uint8_t *data, size_t length,
                         uint8_t ret_mac[WIRE_MAC_SIZE]);

/* What is encrypted, in place; the tag is over the header, too. */
struct key_letter {
    const uint8_t *nonce; /* WIRE_AEAD_NONCE_SIZE bytes, never the same for two of them */
    const uint8_t *header;
    size_t header_size;
    uint8_t *text;
    size_t text_size;
    uint8_t *tag; /* WIRE_MAC_SIZE bytes */
};

/* Authenticated encryption. open() is false if the letter was not closed with that secret, or is not as it was then;
 * the text is of no use then. */
struct key_cipher {
    void (*close)(const uint8_t secret[KEY_SIZE], const struct key_letter *letter);
    bool (*open)(const uint8_t secret[KEY_SIZE], const struct key_letter *letter);
};

/* The key with that id; NULL if there is none. */
const struct key *keys_find(const struct keys *keys, uint16_t id);

/* Whether they are the same, in the same order. */
bool keys_equal(const struct keys *a, const struct keys *b);

/* Reads the text of a key file: on each line an id, 1 to 65535, and 64 hexadecimal digits; empty ones, and those that
 * begin with '#', do not count. NULL, or what is wrong; then ret_line is the number of the line (0: the file as a
 * whole), and nothing of the keys is left in memory. What is wrong never tells anything of a secret. */
const char *keys_parse(const char *text, size_t length, struct keys *ret, unsigned *ret_line);

/* Zeros that no compiler leaves out. */
void key_wipe(void *memory, size_t size);

#endif
