/* SPDX-License-Identifier: ISC
 *
 * cookie.c - see cookie.h.
 */
#include "daemon/cookie.h"

#include <string.h>

enum { IPV4_SIZE = 4 };

_Static_assert(sizeof(((struct address *)0)->bytes) == RNG_PLACE_SIZE, "an IPv6 address is a place");

/* IPv4 addresses are among those of IPv6, as in sockets of both (RFC 4291, 2.5.5.2). */
static void find_place(const struct address *address, uint8_t place[RNG_PLACE_SIZE]) {
    static const uint8_t mapped[RNG_PLACE_SIZE] = { [10] = 0xff, [11] = 0xff };

    memcpy(place, address->family == 4 ? mapped : address->bytes, RNG_PLACE_SIZE);
    if (address->family == 4)
        memcpy(place + RNG_PLACE_SIZE - IPV4_SIZE, address->bytes, IPV4_SIZE);
}

uint64_t cookie_of(const struct cookie_secret *secret, const struct address *address) {
    uint8_t place[RNG_PLACE_SIZE];
    uint64_t cookie;

    find_place(address, place);
    cookie = rng_at(secret->seed, place);
    return cookie == 0 ? 1 : cookie;
}
