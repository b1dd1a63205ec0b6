/* SPDX-License-Identifier: ISC
 *
 * fake_logind.c - what eldest-inhibitor sees of systemd-logind, for tests: on the system bus of the test it plays what
 * it is told on standard input, and appends to a diary what becomes of the locks.
 *
 *     fake_logind NAME DIARY LIMIT-MS
 *
 *     sleep true, sleep false, shutdown true, shutdown false   says that it begins, or is over
 *     vanish, appear       leaves the bus, having forgotten all locks; comes back
 *     refuse, allow        gives no lock; gives one again
 *
 * The diary gets "NAME held" and "NAME released". The end of standard input is its end.
 */
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <unistd.h>

enum { LOCKS_MAX = 8 };

static const char service[] = "org.freedesktop.login1";
static const char path[] = "/org/freedesktop/login1";
static const char interface[] = "org.freedesktop.login1.Manager";

struct fake {
    sd_bus *bus;
    sd_event *event;
    const char *name;
    int diary;
    uint64_t limit_us;
    int sleeps, goes_down; /* D-Bus has booleans of this size */
    bool refuses;
    sd_event_source *locks[LOCKS_MAX]; /* each has the end of a pipe that is not the lock; NULL: free */
};

static void must(int rc, const char *what) {
    if (rc >= 0)
        return;
    fprintf(stderr, "fake_logind: %s: %s\n", what, strerror(-rc));
    exit(EXIT_FAILURE);
}

static void note(const struct fake *fake, const char *what) {
    char line[64];
    int length = snprintf(line, sizeof(line), "%s %s\n", fake->name, what);

    must(write(fake->diary, line, (size_t)length) == length ? 0 : -EIO, "the diary");
}

/* Locks */

static int on_lock(sd_event_source *source, int fd, uint32_t events, void *userdata) {
    struct fake *fake = userdata;

    (void)fd;
    (void)events;
    for (size_t i = 0; i < LOCKS_MAX; i++)
        if (fake->locks[i] == source)
            fake->locks[i] = NULL;
    sd_event_source_disable_unref(source);
    note(fake, "released");
    return 0;
}

static int watch_lock(struct fake *fake, int end) {
    for (size_t i = 0; i < LOCKS_MAX; i++)
        if (!fake->locks[i]) {
            must(sd_event_add_io(fake->event, &fake->locks[i], end, 0, on_lock, fake), "a lock");
            return sd_event_source_set_io_fd_own(fake->locks[i], true);
        }
    return -ENOSPC;
}

static void forget_locks(struct fake *fake) {
    for (size_t i = 0; i < LOCKS_MAX; i++)
        fake->locks[i] = sd_event_source_disable_unref(fake->locks[i]);
}

static int on_inhibit(sd_bus_message *message, void *userdata, sd_bus_error *error) {
    struct fake *fake = userdata;
    const char *what, *who, *why, *mode;
    int ends[2];

    must(sd_bus_message_read(message, "ssss", &what, &who, &why, &mode), "Inhibit");
    if (fake->sleeps || fake->goes_down)
        return sd_bus_error_set_const(error, "org.freedesktop.login1.OperationInProgress", "It is already running");
    if (fake->refuses || strcmp(what, "sleep:shutdown") != 0 || strcmp(who, "eldest") != 0 || why[0] == '\0' ||
        strcmp(mode, "delay") != 0)
        return sd_bus_error_set_const(error, SD_BUS_ERROR_ACCESS_DENIED, "Permission denied");
    must(pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0, "a pipe");
    must(watch_lock(fake, ends[0]), "a lock");
    int rc = sd_bus_reply_method_return(message, "h", ends[1]);
    close(ends[1]);
    note(fake, "held");
    return rc;
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Inhibit", "ssss", "h", on_inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("InhibitDelayMaxUSec", "t", NULL, offsetof(struct fake, limit_us), 0),
    SD_BUS_PROPERTY("PreparingForSleep", "b", NULL, offsetof(struct fake, sleeps), 0),
    SD_BUS_PROPERTY("PreparingForShutdown", "b", NULL, offsetof(struct fake, goes_down), 0),
    SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
    SD_BUS_SIGNAL("PrepareForShutdown", "b", 0),
    SD_BUS_VTABLE_END,
};

/* Orders */

static void prepare(struct fake *fake, const char *signal_name, int *which, bool begins) {
    *which = begins;
    must(sd_bus_emit_signal(fake->bus, path, interface, signal_name, "b", (int)begins), signal_name);
}

static void vanish(struct fake *fake) {
    must(sd_bus_release_name(fake->bus, service), "vanish");
    forget_locks(fake);
    fake->sleeps = fake->goes_down = false;
}

static void obey(struct fake *fake, const char *order) {
    if (strncmp(order, "sleep ", 6) == 0)
        prepare(fake, "PrepareForSleep", &fake->sleeps, strcmp(order + 6, "true") == 0);
    else if (strncmp(order, "shutdown ", 9) == 0)
        prepare(fake, "PrepareForShutdown", &fake->goes_down, strcmp(order + 9, "true") == 0);
    else if (strcmp(order, "vanish") == 0)
        vanish(fake);
    else if (strcmp(order, "appear") == 0)
        must(sd_bus_request_name(fake->bus, service, 0), "appear");
    else if (strcmp(order, "refuse") == 0 || strcmp(order, "allow") == 0)
        fake->refuses = strcmp(order, "refuse") == 0;
    else
        must(-EINVAL, order);
}

/* Whole lines come in one piece. */
static int on_orders(sd_event_source *source, int fd, uint32_t events, void *userdata) {
    struct fake *fake = userdata;
    char text[512], *rest = text, *order;
    ssize_t got = read(fd, text, sizeof(text) - 1);

    (void)source;
    (void)events;
    if (got <= 0)
        return sd_event_exit(fake->event, 0);
    text[got] = '\0';
    while ((order = strsep(&rest, "\n")) != NULL)
        if (order[0] != '\0')
            obey(fake, order);
    return 0;
}

int main(int argc, char **argv) {
    struct fake fake = { 0 };

    must(argc == 4 ? 0 : -EINVAL, "arguments");
    fake.name = argv[1];
    fake.diary = open(argv[2], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    must(fake.diary < 0 ? -errno : 0, argv[2]);
    fake.limit_us = strtoull(argv[3], NULL, 10) * 1000;
    must(sd_event_new(&fake.event), "an event loop");
    must(sd_bus_open_system(&fake.bus), "the system bus");
    must(sd_bus_attach_event(fake.bus, fake.event, 0), "the event loop");
    must(sd_bus_add_object_vtable(fake.bus, NULL, path, interface, vtable, &fake), "the object");
    must(sd_event_add_io(fake.event, NULL, STDIN_FILENO, EPOLLIN, on_orders, &fake), "standard input");
    must(sd_bus_request_name(fake.bus, service, 0), "the name");
    printf("%s is on the bus\n", service);
    fflush(stdout);
    int rc = sd_event_loop(fake.event);
    forget_locks(&fake);
    sd_bus_flush_close_unref(fake.bus);
    sd_event_unref(fake.event);
    return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
