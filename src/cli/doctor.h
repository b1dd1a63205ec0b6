/* SPDX-License-Identifier: ISC
 *
 * doctor.h - what the parts of `eldest doctor` share.
 *
 * Facts are gathered first, then judged, then printed. All of it is JSON: the judges are pure, they read the facts and
 * add findings. A fact that is missing is judged by nobody, but stands under "not_checked" with the reason. The facts:
 *
 *     "cluster"                         its name
 *     "network", "status", "counters", "history"   what the daemon answers to these (daemon/report.h); without a daemon
 *                  not there
 *     "host"       what the kernel says: "sockets":[{"family","port","drops"}],
 *                  "groups":{"ipv4":[{"interface","group"}],"ipv6":[...]}, "bridges":[{"name","snooping","querier"}],
 *                  "neighbours":{"ipv4":{"entries","limit"},"ipv6":{...}}, "rmem_default"
 *     "firewall"   "nft": its ruleset; "iptables", "ip6tables": the text of iptables-save; "ufw", "firewalld": active
 *     "socket", "unit"  without a daemon: the path that was asked, and the state of its systemd unit, if there is one
 *     "overheard"  nodes of the cluster that speak a family which the daemon does not use: [{"interface","address"}]
 */
#ifndef ELDEST_CLI_DOCTOR_H
#define ELDEST_CLI_DOCTOR_H

#include "cli/cli.h"
#include "text/value.h"

#include <jansson.h>

struct doctor {
    json_t *facts;
    json_t *findings; /* [{ "code","severity","what","shows","do","interface"?,"peer"? }] */
    json_t *checked; /* ["..."] */
    json_t *not_checked; /* [{ "what","why" }] */
};

/* A note is for information and no reason to exit with another status than 0. */
enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_PROBLEM };

/* --- doctor_finding.c --- */

/* Adds a finding: what it is, in a sentence. It is borrowed: the list owns it. The words of the others are set next. */
json_t *finding_new(json_t *findings, const char *code, enum severity severity, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
/* How it shows: the facts. */
void finding_shows(json_t *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What to do. */
void finding_do(json_t *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What it is about; NULL or "": nothing of that kind. */
void finding_about(json_t *finding, const char *interface, const char *peer);

void doctor_checked(struct doctor *doctor, const char *what);
void doctor_not_checked(struct doctor *doctor, const char *what, const char *why, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether anything was found that is more than a note. */
bool findings_matter(const json_t *findings);

/* The integer at a member, or otherwise. */
json_int_t number_of(const json_t *object, const char *key, json_int_t otherwise);

/* Whether something was at most so many ms ago; null is never. */
bool lately(const json_t *object, const char *key, json_int_t within_ms);

/* "29417-29433": the UDP ports of the cluster, with that character between. */
const char *ports_text(const json_t *facts, char between, char text[TEXT_SIZE]);

extern const char *const doctor_families[2]; /* "ipv4", "ipv6" */
const char *family_text(const char *family); /* "IPv4", "IPv6" */

/* Whether the node hears nobody else, by now. */
bool is_alone(const json_t *facts);

/* --- doctor_ways.c: what several judges ask --- */

/* The interface of that name, as the network document tells of it; NULL if there is none. */
const json_t *link_named(const json_t *facts, const char *name);
/* What the node sees of an interface by a family; NULL if it does not use that there. */
const json_t *heard_on(const json_t *link, const char *family);
/* The family of a path. */
const char *path_family(const json_t *path);
/* The node with that id, as the network document tells of it; NULL if it was not heard. */
const json_t *node_of(const json_t *facts, const char *id);
/* Whether that member should have been heard by multicast on that path, which unicast takes, and was not. */
bool way_is_mute(const json_t *facts, const json_t *peer, const json_t *path);
/* Whether no multicast comes in there, as far as that can be known. */
bool multicast_is_dead(const json_t *facts, const json_t *link, const char *family);

/* --- the gatherers: facts in, or a word why not --- */

/* doctor_host.c: /proc and /sys. */
void gather_host(struct doctor *doctor);
/* doctor_tools.c: nft, iptables, ufw, firewalld; and systemd, if the daemon does not answer. */
void gather_firewall(struct doctor *doctor);
void gather_unit(struct doctor *doctor);
/* doctor_listen.c: hears for some seconds what is said in the families that the daemon does not use. */
void gather_overheard(struct doctor *doctor);

/* --- the judges --- */

void judge_daemon(const json_t *facts, json_t *findings); /* doctor_node.c: that it does not answer */
void judge_node(const json_t *facts, json_t *findings); /* doctor_node.c: the node and its clock */
void judge_interfaces(const json_t *facts, json_t *findings); /* doctor_interfaces.c */
void judge_peers(const json_t *facts, json_t *findings); /* doctor_peers.c */
void judge_strangers(const json_t *facts, json_t *findings); /* doctor_strangers.c */
void judge_quorum(const json_t *facts, json_t *findings); /* doctor_quorum.c */
void judge_host(const json_t *facts, json_t *findings); /* doctor_kernel.c */
void judge_firewall(const json_t *facts, json_t *findings); /* doctor_firewall.c */

/* --- the output --- */

/* doctor_document.c: {"cluster","findings","interfaces","peers","checked","not_checked"}. */
json_t *doctor_document(const struct doctor *doctor);
/* doctor_print.c: the same for people. */
void doctor_print(const json_t *document);

#endif
