/* SPDX-License-Identifier: ISC
 *
 * paging.h - the full member table, pulled from the leader page by page while somebody wants to see it (MEMB-4, SEC-4).
 */
#ifndef ELDEST_CORE_PAGING_H
#define ELDEST_CORE_PAGING_H

#include "core/node.h"

/* EVENT_TABLE_WANTED: answered by NOTICE_TABLE, at once when the table is at hand, at most one pull a second. */
void paging_on_wanted(struct core *core);

void paging_on_page(struct core *core, const struct wire_page *page); /* at the leader */
void paging_on_reply(struct core *core, const struct wire_message *message);
void paging_due(struct core *core);

/* The table was another leader's: it is void (ELEC-16). */
void paging_forget(struct core *core);

/* The copy is whole, and as fresh as a client needs it that has just asked for it. Members come and go after that, and
 * only their count is told. */
bool paging_is_complete(const struct core *core, usec_t now);

#endif
