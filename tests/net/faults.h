/* SPDX-License-Identifier: ISC
 *
 * faults.h - the lossy switch: what becomes of a frame on its way from one port to another.
 *
 * A fault is a line of words: which frames it is about, else about all, and the one thing that it does to them.
 *
 *     from LIST | to LIST       those that come in, or go out, at these ports: numbers from 1 on, with commas between
 *     leaving LIST              those that come in at one of these ports and go out at any other
 *     unicast | multicast | broadcast   those for one station, for a group, for all: any of these kinds
 *
 *     cut                       they are lost
 *     lose PERCENT              by this chance they are, each for itself
 *     burst PERCENT MIN MAX     by this chance a frame begins a time in which all on its path, port to port, are lost
 *     delay MIN MAX             they take a time between these, each its own: so they overtake each other
 *     reorder PERCENT MIN MAX   by this chance a frame takes that long, and the others do not
 *     duplicate PERCENT         by this chance a frame comes once more, after a delay of its own
 *
 * All faults that are about a frame apply to it: delays add up. Chances are drawn from one generator with a seed, so
 * that the same frames in the same order have the same fate.
 */
#ifndef ELDEST_TESTS_NET_FAULTS_H
#define ELDEST_TESTS_NET_FAULTS_H

#include "base/rng.h"

enum {
    PORTS_MAX = 32,
    FAULTS_MAX = 32,
    FAULT_NAME_SIZE = 32,
    COPIES_MAX = 4,
};

enum cast {
    CAST_UNICAST = 1,
    CAST_MULTICAST = 2,
    CAST_BROADCAST = 4,
};

enum fault_kind {
    FAULT_NONE,
    FAULT_LOSE,
    FAULT_BURST,
    FAULT_DELAY,
    FAULT_REORDER,
    FAULT_DUPLICATE,
};

struct fault {
    char name[FAULT_NAME_SIZE];
    enum fault_kind kind;
    uint32_t from; /* sets of ports: bit 0 is port 0, which people call 1 */
    uint32_t to;
    unsigned casts; /* bits of enum cast; 0: of all kinds */
    unsigned percent;
    usec_t min;
    usec_t max;
    uint64_t cost; /* frames that it took, held back or doubled */
    usec_t until[PORTS_MAX][PORTS_MAX]; /* of a burst: its end, by path */
};

struct faults {
    struct rng rng;
    unsigned count;
    struct fault list[FAULTS_MAX];
};

/* A frame that is lost has no copies. */
struct fate {
    unsigned copies;
    usec_t delay[COPIES_MAX];
};

void faults_init(struct faults *faults, uint64_t seed);

/* Takes a fault from words, which it spoils. Returns NULL, or what is wrong with them, for people; then nothing is
 * added. */
const char *faults_add(struct faults *faults, const char *name, char *words);

/* Ends all of them and forgets their cost. */
void faults_clear(struct faults *faults);

/* Decides, and counts the cost. Ports are counted from 0; now only has to grow. */
struct fate faults_fate(struct faults *faults, unsigned from, unsigned to, enum cast cast, usec_t now);

#endif
