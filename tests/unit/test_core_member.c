/* SPDX-License-Identifier: ISC
 *
 * test_core_member.c - timeline and birth, the members a leader keeps, the table that is pulled, clones: rules MEMB
 * and SEC-3.
 */
#include "core_fixture.h"

#include "base/util.h"
#include "core/member.h"

static struct node n;

#define NOBODY ((struct token){ 0 })

/* T_now as the node, which leads, tells it. */
static int64_t cluster_time(void) {
    forget(&n);
    hears(&n, MEMBER(39), announce(0));
    return expect_unicast(&n, MEMBER(39), WIRE_LEADER)->leader.cluster_time;
}

/* It followed LEADER until that died, and leads epoch 8 on TIMELINE. */
static void succeeds_leader(void) {
    hears(&n, LEADER, farewell(LEADER, 7));
    gets(&n, MEMBER(1), vote(8, token_of(LEADER, 7)));
    expect_leader(&n, ME, 8);
}

/* ---- MEMB-1 */

START_TEST(MEMB_1_first_leader_founds_a_timeline) {
    leads(&n, 1);
    hears(&n, MEMBER(0), announce(0));
    const struct wire_leader *told = &expect_unicast(&n, MEMBER(0), WIRE_LEADER)->leader;
    ck_assert_uint_ne(told->key.timeline, 0);
    ck_assert_int_eq(told->key.birth, 0);
    ck_assert_int_eq(told->cluster_time, view_of(&n).age);
    ck_assert_int_eq(told->age, view_of(&n).age);
}
END_TEST

START_TEST(MEMB_1_time_of_the_timeline_passes) {
    leads(&n, 1);
    int64_t before = cluster_time();
    time_passes(&n, 5 * SEC);
    ck_assert_int_eq(cluster_time() - before, 5 * SEC);
}
END_TEST

START_TEST(MEMB_1_successor_goes_on_with_the_timeline) {
    follows(&n, 7, 3, 0);
    succeeds_leader();
    const struct wire_leader *told = &expect_multicast(&n, WIRE_LEADER)->leader;
    ck_assert_uint_eq(told->key.timeline, TIMELINE);
    ck_assert_int_eq(told->key.birth, BIRTH(0));
    ck_assert_int_ge(told->cluster_time, 10000 * SEC);
}
END_TEST

START_TEST(MEMB_1_successor_goes_on_from_the_largest_time_heard) {
    follows(&n, 7, 3, 0);
    struct wire_message ahead = my_leader(&n), behind = my_leader(&n);
    ahead.leader.cluster_time = 20000 * SEC;
    behind.leader.cluster_time = 15000 * SEC;
    hears(&n, LEADER, ahead);
    time_passes(&n, MS);
    hears(&n, LEADER, behind);
    succeeds_leader();
    ck_assert_int_eq(expect_multicast(&n, WIRE_LEADER)->leader.cluster_time, 20000 * SEC + MS);
}
END_TEST

/* Whatever time somebody told, who leads after that has words for it. */
START_TEST(MEMB_1_time_at_either_end_of_its_range_silences_no_leader) {
    const int64_t ends[] = { -WIRE_TIME_MAX, WIRE_TIME_MAX };

    for (unsigned i = 0; i < ARRAY_SIZE(ends); i++) {
        follows(&n, 7, 3, 0);
        struct wire_message strange = my_leader(&n);
        strange.leader.cluster_time = ends[i];
        strange.leader.key.timeline = TIMELINE + 1;
        hears(&n, LEADER, strange);
        time_passes(&n, MS);
        succeeds_leader();
        ck_assert_int_le(expect_multicast(&n, WIRE_LEADER)->leader.cluster_time, WIRE_TIME_MAX);
        ck_assert_int_ge(joins(&n, MEMBER(1), WIRE_AGE_MAX)->birth, -WIRE_TIME_MAX);
    }
}
END_TEST

/* ---- MEMB-2 */

START_TEST(MEMB_2_birth_is_time_less_age) {
    leads(&n, 7);
    int64_t now = cluster_time();
    const struct wire_ack *answer = joins(&n, MEMBER(0), 123 * SEC);
    ck_assert(answer->has_birth);
    ck_assert_int_eq(answer->birth, now - 123 * SEC);
    ck_assert_int_eq(answer->cluster_time, now);
}
END_TEST

START_TEST(MEMB_2_birth_is_frozen_until_restart) {
    struct wire_message again = registration(MEMBER(0), 7 * SEC, NOBODY);

    leads(&n, 7);
    int64_t birth = joins(&n, MEMBER(0), SEC)->birth;
    time_passes(&n, 2 * SEC);
    gets(&n, MEMBER(0), again); /* the same start, though its age does not fit */
    ck_assert_int_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.birth, birth);
    again.header.incarnation = 2;
    again.header.boot_nonce = 4711;
    again.heartbeat.age = 0;
    gets(&n, MEMBER(0), again);
    ck_assert_int_gt(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.birth, birth);
}
END_TEST

/* It has learned of me without leaving its leader, as a copy of a host does whose leader was a copy too, or has risen
 * meanwhile: what is listed under its id is another host's, or another start's. */
START_TEST(MEMB_2_heartbeat_of_another_start_than_the_listed_one_has_to_register) {
    struct wire_message beat = heartbeat(token_of(ME, 7), 1), anew = registration(MEMBER(0), 0, token_of(ME, 7));

    beat.header.incarnation = anew.header.incarnation = 2;
    beat.header.boot_nonce = anew.header.boot_nonce = 4711;
    leads(&n, 7);
    int64_t birth = joins(&n, MEMBER(0), 100 * SEC)->birth;
    forget(&n);
    gets(&n, MEMBER(0), beat);
    ck_assert(!expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.has_birth);
    ck_assert_uint_eq(view_of(&n).members, 2);
    gets(&n, MEMBER(0), anew);
    ck_assert_int_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.birth, birth + 100 * SEC);
    gets(&n, MEMBER(0), beat);
    ck_assert(expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack.has_birth);
}
END_TEST

START_TEST(MEMB_2_birth_on_this_timeline_is_kept_by_a_new_leader) {
    struct wire_message beat = registration(MEMBER(2), SEC, token_of(LEADER, 7));

    beat.heartbeat.timeline = TIMELINE;
    beat.heartbeat.birth = BIRTH(2);
    follows(&n, 7, 3, 0);
    succeeds_leader();
    gets(&n, MEMBER(2), beat);
    ck_assert_int_eq(expect_unicast(&n, MEMBER(2), WIRE_ACK)->ack.birth, BIRTH(2));
}
END_TEST

START_TEST(MEMB_2_birth_on_another_timeline_is_assigned_anew) {
    struct wire_message beat = registration(MEMBER(2), SEC, NOBODY);

    beat.heartbeat.timeline = 0x5555;
    beat.heartbeat.birth = -1000000 * SEC;
    leads(&n, 7);
    int64_t now = cluster_time();
    gets(&n, MEMBER(2), beat);
    ck_assert_int_eq(expect_unicast(&n, MEMBER(2), WIRE_ACK)->ack.birth, now - SEC);
}
END_TEST

