/* SPDX-License-Identifier: ISC
 *
 * top_link.h - the two connections of `eldest top` with eldestd: one watches, the other asks for `status` when anything
 * has changed, and now and then for ages and round trips. When eldestd is gone it looks for the next one.
 *
 * Nobody waits here: what there is to be heard goes to the model. However many changes there are, and however large the
 * cluster is, asking takes eldestd a small part of its time.
 */
#ifndef ELDEST_CLI_TOP_LINK_H
#define ELDEST_CLI_TOP_LINK_H

#include "cli/session.h"
#include "cli/top_model.h"

#include <poll.h>

struct top_link {
    struct session watch; /* closed while eldestd is gone */
    struct session ask; /* open while an answer is awaited */
    bool asking;
    usec_t asked_at; /* the last time */
    usec_t unanswered_at; /* the first time since the last answer; 0: none */
    usec_t earliest; /* before which it is not asked, whatever happens */
    usec_t wake_at; /* to ask, to wonder where the answer is, or to look for eldestd */
};

enum { TOP_LINK_FDS = 2 };

/* Connects, and waits for the first answers; what goes wrong is said, and comes back as the exit status. To be closed
 * in any case. */
enum status top_link_open(struct top_link *link, const struct cli *cli, struct top_model *model);

/* What to poll for: descriptors (-1 where there is none), and the time. */
void top_link_poll(const struct top_link *link, struct pollfd ready[TOP_LINK_FDS]);
usec_t top_link_deadline(const struct top_link *link);

/* Does what is due. Whether the model has changed. */
bool top_link_serve(struct top_link *link, struct top_model *model);

void top_link_close(struct top_link *link);

#endif
