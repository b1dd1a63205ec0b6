/* SPDX-License-Identifier: ISC
 *
 * logind.c - see logind.h.
 */
#include "inhibitor/logind.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CALL_LIMIT (5 * USEC_PER_SEC)
#define RETRY (30 * USEC_PER_SEC)

static const char service[] = "org.freedesktop.login1";
static const char path[] = "/org/freedesktop/login1";
static const char interface[] = "org.freedesktop.login1.Manager";
static const char busy[] = "org.freedesktop.login1.OperationInProgress";

static usec_t now_monotonic(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * USEC_PER_SEC + time.tv_nsec / 1000;
}

/* The lock */

/* logind is not started for this: it is asked again when it comes up by itself. */
static int call_inhibit(sd_bus *bus, sd_bus_message **ret_answer, sd_bus_error *error) {
    sd_bus_message *call = NULL;
    int rc = sd_bus_message_new_method_call(bus, &call, service, path, interface, "Inhibit");

    if (rc >= 0)
        rc = sd_bus_message_set_auto_start(call, false);
    if (rc >= 0)
        rc = sd_bus_message_append(call, "ssss", "sleep:shutdown", "eldest", "hands its leadership over", "delay");
    if (rc >= 0)
        rc = sd_bus_call(bus, call, 0, error, ret_answer);
    sd_bus_message_unref(call);
    return rc;
}

/* The descriptor that is the lock, or a negative errno. */
static int ask_for_lock(sd_bus *bus, sd_bus_error *error) {
    sd_bus_message *answer = NULL;
    int fd, rc = call_inhibit(bus, &answer, error);

    if (rc >= 0)
        rc = sd_bus_message_read(answer, "h", &fd);
    if (rc >= 0) { /* the message closes its own */
        rc = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        rc = rc < 0 ? -errno : rc;
    }
    sd_bus_message_unref(answer);
    return rc;
}

/* 0: not known. */
static usec_t limit_of(sd_bus *bus) {
    uint64_t limit = 0;

    if (sd_bus_get_property_trivial(bus, service, path, interface, "InhibitDelayMaxUSec", NULL, 't', &limit) < 0)
        return 0;
    return limit < INT64_MAX ? (usec_t)limit : INT64_MAX;
}

static bool is_absent(const sd_bus_error *error) {
    return sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
           sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER);
}

/* While the host is about to sleep or to go down there is no lock to be had. */
static void tell_trouble(struct logind *logind, const sd_bus_error *error, int rc) {
    char text[512];

    if (logind->troubled || sd_bus_error_has_name(error, busy))
        return;
    logind->troubled = true;
    if (is_absent(error))
        snprintf(text, sizeof(text), "systemd-logind is not on the system bus");
    else
        snprintf(text, sizeof(text), "systemd-logind gives no lock: %s",
                 error->message ? error->message : strerror(-rc));
    logind->calls->trouble(text);
}

/* The lock before is let go when the new one is there: a logind that was restarted may still know it. */
static void take_lock(struct logind *logind) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    int rc = ask_for_lock(logind->bus, &error);

    if (rc >= 0) {
        logind_release(logind);
        logind->lock = rc;
        logind->troubled = false;
        logind->calls->held(limit_of(logind->bus));
    } else {
        tell_trouble(logind, &error, rc);
    }
    logind->retry_at = rc >= 0 ? USEC_NEVER : now_monotonic() + RETRY;
    sd_bus_error_free(&error);
}

void logind_release(struct logind *logind) {
    if (logind->lock >= 0)
        close(logind->lock);
    logind->lock = -1;
}

/* What logind says */

static void end_preparing(struct logind *logind) {
    take_lock(logind);
    if (logind->preparing)
        logind->calls->over();
    logind->preparing = false;
}

static int take_signal(struct logind *logind, sd_bus_message *message, const char *what) {
    int begins, rc = sd_bus_message_read(message, "b", &begins);

    if (rc < 0)
        return 0;
    if (!begins) {
        end_preparing(logind);
        return 0;
    }
    logind->preparing = true;
    logind->calls->begins(what);
    return 0;
}