START_TEST(MEMB_2_birth_in_the_future_is_assigned_anew) {
    struct wire_message beat = registration(MEMBER(2), SEC, NOBODY);

    follows(&n, 7, 3, 0);
    succeeds_leader();
    beat.heartbeat.timeline = TIMELINE;
    beat.heartbeat.birth = 1000000 * SEC;
    int64_t now = cluster_time();
    gets(&n, MEMBER(2), beat);
    ck_assert_int_eq(expect_unicast(&n, MEMBER(2), WIRE_ACK)->ack.birth, now - SEC);
}
END_TEST

START_TEST(MEMB_2_resigner_is_the_youngest) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    int64_t now = cluster_time();
    forget(&n);
    is_told(&n, EVENT_RESIGN);
    is_told(&n, EVENT_WORK_STOPPED);
    ck_assert_int_eq(expect_sent(&n, WIRE_RESIGN)->message.resign.birth, now);
    struct wire_message winner = leader(8);
    winner.leader.key.timeline = view_of(&n).timeline;
    hears(&n, MEMBER(0), winner);
    const struct wire_message *beat = &awaits(&n, WIRE_HEARTBEAT, 50 * MS)->message;
    ck_assert_int_eq(beat->heartbeat.birth, now);
    ck_assert_int_le(beat->heartbeat.age, 50 * MS);
}
END_TEST

START_TEST(MEMB_2_plain_heartbeat_of_an_unlisted_node_gets_no_birth) {
    leads(&n, 7);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 5));
    const struct wire_ack *answer = &expect_unicast(&n, MEMBER(0), WIRE_ACK)->ack;
    ck_assert(!answer->has_birth);
    ck_assert_uint_eq(answer->exchange, 5);
    ck_assert_uint_eq(answer->count, 1);
}
END_TEST

START_TEST(MEMB_2_follower_without_birth_registers) {
    follows(&n, 7, 3, 0);
    time_passes(&n, 500 * MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.has_birth = false;
    answer.ack.birth = 0;
    gets(&n, LEADER, answer);
    const struct wire_message *beat = &awaits(&n, WIRE_HEARTBEAT, 60 * MS)->message;
    ck_assert(beat->heartbeat.registering && beat->has_registration);
}
END_TEST

START_TEST(MEMB_2_answer_to_a_registration_names_the_leader) {
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, (struct token){ 0 }));
    ck_assert_str_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->name, facts_of(ME).name);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    ck_assert_str_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->name, "");
}
END_TEST

/* No multicast of the leader gets here: the node was sent to it by another one. */
START_TEST(MEMB_2_leader_that_is_not_heard_has_a_name) {
    starts(&n);
    gets(&n, MEMBER(1), redirect(LEADER, 8));
    n.epoch = 8;
    n.members = 3;
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    memcpy(answer.name, facts_of(LEADER).name, sizeof(answer.name));
    gets(&n, LEADER, answer);
    expect_leader(&n, LEADER, 8);
    ck_assert_str_eq(view_of(&n).leader_name, facts_of(LEADER).name);
}
END_TEST

START_TEST(MEMB_2_name_that_comes_later_is_told) {
    starts(&n);
    gets(&n, MEMBER(1), redirect(LEADER, 8));
    n.epoch = 8;
    n.members = 3;
    gets(&n, LEADER, ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT)));
    ck_assert_str_eq(expect_notice(&n, NOTICE_LEADER, REASON_JOIN)->name, "");
    time_passes(&n, MS);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    memcpy(answer.name, facts_of(LEADER).name, sizeof(answer.name));
    gets(&n, LEADER, answer);
    ck_assert_str_eq(expect_notice(&n, NOTICE_LEADER, REASON_NONE)->name, facts_of(LEADER).name);
    gets(&n, LEADER, answer);
    expect_no_notice(&n, NOTICE_LEADER);
}
END_TEST

static struct node_facts tagged(const char *tags) {
    struct node_facts facts = facts_of(ME);

    memset(facts.tags, 0, sizeof(facts.tags));
    memcpy(facts.tags, tags, strlen(tags));
    return facts;
}

START_TEST(MEMB_2_leader_tells_its_tags_with_its_name) {
    struct core_config config = config_of_me();
    struct node_facts changed = tagged("zone=b"), none = tagged("");
    struct timing timing = TIMING_DEFAULT;

    config.facts = tagged("role=db zone=a");
    leads_with(&n, &config, 7);
    ck_assert_str_eq(view_of(&n).leader_tags, "role=db zone=a");
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, NOBODY));
    ck_assert_str_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->tags, "role=db zone=a");
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2));
    ck_assert_str_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->tags, "");

    forget(&n);
    configures(&n, &changed, &timing);
    ck_assert_str_eq(expect_multicast(&n, WIRE_LEADER)->tags, "zone=b");
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 3)); /* it may not have heard that */
    const struct wire_message *answer = expect_unicast(&n, MEMBER(0), WIRE_ACK);
    ck_assert_str_eq(answer->tags, "zone=b");
    ck_assert_str_eq(answer->name, changed.name);
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 4));
    ck_assert_str_eq(expect_unicast(&n, MEMBER(0), WIRE_ACK)->tags, "");
    forget(&n);
    configures(&n, &none, &timing);
    answer = expect_multicast(&n, WIRE_LEADER);
    ck_assert_str_eq(answer->tags, "");
    ck_assert_str_eq(answer->name, none.name);
}
END_TEST

static struct wire_message tagged_leader(const char *tags) {
    struct wire_message message = my_leader(&n);

    memcpy(message.name, facts_of(LEADER).name, sizeof(message.name));
    memset(message.tags, 0, sizeof(message.tags));
    memcpy(message.tags, tags, strlen(tags));
    return message;
}

START_TEST(MEMB_2_tags_of_the_leader_are_learned_and_forgotten) {
    struct core_peer peer;

    follows(&n, 7, 3, 0);
    hears(&n, LEADER, tagged_leader("zone=a"));
    forget(&n);
    hears(&n, LEADER, tagged_leader("zone=a"));
    expect_no_notice(&n, NOTICE_LEADER);
    ck_assert_str_eq(view_of(&n).leader_tags, "zone=a");
    ck_assert(core_peer(n.core, n.now, 1, &peer));
    ck_assert_str_eq(peer.facts.tags, "zone=a");
    time_passes(&n, MS);
    hears(&n, LEADER, tagged_leader("zone=b"));
    expect_notice(&n, NOTICE_LEADER, REASON_NONE);
    time_passes(&n, 500 * MS);
    leader_acks(&n); /* without a name, which says nothing of its tags */
    ck_assert_str_eq(view_of(&n).leader_tags, "zone=b");
    hears(&n, LEADER, tagged_leader(""));
    expect_notice(&n, NOTICE_LEADER, REASON_NONE);
    ck_assert_str_eq(view_of(&n).leader_tags, "");
}
END_TEST

START_TEST(MEMB_2_changed_tags_are_registered_and_listed) {
    struct wire_message again = registration(MEMBER(0), SEC, NOBODY);
    struct core_peer peer;

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    uint32_t version = view_of(&n).table_version;
    memcpy(again.registration.facts.tags, "zone=c", 6);
    gets(&n, MEMBER(0), again);
    ck_assert_uint_gt(view_of(&n).table_version, version);
    ck_assert(core_peer(n.core, n.now, 1, &peer));
    ck_assert_str_eq(peer.facts.tags, "zone=c");
}
END_TEST

