/* SPDX-License-Identifier: ISC
 *
 * history.c - see history.h.
 *
 * Only the newest term can be open. A leader that follows another one without a word in between closes the term of
 * that one; an end that does not fit the open term is kept as a term of which nothing else is known.
 */
#include "daemon/history.h"

#include <stdio.h>

static struct term *newest(struct history *history) {
    return history->count > 0 ? &history->list[(history->first + history->count - 1) % HISTORY_MAX] : NULL;
}

static struct term *append(struct history *history, const struct notice *notice, bool self) {
    if (history->count < HISTORY_MAX) {
        history->count++;
    } else {
        history->first = (history->first + 1) % HISTORY_MAX;
        history->forgotten++;
    }
    struct term *term = newest(history);
    *term = (struct term){ .token = notice->token, .self = self };
    return term;
}

static void close_term(struct term *term, enum reason reason, const struct moment *now) {
    term->ended = true;
    term->ended_by = reason;
    term->to = *now;
}

/* Whether the reason for which a leadership began tells how the one before it ended. */
static bool tells_an_end(enum reason reason) {
    return reason == REASON_DEATH || reason == REASON_FAREWELL || reason == REASON_RESIGN || reason == REASON_MERGE
           || reason == REASON_RISE || reason == REASON_GAP;
}

static struct term *leader(struct history *history, const struct notice *notice, bool self, const struct moment *now) {
    struct term *term = newest(history);
    bool open = term && !term->ended;

    if (open && token_equal(&term->token, &notice->token))
        return term;
    if (open)
        close_term(term, tells_an_end(notice->reason) ? notice->reason : REASON_NONE, now);
    term = append(history, notice, self);
    term->began = true;
    term->began_by = notice->reason;
    term->from = *now;
    return term;
}

static struct term *no_leader(struct history *history, const struct notice *notice, bool self,
                              const struct moment *now) {
    struct term *term = newest(history);
    bool same = term && token_equal(&term->token, &notice->token);

    if (same && term->ended) /* said again */
        return term;
    if (term && !same && !term->ended)
        close_term(term, REASON_NONE, now);
    if (!same)
        term = append(history, notice, self);
    close_term(term, notice->reason, now);
    return term;
}

void history_notice(struct history *history, const struct notice *notice, bool self, const struct moment *now) {
    struct term *term;

    if (notice->type == NOTICE_LEADER)
        term = leader(history, notice, self, now);
    else if (notice->type == NOTICE_NO_LEADER)
        term = no_leader(history, notice, self, now);
    else
        return;
    if (notice->address.family != 0)
        term->address = notice->address;
    history_learn(history, &notice->token.leader, notice->name);
}

void history_learn(struct history *history, const struct node_id *id, const char *name) {
    for (unsigned i = 0; i < history->count; i++) {
        struct term *term = &history->list[(history->first + i) % HISTORY_MAX];

        if (term->name[0] == '\0' && node_id_equal(&term->token.leader, id))
            snprintf(term->name, sizeof term->name, "%s", name);
    }
}

const struct term *history_get(const struct history *history, unsigned index) {
    return index < history->count ? &history->list[(history->first + index) % HISTORY_MAX] : NULL;
}

usec_t history_duration(const struct term *term, usec_t now) {
    if (!term->began)
        return -1;
    return (term->ended ? term->to.at : now) - term->from.at;
}
