/* SPDX-License-Identifier: ISC
 *
 * test_core_discovery.c - a node without leader and the first election of a cluster: rules START.
 *
 * With the default detect of 300 ms: discovery 1 s, alone 3 s, start Announce within 100 ms, collection 50 ms,
 * objection within 30 ms.
 */
#include "core_fixture.h"

#include "base/util.h"

#include <stdio.h>

static struct node n;

enum { OLD = 1000 }; /* seconds: an age above mine */

/* The discovery is over, this one was heard in it, and the node has not spoken yet. */
static void has_company(uint8_t who, int64_t age) {
    starts(&n);
    time_passes(&n, 900 * MS);
    hears(&n, who, announce(age));
    time_passes(&n, 100 * MS);
    forget(&n);
}

/* It has sent its Election, in its first candidacy. */
static const struct wire_election *stands(uint8_t beside, int64_t age) {
    has_company(beside, age);
    return &awaits(&n, WIRE_ELECTION, 10 * MS)->message.election;
}

/* ---- START-1, START-2 */

START_TEST(START_2_announces_three_times_within_discovery) {
    usec_t start;

    starts(&n);
    start = n.now;
    expect_no_more(&n);
    time_passes(&n, SEC);
    const struct send *first = expect_sent(&n, WIRE_ANNOUNCE);
    ck_assert_int_le(happened_at(&n, first) - start, 100 * MS);
    ck_assert(first->multicast);
    expect_multicast(&n, WIRE_ANNOUNCE);
    expect_multicast(&n, WIRE_ANNOUNCE);
}
END_TEST

START_TEST(START_2_announce_tells_who_it_is) {
    starts(&n);
    const struct send *send = awaits(&n, WIRE_ANNOUNCE, 100 * MS);
    const struct wire_announce *told = &send->message.announce;
    ck_assert_uint_eq(told->state, WIRE_IDLE);
    ck_assert_uint_eq(told->priority, 100);
    ck_assert(told->eligible && !told->fresh);
    ck_assert_uint_eq(told->port, 4000 + ME);
    ck_assert_int_le(told->age, 100 * MS);
    ck_assert_uint_eq(told->leader.epoch, 0);
    ck_assert_str_eq(send->message.name, "n050");
}
END_TEST

START_TEST(START_2_start_announce_follows_detect) {
    struct core_config config = config_of_me();

    config.timing.detect = 20 * MS;
    starts_with(&n, &config, 1);
    awaits(&n, WIRE_ANNOUNCE, 10 * MS);
}
END_TEST

START_TEST(START_2_start_announce_is_not_sent_in_a_crowd) {
    starts(&n);
    for (uint8_t i = 0; i < 20; i++)
        hears(&n, MEMBER(i), announce(0));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ANNOUNCE);
}
END_TEST

START_TEST(START_2_nineteen_are_not_a_crowd) {
    starts(&n);
    for (uint8_t i = 0; i < 19; i++)
        hears(&n, MEMBER(i), announce(0));
    time_passes(&n, 100 * MS);
    expect_multicast(&n, WIRE_ANNOUNCE);
}
END_TEST

/* 5/s for the cluster together: an ineligible node without leader never stands, so it goes on announcing. */
START_TEST(START_2_leaderless_nodes_share_five_announces_a_second) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    starts_with(&n, &config, 1);
    for (unsigned second = 0; second < 60; second++) {
        for (uint8_t i = 0; i < 9; i++)
            hears(&n, MEMBER(i), announce(0));
        time_passes(&n, SEC);
    }
    ck_assert_uint_ge(count_sent(&n, WIRE_ANNOUNCE), 20);
    ck_assert_uint_le(count_sent(&n, WIRE_ANNOUNCE), 45);
}
END_TEST

START_TEST(START_2_follower_does_not_announce) {
    follows(&n, 7, 3, 0);
    for (unsigned beat = 0; beat < 10; beat++) {
        time_passes(&n, 510 * MS);
        leader_acks(&n);
    }
    expect_none(&n, WIRE_ANNOUNCE);
}
END_TEST

