/* SPDX-License-Identifier: ISC
 *
 * test_core_refusal.c - what a node ignores for reasons of safety or plausibility is counted, each under its reason.
 * That it is ignored is told by the tests of the rules.
 */
#include "core_fixture.h"

#include "base/util.h"

#include <string.h>

enum { PLAUSIBLE = 1 << 20 };

static struct node n;

static uint64_t count_of(enum core_refusal why) {
    return core_counters(n.core)->refused[why];
}

/* So many of these, and none of any other reason. */
#define expect_refused(why, times) check_refused(why, times, __LINE__)

static void check_refused(enum core_refusal why, uint64_t times, int line) {
    for (enum core_refusal one = 0; one < REFUSAL_END; one++)
        ck_assert_msg(count_of(one) == (one == why ? times : 0), "line %d: %ju of %s", line, (uintmax_t)count_of(one),
                      refusal_name(one));
}

START_TEST(reasons_have_names) {
    for (enum core_refusal why = 0; why < REFUSAL_END; why++) {
        ck_assert_str_ne(refusal_name(why), "?");
        ck_assert_uint_eq(strspn(refusal_name(why), "abcdefghijklmnopqrstuvwxyz_"), strlen(refusal_name(why)));
        for (enum core_refusal other = 0; other < why; other++)
            ck_assert_str_ne(refusal_name(why), refusal_name(other));
    }
    ck_assert_str_eq(refusal_name(REFUSAL_END), "?");
}
END_TEST

START_TEST(a_quiet_life_counts_nothing) {
    follows(&n, 7, 3, 0);
    for (int i = 0; i < 5; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, 3 * SEC);
        leader_acks(&n);
        hears(&n, LEADER, my_leader(&n));
    }
    expect_refused(REFUSAL_END, 0);
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, SEC);
    expect_refused(REFUSAL_END, 0);
}
END_TEST

/* ---- EPOCH-3 */

START_TEST(implausible_epochs_of_a_leader_and_of_a_candidate) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, leader(7 + PLAUSIBLE + 1));
    expect_refused(REFUSAL_EPOCH_IMPLAUSIBLE, 1);
    hears(&n, MEMBER(1), election(7 + PLAUSIBLE + 1, 7, BIRTH(1)));
    expect_refused(REFUSAL_EPOCH_IMPLAUSIBLE, 2);
    gets(&n, MEMBER(1), merge_request(7 + PLAUSIBLE + 1, SEC, 42));
    expect_refused(REFUSAL_EPOCH_IMPLAUSIBLE, 3);
}
END_TEST

START_TEST(implausible_epoch_of_an_ack) {
    follows(&n, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 3 * SEC);
    struct wire_message answer = ack(&n, &expect_sent(&n, WIRE_HEARTBEAT)->message);
    answer.ack.epoch = 7 + PLAUSIBLE + 1;
    gets(&n, LEADER, answer);
    expect_refused(REFUSAL_EPOCH_IMPLAUSIBLE, 1);
}
END_TEST

START_TEST(implausible_epoch_of_a_token_in_a_heartbeat) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), heartbeat(token_of(LARGE, 7 + PLAUSIBLE + 100), 2));
    expect_refused(REFUSAL_EPOCH_IMPLAUSIBLE, 1);
}
END_TEST

START_TEST(a_newborn_asks_before_it_judges) {
    struct core_config config = config_of_me();

    config.fresh = true;
    starts_with(&n, &config, 1);
    hears(&n, LEADER, leader(PLAUSIBLE + 100));
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    expect_refused(REFUSAL_END, 0);
}
END_TEST

/* ---- EPOCH-2, ELEC-13, ELEC-15, MERGE-6 */

START_TEST(an_earlier_epoch_of_my_leader) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, leader(6));
    expect_refused(REFUSAL_EPOCH_OLD, 1);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 3 * SEC);
    struct wire_message answer = ack(&n, &expect_sent(&n, WIRE_HEARTBEAT)->message);
    answer.ack.epoch = 6;
    gets(&n, LEADER, answer);
    expect_refused(REFUSAL_EPOCH_OLD, 2);
}
END_TEST

START_TEST(a_winner_of_a_merge_that_does_not_rise) {
    leads(&n, 7);
    hears(&n, SMALL, leader(5));
    uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 7, nonce));
    expect_leader(&n, ME, 7);
    expect_refused(REFUSAL_EPOCH_OLD, 1);
}
END_TEST

START_TEST(another_leader_while_mine_lives) {
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, leader(9));
    expect_leader(&n, LEADER, 7);
    expect_refused(REFUSAL_OTHER_LEADER, 1);
}
END_TEST

/* ---- answers to nothing */

START_TEST(an_ack_of_a_node_that_was_not_asked) {
    follows(&n, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 3 * SEC);
    gets(&n, LARGE, ack(&n, &expect_sent(&n, WIRE_HEARTBEAT)->message));
    expect_refused(REFUSAL_UNASKED, 1);
}
END_TEST

