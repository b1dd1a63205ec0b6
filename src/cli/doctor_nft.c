/* SPDX-License-Identifier: ISC
 *
 * doctor_nft.c - the ruleset of nft (libnftables-json(5)) in the form of doctor_firewall.h.
 */
#include "cli/doctor_firewall.h"

#include "base/util.h"
#include "text/value.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 256, NESTED_MAX = 8 };

/* What the left side of a comparison is, for the datagram. */
struct subject {
    enum { SUBJECT_UNKNOWN, SUBJECT_ABSENT, SUBJECT_TEXT, SUBJECT_NUMBER, SUBJECT_ADDRESS } kind;
    const char *text;
    json_int_t number; /* of the text too, where it has one: 17 is udp */
};

struct context {
    const json_t *ruleset;
    const struct fw_packet *packet;
    const char *family, *table; /* of the rule */
};

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* --- the left side --- */

static struct subject text_subject(const char *text) {
    return (struct subject){ *text ? SUBJECT_TEXT : SUBJECT_UNKNOWN, text, -1 };
}

static struct subject meta_subject(const char *key, const struct fw_packet *packet) {
    bool in = is(key, "iifname") || is(key, "iif"), out = is(key, "oifname") || is(key, "oif");

    if ((in && !packet->outgoing) || (out && packet->outgoing))
        return text_subject(packet->interface);
    if (is(key, "l4proto"))
        return (struct subject){ SUBJECT_TEXT, "udp", 17 };
    if (is(key, "nfproto"))
        return text_subject(packet->ipv6 ? "ipv6" : "ipv4");
    if (is(key, "protocol"))
        return text_subject(packet->ipv6 ? "ip6" : "ip");
    if (is(key, "pkttype"))
        return packet->multicast ? text_subject("multicast") : text_subject("host");
    return (struct subject){ .kind = SUBJECT_UNKNOWN };
}

static struct subject payload_subject(const json_t *payload, const struct fw_packet *packet) {
    const char *protocol = text_of(payload, "protocol"), *field = text_of(payload, "field");
    bool four = is(protocol, "ip"), six = is(protocol, "ip6");

    if ((is(protocol, "udp") || is(protocol, "th")) && is(field, "dport"))
        return (struct subject){ SUBJECT_NUMBER, "", packet->port };
    if (is(protocol, "tcp") || is(protocol, "sctp") || is(protocol, "dccp") || is(protocol, "icmp") ||
        is(protocol, "icmpv6") || is(protocol, "igmp") || (four && packet->ipv6) || (six && !packet->ipv6))
        return (struct subject){ .kind = SUBJECT_ABSENT };
    if ((four || six) && is(field, "daddr") && *packet->to)
        return (struct subject){ SUBJECT_ADDRESS, packet->to, -1 };
    if ((four && is(field, "protocol")) || (six && is(field, "nexthdr")))
        return (struct subject){ SUBJECT_TEXT, "udp", 17 };
    return (struct subject){ .kind = SUBJECT_UNKNOWN };
}

/* Nobody has asked for it, and it is what no other host has translated. */
static struct subject ct_subject(const char *key) {
    if (is(key, "state"))
        return text_subject("new");
    return (struct subject){ .kind = is(key, "status") ? SUBJECT_ABSENT : SUBJECT_UNKNOWN };
}

/* The kind of the destination: multicast, or this host. */
static bool is_destination_type(const json_t *fib) {
    const char *first = json_string_value(json_array_get(json_object_get(fib, "flags"), 0));

    return is(text_of(fib, "result"), "type") && first && is(first, "daddr");
}

static struct subject subject_of(const json_t *left, const struct fw_packet *packet) {
    const json_t *meta = json_object_get(left, "meta"), *payload = json_object_get(left, "payload");
    const json_t *ct = json_object_get(left, "ct");

