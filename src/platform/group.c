/* SPDX-License-Identifier: ISC
 *
 * group.c - see group.h.
 */
#include "platform/group.h"

#include <grp.h>
#include <stddef.h>

bool group_find(gid_t *ret) {
    static bool looked_up, found;
    static gid_t number;

    if (!looked_up) {
        const struct group *group = getgrnam(GROUP_NAME);

        looked_up = true;
        found = group != NULL;
        number = group ? group->gr_gid : 0;
    }
    *ret = number;
    return found;
}
