/* SPDX-License-Identifier: ISC
 *
 * log.c - see log.h.
 */
#include "daemon/log.h"

#include "base/str.h"
#include "base/util.h"
#include "platform/devlog.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static const struct {
    const char *name;
    int priority; /* as syslog(3) and the journal count */
} levels[LOG_LEVEL_END] = {
    [LOG_LEVEL_ERROR] = { "error", LOG_ERR },
    [LOG_LEVEL_WARNING] = { "warning", LOG_WARNING },
    [LOG_LEVEL_INFO] = { "info", LOG_INFO },
    [LOG_LEVEL_DEBUG] = { "debug", LOG_DEBUG },
};

static struct {
    enum log_level level;
    bool syslog; /* else standard error */
    bool journal; /* standard error leads to the journal */
    struct devlog devlog;
    uint64_t lost; /* lines that were not taken */
} out = { .level = LOG_LEVEL_INFO, .devlog = { .fd = -1 } };

/* $JOURNAL_STREAM names, as "DEVICE:INODE", the socket that the service manager connected; it may have been
 * redirected since. */
static bool stderr_is_journal(void) {
    const char *stream = getenv("JOURNAL_STREAM");
    char text[64];
    struct stat status;

    if (!stream || fstat(STDERR_FILENO, &status) < 0)
        return false;
    snprintf(text, sizeof text, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(stream, text) == 0;
}

void log_open_stderr(void) {
    out.syslog = false;
    out.journal = stderr_is_journal();
}

void log_open_syslog(const char *path) {
    devlog_close(&out.devlog);
    out.devlog.path = path;
    out.syslog = true;
}

void log_set_level(enum log_level level) {
    out.level = level;
}

const char *log_level_name(enum log_level level) {
    return (size_t)level < ARRAY_SIZE(levels) ? levels[level].name : "?";
}

bool log_level_parse(const char *name, enum log_level *ret_level) {
    for (unsigned i = 0; i < ARRAY_SIZE(levels); i++)
        if (strcmp(levels[i].name, name) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    return false;
}

static bool stderr_takes_a_line(void) {
    struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

    return poll(&fd, 1, 0) == 1 && fd.revents == POLLOUT;
}

/* One line in one write, so that lines of several processes do not mix. */
static bool write_stderr(enum log_level level, const char *text) {
    char line[LOG_LINE_MAX + 1];
    int length;

    if (!stderr_takes_a_line())
        return false;
    if (out.journal)
        length = snprintf(line, LOG_LINE_MAX, "<%d>%s", levels[level].priority, text);
    else
        length = snprintf(line, LOG_LINE_MAX, "eldestd: %s", text);
    if (length < 0)
        return false;
    if (length > LOG_LINE_MAX - 1)
        length = LOG_LINE_MAX - 1;
    line[length] = '\n';
    return write(STDERR_FILENO, line, (size_t)length + 1) == length + 1;
}

static bool write_line(enum log_level level, const char *text) {
    if (out.syslog)
        return devlog_send(&out.devlog, LOG_DAEMON | levels[level].priority, text) == 0;
    return write_stderr(level, text);
}

static void log_text(enum log_level level, char *text) {
    char note[64];

    str_make_printable(text);
    if (out.lost > 0) {
        snprintf(note, sizeof note, "%ju messages were lost", (uintmax_t)out.lost);
        if (write_line(LOG_LEVEL_WARNING, note))
            out.lost = 0;
    }
    if (!write_line(level, text))
        out.lost++;
}

__attribute__((format(printf, 2, 0)))
static void log_message(enum log_level level, const char *format, va_list arguments) {
    char text[LOG_LINE_MAX];

    if (level > out.level)
        return;
    vsnprintf(text, sizeof text, format, arguments);
    log_text(level, text);
}

void log_error(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    log_message(LOG_LEVEL_ERROR, format, arguments);
    va_end(arguments);
}

void log_warning(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    log_message(LOG_LEVEL_WARNING, format, arguments);
    va_end(arguments);
}

void log_info(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    log_message(LOG_LEVEL_INFO, format, arguments);
    va_end(arguments);
}

void log_debug(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    log_message(LOG_LEVEL_DEBUG, format, arguments);
    va_end(arguments);
}

/* Gives back what the time since the last refill is worth. */
static void refill(struct log_limit *limit, usec_t now) {
    int64_t earned = (now - limit->refilled) / limit->interval_us;

    if (earned >= limit->spent) {
        limit->spent = 0;
        limit->refilled = now;
    } else if (earned > 0) {
        limit->spent -= (uint32_t)earned;
        limit->refilled += earned * limit->interval_us;
    }
}

bool log_limit_pass(struct log_limit *limit, usec_t now, uint64_t *ret_suppressed) {
    refill(limit, now);
    if (limit->spent >= limit->burst) {
        limit->suppressed++;
        return false;
    }
    limit->spent++;
    *ret_suppressed = limit->suppressed;
    limit->suppressed = 0;
    return true;
}

usec_t log_limit_end(const struct log_limit *limit) {
    return limit->suppressed > 0 ? limit->refilled + limit->interval_us : USEC_NEVER;
}

void log_limited(struct log_limit *limit, usec_t now, enum log_level level, const char *format, ...) {
    char text[LOG_LINE_MAX];
    uint64_t suppressed;
    va_list arguments;
    size_t length;

    if (level > out.level || !log_limit_pass(limit, now, &suppressed))
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    length = strlen(text);
    if (suppressed > 0)
        snprintf(text + length, sizeof text - length, " (%ju more like this were suppressed)",
                 (uintmax_t)suppressed);
    log_text(level, text);
}
