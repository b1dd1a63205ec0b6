/* SPDX-License-Identifier: ISC
 *
 * test_core_handover.c - resign, stop, preempt, farewell: rules HAND.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

/* The node leads, MEMBER(0) and MEMBER(1) follow; the former is older. */
static void leads_two(void) {
    leads(&n, 7);
    joins(&n, MEMBER(1), SEC);
    joins(&n, MEMBER(0), 100 * SEC);
}

/* The same, and it has resigned: all work has stopped, Resign was sent. */
static void has_resigned(void) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_sent(&n, WIRE_RESIGN);
    forget(&n);
}

static struct wire_message election_after_me(uint64_t epoch) {
    struct wire_message message = election(epoch, 7, 0);

    message.election.dead = token_of(ME, 7);
    return message;
}

/* ---- HAND-1 */

START_TEST(HAND_1_resign_stops_the_work_first) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    expect_action(&n, ACTION_STOP_WORK);
    expect_standing(&n, STANDING_STOPPING);
    expect_no_leader(&n);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_RESIGN);
    time_passes(&n, 10 * SEC);
    expect_none(&n, WIRE_RESIGN);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_1_heartbeats_are_answered_while_the_work_stops) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 2));
    expect_unicast(&n, MEMBER(1), WIRE_ACK);
}
END_TEST

START_TEST(HAND_1_resign_names_the_most_senior_member) {
    struct node_id successor = id_of(MEMBER(0));

    leads_two();
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    const struct send *send = expect_sent(&n, WIRE_RESIGN);
    ck_assert(send->multicast && sent_to(send, MEMBER(0)));
    ck_assert_uint_eq(send->message.resign.epoch, 7);
    ck_assert(node_id_equal(&send->message.resign.successor, &successor));
    ck_assert(send->message.resign.released);
}
END_TEST

START_TEST(HAND_1_resign_is_repeated_until_a_leader_is_heard) {
    has_resigned();
    for (unsigned i = 0; i < 3; i++) {
        time_passes(&n, 50 * MS);
        expect_sent(&n, WIRE_RESIGN);
        expect_none(&n, WIRE_RESIGN);
    }
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_DONE);
    expect_notice(&n, NOTICE_LEADER, REASON_RESIGN);
    time_passes(&n, 40 * MS);
    expect_none(&n, WIRE_RESIGN);
}
END_TEST

/* Its announcements were lost on the way to the resigner, whose Resigns arrive. */
START_TEST(HAND_1_who_took_over_answers_a_resign) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, resign(7, ME));
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    forget(&n);
    gets(&n, LEADER, resign(7, ME));
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_LEADER)->leader.epoch, 8);
    gets(&n, LEADER, resign(9, ME));
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(HAND_1_an_older_leader_does_not_end_it) {
    has_resigned();
    hears(&n, MEMBER(0), leader(7));
    hears(&n, MEMBER(0), leader(6));
    expect_standing(&n, STANDING_STOPPING);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_1_age_of_the_resigner_begins_anew) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    time_passes(&n, 2 * SEC);
    ck_assert_int_ge(view_of(&n).age, 5 * SEC);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert_int_eq(view_of(&n).age, 0);
}
END_TEST

START_TEST(HAND_1_work_stopped_out_of_the_blue_means_nothing) {
    leads_two();
    is_told(&n, EVENT_WORK_STOPPED);
    expect_leader(&n, ME, 7);
    expect_no_more(&n);
    has_resigned();
    is_told(&n, EVENT_WORK_STOPPED);
    expect_no_more(&n);
}
END_TEST

/* A leader of this moment: its members are about to register. */
static void has_just_taken_over(void) {
    starts(&n);
    awaits_standing(&n, STANDING_LEADING, 10 * SEC);
    forget(&n);
}

START_TEST(HAND_1_resign_right_after_taking_over_waits_for_a_member) {
    has_just_taken_over();
    is_told(&n, EVENT_RESIGN);
    expect_no_action(&n, ACTION_RESIGNED);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 1);
    expect_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(HAND_1_resign_right_after_taking_over_does_not_wait_for_long) {
    has_just_taken_over();
    is_told(&n, EVENT_RESIGN);
    time_passes(&n, 200 * MS);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
}
END_TEST