START_TEST(MEMB_2_changed_facts_are_registered_again) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    facts.priority = 42;
    follows(&n, 7, 3, 0);
    configures(&n, &facts, &timing);
    const struct wire_message *beat = &awaits(&n, WIRE_HEARTBEAT, SEC)->message;
    ck_assert(beat->has_registration);
    ck_assert_uint_eq(beat->registration.facts.priority, 42);
    gets(&n, LEADER, ack(&n, beat));
    time_passes(&n, 500 * MS);
    ck_assert(!expect_unicast(&n, LEADER, WIRE_HEARTBEAT)->has_registration);
}
END_TEST

START_TEST(MEMB_2_facts_that_change_during_an_exchange_are_registered_by_the_next) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    facts.priority = 42;
    follows(&n, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    configures(&n, &facts, &timing);
    leader_acks(&n);
    const struct wire_message *beat = &awaits(&n, WIRE_HEARTBEAT, SEC)->message;
    ck_assert(beat->has_registration);
    ck_assert_uint_eq(beat->registration.facts.priority, 42);
}
END_TEST

/* ---- MEMB-3 */

START_TEST(MEMB_3_ack_carries_count_and_version) {
    leads(&n, 7);
    const struct wire_ack first = *joins(&n, MEMBER(0), SEC);
    const struct wire_ack second = *joins(&n, MEMBER(1), SEC);
    ck_assert_uint_eq(first.count, 2);
    ck_assert_uint_eq(second.count, 3);
    ck_assert_uint_gt(second.table_version, first.table_version);
}
END_TEST

/* One plain heartbeat of MEMBER(0) with that exchange; whether its Ack has the successors. */
static bool gets_successors(uint32_t exchange) {
    gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), exchange));
    return expect_unicast(&n, MEMBER(0), WIRE_ACK)->has_successors;
}

START_TEST(MEMB_3_successors_come_with_a_change_only) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    ck_assert(!gets_successors(2));
    joins(&n, MEMBER(1), SEC);
    ck_assert(gets_successors(3));
    ck_assert(gets_successors(3)); /* a further try: the first Ack may be lost */
    ck_assert(!gets_successors(4)); /* a new exchange: the last one ended with an Ack */
    ck_assert(!gets_successors(5));
}
END_TEST

START_TEST(MEMB_3_successors_are_by_seniority) {
    leads(&n, 7);
    joins(&n, MEMBER(2), SEC);
    joins(&n, MEMBER(0), 100 * SEC);
    gets(&n, MEMBER(1), registration(MEMBER(1), 50 * SEC, NOBODY));
    const struct wire_message *answer = expect_unicast(&n, MEMBER(1), WIRE_ACK);
    ck_assert(answer->has_successors);
    ck_assert_uint_eq(answer->successors.count, 3);
    for (unsigned rank = 0; rank < 3; rank++) {
        struct node_id id = id_of(MEMBER(rank));
        struct address address = address_of(MEMBER(rank));
        ck_assert(node_id_equal(&answer->successors.list[rank].id, &id));
        ck_assert(address_equal(&answer->successors.list[rank].address, &address));
    }
}
END_TEST

/* Its host got another address: the others are to reach it there in an election. */
START_TEST(MEMB_3_member_that_has_moved_is_handed_out_with_its_new_address) {
    struct address there = address_of(LARGE);
    struct wire_message moved = heartbeat(token_of(ME, 7), 2);

    leads(&n, 7);
    joins(&n, MEMBER(0), 2 * SEC);
    joins(&n, MEMBER(1), SEC);
    gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 2));
    moved.header.sender = id_of(MEMBER(0));
    moved.header.boot_nonce = 0xb000 + MEMBER(0);
    gets(&n, LARGE, moved);
    forget(&n);
    gets(&n, MEMBER(1), heartbeat(token_of(ME, 7), 3));
    const struct wire_message *answer = expect_unicast(&n, MEMBER(1), WIRE_ACK);
    ck_assert(answer->has_successors);
    ck_assert(address_equal(&answer->successors.list[0].address, &there));
}
END_TEST

static uint8_t first_of_the_successors(void) {
    struct core_peer peer;

    ck_assert(core_peer(n.core, n.now, 2, &peer));
    return peer.id.bytes[0];
}

/* An Ack that was overtaken, or came twice: it does not bring back who has left meanwhile. */
START_TEST(MEMB_3_older_successors_do_not_replace_newer_ones) {
    follows(&n, 7, 3, 1);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    struct wire_message older = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT)), newer = older;
    newer.ack.table_version = 2;
    newer.successors.list[0].id = id_of(MEMBER(5));
    gets(&n, LEADER, newer);
    ck_assert_uint_eq(first_of_the_successors(), MEMBER(5));
    gets(&n, LEADER, older);
    ck_assert_uint_eq(first_of_the_successors(), MEMBER(5));
    n.epoch = 8; /* a leader that was started anew counts from the beginning */
    older.ack.epoch = 8;
    gets(&n, LEADER, older);
    ck_assert_uint_eq(first_of_the_successors(), MEMBER(0));
}
END_TEST

START_TEST(MEMB_3_silent_members_leave_after_6_s) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 6 * SEC - 1);
    expect_no_notice(&n, NOTICE_PEER_LEFT);
    ck_assert_uint_eq(view_of(&n).members, 2);
    time_passes(&n, 2);
    struct node_id id = id_of(MEMBER(0));
    ck_assert(node_id_equal(&expect_notice(&n, NOTICE_PEER_LEFT, REASON_NONE)->id, &id));
    ck_assert_uint_eq(view_of(&n).members, 1);
    ck_assert(!gets_successors(2));
}
END_TEST

START_TEST(MEMB_3_each_leaves_in_its_time) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    time_passes(&n, 3 * SEC);
    joins(&n, MEMBER(1), SEC);
    time_passes(&n, 3 * SEC + MS);
    ck_assert_uint_eq(view_of(&n).members, 2);
    time_passes(&n, 3 * SEC);
    ck_assert_uint_eq(view_of(&n).members, 1);
}
END_TEST

START_TEST(MEMB_3_who_slept_has_not_listened) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    sleeps(&n, 10 * SEC);
    wakes(&n);
    time_passes(&n, 6 * SEC - 1);
    expect_no_notice(&n, NOTICE_PEER_LEFT);
    ck_assert_uint_eq(view_of(&n).members, 2);
    time_passes(&n, 2);
    expect_notice(&n, NOTICE_PEER_LEFT, REASON_NONE);
}
END_TEST

START_TEST(MEMB_3_leader_hands_its_successors_out) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    hears(&n, MEMBER(1), announce(0));
    const struct wire_message *told = expect_unicast(&n, MEMBER(1), WIRE_LEADER);
    ck_assert(told->has_successors);
    ck_assert_uint_eq(told->successors.count, 1);
    ck_assert_uint_eq(told->successors.list[0].id.bytes[0], MEMBER(0));
    ck_assert_uint_eq(told->leader.count, 2);
}
END_TEST

START_TEST(MEMB_3_members_that_are_heard_stay) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    joins(&n, MEMBER(1), SEC);
    for (uint32_t i = 0; i < 20; i++) {
        time_passes(&n, SEC);
        gets(&n, MEMBER(0), heartbeat(token_of(ME, 7), 2 + i));
    }
    ck_assert_uint_eq(view_of(&n).members, 2);
    ck_assert_uint_eq(expect_notice(&n, NOTICE_PEER_LEFT, REASON_NONE)->id.bytes[0], MEMBER(1));
    expect_no_notice(&n, NOTICE_PEER_LEFT);
}
END_TEST

