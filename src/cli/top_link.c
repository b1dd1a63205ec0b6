/* SPDX-License-Identifier: ISC
 *
 * top_link.c - see top_link.h.
 */
#include "cli/top_link.h"

#include "base/util.h"
#include "lib/client.h"

#define INTERVAL USEC_PER_SEC /* of asking while nothing changes, and of saying for how long eldestd is gone */
#define SPACING (100 * USEC_PER_MS) /* of asking after changes that come in a row */
#define SPACING_MAX (5 * USEC_PER_SEC)
#define PATIENCE (2 * USEC_PER_SEC) /* without an answer, eldestd stands still */
#define RETRY (250 * USEC_PER_MS)

enum { SHARE = 20 }; /* of the time, at most, goes into answers: one in so many parts */

static usec_t now(void) {
    return client_deadline(0);
}

/* What took too long says nothing of the work. */
static void plan(struct top_link *link) {
    usec_t took = now() - link->asked_at;

    link->asking = false;
    link->earliest = now() + (took < PATIENCE ? clamp_i64(SHARE * took, SPACING, SPACING_MAX) : SPACING);
    link->wake_at = max_i64(link->asked_at + INTERVAL, link->earliest);
}

static void hasten(struct top_link *link) {
    if (!link->asking)
        link->wake_at = max_i64(link->earliest, now());
}

static enum status open_both(struct top_link *link, const struct cli *cli, struct top_model *model) {
    enum status status = session_open(&link->watch, cli, "watch");

    if (status == STATUS_OK)
        status = session_first(&link->watch, SESSION_ANSWER_LIMIT, USEC_NEVER);
    if (status != STATUS_OK)
        return status;
    top_model_change(model, link->watch.document);
    link->asked_at = now();
    status = session_open(&link->ask, cli, "status");
    if (status == STATUS_OK)
        status = session_first(&link->ask, SESSION_ANSWER_LIMIT, USEC_NEVER);
    if (status == STATUS_OK)
        top_model_status(model, link->ask.document);
    return status;
}

enum status top_link_open(struct top_link *link, const struct cli *cli, struct top_model *model) {
    *link = (struct top_link){ .asking = false };
    enum status status = open_both(link, cli, model);

    session_close(&link->ask);
    link->watch.quiet = link->ask.quiet = true;
    plan(link);
    return status;
}

static int fd_of(const struct session *session) {
    return session->client ? client_fd(session->client) : -1;
}

void top_link_poll(const struct top_link *link, struct pollfd ready[TOP_LINK_FDS]) {
    ready[0] = (struct pollfd){ .fd = fd_of(&link->watch), .events = POLLIN };
    ready[1] = (struct pollfd){ .fd = fd_of(&link->ask), .events = POLLIN };
}

usec_t top_link_deadline(const struct top_link *link) {
    return link->wake_at;
}

static void lose(struct top_link *link, struct top_model *model) {
    session_close(&link->watch);
    session_close(&link->ask);
    link->asking = false;
    link->earliest = link->unanswered_at = 0;
    link->wake_at = now() + RETRY;
    top_model_gone(model, now(), now());
}

/* One that is there says at once how things stand. */
static void look_for(struct top_link *link) {
    if (now() < link->wake_at)
        return;
    link->wake_at = now() + RETRY;
    session_reopen(&link->watch, "watch", 0);
}

/* All changes that there are. */
static bool hear_changes(struct top_link *link, struct top_model *model) {
    enum status status;
    bool heard = false;

    while ((status = session_next(&link->watch, 0)) == STATUS_OK) {
        top_model_change(model, link->watch.document);
        heard = true;
    }
    if (heard)
        hasten(link);
    if (status != STATUS_TIMEOUT)
        lose(link, model);
    return heard;
}

/* A connection for each question: one that is not used is closed after a while. */
static void ask_if_due(struct top_link *link) {
    if (link->asking || now() < link->wake_at)
        return;
    link->asked_at = now();
    if (link->unanswered_at == 0)
        link->unanswered_at = link->asked_at;
    link->asking = session_reopen(&link->ask, "status", 0) == STATUS_OK;
    if (link->asking)
        link->wake_at = now() + PATIENCE;
    else
        plan(link);
}

/* Whether there is one. An answer that does not come is waited for all the same. */
static bool hear_answer(struct top_link *link, struct top_model *model) {
    enum status status = link->asking ? session_next(&link->ask, 0) : STATUS_TIMEOUT;

    if (status == STATUS_OK) {
        link->unanswered_at = 0;
        top_model_back(model, now());
        top_model_status(model, link->ask.document);
    } else if (link->unanswered_at != 0 && now() >= link->unanswered_at + PATIENCE) {
        top_model_gone(model, link->unanswered_at, now());
    }
    if (status != STATUS_TIMEOUT) {
        session_close(&link->ask);
        plan(link);
    } else if (link->asking && now() >= link->wake_at) {
        link->wake_at = now() + INTERVAL;
    }
    return status == STATUS_OK;
}

bool top_link_serve(struct top_link *link, struct top_model *model) {
    bool news = false;

    if (!link->watch.client)
        look_for(link);
    if (link->watch.client)
        news |= hear_changes(link, model);
    if (link->watch.client)
        news |= hear_answer(link, model);
    if (link->watch.client)
        ask_if_due(link);
    return news || model->gone_at != 0;
}

void top_link_close(struct top_link *link) {
    session_close(&link->watch);
    session_close(&link->ask);
}