START_TEST(HAND_1_stop_right_after_taking_over_waits_for_a_member) {
    has_just_taken_over();
    is_told(&n, EVENT_STOP);
    expect_no_action(&n, ACTION_STOP_WORK);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 1);
    expect_action(&n, ACTION_STOP_WORK);
}
END_TEST

/* It waits for members to hand over to, and loses a merge meanwhile. */
static void loses_a_merge(void) {
    gets(&n, LARGE, merge_request(9, 1000 * SEC, 99));
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_no_leader(&n);
}

START_TEST(HAND_1_resign_overtaken_by_a_merge_is_answered) {
    has_just_taken_over();
    is_told(&n, EVENT_RESIGN);
    loses_a_merge();
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_DONE);
    time_passes(&n, SEC);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_1_stop_overtaken_by_a_merge_ends_the_daemon) {
    has_just_taken_over();
    is_told(&n, EVENT_STOP);
    loses_a_merge();
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

START_TEST(HAND_1_stop_hands_over_too) {
    leads_two();
    is_told(&n, EVENT_STOP);
    expect_action(&n, ACTION_STOP_WORK);
    expect_no_action(&n, ACTION_STOPPED);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_sent(&n, WIRE_RESIGN);
    expect_no_action(&n, ACTION_STOPPED);
    hears(&n, MEMBER(0), leader(8));
    expect_action(&n, ACTION_STOPPED);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_1_stop_of_a_lone_leader_ends_when_the_work_has_stopped) {
    leads(&n, 7);
    is_told(&n, EVENT_STOP);
    expect_action(&n, ACTION_STOP_WORK);
    expect_no_action(&n, ACTION_STOPPED);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

START_TEST(HAND_1_stop_of_a_follower_ends_at_once) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_STOP);
    expect_action(&n, ACTION_STOPPED);
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(HAND_1_stopping_node_does_not_stand) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_STOP);
    hears(&n, LEADER, farewell(LEADER, 7));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(HAND_1_ineligible_by_configuration_hands_over) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    facts.eligible = false;
    leads_two();
    configures(&n, &facts, &timing);
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_sent(&n, WIRE_RESIGN);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    expect_no_action(&n, ACTION_STOPPED);
}
END_TEST

/* Not by its own choice any more. */
static void becomes_ineligible(void) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    facts.eligible = false;
    configures(&n, &facts, &timing);
}

START_TEST(HAND_1_ineligible_without_a_successor_nobody_leads) {
    leads(&n, 7);
    time_passes(&n, SEC);
    becomes_ineligible();
    expect_action(&n, ACTION_STOP_WORK);
    expect_no_leader(&n);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert(node_id_is_none(&expect_multicast(&n, WIRE_RESIGN)->resign.successor));
    time_passes(&n, 10 * SEC);
    expect_state(&n, NODE_IDLE);
    expect_no_leader(&n);
}
END_TEST

START_TEST(HAND_1_ineligible_in_its_first_moment_waits_for_members) {
    has_just_taken_over();
    becomes_ineligible();
    expect_no_action(&n, ACTION_STOP_WORK);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 1);
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert(sent_to(expect_sent(&n, WIRE_RESIGN), MEMBER(0)));
}
END_TEST

START_TEST(HAND_1_ineligible_during_a_gap_hands_over_when_it_is_confirmed) {
    leads_two();
    sleeps(&n, SEC);
    becomes_ineligible();
    expect_standing(&n, STANDING_UNCONFIRMED);
    time_passes(&n, SEC);
    expect_action(&n, ACTION_STOP_WORK);
    expect_standing(&n, STANDING_STOPPING);
}
END_TEST

START_TEST(HAND_1_a_candidate_that_becomes_ineligible_gives_up) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    expect_state(&n, NODE_CANDIDATE);
    becomes_ineligible();
    expect_state(&n, NODE_IDLE);
    gets(&n, MEMBER(1), vote(expect_multicast(&n, WIRE_ELECTION)->election.epoch, (struct token){ 0 }));
    time_passes(&n, 10 * SEC);
    expect_state(&n, NODE_IDLE);
}
END_TEST

/* ---- HAND-2 */

