/* SPDX-License-Identifier: ISC
 *
 * test_doctor.c - the judges of `eldest doctor`: facts in, findings out.
 *
 * Each test begins with the facts of a node that is well, changes some, and names the codes that must be found; a note
 * stands in parentheses. JSON is written with ' for " here.
 */
#include "cli/doctor.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static json_t *facts, *findings;
static char codes[512];
static bool only_notes;

static json_t *parse(const char *text) {
    char *copy = strdup(text);
    json_error_t error;
    json_t *value;

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    value = json_loads(copy, JSON_DECODE_ANY, &error);
    ck_assert_msg(value, "%s: %s", error.text, copy);
    free(copy);
    return value;
}

/* A follower on eth0, whose leader multicasts there. */
static const char well[] =
    "{'cluster':'default',"
    "'network':{'cluster':'default','groups':{'ipv4':'224.0.0.254','ipv6':'ff02::114'},'group_port':29417,'port':29418,"
    "  'clock_step_ms':0,'strangers':[],"
    "  'interfaces':[{'name':'eth0','index':2,'used':true,'named':false,'chosen':true,'damped':false,'reason':'in use',"
    "    'mtu':1500,'since_ms':100000,"
    "    'ipv4':{'address':'192.0.2.2','joined':true,'heard':{'multicast':{'ago_ms':500,'count':99},"
    "      'echo':{'ago_ms':99000,'count':3},'broadcast':{'ago_ms':null,'count':0},'unicast':{'ago_ms':50,'count':500},"
    "      'rescues':0}},"
    "    'ipv6':{'address':'fe80::2%eth0','joined':true,'heard':{'multicast':{'ago_ms':500,'count':99},"
    "      'echo':{'ago_ms':99000,'count':3},'broadcast':{'ago_ms':null,'count':0},'unicast':{'ago_ms':null,'count':0},"
    "      'rescues':0}}}],"
    "  'nodes':[{'id':'aa','heard_ms':50,'multicasts':99,'repeated':99,'paths':["
    "    {'address':'192.0.2.1','port':29418,'interface':'eth0','multicast_ms':500,'group_ms':500,'unicast_ms':50,"
    "     'unanswered':0,'rtt_us':300},"
    "    {'address':'fe80::1%eth0','port':29418,'interface':'eth0','multicast_ms':500,'group_ms':500,'unicast_ms':null,"
    "     'unanswered':0,'rtt_us':null}]}]},"
    "'status':{'node':{'id':'bb','name':'beta','state':'idle','standing':'following','writable':true},'members':2,"
    "  'leader':{'id':'aa','name':'alpha','self':false,'since':99.0},'timing':{'detect_ms':300},"
    "  'peers':[{'id':'aa','name':'alpha','address':'192.0.2.1','state':'leader','age':200.0,'rtt_us':300,"
    "            'self':false},"
    "           {'id':'bb','name':'beta','address':'192.0.2.2','state':'idle','age':100.0,'rtt_us':null,'self':true}]},"
    "'counters':{'uptime':100.0,'sent':{'announce':3,'heartbeat':500},'received':{'ack':499},'send_failed':0,"
    "  'refused':{'other_interface':0},'ignored':{'table_full':0,'stale_sender':0}},"
    "'host':{'rmem_default':212992,'sockets':[{'family':'ipv4','port':29418,'drops':0}],"
    "  'groups':{'ipv4':[{'interface':'eth0','group':'224.0.0.254'}],"
    "            'ipv6':[{'interface':'eth0','group':'ff02::114'}]},"
    "  'bridges':[],'neighbours':{'ipv4':{'entries':9,'limit':1024}}},"
    "'firewall':{'ufw':false,'firewalld':false},'overheard':[]}";

static void setup(void) {
    facts = parse(well);
    findings = json_array();
}

static void teardown(void) {
    json_decref(facts);
    json_decref(findings);
}

/* The member at a path of keys and indexes, "network.interfaces.0.mtu", is to be this value from now on. */
static void set(const char *path, const char *value) {
    char *copy = strdup(path), *rest = NULL;
    json_t *at = facts;
    const char *key = strtok_r(copy, ".", &rest), *next;

    while ((next = strtok_r(NULL, ".", &rest)) != NULL) {
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(key)) : json_object_get(at, key);
        ck_assert_msg(at, "no %s in %s", key, path);
        key = next;
    }
    if (json_is_array(at))
        ck_assert_int_eq(json_array_set_new(at, (size_t)atoi(key), parse(value)), 0);
    else
        ck_assert_int_eq(json_object_set_new(at, key, parse(value)), 0);
    free(copy);
}

