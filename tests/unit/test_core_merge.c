/* SPDX-License-Identifier: ISC
 *
 * test_core_merge.c - two leaders have met: rules MERGE.
 *
 * Of two leaders the one with the smaller id decides: this node decides about LARGE, and asks and obeys SMALL.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

enum { NONCE = 99 };

/* A leader without followers asks; this node keeps its role unless the test makes it lose. */
static struct wire_message lone_request(uint64_t epoch, int64_t age) {
    struct wire_message message = merge_request(epoch, age, NONCE);

    message.merge_request.key.timeline = 0x0123;
    message.merge_request.followed = false;
    return message;
}

/* The node leads epoch 7 and has begun to ask SMALL, who leads that epoch; returns the nonce of the pair. */
static uint64_t asks_small_of(uint64_t epoch) {
    leads(&n, 7);
    hears(&n, SMALL, leader(epoch));
    uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
    forget(&n);
    return nonce;
}

static uint64_t asks_small(void) {
    return asks_small_of(9);
}

/* The node leads epoch 7, LARGE leads epoch 9 and wins; this node stops its work. */
static void lets_go(void) {
    leads(&n, 7);
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    expect_standing(&n, STANDING_STOPPING);
}

/* The same with the work stopped. */
static void has_let_go(void) {
    lets_go();
    forget(&n);
    is_told(&n, EVENT_WORK_STOPPED);
}

/* It leads epoch 8 on TIMELINE, born as BIRTH(0), and nobody follows yet. */
static void leads_on_timeline(void) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    gets(&n, MEMBER(1), vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    time_passes(&n, 2 * SEC);
    forget(&n);
}

/* ---- MERGE-1 */

START_TEST(MERGE_1_asks_16_times_every_20_ms_with_one_nonce) {
    leads(&n, 7);
    hears(&n, SMALL, leader(9));
    usec_t begin = n.now;
    time_passes(&n, 1900 * MS);
    uint64_t nonce = 0;
    for (unsigned i = 0; i < 16; i++) {
        const struct wire_message *asked = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
        ck_assert_int_eq(happened_at(&n, asked) - begin, i * 20 * MS);
        ck_assert(asked->merge_request.nonce != 0 && (i == 0 || asked->merge_request.nonce == nonce));
        nonce = asked->merge_request.nonce;
    }
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_1_request_tells_about_this_leadership) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, SEC);
    forget(&n);
    hears(&n, SMALL, leader(9));
    const struct wire_merge_request *asked = &expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request;
    struct node_id me = id_of(ME);
    ck_assert_uint_eq(asked->epoch, 7);
    ck_assert(node_id_equal(&asked->key.id, &me));
    ck_assert_uint_eq(asked->key.priority, 100);
    ck_assert_int_eq(asked->age, view_of(&n).age);
    ck_assert_uint_eq(asked->since_ms, 2000);
    ck_assert(asked->followed); /* SMALL leads for 10 s */
}
END_TEST

START_TEST(MERGE_1_one_series_in_2_s_with_the_same_nonce) {
    uint64_t nonce = asks_small();

    joins(&n, MEMBER(0), SEC); /* or it would be idle (MERGE-10) */
    time_passes(&n, SEC);
    forget(&n);
    hears(&n, SMALL, leader(9));
    time_passes(&n, 900 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
    time_passes(&n, 100 * MS);
    hears(&n, SMALL, leader(9));
    ck_assert_uint_eq(expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce, nonce);
}
END_TEST

START_TEST(MERGE_1_follower_may_report_the_other_leader) {
    struct wire_message report = heartbeat(token_of(ME, 7), 2);

    report.has_stranger = true;
    report.stranger = (struct wire_stranger){ token_of(SMALL, 9), address_of(SMALL) };
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), report);
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
}
END_TEST

/* The other one has said so itself; its next leadership would have another epoch. */
START_TEST(MERGE_1_late_report_about_a_leadership_that_is_over_means_nothing) {
    struct wire_message report = heartbeat(token_of(ME, 10), 2);
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 9, nonce));
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 2 * SEC);
    forget(&n);
    report.has_stranger = true;
    report.stranger = (struct wire_stranger){ token_of(SMALL, 9), address_of(SMALL) };
    gets(&n, MEMBER(0), report);
    expect_none(&n, WIRE_MERGE_REQUEST);
    report.stranger.token.epoch = 11;
    gets(&n, MEMBER(0), report);
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_1_report_about_this_node_itself_means_nothing) {
    struct wire_message report = heartbeat(token_of(ME, 7), 2);

    report.has_stranger = true;
    report.stranger = (struct wire_stranger){ token_of(ME, 6), address_of(ME) };
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    gets(&n, MEMBER(0), report);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_1_series_is_forgotten_when_it_steps_down) {
    asks_small();
    link_changes(&n, 0, false);
    time_passes(&n, SEC);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_1_conflict_is_told_once) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    hears(&n, SMALL, leader(9));
    ck_assert_uint_eq(expect_notice(&n, NOTICE_CONFLICT, REASON_MERGE)->token.epoch, 9);
    hears(&n, SMALL, leader(9));
    expect_no_notice(&n, NOTICE_CONFLICT);
}
END_TEST

