/* SPDX-License-Identifier: ISC
 *
 * doctor_strangers.c - judges who else is heard: other clusters, keys, versions and programs, and copies of this
 * node. A part of doctor.h.
 */
#include "base/util.h"
#include "cli/doctor.h"

#include <string.h>

enum { RECENT_MS = 60 * 60 * 1000 };

static const char clone_cure[] =
    "One of them was made as a copy of the other. The younger takes a new identity by itself; before the next copy, "
    "stop eldestd and remove its state directory in the image (" ELDEST_STATEDIR ").";

/* What is found, with the address of the stranger in it, and what to do. */
static const struct kind {
    const char *kind; /* daemon/strangers.h */
    const char *code;
    enum severity severity;
    enum severity alone; /* if nobody else is heard: then it may be the reason */
    const char *what;
    const char *cure;
} kinds[] = {
    { "other-cluster", "other-cluster", SEVERITY_NOTE, SEVERITY_WARNING, "a node of another cluster is heard",
      "Nothing, if it is meant so: any number of clusters can share a network. If that node belongs to this one, give "
      "both the same [cluster] name." },
    { "key", "other-key", SEVERITY_PROBLEM, SEVERITY_PROBLEM, "a node of this cluster has a key, and this one has none",
      "Give this host the key file of the others (/etc/eldest/key) and restart eldestd." },
    { "no-key", "no-key", SEVERITY_PROBLEM, SEVERITY_PROBLEM,
      "a node of this cluster has no key, and this one has one",
      "If that host belongs to this cluster, give it the key file of this one (/etc/eldest/key) and restart eldestd "
      "there. Else find out who it is: it is ignored, whatever it says." },
    { "other-key", "other-key", SEVERITY_PROBLEM, SEVERITY_PROBLEM, "a node of this cluster has another key",
      "If that host belongs to this cluster, give both the same key file (/etc/eldest/key), then eldest reload. Else "
      "find out who it is: it is ignored, whatever it says." },
    { "other-version", "other-version", SEVERITY_WARNING, SEVERITY_WARNING,
      "a node speaks a version of the protocol that this one does not understand",
      "Bring eldest to the same version on all hosts." },
    { "other-program", "other-program", SEVERITY_WARNING, SEVERITY_WARNING,
      "another program sends to the ports of eldest",
      "Find it at that address (ss -uap there) and give it another port, or set [network] port on all nodes." },
    { "distant", "distant", SEVERITY_WARNING, SEVERITY_WARNING, "datagrams come from beyond a router",
      "All nodes must be in one network segment: what crossed a router, or a tunnel that acts like one, is not "
      "accepted. Otherwise it is another program." },
    { "clone", "clone", SEVERITY_PROBLEM, SEVERITY_PROBLEM, "another host has the identity of this node", clone_cure },
};

static bool alike(const json_t *a, const json_t *b) {
    return strcmp(text_of(a, "kind"), text_of(b, "kind")) == 0 &&
           strcmp(text_of(a, "cluster"), text_of(b, "cluster")) == 0;
}

/* "3 datagrams from 192.0.2.9 port 29418, the last one 5.0s ago", and so on for each like it. The caller owns it. */
static json_t *shown(const json_t *strangers, const json_t *like) {
    json_t *text = json_string(""), *one;
    size_t index;

    json_array_foreach(strangers, index, one) {
        char ago[TEXT_SIZE];

        if (!alike(one, like))
            continue;
        json_t *longer = json_sprintf(
            "%s%s%" JSON_INTEGER_FORMAT " datagrams from %s port %" JSON_INTEGER_FORMAT ", the last one %s",
            json_string_value(text), *json_string_value(text) ? "; " : "", number_of(one, "count", 0),
            text_of(one, "address"), number_of(one, "port", 0), text_ms_ago(json_object_get(one, "ago_ms"), ago));
        json_decref(text);
        text = longer;
    }
    return text;
}