static void add(const char *path, const char *value) {
    char *copy = strdup(path), *rest = NULL;
    json_t *at = facts;

    for (const char *key = strtok_r(copy, ".", &rest); key; key = strtok_r(NULL, ".", &rest))
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(key)) : json_object_get(at, key);
    ck_assert(json_is_array(at));
    json_array_append_new(at, parse(value));
    free(copy);
}

static void judge_all(void) {
    size_t index;
    json_t *finding;

    json_array_clear(findings);
    judge_daemon(facts, findings);
    judge_firewall(facts, findings);
    judge_host(facts, findings);
    judge_interfaces(facts, findings);
    judge_peers(facts, findings);
    judge_strangers(facts, findings);
    judge_quorum(facts, findings);
    judge_node(facts, findings);
    codes[0] = '\0';
    only_notes = true;
    json_array_foreach(findings, index, finding) {
        bool note = strcmp(text_of(finding, "severity"), "note") == 0;
        size_t length = strlen(codes);

        only_notes &= note;
        snprintf(codes + length, sizeof(codes) - length, "%s%s%s%s", length ? " " : "", note ? "(" : "",
                 text_of(finding, "code"), note ? ")" : "");
        ck_assert_str_ne(text_of(finding, "what"), "");
        ck_assert_str_ne(text_of(finding, "shows"), "");
        ck_assert_str_ne(text_of(finding, "do"), "");
    }
}

static void expect(const char *expected) {
    judge_all();
    ck_assert_str_eq(codes, expected);
    ck_assert_int_eq(findings_matter(findings), !only_notes);
}

/* What a finding says in one of its members. */
static void expect_says(size_t at, const char *member, const char *part) {
    const char *text = text_of(json_array_get(findings, at), member);

    ck_assert_msg(strstr(text, part), "not in \"%s\": %s", text, part);
}

/* The node leads, and alpha follows. */
static void lead(void) {
    set("status.leader", "{'id':'bb','name':'beta','self':true,'since':90.0}");
    for (int i = 0; i < 2; i++) {
        char path[64];

        snprintf(path, sizeof(path), "network.interfaces.0.%s.heard.multicast", doctor_families[i]);
        set(path, "{'ago_ms':null,'count':0}");
        snprintf(path, sizeof(path), "network.interfaces.0.%s.heard.echo", doctor_families[i]);
        set(path, "{'ago_ms':400,'count':99}");
        snprintf(path, sizeof(path), "network.nodes.0.paths.%d.multicast_ms", i);
        set(path, "null");
        snprintf(path, sizeof(path), "network.nodes.0.paths.%d.group_ms", i);
        set(path, "null");
    }
}

/* --- the node --- */

START_TEST(who_is_well_gets_no_findings) {
    expect("");
    lead();
    expect("");
}
END_TEST

START_TEST(what_is_not_known_is_judged_by_nobody) {
    json_object_clear(facts);
    json_object_set_new(facts, "cluster", json_string("default"));
    expect("");
}
END_TEST

START_TEST(a_node_without_leader_or_writable_state) {
    set("status.leader", "null");
    set("status.node.writable", "false");
    expect("no-leader state-unwritable");
    set("counters.uptime", "3.0"); /* it has just begun to look for one */
    expect("state-unwritable");
}
END_TEST

START_TEST(a_pause_is_a_note) {
    set("status.node.paused", "true");
    set("status.node.paused_for", "90.0");
    expect("(paused)");
    expect_says(0, "shows", "1m 30s");
    set("status.node.paused_for", "null");
    expect("(paused)");
    set("status.node.paused", "false");
    expect("");
}
END_TEST

/* Three seats, and all are there. */
static void count_votes(void) {
    set("status.quorum", "{'policy':'majority','expect':3,'configured':3,'needed':2,'have':3,'ok':true,'seat':true,"
                         "'pinned':false,'fresh':0,'abstains_ms':0,'why':null,'roster':{'version':'7.0','seats':["
                         "{'id':'aa','name':'alpha','self':false},{'id':'bb','name':'beta','self':true},"
                         "{'id':'cc0123456789','name':null,'self':false}]}}");
    add("status.peers", "{'id':'cc0123456789','name':'gamma','address':'192.0.2.3','state':'idle','self':false}");
    set("status.members", "3");
    set("status.peers_complete", "true");
}

START_TEST(a_seat_that_nobody_takes) {
    count_votes();
    expect("");
    set("status.peers.2.id", "'dd'");
    expect("seat-unheard");
    ck_assert_str_eq(text_of(json_array_get(findings, 0), "severity"), "warning");
    expect_says(0, "do", "eldest retire cc012345,");
    set("status.quorum.have", "2");
    expect("seat-unheard");
    ck_assert_str_eq(text_of(json_array_get(findings, 0), "severity"), "problem");
    set("status.peers_complete", "false"); /* it may be there */
    expect("");
    set("status.peers_complete", "true");
    set("counters.uptime", "2.0");
    expect("");
}
END_TEST

