/* SPDX-License-Identifier: ISC
 *
 * tries.c - see tries.h.
 */
#include "core/tries.h"

#include "core/params.h"

static void note(struct tries *tries, bool lost) {
    tries->lost = tries->lost << 1 | lost;
    tries->known += tries->known < TRIES_KEPT;
}

unsigned tries_note_lost(struct tries *tries, unsigned count) {
    unsigned counted = count < TRIES_KEPT ? count : TRIES_KEPT;

    for (unsigned i = 0; i < counted; i++)
        note(tries, true);
    return counted;
}

void tries_note_answered(struct tries *tries) {
    note(tries, false);
}

int32_t tries_loss(const struct tries *tries) {
    int32_t lost = 0;

    if (tries->known == 0)
        return LOSS_UNKNOWN;
    for (uint64_t rest = tries->lost; rest != 0; rest &= rest - 1)
        lost++;
    return lost * LOSS_ONE / tries->known;
}
