/* SPDX-License-Identifier: ISC
 *
 * group.h - the group whose members may act through the daemons of this host and read their keys.
 */
#ifndef ELDEST_PLATFORM_GROUP_H
#define ELDEST_PLATFORM_GROUP_H

#include <stdbool.h>
#include <sys/types.h>

#define GROUP_NAME "eldest"

/* Its number; false where there is no such group. Looked up once in a process, before the sandbox, which may be in the
 * way of the name service; a group that gets another number is for the next start. */
bool group_find(gid_t *ret);

#endif
