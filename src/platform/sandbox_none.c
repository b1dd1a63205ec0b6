/* SPDX-License-Identifier: ISC
 *
 * sandbox_none.c - see sandbox.h: what is built without libseccomp.
 */
#include "platform/sandbox.h"

#include <errno.h>

int sandbox_enter(void) {
    return -EOPNOTSUPP;
}

bool sandbox_is_built_in(void) {
    return false;
}
