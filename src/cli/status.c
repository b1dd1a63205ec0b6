/* SPDX-License-Identifier: ISC
 *
 * status.c - `eldest status`: the cluster at a glance, on one screen. Who leads comes first.
 *
 *     Leader   alpha (192.0.2.1), epoch 7, for 3d 4h
 *     Node     beta, idle, following, age 2h 5m
 *     Cluster  default, 3 members, next gamma
 *     Work     1 holder, 0 working
 *     Hooks    10-address lost, status 0, after 12 ms, 3d 4h ago
 *
 *        NAME   STATE   ADDRESS    AGE    ROUND TRIP   LAST SEEN
 *     *  alpha  leader  192.0.2.1  3d 4h     0.31 ms  412 ms ago
 *        gamma  idle    192.0.2.3  3d 2h           -    1.2s ago  next
 *        beta   idle    192.0.2.2  2h 5m           -           -  this node
 */
#include "base/util.h"
#include "cli/members.h"
#include "cli/session.h"
#include "cli/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    HEAD_LINES = 8, /* above the members, at most, with the empty line and the titles */
    FOOT_LINES = 3, /* what was left out, this node out of its turn, and the prompt */
    ROWS_MIN = 5,
};

/* Members that fit on the screen. LINES counts first: watch(1) sets it for what it runs. All, where there is
 * no screen. */
static size_t rows_max(void) {
    const char *lines = getenv("LINES");
    struct winsize window;
    int height = lines ? atoi(lines) : 0;

    if (height <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0)
        height = window.ws_row;
    if (height <= 0)
        return SIZE_MAX;
    return (size_t)max_i64(height - HEAD_LINES - FOOT_LINES, ROWS_MIN);
}

static void print_leader(const json_t *status, const struct palette *palette) {
    const json_t *leader = json_object_get(status, "leader");
    char text[TEXT_SIZE], since[TEXT_SIZE];

    if (!json_is_object(leader)) {
        printf("%sLeader   none%s: %s\n", palette->bad, palette->end,
               text_no_leader(json_object_get(status, "node")));
        return;
    }
    printf("%sLeader   %s%s%s, epoch %" JSON_INTEGER_FORMAT ", for %s\n", palette->good,
           text_name_address(leader, text), palette->end,
           json_is_true(json_object_get(leader, "self")) ? ", this node" : "",
           json_integer_value(json_object_get(status, "epoch")),
           text_seconds(json_object_get(leader, "since"), since));
}

static void print_node(const json_t *status, const struct palette *palette) {
    const json_t *node = json_object_get(status, "node");
    const json_t *leader = json_object_get(status, "leader");
    char name[TEXT_SIZE], age[TEXT_SIZE], text[TEXT_SIZE];
    const char *why = text_eligible(node, text);

    printf("Node     %s, %s", text_name(node, name), text_of(node, "state"));
    if (json_is_object(leader) && !json_is_true(json_object_get(leader, "self")))
        printf(", %s", text_of(node, "standing"));
    printf(", age %s", text_seconds(json_object_get(node, "age"), age));
    if (*why)
        printf(", %s", why);
    putchar('\n');
    if (json_is_false(json_object_get(node, "writable")))
        printf("%sState    cannot be saved%s: this node neither stands for election nor votes; the log says why\n",
               palette->bad, palette->end);
}

/* The member of that id; NULL if it is not listed. */
static const json_t *peer_find(const json_t *status, const char *id) {
    size_t index;
    json_t *peer;

    json_array_foreach(json_object_get(status, "peers"), index, peer)
        if (strcmp(text_of(peer, "id"), id) == 0)
            return peer;
    return NULL;
}

static void print_cluster(const json_t *status) {
    json_int_t members = json_integer_value(json_object_get(status, "members"));
    const json_t *next = peer_find(status, text_of(status, "next"));
    char name[TEXT_SIZE];

    printf("Cluster  %s, %" JSON_INTEGER_FORMAT " member%s", text_of(status, "cluster"), members,
           members == 1 ? "" : "s");
    if (next)
        printf(", next %s", text_name(next, name));
    else if (json_is_object(json_object_get(status, "leader")))
        printf(", nobody could take over");
    putchar('\n');
}

static bool is_late(const json_t *holder) {
    return json_is_true(json_object_get(holder, "late"));
}

