/* SPDX-License-Identifier: ISC
 *
 * liars.c - see liars.h. Nothing is expected of what the node does but what the fixture asks after each step: its
 * invariants hold, what it sends is well-formed and has a receiver, its actions fit, its epoch does not go back, its
 * deadline moves on.
 */
#include "fuzz/liars.h"

#include "unit/core_fixture.h"

#include "base/util.h"
#include "core/roster.h"

#include <stdio.h>
#include <string.h>

enum { KNOWN_MAX = 16 };

static struct node n;
static struct chance *chance;

/* What the node has told lately: the liars use it. */
static struct known {
    uint64_t nonces[KNOWN_MAX];
    uint64_t epochs[KNOWN_MAX];
    unsigned nonces_count, epochs_count;
    uint64_t candidacy; /* the epoch of its last Election */
    struct wire_heartbeat heartbeat; /* its last one, */
    struct address asked; /* and to whom */
    struct wire_page page; /* the last that it asked for */
} known;

static uint64_t below(uint64_t end) {
    return chance_below(chance, end);
}

static bool once_in(uint64_t times) {
    return below(times) == 0;
}

static uint8_t anybody(void) {
    static const uint8_t all[] = { SMALL, LEADER, MEMBER(0), MEMBER(1), MEMBER(2), MEMBER(3), LARGE };

    return all[below(ARRAY_SIZE(all))];
}

static uint8_t one_of_a_crowd(void) {
    return MEMBER(100 + below(100));
}

/* As address_of() makes them. */
static uint8_t who_is_at(const struct address *address) {
    return address->family == 4 ? address->bytes[3] : anybody();
}

static struct node_id any_id(void) {
    return once_in(4) ? n.config.state.id : id_of(anybody());
}

static uint64_t any_epoch(void) {
    static const uint64_t steps[] = { 1, 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1 };
    uint64_t told = known.epochs[below(KNOWN_MAX)];

    if (once_in(10))
        return once_in(2) ? WIRE_EPOCH_MAX : 1;
    told += once_in(4) ? steps[below(ARRAY_SIZE(steps))] : below(2);
    return (uint64_t)clamp_i64((int64_t)told, 1, WIRE_EPOCH_MAX);
}

static uint64_t next_epoch(uint64_t epoch) {
    return epoch < WIRE_EPOCH_MAX ? epoch + 1 : epoch;
}

static struct token any_token(void) {
    return (struct token){ any_epoch(), any_id() };
}

static struct token any_token_or_none(void) {
    return once_in(8) ? (struct token){ 0 } : any_token();
}

static uint64_t any_nonce(void) {
    return once_in(4) ? below(3) : known.nonces[below(KNOWN_MAX)];
}

static uint32_t any_u32(void) {
    static const uint32_t some[] = { 0, 1, 2, 1000, 300000, 2000000, INT32_MAX, UINT32_MAX };

    return some[below(ARRAY_SIZE(some))];
}

static uint32_t any_count(void) {
    return once_in(8) ? WIRE_MEMBERS_MAX : 1 + (uint32_t)below(5);
}

static int64_t any_age(void) {
    static const int64_t some[] = { 0, 1, SEC, 1000 * SEC, WIRE_AGE_MAX };

    return some[below(ARRAY_SIZE(some))];
}

static int64_t any_time(void) {
    static const int64_t some[] = { -(1LL << 53), -1, 0, LEADER_BIRTH, 10000 * SEC, 1LL << 53 };

    return some[below(ARRAY_SIZE(some))];
}

static uint64_t any_timeline(void) {
    return once_in(4) ? below(3) : TIMELINE;
}

static uint16_t any_priority(void) {
    return once_in(4) ? (uint16_t)(once_in(2) ? 0 : UINT16_MAX) : 100;
}

static struct rank_key any_key(void) {
    return (struct rank_key){ any_priority(), any_timeline(), any_time(), any_id() };
}

static bool any_bool(void) {
    return once_in(2);
}

static struct node_facts any_facts(void) {
    struct node_facts facts = facts_of(anybody());

    facts.priority = any_priority();
    facts.eligible = any_bool();
    return facts;
}

static struct address any_address(void) {
    return address_of(anybody());
}

static void add_any_successors(struct wire_message *message) {
    struct wire_successors *successors = &message->successors;

    message->has_successors = true;
    successors->count = (uint8_t)below(SUCCESSORS_MAX + 1);
    for (unsigned i = 0; i < successors->count; i++)
        successors->list[i] =
            (struct wire_successor){ any_id(), any_time(), any_priority(), any_bool(), any_address() };
}