START_TEST(MEMB_3_joining_is_told_to_watchers) {
    leads(&n, 7);
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, NOBODY));
    const struct notice *notice = expect_notice(&n, NOTICE_PEER_JOINED, REASON_NONE);
    struct address address = address_of(MEMBER(0));
    ck_assert_uint_eq(notice->id.bytes[0], MEMBER(0));
    ck_assert_str_eq(notice->name, "n020");
    ck_assert(address_equal(&notice->address, &address));
    gets(&n, MEMBER(0), registration(MEMBER(0), SEC, NOBODY));
    expect_no_notice(&n, NOTICE_PEER_JOINED);
}
END_TEST

/* ---- MEMB-4 */

static struct wire_message page_reply(uint32_t version, uint32_t index, uint32_t total, uint8_t count) {
    struct wire_message message = message_of(WIRE_PAGE_REPLY);

    message.page_reply = (struct wire_page_reply){ .version = version, .index = index, .total = total, .count = count };
    for (uint8_t i = 0; i < count; i++) {
        uint8_t who = MEMBER(index + i);
        message.page_reply.records[i] = (struct wire_record){
            .id = id_of(who),
            .incarnation = 1,
            .birth = BIRTH(index + i),
            .address = address_of(who),
            .facts = facts_of(who),
        };
    }
    return message;
}

static unsigned count_peers(void) {
    struct core_peer peer;
    unsigned count = 0;

    while (core_peer(n.core, n.now, count, &peer))
        count++;
    return count;
}

START_TEST(MEMB_4_table_is_pulled_page_by_page) {
    follows(&n, 7, 8, 0);
    ck_assert(!view_of(&n).table_complete);
    is_told(&n, EVENT_TABLE_WANTED);
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_PAGE)->page.index, 0);
    gets(&n, LEADER, page_reply(5, 0, 7, 4));
    const struct wire_page *next = &expect_unicast(&n, LEADER, WIRE_PAGE)->page;
    ck_assert_uint_eq(next->index, 4);
    ck_assert_uint_eq(next->version, 5);
    expect_no_notice(&n, NOTICE_TABLE);
    gets(&n, LEADER, page_reply(5, 4, 7, 3));
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    ck_assert(view_of(&n).table_complete);
    ck_assert_uint_eq(count_peers(), 2 + 7);
    struct core_peer peer;
    ck_assert(core_peer(n.core, n.now, 2, &peer) && peer.birth == BIRTH(0));
    ck_assert_str_eq(peer.facts.name, "n020");
    time_passes(&n, 400 * MS);
    expect_none(&n, WIRE_PAGE);
}
END_TEST

/* The leader lists this node among its members, somewhere. */
START_TEST(MEMB_4_nobody_is_listed_twice) {
    for (unsigned place = 0; place < 7; place++) {
        struct wire_message page = page_reply(5, 0, 7, 7);
        bool seen[UINT8_MAX + 1] = { false };
        struct core_peer peer;

        page.page_reply.records[place].id = id_of(ME);
        follows(&n, 7, 8, 0);
        is_told(&n, EVENT_TABLE_WANTED);
        gets(&n, LEADER, page);
        ck_assert_uint_eq(count_peers(), 8);
        for (uint32_t i = 0; core_peer(n.core, n.now, i, &peer); i++) {
            ck_assert(!seen[peer.id.bytes[0]] && peer.self == (i == 0));
            seen[peer.id.bytes[0]] = true;
        }
    }
}
END_TEST

START_TEST(MEMB_4_lost_page_is_asked_for_again) {
    follows(&n, 7, 8, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    expect_unicast(&n, LEADER, WIRE_PAGE);
    time_passes(&n, 50 * MS);
    expect_unicast(&n, LEADER, WIRE_PAGE);
}
END_TEST

START_TEST(MEMB_4_who_waits_for_the_table_is_told_when_it_does_not_come) {
    follows(&n, 7, 8, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    time_passes(&n, 500 * MS);
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_table_that_changed_meanwhile_is_pulled_anew) {
    follows(&n, 7, 8, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 7, 4));
    forget(&n);
    gets(&n, LEADER, page_reply(6, 4, 6, 2));
    ck_assert_uint_eq(expect_unicast(&n, LEADER, WIRE_PAGE)->page.index, 0);
    expect_no_notice(&n, NOTICE_TABLE);
}
END_TEST

START_TEST(MEMB_4_table_that_ends_early_is_not_complete) {
    follows(&n, 7, 8, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 7, 4));
    gets(&n, LEADER, page_reply(5, 4, 7, 0));
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_pulled_at_most_once_a_second) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 2, 2));
    forget(&n);
    time_passes(&n, 400 * MS);
    is_told(&n, EVENT_TABLE_WANTED);
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    expect_none(&n, WIRE_PAGE);
    time_passes(&n, 100 * MS);
    leader_acks(&n);
    time_passes(&n, 500 * MS);
    is_told(&n, EVENT_TABLE_WANTED);
    expect_unicast(&n, LEADER, WIRE_PAGE);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_not_pulled_while_nobody_asks) {
    follows(&n, 7, 8, 0);
    for (unsigned i = 0; i < 10; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, 2 * SEC);
        leader_acks(&n);
    }
    expect_none(&n, WIRE_PAGE);
}
END_TEST

START_TEST(MEMB_4_page_of_somebody_else_is_ignored) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, page_reply(5, 0, 2, 2)); /* unasked */
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LARGE, page_reply(5, 0, 2, 2));
    expect_no_notice(&n, NOTICE_TABLE);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_table_of_a_former_leader_is_void) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 2, 2));
    ck_assert(view_of(&n).table_complete);
    struct wire_message winner = leader(9);
    winner.leader.absorbed = token_of(LEADER, 7);
    hears(&n, LARGE, winner);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_who_got_the_table_is_not_told_again) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 2, 2));
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    hears(&n, LEADER, farewell(LEADER, 7));
    hears(&n, MEMBER(1), leader(8));
    expect_no_notice(&n, NOTICE_TABLE);
}
END_TEST

START_TEST(MEMB_4_who_still_waits_is_told_when_the_leader_changes) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    hears(&n, LEADER, farewell(LEADER, 7));
    hears(&n, MEMBER(1), leader(8));
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
}
END_TEST

/* Its tries unanswered, all of them, it is isolated; then somebody vouches. */
START_TEST(MEMB_4_table_is_pulled_again_after_a_verdict_that_was_wrong) {
    follows(&n, 7, 3, 0);
    time_passes_until_sent(&n, WIRE_SUSPECT, 5 * SEC);
    uint64_t nonce = expect_multicast(&n, WIRE_SUSPECT)->suspect.nonce;
    is_told(&n, EVENT_TABLE_WANTED);
    awaits_standing(&n, STANDING_ISOLATED, 5 * SEC);
    gets(&n, MEMBER(1), vouch(7, nonce));
    expect_leader(&n, LEADER, 7);
    forget(&n);
    is_told(&n, EVENT_TABLE_WANTED);
    expect_unicast(&n, LEADER, WIRE_PAGE);
    gets(&n, LEADER, page_reply(5, 0, 2, 2));
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    ck_assert(view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_4_copy_of_the_table_is_not_taken_over_by_a_new_leader) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 2, 2));
    succeeds_leader();
    ck_assert_uint_eq(view_of(&n).members, 1);
    ck_assert_uint_eq(count_peers(), 1);
}
END_TEST

