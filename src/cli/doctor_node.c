/* SPDX-License-Identifier: ISC
 *
 * doctor_node.c - judges the node itself: whether it answers, has a leader, can save its state, hears anybody, and its
 * clock. A part of doctor.h.
 */
#include "cli/doctor.h"
#include "cli/quorum.h"
#include "cli/unit.h"

#include <string.h>

enum {
    SETTLED_S = 15, /* by then a node has found whom it can find */
    STEP_MS = 1000,
    FAILURES = 10, /* sendings that fail while a link goes down are no matter */
};

/* It is not said that it is dead: it may stand still. */
void judge_daemon(const json_t *facts, json_t *findings) {
    const char *socket = text_of(facts, "socket"), *cluster = text_of(facts, "cluster");
    const char *state = text_of(facts, "unit");
    char unit[TEXT_SIZE], command[TEXT_SIZE];
    json_t *finding;

    if (!*socket)
        return;
    unit_name(cluster, unit);
    unit_by_hand(cluster, command);
    finding = finding_new(findings, "no-daemon", SEVERITY_PROBLEM, "eldestd of cluster %s does not answer", cluster);
    if (*state) {
        finding_shows(finding, "nobody answers on %s, and the unit %s.service is %s", socket, unit, state);
        finding_do(finding, "sudo systemctl restart %s. If it ends again, its last lines say why: journalctl -u %s",
                   unit, unit);
    } else {
        finding_shows(finding, "nobody answers on %s", socket);
        finding_do(finding, "Start it: %s. If it ends again, its last lines say why: %s -f", command, command);
    }
}

static double uptime_of(const json_t *facts) {
    return json_number_value(json_object_get(json_object_get(facts, "counters"), "uptime"));
}

static void judge_leader(const json_t *facts, json_t *findings) {
    const json_t *status = json_object_get(facts, "status"), *node = json_object_get(status, "node");
    char why[QUORUM_TEXT_SIZE];
    json_t *finding;

    if (!status || json_is_object(json_object_get(status, "leader")) || uptime_of(facts) < SETTLED_S)
        return;
    finding = finding_new(findings, "no-leader", SEVERITY_PROBLEM, "this node knows no leader");
    finding_shows(finding, "it is %s: %s", text_of(node, "state"), quorum_no_leader(status, why));
    finding_do(finding, "Cure what else is found here. If that is nothing, look at the other hosts and at the log of "
                        "eldestd: journalctl -t eldestd");
}

static void judge_state(const json_t *facts, json_t *findings) {
    const json_t *node = json_object_get(json_object_get(facts, "status"), "node");
    json_t *finding;

    if (!json_is_false(json_object_get(node, "writable")))
        return;
    finding = finding_new(findings, "state-unwritable", SEVERITY_PROBLEM, "the state of this node cannot be saved");
    finding_shows(finding, "it neither stands for election nor votes");
    finding_do(finding,
               "Make room on the disk and the state directory writable (df, ls -ld %s); the log says which error "
               "it is.",
               ELDEST_STATEDIR);
}

/* It was asked for, but may have been forgotten. */
static void judge_pause(const json_t *facts, json_t *findings) {
    const json_t *node = json_object_get(json_object_get(facts, "status"), "node");
    const json_t *left = json_object_get(node, "paused_for");
    char text[TEXT_SIZE];
    json_t *finding;

    if (!json_is_true(json_object_get(node, "paused")))
        return;
    finding = finding_new(findings, "paused", SEVERITY_NOTE, "this node is paused");
    if (json_is_number(left))
        finding_shows(finding, "it follows, but does not lead, for %s from now on", text_seconds(left, text));
    else
        finding_shows(finding, "it follows, but does not lead, until the pause is ended");
    finding_do(finding, "Nothing while the maintenance lasts; then: sudo eldest resume");
}

/* The other judges say why, where it can be seen. */
static void judge_alone(const json_t *facts, json_t *findings) {
    char ports[TEXT_SIZE];
    json_t *finding;

    if (!is_alone(facts) || uptime_of(facts) < SETTLED_S)
        return;
    finding = finding_new(findings, "alone", SEVERITY_WARNING, "no other node of cluster %s is heard",
                          text_of(facts, "cluster"));
    finding_shows(finding, "nothing came in the last 15 s, neither by multicast nor by unicast, and %s",
                  json_array_size(json_object_get(json_object_get(facts, "network"), "nodes")) > 0
                      ? "who was heard before is gone"
                      : "nothing before since eldestd was started");
    finding_do(finding,
               "If there are to be others: eldestd must run there (eldest doctor says more), in the same network "
               "segment, with the same [cluster] name and the same [network] group4, group6 and port, and no "
               "firewall may drop UDP ports %s.",
               ports_text(facts, '-', ports));
}

/* Elections do not depend on it, but whoever compares logs is glad to know. */
static void judge_clock(const json_t *facts, json_t *findings) {
    json_int_t step_ms = number_of(json_object_get(facts, "network"), "clock_step_ms", 0);
    char text[TEXT_SIZE];
    json_t *finding;

    if (step_ms > -STEP_MS && step_ms < STEP_MS)
        return;
    finding = finding_new(findings, "clock-stepped", SEVERITY_NOTE, "the wall clock was set %s by %s",
                          step_ms < 0 ? "back" : "forward",
                          text_duration((step_ms < 0 ? -step_ms : step_ms) * USEC_PER_MS, text));
    finding_shows(finding, "the sum since eldestd was started; elections do not depend on this clock, but times in "
                           "history and log before and after differ by so much");
    finding_do(finding, "Nothing, if it was once at boot. Else see that a single program sets the clock: timedatectl");
}

static json_int_t sum(json_t *object) {
    const char *key;
    json_t *value;
    json_int_t total = 0;

    json_object_foreach(object, key, value)
        total += json_integer_value(value);
    return total;
}

/* A firewall that drops what leaves makes the sending fail. */
static void judge_sending(const json_t *facts, json_t *findings) {
    const json_t *counters = json_object_get(facts, "counters");
    json_int_t failed = number_of(counters, "send_failed", 0), sent = sum(json_object_get(counters, "sent"));
    json_t *finding;

    if (failed < FAILURES || failed * 100 < sent)
        return;
    finding = finding_new(findings, "send-failed", SEVERITY_WARNING, "the kernel does not send all that eldestd sends");
    finding_shows(finding,
                  "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " datagrams were refused since its start", failed,
                  sent);
    finding_do(finding,
               "Look for firewall rules on output, for a missing route (ip route), and in the log of eldestd.");
}

static void judge_table(const json_t *facts, json_t *findings) {
    json_int_t refused = number_of(json_object_get(json_object_get(facts, "counters"), "ignored"), "table_full", 0);
    json_t *finding;

    if (refused == 0)
        return;
    finding = finding_new(findings, "table-full", SEVERITY_WARNING, "the member table has been too small");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " registrations found no place in it", refused);
    finding_do(finding, "Raise [cluster] members_max in eldest.conf on all nodes that may lead, and restart eldestd.");
}

void judge_node(const json_t *facts, json_t *findings) {
    judge_leader(facts, findings);
    judge_state(facts, findings);
    judge_pause(facts, findings);
    judge_alone(facts, findings);
    judge_sending(facts, findings);
    judge_table(facts, findings);
    judge_clock(facts, findings);
}
