/* SPDX-License-Identifier: ISC
 *
 * test_core_majority.c - votes, promises, leases and seats under quorum = majority: rules MAJ.
 *
 * Three seats: LEADER, MEMBER(1) and the node itself, the next in line. P is 2 s, D 1.6 s, h 0.5 s.
 */
#include "core_fixture.h"

#include "base/util.h"
#include "core/roster.h"

#define P (2 * SEC)
#define D (1600 * MS)
#define OTHER MEMBER(1)
#define SPARE MEMBER(2)

static struct node n;

static struct wire_roster seats(uint64_t epoch, uint32_t change, uint8_t expect, unsigned count, const uint8_t *who) {
    struct wire_roster roster = { .epoch = epoch, .change = change, .expect = expect };

    for (unsigned i = 0; i < count; i++) {
        const struct node_id id = id_of(who[i]);
        roster_add(&roster, &id);
    }
    return roster;
}

#define SEATS(epoch, change, ...) \
    seats(epoch, change, 3, ARRAY_SIZE(((const uint8_t[]){ __VA_ARGS__ })), (const uint8_t[]){ __VA_ARGS__ })

static struct wire_message with_seats(struct wire_message message, struct wire_roster roster) {
    message.has_roster = true;
    message.roster = roster;
    return message;
}

static struct core_config of_three(void) {
    struct core_config config = config_of_me();

    config.majority = true;
    config.expect = 3;
    config.state.roster = SEATS(1, 0, LEADER, OTHER, ME);
    return config;
}

static struct core_config without_seats(void) {
    struct core_config config = of_three();

    config.state.roster = (struct wire_roster){ 0 };
    return config;
}

/* It follows LEADER with epoch 7 and has just promised to. */
static void promised(void) {
    const struct core_config config = of_three();

    follows_with(&n, &config, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, MS); /* with the echo */
    leader_acks(&n);
    forget(&n);
}

static struct wire_message released(bool all) {
    struct wire_message message = resign(7, ME);

    message.resign.released = all;
    return message;
}

/* LEADER hands over to it, and OTHER votes: epoch 8, no lease yet. */
static void is_elected(void) {
    hears(&n, LEADER, released(true));
    expect_sent(&n, WIRE_ELECTION);
    gets(&n, OTHER, vote(8, token_of(LEADER, 7)));
    expect_standing(&n, STANDING_WITHOUT_LEASE);
    forget(&n);
}

static void was_elected(void) {
    promised();
    is_elected();
}

static struct wire_message beat(int64_t echo, uint32_t exchange) {
    struct wire_message message = heartbeat(token_of(ME, 8), exchange);

    message.heartbeat.echo = echo;
    message.heartbeat.roster_epoch = 8;
    return message;
}

static uint32_t exchanges;

/* OTHER has promised by an Ack of this moment. */
static void renews(void) {
    gets(&n, OTHER, beat(n.now, ++exchanges));
}

static void gets_lease(void) {
    exchanges = 1;
    gets(&n, OTHER, registration(OTHER, SEC, (struct token){ 0 }));
    renews();
    expect_leader(&n, ME, 8);
    forget(&n);
}

static void has_lease(void) {
    was_elected();
    gets_lease();
}

static void has_lease_with(usec_t promise, usec_t margin) {
    struct timing timing = TIMING_DEFAULT;

    timing.promise = promise;
    timing.stop_margin = margin;
    promised();
    configures(&n, &n.config.facts, &timing);
    is_elected();
    gets_lease();
}

/* ---- MAJ-1 */

START_TEST(MAJ_1_no_vote_before_the_promise_is_over) {
    promised();
    usec_t until = n.now + P;
    hears(&n, LEADER, released(false)); /* its work may go on */
    hears(&n, OTHER, election(8, 7, BIRTH(0) - SEC));
    time_passes(&n, P - MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, OTHER, election(8, 7, BIRTH(0) - SEC));
    const struct send *given = awaits(&n, WIRE_LEADER_ELECTED, 50 * MS);
    ck_assert_int_ge(happened_at(&n, given), until);
}
END_TEST

START_TEST(MAJ_1_after_a_restart_it_abstains_for_its_longest_promise) {
    struct core_config config = of_three();

    config.state.promise_max = 5 * SEC;
    starts_with(&n, &config, 1);
    ck_assert_int_eq(view_of(&n).quorum.abstains, 5 * SEC);
    hears(&n, OTHER, founding(8, 9000 * SEC));
    time_passes(&n, 5 * SEC - MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, OTHER, founding(8, 9000 * SEC));
    awaits(&n, WIRE_LEADER_ELECTED, SEC);
}
END_TEST

START_TEST(MAJ_1_a_release_does_not_end_the_abstention) {
    struct core_config config = of_three();

    config.state.promise_max = P;
    follows_with(&n, &config, 7, 3, 0);
    usec_t started = BOOTTIME;
    hears(&n, LEADER, released(true));
    const struct send *stands = awaits(&n, WIRE_ELECTION, 3 * SEC);
    ck_assert_int_ge(happened_at(&n, stands), started + P);
}
END_TEST

