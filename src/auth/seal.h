/* SPDX-License-Identifier: ISC
 *
 * seal.h - the MAC of a datagram (SEC-1): its last 16 bytes, over all the others.
 *
 * That is the whole header, hence the cluster, the type, the sender and its start, the seq, whether the datagram is for
 * everybody or for the start of one node whose nonce it names; and the whole body.
 */
#ifndef ELDEST_AUTH_SEAL_H
#define ELDEST_AUTH_SEAL_H

#include "auth/key.h"

/* Signs what wire_encode() made of a message whose header names that key. */
void seal_sign(const struct key *key, key_hash hash, uint8_t *datagram, size_t length);

/* Whether the datagram was made with that key. Takes the same time for every MAC that is wrong. */
bool seal_is_right(const struct key *key, key_hash hash, const uint8_t *datagram, size_t length);

#endif
