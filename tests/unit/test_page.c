/* SPDX-License-Identifier: ISC
 *
 * test_page.c - the page, made of documents as the daemon gives them, and of such as nobody should send.
 */
#include "http/html.h"
#include "http/page.h"
#include "unit/node_fixture.h"

#include <check.h>
#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS                                                                                                       \
    "{'cluster':'default','node':{'id':'02','name':'beta','state':'idle','standing':'following','age':312.4,"       \
    "'eligible':true,'paused':false,'writable':true},'epoch':7,'leader':{'id':'01','name':'alpha',"                 \
    "'address':'192.0.2.1','self':false,'since':273600},'timing':{'detect_ms':300},'members':2,'holders':[],"       \
    "'peers_complete':true,'next':'02','peers':[{'id':'01','name':'alpha','address':'192.0.2.1','state':'leader',"  \
    "'age':280000,'rtt_us':310,'loss':0.016,'last_seen_ms':400,'self':false,'eligible':true},{'id':'02',"            \
    "'name':'beta','address':'192.0.2.2','state':'idle','age':312.4,'rtt_us':null,'loss':null,'last_seen_ms':0,"     \
    "'self':true,'eligible':true,'tags':{'rack':'b4','role':'db'}}]}"
#define HISTORY                                                                                                      \
    "{'history':[{'epoch':6,'leader':{'id':'03','name':'gamma','self':false},'began_by':null,'from':null,"           \
    "'lasted':null,'present':false,'ended_by':'death','to':'2026-11-24T09:12:44.100Z'},{'epoch':7,'leader':"         \
    "{'id':'01','name':'alpha','self':false},'began_by':'death','from':'2026-11-24T09:12:44.500Z','lasted':273600,"  \
    "'present':true}],'forgotten':3}"
#define SNAPSHOT "{'time':'2026-11-27T13:12:44.500Z'}"
#define CHANGES                                                                                                      \
    "[{'time':'2026-11-24T09:12:44.100Z','mono_ns':5000000000,'event':'suspected'},"                                 \
    "{'time':'2026-11-24T09:12:44.500Z','mono_ns':5400000000,'event':'leader','epoch':7,"                            \
    "'leader':{'id':'01','name':'alpha','address':'192.0.2.1'},'reason':'death'}]"

static json_t *status, *history, *snapshot, *changes;
static struct evbuffer *buffer;
static char *page;

/* JSON is written with ' for " here. */
static json_t *document(const char *text) {
    char *copy = strdup(text);

    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    json_t *read = json_loads(copy, JSON_DECODE_ANY, NULL);
    ck_assert_ptr_nonnull(read);
    free(copy);
    return read;
}

static void setup(void) {
    status = document(STATUS);
    history = document(HISTORY);
    snapshot = document(SNAPSHOT);
    changes = document(CHANGES);
    buffer = evbuffer_new();
    setenv("TZ", "UTC", 1);
}

static void teardown(void) {
    json_decref(status);
    json_decref(history);
    json_decref(snapshot);
    json_decref(changes);
    evbuffer_free(buffer);
}

static void take(void) {
    evbuffer_add(buffer, "", 1);
    page = (char *)evbuffer_pullup(buffer, -1);
}

static void render(void) {
    struct page_documents documents = { status, history, snapshot, changes };

    evbuffer_drain(buffer, evbuffer_get_length(buffer));
    ck_assert_int_eq(page_render(&documents, buffer), 0);
    take();
}

static void expect(const char *text) {
    ck_assert_msg(strstr(page, text), "the page has no %s, but is %s", text, page);
}

static void expect_none(const char *text) {
    ck_assert_msg(!strstr(page, text), "the page has %s: %s", text, page);
}

static json_t *peer(size_t index) {
    return json_array_get(json_object_get(status, "peers"), index);
}

/* Writing */

START_TEST(no_text_becomes_markup) {
    struct html html = { .out = buffer };

    html_add(&html, "<p title=\"%s\">%s</p>", "\"'", "<b>&amp;%s</b>");
    take();
    ck_assert_str_eq(page, "<p title=\"&quot;&#39;\">&lt;b&gt;&amp;amp;%s&lt;/b&gt;</p>");
    ck_assert_int_eq(html.error, 0);
}
END_TEST

/* What is there */

START_TEST(who_leads_comes_first) {
    render();
    expect("<title>alpha leads – default</title>");
    expect("<h1 id=\"who\"><span>Leader</span> <bdi>alpha</bdi></h1>");
    expect("<span>192.0.2.1</span> <span>epoch 7</span> <span>for <span data-since=\"273600.000\">3d 4h</span></span>");
    expect("Before: <bdi>gamma</bdi>, epoch 6, until <time datetime=\"2026-11-24T09:12:44.100Z\">2026-11-24 09:12:44"
           "</time> (death)");
    expect_none("No leader");
}
END_TEST

