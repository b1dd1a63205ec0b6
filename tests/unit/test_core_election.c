/* SPDX-License-Identifier: ISC
 *
 * test_core_election.c - who comes next, votes, whose Leader is accepted, and epochs: rules ELEC and EPOCH.
 *
 * With the default detect of 300 ms and three members: H 500 ms, r 50 ms; a silent leader is suspected 150 ms after
 * the slot and dead 300 ms after it; the ack window W is 2 s.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

#define NOBODY ((struct token){ 0 })

/* The leader's daemon died with a word: the node has the verdict at once. */
static void loses_leader(uint32_t members, unsigned rank) {
    follows(&n, 7, members, rank);
    hears(&n, LEADER, farewell(LEADER, 7));
}

/* First in line, it stands as soon as it has lost its leader. */
static uint64_t stands(uint32_t members) {
    loses_leader(members, 0);
    uint64_t epoch = expect_multicast(&n, WIRE_ELECTION)->election.epoch;
    forget(&n);
    return epoch;
}

/* It suspects the leader by its own tries, and MEMBER(9) suspects it too. */
static uint64_t suspects(uint32_t members, unsigned rank) {
    follows(&n, 7, members, rank);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, 3 * SEC)->message.suspect.nonce;
    hears(&n, MEMBER(9), suspect(7, 42));
    forget(&n);
    return nonce;
}

/* ---- ELEC-1, ELEC-2 */

START_TEST(ELEC_1_first_in_line_stands_at_once) {
    loses_leader(3, 0);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_FAREWELL);
    expect_multicast(&n, WIRE_ELECTION);
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(ELEC_1_the_others_hold_by_rank) {
    loses_leader(5, 3);
    time_passes(&n, 15 * MS - 1);
    expect_none(&n, WIRE_ELECTION);
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 1);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_1_those_without_rank_hold_longest) {
    loses_leader(30, 16);
    time_passes(&n, 80 * MS - 1);
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, 30 * 100 + 1);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_1_hold_is_dropped_when_a_more_senior_speaks) {
    loses_leader(5, 3);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_1_an_ineligible_node_only_votes) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    follows_with(&n, &config, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_state(&n, NODE_IDLE);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 20 * MS);
    expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_2_election_tells_the_candidate) {
    loses_leader(3, 0);
    const struct send *send = expect_sent(&n, WIRE_ELECTION);
    const struct wire_election *mine = &send->message.election;
    struct token dead = token_of(LEADER, 7);
    struct node_id me = id_of(ME);
    ck_assert(send->multicast && send->count == 1 && sent_to(send, MEMBER(1)));
    ck_assert_uint_eq(mine->epoch, 8);
    ck_assert(token_equal(&mine->dead, &dead));
    ck_assert_uint_eq(mine->key.timeline, TIMELINE);
    ck_assert_int_eq(mine->key.birth, BIRTH(0));
    ck_assert(node_id_equal(&mine->key.id, &me));
    ck_assert_uint_ne(mine->nonce, 0);
}
END_TEST

START_TEST(ELEC_2_candidacy_is_persisted_in_the_background) {
    struct node_id me = id_of(ME);

    loses_leader(3, 0);
    const struct action *persist = expect_action(&n, ACTION_PERSIST);
    ck_assert(!persist->persist.durable);
    ck_assert_uint_eq(persist->persist.state.vote_epoch, 8);
    ck_assert(node_id_equal(&persist->persist.state.voted, &me));
}
END_TEST

START_TEST(ELEC_2_rounds_come_fast_then_slowly) {
    static const usec_t at[] = { 0, 20, 40, 60, 80, 180, 280 };
    usec_t begin;

    loses_leader(3, 0);
    begin = n.now;
    time_passes(&n, 300 * MS);
    for (unsigned i = 0; i < ARRAY_SIZE(at); i++)
        ck_assert_int_eq(happened_at(&n, expect_sent(&n, WIRE_ELECTION)) - begin, at[i] * MS);
    expect_none(&n, WIRE_ELECTION);
    ck_assert_uint_eq(core_counters(n.core)->elections, 1);
}
END_TEST

/* ---- ELEC-3 */

START_TEST(ELEC_3_voter_without_result_stands_with_a_higher_epoch) {
    loses_leader(5, 3);
    hears(&n, MEMBER(2), election(11, 7, BIRTH(2)));
    time_passes(&n, 300 * MS - 1);
    expect_none(&n, WIRE_ELECTION);
    ck_assert_uint_eq(awaits(&n, WIRE_ELECTION, 350 * MS)->message.election.epoch, 12);
}
END_TEST

/* ---- ELEC-4 */

START_TEST(ELEC_4_accused_leader_answers_all) {
    struct wire_message against_me = election(8, 7, BIRTH(0));

    against_me.election.dead = token_of(ME, 7);
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    hears(&n, MEMBER(0), against_me);
    const struct wire_leader *answer = &expect_multicast(&n, WIRE_LEADER)->leader;
    ck_assert_uint_eq(answer->epoch, 7);
    ck_assert_uint_eq(answer->answered, against_me.election.nonce);
    expect_no_more(&n);
}
END_TEST

START_TEST(ELEC_4_leader_answers_a_strangers_election_by_unicast) {
    leads(&n, 7);
    hears(&n, LARGE, election(8, 7, BIRTH(0)));
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_LEADER)->leader.answered, 0);
    hears(&n, SMALL, founding(1, SEC));
    expect_unicast(&n, SMALL, WIRE_LEADER);
    expect_no_more(&n);
    expect_leader(&n, ME, 7);
}
END_TEST

/* Its work goes on for a while: it is no less the leader. */
START_TEST(ELEC_4_leader_answers_while_its_work_is_being_stopped) {
    struct wire_message against_me = election(8, 7, BIRTH(0));

    against_me.election.dead = token_of(ME, 7);
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_RESIGN);
    hears(&n, MEMBER(0), against_me);
    ck_assert_uint_eq(expect_multicast(&n, WIRE_LEADER)->leader.answered, against_me.election.nonce);
}
END_TEST

/* ---- ELEC-5 */

START_TEST(ELEC_5_election_out_of_the_blue_is_checked_first) {
    follows(&n, 7, 3, 1);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    expect_no_more(&n);
    time_passes(&n, MS);
    const struct wire_heartbeat *probe = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
    ck_assert(probe->question && probe->nonce != 0);
    expect_no_more(&n);
}
END_TEST

/* All of them hear the Election of one: 16 of N = 1,000 probe on average, or the probes would drown the leader. */
START_TEST(ELEC_5_of_those_without_rank_few_probe) {
    unsigned probes = 0;

    for (uint8_t seed = 0; seed < 200; seed++) {
        struct core_config config = config_of_me();
        config.seed[0] = seed;
        follows_with(&n, &config, 7, 1000, 20);
        hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
        time_passes(&n, 20 * MS);
        probes += count_sent(&n, WIRE_HEARTBEAT);
        expect_standing(&n, STANDING_SUSPECTING);
    }
    ck_assert_uint_ge(probes, 1);
    ck_assert_uint_le(probes, 12);
}
END_TEST