START_TEST(MEMB_4_old_copy_of_the_table_is_not_shown) {
    follows(&n, 7, 3, 0);
    is_told(&n, EVENT_TABLE_WANTED);
    gets(&n, LEADER, page_reply(5, 0, 7, 7));
    ck_assert_uint_eq(view_of(&n).members, 8);
    for (usec_t until = n.now + 2 * SEC; n.now < until;) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, 2 * SEC);
        leader_acks(&n);
    }
    ck_assert(!view_of(&n).table_complete);
    ck_assert_uint_eq(view_of(&n).members, 3); /* as the last Ack said */
    ck_assert_uint_eq(count_peers(), 3);
}
END_TEST

START_TEST(MEMB_4_partial_table_lists_leader_and_successors) {
    struct core_peer peer;

    follows(&n, 7, 4, 1);
    time_passes(&n, 300 * MS);
    ck_assert(!view_of(&n).table_complete);
    ck_assert_uint_eq(count_peers(), 4);
    ck_assert(core_peer(n.core, n.now, 0, &peer) && peer.self && peer.birth == BIRTH(1));
    ck_assert(core_peer(n.core, n.now, 1, &peer) && peer.state == NODE_LEADER && peer.birth == LEADER_BIRTH);
    ck_assert_int_eq(peer.last_seen, 300 * MS);
    ck_assert_uint_eq(peer.id.bytes[0], LEADER);
    ck_assert(core_peer(n.core, n.now, 2, &peer) && peer.birth == BIRTH(0));
    ck_assert_uint_eq(peer.id.bytes[0], MEMBER(0));
    ck_assert_int_gt(peer.age, 0);
    ck_assert(core_peer(n.core, n.now, 3, &peer) && peer.birth == BIRTH(2));
}
END_TEST

START_TEST(MEMB_4_leader_needs_no_pulling) {
    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    is_told(&n, EVENT_TABLE_WANTED);
    expect_notice(&n, NOTICE_TABLE, REASON_NONE);
    expect_no_more(&n);
    ck_assert(view_of(&n).table_complete);
    ck_assert_uint_eq(count_peers(), 2);
}
END_TEST

static struct wire_message page(uint32_t index) {
    struct wire_message message = message_of(WIRE_PAGE);

    message.page.index = index;
    return message;
}

START_TEST(MEMB_4_leader_answers_the_pages_of_members) {
    leads(&n, 7);
    for (uint8_t i = 0; i < 15; i++)
        joins(&n, MEMBER(i), SEC);
    gets(&n, MEMBER(0), page(0));
    const struct wire_page_reply *reply = &expect_unicast(&n, MEMBER(0), WIRE_PAGE_REPLY)->page_reply;
    ck_assert_uint_eq(reply->total, 15);
    ck_assert_uint_eq(reply->index, 0);
    ck_assert_uint_ge(reply->count, 1);
    ck_assert_str_eq(reply->records[0].facts.name, "n020");
    gets(&n, MEMBER(0), page(14));
    reply = &expect_unicast(&n, MEMBER(0), WIRE_PAGE_REPLY)->page_reply;
    ck_assert_uint_eq(reply->count, 1);
    ck_assert_uint_eq(reply->records[0].id.bytes[0], MEMBER(14));
    gets(&n, MEMBER(0), page(4711));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_PAGE_REPLY)->page_reply.count, 0);
    gets(&n, LARGE, page(0)); /* not a member */
    expect_no_more(&n);
}
END_TEST

START_TEST(MEMB_4_who_is_paused_is_handed_on) {
    struct wire_message paused = registration(MEMBER(1), SEC, NOBODY), reply = page_reply(5, 0, 3, 3);
    struct core_peer peer;

    leads(&n, 7);
    joins(&n, MEMBER(0), SEC);
    joins(&n, MEMBER(1), SEC);
    gets(&n, MEMBER(0), page(0));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_PAGE_REPLY)->paused, 0);
    uint32_t version = view_of(&n).table_version;
    paused.paused = 1;
    gets(&n, MEMBER(1), paused);
    ck_assert_uint_gt(view_of(&n).table_version, version);
    ck_assert(core_peer(n.core, n.now, 2, &peer) && peer.facts.paused);
    gets(&n, MEMBER(0), page(0));
    ck_assert_uint_eq(expect_unicast(&n, MEMBER(0), WIRE_PAGE_REPLY)->paused, 1 << 1);

    follows(&n, 7, 4, 3);
    is_told(&n, EVENT_TABLE_WANTED);
    reply.paused = 1 << 2 | 1 << 3; /* the last one is of no record */
    gets(&n, LEADER, reply);
    for (unsigned i = 0; i < 3; i++)
        ck_assert(core_peer(n.core, n.now, 2 + i, &peer) && peer.facts.paused == (i == 2));
}
END_TEST

START_TEST(MEMB_4_who_is_paused_says_so) {
    struct node_facts facts = facts_of(ME);
    struct timing timing = TIMING_DEFAULT;

    follows(&n, 7, 3, 0);
    facts.eligible = false;
    facts.paused = true;
    configures(&n, &facts, &timing);
    const struct wire_message *beat = &awaits(&n, WIRE_HEARTBEAT, SEC)->message;
    ck_assert(beat->has_registration && !beat->registration.facts.eligible);
    ck_assert_uint_eq(beat->paused, 1);
    gets(&n, LEADER, ack(&n, beat));
    ck_assert_uint_eq(awaits(&n, WIRE_HEARTBEAT, SEC)->message.paused, 0); /* it registers no more */
}
END_TEST

/* ---- MEMB-5 */

