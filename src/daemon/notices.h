/* SPDX-License-Identifier: ISC
 *
 * notices.h - what the core has to tell, as lines of the log.
 */
#ifndef ELDEST_DAEMON_NOTICES_H
#define ELDEST_DAEMON_NOTICES_H

#include "core/core.h"
#include "daemon/log.h"
#include "platform/address.h"

enum { NOTICES_WHO_SIZE = NODE_NAME_MAX + ADDRESS_PORT_TEXT_SIZE + 8 };

/* Enough for a rack that is switched on, and for somebody who watches an election. */
#define NOTICES_LIMIT_INIT { .burst = 50, .interval_us = USEC_PER_SEC }

/* Writes the line of a notice; view is of the node after the step that gave it. What others can provoke at
 * will is limited; the first line after some were suppressed is that of notices_settle(). */
void notices_log(struct log_limit *limit, usec_t now, const struct notice *notice, const struct core_view *view);

/* If lines were suppressed and may be written again (log_limit_end()): says how many, and how things stand now. So a
 * log never ends with what was true in the middle of a burst. */
void notices_settle(struct log_limit *limit, usec_t now, const struct core_view *view);

/* The leader of the moment, as messages call it: "this node", "web1 at 192.0.2.1:29418" or "nobody". */
const char *notices_leader(const struct core_view *view, char text[NOTICES_WHO_SIZE]);

#endif
