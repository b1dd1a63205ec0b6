/* SPDX-License-Identifier: ISC
 *
 * test_script.c - the language of the cases: what is read, what is refused and where, and that whatever a case claims
 * can turn out wrong.
 */
#include "play.h"
#include "scenario.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "intent It is tried.\nabout A1\nnodes 3\n"

static struct script script;
static char error[SCRIPT_ERROR_MAX];

static bool parse(const char *text) {
    return script_parse("some/where/tried.sim", text, &play_language, &script, error);
}

static void assert_refused(const char *text, const char *complaint) {
    ck_assert_msg(!parse(text), "not refused: %s", text);
    ck_assert_msg(strstr(error, complaint), "%s\nis not in the error for %s:\n%s", complaint, text, error);
}

/* ---- what is read */

START_TEST(head_is_read) {
    ck_assert_msg(parse("# why\nintent  It is   tried.\nabout F6 MERGE-3\nnodes 2 10\n"
                        "nodes 5 loss 20% seeds 7 detect 100ms work 3s profile wifi\nheal # now\n"), "%s", error);
    ck_assert_str_eq(script.name, "tried");
    ck_assert_str_eq(script.intent, "It is tried.");
    ck_assert_str_eq(script.about, "F6 MERGE-3");
    ck_assert_uint_eq(script.settings_count, 3);
    ck_assert_uint_eq(script.settings[0].nodes, 2);
    ck_assert_uint_eq(script.settings[0].seeds, 1);
    ck_assert_int_eq(script.settings[0].detect, 300 * USEC_PER_MS);
    ck_assert_uint_eq(script.settings[1].nodes, 10);
    ck_assert_uint_eq(script.settings[2].nodes, 5);
    ck_assert_uint_eq(script.settings[2].loss_ppm, 200000);
    ck_assert_uint_eq(script.settings[2].seeds, 7);
    ck_assert_int_eq(script.settings[2].detect, 100 * USEC_PER_MS);
    ck_assert_int_eq(script.settings[2].work_stop, 3 * USEC_PER_SEC);
    ck_assert_ptr_eq(script.settings[2].profile, profile_find("wifi"));
    ck_assert_uint_eq(script.statements_count, 1);
    ck_assert_uint_eq(script.statements[0].line, 6);
    ck_assert_str_eq(script.statements[0].text, "heal");
}
END_TEST

START_TEST(votes_are_read) {
    ck_assert_msg(parse("intent It is tried.\nabout A1\nnodes 4 expect 3 bare margin 200ms patience 1s\nnodes 3\n"
                        "configure n1 n2 expect 5\nconfigure n3 quorum none\n"), "%s", error);
    ck_assert_uint_eq(script.settings[0].expect, 3);
    ck_assert(script.settings[0].bare);
    ck_assert_int_eq(script.settings[0].margin, 200 * USEC_PER_MS);
    ck_assert_int_eq(script.settings[0].patience, USEC_PER_SEC);
    ck_assert_uint_eq(script.settings[1].expect, 0);
    ck_assert(!script.settings[1].bare);
    ck_assert_uint_eq(script.statements[0].value, 5);
    ck_assert_uint_eq(script.statements_count, 2);
}
END_TEST

START_TEST(nodes_are_read_by_side) {
    const struct statement *statement = &script.statements[0];

    ck_assert_msg(parse(HEAD "cut n1 n2..mid any follower -> rest\n"), "%s", error);
    ck_assert_uint_eq(statement->sides, 2);
    ck_assert_uint_eq(statement->terms_count, 4);
    ck_assert_int_eq(statement->terms[0].first.kind, WHO_NUMBER);
    ck_assert_uint_eq(statement->terms[0].first.number, 0);
    ck_assert_uint_eq(statement->terms[1].first.number, 1);
    ck_assert_int_eq(statement->terms[1].last.kind, WHO_MID);
    ck_assert_int_eq(statement->terms[2].first.kind, WHO_ANY_FOLLOWER);
    ck_assert_uint_eq(statement->terms[2].side, 0);
    ck_assert_int_eq(statement->terms[3].kind, TERM_REST);
    ck_assert_uint_eq(statement->terms[3].side, 1);
}
END_TEST