START_TEST(a_redirect_of_a_node_that_was_not_asked) {
    follows(&n, 7, 3, 0);
    gets(&n, LARGE, redirect(SMALL, 9));
    expect_leader(&n, LEADER, 7);
    expect_refused(REFUSAL_UNASKED, 1);
}
END_TEST

START_TEST(a_vouch_for_a_suspicion_that_nobody_raised) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), vouch(7, 4711)); /* nothing is suspected: no matter */
    expect_refused(REFUSAL_END, 0);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, 3 * SEC)->message.suspect.nonce;
    hears(&n, MEMBER(1), vouch(7, nonce + 1));
    expect_standing(&n, STANDING_SUSPECTING);
    expect_refused(REFUSAL_UNASKED, 1);
    hears(&n, MEMBER(1), vouch(7, nonce));
    expect_refused(REFUSAL_UNASKED, 1);
}
END_TEST

START_TEST(a_merge_reply_with_another_nonce) {
    leads(&n, 7);
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 9, 4711));
    expect_refused(REFUSAL_UNASKED, 1);
    hears(&n, SMALL, leader(9));
    uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 9, nonce + 1));
    expect_leader(&n, ME, 7);
    expect_refused(REFUSAL_UNASKED, 2);
}
END_TEST

START_TEST(a_page_that_was_not_asked_for) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, message_of(WIRE_PAGE_REPLY));
    expect_refused(REFUSAL_UNASKED, 1);
}
END_TEST

/* ---- GAP-2, GAP-3 */

START_TEST(a_leader_that_was_away_answers_nobody) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    sleeps(&n, SEC);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    expect_refused(REFUSAL_UNCONFIRMED, 1);
    hears(&n, MEMBER(0), suspect(7, 42));
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    hears(&n, SMALL, leader(6));
    gets(&n, SMALL, merge_request(6, SEC, 42));
    gets(&n, MEMBER(0), message_of(WIRE_PAGE));
    expect_refused(REFUSAL_UNCONFIRMED, 6);
}
END_TEST

START_TEST(a_leader_that_was_away_believes_only_the_answer_to_its_question) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    sleeps(&n, SEC);
    wakes(&n);
    struct wire_message answer = message_of(WIRE_ACK);
    uint64_t nonce = expect_multicast(&n, WIRE_HEARTBEAT)->heartbeat.nonce;
    answer.ack = (struct wire_ack){ .epoch = 7, .detect = 300 * MS, .count = 2, .nonce = nonce + 1 };
    gets(&n, MEMBER(0), answer);
    expect_standing(&n, STANDING_UNCONFIRMED);
    expect_refused(REFUSAL_UNASKED, 1);
    answer.ack.nonce = nonce;
    gets(&n, MEMBER(0), answer);
    expect_standing(&n, STANDING_LEADING);
    expect_refused(REFUSAL_UNASKED, 1);
}
END_TEST

/* ---- SUSP-2 */

START_TEST(suspicions_in_close_succession) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), suspect(7, 42));
    hears(&n, MEMBER(1), vouch(7, 42));
    expect_standing(&n, STANDING_FOLLOWING);
    hears(&n, MEMBER(1), suspect(7, 43));
    expect_refused(REFUSAL_SUSPECT_DAMPED, 1);
}
END_TEST

/* ---- MEMB-4, MEMB-5, HAND-4 */

START_TEST(a_registration_beyond_the_table) {
    struct core_config config = config_of_me();

    config.members_max = 1;
    leads_with(&n, &config, 7);
    joins(&n, MEMBER(0), SEC);
    expect_refused(REFUSAL_END, 0);
    joins(&n, MEMBER(1), SEC);
    joins(&n, MEMBER(2), SEC);
    expect_refused(REFUSAL_TABLE_FULL, 2);
}
END_TEST

START_TEST(a_registration_that_a_later_one_has_overtaken) {
    struct wire_message late = registration(MEMBER(0), SEC, (struct token){ 0 });
    struct wire_message plain = heartbeat(token_of(ME, 7), 8);
    struct core_peer peer;

    leads(&n, 7);
    late.heartbeat.exchange = 7;
    late.registration.facts.priority = 200;
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), plain);
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
    gets(&n, MEMBER(0), late);
    expect_none(&n, WIRE_ACK);
    ck_assert(core_peer(n.core, n.now, 1, &peer));
    ck_assert_uint_eq(peer.facts.priority, 100);
    expect_refused(REFUSAL_OVERTAKEN, 1);
}
END_TEST

START_TEST(a_restarted_member_counts_its_exchanges_anew) {
    struct wire_message anew = registration(MEMBER(0), SEC, (struct token){ 0 });

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 8));
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
    anew.header.incarnation = 2;
    anew.header.boot_nonce = 4711;
    gets(&n, MEMBER(0), anew);
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
    expect_refused(REFUSAL_END, 0);
}
END_TEST

