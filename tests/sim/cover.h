/* SPDX-License-Identifier: ISC
 *
 * cover.h - what the runs have exercised, and how often: steps from one standing to another by event, messages, faults.
 * What never happened has not been tested.
 */
#ifndef ELDEST_SIM_COVER_H
#define ELDEST_SIM_COVER_H

#include "core/core.h"

enum {
    COVER_STANDINGS = STANDING_LEADING + 1,
    COVER_EVENTS = EVENT_TYPE_END + WIRE_TYPE_END, /* a datagram counts by the type of its message */
    COVER_FAULTS_MAX = 40,
};

struct cover {
    uint64_t steps[COVER_STANDINGS][COVER_STANDINGS][COVER_EVENTS]; /* before, after, by */
    uint64_t acted[COVER_EVENTS]; /* steps in which the node did something, or stands differently after */
    uint64_t sent[WIRE_TYPE_END];
    uint64_t faults[COVER_FAULTS_MAX]; /* by kind, see fault.h */
};

/* All may be called with cover NULL. */
void cover_step(struct cover *cover, const struct event *event, enum standing before, enum standing after, bool acted);
void cover_sent(struct cover *cover, uint8_t type);
void cover_fault(struct cover *cover, unsigned kind);

/* Prints it; what was never exercised comes at the end. */
void cover_print(const struct cover *cover);

#endif