START_TEST(durations_amounts_and_prefixes_are_read) {
    const struct statement *list = script.statements;

    ck_assert_msg(parse(HEAD "run 1s..3s\nwithout loss wait 2s for leaders at most 4\ncheck sent Suspect 7\n"), "%s",
                  error);
    ck_assert_int_eq(list[0].span.low, USEC_PER_SEC);
    ck_assert_int_eq(list[0].span.high, 3 * USEC_PER_SEC);
    ck_assert(!list[0].lossless && list[1].lossless && !list[2].lossless);
    ck_assert_int_eq(list[1].limit, 2 * USEC_PER_SEC);
    ck_assert_int_eq(list[1].amount.relation, AT_MOST);
    ck_assert_uint_eq(list[1].amount.count, 4);
    ck_assert_int_eq(list[2].limit, 0);
    ck_assert_int_eq(list[2].amount.relation, EXACTLY);
    ck_assert_uint_eq(list[2].value, WIRE_SUSPECT);
}
END_TEST

START_TEST(a_count_and_a_share_stand_in_one_statement) {
    ck_assert_msg(parse(HEAD "bursts of 20 losing 80%\nclock all 10% slow\n"), "%s", error);
    ck_assert_uint_eq(script.statements[0].value, 20);
    ck_assert_uint_eq(script.statements[0].share_ppm, 800000);
    ck_assert_uint_eq(script.statements[1].share_ppm, 100000);
    ck_assert_uint_eq(script.statements[1].terms_count, 1);
}
END_TEST

START_TEST(blocks_know_their_end) {
    ck_assert_msg(parse(HEAD "repeat 3 times {\nrepeat 2 times {\nheal\n}\nheal\n}\nheal\n"), "%s", error);
    ck_assert_uint_eq(script.statements[0].end, 5);
    ck_assert_uint_eq(script.statements[1].end, 3);
    ck_assert_uint_eq(script.statements[2].end, 0);
}
END_TEST

/* ---- what is refused */

START_TEST(mistakes_have_a_place) {
    assert_refused(HEAD "heal\n\njump\n",
                   "some/where/tried.sim:6: \"jump\" is not expected here; allowed: start NODES;");
    assert_refused(HEAD "pause n1 3s\n", ":4: \"3s\" is not expected here; allowed: pause NODES for SPAN");
    assert_refused(HEAD "run fast\n", "\"fast\" is not a duration, as 300ms, or two, as 1s..3s");
}
END_TEST

START_TEST(every_argument_is_checked) {
    static const struct {
        const char *text, *complaint;
    } mistakes[] = {
        { "kill n0", "\"n0\" is not nodes" },
        { "kill", "\"the end of the line\" is not nodes" },
        { "kill somebody", "\"somebody\" is not nodes" },
        { "kill n1 now", "\"now\" is not the end of the line; allowed: kill NODES" },
        { "kill n1 n1 n1 n1 n1 n1 n1 n1 n1", "\"n1\" is not the end of the line" },
        { "resign n1 n2", "\"n2\" is not the end of the line" },
        { "run 3s..1s", "is not a duration" },
        { "run 3", "is not a duration" },
        { "settle within 1s..2s", "\"1s..2s\" is not a duration, as 300ms" },
        { "repeat many times {", "\"many\" is not a number" },
        { "configure n1 priority 65536", "\"65536\" is not a number" },
        { "duplicate 5", "\"5\" is not a percentage" },
        { "check leaders", "\"the end of the line\" is not" },
        { "check leaders at best 1", "\"best\" is not a number" },
        { "check sent Letter 1", "\"Letter\" is not a type of message" },
        { "check n1 is tired", "\"tired\" is not leading, following" },
        { "check n1 answered maybe", "\"maybe\" is not done, not-leader or nobody" },
        { "check", "allowed: leader NODE;" },
        { "wait for leader n1", "\"for\" is not expected here; allowed: wait DURATION for CONDITION" },
        { "wait 0 for leader n1", "allowed: wait DURATION for CONDITION" },
        { "let n7 be n1", "\"n7\" is not a new name" },
        { "let leader be n1", "\"leader\" is not a new name" },
        { "let in be n1", "\"in\" is not a new name" },
        { "let Old be n1", "\"Old\" is not a new name" },
        { "without loss", "\"the end of the line\" is not expected here" },
    };
    char text[200];

    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        snprintf(text, sizeof(text), HEAD "%s\n", mistakes[i].text);
        assert_refused(text, mistakes[i].complaint);
    }
}
END_TEST

