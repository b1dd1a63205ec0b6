/* SPDX-License-Identifier: ISC
 *
 * paths.h - by which ways each node is heard and reached: a node with two interfaces and two families of addresses has
 * four, eight where both interfaces of both nodes are on one link, and is one node.
 *
 * A path is an interface of ours and an address of theirs. What a node was heard by is learnt from every datagram; how
 * well a path does, from the questions that are asked by it: one that was not answered is behind all that were, so the
 * next question, a retry too, takes another path; but one that never answers takes few tries from one that lost a
 * question. Ten seconds later it gets another chance, the next after twenty, and so on. Among paths that do equally
 * well one with a clearly shorter round trip comes first, then a global address before a link-local one, then IPv4.
 *
 * A way that was never tried is asked once as soon as another one has answered.
 *
 * Of more than PATHS_PER_NODE, those that were not heard for ten seconds go first, then those by which no unicast has
 * come. No other one goes but, for a unicast, one that was heard by multicasts only.
 *
 * A multicast goes out on all interfaces with one seq: of the copies that come back together here the first counts.
 *
 * Nodes are known by their boot nonce. Of more than PATHS_NODES_MAX the one not heard for longest is forgotten, but
 * none that was heard within the last ten seconds: then the new one is not remembered, so that strangers push out
 * nobody.
 */
#ifndef ELDEST_DAEMON_PATHS_H
#define ELDEST_DAEMON_PATHS_H

#include "wire/wire.h"

enum {
    PATHS_PER_NODE = 8,
    PATHS_NODES_MAX = 16384, /* as many as a leader can list */
};

/* A way to a node. Times are those of the last datagram; 0: none yet. */
struct path {
    struct address address; /* theirs, with our interface */
    usec_t unicast_at, multicast_at; /* heard by it; the latter by broadcast too, */
    usec_t group_at; /* and this by the group alone */
    usec_t asked_at; /* the last question that was sent by it */
    usec_t question_sent; /* the same, as the last Heartbeat says it, and its Ack tells back */
    uint32_t unanswered; /* questions since the last unicast heard by it, or since its last chance, ... */
    uint32_t chances; /* ... of which it had so many */
    uint32_t rtt_us; /* smoothed; 0 unknown */
    uint64_t cookie; /* that the node has told this one by it (SEC-4); 0: none yet */
};

struct paths_node {
    uint64_t boot_nonce;
    struct node_id id;
    usec_t heard_at;
    uint64_t multicasts; /* heard, ... */
    uint64_t repeated; /* ... and copies of these */
    unsigned count;
    struct path list[PATHS_PER_NODE];
    uint64_t seqs[8]; /* of the multicasts heard last */
    uint32_t heard_before, heard_after; /* this one: indexes; UINT32_MAX: nobody */
};

struct links;
struct paths;

/* The links outlive the paths: a path by an interface that is not in use is none. 0 or -ENOMEM. */
int paths_open(struct paths **ret, const struct links *links);

/* NULL is fine. */
void paths_close(struct paths *paths);

/* A message was heard: notes by which path. False if it is a copy of a multicast that was heard already. */
bool paths_heard(struct paths *paths, const struct wire_message *message, const struct address *source, bool multicast,
                 usec_t now);

/* Whether that address is a path to the node already. */
bool paths_know(const struct paths *paths, uint64_t boot_nonce, const struct address *source);

/* The way to the node with that boot nonce by that address and its interface; NULL if it is none. Valid until the next
 * paths_heard(). */
const struct path *paths_find(const struct paths *paths, uint64_t boot_nonce, const struct address *address);

/* A Heartbeat goes by that way, and says that it was sent then: the cookie in its Ack is for this way. */
void paths_asked(struct paths *paths, uint64_t boot_nonce, const struct address *address, usec_t sent);

/* What was just heard from that source came to the group. */
void paths_heard_group(struct paths *paths, uint64_t boot_nonce, const struct address *source, usec_t now);

/* The best path to the node with that boot nonce (0: it is not known); the address as told if none is known. */
struct address paths_best(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now);

/* The same for a question: that it is not answered counts against the path from now on. */
struct address paths_ask(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now);

/* The same for what gets no answer without a cookie: the best path that has one, if there is any. */
struct address paths_best_known(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now);

/* The address for people and programs, who may want to use it for something else: a link-local one only if the node is
 * not reached by any other. */
struct address paths_presentable(const struct paths *paths, uint64_t boot_nonce, const struct address *told,
                                 usec_t now);

/* All nodes: after NULL the one heard last, then each time the one heard before; NULL: that was all. Valid until the
 * next paths_heard(). */
const struct paths_node *paths_next(const struct paths *paths, const struct paths_node *after);

#endif
