/* SPDX-License-Identifier: ISC
 *
 * test_core_exchange.c - heartbeats, their tries, round trip and loss, slots, redirection: rules EXCH.
 *
 * With the default detect of 300 ms and three members: H 500 ms, r 50 ms, three tries of one's own.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

/* ---- EXCH-1 */

START_TEST(EXCH_1_one_heartbeat_in_its_slot) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS - 1);
    expect_no_more(&n);
    time_passes(&n, 1);
    const struct wire_heartbeat *beat = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
    ck_assert_uint_eq(beat->epoch, 7);
    ck_assert_uint_eq(beat->try, 1);
    ck_assert_int_eq(beat->sent, n.now);
    ck_assert_uint_eq(beat->timeline, TIMELINE);
    ck_assert_int_eq(beat->birth, BIRTH(0));
    ck_assert_uint_eq(beat->own.epoch, 7);
    ck_assert(!beat->registering && !beat->question);
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_1_every_slot_has_an_exchange_of_its_own) {
    uint32_t last = 0;

    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 20; i++) {
        time_passes(&n, 500 * MS);
        ck_assert_uint_eq(count_sent(&n, WIRE_HEARTBEAT), 1);
        const struct wire_message beat = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
        ck_assert_uint_gt(beat.heartbeat.exchange, last);
        last = beat.heartbeat.exchange;
        gets(&n, LEADER, ack(&n, &beat));
        expect_no_notice(&n, NOTICE_LEADER);
        forget(&n);
    }
}
END_TEST

START_TEST(EXCH_1_slot_is_as_the_ack_says) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.next_slot = 130 * MS;
    gets(&n, LEADER, answer);
    time_passes(&n, 130 * MS - 1);
    expect_no_more(&n);
    time_passes(&n, 1);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

/* SEC-4: the leader does not know yet that I hear it. My birth stays, and the next heartbeat registers, at the latest
 * after the time that is told. */
static void gets_shortened_acks(unsigned count, usec_t interval) {
    usec_t waits = params_floor(&n.config.timing);

    time_passes_until_sent(&n, WIRE_HEARTBEAT, 500 * MS);
    for (unsigned i = 0; i < count; i++) {
        struct wire_message beat = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT), answer = ack(&n, &beat);

        ck_assert_uint_eq(beat.has_registration, i > 0);
        ck_assert_int_ne(beat.heartbeat.birth, 0);
        answer.ack.heartbeat = (uint32_t)interval;
        answer.ack.has_birth = false;
        answer.ack.birth = answer.ack.next_slot = 0;
        answer.has_successors = false;
        forget(&n);
        gets(&n, LEADER, answer);
        time_passes(&n, waits - 1);
        expect_no_more(&n);
        time_passes(&n, 1);
        waits = min_i64(2 * waits, interval);
    }
    ck_assert_int_eq(waits, interval);
}

START_TEST(EXCH_4_shortened_ack_is_followed_by_a_registration) {
    follows(&n, 7, 3, 0);
    gets_shortened_acks(8, 500 * MS);
    gets(&n, LEADER, ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT)));
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 2 * SEC);
    ck_assert(!expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_registration);
}
END_TEST

START_TEST(EXCH_4_shortened_acks_come_ever_later_whatever_the_times_are) {
    struct core_config config = config_of_me();

    config.timing.detect = DETECT_MIN_MS * MS;
    follows_with(&n, &config, 7, 3, 0);
    gets_shortened_acks(13, 5 * SEC);
}
END_TEST

/* ---- EXCH-2 */

START_TEST(EXCH_2_unanswered_try_is_repeated_every_r) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    const struct wire_heartbeat first = expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
    for (unsigned try = 2; try <= 3; try++) {
        time_passes(&n, 50 * MS - 1);
        expect_no_more(&n);
        time_passes(&n, 1);
        const struct wire_heartbeat *beat = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
        ck_assert_uint_eq(beat->exchange, first.exchange);
        ck_assert_uint_eq(beat->try, try);
        ck_assert_int_eq(beat->sent, n.now);
    }
}
END_TEST

