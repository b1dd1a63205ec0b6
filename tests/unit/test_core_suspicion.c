/* SPDX-License-Identifier: ISC
 *
 * test_core_suspicion.c - is the leader dead, or only deaf to this node: rules SUSP.
 *
 * With the default detect of 300 ms and three members: slot at 500 ms, r 50 ms, suspicion from 650 ms, three tries
 * more, dead at 800 ms; the ack window W of 2 s ends at 2,500 ms; Suspects are damped for 250 ms.
 */
#include "core_fixture.h"

#include "base/util.h"

static struct node n;

/* It begins to suspect by its own tries; returns the nonce of its Suspect, which is ticked off. */
static uint64_t suspects(uint32_t members, unsigned rank) {
    follows(&n, 7, members, rank);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, 3 * SEC)->message.suspect.nonce;
    forget(&n);
    return nonce;
}

/* MEMBER(9) suspects the leader: this node becomes a witness, whose first probe has left. */
static void is_witness(uint32_t members, unsigned rank) {
    follows(&n, 7, members, rank);
    hears(&n, MEMBER(9), suspect(7, 42));
    time_passes(&n, MS);
}

/* It starts again as one that followed LEADER, and hears it, but gets no answer. */
static void starts_and_is_not_heard(void) {
    struct core_config config = config_of_me();

    config.state.own = token_of(LEADER, 7);
    starts_with(&n, &config, 1);
    time_passes(&n, 750 * MS);
    hears(&n, LEADER, leader(7));
    awaits_standing(&n, STANDING_HEARD_ONE_WAY, SEC);
}

/* ---- SUSP-1 */

START_TEST(SUSP_1_three_unanswered_tries_make_a_suspicion) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 650 * MS - 1);
    expect_standing(&n, STANDING_FOLLOWING);
    expect_none(&n, WIRE_SUSPECT);
    time_passes(&n, 1);
    expect_standing(&n, STANDING_SUSPECTING);
    ck_assert_uint_eq(expect_notice(&n, NOTICE_SUSPECTED, REASON_NONE)->token.epoch, 7);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(SUSP_1_icmp_for_a_try_makes_a_suspicion_at_once) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    gets_unreachable(&n, LEADER);
    expect_standing(&n, STANDING_SUSPECTING);
    expect_multicast(&n, WIRE_SUSPECT);
}
END_TEST

START_TEST(SUSP_1_icmp_replaces_the_own_tries_only) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    gets_unreachable(&n, LEADER);
    time_passes(&n, 299 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_1_icmp_of_somebody_else_means_nothing) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    gets_unreachable(&n, MEMBER(1));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_1_icmp_without_an_open_try_means_nothing) {
    follows(&n, 7, 3, 0);
    gets_unreachable(&n, LEADER);
    expect_standing(&n, STANDING_FOLLOWING);
    expect_no_more(&n);
}
END_TEST

START_TEST(SUSP_1_icmp_while_suspecting_changes_nothing) {
    suspects(3, 0);
    gets_unreachable(&n, LEADER);
    expect_no_more(&n);
    expect_no_notice(&n, NOTICE_SUSPECTED);
}
END_TEST

START_TEST(SUSP_1_icmp_after_the_verdict_changes_nothing) {
    follows(&n, 7, 3, 1);
    hears(&n, LEADER, farewell(LEADER, 7));
    forget(&n);
    gets_unreachable(&n, LEADER);
    expect_no_more(&n);
    expect_state(&n, NODE_CANDIDATE);
}
END_TEST

/* ---- SUSP-2 */

START_TEST(SUSP_2_suspect_names_the_leader_and_the_silence) {
    struct token accused = token_of(LEADER, 7);

    follows(&n, 7, 3, 0);
    const struct send *send = awaits(&n, WIRE_SUSPECT, SEC);
    ck_assert(send->multicast && sent_to(send, MEMBER(1)));
    ck_assert(token_equal(&send->message.suspect.leader, &accused));
    ck_assert_uint_eq(send->message.suspect.silent_ms, 150);
    ck_assert_uint_ne(send->message.suspect.nonce, 0);
}
END_TEST

START_TEST(SUSP_2_suspect_is_repeated_with_each_try_which_is_a_question) {
    follows(&n, 7, 3, 0);
    uint64_t nonce = awaits(&n, WIRE_SUSPECT, SEC)->message.suspect.nonce;
    forget(&n);
    for (unsigned i = 0; i < 2; i++) {
        time_passes(&n, 50 * MS);
        ck_assert_uint_eq(expect_multicast(&n, WIRE_SUSPECT)->suspect.nonce, nonce);
        const struct wire_heartbeat *beat = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
        ck_assert(beat->question);
        ck_assert_uint_eq(beat->nonce, nonce);
        expect_no_more(&n);
    }
}
END_TEST

START_TEST(SUSP_2_at_most_eight_suspects) {
    follows(&n, 7, 2, 0);
    has_seen_losses(&n); /* a verdict takes more than 20 tries */
    awaits_standing(&n, STANDING_LEADING, 5 * SEC);
    ck_assert_uint_gt(count_sent(&n, WIRE_HEARTBEAT), 16);
    ck_assert_uint_eq(count_sent(&n, WIRE_SUSPECT), 8);
}
END_TEST

