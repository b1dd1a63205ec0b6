/* SPDX-License-Identifier: ISC
 *
 * test_metrics.c - the text of metrics, and what is in it of a node that the test makes up.
 */
#include "http/metrics.h"

#include "base/util.h"
#include "daemon/links.h"
#include "http/exposition.h"
#include "unit/node_fixture.h"

#include <check.h>
#include <event2/buffer.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;

unsigned links_count(const struct links *links) {
    (void)links;
    return 2;
}

static void teardown(void) {
    free(text);
    text = NULL;
    node_close();
}

/* ---- its text */

static void take(struct evbuffer *out) {
    size_t length = evbuffer_get_length(out);

    free(text);
    text = malloc(length + 1);
    ck_assert_ptr_nonnull(text);
    evbuffer_remove(out, text, length);
    text[length] = '\0';
    evbuffer_free(out);
}

static void scrape(void) {
    struct evbuffer *out = evbuffer_new();

    ck_assert_int_eq(metrics_write(&node, out), 0);
    take(out);
}

/* How many lines begin so. */
static unsigned lines(const char *beginning) {
    size_t length = strlen(beginning);
    unsigned count = 0;

    for (const char *line = text; line && *line != '\0'; line = strchr(line, '\n') + 1)
        count += strncmp(line, beginning, length) == 0;
    return count;
}

/* This is one of the lines. */
static void has(const char *line) {
    char whole[512];

    snprintf(whole, sizeof whole, "%s\n", line);
    ck_assert_msg(lines(whole) == 1, "not there: %s; but:\n%s", line, text);
}

/* ---- the form */

static struct exposition exposition;

static void begin(const char *type) {
    exposition = (struct exposition){ .out = evbuffer_new() };
    exposition_family(&exposition, "m", type, "Words.");
}

static void reads(const char *expected) {
    ck_assert(!exposition.failed);
    take(exposition.out);
    ck_assert_str_eq(text, expected);
}

START_TEST(a_family_has_its_head_once) {
    begin("gauge");
    exposition_sample(&exposition, NULL, 1);
    exposition_sample(&exposition, EXPOSITION_LABELS({ "a", "b" }, { "c", "" }), 0.016);
    reads("# HELP m Words.\n# TYPE m gauge\nm 1\nm{a=\"b\",c=\"\"} 0.016\n");
}
END_TEST

START_TEST(a_family_without_samples_leaves_no_trace) {
    begin("gauge");
    exposition_sample(&exposition, NULL, (double)NAN);
    reads("");
}
END_TEST

START_TEST(numbers_are_exact) {
    begin("counter");
    exposition_sample(&exposition, NULL, 0);
    exposition_sample(&exposition, NULL, 999999999999999);
    exposition_sample(&exposition, NULL, 0.000001);
    exposition_sample(&exposition, NULL, -1.5);
    reads("# HELP m Words.\n# TYPE m counter\nm 0\nm 999999999999999\nm 1e-06\nm -1.5\n");
}
END_TEST

static void label_reads(const char *value, const char *expected) {
    char line[600];

    begin("gauge");
    exposition_sample(&exposition, EXPOSITION_LABELS({ "a", value }), 1);
    snprintf(line, sizeof line, "# HELP m Words.\n# TYPE m gauge\nm{a=\"%s\"} 1\n", expected);
    reads(line);
}

START_TEST(values_of_labels_cannot_break_out) {
    char many[400], cut[257];

    label_reads("\"} 666", "\\\"} 666");
    label_reads("\\", "\\\\");
    label_reads("\\\"\\\\", "\\\\\\\"\\\\\\\\");
    label_reads("a\nb\r\033[2J", "a?b??[2J");
    label_reads("Kn\xc3\xb6" "del \xe2\x82\xac", "Kn\xc3\xb6" "del \xe2\x82\xac");
    label_reads("\xff\xc3", "??");
    memset(many, 'x', sizeof many);
    memset(cut, 'x', sizeof cut);
    many[sizeof many - 1] = cut[sizeof cut - 1] = '\0';
    label_reads(many, cut);
}
END_TEST

START_TEST(a_histogram_is_cumulative) {
    struct histogram histogram = { 0 };

    histogram_note(&histogram, 50);
    histogram_note(&histogram, 250);
    histogram_note(&histogram, 20 * USEC_PER_SEC);
    begin("histogram");
    exposition_histogram(&exposition, &histogram);
    reads("# HELP m Words.\n# TYPE m histogram\n"
          "m_bucket{le=\"0.0001\"} 1\nm_bucket{le=\"0.0003\"} 2\nm_bucket{le=\"0.001\"} 2\nm_bucket{le=\"0.003\"} 2\n"
          "m_bucket{le=\"0.01\"} 2\nm_bucket{le=\"0.03\"} 2\nm_bucket{le=\"0.1\"} 2\nm_bucket{le=\"0.3\"} 2\n"
          "m_bucket{le=\"1\"} 2\nm_bucket{le=\"3\"} 2\nm_bucket{le=\"10\"} 2\nm_bucket{le=\"+Inf\"} 3\n"
          "m_sum 20.0003\nm_count 3\n");
}
END_TEST

