/* SPDX-License-Identifier: ISC
 *
 * hook_dir.h - which executables of a directory are hooks, and in which order: as run-parts(8) has it.
 *
 * A name is of A-Z a-z 0-9 _ and -, so that what editors and packages leave there (x~, x.dpkg-old, .x.swp) is none. For
 * root nothing is a hook that another user could have written, or put there; such a file is listed with the reason why
 * it is not run.
 */
#ifndef ELDEST_CLI_HOOK_DIR_H
#define ELDEST_CLI_HOOK_DIR_H

#include "base/str.h"

#include <stddef.h>

enum { HOOKS_MAX = 100 };

struct hook_file {
    char name[HOOK_NAME_MAX + 1];
    const char *refusal; /* NULL: it is run */
};

struct hook_list {
    struct hook_file files[HOOKS_MAX]; /* in the order of their bytes */
    size_t count;
};

/* Lists those whose names are names of hooks (base/str.h); `root`: for root. 0 or a negative errno: -EPERM for a
 * directory in which another user than root can put files, or in the place of which, -E2BIG for more than HOOKS_MAX
 * hooks, else what the system says. */
int hook_dir_read(const char *directory, bool root, struct hook_list *ret);

#endif
