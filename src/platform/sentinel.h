/* SPDX-License-Identifier: ISC
 *
 * sentinel.h - a second, tiny process that speaks for the daemon when that has died without a word (HAND-6).
 *
 * A process that is killed says nothing, and those who wait for it wait for their timeout. So the daemon forks a
 * sentinel, which does nothing but wait for the end of its socket to the daemon. Then it multicasts the farewell that
 * the daemon left with it, several times, and ends. Work that is done because this node leads may outlive the daemon:
 * whoever does it holds a copy of the write end of a pipe, the work pipe, and the sentinel first waits for its end, and
 * for the time until which somebody may work who holds nothing; that time they share, as both must know it at once.
 *
 * The sentinel has no timer, no descriptor of the daemon (HAND-5: the daemon's death must close its unicast port)
 * and no page of its own that it need not have. It ignores the signals that ask a program to end, since a service
 * manager sends them to all processes of a service at once; it ends with the daemon, a clean end included.
 */
#ifndef ELDEST_PLATFORM_SENTINEL_H
#define ELDEST_PLATFORM_SENTINEL_H

#include "base/types.h"

#define SENTINEL_NAME "eldest-sentinel"

enum {
    SENTINEL_TARGETS_MAX = 160,
    SENTINEL_DATAGRAM_MAX = 256,
    SENTINEL_WORK_LIMIT_MS = 10000, /* that it waits for work to stop */
};

struct sentinel;

struct sentinel_datagram {
    uint16_t length;
    uint8_t data[SENTINEL_DATAGRAM_MAX];
};

/* What is to be said, and where. */
struct sentinel_will {
    uint32_t target_count; /* 0: nothing is to be said */
    struct address targets[SENTINEL_TARGETS_MAX]; /* groups and nodes; what goes to a group leaves by its ifindex */
    struct address source; /* to send from, IPv4; none: the kernel chooses */
    struct sentinel_datagram released; /* if all work has stopped */
    struct sentinel_datagram unreleased; /* if it had not after the time limit */
    uint32_t forewarns; /* 1: unreleased is said at once if there is work, and not after the time limit */
};

enum sentinel_health {
    SENTINEL_LIVES,
    SENTINEL_DEAF, /* it lives, but has no room for the latest will */
    SENTINEL_REPLACED, /* it had died; another one has its place and its will */
    SENTINEL_MISSING, /* it had died, or could not be started, and there is no other yet */
};

/* Starts one that has nothing to say yet. To be called before sockets are opened and threads are started, so that it
 * has little to share. 0 or a negative errno; no error if only no process could be had, see sentinel_pid(). */
int sentinel_open(struct sentinel **ret, unsigned work_limit_ms);

/* Leaves the will, in place of the one before, unless they are the same to the last byte. Starts a sentinel if there is
 * none. 0 or a negative errno: sentinel_mend() tries again. */
int sentinel_tell(struct sentinel *sentinel, const struct sentinel_will *will);

/* Replaces the sentinel if it has died, and leaves the will that could not be left before, but neither more often than
 * once a second; to be called on SIGCHLD, and when it is due. */
enum sentinel_health sentinel_mend(struct sentinel *sentinel);

/* When there is something to mend; USEC_NEVER: it knows all. */
usec_t sentinel_due(const struct sentinel *sentinel);

/* For tests and messages; 0 when there is none. */
int sentinel_pid(const struct sentinel *sentinel);

/* The write end of the work pipe: whoever does work because this node leads gets a copy of it and keeps it until the
 * work has stopped. It stays the sentinel's. */
int sentinel_work_fd(const struct sentinel *sentinel);

/* Work may go on until then, whatever the work pipe shows: never earlier than what was said before. It counts when this
 * returns, whatever happens next. */
void sentinel_wait_until(struct sentinel *sentinel, usec_t until);
usec_t sentinel_waits_until(const struct sentinel *sentinel); /* 0: nobody has asked for it */

/* To the sentinel this is the death of the daemon: it says what is left with it. NULL is fine. */
void sentinel_close(struct sentinel *sentinel);

#endif
