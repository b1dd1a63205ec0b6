/* SPDX-License-Identifier: ISC
 *
 * test_ctlserver.c - the control socket against real sockets and a daemon that is made up (node_fixture.h).
 */
#include "daemon/ctlserver.h"

#include "unit/node_fixture.h"

#include "base/util.h"
#include "daemon/counters.h"
#include "daemon/ctlsocket.h"
#include "daemon/daemon.h"
#include "daemon/holders.h"
#include "daemon/journal.h"
#include "daemon/settings.h"

#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <signal.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 1 << 20, NOBODY = 65534, ACTING_GROUP = 54321 };

static char directory[32];
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static const char *const path = address.sun_path;

/* Clients */

static int try_connect(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void say(int fd, const char *line) {
    ck_assert_int_eq(send(fd, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
    ck_assert_int_eq(send(fd, "\n", 1, MSG_NOSIGNAL), 1);
}

/* What is there, up to the end of a line, turning the loop until there is something; 0 at the end of the
 * connection. */
static size_t next_bytes(int fd, char *bytes, size_t size) {
    for (;;) {
        ssize_t seen = recv(fd, bytes, size, MSG_DONTWAIT | MSG_PEEK);
        if (seen > 0) {
            const char *newline = memchr(bytes, '\n', (size_t)seen);
            size_t wanted = newline ? (size_t)(newline - bytes) + 1 : (size_t)seen;
            ck_assert_int_eq(recv(fd, bytes, wanted, MSG_DONTWAIT), (ssize_t)wanted);
            return wanted;
        }
        if (seen == 0 || errno != EAGAIN)
            return 0;
        turn();
    }
}

static json_t *next_document(int fd) {
    static char line[LINE_MAX_SIZE];
    size_t length = 0, got;
    json_error_t error;

    do {
        got = next_bytes(fd, line + length, sizeof(line) - 1 - length);
        ck_assert_msg(got > 0, "the connection ended, or the line has no end");
        length += got;
    } while (line[length - 1] != '\n');
    line[length] = '\0';
    json_t *document = json_loads(line, 0, &error);
    ck_assert_msg(document != NULL, "%s: %s", error.text, line);
    return document;
}

static json_t *ask(int fd, const char *line) {
    say(fd, line);
    return next_document(fd);
}

static void expect_end(int fd) {
    char byte;

    ck_assert_msg(next_bytes(fd, &byte, 1) == 0, "a byte instead of the end");
    close(fd);
}

/* Nothing for this client, although everything that is due has been done. */
static void expect_silence(int fd) {
    char byte;

    for (int i = 0; i < 10; i++)
        turn_without_waiting();
    ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    ck_assert_int_eq(errno, EAGAIN);
}

static void expect_error(json_t *answer, const char *code) {
    char quoted[64];

    snprintf(quoted, sizeof(quoted), "\"%s\"", code);
    ck_assert_str_eq(value(answer, "error.code"), quoted);
    ck_assert_str_ne(value(answer, "error.message"), "");
    json_decref(answer);
}

static void setup(void) {
    signal(SIGPIPE, SIG_IGN);
    strcpy(directory, "/tmp/eldest-ctl-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chmod(directory, 0755), 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/run/default.sock", directory);
    node_open();
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), 0);
}

static void remove_directory(void) {
    char run[160];

    snprintf(run, sizeof(run), "%s/run", directory);
    unlink(path);
    rmdir(run);
    rmdir(directory);
}

static void teardown(void) {
    ctlserver_close(node.server);
    node_close();
    remove_directory();
}

/* Documents */

START_TEST(status_of_a_follower) {
    int fd = try_connect();
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    char id[40];

    ck_assert_str_eq(value(status, "cluster"), "\"default\"");
    ck_assert_str_eq(value(status, "node.name"), "\"beta\"");
    ck_assert_str_eq(value(status, "node.state"), "\"idle\"");
    ck_assert_str_eq(value(status, "node.birth"), "3000000");
    ck_assert_str_eq(value(status, "node.age"), "97.0");
    ck_assert_str_eq(value(status, "node.priority"), "100");
    ck_assert_str_eq(value(status, "node.eligible"), "true");
    ck_assert_str_eq(value(status, "node.writable"), "true");
    ck_assert_str_eq(value(status, "epoch"), "7");
    ck_assert_str_eq(value(status, "token"), "\"7.01000000000000000000000000000000\"");
    ck_assert_str_eq(value(status, "leader.id"), "\"01000000000000000000000000000000\"");
    ck_assert_str_eq(value(status, "leader.name"), "\"alpha\"");
    ck_assert_str_eq(value(status, "leader.address"), "\"192.0.2.1\"");
    ck_assert_str_eq(value(status, "leader.port"), "29418");
    ck_assert_str_eq(value(status, "leader.self"), "false");
    ck_assert_str_eq(value(status, "leader.since"), "12.345");
    ck_assert_str_eq(value(status, "quorum"),
                     "{\"policy\": \"none\", \"expect\": 0, \"have\": 3, \"ok\": true}");
    ck_assert_str_eq(value(status, "lease_ms"), "null");
    ck_assert_str_eq(value(status, "timing"), "{\"detect_ms\": 300, \"heartbeat_ms\": 500}");
    ck_assert_str_eq(value(status, "peers_complete"), "true");
    snprintf(id, sizeof(id), "%s", value(status, "next"));
    ck_assert_str_eq(id, "\"03000000000000000000000000000000\"");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(peers_are_in_order_of_seniority) {
    int fd = try_connect();

    node.peers[1].facts.priority = 50;
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_uint_eq(json_array_size(json_object_get(status, "peers")), 3);
    ck_assert_str_eq(value(status, "peers.0.name"), "\"alpha\"");
    ck_assert_str_eq(value(status, "peers.0.state"), "\"leader\"");
    ck_assert_str_eq(value(status, "peers.0.last_seen_ms"), "1234");
    ck_assert_str_eq(value(status, "peers.0.rtt_us"), "250");
    ck_assert_str_eq(value(status, "peers.0.loss"), "0.016");
    ck_assert_str_eq(value(status, "peers.1.name"), "\"beta\"");
    ck_assert_str_eq(value(status, "peers.1.self"), "true");
    ck_assert_str_eq(value(status, "peers.1.address"), "\"192.0.2.1\"");
    ck_assert_str_eq(value(status, "peers.2.name"), "\"gamma\"");
    ck_assert_str_eq(value(status, "peers.2.age"), "98.0");
    ck_assert_str_eq(value(status, "next"), "\"02000000000000000000000000000000\"");
    json_decref(status);

    node.peers[0].facts.eligible = false;
    status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(status, "next"), "\"03000000000000000000000000000000\"");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(unknown_values_are_null) {
    int fd = try_connect();

    node.peers[1].rtt_us = 0;
    node.peers[1].loss = LOSS_UNKNOWN;
    node.peers[1].age = -1;
    node.peers[1].has_birth = false;
    node.peers[1].address = (struct address){ 0 };
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(status, "peers.2.name"), "\"gamma\"");
    ck_assert_str_eq(value(status, "peers.2.rtt_us"), "null");
    ck_assert_str_eq(value(status, "peers.2.loss"), "null");
    ck_assert_str_eq(value(status, "peers.2.age"), "null");
    ck_assert_str_eq(value(status, "peers.2.birth"), "null");
    ck_assert_str_eq(value(status, "peers.2.address"), "null");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(the_leader_tells_its_own_address) {
    int fd = try_connect();

    lead_self();
    json_t *answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "leader.self"), "true");
    ck_assert_str_eq(value(answer, "leader.name"), "\"beta\"");
    ck_assert_str_eq(value(answer, "leader.address"), "\"192.0.2.1\"");
    ck_assert_str_eq(value(answer, "leader.port"), "29418");
    ck_assert_str_eq(value(answer, "peers"), "");
    json_decref(answer);
    close(fd);
}
END_TEST

START_TEST(a_state_that_cannot_be_saved_is_told) {
    int fd = try_connect();
    json_t *status;

    node.unwritable = true;
    status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(status, "node.writable"), "false");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(a_leader_that_is_not_confirmed_names_nobody) {
    int fd = try_connect();

    lead_self();
    node.view.leads = false;
    node.view.standing = STANDING_UNCONFIRMED;
    json_t *answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "leader"), "null");
    ck_assert_str_eq(value(answer, "token"), "null");
    ck_assert_str_eq(value(answer, "epoch"), "8");
    json_decref(answer);
    close(fd);
}
END_TEST

/* History */

/* Some time ago, when both clocks showed the same distance. */
static struct moment ago(usec_t duration) {
    return (struct moment){ .at = NOW - duration, .wall_ms = WALL_NOW - duration / USEC_PER_MS };
}

static void seen(enum notice_type type, uint8_t who, uint64_t epoch, enum reason reason, const char *name,
                 usec_t duration_ago) {
    struct notice notice = { .type = type, .reason = reason, .token = { epoch, id_of(who) } };
    struct moment when = ago(duration_ago);

    notice.address = (struct address){ .family = 4, .bytes = { 192, 0, 2, who }, .port = 29419 };
    snprintf(notice.name, sizeof(notice.name), "%s", name);
    history_notice(&node.history, &notice, who == 2, &when);
}

static json_t *history_document(void) {
    int fd = try_connect();
    json_t *answer = ask(fd, "{\"command\":\"history\"}");

    close(fd);
    return answer;
}

/* A quorum = majority of alpha, beta and one that nobody has met. */
static void vote(void) {
    struct core_quorum *quorum = &node.view.quorum;

    *quorum = (struct core_quorum){ .majority = true, .expect = 3, .needed = 2, .have = 3, .seat = true };
    quorum->roster = (struct wire_roster){ .epoch = 7, .change = 2, .expect = 3, .count = 3,
                                           .ids = { id_of(1), id_of(2), id_of(9) } };
}

