/* SPDX-License-Identifier: ISC
 *
 * doctor_firewall.c - judges the rules of the firewall: follows a datagram of ours through every chain on its way.
 * A part of doctor.h; doctor_firewall.h tells in which form the rules come.
 */
#include "cli/doctor_firewall.h"

#include "base/util.h"
#include "cli/doctor.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH_MAX = 16, /* chains that jump to chains */
    DEFAULT_PORT = 29417,
};

/* --- building blocks of a model --- */

static bool parse(const char *text, bool ipv6, uint8_t bytes[16]) {
    return inet_pton(ipv6 ? AF_INET6 : AF_INET, text, bytes) == 1;
}

enum fw_match fw_address(const struct fw_packet *packet, const char *address, int length) {
    uint8_t own[16], other[16];
    int bits = packet->ipv6 ? 128 : 32;

    if (!*packet->to || !parse(packet->to, packet->ipv6, own) || length > bits)
        return FW_MAYBE;
    if (!parse(address, packet->ipv6, other))
        return strchr(address, ':') && !packet->ipv6 ? FW_NO : FW_MAYBE;
    if (length < 0)
        length = bits;
    for (int i = 0; i < length; i++)
        if ((own[i / 8] ^ other[i / 8]) & 0x80 >> i % 8)
            return FW_NO;
    return FW_YES;
}

json_t *fw_chain(json_t *model, const char *key) {
    json_t *chain = json_object_get(model, key);

    if (!chain) {
        chain = json_pack("{s:[]}", "rules");
        json_object_set_new(model, key, chain);
    }
    return chain;
}

void fw_rule(json_t *chain, enum fw_match match, enum fw_verdict verdict, const char *target, const char *text) {
    json_array_append_new(json_object_get(chain, "rules"),
                          json_pack("{s:i, s:i, s:s, s:s}", "match", (int)match, "verdict", (int)verdict, "target",
                                    target, "text", text));
}

/* --- the way of a datagram --- */

enum end { END_PASSED, END_DROPPED, END_RETURNED };

static enum end walk(const json_t *model, const json_t *chain, int depth, const char **ret_text);

/* What a rule makes of it. A rule that may not match decides nothing but what may let it pass. */
static enum end walk_rule(const json_t *model, const json_t *rule, int depth, const char **ret_text) {
    enum fw_verdict verdict = (enum fw_verdict)number_of(rule, "verdict", FW_UNKNOWN);
    bool sure = number_of(rule, "match", FW_MAYBE) == FW_YES;
    enum end end = END_PASSED;

    if (verdict == FW_NEXT || (verdict == FW_DROP && !sure))
        return END_RETURNED;
    if (verdict == FW_JUMP || verdict == FW_GOTO) {
        end = walk(model, json_object_get(model, text_of(rule, "target")), depth + 1, ret_text);
        if (verdict == FW_GOTO && end == END_RETURNED && !sure)
            return END_PASSED; /* it is not known where it goes on */
        return end == END_DROPPED && !sure ? END_RETURNED : end;
    }
    *ret_text = text_of(rule, "text");
    return verdict == FW_DROP ? END_DROPPED : END_PASSED;
}

/* Through the rules of a chain. Whatever may let it pass, does. If it may have returned before it was dropped, it
 * counts as returned: then it is dropped for certain only if that is so behind the jump too. */
static enum end walk(const json_t *model, const json_t *chain, int depth, const char **ret_text) {
    bool may_be_back = false;
    size_t index;
    json_t *rule;

    if (!chain || depth > DEPTH_MAX)
        return END_PASSED;
    json_array_foreach(json_object_get(chain, "rules"), index, rule) {
        enum fw_verdict verdict = (enum fw_verdict)number_of(rule, "verdict", FW_UNKNOWN);
        enum fw_match match = (enum fw_match)number_of(rule, "match", FW_MAYBE);
        enum end end;

        if (match == FW_NO)
            continue;
        may_be_back |= verdict == FW_RETURN;
        if (verdict == FW_RETURN && match == FW_YES)
            return END_RETURNED;
        if (verdict == FW_RETURN)
            continue;
        end = walk_rule(model, rule, depth, ret_text);
        if (end == END_DROPPED && may_be_back)
            return END_RETURNED;
        if (end != END_RETURNED || (verdict == FW_GOTO && match == FW_YES))
            return end;
    }
    return END_RETURNED;
}

static bool is_on_the_way(const json_t *chain, const struct fw_packet *packet) {
    const char *hook = text_of(chain, "hook");

    if (packet->outgoing)
        return strcmp(hook, "output") == 0 || strcmp(hook, "postrouting") == 0;
    return strcmp(hook, "input") == 0 || strcmp(hook, "prerouting") == 0;
}

/* The chain that drops it for certain, and by what; NULL if there is none. */
static const json_t *dropping_chain(json_t *model, const struct fw_packet *packet, const char **ret_text) {
    const char *key;
    json_t *chain;

    json_object_foreach(model, key, chain) {
        enum end end;

        if (!is_on_the_way(chain, packet))
            continue;
        *ret_text = "its policy";
        end = walk(model, chain, 0, ret_text);
        if (end == END_DROPPED)
            return chain;
        *ret_text = "its policy";
        if (end == END_RETURNED && strcmp(text_of(chain, "policy"), "drop") == 0)
            return chain;
    }
    return NULL;
}

/* --- what is found --- */

