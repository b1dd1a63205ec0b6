/* SPDX-License-Identifier: ISC
 *
 * hook_path.h - whether a path leads where it leads by the will of root alone.
 *
 * What was looked at is run a moment later, by its name. In between nobody but root may put something else there: not
 * in a directory above it, and in none that a symbolic link on the way leads through.
 */
#ifndef ELDEST_CLI_HOOK_PATH_H
#define ELDEST_CLI_HOOK_PATH_H

#include <stdbool.h>

/* True if all on the way belongs to root, and no directory is everybody's to write to, but for sticky ones like /tmp,
 * where nobody can move what is another's. Groups are root's to choose. A path that leads nowhere does not stay. */
bool hook_path_stays(const char *path);

#endif
