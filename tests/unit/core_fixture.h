/* SPDX-License-Identifier: ISC
 *
 * core_fixture.h - one node of the cluster, and words to tell it a story in virtual time.
 *
 *     follows(&n, 7, 3, 0);                        it follows LEADER, epoch 7, three members, and is first in line
 *     hears(&n, MEMBER(1), suspect(7, 42));        a datagram by multicast; gets() is one by unicast
 *     time_passes(&n, 300 * MS);                   deadlines are served at their time
 *     expect_sent(&n, WIRE_VOUCH);                 it sent one since then, which is now ticked off
 *     expect_no_more(&n);                          and nothing else
 *
 * Everything goes through the codec in both directions. After each step the fixture asks core_check(), and that the
 * actions are within their bound, every datagram has a receiver and a valid form, no epoch is used before it is
 * reserved and none goes back.
 */
#ifndef ELDEST_CORE_FIXTURE_H
#define ELDEST_CORE_FIXTURE_H

#include "core/core.h"

#include <check.h>

#define BOOTTIME (1000 * USEC_PER_SEC) /* when the node starts */
#define MS USEC_PER_MS
#define SEC USEC_PER_SEC

/* The nodes of the stories are small numbers; so is the order of their ids. */
enum {
    SMALL = 5, /* an id smaller than mine */
    LEADER = 10,
    ME = 50,
    LARGE = 200, /* an id larger than mine */
};
#define MEMBER(rank) ((uint8_t)(20 + (rank))) /* the member of that rank, unless it is me */

/* The timeline of the cluster: who follows was born on it in the order of its rank. */
#define TIMELINE 0x7117ULL
#define LEADER_BIRTH (50 * SEC)
#define BIRTH(rank) ((100 + 100 * (int64_t)(rank)) * SEC)

enum { HAPPENED_MAX = 512, FIXTURE_MEMBERS_MAX = 40 };

struct happened {
    struct action action;
    usec_t at;
    bool ticked; /* off by an expectation */
};

struct node {
    struct core *core;
    usec_t now;
    struct core_config config; /* as it was started */
    uint64_t epoch; /* of LEADER, whom it follows */
    uint32_t members; /* as LEADER tells */
    unsigned rank; /* of the node, as LEADER tells */
    uint64_t reserved; /* epochs up to here may be used */
    uint64_t epoch_seen;
    struct actions actions; /* of the last step */
    struct happened log[HAPPENED_MAX];
    unsigned logged;
    struct wire_message delivered;
    struct wire_ack answer;
};

struct node_id id_of(uint8_t who);
struct address address_of(uint8_t who);
struct token token_of(uint8_t who, uint64_t epoch);
struct node_facts facts_of(uint8_t who); /* priority 100, eligible */

/* ---- beginnings: after each the node has done nothing yet that could be expected */

/* A new node with defaults, to be changed before it starts. */
struct core_config config_of_me(void);
void starts_with(struct node *n, const struct core_config *config, unsigned links);
void starts(struct node *n);

/* Follows LEADER as one of `members`, the leader included; it has registered, its next slot is one interval away. */
void follows(struct node *n, uint64_t epoch, uint32_t members, unsigned rank);
void follows_with(struct node *n, const struct core_config *config, uint64_t epoch, uint32_t members, unsigned rank);

/* Leads alone with that epoch, on a timeline of its own. */
void leads(struct node *n, uint64_t epoch);
void leads_with(struct node *n, const struct core_config *config, uint64_t epoch);

/* Registers with the node, which leads; returns its Ack, valid until the next one joins. */
const struct wire_ack *joins(struct node *n, uint8_t who, int64_t age);

/* ---- what happens to it */

void time_passes(struct node *n, usec_t duration);
void sleeps(struct node *n, usec_t duration); /* nothing is served meanwhile, as under SIGSTOP */
void wakes(struct node *n); /* from sleep: its deadline is served, late */

/* By multicast and by unicast. What a builder below left open is filled in: sender, T_now, ids in keys. */
void hears(struct node *n, uint8_t who, struct wire_message message);
void gets(struct node *n, uint8_t who, struct wire_message message);

void link_changes(struct node *n, unsigned links, bool came_up);
void is_told(struct node *n, enum event_type type); /* an event without data; work has stopped for good */
void is_given(struct node *n, const struct event *event); /* any other */
void gets_unreachable(struct node *n, uint8_t who); /* ICMP */
void configures(struct node *n, const struct node_facts *facts, const struct timing *timing);
void state_is_writable(struct node *n, bool writable);

/* LEADER answers the newest try, and all tries are ticked off. */
void leader_acks(struct node *n);

/* Half of its tries were lost for so long that it counts on that; forgets what happened. */
void has_seen_losses(struct node *n);

/* Serves deadlines until such a datagram is sent, at most that long, and leaves it to be ticked off. */
void time_passes_until_sent(struct node *n, enum wire_type type, usec_t limit);

