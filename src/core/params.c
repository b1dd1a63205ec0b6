/* SPDX-License-Identifier: ISC
 *
 * params.c - the formulas of eldest-protocol(7), one function each.
 */
#include "core/params.h"
#include "base/util.h"

#define MS(n) ((n) * USEC_PER_MS)

usec_t params_interval(const struct timing *timing, uint32_t members) {
    usec_t others = members > 1 ? members - 1 : 1;
    usec_t paced = others * USEC_PER_SEC / timing->min_rate;
    usec_t interval = min_i64(timing->heartbeat, paced);

    if (timing->detect < MS(300))
        interval = min_i64(interval, max_i64(timing->detect, others * timing->detect / 20));
    return interval;
}

usec_t params_floor(const struct timing *timing) {
    return clamp_i64(timing->detect / 10, MS(3), MS(20));
}

usec_t params_ack_window(const struct timing *timing) {
    return max_i64(timing->ack_timeout, 2 * timing->detect);
}

usec_t params_announce(const struct timing *timing) {
    return clamp_i64(timing->detect * 5 / 2, MS(250), MS(2000));
}

usec_t params_discovery(const struct timing *timing) {
    return clamp_i64(timing->detect * 10 / 3, MS(100), MS(1000));
}

usec_t params_alone(const struct timing *timing) {
    return timing->alone > 0 ? timing->alone : 3 * params_discovery(timing);
}

usec_t params_start_announce_max(const struct timing *timing) {
    return min_i64(MS(100), params_discovery(timing) / 10);
}

usec_t params_collection(const struct timing *timing) {
    return clamp_i64(params_discovery(timing) / 6, MS(10), MS(50));
}

usec_t params_objection(const struct timing *timing) {
    return params_collection(timing) * 6 / 10;
}

usec_t params_registration_max(const struct timing *timing, uint32_t members) {
    usec_t paced = members * USEC_PER_SEC / 5000;

    return min_i64(params_interval(timing, members), max_i64(min_i64(MS(50), timing->detect / 6), paced));
}

usec_t params_witness_spread(uint32_t members) {
    return min_i64(MS(20), members * 20LL);
}

usec_t params_vote_spread(uint32_t members) {
    return min_i64(MS(20), members * 20LL);
}

usec_t params_damping(const struct timing *timing) {
    return min_i64(MS(250), timing->detect);
}

usec_t params_resign_interval(const struct timing *timing) {
    return max_i64(MS(5), timing->detect / 6);
}

usec_t params_member_expiry(const struct timing *timing, uint32_t members) {
    return max_i64(3 * params_interval(timing, members), MS(6000));
}

usec_t params_promise(const struct timing *timing) {
    return timing->promise > 0 ? timing->promise : max_i64(MS(2000), timing->detect * 10 / 3);
}

usec_t params_lease(usec_t promise) {
    return promise * 8 / 10;
}

usec_t params_voter_interval(usec_t promise) {
    return promise / 4;
}

/* All voters beat twice meanwhile, at least. */
usec_t params_recovery(usec_t promise) {
    return max_i64(USEC_PER_SEC, promise / 2);
}

bool params_lease_suffices(const struct timing *timing) {
    usec_t try = max_i64(params_floor(timing), timing->detect / 6);
    usec_t promise = params_promise(timing);

    return params_lease(promise) - timing->stop_margin >= params_voter_interval(promise) * 21 / 10 + 5 * try;
}

/* The smallest T with 10^(-8/T) >= loss: T tries in a row fail by chance less than once in 10^8. loss_max[i] is
 * 65536 * 10^(-8/(i + 8)). */
unsigned params_tries(uint32_t loss) {
    static const uint16_t loss_max[] = {
        6553, 8464, 10386, 12280, 14119, 15888, 17581, 19193, 20724, 22176, 23552, 24855, 26090, 27260, 28368,
        29420, 30419, 31367, 32269, 33127, 33944, 34723, 35466, 36175, 36853, 37502, 38122, 38717, 39287,
        39834, 40360, 40865, 41350, 41817, 42267, 42700, 43118, 43521, 43910, 44286, 44649, 45000, 45339,
        45668, 45986, 46295, 46594, 46884, 47165, 47438, 47703, 47960, 48211, 48454, 48690, 48921, 49145,
        49363, 49575, 49782, 49984, 50180, 50372, 50559, 50742, 50920, 51094, 51264, 51430, 51592, 51750,
        51905, 52057, 52205, 52350, 52492,
    };
    unsigned tries = 8;

    while (tries - 8 < sizeof(loss_max) / sizeof(loss_max[0]) - 1 && loss > loss_max[tries - 8])
        tries++;
    return tries;
}

unsigned params_own_tries(uint32_t loss) {
    if (loss > LOSS_ONE * 35 / 100)
        return 6;
    return loss > LOSS_ONE * 15 / 100 ? 4 : 3;
}

unsigned params_doubtful_tries(uint32_t loss) {
    return params_own_tries(loss) - 1;
}

unsigned params_vouches(uint32_t loss) {
    return params_own_tries(loss) - 2;
}

unsigned params_shared_tries(uint32_t loss, uint32_t members) {
    unsigned rest = params_tries(loss) - params_own_tries(loss);
    unsigned witnesses = members > 9 ? 8 : members > 2 ? members - 1 : 1;
    unsigned shared = (rest + witnesses - 1) / witnesses;

    return shared > 3 ? shared : 3;
}