START_TEST(ELEC_5_answer_to_the_probe_is_passed_on_and_blocks_the_vote) {
    struct wire_message heard = election(8, 7, BIRTH(0));

    follows(&n, 7, 3, 1);
    hears(&n, MEMBER(0), heard);
    time_passes(&n, MS);
    leader_acks(&n);
    hears(&n, MEMBER(0), heard);
    const struct send *mine = awaits(&n, WIRE_VOUCH, 4 * MS);
    ck_assert(mine->multicast && sent_to(mine, MEMBER(0)));
    ck_assert_uint_eq(mine->message.vouch.nonce, heard.election.nonce);
    time_passes(&n, 50 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_5_ack_to_an_earlier_heartbeat_blocks_nothing) {
    follows(&n, 7, 3, 1);
    time_passes(&n, 500 * MS);
    const struct wire_message before = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 2 * MS);
    forget(&n);
    gets(&n, LEADER, ack(&n, &before));
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_VOUCH);
    time_passes(&n, 105 * MS);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 11 * MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_5_election_against_another_leader_is_no_reason_to_doubt) {
    struct wire_message other = election(8, 7, BIRTH(0));

    other.election.dead = token_of(LARGE, 7);
    follows(&n, 7, 3, 1);
    hears(&n, MEMBER(0), other);
    time_passes(&n, 10 * MS);
    expect_no_more(&n);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

/* ---- ELEC-6 */

START_TEST(ELEC_6_votes_for_a_more_senior_candidate) {
    loses_leader(5, 3);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    time_passes(&n, 11 * MS);
    const struct wire_leader_elected *mine = &expect_unicast(&n, MEMBER(2), WIRE_LEADER_ELECTED)->leader_elected;
    struct node_id candidate = id_of(MEMBER(2));
    struct token own = token_of(LEADER, 7);
    ck_assert_uint_eq(mine->epoch, 8);
    ck_assert(node_id_equal(&mine->candidate, &candidate));
    ck_assert(token_equal(&mine->own, &own));
}
END_TEST

START_TEST(ELEC_6_never_votes_for_a_junior) {
    loses_leader(5, 1);
    hears(&n, MEMBER(3), election(8, 7, BIRTH(3)));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_6_votes_whatever_the_epoch_is) {
    loses_leader(5, 3);
    hears(&n, MEMBER(0), election(2, 7, BIRTH(0)));
    time_passes(&n, MS);
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED)->leader_elected.epoch, 2);
}
END_TEST

START_TEST(ELEC_6_drops_its_own_candidacy_for_a_more_senior) {
    stands(3);
    hears(&n, SMALL, election(8, 7, BIRTH(0) - 1));
    time_passes(&n, 100 * MS);
    expect_unicast(&n, SMALL, WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_6_repeats_the_same_vote_for_each_repeated_election) {
    loses_leader(5, 3);
    for (unsigned i = 0; i < 4; i++) {
        hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
        time_passes(&n, 20 * MS);
        expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    }
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_6_one_vote_at_a_time_for_the_more_senior_of_two) {
    loses_leader(6, 4);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    hears(&n, MEMBER(3), election(8, 7, BIRTH(3)));
    time_passes(&n, 20 * MS);
    expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_6_suspecting_with_two_failed_tries_is_enough) {
    follows(&n, 7, 5, 3);
    hears(&n, MEMBER(1), suspect(7, 42));
    time_passes(&n, 2 * MS + 50 * MS); /* one try has failed */
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 15 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    time_passes(&n, 40 * MS); /* now two */
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_6_more_tries_must_fail_where_more_are_lost) {
    follows(&n, 7, 5, 3);
    has_seen_losses(&n);
    hears(&n, MEMBER(1), suspect(7, 42));
    time_passes(&n, 2 * MS);
    for (unsigned tries = 1; count_sent(&n, WIRE_LEADER_ELECTED) == 0; tries = count_sent(&n, WIRE_HEARTBEAT)) {
        ck_assert_uint_le(tries, 6);
        hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
        time_passes(&n, 5 * MS);
    }
    ck_assert_uint_eq(count_sent(&n, WIRE_HEARTBEAT), 6); /* five have failed */
}
END_TEST

START_TEST(ELEC_6_follower_of_a_living_leader_does_not_vote) {
    follows(&n, 7, 5, 3);
    for (unsigned i = 0; i < 20; i++) {
        hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
        time_passes(&n, 20 * MS);
        if (count_sent(&n, WIRE_HEARTBEAT) > 0)
            leader_acks(&n);
    }
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_leader(&n, LEADER, 7);
}
END_TEST

/* ---- ELEC-7 */

START_TEST(ELEC_7_vote_for_the_most_senior_goes_at_once) {
    loses_leader(5, 3);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 5 * 20);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_7_vote_for_another_waits_for_an_objection) {
    loses_leader(5, 3);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 10 * MS - 1);
    expect_none(&n, WIRE_LEADER_ELECTED);
    time_passes(&n, 5 * 20 + 1);
    expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_7_pending_vote_is_dropped_when_a_leader_is_heard) {
    loses_leader(5, 3);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 5 * MS);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    time_passes(&n, 30 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* What counts is who is more senior when the vote is given: then it stands itself. */
START_TEST(ELEC_6_pending_vote_is_dropped_when_the_candidate_is_the_junior_now) {
    struct node_facts facts = facts_of(ME);

    loses_leader(5, 3);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    facts.priority = 200;
    configures(&n, &facts, &n.config.timing);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_ELECTION)->election.key.priority, 200);
}
END_TEST

/* The vote of a suspecting follower is pending when the proof of life comes. */
static uint64_t vote_is_pending(void) {
    uint64_t nonce = suspects(5, 3);

    time_passes(&n, 55 * MS);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    return nonce;
}

