/* SPDX-License-Identifier: ISC
 *
 * test_inbox.c - which datagrams are for the core; the others are counted, each under its reason, and told once.
 */
#include "daemon/inbox.h"

#include "auth/gate.h"
#include "auth/seal.h"
#include "base/util.h"
#include "daemon/conf.h"
#include "core/core.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/paths.h"
#include "daemon/strangers.h"
#include "daemon/traffic.h"
#include "platform/clock.h"
#include "platform/udp.h"
#include "toy_hash.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { USED = 2, UNUSED = 123456789, MY_NONCE = 4711 };

static struct inbox *inbox;
static struct paths *paths;
static struct traffic *traffic;
static struct strangers strangers;
static struct address sender; /* of what was accepted */
static struct counters counters;
static struct wire_message message;
static uint8_t bytes[WIRE_DATAGRAM_MAX + 1];
static struct udp_datagram datagram; /* of these bytes: fine, until a test changes something */
static struct inbox_config config;
static struct keys keys;
static struct static_peers peers;
static usec_t now;
static int log_end;

/* The made-up surroundings. */

const struct link *links_find(const struct links *links, uint32_t ifindex) {
    static const struct link link = { .ifindex = USED };

    (void)links;
    return ifindex == USED ? &link : NULL;
}

bool links_reach(const struct links *links, const struct address *address) {
    (void)links;
    return address->ifindex == USED;
}

usec_t clock_now(void) {
    return now;
}

int64_t clock_wall_ms(void) {
    return 0;
}

static struct node_id id_of(uint8_t who) {
    return (struct node_id){ { who } };
}

static struct wire_message announce(const char *cluster, uint8_t who, uint64_t boot_nonce) {
    struct wire_message one = { .header = { .type = WIRE_ANNOUNCE, .sender = id_of(who), .incarnation = 1,
                                            .boot_nonce = boot_nonce } };

    snprintf(one.header.cluster, sizeof(one.header.cluster), "%s", cluster);
    return one;
}

static void arrives(const struct wire_message *one) {
    size_t length = wire_encode(one, bytes);
    bool unicast = (one->header.flags & WIRE_FLAG_UNICAST) != 0;

    ck_assert_uint_gt(length, 0);
    datagram = (struct udp_datagram){ .data = bytes, .length = length, .ttl = 255,
                                      .cast = unicast ? UDP_TO_NODE : UDP_TO_GROUP };
    datagram.source = (struct address){ .family = 4, .bytes = { 192, 0, 2, 7 }, .port = 4007, .ifindex = USED };
}

static bool is_accepted(void) {
    return inbox_accept(inbox, &datagram, &message, &sender);
}

static void setup(void) {
    const struct wire_message fine = announce("default", 7, 1);
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    close(ends[1]);
    log_end = ends[0];
    ck_assert_int_eq(fcntl(log_end, F_SETFL, O_NONBLOCK), 0);
    unsetenv("JOURNAL_STREAM");
    log_open_stderr();
    log_set_level(LOG_LEVEL_DEBUG);
    now = 1000 * USEC_PER_SEC;
    memset(&counters, 0, sizeof(counters));
    ck_assert_int_eq(paths_open(&paths, NULL), 0);
    ck_assert_int_eq(traffic_open(&traffic, NULL), 0);
    traffic_begin(traffic, USED, now);
    memset(&strangers, 0, sizeof(strangers));
    config = (struct inbox_config){ .cluster = "default", .boot_nonce = MY_NONCE, .counters = &counters,
                                    .paths = paths, .traffic = traffic, .strangers = &strangers };
    ck_assert_int_eq(inbox_open(&inbox, &config), 0);
    arrives(&fine);
}

static void teardown(void) {
    inbox_close(inbox);
    traffic_close(traffic);
    paths_close(paths);
    close(log_end);
}