static void add_any_name(struct wire_message *message) {
    if (once_in(4))
        snprintf(message->name, sizeof(message->name), "n%u", (unsigned)below(4));
}

/* With quorum = majority; those without a roster are of the other policy. */
static struct wire_roster any_roster(uint64_t epoch) {
    struct wire_roster roster = { .epoch = epoch, .change = (uint32_t)below(3), .expect = 1 + (uint8_t)below(5) };

    if (any_bool())
        roster_add(&roster, &n.config.state.id);
    while (roster.count == 0 || (roster.count < roster.expect && !once_in(4))) {
        const struct node_id id = any_id();
        roster_add(&roster, &id);
    }
    return roster;
}

static void add_any_roster(struct wire_message *message, uint64_t epoch) {
    message->has_roster = n.config.majority ? !once_in(20) : once_in(20);
    if (message->has_roster)
        message->roster = any_roster(once_in(4) ? any_epoch() : epoch);
}

static void fill_announce(struct wire_message *m) {
    m->announce = (struct wire_announce){ .priority = any_priority(), .eligible = any_bool(), .age = any_age(),
                                          .port = 4000, .leader = any_token_or_none(), .fresh = any_bool(),
                                          .voter = any_bool() };
    add_any_name(m);
}

static void fill_election(struct wire_message *m) {
    m->election = (struct wire_election){ .epoch = any_epoch(), .key = any_key(), .age = any_age(),
                                          .dead = any_token_or_none(), .nonce = any_nonce() };
    add_any_roster(m, m->election.dead.epoch);
    m->election.bootstrap = m->has_roster && once_in(4);
    m->election.released = m->has_roster && any_bool() ? m->election.dead.epoch : 0;
}

static void fill_leader_elected(struct wire_message *m) {
    m->leader_elected = (struct wire_leader_elected){ any_epoch(), any_id(), any_token_or_none() };
}

static void fill_leader(struct wire_message *m) {
    m->leader = (struct wire_leader){ .epoch = any_epoch(), .key = any_key(), .age = any_age(), .since_ms = any_u32(),
                                      .cluster_time = any_time(), .count = any_count(), .table_version = any_u32(),
                                      .absorbed = any_token_or_none(), .answered = any_nonce() };
    add_any_roster(m, m->leader.epoch);
    if (any_bool())
        add_any_successors(m);
    add_any_name(m);
}

static void fill_heartbeat(struct wire_message *m) {
    m->heartbeat = (struct wire_heartbeat){ .epoch = any_epoch(), .exchange = any_u32(), .try = 1, .sent = any_age(),
                                            .age = any_age(), .timeline = any_timeline(), .birth = any_time(),
                                            .own = any_token_or_none(), .rtt_us = any_u32(), .registering = any_bool(),
                                            .question = any_bool(), .nonce = any_nonce(),
                                            .echo = once_in(4) ? any_age() : n.now - (usec_t)below(2) * SEC,
                                            .roster_epoch = any_epoch(), .roster_change = (uint32_t)below(3) };
    m->has_registration = any_bool();
    if (m->has_registration)
        m->registration = (struct wire_registration){ any_facts(), 4000 };
    m->has_stranger = once_in(4);
    if (m->has_stranger)
        m->stranger = (struct wire_stranger){ any_token(), any_address() };
}

static void fill_ack(struct wire_message *m) {
    m->ack = (struct wire_ack){ .epoch = any_epoch(), .exchange = known.heartbeat.exchange - (uint32_t)below(2),
                                .sent = once_in(2) ? n.now : any_age(), .timestamp = any_age(), .detect = any_u32(),
                                .heartbeat = any_u32(), .floor = any_u32(), .timeline = any_timeline(),
                                .cluster_time = any_time(), .has_birth = any_bool(), .birth = any_time(),
                                .count = any_count(), .table_version = any_u32(), .next_slot = any_u32(),
                                .nonce = any_nonce(), .promise = n.config.majority ? any_u32() : 0 };
    add_any_roster(m, m->ack.epoch);
    if (any_bool())
        add_any_successors(m);
    add_any_name(m);
}

static void fill_redirect(struct wire_message *m) {
    m->redirect = (struct wire_redirect){ any_token(), any_address() };
}

static void fill_suspect(struct wire_message *m) {
    m->suspect = (struct wire_suspect){ any_token(), any_nonce(), any_u32() };
}

static void fill_vouch(struct wire_message *m) {
    m->vouch = (struct wire_vouch){ any_token(), any_nonce() };
}

static void fill_resign(struct wire_message *m) {
    m->resign = (struct wire_resign){ any_epoch(), any_id(), any_time(), any_bool() };
}

