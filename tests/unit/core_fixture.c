/* SPDX-License-Identifier: ISC
 *
 * core_fixture.c - see core_fixture.h.
 */
#include "core_fixture.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_SIZE = 1 << 19, DEADLINES_AT_ONCE_MAX = 50 };

#define CLUSTER_TIME (10000 * SEC) /* T_now then */

static alignas(max_align_t) uint8_t memory[MEMORY_SIZE];

struct node_id id_of(uint8_t who) {
    return (struct node_id){ { who } };
}

struct address address_of(uint8_t who) {
    return (struct address){ .family = 4, .bytes = { 192, 0, 2, who }, .port = (uint16_t)(4000 + who) };
}

struct token token_of(uint8_t who, uint64_t epoch) {
    return (struct token){ epoch, id_of(who) };
}

static uint64_t boot_nonce_of(uint8_t who) {
    return 0xb000U + who;
}

struct node_facts facts_of(uint8_t who) {
    struct node_facts facts = { .priority = 100, .eligible = true };

    facts.name[0] = 'n';
    facts.name[1] = (char)('0' + who / 100);
    facts.name[2] = (char)('0' + who / 10 % 10);
    facts.name[3] = (char)('0' + who % 10);
    return facts;
}

/* ---- steps, and what is true after each */

static struct happened *log_action(struct node *n, const struct action *action) {
    ck_assert_msg(n->logged < HAPPENED_MAX, "more happened than the fixture remembers");
    struct happened *happened = &n->log[n->logged++];
    happened->action = *action;
    happened->at = n->now;
    happened->ticked = false;
    return happened;
}

/* What the daemon adds, so that the codec can judge the rest. */
static void complete(const struct node *n, struct wire_message *message) {
    struct wire_header *header = &message->header;

    header->sender = n->config.state.id;
    header->incarnation = n->config.state.incarnation;
    header->boot_nonce = n->config.boot_nonce;
    memcpy(header->cluster, "test", sizeof("test"));
}

/* The epoch that a message claims for its sender; 0 none. */
static uint64_t epoch_claimed(const struct wire_message *message) {
    if (message->header.type == WIRE_ELECTION)
        return message->election.epoch;
    return message->header.type == WIRE_LEADER ? message->leader.epoch : 0;
}

static void check_send(struct node *n, struct send *send) {
    uint8_t datagram[WIRE_DATAGRAM_MAX];
    struct address mine = address_of(ME);
    enum wire_type type = send->message.header.type;

    complete(n, &send->message);
    ck_assert_msg(wire_encode(&send->message, datagram) > 0, "it sent a malformed %s", wire_type_name(type));
    ck_assert_msg(send->multicast || send->count > 0, "it sent a %s to nobody", wire_type_name(type));
    for (unsigned i = 0; i < send->count; i++)
        ck_assert_msg(!address_equal(&send->to[i].address, &mine), "it sent a %s to itself", wire_type_name(type));
    ck_assert_msg(epoch_claimed(&send->message) <= n->reserved, "it used an epoch in a %s that is not reserved",
                  wire_type_name(type));
}

/* A background write is on disk before the next step; only a durable one before the next action (EPOCH-5). */
static void carry_out(struct node *n) {
    uint64_t reserved = n->reserved;

    for (unsigned i = 0; i < n->actions.count; i++) {
        struct happened *happened = log_action(n, &n->actions.list[i]);
        struct action *action = &happened->action;
        if (action->type == ACTION_SEND)
            check_send(n, &action->send);
        if (action->type == ACTION_PERSIST) {
            reserved = action->persist.state.epoch_block;
            n->config.state.id = action->persist.state.id;
            n->config.state.granted_epoch = action->persist.state.granted_epoch;
            n->config.state.promise_max = action->persist.state.promise_max;
        }
        if (action->type == ACTION_PERSIST && action->persist.durable)
            n->reserved = reserved;
    }
    n->reserved = reserved;
}

