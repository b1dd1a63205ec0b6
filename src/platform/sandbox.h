/* SPDX-License-Identifier: ISC
 *
 * sandbox.h - what this process can still do to its host: after the start, no more than it needs.
 *
 * Whoever takes over a daemon by a mistake in it finds that it can gain no privileges, run no program, trace or name no
 * other process, and make no memory executable. Uses libseccomp, which is optional.
 */
#ifndef ELDEST_PLATFORM_SANDBOX_H
#define ELDEST_PLATFORM_SANDBOX_H

#include <stdbool.h>

/* For good, and for all threads and children, which can enter once more without effect: running a program, changing
 * the user or the namespaces, loading code into the kernel and their like kill the process; any other system call that
 * is not on the list, or with other arguments, does not exist (ENOSYS), as if the kernel were older. -EOPNOTSUPP: built
 * without libseccomp, or the kernel has no filters; any other negative errno: it could not be made. */
int sandbox_enter(void);

/* To be called first, before any other thread or process is started: none of them can gain privileges by what it runs
 * then, whether sandbox_enter() works or not. 0 or a negative errno. */
int sandbox_forgo_privileges(void);

/* Whether this eldest was built with libseccomp. */
bool sandbox_is_built_in(void);

#endif