static void fill_farewell(struct wire_message *m) {
    m->farewell = (struct wire_farewell){ any_token(), any_bool() };
}

static void fill_merge_request(struct wire_message *m) {
    m->merge_request = (struct wire_merge_request){ any_epoch(), any_key(), any_age(), any_u32(), any_bool(),
                                                    any_nonce() };
}

static void fill_merge_reply(struct wire_message *m) {
    m->merge_reply = (struct wire_merge_reply){ any_nonce(), (uint8_t)(WIRE_KEEP_ME + below(3)), any_epoch(),
                                                any_u32() };
}

static void fill_handover_request(struct wire_message *m) {
    m->handover_request = (struct wire_handover_request){ any_epoch(), any_key() };
}

static void fill_page(struct wire_message *m) {
    m->page = (struct wire_page){ any_u32(), once_in(4) ? WIRE_MEMBERS_MAX : (uint32_t)below(4) };
}

static void fill_page_reply(struct wire_message *m) {
    struct wire_page_reply *reply = &m->page_reply;

    *reply = (struct wire_page_reply){ .version = any_u32(), .index = (uint32_t)below(8), .count = (uint8_t)below(4) };
    reply->total = once_in(4) ? WIRE_MEMBERS_MAX : reply->index + reply->count + (uint32_t)below(4);
    for (unsigned i = 0; i < reply->count; i++)
        reply->records[i] = (struct wire_record){ any_id(), any_u32(), any_time(), any_address(), any_u32(),
                                                  any_u32(), any_facts() };
}

static void fill_clone(struct wire_message *m) {
    m->clone = (struct wire_clone){ any_age(), once_in(4) ? n.config.boot_nonce : any_nonce() };
}

static void fill_challenge(struct wire_message *m) {
    m->challenge.asked = any_nonce();
    m->challenge.answered = any_nonce();
}

static void fill_stale(struct wire_message *m) {
    m->stale = (struct wire_stale){ once_in(4) ? UINT32_MAX : 1, 0 };
    m->header.flags = WIRE_FLAG_UNICAST;
    m->header.receiver_nonce = n.config.boot_nonce;
}

static void (*const fills[WIRE_TYPE_END])(struct wire_message *) = {
    [WIRE_ANNOUNCE] = fill_announce,
    [WIRE_ELECTION] = fill_election,
    [WIRE_LEADER_ELECTED] = fill_leader_elected,
    [WIRE_LEADER] = fill_leader,
    [WIRE_HEARTBEAT] = fill_heartbeat,
    [WIRE_ACK] = fill_ack,
    [WIRE_REDIRECT] = fill_redirect,
    [WIRE_SUSPECT] = fill_suspect,
    [WIRE_VOUCH] = fill_vouch,
    [WIRE_RESIGN] = fill_resign,
    [WIRE_FAREWELL] = fill_farewell,
    [WIRE_MERGE_REQUEST] = fill_merge_request,
    [WIRE_MERGE_REPLY] = fill_merge_reply,
    [WIRE_HANDOVER_REQUEST] = fill_handover_request,
    [WIRE_PAGE] = fill_page,
    [WIRE_PAGE_REPLY] = fill_page_reply,
    [WIRE_CLONE] = fill_clone,
    [WIRE_CHALLENGE] = fill_challenge,
    [WIRE_STALE] = fill_stale,
};

static void somebody_lies(void) {
    struct wire_message message = message_of((enum wire_type)(1 + below(WIRE_TYPE_END - 1)));

    fills[message.header.type](&message);
    if (once_in(50))
        message.header.boot_nonce = any_nonce();
    if (message.header.type == WIRE_CLONE || once_in(100)) {
        message.header.sender = n.config.state.id;
        message.header.boot_nonce = once_in(4) ? n.config.boot_nonce : message.header.boot_nonce;
    } else if (once_in(16)) {
        message.header.sender = id_of(one_of_a_crowd());
    }
    if (any_bool())
        hears(&n, anybody(), message);
    else
        gets(&n, anybody(), message);
}

/* ---- truths, without which the node would seldom get far */

static void votes_for_it(uint8_t who) {
    gets(&n, who, vote(known.candidacy, once_in(8) ? any_token() : (struct token){ 0 }));
}

static void follows_it(uint8_t who) {
    const struct core_view view = view_of(&n);
    const struct wire_roster *seats = &view.quorum.roster;
    struct wire_message message;

    if (view.state != NODE_LEADER)
        return;
    message = registration(who, SEC, (struct token){ view.epoch, n.config.state.id });
    message.heartbeat.exchange = (uint32_t)(n.now / MS);
    message.heartbeat.echo = n.now;
    message.heartbeat.roster_epoch = seats->epoch;
    message.heartbeat.roster_change = seats->change;
    gets(&n, who, message);
}

