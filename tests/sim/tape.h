/* SPDX-License-Identifier: ISC
 *
 * tape.h - what somebody on the LAN has recorded, to send it again later: some of all that was ever sent, of the first
 * hour as of the last second.
 */
#ifndef ELDEST_SIM_TAPE_H
#define ELDEST_SIM_TAPE_H

#include "base/rng.h"
#include "wire/wire.h"

enum { TAPE_SIZE = 512 };

struct recording {
    usec_t at; /* when it was sent */
    uint32_t from; /* number of the node */
    bool multicast;
    size_t length;
    uint8_t bytes[WIRE_DATAGRAM_MAX];
};

/* All zero: empty. */
struct tape {
    uint64_t heard; /* datagrams */
    struct recording list[TAPE_SIZE];
};

/* Each datagram that was ever heard is on the tape with the same chance. */
void tape_hear(struct tape *tape, struct rng *rng, const struct recording *recording);

/* Any of them; NULL if there is none. */
const struct recording *tape_pick(const struct tape *tape, struct rng *rng);

#endif