/* How many lines of the log have come since the last call; each names the sender. */
static unsigned told(void) {
    char text[8192];
    ssize_t length = read(log_end, text, sizeof(text) - 1);
    unsigned lines = 0;

    text[length > 0 ? length : 0] = '\0';
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++)
        ck_assert_msg(strstr(line, "192.0.2.7:4007") != NULL, "it does not name the sender: %s", line);
    return lines;
}

/* The datagram is refused for that reason, which is the only one that is counted, and `lines` are told of it. */
static void expect_refused(unsigned refusal, unsigned lines) {
    struct counters before = counters;

    ck_assert(!is_accepted());
    before.refused[refusal]++;
    ck_assert_msg(memcmp(&before, &counters, sizeof(counters)) == 0, "not counted as %s",
                  counters_refusal_name(refusal));
    ck_assert_uint_eq(told(), lines);
}

START_TEST(what_is_for_one_but_was_sent_to_all_is_refused) {
    struct wire_message one = announce("default", 7, 1);

    one.header.flags = WIRE_FLAG_UNICAST;
    arrives(&one);
    datagram.cast = UDP_TO_GROUP;
    expect_refused(REFUSED_UNMEANT, 0);
    datagram.cast = UDP_TO_LINK;
    expect_refused(REFUSED_UNMEANT, 0);
    datagram.cast = UDP_TO_NODE;
    ck_assert(is_accepted());
    one.header.flags = 0;
    one.header.seq++;
    arrives(&one);
    datagram.cast = UDP_TO_NODE; /* as peers beyond a router get it */
    ck_assert(is_accepted());
}
END_TEST

START_TEST(what_is_fine_is_handed_on) {
    ck_assert(is_accepted());
    ck_assert_int_eq(message.header.type, WIRE_ANNOUNCE);
    ck_assert_str_eq(message.header.cluster, "default");
    ck_assert_uint_eq(counters.received[WIRE_ANNOUNCE], 1);
    for (unsigned i = 0; i < REFUSED_END; i++)
        ck_assert_uint_eq(counters.refused[i], 0);
    ck_assert_uint_eq(told(), 0);
}
END_TEST

START_TEST(reasons_have_names) {
    for (unsigned i = WIRE_OK + 1; i < REFUSED_END; i++) {
        ck_assert_str_ne(counters_refusal_name(i), "?");
        for (unsigned other = WIRE_OK + 1; other < i; other++)
            ck_assert_str_ne(counters_refusal_name(i), counters_refusal_name(other));
    }
    ck_assert_str_eq(counters_refusal_name(REFUSED_END), "?");
}
END_TEST

/* Its name is told, or its index if it is gone. */
START_TEST(what_comes_by_another_interface) {
    char text[1024];
    ssize_t length;

    datagram.source.ifindex = UNUSED;
    ck_assert(!is_accepted());
    length = read(log_end, text, sizeof text - 1);
    ck_assert_int_gt(length, 0);
    text[length] = '\0';
    ck_assert_ptr_nonnull(strstr(text, "123456789"));
    expect_refused(REFUSED_OTHER_INTERFACE, 0);
}
END_TEST

START_TEST(what_crossed_a_router) {
    datagram.ttl = 254;
    expect_refused(REFUSED_WRONG_TTL, 1);
    datagram.ttl = 0; /* the kernel did not tell it */
    expect_refused(REFUSED_WRONG_TTL, 0);
}
END_TEST

START_TEST(what_is_not_understood) {
    datagram.length = 3;
    expect_refused(WIRE_SHORT, 1);
    datagram.length = WIRE_DATAGRAM_MAX + 1;
    expect_refused(WIRE_LONG, 1);
    bytes[6] = 99; /* type */
    datagram.length = 200;
    expect_refused(WIRE_UNKNOWN_TYPE, 1);
    bytes[4]++; /* major version */
    expect_refused(WIRE_VERSION, 1);
    bytes[0] = 'X';
    expect_refused(WIRE_FOREIGN, 1);
}
END_TEST