START_TEST(ELEC_7_pending_vote_is_dropped_when_the_accused_answers) {
    struct wire_message answer;
    uint64_t nonce = vote_is_pending();

    answer = my_leader(&n);
    answer.leader.answered = nonce;
    hears(&n, LEADER, answer);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_7_pending_vote_is_dropped_by_an_ack_to_the_probe) {
    vote_is_pending();
    leader_acks(&n);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(ELEC_7_pending_vote_is_dropped_by_a_vouch) {
    uint64_t nonce = vote_is_pending();

    hears(&n, MEMBER(2), vouch(7, nonce));
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* N = 4: verdict at 1050 ms; the vote for one that is not first in line waits 10 ms. */
START_TEST(ELEC_7_pending_vote_for_a_senior_survives_the_own_verdict) {
    follows(&n, 7, 4, 2);
    time_passes(&n, 1045 * MS);
    forget(&n);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 30 * MS);
    expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
    ck_assert_int_eq(view_of(&n).state, NODE_CANDIDATE);
}
END_TEST

/* It has the verdict, holds, and its vote for a more senior one is pending. */
START_TEST(ELEC_7_pending_vote_is_dropped_when_the_verdict_is_taken_back) {
    uint64_t nonce = suspects(5, 3);

    awaits_standing(&n, STANDING_NO_LEADER, SEC);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    hears(&n, MEMBER(2), vouch(7, nonce));
    expect_leader(&n, LEADER, 7);
    time_passes(&n, 30 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- ELEC-8, ELEC-9 */

START_TEST(ELEC_8_senior_with_the_verdict_objects_now) {
    loses_leader(5, 2);
    hears(&n, MEMBER(3), election(8, 7, BIRTH(3)));
    struct token dead = token_of(LEADER, 7);
    ck_assert(token_equal(&expect_multicast(&n, WIRE_ELECTION)->election.dead, &dead));
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* With 40 members, 16 of them successors, its turn comes within 0.8 ms. */
START_TEST(ELEC_8_senior_without_a_place_objects_in_its_turn) {
    loses_leader(40, 17);
    hears(&n, MEMBER(18), election(8, 7, BIRTH(18)));
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, MS);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_8_senior_without_a_place_leaves_it_to_another) {
    loses_leader(40, 17);
    hears(&n, MEMBER(18), election(8, 7, BIRTH(18)));
    hears(&n, MEMBER(16), election(8, 7, BIRTH(16)));
    time_passes(&n, 50 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_unicast(&n, MEMBER(16), WIRE_LEADER_ELECTED);
}
END_TEST

/* N = 4: slot at 750 ms, suspicion from 900 ms, verdict at 1050 ms. */
START_TEST(ELEC_8_senior_shortly_before_the_verdict_objects_now) {
    follows(&n, 7, 4, 1);
    time_passes(&n, 1010 * MS);
    forget(&n);
    expect_standing(&n, STANDING_SUSPECTING);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_8_senior_further_from_the_verdict_waits_for_it) {
    follows(&n, 7, 4, 1);
    time_passes(&n, 990 * MS);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, 55 * MS);
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, 15 * MS);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_8_silence_that_was_told_is_no_verdict_without_own_tries) {
    struct wire_message late = suspect(7, 42);

    late.suspect.silent_ms = 290;
    follows(&n, 7, 4, 1);
    hears(&n, MEMBER(0), late);
    time_passes(&n, 20 * MS);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(ELEC_9_objector_uses_the_same_epoch) {
    loses_leader(5, 2);
    hears(&n, MEMBER(3), election(12, 7, BIRTH(3)));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_ELECTION)->election.epoch, 12);
}
END_TEST

START_TEST(ELEC_9_objector_before_the_verdict_uses_the_same_epoch) {
    follows(&n, 7, 4, 0);
    time_passes(&n, 1010 * MS);
    forget(&n);
    hears(&n, MEMBER(2), election(12, 7, BIRTH(2)));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_ELECTION)->election.epoch, 12);
}
END_TEST

START_TEST(ELEC_9_objector_does_not_go_below_its_own_top) {
    loses_leader(5, 2);
    hears(&n, MEMBER(3), election(2, 7, BIRTH(3)));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_ELECTION)->election.epoch, 8);
}
END_TEST

