/* SPDX-License-Identifier: ISC
 *
 * cookie.h - without a key: what tells who hears what is sent to an address from who has only written that address on a
 * datagram (SEC-4). As those of DNS (RFC 7873).
 *
 * A node tells each address a number of its own, in its Acks to there, and nobody else can tell it back. To do so it
 * keeps nothing but a secret of this start, from which and from the address the number is computed.
 */
#ifndef ELDEST_DAEMON_COOKIE_H
#define ELDEST_DAEMON_COOKIE_H

#include "base/rng.h"

struct cookie_secret {
    uint8_t seed[RNG_SEED_SIZE]; /* random */
};

/* Of the address alone, whatever its port and interface; never 0. */
uint64_t cookie_of(const struct cookie_secret *secret, const struct address *address);

#endif
