/* SPDX-License-Identifier: ISC
 *
 * log.h - what the daemon tells its administrator: one line per message, to standard error or to syslog.
 *
 * On standard error a line begins with "eldestd: ", or with the level as "<N>" if the journal reads it
 * (sd-daemon(3)). Nothing here allocates, and neither standard error nor syslog can hold the daemon up: a line that
 * is not taken at once is lost, and the next one that is taken says how many were. What is not printable is
 * written as '?', so that a name from the network stays within its line. For one thread only.
 */
#ifndef ELDEST_DAEMON_LOG_H
#define ELDEST_DAEMON_LOG_H

#include "base/types.h"

enum log_level { LOG_LEVEL_ERROR = 0, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG, LOG_LEVEL_END };

/* Longest line, its prefix included; the rest of a longer message is cut off. */
enum { LOG_LINE_MAX = 1024 };

/* Where messages go from now on: to standard error, as before the first call, or to the syslog daemon that listens on
 * the socket at path, which is not copied. */
void log_open_stderr(void);
void log_open_syslog(const char *path);

/* Messages below that level are dropped. At the start: LOG_LEVEL_INFO. */
void log_set_level(enum log_level level);

/* "error", "warning", "info", "debug": as in the configuration. */
const char *log_level_name(enum log_level level);

/* False, and ret_level untouched, if there is no level of that name. */
bool log_level_parse(const char *name, enum log_level *ret_level);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A bound on the messages of one place in the code, for what others can provoke: a bucket that holds `burst`
 * messages and gets one more every `interval_us`. Begins as LOG_LIMIT_INIT, full. */
struct log_limit {
    uint32_t burst;
    usec_t interval_us;
    uint32_t spent; /* of the bucket */
    usec_t refilled; /* when the bucket last got a message back; meaningless while nothing is spent */
    uint64_t suppressed; /* since the last message that passed */
};

#define LOG_LIMIT_INIT { .burst = 5, .interval_us = 10 * USEC_PER_SEC }

/* Whether a message of this place may be written now; then ret_suppressed says how many were not since the
 * last one. */
bool log_limit_pass(struct log_limit *limit, usec_t now, uint64_t *ret_suppressed);

/* When the next message may be written; USEC_NEVER if none was suppressed since the last one. */
usec_t log_limit_end(const struct log_limit *limit);

/* As log_error() and so on, within the limit; "(N more like this were suppressed)" is added where there were
 * some. */
void log_limited(struct log_limit *limit, usec_t now, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
