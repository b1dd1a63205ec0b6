/* SPDX-License-Identifier: ISC
 *
 * hook_guard.h - a second process of `eldest hooks`, which stands by while the hooks have been told that this node
 * leads: when the first one is killed, it tells them that this is over. So it does when the lease has ended and the
 * first one does nothing about it, because it stands still; that one is killed before.
 *
 *     eldest hooks   talks to eldestd and runs the hooks
 *       keeper       of the hook that runs, see keeper.h
 *         hook
 *       guard        has copies of the control socket and the work pipe, so that neither eldestd nor its sentinel takes
 *                    the work for stopped before the hooks have been told
 *
 * `eldest hooks` and its keepers have one end of a pipe, the guard has the other one: when that is at its end, the hook
 * that ran has ended as well. A guard that is killed is replaced. It takes no signal but SIGKILL.
 */
#ifndef ELDEST_CLI_HOOK_GUARD_H
#define ELDEST_CLI_HOOK_GUARD_H

#include "cli/hook_run.h"
#include "lib/lease.h"

struct hook_guard {
    pid_t pid; /* 0: there is none */
    int channel; /* to it; at its end when it is dead */
    int life[2]; /* a pipe that is written to by those who must be dead before a guard acts, which is never */
};

/* To be called once. 0 or a negative errno. */
int hook_guard_open(struct hook_guard *guard);

/* What a guard knows from its birth. */
struct hook_guarded {
    const struct hook_rules *rules;
    const struct standing *standing; /* how things stand */
    struct lease lease;
    usec_t time_limit; /* that there is for the hooks to be told that it is over */
};

/* Starts one, in the place of the one before if there is any. `run`: what is run at the moment, or was. 0 or a negative
 * errno; then the one before is still there. */
int hook_guard_start(struct hook_guard *guard, const struct hook_guarded *guarded, struct hook_run *run);

/* The lease was renewed, or its end is being looked after: then it is endless for the guard. */
void hook_guard_renew(const struct hook_guard *guard, const struct lease *lease);

/* To be called when the channel is readable, which it is when the guard has died: it is gone then. */
void hook_guard_forget(struct hook_guard *guard);

/* Nobody needs it any more; it is gone when this returns. */
void hook_guard_dismiss(struct hook_guard *guard);

#endif