START_TEST(MERGE_1_many_leaders_at_once_are_asked_in_bounded_memory) {
    leads(&n, 7);
    for (uint8_t i = 0; i < 20; i++) {
        hears(&n, MEMBER(i), leader(9));
        expect_unicast(&n, MEMBER(i), WIRE_MERGE_REQUEST);
        time_passes(&n, MS);
    }
    uint64_t nonce = 0;
    time_passes(&n, 40 * MS);
    while (count_sent(&n, WIRE_MERGE_REQUEST) > 0) {
        const struct send *send = expect_sent(&n, WIRE_MERGE_REQUEST);
        nonce = sent_to(send, MEMBER(19)) ? send->message.merge_request.nonce : nonce;
    }
    gets(&n, MEMBER(19), merge_reply(WIRE_KEEP_ME, 10, nonce));
    expect_leader(&n, MEMBER(19), 10);
}
END_TEST

/* ---- MERGE-2 */

START_TEST(MERGE_2_larger_id_answers_with_its_own_request) {
    leads(&n, 7);
    gets(&n, SMALL, merge_request(9, SEC, NONCE));
    const struct wire_merge_request *asked = &expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request;
    ck_assert_uint_ne(asked->nonce, NONCE);
    expect_none(&n, WIRE_MERGE_REPLY);
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(MERGE_2_smaller_id_decides) {
    leads(&n, 7);
    gets(&n, LARGE, lone_request(9, SEC));
    expect_unicast(&n, LARGE, WIRE_MERGE_REPLY);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

/* ---- MERGE-3 */

/* On different timelines; this node is a few seconds old, of priority 100, and has the smaller id. */
static const struct {
    const char *clause;
    bool followed, other_followed;
    uint16_t other_priority;
    usec_t other_age;
    bool keeps;
} comparisons[] = {
    { "smaller id", false, false, 100, 0, true },
    { "same minute", false, false, 100, 59 * SEC, true },
    { "older by a minute", false, false, 100, 61 * SEC, false },
    { "priority, though older", false, false, 99, 10000 * SEC, true },
    { "priority, though younger", false, false, 101, 0, false },
    { "followed, though junior", true, false, 200, 10000 * SEC, true },
    { "not followed, though senior", false, true, 1, 0, false },
    { "both followed: older", true, true, 100, 61 * SEC, false },
    { "both followed: priority", true, true, 99, 61 * SEC, true },
};

START_TEST(MERGE_3_followed_then_priority_then_minutes_then_id) {
    for (unsigned i = 0; i < ARRAY_SIZE(comparisons); i++) {
        struct wire_message request = lone_request(5, comparisons[i].other_age);
        request.merge_request.followed = comparisons[i].other_followed;
        request.merge_request.key.priority = comparisons[i].other_priority;
        leads(&n, 7);
        if (comparisons[i].followed)
            joins(&n, MEMBER(0), SEC);
        gets(&n, LARGE, request);
        enum wire_verdict verdict = expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict;
        ck_assert_msg(verdict == (comparisons[i].keeps ? WIRE_KEEP_ME : WIRE_WAIT), "%s", comparisons[i].clause);
    }
}
END_TEST

START_TEST(MERGE_3_followed_counts_since_the_other_became_leader) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 2 * SEC);
    gets(&n, LARGE, merge_request(5, SEC, NONCE)); /* for 1 s, and followed */
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
}
END_TEST

START_TEST(MERGE_3_a_vote_is_a_following_too) {
    struct wire_message request = lone_request(5, 10000 * SEC);

    leads(&n, 7);
    gets(&n, MEMBER(0), vote(7, (struct token){ 0 }));
    gets(&n, LARGE, request);
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_KEEP_ME);
}
END_TEST

/* The leader that it replaces may be back before anybody has registered. */
START_TEST(MERGE_3_the_votes_that_elected_it_are_followings) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    gets(&n, MEMBER(1), vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    gets(&n, SMALL, lone_request(7, 10000 * SEC));
    ck_assert(expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.followed);
}
END_TEST

/* Its own clock began after the other leadership. */
START_TEST(MERGE_3_who_leads_alone_is_not_followed_however_long_the_other_leads) {
    struct wire_message request = lone_request(5, 10000 * SEC);

    request.merge_request.since_ms = UINT32_MAX;
    request.merge_request.followed = true;
    leads(&n, 7);
    gets(&n, LARGE, request);
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
    leads(&n, 7);
    gets(&n, SMALL, request);
    ck_assert(!expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.followed);
}
END_TEST

START_TEST(MERGE_3_on_one_timeline_the_frozen_key_decides) {
    struct wire_message request = merge_request(5, 0, NONCE);

    request.merge_request.followed = false;
    request.merge_request.key.birth = BIRTH(0) - 1;
    leads_on_timeline();
    gets(&n, LARGE, request);
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
    request.merge_request.key.birth = BIRTH(0) + 1;
    request.merge_request.age = 10000 * SEC;
    leads_on_timeline();
    gets(&n, LARGE, request);
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_KEEP_ME);
}
END_TEST

/* ---- MERGE-4 */

