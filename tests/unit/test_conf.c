/* SPDX-License-Identifier: ISC
 *
 * test_conf.c - the configuration: every key with the ends of its range, every mistake with its place, all
 * mistakes at once.
 */
#include "daemon/conffile.h"

#include "base/str.h"
#include "base/util.h"
#include "core/core.h"

#include "platform/address.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a file per test ---- */

static char path[64];
static struct conf conf;
static struct conf_errors errors;

static void setup(void) {
    int fd;

    snprintf(path, sizeof path, "/tmp/eldest-test-XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    memset(&errors, 0, sizeof errors);
    ck_assert_int_eq(conf_defaults(&conf, NULL), 0);
}

static void teardown(void) {
    unlink(path);
}

static int load_bytes(const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    memset(&errors, 0, sizeof errors);
    return conffile_load(path, CONFFILE_REQUIRED, &conf, &errors);
}

static int load(const char *text) {
    return load_bytes(text, strlen(text));
}

static int load_key(const char *section, const char *key, const char *value) {
    char text[1024];

    snprintf(text, sizeof text, "[%s]\n%s = %s\n", section, key, value);
    return load(text);
}

static void assert_loads(const char *text) {
    int result = load(text);

    ck_assert_msg(result == 0, "%s", errors.list[0]);
    ck_assert_uint_eq(errors.count, 0);
}

/* The error at that index is about that line and begins, after its place, with that text; and it says what
 * is allowed. */
static void assert_error(unsigned index, unsigned line, const char *about) {
    char begin[256];

    ck_assert_uint_lt(index, errors.count);
    snprintf(begin, sizeof begin, "%s:%u: %s: ", path, line, about);
    ck_assert_msg(strncmp(errors.list[index], begin, strlen(begin)) == 0, "\"%s\" instead of \"%s...\"",
                  errors.list[index], begin);
    ck_assert_ptr_nonnull(strstr(errors.list[index], "; allowed: "));
}

static void assert_error_says(unsigned index, const char *text) {
    ck_assert_uint_lt(index, errors.count);
    ck_assert_msg(strstr(errors.list[index], text) != NULL, "\"%s\" without \"%s\"", errors.list[index], text);
}

static void assert_refused(const char *text, unsigned line, const char *about) {
    ck_assert_int_eq(load(text), -EINVAL);
    assert_error(0, line, about);
    ck_assert_msg(errors.count == 1, "%s", errors.list[1]);
}

/* ---- defaults ---- */

static void assert_defaults(void) {
    static const struct timing timing = TIMING_DEFAULT;
    static const uint8_t group[4] = { 224, 0, 0, 254 }, group6[16] = { 0xff, 0x02, [14] = 0x01, 0x14 };

    ck_assert_str_eq(conf.cluster, "default");
    ck_assert_uint_gt(strlen(conf.facts.name), 0);
    ck_assert_ptr_null(strchr(conf.facts.name, '.'));
    ck_assert_uint_eq(conf.facts.priority, 100);
    ck_assert(conf.facts.eligible);
    ck_assert(!conf.preempt);
    ck_assert_str_eq(conf.facts.tags, "");
    ck_assert_str_eq(conf.interfaces, "auto");
    ck_assert_mem_eq(conf.group4, group, sizeof group);
    ck_assert_mem_eq(conf.group6, group6, sizeof group6);
    ck_assert_uint_eq(conf.families, 1U << FAMILY_IPV4 | 1U << FAMILY_IPV6);
    ck_assert_uint_eq(conf.peers.count, 0);
    ck_assert_uint_eq(conf.port, 29417);
    ck_assert_uint_eq(conf.http.count, 0);
    ck_assert_int_eq(conf.timing.detect, timing.detect);
    ck_assert_int_eq(conf.timing.heartbeat, timing.heartbeat);
    ck_assert_int_eq(conf.timing.ack_timeout, timing.ack_timeout);
    ck_assert_uint_eq(conf.timing.min_rate, timing.min_rate);
    ck_assert_int_eq(conf.timing.alone, timing.alone);
    ck_assert_int_eq(conf.log_level, LOG_LEVEL_INFO);
    ck_assert_uint_eq(conf.members_max, MEMBERS_MAX_DEFAULT);
}

START_TEST(defaults_are_those_of_the_core) {
    assert_defaults();
}
END_TEST

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

START_TEST(cluster_selects_name_and_paths) {
    char file[CONF_PATH_SIZE];

    ck_assert(ends_with(conf.state_directory, "/default"));
    ck_assert(ends_with(conf.socket_path, "/default.sock"));
    ck_assert_int_eq(conf_defaults(&conf, "web-1"), 0);
    ck_assert_str_eq(conf.cluster, "web-1");
    ck_assert(ends_with(conf.state_directory, "/web-1"));
    ck_assert(ends_with(conf.socket_path, "/web-1.sock"));
    conf_default_path(file, NULL);
    ck_assert(ends_with(file, "/eldest.conf"));
    conf_default_path(file, "default");
    ck_assert(ends_with(file, "/eldest.conf"));
    conf_default_path(file, "web-1");
    ck_assert(ends_with(file, "/web-1.conf"));
}
END_TEST

START_TEST(cluster_that_is_no_name_is_refused) {
    ck_assert_int_eq(conf_defaults(&conf, "../x"), -EINVAL);
    ck_assert_int_eq(conf_defaults(&conf, ""), -EINVAL);
    ck_assert_str_eq(conf.cluster, "default");
}
END_TEST

START_TEST(name_in_the_file_wins_over_the_default_of_the_cluster) {
    ck_assert_int_eq(conf_defaults(&conf, "web"), 0);
    assert_loads("[node]\npriority = 7\n");
    ck_assert_str_eq(conf.cluster, "web");
    assert_loads("[cluster]\nname = other\n");
    ck_assert_str_eq(conf.cluster, "other");
    ck_assert(ends_with(conf.state_directory, "/web"));
}
END_TEST

START_TEST(every_default_can_be_written_in_the_file) {
    struct conf_key key;
    size_t count = 0;

    while (conf_key(count, &key)) {
        ck_assert_msg(load_key(key.section, key.name, key.value) == 0, "%s", errors.list[0]);
        ck_assert_uint_gt(strlen(key.help), 0);
        ck_assert_uint_gt(strlen(key.allowed), 0);
        count++;
    }
    ck_assert_uint_eq(count, 26);
    assert_defaults();
}
END_TEST

START_TEST(node_name_comes_from_the_host) {
    char name[NODE_NAME_MAX + 1], host[100];

    conf_node_name("alpha", name);
    ck_assert_str_eq(name, "alpha");
    conf_node_name("alpha.example.org", name);
    ck_assert_str_eq(name, "alpha");
    conf_node_name("my host(1)", name);
    ck_assert_str_eq(name, "my-host-1-");
    conf_node_name("", name);
    ck_assert_str_ne(name, "");
    conf_node_name(".", name);
    ck_assert_str_ne(name, "");
    memset(host, 'h', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    conf_node_name(host, name);
    ck_assert_uint_eq(strlen(name), NODE_NAME_MAX);
}
END_TEST

/* ---- values ---- */

#define TEN "/234567890"
#define LONGEST_PATH TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "/234567"

START_TEST(every_key_is_read) {
    static const uint8_t group[4] = { 239, 1, 2, 3 }, group6[16] = { 0xff, 0x02, [15] = 0x07 };
    static const char *const peers[] = { "192.0.2.7:0", "[2001:db8::7]:30003", "[2001:db8::8]:0", "192.0.2.8:30001" };
    static const char *const listen[] = { "127.0.0.1:29480", "[::1]:29480", "/run/http.sock" };
    char text[ADDRESS_PORT_TEXT_SIZE], endpoint[ENDPOINT_TEXT_SIZE];

    assert_loads("[cluster]\nname = web\nencrypt = yes\nquorum = none\nmembers_max = 5000\n"
                 "[node]\nname = alpha\npriority = 200\neligible = no\npreempt = yes\n"
                 "[network]\ninterfaces = eth0 !eth1\nfamilies = ipv6\ngroup4 = 239.1.2.3\ngroup6 = ff02::7\n"
                 "port = 30000\npeers = 192.0.2.7 [2001:db8::7]:30003, 2001:db8::8, 192.0.2.8:30001\n"
                 "[timing]\ndetect = 200ms\nheartbeat = 1s\nack_timeout = 1500ms\nmin_rate = 9\nalone = 5s\n"
                 "[http]\nlisten = 127.0.0.1:29480 [::1]:29480,/run/http.sock\n"
                 "[log]\nlevel = debug\n");
    ck_assert_str_eq(conf.cluster, "web");
    ck_assert(conf.encrypt);
    ck_assert_uint_eq(conf.members_max, 5000);
    ck_assert_str_eq(conf.facts.name, "alpha");
    ck_assert_uint_eq(conf.facts.priority, 200);
    ck_assert(!conf.facts.eligible);
    ck_assert(conf.preempt);
    ck_assert_str_eq(conf.interfaces, "eth0 !eth1");
    ck_assert_mem_eq(conf.group4, group, sizeof group);
    ck_assert_mem_eq(conf.group6, group6, sizeof group6);
    ck_assert_uint_eq(conf.families, 1U << FAMILY_IPV6);
    ck_assert_uint_eq(conf.port, 30000);
    ck_assert_uint_eq(conf.peers.count, 4);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_str_eq(address_format_port(&conf.peers.list[i], text), peers[i]);
    ck_assert_int_eq(conf.timing.detect, 200000);
    ck_assert_int_eq(conf.timing.heartbeat, 1000000);
    ck_assert_int_eq(conf.timing.ack_timeout, 1500000);
    ck_assert_uint_eq(conf.timing.min_rate, 9);
    ck_assert_int_eq(conf.timing.alone, 5000000);
    ck_assert_uint_eq(conf.http.count, 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_str_eq(endpoint_format(&conf.http.list[i], endpoint), listen[i]);
    ck_assert_int_eq(conf.log_level, LOG_LEVEL_DEBUG);
}
END_TEST

/* ---- two configurations ---- */

static const struct {
    const char *section, *key, *value;
    bool live;
} others[] = {
    { "cluster", "name", "web", false },
    { "cluster", "members_max", "1023", false },
    { "node", "name", "a", true },
    { "node", "priority", "101", true },
    { "node", "eligible", "no", true },
    { "node", "preempt", "yes", true },
    { "node", "tags", "zone=a", true },
    { "network", "interfaces", "eth0", false },
    { "network", "families", "ipv4", false },
    { "network", "group4", "224.0.0.255", false },
    { "network", "group6", "ff02::115", false },
    { "network", "peers", "192.0.2.1", false },
    { "network", "port", "29418", false },
    { "http", "listen", "127.0.0.1:29480", false },
    { "timing", "detect", "301ms", true },
    { "timing", "heartbeat", "1s", true },
    { "timing", "ack_timeout", "1s", true },
    { "timing", "min_rate", "5", true },
    { "timing", "alone", "10s", true },
    { "log", "level", "debug", true },
};

/* The one key in which two configurations differ; -1: none, -2: several. */
static int the_difference(const struct conf *a, const struct conf *b) {
    struct conf_key key;
    int found = -1;

    for (size_t i = 0; conf_key(i, &key); i++)
        if (conf_key_differs(i, a, b))
            found = found == -1 ? (int)i : -2;
    return found;
}

START_TEST(a_key_differs_alone_and_is_copied_alone) {
    struct conf defaults = conf, copy = conf;
    int index = conf_key_find(others[_i].section, others[_i].key);
    struct conf_key key;

    ck_assert_int_eq(load_key(others[_i].section, others[_i].key, others[_i].value), 0);
    ck_assert_int_eq(the_difference(&defaults, &conf), index);
    ck_assert(conf_key((size_t)index, &key));
    ck_assert_str_eq(key.name, others[_i].key);
    ck_assert(key.live == others[_i].live);
    conf_key_copy((size_t)index, &copy, &conf);
    ck_assert_int_eq(the_difference(&copy, &conf), -1);
    ck_assert_int_eq(the_difference(&copy, &defaults), index);
}
END_TEST

/* What stood in a field before leaves no trace. */
START_TEST(equal_values_are_equal_whatever_was_before) {
    struct conf copy;

    assert_loads("[cluster]\nname = a\n[node]\nname = b\n[network]\ninterfaces = c\n");
    copy = conf;
    assert_loads("[cluster]\nname = longer\n[node]\nname = longer\n[network]\ninterfaces = longer\n");
    assert_loads("[cluster]\nname = a\n[node]\nname = b\n[network]\ninterfaces = c\n");
    ck_assert_int_eq(the_difference(&copy, &conf), -1);
    assert_loads("[node]\nname = auto\n");
    copy = conf;
    assert_loads("[node]\nname = 123456789012345678901234567890123456789012345678901234567890\n");
    assert_loads("[node]\nname = auto\n");
    ck_assert_int_eq(the_difference(&copy, &conf), -1);
}
END_TEST

START_TEST(every_key_has_an_index) {
    struct conf_key key;

    for (size_t i = 0; conf_key(i, &key); i++)
        ck_assert_int_eq(conf_key_find(key.section, key.name), (int)i);
    ck_assert_int_eq(conf_key_find("node", "detect"), -ENOENT);
    ck_assert_int_eq(conf_key_find("", ""), -ENOENT);
}
END_TEST

static const struct {
    const char *section, *key, *value;
    bool good;
} values[] = {
    { "cluster", "name", "a", true },
    { "cluster", "name", "abcdefghijklmnopqrstuvwxyz012345", true },
    { "cluster", "name", "abcdefghijklmnopqrstuvwxyz0123456", false },
    { "cluster", "name", "a/b", false },
    { "cluster", "name", "..", false },
    { "cluster", "name", "", false },
    { "cluster", "quorum", "some", false },
    { "cluster", "expect", "0", false },
    { "cluster", "expect", "10", false },
    { "cluster", "members_max", "16", true },
    { "cluster", "members_max", "15", false },
    { "cluster", "members_max", "16384", true },
    { "cluster", "members_max", "16385", false },
    { "node", "name", "a_b.c-9", true },
    { "node", "name", "a b", false },
    { "node", "name", "\xc3\xa4", false },
    { "node", "name", "", false },
    { "node", "name", "123456789012345678901234567890123456789012345678901234567890123", true },
    { "node", "name", "1234567890123456789012345678901234567890123456789012345678901234", false },
    { "node", "priority", "0", true },
    { "node", "priority", "65535", true },
    { "node", "priority", "65536", false },
    { "node", "priority", "-1", false },
    { "node", "priority", "0x10", false },
    { "node", "priority", "1 2", false },
    { "node", "priority", "99999999999999999999999", false },
    { "node", "priority", "", false },
    { "node", "eligible", "Yes", false },
    { "node", "eligible", "true", false },
    { "node", "preempt", "", false },
    { "node", "tags", "zone=a", true },
    { "node", "tags", "  zone=a   role=db ", true },
    { "node", "tags", "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1 p=1", true },
    { "node", "tags", "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1 p=1 q=1", false },
    { "node", "tags", "zone", false },
    { "node", "tags", "zone=", false },
    { "node", "tags", "zone=a zone=b", false },
    { "node", "tags", "zone=a, role=db", false },
    { "node", "tags", "zone=a none", false },
    { "node", "tags", "zone=\"a\"", false },
    { "network", "interfaces", "abcdefghijklmno", true },
    { "network", "interfaces", "abcdefghijklmnop", false },
    { "network", "interfaces", "eth0 eth1", true },
    { "network", "interfaces", "eth0, en* !en1", true },
    { "network", "interfaces", "!", false },
    { "network", "interfaces", "a/b", false },
    { "network", "interfaces", "", false },
    { "network", "families", "ipv5", false },
    { "network", "families", "", false },
    { "network", "group6", "ff02::1:2", true },
    { "network", "group6", "ff05::114", false },
    { "network", "group6", "fe80::1", false },
    { "network", "group6", "224.0.0.254", false },
    { "http", "listen", "none", true },
    { "http", "listen", "127.0.0.1:80, [::1]:65535 /run/eldest/http.sock", true },
    { "http", "listen", "0.0.0.0:1,[::]:1", true },
    { "http", "listen", "127.0.0.1:80 [::1]:80 127.0.0.1:80", false },
    { "http", "listen", "127.0.0.1", false },
    { "http", "listen", "127.0.0.1:0", false },
    { "http", "listen", "127.0.0.1:65536", false },
    { "http", "listen", "::1", false },
    { "http", "listen", "::1:80", false },
    { "http", "listen", "[fe80::1]:80", false },
    { "http", "listen", "localhost:80", false },
    { "http", "listen", ":80", false },
    { "http", "listen", "http.sock", false },
    { "http", "listen", "/run/", false },
    { "http", "listen", "/1 /2 /3 /4 /5 /6 /7 /8", true },
    { "http", "listen", "/1 /2 /3 /4 /5 /6 /7 /8 /9", false },
    { "http", "listen", "/1 /2 /1", false },
    { "http", "listen", LONGEST_PATH, true },
    { "http", "listen", LONGEST_PATH "x", false },
    { "network", "peers", "none", true },
    { "network", "peers", "192.0.2.1:1", true },
    { "network", "peers", "192.0.2.1:0", false },
    { "network", "peers", "192.0.2.1:65536", false },
    { "network", "peers", "192.0.2", false },
    { "network", "peers", "host", false },
    { "network", "peers", "fe80::1", false },
    { "network", "peers", "[192.0.2.1]", false },
    { "network", "peers", "[2001:db8::1", false },
    { "network", "peers", "[2001:db8::1]29418", false },
    { "network", "peers", "192.0.2.1,,2001:db8::1", true },
    { "network", "group4", "224.0.0.0", true },
    { "network", "group4", "239.255.255.255", true },
    { "network", "group4", "223.255.255.255", false },
    { "network", "group4", "240.0.0.0", false },
    { "network", "group4", "224.0.0", false },
    { "network", "group4", "ff02::114", false },
    { "network", "port", "1024", true },
    { "network", "port", "1023", false },
    { "network", "port", "65519", true },
    { "network", "port", "65520", false },
    { "timing", "detect", "20ms", true },
    { "timing", "detect", "19999us", false },
    { "timing", "detect", "5s", true },
    { "timing", "detect", "5001ms", false },
    { "timing", "detect", "300", false },
    { "timing", "detect", "0.3s", false },
    { "timing", "detect", "300 ms", false },
    { "timing", "detect", "0", false },
    { "timing", "detect", "-1s", false },
    { "timing", "detect", "9999999999999999999d", false },
    { "timing", "heartbeat", "20ms", true },
    { "timing", "heartbeat", "19ms", false },
    { "timing", "heartbeat", "1m", true },
    { "timing", "heartbeat", "60001ms", false },
    { "timing", "ack_timeout", "100ms", true },
    { "timing", "ack_timeout", "99ms", false },
    { "timing", "ack_timeout", "60s", true },
    { "timing", "ack_timeout", "61s", false },
    { "timing", "min_rate", "1", true },
    { "timing", "min_rate", "0", false },
    { "timing", "min_rate", "1000", true },
    { "timing", "min_rate", "1001", false },
    { "timing", "alone", "auto", true },
    { "timing", "alone", "1s", true },
    { "timing", "alone", "10m", true },
    { "timing", "alone", "601s", false },
    { "timing", "alone", "0", false },
    { "timing", "alone", "never", false },
    { "log", "level", "error", true },
    { "log", "level", "warning", true },
    { "log", "level", "debug", true },
    { "log", "level", "INFO", false },
    { "log", "level", "", false },
};

START_TEST(values_are_checked) {
    char about[256];
    int result = load_key(values[_i].section, values[_i].key, values[_i].value);

    snprintf(about, sizeof about, "[%s] %s = %s", values[_i].section, values[_i].key, values[_i].value);
    ck_assert_msg((result == 0) == values[_i].good, "%s: %s", about, result == 0 ? "accepted" : errors.list[0]);
    ck_assert_uint_eq(errors.count, values[_i].good ? 0 : 1);
    if (!values[_i].good)
        assert_error(0, 2, about);
}
END_TEST

START_TEST(what_is_allowed_is_told) {
    struct conf_key key;

    for (size_t i = 0; conf_key(i, &key); i++) {
        ck_assert_int_eq(load_key(key.section, key.name, "a/b"), -EINVAL);
        ck_assert_msg(ends_with(errors.list[0], key.allowed), "%s", errors.list[0]);
    }
}
END_TEST

START_TEST(alone_shorter_than_discovery_is_refused) {
    assert_refused("[timing]\nalone = 999ms\n", 2, "[timing] alone = 999ms");
    assert_loads("[timing]\nalone = 1s\n");
    assert_refused("[timing]\ndetect = 30ms\nalone = 99ms\n", 3, "[timing] alone = 99ms");
    assert_loads("[timing]\nalone = 100ms\ndetect = 30ms\n");
    /* together with another mistake, but not where detect or alone itself is one */
    ck_assert_int_eq(load("[timing]\nalone = 1ms\n[node]\npriority = x\n"), -EINVAL);
    ck_assert_uint_eq(errors.count, 2);
    ck_assert_int_eq(load("[timing]\nalone = 1ms\ndetect = x\n"), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
}
END_TEST

/* ---- the form of the file ---- */

START_TEST(empty_files_change_nothing) {
    assert_loads("");
    assert_loads("\n\n");
    assert_loads("# nothing\n; nothing\n  # nothing, indented\n   \n[timing]\n");
    ck_assert_int_eq(load_bytes("# a\0b\xff\n", 7), -EINVAL); /* not even in a comment: NUL ends a text */
    ck_assert_int_eq(load_bytes("# \xff\n", 4), 0);
}
END_TEST

START_TEST(forms_of_a_line) {
    assert_loads("[node]\npriority=1");
    ck_assert_uint_eq(conf.facts.priority, 1);
    assert_loads("[node]\r\npriority = 2\r\n");
    ck_assert_uint_eq(conf.facts.priority, 2);
    assert_loads("\xef\xbb\xbf[node]\npriority\t=\t3\t\n");
    ck_assert_uint_eq(conf.facts.priority, 3);
    assert_loads("[node] # why\npriority = 4 ; because\n");
    ck_assert_uint_eq(conf.facts.priority, 4);
    assert_loads("[node]\t; why\npriority = 5\t; because = it\n");
    ck_assert_uint_eq(conf.facts.priority, 5);
    assert_loads("[node]\npriority = 6\n[log]\nlevel = error\n[node]\neligible = no\n");
    ck_assert_uint_eq(conf.facts.priority, 6);
    ck_assert(!conf.facts.eligible);
}
END_TEST

START_TEST(lines_that_are_refused) {
    assert_refused("[node]\npriority = 4 # five\n", 2, "[node] priority = 4 # five");
    assert_refused("[node]\npriority: 4\n", 2, "priority: 4");
    assert_refused("[node]\npriority\n", 2, "priority");
    assert_refused("[node]\npriority ; = 4\n", 2, "priority ; = 4");
    assert_refused("[node]\n= 4\n", 2, "[node]  = 4");
    assert_refused("[node]\npriority = 1\n  eligible = no\n", 3, "eligible = no");
    assert_refused("[node]\n\tpriority = 1\n", 2, "priority = 1");
    assert_refused("priority = 1\n", 1, "priority = 1");
    assert_refused("[node\npriority = 1\n", 1, "[node");
    assert_refused("\n[node] priority = 1\n", 2, "[node] priority = 1");
    assert_refused("[]\npriority = 1\n", 1, "[]");
    assert_refused("[ node ]\npriority = 1\n", 1, "[ node ]");
    assert_refused("[node]\npriority = 1\rpriority = 2\n", 2, "line not printable");
    assert_refused("[node]\nname = a\x1b[2J\n", 2, "line not printable");
    assert_refused("[node]\nname = a\xff\n", 2, "line not printable");
}
END_TEST

/* A line is quoted up to a limit in bytes, which may fall into a character; a path may be anything. */
START_TEST(messages_are_printable) {
    char line[128] = "";

    for (unsigned i = 0; i < 40; i++)
        strcat(line, i == 0 ? "x" : "\xc3\xa4");
    ck_assert_int_eq(load(line), -EINVAL);
    ck_assert_msg(str_is_printable(errors.list[0], strlen(errors.list[0])), "%s", errors.list[0]);
    ck_assert_int_eq(conffile_load("/nowhere/\xff\n", CONFFILE_REQUIRED, &conf, &errors), -EINVAL);
    ck_assert_msg(str_is_printable(errors.list[1], strlen(errors.list[1])), "%s", errors.list[1]);
}
END_TEST

START_TEST(nul_bytes_are_refused) {
    static const char text[] = "[node]\nname = a\0b\npriority = 1\n";

    ck_assert_int_eq(load_bytes(text, sizeof text - 1), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    assert_error(0, 2, "line not printable");
}
END_TEST

START_TEST(unknown_keys_and_sections_are_refused) {
    assert_refused("[node]\nPriority = 1\n", 2, "[node] Priority = 1");
    assert_refused("[node]\ndetect = 1s\n", 2, "[node] detect = 1s");
    assert_refused("[nodes]\npriority = 1\nother = 2\n", 1, "[nodes]");
    assert_refused("[log]\n[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\nlevel = info\n", 2,
                   "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]");
    assert_refused("[log]\nlevellevellevellevellevellevellevellevellevellevellevellevel = info\n", 2,
                   "[log] levellevellevellevellevellevellevellevellevellevellevellevel = info");
}
END_TEST

START_TEST(keys_given_twice_are_refused) {
    assert_refused("[node]\npriority = 1\npriority = 1\n", 3, "[node] priority = 1");
    assert_refused("[node]\npriority = 1\n[log]\n[node]\npriority = 2\n", 5, "[node] priority = 2");
}
END_TEST

/* A line of that length, as a comment or as a key that is made long by spaces. */
static int load_long(const char *begin, size_t length) {
    char text[4096] = "[node]\n";
    size_t start = strlen(text);

    memset(text + start, ' ', length);
    memcpy(text + start, begin, strlen(begin));
    text[start + length - 1] = '7';
    strcpy(text + start + length, "\neligible = no\n");
    return load(text);
}

START_TEST(long_lines_are_refused_not_cut) {
    ck_assert_int_eq(load_long("priority =", 199), 0);
    ck_assert_uint_eq(conf.facts.priority, 7);
    ck_assert_int_eq(load_long("priority =", 200), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    assert_error(0, 2, "line too long");
    ck_assert_int_eq(load_long("#", 200), -EINVAL);
    ck_assert_int_eq(load_long("priority =", 3000), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    assert_error(0, 2, "line too long");
}
END_TEST

START_TEST(a_majority_needs_to_know_of_how_many) {
    ck_assert_int_eq(load("[cluster]\nquorum = majority\n"), -EINVAL);
    assert_error(0, 2, "[cluster] quorum = majority");
    ck_assert_int_eq(load("[cluster]\nexpect = 3\n"), -EINVAL);
    assert_error(0, 2, "[cluster] expect = 3");
    ck_assert_int_eq(load("[cluster]\nquorum = majority\nexpect = 12\n"), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    assert_loads("[cluster]\nquorum = majority\nexpect = 1\n");
    assert_loads("[cluster]\nquorum = majority\nexpect = 9\n");
    ck_assert(conf.majority);
    ck_assert_uint_eq(conf.expect, 9);
}
END_TEST

START_TEST(a_lease_that_is_too_short_is_refused) {
#define MAJORITY "[cluster]\nquorum = majority\nexpect = 3\n[timing]\n"
    assert_loads(MAJORITY "promise = 2s\n");
    ck_assert_int_eq(load(MAJORITY "promise = 500ms\n"), -EINVAL);
    assert_error(0, 5, "[timing] promise = 500ms");
    assert_loads(MAJORITY "promise = 500ms\ndetect = 50ms\n");
    ck_assert_int_eq(load(MAJORITY "promise = 2s\nstop_margin = 1s\ndetect = 300ms\n"), -EINVAL);
    assert_error(0, 5, "[timing] promise = 2s");
    assert_error_says(0, "allowed: from 4600ms");
    assert_loads(MAJORITY "stop_margin = 1s\npromise = 4600ms\ndetect = 300ms\n");
    ck_assert_int_eq(load(MAJORITY "stop_margin = 1s\npromise = 4500ms\n"), -EINVAL);
    ck_assert_int_eq(load(MAJORITY "stop_margin = 20s\n"), -EINVAL);
    assert_error(0, 5, "[timing] stop_margin = 20s");
    assert_error_says(0, "allowed: to 16200ms");
    assert_loads(MAJORITY "stop_margin = 16200ms\npromise = 1m\n");
    assert_loads("[cluster]\nquorum = none\nexpect = none\n[timing]\npromise = 500ms\n"); /* nothing comes of it */
}
END_TEST

START_TEST(all_errors_are_reported_in_order) {
    ck_assert_int_eq(load("[cluster]\nquorum = most\n[nod]\nx = 1\n"
                          "[timing]\ndetect = 1\nheartbeat = 1h\n foo\nbar\nmin_rate = 0\n"), -EINVAL);
    ck_assert_uint_eq(errors.count, 7);
    assert_error(0, 2, "[cluster] quorum = most");
    assert_error(1, 3, "[nod]");
    assert_error(2, 6, "[timing] detect = 1");
    assert_error(3, 7, "[timing] heartbeat = 1h");
    assert_error(4, 8, "foo");
    assert_error(5, 9, "bar");
    assert_error(6, 10, "[timing] min_rate = 0");
}
END_TEST

START_TEST(errors_beyond_the_list_are_counted) {
    char text[1000] = "";

    for (unsigned i = 0; i < CONF_ERRORS_MAX + 5; i++)
        strcat(text, "nonsense\n");
    ck_assert_int_eq(load(text), -EINVAL);
    ck_assert_uint_eq(errors.count, CONF_ERRORS_MAX);
    ck_assert_uint_eq(errors.dropped, 5);
    /* a full list still says that it failed */
    ck_assert_int_eq(conffile_load(path, CONFFILE_REQUIRED, &conf, &errors), -EINVAL);
    ck_assert_uint_eq(errors.dropped, 5 + CONF_ERRORS_MAX + 5);
}
END_TEST

START_TEST(failure_leaves_the_configuration_alone) {
    ck_assert_int_eq(load("[node]\npriority = 1\nname = changed\nbad\n"), -EINVAL);
    assert_defaults();
    ck_assert_str_ne(conf.facts.name, "changed");
}
END_TEST

/* ---- files that are not there, or are something else ---- */

START_TEST(missing_file_is_an_error_only_if_required) {
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(conffile_load(path, 0, &conf, &errors), 0);
    ck_assert_int_eq(conffile_load("/dev/null/eldest.conf", 0, &conf, &errors), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_int_eq(conffile_load(path, CONFFILE_REQUIRED, &conf, &errors), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    ck_assert_int_eq(strncmp(errors.list[0], path, strlen(path)), 0);
}
END_TEST

START_TEST(files_that_are_none_are_errors) {
    ck_assert_int_eq(conffile_load("/dev/null", CONFFILE_REQUIRED, &conf, &errors), 0);
    ck_assert_int_eq(conffile_load("/tmp", 0, &conf, &errors), -EINVAL);
    ck_assert_int_eq(conffile_load("/dev/zero", CONFFILE_REQUIRED, &conf, &errors), -EINVAL); /* and comes to an end */
}
END_TEST

START_TEST(pipes_are_refused_where_nobody_may_wait) {
    ck_assert_int_eq(load("[node]\npriority = 7\n"), 0);
    ck_assert_int_eq(conffile_load(path, CONFFILE_AT_ONCE, &conf, &errors), 0);
    ck_assert_int_eq(conffile_load("/dev/null", CONFFILE_AT_ONCE, &conf, &errors), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(conffile_load(path, CONFFILE_AT_ONCE, &conf, &errors), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
    ck_assert_uint_eq(conf.facts.priority, 7);
}
END_TEST

/* As from "eldestd --check -c <(...)". */
START_TEST(pipes_are_read_where_somebody_waits) {
    static const char text[] = "[node]\npriority = 8\n";
    int ends[2];
    char name[32];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    ck_assert_int_eq(conffile_load(name, CONFFILE_REQUIRED, &conf, &errors), 0);
    ck_assert_uint_eq(conf.facts.priority, 8);
    close(ends[0]);
}
END_TEST

START_TEST(too_large_files_are_errors) {
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < CONFFILE_MAX; i++)
        putc('\n', file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(conffile_load(path, CONFFILE_REQUIRED, &conf, &errors), -EINVAL);
    ck_assert_uint_eq(errors.count, 1);
}
END_TEST

/* ---- values from elsewhere ---- */

START_TEST(values_from_the_command_line) {
    ck_assert_int_eq(conf_set(&conf, "-i", "network", "interfaces", "lo", &errors), 0);
    ck_assert_str_eq(conf.interfaces, "lo");
    ck_assert_int_eq(conf_set(&conf, "-l", "log", "level", "loud", &errors), -EINVAL);
    ck_assert_int_eq(conf_set(&conf, "-x", "log", "colour", "red", &errors), -EINVAL);
    ck_assert_uint_eq(errors.count, 2);
    ck_assert_int_eq(strncmp(errors.list[0], "-l: [log] level = loud: ", 24), 0);
    ck_assert_int_eq(conf.log_level, LOG_LEVEL_INFO);
}
END_TEST

static Suite *suite_of_conf(void) {
    Suite *suite = suite_create("conf");
    TCase *cases = tcase_create("conf");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, defaults_are_those_of_the_core);
    tcase_add_test(cases, cluster_selects_name_and_paths);
    tcase_add_test(cases, cluster_that_is_no_name_is_refused);
    tcase_add_test(cases, name_in_the_file_wins_over_the_default_of_the_cluster);
    tcase_add_test(cases, every_default_can_be_written_in_the_file);
    tcase_add_test(cases, node_name_comes_from_the_host);
    tcase_add_test(cases, every_key_is_read);
    tcase_add_loop_test(cases, a_key_differs_alone_and_is_copied_alone, 0, (int)ARRAY_SIZE(others));
    tcase_add_test(cases, equal_values_are_equal_whatever_was_before);
    tcase_add_test(cases, every_key_has_an_index);
    tcase_add_loop_test(cases, values_are_checked, 0, (int)ARRAY_SIZE(values));
    tcase_add_test(cases, what_is_allowed_is_told);
    tcase_add_test(cases, alone_shorter_than_discovery_is_refused);
    tcase_add_test(cases, empty_files_change_nothing);
    tcase_add_test(cases, forms_of_a_line);
    tcase_add_test(cases, lines_that_are_refused);
    tcase_add_test(cases, messages_are_printable);
    tcase_add_test(cases, nul_bytes_are_refused);
    tcase_add_test(cases, unknown_keys_and_sections_are_refused);
    tcase_add_test(cases, keys_given_twice_are_refused);
    tcase_add_test(cases, long_lines_are_refused_not_cut);
    tcase_add_test(cases, a_majority_needs_to_know_of_how_many);
    tcase_add_test(cases, a_lease_that_is_too_short_is_refused);
    tcase_add_test(cases, all_errors_are_reported_in_order);
    tcase_add_test(cases, errors_beyond_the_list_are_counted);
    tcase_add_test(cases, failure_leaves_the_configuration_alone);
    tcase_add_test(cases, missing_file_is_an_error_only_if_required);
    tcase_add_test(cases, files_that_are_none_are_errors);
    tcase_add_test(cases, pipes_are_refused_where_nobody_may_wait);
    tcase_add_test(cases, pipes_are_read_where_somebody_waits);
    tcase_add_test(cases, too_large_files_are_errors);
    tcase_add_test(cases, values_from_the_command_line);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_conf());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