START_TEST(no_leader_is_unmistakable) {
    json_object_set_new(status, "leader", json_null());
    json_object_set_new(json_object_get(status, "node"), "standing", json_string("isolated"));
    json_array_remove(json_object_get(history, "history"), 1);
    render();
    expect("<title>No leader – default</title>");
    expect("class=\"nobody\"");
    expect("<h1 id=\"who\">No leader</h1>\n<p class=\"facts\">isolated</p>");
    expect("Before: <bdi>gamma</bdi>");
}
END_TEST

START_TEST(votes_are_shown_where_they_count) {
    render();
    expect("Silent leader replaced after");
    expect_none("Votes");
    json_object_set_new(status, "quorum", document("{'policy':'majority','expect':5,'needed':3,'have':4,'ok':true,"
                                                   "'seat':true,'why':null}"));
    render();
    expect("<dt>Votes</dt><dd>4 of 5 <small>3 needed</small></dd>");
    expect_none("Silent leader replaced after");
    json_object_set_new(status, "leader", json_null());
    json_object_set_new(status, "quorum", document("{'policy':'majority','expect':5,'needed':3,'have':2,'ok':false,"
                                                   "'seat':false,'why':'3 of 5 needed, heard 2'}"));
    render();
    expect("<p>3 of 5 needed, heard 2</p>");
    expect("<dt>Votes</dt><dd class=\"doubt\">2 of 5 ");
    expect(" needed, none is of this node</small>");
}
END_TEST

START_TEST(members_have_all_their_figures) {
    render();
    expect("<h2 id=\"members-title\">2 members</h2>");
    expect("<tr class=\"leads\"><th scope=\"row\"><bdi>alpha</bdi></th><td>leader</td><td>192.0.2.1</td><td>"
           "<span data-since=\"280000.000\">3d 5h</span></td><td>0.31 ms</td><td>1.6%</td><td>400 ms ago</td></tr>");
    expect("<tr><th scope=\"row\"><bdi>beta</bdi> <span class=\"mark self\">this node</span> <span class=\"mark next\">"
           "next</span> <small><bdi>rack=b4 role=db</bdi></small></th>");
}
END_TEST

START_TEST(members_that_are_left_out_are_told) {
    for (unsigned i = 0; i < PAGE_MEMBERS_MAX; i++)
        json_array_insert(json_object_get(status, "peers"), 1, peer(0));
    json_object_set_new(status, "peers_complete", json_false());
    json_object_set_new(status, "members", json_integer(PAGE_MEMBERS_MAX + 9));
    render();
    expect("<bdi>beta</bdi> <span class=\"mark self\">");
    expect("<p>And 1 more: <code>eldest peers</code></p>");
    expect("<p>And 7 more that the leader has not told.</p>");
}
END_TEST

START_TEST(leaderships_and_changes_are_listed_from_the_newest) {
    render();
    const char *alpha = strstr(page, "<tr class=\"leads\" data-id=\"01\" data-to=\"\"><th scope=\"row\">");
    const char *gamma = strstr(page, "<tr data-id=\"03\" data-to=\"2026-11-24T09:12:44.100Z\">");
    ck_assert(alpha && gamma && alpha < gamma);
    expect("<p>3 older ones are not kept.</p>");
    const char *elected = strstr(page, "<bdi>alpha (192.0.2.1) leads now, epoch 7 (death), after 400 ms of doubt<");
    const char *suspected = strstr(page, "<li class=\"doubt\" data-event=\"suspected\"><time datetime=");
    ck_assert(elected && suspected && elected < suspected);
}
END_TEST

START_TEST(what_needs_attention_is_told) {
    json_t *self = json_object_get(status, "node");

    json_object_set_new(self, "writable", json_false());
    json_object_set_new(self, "paused", json_true());
    json_object_set_new(self, "paused_for", json_real(600));
    json_object_set_new(status, "holders", document("[{'state':'working'},{'state':'stopping'},{'state':'idle'}]"));
    render();
    expect("<p class=\"warning\">The state cannot be saved");
    expect("<p class=\"warning\">This node is paused for 10m.</p>");
    expect("3 holders <small>1 working, 1 stopping</small>");
}
END_TEST

START_TEST(a_node_that_knows_nothing_has_a_page) {
    json_decref(history);
    json_decref(changes);
    history = document("{'history':[],'forgotten':0}");
    changes = document("[]");
    json_object_set_new(status, "leader", json_null());
    json_object_set_new(status, "timing", json_null());
    render();
    expect("<p>No leader was seen yet.</p>");
    expect("<p>None since eldestd was started.</p>");
    expect_none("Before:");
}
END_TEST

