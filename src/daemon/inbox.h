/* SPDX-License-Identifier: ISC
 *
 * inbox.h - from datagrams to messages: what is for the core is decoded, the rest is counted, and told in the log: the
 * first of each kind at once, then seldom. The counterpart of outbox.h.
 *
 * With a key: what was not made with it is refused, and the rest passes the gate (auth/gate.h), which may have
 * something to send, or something that it kept, after each datagram. A way to a node is then what it has answered by.
 */
#ifndef ELDEST_DAEMON_INBOX_H
#define ELDEST_DAEMON_INBOX_H

#include "auth/key.h"
#include "core/action.h"

struct core_counters;
struct counters;
struct gate;
struct inbox;
struct links;
struct paths;
struct static_peers;
struct strangers;
struct traffic;
struct udp_datagram;

/* All of it outlives the inbox. */
struct inbox_config {
    const char *cluster;
    uint64_t boot_nonce; /* of this start */
    const struct links *links; /* those in use */
    struct paths *paths; /* learn whom it was heard from */
    struct traffic *traffic; /* counts what was heard */
    struct strangers *strangers; /* remember who is no member */
    struct counters *counters;
    const struct keys *keys; /* may change, but not to none or from none */
    key_hash hash;
    const struct key_cipher *cipher;
    struct gate *gate; /* NULL: no key */
    const struct static_peers *peers; /* with a key, what comes from there may have crossed a router */
};

/* 0 or -ENOMEM. */
int inbox_open(struct inbox **ret, const struct inbox_config *config);

/* NULL is fine. */
void inbox_close(struct inbox *inbox);

/* Whether a datagram is for the core. On success message has it, the link-local addresses in it with the interface that
 * it came by, and ret_sender is where its sender is to be answered: the source of a unicast, the best way that is known
 * for a multicast. Else nothing is usable, and the first reason against it was counted. */
bool inbox_accept(struct inbox *inbox, const struct udp_datagram *datagram, struct wire_message *message,
                  struct address *ret_sender);

/* What the gate kept, and may be accepted now: each is to be handed in again before the next. */
bool inbox_kept(struct inbox *inbox, struct udp_datagram *ret);

/* After the core had the message: tells what it ignored of it, by the counters as they are now. */
void inbox_tell_ignored(struct inbox *inbox, const struct address *source, const struct core_counters *now);

#endif