START_TEST(those_who_vote_are_told) {
    int fd = try_connect();

    vote();
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(status, "quorum.policy"), "\"majority\"");
    ck_assert_str_eq(value(status, "quorum.expect"), "3");
    ck_assert_str_eq(value(status, "quorum.configured"), "5");
    ck_assert_str_eq(value(status, "quorum.needed"), "2");
    ck_assert_str_eq(value(status, "quorum.have"), "3");
    ck_assert_str_eq(value(status, "quorum.ok"), "true");
    ck_assert_str_eq(value(status, "quorum.seat"), "true");
    ck_assert_str_eq(value(status, "quorum.pinned"), "false");
    ck_assert_str_eq(value(status, "quorum.abstains_ms"), "0");
    ck_assert_str_eq(value(status, "quorum.roster.version"), "\"7.2\"");
    ck_assert_str_eq(value(status, "quorum.roster.seats.0.name"), "\"alpha\"");
    ck_assert_str_eq(value(status, "quorum.roster.seats.0.self"), "false");
    ck_assert_str_eq(value(status, "quorum.roster.seats.1.self"), "true");
    ck_assert_str_eq(value(status, "quorum.roster.seats.2.id"), "\"09000000000000000000000000000000\"");
    ck_assert_str_eq(value(status, "quorum.roster.seats.2.name"), "null");
    ck_assert_str_eq(value(status, "quorum.why"), "null");
    ck_assert_str_eq(value(status, "lease_ms"), "null");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(why_nobody_leads_is_told) {
    int fd = try_connect();

    vote();
    have_no_leader();
    node.view.quorum.have = 1;
    json_t *answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "quorum.why"), "\"2 of 3 needed, heard 1\"");
    ck_assert_str_eq(value(answer, "quorum.ok"), "false");
    json_decref(answer);
    node.view.quorum.roster = (struct wire_roster){ .count = 0 };
    node.view.quorum.fresh = 2;
    answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "quorum.roster"), "null");
    ck_assert_str_eq(value(answer, "quorum.fresh"), "2");
    json_decref(answer);
    ck_assert_uint_eq(node.clock_checks, 2);
    close(fd);
}
END_TEST

/* Whoever asks may work by it, so its end is known when it is told. */
START_TEST(a_lease_is_told_and_kept_in_mind) {
    int fd = try_connect();

    lead_self();
    vote();
    node.view.quorum.lease = 1500999;
    json_t *answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "lease_ms"), "1500");
    ck_assert_int_eq(lease_end_told, NOW + 1500999);
    json_decref(answer);

    lease_end_told = 0;
    node.view.quorum.lease = USEC_NEVER; /* of a single voter */
    answer = ask(fd, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(answer, "lease_ms"), "null");
    ck_assert_str_eq(value(answer, "leader.self"), "true");
    ck_assert_int_eq(lease_end_told, 0);
    json_decref(answer);
    close(fd);
}
END_TEST

START_TEST(history_of_nothing_is_empty) {
    json_t *answer = history_document();

    ck_assert_str_eq(value(answer, "cluster"), "\"default\"");
    ck_assert_str_eq(value(answer, "history"), "[]");
    ck_assert_str_eq(value(answer, "forgotten"), "0");
    json_decref(answer);
}
END_TEST

START_TEST(history_tells_the_past_and_the_present) {
    seen(NOTICE_LEADER, 2, 6, REASON_FIRST, "beta", 3600 * USEC_PER_SEC);
    seen(NOTICE_NO_LEADER, 2, 6, REASON_RESIGN, "beta", 13 * USEC_PER_SEC + 500 * USEC_PER_MS);
    seen(NOTICE_LEADER, 1, 7, REASON_RESIGN, "", 12345 * USEC_PER_MS); /* its name is known by now */

    json_t *answer = history_document();
    ck_assert_uint_eq(json_array_size(json_object_get(answer, "history")), 2);
    ck_assert_str_eq(value(answer, "history.0.epoch"), "6");
    ck_assert_str_eq(value(answer, "history.0.token"), "\"6.02000000000000000000000000000000\"");
    ck_assert_str_eq(value(answer, "history.0.leader.id"), "\"02000000000000000000000000000000\"");
    ck_assert_str_eq(value(answer, "history.0.leader.name"), "\"beta\"");
    ck_assert_str_eq(value(answer, "history.0.leader.address"), "\"192.0.2.2\"");
    ck_assert_str_eq(value(answer, "history.0.leader.port"), "29419");
    ck_assert_str_eq(value(answer, "history.0.leader.self"), "true");
    ck_assert_str_eq(value(answer, "history.0.began_by"), "\"cold start\"");
    ck_assert_str_eq(value(answer, "history.0.from"), "\"2026-11-23T11:34:56.789Z\"");
    ck_assert_str_eq(value(answer, "history.0.ended_by"), "\"resign\"");
    ck_assert_str_eq(value(answer, "history.0.to"), "\"2026-11-23T12:34:43.289Z\"");
    ck_assert_str_eq(value(answer, "history.0.lasted"), "3586.5");
    ck_assert_str_eq(value(answer, "history.0.present"), "false");

    ck_assert_str_eq(value(answer, "history.1.epoch"), "7");
    ck_assert_str_eq(value(answer, "history.1.leader.name"), "\"alpha\"");
    ck_assert_str_eq(value(answer, "history.1.leader.address"), "\"192.0.2.1\"");
    ck_assert_str_eq(value(answer, "history.1.leader.self"), "false");
    ck_assert_str_eq(value(answer, "history.1.began_by"), "\"resign\"");
    ck_assert_str_eq(value(answer, "history.1.ended_by"), "");
    ck_assert_str_eq(value(answer, "history.1.to"), "");
    ck_assert_str_eq(value(answer, "history.1.lasted"), "12.345");
    ck_assert_str_eq(value(answer, "history.1.present"), "true");
    json_decref(answer);
}
END_TEST

START_TEST(history_tells_what_was_not_seen_as_null) {
    seen(NOTICE_NO_LEADER, 1, 7, REASON_NONE, "", USEC_PER_SEC);

    json_t *answer = history_document();
    ck_assert_str_eq(value(answer, "history.0.leader.name"), "\"\"");
    ck_assert_str_eq(value(answer, "history.0.began_by"), "null");
    ck_assert_str_eq(value(answer, "history.0.from"), "null");
    ck_assert_str_eq(value(answer, "history.0.lasted"), "null");
    ck_assert_str_eq(value(answer, "history.0.ended_by"), "null");
    ck_assert_str_eq(value(answer, "history.0.to"), "\"2026-11-23T12:34:55.789Z\"");
    json_decref(answer);
}
END_TEST

/* It lasts, as far as anybody knows, but is not the present one until that is certain. */
START_TEST(history_of_a_leader_that_is_not_confirmed) {
    lead_self();
    seen(NOTICE_LEADER, 2, 8, REASON_FIRST, "beta", 10 * USEC_PER_SEC);
    json_t *answer = history_document();
    ck_assert_str_eq(value(answer, "history.0.present"), "true");
    ck_assert_str_eq(value(answer, "history.0.leader.port"), "29418"); /* its own address of now */
    json_decref(answer);

    node.view.leads = false;
    node.view.standing = STANDING_UNCONFIRMED;
    answer = history_document();
    ck_assert_str_eq(value(answer, "history.0.present"), "false");
    ck_assert_str_eq(value(answer, "history.0.to"), "");
    ck_assert_str_eq(value(answer, "history.0.leader.port"), "29419");
    json_decref(answer);
}
END_TEST

START_TEST(history_says_how_much_it_has_forgotten) {
    for (uint64_t epoch = 1; epoch <= HISTORY_MAX + 3; epoch++)
        seen(NOTICE_LEADER, 1, epoch, REASON_RISE, "alpha", 0);

    json_t *answer = history_document();
    ck_assert_uint_eq(json_array_size(json_object_get(answer, "history")), HISTORY_MAX);
    ck_assert_str_eq(value(answer, "forgotten"), "3");
    ck_assert_str_eq(value(answer, "history.0.epoch"), "4");
    json_decref(answer);
}
END_TEST

/* Counters */

static json_t *counters_document(void) {
    int fd = try_connect();
    json_t *answer = ask(fd, "{\"command\":\"counters\"}");

    close(fd);
    return answer;
}

START_TEST(counters_are_all_there) {
    const struct counter *counter;
    json_t *answer = counters_document();

    ck_assert_str_eq(value(answer, "cluster"), "\"default\"");
    ck_assert_str_eq(value(answer, "uptime"), "3723.456");
    for (unsigned i = 0; (counter = counters_describe(i)) != NULL; i++)
        if (counter->label)
            ck_assert_uint_eq(json_object_size(json_object_get(answer, counter->name)), counter->end - counter->first);
        else
            ck_assert_str_eq(value(answer, counter->name), "0");
    ck_assert_uint_eq(json_object_size(json_object_get(answer, "refused")), REFUSED_END - 1); /* WIRE_OK is none */
    ck_assert_str_eq(value(answer, "leader_changes.cold_start"), "0");
    json_decref(answer);
}
END_TEST