START_TEST(a_page_for_a_stranger) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, LARGE, message_of(WIRE_PAGE));
    expect_none(&n, WIRE_PAGE_REPLY);
    expect_refused(REFUSAL_PAGE_UNLISTED, 1);
    gets(&n, MEMBER(0), message_of(WIRE_PAGE));
    expect_refused(REFUSAL_PAGE_UNLISTED, 1);
}
END_TEST

START_TEST(a_wish_to_preempt_without_the_priority) {
    struct wire_message wish = message_of(WIRE_HANDOVER_REQUEST);

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    wish.handover_request = (struct wire_handover_request){ 7, { .priority = 200, .id = id_of(MEMBER(0)) } };
    gets(&n, MEMBER(0), wish);
    expect_leader(&n, ME, 7);
    expect_refused(REFUSAL_HANDOVER, 1);
}
END_TEST

/* ---- START-1 */

START_TEST(a_vote_that_could_not_be_kept) {
    follows(&n, 7, 3, 1);
    state_is_writable(&n, false);
    hears(&n, LEADER, resign(7, MEMBER(0)));
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_refused(REFUSAL_NOT_WRITABLE, 1);
}
END_TEST

/* The disk failed between its choice and its vote. */
START_TEST(a_vote_that_can_not_be_kept_any_more) {
    follows(&n, 7, 10, 5);
    hears(&n, LEADER, resign(7, MEMBER(0)));
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1))); /* not the next in line: the vote waits a little */
    expect_none(&n, WIRE_LEADER_ELECTED);
    state_is_writable(&n, false);
    time_passes(&n, 90 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_refused(REFUSAL_NOT_WRITABLE, 1);
}
END_TEST

/* ---- MEMB-7, MEMB-8, SEC-2 */

START_TEST(my_id_from_another_host) {
    struct wire_message twin = announce(SEC);

    leads(&n, 7);
    twin.header.sender = id_of(ME);
    hears(&n, LARGE, twin);
    expect_refused(REFUSAL_OWN_ID, 1);
    twin.header.boot_nonce = n.config.boot_nonce; /* but a datagram of its own, looped back, is nothing */
    hears(&n, LARGE, twin);
    expect_refused(REFUSAL_OWN_ID, 1);
}
END_TEST

START_TEST(a_node_that_has_gone_back_in_time) {
    struct wire_message later = announce(SEC);

    later.header.incarnation = 5;
    starts(&n);
    hears(&n, LARGE, later);
    hears(&n, LARGE, announce(SEC));
    expect_refused(REFUSAL_STALE_SENDER, 1);
}
END_TEST

START_TEST(stale_about_another_start) {
    struct wire_message message = message_of(WIRE_STALE);

    leads(&n, 7);
    message.header.flags = WIRE_FLAG_UNICAST;
    message.header.receiver_nonce = n.config.boot_nonce + 1;
    message.stale.incarnation = n.config.state.incarnation;
    gets(&n, LARGE, message);
    expect_leader(&n, ME, 7);
    expect_refused(REFUSAL_STALE_UNMEANT, 1);
}
END_TEST

START_TEST(a_challenge_needs_a_key) {
    starts(&n);
    gets(&n, LARGE, message_of(WIRE_CHALLENGE));
    expect_refused(REFUSAL_CHALLENGE, 1);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        reasons_have_names,
        a_quiet_life_counts_nothing,
        implausible_epochs_of_a_leader_and_of_a_candidate,
        implausible_epoch_of_an_ack,
        implausible_epoch_of_a_token_in_a_heartbeat,
        a_newborn_asks_before_it_judges,
        an_earlier_epoch_of_my_leader,
        a_winner_of_a_merge_that_does_not_rise,
        another_leader_while_mine_lives,
        an_ack_of_a_node_that_was_not_asked,
        a_redirect_of_a_node_that_was_not_asked,
        a_vouch_for_a_suspicion_that_nobody_raised,
        a_merge_reply_with_another_nonce,
        a_page_that_was_not_asked_for,
        a_leader_that_was_away_answers_nobody,
        a_leader_that_was_away_believes_only_the_answer_to_its_question,
        suspicions_in_close_succession,
        a_registration_beyond_the_table,
        a_registration_that_a_later_one_has_overtaken,
        a_restarted_member_counts_its_exchanges_anew,
        a_page_for_a_stranger,
        a_wish_to_preempt_without_the_priority,
        a_vote_that_could_not_be_kept,
        a_vote_that_can_not_be_kept_any_more,
        my_id_from_another_host,
        a_node_that_has_gone_back_in_time,
        stale_about_another_start,
        a_challenge_needs_a_key,
    };

    return run_tests("core: refusals", tests, ARRAY_SIZE(tests));
}