START_TEST(what_is_of_another_cluster_is_told_once_for_each) {
    static const struct {
        const char *cluster;
        unsigned lines;
    } steps[] = { { "other", 1 }, { "other", 0 }, { "third", 1 }, { "third", 0 } };

    for (unsigned i = 0; i < ARRAY_SIZE(steps); i++) {
        const struct wire_message foreign = announce(steps[i].cluster, 7, 1);
        arrives(&foreign);
        expect_refused(REFUSED_OTHER_CLUSTER, steps[i].lines);
    }
}
END_TEST

/* What cannot be checked is not believed, however well it looks. */
START_TEST(what_was_made_with_a_key) {
    struct wire_message keyed = announce("default", 7, 1);

    keyed.header.key_id = 7;
    arrives(&keyed);
    expect_refused(REFUSED_KEYED, 1);
}
END_TEST

START_TEST(what_this_node_said_itself) {
    const struct wire_message echo = announce("default", 50, MY_NONCE);
    const struct wire_message twin = announce("default", 50, MY_NONCE + 1); /* for the core to judge */

    const struct wire_message former = announce("default", 51, MY_NONCE); /* before it took another id */

    arrives(&echo);
    expect_refused(REFUSED_OWN_ECHO, 0);
    arrives(&former);
    expect_refused(REFUSED_OWN_ECHO, 0);
    arrives(&twin);
    ck_assert(is_accepted());
}
END_TEST

START_TEST(each_kind_is_told_once_in_a_while) {
    datagram.ttl = 64;
    expect_refused(REFUSED_WRONG_TTL, 1);
    for (int i = 0; i < 1000; i++)
        expect_refused(REFUSED_WRONG_TTL, 0);
    datagram.ttl = 255;
    datagram.length = 3;
    expect_refused(WIRE_SHORT, 1);
    now += 3600 * USEC_PER_SEC;
    expect_refused(WIRE_SHORT, 1);
}
END_TEST

/* From wherever else there comes something it is heard. */
START_TEST(who_sends_too_much_is_not_heard_for_a_moment) {
    unsigned accepted = 0;

    for (unsigned i = 0; i < 10000; i++)
        accepted += is_accepted() || counters.refused[REFUSED_TOO_MANY] == 0;
    ck_assert_uint_eq(accepted, 2000);
    ck_assert_uint_eq(counters.refused[REFUSED_TOO_MANY], 8000);
    ck_assert_uint_eq(told(), 1);
    datagram.source.port++;
    ck_assert(inbox_accept(inbox, &datagram, &message, &sender) || counters.refused[REFUSED_REPEATED] > 0);
    ck_assert_uint_le(counters.refused[REFUSED_TOO_MANY], 8001); /* by chance they share a bucket */
    datagram.source.port--;
    now += USEC_PER_SEC;
    counters.refused[REFUSED_TOO_MANY] = 0;
    is_accepted();
    ck_assert_uint_eq(counters.refused[REFUSED_TOO_MANY], 0);
}
END_TEST

/* ---- with a key */

/* From now on this node has keys 7 and 8; the datagram is by somebody with key 7. */
static void use_key(void) {
    static uint64_t memory[1 << 16];
    struct gate_config gate_config = { .boot_nonce = MY_NONCE, .senders_max = 8 };

    keys = (struct keys){ 2, { { .id = 7, .secret = { 7 } }, { .id = 8, .secret = { 8 } } } };
    peers.count = 0;
    ck_assert_uint_le(gate_size(gate_config.senders_max), sizeof memory);
    memset(memory, 0, sizeof memory);
    config.keys = &keys;
    config.hash = toy_hash;
    config.cipher = &toy_cipher;
    config.peers = &peers;
    config.gate = gate_init(memory, &gate_config);
    inbox_close(inbox);
    ck_assert_int_eq(inbox_open(&inbox, &config), 0);
}

static void arrives_sealed(struct wire_message one, const struct key *key) {
    one.header.key_id = key->id;
    arrives(&one);
    seal_sign(key, toy_hash, bytes, datagram.length);
}

