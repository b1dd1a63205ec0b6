/* SPDX-License-Identifier: ISC
 *
 * test_view.c - tables, the members of a cluster as one, and what is said above them.
 */
#include "cli/members.h"
#include "cli/summary.h"
#include "cli/table.h"
#include "cli/wrap.h"

#include "base/util.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char screen[4096];

static void take(const char *line) {
    size_t length = strlen(screen);

    snprintf(screen + length, sizeof(screen) - length, "%s\n", line);
}

static void take_table(const struct table *table) {
    screen[0] = '\0';
    for (size_t i = 0; i < table_rows(table); i++) {
        char *line = table_line(table, i);
        ck_assert_ptr_nonnull(line);
        take(line);
        free(line);
    }
}

/* --- tables --- */

static struct table *small_table(void) {
    static const struct table_column columns[] = { { "", false }, { "NAME", false }, { "AGE", true }, { "", false } };
    static const char *const rows[][4] = { { "*", "alpha", "3h 4m", "" }, { "", "be", "1s", "next" } };
    struct table *table = table_new(columns, ARRAY_SIZE(columns));

    ck_assert_ptr_nonnull(table);
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
        ck_assert(table_add(table, i == 0 ? TONE_GOOD : TONE_PLAIN, rows[i]));
    return table;
}

START_TEST(columns_are_aligned_and_no_line_ends_in_spaces) {
    struct table *table = small_table();

    take_table(table);
    ck_assert_str_eq(screen, "   NAME     AGE\n"
                             "*  alpha  3h 4m\n"
                             "   be        1s  next\n");
    ck_assert_int_eq(table_tone(table, 0), TONE_FAINT);
    ck_assert_int_eq(table_tone(table, 1), TONE_GOOD);
    table_free(table);
}
END_TEST

START_TEST(the_most_spare_columns_are_left_out_first) {
    static const unsigned spare[] = { 0, 1, 2, 0 };
    static const struct {
        int width;
        const char *line;
    } cases[] = { { 21, "   be        1s  next" }, { 20, "   be     next" }, { 14, "   be     next" },
                  { 13, "   next" },               { 1, "   next" } };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        struct table *table = small_table();
        table_fit(table, spare, cases[i].width);
        char *line = table_line(table, 2);
        ck_assert_str_eq(line, cases[i].line);
        free(line);
        table_free(table);
    }
}
END_TEST

/* --- wrapped texts --- */

static void wrap(const char *text, int indent, int columns) {
    FILE *stream = fmemopen(screen, sizeof(screen), "w");

    ck_assert_ptr_nonnull(stream);
    wrap_print(stream, text, indent, columns);
    fclose(stream);
}

START_TEST(texts_are_broken_between_words) {
    wrap("no leader for 412 ms", 3, 16);
    ck_assert_str_eq(screen, "no leader for\n   412 ms\n");
    wrap("no leader for 412 ms", 3, 15);
    ck_assert_str_eq(screen, "no leader\n   for 412 ms\n");
    wrap("no leader for 412 ms", 3, 0);
    ck_assert_str_eq(screen, "no leader for 412 ms\n");
    wrap("extraordinarily long", 3, 8);
    ck_assert_str_eq(screen, "extraordinarily\n   long\n");
    wrap("a b", 30, 8);
    ck_assert_str_eq(screen, "a\n                              b\n");
    wrap("", 3, 8);
    ck_assert_str_eq(screen, "\n");
    ck_assert_uint_eq(wrap_length("one two", 7), 7);
    ck_assert_uint_eq(wrap_length("one two", 6), 3);
}
END_TEST

/* --- members --- */

static json_t *status;

static void set_status(const char *text) {
    json_error_t error;
    char *copy = strdup(text);

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    status = json_loads(copy, 0, &error);
    ck_assert_msg(status, "%s: %s", error.text, copy);
    free(copy);
}

static void setup(void) {
    set_status("{'cluster':'default','epoch':7,'members':3,'peers_complete':true,'next':'cc',"
               "'node':{'id':'bb','name':'beta','state':'idle','standing':'following','age':7512.4,'eligible':true},"
               "'leader':{'id':'aa','name':'alpha','address':'192.0.2.1','self':false,'since':270000},'holders':[],"
               "'peers':["
               "{'id':'aa','name':'alpha','address':'192.0.2.1','state':'leader','age':280000,'rtt_us':310,"
               " 'last_seen_ms':412,'self':false,'priority':100},"
               "{'id':'cc','name':'gamma','address':'192.0.2.3','state':'idle','age':270000,'rtt_us':null,"
               " 'last_seen_ms':1200,'self':false,'priority':100},"
               "{'id':'bb','name':'beta','address':'192.0.2.2','state':'idle','age':7512.4,'rtt_us':null,"
               " 'last_seen_ms':0,'self':true,'priority':100}]}");
}

static void teardown(void) {
    json_decref(status);
}

static json_t *peer(size_t index) {
    return json_array_get(json_object_get(status, "peers"), index);
}

