/* SPDX-License-Identifier: ISC
 *
 * mac.h - the keyed hash that authenticates datagrams: BLAKE2b of libsodium, with a key of 32 bytes and a result of 16.
 */
#ifndef ELDEST_PLATFORM_MAC_H
#define ELDEST_PLATFORM_MAC_H

#include "auth/key.h"

/* The hash, ready for use; NULL if this eldest was built without libsodium. */
key_hash mac_hash(void);

#endif
