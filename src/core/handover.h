/* SPDX-License-Identifier: ISC
 *
 * handover.h - letting go of the leadership in order: resign, stop, preempt (rules HAND).
 *
 * The work stops first, then the leader names its successor, votes for it and goes on as the youngest member. No
 * timeout lies on that path.
 */
#ifndef ELDEST_CORE_HANDOVER_H
#define ELDEST_CORE_HANDOVER_H

#include "core/node.h"

void handover_on_resign_wanted(struct core *core); /* EVENT_RESIGN */
void handover_on_stop_wanted(struct core *core); /* EVENT_STOP */
void handover_on_work_stopped(struct core *core, bool released); /* EVENT_WORK_STOPPED */

/* A leader that may not lead (any more) by its configuration resigns; if nobody else can take over, nobody leads. */
void handover_of_ineligible(struct core *core);

/* HAND-4: who prefers to lead asks for it after a while of membership. To be said when it begins to follow, and when
 * its configuration has changed. */
void handover_plan_preempt(struct core *core);

/* What a departure has waited for is there: a member has registered, or the leader knows again that it leads. */
void handover_on_wish(struct core *core);

/* The leadership ends in another way: who asked for it to be handed over is answered. */
void handover_overtaken(struct core *core, enum resign_outcome outcome);

/* The others. */
void handover_on_resign(struct core *core, const struct wire_resign *resign);
void handover_on_farewell(struct core *core, const struct wire_farewell *farewell);
void handover_on_request(struct core *core, const struct wire_handover_request *request);

/* After Resign was sent: an Election that it votes for, the Leader that ends it. */
void handover_on_election(struct core *core, const struct candidate *candidate);
void handover_done(struct core *core, const struct token *successor);

void handover_resign_due(struct core *core);
void handover_preempt_due(struct core *core); /* HAND-4 */

#endif
