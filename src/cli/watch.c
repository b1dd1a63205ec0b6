/* SPDX-License-Identifier: ISC
 *
 * watch.c - `eldest watch`: one line for each change, written at once, so that it can feed a pipe.
 */
#include "base/util.h"
#include "cli/session.h"
#include "cli/text.h"
#include "lib/client.h"

#include <stdio.h>
#include <string.h>

/* Phrases */

static void say_leader_of(const json_t *event, const char *verb) {
    const json_t *leader = json_object_get(event, "leader");
    char text[TEXT_SIZE];

    if (!json_is_object(leader)) {
        printf("no leader");
        return;
    }
    if (json_is_true(json_object_get(leader, "self")))
        printf("this node, %s, %s", text_name_address(leader, text), verb);
    else
        printf("%s %s", text_name_address(leader, text), verb);
    printf(", epoch %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(event, "epoch")));
}

static void say_snapshot(const json_t *event) {
    const json_t *dropped = json_object_get(event, "dropped");

    if (json_is_integer(dropped))
        printf("%" JSON_INTEGER_FORMAT " changes were missed; ", json_integer_value(dropped));
    say_leader_of(event, "leads");
    printf("; this node is %s", text_of(event, "state"));
}

static void say_leader(const json_t *event) {
    say_leader_of(event, "leads now");
}

static void say_no_leader(const json_t *event) {
    const char *ended = text_of(event, "ended");

    printf("no leader");
    if (*ended)
        printf(": epoch %.*s has ended", (int)strcspn(ended, "."), ended);
}

static void say_state(const json_t *event) {
    printf("this node is %s", text_of(event, "state"));
}

static void say_peer(const json_t *event, const char *verb) {
    char text[TEXT_SIZE];

    printf("%s has %s", text_name_address(json_object_get(event, "peer"), text), verb);
}

static void say_joined(const json_t *event) {
    say_peer(event, "joined");
}

static void say_left(const json_t *event) {
    say_peer(event, "left");
}

static void say_suspected(const json_t *event) {
    (void)event;
    printf("the leader is silent and is being checked");
}

static void say_vouched(const json_t *event) {
    (void)event;
    printf("the leader lives");
}

static void say_conflict(const json_t *event) {
    const json_t *other = json_object_get(event, "other");
    const char *token = text_of(other, "token"), *address = text_of(other, "address");

    printf("another leader was heard");
    if (*address)
        printf(" at %s", address);
    if (*token)
        printf(", epoch %.*s", (int)strcspn(token, "."), token);
}

static void say_still_leads(const json_t *event) {
    say_leader_of(event, "still leads");
}

static void say_clone(const json_t *event) {
    printf("another host uses this node's id");
    if (*text_of(json_object_get(event, "other"), "address"))
        printf(": %s", text_of(json_object_get(event, "other"), "address"));
    if (json_is_true(json_object_get(event, "taken")))
        printf("; this node has taken a new one");
}

static void say_paused(const json_t *event) {
    char text[TEXT_SIZE];

    printf("this node is %s", text_eligible(json_object_get(event, "node"), text));
}

static void say_resumed(const json_t *event) {
    char text[TEXT_SIZE];
    const char *still = text_eligible(json_object_get(event, "node"), text);

    printf("this node is not paused any more");
    if (*still)
        printf(", but %s", still);
}

static void say_tags(const json_t *event) {
    char tags[TAGS_MAX + 1];
    const char *all = text_tags(json_object_get(event, "node"), tags);

    printf("this node has %s%s", *all ? "the tags " : "no tags", all);
}

static void say_table_full(const json_t *event) {
    (void)event;
    printf("the member table is full: more members follow unlisted");
}

static const struct {
    const char *event;
    void (*say)(const json_t *event);
} phrases[] = {
    { "snapshot", say_snapshot },     { "leader", say_leader },        { "no-leader", say_no_leader },
    { "state", say_state },           { "peer-joined", say_joined },   { "peer-left", say_left },
    { "suspected", say_suspected },   { "vouched", say_vouched },      { "conflict", say_conflict },
    { "confirmed", say_still_leads }, { "reassert", say_still_leads }, { "clone", say_clone },
    { "table-full", say_table_full }, { "paused", say_paused },        { "resumed", say_resumed },
    { "tags", say_tags },
};

/* Lines */

/* The time of day here, with the fraction as the daemon gave it. */
static void print_time(const char *time) {
    char text[TEXT_SIZE];
    const char *fraction = time + strcspn(time, ".Z");
    struct tm local;

    if (!text_local_time(time, &local))
        return;
    strftime(text, sizeof(text), "%H:%M:%S", &local);
    printf("%s%.*s  ", text, (int)strcspn(fraction, "Z"), fraction);
}

static void print_event(const json_t *event) {
    const char *name = text_of(event, "event"), *reason = text_of(event, "reason");
    bool said = false;

    print_time(text_of(event, "time"));
    for (size_t i = 0; i < ARRAY_SIZE(phrases) && !said; i++) {
        said = strcmp(phrases[i].event, name) == 0;
        if (said)
            phrases[i].say(event);
    }
    if (!said)
        printf("%s", name);
    if (*reason)
        printf(" (%s)", reason);
    putchar('\n');
    fflush(stdout);
}

static enum status watch_until(struct session *session, usec_t deadline) {
    enum status status = session_first(session, SESSION_ANSWER_LIMIT, deadline);

    while (status == STATUS_OK && !ferror(stdout)) {
        if (session->cli->json)
            session_print_line(session);
        else
            print_event(session->document);
        status = session_next(session, deadline);
    }
    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

enum { OPTION_FOR = 256 };

const struct cli_option watch_options[] = {
    { OPTION_FOR, "for", "DURATION", "end after that time" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, usec_t *limit) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option != OPTION_FOR || !cli_duration("--for", optarg, limit))
            return false;
    return cli_no_arguments(argc, argv);
}

enum status verb_watch(struct cli *cli, int argc, char **argv) {
    usec_t limit = USEC_NEVER;
    struct session session;

    if (!read_options(cli, argc, argv, &limit))
        return STATUS_USAGE;
    usec_t deadline = client_deadline(limit);
    enum status status = session_open(&session, cli, "watch");
    if (status == STATUS_OK)
        status = watch_until(&session, deadline);
    session_close(&session);
    return status;
}
