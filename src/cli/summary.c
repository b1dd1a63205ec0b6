/* SPDX-License-Identifier: ISC
 *
 * summary.c - see summary.h.
 */
#include "cli/summary.h"

#include "cli/quorum.h"

#include <stdarg.h>
#include <string.h>

struct teller {
    summary_function *tell;
    void *context;
};

static void append(struct summary_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(struct summary_line *line, const char *format, ...) {
    size_t length = strlen(line->text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line->text + length, sizeof(line->text) - length, format, arguments);
    va_end(arguments);
}

/* What was said so far is in that tone. */
static void set_tone(struct summary_line *line, enum tone tone) {
    line->tone = tone;
    line->toned = strlen(line->text);
}

static void tell(const struct teller *teller, const struct summary_line *line) {
    teller->tell(teller->context, line);
}

/* A leader that is being checked, or hands over, may be none soon. */
static enum tone tone_of_leader(const json_t *status) {
    const char *standing = text_of(json_object_get(status, "node"), "standing");
    bool sure = !*standing || strcmp(standing, "following") == 0 || strcmp(standing, "leading") == 0;

    return sure ? TONE_GOOD : TONE_DOUBT;
}

static void tell_leader(const json_t *status, const struct teller *teller) {
    const json_t *leader = json_object_get(status, "leader");
    struct summary_line line = { .title = "Leader" };
    char text[TEXT_SIZE], since[TEXT_SIZE], why[QUORUM_TEXT_SIZE];

    if (json_is_object(leader)) {
        append(&line, "%s", text_name_address(leader, text));
        set_tone(&line, tone_of_leader(status));
        append(&line, "%s, epoch %" JSON_INTEGER_FORMAT ", for %s",
               json_is_true(json_object_get(leader, "self")) ? ", this node" : "",
               integer_of(status, "epoch"),
               text_seconds(json_object_get(leader, "since"), since));
    } else {
        append(&line, "none");
        set_tone(&line, TONE_BAD);
        append(&line, ": %s", quorum_no_leader(status, why));
    }
    tell(teller, &line);
}

static void tell_node(const json_t *status, const struct teller *teller) {
    const json_t *node = json_object_get(status, "node");
    const json_t *leader = json_object_get(status, "leader");
    struct summary_line line = { .title = "Node" };
    char name[TEXT_SIZE], age[TEXT_SIZE], text[TEXT_SIZE];
    const char *why = text_eligible(node, text);

    append(&line, "%s, %s", text_name(node, name), text_of(node, "state"));
    if (json_is_object(leader) && !json_is_true(json_object_get(leader, "self")))
        append(&line, ", %s", text_of(node, "standing"));
    append(&line, ", age %s", text_seconds(json_object_get(node, "age"), age));
    if (*why)
        append(&line, ", %s", why);
    tell(teller, &line);
}

static void tell_unwritable(const json_t *status, const struct teller *teller) {
    struct summary_line line = { .title = "State" };

    if (!json_is_false(json_object_get(json_object_get(status, "node"), "writable")))
        return;
    append(&line, "cannot be saved");
    set_tone(&line, TONE_BAD);
    append(&line, ": this node neither stands for election nor votes; the log says why");
    tell(teller, &line);
}

static void tell_cluster(const json_t *status, const struct teller *teller) {
    json_int_t members = integer_of(status, "members");
    const json_t *next = text_member(status, text_of(status, "next"));
    struct summary_line line = { .title = "Cluster" };
    char name[TEXT_SIZE];

    append(&line, "%s, %" JSON_INTEGER_FORMAT " member%s", text_of(status, "cluster"), members,
           members == 1 ? "" : "s");
    if (next)
        append(&line, ", next %s", text_name(next, name));
    else if (json_is_object(json_object_get(status, "leader")))
        append(&line, ", nobody could take over");
    tell(teller, &line);
}

/* Only where votes count. Why there are not enough stands with the leader that is missing. */
static void tell_quorum(const json_t *status, const struct teller *teller) {
    struct summary_line votes = { .title = "Quorum" }, seats = { .title = "" };
    char text[QUORUM_TEXT_SIZE];

    if (!quorum_of(status))
        return;
    append(&votes, "%s", quorum_votes(status, text));
    if (!json_is_true(json_object_get(quorum_of(status), "ok")))
        set_tone(&votes, TONE_BAD);
    tell(teller, &votes);
    if (!quorum_seats(status))
        return;
    append(&seats, "seats: %s", quorum_names(status, text));
    tell(teller, &seats);
}

static size_t holders_in(const json_t *holders, const char *state) {
    size_t index, count = 0;
    json_t *holder;

    json_array_foreach(holders, index, holder)
        count += strcmp(text_of(holder, "state"), state) == 0;
    return count;
}

/* Whom the leadership of this node waits for, or no longer does. */
static void tell_laggards(const json_t *holders, const struct teller *teller) {
    char since[TEXT_SIZE];
    size_t index;
    json_t *holder;

    json_array_foreach(holders, index, holder) {
        struct summary_line line = { .title = "" };

        if (strcmp(text_of(holder, "state"), "stopping") != 0)
            continue;
        append(&line, "process %" JSON_INTEGER_FORMAT " of user %" JSON_INTEGER_FORMAT " was told to stop %s ago",
               integer_of(holder, "pid"), integer_of(holder, "user"),
               text_seconds(json_object_get(holder, "since"), since));
        if (json_is_true(json_object_get(holder, "late"))) {
            append(&line, ": not waiting for it any more");
            set_tone(&line, TONE_BAD);
        }
        tell(teller, &line);
    }
}

static bool has_failed(const json_t *ran) {
    return integer_of(ran, "status") != 0 || json_is_true(json_object_get(ran, "timed_out"));
}

static void tell_ran(const json_t *ran, const char *title, const char *lead, const struct teller *teller) {
    char after[TEXT_SIZE], ago[TEXT_SIZE];
    struct summary_line line = { .title = title };

    append(&line, "%s%s %s, ", lead, text_of(ran, "hook"), text_of(ran, "event"));
    if (json_is_true(json_object_get(ran, "timed_out")))
        append(&line, "ended when its time was over");
    else
        append(&line, "status %" JSON_INTEGER_FORMAT, integer_of(ran, "status"));
    append(&line, ", after %s, %s ago", text_ms(json_object_get(ran, "duration_ms"), after),
           text_seconds(json_object_get(ran, "ago"), ago));
    if (has_failed(ran))
        set_tone(&line, TONE_BAD);
    tell(teller, &line);
}

/* What `eldest hooks` has run last, and what has failed before if anything has. */
static void tell_hooks(const json_t *holders, const struct teller *teller) {
    size_t index;
    json_t *holder;

    json_array_foreach(holders, index, holder) {
        const json_t *ran = json_object_get(holder, "ran"), *last = json_object_get(ran, "last");
        const json_t *failed = json_object_get(ran, "failed");

        if (!json_is_object(last))
            continue;
        tell_ran(last, "Hooks", "", teller);
        if (json_is_object(failed) && !has_failed(last))
            tell_ran(failed, "", "failed before: ", teller);
    }
}

/* Only where somebody does something because this node leads, or would. */
static void tell_holders(const json_t *status, const struct teller *teller) {
    const json_t *holders = json_object_get(status, "holders");
    size_t count = json_array_size(holders);
    struct summary_line line = { .title = "Work" };

    if (count == 0)
        return;
    append(&line, "%zu holder%s, %zu working", count, count == 1 ? "" : "s", holders_in(holders, "working"));
    if (holders_in(holders, "stopping") > 0)
        append(&line, ", %zu stopping", holders_in(holders, "stopping"));
    tell(teller, &line);
    tell_laggards(holders, teller);
    tell_hooks(holders, teller);
}

void summary_tell(const json_t *status, summary_function *function, void *context) {
    struct teller teller = { function, context };

    tell_leader(status, &teller);
    tell_node(status, &teller);
    tell_unwritable(status, &teller);
    tell_cluster(status, &teller);
    tell_quorum(status, &teller);
    tell_holders(status, &teller);
}
