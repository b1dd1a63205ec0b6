/* SPDX-License-Identifier: ISC
 *
 * tree.h - all processes that this one has brought about: its children, theirs, and so on, whatever they call
 * themselves and whatever group or session they moved to.
 *
 * The process must be a subreaper (PR_SET_CHILD_SUBREAPER): then nobody leaves the tree when its parent dies. What
 * is seen is what /proc shows.
 */
#ifndef ELDEST_CLI_TREE_H
#define ELDEST_CLI_TREE_H

#include <stdbool.h>
#include <sys/types.h>

/* Sends the signal to each of them, but not to those in that process group (0: none). Who is being born at this moment
 * may be missed. */
void tree_signal(int number, pid_t but_group);

/* Kills them until none is left, for as long as that takes; but not that child and what it has brought about (0:
 * none). */
void tree_kill(pid_t but_child);

/* Whether this process has a child, dead or alive, that it has not waited for. */
bool tree_has_any(void);

#endif