START_TEST(EXCH_2_any_ack_of_the_exchange_ends_it) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    const struct wire_message first = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    time_passes(&n, 120 * MS);
    forget(&n);
    gets(&n, LEADER, ack(&n, &first));
    time_passes(&n, 400 * MS);
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_2_ack_of_an_earlier_exchange_ends_nothing) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    const struct wire_message old = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    gets(&n, LEADER, ack(&n, &old));
    time_passes(&n, 500 * MS);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    gets(&n, LEADER, ack(&n, &old));
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.try, 2);
}
END_TEST

START_TEST(EXCH_2_ack_of_another_node_ends_nothing) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    const struct wire_message first = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    gets(&n, MEMBER(1), ack(&n, &first));
    time_passes(&n, 50 * MS);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    expect_leader(&n, LEADER, 7);
}
END_TEST

/* Answers its next heartbeat after that time; the first time of all this is the first sample. */
static void round_trip_takes(usec_t time) {
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    time_passes(&n, time);
    leader_acks(&n);
    forget(&n);
}

START_TEST(EXCH_2_r_follows_the_round_trip) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 40; i++) /* srtt near 40 ms, rttvar near 0 */
        round_trip_takes(40 * MS);
    awaits(&n, WIRE_HEARTBEAT, SEC);
    time_passes(&n, 49 * MS);
    expect_no_more(&n);
    round_trip_takes(0);
    for (unsigned i = 0; i < 40; i++)
        round_trip_takes(70 * MS);
    awaits(&n, WIRE_HEARTBEAT, SEC);
    time_passes(&n, 69 * MS);
    expect_no_more(&n);
    time_passes(&n, 20 * MS);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

/* The answer had waited in the queue: that was no way of datagrams. */
START_TEST(EXCH_2_own_pause_is_soon_forgotten) {
    follows(&n, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    sleeps(&n, 5 * SEC);
    leader_acks(&n);
    for (unsigned i = 0; i < 16; i++)
        round_trip_takes(MS);
    usec_t begin = happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC));
    usec_t spacing = happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC)) - begin;
    ck_assert_int_le(spacing, 60 * MS);
}
END_TEST

START_TEST(EXCH_2_r_follows_the_variation) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 40; i++) /* srtt near 30 ms, rttvar near 10 ms */
        round_trip_takes(i % 2 == 0 ? 40 * MS : 20 * MS);
    usec_t begin = happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC));
    usec_t spacing = happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC)) - begin;
    ck_assert_int_ge(spacing, 60 * MS);
    ck_assert_int_le(spacing, 80 * MS);
}
END_TEST

START_TEST(EXCH_2_r_is_never_above_detect) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 10; i++)
        round_trip_takes(i % 2 == 0 ? 250 * MS : 0);
    usec_t begin = happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC));
    ck_assert_int_le(happened_at(&n, awaits(&n, WIRE_HEARTBEAT, SEC)) - begin, 300 * MS);
}
END_TEST

START_TEST(EXCH_2_nonsense_time_in_an_ack_teaches_nothing) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.sent = n.now + 10 * SEC;
    gets(&n, LEADER, answer);
    time_passes(&n, 500 * MS);
    answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.sent = 0;
    gets(&n, LEADER, answer);
    time_passes(&n, 500 * MS);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    time_passes(&n, 50 * MS);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

/* ---- EXCH-3 */

/* One exchange that is answered at that try. */
static void answered_at_try(unsigned try) {
    for (unsigned i = 1; i < try; i++)
        awaits(&n, WIRE_HEARTBEAT, SEC);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    forget(&n);
}

START_TEST(EXCH_3_loss_is_a_moving_average_of_failed_tries) {
    double expected = 0.1;

    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 10; i++) {
        answered_at_try(2);
        expected += (1 - expected) / 32;
        expected -= expected / 32;
    }
    ck_assert_double_eq_tol((double)view_of(&n).loss / LOSS_ONE, expected, 0.001);
}
END_TEST

