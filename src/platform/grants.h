/* SPDX-License-Identifier: ISC
 *
 * grants.h - to whom a file is open besides its owner and everybody: its group, and whom its access list names.
 *
 * With an access list (acl(5)) the bits of the group in a mode are not those of the group, but the most that anybody
 * has who is in that list. So 0440 can mean one user and no group, as in a credential of systemd.
 */
#ifndef ELDEST_PLATFORM_GRANTS_H
#define ELDEST_PLATFORM_GRANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { GRANT_READ = 4, GRANT_WRITE = 2, GRANT_RUN = 1, GRANTS_MAX = 32 };

struct grant {
    bool is_group;
    uint32_t id; /* of the group, or the user */
    unsigned rights; /* in effect; perhaps none */
};

/* How many there are of an open file with that status, or a negative errno: -E2BIG if they are more than that. */
ssize_t grants_of(int fd, const struct stat *status, struct grant ret[GRANTS_MAX]);

#endif
