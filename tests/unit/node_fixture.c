/* SPDX-License-Identifier: ISC
 *
 * node_fixture.c - see node_fixture.h.
 */
#include "unit/node_fixture.h"

#include "base/util.h"
#include "platform/clock.h"

#include <check.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct daemon node;
struct event_base *base;
int hurry, leisure;
usec_t lease_end_told;

/* What the node tells */

int __real_event_add(struct event *event, const struct timeval *limit);
int __wrap_event_add(struct event *event, const struct timeval *limit);

int __wrap_event_add(struct event *event, const struct timeval *limit) {
    if (!limit)
        return __real_event_add(event, limit);
    int64_t us = (limit->tv_sec * USEC_PER_SEC + limit->tv_usec) * leisure / hurry;
    return __real_event_add(event, &(struct timeval){ .tv_sec = us / USEC_PER_SEC, .tv_usec = us % USEC_PER_SEC });
}

usec_t clock_now(void) {
    return NOW + node.passed;
}

int64_t clock_wall_ms(void) {
    return WALL_NOW;
}

struct journal *daemon_journal(const struct daemon *daemon) {
    return daemon->journal;
}

void daemon_check_clock(struct daemon *daemon) {
    daemon->clock_checks++;
}

void daemon_tell_lease(const struct daemon *daemon, usec_t until) {
    (void)daemon;
    lease_end_told = until;
}

void daemon_view(const struct daemon *daemon, struct core_view *view) {
    *view = daemon->view;
    view->at = clock_now();
    node.passed += daemon->costs;
}

bool daemon_peer(const struct daemon *daemon, uint32_t index, struct core_peer *peer) {
    if (index >= daemon->peer_count)
        return false;
    *peer = daemon->peers[index];
    return true;
}

bool daemon_own_address(const struct daemon *daemon, struct address *ret) {
    (void)daemon;
    *ret = (struct address){ .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 29418 };
    return true;
}

const char *daemon_cluster(const struct daemon *daemon) {
    (void)daemon;
    return "default";
}

const char *daemon_standing(const struct daemon *daemon, const struct core_view *view) {
    (void)daemon;
    return standing_name(view->standing);
}

unsigned daemon_expect(const struct daemon *daemon) {
    (void)daemon;
    return 5;
}

bool daemon_writable(const struct daemon *daemon) {
    return !daemon->unwritable;
}

struct event_base *daemon_event_base(const struct daemon *daemon) {
    (void)daemon;
    return base;
}

usec_t daemon_pause_left(const struct daemon *daemon) {
    return daemon->pause_left;
}

const char *daemon_tags_configured(const struct daemon *daemon) {
    (void)daemon;
    return "role=db zone=a";
}

const char *daemon_tags_set(const struct daemon *daemon) {
    (void)daemon;
    return "zone=b";
}

const struct history *daemon_history(const struct daemon *daemon) {
    return &daemon->history;
}

const struct holders *daemon_holders(const struct daemon *daemon) {
    return &daemon->holders;
}

usec_t daemon_uptime(const struct daemon *daemon) {
    (void)daemon;
    return 3723456789; /* 1 h 2 min 3.456789 s */
}

int64_t daemon_started_ms(const struct daemon *daemon) {
    (void)daemon;
    return WALL_NOW - 3723456;
}

void daemon_counters(const struct daemon *daemon, struct counters *ret) {
    *ret = daemon->counters;
}

/* What is seen of a network is told by tests/net. */
void daemon_network(const struct daemon *daemon, struct daemon_network *ret) {
    (void)daemon;
    *ret = (struct daemon_network){ .clock_step_ms = -1500 };
}

/* Its story */

struct node_id id_of(uint8_t number) {
    struct node_id id = { .bytes = { number } };

    return id;
}