START_TEST(HAND_2_named_successor_stands_at_once) {
    struct token dead = token_of(LEADER, 7);

    follows(&n, 7, 10, 4);
    hears(&n, LEADER, resign(7, ME));
    const struct wire_election *mine = &expect_multicast(&n, WIRE_ELECTION)->election;
    ck_assert_uint_eq(mine->epoch, 8);
    ck_assert(token_equal(&mine->dead, &dead));
    expect_notice(&n, NOTICE_NO_LEADER, REASON_RESIGN);
}
END_TEST

START_TEST(HAND_2_vote_of_the_resigner_is_enough) {
    follows(&n, 7, 10, 4);
    hears(&n, LEADER, resign(7, ME));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    expect_notice(&n, NOTICE_LEADER, REASON_RESIGN);
}
END_TEST

/* Where multicast is slow or dead it would go on asking (HAND-1). */
/* It said so before it resigned, and multicast was slow. */
START_TEST(HAND_2_late_announcement_of_the_resigner_is_no_conflict) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, resign(7, ME));
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    forget(&n);
    hears(&n, LEADER, leader(7));
    expect_none(&n, WIRE_MERGE_REQUEST);
    expect_no_notice(&n, NOTICE_CONFLICT);
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    hears(&n, LEADER, leader(9));
    expect_unicast(&n, LEADER, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(HAND_2_resigner_is_told_by_unicast_too) {
    follows(&n, 7, 10, 4);
    hears(&n, LEADER, resign(7, ME));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
    expect_multicast(&n, WIRE_LEADER);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_LEADER)->leader.epoch, 8);
}
END_TEST

START_TEST(HAND_2_one_vote_elects_only_the_named_successor) {
    follows(&n, 7, 10, 0);
    hears(&n, LEADER, resign(7, MEMBER(1)));
    awaits(&n, WIRE_ELECTION, 101 * MS);
    gets(&n, LEADER, vote(8, token_of(LEADER, 7)));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(HAND_2_others_hold_100_ms_and_by_rank) {
    for (unsigned rank = 0; rank < 4; rank++) {
        follows(&n, 7, 10, rank);
        hears(&n, LEADER, resign(7, MEMBER(5)));
        time_passes(&n, 100 * MS + rank * 5 * MS - 1);
        expect_none(&n, WIRE_ELECTION);
        time_passes(&n, 1);
        expect_multicast(&n, WIRE_ELECTION);
    }
}
END_TEST

START_TEST(HAND_2_senior_votes_for_the_named_successor) {
    follows(&n, 7, 10, 0);
    hears(&n, LEADER, resign(7, MEMBER(5)));
    hears(&n, MEMBER(5), election(8, 7, BIRTH(5)));
    time_passes(&n, 50 * MS);
    expect_unicast(&n, MEMBER(5), WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(HAND_2_others_follow_the_successor) {
    follows(&n, 7, 10, 0);
    hears(&n, LEADER, resign(7, MEMBER(1)));
    hears(&n, MEMBER(1), leader(8));
    expect_leader(&n, MEMBER(1), 8);
    expect_notice(&n, NOTICE_LEADER, REASON_RESIGN);
}
END_TEST

START_TEST(HAND_2_resigner_votes_for_any_candidate) {
    struct token own = token_of(ME, 7);

    has_resigned();
    hears(&n, MEMBER(1), election_after_me(8));
    const struct wire_leader_elected *mine = &expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED)->leader_elected;
    ck_assert_uint_eq(mine->epoch, 8);
    ck_assert(token_equal(&mine->own, &own));
    hears(&n, MEMBER(0), election_after_me(9));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED)->leader_elected.epoch, 9);
}
END_TEST

START_TEST(HAND_2_resigner_votes_only_for_its_own_succession) {
    has_resigned();
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    struct wire_message stale = election_after_me(8);
    stale.election.dead.epoch = 6;
    hears(&n, MEMBER(1), stale);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(HAND_2_leader_does_not_vote_before_it_has_resigned) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    hears(&n, MEMBER(0), election_after_me(8));
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(HAND_2_resigner_answers_no_heartbeat_and_no_suspect) {
    struct wire_message accusation = suspect(7, 42);

    accusation.suspect.leader = token_of(ME, 7);
    has_resigned();
    gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 2));
    hears(&n, MEMBER(1), accusation);
    expect_no_more(&n);
}
END_TEST

