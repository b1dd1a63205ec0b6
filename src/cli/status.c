/* SPDX-License-Identifier: ISC
 *
 * status.c - `eldest status`: the cluster at a glance, on one screen. Who leads comes first.
 *
 *     Leader   alpha (192.0.2.1), epoch 7, for 3d 4h
 *     Node     beta, idle, following, age 2h 5m
 *     Cluster  default, 3 members, next gamma
 *
 *        NAME   STATE   ADDRESS    AGE    ROUND TRIP   LAST SEEN
 *     *  alpha  leader  192.0.2.1  3d 4h     0.31 ms  412 ms ago
 *        gamma  idle    192.0.2.3  3d 2h           -    1.2s ago  next
 *        beta   idle    192.0.2.2  2h 5m           -           -  this node
 */
#include "base/util.h"
#include "cli/members.h"
#include "cli/session.h"
#include "cli/summary.h"

#include <stdint.h>
#include <stdlib.h>
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

static void print_line(void *context, const struct summary_line *line) {
    const struct palette *palette = palette_of(stdout);

    (void)context;
    printf("%s%-*s%.*s%s%s\n", palette->begin[line->tone], SUMMARY_TITLE_WIDTH, line->title, (int)line->toned,
           line->text, line->tone == TONE_PLAIN ? "" : palette->end, line->text + line->toned);
}

static void print_members(const json_t *status) {
    size_t left_out = members_print(status, &(struct members_view){ .rows_max = rows_max() });
    json_int_t unlisted = text_unlisted(status);

    if (left_out > 0)
        printf("   and %zu more: eldest peers\n", left_out);
    if (unlisted > 0)
        printf("   and %" JSON_INTEGER_FORMAT " more that %s\n", unlisted, text_why_unlisted(status));
}

enum status verb_status(struct cli *cli, int argc, char **argv) {
    json_t *status;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    enum status outcome = session_ask(cli, "status", SESSION_ANSWER_LIMIT, &status);
    if (outcome != STATUS_OK)
        return outcome;
    if (!cli->json) {
        summary_tell(status, print_line, NULL);
        putchar('\n');
        print_members(status);
    }
    if (!json_is_object(json_object_get(status, "leader")))
        outcome = STATUS_NO_LEADER;
    json_decref(status);
    return outcome;
}