START_TEST(more_nodes_than_seats) {
    count_votes();
    set("status.members", "4");
    expect("(spares)");
    expect_says(0, "shows", "4 members, 3 seats");
    set("status.quorum.seat", "false");
    expect("(spares)");
    expect_says(0, "what", "this one has none");
}
END_TEST

START_TEST(another_number_or_policy_is_configured) {
    count_votes();
    set("status.quorum.configured", "5");
    expect("expect-differs");
    expect_says(0, "shows", "3 seats, and here is expect = 5");
    set("status.quorum.configured", "3");
    set("counters.ignored.other_quorum", "7");
    expect("other-quorum");
    expect_says(0, "shows", "quorum = majority");
    set("status.quorum", "{'policy':'none','expect':0,'have':3,'ok':true}");
    expect("other-quorum");
    expect_says(0, "shows", "quorum = none");
}
END_TEST

START_TEST(a_cluster_that_is_not_founded) {
    count_votes();
    set("status.leader", "null");
    set("status.node.standing", "'no leader'");
    set("status.quorum.roster", "null");
    set("status.quorum.why", "'3 nodes found the cluster, heard 2'");
    expect("no-leader");
    expect_says(0, "shows", "3 nodes found the cluster, heard 2");
    set("status.quorum.pinned", "true");
    expect("pinned no-leader");
    expect_says(0, "do", "those 3 hosts");
}
END_TEST

START_TEST(a_leader_without_a_lease) {
    count_votes();
    set("status.leader", "null");
    set("status.node.state", "'leader'");
    set("status.quorum.have", "1");
    expect("no-lease no-leader");
    expect_says(0, "shows", "2 votes are needed, and 1 have answered");
}
END_TEST

START_TEST(a_set_clock_is_a_note) {
    set("network.clock_step_ms", "-999");
    expect("");
    set("network.clock_step_ms", "-86400000");
    expect("(clock-stepped)");
    expect_says(0, "what", "back by 1d");
}
END_TEST

START_TEST(what_counters_tell) {
    set("counters.send_failed", "9");
    expect("");
    set("counters.send_failed", "60");
    set("counters.ignored.table_full", "2");
    set("counters.ignored.stale_sender", "1");
    set("counters.refused.other_interface", "7");
    expect("stale-sender (other-interface) send-failed table-full");
    set("counters.sent.heartbeat", "1000000");
    set("counters.received.ack", "950001");
    expect("stale-sender (other-interface) table-full");
    set("counters.received.ack", "949000");
    expect("losses stale-sender (other-interface) table-full");
}
END_TEST

START_TEST(a_node_that_is_alone_by_now) {
    lead();
    set("network.nodes.0.heard_ms", "14000");
    set("status.members", "1");
    set("status.peers", "[]");
    expect("");
    set("network.nodes.0.heard_ms", "16000");
    expect("alone");
    expect_says(0, "shows", "who was heard before is gone");
    set("counters.uptime", "14.0");
    expect("");
}
END_TEST

START_TEST(a_daemon_that_does_not_answer) {
    json_object_clear(facts);
    json_object_set_new(facts, "cluster", json_string("default"));
    json_object_set_new(facts, "socket", json_string("/run/sock"));
    expect("no-daemon");
    expect_says(0, "do", "sudo eldestd. If");
    json_object_set_new(facts, "cluster", json_string("two"));
    expect("no-daemon");
    expect_says(0, "do", "sudo eldestd -C two. If");
    json_object_set_new(facts, "unit", json_string("failed"));
    expect("no-daemon");
    expect_says(0, "shows", "eldest@two.service is failed");
    expect_says(0, "do", "systemctl restart eldest@two.");
    json_object_set_new(facts, "cluster", json_string("default"));
    expect("no-daemon");
    expect_says(0, "do", "journalctl -u eldest");
}
END_TEST

START_TEST(leaders_that_died_are_no_losses) {
    set("counters.sent.heartbeat", "100");
    set("counters.received.ack", "76");
    set("history", "{'history':[{'ended_by':'death'},{'present':true}],'forgotten':0}");
    expect("");
    set("counters.received.ack", "75");
    expect("losses");
    set("history.forgotten", "1");
    expect("");
}
END_TEST

/* --- interfaces --- */