START_TEST(MERGE_4_winner_goes_above_an_epoch_that_is_not_below) {
    struct token other = token_of(LARGE, 9);

    leads(&n, 7);
    gets(&n, LARGE, lone_request(9, SEC));
    expect_leader(&n, ME, 10);
    const struct wire_merge_reply *reply = &expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply;
    ck_assert_uint_eq(reply->nonce, NONCE);
    ck_assert_int_eq(reply->verdict, WIRE_KEEP_ME);
    ck_assert_uint_eq(reply->epoch, 10);
    const struct wire_leader *told = &expect_multicast(&n, WIRE_LEADER)->leader;
    ck_assert_uint_eq(told->epoch, 10);
    ck_assert(token_equal(&told->absorbed, &other));
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(MERGE_4_equal_epochs_raise_it) {
    leads(&n, 7);
    gets(&n, LARGE, lone_request(7, SEC));
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(MERGE_4_winner_keeps_an_epoch_that_is_above) {
    struct token other = token_of(LARGE, 5);

    leads(&n, 7);
    gets(&n, LARGE, lone_request(5, SEC));
    expect_leader(&n, ME, 7);
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.epoch, 7);
    ck_assert(token_equal(&expect_multicast(&n, WIRE_LEADER)->leader.absorbed, &other));
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
}
END_TEST

START_TEST(MERGE_4_epoch_is_raised_once_per_handshake) {
    leads(&n, 7);
    for (unsigned i = 0; i < 5; i++) {
        gets(&n, LARGE, lone_request(9, SEC));
        ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.epoch, 10);
        time_passes(&n, 20 * MS);
    }
    expect_leader(&n, ME, 10);
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
    expect_no_notice(&n, NOTICE_REASSERT); /* nor do the holders of work run again */
}
END_TEST

START_TEST(MERGE_4_implausible_epoch_is_ignored) {
    leads(&n, 7);
    gets(&n, LARGE, lone_request(7 + (1 << 20) + 1, SEC));
    expect_leader(&n, ME, 7);
    expect_no_more(&n);
}
END_TEST

/* ---- MERGE-5 */

START_TEST(MERGE_5_loser_stops_its_work_first) {
    leads(&n, 7);
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
    expect_action(&n, ACTION_STOP_WORK);
    expect_standing(&n, STANDING_STOPPING);
    expect_no_leader(&n);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_MERGE);
    expect_no_more(&n);
}
END_TEST

START_TEST(MERGE_5_tells_to_wait_while_it_stops) {
    lets_go();
    forget(&n);
    for (unsigned i = 0; i < 10; i++) {
        time_passes(&n, 100 * MS);
        gets(&n, LARGE, merge_request(9, SEC, NONCE));
        ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
    }
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(MERGE_5_keep_you_comes_when_the_work_has_stopped) {
    has_let_go();
    const struct wire_merge_reply *reply = &expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply;
    ck_assert_int_eq(reply->verdict, WIRE_KEEP_YOU);
    ck_assert_uint_eq(reply->nonce, NONCE);
    ck_assert_uint_eq(reply->epoch, 7);
    expect_state(&n, NODE_IDLE);
    expect_no_leader(&n);
}
END_TEST

START_TEST(MERGE_5_loser_follows_the_winner) {
    has_let_go();
    hears(&n, LARGE, leader(10));
    expect_leader(&n, LARGE, 10);
}
END_TEST

START_TEST(MERGE_5_winner_goes_above_both_and_absorbs) {
    struct token other = token_of(SMALL, 9);
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 9, nonce));
    expect_leader(&n, ME, 10);
    const struct wire_leader *told = &expect_multicast(&n, WIRE_LEADER)->leader;
    ck_assert_uint_eq(told->epoch, 10);
    ck_assert(token_equal(&told->absorbed, &other));
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
    time_passes(&n, 300 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_5_winner_goes_above_its_own_if_that_is_higher) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 3, nonce));
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(MERGE_5_registration_of_the_other_says_the_same_as_keep_you) {
    struct token other = token_of(SMALL, 9);

    asks_small();
    gets(&n, SMALL, registration(SMALL, SEC, other));
    expect_leader(&n, ME, 10);
    ck_assert(token_equal(&expect_multicast(&n, WIRE_LEADER)->leader.absorbed, &other));
    expect_unicast(&n, SMALL, WIRE_ACK);
    time_passes(&n, 300 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

/* The followers of the other learn it from nobody else, when the reply was overtaken or lost. */
START_TEST(MERGE_5_registration_with_a_lower_epoch_is_announced_too) {
    struct token other = token_of(SMALL, 3);

    asks_small();
    gets(&n, SMALL, registration(SMALL, SEC, other));
    expect_leader(&n, ME, 8);
    ck_assert(token_equal(&expect_multicast(&n, WIRE_LEADER)->leader.absorbed, &other));
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
}
END_TEST

/* An announcement of before comes late, and the other has let go already. */
START_TEST(MERGE_4_announcement_and_registration_of_the_absorbed_raise_no_second_time) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 3, nonce));
    expect_leader(&n, ME, 8);
    time_passes(&n, 2 * SEC);
    forget(&n);
    hears(&n, SMALL, leader(3));
    expect_none(&n, WIRE_MERGE_REQUEST);
    gets(&n, SMALL, registration(SMALL, SEC, token_of(SMALL, 3)));
    expect_leader(&n, ME, 8);
}
END_TEST

