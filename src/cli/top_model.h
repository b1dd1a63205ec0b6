/* SPDX-License-Identifier: ISC
 *
 * top_model.h - what `eldest top` knows of the cluster: the latest `status`, the latest changes, and whether eldestd
 * still answers. No terminal and no socket is known here. Times are CLOCK_MONOTONIC.
 */
#ifndef ELDEST_CLI_TOP_MODEL_H
#define ELDEST_CLI_TOP_MODEL_H

#include "text/timeline.h"

enum { TOP_CHANGES_MAX = 100 };

struct top_model {
    json_t *status; /* NULL before the first one */
    time_t status_time; /* wall clock */
    bool frozen; /* what comes is noted, but not shown */
    usec_t gone_at; /* eldestd does not answer since then; 0: it does */
    size_t gone_count; /* of the changes, with the one that says so */
    struct timeline timeline;
    struct timeline_line changes[TOP_CHANGES_MAX]; /* a ring */
    size_t change_count; /* of all that there ever were */
    size_t change_frozen; /* of these, when it was frozen */
};

/* The document is borrowed. */
void top_model_status(struct top_model *model, json_t *status);
void top_model_change(struct top_model *model, const json_t *event);

/* eldestd is gone, or does not answer, since then; it does again. Both are changes, too, if nothing else tells so. */
void top_model_gone(struct top_model *model, usec_t since, usec_t now);
void top_model_back(struct top_model *model, usec_t now);

void top_model_freeze(struct top_model *model, bool frozen);

/* How many changes are to be seen, and one of them: 0 is the latest. */
size_t top_model_changes(const struct top_model *model);
const struct timeline_line *top_model_line(const struct top_model *model, size_t back);

void top_model_free(struct top_model *model);

#endif
