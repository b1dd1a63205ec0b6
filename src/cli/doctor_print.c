/* SPDX-License-Identifier: ISC
 *
 * doctor_print.c - what `eldest doctor` says to people. A part of doctor.h.
 *
 *     INTERFACE  ADDRESS     MULTICAST        OWN    UNICAST   MTU
 *     eth0       192.0.2.1  412 ms ago  3m 12s ago  92 ms ago  1500
 *     eth0       fe80::1           ...
 *
 *     PEER  BY    ADDRESS    ROUND TRIP   MULTICAST    UNICAST  UNANSWERED
 *     beta  eth0  192.0.2.2     0.31 ms  412 ms ago  92 ms ago           0
 *
 *     1 finding:
 *
 *     problem  the firewall of this host drops the multicast of eldest on eth0 (firewall)
 *              UDP to 224.0.0.254 port 29417 is dropped by ...
 *              -> sudo nft insert rule ...
 */
#include "base/util.h"
#include "cli/doctor.h"
#include "cli/table.h"
#include "cli/wrap.h"

#include <string.h>

enum {
    WIDTH_MIN = 60,
    WIDTH_MAX = 110,
    PATHS_SHOWN = 24,
};

static const struct table_column link_columns[] = { { "INTERFACE", false }, { "ADDRESS", false }, { "MULTICAST", true },
                                                    { "OWN", true },        { "UNICAST", true },  { "MTU", true } };
static const struct table_column path_columns[] = { { "PEER", false },      { "BY", false },       { "ADDRESS", false },
                                                    { "ROUND TRIP", true }, { "MULTICAST", true }, { "UNICAST", true },
                                                    { "UNANSWERED", true } };

/* --- interfaces --- */

static void add_link(struct table *table, const json_t *link, const char *family) {
    char multicast[TEXT_SIZE], own[TEXT_SIZE], unicast[TEXT_SIZE], mtu[TEXT_SIZE];
    const json_t *heard = heard_on(link, family);
    const char *cells[] = {
        text_of(link, "name"), text_of(json_object_get(link, family), "address"), multicast, own, unicast, mtu
    };

    if (!heard)
        return;
    text_ms_ago(json_object_get(json_object_get(heard, "multicast"), "ago_ms"), multicast);
    text_ms_ago(json_object_get(json_object_get(heard, "echo"), "ago_ms"), own);
    text_ms_ago(json_object_get(json_object_get(heard, "unicast"), "ago_ms"), unicast);
    snprintf(mtu, sizeof(mtu), "%" JSON_INTEGER_FORMAT, number_of(link, "mtu", 0));
    table_add(table, TONE_PLAIN, cells);
}

static void print_links(const json_t *links) {
    struct table *table = table_new(link_columns, ARRAY_SIZE(link_columns));
    size_t index, used = 0;
    json_t *link;

    if (!table)
        return;
    json_array_foreach(links, index, link) {
        used += json_is_true(json_object_get(link, "used"));
        for (int i = 0; i < 2; i++)
            add_link(table, link, doctor_families[i]);
    }
    if (used > 0)
        table_print(table, stdout, palette_of(stdout));
    table_free(table);
}

/* Those that others are made of go without saying. */
static void print_unused(const json_t *links, const struct palette *palette) {
    size_t index;
    json_t *link;

    json_array_foreach(links, index, link)
        if (!json_is_true(json_object_get(link, "used")) && strcmp(text_of(link, "name"), "lo") != 0)
            printf("%snot in use: %s %s%s\n", palette->begin[TONE_FAINT], text_of(link, "name"),
                   text_of(link, "reason"), palette->end);
    if (json_array_size(links) > 0)
        putchar('\n');
}

/* --- peers --- */

static void add_path(struct table *table, const json_t *peer, const json_t *path) {
    char name[TEXT_SIZE], rtt[TEXT_SIZE], multicast[TEXT_SIZE], unicast[TEXT_SIZE], unanswered[TEXT_SIZE];
    const json_t *own_rtt = json_object_get(path, "rtt_us");
    const char *cells[] = {
        text_name(peer, name), text_of(path, "interface"), text_of(path, "address"), rtt, multicast, unicast, unanswered
    };

    text_us(own_rtt, rtt);
    text_ms_ago(json_object_get(path, "group_ms"), multicast);
    text_ms_ago(json_object_get(path, "unicast_ms"), unicast);
    snprintf(unanswered, sizeof(unanswered), "%" JSON_INTEGER_FORMAT, number_of(path, "unanswered", 0));
    table_add(table, TONE_PLAIN, cells);
}