START_TEST(EXCH_3_loss_stays_within_its_range) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 200; i++)
        answered_at_try(1);
    ck_assert_uint_eq(view_of(&n).loss, LOSS_MIN);
    for (unsigned i = 0; i < 400; i++)
        answered_at_try(3);
    ck_assert_uint_gt(view_of(&n).loss, LOSS_ONE / 2);
    ck_assert_uint_le(view_of(&n).loss, LOSS_MAX);
}
END_TEST

START_TEST(EXCH_3_a_death_does_not_slow_its_own_detection) {
    follows(&n, 7, 3, 0);
    uint32_t before = view_of(&n).loss;
    awaits(&n, WIRE_SUSPECT, SEC);
    time_passes(&n, 100 * MS);
    ck_assert_uint_eq(view_of(&n).loss, before);
}
END_TEST

START_TEST(EXCH_3_more_tries_are_made_where_more_are_lost) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 100; i++)
        answered_at_try(2);
    ck_assert_uint_gt(view_of(&n).loss, LOSS_ONE * 35 / 100);
    awaits(&n, WIRE_SUSPECT, SEC);
    ck_assert_uint_eq(count_sent(&n, WIRE_HEARTBEAT), 7); /* six of its own, and the first question */
}
END_TEST

START_TEST(EXCH_3_way_to_another_leader_is_measured_anew) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(LEADER, 7);
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 100; i++)
        answered_at_try(2);
    hears(&n, LARGE, winner);
    ck_assert_uint_eq(view_of(&n).loss, LOSS_START);
}
END_TEST

/* ---- EXCH-4 */

static usec_t interval_of(uint32_t members) {
    struct timing timing = TIMING_DEFAULT;

    return params_interval(&timing, members);
}

START_TEST(EXCH_4_followers_get_evenly_spaced_slots) {
    usec_t interval = interval_of(5);

    leads(&n, 7);
    for (uint8_t i = 0; i < 4; i++)
        joins(&n, MEMBER(i), SEC);
    for (uint8_t i = 0; i < 4; i++) {
        time_passes(&n, 37 * MS);
        gets(&n, MEMBER(i), heartbeat(token_of(ME, 7), 2));
        const struct wire_ack *answer = &expect_unicast(&n, MEMBER(i), WIRE_ACK)->ack;
        ck_assert_uint_eq(answer->heartbeat, interval);
        ck_assert_int_eq((n.now + answer->next_slot) % interval, i * interval / 4);
    }
}
END_TEST

START_TEST(EXCH_4_slot_is_chosen_within_a_quarter_and_five) {
    usec_t interval = interval_of(3);

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    joins(&n, MEMBER(1), SEC);
    for (uint32_t i = 0; i < 50; i++) {
        time_passes(&n, 31 * MS);
        gets(&n, MEMBER(i % 2), heartbeat(token_of(ME, 7), 2 + i));
        const struct wire_ack *answer = &expect_unicast(&n, MEMBER(i % 2), WIRE_ACK)->ack;
        ck_assert_int_gt(answer->next_slot, interval / 4);
        ck_assert_int_le(answer->next_slot, interval / 4 * 5);
        forget(&n);
    }
}
END_TEST

/* All register at once; else nobody would beat for the first half second of a leadership. */
START_TEST(EXCH_4_newcomers_beat_once_more_within_the_interval) {
    static const int64_t eighths[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

    leads(&n, 7);
    for (uint8_t i = 0; i < 8; i++) {
        usec_t interval = interval_of(2U + i);
        const struct wire_ack *answer = joins(&n, MEMBER(i), SEC);

        ck_assert_int_le(answer->next_slot, interval);
        ck_assert_int_eq((n.now + answer->next_slot) % interval, eighths[i] * interval / 8);
    }
}
END_TEST

START_TEST(EXCH_4_last_takes_the_slot_of_a_leaver) {
    usec_t interval = interval_of(3);

    leads(&n, 7);
    for (uint8_t i = 0; i < 3; i++)
        joins(&n, MEMBER(i), SEC);
    for (uint32_t i = 0; i < 8; i++) { /* MEMBER(0) falls silent */
        time_passes(&n, SEC);
        gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 2 + i));
        gets(&n, MEMBER(2), heartbeat(token_of(ME, 7), 2 + i));
    }
    forget(&n);
    gets(&n, MEMBER(2), heartbeat(token_of(ME, 7), 99));
    const struct wire_ack *answer = &expect_unicast(&n, MEMBER(2), WIRE_ACK)->ack;
    ck_assert_uint_eq(answer->count, 3);
    ck_assert_int_eq((n.now + answer->next_slot) % interval, 0);
    gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 99));
    answer = &expect_unicast(&n, MEMBER(1), WIRE_ACK)->ack;
    ck_assert_int_eq((n.now + answer->next_slot) % interval, interval / 2);
}
END_TEST