static void step(struct node *n, const struct event *event) {
    core_step(n->core, n->now, event, &n->actions);
    const char *broken = core_check(n->core);
    ck_assert_msg(broken == NULL, "after %s: %s", event_name(event->type), broken);
    ck_assert_msg(n->actions.count < ACTIONS_MAX, "%s wants more actions than fit", event_name(event->type));
    carry_out(n);

    struct core_view view = view_of(n);
    ck_assert_msg(view.epoch >= n->epoch_seen, "its epoch went back after %s", event_name(event->type));
    n->epoch_seen = view.epoch;
    ck_assert(!view.leads || (view.state == NODE_LEADER && view.standing == STANDING_LEADING));
    ck_assert(view.state == NODE_LEADER || view.standing < STANDING_UNCONFIRMED);
}

struct core_view view_of(const struct node *n) {
    struct core_view view;

    core_view(n->core, n->now, &view);
    return view;
}

void time_passes(struct node *n, usec_t duration) {
    usec_t end = n->now + duration;
    unsigned at_once = 0;

    while (core_deadline(n->core) <= end) {
        at_once = core_deadline(n->core) > n->now ? 0 : at_once + 1;
        ck_assert_msg(at_once < DEADLINES_AT_ONCE_MAX, "its deadline does not move on");
        n->now = max_i64(n->now, core_deadline(n->core));
        step(n, &(struct event){ .type = EVENT_DEADLINE });
    }
    n->now = end;
}

void sleeps(struct node *n, usec_t duration) {
    n->now += duration;
}

void wakes(struct node *n) {
    time_passes(n, 0);
}

static bool is_sent(const struct happened *happened, enum wire_type type) {
    const struct action *action = &happened->action;

    return action->type == ACTION_SEND && action->send.message.header.type == type && !happened->ticked;
}

static bool is_noticed(const struct happened *happened, enum notice_type type) {
    const struct action *action = &happened->action;

    return action->type == ACTION_NOTICE && action->notice.type == type && !happened->ticked;
}

static struct happened *find_sent(struct node *n, enum wire_type type) {
    for (unsigned i = 0; i < n->logged; i++)
        if (is_sent(&n->log[i], type))
            return &n->log[i];
    return NULL;
}

static void serve_next_deadline(struct node *n) {
    time_passes(n, max_i64(0, core_deadline(n->core) - n->now));
}

void time_passes_until_sent(struct node *n, enum wire_type type, usec_t limit) {
    usec_t end = n->now + limit;

    while (find_sent(n, type) == NULL && core_deadline(n->core) <= end)
        serve_next_deadline(n);
}

/* ---- beginnings */

struct core_config config_of_me(void) {
    struct core_config config = {
        .state = { .id = id_of(ME), .incarnation = 3, .epoch_block = EPOCH_BLOCK },
        .boot_nonce = boot_nonce_of(ME),
        .facts = facts_of(ME),
        .timing = TIMING_DEFAULT,
        .writable = true,
        .port = 4000 + ME,
        .members_max = FIXTURE_MEMBERS_MAX,
        .seed = { 1 },
    };

    return config;
}

void starts_with(struct node *n, const struct core_config *config, unsigned links) {
    ck_assert_uint_le(core_size(config->members_max), MEMORY_SIZE);
    memset(n, 0, sizeof(*n));
    n->now = BOOTTIME;
    n->config = *config;
    n->reserved = config->state.epoch_block;
    n->core = core_init(memory, config, n->now);
    n->epoch_seen = view_of(n).epoch;
    ck_assert(n->epoch_seen == config->state.own.epoch || config->majority);
    step(n, &(struct event){ .type = EVENT_START, .link = { .links = links } });
}

void starts(struct node *n) {
    struct core_config config = config_of_me();

    starts_with(n, &config, 1);
}