static void say_cure(const json_t *facts, const json_t *chain, const struct fw_packet *packet, json_t *finding) {
    const json_t *firewall = json_object_get(facts, "firewall");
    char dashed[TEXT_SIZE], coloned[TEXT_SIZE];

    ports_text(facts, '-', dashed);
    ports_text(facts, ':', coloned);
    if (json_is_true(json_object_get(firewall, "ufw")))
        finding_do(finding, "ufw is active: sudo ufw allow %s/udp", coloned);
    else if (json_is_true(json_object_get(firewall, "firewalld")))
        finding_do(finding,
                   "firewalld is active: sudo firewall-cmd --permanent --zone=$(sudo firewall-cmd "
                   "--get-zone-of-interface=%s) --add-port=%s/udp && sudo firewall-cmd --reload",
                   *packet->interface ? packet->interface : "IFACE", dashed);
    else if (strstr(text_of(chain, "cure"), " nft "))
        finding_do(finding,
                   "%s udp dport %s accept, and the same in /etc/nftables.conf or wherever the rules come from",
                   text_of(chain, "cure"), dashed);
    else
        finding_do(finding, "%s -p udp --dport %s -j ACCEPT, and the same wherever the rules come from",
                   text_of(chain, "cure"), coloned);
}

/* The finding of the same cure for the same interface: what else is cured by that belongs to it. */
static json_t *find_like(const json_t *findings, const json_t *other) {
    size_t index;
    json_t *finding;

    json_array_foreach(findings, index, finding)
        if (json_equal(json_object_get(finding, "code"), json_object_get(other, "code")) &&
            json_equal(json_object_get(finding, "do"), json_object_get(other, "do")) &&
            strcmp(text_of(finding, "interface"), text_of(other, "interface")) == 0)
            return finding;
    return NULL;
}

static void merge(json_t *findings, const json_t *fresh) {
    size_t index;
    json_t *finding, *like;

    json_array_foreach(fresh, index, finding) {
        like = find_like(findings, finding);
        if (like)
            json_object_set_new(like, "shows",
                                json_sprintf("%s; %s", text_of(like, "shows"), text_of(finding, "shows")));
        else
            json_array_append(findings, finding);
    }
}

static void add_finding(const json_t *facts, const json_t *chain, const char *text, const struct fw_packet *packet,
                        json_t *findings) {
    json_t *fresh = json_array();
    json_t *finding = finding_new(fresh, "firewall", SEVERITY_PROBLEM, "the firewall of this host drops %s eldest%s%s",
                                  packet->outgoing ? "what is sent by" : "what is sent to",
                                  *packet->interface ? " on " : "", packet->interface);

    finding_shows(finding, "UDP to %s port %d is dropped by %s: %s", *packet->to ? packet->to : "this host",
                  packet->port, text_of(chain, "label"), text);
    say_cure(facts, chain, packet, finding);
    finding_about(finding, packet->interface, NULL);
    merge(findings, fresh);
    json_decref(fresh);
}

static bool judge_model(const json_t *facts, json_t *model, const struct fw_packet *packet, json_t *findings) {
    const char *text = "";
    const json_t *chain = dropping_chain(model, packet, &text);
    bool found = chain != NULL;

    if (found)
        add_finding(facts, chain, text, packet, findings);
    json_decref(model);
    return found;
}

/* One finding for one datagram, even if the same rules show in nft and in iptables. */
static void judge_packet(const json_t *facts, const struct fw_packet *packet, json_t *findings) {
    const json_t *firewall = json_object_get(facts, "firewall");
    const json_t *saved = json_object_get(firewall, packet->ipv6 ? "ip6tables" : "iptables");
    const json_t *ruleset = json_object_get(firewall, "nft");
    bool found = false;

    if (json_is_object(ruleset))
        found = judge_model(facts, fw_model_nft(ruleset, packet), packet, findings);
    if (!found && json_is_string(saved))
        judge_model(facts, fw_model_iptables(json_string_value(saved), packet), packet, findings);
}

/* To the group, in and out, and to this node's own port. */
static void judge_way(const json_t *facts, const char *interface, const char *family, const char *group,
                      const char *own, json_t *findings) {
    const json_t *network = json_object_get(facts, "network");
    int group_port = (int)number_of(network, "group_port", DEFAULT_PORT);
    struct fw_packet packet = {
        .interface = interface, .ipv6 = strcmp(family, "ipv6") == 0, .multicast = true, .to = group, .port = group_port
    };

    judge_packet(facts, &packet, findings);
    packet.outgoing = true;
    judge_packet(facts, &packet, findings);
    packet.outgoing = packet.multicast = false;
    packet.to = own;
    packet.port = (int)number_of(network, "port", group_port + 1);
    judge_packet(facts, &packet, findings);
}

static void judge_link(const json_t *facts, const json_t *link, const char *family, json_t *findings) {
    const json_t *on_link = json_object_get(link, family);
    const char *group = text_of(json_object_get(json_object_get(facts, "network"), "groups"), family);
    char bare_group[INET6_ADDRSTRLEN], bare_own[INET6_ADDRSTRLEN];

    if (!json_is_true(json_object_get(on_link, "joined")) || !*group)
        return;
    snprintf(bare_group, sizeof(bare_group), "%.*s", (int)strcspn(group, "%"), group);
    snprintf(bare_own, sizeof(bare_own), "%.*s", (int)strcspn(text_of(on_link, "address"), "%"),
             text_of(on_link, "address"));
    judge_way(facts, text_of(link, "name"), family, bare_group, bare_own, findings);
}

void judge_firewall(const json_t *facts, json_t *findings) {
    const json_t *network = json_object_get(facts, "network");
    size_t index;
    json_t *link;

    if (!network) { /* the defaults, as the daemon is not there to tell what it uses */
        judge_way(facts, "", "ipv4", "224.0.0.254", "", findings);
        judge_way(facts, "", "ipv6", "ff02::114", "", findings);
    }
    json_array_foreach(json_object_get(network, "interfaces"), index, link)
        for (int i = 0; i < 2; i++)
            judge_link(facts, link, doctor_families[i], findings);
}