START_TEST(counters_are_what_they_are_called) {
    static const char *const refused[] = { "short", "long", "foreign", "version", "unknown_type", "range", "tail",
                                           "other_interface", "wrong_ttl", "too_many", "other_cluster", "keyed",
                                           "unkeyed", "other_key", "wrong_mac", "replayed", "unproven", "unmeant",
                                           "own_echo" };
    char where[64];

    node.counters = (struct counters){ .sent = { [WIRE_LEADER_ELECTED] = 3 }, .received = { [WIRE_ACK] = 4 },
                                       .send_failed = 5, .not_encoded = 6, .unreachable = 7, .events_lost = 8,
                                       .wakeups = 9, .withheld = 11 };
    node.counters.core.refused[REFUSAL_EPOCH_IMPLAUSIBLE] = 10;
    node.counters.core.refused[REFUSAL_CHALLENGE] = 1ULL << 40;
    for (unsigned i = 0; i < ARRAY_SIZE(refused); i++)
        node.counters.refused[WIRE_OK + 1 + i] = 100 + i;

    json_t *answer = counters_document();
    ck_assert_str_eq(value(answer, "sent.leader_elected"), "3");
    ck_assert_str_eq(value(answer, "sent.ack"), "0");
    ck_assert_str_eq(value(answer, "received.ack"), "4");
    ck_assert_str_eq(value(answer, "send_failed"), "5");
    ck_assert_str_eq(value(answer, "not_encoded"), "6");
    ck_assert_str_eq(value(answer, "withheld"), "11");
    ck_assert_str_eq(value(answer, "unreachable"), "7");
    ck_assert_str_eq(value(answer, "events_lost"), "8");
    ck_assert_str_eq(value(answer, "wakeups"), "9");
    ck_assert_str_eq(value(answer, "ignored.epoch_implausible"), "10");
    ck_assert_str_eq(value(answer, "ignored.challenge"), "1099511627776");
    for (unsigned i = 0; i < ARRAY_SIZE(refused); i++) {
        snprintf(where, sizeof(where), "refused.%s", refused[i]);
        ck_assert_int_eq(atoi(value(answer, where)), 100 + i);
    }
    json_decref(answer);
}
END_TEST

/* The table */

START_TEST(status_waits_for_the_table) {
    int fd = try_connect(), other = try_connect();

    node.view.table_complete = false;
    say(fd, "{\"command\":\"status\"}");
    say(other, "{\"command\":\"status\"}");
    while (node.table_wanted < 2)
        turn();
    expect_silence(fd);
    node.view.table_complete = true;
    tell(NOTICE_TABLE);
    json_t *status = next_document(fd);
    ck_assert_str_eq(value(status, "peers_complete"), "true");
    json_decref(status);
    json_decref(next_document(other));
    close(fd);
    close(other);
}
END_TEST

START_TEST(status_does_not_wait_for_ever) {
    int fd = try_connect();

    node.view.table_complete = false;
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_uint_eq(node.table_wanted, 1);
    ck_assert_str_eq(value(status, "peers_complete"), "false");
    ck_assert_uint_eq(json_array_size(json_object_get(status, "peers")), 3);
    json_decref(status);
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    ck_assert_uint_eq(node.table_wanted, 1);
    close(fd);
}
END_TEST

START_TEST(status_may_be_answered_within_the_request) {
    int fd = try_connect();

    node.view.table_complete = false;
    node.answers_at_once = true;
    json_decref(ask(fd, "{\"command\":\"status\"}"));
    json_decref(ask(fd, "{\"command\":\"status\"}"));
    close(fd);
}
END_TEST

START_TEST(status_without_leader_asks_nobody) {
    int fd = try_connect();

    have_no_leader();
    node.view.table_complete = false;
    json_t *status = ask(fd, "{\"command\":\"status\"}");
    ck_assert_uint_eq(node.table_wanted, 0);
    ck_assert_str_eq(value(status, "leader"), "null");
    ck_assert_str_eq(value(status, "token"), "null");
    ck_assert_str_eq(value(status, "timing"), "null");
    ck_assert_str_eq(value(status, "next"), "null");
    json_decref(status);
    close(fd);
}
END_TEST

START_TEST(a_client_may_go_while_it_is_waited_for) {
    int fd = try_connect();

    node.view.table_complete = false;
    say(fd, "{\"command\":\"status\"}");
    while (node.table_wanted < 1)
        turn();
    close(fd);
    tell(NOTICE_TABLE);
    fd = try_connect();
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    close(fd);
}
END_TEST

/* Watching */

START_TEST(watch_begins_with_the_present) {
    int fd = try_connect();
    json_t *line = ask(fd, "{\"command\":\"watch\"}");

    ck_assert_str_eq(value(line, "event"), "\"snapshot\"");
    ck_assert_str_eq(value(line, "seq"), "0");
    ck_assert_str_eq(value(line, "state"), "\"idle\"");
    ck_assert_str_eq(value(line, "epoch"), "7");
    ck_assert_str_eq(value(line, "leader.name"), "\"alpha\"");
    ck_assert_int_gt(json_integer_value(json_object_get(line, "mono_ns")), 0);
    ck_assert_str_eq(value(line, "time"), "\"2026-11-23T12:34:56.789Z\"");
    json_decref(line);
    close(fd);
}
END_TEST

START_TEST(watch_tells_each_change) {
    struct notice joined = { .type = NOTICE_PEER_JOINED, .id = id_of(4), .name = "delta",
                             .address = { .family = 4, .bytes = { 192, 0, 2, 4 }, .port = 29418 } };
    struct notice ended = { .type = NOTICE_NO_LEADER, .reason = REASON_DEATH, .token = { 7, id_of(1) } };
    int fd = try_connect();

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    journal_notice(node.journal, &joined);
    have_no_leader();
    journal_notice(node.journal, &ended);
    lead_self();
    tell(NOTICE_LEADER);
    tell(NOTICE_TABLE);

    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "seq"), "1");
    ck_assert_str_eq(value(line, "event"), "\"peer-joined\"");
    ck_assert_str_eq(value(line, "peer.name"), "\"delta\"");
    ck_assert_str_eq(value(line, "peer.address"), "\"192.0.2.4\"");
    ck_assert_str_eq(value(line, "leader.name"), "\"alpha\"");
    json_decref(line);
    line = next_document(fd);
    ck_assert_str_eq(value(line, "seq"), "2");
    ck_assert_str_eq(value(line, "event"), "\"no-leader\"");
    ck_assert_str_eq(value(line, "ended"), "\"7.01000000000000000000000000000000\"");
    ck_assert_str_eq(value(line, "leader"), "null");
    ck_assert_str_ne(value(line, "reason"), "");
    json_decref(line);
    line = next_document(fd);
    ck_assert_str_eq(value(line, "event"), "\"leader\"");
    ck_assert_str_eq(value(line, "leader.self"), "true");
    ck_assert_str_eq(value(line, "dropped"), "");
    json_decref(line);
    expect_silence(fd);
    close(fd);
}
END_TEST

/* The next thing that the daemon does may be to let another node lead. */
START_TEST(a_watcher_is_told_before_anything_else_happens) {
    int fd = try_connect();
    struct pollfd entry = { .fd = fd, .events = POLLIN };

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    expect_silence(fd);
    tell(NOTICE_NO_LEADER);
    ck_assert_int_eq(poll(&entry, 1, 0), 1);
    close(fd);
}
END_TEST

START_TEST(what_a_watcher_says_has_no_meaning) {
    int fd = try_connect();

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    say(fd, "{\"command\":\"resign\"}");
    expect_silence(fd);
    ck_assert_uint_eq(node.resigns, 0);
    tell(NOTICE_NO_LEADER);
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "event"), "\"no-leader\"");
    json_decref(line);
    close(fd);
}
END_TEST

START_TEST(a_slow_watcher_is_told_what_it_missed) {
    enum { CHANGES = 2000 };
    int fd = try_connect(), quick = try_connect();
    int got = 0;

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    json_decref(ask(quick, "{\"command\":\"watch\"}"));
    for (int i = 0; i < CHANGES; i++) {
        tell(NOTICE_SUSPECTED);
        json_decref(next_document(quick));
    }
    for (;;) {
        json_t *line = next_document(fd);
        json_int_t dropped = json_integer_value(json_object_get(line, "dropped"));
        if (dropped > 0) {
            ck_assert_int_eq(got + dropped, CHANGES);
            ck_assert_str_eq(value(line, "event"), "\"snapshot\"");
            ck_assert_int_eq(json_integer_value(json_object_get(line, "seq")), CHANGES);
            json_decref(line);
            break;
        }
        ck_assert_int_eq(json_integer_value(json_object_get(line, "seq")), ++got);
        json_decref(line);
    }
    tell(NOTICE_VOUCHED);
    json_t *line = next_document(fd);
    ck_assert_int_eq(json_integer_value(json_object_get(line, "seq")), CHANGES + 1);
    ck_assert_str_eq(value(line, "dropped"), "");
    json_decref(line);
    close(fd);
    close(quick);
}
END_TEST

START_TEST(the_last_line_is_delivered_before_the_end) {
    int fd = try_connect();

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    tell(NOTICE_NO_LEADER);
    ctlserver_close(node.server);
    node.server = NULL;
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "event"), "\"no-leader\"");
    json_decref(line);
    expect_end(fd);
    ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

/* Resigning */

START_TEST(all_who_resign_get_the_outcome) {
    int fd = try_connect(), other = try_connect();

    say(fd, "{\"command\":\"resign\"}");
    say(other, "{\"command\":\"resign\"}");
    while (node.resigns < 1)
        turn();
    expect_silence(fd);
    expect_silence(other);
    ck_assert_uint_eq(node.resigns, 1);
    ctlserver_resigned(node.server, RESIGN_DONE);
    json_t *answer = next_document(fd);
    ck_assert_str_eq(value(answer, "resigned"), "true");
    ck_assert_str_eq(value(answer, "leader.name"), "\"alpha\"");
    json_decref(answer);
    json_decref(next_document(other));

    say(fd, "{\"command\":\"resign\"}");
    while (node.resigns < 2)
        turn();
    ctlserver_resigned(node.server, RESIGN_NOBODY);
    expect_error(next_document(fd), "nobody");
    close(fd);
    close(other);
}
END_TEST

START_TEST(resign_may_be_answered_within_the_request) {
    int fd = try_connect();

    node.answers_at_once = true;
    expect_error(ask(fd, "{\"command\":\"resign\"}"), "not-leader");
    expect_error(ask(fd, "{\"command\":\"resign\"}"), "not-leader");
    ck_assert_uint_eq(node.resigns, 2);
    close(fd);
}
END_TEST

START_TEST(resign_without_outcome_ends) {
    int fd = try_connect();

    hurry = 1000;
    expect_error(ask(fd, "{\"command\":\"resign\"}"), "timeout");
    close(fd);
}
END_TEST