static size_t holders_in(const json_t *holders, const char *state) {
    size_t index, count = 0;
    json_t *holder;

    json_array_foreach(holders, index, holder)
        count += strcmp(text_of(holder, "state"), state) == 0;
    return count;
}

/* Whom the leadership of this node waits for, or no longer does. */
static void print_laggards(const json_t *holders, const struct palette *palette) {
    char since[TEXT_SIZE];
    size_t index;
    json_t *holder;

    json_array_foreach(holders, index, holder)
        if (strcmp(text_of(holder, "state"), "stopping") == 0)
            printf("%s         process %" JSON_INTEGER_FORMAT " of user %" JSON_INTEGER_FORMAT
                   " was told to stop %s ago%s%s\n", is_late(holder) ? palette->bad : "",
                   json_integer_value(json_object_get(holder, "pid")),
                   json_integer_value(json_object_get(holder, "user")),
                   text_seconds(json_object_get(holder, "since"), since),
                   is_late(holder) ? ": not waiting for it any more" : "", is_late(holder) ? palette->end : "");
}

static bool has_failed(const json_t *ran) {
    return json_integer_value(json_object_get(ran, "status")) != 0 || json_is_true(json_object_get(ran, "timed_out"));
}

static void print_ran(const json_t *ran, const char *title, const struct palette *palette) {
    char after[TEXT_SIZE], ago[TEXT_SIZE];
    bool failed = has_failed(ran);

    printf("%s%s%s %s, ", failed ? palette->bad : "", title, text_of(ran, "hook"), text_of(ran, "event"));
    if (json_is_true(json_object_get(ran, "timed_out")))
        printf("ended when its time was over");
    else
        printf("status %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(ran, "status")));
    printf(", after %s, %s ago%s\n", text_ms(json_object_get(ran, "duration_ms"), after),
           text_seconds(json_object_get(ran, "ago"), ago), failed ? palette->end : "");
}

/* What `eldest hooks` has run last, and what has failed before if anything has. */
static void print_hooks(const json_t *holders, const struct palette *palette) {
    size_t index;
    json_t *holder;

    json_array_foreach(holders, index, holder) {
        const json_t *ran = json_object_get(holder, "ran"), *last = json_object_get(ran, "last");
        const json_t *failed = json_object_get(ran, "failed");

        if (!json_is_object(last))
            continue;
        print_ran(last, "Hooks    ", palette);
        if (json_is_object(failed) && !has_failed(last))
            print_ran(failed, "         failed before: ", palette);
    }
}

/* Only where somebody does something because this node leads, or would. */
static void print_holders(const json_t *status, const struct palette *palette) {
    const json_t *holders = json_object_get(status, "holders");
    size_t count = json_array_size(holders);

    if (count == 0)
        return;
    printf("Work     %zu holder%s, %zu working", count, count == 1 ? "" : "s", holders_in(holders, "working"));
    if (holders_in(holders, "stopping") > 0)
        printf(", %zu stopping", holders_in(holders, "stopping"));
    putchar('\n');
    print_laggards(holders, palette);
    print_hooks(holders, palette);
}

static void print_members(const json_t *status) {
    size_t left_out = members_print(status, &(struct members_view){ .rows_max = rows_max() });
    json_int_t unknown = json_integer_value(json_object_get(status, "members")) -
                         (json_int_t)json_array_size(json_object_get(status, "peers"));

    if (left_out > 0)
        printf("   and %zu more: eldest peers\n", left_out);
    if (unknown > 0 && json_is_false(json_object_get(status, "peers_complete")))
        printf("   and %" JSON_INTEGER_FORMAT " more that %s\n", unknown, members_missing(status));
}

enum status verb_status(struct cli *cli, int argc, char **argv) {
    const struct palette *palette = palette_of(stdout);
    json_t *status;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status outcome = session_ask(cli, "status", SESSION_ANSWER_LIMIT, &status);
    if (outcome != STATUS_OK)
        return outcome;
    if (!cli->json) {
        print_leader(status, palette);
        print_node(status, palette);
        print_cluster(status);
        print_holders(status, palette);
        putchar('\n');
        print_members(status);
    }
    if (!json_is_object(json_object_get(status, "leader")))
        outcome = STATUS_NO_LEADER;
    json_decref(status);
    return outcome;
}
