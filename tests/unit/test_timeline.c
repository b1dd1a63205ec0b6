/* SPDX-License-Identifier: ISC
 *
 * test_timeline.c - changes of a watch in, a story out.
 *
 * A story is a list of changes and the lines that come of them. Each change is told by the milliseconds at which it
 * happens, what it is, and its members as JSON, with ' for "; alpha, beta and gamma are nodes, and beta is this one.
 */
#include "text/timeline.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA "{'id':'aaaaaaaaaaaa','name':'alpha','address':'192.0.2.1','self':false}"
#define BETA "{'id':'bbbbbbbbbbbb','name':'beta','address':'192.0.2.2','self':true}"
#define GAMMA "{'id':'cccccccccccc','name':'gamma','address':'192.0.2.3','self':false}"
#define ALPHA_LEADS "'state':'idle','epoch':7,'leader':" ALPHA
#define BETA_LEADS "'state':'leader','epoch':8,'leader':" BETA
#define NOBODY_LEADS "'state':'idle','standing':'no leader','epoch':7,'leader':null"

static struct timeline timeline;
static char story[4096];

static json_t *change_new(double ms, const char *event, const char *members) {
    char text[2048];
    json_error_t error;

    snprintf(text, sizeof(text), "{'time':'2026-11-23T09:12:%06.3fZ','mono_ns':%.0f,'event':'%s'%s%s}", ms / 1000,
             (ms + 1000) * 1e6, event, *members ? "," : "", members);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *change = json_loads(text, 0, &error);
    ck_assert_msg(change, "%s: %s", error.text, text);
    return change;
}

static void happens(double ms, const char *event, const char *members) {
    json_t *change = change_new(ms, event, members);
    struct timeline_line line;
    size_t length = strlen(story);

    if (timeline_read(&timeline, change, &line))
        snprintf(story + length, sizeof(story) - length, "%8s %c %s\n", line.elapsed, line.mark, line.text);
    json_decref(change);
}

/* The lines since the last time. */
static void expect(const char *lines) {
    ck_assert_str_eq(story, lines);
    story[0] = '\0';
}

static void setup(void) {
    setenv("TZ", "UTC", 1);
    memset(&timeline, 0, sizeof(timeline));
    story[0] = '\0';
    happens(0, "snapshot", ALPHA_LEADS);
    expect("         * alpha (192.0.2.1) leads, epoch 7; this node is idle\n");
}

START_TEST(a_silent_leader_is_doubted_given_up_and_replaced) {
    happens(500, "suspected", ALPHA_LEADS);
    happens(806, "no-leader", NOBODY_LEADS ",'reason':'death','ended':'7.aaaaaaaaaaaa'");
    happens(806.2, "state", "'state':'candidate','leader':null");
    happens(808.9, "leader", BETA_LEADS ",'reason':'death'");
    happens(808.9, "state", BETA_LEADS);
    expect(" +500 ms ? alpha is silent and is being checked\n"
           " +306 ms ! no leader: alpha fell silent\n"
           "+0.20 ms   this node stands for election\n"
           "+2.70 ms * this node, beta (192.0.2.2), leads now, epoch 8; no leader for 2.90 ms, "
           "after 306 ms of doubt\n");

    happens(5000, "leader", "'state':'idle','epoch':9,'reason':'merge','leader':" GAMMA);
    expect("   +4.2s * gamma (192.0.2.3) leads now, epoch 9 (merge)\n");
}
END_TEST

START_TEST(a_leader_that_was_doubted_lives) {
    happens(500, "suspected", ALPHA_LEADS);
    happens(520, "suspected", ALPHA_LEADS);
    happens(523, "vouched", ALPHA_LEADS);
    happens(600, "suspected", ALPHA_LEADS);
    happens(610, "vouched", ALPHA_LEADS);
    expect(" +500 ms ? alpha is silent and is being checked\n"
           "  +20 ms ? alpha is silent and is being checked\n"
           "   +3 ms * alpha lives, after 23 ms of doubt\n"
           "  +77 ms ? alpha is silent and is being checked\n"
           "  +10 ms * alpha lives, after 10 ms of doubt\n");
}
END_TEST

START_TEST(the_next_leader_ends_the_doubt_of_the_one_before) {
    happens(500, "suspected", ALPHA_LEADS);
    happens(600, "vouched", "'state':'idle','epoch':8,'leader':" GAMMA);
    happens(600, "leader", "'state':'idle','epoch':8,'reason':'death','leader':" GAMMA);
    expect(" +500 ms ? alpha is silent and is being checked\n"
           " +100 ms * gamma (192.0.2.3) leads now, epoch 8 (death), after 100 ms of doubt\n");
}
END_TEST

