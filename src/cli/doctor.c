/* SPDX-License-Identifier: ISC
 *
 * doctor.c - `eldest doctor`: why do two hosts not find each other, and what is wrong with the network of this one.
 *
 * Gathers facts, from the daemon and from this host, lets the judges look at them, and prints what they found. Without
 * a daemon it judges what is left.
 */
#include "cli/doctor.h"

#include "base/util.h"
#include "cli/session.h"
#include "lib/client.h"

#include <poll.h>
#include <stdlib.h>

enum { SECOND_LOOK_MS = 2000 }; /* an election is over by then, and so is the search for a leader */

static const char *const questions[] = { "network", "status", "counters", "history" };

/* One of the daemon's documents. What it does not answer is said on standard error. */
static enum status ask(const struct cli *cli, const char *question, json_t *facts) {
    struct cli silent = *cli;
    json_t *document;

    silent.json = false;
    enum status status = session_ask(&silent, question, SESSION_ANSWER_LIMIT, &document);
    if (status == STATUS_OK)
        json_object_set_new(facts, question, document);
    return status;
}

static enum status ask_all(const struct cli *cli, json_t *facts) {
    for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
        enum status status = ask(cli, questions[i], facts);

        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* That there is no leader for a moment is no illness. */
static enum status gather_daemon(const struct cli *cli, json_t *facts) {
    enum status status = ask_all(cli, facts);

    if (status != STATUS_OK || json_is_object(json_object_get(json_object_get(facts, "status"), "leader")))
        return status;
    poll(NULL, 0, SECOND_LOOK_MS);
    return ask_all(cli, facts);
}

/* Where the daemon should have answered, and what systemd says of it. */
static void gather_absence(const struct cli *cli, struct doctor *doctor) {
    char path[CLIENT_PATH_SIZE] = "";

    if (cli->socket || client_default_path(cli->cluster, path) == 0)
        json_object_set_new(doctor->facts, "socket", json_string(cli->socket ? cli->socket : path));
    gather_unit(doctor);
}

/* Causes before what follows from them. */
static void judge(struct doctor *doctor) {
    judge_daemon(doctor->facts, doctor->findings);
    judge_firewall(doctor->facts, doctor->findings);
    judge_host(doctor->facts, doctor->findings);
    judge_interfaces(doctor->facts, doctor->findings);
    judge_peers(doctor->facts, doctor->findings);
    judge_strangers(doctor->facts, doctor->findings);
    judge_quorum(doctor->facts, doctor->findings);
    judge_node(doctor->facts, doctor->findings);
}

static void note_daemon(struct doctor *doctor, bool reached) {
    static const char *const what[] = { "interfaces in use", "what is heard by multicast and unicast",
                                        "round trips and losses", "other clusters, keys and versions", "clock steps" };

    for (size_t i = 0; i < ARRAY_SIZE(what); i++)
        if (reached)
            doctor_checked(doctor, what[i]);
        else
            doctor_not_checked(doctor, what[i], "eldestd does not answer");
}

static void print(const struct cli *cli, const struct doctor *doctor) {
    json_t *document = doctor_document(doctor);
    char *line = cli->json && document ? json_dumps(document, JSON_COMPACT) : NULL;

    if (line)
        puts(line);
    else if (!cli->json)
        doctor_print(document);
    free(line);
    json_decref(document);
}

static enum status examine(const struct cli *cli, struct doctor *doctor) {
    enum status status = gather_daemon(cli, doctor->facts);
    bool reached = status == STATUS_OK;

    if (status == STATUS_USAGE)
        return status;
    json_object_set_new(doctor->facts, "cluster", json_string(cli->cluster));
    if (reached)
        json_object_set(doctor->facts, "cluster",
                        json_object_get(json_object_get(doctor->facts, "network"), "cluster"));
    else
        gather_absence(cli, doctor);
    note_daemon(doctor, reached);
    gather_host(doctor);
    gather_firewall(doctor);
    gather_overheard(doctor);
    judge(doctor);
    print(cli, doctor);
    if (!reached)
        return status;
    return findings_matter(doctor->findings) ? STATUS_FINDINGS : STATUS_OK;
}

enum status verb_doctor(struct cli *cli, int argc, char **argv) {
    struct doctor doctor = { json_object(), json_array(), json_array(), json_array() };
    enum status status = STATUS_USAGE;

    if (cli_plain(cli, argc, argv))
        status = examine(cli, &doctor);
    json_decref(doctor.facts);
    json_decref(doctor.findings);
    json_decref(doctor.checked);
    json_decref(doctor.not_checked);
    return status;
}