START_TEST(ELEC_9_vote_may_move_to_a_more_senior_candidate_of_the_same_epoch) {
    loses_leader(6, 4);
    hears(&n, MEMBER(2), election(8, 7, BIRTH(2)));
    time_passes(&n, 12 * MS);
    expect_unicast(&n, MEMBER(2), WIRE_LEADER_ELECTED);
    hears(&n, MEMBER(1), election(8, 7, BIRTH(1)));
    time_passes(&n, 12 * MS);
    expect_unicast(&n, MEMBER(1), WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- ELEC-10 */

START_TEST(ELEC_10_half_of_the_others_elect) {
    uint64_t epoch = stands(10); /* others: 8 */

    for (uint8_t i = 1; i <= 3; i++)
        gets(&n, MEMBER(i), vote(epoch, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(4), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
    expect_notice(&n, NOTICE_LEADER, REASON_FAREWELL);
}
END_TEST

START_TEST(ELEC_10_odd_number_of_others_is_rounded_up) {
    uint64_t epoch = stands(5); /* others: 3 */

    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(2), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(ELEC_10_eight_votes_are_always_enough) {
    uint64_t epoch = stands(100);

    for (uint8_t i = 1; i <= 7; i++)
        gets(&n, MEMBER(i), vote(epoch, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(8), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(ELEC_10_votes_count_per_id) {
    uint64_t epoch = stands(10);

    for (unsigned i = 0; i < 20; i++)
        gets(&n, MEMBER(1), vote(epoch, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(ELEC_10_votes_of_another_candidacy_do_not_count) {
    uint64_t epoch = stands(3);
    struct wire_message misdirected = vote(epoch, NOBODY);

    misdirected.leader_elected.candidate = id_of(MEMBER(2));
    gets(&n, MEMBER(1), misdirected);
    gets(&n, MEMBER(1), vote(epoch - 1, NOBODY));
    gets(&n, MEMBER(1), vote(epoch + 1, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(ELEC_10_one_vote_and_four_rounds_elect) {
    uint64_t epoch = stands(10);

    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    time_passes(&n, 80 * MS - 1);
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 1);
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(ELEC_10_first_vote_after_four_rounds_elects) {
    uint64_t epoch = stands(10);

    time_passes(&n, 150 * MS);
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(ELEC_10_of_two_members_the_other_leads_at_once) {
    loses_leader(2, 0);
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(ELEC_10_without_any_vote_it_leads_when_the_window_is_over) {
    stands(3);
    time_passes(&n, 2 * SEC - 1);
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 1);
    expect_state(&n, NODE_LEADER);
    ck_assert_uint_eq(view_of(&n).epoch, 9);
}
END_TEST

START_TEST(ELEC_10_votes_of_a_past_candidacy_are_forgotten) {
    uint64_t epoch = stands(10);

    for (uint8_t i = 1; i <= 3; i++)
        gets(&n, MEMBER(i), vote(epoch, NOBODY));
    hears(&n, SMALL, election(epoch, 7, BIRTH(0) - 1)); /* gives up for this one, which then dies */
    forget(&n);
    uint64_t next = awaits(&n, WIRE_ELECTION, SEC)->message.election.epoch;
    ck_assert_uint_gt(next, epoch);
    gets(&n, MEMBER(4), vote(epoch, NOBODY));
    gets(&n, MEMBER(4), vote(next, NOBODY));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

/* ---- ELEC-11 */

/* The leader fell silent and the node stands against it; returns the nonce of its Suspect. */
static uint64_t stands_after_silence(void) {
    follows(&n, 7, 3, 0);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, SEC)->message.suspect.nonce;
    hears(&n, MEMBER(1), suspect(7, 42));
    awaits(&n, WIRE_ELECTION, SEC);
    forget(&n);
    return nonce;
}

START_TEST(ELEC_11_candidate_gives_up_on_a_counted_vouch) {
    uint64_t nonce = stands_after_silence();

    hears(&n, MEMBER(1), vouch(7, nonce));
    expect_leader(&n, LEADER, 7);
    expect_notice(&n, NOTICE_LEADER, REASON_VOUCHED);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_11_a_vouch_for_a_suspect_that_was_heard_counts_too) {
    stands_after_silence();
    hears(&n, MEMBER(1), vouch(7, 42));
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_11_a_vouch_of_something_else_does_not_count) {
    uint64_t nonce = stands_after_silence();

    hears(&n, MEMBER(1), vouch(7, 4711));
    expect_state(&n, NODE_CANDIDATE);
    struct wire_message for_another = vouch(7, nonce);
    for_another.vouch.leader = token_of(LARGE, 7);
    hears(&n, MEMBER(1), for_another);
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(ELEC_11_a_vouch_does_not_undo_a_farewell) {
    loses_leader(3, 0);
    uint64_t nonce = expect_multicast(&n, WIRE_ELECTION)->election.nonce;
    hears(&n, MEMBER(1), vouch(7, nonce));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(ELEC_11_candidate_stays_when_a_junior_speaks) {
    stands(5);
    hears(&n, MEMBER(1), election(20, 7, BIRTH(1)));
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 20 * MS);
    expect_multicast(&n, WIRE_ELECTION);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- ELEC-12 */

START_TEST(ELEC_12_winner_repeats_its_leader) {
    static const usec_t at[] = { 0, 5, 35, 155, 425, 425 + 750, 425 + 1500, 425 + 2250 };
    uint64_t epoch = stands(3);
    usec_t begin = n.now;

    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    time_passes(&n, 3 * SEC);
    for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
        const struct send *send = expect_sent(&n, WIRE_LEADER);
        ck_assert_int_eq(happened_at(&n, send) - begin, at[i] * MS);
        ck_assert(send->multicast);
        ck_assert_uint_eq(send->message.leader.epoch, epoch);
        ck_assert(i > 0 || sent_to(send, MEMBER(1)));
    }
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(ELEC_12_leader_tells_about_itself) {
    uint64_t epoch = stands(3);
    struct node_id me = id_of(ME);

    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    const struct wire_message *told = expect_multicast(&n, WIRE_LEADER);
    ck_assert_uint_eq(told->leader.key.timeline, TIMELINE);
    ck_assert_int_eq(told->leader.key.birth, BIRTH(0));
    ck_assert(node_id_equal(&told->leader.key.id, &me));
    ck_assert_uint_eq(told->leader.since_ms, 0);
    ck_assert_uint_eq(told->leader.absorbed.epoch, 0);
    ck_assert_str_eq(told->name, "n050");
}
END_TEST

/* ---- ELEC-13 */

START_TEST(ELEC_13_my_leader_may_rise) {
    follows(&n, 7, 3, 0);
    n.epoch = 9;
    hears(&n, LEADER, my_leader(&n));
    expect_leader(&n, LEADER, 9);
    ck_assert_uint_eq(expect_notice(&n, NOTICE_LEADER, REASON_RISE)->token.epoch, 9);
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.epoch, 9);
}
END_TEST

START_TEST(ELEC_13_older_epoch_of_my_leader_is_ignored) {
    follows(&n, 7, 3, 0);
    struct wire_message old = leader(6);
    old.leader.key.priority = 1;
    hears(&n, LEADER, old);
    expect_leader(&n, LEADER, 7);
    expect_no_notice(&n, NOTICE_LEADER);
    expect_no_more(&n);
}
END_TEST

START_TEST(ELEC_13_repeated_leader_changes_nothing) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, my_leader(&n));
    expect_leader(&n, LEADER, 7);
    expect_no_notice(&n, NOTICE_LEADER);
    expect_no_action(&n, ACTION_PERSIST);
    expect_no_more(&n);
}
END_TEST

START_TEST(ELEC_13_my_leader_may_move_to_another_address) {
    follows(&n, 7, 3, 0);
    struct wire_message moved = my_leader(&n);
    moved.header.sender = id_of(LEADER);
    moved.header.boot_nonce = n.delivered.header.boot_nonce;
    hears(&n, LARGE, moved);
    expect_leader(&n, LEADER, 7);
    ck_assert(sent_to(awaits(&n, WIRE_HEARTBEAT, SEC), LARGE));
}
END_TEST

START_TEST(ELEC_13_stranger_with_a_higher_epoch_is_not_followed) {
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, leader(8));
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_13_who_suspects_follows_a_higher_epoch) {
    suspects(5, 3);
    hears(&n, MEMBER(0), leader(7));
    expect_leader(&n, LEADER, 7);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(ELEC_13_who_absorbed_my_leader_is_followed) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(LEADER, 7);
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, winner);
    expect_leader(&n, LARGE, 9);
    expect_notice(&n, NOTICE_LEADER, REASON_MERGE);
}
END_TEST

START_TEST(ELEC_13_who_absorbed_an_earlier_leadership_is_not_followed) {
    struct wire_message winner = leader(9);

    winner.leader.absorbed = token_of(LEADER, 6);
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, winner);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_13_after_a_farewell_a_higher_epoch_is_followed) {
    loses_leader(5, 3);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
    expect_notice(&n, NOTICE_LEADER, REASON_FAREWELL);
    time_passes(&n, 60 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(ELEC_13_vote_epoch_never_refuses_a_leader) {
    uint64_t epoch = stands(5);

    hears(&n, MEMBER(1), leader(epoch));
    expect_leader(&n, MEMBER(1), epoch);
    loses_leader(5, 3);
    hears(&n, MEMBER(0), election(30, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    hears(&n, MEMBER(1), leader(8));
    expect_leader(&n, MEMBER(1), 8);
}
END_TEST

/* It has doubted LEADER and voted for the first in line. */
static void votes_in_doubt(void) {
    suspects(5, 3);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
}

START_TEST(ELEC_13_who_got_my_vote_is_followed_although_others_vouch) {
    votes_in_doubt();
    hears(&n, MEMBER(9), vouch(7, 42));
    expect_standing(&n, STANDING_FOLLOWING);
    hears(&n, MEMBER(0), leader(8));
    expect_leader(&n, MEMBER(0), 8);
}
END_TEST

START_TEST(ELEC_13_a_vote_is_void_once_my_leader_has_answered) {
    votes_in_doubt();
    time_passes(&n, 50 * MS);
    leader_acks(&n);
    hears(&n, MEMBER(0), leader(9));
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(ELEC_13_a_vote_is_void_once_another_leader_is_followed) {
    votes_in_doubt();
    hears(&n, MEMBER(1), leader(9));
    expect_leader(&n, MEMBER(1), 9);
    hears(&n, MEMBER(0), leader(10));
    expect_leader(&n, MEMBER(1), 9);
}
END_TEST

START_TEST(ELEC_13_candidate_follows_a_leader_that_is_junior) {
    stands(5);
    struct wire_message junior = leader(8);
    junior.leader.key.birth = BIRTH(4);
    hears(&n, MEMBER(4), junior);
    expect_leader(&n, MEMBER(4), 8);
    time_passes(&n, 20 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

/* ---- ELEC-14 */

START_TEST(ELEC_14_lower_epoch_is_asked_to_rise) {
    loses_leader(5, 3);
    forget(&n);
    hears(&n, LARGE, leader(3));
    expect_no_leader(&n);
    const struct wire_message *asked = expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
    struct token own = token_of(LEADER, 7);
    ck_assert(asked->heartbeat.registering && asked->has_registration);
    ck_assert(token_equal(&asked->heartbeat.own, &own));
}
END_TEST

/* LARGE leads with a lower epoch and was asked; it answers with that epoch. */
static void is_answered_with(uint64_t epoch) {
    loses_leader(5, 3);
    hears(&n, LARGE, leader(3));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    answer.ack.epoch = epoch;
    gets(&n, LARGE, answer);
}

START_TEST(ELEC_14_follows_the_one_that_rose) {
    is_answered_with(8);
    expect_leader(&n, LARGE, 8);
    ck_assert_uint_eq(view_of(&n).members, 5); /* and learns from its Ack */
}
END_TEST

START_TEST(ELEC_14_does_not_follow_one_that_did_not_rise) {
    is_answered_with(7);
    expect_no_leader(&n);
    is_answered_with(3);
    expect_no_leader(&n);
}
END_TEST

START_TEST(ELEC_14_asks_again_when_unanswered) {
    loses_leader(5, 3);
    forget(&n);
    hears(&n, LARGE, leader(3));
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
    time_passes(&n, 110 * MS);
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
}
END_TEST

/* A vouch came before the answer did; the next time the same node is asked again. */
START_TEST(ELEC_14_question_that_a_vouch_cut_short_is_asked_again) {
    uint64_t nonce = suspects(5, 3);

    awaits_standing(&n, STANDING_NO_LEADER, SEC);
    for (unsigned i = 0; i < 2; i++) {
        forget(&n);
        hears(&n, LEADER, my_leader(&n));
        ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.registering);
        hears(&n, MEMBER(2), vouch(7, nonce));
        expect_leader(&n, LEADER, 7);
        nonce = awaits(&n, WIRE_SUSPECT, 10 * SEC)->message.suspect.nonce;
        awaits_standing(&n, STANDING_ISOLATED, SEC);
    }
}
END_TEST

START_TEST(ELEC_14_ack_of_somebody_else_is_not_followed) {
    loses_leader(5, 3);
    hears(&n, LARGE, leader(3));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    answer.ack.epoch = 8;
    gets(&n, SMALL, answer);
    expect_no_leader(&n);
}
END_TEST

/* ---- ELEC-15 */

START_TEST(ELEC_15_stranger_is_reported_to_my_leader_at_once) {
    struct token stranger = token_of(LARGE, 9);
    struct address address = address_of(LARGE);

    follows(&n, 7, 3, 0);
    hears(&n, LARGE, leader(9));
    const struct wire_message *report = expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    ck_assert(report->has_stranger);
    ck_assert(token_equal(&report->stranger.token, &stranger));
    ck_assert(address_equal(&report->stranger.address, &address));
    expect_no_more(&n);
    time_passes(&n, 50 * MS);
    ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_stranger);
}
END_TEST

/* A leader speaks every two seconds, and so may a follower: what comes in the midst of an exchange may always do so. */
START_TEST(ELEC_15_stranger_is_reported_after_the_exchange_that_is_open) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    hears(&n, LARGE, leader(9));
    expect_no_more(&n);
    gets(&n, LEADER, answer);
    time_passes(&n, 50 * MS);
    ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_stranger);
}
END_TEST

START_TEST(ELEC_15_later_heartbeats_are_plain_again) {
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, leader(9));
    leader_acks(&n);
    time_passes(&n, 500 * MS);
    ck_assert(!expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_stranger);
}
END_TEST

START_TEST(ELEC_15_lower_epoch_is_reported_too) {
    follows(&n, 7, 3, 0);
    hears(&n, LARGE, leader(2));
    ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_stranger);
    expect_leader(&n, LEADER, 7);
}
END_TEST

/* ---- ELEC-16 */

START_TEST(ELEC_16_registers_within_the_registration_time) {
    loses_leader(5, 3);
    forget(&n);
    hears(&n, MEMBER(0), leader(8));
    usec_t followed_at = n.now;
    const struct send *send = awaits(&n, WIRE_HEARTBEAT, 50 * MS);
    ck_assert_int_le(happened_at(&n, send) - followed_at, 50 * MS);
    ck_assert(sent_to(send, MEMBER(0)) && send->message.has_registration);
    ck_assert_uint_eq(send->message.heartbeat.epoch, 8);
    ck_assert_uint_eq(send->message.heartbeat.timeline, TIMELINE);
    ck_assert_int_eq(send->message.heartbeat.birth, BIRTH(3));
}
END_TEST

START_TEST(ELEC_16_token_is_persisted_in_the_background) {
    struct token own = token_of(MEMBER(0), 8);

    loses_leader(5, 3);
    forget(&n);
    hears(&n, MEMBER(0), leader(8));
    const struct action *persist = expect_action(&n, ACTION_PERSIST);
    ck_assert(!persist->persist.durable);
    ck_assert(token_equal(&persist->persist.state.own, &own));
}
END_TEST

/* The shortcut of two members needs an Ack of the present leader (SUSP-10): its Leader alone says nothing certain. */
START_TEST(ELEC_16_table_of_the_former_leader_is_void) {
    follows(&n, 7, 2, 0);
    struct wire_message winner = leader(9);
    winner.leader.absorbed = token_of(LEADER, 7);
    hears(&n, LARGE, winner);
    expect_leader(&n, LARGE, 9);
    awaits_standing(&n, STANDING_ISOLATED, 3 * SEC);
}
END_TEST

/* ---- ELEC-17 */

START_TEST(ELEC_17_redirected_without_leader_registers_there) {
    loses_leader(5, 3);
    forget(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    expect_no_leader(&n);
    answer.ack.epoch = 8;
    gets(&n, LARGE, answer);
    expect_leader(&n, LARGE, 8);
}
END_TEST

START_TEST(ELEC_17_ack_not_above_my_token_is_not_followed) {
    loses_leader(5, 3);
    forget(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 6));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    answer.ack.epoch = 6;
    gets(&n, LARGE, answer);
    expect_no_leader(&n);
}
END_TEST

START_TEST(ELEC_17_leader_ignores_a_redirect) {
    leads(&n, 7);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    expect_leader(&n, ME, 7);
    expect_no_more(&n);
}
END_TEST

/* ---- EPOCH */

START_TEST(EPOCH_1_elections_not_voted_for_count_nowhere) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), election(500, 7, BIRTH(1)));
    time_passes(&n, MS);
    leader_acks(&n);
    hears(&n, LEADER, farewell(LEADER, 7));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_ELECTION)->election.epoch, 8);
}
END_TEST

START_TEST(EPOCH_1_a_vote_raises_the_next_candidacy_but_not_the_token) {
    loses_leader(5, 3);
    hears(&n, MEMBER(0), election(500, 7, BIRTH(0)));
    time_passes(&n, MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
    ck_assert_uint_eq(view_of(&n).epoch, 7);
    ck_assert_uint_eq(awaits(&n, WIRE_ELECTION, SEC)->message.election.epoch, 501);
}
END_TEST

START_TEST(EPOCH_2_ack_of_my_leader_with_an_older_epoch_is_ignored) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.epoch = 6;
    gets(&n, LEADER, answer);
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.try, 2);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(EPOCH_2_ack_of_my_leader_may_tell_its_rise) {
    follows(&n, 7, 3, 0);
    n.epoch = 9;
    time_passes(&n, 500 * MS);
    leader_acks(&n);
    expect_leader(&n, LEADER, 9);
    expect_notice(&n, NOTICE_LEADER, REASON_RISE);
}
END_TEST

START_TEST(EPOCH_2_ack_of_a_stranger_is_ignored) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.epoch = 9;
    gets(&n, LARGE, answer);
    expect_leader(&n, LEADER, 7);
    starts(&n);
    gets(&n, LARGE, answer);
    expect_no_leader(&n);
}
END_TEST

/* It came late: what it tells is of the former me, or of another host that had my address. */
START_TEST(EPOCH_2_ack_to_an_earlier_start_is_ignored) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.header.receiver_nonce = 4711;
    answer.ack.birth = 1;
    gets(&n, LEADER, answer);
    ck_assert_int_eq(view_of(&n).birth, BIRTH(0));
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.try, 2);
}
END_TEST

START_TEST(EPOCH_2_ack_to_an_earlier_start_makes_no_leader) {
    loses_leader(5, 3);
    forget(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    answer.header.receiver_nonce = 4711;
    answer.ack.epoch = 8;
    gets(&n, LARGE, answer);
    expect_no_leader(&n);
    answer.header.receiver_nonce = n.config.boot_nonce;
    gets(&n, LARGE, answer);
    expect_leader(&n, LARGE, 8);
}
END_TEST

enum { STEP_MAX = 1 << 20 };

START_TEST(EPOCH_3_implausible_leader_is_ignored) {
    loses_leader(5, 3);
    hears(&n, LARGE, leader(7 + STEP_MAX + 1));
    expect_no_leader(&n);
    hears(&n, LARGE, leader(7 + STEP_MAX));
    expect_leader(&n, LARGE, 7 + STEP_MAX);
}
END_TEST

START_TEST(EPOCH_3_implausible_rise_of_my_leader_is_ignored) {
    follows(&n, 7, 3, 0);
    n.epoch = 7 + STEP_MAX + 1;
    hears(&n, LEADER, my_leader(&n));
    expect_leader(&n, LEADER, 7);
    time_passes(&n, 500 * MS);
    leader_acks(&n);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(EPOCH_3_implausible_election_is_ignored) {
    loses_leader(5, 3);
    hears(&n, MEMBER(0), election(7 + STEP_MAX + 1, 7, BIRTH(0)));
    time_passes(&n, 14 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(EPOCH_3_implausible_token_in_a_vote_or_heartbeat_is_ignored) {
    uint64_t epoch = stands(3);

    gets(&n, MEMBER(1), vote(epoch, token_of(LARGE, WIRE_EPOCH_MAX)));
    expect_state(&n, NODE_CANDIDATE);
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(LARGE, WIRE_EPOCH_MAX)));
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(EPOCH_3_fresh_node_believes_a_leader_that_answers_its_nonce) {
    struct core_config config = config_of_me();

    config.fresh = true;
    starts_with(&n, &config, 1);
    n.members = 3;
    hears(&n, LEADER, leader(STEP_MAX + 100));
    expect_no_leader(&n);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.epoch = STEP_MAX + 100;
    answer.ack.nonce++;
    gets(&n, LEADER, answer);
    expect_no_leader(&n);
    answer.ack.nonce--;
    gets(&n, LEADER, answer);
    expect_leader(&n, LEADER, STEP_MAX + 100);
}
END_TEST

START_TEST(EPOCH_3_a_node_with_a_history_does_not) {
    starts(&n);
    n.members = 3;
    hears(&n, LEADER, leader(STEP_MAX + 100));
    expect_no_leader(&n);
    expect_none(&n, WIRE_HEARTBEAT);
}
END_TEST

/* SMALL leads that epoch, and is heard ten times a second. */
static void goes_on_hearing(uint64_t epoch, usec_t duration) {
    for (usec_t left = duration; left > 0; left -= 100 * MS) {
        hears(&n, SMALL, leader(epoch));
        time_passes(&n, 100 * MS);
    }
}

/* They may have been carried away by one who forges, or have gone on while this node was off. */
START_TEST(EPOCH_3_who_goes_on_beyond_is_believed_in_time) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    config.state.own.epoch = 7;
    starts_with(&n, &config, 1);
    goes_on_hearing(7 + 3 * STEP_MAX, 1900 * MS);
    expect_no_leader(&n);
    goes_on_hearing(7 + 3 * STEP_MAX, 300 * MS);
    expect_leader(&n, SMALL, 7 + 3 * STEP_MAX);
}
END_TEST

START_TEST(EPOCH_3_a_leader_meets_one_who_goes_on_beyond) {
    leads(&n, 7);
    goes_on_hearing(7 + 3 * STEP_MAX, 1900 * MS);
    expect_none(&n, WIRE_MERGE_REQUEST);
    goes_on_hearing(7 + 3 * STEP_MAX, 300 * MS);
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
}
END_TEST

/* As when it has risen above a token that only it was shown. */
START_TEST(EPOCH_3_my_leader_lives_whatever_it_counts) {
    follows(&n, 7, 3, 0);
    n.epoch = 7 + 3 * STEP_MAX;
    for (int i = 0; i < 3; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
        leader_acks(&n);
        expect_leader(&n, LEADER, 7);
        expect_standing(&n, STANDING_FOLLOWING);
        expect_none(&n, WIRE_SUSPECT);
    }
    for (int i = 0; i < 5; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
        leader_acks(&n);
    }
    expect_leader(&n, LEADER, 7 + 3 * STEP_MAX);
    expect_no_notice(&n, NOTICE_NO_LEADER);
}
END_TEST

/* It moves by one a second, whatever is heard. */
START_TEST(EPOCH_3_nobody_makes_it_believe_anything) {
    leads(&n, 7);
    goes_on_hearing(WIRE_EPOCH_MAX, 20 * SEC);
    hears(&n, SMALL, leader(7 + 21 * STEP_MAX));
    expect_none(&n, WIRE_MERGE_REQUEST);
    hears(&n, SMALL, leader(7 + 20 * STEP_MAX));
    expect_unicast(&n, SMALL, WIRE_MERGE_REQUEST);
}
END_TEST

/* There is no number above the last one: it is used again rather than none, so that its holder is not struck dumb. */
START_TEST(EPOCH_3_the_last_epoch_silences_nobody) {
    struct core_config config = config_of_me();

    config.fresh = true;
    starts_with(&n, &config, 1);
    n.members = 3;
    hears(&n, LEADER, leader(WIRE_EPOCH_MAX));
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.epoch = WIRE_EPOCH_MAX;
    gets(&n, LEADER, answer);
    hears(&n, LEADER, farewell(LEADER, WIRE_EPOCH_MAX));
    ck_assert_uint_eq(awaits(&n, WIRE_ELECTION, SEC)->message.election.epoch, WIRE_EPOCH_MAX);
    gets(&n, MEMBER(1), vote(WIRE_EPOCH_MAX, token_of(LEADER, WIRE_EPOCH_MAX)));
    expect_leader(&n, ME, WIRE_EPOCH_MAX);
    gets(&n, MEMBER(1), heartbeat(token_of(LEADER, WIRE_EPOCH_MAX), 1));
    expect_leader(&n, ME, WIRE_EPOCH_MAX);
}
END_TEST

START_TEST(EPOCH_4_leader_rises_above_a_higher_token) {
    leads(&n, 7);
    joins(&n, MEMBER(1), SEC);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(LARGE, 12)));
    expect_leader(&n, ME, 13);
    const struct send *send = expect_sent(&n, WIRE_LEADER);
    ck_assert(send->multicast && sent_to(send, MEMBER(1)));
    ck_assert_uint_eq(send->message.leader.epoch, 13);
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.epoch, 13);
    expect_notice(&n, NOTICE_LEADER, REASON_RISE);
    expect_notice(&n, NOTICE_REASSERT, REASON_RISE);
}
END_TEST

START_TEST(EPOCH_4_leader_rises_above_an_equal_token_of_another) {
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(LARGE, 7)));
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(EPOCH_4_leader_does_not_rise_above_lower_tokens_or_its_own) {
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(LARGE, 6)));
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    expect_leader(&n, ME, 7);
    expect_no_notice(&n, NOTICE_REASSERT);
}
END_TEST