START_TEST(names_are_known_from_let_on) {
    assert_refused(HEAD "kill old\nlet old be n1\n", ":4: \"old\" is not nodes");
    ck_assert_msg(parse(HEAD "let old be n1\nkill old\nlet old be n2\n"), "%s", error);
    ck_assert_uint_eq(script.names_count, 1);
    assert_refused(HEAD "let a be n1\nlet b be n1\nlet c be n1\nlet d be n1\nlet e be n1\nlet f be n1\nlet g be n1\n"
                        "let h be n1\nlet i be n1\n", ":12: \"i\" is not a new name, of small letters, at most 8");
}
END_TEST

START_TEST(blocks_are_balanced) {
    assert_refused(HEAD "}\n", ":4: \"}\" closes nothing");
    assert_refused(HEAD "heal\nrepeat 2 times {\nheal\n", "the block of line 5 is not closed");
    assert_refused(HEAD "repeat 2 times {\nrepeat 2 times {\nrepeat 2 times {\nrepeat 2 times {\n",
                   ":7: blocks in blocks, more than 3 deep");
}
END_TEST

START_TEST(head_is_checked) {
    assert_refused("about A1\nnodes 3\nheal\n", "no intent");
    assert_refused("intent x\nnodes 3\nheal\n", "no about");
    assert_refused("intent x\nabout A1\nheal\n", "no nodes");
    assert_refused(HEAD, "no statements");
    assert_refused("nodes\n", ":1: \"\" is not expected here; allowed: nodes SIZE");
    assert_refused("nodes 0\n", "\"0\" is not expected here");
    assert_refused("nodes 3 loss 100%\n", "\"100%\" is not expected here");
    assert_refused("nodes 3 detect 10ms\n", "allowed: nodes SIZE");
    assert_refused("nodes 3 profile moon\n", "\"moon\" is not expected here");
    assert_refused("nodes 3 seeds 0\n", "\"0\" is not expected here");
    assert_refused(HEAD "kill n4\n", "n4 is told of, but the case is played with 3 nodes too");
}
END_TEST

START_TEST(everything_is_bounded) {
    char text[SCRIPT_STATEMENTS_MAX * 5 + 200] = HEAD;
    size_t length = strlen(text);

    for (int i = 0; i <= SCRIPT_STATEMENTS_MAX; i++, length += 5)
        memcpy(text + length, "heal\n", 6);
    assert_refused(text, ":132: more than 128 statements");
    memset(text, 'x', 200);
    text[200] = '\0';
    assert_refused(text, ":1: longer than 140 characters");
    for (int i = 0; i < 100; i += 2)
        memcpy(text + i, "x ", 3);
    assert_refused(text, ":1: more than 40 words");
}
END_TEST

/* ---- what is played */

static struct world *play(const char *diary, uint32_t loss_percent) {
    struct setting setting = SETTING_DEFAULT;
    struct world_config config;
    struct world *world;
    char text[1000];

    setting.nodes = 3;
    setting.loss_ppm = loss_percent * (PPM_ONE / 100);
    config = scenario_config(&setting, 1);
    snprintf(text, sizeof(text), HEAD "%s", diary);
    ck_assert_msg(parse(text), "%s", error);
    world = world_new(&config);
    play_script(world, &script);
    return world;
}

static void assert_plays(const char *diary) {
    struct world *world = play(diary, 0);

    ck_assert_msg(!world->failure[0], "%s\nends with: %s", diary, world->failure);
    world_free(world);
}