void follows_with(struct node *n, const struct core_config *config, uint64_t epoch, uint32_t members, unsigned rank) {
    starts_with(n, config, 1);
    n->epoch = epoch;
    n->members = members;
    n->rank = rank;
    hears(n, LEADER, my_leader(n));
    time_passes_until_sent(n, WIRE_HEARTBEAT, SEC);
    leader_acks(n);
    expect_standing(n, STANDING_FOLLOWING);
    forget(n);
}

void follows(struct node *n, uint64_t epoch, uint32_t members, unsigned rank) {
    struct core_config config = config_of_me();

    follows_with(n, &config, epoch, members, rank);
}

void leads_with(struct node *n, const struct core_config *config, uint64_t epoch) {
    struct core_config lone = *config;

    lone.state.own = epoch > 1 ? token_of(ME, epoch - 1) : (struct token){ 0 };
    lone.state.epoch_block = max_i64((int64_t)epoch - 1, 0) + EPOCH_BLOCK;
    starts_with(n, &lone, 1);
    awaits_standing(n, STANDING_LEADING, 10 * SEC);
    time_passes(n, SEC);
    expect_leader(n, ME, epoch);
    forget(n);
}

void leads(struct node *n, uint64_t epoch) {
    struct core_config config = config_of_me();

    leads_with(n, &config, epoch);
}

const struct wire_ack *joins(struct node *n, uint8_t who, int64_t age) {
    gets(n, who, registration(who, age, (struct token){ 0 }));
    n->answer = expect_unicast(n, who, WIRE_ACK)->ack;
    forget(n);
    return &n->answer;
}

/* ---- events */

static void complete_key(struct rank_key *key, uint8_t who) {
    if (node_id_is_none(&key->id))
        key->id = id_of(who);
}

/* The leadership by which the sender of that message knows the seats; 0: it tells none. */
static uint64_t seats_epoch(const struct wire_message *message) {
    if (message->header.type == WIRE_ACK)
        return message->ack.epoch;
    if (message->header.type == WIRE_LEADER)
        return message->leader.epoch;
    return message->header.type == WIRE_ELECTION ? max_i64((int64_t)message->election.dead.epoch, 1) : 0;
}

static void complete_seats(const struct node *n, struct wire_message *message) {
    enum wire_type type = message->header.type;

    if (!n->config.majority || n->config.state.roster.count == 0 || message->has_roster || seats_epoch(message) == 0)
        return;
    message->has_roster = true;
    message->roster = n->config.state.roster;
    message->roster.epoch = seats_epoch(message);
    if (type == WIRE_ACK && message->ack.promise == 0)
        message->ack.promise = (uint32_t)params_promise(&n->config.timing);
}

/* What the builders left open. */
static void fill_in(const struct node *n, uint8_t who, struct wire_message *message) {
    struct wire_header *header = &message->header;

    memcpy(header->cluster, "test", sizeof("test"));
    if (node_id_is_none(&header->sender))
        header->sender = id_of(who);
    if (header->incarnation == 0)
        header->incarnation = 1;
    if (header->boot_nonce == 0)
        header->boot_nonce = boot_nonce_of(who);
    if (header->type == WIRE_ACK || header->type == WIRE_REDIRECT) {
        header->flags |= WIRE_FLAG_UNICAST;
        if (header->receiver_nonce == 0)
            header->receiver_nonce = n->config.boot_nonce;
    }
    if (header->type == WIRE_LEADER && message->leader.cluster_time == 0)
        message->leader.cluster_time = n->now - BOOTTIME + CLUSTER_TIME;
    complete_seats(n, message);
    if (header->type == WIRE_LEADER)
        complete_key(&message->leader.key, who);
    if (header->type == WIRE_ELECTION)
        complete_key(&message->election.key, who);
    if (header->type == WIRE_MERGE_REQUEST)
        complete_key(&message->merge_request.key, who);
}