/* What it sent while it still followed me may come late. */
START_TEST(MERGE_5_heartbeat_of_before_does_not_settle_the_merge) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, registration(SMALL, SEC, token_of(ME, 7)));
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 9, nonce));
    expect_leader(&n, SMALL, 9);
}
END_TEST

/* ---- MERGE-6 */

START_TEST(MERGE_6_asker_obeys_keep_me) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 10, nonce));
    expect_action(&n, ACTION_STOP_WORK);
    expect_leader(&n, SMALL, 10);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_MERGE);
    expect_notice(&n, NOTICE_LEADER, REASON_MERGE);
    expect_state(&n, NODE_IDLE);
}
END_TEST

START_TEST(MERGE_6_its_followers_are_redirected) {
    uint64_t nonce = asks_small();

    joins(&n, MEMBER(0), SEC);
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 10, nonce));
    forget(&n);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    struct token token = token_of(SMALL, 10);
    ck_assert(token_equal(&expect_unicast(&n, MEMBER(0), WIRE_REDIRECT)->redirect.leader, &token));
}
END_TEST

START_TEST(MERGE_6_reply_without_the_nonce_is_ignored) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 10, nonce + 1));
    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 10, nonce + 1));
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 10, 0));
    gets(&n, LARGE, merge_reply(WIRE_KEEP_ME, 10, nonce));
    expect_leader(&n, ME, 7);
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(MERGE_6_keep_me_needs_a_higher_epoch) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 7, nonce));
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 6, nonce));
    expect_leader(&n, ME, 7);
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 8, nonce));
    expect_leader(&n, SMALL, 8);
}
END_TEST

START_TEST(MERGE_6_reply_of_a_settled_pair_is_ignored) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_KEEP_YOU, 9, nonce));
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 11, nonce));
    expect_leader(&n, ME, 10);
}
END_TEST

START_TEST(MERGE_6_leader_that_sees_itself_absorbed_steps_down) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(ME, 7);
    leads(&n, 7);
    hears(&n, SMALL, winner);
    expect_leader(&n, SMALL, 9);
    expect_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(MERGE_6_absorption_of_an_earlier_leadership_means_nothing) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(ME, 6);
    leads(&n, 7);
    hears(&n, SMALL, winner);
    expect_leader(&n, ME, 7);
}
END_TEST

/* ---- MERGE-7 */

START_TEST(MERGE_7_keep_me_is_decided_anew_when_the_other_has_risen) {
    leads(&n, 7);
    gets(&n, LARGE, lone_request(9, SEC));
    expect_leader(&n, ME, 10);
    gets(&n, LARGE, lone_request(10, SEC));
    expect_leader(&n, ME, 11);
    gets(&n, LARGE, lone_request(10, SEC));
    expect_leader(&n, ME, 11);
}
END_TEST

START_TEST(MERGE_7_keep_me_is_decided_anew_after_30_s) {
    leads(&n, 7);
    gets(&n, LARGE, lone_request(5, SEC));
    time_passes(&n, 31 * SEC);
    forget(&n);
    gets(&n, LARGE, merge_request(5, SEC, NONCE)); /* it is followed now */
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
}
END_TEST

START_TEST(MERGE_7_keep_you_is_repeated_with_the_higher_epoch) {
    has_let_go();
    expect_unicast(&n, LARGE, WIRE_MERGE_REPLY);
    gets(&n, LARGE, merge_request(9, SEC, NONCE + 1));
    const struct wire_merge_reply *reply = &expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply;
    ck_assert_int_eq(reply->verdict, WIRE_KEEP_YOU);
    ck_assert_uint_eq(reply->nonce, NONCE + 1);
    ck_assert_uint_eq(reply->epoch, 9);
}
END_TEST

START_TEST(MERGE_7_stopped_leader_answers_that_pair_not_by_redirect) {
    has_let_go();
    hears(&n, MEMBER(3), leader(20));
    expect_leader(&n, MEMBER(3), 20);
    forget(&n);
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    ck_assert_int_eq(expect_unicast(&n, LARGE, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_KEEP_YOU);
    gets(&n, MEMBER(5), merge_request(9, SEC, NONCE));
    expect_unicast(&n, MEMBER(5), WIRE_REDIRECT);
}
END_TEST

/* It has led again since, and follows SMALL now: that is what LARGE is told. */
START_TEST(MERGE_7_keep_you_of_an_earlier_leadership_is_void) {
    has_let_go();
    awaits_standing(&n, STANDING_LEADING, 10 * SEC);
    forget(&n);
    hears(&n, SMALL, leader(20));
    uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, 20, nonce));
    expect_leader(&n, SMALL, 20);
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    expect_none(&n, WIRE_MERGE_REPLY);
    expect_unicast(&n, LARGE, WIRE_REDIRECT);
}
END_TEST

START_TEST(MERGE_7_keep_you_is_forgotten_after_30_s) {
    has_let_go();
    for (unsigned i = 0; i < 62; i++) {
        time_passes(&n, 500 * MS);
        hears(&n, LARGE, leader(10)); /* heard, but it does not answer: this node stays idle */
        forget(&n);
    }
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    expect_none(&n, WIRE_MERGE_REPLY);
}
END_TEST