START_TEST(a_seat_is_taken_away) {
    int fd = try_connect();

    expect_error(ask(fd, "{\"command\":\"retire\"}"), "bad-request");
    expect_error(ask(fd, "{\"command\":\"retire\",\"id\":\"alpha\"}"), "bad-request");
    ck_assert_uint_eq(node.retires, 0);
    node.answers_at_once = true;
    vote();
    json_t *answer = ask(fd, "{\"command\":\"retire\",\"id\":\"09000000000000000000000000000000\"}");
    ck_assert_str_eq(value(answer, "retired"), "true");
    ck_assert_str_eq(value(answer, "quorum.roster.version"), "\"7.2\"");
    const struct node_id id = id_of(9);
    ck_assert(node_id_equal(&node.retired, &id));
    json_decref(answer);
    close(fd);
}
END_TEST

static const struct {
    enum retire_outcome outcome;
    const char *code;
} refusals[] = {
    { RETIRE_NOT_LEADER, "not-leader" }, { RETIRE_NO_SEAT, "no-seat" }, { RETIRE_OWN_SEAT, "own-seat" },
    { RETIRE_UNSETTLED, "unsettled" }, { RETIRE_NEEDED, "needed" },
};

START_TEST(a_seat_that_is_not_taken_away_is_an_error) {
    int fd = try_connect();

    for (unsigned i = 0; i < ARRAY_SIZE(refusals); i++) {
        say(fd, "{\"command\":\"retire\",\"id\":\"09000000000000000000000000000000\"}");
        while (node.retires == i)
            turn();
        ctlserver_retired(node.server, refusals[i].outcome);
        expect_error(next_document(fd), refusals[i].code);
    }
    close(fd);
}
END_TEST

/* Pausing */

START_TEST(a_pause_begins_when_the_leadership_is_handed_over) {
    int fd = try_connect(), other = try_connect();

    say(fd, "{\"command\":\"pause\",\"for_ms\":90000}");
    say(other, "{\"command\":\"resign\"}");
    while (node.pauses < 1 || node.resigns < 1)
        turn();
    ck_assert_int_eq(node.pause_wish, 90 * USEC_PER_SEC);
    ck_assert(!node.pause_forced);
    expect_silence(fd);
    node.pause_left = 89500 * USEC_PER_MS;
    ctlserver_resigned(node.server, RESIGN_DONE);
    json_t *answer = next_document(other);
    ck_assert_str_eq(value(answer, "resigned"), "true");
    json_decref(answer);
    expect_silence(fd);
    ctlserver_paused(node.server, true);
    answer = next_document(fd);
    ck_assert_str_eq(value(answer, "paused"), "true");
    ck_assert_str_eq(value(answer, "paused_for"), "89.5");
    ck_assert_str_eq(value(answer, "handed_over"), "true");
    ck_assert_str_eq(value(answer, "leader.name"), "\"alpha\"");
    json_decref(answer);
    close(fd);
    close(other);
}
END_TEST

static void expect_no_pause(int fd, enum resign_outcome outcome, const char *code) {
    unsigned before = node.pauses;

    say(fd, "{\"command\":\"pause\"}");
    while (node.pauses == before)
        turn();
    ck_assert_int_eq(node.pause_wish, USEC_NEVER);
    ctlserver_resigned(node.server, outcome);
    expect_error(next_document(fd), code);
}

START_TEST(a_pause_that_does_not_begin_is_an_error) {
    int fd = try_connect();

    expect_no_pause(fd, RESIGN_NOBODY, "nobody");
    expect_no_pause(fd, RESIGN_DONE, "resumed"); /* by somebody, before it began */
    say(fd, "{\"command\":\"pause\",\"force\":true}");
    while (node.pauses < 3)
        turn();
    node.pause_left = USEC_NEVER;
    ctlserver_resigned(node.server, RESIGN_NOBODY);
    expect_silence(fd);
    node.pause_left = 0; /* before the node has let go */
    ctlserver_paused(node.server, false);
    expect_error(next_document(fd), "resumed");
    hurry = 1000;
    expect_error(ask(fd, "{\"command\":\"pause\"}"), "timeout");
    close(fd);
}
END_TEST

START_TEST(a_pause_may_have_no_end_and_be_forced) {
    int fd = try_connect();

    node.answers_at_once = true;
    json_t *answer = ask(fd, "{\"command\":\"pause\",\"force\":true}");
    ck_assert_str_eq(value(answer, "paused_for"), "null");
    ck_assert_str_eq(value(answer, "handed_over"), "false");
    ck_assert_int_eq(node.pause_wish, USEC_NEVER);
    ck_assert(node.pause_forced);
    json_decref(answer);
    node.view.facts.eligible = true; /* the core does not know of it yet */
    answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "node.paused"), "true");
    ck_assert_str_eq(value(answer, "node.paused_for"), "null");
    ck_assert_str_eq(value(answer, "node.eligible"), "false");
    json_decref(answer);
    answer = ask(fd, "{\"command\":\"resume\"}");
    ck_assert_str_eq(value(answer, "resumed"), "true");
    ck_assert_str_eq(value(answer, "eligible"), "true");
    json_decref(answer);
    answer = ask(fd, "{\"command\":\"resume\"}");
    ck_assert_str_eq(value(answer, "resumed"), "false");
    json_decref(answer);
    close(fd);
}
END_TEST

START_TEST(a_pause_has_a_length_that_makes_sense) {
    static const char *const wrong[] = { "0", "-1", "999", "315360000001", "1.5e6", "\"1h\"", "null", "true", "[]" };
    char request[80];
    int fd = try_connect();

    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        snprintf(request, sizeof(request), "{\"command\":\"pause\",\"for_ms\":%s}", wrong[i]);
        expect_error(ask(fd, request), "bad-request");
    }
    ck_assert_uint_eq(node.pauses, 0);
    node.answers_at_once = true;
    json_decref(ask(fd, "{\"command\":\"pause\",\"for_ms\":1000}"));
    ck_assert_int_eq(node.pause_wish, PAUSE_MIN);
    json_decref(ask(fd, "{\"command\":\"pause\",\"for_ms\":315360000000}"));
    ck_assert_int_eq(node.pause_wish, PAUSE_MAX);
    close(fd);
}
END_TEST

START_TEST(watchers_are_told_of_a_pause) {
    int fd = try_connect();

    json_decref(ask(fd, "{\"command\":\"watch\"}"));
    node.pause_left = 90 * USEC_PER_SEC;
    journal_changed(node.journal, "paused");
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "seq"), "1");
    ck_assert_str_eq(value(line, "event"), "\"paused\"");
    ck_assert_str_eq(value(line, "node.paused"), "true");
    ck_assert_str_eq(value(line, "node.paused_for"), "90.0");
    ck_assert_str_eq(value(line, "leader.name"), "\"alpha\"");
    json_decref(line);
    close(fd);
}
END_TEST

/* Tags */

START_TEST(tags_are_told_by_where_they_come_from) {
    int fd = try_connect();

    memcpy(node.view.facts.tags, "role=db zone=b", 15);
    json_t *answer = ask(fd, "{\"command\":\"tags\"}");
    ck_assert_str_eq(value(answer, "tags"), "{\"role\": \"db\", \"zone\": \"b\"}");
    ck_assert_str_eq(value(answer, "configured.zone"), "\"a\"");
    ck_assert_str_eq(value(answer, "set"), "{\"zone\": \"b\"}");
    json_decref(answer);
    answer = ask(fd, "{\"command\":\"tag\",\"set\":[\"zone=b\",\"rack=\"]}");
    ck_assert_str_eq(value(answer, "tags.role"), "\"db\"");
    ck_assert_uint_eq(node.words, 2);
    json_decref(answer);
    close(fd);
}
END_TEST

/* What the others tell of themselves may be anything that can be printed. */
START_TEST(only_what_is_a_tag_is_told) {
    int fd = try_connect();

    snprintf(node.view.leader_tags, sizeof(node.view.leader_tags), "no-tag role=db =x a= \"q\"=1 zone=a");
    json_t *answer = ask(fd, "{\"command\":\"leader\"}");
    ck_assert_str_eq(value(answer, "leader.tags"), "{\"role\": \"db\", \"zone\": \"a\"}");
    ck_assert_str_eq(value(answer, "node.tags"), "{}");
    json_decref(answer);
    close(fd);
}
END_TEST

START_TEST(tags_that_make_no_sense_are_refused) {
    static const char *const wrong[] = { "[\"fine=1\",\"wrong\"]", "[7]", "[null]", "[]", "{}", "\"zone=b\"", "null" };
    char request[80];
    int fd = try_connect();

    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        snprintf(request, sizeof(request), "{\"command\":\"tag\",\"set\":%s}", wrong[i]);
        expect_error(ask(fd, request), "bad-request");
    }
    expect_error(ask(fd, "{\"command\":\"tag\"}"), "bad-request");
    expect_error(ask(fd, "{\"command\":\"tag\",\"set\":[\"many\"]}"), "too-many-tags");
    ck_assert_uint_eq(node.words, 0);
    close(fd);
}
END_TEST

/* Holders of work */

static int become_holder(void) {
    int fd = try_connect();
    json_t *answer = ask(fd, "{\"command\":\"hold\"}");

    ck_assert_str_eq(value(answer, "hold"), "\"none\"");
    ck_assert_str_eq(value(answer, "order"), "0");
    ck_assert_str_eq(value(answer, "limit_ms"), "10000");
    ck_assert_str_eq(value(answer, "state"), "\"idle\"");
    ck_assert_str_eq(value(answer, "leader.name"), "\"alpha\"");
    json_decref(answer);
    return fd;
}

/* The descriptor that comes with the next byte, which stays where it is; -1. */
static int descriptor_ahead(int fd) {
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    char byte;
    struct iovec part = { &byte, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof(control.space) };
    int got = -1;

    ck_assert_int_eq(recvmsg(fd, &message, MSG_DONTWAIT | MSG_PEEK), 1);
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS)
        memcpy(&got, CMSG_DATA(header), sizeof(got));
    return got;
}