static void deliver(struct node *n, uint8_t who, struct wire_message *message, bool multicast) {
    uint8_t datagram[WIRE_DATAGRAM_MAX];

    fill_in(n, who, message);
    size_t length = wire_encode(message, datagram);
    ck_assert_msg(length > 0, "the test made a malformed %s", wire_type_name(message->header.type));
    ck_assert_int_eq(wire_decode(datagram, length, &n->delivered), WIRE_OK);
    step(n, &(struct event){ .type = EVENT_DATAGRAM, .datagram = { &n->delivered, address_of(who), multicast } });
}

void hears(struct node *n, uint8_t who, struct wire_message message) {
    deliver(n, who, &message, true);
}

void gets(struct node *n, uint8_t who, struct wire_message message) {
    deliver(n, who, &message, false);
}

void link_changes(struct node *n, unsigned links, bool came_up) {
    step(n, &(struct event){ .type = EVENT_LINK, .link = { links, came_up } });
}

void is_told(struct node *n, enum event_type type) {
    struct event event = { .type = type };

    if (type == EVENT_WORK_STOPPED)
        event.work.released = true;
    step(n, &event);
}

void is_given(struct node *n, const struct event *event) {
    step(n, event);
}

void gets_unreachable(struct node *n, uint8_t who) {
    step(n, &(struct event){ .type = EVENT_UNREACHABLE, .unreachable = { address_of(who) } });
}

void configures(struct node *n, const struct node_facts *facts, const struct timing *timing) {
    step(n, &(struct event){ .type = EVENT_CONFIGURE, .configure = { facts, timing, n->config.preempt } });
}

void state_is_writable(struct node *n, bool writable) {
    step(n, &(struct event){ .type = EVENT_STATE_WRITABLE, .state = { writable } });
}

void leader_acks(struct node *n) {
    const struct wire_message *newest = NULL;

    for (unsigned i = 0; i < n->logged; i++) {
        struct happened *happened = &n->log[i];
        if (!is_sent(happened, WIRE_HEARTBEAT) || !sent_to(&happened->action.send, LEADER))
            continue;
        newest = &happened->action.send.message;
        happened->ticked = true;
    }
    ck_assert_msg(newest != NULL, "there is no heartbeat that the leader could answer");
    gets(n, LEADER, ack(n, newest));
}

void has_seen_losses(struct node *n) {
    for (unsigned i = 0; i < 100; i++) {
        awaits(n, WIRE_HEARTBEAT, 3 * SEC);
        time_passes_until_sent(n, WIRE_HEARTBEAT, SEC);
        leader_acks(n);
        forget(n);
    }
}

/* ---- messages */

struct wire_message message_of(enum wire_type type) {
    return (struct wire_message){ .header = { .type = (uint8_t)type } };
}

struct wire_message announce(int64_t age) {
    struct wire_message message = message_of(WIRE_ANNOUNCE);

    message.announce = (struct wire_announce){ .priority = 100, .eligible = true, .age = age, .port = 4000 };
    return message;
}

struct wire_message founding(uint64_t epoch, int64_t age) {
    struct wire_message message = message_of(WIRE_ELECTION);

    message.election = (struct wire_election){ .epoch = epoch, .key = { .priority = 100 }, .age = age };
    return message;
}

struct wire_message election(uint64_t epoch, uint64_t dead_epoch, int64_t birth) {
    struct wire_message message = message_of(WIRE_ELECTION);

    message.election = (struct wire_election){
        .epoch = epoch,
        .key = { .priority = 100, .timeline = TIMELINE, .birth = birth },
        .age = 1,
        .dead = token_of(LEADER, dead_epoch),
        .nonce = 0xe1ec,
    };
    return message;
}

struct wire_message vote(uint64_t epoch, struct token own) {
    struct wire_message message = message_of(WIRE_LEADER_ELECTED);

    message.leader_elected = (struct wire_leader_elected){ epoch, id_of(ME), own };
    return message;
}

