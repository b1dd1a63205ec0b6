/* SPDX-License-Identifier: ISC
 *
 * keeper.h - a command in a process group of its own, with a keeper: the parent of the command, which ends all of it
 * when it is told so, and when `eldest run` itself dies.
 *
 *     eldest run     talks to eldestd and tells its keeper
 *       keeper       has copies of the control socket and the work pipe, so that neither ends before the work has
 *         command    leads the process group
 *
 * Either outlives the other: when the keeper is killed, `eldest run` inherits what is left of the command, and ends
 * that. The keeper takes no signal but SIGKILL.
 *
 * The keeper knows the lease of the work as well (lib/lease.h), and has a timer of its own for it: it ends the command
 * in time although neither eldestd nor `eldest run` does anything.
 */
#ifndef ELDEST_CLI_KEEPER_H
#define ELDEST_CLI_KEEPER_H

#include "lib/lease.h"

#include <signal.h>
#include <sys/types.h>

struct keeper {
    pid_t pid; /* 0: there is none */
    int channel; /* to it: readable when it has something to say */
    pid_t group; /* of the command; 0: not told yet */
    bool left; /* the command has ended by itself, and left processes behind, which are being ended */
    bool lapsed; /* the command was told to end as its lease was over */
};

struct keeper_order {
    char **command; /* with its arguments, NULL at the end; its environment is that of the process */
    usec_t grace; /* from SIGTERM to SIGKILL */
    struct lease lease; /* which may end before that: then nothing is left, whatever the grace */
    sigset_t signals; /* blocked for the command; the caller has all blocked that it hears of */
    bool terminal; /* standard input is one, and the command gets it at once; else when it wants it and may */
    int output; /* takes what the command prints and complains, and there is nothing for it to read; 0: as it is here */
};

/* Starts one. 0 or a negative errno. */
int keeper_start(struct keeper *keeper, const struct keeper_order *order);

/* Ends the command, and whatever it has started. */
void keeper_end(const struct keeper *keeper);

/* The lease was renewed. */
void keeper_renew(const struct keeper *keeper, const struct lease *lease);

/* The lease has ended. If the keeper stands still it is made to go on, and sees that. */
void keeper_hurry(const struct keeper *keeper);

/* Passes a signal on to the process group. */
void keeper_signal(const struct keeper *keeper, int number);

enum keeper_news { KEEPER_NOTHING, KEEPER_GONE, KEEPER_KILLED };

/* What it has to say; to be called when the channel is readable. KEEPER_GONE: the command and all that it had started
 * have ended, with the wait status *ret_status, and the keeper with them. KEEPER_KILLED: the keeper died, and what
 * was left of the command was killed before this returned, which is its process group and all that this process has
 * brought about but the child `spared` (0: none). KEEPER_SPARES_ALL: only the group, as this process had children
 * before that are none of ours. */
enum { KEEPER_SPARES_ALL = -1 };
enum keeper_news keeper_listen(struct keeper *keeper, pid_t spared, int *ret_status);

#endif