START_TEST(HAND_2_resigner_without_writable_state_does_not_vote) {
    has_resigned();
    state_is_writable(&n, false);
    hears(&n, MEMBER(1), election_after_me(8));
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- HAND-3 */

START_TEST(HAND_3_nobody_takes_it_and_the_resigner_leads_again) {
    has_resigned();
    time_passes(&n, 500 * MS - 1);
    expect_no_leader(&n);
    time_passes(&n, 50 * MS);
    expect_leader(&n, ME, 8);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_multicast(&n, WIRE_LEADER);
}
END_TEST

START_TEST(HAND_3_who_slept_meanwhile_does_not_lead_again_unasked) {
    has_resigned();
    sleeps(&n, 10 * SEC);
    wakes(&n);
    expect_no_leader(&n);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_none(&n, WIRE_LEADER);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
}
END_TEST

START_TEST(HAND_3_who_slept_a_part_of_the_time_does_not_lead_again_unasked) {
    has_resigned();
    sleeps(&n, 400 * MS);
    wakes(&n);
    time_passes(&n, 150 * MS);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_no_leader(&n);
    awaits_standing(&n, STANDING_LEADING, 5 * SEC); /* there was nobody */
}
END_TEST

START_TEST(HAND_3_new_epoch_is_above_those_it_voted_for) {
    has_resigned();
    hears(&n, MEMBER(1), election_after_me(20));
    time_passes(&n, 550 * MS);
    expect_leader(&n, ME, 21);
}
END_TEST

START_TEST(HAND_3_refused_when_nobody_follows) {
    leads(&n, 7);
    is_told(&n, EVENT_RESIGN);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_no_action(&n, ACTION_STOP_WORK);
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(HAND_3_refused_when_nobody_else_is_eligible) {
    struct wire_message onlooker = registration(MEMBER(0), SEC, (struct token){ 0 });

    onlooker.registration.facts.eligible = false;
    leads(&n, 7);
    gets(&n, MEMBER(0), onlooker);
    is_told(&n, EVENT_RESIGN);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_leader(&n, ME, 7);
}
END_TEST

/* MEMBER(0) is the more senior, but has not been heard for so long that it does not count as live. */
START_TEST(HAND_3_successor_is_live) {
    struct node_id successor = id_of(MEMBER(1));

    leads_two();
    for (uint32_t i = 0; i < 7; i++) {
        time_passes(&n, SEC);
        gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 2 + i));
    }
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert(node_id_equal(&expect_sent(&n, WIRE_RESIGN)->message.resign.successor, &successor));
}
END_TEST

START_TEST(HAND_3_who_does_not_lead_cannot_resign) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_RESIGN);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOT_LEADER);
    starts(&n);
    is_told(&n, EVENT_RESIGN);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOT_LEADER);
}
END_TEST

START_TEST(HAND_3_who_stops_does_not_lead_again) {
    leads_two();
    is_told(&n, EVENT_STOP);
    is_told(&n, EVENT_WORK_STOPPED);
    time_passes(&n, 550 * MS);
    expect_action(&n, ACTION_STOPPED);
    expect_no_leader(&n);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(HAND_3_every_resign_is_answered_once) {
    leads_two();
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    is_told(&n, EVENT_RESIGN);
    hears(&n, MEMBER(0), leader(8));
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_DONE);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_3_stop_while_a_resign_waits_for_members_ends_the_daemon) {
    has_just_taken_over();
    is_told(&n, EVENT_RESIGN);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_STOP);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert(sent_to(expect_sent(&n, WIRE_RESIGN), MEMBER(0)));
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_DONE);
    time_passes(&n, SEC);
    expect_sent(&n, WIRE_RESIGN); /* again: the first one was lost */
    expect_action(&n, ACTION_STOPPED);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_3_resign_while_another_waits_for_members_is_repeated) {
    has_just_taken_over();
    is_told(&n, EVENT_RESIGN);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_sent(&n, WIRE_RESIGN);
    time_passes(&n, 100 * MS);
    expect_sent(&n, WIRE_RESIGN);
    time_passes(&n, SEC);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_no_action(&n, ACTION_RESIGNED);
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

START_TEST(HAND_3_stop_while_resigning_ends_the_daemon) {
    has_resigned();
    is_told(&n, EVENT_STOP);
    hears(&n, MEMBER(0), leader(8));
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

/* ---- HAND-4 */

/* A follower that prefers itself; the leader has priority 100. */
static void prefers(uint16_t priority) {
    struct core_config config = config_of_me();

    config.preempt = true;
    config.facts.priority = priority;
    follows_with(&n, &config, 7, 3, 0);
}

static void follows_for(usec_t duration) {
    for (usec_t end = n.now + duration; n.now < end;) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, min_i64(end - n.now, SEC));
        if (count_sent(&n, WIRE_HEARTBEAT) > 0)
            leader_acks(&n);
        else
            time_passes(&n, end - n.now);
    }
}