/* ---- EXCH-5 */

START_TEST(EXCH_5_leader_answers_each_heartbeat) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    struct wire_message beat = heartbeat(token_of(ME, 7), 42);
    beat.heartbeat.sent = 123456789;
    for (uint16_t try = 1; try <= 3; try++) {
        beat.heartbeat.try = try;
        gets(&n, MEMBER(0), beat);
        const struct wire_ack *answer = &expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack;
        ck_assert_uint_eq(answer->epoch, 7);
        ck_assert_uint_eq(answer->exchange, 42);
        ck_assert_int_eq(answer->sent, 123456789);
        ck_assert_int_eq(answer->timestamp, n.now);
        ck_assert_uint_eq(answer->detect, 300 * MS);
        ck_assert_uint_eq(answer->floor, 20 * MS);
        ck_assert_uint_eq(answer->heartbeat, 250 * MS);
        ck_assert_uint_eq(answer->count, 2);
        ck_assert_uint_eq(answer->nonce, 0);
    }
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_5_ack_echoes_the_nonce_of_a_question) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), question(token_of(ME, 7), 99));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.nonce, 99);
}
END_TEST

START_TEST(EXCH_5_leader_rules_the_detect_of_its_followers) {
    struct core_config config = config_of_me();

    config.timing.detect = SEC;
    follows_with(&n, &config, 7, 3, 0);
    ck_assert_int_eq(view_of(&n).detect, SEC);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.detect = 100 * MS;
    answer.ack.heartbeat = 444 * MS;
    gets(&n, LEADER, answer);
    ck_assert_int_eq(view_of(&n).detect, 100 * MS);
    ck_assert_int_eq(view_of(&n).interval, 444 * MS);
}
END_TEST

START_TEST(EXCH_5_nonsense_detect_in_an_ack_is_bounded) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.detect = 0;
    answer.ack.next_slot = 0;
    gets(&n, LEADER, answer);
    ck_assert_int_eq(view_of(&n).detect, DETECT_MIN_MS * MS);
    time_passes(&n, 3 * MS);
    answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.detect = UINT32_MAX;
    gets(&n, LEADER, answer);
    ck_assert_int_eq(view_of(&n).detect, DETECT_MAX_MS * MS);
}
END_TEST

/* A slot that never comes would leave the node without heartbeat, whatever its leader does. */
START_TEST(EXCH_5_nonsense_slot_in_an_ack_is_bounded) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.next_slot = UINT32_MAX;
    gets(&n, LEADER, answer);
    time_passes(&n, (HEARTBEAT_MAX_MS * MS) / 4 * 5 + SEC);
    ck_assert_uint_gt(count_sent(&n, WIRE_HEARTBEAT), 0);
}
END_TEST

START_TEST(EXCH_5_new_leader_rules_with_its_own_detect) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.detect = 100 * MS;
    gets(&n, LEADER, answer);
    hears(&n, LEADER, farewell(LEADER, 7));
    gets(&n, MEMBER(1), vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    ck_assert_uint_eq(joins(&n, MEMBER(1), SEC)->detect, 300 * MS);
}
END_TEST

/* ---- EXCH-6 */

