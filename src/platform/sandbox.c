/* SPDX-License-Identifier: ISC
 *
 * sandbox.c - see sandbox.h: what needs no library. The rest is in sandbox_seccomp.c, or sandbox_none.c.
 */
#include "platform/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

int sandbox_forgo_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}
