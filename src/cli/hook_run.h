/* SPDX-License-Identifier: ISC
 *
 * hook_run.h - one run of the hooks: each of them, one after the other, is told the same event.
 *
 * A hook has a keeper (keeper.h), so it leads a process group of its own, and it has ended when all that it has started
 * has: what it leaves behind is ended. It gets SIGTERM when its time is over, and SIGKILL a little later.
 *
 * The time of a hook is that of the rules, but a run may have a deadline: that by which the work must have stopped.
 * Then a hook may take half of what is left, at least; the others can count on a share of the rest, so that one that
 * hangs does not keep those behind it from their part. Also when nothing is left each of them is tried for a moment.
 *
 * A hook that does what is to be done where the leader is has a lease (lib/lease.h), and nothing of it is left at the
 * end of that. The owner cuts the run before, and the keeper of the hook looks after it if the owner does not.
 *
 * It does not wait for anything itself: its owner polls, and calls hook_run_serve().
 */
#ifndef ELDEST_CLI_HOOK_RUN_H
#define ELDEST_CLI_HOOK_RUN_H

#include "cli/hook_output.h"
#include "cli/hook_queue.h"
#include "cli/keeper.h"

#include <poll.h>

/* The same for all runs. */
struct hook_rules {
    const char *directory; /* shorter than PATH_MAX */
    char *target; /* a unit of systemd, which is started last and stopped first; NULL: none */
    usec_t time_limit; /* of a hook */
    bool root; /* run by root */
    sigset_t signals; /* blocked for a hook */
};

/* What became of a hook. */
struct hook_result {
    char name[HOOK_NAME_MAX + 1];
    enum hook_event event;
    int status; /* as a shell has it: that of exit, or 128 and the signal */
    bool timed_out, cut;
    usec_t duration;
};

enum { HOOK_RUN_FDS = 2 };

/* Zero is one that is over. */
struct hook_run {
    const struct hook_rules *rules;
    enum hook_event event;
    usec_t deadline; /* of all of it; USEC_NEVER */
    struct hook_list hooks;
    size_t next, count; /* steps: those, and the target */
    bool target_first, target_last;
    pid_t spared; /* see keeper_listen() */
    struct lease lease; /* for the keeper */
    unsigned lines_left;
    /* of the hook that runs */
    struct keeper keeper; /* pid 0: none does */
    struct hook_output output;
    char name[HOOK_NAME_MAX + 1];
    usec_t began, limit_at, served_at;
    bool told_to_end, timed_out, cut;
    bool again; /* begun for the second time */
};

/* Begins one, with the environment of this process for the rest of it; the rules must outlive it. `spared` as for
 * keeper_listen(). */
void hook_run_begin(struct hook_run *run, const struct hook_rules *rules, enum hook_event event,
                    const struct standing *standing, usec_t deadline, pid_t spared);

/* What it does has this lease from now on; until this is called, one without an end. */
void hook_run_renew(struct hook_run *run, const struct lease *lease);

/* Nothing of it runs, and nothing will. */
bool hook_run_is_over(const struct hook_run *run);

/* Ends the hook that runs, and the run with it. */
void hook_run_cut(struct hook_run *run);

/* What to poll for: descriptors (-1 where there is none), and the time. */
void hook_run_poll(const struct hook_run *run, struct pollfd ready[HOOK_RUN_FDS]);
usec_t hook_run_deadline(const struct hook_run *run);

/* Does what is due. True: a hook has ended; then there may be more to do. */
bool hook_run_serve(struct hook_run *run, struct hook_result *ret);

/* It is not known to have done what it was to do; of what was cut nothing is said. */
bool hook_result_failed(const struct hook_result *result);

/* Says it, unless all is well. */
void hook_result_say(const struct hook_result *result);

/* Closes what a child of this process inherits of it. */
void hook_run_forget(struct hook_run *run);

#endif