START_TEST(no_interface_tells_the_reasons) {
    set("network.interfaces", "[{'name':'lo','used':false,'chosen':false,'reason':'is the loopback interface'},"
                              "{'name':'eth0','used':false,'chosen':true,'named':true,'reason':'has no carrier'}]");
    expect("no-interface");
    ck_assert_str_eq(text_of(json_array_get(findings, 0), "shows"), "eth0 has no carrier");
    set("network.interfaces", "[{'name':'lo','used':false,'chosen':false,'reason':'is the loopback interface'}]");
    expect("no-interface");
    expect_says(0, "shows", "lo is the loopback interface");
    set("network.interfaces", "[]");
    expect("no-interface");
}
END_TEST

START_TEST(only_a_named_interface_is_missed) {
    add("network.interfaces", "{'name':'eth1','used':false,'chosen':true,'named':false,'reason':'has no carrier'}");
    expect("");
    set("network.interfaces.1.named", "true");
    expect("interface-unused");
    set("network.interfaces.1.damped", "true");
    expect("interface-flaps");
    ck_assert_str_eq(text_of(json_array_get(findings, 0), "interface"), "eth1");
}
END_TEST

START_TEST(a_small_mtu_is_told) {
    set("network.interfaces.0.mtu", "1248");
    expect("");
    set("network.interfaces.0.mtu", "1247");
    expect("mtu-small");
}
END_TEST

START_TEST(a_leader_that_does_not_hear_itself) {
    lead();
    set("network.interfaces.0.ipv4.heard.echo.ago_ms", "10001");
    expect("no-echo");
    expect_says(0, "what", "IPv4");
    set("status.leader.since", "9.0"); /* it may not have multicast for long */
    expect("");
}
END_TEST

START_TEST(a_follower_that_has_never_heard_itself) {
    set("network.interfaces.0.ipv6.heard.echo", "{'ago_ms':null,'count':0}");
    expect("no-echo");
    set("counters.sent.announce", "0"); /* it found its leader at once */
    expect("");
    set("counters.sent.announce", "3");
    set("network.interfaces.0.since_ms", "98000"); /* when IPv6 came, all was said */
    expect("");
}
END_TEST

START_TEST(multicast_of_the_leader_stops) {
    set("network.interfaces.0.ipv4.heard.multicast.ago_ms", "15001");
    set("network.nodes.0.paths.0.group_ms", "15001");
    expect("multicast-dead");
    expect_says(0, "what", "IPv4 multicast");
    set("status.leader.since", "14.0"); /* of a new leader, it has not begun */
    expect("");
    set("status.leader.since", "99.0");
    set("network.interfaces.0.ipv4.heard.multicast.ago_ms", "300"); /* that of others comes */
    expect("peer-unheard");
    expect_says(0, "peer", "alpha");
    set("network.nodes.0.paths.0.unicast_ms", "6000"); /* it ended with all else */
    expect("");
    set("network.nodes.0.paths.0.group_ms", "50000");
    set("network.nodes.0.paths.0.unicast_ms", "31000"); /* nothing comes this way any more */
    expect("");
}
END_TEST

START_TEST(a_leader_hears_followers_by_broadcast_only) {
    lead();
    set("network.interfaces.0.ipv4.heard.broadcast", "{'ago_ms':50000,'count':2}");
    expect("multicast-dead");
    set("network.interfaces.0.ipv4.heard.multicast", "{'ago_ms':80000,'count':1}");
    expect("");
    set("network.nodes.0.paths.0.multicast_ms", "50000"); /* by broadcast it came from alpha */
    expect("peer-unheard");
    set("network.nodes.0.paths.0.group_ms", "80000");
    expect("");
}
END_TEST

START_TEST(one_family_is_a_note_unless_alone) {
    set("network.interfaces.0.ipv6", "{'address':null,'joined':false}");
    expect("(one-family)");
    expect_says(0, "shows", "no interface in use has an IPv6 address");
    set("network.groups", "{'ipv4':'224.0.0.254'}");
    expect("(one-family)");
    expect_says(0, "shows", "families");
    set("network.nodes", "[]");
    set("status.members", "1");
    set("status.peers", "[]");
    expect("one-family alone");
    add("overheard", "{'interface':'eth0','address':'fe80::9'}");
    expect("one-family cannot-meet alone");
    expect_says(1, "what", "speaks IPv6");
}
END_TEST

/* --- peers and strangers --- */

START_TEST(a_way_that_does_not_answer) {
    set("network.nodes.0.paths.1.unanswered", "2");
    expect("unicast-dead");
    expect_says(0, "what", "fe80::1%eth0");
    set("network.nodes.0.paths.1.unicast_ms", "14000"); /* it may have been one loss */
    expect("");
}
END_TEST

START_TEST(a_round_trip_that_is_too_long) {
    set("status.peers.0.rtt_us", "99999");
    expect("");
    set("status.peers.0.rtt_us", "100000");
    expect("slow-peer");
}
END_TEST

