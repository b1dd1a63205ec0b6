/* SPDX-License-Identifier: ISC
 *
 * conf.c - see conf.h. First one parser per type of value, then the table and what it tells.
 */
#include "daemon/conf.h"

#include "base/str.h"
#include "base/tags.h"
#include "base/util.h"
#include "platform/address.h"
#include "platform/hostname.h"
#include "platform/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_CLUSTER "default"
#define AUTO "auto"
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

enum {
    PORT_MIN = 1024, /* the daemon has no privileges */
    PORT_MAX = UINT16_MAX - UDP_PORT_COUNT, /* the unicast ports are above it */
    ALONE_MIN_MS = 1,
    MEMBERS_MAX_LEAST = SUCCESSORS_MAX, /* or somebody who could take over would not be known */
    /* Above it the kernel keeps no more neighbours (gc_thresh3) without being told to, and with names and tags as long
     * as they may be the answer to `status` would pass what the client takes (CLIENT_LINE_MAX). */
    MEMBERS_MAX_MOST = 16384,
};

struct option {
    const char *section;
    const char *name;
    const char *value; /* the default */
    size_t offset, size; /* of the field in struct conf */
    /* Reads a value into the field. NULL, or what is wrong: then the field is untouched. */
    const char *(*parse)(const struct option *option, const char *value, void *field);
    int64_t low, high; /* numbers as they are, durations in ms */
    const char *allowed; /* in words; NULL: low to high */
    bool live; /* can change while the daemon runs */
    const char *help;
};

/* ---- types of values ---- */

/* The rest of the field is zero, so that equal texts are equal in memory. */
static void store_text(const struct option *option, const char *text, void *field) {
    memset(field, 0, option->size);
    memcpy(field, text, strlen(text));
}

static const char *parse_cluster(const struct option *option, const char *value, void *field) {
    if (!str_is_cluster_name(value, strlen(value)))
        return "not a name for a cluster";
    store_text(option, value, field);
    return NULL;
}

static const char *parse_key_file(const struct option *option, const char *value, void *field) {
    if (strcmp(value, AUTO) != 0 && strcmp(value, "none") != 0 && value[0] != '/')
        return "not an absolute path";
    if (strlen(value) >= option->size)
        return "too long";
    store_text(option, value, field);
    return NULL;
}

static const char *parse_quorum(const struct option *option, const char *value, void *field) {
    bool majority = strcmp(value, "majority") == 0;

    (void)option;
    if (!majority && strcmp(value, "none") != 0)
        return "no such policy";
    *(bool *)field = majority;
    return NULL;
}

static const char *parse_node_name(const struct option *option, const char *value, void *field) {
    size_t length = strlen(value);
    char host[HOSTNAME_SIZE], name[NODE_NAME_MAX + 1];

    if (strcmp(value, AUTO) == 0) {
        hostname_get(host);
        conf_node_name(host, name);
        store_text(option, name, field);
        return NULL;
    }
    if (length == 0 || length > NODE_NAME_MAX || strspn(value, NAME_CHARACTERS) != length)
        return "not a name for a node";
    store_text(option, value, field);
    return NULL;
}

static const char *parse_tags(const struct option *option, const char *value, void *field) {
    char tags[TAGS_MAX + 1] = "";
    struct tag tag, same;

    if (strcmp(value, "none") != 0)
        for (value += strspn(value, " "); *value != '\0'; value += strspn(value, " ")) {
            size_t length = strcspn(value, " ");
            const char *wrong = tags_parse(value, length, false, &tag);

            if (wrong)
                return wrong;
            if (tags_find(tags, &tag, &same))
                return "a key that is there twice";
            if (tags_put(tags, &tag) < 0)
                return "too many, or too long";
            value += length;
        }
    store_text(option, tags, field);
    return NULL;
}

static const char *parse_interfaces(const struct option *option, const char *value, void *field) {
    const char *wrong = value[0] == '\0' ? "empty" : choice_mistake(value);

    if (!wrong)
        store_text(option, value, field);
    return wrong;
}

static const char *parse_group4(const struct option *option, const char *value, void *field) {
    struct in_addr parsed;

    if (inet_pton(AF_INET, value, &parsed) != 1)
        return "not an IPv4 address";
    if (!IN_MULTICAST(ntohl(parsed.s_addr)))
        return "not a multicast address";
    memcpy(field, &parsed, option->size);
    return NULL;
}

static const char *parse_group6(const struct option *option, const char *value, void *field) {
    struct in6_addr parsed;

    if (inet_pton(AF_INET6, value, &parsed) != 1)
        return "not an IPv6 address";
    if (!IN6_IS_ADDR_MC_LINKLOCAL(&parsed))
        return "not a multicast address of a link";
    memcpy(field, &parsed, option->size);
    return NULL;
}