START_TEST(EXCH_6_follower_redirects_a_heartbeat) {
    follows(&n, 7, 3, 0);
    gets(&n, LARGE, heartbeat(token_of(ME, 5), 1));
    const struct wire_redirect *answer = &expect_unicast(&n, LARGE, WIRE_REDIRECT)->redirect;
    struct token token = token_of(LEADER, 7);
    struct address address = address_of(LEADER);
    ck_assert(token_equal(&answer->leader, &token));
    ck_assert(address_equal(&answer->address, &address));
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_6_follower_redirects_a_merge_request) {
    follows(&n, 7, 3, 0);
    gets(&n, LARGE, merge_request(5, SEC, 99));
    expect_unicast(&n, LARGE, WIRE_REDIRECT);
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_6_follower_redirects_a_unicast_suspect_about_another_leader) {
    struct wire_message about_other = suspect(5, 99);

    about_other.suspect.leader = token_of(LARGE, 5);
    follows(&n, 7, 3, 0);
    gets(&n, MEMBER(1), about_other);
    expect_unicast(&n, MEMBER(1), WIRE_REDIRECT);
    hears(&n, MEMBER(1), about_other);
    expect_no_more(&n);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(EXCH_6_leader_answers_a_suspect_about_another_by_leader) {
    leads(&n, 7);
    hears(&n, MEMBER(1), suspect(5, 99));
    const struct wire_leader *answer = &expect_unicast(&n, MEMBER(1), WIRE_LEADER)->leader;
    ck_assert_uint_eq(answer->epoch, 7);
    ck_assert_uint_eq(answer->answered, 0);
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_6_without_leader_nothing_is_answered) {
    starts(&n);
    gets(&n, LARGE, heartbeat(token_of(ME, 5), 1));
    gets(&n, LARGE, merge_request(5, SEC, 99));
    gets(&n, LARGE, suspect(5, 99));
    expect_no_more(&n);
    expect_no_leader(&n);
}
END_TEST

/* ---- EXCH-7 */

/* It has taken another id, or another host its place: under the id that I follow there is nobody to answer. */
START_TEST(EXCH_7_redirect_from_the_place_of_my_leader_counts) {
    struct wire_message moved = redirect(LARGE, 8);

    follows(&n, 7, 3, 0);
    moved.header.sender = id_of(SMALL);
    moved.header.boot_nonce = 4711;
    gets(&n, LEADER, moved);
    expect_no_leader(&n);
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
}
END_TEST

/* It was a copy of another host, has taken a new id, and leads again. */
START_TEST(EXCH_7_ack_from_the_place_of_my_leader_counts) {
    struct wire_message answer;

    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.header.sender = id_of(SMALL);
    answer.header.boot_nonce = 4711;
    answer.ack.epoch = 7;
    gets(&n, LEADER, answer);
    expect_leader(&n, LEADER, 7);
    answer.ack.epoch = 7 + (1 << 20) + 1; /* EPOCH-3 */
    gets(&n, LEADER, answer);
    expect_leader(&n, LEADER, 7);
    answer.ack.epoch = 8;
    gets(&n, LEADER, answer);
    expect_no_leader(&n);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT); /* at that address */
}
END_TEST

/* One datagram to all would have all of them ask the node that it names. */
START_TEST(EXCH_6_redirect_of_another_start_is_ignored) {
    struct wire_message other = redirect(LARGE, 8);

    starts(&n);
    other.header.receiver_nonce = 4711;
    forget(&n);
    gets(&n, MEMBER(1), other);
    expect_no_more(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(EXCH_7_leader_that_redirects_is_no_leader) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, redirect(LARGE, 9));
    expect_no_leader(&n);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_MERGE);
    const struct wire_message *beat = expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
    ck_assert(beat->heartbeat.registering && beat->has_registration);
    ck_assert_uint_eq(beat->heartbeat.own.epoch, 7);
}
END_TEST

START_TEST(EXCH_7_leader_that_redirects_to_me_is_no_leader) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, redirect(ME, 8));
    expect_no_leader(&n);
    expect_no_more(&n);
}
END_TEST

START_TEST(EXCH_7_leader_that_sends_me_heartbeats_is_no_leader) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, heartbeat(token_of(ME, 8), 1));
    expect_no_leader(&n);
    expect_none(&n, WIRE_REDIRECT);
}
END_TEST