    if (meta)
        return meta_subject(text_of(meta, "key"), packet);
    if (payload)
        return payload_subject(payload, packet);
    if (ct)
        return ct_subject(text_of(ct, "key"));
    if (is_destination_type(json_object_get(left, "fib")) && !packet->outgoing)
        return text_subject(packet->multicast ? "multicast" : "local");
    return (struct subject){ .kind = SUBJECT_UNKNOWN };
}

/* --- the right side --- */

static enum fw_match right_matches(const struct context *context, const struct subject *subject, const json_t *right,
                                   int depth);

static enum fw_match any_matches(const struct context *context, const struct subject *subject, const json_t *list,
                                 int depth) {
    enum fw_match best = FW_NO;
    size_t index;
    json_t *one;

    json_array_foreach(list, index, one) {
        enum fw_match match = right_matches(context, subject, one, depth + 1);

        if (match > best)
            best = match;
    }
    return best;
}

static enum fw_match set_matches(const struct context *context, const struct subject *subject, const char *name,
                                 int depth) {
    size_t index;
    json_t *entry;

    json_array_foreach(json_object_get(context->ruleset, "nftables"), index, entry) {
        const json_t *set = json_object_get(entry, "set");

        if (is(text_of(set, "name"), name) && is(text_of(set, "table"), context->table) &&
            is(text_of(set, "family"), context->family) && json_is_string(json_object_get(set, "type")))
            return any_matches(context, subject, json_object_get(set, "elem"), depth);
    }
    return FW_MAYBE;
}

static enum fw_match text_matches(const struct context *context, const struct subject *subject, const char *text,
                                  int depth) {
    if (text[0] == '@')
        return set_matches(context, subject, text + 1, depth);
    if (subject->kind == SUBJECT_ADDRESS)
        return fw_address(context->packet, text, -1);
    if (subject->kind == SUBJECT_NUMBER)
        return FW_MAYBE; /* the name of a service */
    return fnmatch(text, subject->text, 0) == 0 ? FW_YES : FW_NO;
}

static enum fw_match range_matches(const struct subject *subject, const json_t *range) {
    const json_t *low = json_array_get(range, 0), *high = json_array_get(range, 1);

    if (subject->kind != SUBJECT_NUMBER || !json_is_integer(low) || !json_is_integer(high))
        return FW_MAYBE;
    return subject->number >= json_integer_value(low) && subject->number <= json_integer_value(high) ? FW_YES : FW_NO;
}

static enum fw_match right_matches(const struct context *context, const struct subject *subject, const json_t *right,
                                   int depth) {
    const json_t *set = json_object_get(right, "set"), *range = json_object_get(right, "range");
    const json_t *prefix = json_object_get(right, "prefix"), *element = json_object_get(right, "elem");

    if (depth > NESTED_MAX)
        return FW_MAYBE;
    if (json_is_string(right))
        return text_matches(context, subject, json_string_value(right), depth);
    if (json_is_integer(right))
        return json_integer_value(right) == subject->number ? FW_YES : FW_NO;
    if (json_is_array(right) || json_is_array(set))
        return any_matches(context, subject, json_is_array(right) ? right : set, depth);
    if (json_is_string(set))
        return right_matches(context, subject, set, depth + 1);
    if (range)
        return range_matches(subject, range);
    if (prefix && subject->kind == SUBJECT_ADDRESS)
        return fw_address(context->packet, text_of(prefix, "addr"), (int)integer_of(prefix, "len"));
    if (element)
        return right_matches(context, subject, json_object_get(element, "val"), depth + 1);
    return FW_MAYBE;
}

/* --- rules --- */

static enum fw_match match_of(const struct context *context, const json_t *comparison) {
    struct subject subject = subject_of(json_object_get(comparison, "left"), context->packet);
    const char *op = text_of(comparison, "op");
    enum fw_match match;