static const char *parse_families(const struct option *option, const char *value, void *field) {
    unsigned *families = field;

    (void)option;
    if (strcmp(value, "both") == 0)
        *families = 1U << FAMILY_IPV4 | 1U << FAMILY_IPV6;
    else if (strcmp(value, "ipv4") == 0)
        *families = 1U << FAMILY_IPV4;
    else if (strcmp(value, "ipv6") == 0)
        *families = 1U << FAMILY_IPV6;
    else
        return "no such choice";
    return NULL;
}

/* Reads one word of a list into its place. NULL, or what is wrong. */
typedef const char *word_parser(const char *word, unsigned index, void *list);

/* "none", or words separated by blanks and commas. */
static const char *parse_words(const char *value, unsigned words_max, word_parser *parse, void *list,
                               unsigned *ret_count) {
    const char *wrong = NULL;
    char word[CONF_ALLOWED_SIZE];
    unsigned count = 0;

    if (strcmp(value, "none") != 0)
        for (value += strspn(value, " ,"); *value != '\0' && !wrong; value += strspn(value, " ,")) {
            size_t length = strcspn(value, " ,");

            if (count == words_max)
                return "too many";
            snprintf(word, sizeof word, "%.*s", (int)length, value);
            wrong = length < sizeof word ? parse(word, count++, list) : "too long";
            value += length;
        }
    *ret_count = count;
    return wrong;
}

static const char *parse_peer(const char *word, unsigned index, void *list) {
    struct address *address = &((struct static_peers *)list)->list[index];
    const char *wrong = address_parse(word, address);

    if (!wrong && address_is_link_local(address))
        wrong = "link-local, so not an address by which one host finds another";
    return wrong;
}

static const char *parse_peers(const struct option *option, const char *value, void *field) {
    struct static_peers peers;
    const char *wrong;

    (void)option;
    memset(&peers, 0, sizeof peers); /* the room between the fields too: it is compared */
    wrong = parse_words(value, STATIC_PEERS_MAX, parse_peer, &peers, &peers.count);
    if (!wrong)
        memcpy(field, &peers, sizeof peers);
    return wrong;
}

static const char *parse_endpoint(const char *word, unsigned index, void *list) {
    struct endpoint *endpoints = ((struct http_listen *)list)->list;
    const char *wrong = endpoint_parse(word, &endpoints[index]);

    for (unsigned i = 0; !wrong && i < index; i++)
        if (memcmp(&endpoints[i], &endpoints[index], sizeof *endpoints) == 0)
            wrong = "the same twice";
    return wrong;
}

static const char *parse_listen(const struct option *option, const char *value, void *field) {
    struct http_listen listen;
    const char *wrong;

    (void)option;
    memset(&listen, 0, sizeof listen); /* as above */
    wrong = parse_words(value, HTTP_LISTEN_MAX, parse_endpoint, &listen, &listen.count);
    if (!wrong)
        memcpy(field, &listen, sizeof listen);
    return wrong;
}

static const char *parse_flag(const struct option *option, const char *value, void *field) {
    bool *flag = field;

    (void)option;
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        return "neither yes nor no";
    *flag = value[0] == 'y';
    return NULL;
}

static const char *parse_number(const struct option *option, const char *value, uint64_t *ret) {
    int result = str_parse_unsigned(value, (uint64_t)option->low, (uint64_t)option->high, ret);

    if (result == -ERANGE)
        return "out of range";
    return result < 0 ? "not a number" : NULL;
}

static const char *parse_expect(const struct option *option, const char *value, void *field) {
    uint64_t number = 0;
    const char *wrong = strcmp(value, "none") == 0 ? NULL : parse_number(option, value, &number);

    if (!wrong)
        *(uint8_t *)field = (uint8_t)number;
    return wrong;
}

static const char *parse_u16(const struct option *option, const char *value, void *field) {
    uint64_t number;
    const char *wrong = parse_number(option, value, &number);

    if (!wrong)
        *(uint16_t *)field = (uint16_t)number;
    return wrong;
}

static const char *parse_u32(const struct option *option, const char *value, void *field) {
    uint64_t number;
    const char *wrong = parse_number(option, value, &number);

    if (!wrong)
        *(uint32_t *)field = (uint32_t)number;
    return wrong;
}