static void order_to_work(int work_fd) {
    const struct token token = node.view.leader;
    struct holder *holder = holders_next_to_start(&node.holders, &token, NOW);

    ck_assert_ptr_nonnull(holder);
    ctlserver_order(node.server, holder, work_fd);
}

static bool is_at_its_end(int pipe) {
    char byte;

    return read(pipe, &byte, 1) == 0;
}

START_TEST(a_holder_gets_the_pipe_with_its_work) {
    int fd = become_holder(), work[2];

    ck_assert_int_eq(pipe2(work, O_NONBLOCK), 0);
    lead_self();
    order_to_work(work[1]);
    close(work[1]);
    int held = descriptor_ahead(fd);
    ck_assert_int_ge(held, 0);
    json_t *order = next_document(fd); /* without looking for descriptors: this copy is closed */
    ck_assert_str_eq(value(order, "hold"), "\"work\"");
    ck_assert_str_eq(value(order, "order"), "1");
    ck_assert_str_eq(value(order, "token"), "\"8.02000000000000000000000000000000\"");
    ck_assert_str_eq(value(order, "epoch"), "8");
    ck_assert_str_eq(value(order, "leader.self"), "true");
    json_decref(order);
    ck_assert(!is_at_its_end(work[0]));
    close(held);
    ck_assert(is_at_its_end(work[0]));
    close(work[0]);
    close(fd);
}
END_TEST

START_TEST(a_holder_is_told_to_stop_and_heard) {
    int fd = become_holder();

    lead_self();
    order_to_work(STDERR_FILENO);
    json_decref(next_document(fd));
    have_no_leader();
    ctlserver_order(node.server, holders_next_to_stop(&node.holders, NOW), STDERR_FILENO);
    ck_assert_int_eq(descriptor_ahead(fd), -1);
    json_t *order = next_document(fd);
    ck_assert_str_eq(value(order, "hold"), "\"stop\"");
    ck_assert_str_eq(value(order, "order"), "1");
    ck_assert_str_eq(value(order, "leader"), "null");
    json_decref(order);
    say(fd, "nonsense");
    say(fd, "{\"stopped\":true}");
    say(fd, "{\"stopped\":-1}");
    expect_silence(fd);
    ck_assert_uint_eq(node.stopped, 0);
    say(fd, "{\"what\":\"ever\",\"stopped\":1}");
    expect_silence(fd);
    ck_assert_uint_eq(node.stopped, 1);
    close(fd);
}
END_TEST

START_TEST(the_end_of_a_holder_is_noticed) {
    int fd = become_holder();

    ck_assert(!LIST_EMPTY(&node.holders.list));
    close(fd);
    while (!LIST_EMPTY(&node.holders.list))
        turn();
    ck_assert(!node.cut_off);
}
END_TEST

START_TEST(holders_hear_how_long_they_may_go_on) {
    int fd = become_holder();

    lead_self();
    vote();
    node.view.quorum.work = node.view.quorum.lease = 1600 * USEC_PER_MS;
    node.view.quorum.stop_margin = 100 * USEC_PER_MS;
    ctlserver_renew(node.server); /* those that work */
    expect_silence(fd);
    order_to_work(STDERR_FILENO);
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "lease_ms"), "1600");
    ck_assert_str_eq(value(line, "until_us"), "5001600000");
    ck_assert_str_eq(value(line, "stop_margin_ms"), "100");
    json_decref(line);

    node.view.quorum.work += 250 * USEC_PER_MS;
    ctlserver_renew(node.server);
    line = next_document(fd);
    ck_assert_str_eq(value(line, "until_us"), "5001850000");
    ck_assert_str_eq(value(line, "hold"), "");
    json_decref(line);

    node.view.quorum.work = 0;
    ctlserver_order(node.server, LIST_FIRST(&node.holders.list), -1); /* to work, and it is over */
    line = next_document(fd);
    ck_assert_str_eq(value(line, "until_us"), "5000000000");
    ck_assert_str_eq(value(line, "lease_ms"), "0");
    json_decref(line);

    node.view.quorum.work = USEC_PER_SEC;
    holders_next_to_stop(&node.holders, NOW); /* which takes its time */
    ctlserver_renew(node.server);
    json_decref(next_document(fd));
    ck_assert_int_eq(lease_end_told, 0); /* they are known to have stopped when they say so */
    close(fd);
}
END_TEST

/* As after a suspend: until when it was told to work counts no more. */
START_TEST(a_holder_hears_that_its_lease_was_lost) {
    int fd = become_holder();

    lead_self();
    vote();
    node.view.quorum.work = node.view.quorum.lease = 1600 * USEC_PER_MS;
    order_to_work(STDERR_FILENO);
    json_decref(next_document(fd));
    node.view.standing = STANDING_WITHOUT_LEASE;
    node.view.quorum.work = node.view.quorum.lease = 0;
    ctlserver_order(node.server, holders_next_to_stop(&node.holders, NOW), -1);
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "hold"), "\"stop\"");
    ck_assert_str_eq(value(line, "until_us"), "5000000000");
    json_decref(line);
    close(fd);
}
END_TEST

START_TEST(a_holder_without_end_is_told_none) {
    int fd = become_holder();

    lead_self();
    order_to_work(STDERR_FILENO);
    json_t *line = next_document(fd);
    ck_assert_str_eq(value(line, "until_us"), "");
    json_decref(line);
    close(fd);
}
END_TEST

START_TEST(holders_are_told_in_status) {
    int fd = become_holder(), other = try_connect();
    json_t *status = ask(other, "{\"command\":\"status\"}");
    char own_pid[16];

    snprintf(own_pid, sizeof(own_pid), "%d", (int)getpid());
    ck_assert_uint_eq(json_array_size(json_object_get(status, "holders")), 1);
    ck_assert_str_eq(value(status, "holders.0.pid"), own_pid);
    ck_assert_str_eq(value(status, "holders.0.state"), "\"idle\"");
    ck_assert_str_eq(value(status, "holders.0.since"), "3.0");
    ck_assert_str_eq(value(status, "holders.0.late"), "false");
    json_decref(status);
    close(other);
    close(fd);
}
END_TEST

START_TEST(what_a_holder_has_run_is_told_in_status) {
    int fd = become_holder(), other = try_connect();

    say(fd, "{\"ran\":{\"hook\":\"10-address\",\"event\":\"gained\",\"status\":3,\"duration_ms\":12}}");
    say(fd, "{\"ran\":{\"hook\":\"20-mail\",\"event\":\"gained\",\"status\":0,\"duration_ms\":7}}");
    say(fd, "{\"ran\":{\"hook\":\"30 bad\",\"event\":\"gained\",\"status\":0,\"duration_ms\":7}}");
    expect_silence(fd);
    json_t *status = ask(other, "{\"command\":\"status\"}");
    ck_assert_str_eq(value(status, "holders.0.ran.last.hook"), "\"20-mail\"");
    ck_assert_str_eq(value(status, "holders.0.ran.failed.hook"), "\"10-address\"");
    ck_assert_str_eq(value(status, "holders.0.ran.failed.status"), "3");
    ck_assert_str_eq(value(status, "holders.0.ran.count"), "2");
    json_decref(status);
    close(other);
    close(fd);
}
END_TEST

START_TEST(a_holder_hears_of_changes_if_it_wants) {
    int deaf = become_holder(), fd = try_connect();
    json_t *line = ask(fd, "{\"command\":\"hold-watch\"}");

    ck_assert_str_eq(value(line, "hold"), "\"none\"");
    ck_assert_str_eq(value(line, "node.id"), "\"02000000000000000000000000000000\"");
    json_decref(line);
    have_no_leader();
    tell(NOTICE_NO_LEADER);
    line = next_document(fd);
    ck_assert_str_eq(value(line, "event"), "\"no-leader\"");
    ck_assert_str_eq(value(line, "hold"), "");
    json_decref(line);
    expect_silence(deaf);
    close(deaf);
    close(fd);
}
END_TEST

START_TEST(a_slow_holder_misses_changes_but_no_order) {
    int fd = try_connect();
    bool stopped = false;
    json_int_t dropped = 0;

    json_decref(ask(fd, "{\"command\":\"hold-watch\"}"));
    for (int i = 0; i < 2000; i++)
        tell(NOTICE_SUSPECTED);
    LIST_FIRST(&node.holders.list)->state = HOLDER_STOPPING;
    ctlserver_order(node.server, LIST_FIRST(&node.holders.list), -1);
    while (dropped == 0) {
        json_t *line = next_document(fd);
        stopped |= strcmp(value(line, "hold"), "\"stop\"") == 0;
        dropped = json_integer_value(json_object_get(line, "dropped"));
        json_decref(line);
    }
    ck_assert(stopped);
    close(fd);
}
END_TEST

/* It has read nothing since it came, however often it was told to stop. */
START_TEST(a_holder_that_does_not_read_gets_no_work) {
    int fd = become_holder(), work[2];
    struct holder *holder = LIST_FIRST(&node.holders.list);

    ck_assert_int_eq(pipe2(work, O_NONBLOCK), 0);
    for (int i = 0; i < 2000 && !LIST_EMPTY(&node.holders.list); i++) {
        holder->state = HOLDER_STOPPING;
        ctlserver_order(node.server, holder, -1);
    }
    lead_self();
    holder->state = HOLDER_IDLE;
    order_to_work(work[1]);
    while (!LIST_EMPTY(&node.holders.list))
        turn();
    ck_assert(node.cut_off); /* it may go on all the same */
    close(work[1]);
    ck_assert(is_at_its_end(work[0]));
    close(work[0]);
    close(fd);
}
END_TEST