/* The same, and ticks it off, or fails. */
#define awaits(n, type, limit) fixture_awaits(n, type, limit, __LINE__)
const struct send *fixture_awaits(struct node *n, enum wire_type type, usec_t limit, int line);

/* The same for a standing. */
#define awaits_standing(n, standing, limit) fixture_awaits_standing(n, standing, limit, __LINE__)
void fixture_awaits_standing(struct node *n, enum standing standing, usec_t limit, int line);

/* ---- messages */

struct wire_message message_of(enum wire_type type); /* zero */
struct wire_message announce(int64_t age); /* eligible, priority 100, no leader */
struct wire_message founding(uint64_t epoch, int64_t age); /* an Election without a dead leader */
struct wire_message election(uint64_t epoch, uint64_t dead_epoch, int64_t birth); /* LEADER is dead */
struct wire_message vote(uint64_t epoch, struct token own); /* for me */
struct wire_message leader(uint64_t epoch); /* for 10 s, on TIMELINE */
struct wire_message my_leader(const struct node *n); /* as LEADER says it, with successors */
struct wire_message ack(const struct node *n, const struct wire_message *heartbeat);
struct wire_message heartbeat(struct token own, uint32_t exchange); /* plain */
struct wire_message question(struct token own, uint64_t nonce);
struct wire_message registration(uint8_t who, int64_t age, struct token own);
struct wire_message suspect(uint64_t epoch, uint64_t nonce); /* of LEADER */
struct wire_message vouch(uint64_t epoch, uint64_t nonce); /* for LEADER */
struct wire_message redirect(uint8_t to, uint64_t epoch);
struct wire_message resign(uint64_t epoch, uint8_t successor);
struct wire_message farewell(uint8_t who, uint64_t epoch);
struct wire_message merge_request(uint64_t epoch, int64_t age, uint64_t nonce); /* followed, for 1 s, on TIMELINE */
struct wire_message merge_reply(enum wire_verdict verdict, uint64_t epoch, uint64_t nonce);

/* ---- what it does about it: each ticks off what it expects, oldest first, or fails with the line of the test */

#define expect_sent(n, type) fixture_expect_sent(n, type, __LINE__)
#define expect_multicast(n, type) fixture_expect_multicast(n, type, __LINE__)
#define expect_unicast(n, who, type) fixture_expect_unicast(n, who, type, __LINE__)
#define expect_none(n, type) fixture_expect_none(n, type, __LINE__)
#define expect_no_more(n) fixture_expect_no_more(n, __LINE__)
#define expect_notice(n, type, why) fixture_expect_notice(n, type, why, __LINE__)
#define expect_no_notice(n, type) fixture_expect_no_notice(n, type, __LINE__)
#define expect_action(n, type) fixture_expect_action(n, type, __LINE__)
#define expect_no_action(n, type) fixture_expect_no_action(n, type, __LINE__)
#define expect_standing(n, standing) fixture_expect_standing(n, standing, __LINE__)
#define expect_state(n, state) fixture_expect_state(n, state, __LINE__)
#define expect_leader(n, who, epoch) fixture_expect_leader(n, who, epoch, __LINE__)
#define expect_no_leader(n) fixture_expect_no_leader(n, __LINE__)

const struct send *fixture_expect_sent(struct node *n, enum wire_type type, int line);
const struct wire_message *fixture_expect_multicast(struct node *n, enum wire_type type, int line);
const struct wire_message *fixture_expect_unicast(struct node *n, uint8_t who, enum wire_type type, int line);
void fixture_expect_none(const struct node *n, enum wire_type type, int line);
void fixture_expect_no_more(const struct node *n, int line); /* datagrams */
const struct notice *fixture_expect_notice(struct node *n, enum notice_type type, enum reason why, int line);
void fixture_expect_no_notice(const struct node *n, enum notice_type type, int line);
const struct action *fixture_expect_action(struct node *n, enum action_type type, int line);
void fixture_expect_no_action(const struct node *n, enum action_type type, int line);
void fixture_expect_standing(const struct node *n, enum standing standing, int line);
void fixture_expect_state(const struct node *n, enum node_state state, int line);
void fixture_expect_leader(const struct node *n, uint8_t who, uint64_t epoch, int line);
void fixture_expect_no_leader(const struct node *n, int line);

/* When the datagram or notice happened that was ticked off last. */
usec_t happened_at(const struct node *n, const void *ticked);

bool sent_to(const struct send *send, uint8_t who);
unsigned count_sent(const struct node *n, enum wire_type type); /* not ticked off */
void forget(struct node *n); /* everything so far: what was ticked off before is void */

struct core_view view_of(const struct node *n);

/* ---- the program: runs these tests as one suite, returns the exit status */

int run_tests(const char *name, const TTest *const tests[], size_t count);

#endif