static const char *parse_duration(const struct option *option, const char *value, void *field) {
    usec_t duration;
    int result = str_parse_duration(value, &duration);

    if (result == -EINVAL)
        return "not a number with a unit";
    if (result < 0 || duration > option->high * USEC_PER_MS)
        return "too long";
    if (duration < option->low * USEC_PER_MS)
        return "too short";
    *(usec_t *)field = duration;
    return NULL;
}

static const char *parse_derived(const struct option *option, const char *value, void *field) {
    if (strcmp(value, AUTO) != 0)
        return parse_duration(option, value, field);
    *(usec_t *)field = 0; /* params.h: derived */
    return NULL;
}

static const char *parse_level(const struct option *option, const char *value, void *field) {
    (void)option;
    return log_level_parse(value, field) ? NULL : "no such level";
}

/* ---- the table ---- */

#define FIELD(field) .offset = offsetof(struct conf, field), .size = sizeof(((struct conf *)NULL)->field)

static const struct option options[] = {
    { "cluster", "name", DEFAULT_CLUSTER, FIELD(cluster), parse_cluster,
      .allowed = "1 to 32 letters, digits, dots, dashes and underscores, not only dots",
      .help = "Nodes with the same cluster name on one LAN elect one leader among them." },
    { "cluster", "key_file", AUTO, FIELD(key_file), parse_key_file,
      .allowed = "auto, none, or the absolute path of a file", .live = true,
      .help = "The keys by which the nodes know each other. auto: what eldest keygen has written, if it is there." },
    { "cluster", "encrypt", "no", FIELD(encrypt), parse_flag,
      .allowed = "yes, no", .live = true,
      .help = "Whether others on the network are kept from reading what this node sends. It takes a key." },
    { "cluster", "quorum", "none", FIELD(majority), parse_quorum,
      .allowed = "none, majority",
      .help = "Who may lead when the network is cut: one node in every connected part, or only that of a majority." },
    { "cluster", "expect", "none", FIELD(expect), parse_expect, .low = 1, .high = ROSTER_MAX,
      .allowed = "none, or 1 to 9",
      .help = "How many nodes vote with quorum = majority: all found the cluster, more than half choose a leader." },
    { "cluster", "members_max", "1024", FIELD(members_max), parse_u32,
      .low = MEMBERS_MAX_LEAST, .high = MEMBERS_MAX_MOST,
      .help = "How many other nodes a leader keeps in its table; further ones follow, but are not listed." },
    { "node", "name", AUTO, FIELD(facts.name), parse_node_name,
      .allowed = "auto, or 1 to 63 letters, digits, dots, dashes and underscores", .live = true,
      .help = "How this node is called in all output. auto: the host's name up to the first dot." },
    { "node", "priority", "100", FIELD(facts.priority), parse_u16, .low = 0, .high = UINT16_MAX, .live = true,
      .help = "In an election the highest priority wins; among equals, the node that has been there longest." },
    { "node", "eligible", "yes", FIELD(facts.eligible), parse_flag,
      .allowed = "yes, no", .live = true,
      .help = "Whether this node may become leader at all." },
    { "node", "preempt", "no", FIELD(preempt), parse_flag,
      .allowed = "yes, no", .live = true,
      .help = "Whether this node asks a sitting leader of lower priority to hand over." },
    { "node", "tags", "none", FIELD(facts.tags), parse_tags,
      .allowed = "none, or up to 16 of KEY=VALUE, 256 bytes in all; KEY of " TAGS_KEY_ALLOWED "; VALUE of "
                 TAGS_VALUE_ALLOWED, .live = true,
      .help = "What this node tells of itself in words, for programs and people on all hosts." },
    { "network", "interfaces", AUTO, FIELD(interfaces), parse_interfaces,
      .allowed = "auto, names and patterns of interfaces, ! before those not to use",
      .help = "The network interfaces to use. auto: all that lead to other hosts." },
    { "network", "families", "both", FIELD(families), parse_families,
      .allowed = "both, ipv4, ipv6",
      .help = "The families of addresses to use." },
    { "network", "group4", "224.0.0.254", FIELD(group4), parse_group4,
      .allowed = "224.0.0.0 to 239.255.255.255",
      .help = "The IPv4 multicast group in which the nodes find each other." },
    { "network", "group6", "ff02::114", FIELD(group6), parse_group6,
      .allowed = "ff02::1 to ff02:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      .help = "The IPv6 multicast group, of link-local scope, in which the nodes find each other." },
    { "network", "port", "29417", FIELD(port), parse_u16, .low = PORT_MIN, .high = PORT_MAX,
      .help = "UDP port of the group. A node's own port is the first free one of the 16 above." },
    { "network", "peers", "none", FIELD(peers), parse_peers,
      .allowed = "none, or up to 32 addresses, each with :PORT or without",
      .help = "Nodes to find without multicast, at these addresses." },
    { "timing", "detect", "300ms", FIELD(timing.detect), parse_duration,
      .low = DETECT_MIN_MS, .high = DETECT_MAX_MS, .live = true,
      .help = "How long a silent leader is tolerated. The other times follow from this one." },
    { "timing", "heartbeat", "2s", FIELD(timing.heartbeat), parse_duration,
      .low = HEARTBEAT_MIN_MS, .high = HEARTBEAT_MAX_MS, .live = true,
      .help = "The longest time between two heartbeats of a node to the leader." },
    { "timing", "ack_timeout", "2s", FIELD(timing.ack_timeout), parse_duration,
      .low = ACK_TIMEOUT_MIN_MS, .high = ACK_TIMEOUT_MAX_MS, .live = true,
      .help = "The least time that a node gives the leader to answer, as long as others vouch for it." },
    { "timing", "min_rate", "4", FIELD(timing.min_rate), parse_u32,
      .low = MIN_RATE_MIN, .high = MIN_RATE_MAX, .live = true,
      .help = "Heartbeats per second that the whole cluster sends at least; small clusters send more often." },
    { "timing", "alone", AUTO, FIELD(timing.alone), parse_derived, .low = ALONE_MIN_MS, .high = ALONE_MAX_MS,
      .allowed = "auto, or 1ms to 10m", .live = true,
      .help = "How long a node that hears nobody waits before it leads alone. auto: from detect." },
    { "timing", "promise", AUTO, FIELD(timing.promise), parse_derived, .low = PROMISE_MIN_MS, .high = PROMISE_MAX_MS,
      .allowed = "auto, or 200ms to 1m", .live = true,
      .help = "With quorum = majority, how long a voter stands by its leader. auto: 2s, or more from detect." },
    { "timing", "stop_margin", "0ms", FIELD(timing.stop_margin), parse_duration,
      .low = 0, .high = STOP_MARGIN_MAX_MS, .live = true,
      .help = "With quorum = majority, how long before the end of its lease a leader stops its work." },
    { "http", "listen", "none", FIELD(http), parse_listen,
      .allowed = "none, or up to 8 of ADDRESS:PORT, [IPV6]:PORT and absolute paths of Unix sockets",
      .help = "Where to answer HTTP: health checks, metrics and a live page, for whoever can connect." },
    { "log", "level", "info", FIELD(log_level), parse_level,
      .allowed = "error, warning, info, debug", .live = true,
      .help = "The least important messages that are written." },
};

_Static_assert(ARRAY_SIZE(options) <= CONF_KEYS_MAX, "CONF_KEYS_MAX is too small for the table");

static const struct option *find_option(const char *section, const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (strcmp(options[i].section, section) == 0 && strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

/* Whether the table goes on to another section at that index. */
static bool begins_section(size_t index) {
    return index == 0 || strcmp(options[index].section, options[index - 1].section) != 0;
}

static const char *set_option(const struct option *option, struct conf *conf, const char *value) {
    return option->parse(option, value, (char *)conf + option->offset);
}

/* ---- the table in words ---- */

static void describe_allowed(const struct option *option, char text[CONF_ALLOWED_SIZE]) {
    char low[STR_DURATION_SIZE], high[STR_DURATION_SIZE];

    if (option->allowed) {
        snprintf(text, CONF_ALLOWED_SIZE, "%s", option->allowed);
        return;
    }
    if (option->parse == parse_duration) {
        str_format_duration(option->low * USEC_PER_MS, low);
        str_format_duration(option->high * USEC_PER_MS, high);
    } else {
        str_format_unsigned((uint64_t)option->low, low);
        str_format_unsigned((uint64_t)option->high, high);
    }
    snprintf(text, CONF_ALLOWED_SIZE, "%s to %s", low, high);
}

static void append_name(char text[CONF_ALLOWED_SIZE], const char *name) {
    size_t length = strlen(text);

    snprintf(text + length, CONF_ALLOWED_SIZE - length, "%s%s", length > 0 ? ", " : "", name);
}

static void list_keys(const char *section, char text[CONF_ALLOWED_SIZE]) {
    text[0] = '\0';
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (strcmp(options[i].section, section) == 0)
            append_name(text, options[i].name);
}

bool conf_key(size_t index, struct conf_key *ret) {
    const struct option *option;

    if (index >= ARRAY_SIZE(options))
        return false;
    option = &options[index];
    ret->section = option->section;
    ret->name = option->name;
    ret->value = option->value;
    ret->help = option->help;
    ret->live = option->live;
    describe_allowed(option, ret->allowed);
    return true;
}

int conf_key_find(const char *section, const char *name) {
    const struct option *option = find_option(section, name);

    return option ? (int)(option - options) : -ENOENT;
}

bool conf_key_differs(size_t index, const struct conf *a, const struct conf *b) {
    const struct option *option = &options[index];

    return memcmp((const char *)a + option->offset, (const char *)b + option->offset, option->size) != 0;
}

void conf_key_copy(size_t index, struct conf *to, const struct conf *from) {
    const struct option *option = &options[index];

    memcpy((char *)to + option->offset, (const char *)from + option->offset, option->size);
}

bool conf_is_section(const char *name, size_t length) {
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (strlen(options[i].section) == length && memcmp(options[i].section, name, length) == 0)
            return true;
    return false;
}

void conf_sections(char ret[CONF_ALLOWED_SIZE]) {
    ret[0] = '\0';
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (begins_section(i))
            append_name(ret, options[i].section);
}

const char *conf_cluster_allowed(void) {
    return find_option("cluster", "name")->allowed;
}

/* ---- errors ---- */

void conf_complain(struct conf_errors *errors, const char *format, ...) {
    va_list arguments;

    if (errors->count == CONF_ERRORS_MAX) {
        errors->dropped++;
        return;
    }
    va_start(arguments, format);
    vsnprintf(errors->list[errors->count], CONF_ERROR_SIZE, format, arguments);
    va_end(arguments);
    str_make_printable(errors->list[errors->count++]);
}

/* Checks and stores one value; where begins the message. */
static void apply(const struct option *option, struct conf *conf, const char *value, const char *where,
                  struct conf_errors *errors) {
    const char *wrong = set_option(option, conf, value);
    char allowed[CONF_ALLOWED_SIZE];

    if (!wrong)
        return;
    describe_allowed(option, allowed);
    conf_complain(errors, "%s: [%s] %s = %s: %s; allowed: %s", where, option->section, option->name, value, wrong,
                  allowed);
}

/* A key that does not exist. */
static void complain_key(struct conf_errors *errors, const char *where, const char *section, const char *name,
                         const char *value) {
    char allowed[CONF_ALLOWED_SIZE];

    list_keys(section, allowed);
    conf_complain(errors, "%s: [%s] %s = %s: unknown key; allowed: %s", where, section, name, value, allowed);
}

int conf_set(struct conf *conf, const char *origin, const char *section, const char *key, const char *value,
             struct conf_errors *errors) {
    const struct option *option = find_option(section, key);
    unsigned before = errors->count + errors->dropped;

    if (option)
        apply(option, conf, value, origin, errors);
    else
        complain_key(errors, origin, section, key, value);
    return errors->count + errors->dropped > before ? -EINVAL : 0;
}

/* ---- defaults ---- */

void conf_node_name(const char *host, char ret[NODE_NAME_MAX + 1]) {
    size_t length = 0;

    for (; length < NODE_NAME_MAX && host[length] != '\0' && host[length] != '.'; length++)
        ret[length] = strchr(NAME_CHARACTERS, host[length]) ? host[length] : '-';
    ret[length] = '\0';
    if (length == 0)
        snprintf(ret, NODE_NAME_MAX + 1, "localhost");
}

int conf_defaults(struct conf *ret, const char *cluster) {
    struct conf conf = { 0 };

    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (set_option(&options[i], &conf, options[i].value))
            return -EINVAL;
    if (cluster && set_option(find_option("cluster", "name"), &conf, cluster))
        return -EINVAL;
    snprintf(conf.state_directory, CONF_PATH_SIZE, "%s/%s", ELDEST_STATEDIR, conf.cluster);
    snprintf(conf.socket_path, CONF_PATH_SIZE, "%s/%s.sock", ELDEST_RUNDIR, conf.cluster);
    *ret = conf;
    return 0;
}

static bool is_other(const char *cluster) {
    return cluster && strcmp(cluster, DEFAULT_CLUSTER) != 0;
}

void conf_default_path(char ret[CONF_PATH_SIZE], const char *cluster) {
    snprintf(ret, CONF_PATH_SIZE, "%s/%s.conf", ELDEST_SYSCONFDIR, is_other(cluster) ? cluster : "eldest");
}

void conf_default_key_path(char ret[CONF_PATH_SIZE], const char *cluster) {
    if (is_other(cluster))
        snprintf(ret, CONF_PATH_SIZE, "%s/%s.key", ELDEST_SYSCONFDIR, cluster);
    else
        snprintf(ret, CONF_PATH_SIZE, "%s/key", ELDEST_SYSCONFDIR);
}