START_TEST(a_holder_that_never_ends_a_line_is_closed) {
    static char much[20000];
    int fd = become_holder();

    memset(much, 'x', sizeof(much));
    ck_assert_int_eq(send(fd, much, sizeof(much), MSG_NOSIGNAL), sizeof(much));
    while (!LIST_EMPTY(&node.holders.list))
        turn();
    close(fd);
}
END_TEST

/* Reloading */

START_TEST(reload_tells_what_changed) {
    int fd = try_connect();
    struct settings_outcome *outcome = &node.outcome;

    json_t *answer = ask(fd, "{\"command\":\"reload\"}");
    ck_assert_str_eq(value(answer, "reloaded"), "true");
    ck_assert_str_eq(value(answer, "changed"), "[]");
    ck_assert_str_eq(value(answer, "restart"), "[]");
    json_decref(answer);
    outcome->changed = (struct settings_keys){ 2, { "node.name", "node.priority" } };
    outcome->restart = (struct settings_keys){ 1, { "network.port" } };
    answer = ask(fd, "{\"command\":\"reload\"}");
    ck_assert_str_eq(value(answer, "changed"), "[\"node.name\", \"node.priority\"]");
    ck_assert_str_eq(value(answer, "restart"), "[\"network.port\"]");
    json_decref(answer);
    ck_assert_uint_eq(node.reloads, 2);
    close(fd);
}
END_TEST

START_TEST(reload_tells_every_mistake) {
    int fd = try_connect();
    struct conf_errors *errors = &node.outcome.errors;

    conf_complain(errors, "file:1: one");
    conf_complain(errors, "file:2: \xff");
    errors->dropped = 3;
    json_t *answer = ask(fd, "{\"command\":\"reload\"}");
    ck_assert_str_eq(value(answer, "reloaded"), "");
    ck_assert_str_eq(value(answer, "error.mistakes.0"), "\"file:1: one\"");
    ck_assert_str_eq(value(answer, "error.mistakes.1"), "\"file:2: ?\"");
    ck_assert_str_eq(value(answer, "error.mistakes.2"), "\"and 3 more mistakes\"");
    expect_error(answer, "configuration");
    close(fd);
}
END_TEST

/* Root only: others cannot become somebody else. */
static int connect_as(uid_t user) {
    uid_t own = geteuid();

    ck_assert_int_eq(seteuid(user), 0);
    int fd = try_connect();
    ck_assert_int_eq(seteuid(own), 0);
    return fd;
}

static int connect_as_nobody(void) {
    return connect_as(NOBODY);
}

/* Watches as that user, again and again, until it is refused. Returns how often it was not; they are added to fds. */
static unsigned watch_as(uid_t user, int fds[], unsigned size) {
    for (unsigned count = 0;; count++) {
        int fd = connect_as(user);
        json_t *answer = ask(fd, "{\"command\":\"watch\"}");
        if (json_object_get(answer, "error")) {
            expect_error(answer, "too-many-clients");
            close(fd);
            return count;
        }
        json_decref(answer);
        ck_assert_uint_lt(count, size);
        fds[count] = fd;
    }
}

/* There is such a group, whatever the host has. */
struct group *getgrnam(const char *name) {
    static struct group group = { .gr_gid = ACTING_GROUP };

    return strcmp(name, "eldest") == 0 ? &group : NULL;
}

/* Whether one may act who is of that many other groups, and of this one. */
static bool may_act_as(gid_t own, size_t others, gid_t last) {
    gid_t before[64], groups[1000];
    int count = getgroups(ARRAY_SIZE(before), before);

    for (size_t i = 0; i < others; i++)
        groups[i] = NOBODY + 1 + (gid_t)i;
    groups[others] = last;
    ck_assert_int_ge(count, 0);
    ck_assert_int_eq(setgroups(others + 1, groups), 0);
    ck_assert_int_eq(setegid(own), 0);
    int fd = connect_as_nobody();
    ck_assert_int_eq(setegid(getgid()), 0);
    ck_assert_int_eq(setgroups((size_t)count, before), 0);
    json_t *answer = ask(fd, "{\"command\":\"reload\"}");
    bool may = json_object_get(answer, "error") == NULL;
    json_decref(answer);
    close(fd);
    return may;
}

START_TEST(members_of_the_group_may_act) {
    if (geteuid() != 0)
        return;
    ck_assert(may_act_as(ACTING_GROUP, 0, NOBODY));
    ck_assert(may_act_as(NOBODY, 0, ACTING_GROUP));
    ck_assert(may_act_as(NOBODY, 10, ACTING_GROUP));
    ck_assert(may_act_as(NOBODY, 200, ACTING_GROUP));
    ck_assert_uint_eq(node.reloads, 4);
    ck_assert(!may_act_as(NOBODY, 0, NOBODY));
    ck_assert(!may_act_as(NOBODY, 10, NOBODY));
    ck_assert(!may_act_as(NOBODY, 200, NOBODY));
    ck_assert_uint_eq(node.reloads, 4);
}
END_TEST

START_TEST(others_may_read_but_not_act) {
    if (geteuid() != 0)
        return;
    int fd = connect_as_nobody();
    expect_error(ask(fd, "{\"command\":\"resign\"}"), "denied");
    expect_error(ask(fd, "{\"command\":\"reload\"}"), "denied");
    expect_error(ask(fd, "{\"command\":\"hold\"}"), "denied");
    json_decref(ask(fd, "{\"command\":\"status\"}"));
    ck_assert_uint_eq(node.resigns + node.reloads, 0);
    close(fd);
}
END_TEST

START_TEST(one_user_cannot_take_the_places_of_others) {
    int fds[256];

    if (geteuid() != 0)
        return;
    unsigned count = watch_as(NOBODY, fds, ARRAY_SIZE(fds));
    ck_assert_uint_eq(count, 64);
    int other = connect_as(NOBODY - 1);
    json_decref(ask(other, "{\"command\":\"status\"}"));
    close(other);
    close(fds[--count]);
    turn();
    fds[count] = connect_as_nobody();
    json_decref(ask(fds[count++], "{\"command\":\"status\"}"));
    while (count > 0)
        close(fds[--count]);
}
END_TEST

START_TEST(others_cannot_take_all_places) {
    int fds[256];
    unsigned count = 0, got = 1;

    if (geteuid() != 0)
        return;
    for (uid_t user = NOBODY; got > 0; user--) {
        got = watch_as(user, fds + count, ARRAY_SIZE(fds) - count);
        count += got;
    }
    ck_assert_uint_eq(count, 240);
    int fd = try_connect();
    json_decref(ask(fd, "{\"command\":\"status\"}"));
    close(fd);
    while (count > 0)
        close(fds[--count]);
}
END_TEST

/* Bad clients */

START_TEST(bad_requests_are_errors) {
    static const struct {
        const char *line;
        const char *code;
    } cases[] = {
        { "", "bad-request" },
        { "status", "bad-request" },
        { "[]", "bad-request" },
        { "{}", "bad-request" },
        { "{\"command\":7}", "bad-request" },
        { "{\"command\":\"status\"", "bad-request" },
        { "{\"command\":\"status\"} x", "bad-request" },
        { "{\"command\":\"status\",\"command\":\"resign\"}", "bad-request" },
        { "{\"command\":\"\xff\"}", "bad-request" },
        { "{\"command\":\"stat\"}", "unknown-command" },
        { "{\"command\":\"\"}", "unknown-command" },
    };
    int fd = try_connect();

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        expect_error(ask(fd, cases[i].line), cases[i].code);
    ck_assert_int_eq(send(fd, "{\"command\":\"sta\0tus\"}\n", 22, 0), 22);
    expect_error(next_document(fd), "bad-request");
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    close(fd);
}
END_TEST

START_TEST(requests_may_come_in_pieces_and_together) {
    static const char piece[] = "{\"command\":\"leader\"}\n";
    int fd = try_connect();

    for (size_t i = 0; i < sizeof(piece) - 1; i++) {
        ck_assert_int_eq(send(fd, &piece[i], 1, 0), 1);
        turn_without_waiting();
    }
    json_decref(next_document(fd));
    say(fd, "{\"command\":\"leader\"}\n{\"command\":\"x\"}\n{\"command\":\"status\"}");
    json_decref(next_document(fd));
    expect_error(next_document(fd), "unknown-command");
    json_decref(next_document(fd));
    close(fd);
}
END_TEST

START_TEST(a_request_before_the_end_is_answered) {
    int fd = try_connect();

    say(fd, "{\"command\":\"leader\"}");
    shutdown(fd, SHUT_WR);
    json_decref(next_document(fd));
    expect_end(fd);
}
END_TEST

START_TEST(a_request_that_has_not_had_its_turn_ends_with_the_server) {
    int fd = try_connect();

    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    say(fd, "{\"command\":\"resign\"}");
    turn(); /* it is read */
    ctlserver_close(node.server);
    node.server = NULL;
    expect_end(fd);
    ck_assert_uint_eq(node.resigns, 0);
}
END_TEST

START_TEST(a_request_without_end_is_refused) {
    static char flood[8192];
    int fd = try_connect();

    memset(flood, ' ', sizeof(flood));
    ck_assert_int_eq(send(fd, flood, sizeof(flood), 0), sizeof(flood));
    expect_error(next_document(fd), "too-long");
    expect_end(fd);
}
END_TEST

START_TEST(a_silent_client_is_closed) {
    int fd = try_connect(), watcher = try_connect(), dripping = try_connect();

    json_decref(ask(watcher, "{\"command\":\"watch\"}"));
    hurry = 100;
    int silent = try_connect();
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    expect_end(silent);
    expect_end(fd);
    close(dripping);
    expect_silence(watcher);
    tell(NOTICE_SUSPECTED);
    json_decref(next_document(watcher));
    close(watcher);
}
END_TEST