/* ---- MERGE-8 */

START_TEST(MERGE_8_decider_withdraws_when_the_other_falls_silent) {
    lets_go();
    time_passes(&n, 800 * MS);
    expect_standing(&n, STANDING_STOPPING);
    time_passes(&n, 150 * MS);
    expect_leader(&n, ME, 8);
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
    expect_multicast(&n, WIRE_LEADER);
}
END_TEST

START_TEST(MERGE_8_decider_does_not_withdraw_while_it_is_asked) {
    lets_go();
    for (unsigned i = 0; i < 50; i++) {
        time_passes(&n, 100 * MS);
        gets(&n, LARGE, merge_request(9, SEC, NONCE));
        expect_standing(&n, STANDING_STOPPING);
    }
}
END_TEST

START_TEST(MERGE_8_work_that_stops_after_the_withdrawal_means_nothing) {
    lets_go();
    time_passes(&n, SEC);
    forget(&n);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_leader(&n, ME, 8);
    expect_none(&n, WIRE_MERGE_REPLY);
}
END_TEST

START_TEST(MERGE_8_while_it_stops_it_acks_its_followers) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 2 * SEC);
    gets(&n, LARGE, merge_request(9, SEC, NONCE));
    expect_standing(&n, STANDING_STOPPING);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    expect_unicast(&n, MEMBER(0), WIRE_ACK);
}
END_TEST

START_TEST(MERGE_8_while_it_stops_other_leaders_wait) {
    lets_go();
    forget(&n);
    gets(&n, LARGE - 1, lone_request(3, SEC));
    ck_assert_int_eq(expect_unicast(&n, LARGE - 1, WIRE_MERGE_REPLY)->merge_reply.verdict, WIRE_WAIT);
    expect_standing(&n, STANDING_STOPPING);
}
END_TEST

/* The pause has made it forget the merge (MERGE-1): it must not stay between leading and following. */
START_TEST(MERGE_8_pause_while_it_stops_ends_the_letting_go) {
    lets_go();
    sleeps(&n, SEC);
    wakes(&n);
    awaits_standing(&n, STANDING_LEADING, 2 * SEC);
    expect_leader(&n, ME, 8);
    expect_notice(&n, NOTICE_REASSERT, REASON_MERGE);
}
END_TEST

START_TEST(MERGE_8_work_that_stops_during_the_pause_ends_it_too) {
    lets_go();
    sleeps(&n, SEC);
    is_told(&n, EVENT_WORK_STOPPED);
    awaits_standing(&n, STANDING_LEADING, 2 * SEC);
    expect_leader(&n, ME, 8);
}
END_TEST

/* Nobody else would say once more that the work has stopped, and it would neither lead nor end. */
START_TEST(MERGE_8_stop_after_the_work_stopped_in_a_pause_is_carried_out) {
    lets_go();
    sleeps(&n, SEC);
    is_told(&n, EVENT_WORK_STOPPED);
    forget(&n);
    is_told(&n, EVENT_STOP);
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

/* It has died while it stopped its work, or is back and follows: nothing else would end the asking. */
START_TEST(MERGE_8_who_answers_wait_no_more_is_not_asked_for_ever) {
    uint64_t nonce = asks_small();

    joins(&n, MEMBER(0), SEC);
    gets(&n, SMALL, merge_reply(WIRE_WAIT, 9, nonce));
    for (unsigned i = 0; i < 17; i++)
        time_passes(&n, 100 * MS);
    forget(&n);
    time_passes(&n, 300 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(MERGE_8_after_a_wait_it_asks_every_100_ms) {
    uint64_t nonce = asks_small();

    gets(&n, SMALL, merge_reply(WIRE_WAIT, 9, nonce));
    time_passes(&n, 20 * MS);
    forget(&n);
    for (unsigned i = 0; i < 30; i++) { /* longer than a series */
        time_passes(&n, 100 * MS);
        expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
        expect_none(&n, WIRE_MERGE_REQUEST);
        gets(&n, SMALL, merge_reply(WIRE_WAIT, 9, nonce));
        gets(&n, SMALL, merge_reply(WIRE_WAIT, 9, nonce));
    }
    expect_leader(&n, ME, 7);
}
END_TEST

/* ---- MERGE-9 */

/* From no interface to leading: how long that took. */
static usec_t leads_alone_after(void) {
    time_passes(&n, SEC);
    link_changes(&n, 1, true);
    usec_t begin = n.now;
    awaits_standing(&n, STANDING_LEADING, 60 * SEC);
    return n.now - begin;
}

/* Leads, loses a merge at once, and its link goes again. */
static usec_t leads_and_loses(uint32_t members) {
    usec_t waited = leads_alone_after();

    for (uint32_t i = 0; i + 1 < members; i++)
        joins(&n, MEMBER(i), SEC);
    time_passes(&n, 100 * MS);
    uint64_t epoch = view_of(&n).epoch;
    hears(&n, SMALL, leader(epoch));
    uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
    gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, epoch + 1, nonce));
    expect_leader(&n, SMALL, epoch + 1);
    link_changes(&n, 0, false);
    forget(&n);
    return waited;
}

static void loses_three_times(uint32_t members) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(leads_and_loses(members), 3 * SEC);
}