START_TEST(START_2_link_up_announces_anew) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    time_passes(&n, 10 * SEC);
    expect_no_more(&n);
    link_changes(&n, 1, true);
    time_passes(&n, 100 * MS);
    expect_multicast(&n, WIRE_ANNOUNCE);
}
END_TEST

/* Many are heard, so that one who had announced often enough already would wait for long. */
START_TEST(START_2_link_up_announces_three_times_again) {
    starts(&n);
    time_passes(&n, SEC);
    for (uint8_t i = 0; i < 60; i++)
        hears(&n, (uint8_t)(60 + i), announce(0));
    time_passes(&n, MS);
    link_changes(&n, 1, true);
    forget(&n);
    time_passes(&n, SEC - 1);
    ck_assert_uint_eq(count_sent(&n, WIRE_ANNOUNCE), 3);
}
END_TEST

/* ---- START-3 */

START_TEST(START_3_leader_answers_an_announce_by_unicast) {
    leads(&n, 7);
    hears(&n, MEMBER(0), announce(0));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_LEADER)->leader.epoch, 7);
    expect_no_more(&n);
}
END_TEST

START_TEST(START_3_only_a_leader_answers_an_announce) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), announce(0));
    expect_no_more(&n);
    starts(&n);
    hears(&n, MEMBER(1), announce(0));
    expect_no_more(&n);
}
END_TEST

START_TEST(START_3_leader_whose_work_stops_is_still_one_to_the_others) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_RESIGN);
    expect_standing(&n, STANDING_STOPPING);
    forget(&n);
    hears(&n, LARGE, announce(SEC));
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_LEADER)->leader.epoch, 7);
    awaits(&n, WIRE_LEADER, SEC); /* ELEC-12 */
    is_told(&n, EVENT_WORK_STOPPED);
    forget(&n);
    hears(&n, LARGE, announce(SEC));
    time_passes(&n, 400 * MS);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(START_3_a_leader_heard_is_followed) {
    starts(&n);
    gets(&n, LEADER, leader(7));
    expect_leader(&n, LEADER, 7);
    expect_notice(&n, NOTICE_LEADER, REASON_JOIN); /* it leads for 10 s */
    const struct send *send = awaits(&n, WIRE_HEARTBEAT, 50 * MS);
    ck_assert(!send->multicast && sent_to(send, LEADER));
    ck_assert(send->message.heartbeat.registering && send->message.has_registration);
    ck_assert_str_eq(send->message.registration.facts.name, "n050");
}
END_TEST

START_TEST(START_3_a_leader_found_just_after_its_election_is_no_first_leader) {
    struct wire_message successor = leader(119);

    successor.leader.since_ms = 10;
    starts(&n);
    gets(&n, LEADER, successor);
    expect_leader(&n, LEADER, 119);
    expect_notice(&n, NOTICE_LEADER, REASON_JOIN);
}
END_TEST

START_TEST(START_3_leader_speaks_at_once_after_its_own_link_up) {
    leads(&n, 7);
    link_changes(&n, 2, true);
    expect_multicast(&n, WIRE_LEADER);
}
END_TEST

/* ---- START-4 */

