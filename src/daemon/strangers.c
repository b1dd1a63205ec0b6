/* SPDX-License-Identifier: ISC
 *
 * strangers.c - see strangers.h.
 */
#include "daemon/strangers.h"

#include <stdio.h>
#include <string.h>

static struct stranger *find(struct strangers *strangers, enum stranger_kind kind, const char *cluster,
                             const struct address *address) {
    for (unsigned i = 0; i < strangers->count; i++) {
        struct stranger *one = &strangers->list[i];

        if (one->kind == kind && strcmp(one->cluster, cluster) == 0 && address_equal(&one->address, address))
            return one;
    }
    return NULL;
}

static struct stranger *make_room(struct strangers *strangers) {
    struct stranger *oldest = &strangers->list[0];

    if (strangers->count < STRANGERS_MAX)
        return &strangers->list[strangers->count++];
    for (unsigned i = 1; i < strangers->count; i++)
        if (strangers->list[i].last_at < oldest->last_at)
            oldest = &strangers->list[i];
    return oldest;
}

bool strangers_note(struct strangers *strangers, enum stranger_kind kind, const char *cluster,
                    const struct address *address, usec_t now) {
    struct stranger *one = find(strangers, kind, cluster, address);
    bool is_new = !one;

    if (is_new) {
        one = make_room(strangers);
        *one = (struct stranger){ .kind = kind, .address = *address, .first_at = now };
        snprintf(one->cluster, sizeof one->cluster, "%s", cluster);
    }
    one->last_at = now;
    one->count++;
    return is_new;
}

const char *stranger_kind_name(enum stranger_kind kind) {
    static const char *const names[STRANGER_KINDS] = {
        [STRANGER_CLUSTER] = "other-cluster", [STRANGER_KEY] = "key", [STRANGER_NO_KEY] = "no-key",
        [STRANGER_OTHER_KEY] = "other-key", [STRANGER_VERSION] = "other-version",
        [STRANGER_PROGRAM] = "other-program", [STRANGER_DISTANT] = "distant", [STRANGER_CLONE] = "clone",
    };

    return names[kind];
}