START_TEST(EXCH_7_redirect_of_a_stranger_means_nothing_to_a_follower) {
    follows(&n, 7, 3, 0);
    gets(&n, MEMBER(1), redirect(LARGE, 9));
    expect_leader(&n, LEADER, 7);
    expect_no_more(&n);
}
END_TEST

/* Of the time before it led, when it followed another one or me: it came late, or twice. */
START_TEST(EXCH_7_late_words_of_an_earlier_term_mean_nothing) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, redirect(LARGE, 6));
    gets(&n, LEADER, redirect(ME, 6));
    gets(&n, LEADER, heartbeat(token_of(ME, 6), 3));
    expect_leader(&n, LEADER, 7);
    expect_no_notice(&n, NOTICE_NO_LEADER);
}
END_TEST

/* ---- EXCH-8 */

/* MEMBER(1) vouches for the leader, who does not answer this node. */
static void is_vouched_for(void) {
    const struct send *mine = awaits(&n, WIRE_SUSPECT, 60 * SEC);

    hears(&n, MEMBER(1), vouch(7, mine->message.suspect.nonce));
}

START_TEST(EXCH_8_vouched_leader_that_never_answers_is_unreachable) {
    follows(&n, 7, 3, 0);
    is_vouched_for();
    awaits_standing(&n, STANDING_UNREACHABLE, SEC);
    expect_leader(&n, LEADER, 7);
    expect_state(&n, NODE_IDLE);
}
END_TEST

START_TEST(EXCH_8_unreachable_leader_is_tried_each_second) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 4; i++)
        is_vouched_for(); /* the next Suspect is 8 s away */
    awaits_standing(&n, STANDING_UNREACHABLE, SEC);
    forget(&n);
    time_passes(&n, 6 * SEC);
    expect_standing(&n, STANDING_UNREACHABLE);
    uint32_t exchanges = 0, last = 0;
    while (count_sent(&n, WIRE_HEARTBEAT) > 0) {
        const struct wire_heartbeat *beat = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
        exchanges += beat->exchange != last;
        last = beat->exchange;
    }
    ck_assert_uint_ge(exchanges, 5);
    ck_assert_uint_le(exchanges, 6);
}
END_TEST

/* Two hosts had one id, and led one after the other: only the second one had the epoch that I know, and is gone. */
START_TEST(EXCH_8_unreachable_leader_is_asked_where_its_id_leads) {
    follows(&n, 7, 3, 0);
    struct wire_message other = leader(3);
    other.header.sender = id_of(LEADER);
    other.header.incarnation = 9;
    other.header.boot_nonce = 99;

    hears(&n, LARGE, other); /* a late word while all is well: no matter */
    const struct send *beat = awaits(&n, WIRE_HEARTBEAT, 3 * SEC);
    ck_assert(sent_to(beat, LEADER));
    for (unsigned i = 0; i < 4; i++)
        is_vouched_for();
    awaits_standing(&n, STANDING_UNREACHABLE, SEC);
    forget(&n);
    hears(&n, LARGE, other);
    expect_leader(&n, LEADER, 7);
    do
        beat = awaits(&n, WIRE_HEARTBEAT, 3 * SEC);
    while (!sent_to(beat, LARGE));
    ck_assert_uint_eq(beat->message.heartbeat.own.epoch, 7);
}
END_TEST

START_TEST(EXCH_8_suspects_become_rare) {
    static const usec_t least[] = { 1, 2, 4, 8, 16, 30, 30 };
    usec_t last;

    follows(&n, 7, 3, 0);
    is_vouched_for();
    last = n.now;
    for (unsigned i = 0; i < ARRAY_SIZE(least); i++) {
        forget(&n);
        is_vouched_for();
        ck_assert_int_ge(n.now - last, least[i] * SEC);
        ck_assert_int_le(n.now - last, least[i] * SEC + 2 * SEC);
        last = n.now;
    }
    expect_leader(&n, LEADER, 7);
}
END_TEST