static void leads_it(void) {
    const struct core_view view = view_of(&n);
    struct wire_message message = message_of(WIRE_HEARTBEAT);

    message.heartbeat = known.heartbeat;
    n.epoch = view.has_leader ? view.leader.epoch : next_epoch(known.heartbeat.own.epoch);
    n.members = 2 + (uint32_t)below(3);
    n.rank = n.members; /* not among the successors: its id there could be one that it has left */
    message = ack(&n, &message);
    message.ack.promise = n.config.majority ? any_u32() : 0;
    if (once_in(16)) /* it has taken a new id */
        message.header.sender = any_id();
    gets(&n, who_is_at(&known.asked), message);
}

/* Whom it leads, follows another one: the merge is lost. */
static void wins_over_it(void) {
    const struct core_view view = view_of(&n);
    struct wire_message message = leader(next_epoch(view.epoch));

    message.leader.absorbed = (struct token){ view.epoch, n.config.state.id };
    if (view.leads)
        hears(&n, anybody(), message);
}

static void lists_the_members(void) {
    struct wire_message message = message_of(WIRE_PAGE_REPLY);
    struct wire_page_reply *reply = &message.page_reply;

    fill_page_reply(&message);
    reply->version = once_in(4) ? any_u32() : known.page.version;
    reply->index = known.page.index;
    reply->total = reply->index + reply->count + (uint32_t)below(3);
    gets(&n, who_is_at(&known.asked), message);
}

static void somebody_tells_the_truth(void) {
    if (known.candidacy > 0 && once_in(3))
        votes_for_it(anybody());
    else if (known.heartbeat.exchange > 0 && any_bool())
        leads_it();
    else if (once_in(3))
        lists_the_members();
    else if (once_in(4))
        wins_over_it();
    else
        follows_it(anybody());
}

/* ---- what else happens */

static void remember_nonce(uint64_t nonce) {
    known.nonces[known.nonces_count++ % KNOWN_MAX] = nonce;
}

static void listen_to(const struct send *send) {
    const struct wire_message *message = &send->message;

    switch (message->header.type) {
    case WIRE_HEARTBEAT:
        known.heartbeat = message->heartbeat;
        known.asked = send->to[0].address;
        remember_nonce(message->heartbeat.nonce);
        break;
    case WIRE_ELECTION:
        remember_nonce(message->election.nonce);
        known.candidacy = message->election.epoch;
        known.epochs[known.epochs_count++ % KNOWN_MAX] = message->election.epoch;
        break;
    case WIRE_PAGE:
        known.page = message->page;
        break;
    case WIRE_SUSPECT:
        remember_nonce(message->suspect.nonce);
        break;
    case WIRE_MERGE_REQUEST:
        remember_nonce(message->merge_request.nonce);
        break;
    default:
        break;
    }
}

/* The liars hear what the node says; the holders of work stop sooner or later. */
static void listen(void) {
    bool stops_work = false;

    for (unsigned i = 0; i < n.logged; i++) {
        const struct action *action = &n.log[i].action;
        if (action->type == ACTION_SEND)
            listen_to(&action->send);
        stops_work |= action->type == ACTION_STOP_WORK;
    }
    known.epochs[known.epochs_count++ % KNOWN_MAX] = view_of(&n).epoch;
    forget(&n);
    if (stops_work && !once_in(4))
        is_told(&n, EVENT_WORK_STOPPED);
}

static void some_time_passes(void) {
    for (unsigned i = once_in(4) ? (unsigned)below(50) : 1; i > 0; i--) {
        time_passes(&n, (usec_t)below(20 * MS));
        listen();
    }
}

/* Nobody lies: it has its leader, or a follower for sure. */
static void a_while_of_peace(void) {
    uint64_t quarters = 1 << below(4); /* of a second, in which it hears of each */
    uint8_t friend = anybody();

    for (uint64_t left = below(20); left > 0; left--) {
        for (uint64_t i = quarters; i > 0; i--) {
            time_passes(&n, 250 * MS);
            listen();
        }
        if (known.heartbeat.exchange > 0)
            leads_it();
        follows_it(friend);
        if (any_bool())
            follows_it(anybody());
        listen();
    }
}