static int on_sleep(sd_bus_message *message, void *logind, sd_bus_error *error) {
    (void)error;
    return take_signal(logind, message, "sleep");
}

static int on_shutdown(sd_bus_message *message, void *logind, sd_bus_error *error) {
    (void)error;
    return take_signal(logind, message, "shutdown");
}

/* Of one that cannot be asked it is not known. */
static bool is_still_preparing(sd_bus *bus) {
    int sleeps = 0, goes_down = 0;

    sd_bus_get_property_trivial(bus, service, path, interface, "PreparingForSleep", NULL, 'b', &sleeps);
    sd_bus_get_property_trivial(bus, service, path, interface, "PreparingForShutdown", NULL, 'b', &goes_down);
    return sleeps || goes_down;
}

/* Another logind may have forgotten what the one before was about to do. */
static int on_owner(sd_bus_message *message, void *userdata, sd_bus_error *error) {
    struct logind *logind = userdata;
    const char *name, *before, *now;

    (void)error;
    if (sd_bus_message_read(message, "sss", &name, &before, &now) < 0 || now[0] == '\0')
        return 0;
    if (logind->preparing && is_still_preparing(logind->bus))
        return 0;
    end_preparing(logind);
    return 0;
}

/* Beginning, waiting, ending */

/* What is said between the question for the lock and its answer is heard afterwards. */
static int listen_to_it(struct logind *logind) {
    int rc = sd_bus_match_signal(logind->bus, NULL, service, path, interface, "PrepareForSleep", on_sleep, logind);

    if (rc >= 0)
        rc = sd_bus_match_signal(logind->bus, NULL, service, path, interface, "PrepareForShutdown", on_shutdown,
                                 logind);
    if (rc >= 0)
        rc = sd_bus_add_match(logind->bus, NULL,
                              "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                              "interface='org.freedesktop.DBus',member='NameOwnerChanged',"
                              "arg0='org.freedesktop.login1'",
                              on_owner, logind);
    return min_i64(rc, 0);
}

int logind_open(struct logind *logind, const struct logind_calls *calls) {
    *logind = (struct logind){ .calls = calls, .lock = -1, .retry_at = USEC_NEVER };
    int rc = sd_bus_open_system(&logind->bus);

    if (rc >= 0)
        rc = sd_bus_set_method_call_timeout(logind->bus, CALL_LIMIT);
    if (rc >= 0)
        rc = listen_to_it(logind);
    if (rc >= 0)
        take_lock(logind);
    return min_i64(rc, 0);
}

static int left_ms(usec_t deadline) {
    if (deadline == USEC_NEVER)
        return -1;
    return clamp_i64((deadline - now_monotonic() + USEC_PER_MS - 1) / USEC_PER_MS, 0, INT32_MAX);
}

static int wait_for_either(const struct logind *logind, int fd) {
    int events = sd_bus_get_events(logind->bus);
    uint64_t bus_at = UINT64_MAX;
    int rc = events < 0 ? events : sd_bus_get_timeout(logind->bus, &bus_at);

    if (rc < 0)
        return rc;
    usec_t at = bus_at < INT64_MAX ? min_i64((usec_t)bus_at, logind->retry_at) : logind->retry_at;
    struct pollfd ready[] = { { .fd = sd_bus_get_fd(logind->bus), .events = (short)events },
                              { .fd = fd, .events = POLLIN } };
    return poll(ready, ARRAY_SIZE(ready), left_ms(at)) < 0 && errno != EINTR ? -errno : 0;
}

int logind_wait(struct logind *logind, int fd) {
    int rc = sd_bus_process(logind->bus, NULL);

    if (rc != 0)
        return min_i64(rc, 0);
    if (now_monotonic() >= logind->retry_at)
        take_lock(logind);
    return wait_for_either(logind, fd);
}

void logind_close(struct logind *logind) {
    logind_release(logind);
    logind->bus = sd_bus_close_unref(logind->bus);
}