struct wire_message leader(uint64_t epoch) {
    struct wire_message message = message_of(WIRE_LEADER);

    message.leader = (struct wire_leader){
        .epoch = epoch,
        .key = { .priority = 100, .timeline = TIMELINE, .birth = LEADER_BIRTH },
        .age = 9000 * SEC,
        .since_ms = 10000,
        .count = 2,
        .table_version = 1,
    };
    return message;
}

static void add_successors(const struct node *n, struct wire_message *message) {
    struct wire_successors *successors = &message->successors;

    message->has_successors = true;
    successors->count = (uint8_t)min_i64(n->members - 1, SUCCESSORS_MAX);
    for (unsigned rank = 0; rank < successors->count; rank++) {
        uint8_t who = rank == n->rank ? ME : MEMBER(rank);
        successors->list[rank] = (struct wire_successor){ id_of(who), BIRTH(rank), 100, true, address_of(who) };
    }
}

struct wire_message my_leader(const struct node *n) {
    struct wire_message message = leader(n->epoch);

    message.leader.count = n->members;
    memcpy(message.name, facts_of(LEADER).name, sizeof(message.name));
    add_successors(n, &message);
    return message;
}

struct wire_message ack(const struct node *n, const struct wire_message *heartbeat_sent) {
    const struct wire_heartbeat *asked = &heartbeat_sent->heartbeat;
    struct wire_message message = message_of(WIRE_ACK);
    usec_t interval = params_interval(&n->config.timing, n->members);

    message.ack = (struct wire_ack){
        .epoch = n->epoch,
        .exchange = asked->exchange,
        .sent = asked->sent,
        .timestamp = n->now, /* as if it had the same clock */
        .detect = (uint32_t)n->config.timing.detect,
        .heartbeat = (uint32_t)interval,
        .floor = (uint32_t)params_floor(&n->config.timing),
        .timeline = TIMELINE,
        .cluster_time = n->now - BOOTTIME + CLUSTER_TIME,
        .has_birth = true,
        .birth = BIRTH(n->rank),
        .count = n->members,
        .table_version = 1,
        .next_slot = (uint32_t)interval,
        .nonce = asked->question ? asked->nonce : 0,
    };
    add_successors(n, &message);
    return message;
}

struct wire_message heartbeat(struct token own, uint32_t exchange) {
    struct wire_message message = message_of(WIRE_HEARTBEAT);

    message.heartbeat = (struct wire_heartbeat){
        .epoch = own.epoch,
        .exchange = exchange,
        .try = 1,
        .sent = 777,
        .age = SEC,
        .own = own,
    };
    return message;
}

struct wire_message question(struct token own, uint64_t nonce) {
    struct wire_message message = heartbeat(own, 1);

    message.heartbeat.question = true;
    message.heartbeat.nonce = nonce;
    return message;
}

struct wire_message registration(uint8_t who, int64_t age, struct token own) {
    struct wire_message message = heartbeat(own, 1);

    message.heartbeat.age = age;
    message.heartbeat.registering = true;
    message.has_registration = true;
    message.registration = (struct wire_registration){ facts_of(who), (uint16_t)(4000 + who) };
    return message;
}

struct wire_message suspect(uint64_t epoch, uint64_t nonce) {
    struct wire_message message = message_of(WIRE_SUSPECT);

    message.suspect = (struct wire_suspect){ token_of(LEADER, epoch), nonce, 0 };
    return message;
}

struct wire_message vouch(uint64_t epoch, uint64_t nonce) {
    struct wire_message message = message_of(WIRE_VOUCH);

    message.vouch = (struct wire_vouch){ token_of(LEADER, epoch), nonce };
    return message;
}

struct wire_message redirect(uint8_t to, uint64_t epoch) {
    struct wire_message message = message_of(WIRE_REDIRECT);

    message.redirect = (struct wire_redirect){ token_of(to, epoch), address_of(to) };
    return message;
}

