/* SPDX-License-Identifier: ISC
 *
 * lossy_switch.c - a network switch for the tests that can be slow, lossy and unjust, where the kernel has no netem.
 *
 *     lossy_switch INTERFACE SEED NETNS...
 *
 * It makes an Ethernet interface by that name in each of these network namespaces (paths as /run/netns/h1) and passes
 * frames between them. The first one is at port 1. The seed, a number, is that of all chances. It takes orders from its
 * standard input, a line each, and answers them on the standard output once they are in force:
 *
 *     add NAME FAULT...     a fault begins, as faults.h tells it
 *     mend                  all of them end; what they hold back still arrives at its time
 *     counts                lines "NAME NUMBER" before the answer: what each of them has cost; of the time since the
 *                           start: passed, overtaken, overflow and refused, see ports.h
 *     port NUMBER off|on    the port drops everything, and no longer; its host does not notice
 *     plug NUMBER out|in    the cable is taken out, so that the host has no carrier; and put in again
 *
 * The answer is "ok TIME", with the CLOCK_MONOTONIC of that moment in ns, or "error TEXT"; the very first line is "ok"
 * and says that the interfaces are there. Orders that come in one write take effect between the same two frames. It
 * ends with status 0 when its standard input does, and the interfaces with it.
 */
#include "base/str.h"
#include "net/ports.h"
#include "net/tap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
    ORDER_SIZE = 1024,
    EVENTS_MAX = 16,
    SOURCE_ORDERS = PORTS_MAX, /* the numbers below are ports */
    SOURCE_TIMER,
};

struct lossy_switch {
    struct ports ports;
    int epoll;
    int timer;
    usec_t alarm; /* to which the timer is set */
    char order[ORDER_SIZE]; /* as much of it as has come */
    size_t order_length;
};

static void die(const char *what, int error) __attribute__((noreturn));

