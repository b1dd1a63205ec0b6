/* SPDX-License-Identifier: ISC
 *
 * test_core_gap.c - a leader that was away, and what its followers answer it: rules GAP.
 *
 * With the default detect of 300 ms the leader ticks every 150 ms: a sleep of 150 ms is no gap, one of 451 ms always
 * is one.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

/* The node leads with a follower, and wakes from a pause: it has asked whether it still leads. */
static uint64_t was_away(void) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    sleeps(&n, SEC);
    wakes(&n);
    uint64_t nonce = expect_multicast(&n, WIRE_HEARTBEAT)->heartbeat.nonce;
    forget(&n);
    return nonce;
}

static struct wire_message confirmation(uint64_t epoch, uint64_t nonce) {
    struct wire_message message = message_of(WIRE_ACK);

    message.ack = (struct wire_ack){ .epoch = epoch, .detect = 300 * MS, .count = 2, .nonce = nonce };
    return message;
}

/* ---- GAP-1 */

START_TEST(GAP_1_an_awake_leader_stays_confirmed) {
    leads(&n, 7);
    for (unsigned i = 0; i < 600; i++) {
        time_passes(&n, 100 * MS);
        expect_standing(&n, STANDING_LEADING);
        forget(&n);
    }
}
END_TEST

START_TEST(GAP_1_a_pause_up_to_detect_is_no_gap) {
    leads(&n, 7);
    sleeps(&n, 150 * MS);
    wakes(&n);
    expect_leader(&n, ME, 7);
    expect_none(&n, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(GAP_1_a_longer_pause_leaves_it_unconfirmed) {
    leads(&n, 7);
    sleeps(&n, 451 * MS);
    wakes(&n);
    expect_standing(&n, STANDING_UNCONFIRMED);
    expect_no_leader(&n);
    expect_state(&n, NODE_LEADER);
}
END_TEST

START_TEST(GAP_1_who_asks_in_the_middle_of_a_pause_is_told_the_truth) {
    leads(&n, 7);
    sleeps(&n, 451 * MS);
    expect_standing(&n, STANDING_UNCONFIRMED); /* computed from the clock: no event has come yet */
    expect_no_leader(&n);
}
END_TEST

START_TEST(GAP_1_gap_is_found_before_the_input_is_looked_at) {
    struct wire_message accusation = suspect(7, 42);

    accusation.suspect.leader = token_of(ME, 7);
    leads(&n, 7);
    sleeps(&n, SEC);
    hears(&n, MEMBER(0), accusation); /* was in the queue */
    expect_standing(&n, STANDING_UNCONFIRMED);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(GAP_1_gap_follows_detect) {
    struct core_config config = config_of_me();

    config.timing.detect = SEC;
    leads_with(&n, &config, 7);
    sleeps(&n, 451 * MS);
    wakes(&n);
    expect_standing(&n, STANDING_LEADING);
    sleeps(&n, 1501 * MS);
    wakes(&n);
    expect_standing(&n, STANDING_UNCONFIRMED);
}
END_TEST

START_TEST(GAP_1_followers_have_no_tick) {
    follows(&n, 7, 3, 0);
    sleeps(&n, 400 * MS);
    wakes(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    expect_no_more(&n);
}
END_TEST

/* The time that has passed was no gap by the rule that was in force. */
START_TEST(GAP_1_a_smaller_detect_makes_no_gap) {
    struct core_config config = config_of_me();
    struct timing timing = TIMING_DEFAULT;

    config.timing.detect = 5 * SEC;
    leads_with(&n, &config, 7);
    time_passes(&n, 2 * SEC);
    timing.detect = 100 * MS;
    configures(&n, &config.facts, &timing);
    time_passes(&n, SEC);
    expect_leader(&n, ME, 7);
    expect_none(&n, WIRE_HEARTBEAT);
    sleeps(&n, 200 * MS);
    wakes(&n);
    expect_standing(&n, STANDING_UNCONFIRMED);
}
END_TEST

/* ---- GAP-2 */

START_TEST(GAP_2_asks_by_multicast) {
    struct token own = token_of(ME, 7);

    leads(&n, 7);
    sleeps(&n, SEC);
    wakes(&n);
    const struct wire_heartbeat *asked = &expect_multicast(&n, WIRE_HEARTBEAT)->heartbeat;
    ck_assert(asked->question && asked->nonce != 0);
    ck_assert_uint_eq(asked->epoch, 7);
    ck_assert(token_equal(&asked->own, &own));
}
END_TEST

START_TEST(GAP_2_answers_nothing_while_unconfirmed) {
    struct wire_message accusation = suspect(7, 42), against_me = election(8, 7, BIRTH(0));

    accusation.suspect.leader = token_of(ME, 7);
    against_me.election.dead = token_of(ME, 7);
    was_away();
    hears(&n, MEMBER(0), accusation);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(ME, 7)));
    hears(&n, MEMBER(0), against_me);
    hears(&n, LARGE, founding(1, SEC));
    hears(&n, LARGE, announce(SEC));
    gets(&n, LARGE, merge_request(5, SEC, 99));
    gets(&n, SMALL, merge_request(5, SEC, 99));
    gets(&n, MEMBER(0), vote(8, (struct token){ 0 }));
    expect_no_more(&n);
}
END_TEST

START_TEST(GAP_2_watchers_hear_nothing_until_it_is_resolved) {
    uint64_t nonce;

    leads(&n, 7);
    sleeps(&n, SEC);
    wakes(&n);
    nonce = expect_multicast(&n, WIRE_HEARTBEAT)->heartbeat.nonce;
    expect_no_action(&n, ACTION_NOTICE);
    expect_no_action(&n, ACTION_STOP_WORK);
    gets(&n, MEMBER(0), confirmation(7, nonce));
    ck_assert_uint_eq(expect_notice(&n, NOTICE_CONFIRMED, REASON_GAP)->token.epoch, 7);
    expect_no_action(&n, ACTION_NOTICE);
}
END_TEST

START_TEST(GAP_2_does_not_announce_itself_while_unconfirmed) {
    was_away();
    time_passes(&n, 599 * MS);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(GAP_2_running_merge_is_forgotten) {
    leads(&n, 7);
    hears(&n, SMALL, leader(9));
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
    sleeps(&n, SEC);
    wakes(&n);
    forget(&n);
    time_passes(&n, 599 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(GAP_2_unconfirmed_leader_resigns_when_it_knows) {
    uint64_t nonce = was_away();

    is_told(&n, EVENT_RESIGN);
    expect_no_action(&n, ACTION_RESIGNED);
    expect_no_action(&n, ACTION_STOP_WORK);
    gets(&n, MEMBER(0), confirmation(7, nonce));
    time_passes(&n, 0);
    expect_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(GAP_2_or_need_not_any_more) {
    was_away();
    is_told(&n, EVENT_RESIGN);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_DONE);
}
END_TEST

/* ---- GAP-3 */

START_TEST(GAP_3_confirmed_by_one_ack_with_its_nonce) {
    uint64_t nonce = was_away();

    gets(&n, MEMBER(0), confirmation(7, nonce));
    expect_leader(&n, ME, 7);
    ck_assert_uint_eq(expect_multicast(&n, WIRE_LEADER)->leader.epoch, 7);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
}
END_TEST

START_TEST(GAP_3_another_ack_does_not_confirm) {
    uint64_t nonce = was_away();

    gets(&n, MEMBER(0), confirmation(7, nonce + 1));
    gets(&n, MEMBER(0), confirmation(7, 0));
    gets(&n, MEMBER(0), confirmation(6, nonce));
    gets(&n, MEMBER(0), confirmation(8, nonce));
    expect_standing(&n, STANDING_UNCONFIRMED);
}
END_TEST

START_TEST(GAP_3_confirmed_by_2_detect_without_another_leader) {
    was_away();
    time_passes(&n, 600 * MS - 1);
    expect_standing(&n, STANDING_UNCONFIRMED);
    time_passes(&n, 1);
    expect_leader(&n, ME, 7);
    expect_multicast(&n, WIRE_LEADER);
    expect_notice(&n, NOTICE_CONFIRMED, REASON_GAP);
}
END_TEST

START_TEST(GAP_3_follows_a_leader_with_a_higher_epoch) {
    was_away();
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    expect_action(&n, ACTION_STOP_WORK);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_GAP);
    expect_notice(&n, NOTICE_LEADER, REASON_GAP);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(GAP_3_does_not_follow_or_merge_with_a_lower_one) {
    was_away();
    hears(&n, MEMBER(0), leader(6));
    expect_standing(&n, STANDING_UNCONFIRMED);
    expect_no_more(&n);
}
END_TEST

START_TEST(GAP_3_implausible_leader_is_ignored) {
    was_away();
    hears(&n, MEMBER(0), leader(7 + (1 << 20) + 1));
    expect_standing(&n, STANDING_UNCONFIRMED);
}
END_TEST

START_TEST(GAP_3_a_second_pause_asks_with_a_new_nonce) {
    uint64_t first = was_away();

    sleeps(&n, SEC);
    wakes(&n);
    expect_standing(&n, STANDING_UNCONFIRMED);
    uint64_t second = expect_multicast(&n, WIRE_HEARTBEAT)->heartbeat.nonce;
    ck_assert_uint_ne(first, second);
    gets(&n, MEMBER(0), confirmation(7, first));
    expect_standing(&n, STANDING_UNCONFIRMED);
    gets(&n, MEMBER(0), confirmation(7, second));
    expect_leader(&n, ME, 7);
}
END_TEST

/* The next announcement may be due only when the other has confirmed itself. */
START_TEST(GAP_3_who_leads_meanwhile_answers_the_question) {
    leads(&n, 8);
    hears(&n, MEMBER(0), question(token_of(MEMBER(0), 7), 99));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_LEADER)->leader.epoch, 8);
    expect_no_more(&n);
}
END_TEST

START_TEST(GAP_3_who_leads_and_stops_its_work_answers_the_question) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_RESIGN);
    forget(&n);
    hears(&n, LARGE, question(token_of(LARGE, 6), 99));
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_LEADER)->leader.epoch, 7);
}
END_TEST

