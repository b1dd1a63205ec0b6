/* SPDX-License-Identifier: ISC
 *
 * doctor_iptables.c - the output of iptables-save(8) in the form of doctor_firewall.h.
 */
#include "cli/doctor_firewall.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 1024, WORDS_MAX = 96, KEY_SIZE = 128 };

/* A line in words; what is in quotes is one. */
struct words {
    char buffer[LINE_SIZE];
    char *list[WORDS_MAX];
    unsigned count;
};

struct reading {
    json_t *model;
    const struct fw_packet *packet;
    char table[KEY_SIZE];
};

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static char *end_of_word(char *at, char **ret_start) {
    if (*at != '"') {
        *ret_start = at;
        return at + strcspn(at, " ");
    }
    *ret_start = ++at;
    while (*at && *at != '"')
        at += at[0] == '\\' && at[1] ? 2 : 1;
    return at;
}

static void split(struct words *words, const char *line, size_t length) {
    char *at = words->buffer;

    snprintf(words->buffer, sizeof(words->buffer), "%.*s", (int)length, line);
    words->count = 0;
    while (*(at += strspn(at, " ")) && words->count < WORDS_MAX) {
        char *end = end_of_word(at, &words->list[words->count++]);

        at = *end ? end + 1 : end;
        *end = '\0';
    }
}

/* --- what a rule asks --- */

static enum fw_match truth(bool value) {
    return value ? FW_YES : FW_NO;
}

static enum fw_match match_interface(const char *name, const char *own) {
    size_t length = strlen(name);

    if (!*own)
        return FW_MAYBE;
    if (length > 0 && name[length - 1] == '+')
        return truth(strncmp(name, own, length - 1) == 0);
    return truth(is(name, own));
}

static enum fw_match match_address(const struct fw_packet *packet, const char *text) {
    const char *slash = strchr(text, '/');
    char address[KEY_SIZE];

    if (slash && strchr(slash, '.'))
        return FW_MAYBE; /* a mask that is no prefix */
    snprintf(address, sizeof(address), "%.*s", (int)strcspn(text, "/"), text);
    return fw_address(packet, address, slash ? atoi(slash + 1) : -1);
}

/* "29417", "29417:29433", or some of these with commas. */
static enum fw_match match_ports(const char *text, int port) {
    while (*text) {
        char *end;
        long low = strtol(text, &end, 10), high = *end == ':' ? strtol(end + 1, &end, 10) : low;

        if (port >= low && port <= high)
            return FW_YES;
        if (end == text)
            return FW_MAYBE;
        text = *end == ',' ? end + 1 : end + strlen(end);
    }
    return FW_NO;
}

static bool lists(const char *text, const char *word) {
    const char *at = strstr(text, word);

    return at && (at == text || at[-1] == ',') && (at[strlen(word)] == ',' || at[strlen(word)] == '\0');
}

/* Modules that add nothing by themselves. */
static bool is_plain_module(const char *name) {
    return lists("udp,tcp,multiport,conntrack,state,comment,pkttype,addrtype", name);
}

static enum fw_match match_option(const struct fw_packet *packet, const char *option, const char *value) {
    if (is(option, "-p"))
        return truth(lists("udp,all,0,17", value));
    if (is(option, "-i"))
        return packet->outgoing ? FW_NO : match_interface(value, packet->interface);
    if (is(option, "-o"))
        return packet->outgoing ? match_interface(value, packet->interface) : FW_NO;
    if (is(option, "-d"))
        return match_address(packet, value);
    if (is(option, "--dport") || is(option, "--dports") || is(option, "--ports"))
        return match_ports(value, packet->port);
    if (is(option, "--ctstate") || is(option, "--state"))
        return truth(lists(value, "NEW"));
    if (is(option, "--pkt-type"))
        return truth(is(value, packet->multicast ? "multicast" : "unicast"));
    if (is(option, "--dst-type") && !packet->outgoing)
        return truth(is(value, packet->multicast ? "MULTICAST" : "LOCAL"));
    if (is(option, "-m"))
        return is_plain_module(value) ? FW_YES : FW_MAYBE;
    return is(option, "--comment") ? FW_YES : FW_MAYBE;
}