START_TEST(MAJ_1_no_vote_without_a_disk) {
    promised();
    state_is_writable(&n, false);
    hears(&n, LEADER, released(true));
    hears(&n, OTHER, election(8, 7, BIRTH(1)));
    time_passes(&n, 3 * SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(MAJ_1_a_leader_keeps_a_promise_of_its_own) {
    has_lease();
    usec_t echoed = n.now;
    time_passes(&n, SEC);
    hears(&n, SMALL, with_seats(leader(9), SEATS(9, 0, SMALL, OTHER, ME)));
    expect_standing(&n, STANDING_FOLLOWING);
    ck_assert_int_eq(view_of(&n).quorum.abstains, echoed + P - n.now);
}
END_TEST

START_TEST(MAJ_1_its_own_promise_counts_after_a_restart) {
    was_elected();
    ck_assert_int_eq(n.config.state.promise_max, P);
}
END_TEST

/* ---- MAJ-2 */

START_TEST(MAJ_2_it_stands_when_its_promise_is_over) {
    promised();
    usec_t until = n.now + P;
    hears(&n, LEADER, released(false));
    const struct send *stands = awaits(&n, WIRE_ELECTION, 3 * SEC);
    ck_assert_int_ge(happened_at(&n, stands), until);
    ck_assert_int_le(happened_at(&n, stands), until + 10 * MS);
}
END_TEST

START_TEST(MAJ_2_a_spare_neither_stands_nor_votes) {
    struct core_config config = of_three();

    config.state.roster = SEATS(1, 0, LEADER, OTHER, SPARE);
    starts_with(&n, &config, 1);
    hears(&n, LEADER, leader(7));
    expect_standing(&n, STANDING_SPARE);
    hears(&n, LEADER, released(true));
    hears(&n, OTHER, election(8, 7, BIRTH(1)));
    time_passes(&n, 5 * SEC);
    expect_none(&n, WIRE_ELECTION);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(MAJ_2_alone_it_never_stands) {
    const struct core_config config = of_three();

    starts_with(&n, &config, 1);
    time_passes(&n, 30 * SEC);
    expect_none(&n, WIRE_ELECTION);
    expect_no_leader(&n);
}
END_TEST

/* ---- MAJ-3 */

/* Votes for that candidate in that epoch, of all that it sent. */
static unsigned votes_for(uint8_t who, uint64_t epoch) {
    const struct node_id id = id_of(who);
    unsigned votes = 0;

    for (unsigned sent = count_sent(&n, WIRE_LEADER_ELECTED); sent > 0; sent--) {
        const struct wire_leader_elected *given = &expect_sent(&n, WIRE_LEADER_ELECTED)->message.leader_elected;
        votes += given->epoch == epoch && node_id_equal(&given->candidate, &id);
    }
    return votes;
}

/* Its leader has gone; OTHER, more senior now, stands by these seats: does it get the vote? */
static bool votes_by(uint64_t epoch, struct wire_roster roster) {
    promised();
    hears(&n, LEADER, released(true));
    forget(&n);
    hears(&n, OTHER, with_seats(election(epoch, 7, BIRTH(0) - SEC), roster));
    time_passes(&n, 50 * MS);
    return votes_for(OTHER, epoch) > 0;
}

START_TEST(MAJ_3_votes_by_its_own_roster_or_a_newer_one) {
    ck_assert(votes_by(9, SEATS(7, 0, LEADER, OTHER, ME)));
    ck_assert(votes_by(9, SEATS(8, 0, SPARE, OTHER, ME)));
}
END_TEST

START_TEST(MAJ_3_not_by_an_older_one) {
    ck_assert(!votes_by(9, SEATS(6, 9, LEADER, OTHER, ME)));
}
END_TEST

START_TEST(MAJ_3_not_without_a_seat_of_both) {
    ck_assert(!votes_by(9, SEATS(7, 1, LEADER, SPARE, ME)));
    ck_assert(!votes_by(9, SEATS(7, 1, LEADER, OTHER, SPARE)));
}
END_TEST

START_TEST(MAJ_3_not_with_another_number_of_seats) {
    struct wire_roster roster = SEATS(7, 1, LEADER, OTHER, ME);

    roster.expect = 5;
    ck_assert(!votes_by(9, roster));
}
END_TEST

START_TEST(MAJ_3_not_in_the_epoch_in_which_it_stands) {
    ck_assert(!votes_by(8, SEATS(7, 0, LEADER, OTHER, ME)));
}
END_TEST

START_TEST(MAJ_3_one_vote_in_an_epoch_repeated_to_the_same) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    for (unsigned i = 0; i < 3; i++) {
        hears(&n, OTHER, election(8, 7, BIRTH(1)));
        time_passes(&n, 30 * MS);
    }
    ck_assert_uint_gt(votes_for(OTHER, 8), 1);
    forget(&n);
    hears(&n, SMALL, with_seats(election(8, 7, BIRTH(0) - SEC), SEATS(7, 1, SMALL, OTHER, ME)));
    time_passes(&n, 50 * MS);
    ck_assert_uint_gt(core_counters(n.core)->refused[REFUSAL_VOTED], 0);
    const struct wire_leader_elected told = expect_unicast(&n, SMALL, WIRE_LEADER_ELECTED)->leader_elected;
    const struct node_id other = id_of(OTHER);
    ck_assert(told.epoch == 8 && node_id_equal(&told.candidate, &other)); /* the vote that it gave */
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* What comes late may be of an epoch in which it has voted for somebody else. */
START_TEST(MAJ_3_not_below_its_last_vote) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    hears(&n, OTHER, election(9, 7, BIRTH(1)));
    awaits(&n, WIRE_LEADER_ELECTED, SEC);
    forget(&n);
    hears(&n, OTHER, election(8, 7, BIRTH(1)));
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(votes_for(OTHER, 8), 0);
    ck_assert_uint_gt(core_counters(n.core)->refused[REFUSAL_VOTED], 0);
}
END_TEST

START_TEST(MAJ_3_a_vote_for_another_shows_that_it_stands_too_low) {
    struct wire_message given = vote(11, token_of(LEADER, 7));

    promised();
    hears(&n, LEADER, released(true));
    given.leader_elected.candidate = id_of(OTHER);
    gets(&n, OTHER, given);
    forget(&n);
    time_passes(&n, 20 * MS);
    ck_assert_uint_eq(expect_sent(&n, WIRE_ELECTION)->message.election.epoch, 12);
}
END_TEST

START_TEST(MAJ_3_the_vote_is_durable_before_it_is_sent) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    hears(&n, OTHER, election(8, 7, BIRTH(1)));
    usec_t sent = happened_at(&n, awaits(&n, WIRE_LEADER_ELECTED, SEC));
    const struct action *persisted = expect_action(&n, ACTION_PERSIST);
    ck_assert(persisted->persist.durable);
    ck_assert_int_le(happened_at(&n, persisted), sent);
    ck_assert_uint_eq(persisted->persist.state.vote_epoch, 8);
}
END_TEST

/* ---- MAJ-4 */

START_TEST(MAJ_4_elected_by_a_majority_of_seats) {
    was_elected();
    expect_no_leader(&n);
    expect_no_notice(&n, NOTICE_LEADER);
}
END_TEST

START_TEST(MAJ_4_a_vote_without_a_seat_does_not_count) {
    promised();
    hears(&n, LEADER, released(true));
    gets(&n, SPARE, vote(8, token_of(LEADER, 7)));
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

START_TEST(MAJ_4_without_votes_it_never_leads) {
    promised();
    hears(&n, LEADER, released(true));
    time_passes(&n, 20 * SEC);
    expect_no_notice(&n, NOTICE_LEADER);
    expect_no_leader(&n);
}
END_TEST

/* ---- MAJ-5 */

START_TEST(MAJ_5_the_first_ack_is_echoed_at_once_and_durable) {
    const struct core_config config = of_three();

    starts_with(&n, &config, 1);
    n.epoch = 7;
    n.members = 3;
    hears(&n, LEADER, my_leader(&n));
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 0); /* nothing to wait for (MAJ-10) */
    ck_assert(!expect_action(&n, ACTION_PERSIST)->persist.durable);
    leader_acks(&n);
    const struct action *persisted = expect_action(&n, ACTION_PERSIST);
    ck_assert(persisted->persist.durable);
    ck_assert_uint_eq(persisted->persist.state.own.epoch, 7);
    ck_assert_int_eq(persisted->persist.state.promise_max, P);
    ck_assert_int_eq(persisted->persist.state.roster.epoch, 7);
    usec_t acked = n.now;
    const struct send *echoes = awaits(&n, WIRE_HEARTBEAT, MS);
    ck_assert_int_eq(echoes->message.heartbeat.echo, acked);
    ck_assert_uint_eq(echoes->message.heartbeat.roster_epoch, 7);
}
END_TEST

/* It stood in epoch 9, having voted for another one before, in that epoch, and follows its leader of epoch 7 again; its
 * next Heartbeat. */
static struct wire_heartbeat beats_after_a_vote_in(uint64_t granted) {
    struct core_config config = of_three();

    config.state.vote_epoch = 9;
    config.state.voted = id_of(ME);
    config.state.granted_epoch = granted;
    follows_with(&n, &config, 7, 3, 0);
    return awaits(&n, WIRE_HEARTBEAT, SEC)->message.heartbeat;
}

START_TEST(MAJ_5_an_ack_below_its_vote_is_no_promise) {
    struct wire_heartbeat beat = beats_after_a_vote_in(8);

    ck_assert_int_eq(beat.echo, 0);
    ck_assert_int_eq(view_of(&n).quorum.abstains, 0);
    ck_assert_uint_eq(view_of(&n).quorum.roster.epoch, 7); /* it knows them, but may be asked by older ones yet */
    ck_assert_uint_eq(beat.roster_epoch, 0);
}
END_TEST

/* Who was cut off has stood in vain, and does not go on with that: so it counts again when it is back. */
START_TEST(MAJ_5_its_own_candidacy_does_not_bind_a_follower) {
    struct wire_heartbeat beat = beats_after_a_vote_in(7);

    ck_assert_int_gt(beat.echo, 0);
    ck_assert_int_gt(view_of(&n).quorum.abstains, 0);
    ck_assert_uint_eq(beat.roster_epoch, 7);
}
END_TEST

START_TEST(MAJ_5_a_vote_for_another_is_kept_apart) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    hears(&n, OTHER, election(8, 7, BIRTH(1)));
    awaits(&n, WIRE_LEADER_ELECTED, SEC);
    ck_assert_uint_eq(expect_action(&n, ACTION_PERSIST)->persist.state.granted_epoch, 8);
    forget(&n);
    awaits(&n, WIRE_ELECTION, 10 * SEC); /* OTHER does not lead: it stands itself */
    const struct action *persisted = expect_action(&n, ACTION_PERSIST);
    ck_assert_uint_eq(persisted->persist.state.granted_epoch, 8);
    ck_assert_uint_gt(persisted->persist.state.vote_epoch, 8);
}
END_TEST