START_TEST(START_4_nobody_stands_before_discovery_is_over) {
    starts(&n);
    time_passes(&n, 10 * MS);
    hears(&n, LARGE, announce(0));
    time_passes(&n, 985 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_standing(&n, STANDING_NO_LEADER);
}
END_TEST

START_TEST(START_4_stands_after_discovery_if_somebody_was_heard) {
    const struct wire_election *mine = stands(LARGE, 0);

    ck_assert_uint_eq(mine->epoch, 1);
    ck_assert_uint_eq(mine->dead.epoch, 0);
    ck_assert_uint_eq(mine->key.priority, 100);
    ck_assert_int_ge(mine->age, SEC);
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(START_4_hold_grows_with_the_nodes_heard) {
    usec_t longest = 0;

    for (uint8_t seed = 0; seed < 20; seed++) {
        struct core_config config = config_of_me();
        config.seed[0] = seed;
        starts_with(&n, &config, 1);
        for (uint8_t i = 0; i < 150; i++)
            hears(&n, (uint8_t)(60 + i), announce(0));
        time_passes(&n, SEC);
        expect_none(&n, WIRE_ELECTION);
        usec_t begin = n.now;
        longest = max_i64(longest, happened_at(&n, awaits(&n, WIRE_ELECTION, 64 * MS)) - begin);
    }
    ck_assert_int_ge(longest, 32 * MS);
}
END_TEST

START_TEST(START_4_is_quiet_when_an_equal_has_spoken) {
    has_company(LARGE, SEC);
    hears(&n, LARGE, founding(1, SEC));
    time_passes(&n, 10 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_4_an_ineligible_node_never_stands) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(0));
    time_passes(&n, 20 * SEC);
    expect_none(&n, WIRE_ELECTION);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

START_TEST(START_1_without_a_writable_state_it_neither_stands_nor_votes_but_follows) {
    struct core_config config = config_of_me();

    config.writable = false;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(OLD * SEC));
    time_passes(&n, SEC);
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, 10 * SEC);
    expect_none(&n, WIRE_ELECTION);
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, LARGE, leader(1));
    expect_leader(&n, LARGE, 1);
}
END_TEST

START_TEST(START_1_candidate_whose_state_cannot_be_saved_stands_down) {
    uint64_t epoch = stands(LARGE, 0)->epoch;

    state_is_writable(&n, false);
    expect_state(&n, NODE_IDLE);
    gets(&n, LARGE, vote(epoch, (struct token){ 0 }));
    forget(&n);
    time_passes(&n, 3 * SEC);
    expect_none(&n, WIRE_ELECTION);
    expect_none(&n, WIRE_LEADER);
    state_is_writable(&n, true);
    awaits_standing(&n, STANDING_LEADING, 4 * SEC);
}
END_TEST

/* ---- START-5 */