/* More than there is room for. */
static void a_crowd_comes(void) {
    uint64_t what = below(4);

    for (uint64_t left = below(100); left > 0; left--) {
        uint8_t who = one_of_a_crowd();
        if (what == 0)
            hears(&n, who, announce(SEC));
        else if (what == 1)
            hears(&n, who, founding(any_epoch(), SEC));
        else if (what == 2 && known.candidacy > 0)
            votes_for_it(who);
        else
            follows_it(who);
        listen();
    }
}

static void a_while_of_silence(void) {
    for (uint64_t left = below(60); left > 0; left--) {
        time_passes(&n, 100 * MS);
        listen();
    }
}

static struct timing any_timing(void) {
    static const usec_t detects[] = { 20 * MS, 100 * MS, 300 * MS, 5 * SEC };
    struct timing timing = TIMING_DEFAULT;

    timing.detect = detects[below(ARRAY_SIZE(detects))];
    switch (below(8)) {
    case 0:
        timing.heartbeat = SEC;
        break;
    case 1:
        timing.ack_timeout = SEC;
        break;
    case 2:
        timing.min_rate = 10;
        break;
    case 3:
        timing.alone = 5 * SEC;
        break;
    case 4:
        timing.promise = 4 * SEC;
        break;
    case 5:
        timing.stop_margin = 100 * MS;
        break;
    default:
        break;
    }
    return timing;
}

static void somebody_looks_at_the_table(void) {
    struct core_peer peer;

    for (uint32_t i = 0; core_peer(n.core, n.now, i, &peer); i++)
        ck_assert(!node_id_is_none(&peer.id));
}

static void somebody_retires_a_node(void) {
    is_given(&n, &(struct event){ .type = EVENT_RETIRE, .retire = { .id = any_id() } });
}

static void something_happens(void) {
    const struct node_facts facts = any_facts();
    const struct timing timing = once_in(2) ? any_timing() : n.config.timing;

    switch (below(19)) {
    case 0:
        link_changes(&n, 0, false);
        link_changes(&n, 1, true);
        break;
    case 1:
        is_told(&n, EVENT_RESIGN);
        break;
    case 2:
        is_told(&n, EVENT_WORK_STOPPED);
        break;
    case 3:
        is_told(&n, EVENT_TABLE_WANTED);
        break;
    case 4:
        gets_unreachable(&n, anybody());
        break;
    case 5:
        configures(&n, &facts, &timing);
        break;
    case 6:
        state_is_writable(&n, any_bool());
        break;
    case 7:
        is_told(&n, EVENT_SUSPENDED);
        break;
    case 8:
        somebody_retires_a_node();
        break;
    case 9:
        link_changes(&n, 1 + (unsigned)below(2), true);
        break;
    case 10:
        if (once_in(8))
            is_told(&n, EVENT_STOP);
        break;
    case 11:
        somebody_looks_at_the_table();
        break;
    case 12:
        a_crowd_comes();
        break;
    default:
        sleeps(&n, (usec_t)below(1000 * MS));
        break;
    }
}

/* It is not its first start. */
static void remembers(struct persistent *state) {
    state->epoch_block = 4 * EPOCH_BLOCK;
    state->own = (struct token){ 1 + below(4), any_id() };
    state->vote_epoch = state->own.epoch + below(4);
    state->voted = any_id();
    state->granted_epoch = once_in(2) ? state->vote_epoch : 0;
}

/* It goes by votes: a founder, or one that has had a seat, or was told of seats of others. */
static void goes_by_votes(struct core_config *config) {
    config->majority = true;
    config->expect = 1 + (uint8_t)below(5);
    if (once_in(3))
        return;
    config->state.promise_max = (usec_t)below(4) * SEC;
    config->state.roster = any_roster(any_epoch());
    if (once_in(8))
        config->state.pin = any_roster(0);
}

void liars_begin(struct chance *source) {
    struct core_config config = config_of_me();

    chance = source;
    memset(&known, 0, sizeof(known));
    config.seed[1] = (uint8_t)below(256);
    config.fresh = any_bool();
    config.timing = any_timing();
    config.members_max = once_in(4) ? FIXTURE_MEMBERS_MAX : 1 + (uint32_t)below(5);
    n.config = config;
    if (once_in(3))
        remembers(&config.state);
    config.preempt = once_in(4);
    if (any_bool())
        goes_by_votes(&config);
    starts_with(&n, &config, 1);
}

void liars_act(void) {
    if (once_in(3))
        some_time_passes();
    else if (once_in(8))
        something_happens();
    else if (once_in(16))
        a_while_of_peace();
    else if (once_in(16))
        a_while_of_silence();
    else if (once_in(3))
        somebody_tells_the_truth();
    else
        somebody_lies();
    listen();
}
