/* SPDX-License-Identifier: ISC
 *
 * httpevents.c - see httpevents.h.
 */
#include "http/httpevents.h"

#include "base/str.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <event2/buffer.h>

enum {
    RETRY_MS = 2000, /* how long a client waits before it comes back */
    START_DIGITS = 16,
    ID_SIZE = START_DIGITS + 1 + STR_UNSIGNED_SIZE,
};

/* Where a client that comes back left. */
struct bookmark {
    bool known; /* it named an event of this start, and seq is its number */
    bool other; /* or else one that is not */
    uint64_t seq;
};

int httpevents_init(struct httpevents *events, const struct daemon *daemon) {
    events->daemon = daemon;
    if (getrandom(&events->start, sizeof events->start, 0) != sizeof events->start)
        return -errno;
    journal_keep(daemon_journal(daemon));
    return 0;
}

static struct bookmark read_bookmark(const struct httpevents *events, struct httprequest_text id) {
    struct bookmark bookmark = { .other = id.length > 0 };
    char text[ID_SIZE], start[ID_SIZE];

    if (id.length == 0 || id.length >= sizeof text)
        return bookmark;
    memcpy(text, id.begin, id.length);
    text[id.length] = '\0';
    snprintf(start, sizeof start, "%016" PRIx64 "-", events->start);
    if (strncmp(text, start, START_DIGITS + 1) == 0 &&
        str_parse_unsigned(text + START_DIGITS + 1, 0, journal_seq(daemon_journal(events->daemon)), &bookmark.seq) == 0)
        bookmark = (struct bookmark){ .known = true, .seq = bookmark.seq };
    return bookmark;
}

static int add_event(const struct httpevents *events, uint64_t seq, const char *name, const char *data,
                     struct evbuffer *out) {
    if (!data || evbuffer_add_printf(out, "id: %016" PRIx64 "-%" PRIu64 "\nevent: %s\ndata: ", events->start, seq,
                                     name) < 0 ||
        evbuffer_add(out, data, strlen(data)) < 0 || evbuffer_add(out, "\n\n", 2) < 0)
        return -ENOMEM;
    return 0;
}

int httpevents_add(const struct httpevents *events, const struct journal_line *line, struct evbuffer *out) {
    return add_event(events, line->seq, line->event, line->text, out);
}

/* How many events were missed is given away; NULL: none. */
static int add_snapshot(const struct httpevents *events, json_t *dropped, struct evbuffer *out) {
    uint64_t seq = journal_seq(daemon_journal(events->daemon));
    json_t *snapshot = report_snapshot(events->daemon, seq);
    int result;

    if (dropped)
        json_object_set_new(snapshot, "dropped", dropped);
    char *text = report_line(snapshot);
    result = add_event(events, seq, "snapshot", text, out);
    free(text);
    return result;
}

int httpevents_catch_up(const struct httpevents *events, uint64_t dropped, struct evbuffer *out) {
    return add_snapshot(events, json_integer((json_int_t)dropped), out);
}

/* All that is kept after that number; there may be nothing. */
static int add_missed(const struct httpevents *events, uint64_t seq, struct evbuffer *out) {
    const struct journal *journal = daemon_journal(events->daemon);
    const struct journal_line *line;
    int result = 0;

    while (result == 0 && (line = journal_find(journal, ++seq)) != NULL)
        result = httpevents_add(events, line, out);
    return result;
}

int httpevents_begin(const struct httpevents *events, struct httprequest_text last, struct evbuffer *out) {
    const struct journal *journal = daemon_journal(events->daemon);
    struct bookmark left = read_bookmark(events, last);
    uint64_t missed = journal_seq(journal) - left.seq;

    if (evbuffer_add_printf(out, "retry: %d\n\n", RETRY_MS) < 0)
        return -ENOMEM;
    if (left.known && (missed == 0 || journal_find(journal, left.seq + 1)))
        return add_missed(events, left.seq, out);
    if (left.known)
        return httpevents_catch_up(events, missed, out);
    return add_snapshot(events, left.other ? json_null() : NULL, out);
}