START_TEST(EPOCH_4_winner_goes_above_the_tokens_in_its_votes) {
    uint64_t epoch = stands(3);

    gets(&n, MEMBER(1), vote(epoch, token_of(LARGE, 20)));
    expect_leader(&n, ME, 21);
}
END_TEST

START_TEST(EPOCH_4_late_votes_count_too) {
    uint64_t epoch = stands(3);

    gets(&n, MEMBER(1), vote(epoch, NOBODY));
    expect_leader(&n, ME, epoch);
    gets(&n, MEMBER(2), vote(epoch, token_of(LARGE, 20)));
    expect_leader(&n, ME, 21);
}
END_TEST

START_TEST(EPOCH_5_restart_begins_above_the_reserved_block) {
    struct core_config config = config_of_me();

    config.state.own = token_of(LARGE, 30);
    config.state.epoch_block = 40 + EPOCH_BLOCK; /* 40 was on disk */
    starts_with(&n, &config, 1);
    time_passes(&n, 3 * SEC);
    expect_leader(&n, ME, 41);
}
END_TEST

START_TEST(EPOCH_5_epoch_beyond_the_block_is_reserved_durably_before_its_use) {
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, token_of(LARGE, 1000)));
    expect_leader(&n, ME, 1001);
    const struct action *persist = expect_action(&n, ACTION_PERSIST);
    ck_assert(persist->persist.durable);
    ck_assert_uint_ge(persist->persist.state.epoch_block, 1001);
    ck_assert((const void *)persist < (const void *)expect_sent(&n, WIRE_LEADER));
}
END_TEST