/* Its leader is silent; OTHER, junior, is there and does not stand. The epoch in which it stands. */
static uint64_t stands_in(void) {
    forget(&n);
    for (unsigned i = 0; i < 50 && count_sent(&n, WIRE_ELECTION) == 0; i++) {
        time_passes(&n, 300 * MS);
        hears(&n, OTHER, announce(SEC / 2));
    }
    return expect_sent(&n, WIRE_ELECTION)->message.election.epoch;
}

START_TEST(MAJ_5_who_has_promised_takes_another_epoch_to_stand_in) {
    promised();
    ck_assert_uint_eq(stands_in(), 8);
    ck_assert_uint_eq(stands_in(), 8);
    hears(&n, LEADER, my_leader(&n));
    leader_acks(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    ck_assert_uint_eq(stands_in(), 9);
}
END_TEST

START_TEST(MAJ_5_a_promise_lasts_from_the_newest_ack) {
    promised();
    time_passes_until_sent(&n, WIRE_HEARTBEAT, 3 * SEC);
    leader_acks(&n);
    ck_assert_int_eq(view_of(&n).quorum.abstains, P);
}
END_TEST

/* ---- MAJ-6 */

START_TEST(MAJ_6_a_lease_begins_with_the_echoes_of_a_majority) {
    was_elected();
    gets(&n, OTHER, registration(OTHER, SEC, (struct token){ 0 }));
    expect_standing(&n, STANDING_WITHOUT_LEASE);
    gets(&n, OTHER, beat(n.now, 2));
    expect_notice(&n, NOTICE_LEADER, REASON_RESIGN);
    expect_leader(&n, ME, 8);
    ck_assert_int_eq(view_of(&n).quorum.lease, D);
}
END_TEST

START_TEST(MAJ_6_it_is_over_by_the_clock_alone) {
    has_lease();
    n.now += D - 1; /* no event has come meanwhile */
    expect_leader(&n, ME, 8);
    n.now += 1;
    expect_no_leader(&n);
    expect_standing(&n, STANDING_WITHOUT_LEASE);
}
END_TEST

START_TEST(MAJ_6_it_counts_from_what_was_echoed) {
    was_elected();
    usec_t sent = n.now;
    time_passes(&n, 400 * MS);
    gets(&n, OTHER, beat(sent, 1));
    ck_assert_int_eq(view_of(&n).quorum.lease, D - 400 * MS);
}
END_TEST

START_TEST(MAJ_6_the_margin_is_taken_off) {
    has_lease_with(P, 200 * MS);
    ck_assert_int_eq(view_of(&n).quorum.lease, D - 200 * MS);
    ck_assert_int_eq(view_of(&n).quorum.stop_margin, 200 * MS);
}
END_TEST

START_TEST(MAJ_6_an_echo_of_what_was_never_sent_does_not_count) {
    was_elected();
    gets(&n, OTHER, beat(n.now + 1, 1));
    gets(&n, OTHER, beat(n.now - SEC, 2)); /* before this term */
    expect_no_leader(&n);
    ck_assert_uint_eq(core_counters(n.core)->refused[REFUSAL_ECHO], 2);
}
END_TEST

START_TEST(MAJ_6_an_echo_of_another_epoch_or_of_a_spare_does_not_count) {
    struct wire_message other = beat(n.now, 1);

    was_elected();
    other.heartbeat.epoch = 7;
    other.heartbeat.echo = n.now;
    gets(&n, OTHER, other);
    gets(&n, SPARE, beat(n.now, 1));
    expect_no_leader(&n);
}
END_TEST

START_TEST(MAJ_6_the_promise_of_a_term_is_that_of_its_beginning) {
    struct timing timing = TIMING_DEFAULT;

    timing.promise = 20 * SEC;
    timing.stop_margin = 3 * SEC;
    has_lease();
    configures(&n, &n.config.facts, &timing);
    renews();
    ck_assert_int_eq(view_of(&n).quorum.lease, D);
    ck_assert_int_eq(view_of(&n).quorum.stop_margin, 0);
}
END_TEST

START_TEST(MAJ_6_a_single_seat_needs_nobody) {
    struct core_config config = without_seats();

    config.expect = 1;
    starts_with(&n, &config, 1);
    time_passes(&n, 5 * SEC);
    expect_leader(&n, ME, 1);
    ck_assert_int_eq(view_of(&n).quorum.lease, USEC_NEVER);
    time_passes(&n, 60 * SEC);
    expect_leader(&n, ME, 1);
}
END_TEST

START_TEST(GAP_1_a_suspended_host_voids_the_lease) {
    has_lease();
    usec_t before = n.now;
    is_told(&n, EVENT_SUSPENDED);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_LEASE);
    time_passes(&n, MS);
    gets(&n, OTHER, beat(before - MS, ++exchanges));
    expect_no_leader(&n);
    renews();
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(GAP_1_a_suspended_voter_abstains) {
    promised();
    time_passes(&n, SEC);
    is_told(&n, EVENT_SUSPENDED);
    ck_assert_int_eq(view_of(&n).quorum.abstains, P);
}
END_TEST

START_TEST(GAP_1_a_pause_within_the_lease_changes_nothing) {
    has_lease();
    sleeps(&n, SEC);
    wakes(&n);
    expect_leader(&n, ME, 8);
    expect_none(&n, WIRE_HEARTBEAT);
}
END_TEST

/* ---- MAJ-7 */

START_TEST(MAJ_7_at_its_end_the_work_stops) {
    has_lease();
    time_passes(&n, D);
    expect_action(&n, ACTION_STOP_WORK);
    expect_notice(&n, NOTICE_NO_LEADER, REASON_LEASE);
    expect_standing(&n, STANDING_WITHOUT_LEASE);
}
END_TEST

START_TEST(MAJ_7_it_recovers_within_a_second) {
    has_lease();
    time_passes(&n, D + 900 * MS);
    forget(&n);
    renews();
    expect_notice(&n, NOTICE_LEADER, REASON_LEASE);
    expect_unicast(&n, OTHER, WIRE_ACK);
    expect_leader(&n, ME, 8);
}
END_TEST

/* With a long promise voters beat less often. */
START_TEST(MAJ_7_it_waits_for_two_beats_of_each) {
    has_lease_with(10 * SEC, 0);
    time_passes(&n, 8 * SEC + 4900 * MS);
    renews();
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(MAJ_7_after_that_it_leads_no_more) {
    has_lease();
    time_passes(&n, D + SEC);
    expect_state(&n, NODE_IDLE);
    forget(&n);
    renews();
    expect_none(&n, WIRE_ACK);
}
END_TEST

START_TEST(MAJ_7_who_gets_no_lease_at_all_does_not_stay) {
    was_elected();
    time_passes(&n, SEC);
    expect_state(&n, NODE_IDLE);
    expect_no_notice(&n, NOTICE_NO_LEADER); /* nobody was told that it led */
    expect_no_action(&n, ACTION_STOP_WORK);
}
END_TEST

START_TEST(MAJ_7_who_has_resigned_ends_by_that) {
    has_lease();
    time_passes(&n, D - 100 * MS);
    is_told(&n, EVENT_STOP);
    is_told(&n, EVENT_WORK_STOPPED);
    time_passes(&n, 2 * SEC); /* nobody takes it, and meanwhile the lease ends */
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

/* It hands over, its lease is over meanwhile, and then it loses its link. */
START_TEST(MAJ_7_who_is_to_end_does_even_without_a_lease) {
    has_lease();
    time_passes(&n, D - 100 * MS);
    is_told(&n, EVENT_STOP);
    is_told(&n, EVENT_WORK_STOPPED);
    time_passes(&n, 200 * MS);
    forget(&n);
    link_changes(&n, 0, false);
    expect_action(&n, ACTION_STOP_WORK);
    is_told(&n, EVENT_WORK_STOPPED);
    expect_action(&n, ACTION_STOPPED);
}
END_TEST

/* ---- MAJ-8, MAJ-9 */

START_TEST(MAJ_8_a_release_ends_the_promise) {
    promised();
    hears(&n, LEADER, released(true));
    expect_sent(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(MAJ_8_the_candidate_repeats_it) {
    struct wire_message candidacy = election(8, 7, BIRTH(0) - SEC);

    promised();
    hears(&n, LEADER, released(false));
    candidacy.election.released = 7;
    hears(&n, OTHER, candidacy);
    awaits(&n, WIRE_LEADER_ELECTED, 50 * MS);
}
END_TEST

START_TEST(MAJ_8_and_so_does_this_one) {
    promised();
    hears(&n, LEADER, released(true));
    ck_assert_uint_eq(expect_sent(&n, WIRE_ELECTION)->message.election.released, 7);
}
END_TEST

/* The daemon has died, and then its work has ended, too: nobody was named, so nobody is waited for. */
START_TEST(MAJ_8_after_a_farewell_too) {
    struct wire_message message = farewell(LEADER, 7);

    promised();
    message.farewell.released = false;
    hears(&n, LEADER, message);
    time_passes(&n, 500 * MS);
    expect_none(&n, WIRE_ELECTION);
    usec_t released = n.now;
    message.farewell.released = true;
    hears(&n, LEADER, message);
    ck_assert_int_le(happened_at(&n, awaits(&n, WIRE_ELECTION, SEC)), released);
}
END_TEST

START_TEST(MAJ_8_of_another_leadership_it_ends_nothing) {
    promised();
    hears(&n, LEADER, resign(6, ME));
    ck_assert_int_eq(view_of(&n).quorum.abstains, P);
}
END_TEST

START_TEST(MAJ_8_it_resigns_released_when_all_has_stopped) {
    has_lease();
    is_told(&n, EVENT_RESIGN);
    expect_action(&n, ACTION_STOP_WORK);
    time_passes(&n, SEC);
    renews(); /* what goes on until it stops is covered as before */
    ck_assert_int_eq(view_of(&n).quorum.lease, 0);
    ck_assert_int_eq(view_of(&n).quorum.work, D);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert(expect_sent(&n, WIRE_RESIGN)->message.resign.released);
    hears(&n, OTHER, election(9, 8, BIRTH(1)));
    struct wire_message candidacy = election(9, 8, BIRTH(1));
    candidacy.election.dead = token_of(ME, 8);
    hears(&n, OTHER, with_seats(candidacy, SEATS(8, 0, LEADER, OTHER, ME)));
    expect_unicast(&n, OTHER, WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(MAJ_9_farewell_and_verdict_shorten_nothing) {
    struct wire_message message = farewell(LEADER, 7);

    promised();
    usec_t until = n.now + P;
    message.farewell.released = false;
    hears(&n, LEADER, message);
    expect_no_leader(&n);
    ck_assert_int_ge(happened_at(&n, awaits(&n, WIRE_ELECTION, 3 * SEC)), until);
}
END_TEST

/* ---- MAJ-10 */

START_TEST(MAJ_10_the_higher_epoch_wins_at_once) {
    has_lease();
    hears(&n, LEADER, leader(9));
    expect_action(&n, ACTION_STOP_WORK);
    expect_leader(&n, LEADER, 9);
    expect_none(&n, WIRE_MERGE_REQUEST);
}
END_TEST

START_TEST(MAJ_10_a_lower_one_is_told) {
    has_lease();
    hears(&n, LEADER, leader(7));
    expect_unicast(&n, LEADER, WIRE_LEADER);
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(MAJ_10_a_follower_takes_the_one_with_votes) {
    promised();
    hears(&n, OTHER, leader(9));
    expect_leader(&n, OTHER, 9);
}
END_TEST

START_TEST(MAJ_10_leaders_of_the_other_policy_are_ignored) {
    const struct core_config none = config_of_me();

    promised();
    n.config.majority = false; /* what it hears has no seats */
    hears(&n, OTHER, leader(9));
    expect_leader(&n, LEADER, 7);
    follows_with(&n, &none, 7, 3, 0);
    hears(&n, LEADER, with_seats(leader(9), SEATS(9, 0, LEADER, OTHER, ME)));
    expect_leader(&n, LEADER, 7);
    ck_assert_uint_eq(core_counters(n.core)->refused[REFUSAL_OTHER_QUORUM], 1);
}
END_TEST

/* ---- MAJ-12 */

static struct wire_message fresh(void) {
    struct wire_message message = announce(SEC);

    message.announce.fresh = true;
    message.announce.voter = true;
    return message;
}

static void starts_without_seats(void) {
    const struct core_config config = without_seats();

    starts_with(&n, &config, 1);
}

START_TEST(MAJ_12_all_of_them_found_a_cluster) {
    starts_without_seats();
    hears(&n, LEADER, fresh());
    hears(&n, OTHER, fresh());
    const struct wire_message stands = awaits(&n, WIRE_ELECTION, 3 * SEC)->message;
    ck_assert(stands.election.bootstrap);
    ck_assert_uint_eq(stands.roster.count, 3);
    gets(&n, OTHER, vote(1, (struct token){ 0 }));
    expect_state(&n, NODE_CANDIDATE); /* of the founders all are needed */
    gets(&n, LEADER, vote(1, (struct token){ 0 }));
    expect_state(&n, NODE_LEADER);
    const struct wire_message *leads = expect_multicast(&n, WIRE_LEADER);
    ck_assert_uint_eq(leads->roster.epoch, 1);
    ck_assert_uint_eq(leads->roster.count, 3);
}
END_TEST

START_TEST(MAJ_12_not_fewer_and_not_more) {
    starts_without_seats();
    for (unsigned i = 0; i < 20; i++) {
        hears(&n, LEADER, fresh());
        time_passes(&n, 500 * MS);
    }
    expect_none(&n, WIRE_ELECTION);
    ck_assert_uint_eq(view_of(&n).quorum.have, 2);
    for (unsigned i = 0; i < 20; i++) {
        hears(&n, LEADER, fresh());
        hears(&n, OTHER, fresh());
        hears(&n, SPARE, fresh());
        time_passes(&n, 500 * MS);
        forget(&n);
    }
    expect_state(&n, NODE_IDLE);
    ck_assert_uint_eq(view_of(&n).quorum.fresh, 4);
}
END_TEST

START_TEST(MAJ_12_not_beside_a_node_with_seats) {
    starts_without_seats();
    for (unsigned i = 0; i < 20; i++) {
        hears(&n, LEADER, fresh());
        hears(&n, OTHER, fresh());
        hears(&n, SPARE, announce(SEC));
        time_passes(&n, 500 * MS);
        forget(&n);
    }
    expect_state(&n, NODE_IDLE);
}
END_TEST

static struct wire_message bootstrap(uint64_t epoch, struct wire_roster roster) {
    struct wire_message message = with_seats(founding(epoch, 9000 * SEC), roster);

    message.election.bootstrap = true;
    return message;
}

START_TEST(MAJ_12_a_vote_binds_to_its_roster) {
    starts_without_seats();
    hears(&n, OTHER, bootstrap(1, SEATS(0, 0, LEADER, OTHER, ME)));
    awaits(&n, WIRE_LEADER_ELECTED, SEC);
    const struct action *persisted = expect_action(&n, ACTION_PERSIST);
    ck_assert_uint_eq(persisted->persist.state.pin.count, 3);
    forget(&n);
    hears(&n, OTHER, bootstrap(2, SEATS(0, 0, SPARE, OTHER, ME)));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
    hears(&n, OTHER, bootstrap(3, SEATS(0, 0, LEADER, OTHER, ME)));
    awaits(&n, WIRE_LEADER_ELECTED, SEC);
}
END_TEST

START_TEST(MAJ_12_whoever_has_seats_founds_nothing) {
    const struct core_config config = of_three();

    starts_with(&n, &config, 1);
    hears(&n, OTHER, bootstrap(1, SEATS(0, 0, LEADER, OTHER, ME)));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* A host that went by quorum = none: its token was of other clusters, and higher. */
static struct core_config of_none(void) {
    struct core_config config = without_seats();

    config.state.own = token_of(OTHER, 17);
    return config;
}

START_TEST(MAJ_12_a_token_of_none_keeps_nobody_out) {
    const struct core_config config = of_none();

    starts_with(&n, &config, 1);
    n.config.state.roster = SEATS(2, 0, LEADER, OTHER, ME); /* that LEADER tells */
    n.epoch = 2;
    n.members = 3;
    hears(&n, LEADER, my_leader(&n));
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    expect_leader(&n, LEADER, 2);
    ck_assert_int_gt(awaits(&n, WIRE_HEARTBEAT, SEC)->message.heartbeat.echo, 0); /* it counts as any other voter */
}
END_TEST

/* All founders are there: the epoch in which it stands. */
static uint64_t founds_in(const struct core_config *config) {
    starts_with(&n, config, 1);
    hears(&n, LEADER, fresh());
    hears(&n, OTHER, fresh());
    return awaits(&n, WIRE_ELECTION, 3 * SEC)->message.election.epoch;
}

START_TEST(MAJ_12_founders_stand_above_their_tokens_of_none) {
    const struct core_config config = of_none();

    ck_assert_uint_eq(founds_in(&config), 18);
}
END_TEST

/* Of a former id, or reserved by a start that lost power. */
START_TEST(MAJ_12_founders_stand_above_all_that_was_reserved) {
    struct core_config config = without_seats();

    config.state.epoch_block = 500 + EPOCH_BLOCK;
    ck_assert_uint_eq(founds_in(&config), 501);
}
END_TEST

/* It had a seat, went by quorum = none, led there, and is back. */
START_TEST(MAJ_12_who_comes_back_from_none_is_not_kept_out) {
    struct core_config config = of_three();

    config.state.roster = SEATS(7, 0, LEADER, OTHER, ME);
    config.state.own = token_of(ME, 17);
    starts_with(&n, &config, 1);
    n.epoch = 7;
    n.members = 3;
    hears(&n, LEADER, my_leader(&n));
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    expect_leader(&n, LEADER, 7);
    ck_assert_int_gt(awaits(&n, WIRE_HEARTBEAT, SEC)->message.heartbeat.echo, 0);
}
END_TEST

START_TEST(MAJ_6_a_single_seat_waits_for_its_disk) {
    struct core_config config = without_seats();

    config.expect = 1;
    starts_with(&n, &config, 1);
    time_passes_until_sent(&n, WIRE_ELECTION, 5 * SEC);
    state_is_writable(&n, false); /* as soon as its vote could not be written */
    time_passes(&n, SEC);
    expect_no_leader(&n);
}
END_TEST

START_TEST(MAJ_12_nor_with_another_number_than_its_own) {
    struct core_config config = without_seats();

    config.expect = 5;
    starts_with(&n, &config, 1);
    hears(&n, OTHER, bootstrap(1, SEATS(0, 0, LEADER, OTHER, ME)));
    time_passes(&n, SEC);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- MAJ-13 .. MAJ-16 */

START_TEST(MAJ_13_a_leader_tells_its_seats) {
    has_lease();
    ck_assert_uint_eq(view_of(&n).quorum.roster.epoch, 8);
    renews();
    const struct wire_message *answer = expect_unicast(&n, OTHER, WIRE_ACK);
    ck_assert(answer->has_roster);
    ck_assert_uint_eq(answer->roster.epoch, 8);
    ck_assert_uint_eq(answer->ack.promise, P);
    ck_assert_uint_eq(answer->ack.heartbeat, P / 4);
}
END_TEST

static struct event retirement(uint8_t who) {
    return (struct event){ .type = EVENT_RETIRE, .retire = { .id = id_of(who) } };
}

static enum retire_outcome retires(uint8_t who) {
    const struct event event = retirement(who);

    is_given(&n, &event);
    return expect_action(&n, ACTION_RETIRED)->retired;
}

START_TEST(MAJ_14_a_seat_is_taken_away) {
    has_lease();
    ck_assert_int_eq(retires(LEADER), RETIRE_DONE);
    expect_notice(&n, NOTICE_ROSTER, REASON_NONE);
    ck_assert_uint_eq(expect_multicast(&n, WIRE_LEADER)->roster.change, 1);
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 2);
    ck_assert_uint_eq(view_of(&n).quorum.needed, 2);
}
END_TEST

START_TEST(MAJ_14_not_by_anybody_else_and_not_of_anybody_else) {
    promised();
    ck_assert_int_eq(retires(OTHER), RETIRE_NOT_LEADER);
    was_elected();
    ck_assert_int_eq(retires(LEADER), RETIRE_NOT_LEADER);
    has_lease();
    ck_assert_int_eq(retires(ME), RETIRE_OWN_SEAT);
    ck_assert_int_eq(retires(SPARE), RETIRE_NO_SEAT);
}
END_TEST

START_TEST(MAJ_14_not_before_the_others_know_the_present_ones) {
    exchanges = 1;
    was_elected();
    gets(&n, OTHER, registration(OTHER, SEC, (struct token){ 0 }));
    struct wire_message older = beat(n.now, 2);
    older.heartbeat.roster_epoch = 7;
    gets(&n, OTHER, older);
    expect_leader(&n, ME, 8);
    ck_assert_int_eq(retires(LEADER), RETIRE_UNSETTLED);
}
END_TEST

START_TEST(MAJ_15_a_spare_steps_in_when_the_others_know) {
    has_lease();
    gets(&n, SPARE, registration(SPARE, SEC, (struct token){ 0 }));
    ck_assert_int_eq(retires(LEADER), RETIRE_DONE);
    time_passes(&n, 300 * MS);
    renews(); /* with version 8.0 still */
    time_passes(&n, 300 * MS);
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 2);
    struct wire_message knows = beat(n.now, ++exchanges);
    knows.heartbeat.roster_change = 1;
    gets(&n, OTHER, knows);
    time_passes(&n, 300 * MS);
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 3);
    ck_assert_uint_eq(view_of(&n).quorum.roster.change, 2);
    ck_assert_int_eq(retires(SPARE), RETIRE_UNSETTLED);
}
END_TEST

/* LEADER has come back, and has promised before OTHER does. */
static void has_lease_of_two(void) {
    has_lease();
    gets(&n, LEADER, registration(LEADER, SEC, (struct token){ 0 }));
    gets(&n, LEADER, beat(n.now, 2));
    time_passes(&n, 100 * MS);
    renews();
}

/* What was told to somebody who works by it holds, and so does the own promise that goes with it. */
START_TEST(MAJ_14_the_lease_outlives_the_seat_that_made_it) {
    has_lease_of_two();
    usec_t echoed = n.now;
    time_passes(&n, 100 * MS);
    ck_assert_int_eq(retires(OTHER), RETIRE_DONE);
    ck_assert_int_eq(view_of(&n).quorum.lease, echoed + D - n.now);
    hears(&n, SMALL, with_seats(leader(9), SEATS(9, 0, SMALL, LEADER, ME)));
    ck_assert_int_eq(view_of(&n).quorum.abstains, echoed + P - n.now);
}
END_TEST

START_TEST(MAJ_14_not_of_a_seat_that_the_lease_needs) {
    has_lease();
    ck_assert_int_eq(retires(OTHER), RETIRE_NEEDED); /* LEADER is not there */
    has_lease_of_two();
    time_passes(&n, D - 50 * MS);
    ck_assert_int_eq(retires(OTHER), RETIRE_NEEDED); /* it is not heard any more */
    expect_leader(&n, ME, 8);
}
END_TEST

/* Else OTHER's promise would hinder nobody any more: SPARE and LEADER, whose own is over sooner, elect a leader. */
START_TEST(MAJ_15_a_spare_waits_until_the_others_make_the_lease) {
    has_lease_of_two();
    gets(&n, SPARE, registration(SPARE, SEC, (struct token){ 0 }));
    ck_assert_int_eq(retires(OTHER), RETIRE_DONE);
    struct wire_message knows = beat(n.now - 100 * MS, 3);
    knows.heartbeat.roster_change = 1;
    gets(&n, LEADER, knows);
    time_passes(&n, 300 * MS);
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 2);
    knows.heartbeat.exchange = 4;
    knows.heartbeat.echo = n.now;
    gets(&n, LEADER, knows);
    time_passes(&n, 300 * MS);
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 3);
}
END_TEST

START_TEST(MAJ_15_who_was_retired_does_not_step_in_again) {
    has_lease();
    gets(&n, LEADER, registration(LEADER, SEC, (struct token){ 0 })); /* it runs on */
    ck_assert_int_eq(retires(LEADER), RETIRE_DONE);
    for (unsigned i = 0; i < 10; i++) {
        struct wire_message knows = beat(n.now, ++exchanges);
        knows.heartbeat.roster_change = 1;
        gets(&n, OTHER, knows);
        gets(&n, LEADER, heartbeat(token_of(ME, 8), 2 + i));
        time_passes(&n, 300 * MS);
        forget(&n);
    }
    ck_assert_uint_eq(view_of(&n).quorum.roster.count, 2);
}
END_TEST

/* What a leader or a voter could forget at a restart nobody may rely on. */
START_TEST(MAJ_14_not_without_a_disk) {
    has_lease();
    state_is_writable(&n, false);
    ck_assert_int_eq(retires(LEADER), RETIRE_UNSETTLED);
}
END_TEST

START_TEST(MAJ_13_seats_that_are_not_on_disk_are_not_told) {
    promised();
    state_is_writable(&n, false);
    hears(&n, LEADER, with_seats(my_leader(&n), SEATS(7, 1, LEADER, ME)));
    forget(&n);
    const struct wire_message beats = awaits(&n, WIRE_HEARTBEAT, 2 * SEC)->message;
    ck_assert_uint_eq(beats.heartbeat.roster_epoch, 0);
    gets(&n, LEADER, ack(&n, &beats));
    forget(&n);
    state_is_writable(&n, true);
    ck_assert(expect_action(&n, ACTION_PERSIST)->persist.durable);
    ck_assert_uint_eq(awaits(&n, WIRE_HEARTBEAT, 2 * SEC)->message.heartbeat.roster_change, 1);
}
END_TEST

START_TEST(HAND_4_a_spare_is_not_preferred) {
    struct wire_message joins = registration(SPARE, SEC, (struct token){ 0 });
    struct wire_message asks = message_of(WIRE_HANDOVER_REQUEST);

    has_lease();
    joins.registration.facts.priority = 200;
    gets(&n, SPARE, joins);
    asks.handover_request.epoch = 8;
    asks.handover_request.key = (struct rank_key){ .priority = 200, .id = id_of(SPARE) };
    gets(&n, SPARE, asks);
    expect_leader(&n, ME, 8);
}
END_TEST

/* SPARE is the most senior of all. */
START_TEST(MAJ_16_a_spare_is_no_successor) {
    has_lease();
    gets(&n, SPARE, registration(SPARE, 9000 * SEC, (struct token){ 0 }));
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    const struct node_id other = id_of(OTHER);
    ck_assert(node_id_equal(&expect_sent(&n, WIRE_RESIGN)->message.resign.successor, &other));
}
END_TEST

START_TEST(MAJ_16_nor_is_who_does_not_know_the_seats) {
    struct wire_message beats = beat(0, 2);

    was_elected();
    gets(&n, OTHER, registration(OTHER, SEC, (struct token){ 0 }));
    beats.heartbeat.roster_epoch = 7;
    beats.heartbeat.echo = n.now;
    gets(&n, OTHER, beats);
    expect_leader(&n, ME, 8);
    is_told(&n, EVENT_RESIGN);
    time_passes(&n, SEC);
    ck_assert_int_eq(expect_action(&n, ACTION_RESIGNED)->resigned, RESIGN_NOBODY);
    expect_none(&n, WIRE_RESIGN);
}
END_TEST

START_TEST(MAJ_16_of_a_newer_roster_it_learns) {
    promised();
    struct wire_message told = with_seats(my_leader(&n), SEATS(7, 1, LEADER, OTHER, SPARE));
    hears(&n, LEADER, told);
    expect_notice(&n, NOTICE_ROSTER, REASON_NONE);
    expect_standing(&n, STANDING_SPARE);
    hears(&n, LEADER, with_seats(my_leader(&n), SEATS(7, 0, LEADER, OTHER, ME)));
    expect_standing(&n, STANDING_SPARE);
}
END_TEST

/* ---- START-6: whoever still stands says so */

START_TEST(START_6_who_has_fallen_silent_is_no_candidate) {
    const struct core_config config = of_three();

    starts_with(&n, &config, 1);
    hears(&n, LEADER, founding(8, 9000 * SEC)); /* the most senior, but it votes for OTHER then */
    for (unsigned i = 0; i < 10; i++) {
        hears(&n, OTHER, founding(9, 8000 * SEC));
        time_passes(&n, 100 * MS);
    }
    ck_assert_uint_gt(votes_for(OTHER, 9), 0);
}
END_TEST

START_TEST(HAND_2_the_named_one_goes_first_unless_its_seats_are_older) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    forget(&n);
    hears(&n, OTHER, with_seats(election(8, 7, BIRTH(1)), SEATS(6, 0, LEADER, OTHER, ME)));
    expect_sent(&n, WIRE_ELECTION); /* I stand, rather than wait for one that gets no vote of mine */
}
END_TEST

/* ---- ELEC-9: an epoch of its own for each candidate */

START_TEST(ELEC_9_an_objector_takes_the_next_epoch) {
    promised();
    hears(&n, LEADER, resign(7, OTHER));
    forget(&n);
    hears(&n, SPARE, with_seats(election(8, 7, BIRTH(1)), SEATS(7, 0, SPARE, OTHER, ME)));
    ck_assert_uint_eq(expect_sent(&n, WIRE_ELECTION)->message.election.epoch, 9);
}
END_TEST

/* Who knows newer seats does not vote for one that stands by older ones: were that one to go first, nobody led. */
START_TEST(MAJ_3_newer_seats_go_before_seniority) {
    promised();
    hears(&n, LEADER, resign(7, SPARE));
    forget(&n);
    hears(&n, OTHER, with_seats(election(8, 7, BIRTH(0) - SEC), SEATS(6, 0, LEADER, OTHER, ME)));
    ck_assert_uint_eq(expect_sent(&n, WIRE_ELECTION)->message.election.epoch, 9);
    hears(&n, OTHER, with_seats(election(10, 7, BIRTH(0) + SEC), SEATS(7, 1, LEADER, OTHER, ME)));
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(expect_unicast(&n, OTHER, WIRE_LEADER_ELECTED)->leader_elected.epoch, 10);
}
END_TEST

START_TEST(ELEC_3_unopposed_it_wears_out_no_epochs) {
    const struct core_config config = of_three();

    starts_with(&n, &config, 1);
    for (unsigned i = 0; i < 200; i++) {
        hears(&n, OTHER, announce(SEC / 2));
        time_passes(&n, 300 * MS);
        for (unsigned sent = count_sent(&n, WIRE_ELECTION); sent > 0; sent--)
            ck_assert_uint_eq(expect_sent(&n, WIRE_ELECTION)->message.election.epoch, 1);
        forget(&n);
    }
    ck_assert_uint_gt(core_counters(n.core)->elections, 1);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        MAJ_1_no_vote_before_the_promise_is_over,
        MAJ_1_after_a_restart_it_abstains_for_its_longest_promise,
        MAJ_1_a_release_does_not_end_the_abstention,
        MAJ_1_no_vote_without_a_disk,
        MAJ_1_a_leader_keeps_a_promise_of_its_own,
        MAJ_1_its_own_promise_counts_after_a_restart,
        MAJ_2_it_stands_when_its_promise_is_over,
        MAJ_2_a_spare_neither_stands_nor_votes,
        MAJ_2_alone_it_never_stands,
        MAJ_3_votes_by_its_own_roster_or_a_newer_one,
        MAJ_3_not_by_an_older_one,
        MAJ_3_not_without_a_seat_of_both,
        MAJ_3_not_with_another_number_of_seats,
        MAJ_3_not_in_the_epoch_in_which_it_stands,
        MAJ_3_one_vote_in_an_epoch_repeated_to_the_same,
        MAJ_3_not_below_its_last_vote,
        MAJ_3_a_vote_for_another_shows_that_it_stands_too_low,
        MAJ_3_the_vote_is_durable_before_it_is_sent,
        MAJ_4_elected_by_a_majority_of_seats,
        MAJ_4_a_vote_without_a_seat_does_not_count,
        MAJ_4_without_votes_it_never_leads,
        MAJ_5_the_first_ack_is_echoed_at_once_and_durable,
        MAJ_5_an_ack_below_its_vote_is_no_promise,
        MAJ_5_its_own_candidacy_does_not_bind_a_follower,
        MAJ_5_a_vote_for_another_is_kept_apart,
        MAJ_5_who_has_promised_takes_another_epoch_to_stand_in,
        MAJ_5_a_promise_lasts_from_the_newest_ack,
        MAJ_6_a_lease_begins_with_the_echoes_of_a_majority,
        MAJ_6_it_is_over_by_the_clock_alone,
        MAJ_6_it_counts_from_what_was_echoed,
        MAJ_6_the_margin_is_taken_off,
        MAJ_6_an_echo_of_what_was_never_sent_does_not_count,
        MAJ_6_an_echo_of_another_epoch_or_of_a_spare_does_not_count,
        MAJ_6_the_promise_of_a_term_is_that_of_its_beginning,
        MAJ_6_a_single_seat_needs_nobody,
        GAP_1_a_suspended_host_voids_the_lease,
        GAP_1_a_suspended_voter_abstains,
        GAP_1_a_pause_within_the_lease_changes_nothing,
        MAJ_7_at_its_end_the_work_stops,
        MAJ_7_it_recovers_within_a_second,
        MAJ_7_it_waits_for_two_beats_of_each,
        MAJ_7_after_that_it_leads_no_more,
        MAJ_7_who_gets_no_lease_at_all_does_not_stay,
        MAJ_7_who_has_resigned_ends_by_that,
        MAJ_7_who_is_to_end_does_even_without_a_lease,
        MAJ_8_a_release_ends_the_promise,
        MAJ_8_the_candidate_repeats_it,
        MAJ_8_and_so_does_this_one,
        MAJ_8_after_a_farewell_too,
        MAJ_8_of_another_leadership_it_ends_nothing,
        MAJ_8_it_resigns_released_when_all_has_stopped,
        MAJ_9_farewell_and_verdict_shorten_nothing,
        MAJ_10_the_higher_epoch_wins_at_once,
        MAJ_10_a_lower_one_is_told,
        MAJ_10_a_follower_takes_the_one_with_votes,
        MAJ_10_leaders_of_the_other_policy_are_ignored,
        MAJ_12_all_of_them_found_a_cluster,
        MAJ_12_not_fewer_and_not_more,
        MAJ_12_not_beside_a_node_with_seats,
        MAJ_12_a_vote_binds_to_its_roster,
        MAJ_12_whoever_has_seats_founds_nothing,
        MAJ_12_nor_with_another_number_than_its_own,
        MAJ_12_a_token_of_none_keeps_nobody_out,
        MAJ_12_founders_stand_above_their_tokens_of_none,
        MAJ_12_founders_stand_above_all_that_was_reserved,
        MAJ_12_who_comes_back_from_none_is_not_kept_out,
        MAJ_6_a_single_seat_waits_for_its_disk,
        MAJ_13_a_leader_tells_its_seats,
        MAJ_14_a_seat_is_taken_away,
        MAJ_14_not_by_anybody_else_and_not_of_anybody_else,
        MAJ_14_not_before_the_others_know_the_present_ones,
        MAJ_15_a_spare_steps_in_when_the_others_know,
        MAJ_14_the_lease_outlives_the_seat_that_made_it,
        MAJ_14_not_of_a_seat_that_the_lease_needs,
        MAJ_15_a_spare_waits_until_the_others_make_the_lease,
        MAJ_15_who_was_retired_does_not_step_in_again,
        MAJ_14_not_without_a_disk,
        MAJ_13_seats_that_are_not_on_disk_are_not_told,
        HAND_4_a_spare_is_not_preferred,
        MAJ_16_a_spare_is_no_successor,
        MAJ_16_nor_is_who_does_not_know_the_seats,
        MAJ_16_of_a_newer_roster_it_learns,
        START_6_who_has_fallen_silent_is_no_candidate,
        HAND_2_the_named_one_goes_first_unless_its_seats_are_older,
        ELEC_9_an_objector_takes_the_next_epoch,
        MAJ_3_newer_seats_go_before_seniority,
        ELEC_3_unopposed_it_wears_out_no_epochs,
    };

    return run_tests("core: majority", tests, ARRAY_SIZE(tests));
}