START_TEST(HAND_4_preempt_asks_after_30_s_of_membership) {
    prefers(101);
    follows_for(29 * SEC);
    expect_none(&n, WIRE_HANDOVER_REQUEST);
    follows_for(SEC);
    const struct wire_handover_request *asked = &expect_unicast(&n, LEADER, WIRE_HANDOVER_REQUEST)->handover_request;
    ck_assert_uint_eq(asked->epoch, 7);
    ck_assert_uint_eq(asked->key.priority, 101);
    expect_none(&n, WIRE_ELECTION);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(HAND_4_only_a_higher_priority_preempts) {
    prefers(100);
    follows_for(31 * SEC);
    expect_none(&n, WIRE_HANDOVER_REQUEST);
}
END_TEST

START_TEST(HAND_4_nobody_preempts_unasked) {
    struct core_config config = config_of_me();

    config.facts.priority = 101;
    follows_with(&n, &config, 7, 3, 0);
    follows_for(31 * SEC);
    expect_none(&n, WIRE_HANDOVER_REQUEST);
}
END_TEST

START_TEST(HAND_4_preempt_may_be_configured_later) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    facts.priority = 101;
    follows(&n, 7, 3, 0);
    follows_for(20 * SEC);
    n.config.preempt = true;
    configures(&n, &facts, &timing);
    follows_for(11 * SEC);
    expect_unicast(&n, LEADER, WIRE_HANDOVER_REQUEST);
}
END_TEST

START_TEST(HAND_4_a_verdict_taken_back_does_not_end_the_wish) {
    prefers(101);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, SEC)->message.suspect.nonce;
    awaits_standing(&n, STANDING_ISOLATED, SEC);
    hears(&n, MEMBER(1), vouch(7, nonce));
    expect_standing(&n, STANDING_UNREACHABLE);
    leader_acks(&n);
    forget(&n);
    follows_for(31 * SEC);
    expect_unicast(&n, LEADER, WIRE_HANDOVER_REQUEST);
}
END_TEST

static struct wire_message handover_request(uint64_t epoch) {
    struct wire_message message = message_of(WIRE_HANDOVER_REQUEST);

    message.handover_request = (struct wire_handover_request){ epoch, { .priority = 101, .id = id_of(MEMBER(1)) } };
    return message;
}

/* MEMBER(1) joins with that priority, beside the more senior MEMBER(0). */
static void leads_one_of_priority(uint16_t priority) {
    struct wire_message preferred = registration(MEMBER(1), SEC, (struct token){ 0 });

    preferred.registration.facts.priority = priority;
    leads(&n, 7);
    joins(&n, MEMBER(0), 100 * SEC);
    gets(&n, MEMBER(1), preferred);
    forget(&n);
}

START_TEST(HAND_4_leader_resigns_to_who_preempts) {
    struct node_id successor = id_of(MEMBER(1));

    leads_one_of_priority(101);
    gets(&n, MEMBER(1), handover_request(7));
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    const struct send *send = expect_sent(&n, WIRE_RESIGN);
    ck_assert(sent_to(send, MEMBER(1)));
    ck_assert(node_id_equal(&send->message.resign.successor, &successor));
    hears(&n, MEMBER(1), leader(8));
    expect_leader(&n, MEMBER(1), 8);
    expect_no_action(&n, ACTION_RESIGNED);
}
END_TEST

