/* SPDX-License-Identifier: ISC
 *
 * departure.c - see departure.h.
 */
#include "cli/departure.h"

#include "base/util.h"
#include "cli/hook_output.h"
#include "lib/client.h"
#include "text/value.h"

#include <string.h>

#define LIMIT_DEFAULT (5 * USEC_PER_SEC) /* that of logind, where it does not tell one */

enum { HOOKS_PERCENT = 80 }; /* of the limit: the rest is for a machine that is busy */

static usec_t limit_of(const struct departure *departure) {
    return departure->inhibitor.limit > 0 ? departure->inhibitor.limit : LIMIT_DEFAULT;
}

void departure_open(struct departure *departure, const struct cli *cli, const sigset_t *signals) {
    *departure = (struct departure){ .cli = cli };
    inhibitor_open(&departure->inhibitor, signals);
}

void departure_poll(const struct departure *departure, struct pollfd ready[DEPARTURE_FDS]) {
    bool asks = departure->phase == RESIGNING;

    ready[0] = (struct pollfd){ .fd = inhibitor_fd(&departure->inhibitor), .events = POLLIN };
    ready[1] = (struct pollfd){ .fd = asks ? client_fd(departure->session.client) : -1, .events = POLLIN };
}

usec_t departure_deadline(const struct departure *departure) {
    usec_t at = inhibitor_deadline(&departure->inhibitor);

    return departure->phase == STAYING ? at : min_i64(at, departure->until);
}

usec_t departure_limit(const struct departure *departure) {
    if (departure->phase == STAYING)
        return USEC_NEVER;
    return departure->began_at + limit_of(departure) / 100 * HOOKS_PERCENT;
}

static void stay(struct departure *departure) {
    if (departure->phase == RESIGNING)
        session_close(&departure->session);
    departure->phase = STAYING;
}

static void release(struct departure *departure) {
    inhibitor_release(&departure->inhibitor);
    stay(departure);
}

/* What goes wrong with the question is said by the session. */
static void resign(struct departure *departure) {
    if (session_open(&departure->session, departure->cli, "resign") == STATUS_OK) {
        departure->phase = RESIGNING;
        return;
    }
    session_close(&departure->session);
    release(departure);
}

static void begin(struct departure *departure, const char *what, bool leads, bool works) {
    stay(departure);
    departure->began_at = client_deadline(0);
    departure->until = departure->began_at + limit_of(departure);
    departure->handed_over = false;
    departure->phase = ENDING;
    if (leads || works)
        hook_say("hooks: this host is about to %s: %s", strcmp(what, "sleep") == 0 ? "sleep" : "go down",
                 leads ? "its leadership is handed over" : "the hooks end their work first");
    if (leads)
        resign(departure);
}

/* It is late when nobody waits any more: the host has slept, or its inhibitor has died. */
static void note_over(struct departure *departure) {
    if (departure->phase != STAYING)
        hook_say("hooks: this host was not kept from sleeping or going down until its leadership was handed over");
    stay(departure);
}

static void note_news(struct departure *departure, const struct inhibitor_news *news, bool leads,
                      bool works) {
    switch (news->event) {
    case INHIBITOR_BEGINS:
        begin(departure, news->what, leads, works);
        break;
    case INHIBITOR_OVER:
        note_over(departure);
        break;
    case INHIBITOR_NOTHING:
        break;
    }
}

/* Who does not lead any more for another reason will be told to stop, or was. */
static void hear_answer(struct departure *departure) {
    enum status status = session_next(&departure->session, 0);

    if (status == STATUS_TIMEOUT)
        return;
    if (status != STATUS_OK && status != STATUS_NOT_LEADER) {
        release(departure);
        return;
    }
    departure->handed_over = status == STATUS_OK;
    session_close(&departure->session);
    departure->phase = ENDING;
}

static void give_up_if_due(struct departure *departure) {
    char text[TEXT_SIZE];

    if (departure->phase == STAYING || client_deadline(0) < departure->until)
        return;
    hook_say("hooks: the leadership was not handed over within %s, for which logind waits",
             text_duration(limit_of(departure), text));
    release(departure);
}

/* Who leads again after it has handed over does not hand over once more. */
static void serve_phase(struct departure *departure, bool leads, bool works) {
    if (departure->phase == RESIGNING)
        hear_answer(departure);
    if (departure->phase == ENDING && (!works || (departure->handed_over && leads)))
        release(departure);
    give_up_if_due(departure);
}

void departure_serve(struct departure *departure, bool leads, bool works) {
    struct inhibitor_news news;

    while (inhibitor_serve(&departure->inhibitor, &news))
        note_news(departure, &news, leads, works);
    serve_phase(departure, leads, works);
}

void departure_close(struct departure *departure) {
    stay(departure);
    inhibitor_close(&departure->inhibitor);
}
