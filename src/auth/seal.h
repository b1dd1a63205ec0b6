/* SPDX-License-Identifier: ISC
 *
 * seal.h - the MAC of a datagram (SEC-1): its last 16 bytes, over all the others.
 *
 * That is the whole header, hence the cluster, the type, the sender and its start, the seq, whether the datagram is for
 * everybody or for the start of one node whose nonce it names; and the whole body. Or, in the same place and over the
 * same bytes, the tag of a body that is encrypted (SEC-6).
 */
#ifndef ELDEST_AUTH_SEAL_H
#define ELDEST_AUTH_SEAL_H

#include "auth/key.h"

/* Signs what wire_encode() made of a message whose header names that key. */
void seal_sign(const struct key *key, key_hash hash, uint8_t *datagram, size_t length);

/* Encrypts the body of what wire_encode() made of a message with WIRE_FLAG_SEALED, under a nonce that is drawn for it,
 * and puts its tag in the place of the MAC. The header stays as it is, but for the nonce. */
void seal_close(const struct key *key, const struct key_cipher *cipher, const uint8_t nonce[WIRE_AEAD_NONCE_SIZE],
                uint8_t *datagram, size_t length);

/* The reverse: plain is the datagram with its body as wire_decode() reads it. False if it was not made with that key,
 * or was changed. */
bool seal_open(const struct key *key, const struct key_cipher *cipher, const uint8_t *datagram, size_t length,
               uint8_t plain[WIRE_DATAGRAM_MAX]);

/* Whether the datagram was made with that key. Takes the same time for every MAC that is wrong. */
bool seal_is_right(const struct key *key, key_hash hash, const uint8_t *datagram, size_t length);

#endif
