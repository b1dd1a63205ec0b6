/* SPDX-License-Identifier: ISC
 *
 * sentinel.c - see sentinel.h. First the life of the sentinel, then the daemon's side. The two talk by a socket that
 * keeps the bounds of what is sent: a will is heard whole or not at all.
 *
 * A replacement is forked while the daemon has threads, so the sentinel only calls what a signal handler may.
 */
#include "platform/sentinel.h"

#include "base/util.h"
#include "platform/address.h"
#include "platform/clock.h"
#include "platform/sandbox.h"
#include "platform/standard.h"
#include "platform/title.h"
#include "platform/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRY_INTERVAL_US = USEC_PER_SEC };

/* Before each time that it is said: losses come in bursts. */
static const int pauses_ms[] = {0, 5, 15, 40};

/* --- the sentinel --- */

/* Those that end a program or its terminal's programs; SIGABRT, which ends all of a service whose watchdog bites;
 * SIGPIPE for the sake of completeness. */
static const int ignored_signals[] = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT, SIGABRT,
                                      SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM};

/* The handlers of the daemon are not for the sentinel. All signals are blocked until then. */
static void settle_signals(void) {
    sigset_t none;

    signal(SIGCHLD, SIG_DFL);
    for (size_t i = 0; i < ARRAY_SIZE(ignored_signals); i++)
        signal(ignored_signals[i], SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_all_but(int one, int other) {
    unsigned lower = (unsigned)(one < other ? one : other), upper = (unsigned)(one < other ? other : one);

    if (lower > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, lower - 1, 0);
    if (upper > lower + 1)
        close_range(lower + 1, upper - 1, 0);
    close_range(upper + 1, ~0U, 0);
}

/* Until the daemon has died: then false. */
static bool hear(int daemon, struct sentinel_will *will) {
    struct sentinel_will next;
    ssize_t got;

    do {
        got = recv(daemon, &next, sizeof next, 0);
    } while (got < 0 && errno == EINTR);
    if (got == (ssize_t)sizeof next)
        *will = next;
    return got > 0;
}

/* What is written by the daemon and read by the sentinel when that has died. */
struct shared {
    _Atomic usec_t busy_until; /* sentinel_wait_until() */
};

/* What it is to wait for. */
struct work {
    int pipe;
    unsigned limit_ms;
    const struct shared *shared;
};

static int ms_until(usec_t at) {
    return (int)((max_i64(at - clock_now(), 0) + USEC_PER_MS - 1) / USEC_PER_MS);
}

/* The pipe has an end when nobody holds its write end any more. */
static bool pipe_ends(const struct work *work, usec_t limit) {
    struct pollfd entry = {.fd = work->pipe};

    do {
        if (poll(&entry, 1, ms_until(limit)) > 0)
            return true;
    } while (clock_now() < limit);
    return false;
}

static bool work_ends(const struct work *work, usec_t limit) {
    usec_t busy_until = atomic_load(&work->shared->busy_until);

    if (!pipe_ends(work, limit) || busy_until > max_i64(limit, clock_now()))
        return false;
    while (clock_now() < busy_until)
        poll(NULL, 0, ms_until(busy_until));
    return true;
}

/* One for each family; -1 where the kernel has none. */
struct mouth {
    int ipv4, ipv6;
};

static struct mouth open_mouth(void) {
    const int ttl = UDP_TTL;
    struct mouth mouth = {.ipv4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
                          .ipv6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};

    setsockopt(mouth.ipv4, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
    setsockopt(mouth.ipv4, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
    setsockopt(mouth.ipv6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof ttl);
    setsockopt(mouth.ipv6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &ttl, sizeof ttl);
    return mouth;
}

static int leave_by(const struct mouth *mouth, const struct sentinel_will *will, const struct address *target) {
    struct ip_mreqn way = {.imr_ifindex = (int)target->ifindex};
    int ifindex = (int)target->ifindex;

    if (target->family == 6)
        return setsockopt(mouth->ipv6, IPPROTO_IPV6, IPV6_MULTICAST_IF, &ifindex, sizeof ifindex);
    if (will->source.family == 4)
        memcpy(&way.imr_address, will->source.bytes, sizeof way.imr_address);
    return setsockopt(mouth->ipv4, IPPROTO_IP, IP_MULTICAST_IF, &way, sizeof way);
}

static void send_to(const struct mouth *mouth, const struct sentinel_will *will, const struct address *target,
                    const struct sentinel_datagram *datagram) {
    union socket_address name;
    socklen_t length = address_to_socket(target, &name);

    if (target->ifindex == 0 || leave_by(mouth, will, target) == 0)
        sendto(target->family == 6 ? mouth->ipv6 : mouth->ipv4, datagram->data, datagram->length, 0, &name.any, length);
}

/* False: cut short by the end of the work, if that is waited for. */
static bool pause_before(int pause_ms, const struct work *work) {
    usec_t end = clock_now() + pause_ms * USEC_PER_MS;

    if (work && work_ends(work, end))
        return false;
    while (clock_now() < end)
        poll(NULL, 0, ms_until(end));
    return true;
}

/* As often as it takes, or until the work ends: then there is better news. */
static void say(const struct mouth *mouth, const struct sentinel_will *will, const struct sentinel_datagram *datagram,
                const struct work *work) {
    for (size_t i = 0; i < ARRAY_SIZE(pauses_ms) && pause_before(pauses_ms[i], work); i++)
        for (uint32_t j = 0; j < will->target_count && j < SENTINEL_TARGETS_MAX; j++)
            send_to(mouth, will, &will->targets[j], datagram);
}

/* Some wait for the end of the work, others only want to know that the daemon is gone. */
static void say_all(const struct mouth *mouth, const struct sentinel_will *will, const struct work *work) {
    usec_t now = clock_now();
    bool forewarned = will->forewarns && !work_ends(work, now);

    if (forewarned)
        say(mouth, will, &will->unreleased, work);
    if (work_ends(work, now + work->limit_ms * USEC_PER_MS))
        say(mouth, will, &will->released, NULL);
    else if (!forewarned)
        say(mouth, will, &will->unreleased, NULL);
}

static void live(int daemon, const struct work *work) __attribute__((noreturn));

static void live(int daemon, const struct work *work) {
    struct sentinel_will will = {.target_count = 0};
    struct mouth mouth;

    close_all_but(daemon, work->pipe);
    standard_release();
    settle_signals();
    title_set(SENTINEL_NAME);
    sandbox_enter(); /* the daemon says why if this fails */
    mouth = open_mouth();
    while (hear(daemon, &will))
        continue;
    if (will.target_count > 0)
        say_all(&mouth, &will, work);
    _exit(0);
}

/* --- the daemon's side --- */

enum { READ_END, WRITE_END }; /* of a pipe */
enum { OURS, THEIRS }; /* of a pair of sockets */

struct sentinel {
    pid_t pid; /* 0: there is none */
    int socket; /* to it; -1 */
    int work[2];
    unsigned work_limit_ms;
    struct shared *shared;
    usec_t tried_at; /* to start one, or to leave the will with it */
    bool knows; /* it has that will */
    struct sentinel_will will;
};

static pid_t fork_it(const struct sentinel *sentinel, int theirs) {
    const struct work work = {sentinel->work[READ_END], sentinel->work_limit_ms, sentinel->shared};
    sigset_t all, before;
    pid_t pid;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid = fork();
    if (pid == 0)
        live(theirs, &work);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid < 0 ? -errno : pid;
}

static int start(struct sentinel *sentinel) {
    int ends[2];
    pid_t pid;

    sentinel->tried_at = clock_now();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid = fork_it(sentinel, ends[THEIRS]);
    close(ends[THEIRS]);
    if (pid < 0) {
        close(ends[OURS]);
        return pid;
    }
    sentinel->pid = pid;
    sentinel->socket = ends[OURS];
    return 0;
}

/* With a new one, if there is none. One that has just died is replaced as if nobody had tried. */
static int leave(struct sentinel *sentinel) {
    const struct sentinel_will *will = &sentinel->will;
    int result = sentinel->pid == 0 ? start(sentinel) : 0;

    if (result == 0 && send(sentinel->socket, will, sizeof *will, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        result = -errno;
    if (result < 0 && result != -EPIPE)
        sentinel->tried_at = clock_now();
    sentinel->knows = result == 0;
    return result;
}

/* 0 or a negative errno. */
static int open_shared(struct sentinel *sentinel) {
    void *page = mmap(NULL, sizeof *sentinel->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return -errno;
    sentinel->shared = page;
    return 0;
}

int sentinel_open(struct sentinel **ret, unsigned work_limit_ms) {
    struct sentinel *sentinel = calloc(1, sizeof *sentinel);
    int result = sentinel ? open_shared(sentinel) : -ENOMEM;

    if (result == 0 && pipe2(sentinel->work, O_CLOEXEC) < 0) {
        result = -errno;
        munmap(sentinel->shared, sizeof *sentinel->shared);
    }
    if (result < 0) {
        free(sentinel);
        return result;
    }
    sentinel->work_limit_ms = work_limit_ms;
    sentinel->socket = -1;
    leave(sentinel);
    *ret = sentinel;
    return 0;
}

int sentinel_tell(struct sentinel *sentinel, const struct sentinel_will *will) {
    if (sentinel->knows && memcmp(&sentinel->will, will, sizeof *will) == 0)
        return 0;
    memcpy(&sentinel->will, will, sizeof *will); /* the room between the fields too: it is compared */
    return leave(sentinel);
}

static void forget(struct sentinel *sentinel) {
    close(sentinel->socket);
    sentinel->socket = -1;
    sentinel->pid = 0;
    sentinel->knows = false;
}

enum sentinel_health sentinel_mend(struct sentinel *sentinel) {
    if (sentinel->pid != 0 && waitpid(sentinel->pid, NULL, WNOHANG) != 0) /* also if it cannot be waited for */
        forget(sentinel);
    bool lives = sentinel->pid != 0;

    if (!sentinel->knows && (clock_now() < sentinel_due(sentinel) || leave(sentinel) < 0))
        return lives ? SENTINEL_DEAF : SENTINEL_MISSING;
    return lives ? SENTINEL_LIVES : SENTINEL_REPLACED;
}

usec_t sentinel_due(const struct sentinel *sentinel) {
    return sentinel->knows ? USEC_NEVER : sentinel->tried_at + TRY_INTERVAL_US;
}

int sentinel_pid(const struct sentinel *sentinel) {
    return sentinel->pid;
}

int sentinel_work_fd(const struct sentinel *sentinel) {
    return sentinel->work[WRITE_END];
}

void sentinel_wait_until(struct sentinel *sentinel, usec_t until) {
    if (until > sentinel_waits_until(sentinel))
        atomic_store(&sentinel->shared->busy_until, until);
}

usec_t sentinel_waits_until(const struct sentinel *sentinel) {
    return atomic_load(&sentinel->shared->busy_until);
}

/* It has things to say yet, so nobody waits for it. */
void sentinel_close(struct sentinel *sentinel) {
    if (!sentinel)
        return;
    if (sentinel->pid != 0)
        forget(sentinel);
    close(sentinel->work[READ_END]);
    close(sentinel->work[WRITE_END]);
    munmap(sentinel->shared, sizeof *sentinel->shared);
    free(sentinel);
}