/* Those of one kind and cluster together, when the first of them comes. */
static void judge_stranger(const json_t *strangers, size_t at, const struct kind *kind, bool alone, json_t *findings) {
    const json_t *stranger = json_array_get(strangers, at);
    enum severity severity = alone ? kind->alone : kind->severity;
    const char *cluster = text_of(stranger, "cluster");
    json_t *finding, *one, *text;
    bool recent = false;
    size_t index;

    json_array_foreach(strangers, index, one) {
        if (index < at && alike(one, stranger))
            return;
        recent |= alike(one, stranger) && lately(one, "ago_ms", RECENT_MS);
    }
    text = shown(strangers, stranger);
    finding = finding_new(findings, kind->code, recent ? severity : SEVERITY_NOTE, "%s", kind->what);
    finding_shows(finding, "%s%s%s%s", *cluster ? "cluster " : "", cluster, *cluster ? ": " : "",
                  json_string_value(text));
    finding_do(finding, "%s", kind->cure);
    finding_about(finding, NULL, text_of(stranger, "address"));
    json_decref(text);
}

static bool has_kind(const json_t *strangers, const char *kind) {
    size_t index;
    json_t *one;

    json_array_foreach(strangers, index, one)
        if (strcmp(text_of(one, "kind"), kind) == 0)
            return true;
    return false;
}

/* The older of the two keeps its identity and goes on: that it was copied only shows by what it did not heed. */
static void judge_own_id(const json_t *facts, json_t *findings) {
    const json_t *strangers = json_object_get(json_object_get(facts, "network"), "strangers");
    const json_t *ignored = json_object_get(json_object_get(facts, "counters"), "ignored");
    json_int_t count = number_of(ignored, "own_id", 0);
    json_t *finding;

    if (count == 0 || has_kind(strangers, "clone"))
        return;
    finding = finding_new(findings, "clone", SEVERITY_WARNING, "another host has used the identity of this node");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " messages with it were not heeded; the log names the sender",
                  count);
    finding_do(finding, "%s", clone_cure);
}

/* A copy that took a new identity before it was heard as one, or a state that was put back. */
static void judge_returned(const json_t *facts, json_t *findings) {
    const json_t *ignored = json_object_get(json_object_get(facts, "counters"), "ignored");
    json_int_t count = number_of(ignored, "stale_sender", 0);
    json_t *finding;

    if (count == 0)
        return;
    finding = finding_new(findings, "stale-sender", SEVERITY_WARNING,
                          "a node has gone back to an earlier state, or is there twice");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " messages of it were not heeded; the log names its address", count);
    finding_do(finding,
               "If a snapshot was restored or a host was copied: it takes a new identity by itself. Before the next "
               "copy, stop eldestd and remove its state directory in the image.");
}

/* Others talk where this node does not listen. */
static void judge_elsewhere(const json_t *facts, json_t *findings) {
    const json_t *refused = json_object_get(json_object_get(facts, "counters"), "refused");
    json_int_t count = number_of(refused, "other_interface", 0);
    json_t *finding;

    if (count == 0)
        return;
    finding = finding_new(findings, "other-interface", is_alone(facts) ? SEVERITY_WARNING : SEVERITY_NOTE,
                          "datagrams for eldest come by an interface that is not used");
    finding_shows(finding, "%" JSON_INTEGER_FORMAT " of them since eldestd was started; the log names the sender",
                  count);
    finding_do(finding, "If the other nodes are there, name that interface in [network] interfaces, beside auto.");
}

void judge_strangers(const json_t *facts, json_t *findings) {
    const json_t *strangers = json_object_get(json_object_get(facts, "network"), "strangers");
    size_t index;
    json_t *stranger;

    json_array_foreach(strangers, index, stranger)
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
            if (strcmp(kinds[i].kind, text_of(stranger, "kind")) == 0)
                judge_stranger(strangers, index, &kinds[i], is_alone(facts), findings);
    judge_own_id(facts, findings);
    judge_returned(facts, findings);
    judge_elsewhere(facts, findings);
}