/* --- rules and chains --- */

static json_t *chain_of(struct reading *reading, const char *name) {
    char key[2 * KEY_SIZE];

    snprintf(key, sizeof(key), "%s %s", reading->table, name);
    return fw_chain(reading->model, key);
}

/* What -j names: an end, a chain of this table, or something that only writes down or changes. */
static enum fw_verdict verdict_of(struct reading *reading, const char *option, const char *target,
                                  char key[2 * KEY_SIZE]) {
    snprintf(key, 2 * KEY_SIZE, "%s %s", reading->table, target);
    if (is(target, "ACCEPT"))
        return FW_ACCEPT;
    if (is(target, "DROP") || is(target, "REJECT"))
        return FW_DROP;
    if (is(target, "RETURN"))
        return FW_RETURN;
    if (json_object_get(reading->model, key))
        return is(option, "-g") ? FW_GOTO : FW_JUMP;
    return lists("LOG,NFLOG,MARK,CONNMARK,TRACE,CT,DSCP,TOS,TTL,HL,CHECKSUM", target) ? FW_NEXT : FW_UNKNOWN;
}

/* -A CHAIN [!] OPTION VALUE... -j TARGET, and what may follow is about the target. */
static void read_rule(struct reading *reading, const struct words *words, const char *line, size_t length) {
    enum fw_match match = FW_YES;
    enum fw_verdict verdict = FW_NEXT;
    char target[2 * KEY_SIZE] = "", text[LINE_SIZE + 64];
    bool not = false;

    for (unsigned i = 2; i < words->count; i++) {
        const char *word = words->list[i], *value = i + 1 < words->count ? words->list[i + 1] : "";
        enum fw_match one;

        if (is(word, "-j") || is(word, "-g")) {
            verdict = verdict_of(reading, word, value, target);
            break;
        }
        if (is(word, "!")) {
            not = true;
            continue;
        }
        one = word[0] == '-' ? match_option(reading->packet, word, value) : FW_YES; /* else it was a value */
        one = not ? (enum fw_match)(FW_YES - one) : one;
        match = one < match ? one : match;
        not = false;
        i += word[0] == '-' && *value && value[0] != '-' && !is(value, "!");
    }
    snprintf(text, sizeof(text), "rule \"%.*s\" in table %s", (int)length, line, reading->table);
    fw_rule(chain_of(reading, words->list[1]), match, verdict, target, text);
}

/* ":INPUT DROP [12:3456]" */
static void read_chain(struct reading *reading, const struct words *words) {
    static const struct {
        const char *chain, *hook;
    } hooks[] = {
        { "INPUT", "input" },
        { "PREROUTING", "prerouting" },
        { "OUTPUT", "output" },
        { "POSTROUTING", "postrouting" },
    };
    const char *name = words->list[0] + 1, *program = reading->packet->ipv6 ? "ip6tables" : "iptables";
    json_t *chain = chain_of(reading, name);

    json_object_set_new(chain, "label", json_sprintf("the %s chain %s in table %s", program, name, reading->table));
    json_object_set_new(chain, "policy", json_string(is(words->list[1], "DROP") ? "drop" : "accept"));
    json_object_set_new(chain, "cure", json_sprintf("sudo %s -t %s -I %s", program, reading->table, name));
    for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
        if (is(hooks[i].chain, name) && !is(reading->table, "nat"))
            json_object_set_new(chain, "hook", json_string(hooks[i].hook));
}

json_t *fw_model_iptables(const char *saved, const struct fw_packet *packet) {
    struct reading reading = { .model = json_object(), .packet = packet };
    struct words words;

    while (*saved) {
        size_t length = strcspn(saved, "\n");

        split(&words, saved, length);
        if (saved[0] == '*')
            snprintf(reading.table, sizeof(reading.table), "%.*s", (int)length - 1, saved + 1);
        else if (saved[0] == ':' && words.count >= 2)
            read_chain(&reading, &words);
        else if (words.count > 2 && is(words.list[0], "-A"))
            read_rule(&reading, &words, saved, length);
        saved += length + (saved[length] == '\n');
    }
    return reading.model;
}