START_TEST(EPOCH_5_next_block_is_reserved_ahead_in_the_background) {
    leads(&n, 7);
    for (uint32_t i = 0; i < 40; i++) { /* every 11 s the leader is shown a token as high as its own */
        for (unsigned second = 0; second < 11; second++)
            time_passes(&n, SEC);
        forget(&n);
        gets(&n, MEMBER(0), heartbeat(token_of(LARGE, 7 + i), i + 2));
        expect_leader(&n, ME, 8 + i);
        for (unsigned k = 0; k < n.actions.count; k++)
            ck_assert(n.actions.list[k].type != ACTION_PERSIST || !n.actions.list[k].persist.durable);
    }
}
END_TEST

START_TEST(EPOCH_5_who_follows_reserves_ahead_too) {
    follows(&n, 50, 3, 0);
    for (usec_t end = n.now + 11 * SEC; n.now < end;) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, 2 * SEC);
        leader_acks(&n);
        forget(&n);
    }
    hears(&n, LEADER, farewell(LEADER, 50));
    expect_multicast(&n, WIRE_ELECTION);
    for (unsigned k = 0; k < n.actions.count; k++)
        ck_assert(n.actions.list[k].type != ACTION_PERSIST || !n.actions.list[k].persist.durable);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        ELEC_1_first_in_line_stands_at_once,
        ELEC_1_the_others_hold_by_rank,
        ELEC_1_those_without_rank_hold_longest,
        ELEC_1_hold_is_dropped_when_a_more_senior_speaks,
        ELEC_1_an_ineligible_node_only_votes,
        ELEC_2_election_tells_the_candidate,
        ELEC_2_candidacy_is_persisted_in_the_background,
        ELEC_2_rounds_come_fast_then_slowly,
        ELEC_3_voter_without_result_stands_with_a_higher_epoch,
        ELEC_4_accused_leader_answers_all,
        ELEC_4_leader_answers_a_strangers_election_by_unicast,
        ELEC_4_leader_answers_while_its_work_is_being_stopped,
        ELEC_5_election_out_of_the_blue_is_checked_first,
        ELEC_5_of_those_without_rank_few_probe,
        ELEC_5_answer_to_the_probe_is_passed_on_and_blocks_the_vote,
        ELEC_5_ack_to_an_earlier_heartbeat_blocks_nothing,
        ELEC_5_election_against_another_leader_is_no_reason_to_doubt,
        ELEC_6_votes_for_a_more_senior_candidate,
        ELEC_6_never_votes_for_a_junior,
        ELEC_6_votes_whatever_the_epoch_is,
        ELEC_6_drops_its_own_candidacy_for_a_more_senior,
        ELEC_6_repeats_the_same_vote_for_each_repeated_election,
        ELEC_6_one_vote_at_a_time_for_the_more_senior_of_two,
        ELEC_6_suspecting_with_two_failed_tries_is_enough,
        ELEC_6_more_tries_must_fail_where_more_are_lost,
        ELEC_6_follower_of_a_living_leader_does_not_vote,
        ELEC_7_vote_for_the_most_senior_goes_at_once,
        ELEC_7_vote_for_another_waits_for_an_objection,
        ELEC_7_pending_vote_is_dropped_when_a_leader_is_heard,
        ELEC_6_pending_vote_is_dropped_when_the_candidate_is_the_junior_now,
        ELEC_7_pending_vote_is_dropped_when_the_accused_answers,
        ELEC_7_pending_vote_is_dropped_by_an_ack_to_the_probe,
        ELEC_7_pending_vote_is_dropped_by_a_vouch,
        ELEC_7_pending_vote_for_a_senior_survives_the_own_verdict,
        ELEC_7_pending_vote_is_dropped_when_the_verdict_is_taken_back,
        ELEC_8_senior_with_the_verdict_objects_now,
        ELEC_8_senior_without_a_place_objects_in_its_turn,
        ELEC_8_senior_without_a_place_leaves_it_to_another,
        ELEC_8_senior_shortly_before_the_verdict_objects_now,
        ELEC_8_senior_further_from_the_verdict_waits_for_it,
        ELEC_8_silence_that_was_told_is_no_verdict_without_own_tries,
        ELEC_9_objector_uses_the_same_epoch,
        ELEC_9_objector_before_the_verdict_uses_the_same_epoch,
        ELEC_9_objector_does_not_go_below_its_own_top,
        ELEC_9_vote_may_move_to_a_more_senior_candidate_of_the_same_epoch,
        ELEC_10_half_of_the_others_elect,
        ELEC_10_odd_number_of_others_is_rounded_up,
        ELEC_10_eight_votes_are_always_enough,
        ELEC_10_votes_count_per_id,
        ELEC_10_votes_of_another_candidacy_do_not_count,
        ELEC_10_one_vote_and_four_rounds_elect,
        ELEC_10_first_vote_after_four_rounds_elects,
        ELEC_10_of_two_members_the_other_leads_at_once,
        ELEC_10_without_any_vote_it_leads_when_the_window_is_over,
        ELEC_10_votes_of_a_past_candidacy_are_forgotten,
        ELEC_11_candidate_gives_up_on_a_counted_vouch,
        ELEC_11_a_vouch_for_a_suspect_that_was_heard_counts_too,
        ELEC_11_a_vouch_of_something_else_does_not_count,
        ELEC_11_a_vouch_does_not_undo_a_farewell,
        ELEC_11_candidate_stays_when_a_junior_speaks,
        ELEC_12_winner_repeats_its_leader,
        ELEC_12_leader_tells_about_itself,
        ELEC_13_my_leader_may_rise,
        ELEC_13_older_epoch_of_my_leader_is_ignored,
        ELEC_13_repeated_leader_changes_nothing,
        ELEC_13_my_leader_may_move_to_another_address,
        ELEC_13_stranger_with_a_higher_epoch_is_not_followed,
        ELEC_13_who_suspects_follows_a_higher_epoch,
        ELEC_13_who_absorbed_my_leader_is_followed,
        ELEC_13_who_absorbed_an_earlier_leadership_is_not_followed,
        ELEC_13_after_a_farewell_a_higher_epoch_is_followed,
        ELEC_13_vote_epoch_never_refuses_a_leader,
        ELEC_13_who_got_my_vote_is_followed_although_others_vouch,
        ELEC_13_a_vote_is_void_once_my_leader_has_answered,
        ELEC_13_a_vote_is_void_once_another_leader_is_followed,
        ELEC_13_candidate_follows_a_leader_that_is_junior,
        ELEC_14_lower_epoch_is_asked_to_rise,
        ELEC_14_follows_the_one_that_rose,
        ELEC_14_does_not_follow_one_that_did_not_rise,
        ELEC_14_asks_again_when_unanswered,
        ELEC_14_question_that_a_vouch_cut_short_is_asked_again,
        ELEC_14_ack_of_somebody_else_is_not_followed,
        ELEC_15_stranger_is_reported_to_my_leader_at_once,
        ELEC_15_stranger_is_reported_after_the_exchange_that_is_open,
        ELEC_15_later_heartbeats_are_plain_again,
        ELEC_15_lower_epoch_is_reported_too,
        ELEC_16_registers_within_the_registration_time,
        ELEC_16_token_is_persisted_in_the_background,
        ELEC_16_table_of_the_former_leader_is_void,
        ELEC_17_redirected_without_leader_registers_there,
        ELEC_17_ack_not_above_my_token_is_not_followed,
        ELEC_17_leader_ignores_a_redirect,
        EPOCH_1_elections_not_voted_for_count_nowhere,
        EPOCH_1_a_vote_raises_the_next_candidacy_but_not_the_token,
        EPOCH_2_ack_of_my_leader_with_an_older_epoch_is_ignored,
        EPOCH_2_ack_of_my_leader_may_tell_its_rise,
        EPOCH_2_ack_of_a_stranger_is_ignored,
        EPOCH_2_ack_to_an_earlier_start_is_ignored,
        EPOCH_2_ack_to_an_earlier_start_makes_no_leader,
        EPOCH_3_implausible_leader_is_ignored,
        EPOCH_3_implausible_rise_of_my_leader_is_ignored,
        EPOCH_3_implausible_election_is_ignored,
        EPOCH_3_implausible_token_in_a_vote_or_heartbeat_is_ignored,
        EPOCH_3_fresh_node_believes_a_leader_that_answers_its_nonce,
        EPOCH_3_a_node_with_a_history_does_not,
        EPOCH_3_who_goes_on_beyond_is_believed_in_time,
        EPOCH_3_a_leader_meets_one_who_goes_on_beyond,
        EPOCH_3_my_leader_lives_whatever_it_counts,
        EPOCH_3_nobody_makes_it_believe_anything,
        EPOCH_3_the_last_epoch_silences_nobody,
        EPOCH_4_leader_rises_above_a_higher_token,
        EPOCH_4_leader_rises_above_an_equal_token_of_another,
        EPOCH_4_leader_does_not_rise_above_lower_tokens_or_its_own,
        EPOCH_4_winner_goes_above_the_tokens_in_its_votes,
        EPOCH_4_late_votes_count_too,
        EPOCH_5_restart_begins_above_the_reserved_block,
        EPOCH_5_epoch_beyond_the_block_is_reserved_durably_before_its_use,
        EPOCH_5_next_block_is_reserved_ahead_in_the_background,
        EPOCH_5_who_follows_reserves_ahead_too,
    };

    return run_tests("core: election", tests, ARRAY_SIZE(tests));
}