    if (subject.kind == SUBJECT_ABSENT)
        return FW_NO;
    if (subject.kind == SUBJECT_UNKNOWN)
        return FW_MAYBE;
    match = right_matches(context, &subject, json_object_get(comparison, "right"), 0);
    if (is(op, "!="))
        return (enum fw_match)(FW_YES - match);
    return is(op, "==") || is(op, "in") ? match : FW_MAYBE;
}

/* What a statement does; those that only write down something do nothing. */
static enum fw_verdict verdict_of(const char *statement) {
    static const struct {
        const char *name;
        enum fw_verdict verdict;
    } verdicts[] = {
        { "accept", FW_ACCEPT }, { "drop", FW_DROP },    { "reject", FW_DROP },   { "jump", FW_JUMP },
        { "goto", FW_GOTO },     { "counter", FW_NEXT }, { "return", FW_RETURN }, { "log", FW_NEXT },
        { "mangle", FW_NEXT },   { "notrack", FW_NEXT },
    };

    for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
        if (is(verdicts[i].name, statement))
            return verdicts[i].verdict;
    return FW_UNKNOWN;
}

static const char *chain_key(char key[KEY_SIZE], const char *family, const char *table, const char *chain) {
    snprintf(key, KEY_SIZE, "%s %s %s", family, table, chain);
    return key;
}

static void add_rule(const struct context *context, json_t *model, const json_t *rule) {
    enum fw_match match = FW_YES;
    enum fw_verdict verdict = FW_NEXT;
    char key[KEY_SIZE], target[KEY_SIZE] = "", text[KEY_SIZE + 64];
    json_t *expression, *value;
    const char *name;
    size_t index;

    chain_key(key, context->family, context->table, text_of(rule, "chain"));
    snprintf(text, sizeof(text), "rule with handle %" JSON_INTEGER_FORMAT " (sudo nft -a list chain %s)",
             integer_of(rule, "handle"), key);
    json_array_foreach(json_object_get(rule, "expr"), index, expression)
        json_object_foreach(expression, name, value) {
            enum fw_match one = is(name, "match") ? match_of(context, value) : is(name, "limit") ? FW_MAYBE : FW_YES;

            match = one < match ? one : match;
            if (is(name, "match") || is(name, "limit"))
                continue;
            if (verdict == FW_NEXT)
                verdict = verdict_of(name);
            if (*text_of(value, "target"))
                chain_key(target, context->family, context->table, text_of(value, "target"));
        }
    fw_rule(fw_chain(model, key), match, verdict, target, text);
}

static void add_chain(json_t *model, const json_t *chain) {
    const char *family = text_of(chain, "family"), *table = text_of(chain, "table"), *name = text_of(chain, "name");
    char key[KEY_SIZE];
    json_t *entry = fw_chain(model, chain_key(key, family, table, name));

    json_object_set_new(entry, "label", json_sprintf("the nft chain %s", key));
    json_object_set_new(entry, "hook", json_string(text_of(chain, "hook")));
    json_object_set_new(entry, "policy", json_string(text_of(chain, "policy")));
    json_object_set_new(entry, "cure", json_sprintf("sudo nft insert rule %s", key));
}

static bool is_for(const char *family, const struct fw_packet *packet) {
    return is(family, "inet") || is(family, packet->ipv6 ? "ip6" : "ip");
}

json_t *fw_model_nft(const json_t *ruleset, const struct fw_packet *packet) {
    json_t *model = json_object(), *entry;
    size_t index;

    json_array_foreach(json_object_get(ruleset, "nftables"), index, entry) {
        const json_t *chain = json_object_get(entry, "chain"), *rule = json_object_get(entry, "rule");
        struct context context = { ruleset, packet, text_of(rule, "family"), text_of(rule, "table") };

        if (chain && is_for(text_of(chain, "family"), packet))
            add_chain(model, chain);
        if (rule && is_for(context.family, packet))
            add_rule(&context, model, rule);
    }
    return model;
}