START_TEST(START_5_older_node_objects) {
    has_company(LARGE, 0);
    hears(&n, LARGE, founding(1, 0));
    const struct send *objection = awaits(&n, WIRE_ELECTION, 30 * MS);
    ck_assert_int_ge(objection->message.election.age, SEC);
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(START_5_within_100_ms_the_first_speaker_stays) {
    has_company(LARGE, SEC);
    hears(&n, LARGE, founding(1, SEC - 99 * MS));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_5_just_beyond_100_ms_is_older) {
    has_company(LARGE, SEC);
    hears(&n, LARGE, founding(1, SEC - 101 * MS));
    awaits(&n, WIRE_ELECTION, 30 * MS);
}
END_TEST

START_TEST(START_5_objection_is_dropped_when_an_older_one_has_spoken) {
    has_company(LARGE, OLD * SEC);
    hears(&n, MEMBER(1), announce(0));
    hears(&n, MEMBER(1), founding(1, 0));
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, 60 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(START_5_age_counts_on_since_it_was_told) {
    has_company(LARGE, SEC);
    hears(&n, LARGE, founding(1, SEC - 90 * MS));
    time_passes(&n, 20 * MS);
    hears(&n, LARGE, founding(1, SEC - 70 * MS));
    time_passes(&n, 30 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_5_higher_priority_objects_whatever_the_age) {
    struct core_config config = config_of_me();

    config.facts.priority = 101;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(OLD * SEC));
    time_passes(&n, SEC);
    hears(&n, LARGE, founding(1, OLD * SEC));
    awaits(&n, WIRE_ELECTION, 30 * MS);
}
END_TEST

START_TEST(START_5_lower_priority_does_not_object_whatever_the_age) {
    struct wire_message senior = founding(1, 0);

    senior.election.key.priority = 101;
    has_company(LARGE, 0);
    hears(&n, LARGE, senior);
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_5_an_ineligible_node_does_not_object) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(0));
    time_passes(&n, SEC);
    hears(&n, LARGE, founding(1, 0));
    time_passes(&n, 200 * MS);
    expect_none(&n, WIRE_ELECTION);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(START_5_of_two_that_have_spoken_the_larger_id_gives_way) {
    stands(SMALL, SEC);
    hears(&n, SMALL, founding(1, SEC));
    expect_standing(&n, STANDING_NO_LEADER);
    expect_state(&n, NODE_IDLE);
    time_passes(&n, 60 * MS);
    expect_unicast(&n, SMALL, WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_5_of_two_that_have_spoken_the_smaller_id_stays) {
    stands(LARGE, SEC);
    hears(&n, LARGE, founding(1, SEC));
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 40 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_5_candidate_gives_way_to_an_older_one) {
    stands(LARGE, 0);
    hears(&n, LARGE, founding(1, OLD * SEC));
    expect_state(&n, NODE_IDLE);
    time_passes(&n, 60 * MS);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- START-6 */

START_TEST(START_6_votes_after_the_collection) {
    has_company(LARGE, OLD * SEC);
    hears(&n, MEMBER(1), announce(OLD * SEC)); /* does not speak: the collection takes its time */
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, 49 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    time_passes(&n, 2 * MS);
    const struct wire_message *mine = expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
    struct node_id large = id_of(LARGE);
    ck_assert_uint_eq(mine->leader_elected.epoch, 1);
    ck_assert(node_id_equal(&mine->leader_elected.candidate, &large));
    ck_assert_uint_eq(mine->leader_elected.own.epoch, 0);
}
END_TEST

START_TEST(START_6_votes_earlier_once_all_have_spoken) {
    has_company(LARGE, OLD * SEC);
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, MS);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(START_6_waits_for_nobody_who_may_not_stand) {
    struct wire_message onlooker = announce(OLD * SEC);

    onlooker.announce.eligible = false;
    has_company(LARGE, OLD * SEC);
    hears(&n, MEMBER(1), onlooker);
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, MS);
    expect_unicast(&n, LARGE, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(START_6_votes_for_the_best_it_has_heard) {
    has_company(LARGE, OLD * SEC);
    hears(&n, MEMBER(1), announce(OLD * SEC));
    hears(&n, LARGE, founding(1, OLD * SEC));
    hears(&n, MEMBER(2), founding(1, 2 * OLD * SEC));
    hears(&n, SMALL, founding(1, OLD * SEC));
    time_passes(&n, 60 * MS);
    expect_unicast(&n, MEMBER(2), WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(START_6_vote_is_persisted_in_the_background) {
    has_company(LARGE, OLD * SEC);
    hears(&n, LARGE, founding(5, OLD * SEC));
    time_passes(&n, MS);
    const struct action *persist = expect_action(&n, ACTION_PERSIST);
    struct node_id large = id_of(LARGE);
    ck_assert(!persist->persist.durable);
    ck_assert_uint_eq(persist->persist.state.vote_epoch, 5);
    ck_assert(node_id_equal(&persist->persist.state.voted, &large));
}
END_TEST

START_TEST(START_6_one_vote_wins_after_the_collection) {
    uint64_t epoch = stands(LARGE, 0)->epoch;

    gets(&n, LARGE, vote(epoch, (struct token){ 0 }));
    expect_state(&n, NODE_CANDIDATE);
    time_passes(&n, 50 * MS);
    expect_leader(&n, ME, epoch);
    struct token own = token_of(ME, epoch);
    const struct notice *notice = expect_notice(&n, NOTICE_LEADER, REASON_FIRST);
    ck_assert(token_equal(&notice->token, &own));
    ck_assert_str_eq(notice->name, "n050");
    ck_assert_uint_eq(expect_multicast(&n, WIRE_LEADER)->leader.epoch, epoch);
}
END_TEST

START_TEST(START_6_a_vote_after_the_collection_wins_at_once) {
    uint64_t epoch = stands(LARGE, 0)->epoch;

    time_passes(&n, 55 * MS);
    expect_state(&n, NODE_CANDIDATE);
    gets(&n, LARGE, vote(epoch, (struct token){ 0 }));
    expect_leader(&n, ME, epoch);
}
END_TEST

START_TEST(START_6_four_rounds_without_any_vote_win) {
    stands(LARGE, 0);
    time_passes(&n, 79 * MS);
    expect_state(&n, NODE_CANDIDATE);
    ck_assert_uint_eq(count_sent(&n, WIRE_ELECTION), 3);
    time_passes(&n, 2 * MS);
    expect_state(&n, NODE_LEADER);
}
END_TEST

START_TEST(START_6_without_any_vote_not_beside_a_leader_that_is_heard) {
    struct core_config config = config_of_me();

    config.state.own = token_of(SMALL, 9);
    config.state.epoch_block = 9 + EPOCH_BLOCK;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(0));
    hears(&n, SMALL, leader(5)); /* and never answers */
    time_passes(&n, 1900 * MS);
    expect_sent(&n, WIRE_ELECTION);
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    awaits_standing(&n, STANDING_LEADING, 2 * SEC);
}
END_TEST

/* All are asked in one moment; their answers must not come in one. */
START_TEST(START_6_votes_are_spread) {
    usec_t first = -1;
    bool differ = false;

    for (uint8_t seed = 1; seed < 9; seed++) {
        struct core_config config = config_of_me();
        config.seed[0] = seed;
        starts_with(&n, &config, 1);
        for (uint8_t i = 0; i < 40; i++)
            hears(&n, (uint8_t)(100 + i), announce(0));
        hears(&n, LARGE, founding(1, OLD * SEC));
        usec_t asked = n.now;
        usec_t delay = happened_at(&n, awaits(&n, WIRE_LEADER_ELECTED, 60 * MS)) - asked;
        ck_assert_int_le(delay, 50 * MS + 42 * 20);
        differ |= first >= 0 && delay != first;
        first = delay;
    }
    ck_assert(differ);
}
END_TEST

START_TEST(START_6_vote_for_another_or_another_epoch_does_not_count) {
    uint64_t epoch = stands(LARGE, 0)->epoch;
    struct wire_message misdirected = vote(epoch, (struct token){ 0 });

    misdirected.leader_elected.candidate = id_of(SMALL);
    time_passes(&n, 55 * MS);
    gets(&n, LARGE, misdirected);
    gets(&n, LARGE, vote(epoch + 1, (struct token){ 0 }));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

/* ---- START-7 */

START_TEST(START_7_voter_without_leader_stands_again) {
    has_company(LARGE, OLD * SEC);
    hears(&n, LARGE, founding(4, OLD * SEC));
    const struct send *mine = awaits(&n, WIRE_LEADER_ELECTED, 10 * MS);
    usec_t voted_at = happened_at(&n, mine);
    const struct send *again = awaits(&n, WIRE_ELECTION, 700 * MS);
    usec_t waited = happened_at(&n, again) - voted_at;
    ck_assert_int_ge(waited, 349 * MS);
    ck_assert_int_le(waited, 650 * MS);
    ck_assert_uint_eq(again->message.election.epoch, 5);
}
END_TEST

START_TEST(START_7_waits_100_ms_at_least) {
    struct core_config config = config_of_me();

    config.timing.detect = 20 * MS;
    starts_with(&n, &config, 1);
    hears(&n, LARGE, announce(OLD * SEC));
    time_passes(&n, 100 * MS);
    hears(&n, LARGE, founding(4, OLD * SEC));
    usec_t voted_at = happened_at(&n, awaits(&n, WIRE_LEADER_ELECTED, 20 * MS));
    usec_t waited = happened_at(&n, awaits(&n, WIRE_ELECTION, 200 * MS)) - voted_at;
    ck_assert_int_ge(waited, 149 * MS);
    ck_assert_int_le(waited, 151 * MS);
}
END_TEST

START_TEST(START_7_a_leader_ends_the_waiting) {
    has_company(LARGE, OLD * SEC);
    hears(&n, LARGE, founding(4, OLD * SEC));
    awaits(&n, WIRE_LEADER_ELECTED, 10 * MS);
    struct wire_message winner = leader(4);
    winner.leader.since_ms = 0;
    winner.leader.key.birth = 0;
    hears(&n, LARGE, winner);
    expect_leader(&n, LARGE, 4);
    expect_notice(&n, NOTICE_LEADER, REASON_FIRST);
    time_passes(&n, 40 * MS);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

/* ---- START-8 */

START_TEST(START_8_leads_alone_after_three_discoveries) {
    starts(&n);
    time_passes(&n, 3 * SEC - 1);
    expect_standing(&n, STANDING_NO_LEADER);
    expect_none(&n, WIRE_ELECTION);
    time_passes(&n, 1);
    expect_leader(&n, ME, 1);
    expect_notice(&n, NOTICE_LEADER, REASON_ALONE);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(START_8_alone_is_configurable) {
    struct core_config config = config_of_me();

    config.timing.alone = 30 * SEC;
    starts_with(&n, &config, 1);
    time_passes(&n, 30 * SEC - 1);
    expect_standing(&n, STANDING_NO_LEADER);
    time_passes(&n, 1);
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

START_TEST(START_8_alone_may_be_configured_while_it_waits) {
    struct core_config config = config_of_me();
    struct timing timing = TIMING_DEFAULT;

    config.timing.alone = 600 * SEC;
    starts_with(&n, &config, 1);
    time_passes(&n, 10 * SEC);
    expect_standing(&n, STANDING_NO_LEADER);
    configures(&n, &config.facts, &timing);
    time_passes(&n, SEC);
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

/* Tags are for programs, which may set them each second. */
START_TEST(START_8_other_tags_do_not_put_it_off) {
    struct core_config config = config_of_me();
    struct timing timing = config.timing;

    starts_with(&n, &config, 1);
    for (unsigned i = 0; i < 30; i++) {
        snprintf(config.facts.tags, sizeof(config.facts.tags), "load=%u", i);
        configures(&n, &config.facts, &timing);
        time_passes(&n, 100 * MS);
    }
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

START_TEST(START_8_counts_from_the_latest_carrier) {
    starts(&n);
    time_passes(&n, 2 * SEC);
    link_changes(&n, 1, true);
    time_passes(&n, 3 * SEC - 1);
    expect_standing(&n, STANDING_NO_LEADER);
    time_passes(&n, 1);
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

START_TEST(START_8_does_not_lead_alone_when_somebody_was_heard) {
    starts(&n);
    time_passes(&n, 2999 * MS);
    hears(&n, LARGE, announce(OLD * SEC));
    hears(&n, LARGE, founding(1, OLD * SEC));
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_LEADER);
    expect_standing(&n, STANDING_NO_LEADER);
}
END_TEST

START_TEST(START_8_an_ineligible_node_does_not_lead_alone) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    starts_with(&n, &config, 1);
    time_passes(&n, 60 * SEC);
    expect_standing(&n, STANDING_NO_LEADER);
}
END_TEST

/* It has given way and voted; whom it voted for is gone, and it may not stand itself for a while. */
START_TEST(START_8_voter_that_could_not_stand_leads_alone_later) {
    stands(SMALL, 0);
    hears(&n, SMALL, founding(4, OLD * SEC));
    awaits(&n, WIRE_LEADER_ELECTED, 100 * MS);
    state_is_writable(&n, false);
    time_passes(&n, SEC);
    state_is_writable(&n, true);
    forget(&n);
    awaits(&n, WIRE_ANNOUNCE, 2 * SEC);
    awaits_standing(&n, STANDING_LEADING, 5 * SEC);
}
END_TEST

/* The node was away: what it has not heard meanwhile it could not hear. */
START_TEST(START_8_who_has_slept_listens_first) {
    starts(&n);
    time_passes(&n, SEC);
    sleeps(&n, 3600 * SEC);
    wakes(&n);
    expect_no_leader(&n);
    hears(&n, LARGE, leader(7));
    expect_leader(&n, LARGE, 7);
}
END_TEST

/* ---- START-9 */

START_TEST(START_9_without_interface_it_is_silent_and_has_no_leader) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
    expect_standing(&n, STANDING_NO_LEADER);
    expect_state(&n, NODE_IDLE);
    ck_assert_int_eq(core_deadline(n.core), USEC_NEVER);
}
END_TEST

START_TEST(START_9_interface_that_goes_during_discovery_silences_it) {
    starts(&n);
    time_passes(&n, 50 * MS);
    link_changes(&n, 0, false);
    forget(&n);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
    ck_assert_int_eq(core_deadline(n.core), USEC_NEVER);
}
END_TEST

START_TEST(START_9_interface_that_goes_silences_a_candidate) {
    stands(LARGE, 0);
    link_changes(&n, 0, false);
    forget(&n);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
    expect_state(&n, NODE_IDLE);
}
END_TEST

START_TEST(START_9_interface_that_goes_silences_who_asks_a_leader) {
    starts(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    expect_unicast(&n, LARGE, WIRE_HEARTBEAT);
    link_changes(&n, 0, false);
    forget(&n);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
}
END_TEST

START_TEST(START_9_without_interface_nothing_is_heard) {
    struct core_config config = config_of_me();

    starts_with(&n, &config, 0);
    hears(&n, LEADER, leader(7));
    expect_no_leader(&n);
}
END_TEST

START_TEST(START_9_leader_whose_last_interface_goes_steps_down) {
    leads(&n, 7);
    link_changes(&n, 0, false);
    expect_standing(&n, STANDING_NO_LEADER);
    expect_action(&n, ACTION_STOP_WORK);
    ck_assert_uint_eq(expect_notice(&n, NOTICE_NO_LEADER, REASON_LINK)->token.epoch, 7);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
}
END_TEST

START_TEST(START_9_leader_keeps_leading_while_an_interface_is_left) {
    leads(&n, 7);
    link_changes(&n, 2, true);
    forget(&n);
    link_changes(&n, 2, false);
    expect_leader(&n, ME, 7);
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(START_9_follower_whose_last_interface_goes_has_no_leader) {
    follows(&n, 7, 3, 0);
    link_changes(&n, 0, false);
    expect_standing(&n, STANDING_NO_LEADER);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_LINK);
    time_passes(&n, 60 * SEC);
    expect_no_more(&n);
}
END_TEST

START_TEST(START_9_leads_anew_with_a_higher_epoch_when_the_interface_is_back) {
    leads(&n, 7);
    link_changes(&n, 0, false);
    time_passes(&n, 10 * SEC);
    link_changes(&n, 1, true);
    time_passes(&n, 3 * SEC - 1);
    expect_standing(&n, STANDING_NO_LEADER);
    time_passes(&n, 1);
    expect_leader(&n, ME, 8);
}
END_TEST

/* The verdict on a leader of before the link went: its nonce and its death do not count here. */
START_TEST(START_9_what_was_before_the_interface_went_is_forgotten) {
    follows(&n, 7, 3, 0);
    awaits_standing(&n, STANDING_ISOLATED, SEC);
    link_changes(&n, 0, false);
    link_changes(&n, 1, true);
    hears(&n, LARGE, announce(0));
    const struct wire_election *mine = &awaits(&n, WIRE_ELECTION, 2 * SEC)->message.election;
    ck_assert_uint_eq(mine->nonce, 0);
    ck_assert_uint_eq(mine->dead.epoch, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        START_2_announces_three_times_within_discovery,
        START_2_announce_tells_who_it_is,
        START_2_start_announce_follows_detect,
        START_2_start_announce_is_not_sent_in_a_crowd,
        START_2_nineteen_are_not_a_crowd,
        START_2_leaderless_nodes_share_five_announces_a_second,
        START_2_follower_does_not_announce,
        START_2_link_up_announces_anew,
        START_2_link_up_announces_three_times_again,
        START_3_leader_answers_an_announce_by_unicast,
        START_3_only_a_leader_answers_an_announce,
        START_3_leader_whose_work_stops_is_still_one_to_the_others,
        START_3_a_leader_heard_is_followed,
        START_3_a_leader_found_just_after_its_election_is_no_first_leader,
        START_3_leader_speaks_at_once_after_its_own_link_up,
        START_4_nobody_stands_before_discovery_is_over,
        START_4_stands_after_discovery_if_somebody_was_heard,
        START_4_hold_grows_with_the_nodes_heard,
        START_4_is_quiet_when_an_equal_has_spoken,
        START_4_an_ineligible_node_never_stands,
        START_1_without_a_writable_state_it_neither_stands_nor_votes_but_follows,
        START_1_candidate_whose_state_cannot_be_saved_stands_down,
        START_5_older_node_objects,
        START_5_within_100_ms_the_first_speaker_stays,
        START_5_just_beyond_100_ms_is_older,
        START_5_objection_is_dropped_when_an_older_one_has_spoken,
        START_5_age_counts_on_since_it_was_told,
        START_5_higher_priority_objects_whatever_the_age,
        START_5_lower_priority_does_not_object_whatever_the_age,
        START_5_an_ineligible_node_does_not_object,
        START_5_of_two_that_have_spoken_the_larger_id_gives_way,
        START_5_of_two_that_have_spoken_the_smaller_id_stays,
        START_5_candidate_gives_way_to_an_older_one,
        START_6_votes_after_the_collection,
        START_6_votes_earlier_once_all_have_spoken,
        START_6_waits_for_nobody_who_may_not_stand,
        START_6_votes_for_the_best_it_has_heard,
        START_6_vote_is_persisted_in_the_background,
        START_6_one_vote_wins_after_the_collection,
        START_6_a_vote_after_the_collection_wins_at_once,
        START_6_four_rounds_without_any_vote_win,
        START_6_without_any_vote_not_beside_a_leader_that_is_heard,
        START_6_votes_are_spread,
        START_6_vote_for_another_or_another_epoch_does_not_count,
        START_7_voter_without_leader_stands_again,
        START_7_waits_100_ms_at_least,
        START_7_a_leader_ends_the_waiting,
        START_8_leads_alone_after_three_discoveries,
        START_8_alone_is_configurable,
        START_8_alone_may_be_configured_while_it_waits,
        START_8_other_tags_do_not_put_it_off,
        START_8_counts_from_the_latest_carrier,
        START_8_does_not_lead_alone_when_somebody_was_heard,
        START_8_an_ineligible_node_does_not_lead_alone,
        START_8_voter_that_could_not_stand_leads_alone_later,
        START_8_who_has_slept_listens_first,
        START_9_without_interface_it_is_silent_and_has_no_leader,
        START_9_interface_that_goes_during_discovery_silences_it,
        START_9_interface_that_goes_silences_a_candidate,
        START_9_interface_that_goes_silences_who_asks_a_leader,
        START_9_without_interface_nothing_is_heard,
        START_9_leader_whose_last_interface_goes_steps_down,
        START_9_leader_keeps_leading_while_an_interface_is_left,
        START_9_follower_whose_last_interface_goes_has_no_leader,
        START_9_leads_anew_with_a_higher_epoch_when_the_interface_is_back,
        START_9_what_was_before_the_interface_went_is_forgotten,
    };

    return run_tests("core: discovery", tests, ARRAY_SIZE(tests));
}
