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

/* The key with that id; NULL if there is none. */
const struct key *keys_find(const struct keys *keys, uint16_t id);

#endif