static void die(const char *what, int error) {
    fprintf(stderr, "lossy_switch: %s: %s\n", what, strerror(error));
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static usec_t now_usec(void) {
    return now_ns() / 1000;
}

/* ------------------------------------------------------------------------------------------------------- the orders */

static void answer(const char *error) {
    if (error)
        printf("error %s\n", error);
    else
        printf("ok %" PRId64 "\n", now_ns());
    if (fflush(stdout) == EOF)
        die("standard output", errno);
}

static const char *tell_counts(const struct ports *ports) {
    for (unsigned i = 0; i < ports->faults.count; i++)
        printf("%s %" PRIu64 "\n", ports->faults.list[i].name, ports->faults.list[i].cost);
    printf("passed %" PRIu64 "\novertaken %" PRIu64 "\noverflow %" PRIu64 "\nrefused %" PRIu64 "\n", ports->passed,
           ports->overtaken, ports->overflow, ports->refused);
    return NULL;
}

static struct port *named_port(struct ports *ports, const char *text) {
    uint64_t number;

    return text && str_parse_unsigned(text, 1, ports->count, &number) == 0 ? &ports->list[number - 1] : NULL;
}

/* Sets ret_yes if word is that one; false if it is neither. */
static bool choose(const char *word, const char *yes, const char *no, bool *ret_yes) {
    if (!word || (strcmp(word, yes) != 0 && strcmp(word, no) != 0))
        return false;
    *ret_yes = strcmp(word, yes) == 0;
    return true;
}

static const char *set_port(struct ports *ports, char **rest) {
    struct port *port = named_port(ports, strtok_r(NULL, " ", rest));

    return port && choose(strtok_r(NULL, " ", rest), "on", "off", &port->on) ? NULL : "port NUMBER off|on";
}

static const char *plug(struct ports *ports, char **rest) {
    struct port *port = named_port(ports, strtok_r(NULL, " ", rest));
    bool in;

    if (!port || !choose(strtok_r(NULL, " ", rest), "in", "out", &in))
        return "plug NUMBER out|in";
    int rc = tap_plug(port->fd, in);
    return rc < 0 ? strerror(-rc) : NULL;
}

static const char *add_fault(struct ports *ports, char **rest) {
    const char *name = strtok_r(NULL, " ", rest);

    return name ? faults_add(&ports->faults, name, *rest) : "add NAME FAULT...";
}

static const char *obey(struct ports *ports, char *order) {
    char *rest = NULL;
    const char *word = strtok_r(order, " ", &rest);

    if (word && strcmp(word, "add") == 0)
        return add_fault(ports, &rest);
    if (word && strcmp(word, "counts") == 0)
        return tell_counts(ports);
    if (word && strcmp(word, "port") == 0)
        return set_port(ports, &rest);
    if (word && strcmp(word, "plug") == 0)
        return plug(ports, &rest);
    if (!word || strcmp(word, "mend") != 0)
        return "an order is one of: add, mend, counts, port, plug";
    faults_clear(&ports->faults);
    return NULL;
}

/* False when there are no more to come. */
static bool read_orders(struct lossy_switch *lossy) {
    ssize_t got = read(STDIN_FILENO, lossy->order + lossy->order_length, ORDER_SIZE - lossy->order_length);
    char *end;

    if (got < 0 && errno != EINTR && errno != EAGAIN)
        die("standard input", errno);
    if (got == 0)
        return false;
    lossy->order_length += got > 0 ? (size_t)got : 0;
    while ((end = memchr(lossy->order, '\n', lossy->order_length))) {
        *end++ = '\0';
        answer(obey(&lossy->ports, lossy->order));
        lossy->order_length -= (size_t)(end - lossy->order);
        memmove(lossy->order, end, lossy->order_length);
    }
    if (lossy->order_length == ORDER_SIZE)
        die("standard input", EMSGSIZE);
    return true;
}

/* --------------------------------------------------------------------------------------------------------- the loop */

static void listen_to(struct lossy_switch *lossy, int fd, uint32_t source, const char *name) {
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = source };

    if (epoll_ctl(lossy->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        die(name, errno);
}

static void set_alarm(struct lossy_switch *lossy, usec_t at) {
    struct itimerspec time = { 0 };

    if (at == lossy->alarm)
        return;
    lossy->alarm = at;
    if (at != USEC_NEVER) {
        time.it_value.tv_sec = (time_t)(at / USEC_PER_SEC);
        time.it_value.tv_nsec = (long)(at % USEC_PER_SEC * 1000);
    }
    if (timerfd_settime(lossy->timer, TFD_TIMER_ABSTIME, &time, NULL) < 0)
        die("timerfd", errno);
}

/* The timer need not be read: it is set anew, which makes it quiet. */
static bool handle(struct lossy_switch *lossy, uint32_t source) {
    if (source == SOURCE_ORDERS)
        return read_orders(lossy);
    if (source == SOURCE_TIMER)
        return true;
    int rc = ports_read(&lossy->ports, source, now_usec());
    if (rc < 0)
        die("a port", -rc);
    return true;
}

static void run(struct lossy_switch *lossy) {
    struct epoll_event events[EVENTS_MAX];

    for (;;) {
        set_alarm(lossy, ports_release_due(&lossy->ports, now_usec()));
        int count = epoll_wait(lossy->epoll, events, EVENTS_MAX, -1);
        if (count < 0 && errno != EINTR)
            die("epoll", errno);
        for (int i = 0; i < count; i++)
            if (!handle(lossy, events[i].data.u32))
                return;
    }
}

static void open_port(struct lossy_switch *lossy, const char *netns, const char *name) {
    int fd = tap_open(netns, name);

    if (fd < 0)
        die(netns, -fd);
    listen_to(lossy, fd, lossy->ports.count, netns);
    if (!ports_add(&lossy->ports, fd))
        die(netns, E2BIG);
}

static void open_sources(struct lossy_switch *lossy) {
    lossy->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (lossy->epoll < 0)
        die("epoll", errno);
    lossy->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (lossy->timer < 0)
        die("timerfd", errno);
    lossy->alarm = USEC_NEVER;
    listen_to(lossy, lossy->timer, SOURCE_TIMER, "timerfd");
    listen_to(lossy, STDIN_FILENO, SOURCE_ORDERS, "standard input");
}

int main(int argc, char **argv) {
    static struct lossy_switch lossy;
    uint64_t seed;

    if (argc < 4 || str_parse_unsigned(argv[2], 0, UINT64_MAX, &seed) < 0) {
        fputs("usage: lossy_switch INTERFACE SEED NETNS...\n", stderr);
        return EX_USAGE;
    }
    ports_init(&lossy.ports, seed);
    open_sources(&lossy);
    for (int i = 3; i < argc; i++)
        open_port(&lossy, argv[i], argv[1]);
    answer(NULL);
    run(&lossy);
    ports_close(&lossy.ports);
    close(lossy.timer);
    close(lossy.epoll);
    return EXIT_SUCCESS;
}