START_TEST(several_nodes_of_one_name_are_told_once) {
    add("status.peers", "{'id':'cc','name':'beta','address':'192.0.2.3','self':false}");
    add("status.peers", "{'id':'dd','name':'beta','address':'192.0.2.4','self':false}");
    add("status.peers", "{'id':'ee','name':'','address':'192.0.2.5','self':false}");
    add("status.peers", "{'id':'ff','name':'','address':'192.0.2.6','self':false}");
    expect("same-name");
    expect_says(0, "shows", "192.0.2.3");
}
END_TEST

START_TEST(strangers_are_told_by_kind_and_cluster) {
    add("network.strangers",
        "{'kind':'other-cluster','cluster':'two','address':'192.0.2.7','port':29418,'ago_ms':1,'count':3}");
    add("network.strangers",
        "{'kind':'other-cluster','cluster':'two','address':'192.0.2.8','port':29418,'ago_ms':1,'count':3}");
    add("network.strangers",
        "{'kind':'other-cluster','cluster':'six','address':'192.0.2.9','port':29418,'ago_ms':1,'count':3}");
    expect("(other-cluster) (other-cluster)");
    expect_says(0, "shows", "cluster two: 3 datagrams from 192.0.2.7");
    expect_says(0, "shows", "192.0.2.8");
    expect_says(1, "shows", "cluster six");
    set("network.nodes", "[]");
    set("status.members", "1");
    expect("other-cluster other-cluster alone");
}
END_TEST