static size_t show(const struct members_view *view) {
    size_t left_out = SIZE_MAX;
    struct table *table = members_table(status, view, &left_out);

    ck_assert_ptr_nonnull(table);
    take_table(table);
    table_free(table);
    return left_out;
}

/* The names in the order of the rows. */
static const char *names(void) {
    static char list[256];
    char *rest, *copy = strdup(screen);

    list[0] = '\0';
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (!strstr(line, "NAME"))
            snprintf(list + strlen(list), sizeof(list) - strlen(list), "%.*s ", (int)strcspn(line + 3, " "), line + 3);
    free(copy);
    return list;
}

START_TEST(members_are_a_table) {
    ck_assert_uint_eq(show(&(struct members_view){ .rows_max = SIZE_MAX, .loss = true }), 0);
    ck_assert_str_eq(screen, "   NAME   STATE   ADDRESS    AGE    ROUND TRIP   LAST SEEN\n"
                             "*  alpha  leader  192.0.2.1  3d 5h     0.31 ms  412 ms ago\n"
                             "   gamma  idle    192.0.2.3  3d 3h           -    1.2s ago  next\n"
                             "   beta   idle    192.0.2.2  2h 5m           -           -  this node\n");
}
END_TEST

START_TEST(loss_is_there_when_anybody_has_any) {
    json_object_set_new(peer(0), "loss", json_real(0.04));
    json_object_set_new(peer(1), "loss", json_null());
    show(&(struct members_view){ .rows_max = SIZE_MAX, .loss = true });
    ck_assert_ptr_nonnull(strstr(screen, "0.31 ms  4.0%  412 ms ago"));
    ck_assert_ptr_nonnull(strstr(screen, "     -     -    1.2s ago  next"));
}
END_TEST

START_TEST(this_node_is_shown_in_any_case) {
    ck_assert_uint_eq(show(&(struct members_view){ .rows_max = 1 }), 1);
    ck_assert_str_eq(names(), "alpha beta ");
}
END_TEST

START_TEST(a_narrow_table_keeps_names_and_notes) {
    show(&(struct members_view){ .rows_max = SIZE_MAX, .width = 40 });
    ck_assert_ptr_nonnull(strstr(screen, "   beta   idle             -  this node\n"));
    show(&(struct members_view){ .rows_max = SIZE_MAX, .width = 5 });
    ck_assert_ptr_nonnull(strstr(screen, "   beta   this node\n"));
}
END_TEST

START_TEST(members_can_be_in_another_order) {
    static const struct {
        enum members_order order;
        const char *names;
    } cases[] = {
        { MEMBERS_BY_SENIORITY, "alpha gamma beta " },
        { MEMBERS_BY_NAME, "alpha beta gamma " },
        { MEMBERS_BY_ROUND_TRIP, "beta alpha gamma " },
        { MEMBERS_BY_LOSS, "gamma alpha beta " },
    };

    json_object_set_new(peer(2), "rtt_us", json_integer(900));
    json_object_set_new(peer(1), "loss", json_real(0.5));
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        show(&(struct members_view){ .rows_max = SIZE_MAX, .order = cases[i].order });
        ck_assert_str_eq(names(), cases[i].names);
    }
}
END_TEST

START_TEST(unlisted_members_are_counted) {
    ck_assert_int_eq(text_unlisted(status), 0);
    json_object_set_new(status, "members", json_integer(10));
    ck_assert_int_eq(text_unlisted(status), 0);
    json_object_set_new(status, "peers_complete", json_false());
    ck_assert_int_eq(text_unlisted(status), 7);
}
END_TEST

START_TEST(anything_may_be_missing) {
    teardown();
    set_status("{'peers':[{},7,null,{'name':5,'state':[],'age':'x','last_seen_ms':null}]}");
    ck_assert_uint_eq(show(&(struct members_view){ .rows_max = SIZE_MAX, .loss = true, .wide = true }), 0);
    ck_assert_int_eq(text_unlisted(status), 0);
}
END_TEST

/* --- the summary --- */

static void take_line(void *context, const struct summary_line *line) {
    char text[SUMMARY_TEXT_SIZE + 64];

    (void)context;
    ck_assert_uint_le(line->toned, strlen(line->text));
    snprintf(text, sizeof(text), "%s|%.*s|%s", line->title, (int)line->toned, line->text, line->text + line->toned);
    take(text);
}

static void summarize(void) {
    screen[0] = '\0';
    summary_tell(status, take_line, NULL);
}

START_TEST(who_leads_comes_first) {
    summarize();
    ck_assert_str_eq(screen, "Leader|alpha (192.0.2.1)|, epoch 7, for 3d 3h\n"
                             "Node||beta, idle, following, age 2h 5m\n"
                             "Cluster||default, 3 members, next gamma\n");
}
END_TEST