START_TEST(MERGE_9_leading_alone_is_delayed_from_the_third_lost_merge_on) {
    static const usec_t delays[] = { 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };

    loses_three_times(3);
    for (unsigned i = 0; i < ARRAY_SIZE(delays); i++)
        ck_assert_int_eq(leads_and_loses(3) - 3 * SEC, delays[i] * MS);
}
END_TEST

START_TEST(MERGE_9_two_members_wait_4_s_at_most) {
    static const usec_t delays[] = { 500, 1000, 2000, 4000, 4000, 4000 };

    loses_three_times(2);
    for (unsigned i = 0; i < ARRAY_SIZE(delays); i++)
        ck_assert_int_eq(leads_and_loses(2) - 3 * SEC, delays[i] * MS);
}
END_TEST

START_TEST(MERGE_9_five_quiet_minutes_reset_it) {
    loses_three_times(3);
    time_passes(&n, 301 * SEC);
    ck_assert_int_eq(leads_alone_after(), 3 * SEC);
}
END_TEST

START_TEST(MERGE_9_a_merge_lost_after_a_minute_does_not_count) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_int_eq(leads_alone_after(), 3 * SEC);
        time_passes(&n, 61 * SEC);
        uint64_t epoch = view_of(&n).epoch;
        forget(&n);
        hears(&n, SMALL, leader(epoch));
        uint64_t nonce = expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST)->merge_request.nonce;
        gets(&n, SMALL, merge_reply(WIRE_KEEP_ME, epoch + 1, nonce));
        link_changes(&n, 0, false);
    }
}
END_TEST

START_TEST(MERGE_9_a_merge_lost_by_keep_you_counts) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(leads_alone_after(), 3 * SEC);
        time_passes(&n, 100 * MS);
        gets(&n, LARGE, merge_request(view_of(&n).epoch, 10000 * SEC, NONCE + i));
        is_told(&n, EVENT_WORK_STOPPED);
        link_changes(&n, 0, false);
        forget(&n);
    }
    ck_assert_int_gt(leads_alone_after(), 3 * SEC);
}
END_TEST

START_TEST(MERGE_9_a_merge_lost_by_absorption_counts) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(leads_alone_after(), 3 * SEC);
        time_passes(&n, 100 * MS);
        uint64_t epoch = view_of(&n).epoch;
        struct wire_message winner = leader(epoch + 1);
        winner.leader.absorbed = token_of(ME, epoch);
        hears(&n, SMALL, winner);
        link_changes(&n, 0, false);
        forget(&n);
    }
    ck_assert_int_gt(leads_alone_after(), 3 * SEC);
}
END_TEST

/* It follows LARGE, in a cluster of three, first in line. */
static void joins_large(void) {
    uint64_t epoch = view_of(&n).epoch + 1;
    struct wire_message message = leader(epoch);

    link_changes(&n, 1, true);
    message.leader.count = 3;
    message.has_successors = true;
    message.successors.count = 1;
    message.successors.list[0] = (struct wire_successor){ id_of(ME), BIRTH(0), 100, true, address_of(ME) };
    hears(&n, LARGE, message);
    expect_leader(&n, LARGE, epoch);
    forget(&n);
}

START_TEST(MERGE_9_an_election_with_votes_is_never_delayed) {
    loses_three_times(3);
    joins_large();
    uint64_t epoch = view_of(&n).epoch;
    hears(&n, LARGE, farewell(LARGE, epoch));
    uint64_t mine = expect_multicast(&n, WIRE_ELECTION)->election.epoch;
    gets(&n, MEMBER(1), vote(mine, (struct token){ 0 }));
    expect_leader(&n, ME, mine);
}
END_TEST

START_TEST(MERGE_9_isolated_node_is_held_back_too) {
    loses_three_times(3);
    joins_large();
    awaits_standing(&n, STANDING_ISOLATED, 5 * SEC);
    usec_t isolated_at = n.now;
    awaits_standing(&n, STANDING_LEADING, 5 * SEC);
    ck_assert_int_ge(n.now - isolated_at, 1700 * MS + 500 * MS); /* the rest of W, and the delay */
}
END_TEST

START_TEST(MERGE_9_candidate_without_votes_is_held_back_too) {
    loses_three_times(3);
    link_changes(&n, 1, true);
    hears(&n, LARGE, announce(0));
    awaits(&n, WIRE_ELECTION, 2 * SEC);
    usec_t stood_at = n.now;
    awaits_standing(&n, STANDING_LEADING, 5 * SEC);
    ck_assert_int_ge(n.now - stood_at, 80 * MS + 500 * MS); /* four rounds, and the delay */
}
END_TEST

/* Its leader said that they are two; somebody else votes nevertheless. */
START_TEST(MERGE_9_a_vote_ends_the_delay_of_two_members) {
    loses_three_times(3);
    joins_large();
    uint64_t epoch = view_of(&n).epoch;
    n.epoch = epoch;
    n.members = 2;
    struct wire_message answer = ack(&n, &awaits(&n, WIRE_HEARTBEAT, SEC)->message);
    gets(&n, LARGE, answer);
    forget(&n);
    hears(&n, LARGE, farewell(LARGE, epoch));
    uint64_t mine = expect_multicast(&n, WIRE_ELECTION)->election.epoch;
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(1), vote(mine, (struct token){ 0 }));
    expect_leader(&n, ME, mine);
}
END_TEST

