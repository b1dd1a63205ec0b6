/* SPDX-License-Identifier: ISC
 *
 * mac.h - the keyed hash that authenticates datagrams, BLAKE2b of libsodium, with a key of 32 bytes and a result of 16;
 * and the cipher that keeps their bodies from others.
 */
#ifndef ELDEST_PLATFORM_MAC_H
#define ELDEST_PLATFORM_MAC_H

#include "auth/key.h"

/* The hash, ready for use; NULL if this eldest was built without libsodium. */
key_hash mac_hash(void);

/* The same of the cipher: XChaCha20-Poly1305, with a key of its own that BLAKE2b derives from the secret. */
const struct key_cipher *mac_cipher(void);

#endif