static void arrives_encrypted(struct wire_message one, const struct key *key) {
    static const uint8_t nonce[WIRE_AEAD_NONCE_SIZE] = { 1 };

    one.header.key_id = key->id;
    one.header.flags |= WIRE_FLAG_SEALED;
    arrives(&one);
    seal_close(key, &toy_cipher, nonce, bytes, datagram.length);
}

static struct wire_message proof(uint64_t boot_nonce, uint64_t seq) {
    struct wire_message one = announce("default", 7, boot_nonce);
    struct gate_challenge asked;

    ck_assert(gate_next(config.gate, now, &asked));
    one.header.type = WIRE_CHALLENGE;
    one.header.flags = WIRE_FLAG_UNICAST;
    one.header.receiver_nonce = MY_NONCE;
    one.header.seq = seq;
    one.challenge = (struct wire_challenge){ .answered = asked.body.asked };
    return one;
}

static void expect_stranger(enum stranger_kind kind, uint64_t datagrams) {
    ck_assert_uint_eq(strangers.kinds[kind].count, 1);
    ck_assert_str_eq(strangers.kinds[kind].list[0].cluster, "default");
    ck_assert_uint_eq(strangers.kinds[kind].list[0].count, datagrams);
}

static void rubbish_arrives_from(uint8_t host) {
    const struct wire_message one = announce("default", 7, 1);

    arrives(&one);
    bytes[0] ^= 1;
    datagram.source.bytes[3] = host;
    ck_assert(!is_accepted());
}

START_TEST(who_has_not_the_key_is_named) {
    const struct key other = { .id = 9, .secret = { 7 } }, false_one = { .id = 7, .secret = { 8 } };
    const struct wire_message one = announce("default", 7, 1);

    use_key();
    arrives(&one);
    expect_refused(REFUSED_UNKEYED, 1);
    expect_stranger(STRANGER_NO_KEY, 1);
    arrives_sealed(one, &other);
    expect_refused(REFUSED_OTHER_KEY, 1);
    expect_stranger(STRANGER_OTHER_KEY, 1);
    arrives_sealed(one, &false_one);
    expect_refused(REFUSED_WRONG_MAC, 1);
    expect_stranger(STRANGER_OTHER_KEY, 2);
    ck_assert_ptr_null(paths_next(paths, NULL));
}
END_TEST

START_TEST(rubbish_hides_nobody_who_has_not_the_key) {
    const struct wire_message one = announce("default", 7, 1);

    use_key();
    arrives(&one);
    expect_refused(REFUSED_UNKEYED, 1);
    for (uint8_t host = 7; host < 255; host++)
        rubbish_arrives_from(host);
    ck_assert_uint_eq(strangers.kinds[STRANGER_PROGRAM].count, STRANGERS_MAX);
    arrives(&one);
    ck_assert(!is_accepted());
    expect_stranger(STRANGER_NO_KEY, 2);
}
END_TEST

/* With either key; and only then the address that the answer came from is a way to it. */
START_TEST(who_has_it_is_believed_after_one_answer) {
    use_key();
    for (unsigned i = 0; i < 2; i++) {
        struct wire_message one = announce("default", 7, 1 + i);
        struct udp_datagram kept;

        one.header.seq = 1;
        arrives_sealed(one, &keys.list[i]);
        expect_refused(REFUSED_UNPROVEN, 0);
        ck_assert(!inbox_kept(inbox, &kept));
        arrives_sealed(proof(1 + i, 2), &keys.list[i]);
        ck_assert(!is_accepted());
        ck_assert_uint_eq(counters.received[WIRE_CHALLENGE], i + 1);
        ck_assert(inbox_kept(inbox, &kept));
        ck_assert_int_eq(kept.cast, UDP_TO_GROUP);
        datagram = kept;
        ck_assert(is_accepted());
        ck_assert(address_equal(&sender, &datagram.source));
        arrives_sealed(one, &keys.list[i]);
        expect_refused(REFUSED_REPEATED, 0);
    }
}
END_TEST