/* A member that this node has not heard itself: at rest, a follower hears its leader only. */
static void add_unheard(struct table *table, const json_t *peer) {
    char name[TEXT_SIZE], rtt[TEXT_SIZE];
    const char *cells[] = { text_name(peer, name), "", text_of(peer, "address"), rtt, "-", "-", "" };

    text_us(json_object_get(peer, "rtt_us"), rtt);
    table_add(table, TONE_PLAIN, cells);
}

static void print_peers(const json_t *peers, const struct palette *palette) {
    struct table *table = table_new(path_columns, ARRAY_SIZE(path_columns));
    size_t index, at, rows = 0;
    json_t *peer, *path;

    if (!table)
        return;
    json_array_foreach(peers, index, peer) {
        if (rows >= PATHS_SHOWN)
            break;
        json_array_foreach(json_object_get(peer, "paths"), at, path)
            if (*text_of(path, "interface")) {
                add_path(table, peer, path);
                rows++;
            }
        if (json_array_size(json_object_get(peer, "paths")) == 0) {
            add_unheard(table, peer);
            rows++;
        }
    }
    if (rows > 0)
        table_print(table, stdout, palette);
    if (index < json_array_size(peers))
        printf("and %zu more: eldest doctor --json\n", json_array_size(peers) - index);
    if (rows > 0)
        putchar('\n');
    table_free(table);
}

/* --- findings --- */

static void print_words(const char *text, int indent) {
    int columns = wrap_columns(stdout);

    wrap_print(stdout, text, indent, columns == 0 ? WIDTH_MAX : (int)clamp_i64(columns, WIDTH_MIN, WIDTH_MAX));
}

static enum tone tone_of(const char *severity) {
    if (strcmp(severity, "problem") == 0)
        return TONE_BAD;
    return strcmp(severity, "note") == 0 ? TONE_FAINT : TONE_STRONG;
}

static void print_finding(const json_t *finding, const struct palette *palette) {
    const char *severity = text_of(finding, "severity");
    json_t *title = json_sprintf("%s (%s)", text_of(finding, "what"), text_of(finding, "code"));

    printf("%s%-8s%s ", palette->begin[tone_of(severity)], severity, palette->end);
    print_words(title ? json_string_value(title) : "", 9);
    json_decref(title);
    printf("%9s", "");
    print_words(text_of(finding, "shows"), 9);
    printf("%6s-> ", "");
    print_words(text_of(finding, "do"), 9);
}

static void print_findings(const json_t *findings, const struct palette *palette) {
    static const char *const order[] = { "problem", "warning", "note" };
    size_t count = 0, index;
    json_t *finding;

    for (size_t i = 0; i < ARRAY_SIZE(order); i++)
        json_array_foreach(findings, index, finding) {
            if (strcmp(text_of(finding, "severity"), order[i]) != 0)
                continue;
            print_finding(finding, palette);
            putchar('\n');
            count += strcmp(order[i], "note") != 0;
        }
    if (count > 0)
        printf("%s%zu finding%s%s\n", palette->begin[TONE_BAD], count, count == 1 ? "" : "s", palette->end);
    else
        printf("%snothing is wrong that can be seen from here%s\n", palette->begin[TONE_GOOD], palette->end);
}

static void print_unchecked(const json_t *entries) {
    size_t index;
    json_t *entry;

    json_array_foreach(entries, index, entry)
        printf("not checked: %s: %s\n", text_of(entry, "what"), text_of(entry, "why"));
}

void doctor_print(const json_t *document) {
    const struct palette *palette = palette_of(stdout);
    const json_t *links = json_object_get(document, "interfaces");

    print_links(links);
    print_unused(links, palette);
    print_peers(json_object_get(document, "peers"), palette);
    print_findings(json_object_get(document, "findings"), palette);
    print_unchecked(json_object_get(document, "not_checked"));
}