/* What should not be */

#define EVIL "</bdi><script>alert('1')</script>\"&"
#define EVIL_TEXT "&lt;/bdi&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"

START_TEST(hostile_names_and_tags_are_text) {
    json_t *evil = json_string(EVIL), *leader = json_object_get(status, "leader");

    json_object_set(status, "cluster", evil);
    json_object_set(json_object_get(status, "node"), "name", evil);
    json_object_set(leader, "name", evil);
    json_object_set(leader, "address", evil);
    for (size_t i = 0; i < 2; i++) {
        json_object_set(peer(i), "name", evil);
        json_object_set(peer(i), "state", evil);
        json_object_set(peer(i), "address", evil);
        json_object_set_new(peer(i), "tags", json_pack("{s:O}", EVIL, evil));
    }
    for (size_t i = 0; i < 2; i++) {
        json_t *term = json_array_get(json_object_get(history, "history"), i);
        json_object_set_new(term, "leader", json_pack("{s:O, s:O}", "id", evil, "name", evil));
        json_object_set(term, "from", evil);
        json_object_set(term, "to", evil);
        json_object_set(term, "began_by", evil);
        json_object_set(term, "ended_by", evil);
        json_object_set(json_array_get(changes, i), "event", evil);
        json_object_set(json_array_get(changes, i), "time", evil);
    }
    render();
    expect("<title>" EVIL_TEXT " leads");
    expect("<bdi>" EVIL_TEXT "=" EVIL_TEXT "</bdi>");
    expect("<li class=\"plain\" data-event=\"" EVIL_TEXT "\">");
    expect_none("<script>");
    expect_none("'");
    json_decref(evil);
}
END_TEST

START_TEST(documents_of_another_kind_do_no_harm) {
    json_object_clear(status);
    json_object_clear(history);
    json_object_clear(snapshot);
    json_array_append_new(changes, json_integer(1));
    json_object_set_new(status, "peers", document("[1,{},[],null]"));
    json_object_set_new(history, "history", document("[1,{},null]"));
    json_object_set_new(status, "holders", document("[1,{}]"));
    render();
    expect("No leader");
}
END_TEST

/* Of a daemon */

static unsigned count(const char *text) {
    unsigned found = 0;

    for (const char *at = strstr(page, text); at; at = strstr(at + 1, text))
        found++;
    return found;
}

START_TEST(the_page_of_a_daemon_is_bounded) {
    node_open();
    journal_keep(node.journal);
    have_many_peers();
    for (unsigned i = 0; i < 2 * PAGE_CHANGES_MAX; i++)
        tell(NOTICE_SUSPECTED);
    tell(NOTICE_VOUCHED);
    ck_assert_int_eq(page_write(&node, buffer), 0);
    take();
    expect("<title>alpha leads – ");
    expect("<time datetime=\"2026-11-23T12:34:56.789Z\">2026-11-23 12:34:56</time> <a href=\"\">Reload</a>");
    ck_assert_uint_eq(count("<th scope=\"row\">"), PAGE_MEMBERS_MAX);
    ck_assert_uint_eq(count("data-event=\"suspected\""), PAGE_CHANGES_MAX - 1);
    node_close();
}
END_TEST

START_TEST(the_files_beside_it_are_there) {
    ck_assert_int_eq(page_write_js(&node, buffer), 0);
    ck_assert_int_eq(page_write_css(&node, buffer), 0);
    ck_assert_int_eq(page_write_icon(&node, buffer), 0);
    take();
    expect("\"use strict\";");
    expect("prefers-color-scheme");
    expect("<svg xmlns=");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("page");
    TCase *tcase = tcase_create("page");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, no_text_becomes_markup);
    tcase_add_test(tcase, who_leads_comes_first);
    tcase_add_test(tcase, no_leader_is_unmistakable);
    tcase_add_test(tcase, votes_are_shown_where_they_count);
    tcase_add_test(tcase, members_have_all_their_figures);
    tcase_add_test(tcase, members_that_are_left_out_are_told);
    tcase_add_test(tcase, leaderships_and_changes_are_listed_from_the_newest);
    tcase_add_test(tcase, what_needs_attention_is_told);
    tcase_add_test(tcase, a_node_that_knows_nothing_has_a_page);
    tcase_add_test(tcase, hostile_names_and_tags_are_text);
    tcase_add_test(tcase, documents_of_another_kind_do_no_harm);
    tcase_add_test(tcase, the_page_of_a_daemon_is_bounded);
    tcase_add_test(tcase, the_files_beside_it_are_there);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