struct wire_message resign(uint64_t epoch, uint8_t successor) {
    struct wire_message message = message_of(WIRE_RESIGN);

    message.resign = (struct wire_resign){ epoch, id_of(successor), CLUSTER_TIME, true };
    return message;
}

struct wire_message farewell(uint8_t who, uint64_t epoch) {
    struct wire_message message = message_of(WIRE_FAREWELL);

    message.farewell = (struct wire_farewell){ token_of(who, epoch), true };
    return message;
}

struct wire_message merge_request(uint64_t epoch, int64_t age, uint64_t nonce) {
    struct wire_message message = message_of(WIRE_MERGE_REQUEST);

    message.merge_request = (struct wire_merge_request){
        .epoch = epoch,
        .key = { .priority = 100, .timeline = TIMELINE, .birth = LEADER_BIRTH },
        .age = age,
        .since_ms = 1000,
        .followed = true,
        .nonce = nonce,
    };
    return message;
}

struct wire_message merge_reply(enum wire_verdict verdict, uint64_t epoch, uint64_t nonce) {
    struct wire_message message = message_of(WIRE_MERGE_REPLY);

    message.merge_reply = (struct wire_merge_reply){ nonce, (uint8_t)verdict, epoch, 1000 };
    return message;
}

/* ---- expectations */

/* Names of what it sent and nobody has expected yet, for the failure message. */
static const char *others_sent(const struct node *n) {
    static char text[512];
    size_t length = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < n->logged && length < sizeof(text) - 32; i++) {
        if (n->log[i].ticked || n->log[i].action.type != ACTION_SEND)
            continue;
        const char *name = wire_type_name(n->log[i].action.send.message.header.type);
        memcpy(text + length, " ", 1);
        memcpy(text + length + 1, name, strlen(name) + 1);
        length += 1 + strlen(name);
    }
    return length > 0 ? text : " nothing";
}

const struct send *fixture_expect_sent(struct node *n, enum wire_type type, int line) {
    struct happened *happened = find_sent(n, type);

    ck_assert_msg(happened != NULL, "line %d: no %s was sent, but%s", line, wire_type_name(type), others_sent(n));
    happened->ticked = true;
    return &happened->action.send;
}

const struct wire_message *fixture_expect_multicast(struct node *n, enum wire_type type, int line) {
    const struct send *send = fixture_expect_sent(n, type, line);

    ck_assert_msg(send->multicast, "line %d: the %s was not multicast", line, wire_type_name(type));
    return &send->message;
}

const struct wire_message *fixture_expect_unicast(struct node *n, uint8_t who, enum wire_type type, int line) {
    const struct send *send = fixture_expect_sent(n, type, line);

    ck_assert_msg(!send->multicast, "line %d: the %s was multicast", line, wire_type_name(type));
    ck_assert_msg(sent_to(send, who), "line %d: the %s went to somebody else", line, wire_type_name(type));
    return &send->message;
}

void fixture_expect_none(const struct node *n, enum wire_type type, int line) {
    for (unsigned i = 0; i < n->logged; i++)
        ck_assert_msg(!is_sent(&n->log[i], type), "line %d: a %s was sent", line, wire_type_name(type));
}

void fixture_expect_no_more(const struct node *n, int line) {
    for (unsigned i = 0; i < n->logged; i++)
        ck_assert_msg(n->log[i].ticked || n->log[i].action.type != ACTION_SEND, "line %d: it sent%s", line,
                      others_sent(n));
}

static struct happened *find_notice(struct node *n, enum notice_type type) {
    for (unsigned i = 0; i < n->logged; i++)
        if (is_noticed(&n->log[i], type))
            return &n->log[i];
    return NULL;
}

