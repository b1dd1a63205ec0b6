/* SPDX-License-Identifier: ISC
 *
 * strangers.h - who is heard on the network but does not belong to this cluster, or should not be there twice: for
 * people who wonder why two hosts do not find each other (`eldest doctor`).
 *
 * Of more than STRANGERS_MAX of a kind the one not heard for longest is forgotten: whoever sends rubbish from many
 * addresses hides nobody who lacks the key.
 */
#ifndef ELDEST_DAEMON_STRANGERS_H
#define ELDEST_DAEMON_STRANGERS_H

#include "base/types.h"

enum { STRANGERS_MAX = 16 }; /* of each kind */

enum stranger_kind {
    STRANGER_CLUSTER, /* of another cluster */
    STRANGER_KEY, /* of this cluster, but with a key, which this node has not */
    STRANGER_NO_KEY, /* of this cluster, but without a key, which this node has */
    STRANGER_OTHER_KEY, /* of this cluster, but with another key */
    STRANGER_VERSION, /* speaks another version of the protocol */
    STRANGER_PROGRAM, /* sends something else to the same port */
    STRANGER_DISTANT, /* its TTL is not 255 */
    STRANGER_CLONE, /* has the identity of this node */
    STRANGER_KINDS
};

struct stranger {
    struct address address;
    char cluster[CLUSTER_NAME_MAX + 1]; /* "" unknown */
    usec_t first_at, last_at;
    uint64_t count; /* datagrams */
};

struct strangers {
    struct strangers_of_kind {
        unsigned count;
        struct stranger list[STRANGERS_MAX];
    } kinds[STRANGER_KINDS];
};

/* Notes one datagram. True if nobody of this kind, cluster and address was known before. */
bool strangers_note(struct strangers *strangers, enum stranger_kind kind, const char *cluster,
                    const struct address *address, usec_t now);

/* "other-cluster", "key", ... */
const char *stranger_kind_name(enum stranger_kind kind);

#endif