static void assert_fails(const char *diary, const char *complaint) {
    struct world *world = play(diary, 0);

    ck_assert_msg(strstr(world->failure, complaint), "%s\nends with: \"%s\"", diary, world->failure);
    world_free(world);
}

#define FORM "start all in turn\nsettle\n"

START_TEST(conditions_hold_or_not) {
    static const struct {
        const char *condition, *otherwise, *complaint;
    } pairs[] = {
        { "leader n1", "leader n2", "tried.sim:6: check leader n2: n1 leads, n2 should" },
        { "leader leader", "leader last", "n1 leads, n3 should" },
        { "leaders 1", "leaders 0", "it is 1" },
        { "leaders at most 1", "leaders at most 0", "it is 1" },
        { "leaders at least 1", "leaders at least 2", "it is 1" },
        { "leaders at once 1", "leaders at once at least 2", "it is 1" },
        { "leaderships 1", "leaderships 2", "it is 1" },
        { "leaderless at most 10s", "leaderless at most 1s", "it was 3000000 us" },
        { "sent Leader at least 4", "sent Leader at most 3", "it is" },
        { "sent Suspect 0", "sent Suspect at least 1", "it is 0" },
        { "n1 is leading", "n1 is following", "n1 is leading" },
        { "n2 is following", "n2 is off", "n2 is following" },
        { "n3 follows n1", "n3 follows n2", "n3 names n1" },
        { "next follows leader", "leader follows next", "n1 names n1" },
        { "n1 has highest epoch", "n2 answered done", "n2 has not answered" },
    };
    char diary[200];

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        snprintf(diary, sizeof(diary), FORM "check %s\n", pairs[i].condition);
        assert_plays(diary);
        snprintf(diary, sizeof(diary), FORM "check %s\n", pairs[i].otherwise);
        assert_fails(diary, pairs[i].complaint);
    }
}
END_TEST

START_TEST(mark_begins_to_count_anew) {
    assert_plays(FORM "mark\nrun 1s\ncheck leaderships 0\ncheck leaderless at most 0\ncheck sent Announce 0\n");
    assert_fails(FORM "mark\npower off n1\nsettle\ncheck leaderless at most 100ms\n", "check leaderless at most 100ms");
    assert_fails(FORM "mark\npart n1 | rest\nrun 5s\ncheck leaders at once 1\n", "it is 2");
    assert_fails(FORM "mark\npower off n1\nsettle\ncheck leaderships 0\n", "it is 1");
}
END_TEST

START_TEST(wait_ends_with_its_condition_or_limit) {
    struct world *world = play(FORM "power off n1\nwait 10s for leader n2\n", 0);

    ck_assert(!world->failure[0] && world->now < 6 * USEC_PER_SEC);
    world_free(world);
    assert_fails(FORM "wait 1s for leader n2\n", "wait 1s for leader n2: n1 leads");
    assert_plays(FORM "wait 2s for sent Heartbeat at least 8\n");
}
END_TEST

START_TEST(losses_begin_and_end) {
    assert_plays(FORM "run 1s\nloss 99%\nrun 2s\ncheck sent Suspect at least 1\nloss 0%\nrun 1s\nmark\nrun 5s\n"
                      "check sent Suspect 0\n");
    assert_plays(FORM "run 1s\nbursts of 1000 losing 99%\nrun 60s\ncheck sent Suspect at least 1\nheal\nrun 5s\n"
                      "mark\nrun 5s\ncheck sent Suspect 0\n");
}
END_TEST

START_TEST(clocks_are_wrong_by_a_tenth_at_most) {
    assert_plays(FORM "clock n2 10% fast\nclock n3 10% slow\nquiet 10s\n");
    assert_fails(FORM "clock n2 11% fast\n", "no clock is more than 10% wrong");
}
END_TEST

START_TEST(a_node_dies_amid_a_step_that_persists) {
    assert_plays(FORM "power off n2 amid saving after 0 actions\nrun 5s\ncheck n2 is following\n"
                      "power off n1\nwait 5s for n2 is off\nsettle\ncheck leader n3\n");
}
END_TEST

