/* SPDX-License-Identifier: ISC
 *
 * doctor_quorum.c - judges votes and seats (quorum = majority): who has one and is not there, who is there and has
 * none, and what keeps a cluster from being founded or led. A part of doctor.h.
 */
#include "cli/doctor.h"
#include "cli/quorum.h"

#include <string.h>

enum { SETTLED_S = 15 }; /* by then a node has found whom it can find */

static const json_t *status_of(const json_t *facts) {
    return json_object_get(facts, "status");
}

static bool has_settled(const json_t *facts) {
    return json_number_value(json_object_get(json_object_get(facts, "counters"), "uptime")) >= SETTLED_S;
}

static bool has_leader(const json_t *facts) {
    return json_is_object(json_object_get(status_of(facts), "leader"));
}

/* Also where votes do not count: it is one of the others that has the other policy. */
static void judge_policy(const json_t *facts, json_t *findings) {
    json_int_t count = number_of(json_object_get(json_object_get(facts, "counters"), "ignored"), "other_quorum", 0);
    json_t *finding;

    if (count == 0)
        return;
    finding = finding_new(findings, "other-quorum", SEVERITY_PROBLEM,
                          "a node of this cluster has another quorum policy");
    finding_shows(finding, "this node has quorum = %s, and has ignored %" JSON_INTEGER_FORMAT " leaders or candidates "
                           "of the other policy", quorum_of(status_of(facts)) ? "majority" : "none", count);
    finding_do(finding, "Give all hosts the same [cluster] quorum and expect in eldest.conf, and restart eldestd where "
                        "it was changed; or another [cluster] name, if they are to be two clusters.");
}

static void judge_expect(const json_t *facts, json_t *findings) {
    const json_t *quorum = quorum_of(status_of(facts));
    json_int_t seats = number_of(quorum, "expect", 0), configured = number_of(quorum, "configured", seats);
    json_t *finding;

    if (!quorum_seats(status_of(facts)) || configured == seats)
        return;
    finding = finding_new(findings, "expect-differs", SEVERITY_WARNING,
                          "the cluster was founded with another number of seats than is configured here");
    finding_shows(finding, "it has %" JSON_INTEGER_FORMAT " seats, and here is expect = %" JSON_INTEGER_FORMAT
                           ", which counts for founding it only", seats, configured);
    finding_do(finding, "Set expect = %" JSON_INTEGER_FORMAT " here. A cluster of another size has to be founded anew, "
                        "under another [cluster] name.", seats);
}

/* Members who are gone have left the table after some seconds. */
static bool is_there(const json_t *facts, const json_t *seat) {
    return text_member(status_of(facts), text_of(seat, "id")) != NULL;
}

static void judge_absent(const json_t *facts, const json_t *seat, json_t *findings) {
    const json_t *quorum = quorum_of(status_of(facts));
    bool last = number_of(quorum, "have", 0) <= number_of(quorum, "needed", 0);
    char name[TEXT_SIZE];
    json_t *finding;

    if (is_there(facts, seat))
        return;
    finding = finding_new(findings, "seat-unheard", last ? SEVERITY_PROBLEM : SEVERITY_WARNING,
                          "%s has a seat, but is not there", text_name(seat, name));
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " votes are needed, %" JSON_INTEGER_FORMAT " are there%s",
                  number_of(quorum, "needed", 0), number_of(quorum, "have", 0),
                  last ? ": if one more goes, nobody leads" : "");
    finding_do(finding, "Start eldestd there. If that host does not come back, or has lost its state directory, give "
                        "its seat to another one: sudo eldest retire %.8s, on the leader.", text_of(seat, "id"));
    finding_about(finding, NULL, name);
}

/* Without a leader nobody has the table of the members. */
static void judge_seats(const json_t *facts, json_t *findings) {
    const json_t *seats = quorum_seats(status_of(facts)), *seat;
    size_t index;

    if (!has_leader(facts) || !has_settled(facts) ||
        !json_is_true(json_object_get(status_of(facts), "peers_complete")))
        return;
    json_array_foreach(seats, index, seat)
        judge_absent(facts, seat, findings);
}

static void judge_spares(const json_t *facts, json_t *findings) {
    json_int_t seats = number_of(quorum_of(status_of(facts)), "expect", 0);
    json_int_t members = number_of(status_of(facts), "members", 0);
    json_t *finding;

    if (!quorum_seats(status_of(facts)) || !has_leader(facts) || members <= seats)
        return;
    finding = finding_new(findings, "spares", SEVERITY_NOTE, "there are more nodes than seats%s",
                          json_is_false(json_object_get(quorum_of(status_of(facts)), "seat"))
                              ? ", and this one has none"
                              : "");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " members, %" JSON_INTEGER_FORMAT " seats: the others follow, but "
                           "neither vote nor lead", members, seats);
    finding_do(finding, "Nothing: the eldest of them takes a seat that becomes free by eldest retire.");
}

static void judge_lease(const json_t *facts, json_t *findings) {
    const json_t *node = json_object_get(status_of(facts), "node"), *quorum = quorum_of(status_of(facts));
    json_t *finding;

    if (!quorum || strcmp(text_of(node, "state"), "leader") != 0 || has_leader(facts))
        return;
    finding = finding_new(findings, "no-lease", SEVERITY_PROBLEM, "this node was elected, but has no lease");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " votes are needed, and %" JSON_INTEGER_FORMAT " have answered in "
                           "time", number_of(quorum, "needed", 0), number_of(quorum, "have", 0));
    finding_do(finding, "Look for losses and slow hosts among those with a seat (eldest peers, eldest doctor there). "
                        "If hosts stop for longer, raise [timing] promise.");
}

static void judge_pin(const json_t *facts, json_t *findings) {
    const json_t *quorum = quorum_of(status_of(facts));
    json_t *finding;

    if (!json_is_true(json_object_get(quorum, "pinned")) || has_leader(facts) || !has_settled(facts))
        return;
    finding = finding_new(findings, "pinned", SEVERITY_PROBLEM,
                          "this node has voted to found the cluster, but it was not founded");
    finding_shows(finding, "it stands by the nodes that it has voted with, and founds the cluster with no others");
    finding_do(finding, "Start eldestd on those %" JSON_INTEGER_FORMAT " hosts. If one of them is lost, and nobody "
                        "leads anywhere: stop eldestd on all hosts of the cluster, remove the state directory on each "
                        "(%s), and start them together.", number_of(quorum, "expect", 0), ELDEST_STATEDIR);
}

void judge_quorum(const json_t *facts, json_t *findings) {
    judge_policy(facts, findings);
    judge_expect(facts, findings);
    judge_pin(facts, findings);
    judge_lease(facts, findings);
    judge_seats(facts, findings);
    judge_spares(facts, findings);
}