START_TEST(HAND_4_request_for_another_epoch_is_ignored) {
    leads_one_of_priority(101);
    gets(&n, MEMBER(1), handover_request(6));
    gets(&n, MEMBER(1), handover_request(8));
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(HAND_4_request_without_a_higher_priority_is_ignored) {
    leads_one_of_priority(100);
    gets(&n, MEMBER(1), handover_request(7));
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(HAND_4_request_of_a_stranger_is_ignored) {
    leads_two();
    gets(&n, LARGE, handover_request(7));
    expect_leader(&n, ME, 7);
}
END_TEST

/* ---- HAND-6, HAND-7 */

START_TEST(HAND_6_farewell_begins_the_election) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    expect_notice(&n, NOTICE_NO_LEADER, REASON_FAREWELL);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(HAND_6_election_that_came_before_the_farewell_is_heeded) {
    follows(&n, 7, 5, 1);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, LEADER, farewell(LEADER, 7));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(HAND_6_junior_that_came_before_the_farewell_is_objected_to) {
    follows(&n, 7, 5, 1);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    hears(&n, LEADER, farewell(LEADER, 7));
    expect_multicast(&n, WIRE_ELECTION);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(HAND_7_resign_of_another_epoch_is_ignored) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, resign(6, ME));
    hears(&n, LEADER, resign(8, ME));
    expect_leader(&n, LEADER, 7);
    expect_no_more(&n);
}
END_TEST

START_TEST(HAND_7_resign_of_somebody_else_is_ignored) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), resign(7, ME));
    expect_leader(&n, LEADER, 7);
    expect_no_more(&n);
}
END_TEST

/* It was restarted while the sentinel of the start before still spoke: that is no clone. */
START_TEST(HAND_6_own_farewell_of_an_earlier_start_is_ignored) {
    struct wire_message late = farewell(ME, 7);

    follows(&n, 8, 3, 0);
    late.header.boot_nonce = 4711;
    hears(&n, ME, late);
    expect_no_more(&n);
    ck_assert_uint_eq(core_counters(n.core)->refused[REFUSAL_OWN_ID], 0);
}
END_TEST

/* It was restarted while the sentinel of the start before still spoke. */
START_TEST(HAND_6_farewell_of_a_node_that_is_back_does_not_make_it_stale) {
    struct wire_message back = announce(0), late = farewell(LEADER, 6);

    follows(&n, 7, 3, 0);
    back.header.incarnation = 2;
    back.header.boot_nonce = 4711;
    hears(&n, LEADER, back);
    forget(&n);
    late.header.incarnation = 1;
    hears(&n, LEADER, late);
    expect_no_more(&n);
    ck_assert_uint_eq(core_counters(n.core)->refused[REFUSAL_STALE_SENDER], 0);
}
END_TEST

START_TEST(HAND_7_farewell_of_another_epoch_or_leader_is_ignored) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 6));
    hears(&n, LEADER, farewell(LEADER, 8));
    hears(&n, LARGE, farewell(LARGE, 7));
    expect_leader(&n, LEADER, 7);
    expect_no_more(&n);
}
END_TEST

START_TEST(HAND_7_a_leader_is_not_deposed_by_words) {
    leads_two();
    hears(&n, MEMBER(0), farewell(ME, 7));
    hears(&n, MEMBER(0), resign(7, MEMBER(0)));
    expect_leader(&n, ME, 7);
    expect_no_more(&n);
}
END_TEST