START_TEST(who_cannot_write_does_not_lead) {
    assert_plays(FORM "state read-only n2\nrun 1s\npower off n1\nsettle\ncheck leader n3\n"
                      "state writable n2\nrun 1s\npower off n3\nsettle\ncheck leader n2\n");
}
END_TEST

START_TEST(members_are_asked_for) {
    assert_plays(FORM "mark\nrun 5s\ncheck sent Page 0\npeers n2\nrun 1s\ncheck sent Page at least 1\n");
}
END_TEST

START_TEST(epochs_are_compared) {
    assert_fails(FORM "power off n1\nsettle\nlet new be leader\nlet old be last\ncheck old has highest epoch\n",
                 "n3 is in epoch 2, n2 led in 2");
}
END_TEST

START_TEST(quiet_and_settle_can_fail) {
    assert_fails(FORM "resign n1\nquiet 5s\n", "a leadership changed although nothing happened");
    assert_fails(FORM "link down n2\nmark\npower off n1\nsettle within 100ms\n", "no agreement after 100ms");
    assert_fails(FORM "power off all\nsettle\n", "nobody leads");
}
END_TEST

START_TEST(nodes_that_are_not_there_are_told) {
    assert_fails(FORM "power off n1\nkill leader\n", "there is no such node at this moment");
    assert_fails("kill any node\n", "there is no such node at this moment");
    assert_fails("repeat 1 times {\nlet old be next\n}\n", "there is no such node at this moment");
}
END_TEST

START_TEST(without_loss_is_left_out_in_losses) {
    struct world *world = play(FORM "without loss check leaders 7\n"
                                    "without loss repeat 2 times {\ncheck leaders 7\n}\n", 1);

    ck_assert_msg(!world->failure[0], "%s", world->failure);
    world_free(world);
    assert_fails(FORM "without loss check leaders 7\n", "it is 1");
}
END_TEST

START_TEST(blocks_are_repeated) {
    struct world *world = play("repeat 3 times {\nrepeat 2 times {\nrun 1s\n}\nrun 10s\n}\nrun 100s\n", 0);

    ck_assert_int_eq(world->now, 136 * USEC_PER_SEC);
    world_free(world);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("script");
    TCase *reading = tcase_create("reading"), *playing = tcase_create("playing");
    SRunner *runner = srunner_create(suite);
    int failures;

    tcase_add_test(reading, head_is_read);
    tcase_add_test(reading, votes_are_read);
    tcase_add_test(reading, nodes_are_read_by_side);
    tcase_add_test(reading, durations_amounts_and_prefixes_are_read);
    tcase_add_test(reading, a_count_and_a_share_stand_in_one_statement);
    tcase_add_test(reading, blocks_know_their_end);
    tcase_add_test(reading, mistakes_have_a_place);
    tcase_add_test(reading, every_argument_is_checked);
    tcase_add_test(reading, names_are_known_from_let_on);
    tcase_add_test(reading, blocks_are_balanced);
    tcase_add_test(reading, head_is_checked);
    tcase_add_test(reading, everything_is_bounded);
    suite_add_tcase(suite, reading);
    tcase_add_test(playing, conditions_hold_or_not);
    tcase_add_test(playing, mark_begins_to_count_anew);
    tcase_add_test(playing, wait_ends_with_its_condition_or_limit);
    tcase_add_test(playing, losses_begin_and_end);
    tcase_add_test(playing, clocks_are_wrong_by_a_tenth_at_most);
    tcase_add_test(playing, a_node_dies_amid_a_step_that_persists);
    tcase_add_test(playing, who_cannot_write_does_not_lead);
    tcase_add_test(playing, members_are_asked_for);
    tcase_add_test(playing, epochs_are_compared);
    tcase_add_test(playing, quiet_and_settle_can_fail);
    tcase_add_test(playing, nodes_that_are_not_there_are_told);
    tcase_add_test(playing, without_loss_is_left_out_in_losses);
    tcase_add_test(playing, blocks_are_repeated);
    suite_add_tcase(suite, playing);
    srunner_run_all(runner, CK_NORMAL);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
