/* SPDX-License-Identifier: ISC
 *
 * ran.h - what a holder of work tells of the programs that it runs, for `eldest status`: how the last one ended, and
 * the last one that failed.
 *
 * {"ran":{"hook":"10-address","event":"gained","status":0,"timed_out":false,"duration_ms":12}}
 *
 * It is shown, and work whose end failed by it is not taken for stopped (holders.h); nothing else is believed because
 * of it. It comes from outside, so what is not of this form, or longer than it may be, is not kept.
 */
#ifndef ELDEST_DAEMON_RAN_H
#define ELDEST_DAEMON_RAN_H

#include "base/str.h"

#include <jansson.h>

struct ran {
    char hook[HOOK_NAME_MAX + 1], event[HOOK_NAME_MAX + 1]; /* both as the name of a hook (base/str.h) */
    int status; /* as a shell has it: 0 to 255 */
    bool timed_out;
    int64_t duration_ms;
    usec_t at;
};

/* Of one holder. Zero is the beginning. */
struct ran_record {
    uint64_t count, failures;
    struct ran last, failed; /* if there were any */
};

/* Reads what the line of a holder tells. False, and ret untouched: nothing that is of this form. */
bool ran_read(const json_t *line, usec_t now, struct ran *ret);

bool ran_failed(const struct ran *ran);

void ran_note(struct ran_record *record, const struct ran *ran);

/* {"count","failures","last","failed"}, the last two null or {"hook","event","status","timed_out","duration_ms","ago"};
 * null if nothing was told. NULL when memory ran out. */
json_t *ran_document(const struct ran_record *record, usec_t now);

#endif
