/* SPDX-License-Identifier: ISC
 *
 * journal.c - see journal.h. Kept lines are a ring, which holds consecutive numbers.
 */
#include "daemon/journal.h"

#include "daemon/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct journal {
    const struct daemon *daemon;
    TAILQ_HEAD(journal_listeners, journal_listener) listeners;
    uint64_t seq; /* of the last change */
    bool keeps;
    unsigned start, count; /* of the ring */
    size_t bytes; /* in it */
    struct journal_line lines[JOURNAL_LINES_MAX];
};

/* The ring */

static void forget_oldest(struct journal *journal) {
    struct journal_line *oldest = &journal->lines[journal->start];

    journal->bytes -= strlen(oldest->text);
    free(oldest->text);
    journal->start = (journal->start + 1) % JOURNAL_LINES_MAX;
    journal->count--;
}

/* The line is given away. One that could not be built leaves a gap, and what is before a gap is of no use. */
static void keep(struct journal *journal, const struct journal_line *line) {
    size_t length = line->text ? strlen(line->text) : JOURNAL_BYTES_MAX;

    while (journal->count > 0 &&
           (journal->count == JOURNAL_LINES_MAX || length > JOURNAL_BYTES_MAX - journal->bytes))
        forget_oldest(journal);
    if (!line->text || length > JOURNAL_BYTES_MAX) {
        free(line->text);
        return;
    }
    journal->lines[(journal->start + journal->count++) % JOURNAL_LINES_MAX] = *line;
    journal->bytes += length;
}

const struct journal_line *journal_find(const struct journal *journal, uint64_t seq) {
    uint64_t behind = journal->seq - seq; /* huge for a number that is yet to come */

    if (behind >= journal->count)
        return NULL;
    return &journal->lines[(journal->start + journal->count - 1 - (unsigned)behind) % JOURNAL_LINES_MAX];
}

/* Changes */

static bool is_wanted(const struct journal *journal) {
    const struct journal_listener *listener;

    TAILQ_FOREACH(listener, &journal->listeners, entry)
        if (listener->listens(listener->context))
            return true;
    return journal->keeps;
}

/* The line is given away. */
static void tell(struct journal *journal, const struct journal_line *line) {
    const struct journal_listener *listener;

    TAILQ_FOREACH(listener, &journal->listeners, entry)
        if (listener->listens(listener->context))
            listener->changed(listener->context, line);
    if (journal->keeps)
        keep(journal, line);
    else
        free(line->text);
}

static void tell_table(struct journal *journal) {
    const struct journal_listener *listener;

    TAILQ_FOREACH(listener, &journal->listeners, entry)
        listener->table(listener->context);
}

static void tell_notice(struct journal *journal, const struct notice *notice) {
    journal->seq++;
    if (is_wanted(journal))
        tell(journal, &(struct journal_line){ journal->seq, notice_name(notice->type),
                                              report_line(report_change(journal->daemon, journal->seq, notice)) });
}

void journal_notice(struct journal *journal, const struct notice *notice) {
    if (notice->type == NOTICE_TABLE)
        tell_table(journal);
    else
        tell_notice(journal, notice);
}

void journal_changed(struct journal *journal, const char *event) {
    journal->seq++;
    if (is_wanted(journal))
        tell(journal, &(struct journal_line){ journal->seq, event,
                                              report_line(report_node_change(journal->daemon, journal->seq, event)) });
}

uint64_t journal_seq(const struct journal *journal) {
    return journal->seq;
}

/* The journal */

int journal_open(struct journal **ret, const struct daemon *daemon) {
    struct journal *journal = calloc(1, sizeof *journal);

    if (!journal)
        return -ENOMEM;
    journal->daemon = daemon;
    TAILQ_INIT(&journal->listeners);
    *ret = journal;
    return 0;
}

void journal_close(struct journal *journal) {
    if (!journal)
        return;
    while (journal->count > 0)
        forget_oldest(journal);
    free(journal);
}

void journal_listen(struct journal *journal, struct journal_listener *listener) {
    TAILQ_INSERT_TAIL(&journal->listeners, listener, entry);
}

void journal_unlisten(struct journal *journal, struct journal_listener *listener) {
    TAILQ_REMOVE(&journal->listeners, listener, entry);
}

void journal_keep(struct journal *journal) {
    journal->keeps = true;
}