START_TEST(why_nobody_leads_is_told_in_words) {
    static const struct {
        const char *reason, *line;
    } cases[] = {
        { "death", "no leader: alpha fell silent" },
        { "farewell", "no leader: eldestd of alpha has died" },
        { "resign", "no leader: alpha has handed over" },
        { "merge", "no leader: alpha gave way to another leader" },
        { "link", "no leader: this node has lost its last network interface" },
        { "weariness", "no leader: alpha leads no more (weariness)" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        char members[512], line[512];

        setup();
        snprintf(members, sizeof(members), NOBODY_LEADS ",'reason':'%s','ended':'7.aaaaaaaaaaaa'", cases[i].reason);
        snprintf(line, sizeof(line), "   +9 ms ! %s\n", cases[i].line);
        happens(9, "no-leader", members);
        expect(line);
    }
}
END_TEST

START_TEST(who_led_before_is_known_by_the_token) {
    happens(10, "leader", BETA_LEADS ",'reason':'resign'");
    happens(20, "no-leader", NOBODY_LEADS ",'reason':'resign','ended':'8.bbbbbbbbbbbb'");
    happens(30, "no-leader", NOBODY_LEADS ",'reason':'death','ended':'12.dddddddddddd'");
    happens(40, "no-leader", NOBODY_LEADS);
    expect("  +10 ms * this node, beta (192.0.2.2), leads now, epoch 8 (resign)\n"
           "  +10 ms ! no leader: this node has handed over\n"
           "  +10 ms ! no leader: the leader of epoch 12 fell silent\n"
           "  +10 ms ! no leader: the leader leads no more\n");
}
END_TEST

START_TEST(a_leader_goes_on) {
    happens(10, "leader", "'state':'idle','epoch':9,'reason':'rise','leader':" ALPHA);
    happens(20, "leader", "'state':'idle','epoch':9,'leader':{'id':'aaaaaaaaaaaa','name':'adam','self':false}");
    happens(30, "confirmed", BETA_LEADS ",'reason':'pause'");
    happens(40, "reassert", BETA_LEADS ",'reason':'merge'");
    expect("  +10 ms * alpha (192.0.2.1) leads on, epoch 9 (rise)\n"
           "  +10 ms   alpha has told its name and tags: adam leads, epoch 9\n"
           "  +10 ms * this node, beta (192.0.2.2), still leads, epoch 8 (pause)\n"
           "  +10 ms * this node, beta (192.0.2.2), still leads, epoch 8 (merge)\n");
}
END_TEST

START_TEST(lines_that_were_missed_are_counted) {
    happens(5, "suspected", ALPHA_LEADS);
    happens(100, "snapshot", NOBODY_LEADS ",'dropped':12");
    happens(110, "leader", BETA_LEADS ",'reason':'death'");
    expect("   +5 ms ? alpha is silent and is being checked\n"
           "  +95 ms ! 12 changes were missed; no leader: looking for one\n"
           "  +10 ms * this node, beta (192.0.2.2), leads now, epoch 8 (death)\n");
}
END_TEST

START_TEST(what_else_happens_has_a_line) {
    happens(1, "peer-joined", ALPHA_LEADS ",'peer':" GAMMA);
    happens(2, "peer-left", ALPHA_LEADS ",'peer':" GAMMA);
    happens(3, "conflict", ALPHA_LEADS ",'other':{'token':'9.cccccccccccc','name':'gamma','address':'192.0.2.3'}");
    happens(4, "clone", ALPHA_LEADS ",'other':{'address':'192.0.2.9'},'taken':true");
    happens(5, "paused", ALPHA_LEADS ",'node':{'paused':true,'paused_for':3600.0}");
    happens(6, "resumed", ALPHA_LEADS ",'node':{'paused':false,'eligible':false}");
    happens(7, "tags", ALPHA_LEADS ",'node':{'tags':{'zone':'a'}}");
    happens(8, "table-full", ALPHA_LEADS);
    happens(9, "roster", ALPHA_LEADS ",'roster':{'seats':[" ALPHA "," BETA ",{'id':'dddddddddddd','name':null}]}");
    happens(10, "eclipse", ALPHA_LEADS ",'reason':'moon'");
    expect("   +1 ms + gamma (192.0.2.3) has joined\n"
           "   +1 ms - gamma (192.0.2.3) has left\n"
           "   +1 ms ! another leader was heard: gamma (192.0.2.3), epoch 9\n"
           "   +1 ms ! another host uses this node's id: 192.0.2.9; this node has taken a new one\n"
           "   +1 ms   this node is paused for 1h\n"
           "   +1 ms   this node is not paused any more, but not eligible\n"
           "   +1 ms   this node has the tags zone=a\n"
           "   +1 ms ! the member table is full: more members follow unlisted\n"
           "   +1 ms   these nodes have a vote now: alpha, beta, dddddddd\n"
           "   +1 ms   eclipse (moon)\n");
}
END_TEST

START_TEST(times_are_those_of_the_day) {
    json_t *change = change_new(44517, "suspected", ALPHA_LEADS);
    struct timeline_line line;

    ck_assert(timeline_read(&timeline, change, &line));
    ck_assert_str_eq(line.time, "09:12:44.517");
    json_object_set_new(change, "time", json_string("2026-11-23T09:12:44Z"));
    ck_assert(timeline_read(&timeline, change, &line));
    ck_assert_str_eq(line.time, "09:12:44");
    json_object_set_new(change, "time", json_string("soon"));
    ck_assert(timeline_read(&timeline, change, &line));
    ck_assert_str_eq(line.time, "");
    json_decref(change);
}
END_TEST

static Suite *timeline_suite(void) {
    Suite *suite = suite_create("timeline");
    TCase *stories = tcase_create("stories");

    tcase_add_checked_fixture(stories, setup, NULL);
    tcase_add_test(stories, a_silent_leader_is_doubted_given_up_and_replaced);
    tcase_add_test(stories, a_leader_that_was_doubted_lives);
    tcase_add_test(stories, the_next_leader_ends_the_doubt_of_the_one_before);
    tcase_add_test(stories, why_nobody_leads_is_told_in_words);
    tcase_add_test(stories, who_led_before_is_known_by_the_token);
    tcase_add_test(stories, a_leader_goes_on);
    tcase_add_test(stories, lines_that_were_missed_are_counted);
    tcase_add_test(stories, what_else_happens_has_a_line);
    tcase_add_test(stories, times_are_those_of_the_day);
    suite_add_tcase(suite, stories);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(timeline_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