/* A firewall refuses what a dead daemon's kernel would refuse: the leader is vouched for all the same. */
START_TEST(EXCH_8_refusals_do_not_hurry_the_next_suspect) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 4; i++)
        is_vouched_for(); /* the next Suspect is 8 s away */
    forget(&n);
    for (usec_t end = n.now + 6 * SEC; n.now < end;) {
        awaits(&n, WIRE_HEARTBEAT, 2 * SEC);
        gets_unreachable(&n, LEADER);
    }
    expect_standing(&n, STANDING_UNREACHABLE);
    expect_none(&n, WIRE_SUSPECT);
}
END_TEST

START_TEST(EXCH_8_an_ack_ends_it_all) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 4; i++)
        is_vouched_for();
    awaits_standing(&n, STANDING_UNREACHABLE, SEC);
    forget(&n);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 2 * SEC);
    leader_acks(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    forget(&n);
    awaits(&n, WIRE_SUSPECT, 700 * MS); /* without back-off */
}
END_TEST

START_TEST(EXCH_8_another_leader_is_suspected_without_back_off) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(LEADER, 7);
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 5; i++)
        is_vouched_for();
    hears(&n, LARGE, winner);
    forget(&n);
    awaits(&n, WIRE_SUSPECT, SEC);
}
END_TEST

/* ---- what users are told of it (tries.h) */

static int32_t told_loss(uint8_t who) {
    struct node_id id = id_of(who);
    struct core_peer peer;
    uint32_t index = 0;

    do
        ck_assert(core_peer(n.core, n.now, index++, &peer));
    while (!node_id_equal(&peer.id, &id));
    return peer.loss;
}

static void has_told(uint8_t who, unsigned lost, unsigned tries) {
    ck_assert_int_eq(told_loss(who), (int32_t)(lost * LOSS_ONE / tries));
}

START_TEST(loss_is_told_of_the_way_to_the_leader) {
    follows(&n, 7, 3, 0); /* by an exchange that was answered at once */
    has_told(LEADER, 0, 1);
    answered_at_try(3);
    has_told(LEADER, 2, 4);
    answered_at_try(1);
    has_told(LEADER, 2, 5);
    ck_assert_uint_eq(core_counters(n.core)->tries, 5);
    ck_assert_uint_eq(core_counters(n.core)->tries_lost, 2);
}
END_TEST

START_TEST(loss_is_told_of_the_latest_tries) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 40; i++)
        answered_at_try(2);
    has_told(LEADER, 32, 64);
    for (unsigned i = 0; i < 32; i++)
        answered_at_try(1);
    has_told(LEADER, 16, 64);
    for (unsigned i = 0; i < 32; i++)
        answered_at_try(1);
    has_told(LEADER, 0, 64);
}
END_TEST

START_TEST(tries_to_an_unreachable_leader_are_told_as_lost) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 4; i++)
        is_vouched_for();
    awaits_standing(&n, STANDING_UNREACHABLE, SEC);
    int32_t before = told_loss(LEADER);
    time_passes(&n, 5 * SEC);
    ck_assert_int_gt(told_loss(LEADER), before);
    ck_assert_int_gt(told_loss(LEADER), LOSS_ONE * 9 / 10);
}
END_TEST

START_TEST(loss_is_told_by_the_leader_of_each_follower) {
    struct wire_message beat;

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    joins(&n, MEMBER(1), SEC);
    ck_assert_int_eq(told_loss(MEMBER(0)), LOSS_UNKNOWN); /* its first exchange may not be over yet */
    for (uint16_t try = 2; try <= 4; try++) { /* the first did not arrive */
        beat = heartbeat(token_of(ME, 7), 2);
        beat.heartbeat.try = try;
        gets(&n, MEMBER(0), beat);
    }
    has_told(MEMBER(0), 0, 1);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 3));
    has_told(MEMBER(0), 3, 5);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 4));
    has_told(MEMBER(0), 3, 6);
    ck_assert_int_eq(told_loss(MEMBER(1)), LOSS_UNKNOWN);
}
END_TEST

START_TEST(nonsense_number_of_a_try_is_bounded) {
    struct wire_message beat = heartbeat(token_of(ME, 7), 2);

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    beat.heartbeat.try = UINT16_MAX;
    gets(&n, MEMBER(0), beat);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 3));
    has_told(MEMBER(0), 63, 64);
    ck_assert_uint_eq(core_counters(n.core)->tries, 1 + 64 + 1);
}
END_TEST