START_TEST(a_client_that_takes_no_answer_is_closed) {
    char byte;
    int fd;

    have_many_peers();
    hurry = 20;
    fd = try_connect();
    for (int i = 0; i < 4; i++)
        say(fd, "{\"command\":\"status\"}");
    while (send(fd, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1)
        turn();
    ck_assert_int_eq(errno, EPIPE);
    while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
        continue;
    close(fd);
}
END_TEST

static bool is_refused(int fd) {
    char start[8];

    while (recv(fd, start, sizeof(start), MSG_DONTWAIT | MSG_PEEK) < (ssize_t)sizeof(start))
        turn();
    return memcmp(start, "{\"error\"", sizeof(start)) == 0;
}

static void close_all(int fds[], unsigned count) {
    while (count > 0)
        close(fds[--count]);
}

START_TEST(what_one_user_leaves_unread_has_an_end) {
    unsigned count = 0;
    int fds[64];

    have_many_peers();
    leisure = 100;
    do {
        ck_assert_uint_lt(count, ARRAY_SIZE(fds));
        fds[count] = try_connect();
        say(fds[count], "{\"command\":\"status\"}");
    } while (!is_refused(fds[count++]));
    ck_assert_uint_gt(count, 8);
    int last = fds[--count];
    expect_error(next_document(last), "too-much-unread");
    if (geteuid() == 0) {
        int other = connect_as_nobody();
        json_decref(ask(other, "{\"command\":\"status\"}"));
        close(other);
    }
    close_all(fds, count);
    for (int i = 0; i < 100; i++)
        turn_without_waiting();
    json_t *answer = ask(last, "{\"command\":\"status\"}");
    ck_assert_ptr_null(json_object_get(answer, "error"));
    json_decref(answer);
    close(last);
}
END_TEST

START_TEST(answers_given_at_once_have_the_same_end) {
    unsigned refused = 0;
    int fds[64];

    have_many_peers();
    node.view.table_complete = false;
    for (unsigned i = 0; i < ARRAY_SIZE(fds); i++) {
        fds[i] = try_connect();
        say(fds[i], "{\"command\":\"status\"}");
    }
    while (node.table_wanted < ARRAY_SIZE(fds))
        turn();
    tell(NOTICE_TABLE);
    for (unsigned i = 0; i < ARRAY_SIZE(fds); i++)
        refused += is_refused(fds[i]);
    ck_assert_uint_gt(refused, 0);
    ck_assert_uint_lt(refused, ARRAY_SIZE(fds) - 8);
    close_all(fds, ARRAY_SIZE(fds));
}
END_TEST

START_TEST(there_is_an_end_to_clients) {
    int fds[300];
    unsigned count = 0;
    json_t *answer;

    for (;;) {
        fds[count] = try_connect();
        answer = ask(fds[count++], "{\"command\":\"watch\"}");
        if (json_object_get(answer, "error"))
            break;
        json_decref(answer);
        ck_assert_uint_lt(count, ARRAY_SIZE(fds));
    }
    expect_error(answer, "too-many-clients");
    ck_assert_uint_eq(count, 257);
    expect_end(fds[--count]);
    close(fds[--count]);
    turn();
    int fd = try_connect();
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    close(fd);
    while (count > 0)
        close(fds[--count]);
}
END_TEST

/* Saving the state takes a descriptor, too. */
START_TEST(clients_leave_descriptors_to_the_daemon) {
    struct rlimit before, limit;
    int fds[256];

    ctlserver_close(node.server);
    getrlimit(RLIMIT_NOFILE, &before);
    limit = (struct rlimit){ .rlim_cur = 100, .rlim_max = before.rlim_max };
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), 0);
    setrlimit(RLIMIT_NOFILE, &before);
    unsigned count = watch_as(geteuid(), fds, ARRAY_SIZE(fds));
    ck_assert_uint_eq(count, 100 - 32);
    while (count > 0)
        close(fds[--count]);
}
END_TEST

/* Want */

static unsigned allocations, failing; /* of the documents; which of them fails */

static void *allocate(size_t size) {
    return ++allocations == failing ? NULL : malloc(size);
}

/* What the server answers, as it comes, when that allocation fails; its length, 0 if it closes the connection. */
static size_t answer_without(unsigned allocation, const char *request, char line[LINE_MAX_SIZE]) {
    size_t length = 0, got;
    int fd = try_connect();

    say(fd, request);
    allocations = 0;
    failing = allocation;
    json_set_alloc_funcs(allocate, free);
    do {
        got = next_bytes(fd, line + length, LINE_MAX_SIZE - 1 - length);
        length += got;
    } while (got > 0 && line[length - 1] != '\n');
    json_set_alloc_funcs(malloc, free);
    line[length] = '\0';
    close(fd);
    return length;
}

/* Each allocation fails in turn: what is answered then is the same, or an error, or nothing, but never a part. */
static void expect_all_or_nothing(const char *request) {
    static char whole[LINE_MAX_SIZE], line[LINE_MAX_SIZE];
    unsigned needed, nothing = 0;

    ck_assert_uint_gt(answer_without(0, request, whole), 0);
    needed = allocations;
    for (unsigned i = 1; i <= needed; i++) {
        if (answer_without(i, request, line) == 0)
            nothing++;
        else if (strncmp(line, "{\"error\":", 9) != 0)
            ck_assert_str_eq(line, whole);
    }
    ck_assert_uint_gt(nothing, 0);
}

START_TEST(without_memory_an_answer_is_whole_or_none) {
    static const char *const requests[] = {
        "{\"command\":\"status\"}", "{\"command\":\"leader\"}", "{\"command\":\"history\"}",
        "{\"command\":\"counters\"}", "{\"command\":\"reload\"}",
        "{\"command\":\"tags\"}", "{\"command\":\"watch\"}", "{\"command\":\"hold\"}", "{\"command\":\"resume\"}",
        "{\"command\":\"what\"}",
    };

    seen(NOTICE_LEADER, 1, 7, REASON_FIRST, "alpha", 20 * USEC_PER_SEC);
    seen(NOTICE_NO_LEADER, 1, 7, REASON_DEATH, "alpha", 10 * USEC_PER_SEC);
    snprintf(node.peers[1].facts.tags, sizeof(node.peers[1].facts.tags), "role=db zone=a");
    node.outcome.changed = (struct settings_keys){ 2, { "node.name", "node.priority" } };
    int holder = become_holder();
    hurry = 1000; /* status is tried again after a while */
    for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
        expect_all_or_nothing(requests[i]);
    close(holder);
}
END_TEST

static void *allocate_again(void *memory, size_t size) {
    return ++allocations == failing ? NULL : realloc(memory, size);
}

static unsigned descriptors(void) {
    unsigned count = 0;

    for (int fd = 0; fd < 200; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Whether a client is served that comes when that allocation of libevent fails. Nothing is left of it. */
static bool is_served_without(unsigned allocation) {
    static char line[LINE_MAX_SIZE];
    unsigned before = descriptors();
    int fd = try_connect();

    say(fd, "{\"command\":\"leader\"}");
    allocations = 0;
    failing = allocation;
    event_set_mem_functions(allocate, allocate_again, free);
    turn();
    event_set_mem_functions(malloc, realloc, free);
    bool served = next_bytes(fd, line, sizeof(line)) > 0;
    close(fd);
    while (descriptors() > before)
        turn();
    return served;
}

/* Its timer, its stream and the two buffers of that. What else libevent allocates it does not look at itself. */
START_TEST(without_memory_a_client_is_closed) {
    ck_assert(is_served_without(0));
    for (unsigned i = 1; i <= 4; i++)
        ck_assert(!is_served_without(i));
    ck_assert(is_served_without(0));
}
END_TEST

/* The limit is such that so many more can be opened. */
static void allow_descriptors(unsigned more) {
    struct rlimit limit;
    int next = dup(STDERR_FILENO);

    ck_assert_int_ge(next, 0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = (rlim_t)next + more;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

START_TEST(who_comes_when_descriptors_are_used_up_is_served_later) {
    struct rlimit before;
    int first = try_connect();

    getrlimit(RLIMIT_NOFILE, &before);
    json_decref(ask(first, "{\"command\":\"leader\"}"));
    int second = try_connect();
    say(second, "{\"command\":\"leader\"}");
    hurry = 1000;
    allow_descriptors(0);
    expect_silence(second);
    json_decref(ask(first, "{\"command\":\"leader\"}"));
    setrlimit(RLIMIT_NOFILE, &before);
    json_decref(next_document(second));
    close(second);
    close(first);
}
END_TEST

/* Neither socket nor lock is there. */
static void expect_free_place(void) {
    char run[160];

    snprintf(run, sizeof(run), "%s/run", directory);
    ck_assert_int_eq(rmdir(run), 0);
}

START_TEST(without_descriptors_the_socket_is_left_to_others) {
    struct ctlsocket socket;
    struct rlimit before;

    ctlserver_close(node.server);
    node.server = NULL;
    getrlimit(RLIMIT_NOFILE, &before);
    for (unsigned more = 0; more < 2; more++) { /* for the lock, and for the socket */
        allow_descriptors(more);
        ck_assert_int_eq(ctlsocket_open(&socket, path), -EMFILE);
        setrlimit(RLIMIT_NOFILE, &before);
        expect_free_place();
    }
}
END_TEST

/* The socket file */

START_TEST(the_socket_is_for_everybody) {
    struct stat status;
    char run[160];

    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0666);
    snprintf(run, sizeof(run), "%s/run", directory);
    ck_assert_int_eq(stat(run, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0755);
}
END_TEST

START_TEST(a_living_daemon_keeps_its_socket) {
    struct ctlserver *second = NULL;

    ck_assert_int_eq(ctlserver_open(&second, base, path, &node), -EADDRINUSE);
    ck_assert_ptr_null(second);
    int fd = try_connect();
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    close(fd);
}
END_TEST

/* It does not listen yet, and so cannot be told from a dead one by connecting to it. */
START_TEST(a_starting_daemon_keeps_its_socket) {
    struct ctlsocket first, second;
    struct stat before, after;

    ctlserver_close(node.server);
    node.server = NULL;
    ck_assert_int_eq(ctlsocket_open(&first, path), 0);
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_int_eq(ctlsocket_open(&second, path), -EADDRINUSE);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ctlsocket_remove(&first);
    close(first.fd);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), 0);
}
END_TEST

START_TEST(nothing_is_left_where_the_socket_was) {
    char run[160];

    snprintf(run, sizeof(run), "%s/run", directory);
    ctlserver_close(node.server);
    node.server = NULL;
    ck_assert_int_eq(rmdir(run), 0);
}
END_TEST

/* As one that was killed does. */
static void leave_behind_lock(void) {
    char lock[160];

    snprintf(lock, sizeof(lock), "%s.lock", path);
    int fd = open(lock, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

START_TEST(the_socket_of_a_dead_daemon_is_replaced) {
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);

    ctlserver_close(node.server);
    node.server = NULL;
    ck_assert_int_eq(bind(dead, (struct sockaddr *)&address, sizeof(address)), 0);
    close(dead);
    leave_behind_lock();
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), 0);
    int fd = try_connect();
    json_decref(ask(fd, "{\"command\":\"leader\"}"));
    close(fd);
}
END_TEST

START_TEST(a_file_that_is_no_socket_stays) {
    struct stat status;

    ctlserver_close(node.server);
    node.server = NULL;
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), -EEXIST);
    ck_assert_int_eq(stat(path, &status), 0);
}
END_TEST