START_TEST(MEMB_5_beyond_the_capacity_nodes_follow_unlisted) {
    struct core_config config = config_of_me();

    config.members_max = 3;
    leads_with(&n, &config, 7);
    for (uint8_t i = 0; i < 3; i++)
        ck_assert(joins(&n, MEMBER(i), SEC)->has_birth);
    for (uint8_t i = 3; i < 6; i++) {
        gets(&n, MEMBER(i), registration(MEMBER(i), SEC, NOBODY));
        const struct wire_ack *answer = &expect_unicast(&n, MEMBER(i), WIRE_ACK)->ack;
        ck_assert(!answer->has_birth);
        ck_assert_uint_eq(answer->epoch, 7);
        ck_assert_uint_gt(answer->next_slot, 0);
    }
    expect_notice(&n, NOTICE_TABLE_FULL, REASON_NONE);
    expect_no_notice(&n, NOTICE_TABLE_FULL);
    ck_assert_uint_eq(view_of(&n).members, 7);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

/* The listed and the unlisted beat once in each interval. */
static void beats_of_six(uint32_t exchange) {
    for (uint8_t i = 0; i < 3; i++)
        gets(&n, MEMBER(i), heartbeat(token_of(ME, 7), exchange));
    for (uint8_t i = 3; i < 6; i++) {
        struct wire_message beat = registration(MEMBER(i), SEC, token_of(ME, 7));
        gets(&n, MEMBER(i), beat);
        beat.heartbeat.try = 2;
        gets(&n, MEMBER(i), beat);
    }
    time_passes(&n, 751 * MS);
}

START_TEST(MEMB_5_leader_counts_those_that_it_does_not_list) {
    struct core_config config = config_of_me();

    config.members_max = 3;
    leads_with(&n, &config, 7);
    for (uint8_t i = 0; i < 3; i++)
        joins(&n, MEMBER(i), SEC);
    ck_assert(view_of(&n).table_complete);
    for (uint32_t i = 2; i < 10; i++) {
        beats_of_six(i);
        ck_assert_uint_eq(view_of(&n).members, 7);
        ck_assert(!view_of(&n).table_complete);
    }
    time_passes(&n, 750 * MS); /* nothing more is heard of them */
    ck_assert_uint_eq(view_of(&n).members, 4);
    ck_assert(view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_5_unlisted_node_counts_itself) {
    follows(&n, 7, 3, 0);
    ck_assert_uint_eq(view_of(&n).members, 3);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.has_birth = false;
    answer.ack.birth = 0;
    gets(&n, LEADER, answer);
    ck_assert_uint_eq(view_of(&n).members, 4);
    ck_assert(!view_of(&n).table_complete);
}
END_TEST

START_TEST(MEMB_5_unlisted_node_follows_at_its_pace) {
    follows(&n, 7, 3, 0);
    for (unsigned i = 0; i < 20; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
        struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
        answer.ack.has_birth = false;
        answer.ack.birth = 0;
        gets(&n, LEADER, answer);
        expect_leader(&n, LEADER, 7);
    }
    forget(&n);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    usec_t before = n.now;
    struct wire_message answer = ack(&n, expect_unicast(&n, LEADER, WIRE_HEARTBEAT));
    answer.ack.has_birth = false;
    answer.ack.birth = 0;
    gets(&n, LEADER, answer);
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    ck_assert_int_ge(n.now - before, 400 * MS);
}
END_TEST

/* ---- MEMB-7, MEMB-8, SEC-3 */

enum { TWIN = 201 }; /* another host, with my id */

static struct wire_message clone_of_me(int64_t age, uint64_t heard_nonce) {
    struct wire_message message = message_of(WIRE_CLONE);

    message.header.sender = id_of(ME);
    message.clone = (struct wire_clone){ age, heard_nonce };
    return message;
}

static struct wire_message announce_of_twin(void) {
    struct wire_message message = announce(SEC);

    message.header.sender = id_of(ME);
    return message;
}

static bool has_new_id(void) {
    struct node_id me = id_of(ME);
    struct core_view view = view_of(&n);

    return !node_id_equal(&view.id, &me);
}

START_TEST(SEC_3_own_datagram_is_dropped) {
    struct wire_message mine = announce(SEC);

    starts(&n);
    mine.header.sender = id_of(ME);
    mine.header.boot_nonce = n.config.boot_nonce;
    hears(&n, ME, mine);
    expect_no_more(&n);
    time_passes(&n, 3 * SEC);
    expect_standing(&n, STANDING_LEADING); /* it is still alone */
}
END_TEST

START_TEST(SEC_3_reflected_leader_is_dropped) {
    struct wire_message mine = leader(9);

    mine.header.sender = id_of(ME);
    leads(&n, 7);
    mine.header.boot_nonce = n.config.boot_nonce;
    hears(&n, ME, mine);
    expect_leader(&n, ME, 7);
    expect_no_more(&n);
}
END_TEST

START_TEST(MEMB_7_my_id_from_another_start_is_answered_by_clone) {
    leads(&n, 7);
    time_passes(&n, SEC);
    forget(&n);
    hears(&n, TWIN, announce_of_twin());
    const struct wire_clone *answer = &expect_unicast(&n, TWIN, WIRE_CLONE)->clone;
    ck_assert_int_eq(answer->age, view_of(&n).age);
    ck_assert_uint_eq(answer->heard_nonce, n.delivered.header.boot_nonce);
    expect_no_more(&n);
    ck_assert(!has_new_id());
}
END_TEST

START_TEST(MEMB_7_the_younger_takes_a_new_id) {
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(1000 * SEC, n.config.boot_nonce));
    ck_assert(has_new_id());
    expect_no_leader(&n);
    expect_action(&n, ACTION_STOP_WORK);
    const struct notice *ended = expect_notice(&n, NOTICE_NO_LEADER, REASON_CLONE);
    struct node_id me = id_of(ME);
    ck_assert(node_id_equal(&ended->token.leader, &me));
    ck_assert_str_eq(ended->name, facts_of(ME).name);
    const struct action *persist = expect_action(&n, ACTION_PERSIST);
    ck_assert(persist->persist.durable && node_id_is_none(&persist->persist.state.voted));
    const struct notice *notice = expect_notice(&n, NOTICE_CLONE, REASON_NONE);
    struct address twin = address_of(TWIN);
    ck_assert(notice->taken);
    ck_assert(address_equal(&notice->address, &twin));
    ck_assert_int_eq(view_of(&n).age, 0);
    ck_assert(!view_of(&n).has_birth);
}
END_TEST

START_TEST(MEMB_7_the_older_keeps_its_id_and_tells_its_age) {
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(SEC, n.config.boot_nonce));
    ck_assert(!has_new_id());
    expect_unicast(&n, TWIN, WIRE_CLONE);
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(MEMB_7_within_half_a_second_both_do) {
    leads(&n, 7);
    int64_t age = view_of(&n).age;
    hears(&n, TWIN, clone_of_me(age - 500 * MS, n.config.boot_nonce));
    ck_assert(has_new_id());
    expect_unicast(&n, TWIN, WIRE_CLONE); /* so that the other learns it too */
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(age + 500 * MS, n.config.boot_nonce));
    ck_assert(has_new_id());
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(age - 501 * MS, n.config.boot_nonce));
    ck_assert(!has_new_id());
}
END_TEST

START_TEST(MEMB_7_clone_that_heard_somebody_else_changes_nothing) {
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(1000 * SEC, 4711));
    ck_assert(!has_new_id());
    expect_leader(&n, ME, 7);
}
END_TEST

START_TEST(MEMB_7_who_takes_a_new_id_follows_nobody) {
    follows(&n, 7, 3, 0);
    hears(&n, TWIN, clone_of_me(10000 * SEC, n.config.boot_nonce));
    ck_assert(has_new_id());
    expect_no_leader(&n);
    const struct notice *ended = expect_notice(&n, NOTICE_NO_LEADER, REASON_CLONE);
    ck_assert_uint_eq(ended->token.epoch, 7);
    ck_assert_str_eq(ended->name, facts_of(LEADER).name);
}
END_TEST

/* What was asked under the former id has its birth. */
START_TEST(MEMB_7_ack_to_the_former_id_is_not_heeded) {
    follows(&n, 7, 3, 0);
    struct wire_message late = ack(&n, &awaits(&n, WIRE_HEARTBEAT, SEC)->message);
    hears(&n, TWIN, clone_of_me(1000 * SEC, n.config.boot_nonce));
    ck_assert(has_new_id());
    hears(&n, LEADER, leader(8));
    late.ack.epoch = 8;
    gets(&n, LEADER, late);
    ck_assert(!view_of(&n).has_birth);
    n.epoch = 8;
    time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
    leader_acks(&n);
    ck_assert(view_of(&n).has_birth);
}
END_TEST