START_TEST(SUSP_2_who_heard_a_suspect_sends_none_for_a_while) {
    is_witness(10, 3);
    time_passes(&n, 248 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
    expect_none(&n, WIRE_SUSPECT);
}
END_TEST

/* All have the copies of the first: where thirty agree late, each with sixteen, that would be a storm. */
START_TEST(SUSP_2_who_agrees_sends_a_copy_to_the_accuser_only) {
    follows(&n, 7, 10, 0);
    hears(&n, MEMBER(5), suspect(7, 43));
    const struct send *mine = awaits(&n, WIRE_SUSPECT, 500 * MS);
    ck_assert(mine->multicast);
    ck_assert_uint_eq(mine->count, 1);
    ck_assert(sent_to(mine, MEMBER(5)));
}
END_TEST

START_TEST(SUSP_2_only_one_suspect_per_damping_time_is_acted_on) {
    is_witness(10, 3);
    leader_acks(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    hears(&n, MEMBER(8), suspect(7, 43));
    expect_standing(&n, STANDING_FOLLOWING);
    time_passes(&n, 250 * MS);
    hears(&n, MEMBER(8), suspect(7, 43));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_2_own_suspect_counts_for_the_damping) {
    suspects(3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    hears(&n, MEMBER(1), suspect(7, 43));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_2_damping_follows_detect) {
    struct core_config config = config_of_me();

    config.timing.detect = 100 * MS;
    follows_with(&n, &config, 7, 10, 3);
    hears(&n, MEMBER(9), suspect(7, 42));
    time_passes(&n, MS);
    leader_acks(&n);
    time_passes(&n, 100 * MS);
    if (count_sent(&n, WIRE_HEARTBEAT) > 0)
        leader_acks(&n);
    hears(&n, MEMBER(8), suspect(7, 43));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

/* ---- SUSP-3 */

START_TEST(SUSP_3_witness_probes_with_a_new_exchange) {
    follows(&n, 7, 10, 3);
    hears(&n, MEMBER(9), suspect(7, 42));
    expect_standing(&n, STANDING_SUSPECTING);
    expect_no_more(&n);
    time_passes(&n, MS);
    const struct wire_heartbeat *probe = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
    ck_assert_uint_eq(probe->try, 1);
    ck_assert(probe->question && probe->nonce != 0);
    expect_no_more(&n);
}
END_TEST

START_TEST(SUSP_3_suspect_about_another_leader_means_nothing) {
    struct wire_message about_other = suspect(7, 42);

    about_other.suspect.leader = token_of(LARGE, 7);
    follows(&n, 7, 10, 3);
    hears(&n, MEMBER(9), about_other);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_3_suspect_about_an_earlier_token_of_my_leader_means_nothing) {
    follows(&n, 7, 10, 3);
    hears(&n, MEMBER(9), suspect(6, 42));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

/* Seeds draw who probes: 16 of N = 1,000 on average. */
START_TEST(SUSP_3_of_those_without_rank_few_probe) {
    unsigned probes = 0;

    for (uint8_t seed = 0; seed < 200; seed++) {
        struct core_config config = config_of_me();
        config.seed[0] = seed;
        follows_with(&n, &config, 7, 1000, 20);
        hears(&n, MEMBER(9), suspect(7, 42));
        time_passes(&n, 20 * MS);
        probes += count_sent(&n, WIRE_HEARTBEAT);
        expect_standing(&n, STANDING_SUSPECTING);
    }
    ck_assert_uint_ge(probes, 1);
    ck_assert_uint_le(probes, 12);
}
END_TEST

START_TEST(SUSP_3_silence_counts_from_the_earliest_known) {
    struct wire_message late = suspect(7, 42);

    late.suspect.silent_ms = 250;
    follows(&n, 7, 10, 3);
    hears(&n, MEMBER(9), late);
    time_passes(&n, 149 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
    time_passes(&n, 2 * MS);
    expect_no_leader(&n); /* three tries of its own, not 300 ms of its own silence */
}
END_TEST

START_TEST(SUSP_3_silence_told_later_counts_too) {
    struct wire_message late = suspect(7, 43);

    is_witness(10, 3);
    late.suspect.silent_ms = 200;
    hears(&n, MEMBER(8), late);
    time_passes(&n, 151 * MS);
    expect_no_leader(&n);
}
END_TEST

START_TEST(SUSP_3_impossible_silence_still_needs_own_tries) {
    struct wire_message absurd = suspect(7, 42);

    absurd.suspect.silent_ms = UINT32_MAX;
    follows(&n, 7, 10, 3);
    hears(&n, MEMBER(9), absurd);
    time_passes(&n, 140 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

/* ---- SUSP-4 */

/* Of LEADER in my place. */
static struct wire_message suspect_me(uint64_t nonce) {
    struct wire_message message = suspect(7, nonce);

    message.suspect.leader = token_of(ME, 7);
    return message;
}

START_TEST(SUSP_4_accused_leader_answers_all) {
    leads(&n, 7);
    joins(&n, MEMBER(1), SEC);
    hears(&n, MEMBER(1), suspect_me(42));
    const struct wire_leader *answer = &expect_multicast(&n, WIRE_LEADER)->leader;
    ck_assert_uint_eq(answer->epoch, 7);
    ck_assert_uint_eq(answer->answered, 42);
}
END_TEST

START_TEST(SUSP_4_at_most_one_answer_in_2_ms) {
    leads(&n, 7);
    hears(&n, MEMBER(1), suspect_me(42));
    expect_multicast(&n, WIRE_LEADER);
    time_passes(&n, 2 * MS - 1);
    hears(&n, MEMBER(2), suspect_me(43));
    expect_none(&n, WIRE_LEADER);
    time_passes(&n, 1);
    hears(&n, MEMBER(2), suspect_me(43));
    ck_assert_uint_eq(expect_multicast(&n, WIRE_LEADER)->leader.answered, 43);
}
END_TEST

/* ---- SUSP-5 */

START_TEST(SUSP_5_answered_probe_is_vouched_to_all_and_to_the_accuser) {
    struct token accused = token_of(LEADER, 7);

    is_witness(10, 3);
    leader_acks(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    expect_notice(&n, NOTICE_VOUCHED, REASON_NONE);
    const struct send *mine = awaits(&n, WIRE_VOUCH, 3 * MS);
    ck_assert(mine->multicast && sent_to(mine, MEMBER(9)));
    ck_assert(token_equal(&mine->message.vouch.leader, &accused));
    ck_assert_uint_eq(mine->message.vouch.nonce, 42);
}
END_TEST

START_TEST(SUSP_5_no_vouch_when_one_was_heard) {
    is_witness(10, 3);
    leader_acks(&n);
    hears(&n, MEMBER(2), vouch(7, 42));
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

START_TEST(SUSP_5_vouch_for_another_suspect_does_not_replace_mine) {
    is_witness(10, 3);
    leader_acks(&n);
    hears(&n, MEMBER(2), vouch(7, 41));
    awaits(&n, WIRE_VOUCH, 3 * MS);
}
END_TEST

START_TEST(SUSP_5_no_vouch_for_a_leader_that_is_mine_no_more) {
    struct wire_message winner = leader(8);

    is_witness(10, 3);
    leader_acks(&n);
    winner.leader.absorbed = token_of(LEADER, 7);
    hears(&n, LARGE, winner);
    expect_leader(&n, LARGE, 8);
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

START_TEST(SUSP_5_ack_without_the_nonce_is_not_vouched) {
    is_witness(10, 3);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.nonce = 0;
    gets(&n, LEADER, answer);
    time_passes(&n, 5 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

START_TEST(SUSP_5_vouch_is_said_again_where_much_is_lost) {
    usec_t before = 0;

    follows(&n, 7, 10, 3);
    has_seen_losses(&n);
    hears(&n, MEMBER(9), suspect(7, 42));
    time_passes(&n, MS);
    leader_acks(&n);
    for (unsigned i = 0; i < 4; i++) {
        const struct send *mine = awaits(&n, WIRE_VOUCH, 50 * MS);
        ck_assert(mine->multicast && sent_to(mine, MEMBER(9)));
        ck_assert_uint_eq(mine->message.vouch.nonce, 42);
        ck_assert_int_ge(happened_at(&n, mine) - before, i > 0 ? 20 * MS : 0);
        before = happened_at(&n, mine);
    }
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

START_TEST(SUSP_5_vouch_is_said_once_where_little_is_lost) {
    is_witness(10, 3);
    leader_acks(&n);
    awaits(&n, WIRE_VOUCH, 3 * MS);
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

START_TEST(SUSP_5_vouch_of_another_ends_the_repetition) {
    follows(&n, 7, 10, 3);
    has_seen_losses(&n);
    hears(&n, MEMBER(9), suspect(7, 42));
    time_passes(&n, MS);
    leader_acks(&n);
    awaits(&n, WIRE_VOUCH, 3 * MS);
    hears(&n, MEMBER(2), vouch(7, 42));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_VOUCH);
}
END_TEST

/* ---- SUSP-6 */

static struct wire_message leader_answers(uint64_t nonce) {
    struct wire_message message = my_leader(&n);

    message.leader.answered = nonce;
    return message;
}

START_TEST(SUSP_6_first_three_ranks_vouch_for_the_leaders_own_answer) {
    for (unsigned rank = 0; rank < 4; rank++) {
        follows(&n, 7, 10, rank);
        hears(&n, MEMBER(9), suspect(7, 42));
        hears(&n, LEADER, leader_answers(42));
        expect_standing(&n, STANDING_FOLLOWING);
        time_passes(&n, 5 * MS);
        ck_assert_uint_eq(count_sent(&n, WIRE_VOUCH), rank < 3);
        if (rank == 3)
            continue;
        const struct send *mine = expect_sent(&n, WIRE_VOUCH);
        ck_assert(mine->multicast && sent_to(mine, MEMBER(9)));
        ck_assert_uint_eq(mine->message.vouch.nonce, 42);
    }
}
END_TEST

START_TEST(SUSP_6_vouch_goes_out_although_the_probe_had_not_left) {
    follows(&n, 7, 10, 0);
    hears(&n, MEMBER(9), suspect(7, 42));
    hears(&n, LEADER, leader_answers(42));
    awaits(&n, WIRE_VOUCH, 3 * MS);
}
END_TEST

/* ---- SUSP-7 */

START_TEST(SUSP_7_ack_of_the_exchange_ends_it) {
    suspects(3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    expect_standing(&n, STANDING_FOLLOWING);
    time_passes(&n, 300 * MS);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(SUSP_7_leader_with_my_nonce_ends_it) {
    uint64_t nonce = suspects(3, 0);

    hears(&n, LEADER, leader_answers(nonce));
    expect_standing(&n, STANDING_FOLLOWING);
    expect_notice(&n, NOTICE_VOUCHED, REASON_NONE);
}
END_TEST

/* A switch has just come back, and everybody suspects. */
START_TEST(SUSP_7_own_suspect_counts_whatever_was_heard_since) {
    uint64_t nonce = suspects(3, 0);

    for (uint64_t other = 100; other < 120; other++)
        hears(&n, MEMBER(other % 8), suspect(7, other));
    hears(&n, LEADER, leader_answers(nonce));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_7_plain_leader_does_not_end_it) {
    suspects(3, 0);
    hears(&n, LEADER, my_leader(&n));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_7_leader_with_an_unknown_nonce_does_not_end_it) {
    suspects(3, 0);
    hears(&n, LEADER, leader_answers(4711));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_7_leader_of_an_earlier_epoch_does_not_end_it) {
    uint64_t nonce = suspects(3, 0);
    struct wire_message old = leader_answers(nonce);

    old.leader.epoch = 6;
    hears(&n, LEADER, old);
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_7_vouch_for_a_suspect_of_mine_ends_it) {
    uint64_t nonce = suspects(3, 0);

    hears(&n, MEMBER(1), vouch(7, nonce));
    expect_standing(&n, STANDING_FOLLOWING);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(SUSP_7_vouch_for_a_suspect_that_was_heard_ends_it) {
    is_witness(10, 3);
    hears(&n, MEMBER(1), vouch(7, 42));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_7_vouch_with_an_unknown_nonce_is_ignored) {
    suspects(3, 0);
    hears(&n, MEMBER(1), vouch(7, 4711));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_7_vouch_for_another_leader_is_ignored) {
    struct wire_message for_other = vouch(7, suspects(3, 0));

    for_other.vouch.leader = token_of(LARGE, 7);
    hears(&n, MEMBER(1), for_other);
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

START_TEST(SUSP_7_vouch_of_an_earlier_suspicion_is_ignored) {
    uint64_t earlier = suspects(3, 0);

    hears(&n, LEADER, leader_answers(earlier));
    expect_standing(&n, STANDING_FOLLOWING);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    forget(&n);
    awaits(&n, WIRE_SUSPECT, 2 * SEC);
    hears(&n, MEMBER(1), vouch(7, earlier));
    expect_standing(&n, STANDING_SUSPECTING);
}
END_TEST

/* ---- SUSP-8 */

START_TEST(SUSP_8_member_asked_by_another_probes_and_vouches_to_it) {
    follows(&n, 7, 3, 0);
    gets(&n, MEMBER(1), question(token_of(LEADER, 7), 99));
    time_passes(&n, MS);
    leader_acks(&n);
    const struct send *mine = awaits(&n, WIRE_VOUCH, 3 * MS);
    ck_assert(sent_to(mine, MEMBER(1)));
    ck_assert_uint_eq(mine->message.vouch.nonce, 99);
    expect_none(&n, WIRE_REDIRECT);
}
END_TEST

START_TEST(SUSP_8_member_that_suspects_itself_says_so) {
    struct token accused = token_of(LEADER, 7);

    suspects(3, 0);
    gets(&n, MEMBER(1), question(token_of(LEADER, 7), 99));
    const struct wire_suspect *answer = &expect_unicast(&n, MEMBER(1), WIRE_SUSPECT)->suspect;
    ck_assert(token_equal(&answer->leader, &accused));
    ck_assert_uint_eq(answer->silent_ms, 150);
}
END_TEST

/* It has nothing else to say, and the asker would take itself for alone until W is over. */
START_TEST(SUSP_8_member_that_may_not_lead_answers_after_its_verdict) {
    struct core_config config = config_of_me();
    struct token dead = token_of(LEADER, 7);

    config.facts.eligible = false;
    follows_with(&n, &config, 7, 3, 1);
    time_passes(&n, 500 * MS);
    hears(&n, MEMBER(0), suspect(7, 43));
    time_passes(&n, 500 * MS);
    expect_no_leader(&n);
    forget(&n);
    gets(&n, MEMBER(0), question(dead, 99));
    ck_assert(token_equal(&expect_unicast(&n, MEMBER(0), WIRE_SUSPECT)->suspect.leader, &dead));
    expect_no_more(&n);
}
END_TEST

/* Shortly after another's Suspect, which it does not repeat (SUSP-2). */
static void comes_to_its_verdict(const struct core_config *config) {
    follows_with(&n, config, 7, 3, 1);
    hears(&n, MEMBER(0), suspect(7, 43));
    awaits_standing(&n, STANDING_NO_LEADER, 2 * config->timing.detect);
}

/* Who accused it may never have heard of this one, and so cannot ask it. */
START_TEST(SUSP_8_member_that_may_not_lead_tells_its_verdict_to_the_accuser) {
    struct core_config config = config_of_me();
    struct token dead = token_of(LEADER, 7);

    config.timing.detect = 100 * MS;
    config.facts.eligible = false;
    comes_to_its_verdict(&config);
    ck_assert(token_equal(&expect_unicast(&n, MEMBER(0), WIRE_SUSPECT)->suspect.leader, &dead));
    expect_none(&n, WIRE_SUSPECT);
}
END_TEST

START_TEST(SUSP_8_member_that_may_lead_tells_its_verdict_by_standing) {
    struct core_config config = config_of_me();

    config.timing.detect = 100 * MS;
    comes_to_its_verdict(&config);
    awaits(&n, WIRE_ELECTION, 100 * MS);
    expect_none(&n, WIRE_SUSPECT);
}
END_TEST

START_TEST(SUSP_8_member_that_has_accused_too_tells_its_verdict_to_nobody) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    comes_to_its_verdict(&config); /* detect is longer than the damping of SUSP-2 */
    expect_multicast(&n, WIRE_SUSPECT);
    for (unsigned i = count_sent(&n, WIRE_SUSPECT); i > 0; i--)
        expect_multicast(&n, WIRE_SUSPECT);
}
END_TEST

START_TEST(SUSP_8_member_with_another_leader_redirects) {
    follows(&n, 7, 3, 0);
    gets(&n, LARGE, question(token_of(SMALL, 7), 99));
    struct token token = token_of(LEADER, 7);
    ck_assert(token_equal(&expect_unicast(&n, LARGE, WIRE_REDIRECT)->redirect.leader, &token));
    time_passes(&n, 5 * MS);
    expect_no_more(&n);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

/* An isolated node asks its few by unicast; a question to all would make all of them probe at once. */
START_TEST(SUSP_8_question_to_all_of_another_than_the_leader_means_nothing) {
    follows(&n, 7, 3, 0);
    hears(&n, MEMBER(1), question(token_of(LEADER, 7), 99));
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

/* ---- SUSP-9 */

START_TEST(SUSP_9_verdict_after_the_tries_and_the_silence) {
    suspects(3, 0);
    hears(&n, MEMBER(1), suspect(7, 43));
    time_passes(&n, 150 * MS - 1);
    expect_standing(&n, STANDING_SUSPECTING);
    time_passes(&n, 1);
    expect_no_leader(&n);
    expect_state(&n, NODE_CANDIDATE);

    const struct notice *notice = expect_notice(&n, NOTICE_NO_LEADER, REASON_DEATH);
    struct address address = address_of(LEADER);
    ck_assert_str_eq(notice->name, facts_of(LEADER).name);
    ck_assert(address_equal(&notice->address, &address));
    ck_assert_uint_eq(notice->token.epoch, 7);
}
END_TEST

START_TEST(SUSP_9_verdict_waits_for_detect) {
    struct core_config config = config_of_me();

    config.timing.detect = SEC; /* r 166 ms: slot at 500 ms, suspicion at 998 ms, third question lost at 1,498 ms */
    follows_with(&n, &config, 7, 3, 0);
    time_passes(&n, 1100 * MS);
    hears(&n, MEMBER(1), suspect(7, 43));
    time_passes(&n, 395 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
    time_passes(&n, 10 * MS);
    expect_no_leader(&n);
}
END_TEST

/* A node that only waits: it has no rank and was not drawn. */
static void only_waits(void) {
    struct core_config config = config_of_me();

    config.seed[0] = 1;
    follows_with(&n, &config, 7, 1000, 20);
    hears(&n, MEMBER(9), suspect(7, 42));
    time_passes(&n, 25 * MS);
    expect_none(&n, WIRE_HEARTBEAT);
}

START_TEST(SUSP_9_non_witness_has_no_verdict) {
    only_waits();
    time_passes(&n, SEC);
    expect_standing(&n, STANDING_SUSPECTING);
    expect_leader(&n, LEADER, 7);
}
END_TEST

START_TEST(SUSP_9_non_witness_votes_after_waiting_for_2_r) {
    only_waits();
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 50 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
    time_passes(&n, 25 * MS);
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 20 * MS);
    expect_unicast(&n, MEMBER(0), WIRE_LEADER_ELECTED);
}
END_TEST

START_TEST(SUSP_9_non_witness_does_not_vote_after_a_vouch) {
    only_waits();
    time_passes(&n, 80 * MS);
    hears(&n, MEMBER(1), vouch(7, 42));
    hears(&n, MEMBER(0), election(8, 7, BIRTH(0)));
    time_passes(&n, 40 * MS);
    expect_none(&n, WIRE_LEADER_ELECTED);
}
END_TEST

/* ---- SUSP-10, SUSP-11 */

START_TEST(SUSP_10_verdict_without_any_sign_of_life_is_isolation) {
    suspects(3, 0);
    time_passes(&n, 150 * MS);
    expect_standing(&n, STANDING_ISOLATED);
    expect_state(&n, NODE_IDLE);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(SUSP_10_any_datagram_of_another_member_is_a_sign_of_life) {
    suspects(3, 0);
    hears(&n, MEMBER(1), announce(SEC));
    time_passes(&n, 150 * MS);
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(SUSP_10_what_was_heard_before_the_suspicion_is_not) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 640 * MS);
    hears(&n, MEMBER(1), announce(SEC));
    time_passes(&n, 160 * MS);
    expect_standing(&n, STANDING_ISOLATED);
}
END_TEST

START_TEST(SUSP_10_nor_is_the_accused_itself) {
    suspects(3, 0);
    hears(&n, LEADER, my_leader(&n));
    time_passes(&n, 150 * MS);
    expect_standing(&n, STANDING_ISOLATED);
}
END_TEST

/* N = 2: H 250 ms, r 37 ms (8 tries in 300 ms). */
START_TEST(SUSP_10_one_of_two_needs_no_sign_of_life) {
    follows(&n, 7, 2, 0);
    time_passes(&n, 250 * MS + 299 * MS);
    expect_leader(&n, LEADER, 7);
    time_passes(&n, 10 * MS);
    expect_leader(&n, ME, 8);
    expect_notice(&n, NOTICE_LEADER, REASON_DEATH);
}
END_TEST

START_TEST(SUSP_11_isolated_node_asks_up_to_three_members) {
    suspects(10, 2);
    time_passes(&n, 150 * MS);
    expect_standing(&n, STANDING_ISOLATED);
    forget(&n);
    time_passes(&n, 50 * MS);
    static const uint8_t asked[] = { MEMBER(0), MEMBER(1), MEMBER(3) };
    for (unsigned i = 0; i < ARRAY_SIZE(asked); i++) {
        const struct wire_heartbeat *beat = &expect_unicast(&n, asked[i], WIRE_HEARTBEAT)->heartbeat;
        struct token own = token_of(LEADER, 7);
        ck_assert(beat->question && beat->nonce != 0);
        ck_assert(token_equal(&beat->own, &own));
    }
    expect_no_more(&n);
    time_passes(&n, 50 * MS);
    ck_assert_uint_eq(count_sent(&n, WIRE_HEARTBEAT), 3);
}
END_TEST

START_TEST(SUSP_11_any_sign_of_life_leads_to_the_election) {
    suspects(3, 0);
    time_passes(&n, 500 * MS);
    expect_standing(&n, STANDING_ISOLATED);
    gets(&n, MEMBER(1), suspect(7, 43));
    expect_multicast(&n, WIRE_ELECTION);
}
END_TEST

START_TEST(SUSP_11_isolated_node_follows_the_leader_that_it_is_told) {
    suspects(3, 0);
    time_passes(&n, 500 * MS);
    forget(&n);
    gets(&n, MEMBER(1), redirect(LARGE, 8));
    struct wire_message answer = ack(&n, expect_unicast(&n, LARGE, WIRE_HEARTBEAT));
    answer.ack.epoch = 8;
    gets(&n, LARGE, answer);
    expect_leader(&n, LARGE, 8);
}
END_TEST

START_TEST(SUSP_11_counted_vouch_ends_the_isolation) {
    suspects(3, 0);
    time_passes(&n, 160 * MS);
    expect_standing(&n, STANDING_ISOLATED);
    forget(&n);
    time_passes(&n, 50 * MS);
    uint64_t nonce = expect_unicast(&n, MEMBER(1), WIRE_HEARTBEAT)->heartbeat.nonce;
    gets(&n, MEMBER(1), vouch(7, nonce));
    expect_leader(&n, LEADER, 7);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(SUSP_11_ack_of_the_leader_ends_the_isolation) {
    suspects(3, 0);
    time_passes(&n, 140 * MS);
    const struct wire_message probe = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    time_passes(&n, 60 * MS);
    expect_standing(&n, STANDING_ISOLATED);
    gets(&n, LEADER, ack(&n, &probe));
    expect_leader(&n, LEADER, 7);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_11_leads_alone_when_the_window_is_over) {
    suspects(3, 0);
    time_passes(&n, 1850 * MS - 1);
    expect_standing(&n, STANDING_ISOLATED);
    time_passes(&n, 1);
    expect_leader(&n, ME, 8);
    expect_notice(&n, NOTICE_LEADER, REASON_DEATH);
    expect_none(&n, WIRE_ELECTION);
}
END_TEST

/* Whom it asks doubts the leader until that has answered, and would follow another one (SUSP-8, ELEC-13). */
START_TEST(SUSP_11_nobody_is_asked_who_cannot_answer_before_it_leads) {
    suspects(3, 0);
    time_passes(&n, 1800 * MS);
    forget(&n);
    time_passes(&n, 50 * MS);
    expect_leader(&n, ME, 8);
    expect_none(&n, WIRE_HEARTBEAT);
}
END_TEST

/* The window is each node's own; only detect is the leader's. */
static void is_answered_after(usec_t round_trip) {
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    struct wire_message first = *expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    time_passes(&n, round_trip);
    gets(&n, LEADER, ack(&n, &first));
    forget(&n);
}

/* Tries 300 ms apart need 1.8 s for the verdict: a window of 600 ms is over for long then. */
START_TEST(SUSP_11_leads_alone_when_the_verdict_took_longer_than_the_window) {
    struct core_config config = config_of_me();

    config.timing.ack_timeout = 100 * MS;
    follows_with(&n, &config, 7, 3, 0);
    is_answered_after(100 * MS);
    is_answered_after(250 * MS);
    awaits_standing(&n, STANDING_ISOLATED, 5 * SEC);
    time_passes(&n, 299 * MS);
    expect_none(&n, WIRE_LEADER);
    time_passes(&n, MS);
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(SUSP_11_the_window_may_be_configured_while_following) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    timing.ack_timeout = 5 * SEC;
    timing.detect = SEC;
    follows(&n, 7, 3, 0);
    configures(&n, &facts, &timing);
    ck_assert_int_eq(view_of(&n).detect, 300 * MS);
    awaits_standing(&n, STANDING_ISOLATED, 2 * SEC);
    time_passes(&n, 4 * SEC);
    expect_standing(&n, STANDING_ISOLATED);
    time_passes(&n, SEC);
    expect_leader(&n, ME, 8);
}
END_TEST

START_TEST(SUSP_11_an_ineligible_node_does_not_lead_alone) {
    struct core_config config = config_of_me();

    config.facts.eligible = false;
    follows_with(&n, &config, 7, 3, 20);
    time_passes(&n, 10 * SEC);
    expect_state(&n, NODE_IDLE);
    expect_none(&n, WIRE_LEADER);
}
END_TEST

/* ---- SUSP-12 */

START_TEST(SUSP_12_who_hears_the_accused_does_not_lead_alone) {
    suspects(3, 0);
    for (unsigned i = 0; i < 6; i++) {
        time_passes(&n, 750 * MS);
        hears(&n, LEADER, my_leader(&n));
        expect_none(&n, WIRE_LEADER);
    }
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    expect_state(&n, NODE_IDLE);
}
END_TEST

START_TEST(SUSP_12_one_of_two_that_hears_the_accused_does_not_lead_alone) {
    follows(&n, 7, 2, 0);
    for (unsigned i = 0; i < 6; i++) {
        time_passes(&n, 300 * MS);
        hears(&n, LEADER, my_leader(&n));
        time_passes(&n, 450 * MS);
        expect_none(&n, WIRE_LEADER);
    }
    awaits_standing(&n, STANDING_HEARD_ONE_WAY, 2 * SEC);
}
END_TEST

/* Its announcements are as far apart as the ack window is long, and a little more by a slow clock. */
START_TEST(SUSP_12_who_has_not_listened_for_an_announcement_waits) {
    struct core_config config = config_of_me();

    config.timing.detect = SEC;
    follows_with(&n, &config, 7, 3, 0);
    hears(&n, LEADER, my_leader(&n));
    awaits(&n, WIRE_HEARTBEAT, SEC);
    time_passes(&n, 2200 * MS);
    expect_none(&n, WIRE_LEADER);
    hears(&n, LEADER, my_leader(&n));
    time_passes(&n, SEC);
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
}
END_TEST

START_TEST(SUSP_12_who_has_listened_leads_alone) {
    struct core_config config = config_of_me();

    config.timing.detect = SEC;
    follows_with(&n, &config, 7, 3, 0);
    awaits(&n, WIRE_HEARTBEAT, SEC);
    time_passes(&n, 2500 * MS - 1);
    expect_standing(&n, STANDING_ISOLATED);
    time_passes(&n, 1);
    expect_standing(&n, STANDING_LEADING);
}
END_TEST

START_TEST(SUSP_12_a_vouch_forbids_it_too) {
    suspects(3, 0);
    time_passes(&n, 1500 * MS);
    hears(&n, MEMBER(1), vouch(7, 4711));
    time_passes(&n, 800 * MS);
    expect_none(&n, WIRE_LEADER);
    ck_assert_int_ne(view_of(&n).state, NODE_LEADER);
}
END_TEST

START_TEST(SUSP_12_heard_one_way_asks_each_second_and_leads_when_all_is_silent) {
    suspects(3, 0);
    time_passes(&n, 1700 * MS);
    hears(&n, LEADER, my_leader(&n)); /* 150 ms before the end of the window */
    usec_t heard_at = n.now;
    awaits_standing(&n, STANDING_HEARD_ONE_WAY, 200 * MS);
    forget(&n);
    time_passes(&n, SEC);
    ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.question);
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
    awaits_standing(&n, STANDING_LEADING, 10 * SEC);
    ck_assert_int_ge(n.now - heard_at, 6 * SEC); /* three windows: a few announcements may be lost */
}
END_TEST

START_TEST(SUSP_12_heard_one_way_follows_the_leader_that_answers) {
    suspects(3, 0);
    time_passes(&n, 1700 * MS);
    hears(&n, LEADER, my_leader(&n));
    awaits_standing(&n, STANDING_HEARD_ONE_WAY, 200 * MS);
    forget(&n);
    time_passes(&n, SEC);
    leader_acks(&n);
    expect_leader(&n, LEADER, 7);
}
END_TEST

/* It has followed that leader before it was started anew; now it hears it, but is not heard by it. */
START_TEST(SUSP_12_started_node_that_hears_its_leader_does_not_lead_alone) {
    struct core_config config = config_of_me();

    config.state.own = token_of(LEADER, 7);
    starts_with(&n, &config, 1);
    for (unsigned i = 0; i < 20; i++) {
        time_passes(&n, 750 * MS);
        hears(&n, LEADER, leader(7));
        expect_none(&n, WIRE_LEADER);
        ck_assert(expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.question);
        forget(&n);
    }
    expect_standing(&n, STANDING_HEARD_ONE_WAY);
}
END_TEST

START_TEST(SUSP_12_started_node_leads_when_its_leader_has_fallen_silent) {
    starts_and_is_not_heard();
    usec_t heard_at = n.now;
    awaits_standing(&n, STANDING_LEADING, 10 * SEC);
    ck_assert_int_ge(n.now - heard_at, SEC);
}
END_TEST

/* ---- SUSP-13 */

/* By detect of 1 s a leader announces itself every 2 s, so that three windows are three announcements. */
START_TEST(SUSP_12_heard_one_way_waits_for_five_announcements) {
    struct core_config config = config_of_me();

    config.state.own = token_of(LEADER, 7);
    config.timing.detect = SEC;
    starts_with(&n, &config, 1);
    time_passes(&n, 500 * MS);
    hears(&n, LEADER, leader(7));
    awaits_standing(&n, STANDING_HEARD_ONE_WAY, 2 * SEC);
    hears(&n, LEADER, leader(7));
    usec_t heard_at = n.now;
    awaits_standing(&n, STANDING_LEADING, 20 * SEC);
    ck_assert_int_ge(n.now - heard_at, 10 * SEC);
}
END_TEST

START_TEST(SUSP_13_late_retry_starts_the_suspicion_anew) {
    suspects(3, 0);
    hears(&n, MEMBER(1), suspect(7, 43));
    uint32_t exchange = 0;
    time_passes(&n, 60 * MS);
    while (count_sent(&n, WIRE_HEARTBEAT) > 0)
        exchange = expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat.exchange;
    sleeps(&n, SEC);
    wakes(&n);
    expect_standing(&n, STANDING_SUSPECTING);
    const struct wire_heartbeat *beat = &expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->heartbeat;
    ck_assert_uint_ne(beat->exchange, exchange);
    ck_assert_uint_eq(beat->try, 1);
    time_passes(&n, 290 * MS);
    expect_standing(&n, STANDING_SUSPECTING);
    time_passes(&n, 20 * MS);
    expect_no_leader(&n);
}
END_TEST

START_TEST(SUSP_13_a_little_late_is_not_late) {
    suspects(3, 0);
    hears(&n, MEMBER(1), suspect(7, 43));
    time_passes(&n, 140 * MS);
    sleeps(&n, 200 * MS);
    wakes(&n);
    expect_no_leader(&n);
}
END_TEST

START_TEST(SUSP_13_queued_ack_counts_after_a_sleep) {
    suspects(3, 0);
    time_passes(&n, 60 * MS);
    sleeps(&n, SEC);
    leader_acks(&n); /* was in the queue */
    wakes(&n);
    expect_standing(&n, STANDING_FOLLOWING);
}
END_TEST

START_TEST(SUSP_13_late_hold_asks_the_leader_first) {
    suspects(5, 3);
    hears(&n, MEMBER(1), suspect(7, 43));
    awaits_standing(&n, STANDING_NO_LEADER, SEC); /* holds for 15 ms */
    forget(&n);
    sleeps(&n, SEC);
    wakes(&n);
    expect_none(&n, WIRE_ELECTION);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(SUSP_13_late_hold_after_a_leader_that_ended_seeks_the_next) {
    follows(&n, 7, 5, 3);
    hears(&n, LEADER, farewell(LEADER, 7)); /* holds for 15 ms */
    sleeps(&n, 60 * SEC);
    wakes(&n);
    expect_none(&n, WIRE_ELECTION);
    awaits(&n, WIRE_ANNOUNCE, 100 * MS);
}
END_TEST

START_TEST(SUSP_13_late_isolation_asks_the_leader_first) {
    suspects(3, 0);
    awaits_standing(&n, STANDING_ISOLATED, SEC);
    forget(&n);
    sleeps(&n, 5 * SEC);
    wakes(&n);
    expect_none(&n, WIRE_LEADER);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(SUSP_13_late_window_of_a_candidate_asks_the_leader_first) {
    suspects(3, 0);
    hears(&n, MEMBER(1), suspect(7, 43));
    awaits(&n, WIRE_ELECTION, SEC);
    forget(&n);
    sleeps(&n, 60 * SEC);
    wakes(&n);
    expect_none(&n, WIRE_LEADER);
    expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
}
END_TEST

START_TEST(SUSP_13_late_window_after_a_leader_that_ended_seeks_the_next) {
    follows(&n, 7, 3, 0);
    hears(&n, LEADER, farewell(LEADER, 7));
    expect_sent(&n, WIRE_ELECTION);
    sleeps(&n, 60 * SEC);
    wakes(&n);
    expect_none(&n, WIRE_LEADER);
    awaits(&n, WIRE_ANNOUNCE, 100 * MS);
}
END_TEST

/* Its last word of a leader is old, but that leader may well be there. */
START_TEST(SUSP_13_heard_one_way_listens_again_after_a_sleep) {
    starts_and_is_not_heard();
    sleeps(&n, 60 * SEC);
    wakes(&n);
    time_passes(&n, 749 * MS);
    expect_none(&n, WIRE_LEADER);
    hears(&n, LEADER, leader(8));
    expect_leader(&n, LEADER, 8);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        SUSP_1_three_unanswered_tries_make_a_suspicion,
        SUSP_1_icmp_for_a_try_makes_a_suspicion_at_once,
        SUSP_1_icmp_replaces_the_own_tries_only,
        SUSP_1_icmp_of_somebody_else_means_nothing,
        SUSP_1_icmp_without_an_open_try_means_nothing,
        SUSP_1_icmp_while_suspecting_changes_nothing,
        SUSP_1_icmp_after_the_verdict_changes_nothing,
        SUSP_2_suspect_names_the_leader_and_the_silence,
        SUSP_2_suspect_is_repeated_with_each_try_which_is_a_question,
        SUSP_2_at_most_eight_suspects,
        SUSP_2_who_heard_a_suspect_sends_none_for_a_while,
        SUSP_2_who_agrees_sends_a_copy_to_the_accuser_only,
        SUSP_2_only_one_suspect_per_damping_time_is_acted_on,
        SUSP_2_own_suspect_counts_for_the_damping,
        SUSP_2_damping_follows_detect,
        SUSP_3_witness_probes_with_a_new_exchange,
        SUSP_3_suspect_about_another_leader_means_nothing,
        SUSP_3_suspect_about_an_earlier_token_of_my_leader_means_nothing,
        SUSP_3_of_those_without_rank_few_probe,
        SUSP_3_silence_counts_from_the_earliest_known,
        SUSP_3_silence_told_later_counts_too,
        SUSP_3_impossible_silence_still_needs_own_tries,
        SUSP_4_accused_leader_answers_all,
        SUSP_4_at_most_one_answer_in_2_ms,
        SUSP_5_answered_probe_is_vouched_to_all_and_to_the_accuser,
        SUSP_5_no_vouch_when_one_was_heard,
        SUSP_5_vouch_for_another_suspect_does_not_replace_mine,
        SUSP_5_no_vouch_for_a_leader_that_is_mine_no_more,
        SUSP_5_ack_without_the_nonce_is_not_vouched,
        SUSP_5_vouch_is_said_again_where_much_is_lost,
        SUSP_5_vouch_is_said_once_where_little_is_lost,
        SUSP_5_vouch_of_another_ends_the_repetition,
        SUSP_6_first_three_ranks_vouch_for_the_leaders_own_answer,
        SUSP_6_vouch_goes_out_although_the_probe_had_not_left,
        SUSP_7_ack_of_the_exchange_ends_it,
        SUSP_7_leader_with_my_nonce_ends_it,
        SUSP_7_own_suspect_counts_whatever_was_heard_since,
        SUSP_7_plain_leader_does_not_end_it,
        SUSP_7_leader_with_an_unknown_nonce_does_not_end_it,
        SUSP_7_leader_of_an_earlier_epoch_does_not_end_it,
        SUSP_7_vouch_for_a_suspect_of_mine_ends_it,
        SUSP_7_vouch_for_a_suspect_that_was_heard_ends_it,
        SUSP_7_vouch_with_an_unknown_nonce_is_ignored,
        SUSP_7_vouch_for_another_leader_is_ignored,
        SUSP_7_vouch_of_an_earlier_suspicion_is_ignored,
        SUSP_8_member_asked_by_another_probes_and_vouches_to_it,
        SUSP_8_member_that_suspects_itself_says_so,
        SUSP_8_member_that_may_not_lead_answers_after_its_verdict,
        SUSP_8_member_that_may_not_lead_tells_its_verdict_to_the_accuser,
        SUSP_8_member_that_may_lead_tells_its_verdict_by_standing,
        SUSP_8_member_that_has_accused_too_tells_its_verdict_to_nobody,
        SUSP_8_member_with_another_leader_redirects,
        SUSP_8_question_to_all_of_another_than_the_leader_means_nothing,
        SUSP_9_verdict_after_the_tries_and_the_silence,
        SUSP_9_verdict_waits_for_detect,
        SUSP_9_non_witness_has_no_verdict,
        SUSP_9_non_witness_votes_after_waiting_for_2_r,
        SUSP_9_non_witness_does_not_vote_after_a_vouch,
        SUSP_10_verdict_without_any_sign_of_life_is_isolation,
        SUSP_10_any_datagram_of_another_member_is_a_sign_of_life,
        SUSP_10_what_was_heard_before_the_suspicion_is_not,
        SUSP_10_nor_is_the_accused_itself,
        SUSP_10_one_of_two_needs_no_sign_of_life,
        SUSP_11_isolated_node_asks_up_to_three_members,
        SUSP_11_any_sign_of_life_leads_to_the_election,
        SUSP_11_isolated_node_follows_the_leader_that_it_is_told,
        SUSP_11_counted_vouch_ends_the_isolation,
        SUSP_11_ack_of_the_leader_ends_the_isolation,
        SUSP_11_leads_alone_when_the_window_is_over,
        SUSP_11_nobody_is_asked_who_cannot_answer_before_it_leads,
        SUSP_11_leads_alone_when_the_verdict_took_longer_than_the_window,
        SUSP_11_the_window_may_be_configured_while_following,
        SUSP_11_an_ineligible_node_does_not_lead_alone,
        SUSP_12_who_hears_the_accused_does_not_lead_alone,
        SUSP_12_one_of_two_that_hears_the_accused_does_not_lead_alone,
        SUSP_12_who_has_not_listened_for_an_announcement_waits,
        SUSP_12_who_has_listened_leads_alone,
        SUSP_12_a_vouch_forbids_it_too,
        SUSP_12_heard_one_way_asks_each_second_and_leads_when_all_is_silent,
        SUSP_12_heard_one_way_follows_the_leader_that_answers,
        SUSP_12_started_node_that_hears_its_leader_does_not_lead_alone,
        SUSP_12_started_node_leads_when_its_leader_has_fallen_silent,
        SUSP_12_heard_one_way_waits_for_five_announcements,
        SUSP_13_late_retry_starts_the_suspicion_anew,
        SUSP_13_a_little_late_is_not_late,
        SUSP_13_queued_ack_counts_after_a_sleep,
        SUSP_13_late_hold_asks_the_leader_first,
        SUSP_13_late_hold_after_a_leader_that_ended_seeks_the_next,
        SUSP_13_late_isolation_asks_the_leader_first,
        SUSP_13_late_window_of_a_candidate_asks_the_leader_first,
        SUSP_13_late_window_after_a_leader_that_ended_seeks_the_next,
        SUSP_13_heard_one_way_listens_again_after_a_sleep,
    };

    return run_tests("core: suspicion", tests, ARRAY_SIZE(tests));
}