/* It has more connections waiting than it takes; or it is no such server, but somebody is there. */
START_TEST(a_socket_of_somebody_who_is_busy_stays) {
    struct stat before, after;
    int busy, waiting[4];

    ctlserver_close(node.server);
    node.server = NULL;
    busy = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(busy, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(busy, 0), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(waiting); i++) {
        waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(waiting[i], (struct sockaddr *)&address, sizeof(address)) < 0)
            ck_assert_int_eq(errno, EAGAIN);
    }
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), -EADDRINUSE);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    for (unsigned i = 0; i < ARRAY_SIZE(waiting); i++)
        close(waiting[i]);
    close(busy);
}
END_TEST

START_TEST(a_socket_of_another_kind_stays) {
    int other = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct stat status;

    ctlserver_close(node.server);
    node.server = NULL;
    ck_assert_int_eq(bind(other, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), -EPROTOTYPE);
    ck_assert_int_eq(stat(path, &status), 0);
    close(other);
}
END_TEST

/* It would be made, and taken away, where the link leads. */
START_TEST(a_link_in_place_of_the_lock_is_not_followed) {
    char lock[160], elsewhere[160];

    ctlserver_close(node.server);
    node.server = NULL;
    snprintf(lock, sizeof(lock), "%s.lock", path);
    snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", directory);
    ck_assert_int_eq(symlink(elsewhere, lock), 0);
    ck_assert_int_eq(ctlserver_open(&node.server, base, path, &node), -ELOOP);
    ck_assert_int_eq(access(elsewhere, F_OK), -1);
    ck_assert_int_eq(unlink(lock), 0);
}
END_TEST

START_TEST(only_its_own_socket_is_removed) {
    struct stat status;

    ck_assert_int_eq(unlink(path), 0);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    close(fd);
    ctlserver_close(node.server);
    node.server = NULL;
    ck_assert_int_eq(stat(path, &status), 0);
}
END_TEST

START_TEST(a_name_alone_is_in_the_folder_of_the_daemon) {
    struct ctlsocket socket;

    ck_assert_int_eq(chdir(directory), 0);
    ck_assert_int_eq(ctlsocket_open(&socket, "alone"), 0);
    ck_assert_int_eq(access("alone", F_OK), 0);
    ctlsocket_remove(&socket);
    close(socket.fd);
    ck_assert_int_eq(access("alone", F_OK), -1);
    ck_assert_int_eq(access("alone.lock", F_OK), -1);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(impossible_paths_are_errors) {
    struct ctlserver *server = NULL;
    char longer[200];

    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_int_eq(ctlserver_open(&server, base, longer, &node), -ENAMETOOLONG);
    ck_assert_int_eq(ctlserver_open(&server, base, "", &node), -ENOENT);
    ck_assert_int_eq(ctlserver_open(&server, base, "/nowhere/at/all.sock", &node), -ENOENT);
    ck_assert_ptr_null(server);
    ctlserver_close(NULL);
}
END_TEST

static TCase *add_case(Suite *suite, const char *name, const TTest *const tests[], size_t count) {
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return tcase;
}

int main(void) {
    const TTest *const documents[] = { status_of_a_follower, peers_are_in_order_of_seniority, unknown_values_are_null,
                                       the_leader_tells_its_own_address,
                                       a_state_that_cannot_be_saved_is_told,
                                       a_leader_that_is_not_confirmed_names_nobody,
                                       those_who_vote_are_told, why_nobody_leads_is_told,
                                       a_lease_is_told_and_kept_in_mind };
    const TTest *const history[] = { history_of_nothing_is_empty, history_tells_the_past_and_the_present,
                                     history_tells_what_was_not_seen_as_null,
                                     history_of_a_leader_that_is_not_confirmed,
                                     history_says_how_much_it_has_forgotten };
    const TTest *const counters[] = { counters_are_all_there, counters_are_what_they_are_called };
    const TTest *const table[] = { status_waits_for_the_table, status_does_not_wait_for_ever,
                                   status_may_be_answered_within_the_request, status_without_leader_asks_nobody,
                                   a_client_may_go_while_it_is_waited_for };
    const TTest *const watching[] = { watch_begins_with_the_present, watch_tells_each_change,
                                      a_watcher_is_told_before_anything_else_happens,
                                      what_a_watcher_says_has_no_meaning, a_slow_watcher_is_told_what_it_missed,
                                      the_last_line_is_delivered_before_the_end };
    const TTest *const resigning[] = { all_who_resign_get_the_outcome, resign_may_be_answered_within_the_request,
                                       resign_without_outcome_ends, others_may_read_but_not_act,
                                       members_of_the_group_may_act,
                                       one_user_cannot_take_the_places_of_others, others_cannot_take_all_places,
                                       a_seat_is_taken_away, a_seat_that_is_not_taken_away_is_an_error };
    const TTest *const pausing[] = { a_pause_begins_when_the_leadership_is_handed_over,
                                     a_pause_that_does_not_begin_is_an_error, a_pause_may_have_no_end_and_be_forced,
                                     a_pause_has_a_length_that_makes_sense, watchers_are_told_of_a_pause };
    const TTest *const tags[] = { tags_are_told_by_where_they_come_from, only_what_is_a_tag_is_told,
                                  tags_that_make_no_sense_are_refused };
    const TTest *const reloading[] = { reload_tells_what_changed, reload_tells_every_mistake };
    const TTest *const holding[] = { a_holder_gets_the_pipe_with_its_work, a_holder_is_told_to_stop_and_heard,
                                     the_end_of_a_holder_is_noticed, holders_hear_how_long_they_may_go_on,
                                     a_holder_hears_that_its_lease_was_lost, a_holder_without_end_is_told_none,
                                     holders_are_told_in_status,
                                     what_a_holder_has_run_is_told_in_status, a_holder_hears_of_changes_if_it_wants,
                                     a_slow_holder_misses_changes_but_no_order,
                                     a_holder_that_does_not_read_gets_no_work,
                                     a_holder_that_never_ends_a_line_is_closed };
    const TTest *const bad_clients[] = { bad_requests_are_errors, requests_may_come_in_pieces_and_together,
                                         a_request_before_the_end_is_answered,
                                         a_request_that_has_not_had_its_turn_ends_with_the_server,
                                         a_request_without_end_is_refused,
                                         a_silent_client_is_closed, a_client_that_takes_no_answer_is_closed,
                                         what_one_user_leaves_unread_has_an_end,
                                         answers_given_at_once_have_the_same_end,
                                         there_is_an_end_to_clients, clients_leave_descriptors_to_the_daemon };
    const TTest *const want[] = { without_memory_an_answer_is_whole_or_none, without_memory_a_client_is_closed };
    const TTest *const descriptors[] = { who_comes_when_descriptors_are_used_up_is_served_later,
                                         without_descriptors_the_socket_is_left_to_others };
    const TTest *const file[] = { the_socket_is_for_everybody, a_living_daemon_keeps_its_socket,
                                  a_starting_daemon_keeps_its_socket, nothing_is_left_where_the_socket_was,
                                  the_socket_of_a_dead_daemon_is_replaced, a_file_that_is_no_socket_stays,
                                  a_socket_of_somebody_who_is_busy_stays, a_socket_of_another_kind_stays,
                                  a_link_in_place_of_the_lock_is_not_followed,
                                  only_its_own_socket_is_removed, a_name_alone_is_in_the_folder_of_the_daemon,
                                  impossible_paths_are_errors };
    Suite *suite = suite_create("ctlserver");

    add_case(suite, "documents", documents, ARRAY_SIZE(documents));
    add_case(suite, "history", history, ARRAY_SIZE(history));
    add_case(suite, "counters", counters, ARRAY_SIZE(counters));
    add_case(suite, "table", table, ARRAY_SIZE(table));
    add_case(suite, "watching", watching, ARRAY_SIZE(watching));
    add_case(suite, "resigning", resigning, ARRAY_SIZE(resigning));
    add_case(suite, "pausing", pausing, ARRAY_SIZE(pausing));
    add_case(suite, "tags", tags, ARRAY_SIZE(tags));
    add_case(suite, "reloading", reloading, ARRAY_SIZE(reloading));
    add_case(suite, "holding", holding, ARRAY_SIZE(holding));
    add_case(suite, "bad clients", bad_clients, ARRAY_SIZE(bad_clients));
    add_case(suite, "want", want, ARRAY_SIZE(want));
    TCase *limited = add_case(suite, "descriptors", descriptors, ARRAY_SIZE(descriptors));
    tcase_set_tags(limited, "not-under-valgrind"); /* which takes a client, and then finds that it is one too many */
    add_case(suite, "file", file, ARRAY_SIZE(file));

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