START_TEST(each_kind_of_stranger_has_its_code) {
    static const char *const kinds[][2] = {
        { "key", "other-key" },
        { "other-version", "other-version" },
        { "other-program", "other-program" },
        { "distant", "distant" },
        { "clone", "clone" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        char value[128];

        snprintf(value, sizeof(value),
                 "[{'kind':'%s','cluster':'','address':'192.0.2.7','port':9,'ago_ms':1,'count':1}]", kinds[i][0]);
        set("network.strangers", value);
        expect(kinds[i][1]);
    }
    set("network.strangers.0.ago_ms", "3600001");
    expect("(clone)");
    set("counters.ignored.own_id", "2");
    expect("(clone)");
    set("network.strangers", "[]");
    expect("clone");
}
END_TEST

/* --- the kernel --- */

START_TEST(full_buffers_are_told) {
    add("host.sockets", "{'family':'ipv4','port':5353,'drops':77}");
    expect("");
    add("host.sockets", "{'family':'ipv6','port':29417,'drops':5}");
    expect("buffer-overflow");
    expect_says(0, "shows", "dropped 5 ");
    set("host.sockets", "[]");
    set("host.rmem_default", "65536");
    expect("buffer-small");
    set("host.rmem_default", "-1"); /* could not be read */
    expect("");
}
END_TEST

START_TEST(a_group_that_the_kernel_lacks) {
    set("host.groups.ipv6.0.interface", "'eth1'");
    expect("group-not-joined");
    expect_says(0, "what", "ff02::114 on eth0");
    set("host.groups.ipv6.0.interface", "'eth0'");
    set("host.groups.ipv4", "[]");
    expect("group-not-joined");
    json_object_del(json_object_get(facts, "host"), "groups");
    expect("");
}
END_TEST

START_TEST(snooping_matters_to_groups_that_are_not_flooded) {
    set("host.bridges", "[{'name':'eth0','snooping':true,'querier':false}]");
    expect("");
    set("network.groups.ipv4", "'239.1.2.3'");
    set("host.groups.ipv4.0.group", "'239.1.2.3'");
    expect("(snooping)");
    set("network.interfaces.0.ipv4.heard.multicast.ago_ms", "null");
    set("network.nodes.0.paths.0.unicast_ms", "null");
    expect("snooping");
    set("host.bridges.0.querier", "true");
    expect("");
}
END_TEST

START_TEST(a_neighbour_table_that_fills_up) {
    set("host.neighbours.ipv4.entries", "819");
    expect("");
    set("host.neighbours.ipv4.entries", "820");
    expect("neighbour-table");
    set("host.neighbours.ipv4.entries", "1");
    set("status.members", "900");
    expect("neighbour-table");
}
END_TEST

/* --- the firewall --- */

/* A table of nft with one chain of that policy, and these rules: lists of expressions. */
static void nft(const char *policy, const char *const rules[]) {
    json_t *list = parse("[{'chain':{'family':'inet','table':'t','name':'other'}},"
                         "{'set':{'family':'inet','table':'t','name':'ports','type':'inet_service','elem':"
                         "[22,{'range':[29417,29433]}]}}]");
    json_t *chain = parse("{'family':'inet','table':'t','name':'input','type':'filter','hook':'input','prio':0}");

    json_object_set_new(chain, "policy", json_string(policy));
    json_array_append_new(list, json_pack("{s:o}", "chain", chain));
    for (size_t i = 0; rules[i]; i++)
        json_array_append_new(list, json_pack("{s:{s:s, s:s, s:s, s:i, s:o}}", "rule", "family", "inet", "table", "t",
                                              "chain", rules[i][0] == '>' ? "other" : "input", "handle", (int)i + 1,
                                              "expr", parse(rules[i] + (rules[i][0] == '>'))));
    set("firewall", "{'ufw':false,'firewalld':false}");
    json_object_set_new(json_object_get(facts, "firewall"), "nft", json_pack("{s:o}", "nftables", list));
}

#define NFT(policy, ...) nft(policy, (const char *const[]){ __VA_ARGS__, NULL })
#define MATCH(left, right) "{'match':{'op':'==','left':" left ",'right':" right "}}"
#define DPORT "{'payload':{'protocol':'udp','field':'dport'}}"
#define DADDR4 "{'payload':{'protocol':'ip','field':'daddr'}}"
#define DADDR6 "{'payload':{'protocol':'ip6','field':'daddr'}}"
#define META(key) "{'meta':{'key':'" key "'}}"
#define ESTABLISHED "[" MATCH("{'ct':{'key':'state'}}", "['established','related']") ",{'accept':null}]"
#define UNKNOWN MATCH("{'payload':{'protocol':'ip','field':'saddr'}}", "{'prefix':{'addr':'192.0.2.0','len':24}}")

START_TEST(nft_policy_drops_what_nobody_let_in) {
    NFT("accept", ESTABLISHED);
    expect("");
    NFT("drop", ESTABLISHED);
    expect("firewall");
    expect_says(0, "shows", "its policy");
    expect_says(0, "shows", "224.0.0.254 port 29417");
    expect_says(0, "shows", "ff02::114 port 29417");
    expect_says(0, "shows", "192.0.2.2 port 29418");
    expect_says(0, "do", "sudo nft insert rule inet t input udp dport 29417-29433 accept");
    NFT("drop", ESTABLISHED, "[" MATCH(DPORT, "{'range':[29417,29433]}") ",{'counter':{}},{'accept':null}]");
    expect("");
    NFT("drop", "[" MATCH(DPORT, "'@ports'") ",{'accept':null}]");
    expect("");
    NFT("drop", "[" MATCH(DPORT, "29417") ",{'accept':null}]");
    expect("firewall");
    expect_says(0, "shows", "UDP to 192.0.2.2 port 29418");
}
END_TEST

START_TEST(nft_rules_that_drop_the_group) {
    NFT("accept", "[" MATCH(DADDR4, "'224.0.0.254'") ",{'drop':null}]");
    expect("firewall");
    NFT("accept", "[" MATCH(DADDR4, "{'prefix':{'addr':'224.0.0.0','len':4}}") ",{'log':null},{'reject':{}}]");
    expect("firewall");
    expect_says(0, "shows", "rule with handle 1");
    NFT("accept", "[" MATCH(DADDR6, "{'prefix':{'addr':'ff02::','len':16}}") ",{'drop':null}]");
    expect("firewall");
    NFT("accept", "[" MATCH(META("pkttype"), "'multicast'") ",{'drop':null}]");
    expect("firewall");
    NFT("accept", "[" MATCH(META("l4proto"), "{'set':['tcp','udp']}") ",{'drop':null}]");
    expect("firewall");
    NFT("accept", "[" MATCH(DADDR4, "'224.0.0.251'") ",{'drop':null}]");
    expect("");
    NFT("accept", "[" MATCH(META("iifname"), "'eth1'") ",{'drop':null}]");
    expect("");
    NFT("accept", "[" MATCH("{'payload':{'protocol':'tcp','field':'dport'}}", "29417") ",{'drop':null}]");
    expect("");
}
END_TEST

START_TEST(nft_rules_that_may_let_it_pass_do) {
    NFT("drop", "[" UNKNOWN ",{'accept':null}]", "[" MATCH(META("nfproto"), "'ipv6'") ",{'accept':null}]");
    expect("");
    NFT("accept", "[" UNKNOWN ",{'drop':null}]");
    expect("");
    NFT("drop", "[{'xt':null}]");
    expect("");
    NFT("accept", "[{'limit':{'rate':4}},{'drop':null}]");
    expect("");
    NFT("drop", "[{'vmap':{}}]");
    expect("");
}
END_TEST

START_TEST(nft_chains_are_followed) {
    NFT("drop", "[{'jump':{'target':'other'}}]", ">[" MATCH(DPORT, "'@ports'") ",{'accept':null}]");
    expect("");
    NFT("accept", "[{'jump':{'target':'other'}}]", ">[{'drop':null}]");
    expect("firewall");
    NFT("accept", "[{'jump':{'target':'other'}}]", ">[{'return':null}]", ">[{'drop':null}]");
    expect("");
    NFT("accept", "[{'jump':{'target':'other'}}]", ">[" UNKNOWN ",{'return':null}]", ">[{'drop':null}]");
    expect("firewall"); /* IPv6, which has no such source */
    expect_says(0, "shows", "ff02::114");
    ck_assert_ptr_null(strstr(text_of(json_array_get(findings, 0), "shows"), "224.0.0.254"));
    NFT("drop", "[{'goto':{'target':'other'}}]", "[{'accept':null}]", ">[{'counter':null}]");
    expect("firewall");
    NFT("drop", "[{'jump':{'target':'input'}}]"); /* round and round is not judged */
    expect("");
}
END_TEST

/* As firewalld has it: zones that are gone to, and what none of them accepted is rejected. */
START_TEST(firewalld_is_understood) {
    static const char to_zone[] = "[{'jump':{'target':'other'}}]", rest[] = "[{'reject':{'type':'icmpx'}}]";
    static const char translated[] = "[" MATCH("{'ct':{'key':'status'}}", "'dnat'") ",{'accept':null}]";
    static const char ssh[] = ">[" MATCH("{'payload':{'protocol':'tcp','field':'dport'}}", "22") "," MATCH(
            "{'ct':{'key':'state'}}", "{'set':['new','untracked']}") ",{'accept':null}]";
    static const char icmp[] = ">[" MATCH(META("l4proto"), "{'set':['icmp','ipv6-icmp']}") ",{'accept':null}]";
    static const char open[] = ">[" MATCH(DPORT, "{'range':[29417,29433]}") "," MATCH(
            "{'ct':{'key':'state'}}", "{'set':['new','untracked']}") ",{'accept':null}]";

    NFT("accept", ESTABLISHED, translated, to_zone, rest, ssh, icmp);
    expect("firewall");
    expect_says(0, "shows", "rule with handle 4");
    NFT("accept", ESTABLISHED, translated, to_zone, rest, ssh, icmp, open);
    expect("");
}
END_TEST

static void iptables(const char *rules) {
    char text[2048];

    snprintf(text, sizeof(text), "# Generated\n*filter\n%sCOMMIT\n", rules);
    set("firewall", "{'ufw':false,'firewalld':false}");
    json_object_set_new(json_object_get(facts, "firewall"), "iptables", json_string(text));
}

START_TEST(iptables_rules_are_judged) {
    iptables(":INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT ! -i lo -p tcp -j DROP\n");
    expect("");
    iptables(":INPUT ACCEPT [0:0]\n-A INPUT ! -p udp -j DROP\n-A INPUT ! -d 224.0.0.0/4 -p tcp -j DROP\n");
    expect("");
    iptables(":INPUT ACCEPT [0:0]\n-A INPUT ! -d 192.0.2.0/24 -j DROP\n");
    expect("firewall");
    iptables(
        ":INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n");
    expect("firewall");
    expect_says(0, "do", "sudo iptables -t filter -I INPUT -p udp --dport 29417:29433 -j ACCEPT");
    iptables(":INPUT DROP [0:0]\n-A INPUT -p udp -m comment --comment \"let eldest -j DROP in\" -m multiport --dports "
             "22,29417:29433 -j ACCEPT\n");
    expect("");
    iptables(":INPUT ACCEPT [0:0]\n-A INPUT -d 224.0.0.0/4 -i eth+ -j REJECT --reject-with icmp-port-unreachable\n");
    expect("firewall");
    expect_says(0, "shows", "-A INPUT -d 224.0.0.0/4");
    iptables(
        ":INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.0/8 -j DROP\n-A INPUT -m hashlimit --hashlimit-above 1/s -j DROP\n");
    expect("");
    iptables(
        ":INPUT DROP [0:0]\n:mine - [0:0]\n-A INPUT -j mine\n-A mine -p udp -m udp --dport 29417:29418 -j ACCEPT\n");
    expect("");
    iptables(":INPUT ACCEPT [0:0]\n:mine - [0:0]\n-A INPUT -m addrtype --dst-type MULTICAST -j mine\n-A mine -j LOG\n"
             "-A mine -j DROP\n");
    expect("firewall");
}
END_TEST

/* As ufw has it, abridged. */
#define UFW(user)                                                                                            \
    ":INPUT DROP [0:0]\n:ufw-before-input - [0:0]\n:ufw-logging-deny - [0:0]\n:ufw-not-local - [0:0]\n"      \
    ":ufw-user-input - [0:0]\n-A INPUT -j ufw-before-input\n-A INPUT -j ufw-user-input\n"                   \
    "-A ufw-before-input -i lo -j ACCEPT\n"                                                                  \
    "-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"                             \
    "-A ufw-before-input -m conntrack --ctstate INVALID -j DROP\n"                                           \
    "-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT\n"                                    \
    "-A ufw-before-input -j ufw-not-local\n"                                                                 \
    "-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT\n"                           \
    "-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix \"[UFW BLOCK] \"\n"      \
    "-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n"                                              \
    "-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN\n"                                          \
    "-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny\n"                         \
    "-A ufw-not-local -j DROP\n" user

START_TEST(ufw_is_understood) {
    iptables(UFW("-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT\n"));
    expect("firewall");
    expect_says(0, "shows", "chain INPUT in table filter: its policy");
    expect_says(0, "shows", "192.0.2.2 port 29418");
    iptables(UFW("-A ufw-user-input -p udp -m multiport --dports 29417:29433 -j ACCEPT\n"));
    expect("");
}
END_TEST

START_TEST(the_cure_is_that_of_who_rules) {
    iptables(":INPUT DROP [0:0]\n");
    set("firewall.ufw", "true");
    expect("firewall");
    expect_says(0, "do", "sudo ufw allow 29417:29433/udp");
    set("firewall.ufw", "false");
    set("firewall.firewalld", "true");
    expect("firewall");
    expect_says(0, "do", "--add-port=29417-29433/udp");
}
END_TEST

START_TEST(what_is_sent_is_judged_too) {
    iptables(":OUTPUT DROP [0:0]\n-A OUTPUT -o eth1 -j ACCEPT\n");
    expect("firewall");
    expect_says(0, "what", "sent by");
    iptables(":OUTPUT DROP [0:0]\n-A OUTPUT -o eth0 -j ACCEPT\n");
    expect("");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("doctor");
    TCase *tests = tcase_create("judges");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, who_is_well_gets_no_findings);
    tcase_add_test(tests, what_is_not_known_is_judged_by_nobody);
    tcase_add_test(tests, a_node_without_leader_or_writable_state);
    tcase_add_test(tests, a_pause_is_a_note);
    tcase_add_test(tests, a_seat_that_nobody_takes);
    tcase_add_test(tests, more_nodes_than_seats);
    tcase_add_test(tests, another_number_or_policy_is_configured);
    tcase_add_test(tests, a_cluster_that_is_not_founded);
    tcase_add_test(tests, a_leader_without_a_lease);
    tcase_add_test(tests, a_set_clock_is_a_note);
    tcase_add_test(tests, what_counters_tell);
    tcase_add_test(tests, a_node_that_is_alone_by_now);
    tcase_add_test(tests, a_daemon_that_does_not_answer);
    tcase_add_test(tests, leaders_that_died_are_no_losses);
    tcase_add_test(tests, no_interface_tells_the_reasons);
    tcase_add_test(tests, only_a_named_interface_is_missed);
    tcase_add_test(tests, a_small_mtu_is_told);
    tcase_add_test(tests, a_leader_that_does_not_hear_itself);
    tcase_add_test(tests, a_follower_that_has_never_heard_itself);
    tcase_add_test(tests, multicast_of_the_leader_stops);
    tcase_add_test(tests, a_leader_hears_followers_by_broadcast_only);
    tcase_add_test(tests, one_family_is_a_note_unless_alone);
    tcase_add_test(tests, a_way_that_does_not_answer);
    tcase_add_test(tests, a_round_trip_that_is_too_long);
    tcase_add_test(tests, several_nodes_of_one_name_are_told_once);
    tcase_add_test(tests, strangers_are_told_by_kind_and_cluster);
    tcase_add_test(tests, each_kind_of_stranger_has_its_code);
    tcase_add_test(tests, full_buffers_are_told);
    tcase_add_test(tests, a_group_that_the_kernel_lacks);
    tcase_add_test(tests, snooping_matters_to_groups_that_are_not_flooded);
    tcase_add_test(tests, a_neighbour_table_that_fills_up);
    tcase_add_test(tests, nft_policy_drops_what_nobody_let_in);
    tcase_add_test(tests, nft_rules_that_drop_the_group);
    tcase_add_test(tests, nft_rules_that_may_let_it_pass_do);
    tcase_add_test(tests, nft_chains_are_followed);
    tcase_add_test(tests, iptables_rules_are_judged);
    tcase_add_test(tests, firewalld_is_understood);
    tcase_add_test(tests, ufw_is_understood);
    tcase_add_test(tests, the_cure_is_that_of_who_rules);
    tcase_add_test(tests, what_is_sent_is_judged_too);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