/* ---- what is in it */

#define BETA "{id=\"02000000000000000000000000000000\",name=\"beta\"} "
#define GAMMA "{id=\"03000000000000000000000000000000\",name=\"gamma\"} "
#define ALPHA "{id=\"01000000000000000000000000000000\",name=\"alpha\"} "

START_TEST(a_follower_tells_of_its_leader_alone) {
    scrape();
    has("eldest_leading 0");
    has("eldest_leader_known 1");
    has("eldest_leader_info" ALPHA "1");
    has("eldest_leadership_seconds 12.345678");
    has("eldest_members 3");
    has("eldest_standing{standing=\"following\"} 1");
    has("eldest_standing{standing=\"leading\"} 0");
    has("eldest_peer_round_trip_seconds" ALPHA "0.00025");
    has("eldest_peer_loss_ratio" ALPHA "0.015625");
    has("eldest_peer_last_seen_seconds" ALPHA "1.234");
    ck_assert_uint_eq(lines("eldest_peer_"), 3);
}
END_TEST

START_TEST(a_leader_tells_of_its_followers) {
    lead_self();
    node.peers[1].rtt_us = 0;
    node.peers[1].loss = LOSS_UNKNOWN;
    scrape();
    has("eldest_leading 1");
    has("eldest_leader_known 1");
    has("eldest_leader_info" BETA "1");
    has("eldest_standing{standing=\"leading\"} 1");
    has("eldest_peer_last_seen_seconds" GAMMA "1.234");
    has("eldest_peer_round_trip_seconds" ALPHA "0.00025");
    ck_assert_uint_eq(lines("eldest_peer_last_seen_seconds{"), 2);
    ck_assert_uint_eq(lines("eldest_peer_round_trip_seconds{"), 1);
    ck_assert_uint_eq(lines("eldest_peer_loss_ratio{"), 1);
}
END_TEST

START_TEST(the_number_of_samples_is_bounded) {
    lead_self();
    have_many_peers();
    scrape();
    ck_assert_uint_eq(lines("eldest_peer_last_seen_seconds{"), METRICS_PEERS_MAX);
    ck_assert_uint_lt(lines(""), 1000);
}
END_TEST

START_TEST(without_a_leader_none_is_named) {
    have_no_leader();
    scrape();
    has("eldest_leading 0");
    has("eldest_leader_known 0");
    has("eldest_standing{standing=\"no_leader\"} 1");
    ck_assert_uint_eq(lines("eldest_leader_info"), 0);
    ck_assert_uint_eq(lines("eldest_leadership_seconds"), 0);
    ck_assert_uint_eq(lines("# HELP eldest_leadership_seconds"), 0);
    ck_assert_uint_eq(lines("eldest_peer_"), 0);
}
END_TEST

/* As everywhere else: it may not be the leader any more. */
START_TEST(a_leader_that_is_not_confirmed_names_nobody) {
    lead_self();
    node.view.leads = false;
    node.view.standing = STANDING_UNCONFIRMED;
    scrape();
    has("eldest_leading 0");
    has("eldest_leader_known 0");
    ck_assert_uint_eq(lines("eldest_leader_info"), 0);
}
END_TEST

START_TEST(votes_are_told_where_there_are_any) {
    scrape();
    ck_assert_uint_eq(lines("eldest_quorum_"), 0);
    ck_assert_uint_eq(lines("eldest_seat"), 0);
    ck_assert_uint_eq(lines("eldest_promised_"), 0);
    ck_assert_uint_eq(lines("eldest_lease_"), 0);
    node.view.standing = STANDING_SPARE;
    node.view.quorum = (struct core_quorum){ .majority = true, .expect = 5, .needed = 3, .have = 4,
                                             .abstains = 1500 * USEC_PER_MS, .roster = { .count = 4 } };
    scrape();
    has("eldest_standing{standing=\"spare\"} 1");
    has("eldest_standing{standing=\"without_lease\"} 0");
    has("eldest_quorum_needed 3");
    has("eldest_quorum_have 4");
    has("eldest_seats 5");
    has("eldest_seats_taken 4");
    has("eldest_seat 0");
    has("eldest_promised_seconds 1.5");
    ck_assert_uint_eq(lines("eldest_lease_seconds"), 0);
    lead_self();
    node.view.quorum.lease = 1250 * USEC_PER_MS;
    scrape();
    has("eldest_lease_seconds 1.25");
    node.view.quorum.lease = USEC_NEVER;
    scrape();
    ck_assert_uint_eq(lines("eldest_lease_seconds"), 0);
}
END_TEST

