/* SPDX-License-Identifier: ISC
 *
 * doctor_firewall.h - whether the rules of a firewall let a datagram of ours pass.
 *
 * The rules of nft and of iptables are brought into one form, already compared with one datagram:
 *
 *     {"CHAIN":{"label","hook"?,"policy"?,"cure","rules":[{"match","verdict","target"?,"text"}]}}
 *
 * "match" is an enum fw_match, "verdict" an enum fw_verdict, "target" the key of a chain. Only what drops it for
 * certain is told: a rule that is not understood may let it pass.
 */
#ifndef ELDEST_CLI_DOCTOR_FIREWALL_H
#define ELDEST_CLI_DOCTOR_FIREWALL_H

#include <jansson.h>
#include <stdbool.h>

struct fw_packet {
    const char *interface; /* "": not known */
    bool ipv6;
    bool multicast; /* to the group */
    bool outgoing;
    const char *to; /* address without a zone; "": not known */
    int port; /* destination, UDP */
};

enum fw_match { FW_NO, FW_MAYBE, FW_YES };

/* What a rule does with what it matches. */
enum fw_verdict { FW_NEXT, FW_ACCEPT, FW_DROP, FW_JUMP, FW_GOTO, FW_RETURN, FW_UNKNOWN };

/* What a rule asks of an address: "192.0.2.0" and 24; the length -1 stands for all of it. */
enum fw_match fw_address(const struct fw_packet *packet, const char *address, int length);

/* Adds a chain, or gives the one of that key. Both are borrowed from the model. */
json_t *fw_chain(json_t *model, const char *key);
void fw_rule(json_t *chain, enum fw_match match, enum fw_verdict verdict, const char *target, const char *text);

/* doctor_nft.c: of the document of "nft -j list ruleset"; doctor_iptables.c: of the text of iptables-save, or of
 * ip6tables-save for an IPv6 datagram. */
json_t *fw_model_nft(const json_t *ruleset, const struct fw_packet *packet);
json_t *fw_model_iptables(const char *saved, const struct fw_packet *packet);

#endif
