/* SPDX-License-Identifier: ISC
 *
 * types.h - the few values that every layer speaks of: time, nodes, addresses, tokens, seniority.
 *
 * Plain structs, compared and copied by value. No layer below, no system header beyond the C integer types.
 */
#ifndef ELDEST_BASE_TYPES_H
#define ELDEST_BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A point in time on CLOCK_BOOTTIME, or a duration: microseconds. */
typedef int64_t usec_t;

#define USEC_PER_MS 1000LL
#define USEC_PER_SEC 1000000LL
#define USEC_NEVER INT64_MAX

/* How long a node can be asked to pause; what the client and the daemon agree on. */
#define PAUSE_MIN (1 * USEC_PER_SEC)
#define PAUSE_MAX (3650 * 24 * 3600 * USEC_PER_SEC)

/* Identity of a node: 128 random bits, persisted. All zero means "none". */
struct node_id {
    uint8_t bytes[16];
};

/* Where a node is reached. Opaque to the core, which only compares and hands back. */
struct address {
    uint8_t family; /* 0 none, 4, 6 */
    uint8_t bytes[16]; /* network order; IPv4 uses the first four, the rest is zero */
    uint16_t port; /* host order */
    uint32_t ifindex; /* local interface, never on the wire; 0 unknown */
};

/* A leadership: its number and who holds it. {0, none} means "no leadership". */
struct token {
    uint64_t epoch;
    struct node_id leader;
};

/* What seniority is computed from, frozen for a term of leadership (the key of eldest-protocol(7)). */
struct rank_key {
    uint16_t priority; /* higher is more senior */
    uint64_t timeline; /* random id of the timeline that birth counts on; 0 none yet */
    int64_t birth; /* microseconds on that timeline; earlier is more senior */
    struct node_id id;
};

/* Longest names and lists, in bytes or entries; what the wire and the core agree on. */
enum {
    CLUSTER_NAME_MAX = 32,
    NODE_NAME_MAX = 63,
    TAGS_MAX = 256,
    SUCCESSORS_MAX = 16,
    ROSTER_MAX = 9,
};

/* What a node tells of itself when it registers. Strings are NUL-terminated and never longer than given. */
struct node_facts {
    char name[NODE_NAME_MAX + 1];
    char tags[TAGS_MAX + 1]; /* tags.h; of others anything printable */
    uint16_t priority;
    bool eligible;
    bool paused; /* not eligible for a while, by the will of its users */
};

/* Order of ids as byte strings: negative, 0, positive. */
int node_id_compare(const struct node_id *a, const struct node_id *b);
bool node_id_equal(const struct node_id *a, const struct node_id *b);
bool node_id_is_none(const struct node_id *id);

/* Same family, bytes and port; the interface does not count. */
bool address_equal(const struct address *a, const struct address *b);

bool token_equal(const struct token *a, const struct token *b);

#endif
