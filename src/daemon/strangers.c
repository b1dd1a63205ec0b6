/* SPDX-License-Identifier: ISC
 *
 * strangers.c - see strangers.h.
 */
#include "daemon/strangers.h"

#include <stdio.h>
#include <string.h>

static struct stranger *find(struct strangers_of_kind *alike, const char *cluster, const struct address *address) {
    for (unsigned i = 0; i < alike->count; i++) {
        struct stranger *one = &alike->list[i];

        if (strcmp(one->cluster, cluster) == 0 && address_equal(&one->address, address))
            return one;
    }
    return NULL;
}

static struct stranger *make_room(struct strangers_of_kind *alike) {
    struct stranger *oldest = &alike->list[0];

    if (alike->count < STRANGERS_MAX)
        return &alike->list[alike->count++];
    for (unsigned i = 1; i < alike->count; i++)
        if (alike->list[i].last_at < oldest->last_at)
            oldest = &alike->list[i];
    return oldest;
}

bool strangers_note(struct strangers *strangers, enum stranger_kind kind, const char *cluster,
                    const struct address *address, usec_t now) {
    struct strangers_of_kind *alike = &strangers->kinds[kind];
    struct stranger *one = find(alike, cluster, address);
    bool is_new = !one;

    if (is_new) {
        one = make_room(alike);
        *one = (struct stranger){ .address = *address, .first_at = now };
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
