/* SPDX-License-Identifier: ISC
 *
 * watch.c - `eldest watch`: the time line of a cluster, each line written at once, so that it can feed a pipe.
 */
#include "cli/palette.h"
#include "cli/session.h"
#include "cli/wrap.h"
#include "lib/client.h"
#include "text/timeline.h"

#include <stdio.h>

enum { COLUMN_GAP = 2, MARK_WIDTH = 1 };

/* Only a terminal gets colours, and long lines broken. */
static void print_line(const struct timeline_line *line) {
    const struct palette *palette = palette_of(stdout);
    int indent = TIMELINE_TIME_WIDTH + TIMELINE_ELAPSED_WIDTH + MARK_WIDTH + 3 * COLUMN_GAP;

    printf("%s%-*s  %*s%s  %s%c  ", palette->begin[TONE_FAINT], TIMELINE_TIME_WIDTH, line->time, TIMELINE_ELAPSED_WIDTH,
           line->elapsed, palette->end, palette->begin[line->tone], line->mark);
    wrap_print(stdout, line->text, indent, wrap_columns(stdout));
    fputs(palette->end, stdout);
    fflush(stdout);
}

static void print_event(struct timeline *timeline, const json_t *event) {
    struct timeline_line line;

    if (timeline_read(timeline, event, &line))
        print_line(&line);
}

static enum status watch_until(struct session *session, usec_t deadline) {
    enum status status = session_first(session, SESSION_ANSWER_LIMIT, deadline);
    struct timeline timeline = { .begun = false };

    while (status == STATUS_OK && !ferror(stdout)) {
        if (session->cli->json)
            session_print_line(session);
        else
            print_event(&timeline, session->document);
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