void add_peer(uint8_t number, const char *name, enum node_state state, int64_t birth) {
    struct core_peer *peer = &node.peers[node.peer_count++];

    *peer = (struct core_peer){ .id = id_of(number), .state = state, .has_birth = true, .birth = birth,
                                .age = 100 * USEC_PER_SEC - birth, .rtt_us = 250, .loss = LOSS_ONE / 64,
                                .last_seen = 1234 * USEC_PER_MS };
    peer->facts = (struct node_facts){ .priority = 100, .eligible = true };
    peer->address = (struct address){ .family = 4, .bytes = { 192, 0, 2, number }, .port = 29418 };
    snprintf(peer->facts.name, sizeof(peer->facts.name), "%s", name);
}

void have_many_peers(void) {
    while (node.peer_count < PEERS_MAX)
        add_peer((uint8_t)(4 + node.peer_count % 250), "peer", NODE_IDLE, 5000000);
}

void follow_alpha(void) {
    struct core_view *view = &node.view;

    view->state = NODE_IDLE;
    view->standing = STANDING_FOLLOWING;
    view->leads = false;
    view->has_leader = true;
    view->epoch = 7;
    view->leader = (struct token){ 7, id_of(1) };
    view->leader_address = (struct address){ .family = 4, .bytes = { 192, 0, 2, 1 }, .port = 29418 };
    view->leader_since = 12345678;
    snprintf(view->leader_name, sizeof(view->leader_name), "alpha");
    view->members = 3;
    view->detect = 300 * USEC_PER_MS;
    view->interval = 500 * USEC_PER_MS;
    view->table_complete = true;

    node.peer_count = 0;
    add_peer(2, "beta", NODE_IDLE, 3000000);
    add_peer(3, "gamma", NODE_IDLE, 2000000);
    add_peer(1, "alpha", NODE_LEADER, 1000000);
    node.peers[0].self = true;
    node.peers[0].address = (struct address){ 0 };
}

void lead_self(void) {
    node.view.state = NODE_LEADER;
    node.view.standing = STANDING_LEADING;
    node.view.has_leader = true;
    node.view.leads = true;
    node.view.epoch = 8;
    node.view.leader = (struct token){ 8, id_of(2) };
    node.view.leader_address = (struct address){ 0 };
    snprintf(node.view.leader_name, sizeof(node.view.leader_name), "beta");
}

void have_no_leader(void) {
    node.view.standing = STANDING_NO_LEADER;
    node.view.has_leader = false;
    node.view.leads = false;
}

void tell(enum notice_type type) {
    journal_notice(node.journal, &(struct notice){ .type = type });
}

void node_open(void) {
    hurry = leisure = 1;
    lease_end_told = 0;
    memset(&node, 0, sizeof(node));
    holders_init(&node.holders);
    node.view.id = id_of(2);
    node.view.facts = (struct node_facts){ .name = "beta", .priority = 100, .eligible = true };
    node.view.age = 97 * USEC_PER_SEC;
    node.view.has_birth = true;
    node.view.birth = 3000000;
    follow_alpha();
    base = event_base_new();
    ck_assert_int_eq(journal_open(&node.journal, &node), 0);
}

void node_close(void) {
    journal_close(node.journal);
    event_base_free(base);
}

/* What tests need */

void turn(void) {
    event_base_loop(base, EVLOOP_ONCE);
}

void turn_without_waiting(void) {
    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

const char *value(const json_t *document, const char *where) {
    static char texts[4][256];
    static unsigned used;
    char *text = texts[used++ % ARRAY_SIZE(texts)];
    char keys[128];

    snprintf(keys, sizeof(keys), "%s", where);
    for (char *key = strtok(keys, "."); key; key = strtok(NULL, "."))
        document = json_is_array(document) ? json_array_get(document, (size_t)atoi(key))
                                           : json_object_get(document, key);
    char *dump = document ? json_dumps(document, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
    snprintf(text, sizeof(texts[0]), "%s", dump ? dump : "");
    free(dump);
    return text;
}
