/* SPDX-License-Identifier: ISC
 *
 * ctlcommand.c - see ctlcommand.h.
 */
#include "daemon/ctlcommand.h"

#include "base/str.h"
#include "base/tags.h"
#include "base/util.h"
#include "daemon/daemon.h"
#include "daemon/report.h"
#include "daemon/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    TABLE_LIMIT_MS = 300, /* how long `status` waits for the whole table */
    RESIGN_LIMIT_MS = 60 * 1000, /* how long `resign` waits for its outcome */
    TAGS_MESSAGE_SIZE = 256,
};

static json_t *counters(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_counters(daemon);
}

static json_t *history(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_history(daemon);
}

static json_t *leader(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_leader(daemon);
}

static json_t *network(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_network(daemon);
}

static json_t *reload(struct daemon *daemon, const json_t *request) {
    struct settings_outcome outcome;

    (void)request;
    daemon_reload(daemon, &outcome);
    return report_reload(&outcome);
}

static json_t *resign(struct daemon *daemon, const json_t *request) {
    (void)request;
    daemon_submit(daemon, &(struct event){ .type = EVENT_RESIGN });
    return NULL;
}

/* {"for_ms":N}: not without an end; {"force":true}: also if nobody takes the leadership. */
static json_t *pause_node(struct daemon *daemon, const json_t *request) {
    const json_t *limit = json_object_get(request, "for_ms");
    json_int_t ms = json_integer_value(limit);

    if (limit && (ms < PAUSE_MIN / USEC_PER_MS || ms > PAUSE_MAX / USEC_PER_MS))
        return report_error("bad-request", "for_ms: a whole number of milliseconds, 1 s to 3650 d");
    daemon_pause(daemon, limit ? ms * USEC_PER_MS : USEC_NEVER, json_is_true(json_object_get(request, "force")));
    return NULL;
}

static json_t *resume(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_resumed(daemon, daemon_resume(daemon));
}

/* {"id":"32 hexadecimal digits"}: of a node that has a seat. */
static json_t *retire(struct daemon *daemon, const json_t *request) {
    const char *id = json_string_value(json_object_get(request, "id"));
    struct event event = { .type = EVENT_RETIRE };

    if (!id || str_parse_id(id, &event.retire.id) < 0)
        return report_error("bad-request", "id: 32 hexadecimal digits, as status tells them");
    daemon_submit(daemon, &event);
    return NULL;
}

static json_t *retire_late(struct daemon *daemon) {
    (void)daemon;
    return report_error("timeout", "the outcome is not known yet");
}

static json_t *resign_late(struct daemon *daemon) {
    (void)daemon;
    return report_error("timeout", "the handover has not ended yet");
}

static json_t *tags(struct daemon *daemon, const json_t *request) {
    (void)request;
    return report_tags(daemon);
}

static json_t *wrong_tags(int result, const char *word) {
    char message[TAGS_MESSAGE_SIZE];

    if (result == -E2BIG)
        return report_error("too-many-tags", "there would be more than 16 tags, or more than 256 bytes of them");
    snprintf(message, sizeof(message), "%.64s: not a tag; allowed: KEY=VALUE, or KEY= alone; KEY of " TAGS_KEY_ALLOWED
             "; VALUE of " TAGS_VALUE_ALLOWED, word ? word : "set");
    str_make_printable(message);
    return report_error("bad-request", message);
}

/* {"set":["KEY=VALUE","KEY="]}: all of it or nothing. */
static json_t *tag(struct daemon *daemon, const json_t *request) {
    const json_t *set = json_object_get(request, "set");
    const char *words[TAGS_CHANGES_MAX], *wrong = NULL;
    size_t count = json_array_size(set);

    if (count == 0 || count > TAGS_CHANGES_MAX)
        return report_error("bad-request", "set: a list of 1 to 32 of KEY=VALUE or KEY=");
    for (size_t i = 0; i < count; i++) {
        words[i] = json_string_value(json_array_get(set, i));
        if (!words[i])
            return wrong_tags(-EINVAL, NULL);
    }
    int result = daemon_set_tags(daemon, words, count, &wrong);
    return result < 0 ? wrong_tags(result, wrong) : report_tags(daemon);
}

/* A follower asks its leader for the whole table first; without a leader there is nobody to ask. */
static json_t *status(struct daemon *daemon, const json_t *request) {
    struct core_view view;

    (void)request;
    daemon_view(daemon, &view);
    if (view.table_complete || !view.has_leader)
        return report_status(daemon);
    daemon_submit(daemon, &(struct event){ .type = EVENT_TABLE_WANTED });
    return NULL;
}

/* What is known has to do. */
static json_t *status_late(struct daemon *daemon) {
    return report_status(daemon);
}

static const struct ctlcommand commands[] = {
    { "counters", .run = counters },
    { "history", .run = history },
    { "hold", .acts = true, .holds = true },
    { "hold-watch", .acts = true, .holds = true, .watches = true },
    { "leader", .run = leader },
    { "network", .run = network },
    { "pause", .acts = true, .outcome = OUTCOME_PAUSE, .limit_ms = RESIGN_LIMIT_MS, .run = pause_node,
      .late = resign_late },
    { "reload", .acts = true, .run = reload },
    { "resign", .acts = true, .outcome = OUTCOME_RESIGN, .shared = true, .limit_ms = RESIGN_LIMIT_MS,
      .run = resign, .late = resign_late },
    { "resume", .acts = true, .run = resume },
    { "retire", .acts = true, .outcome = OUTCOME_RETIRE, .limit_ms = RESIGN_LIMIT_MS, .run = retire,
      .late = retire_late },
    { "status", .outcome = OUTCOME_TABLE, .limit_ms = TABLE_LIMIT_MS, .run = status, .late = status_late },
    { "tag", .acts = true, .run = tag },
    { "tags", .run = tags },
    { "watch", .watches = true },
};

const struct ctlcommand *ctlcommand_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

void ctlcommand_known(char text[CTLCOMMAND_KNOWN_SIZE]) {
    size_t length = 0;

    for (size_t i = 0; i < ARRAY_SIZE(commands) && length < CTLCOMMAND_KNOWN_SIZE; i++)
        length += (size_t)snprintf(text + length, CTLCOMMAND_KNOWN_SIZE - length, "%s%s", i > 0 ? ", " : "",
                                   commands[i].name);
}