/* Its link may be whole again before the wait is over. */
START_TEST(MERGE_9_isolated_node_that_is_held_back_goes_on_asking) {
    loses_three_times(3);
    joins_large();
    uint64_t epoch = view_of(&n).epoch;
    awaits_standing(&n, STANDING_ISOLATED, 5 * SEC);
    time_passes(&n, 1800 * MS); /* the rest of W, and a part of the delay */
    expect_standing(&n, STANDING_ISOLATED);
    forget(&n);
    struct wire_message word = vouch(epoch, awaits(&n, WIRE_HEARTBEAT, 100 * MS)->message.heartbeat.nonce);
    word.vouch.leader = token_of(LARGE, epoch);
    gets(&n, SMALL, word);
    expect_leader(&n, LARGE, epoch);
}
END_TEST

/* A link that is down for three seconds now and then: the wait never fits in. */
START_TEST(MERGE_9_the_delay_begins_anew_each_time) {
    loses_three_times(3);
    leads_and_loses(3); /* 0.5 s */
    leads_and_loses(3); /* 1 s: from here on two */
    for (unsigned i = 0; i < 5; i++) {
        joins_large();
        link_changes(&n, 0, false);
        time_passes(&n, SEC);
        link_changes(&n, 1, true);
        time_passes(&n, 3 * SEC + 1900 * MS);
        expect_no_leader(&n);
    }
}
END_TEST

