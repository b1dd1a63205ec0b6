/* SPDX-License-Identifier: ISC
 *
 * member.h - the nodes that this one knows: the table of members and the nodes heard lately.
 *
 * The table is the leader's: it hears everybody's heartbeats. A follower uses the same memory for the copy that it
 * pulls when somebody wants to see all members (MEMB-4). It is dense, so that a member's place is its phase slot
 * (EXCH-4), and a leaver's place is taken by the last. Memory and capacity are given once (MEMB-5); ids are found by
 * a hash index.
 */
#ifndef ELDEST_CORE_MEMBER_H
#define ELDEST_CORE_MEMBER_H

#include "core/tries.h"
#include "wire/wire.h"

/* How to reach a node and which start of it. */
struct contact {
    struct node_id id;
    struct address address;
    uint64_t boot_nonce; /* 0 unknown */
};

struct member {
    struct node_id id;
    uint32_t incarnation;
    uint64_t boot_nonce;
    struct address address;
    struct node_facts facts;
    int64_t birth; /* us on the leader's timeline */
    usec_t heard_at; /* last datagram from it */
    uint32_t rtt_us; /* as told in its heartbeats; 0 unknown */
    uint32_t exchange; /* newest one that it opened ... */
    uint16_t exchange_tries; /* ... the highest number of a try of it */
    struct tries tries; /* of those before */
    uint32_t version_told; /* of the table, in an Ack that surely arrived */
    uint32_t version_sent; /* in the Acks of the present exchange */
};

struct member_table {
    struct member *list;
    uint32_t *index; /* hash slots: place + 1, 0 empty */
    uint32_t index_size; /* a power of two, at least twice the capacity */
    uint32_t count;
    uint32_t capacity;
    uint32_t version; /* goes up with every change that members should know of */
};

size_t member_table_size(uint32_t capacity); /* bytes of memory for list and index */
void member_table_init(struct member_table *table, uint32_t capacity, void *memory);
void member_table_clear(struct member_table *table);

struct member *member_find(const struct member_table *table, const struct node_id *id); /* NULL if not listed */

/* A new, zeroed member; NULL when the table is full. The id must not be listed yet. Valid until the next removal. */
struct member *member_add(struct member_table *table, const struct node_id *id);
void member_remove(struct member_table *table, struct member *member);

/* The most senior eligible members, best first, on that timeline; and a member more, that is not among them yet. */
void member_seniors(const struct member_table *table, uint64_t timeline, struct wire_successors *seniors);
void member_seniors_add(struct wire_successors *seniors, const struct member *member, uint64_t timeline);

/* NULL, or which invariant of the table is broken. */
const char *member_table_check(const struct member_table *table);

/* Nodes heard lately, by anything they sent: the oldest entry gives way (MEMB-5). */
enum { HEARD_MAX = 64 };

struct heard {
    struct contact contact;
    uint32_t incarnation; /* highest one heard; 0 none */
    char name[NODE_NAME_MAX + 1]; /* "" if not told */
    bool announced; /* the following were told */
    bool eligible;
    bool fresh; /* it has no history: of a majority cluster, it knows no seats */
    bool votes; /* in a majority cluster, now or at its bootstrap */
    uint16_t priority;
    usec_t born_at; /* its age counts from here, by my clock */
    usec_t at; /* last heard */
};

struct heard_list {
    struct heard list[HEARD_MAX];
    unsigned count;
};

const struct heard *heard_find(const struct heard_list *heard, const struct node_id *id); /* NULL if not there */

/* The entry of that node, made if need be, with contact and time brought up to date. Who has taken another id is
 * forgotten under the former one, which may be another host's now (MEMB-7). */
struct heard *heard_note(struct heard_list *heard, const struct contact *contact, usec_t now);

#endif