START_TEST(no_loss_is_told_between_followers) {
    follows(&n, 7, 3, 0);
    ck_assert_int_eq(told_loss(MEMBER(1)), LOSS_UNKNOWN);
    ck_assert_int_eq(told_loss(ME), LOSS_UNKNOWN);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        EXCH_1_one_heartbeat_in_its_slot,
        EXCH_1_every_slot_has_an_exchange_of_its_own,
        EXCH_1_slot_is_as_the_ack_says,
        EXCH_4_shortened_ack_is_followed_by_a_registration,
        EXCH_4_shortened_acks_come_ever_later_whatever_the_times_are,
        EXCH_2_unanswered_try_is_repeated_every_r,
        EXCH_2_any_ack_of_the_exchange_ends_it,
        EXCH_2_ack_of_an_earlier_exchange_ends_nothing,
        EXCH_2_ack_of_another_node_ends_nothing,
        EXCH_2_r_follows_the_round_trip,
        EXCH_2_own_pause_is_soon_forgotten,
        EXCH_2_r_follows_the_variation,
        EXCH_2_r_is_never_above_detect,
        EXCH_2_nonsense_time_in_an_ack_teaches_nothing,
        EXCH_3_loss_is_a_moving_average_of_failed_tries,
        EXCH_3_loss_stays_within_its_range,
        EXCH_3_a_death_does_not_slow_its_own_detection,
        EXCH_3_more_tries_are_made_where_more_are_lost,
        EXCH_3_way_to_another_leader_is_measured_anew,
        EXCH_4_followers_get_evenly_spaced_slots,
        EXCH_4_slot_is_chosen_within_a_quarter_and_five,
        EXCH_4_newcomers_beat_once_more_within_the_interval,
        EXCH_4_last_takes_the_slot_of_a_leaver,
        EXCH_5_leader_answers_each_heartbeat,
        EXCH_5_ack_echoes_the_nonce_of_a_question,
        EXCH_5_leader_rules_the_detect_of_its_followers,
        EXCH_5_nonsense_detect_in_an_ack_is_bounded,
        EXCH_5_nonsense_slot_in_an_ack_is_bounded,
        EXCH_5_new_leader_rules_with_its_own_detect,
        EXCH_6_follower_redirects_a_heartbeat,
        EXCH_6_follower_redirects_a_merge_request,
        EXCH_6_follower_redirects_a_unicast_suspect_about_another_leader,
        EXCH_6_leader_answers_a_suspect_about_another_by_leader,
        EXCH_6_without_leader_nothing_is_answered,
        EXCH_7_redirect_from_the_place_of_my_leader_counts,
        EXCH_7_ack_from_the_place_of_my_leader_counts,
        EXCH_6_redirect_of_another_start_is_ignored,
        EXCH_7_leader_that_redirects_is_no_leader,
        EXCH_7_leader_that_redirects_to_me_is_no_leader,
        EXCH_7_leader_that_sends_me_heartbeats_is_no_leader,
        EXCH_7_redirect_of_a_stranger_means_nothing_to_a_follower,
        EXCH_7_late_words_of_an_earlier_term_mean_nothing,
        EXCH_8_vouched_leader_that_never_answers_is_unreachable,
        EXCH_8_unreachable_leader_is_tried_each_second,
        EXCH_8_unreachable_leader_is_asked_where_its_id_leads,
        EXCH_8_refusals_do_not_hurry_the_next_suspect,
        EXCH_8_suspects_become_rare,
        EXCH_8_an_ack_ends_it_all,
        EXCH_8_another_leader_is_suspected_without_back_off,
        loss_is_told_of_the_way_to_the_leader,
        loss_is_told_of_the_latest_tries,
        tries_to_an_unreachable_leader_are_told_as_lost,
        loss_is_told_by_the_leader_of_each_follower,
        nonsense_number_of_a_try_is_bounded,
        no_loss_is_told_between_followers,
    };

    return run_tests("core: exchange", tests, ARRAY_SIZE(tests));
}
