/* SPDX-License-Identifier: ISC
 *
 * key.c - see key.h.
 */
#include "auth/key.h"

const struct key *keys_find(const struct keys *keys, uint16_t id) {
    for (unsigned i = 0; i < keys->count; i++)
        if (keys->list[i].id == id)
            return &keys->list[i];
    return NULL;
}