const struct notice *fixture_expect_notice(struct node *n, enum notice_type type, enum reason why, int line) {
    struct happened *happened = find_notice(n, type);

    ck_assert_msg(happened != NULL, "line %d: no notice \"%s\"", line, notice_name(type));
    happened->ticked = true;
    const struct notice *notice = &happened->action.notice;
    ck_assert_msg(notice->reason == why, "line %d: notice \"%s\" because of \"%s\", not \"%s\"", line,
                  notice_name(type), reason_name(notice->reason), reason_name(why));
    return notice;
}

void fixture_expect_no_notice(const struct node *n, enum notice_type type, int line) {
    for (unsigned i = 0; i < n->logged; i++)
        ck_assert_msg(!is_noticed(&n->log[i], type), "line %d: notice \"%s\"", line, notice_name(type));
}

const struct action *fixture_expect_action(struct node *n, enum action_type type, int line) {
    for (unsigned i = 0; i < n->logged; i++) {
        if (n->log[i].action.type != type || n->log[i].ticked)
            continue;
        n->log[i].ticked = true;
        return &n->log[i].action;
    }
    ck_abort_msg("line %d: no action \"%s\"", line, action_name(type));
}

void fixture_expect_no_action(const struct node *n, enum action_type type, int line) {
    for (unsigned i = 0; i < n->logged; i++)
        ck_assert_msg(n->log[i].action.type != type || n->log[i].ticked, "line %d: action \"%s\"", line,
                      action_name(type));
}

void fixture_expect_standing(const struct node *n, enum standing standing, int line) {
    enum standing actual = view_of(n).standing;

    ck_assert_msg(actual == standing, "line %d: it is \"%s\", not \"%s\"", line, standing_name(actual),
                  standing_name(standing));
}

void fixture_expect_state(const struct node *n, enum node_state state, int line) {
    enum node_state actual = view_of(n).state;

    ck_assert_msg(actual == state, "line %d: it is %s, not %s", line, node_state_name(actual), node_state_name(state));
}

void fixture_expect_leader(const struct node *n, uint8_t who, uint64_t epoch, int line) {
    struct core_view view = view_of(n);
    struct node_id id = id_of(who);

    ck_assert_msg(view.has_leader, "line %d: it has no leader, it is \"%s\"", line, standing_name(view.standing));
    ck_assert_msg(node_id_equal(&view.leader.leader, &id), "line %d: its leader is node %u", line,
                  view.leader.leader.bytes[0]);
    ck_assert_msg(view.leader.epoch == epoch, "line %d: its epoch is %" PRIu64, line, view.leader.epoch);
}

void fixture_expect_no_leader(const struct node *n, int line) {
    ck_assert_msg(!view_of(n).has_leader, "line %d: it has a leader", line);
}

const struct send *fixture_awaits(struct node *n, enum wire_type type, usec_t limit, int line) {
    time_passes_until_sent(n, type, limit);
    return fixture_expect_sent(n, type, line);
}

void fixture_awaits_standing(struct node *n, enum standing standing, usec_t limit, int line) {
    usec_t end = n->now + limit;

    while (view_of(n).standing != standing && core_deadline(n->core) <= end)
        serve_next_deadline(n);
    fixture_expect_standing(n, standing, line);
}

usec_t happened_at(const struct node *n, const void *ticked) {
    const uint8_t *inside = ticked;

    for (unsigned i = 0; i < n->logged; i++)
        if (inside >= (const uint8_t *)&n->log[i] && inside < (const uint8_t *)&n->log[i + 1])
            return n->log[i].at;
    ck_abort_msg("that did not happen");
}

bool sent_to(const struct send *send, uint8_t who) {
    struct address address = address_of(who);

    for (unsigned i = 0; i < send->count; i++)
        if (address_equal(&send->to[i].address, &address))
            return true;
    return false;
}

unsigned count_sent(const struct node *n, enum wire_type type) {
    unsigned count = 0;

    for (unsigned i = 0; i < n->logged; i++)
        count += is_sent(&n->log[i], type);
    return count;
}

void forget(struct node *n) {
    n->logged = 0;
}