START_TEST(what_is_wrong_is_said) {
    json_t *node = json_object_get(status, "node");

    json_object_set_new(status, "leader", json_null());
    json_object_set_new(status, "next", json_null());
    json_object_set_new(node, "standing", json_string("no leader"));
    json_object_set_new(node, "writable", json_false());
    json_object_set_new(node, "paused", json_true());
    json_object_set_new(node, "paused_for", json_real(723));
    summarize();
    ck_assert_str_eq(screen, "Leader|none|: looking for one\n"
                             "Node||beta, idle, age 2h 5m, paused for 12m 3s\n"
                             "State|cannot be saved|: this node neither stands for election nor votes; "
                             "the log says why\n"
                             "Cluster||default, 3 members\n");
}
END_TEST

static const char majority[] =
    "{'policy':'majority','expect':3,'needed':2,'have':3,'ok':true,'seat':true,'abstains_ms':0,"
    "'roster':{'version':'7.0','seats':[{'id':'aa','name':'alpha','self':false},{'id':'bb','name':'beta','self':true},"
    "{'id':'0123456789abcdef0123456789abcdef','name':null,'self':false}]},'why':null}";

static json_t *quorum;

static void count_votes(void) {
    char *text = strdup(majority);

    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    quorum = json_loads(text, 0, NULL);
    free(text);
    ck_assert_int_eq(json_object_set_new(status, "quorum", quorum), 0);
}

START_TEST(votes_are_told_where_they_count) {
    count_votes();
    summarize();
    ck_assert_str_eq(strstr(screen, "Quorum"), "Quorum||2 of 3 needed, 3 heard\n"
                                               "||seats: alpha, beta, 01234567\n");
    json_object_set_new(status, "lease_ms", json_integer(1400));
    json_object_set_new(quorum, "seat", json_false());
    summarize();
    ck_assert_str_eq(strstr(screen, "Quorum"), "Quorum||2 of 3 needed, 3 heard; lease 1.4s\n"
                                               "||seats: alpha, beta, 01234567; this node has none\n");
}
END_TEST

START_TEST(votes_that_are_missing_are_the_reason) {
    count_votes();
    json_object_set_new(status, "leader", json_null());
    json_object_set_new(json_object_get(status, "node"), "standing", json_string("no leader"));
    json_object_set_new(quorum, "have", json_integer(1));
    json_object_set_new(quorum, "ok", json_false());
    json_object_set_new(quorum, "abstains_ms", json_integer(1200));
    json_object_set_new(quorum, "why", json_string("2 of 3 needed, heard 1"));
    summarize();
    ck_assert_ptr_nonnull(strstr(screen, "Leader|none|: looking for one: 2 of 3 needed, heard 1\n"));
    ck_assert_str_eq(strstr(screen, "Quorum"), "Quorum|2 of 3 needed, 1 heard; this node votes again in 1.2s|\n"
                                               "||seats: alpha, beta, 01234567\n");
}
END_TEST

START_TEST(holders_and_hooks_are_told) {
    json_object_set_new(status, "holders",
                        json_pack("[{s:i, s:i, s:s, s:f, s:b, s:{s:{s:s, s:s, s:i, s:i, s:f}}}]", "pid", 12, "user", 0,
                                  "state", "stopping", "since", 11.0, "late", true, "ran", "last", "hook", "10-address",
                                  "event", "lost", "status", 1, "duration_ms", 12, "ago", 90.0));
    summarize();
    ck_assert_ptr_nonnull(
        strstr(screen, "Work||1 holder, 0 working, 1 stopping\n"
                       "|process 12 of user 0 was told to stop 11s ago: not waiting for it any more|\n"
                       "Hooks|10-address lost, status 1, after 12 ms, 1m 30s ago|\n"));
}
END_TEST

static Suite *view_suite(void) {
    Suite *suite = suite_create("view");
    TCase *tables = tcase_create("tables"), *texts = tcase_create("texts");
    TCase *members = tcase_create("members"), *summary = tcase_create("summary");

    tcase_add_test(tables, columns_are_aligned_and_no_line_ends_in_spaces);
    tcase_add_test(tables, the_most_spare_columns_are_left_out_first);
    tcase_add_test(texts, texts_are_broken_between_words);
    tcase_add_checked_fixture(members, setup, teardown);
    tcase_add_test(members, members_are_a_table);
    tcase_add_test(members, loss_is_there_when_anybody_has_any);
    tcase_add_test(members, this_node_is_shown_in_any_case);
    tcase_add_test(members, a_narrow_table_keeps_names_and_notes);
    tcase_add_test(members, members_can_be_in_another_order);
    tcase_add_test(members, unlisted_members_are_counted);
    tcase_add_test(members, anything_may_be_missing);
    tcase_add_checked_fixture(summary, setup, teardown);
    tcase_add_test(summary, who_leads_comes_first);
    tcase_add_test(summary, what_is_wrong_is_said);
    tcase_add_test(summary, votes_are_told_where_they_count);
    tcase_add_test(summary, votes_that_are_missing_are_the_reason);
    tcase_add_test(summary, holders_and_hooks_are_told);
    suite_add_tcase(suite, tables);
    suite_add_tcase(suite, texts);
    suite_add_tcase(suite, members);
    suite_add_tcase(suite, summary);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(view_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