START_TEST(names_from_the_network_are_only_names) {
    snprintf(node.peers[2].facts.name, sizeof node.peers[2].facts.name, "x\"} 1\neldest_leading 1\n");
    scrape();
    has("eldest_leading 0");
    has("eldest_peer_loss_ratio{id=\"01000000000000000000000000000000\",name=\"x\\\"} 1?eldest_leading 1?\"} 0.015625");
}
END_TEST

START_TEST(counters_have_their_kinds) {
    node.counters.sent[WIRE_LEADER_ELECTED] = 12;
    node.counters.leader_changes[REASON_FIRST] = 3;
    node.counters.core.tries_lost = 1ULL << 40;
    node.counters.wakeups = 99;
    scrape();
    has("eldest_sent_total{type=\"leader_elected\"} 12");
    has("eldest_leader_changes_total{reason=\"cold_start\"} 3");
    has("eldest_leader_changes_total{reason=\"death\"} 0");
    has("eldest_tries_lost_total 1099511627776");
    has("eldest_wakeups_total 99");
}
END_TEST

START_TEST(a_node_tells_of_itself) {
    struct holder works = { .pid = 1 }, late = { .pid = 2 };

    holders_add(&node.holders, &works, 0);
    holders_add(&node.holders, &late, 0);
    works.state = HOLDER_WORKING;
    late.state = HOLDER_STOPPING;
    late.late = true;
    node.pause_left = USEC_NEVER;
    scrape();
    has("eldest_build_info{version=\"" PACKAGE_VERSION "\"} 1");
    has("eldest_node_info{cluster=\"default\",id=\"02000000000000000000000000000000\",name=\"beta\"} 1");
    has("eldest_uptime_seconds 3723.456789");
    has("eldest_age_seconds 97");
    has("eldest_clock_step_seconds -1.5");
    has("eldest_interfaces 2");
    has("eldest_paused 1");
    has("eldest_eligible 0");
    has("eldest_epoch 7");
    has("eldest_state{state=\"idle\"} 1");
    has("eldest_holders{state=\"working\"} 1");
    has("eldest_holders{state=\"stopping\"} 1");
    has("eldest_holders{state=\"idle\"} 0");
    has("eldest_holders_overdue 1");
    has("process_start_time_seconds 1795433573.333");
    ck_assert_uint_eq(lines("process_resident_memory_bytes "), 1);
    ck_assert_uint_eq(lines("process_cpu_seconds_total "), 1);
}
END_TEST

START_TEST(what_is_described_is_written_in_that_order) {
    struct metrics_family family;
    unsigned count = 0;
    char head[256];

    lead_self();
    node.view.quorum = (struct core_quorum){ .majority = true, .lease = USEC_PER_SEC };
    scrape();
    for (const char *rest = text; metrics_describe(count, &family); count++) {
        snprintf(head, sizeof head, "# HELP %s %s\n# TYPE %s %s\n", family.name, family.help, family.name, family.type);
        rest = strstr(rest, head);
        ck_assert_msg(rest != NULL, "not there, or not in its place: %s", head);
        ck_assert_uint_eq(lines(head), 1);
    }
    ck_assert_uint_eq(lines("# HELP "), count);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("metrics");
    TCase *cases = tcase_create("metrics");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(cases, node_open, teardown);
    tcase_add_test(cases, a_family_has_its_head_once);
    tcase_add_test(cases, a_family_without_samples_leaves_no_trace);
    tcase_add_test(cases, numbers_are_exact);
    tcase_add_test(cases, values_of_labels_cannot_break_out);
    tcase_add_test(cases, a_histogram_is_cumulative);
    tcase_add_test(cases, a_follower_tells_of_its_leader_alone);
    tcase_add_test(cases, a_leader_tells_of_its_followers);
    tcase_add_test(cases, the_number_of_samples_is_bounded);
    tcase_add_test(cases, without_a_leader_none_is_named);
    tcase_add_test(cases, a_leader_that_is_not_confirmed_names_nobody);
    tcase_add_test(cases, votes_are_told_where_there_are_any);
    tcase_add_test(cases, names_from_the_network_are_only_names);
    tcase_add_test(cases, counters_have_their_kinds);
    tcase_add_test(cases, a_node_tells_of_itself);
    tcase_add_test(cases, what_is_described_is_written_in_that_order);
    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
