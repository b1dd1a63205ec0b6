/* SPDX-License-Identifier: ISC
 *
 * counters.c - see counters.h.
 */
#include "daemon/counters.h"

#include "base/util.h"

const char *counters_refusal_name(unsigned refusal) {
    static const char *const names[] = {
        [REFUSED_OTHER_INTERFACE] = "other-interface",
        [REFUSED_WRONG_TTL] = "wrong-ttl",
        [REFUSED_TOO_MANY] = "too-many",
        [REFUSED_OTHER_CLUSTER] = "other-cluster",
        [REFUSED_KEYED] = "keyed",
        [REFUSED_UNKEYED] = "unkeyed",
        [REFUSED_OTHER_KEY] = "other-key",
        [REFUSED_WRONG_MAC] = "wrong-mac",
        [REFUSED_REPLAYED] = "replayed",
        [REFUSED_UNPROVEN] = "unproven",
        [REFUSED_UNMEANT] = "unmeant",
        [REFUSED_OWN_ECHO] = "own-echo",
        [REFUSED_OTHER_GROUP] = "other-group",
        [REFUSED_REPEATED] = "repeated",
    };

    if (refusal < WIRE_ERROR_END)
        return wire_error_name((enum wire_error)refusal);
    return refusal < ARRAY_SIZE(names) ? names[refusal] : "?";
}
