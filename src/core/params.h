/* SPDX-License-Identifier: ISC
 *
 * params.h - the timing parameters: what the user may set, and what follows from it (TIMES of eldest-protocol(7)).
 *
 * `detect` is the one knob; everything else has a formula. Integers only; all durations in microseconds.
 */
#ifndef ELDEST_CORE_PARAMS_H
#define ELDEST_CORE_PARAMS_H

#include "base/types.h"

/* As configured, already within the ranges that params_check() states. */
struct timing {
    usec_t detect; /* how long a silent leader is tolerated */
    usec_t heartbeat; /* longest interval between a follower's heartbeats */
    usec_t ack_timeout; /* least ack window */
    uint32_t min_rate; /* heartbeats per second that the whole cluster sends at least */
    usec_t alone; /* how long to hear nobody before leading alone; 0: three times discovery */
    usec_t promise; /* P, for which a voter stands by its leader (MAJ-5); 0: by formula. For majority, as the next */
    usec_t stop_margin; /* how long before the end of its lease a leader says that it leads no more (MAJ-6) */
};

#define TIMING_DEFAULT                                                                             \
    { .detect = 300 * USEC_PER_MS, .heartbeat = 2 * USEC_PER_SEC, .ack_timeout = 2 * USEC_PER_SEC, \
      .min_rate = 4, .alone = 0 }

enum { /* ranges, in ms but for min_rate: what the configuration allows */
    DETECT_MIN_MS = 20,
    DETECT_MAX_MS = 5000,
    HEARTBEAT_MIN_MS = 20,
    HEARTBEAT_MAX_MS = 60000,
    ACK_TIMEOUT_MIN_MS = 100,
    ACK_TIMEOUT_MAX_MS = 60000,
    MIN_RATE_MIN = 1,
    MIN_RATE_MAX = 1000,
    ALONE_MAX_MS = 600000,
    PROMISE_MIN_MS = 200,
    PROMISE_MAX_MS = 60000,
    STOP_MARGIN_MAX_MS = 30000,
};

/* Limits of repetition and time that have no formula (the rules named). */
enum {
    DELTA_US = 5000, /* hold step between ranks (ELEC-1) */
    ELECTION_ROUND_US = 20000, /* ELEC-2 */
    ELECTION_ROUNDS = 4,
    ELECTION_SLOW_US = 100000, /* ELEC-2, after the rounds */
    WITNESS_RANKS = 16, /* SUSP-3 */
    SUSPECT_MAX = 8, /* SUSP-2 */
    VOUCH_SPREAD_US = 3000, /* SUSP-5 */
    RESIGN_LIMIT_US = 500000, /* HAND-1 */
    RESIGN_HOLD_US = 100000, /* HAND-2 */
    MERGE_TRY_US = 20000, /* MERGE-1 */
    MERGE_TRIES = 16,
    MERGE_PERIOD_US = 2000000,
};

usec_t params_interval(const struct timing *timing, uint32_t members); /* H, of a cluster of that many members */
usec_t params_floor(const struct timing *timing); /* least spacing of tries */
usec_t params_ack_window(const struct timing *timing); /* W */
usec_t params_announce(const struct timing *timing); /* between a leader's announcements */
usec_t params_discovery(const struct timing *timing);
usec_t params_alone(const struct timing *timing);
usec_t params_start_announce_max(const struct timing *timing);
usec_t params_collection(const struct timing *timing);
usec_t params_objection(const struct timing *timing);
usec_t params_registration_max(const struct timing *timing, uint32_t members);
usec_t params_witness_spread(uint32_t members);
usec_t params_vote_spread(uint32_t members);
usec_t params_damping(const struct timing *timing); /* between Suspects that are acted on */
usec_t params_resign_interval(const struct timing *timing);
usec_t params_member_expiry(const struct timing *timing, uint32_t members); /* max(3 H, 6 s) */

/* quorum = majority. */
usec_t params_promise(const struct timing *timing); /* P */
usec_t params_lease(usec_t promise); /* D */
usec_t params_voter_interval(usec_t promise); /* h */
usec_t params_recovery(usec_t promise); /* MAJ-7: for which a leader without a lease still answers */
/* An echo is one interval old when it arrives, so that D must be long enough for two of them and some lost tries, and
 * for the margin. */
bool params_lease_suffices(const struct timing *timing);

/* Loss is kept in 1/65536. */
enum {
    LOSS_ONE = 65536,
    LOSS_START = LOSS_ONE / 10, /* EXCH-3 */
    LOSS_MIN = LOSS_ONE / 10,
    LOSS_MAX = LOSS_ONE * 8 / 10,
    LOSS_UNKNOWN = -1, /* only of what users are told (tries.h) */
};

unsigned params_tries(uint32_t loss); /* T: 8 at 10 % .. 83 at 80 % */
unsigned params_own_tries(uint32_t loss); /* K1 */
unsigned params_doubtful_tries(uint32_t loss); /* ELEC-6: K1 - 1 */
unsigned params_vouches(uint32_t loss); /* SUSP-5: K1 - 2 */
unsigned params_shared_tries(uint32_t loss, uint32_t members); /* K2, by the witnesses there are */

#endif
