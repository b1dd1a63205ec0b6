/* SPDX-License-Identifier: ISC
 *
 * report.h - what the daemon tells its users, as JSON documents: built here once, for every way of asking.
 *
 * The field names are a contract with users; more may be added. Durations of people's interest (age, since) are
 * seconds with milliseconds as fraction, others carry their unit in the name. Ids are 32 hex digits, tokens
 * "EPOCH.ID". What is not known is null. All that is said about leadership is computed from the clock at the
 * moment of the call: `leader` is null unless this node follows one or leads confirmed, and `leader.self` is
 * true only if `eldest is-leader` may answer yes.
 *
 * All functions return a new reference, or NULL when memory ran out.
 */
#ifndef ELDEST_DAEMON_REPORT_H
#define ELDEST_DAEMON_REPORT_H

#include "core/action.h"

#include <jansson.h>

struct daemon;
struct holder;
struct settings_outcome;

/* {"cluster","node","epoch","token","leader","quorum","lease_ms","timing","members"}. */
json_t *report_leader(const struct daemon *daemon);

/* The same for who looks again and again, and does not go by a lease: it is not told, so that no handover waits for
 * it. */
json_t *report_check(const struct daemon *daemon);

/* As report_leader(), with {"holders","peers_complete","next","peers"}. A holder of work is {"pid","user","state",
 * "since","late","ran"}, the last as ran.h has it. The leader is the first of the peers, the others follow by
 * seniority; "next" is the id of the member that would take over now. A peer's "loss", 0 to 1, is the share of the
 * latest tries of the exchange between it and this node that were lost. */
json_t *report_status(const struct daemon *daemon);

/* The same for who looks again and again, as report_check(). */
json_t *report_page(const struct daemon *daemon);

/* {"seq","time","mono_ns","event","state","standing","epoch","token","leader"} with event "snapshot": the
 * present state. mono_ns is CLOCK_MONOTONIC, the same for all processes of the host. */
json_t *report_snapshot(const struct daemon *daemon, uint64_t seq);

/* The same for a change, with what the notice adds: "reason", "ended" (a token), "peer", "other" (a leader
 * met), "taken", "roster". */
json_t *report_change(const struct daemon *daemon, uint64_t seq, const struct notice *notice);

/* The same for a change of this node by its users, with "node" as in the others. */
json_t *report_node_change(const struct daemon *daemon, uint64_t seq, const char *event);

/* {"lease_ms","until_us","stop_margin_ms"}: how long holders may go on; an empty object when that has no end. */
json_t *report_lease(const struct daemon *daemon);

/* {"hold","order","limit_ms","cluster","node","state","epoch","token","leader"}: the present order of a holder of work,
 * "work" or "stop", with the number of its latest order to work; "none" and 0 for one that has just come (NULL). The
 * node is {"id","name"}. */
json_t *report_hold(const struct daemon *daemon, const struct holder *holder);

/* {"cluster","history","forgotten"}: the leaderships that this node has seen, the newest last, each {"epoch",
 * "token","leader","began_by","from","ended_by","to","lasted","present"}, and how many older ones are not kept.
 * What was not seen is null; while one lasts there is no "ended_by" and no "to". "present" is the one that this
 * node would name now. The wall clock may be set between "from" and "to"; "lasted" is right all the same. */
json_t *report_history(const struct daemon *daemon);

/* {"cluster","uptime"} and all counters of counters.h since the start: an object with a member for each kind, or a
 * number if there are no kinds. */
json_t *report_counters(const struct daemon *daemon);

/* What the node sees of its network: {"cluster","groups","group_port","port","clock_step_ms","interfaces":[...],
 * "nodes":[...],"strangers":[...]}. An interface is {"name","index","used","named","chosen","damped","reason","mtu",
 * "since_ms","ipv4","ipv6"}, a family of it {"address","joined","heard"}, and what was heard there, by "multicast",
 * "echo", "broadcast" and "unicast", {"ago_ms","count"}, with "rescues". A node is {"id","heard_ms","multicasts",
 * "repeated","paths"}, a path {"address","port","interface","multicast_ms","group_ms","unicast_ms","unanswered",
 * "rtt_us"}, where "multicast" is what has no single receiver, by the group or by broadcast. A stranger is {"kind",
 * "cluster","address","port","ago_ms","count"}. clock_step_ms: how far the wall clock was set since the start. */
json_t *report_network(const struct daemon *daemon);

/* {"resigned":true,"epoch","token","leader"}: after a handover, with the leader that is known now. */
json_t *report_resigned(const struct daemon *daemon);

/* {"retired","epoch","token","quorum"}: the outcome of a seat that was taken away. */
json_t *report_retired(const struct daemon *daemon);

/* {"paused":true,"paused_for","handed_over","epoch","token","leader"}: paused_for in seconds, null if until it is
 * ended; handed_over: this node led. */
json_t *report_paused(const struct daemon *daemon, bool handed_over);

/* {"tags","configured","set"}: objects of the tags of this node: in force, of the configuration, and set over them. */
json_t *report_tags(const struct daemon *daemon);

/* {"resumed","eligible"}: whether there was a pause, and whether this node may lead now. */
json_t *report_resumed(const struct daemon *daemon, bool was_paused);

/* {"reloaded":true,"changed":[...],"restart":[...]}: keys as "section.key", those in force now and those that take
 * effect at the next start. If the configuration is wrong, an error of code "configuration" with "mistakes":[...]. */
json_t *report_reload(const struct settings_outcome *outcome);

/* {"error":{"code","message"}}. */
json_t *report_error(const char *code, const char *message);

/* A document, which is given away, as text in one line, without a newline; to be freed. NULL for no document or no
 * memory. */
char *report_line(json_t *document);

#endif