/* Whoever sends from its address. */
START_TEST(who_has_it_is_heard_however_many_pose_as_it) {
    const struct key false_one = { .id = 7, .secret = { 8 } };
    const struct wire_message one = announce("default", 7, 1);

    use_key();
    arrives_sealed(one, &false_one);
    for (unsigned i = 0; i < 10000; i++)
        ck_assert(!is_accepted());
    ck_assert_uint_eq(counters.refused[REFUSED_WRONG_MAC], 2000);
    ck_assert_uint_eq(counters.refused[REFUSED_TOO_MANY], 8000);
    ck_assert_uint_eq(told(), 2);
    arrives_sealed(one, &keys.list[0]);
    expect_refused(REFUSED_UNPROVEN, 0);
    arrives_encrypted(proof(1, 2), &keys.list[0]);
    ck_assert(!is_accepted());
    ck_assert_uint_eq(counters.received[WIRE_CHALLENGE], 1);
}
END_TEST

/* This node need not encrypt itself. */
START_TEST(what_is_encrypted_is_read) {
    struct wire_message one = announce("default", 7, 1);
    struct udp_datagram kept;

    use_key();
    one.header.seq = 1;
    one.announce.port = 4007;
    arrives_encrypted(one, &keys.list[1]);
    expect_refused(REFUSED_UNPROVEN, 0);
    arrives_encrypted(proof(1, 2), &keys.list[1]);
    ck_assert(!is_accepted());
    ck_assert(inbox_kept(inbox, &kept));
    datagram = kept;
    ck_assert(is_accepted());
    ck_assert_uint_eq(message.announce.port, 4007);
    one.header.seq = 3;
    arrives_sealed(one, &keys.list[1]); /* the sender has been told to do without */
    ck_assert(is_accepted());
}
END_TEST

START_TEST(what_is_encrypted_otherwise_is_refused) {
    const struct key other = { .id = 9, .secret = { 7 } }, none = { .id = 0 };
    const struct wire_message one = announce("default", 7, 1), foreign = announce("elsewhere", 7, 1),
                              own = announce("default", 7, MY_NONCE);

    arrives_encrypted(one, &other);
    expect_refused(REFUSED_KEYED, 1);
    arrives_encrypted(one, &none);
    expect_refused(WIRE_RANGE, 1);
    use_key();
    arrives_encrypted(one, &none);
    expect_refused(REFUSED_UNKEYED, 1);
    arrives_encrypted(one, &other);
    expect_refused(REFUSED_OTHER_KEY, 1);
    arrives_encrypted(foreign, &keys.list[0]);
    expect_refused(REFUSED_OTHER_CLUSTER, 1);
    arrives_encrypted(own, &keys.list[0]);
    expect_refused(REFUSED_OWN_ECHO, 0);
    arrives_encrypted(one, &keys.list[0]);
    bytes[datagram.length - WIRE_MAC_SIZE - 1] ^= 1;
    expect_refused(REFUSED_WRONG_MAC, 1);
}
END_TEST

START_TEST(an_address_is_no_way_before_somebody_has_answered_there) {
    struct wire_message one = announce("default", 7, 1);
    struct udp_datagram kept;
    struct gate_challenge asked;

    use_key();
    one.header.seq = 1;
    arrives_sealed(one, &keys.list[0]);
    expect_refused(REFUSED_UNPROVEN, 0);
    arrives_sealed(proof(1, 2), &keys.list[0]);
    ck_assert(!is_accepted());
    while (inbox_kept(inbox, &kept))
        continue;
    one.header.seq = 3;
    arrives_sealed(one, &keys.list[0]);
    datagram.source.bytes[3] = 99; /* a copy, by somebody else, was faster */
    ck_assert(is_accepted());
    ck_assert_uint_eq(sender.bytes[3], 7);
    ck_assert_uint_eq(paths_next(paths, NULL)->count, 1);
    ck_assert(gate_next(config.gate, now, &asked));
    ck_assert_uint_eq(asked.to.bytes[3], 99);
    one.header.type = WIRE_RESIGN; /* and so with a unicast */
    one.header.flags = WIRE_FLAG_UNICAST;
    one.header.receiver_nonce = MY_NONCE;
    one.header.seq = 4;
    one.resign = (struct wire_resign){ .epoch = 1, .successor = one.header.sender };
    arrives_sealed(one, &keys.list[0]);
    datagram.source.bytes[3] = 98;
    ck_assert(is_accepted());
    ck_assert_uint_eq(sender.bytes[3], 7);
    ck_assert_uint_eq(paths_next(paths, NULL)->count, 1);
}
END_TEST