/* The leader knows it at once; the others, who know its former id by it, hear nothing else of it. */
START_TEST(MEMB_7_new_id_is_announced_though_a_leader_is_found) {
    follows(&n, 7, 3, 0);
    hears(&n, TWIN, clone_of_me(1000 * SEC, n.config.boot_nonce));
    ck_assert(has_new_id());
    forget(&n);
    hears(&n, LEADER, leader(8));
    expect_leader(&n, LEADER, 8);
    n.epoch = 8;
    for (unsigned i = 0; i < 3; i++) {
        time_passes_until_sent(&n, WIRE_HEARTBEAT, SEC);
        leader_acks(&n);
        time_passes(&n, 400 * MS);
    }
    for (unsigned i = 0; i < 3; i++)
        expect_multicast(&n, WIRE_ANNOUNCE);
    expect_none(&n, WIRE_ANNOUNCE);
    hears(&n, LEADER, leader(9));
    time_passes(&n, 100 * MS);
    expect_none(&n, WIRE_ANNOUNCE);
}
END_TEST

START_TEST(MEMB_7_node_with_a_new_id_goes_on) {
    leads(&n, 7);
    hears(&n, TWIN, clone_of_me(1000 * SEC, n.config.boot_nonce));
    awaits_standing(&n, STANDING_LEADING, 10 * SEC);
    ck_assert_uint_ge(view_of(&n).epoch, 8);
}
END_TEST

static struct wire_message stale(uint32_t incarnation, uint64_t receiver_nonce) {
    struct wire_message message = message_of(WIRE_STALE);

    message.header.flags = WIRE_FLAG_UNICAST;
    message.header.receiver_nonce = receiver_nonce;
    message.stale.incarnation = incarnation;
    return message;
}

static struct wire_message of_start(struct wire_message message, uint32_t incarnation, uint64_t boot_nonce) {
    message.header.incarnation = incarnation;
    message.header.boot_nonce = boot_nonce;
    return message;
}

START_TEST(MEMB_8_incarnation_that_goes_back_is_answered_by_stale) {
    struct wire_message later = announce(SEC), earlier = announce(SEC);

    later.header.incarnation = 5;
    earlier.header.incarnation = 4;
    earlier.header.boot_nonce = 4711;
    starts(&n);
    hears(&n, LARGE, later);
    expect_no_more(&n);
    hears(&n, LARGE, earlier);
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_STALE)->stale.incarnation, 5);
    hears(&n, LARGE, later);
    expect_no_more(&n);
}
END_TEST

/* All that hear a multicast answer it, and anybody can make one, in the name of anybody. */
START_TEST(MEMB_8_many_multicasts_that_go_back_are_answered_now_and_then) {
    const struct wire_message later = of_start(announce(SEC), 5, 4711), earlier = of_start(announce(SEC), 4, 4712);

    starts(&n);
    hears(&n, LARGE, later);
    forget(&n);
    hears(&n, LARGE, earlier);
    expect_unicast(&n, LARGE, WIRE_STALE);
    for (unsigned i = 0; i < 99; i++) {
        time_passes(&n, USEC_PER_MS);
        hears(&n, LARGE, earlier);
    }
    expect_none(&n, WIRE_STALE);
    for (unsigned i = 0; i < 2; i++) {
        gets(&n, LARGE, of_start(heartbeat(token_of(ME, 7), 2), 4, 4712));
        expect_unicast(&n, LARGE, WIRE_STALE);
    }
    time_passes(&n, USEC_PER_MS);
    hears(&n, LARGE, earlier);
    expect_unicast(&n, LARGE, WIRE_STALE);
}
END_TEST

START_TEST(MEMB_8_the_same_incarnation_of_another_start_is_stale_too) {
    struct wire_message twin = announce(SEC);

    twin.header.boot_nonce = 4711;
    starts(&n);
    hears(&n, LARGE, announce(SEC));
    hears(&n, LARGE, twin);
    expect_unicast(&n, LARGE, WIRE_STALE);
}
END_TEST

/* Of a hundred that beat each two seconds, hardly anybody was heard lately. */
static void many_others_are_heard(void) {
    for (unsigned i = 0; i < HEARD_MAX; i++)
        hears(&n, (uint8_t)(100 + i), announce(SEC));
    forget(&n);
}

START_TEST(MEMB_8_a_leader_knows_the_starts_of_its_members) {
    leads(&n, 7);
    gets(&n, LARGE, of_start(registration(LARGE, SEC, token_of(ME, 7)), 5, 4711));
    many_others_are_heard();
    gets(&n, LARGE, of_start(heartbeat(token_of(ME, 7), 2), 4, 4712));
    ck_assert_uint_eq(expect_unicast(&n, LARGE, WIRE_STALE)->stale.incarnation, 5);
    expect_none(&n, WIRE_ACK);
    gets(&n, LARGE, of_start(heartbeat(token_of(ME, 7), 2), 5, 4711));
    ck_assert(expect_unicast(&n, LARGE, WIRE_ACK)->ack.has_birth);
}
END_TEST

START_TEST(MEMB_8_who_takes_a_new_id_leaves_the_former_one_to_the_other) {
    leads(&n, 7);
    gets(&n, LARGE, of_start(registration(LARGE, SEC, token_of(ME, 7)), 5, 4711));
    many_others_are_heard();
    gets(&n, SMALL, of_start(registration(SMALL, 0, token_of(ME, 7)), 5, 4711));
    expect_notice(&n, NOTICE_PEER_LEFT, REASON_NONE);
    many_others_are_heard();
    gets(&n, LARGE, of_start(heartbeat(token_of(ME, 7), 2), 4, 4712));
    ck_assert(!expect_unicast(&n, LARGE, WIRE_ACK)->ack.has_birth);
    expect_none(&n, WIRE_STALE);
}
END_TEST

START_TEST(MEMB_8_what_a_stale_node_says_changes_nothing) {
    struct wire_message later = announce(SEC), old = leader(9);

    later.header.incarnation = 5;
    old.header.incarnation = 4;
    starts(&n);
    hears(&n, LARGE, later);
    hears(&n, LARGE, old);
    expect_no_leader(&n);
}
END_TEST

START_TEST(MEMB_8_a_restart_is_not_stale) {
    struct wire_message restarted = announce(0);

    restarted.header.incarnation = 2;
    restarted.header.boot_nonce = 4711;
    starts(&n);
    hears(&n, LARGE, announce(SEC));
    hears(&n, LARGE, restarted);
    expect_no_more(&n);
}
END_TEST

/* Of two hosts with one id the one that I know has taken another. Who has kept it has not gone back. */
START_TEST(MEMB_8_the_other_one_is_not_stale_once_the_first_has_a_new_id) {
    struct wire_message first = announce(SEC), renamed = announce(SEC), other = announce(SEC);

    first.header.incarnation = 5;
    renamed.header.boot_nonce = first.header.boot_nonce = 4711;
    other.header.incarnation = 4;
    starts(&n);
    hears(&n, LARGE, first);
    hears(&n, SMALL, renamed);
    hears(&n, LARGE, other);
    expect_no_more(&n);
}
END_TEST

START_TEST(MEMB_8_stale_node_takes_a_new_id) {
    leads(&n, 7);
    gets(&n, LARGE, stale(n.config.state.incarnation, n.config.boot_nonce));
    ck_assert(has_new_id());
    ck_assert_uint_eq(expect_notice(&n, NOTICE_CLONE, REASON_NONE)->address.family, 0); /* it is not LARGE */
}
END_TEST