START_TEST(MERGE_9_held_back_node_does_not_object_at_a_cold_start) {
    loses_three_times(3);
    uint64_t epoch = view_of(&n).epoch;
    time_passes(&n, SEC);
    link_changes(&n, 1, true);
    time_passes(&n, SEC - 10 * MS);
    hears(&n, LARGE, announce(0));
    time_passes(&n, 10 * MS);
    forget(&n);
    hears(&n, LARGE, founding(epoch + 1, 0)); /* much younger */
    time_passes(&n, 60 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- MERGE-10 */

START_TEST(MERGE_10_unanswered_without_followers_it_gives_way) {
    asks_small();
    time_passes(&n, 400 * MS);
    expect_leader(&n, ME, 7);
    hears(&n, SMALL, leader(9));
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    expect_state(&n, NODE_IDLE);
    expect_action(&n, ACTION_STOP_WORK);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_MERGE);
}
END_TEST

START_TEST(MERGE_10_not_if_the_other_was_not_heard_again) {
    asks_small();
    time_passes(&n, 300 * MS);
    hears(&n, SMALL, leader(9)); /* before the last try: it may have died since */
    time_passes(&n, 5 * SEC);
    expect_leader(&n, ME, 7);
}
END_TEST

/* A minute later, under another leadership for all that this node knows, it is asked anew. */
START_TEST(MERGE_10_not_for_what_was_unanswered_long_ago) {
    asks_small();
    time_passes(&n, 60 * SEC);
    forget(&n);
    hears(&n, SMALL, leader(20));
    expect_leader(&n, ME, 7);
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MERGE_10_not_if_the_other_has_asked_meanwhile) {
    asks_small_of(3);
    time_passes(&n, 400 * MS);
    gets(&n, SMALL, merge_request(3, SEC, NONCE)); /* it does send to this node */
    hears(&n, SMALL, leader(3));
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(MERGE_10_with_a_follower_it_keeps_its_part) {
    asks_small();
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 400 * MS);
    hears(&n, SMALL, leader(9));
    expect_leader(&n, ME, 7);
}
END_TEST

/* SMALL leads a lower epoch than this node did: its Leader alone is not followed (ELEC-14). */
static void gives_way(void) {
    asks_small_of(3);
    time_passes(&n, 400 * MS);
    hears(&n, SMALL, leader(3));
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    forget(&n);
}

START_TEST(MERGE_10_heard_one_way_asks_the_other_each_second) {
    gives_way();
    time_passes(&n, SEC - 1);
    expect_no_more(&n);
    time_passes(&n, 1);
    ck_assert(expect_unicast(&n, SMALL, WIRE_HEARTBEAT)->heartbeat.question);
    time_passes(&n, 900 * MS);
    forget(&n);
    time_passes(&n, 100 * MS);
    expect_unicast(&n, SMALL, WIRE_HEARTBEAT);
}
END_TEST

/* SUSP-12: it was heard, so nobody leads without votes for W. */
START_TEST(MERGE_10_heard_one_way_lasts_for_the_ack_window_at_least) {
    gives_way();
    time_passes(&n, 2 * SEC - 1);
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(MERGE_10_heard_one_way_follows_the_other_when_it_answers) {
    gives_way();
    hears(&n, SMALL, leader(3));
    struct wire_message answer = ack(&n, expect_unicast(&n, SMALL, WIRE_HEARTBEAT));
    answer.ack.epoch = 8; /* it has risen above the token that it was shown */
    answer.ack.count = 2;
    answer.has_successors = false;
    gets(&n, SMALL, answer);
    expect_leader(&n, SMALL, 8);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        MERGE_1_asks_16_times_every_20_ms_with_one_nonce,
        MERGE_1_request_tells_about_this_leadership,
        MERGE_1_one_series_in_2_s_with_the_same_nonce,
        MERGE_1_follower_may_report_the_other_leader,
        MERGE_1_late_report_about_a_leadership_that_is_over_means_nothing,
        MERGE_1_report_about_this_node_itself_means_nothing,
        MERGE_1_series_is_forgotten_when_it_steps_down,
        MERGE_1_conflict_is_told_once,
        MERGE_1_many_leaders_at_once_are_asked_in_bounded_memory,
        MERGE_2_larger_id_answers_with_its_own_request,
        MERGE_2_smaller_id_decides,
        MERGE_3_followed_then_priority_then_minutes_then_id,
        MERGE_3_followed_counts_since_the_other_became_leader,
        MERGE_3_a_vote_is_a_following_too,
        MERGE_3_the_votes_that_elected_it_are_followings,
        MERGE_3_who_leads_alone_is_not_followed_however_long_the_other_leads,
        MERGE_3_on_one_timeline_the_frozen_key_decides,
        MERGE_4_winner_goes_above_an_epoch_that_is_not_below,
        MERGE_4_equal_epochs_raise_it,
        MERGE_4_winner_keeps_an_epoch_that_is_above,
        MERGE_4_epoch_is_raised_once_per_handshake,
        MERGE_4_implausible_epoch_is_ignored,
        MERGE_5_loser_stops_its_work_first,
        MERGE_5_tells_to_wait_while_it_stops,
        MERGE_5_keep_you_comes_when_the_work_has_stopped,
        MERGE_5_loser_follows_the_winner,
        MERGE_5_winner_goes_above_both_and_absorbs,
        MERGE_5_winner_goes_above_its_own_if_that_is_higher,
        MERGE_5_registration_of_the_other_says_the_same_as_keep_you,
        MERGE_5_registration_with_a_lower_epoch_is_announced_too,
        MERGE_4_announcement_and_registration_of_the_absorbed_raise_no_second_time,
        MERGE_5_heartbeat_of_before_does_not_settle_the_merge,
        MERGE_6_asker_obeys_keep_me,
        MERGE_6_its_followers_are_redirected,
        MERGE_6_reply_without_the_nonce_is_ignored,
        MERGE_6_keep_me_needs_a_higher_epoch,
        MERGE_6_reply_of_a_settled_pair_is_ignored,
        MERGE_6_leader_that_sees_itself_absorbed_steps_down,
        MERGE_6_absorption_of_an_earlier_leadership_means_nothing,
        MERGE_7_keep_me_is_decided_anew_when_the_other_has_risen,
        MERGE_7_keep_me_is_decided_anew_after_30_s,
        MERGE_7_keep_you_is_repeated_with_the_higher_epoch,
        MERGE_7_stopped_leader_answers_that_pair_not_by_redirect,
        MERGE_7_keep_you_of_an_earlier_leadership_is_void,
        MERGE_7_keep_you_is_forgotten_after_30_s,
        MERGE_8_decider_withdraws_when_the_other_falls_silent,
        MERGE_8_decider_does_not_withdraw_while_it_is_asked,
        MERGE_8_work_that_stops_after_the_withdrawal_means_nothing,
        MERGE_8_while_it_stops_it_acks_its_followers,
        MERGE_8_while_it_stops_other_leaders_wait,
        MERGE_8_pause_while_it_stops_ends_the_letting_go,
        MERGE_8_work_that_stops_during_the_pause_ends_it_too,
        MERGE_8_stop_after_the_work_stopped_in_a_pause_is_carried_out,
        MERGE_8_after_a_wait_it_asks_every_100_ms,
        MERGE_8_who_answers_wait_no_more_is_not_asked_for_ever,
        MERGE_9_leading_alone_is_delayed_from_the_third_lost_merge_on,
        MERGE_9_two_members_wait_4_s_at_most,
        MERGE_9_five_quiet_minutes_reset_it,
        MERGE_9_a_merge_lost_after_a_minute_does_not_count,
        MERGE_9_a_merge_lost_by_keep_you_counts,
        MERGE_9_a_merge_lost_by_absorption_counts,
        MERGE_9_an_election_with_votes_is_never_delayed,
        MERGE_9_isolated_node_is_held_back_too,
        MERGE_9_candidate_without_votes_is_held_back_too,
        MERGE_9_a_vote_ends_the_delay_of_two_members,
        MERGE_9_isolated_node_that_is_held_back_goes_on_asking,
        MERGE_9_the_delay_begins_anew_each_time,
        MERGE_9_held_back_node_does_not_object_at_a_cold_start,
        MERGE_10_unanswered_without_followers_it_gives_way,
        MERGE_10_not_if_the_other_was_not_heard_again,
        MERGE_10_not_for_what_was_unanswered_long_ago,
        MERGE_10_not_if_the_other_has_asked_meanwhile,
        MERGE_10_with_a_follower_it_keeps_its_part,
        MERGE_10_heard_one_way_asks_the_other_each_second,
        MERGE_10_heard_one_way_lasts_for_the_ack_window_at_least,
        MERGE_10_heard_one_way_follows_the_other_when_it_answers,
    };

    return run_tests("core: merge", tests, ARRAY_SIZE(tests));
}
