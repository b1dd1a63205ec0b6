/* SPDX-License-Identifier: ISC
 *
 * report_parts.h - the smallest parts of several documents. Private to report*.c.
 */
#ifndef ELDEST_DAEMON_REPORT_PARTS_H
#define ELDEST_DAEMON_REPORT_PARTS_H

#include "base/types.h"

#include <jansson.h>

json_t *id_document(const struct node_id *id);
json_t *address_document(const struct address *address); /* null: none */

#endif