START_TEST(what_crossed_a_router_is_taken_from_peers_with_the_key) {
    struct wire_message one = announce("default", 7, 1);

    use_key();
    arrives_sealed(one, &keys.list[0]);
    datagram.ttl = 254;
    expect_refused(REFUSED_WRONG_TTL, 1);
    peers = (struct static_peers){ 1, { datagram.source } };
    peers.list[0].port = 1; /* whatever it is */
    expect_refused(REFUSED_UNPROVEN, 0);
    arrives(&one);
    datagram.ttl = 254;
    expect_refused(REFUSED_UNKEYED, 1);
    config.gate = NULL;
    inbox_close(inbox);
    ck_assert_int_eq(inbox_open(&inbox, &config), 0);
    expect_refused(REFUSED_WRONG_TTL, 1);
}
END_TEST

/* ---- of the core */

START_TEST(what_the_core_ignores_is_told) {
    struct core_counters core = { .tries = 0 };

    inbox_tell_ignored(inbox, &datagram.source, &core);
    ck_assert_uint_eq(told(), 0);
    for (unsigned i = 0; i < REFUSAL_END; i++) {
        core.refused[i]++;
        inbox_tell_ignored(inbox, &datagram.source, &core);
        ck_assert_msg(told() == 1, "%s is not told", refusal_name((enum core_refusal)i));
        core.refused[i]++;
        inbox_tell_ignored(inbox, &datagram.source, &core);
        ck_assert_uint_eq(told(), 0); /* the limit */
        now += 3600 * USEC_PER_SEC;
        inbox_tell_ignored(inbox, &datagram.source, &core);
        ck_assert_uint_eq(told(), 0); /* nothing was ignored since */
    }
}
END_TEST

static Suite *suite_of_inbox(void) {
    Suite *suite = suite_create("inbox");
    TCase *cases = tcase_create("inbox");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, what_is_fine_is_handed_on);
    tcase_add_test(cases, what_is_for_one_but_was_sent_to_all_is_refused);
    tcase_add_test(cases, reasons_have_names);
    tcase_add_test(cases, what_comes_by_another_interface);
    tcase_add_test(cases, what_crossed_a_router);
    tcase_add_test(cases, what_is_not_understood);
    tcase_add_test(cases, what_is_of_another_cluster_is_told_once_for_each);
    tcase_add_test(cases, what_was_made_with_a_key);
    tcase_add_test(cases, what_this_node_said_itself);
    tcase_add_test(cases, each_kind_is_told_once_in_a_while);
    tcase_add_test(cases, who_sends_too_much_is_not_heard_for_a_moment);
    tcase_add_test(cases, who_has_not_the_key_is_named);
    tcase_add_test(cases, rubbish_hides_nobody_who_has_not_the_key);
    tcase_add_test(cases, who_has_it_is_believed_after_one_answer);
    tcase_add_test(cases, who_has_it_is_heard_however_many_pose_as_it);
    tcase_add_test(cases, what_is_encrypted_is_read);
    tcase_add_test(cases, what_is_encrypted_otherwise_is_refused);
    tcase_add_test(cases, an_address_is_no_way_before_somebody_has_answered_there);
    tcase_add_test(cases, what_crossed_a_router_is_taken_from_peers_with_the_key);
    tcase_add_test(cases, what_the_core_ignores_is_told);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_inbox());
    int failed;

    srunner_set_fork_status(runner, CK_FORK); /* whatever CK_FORK says: standard error is replaced */
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
