/* SPDX-License-Identifier: ISC
 *
 * mac_none.c - see mac.h: what is built without libsodium.
 */
#include "platform/mac.h"

key_hash mac_hash(void) {
    return NULL;
}

const struct key_cipher *mac_cipher(void) {
    return NULL;
}