START_TEST(GAP_3_question_of_a_leader_with_as_high_an_epoch_is_not_answered) {
    leads(&n, 8);
    hears(&n, MEMBER(0), question(token_of(MEMBER(0), 8), 99));
    hears(&n, MEMBER(0), question(token_of(MEMBER(0), 9), 99));
    expect_no_more(&n);
}
END_TEST

START_TEST(GAP_3_who_was_away_itself_does_not_answer_the_question) {
    was_away();
    hears(&n, MEMBER(0), question(token_of(MEMBER(0), 6), 99));
    expect_no_more(&n);
}
END_TEST

START_TEST(GAP_3_after_the_confirmation_it_merges_again) {
    uint64_t nonce = was_away();

    gets(&n, MEMBER(0), confirmation(7, nonce));
    hears(&n, LARGE, leader(9));
    expect_unicast(&n, LARGE, WIRE_MERGE_REQUEST);
    expect_leader(&n, ME, 7);
}
END_TEST

/* detect is 100 ms: the pause is resolved before the 500 ms of HAND-3 are over. */
START_TEST(GAP_3_who_has_handed_over_does_not_announce_itself_again) {
    struct core_config config = config_of_me();

    config.timing.detect = 100 * MS;
    leads_with(&n, &config, 7);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    sleeps(&n, 151 * MS);
    wakes(&n);
    forget(&n);
    time_passes(&n, 300 * MS);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

/* ---- GAP-4 */

START_TEST(GAP_4_follower_confirms_its_leader) {
    struct wire_message asked = question(token_of(LEADER, 7), 99);

    follows(&n, 7, 3, 0);
    hears(&n, LEADER, asked);
    const struct wire_ack *answer = &expect_unicast(&n, LEADER, WIRE_ACK)->ack;
    ck_assert_uint_eq(answer->epoch, 7);
    ck_assert_uint_eq(answer->nonce, 99);
    ck_assert_uint_eq(answer->exchange, asked.heartbeat.exchange);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(GAP_4_confirming_ends_the_suspicion) {
    follows(&n, 7, 3, 0);
    awaits(&n, WIRE_SUSPECT, SEC);
    hears(&n, LEADER, question(token_of(LEADER, 7), 99));
    expect_unicast(&n, LEADER, WIRE_ACK);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(GAP_4_who_has_a_verdict_does_not_confirm) {
    follows(&n, 7, 3, 1);
    hears(&n, LEADER, farewell(LEADER, 7));
    hears(&n, LEADER, question(token_of(LEADER, 7), 99));
    expect_none(&n, WIRE_ACK);
    expect_no_leader(&n);
}
END_TEST

START_TEST(GAP_4_who_has_voted_does_not_confirm) {
    follows(&n, 7, 5, 3);
    awaits(&n, WIRE_SUSPECT, 3 * SEC);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    hears(&n, LEADER, question(token_of(LEADER, 7), 99));
    expect_none(&n, WIRE_ACK);
}
END_TEST

/* The vote may be for a lower epoch than the leader's: quorum none does not look at it (ELEC-6). */
START_TEST(GAP_4_who_has_voted_in_a_low_epoch_does_not_confirm_either) {
    follows(&n, 7, 5, 3);
    awaits(&n, WIRE_SUSPECT, 3 * SEC);
    hears(&n, MEMBER(0), election(3, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    hears(&n, LEADER, question(token_of(LEADER, 7), 99));
    expect_none(&n, WIRE_ACK);
}
END_TEST

/* The vote was given before this leadership began: it says nothing against it. */
START_TEST(GAP_4_who_voted_before_it_followed_confirms) {
    follows(&n, 7, 5, 3);
    hears(&n, LEADER, farewell(LEADER, 7));
    hears(&n, MEMBER(0), election(30, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    hears(&n, MEMBER(1), leader(8));
    expect_leader(&n, MEMBER(1), 8);
    hears(&n, MEMBER(1), question(token_of(MEMBER(1), 8), 99));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(1), WIRE_ACK)->ack.nonce, 99);
}
END_TEST

START_TEST(GAP_4_question_of_another_epoch_or_node_is_not_confirmed) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, question(token_of(LEADER, 6), 99));
    hears(&n, LARGE, question(token_of(LARGE, 7), 99));
    expect_none(&n, WIRE_ACK);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        GAP_1_an_awake_leader_stays_confirmed,
        GAP_1_a_pause_up_to_detect_is_no_gap,
        GAP_1_a_longer_pause_leaves_it_unconfirmed,
        GAP_1_who_asks_in_the_middle_of_a_pause_is_told_the_truth,
        GAP_1_gap_is_found_before_the_input_is_looked_at,
        GAP_1_gap_follows_detect,
        GAP_1_followers_have_no_tick,
        GAP_1_a_smaller_detect_makes_no_gap,
        GAP_2_asks_by_multicast,
        GAP_2_answers_nothing_while_unconfirmed,
        GAP_2_watchers_hear_nothing_until_it_is_resolved,
        GAP_2_does_not_announce_itself_while_unconfirmed,
        GAP_2_running_merge_is_forgotten,
        GAP_2_unconfirmed_leader_resigns_when_it_knows,
        GAP_2_or_need_not_any_more,
        GAP_3_confirmed_by_one_ack_with_its_nonce,
        GAP_3_another_ack_does_not_confirm,
        GAP_3_confirmed_by_2_detect_without_another_leader,
        GAP_3_follows_a_leader_with_a_higher_epoch,
        GAP_3_does_not_follow_or_merge_with_a_lower_one,
        GAP_3_implausible_leader_is_ignored,
        GAP_3_a_second_pause_asks_with_a_new_nonce,
        GAP_3_who_leads_meanwhile_answers_the_question,
        GAP_3_who_leads_and_stops_its_work_answers_the_question,
        GAP_3_question_of_a_leader_with_as_high_an_epoch_is_not_answered,
        GAP_3_who_was_away_itself_does_not_answer_the_question,
        GAP_3_after_the_confirmation_it_merges_again,
        GAP_3_who_has_handed_over_does_not_announce_itself_again,
        GAP_4_follower_confirms_its_leader,
        GAP_4_confirming_ends_the_suspicion,
        GAP_4_who_has_a_verdict_does_not_confirm,
        GAP_4_who_has_voted_does_not_confirm,
        GAP_4_who_has_voted_in_a_low_epoch_does_not_confirm_either,
        GAP_4_who_voted_before_it_followed_confirms,
        GAP_4_question_of_another_epoch_or_node_is_not_confirmed,
    };

    return run_tests("core: gap", tests, ARRAY_SIZE(tests));
}
