/* SPDX-License-Identifier: ISC
 *
 * report_parts.h - the smallest parts of several documents. Private to report*.c.
 */
#ifndef ELDEST_DAEMON_REPORT_PARTS_H
#define ELDEST_DAEMON_REPORT_PARTS_H

#include "core/core.h"

#include <jansson.h>
#include <stdbool.h>

struct daemon;

json_t *id_document(const struct node_id *id);
json_t *address_document(const struct address *address); /* null: none */
json_t *roster_document(const struct daemon *daemon, const struct wire_roster *roster); /* null: none is known */
json_t *quorum_document(const struct daemon *daemon, const struct core_view *view);

/* The document, or NULL if it is bad, for lack of memory: then it is freed. */
json_t *unless_bad(json_t *document, bool bad);

#endif