START_TEST(HAND_7_repeated_resign_changes_nothing) {
    follows(&n, 7, 10, 2);
    hears(&n, LEADER, resign(7, MEMBER(0)));
    time_passes(&n, 50 * MS);
    hears(&n, LEADER, resign(7, MEMBER(0)));
    time_passes(&n, 60 * MS - 1);
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, 1);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        HAND_1_resign_stops_the_work_first,
        HAND_1_heartbeats_are_answered_while_the_work_stops,
        HAND_1_resign_names_the_most_senior_member,
        HAND_1_resign_is_repeated_until_a_leader_is_heard,
        HAND_1_who_took_over_answers_a_resign,
        HAND_1_an_older_leader_does_not_end_it,
        HAND_1_age_of_the_resigner_begins_anew,
        HAND_1_work_stopped_out_of_the_blue_means_nothing,
        HAND_1_resign_right_after_taking_over_waits_for_a_member,
        HAND_1_resign_right_after_taking_over_does_not_wait_for_long,
        HAND_1_stop_right_after_taking_over_waits_for_a_member,
        HAND_1_resign_overtaken_by_a_merge_is_answered,
        HAND_1_stop_overtaken_by_a_merge_ends_the_daemon,
        HAND_1_stop_hands_over_too,
        HAND_1_stop_of_a_lone_leader_ends_when_the_work_has_stopped,
        HAND_1_stop_of_a_follower_ends_at_once,
        HAND_1_stopping_node_does_not_stand,
        HAND_1_ineligible_by_configuration_hands_over,
        HAND_1_ineligible_without_a_successor_nobody_leads,
        HAND_1_ineligible_in_its_first_moment_waits_for_members,
        HAND_1_ineligible_during_a_gap_hands_over_when_it_is_confirmed,
        HAND_1_a_candidate_that_becomes_ineligible_gives_up,
        HAND_2_named_successor_stands_at_once,
        HAND_2_vote_of_the_resigner_is_enough,
        HAND_2_late_announcement_of_the_resigner_is_no_conflict,
        HAND_2_resigner_is_told_by_unicast_too,
        HAND_2_one_vote_elects_only_the_named_successor,
        HAND_2_others_hold_100_ms_and_by_rank,
        HAND_2_senior_votes_for_the_named_successor,
        HAND_2_others_follow_the_successor,
        HAND_2_resigner_votes_for_any_candidate,
        HAND_2_resigner_votes_only_for_its_own_succession,
        HAND_2_leader_does_not_vote_before_it_has_resigned,
        HAND_2_resigner_answers_no_heartbeat_and_no_suspect,
        HAND_2_resigner_without_writable_state_does_not_vote,
        HAND_3_nobody_takes_it_and_the_resigner_leads_again,
        HAND_3_who_slept_meanwhile_does_not_lead_again_unasked,
        HAND_3_who_slept_a_part_of_the_time_does_not_lead_again_unasked,
        HAND_3_new_epoch_is_above_those_it_voted_for,
        HAND_3_refused_when_nobody_follows,
        HAND_3_refused_when_nobody_else_is_eligible,
        HAND_3_successor_is_live,
        HAND_3_who_does_not_lead_cannot_resign,
        HAND_3_who_stops_does_not_lead_again,
        HAND_3_every_resign_is_answered_once,
        HAND_3_stop_while_a_resign_waits_for_members_ends_the_daemon,
        HAND_3_resign_while_another_waits_for_members_is_repeated,
        HAND_3_stop_while_resigning_ends_the_daemon,
        HAND_4_preempt_asks_after_30_s_of_membership,
        HAND_4_only_a_higher_priority_preempts,
        HAND_4_nobody_preempts_unasked,
        HAND_4_preempt_may_be_configured_later,
        HAND_4_a_verdict_taken_back_does_not_end_the_wish,
        HAND_4_leader_resigns_to_who_preempts,
        HAND_4_request_for_another_epoch_is_ignored,
        HAND_4_request_without_a_higher_priority_is_ignored,
        HAND_4_request_of_a_stranger_is_ignored,
        HAND_6_farewell_begins_the_election,
        HAND_6_own_farewell_of_an_earlier_start_is_ignored,
        HAND_6_farewell_of_a_node_that_is_back_does_not_make_it_stale,
        HAND_6_election_that_came_before_the_farewell_is_heeded,
        HAND_6_junior_that_came_before_the_farewell_is_objected_to,
        HAND_7_resign_of_another_epoch_is_ignored,
        HAND_7_resign_of_somebody_else_is_ignored,
        HAND_7_farewell_of_another_epoch_or_leader_is_ignored,
        HAND_7_a_leader_is_not_deposed_by_words,
        HAND_7_repeated_resign_changes_nothing,
    };

    return run_tests("core: handover", tests, ARRAY_SIZE(tests));
}