/* Multicast may not go as far as that, and then nobody else would tell it who leads. */
START_TEST(MEMB_8_new_id_goes_on_with_its_leader) {
    follows(&n, 7, 3, 0);
    gets(&n, LEADER, stale(n.config.state.incarnation, n.config.boot_nonce));
    ck_assert(has_new_id());
    expect_notice(&n, NOTICE_NO_LEADER, REASON_CLONE);
    const struct wire_message *asked = expect_unicast(&n, LEADER, WIRE_HEARTBEAT);
    ck_assert(asked->has_registration);
    gets(&n, LEADER, ack(&n, asked));
    expect_leader(&n, LEADER, 7);
    awaits(&n, WIRE_ANNOUNCE, SEC); /* the others are told of the new id */
}
END_TEST

START_TEST(MEMB_8_stale_about_an_earlier_start_is_ignored) {
    leads(&n, 7);
    gets(&n, LARGE, stale(n.config.state.incarnation - 1, n.config.boot_nonce));
    ck_assert(!has_new_id());
}
END_TEST

START_TEST(MEMB_8_stale_for_another_start_is_ignored) {
    leads(&n, 7);
    gets(&n, LARGE, stale(n.config.state.incarnation + 1, 4711));
    ck_assert(!has_new_id());
}
END_TEST

static void is_told_by_ten_that_it_is_stale(void) {
    for (uint8_t rank = 0; rank < 10; rank++)
        gets(&n, MEMBER(rank), stale(n.config.state.incarnation, n.config.boot_nonce));
}

START_TEST(MEMB_8_stale_node_that_many_tell_takes_one_new_id) {
    leads(&n, 7);
    is_told_by_ten_that_it_is_stale();
    expect_notice(&n, NOTICE_CLONE, REASON_NONE);
    expect_no_notice(&n, NOTICE_CLONE);
    time_passes(&n, SEC);
    is_told_by_ten_that_it_is_stale(); /* the new id cannot be used either */
    expect_notice(&n, NOTICE_CLONE, REASON_NONE);
    expect_no_notice(&n, NOTICE_CLONE);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        MEMB_1_first_leader_founds_a_timeline,
        MEMB_1_time_of_the_timeline_passes,
        MEMB_1_successor_goes_on_with_the_timeline,
        MEMB_1_successor_goes_on_from_the_largest_time_heard,
        MEMB_1_time_at_either_end_of_its_range_silences_no_leader,
        MEMB_2_birth_is_time_less_age,
        MEMB_2_birth_is_frozen_until_restart,
        MEMB_2_heartbeat_of_another_start_than_the_listed_one_has_to_register,
        MEMB_2_birth_on_this_timeline_is_kept_by_a_new_leader,
        MEMB_2_birth_on_another_timeline_is_assigned_anew,
        MEMB_2_birth_in_the_future_is_assigned_anew,
        MEMB_2_resigner_is_the_youngest,
        MEMB_2_plain_heartbeat_of_an_unlisted_node_gets_no_birth,
        MEMB_2_follower_without_birth_registers,
        MEMB_2_answer_to_a_registration_names_the_leader,
        MEMB_2_leader_that_is_not_heard_has_a_name,
        MEMB_2_name_that_comes_later_is_told,
        MEMB_2_leader_tells_its_tags_with_its_name, MEMB_2_tags_of_the_leader_are_learned_and_forgotten,
        MEMB_2_changed_tags_are_registered_and_listed, MEMB_2_changed_facts_are_registered_again,
        MEMB_2_facts_that_change_during_an_exchange_are_registered_by_the_next,
        MEMB_3_ack_carries_count_and_version,
        MEMB_3_successors_come_with_a_change_only,
        MEMB_3_successors_are_by_seniority,
        MEMB_3_member_that_has_moved_is_handed_out_with_its_new_address,
        MEMB_3_older_successors_do_not_replace_newer_ones,
        MEMB_3_silent_members_leave_after_6_s,
        MEMB_3_each_leaves_in_its_time,
        MEMB_3_who_slept_has_not_listened,
        MEMB_3_leader_hands_its_successors_out,
        MEMB_3_members_that_are_heard_stay,
        MEMB_3_joining_is_told_to_watchers,
        MEMB_4_table_is_pulled_page_by_page,
        MEMB_4_nobody_is_listed_twice,
        MEMB_4_lost_page_is_asked_for_again,
        MEMB_4_who_waits_for_the_table_is_told_when_it_does_not_come,
        MEMB_4_table_that_changed_meanwhile_is_pulled_anew,
        MEMB_4_table_that_ends_early_is_not_complete,
        MEMB_4_pulled_at_most_once_a_second,
        MEMB_4_not_pulled_while_nobody_asks,
        MEMB_4_page_of_somebody_else_is_ignored,
        MEMB_4_table_of_a_former_leader_is_void,
        MEMB_4_who_got_the_table_is_not_told_again,
        MEMB_4_who_still_waits_is_told_when_the_leader_changes,
        MEMB_4_table_is_pulled_again_after_a_verdict_that_was_wrong,
        MEMB_4_copy_of_the_table_is_not_taken_over_by_a_new_leader,
        MEMB_4_old_copy_of_the_table_is_not_shown,
        MEMB_4_partial_table_lists_leader_and_successors,
        MEMB_4_leader_needs_no_pulling,
        MEMB_4_leader_answers_the_pages_of_members, MEMB_4_who_is_paused_is_handed_on, MEMB_4_who_is_paused_says_so,
        MEMB_5_beyond_the_capacity_nodes_follow_unlisted,
        MEMB_5_leader_counts_those_that_it_does_not_list,
        MEMB_5_unlisted_node_follows_at_its_pace,
        MEMB_5_unlisted_node_counts_itself,
        SEC_3_own_datagram_is_dropped,
        SEC_3_reflected_leader_is_dropped,
        MEMB_7_my_id_from_another_start_is_answered_by_clone,
        MEMB_7_the_younger_takes_a_new_id,
        MEMB_7_the_older_keeps_its_id_and_tells_its_age,
        MEMB_7_within_half_a_second_both_do,
        MEMB_7_clone_that_heard_somebody_else_changes_nothing,
        MEMB_7_who_takes_a_new_id_follows_nobody,
        MEMB_7_ack_to_the_former_id_is_not_heeded,
        MEMB_7_new_id_is_announced_though_a_leader_is_found,
        MEMB_7_node_with_a_new_id_goes_on,
        MEMB_8_incarnation_that_goes_back_is_answered_by_stale,
        MEMB_8_many_multicasts_that_go_back_are_answered_now_and_then,
        MEMB_8_the_same_incarnation_of_another_start_is_stale_too,
        MEMB_8_a_leader_knows_the_starts_of_its_members,
        MEMB_8_who_takes_a_new_id_leaves_the_former_one_to_the_other,
        MEMB_8_what_a_stale_node_says_changes_nothing,
        MEMB_8_a_restart_is_not_stale,
        MEMB_8_the_other_one_is_not_stale_once_the_first_has_a_new_id,
        MEMB_8_stale_node_takes_a_new_id,
        MEMB_8_stale_node_that_many_tell_takes_one_new_id,
        MEMB_8_new_id_goes_on_with_its_leader,
        MEMB_8_stale_about_an_earlier_start_is_ignored,
        MEMB_8_stale_for_another_start_is_ignored,
    };

    return run_tests("core: member", tests, ARRAY_SIZE(tests));
}
