/* SPDX-License-Identifier: ISC
 *
 * paths.c - see paths.h. The nodes are a list without gaps; a table of places in it, found by the boot nonce, makes
 * thousands of them cheap.
 */
#include "daemon/paths.h"

#include "base/util.h"
#include "daemon/links.h"
#include "platform/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROOM = 16, /* nodes */
    SLOTS_PER_NODE = 2,
};

static const usec_t another_chance_us = 10 * USEC_PER_SEC;

struct paths {
    const struct links *links;
    struct paths_node *nodes;
    uint32_t *slots; /* index of a node + 1, or 0; SLOTS_PER_NODE * room of them */
    unsigned count, room;
};

/* --- the nodes --- */

/* The slot of that node, or the free one where it belongs. Boot nonces are random numbers already. */
static uint32_t *slot_of(const struct paths *paths, uint64_t boot_nonce) {
    unsigned slots = SLOTS_PER_NODE * paths->room;
    unsigned at = (unsigned)(boot_nonce % slots);

    while (paths->slots[at] != 0 && paths->nodes[paths->slots[at] - 1].boot_nonce != boot_nonce)
        at = (at + 1) % slots;
    return &paths->slots[at];
}

static void fill_slots(struct paths *paths) {
    memset(paths->slots, 0, SLOTS_PER_NODE * paths->room * sizeof *paths->slots);
    for (unsigned i = 0; i < paths->count; i++)
        *slot_of(paths, paths->nodes[i].boot_nonce) = i + 1;
}

static int grow(struct paths *paths) {
    unsigned room = paths->room ? 2 * paths->room : FIRST_ROOM;
    struct paths_node *nodes = reallocarray(paths->nodes, room, sizeof *nodes);
    uint32_t *slots;

    if (!nodes)
        return -ENOMEM;
    paths->nodes = nodes;
    slots = reallocarray(paths->slots, SLOTS_PER_NODE * room, sizeof *slots);
    if (!slots)
        return -ENOMEM;
    paths->slots = slots;
    paths->room = room;
    fill_slots(paths);
    return 0;
}

int paths_open(struct paths **ret, const struct links *links) {
    struct paths *paths = calloc(1, sizeof *paths);

    if (!paths)
        return -ENOMEM;
    paths->links = links;
    if (grow(paths) < 0) {
        paths_close(paths);
        return -ENOMEM;
    }
    *ret = paths;
    return 0;
}

void paths_close(struct paths *paths) {
    if (!paths)
        return;
    free(paths->nodes);
    free(paths->slots);
    free(paths);
}

static struct paths_node *find(const struct paths *paths, uint64_t boot_nonce) {
    uint32_t place = *slot_of(paths, boot_nonce);

    return place == 0 ? NULL : &paths->nodes[place - 1];
}

/* The place of the one not heard for longest. */
static unsigned oldest(const struct paths *paths) {
    unsigned found = 0;

    for (unsigned i = 1; i < paths->count; i++)
        if (paths->nodes[i].heard_at < paths->nodes[found].heard_at)
            found = i;
    return found;
}

static struct paths_node *add(struct paths *paths, uint64_t boot_nonce) {
    bool full = paths->count == paths->room && (paths->room >= PATHS_NODES_MAX || grow(paths) < 0);
    unsigned place = full ? oldest(paths) : paths->count++;

    paths->nodes[place] = (struct paths_node){ .boot_nonce = boot_nonce };
    if (full)
        fill_slots(paths); /* the one that was there has to leave its slot */
    else
        *slot_of(paths, boot_nonce) = place + 1;
    return &paths->nodes[place];
}

const struct paths_node *paths_find(const struct paths *paths, const struct node_id *id) {
    const struct paths_node *found = NULL;

    for (unsigned i = 0; i < paths->count; i++) {
        const struct paths_node *node = &paths->nodes[i];

        if (node_id_equal(&node->id, id) && (!found || node->heard_at > found->heard_at))
            found = node;
    }
    return found;
}

const struct paths_node *paths_get(const struct paths *paths, unsigned index) {
    return index < paths->count ? &paths->nodes[index] : NULL;
}

/* --- what is heard --- */

static usec_t last_heard(const struct path *path) {
    return max_i64(path->unicast_at, path->multicast_at);
}

/* The path of that address, in the place of the one not heard for longest if it is new and there is no room. */
static struct path *path_of(struct paths_node *node, const struct address *source) {
    struct path *path = &node->list[0];

    for (unsigned i = 0; i < node->count; i++)
        if (address_equal(&node->list[i].address, source) && node->list[i].address.ifindex == source->ifindex)
            return &node->list[i];
    if (node->count < PATHS_PER_NODE)
        path = &node->list[node->count++];
    for (unsigned i = 1; path == &node->list[0] && node->count == PATHS_PER_NODE && i < node->count; i++)
        if (last_heard(&node->list[i]) < last_heard(path))
            path = &node->list[i];
    *path = (struct path){ .address = *source };
    return path;
}

static bool is_repeat(struct paths_node *node, uint64_t seq) {
    for (uint64_t i = 0; i < ARRAY_SIZE(node->seqs) && i < node->multicasts; i++)
        if (node->seqs[i] == seq)
            return true;
    node->seqs[node->multicasts++ % ARRAY_SIZE(node->seqs)] = seq;
    return false;
}

/* As in TCP, one eighth of each new one. */
static void note_round_trip(struct path *path, usec_t rtt) {
    if (rtt <= 0 || rtt > 10 * USEC_PER_SEC)
        return;
    path->rtt_us = path->rtt_us == 0 ? (uint32_t)rtt : (uint32_t)((7 * (usec_t)path->rtt_us + rtt) / 8);
}

bool paths_heard(struct paths *paths, const struct wire_message *message, const struct address *source, bool multicast,
                 usec_t now) {
    const struct wire_header *header = &message->header;
    struct paths_node *node = find(paths, header->boot_nonce);
    struct path *path;

    if (!node)
        node = add(paths, header->boot_nonce);
    node->id = header->sender;
    node->heard_at = now;
    path = path_of(node, source);
    if (multicast) { /* a sentinel has but one seq for all that it says */
        bool repeat = header->seq != UINT64_MAX && is_repeat(node, header->seq);

        path->multicast_at = now;
        node->repeated += repeat;
        return !repeat;
    }
    path->unicast_at = now;
    path->unanswered = 0;
    if (header->type == WIRE_ACK)
        note_round_trip(path, now - message->ack.sent);
    return true;
}

/* --- the choice --- */

/* Round trips that differ by chance are alike. */
static unsigned round_trip_class(const struct path *path) {
    unsigned class = 0;

    for (uint32_t rtt = path->rtt_us / 2000; rtt > 0; rtt /= 4)
        class++;
    return class;
}

static unsigned unanswered(const struct path *path, usec_t now) {
    return now - path->asked_at >= another_chance_us ? 0 : path->unanswered;
}

/* Negative if the first is the better one. */
static int compare(const struct path *a, const struct path *b, usec_t now) {
    if (unanswered(a, now) != unanswered(b, now))
        return unanswered(a, now) < unanswered(b, now) ? -1 : 1;
    if (round_trip_class(a) != round_trip_class(b))
        return round_trip_class(a) < round_trip_class(b) ? -1 : 1;
    if (address_is_link_local(&a->address) != address_is_link_local(&b->address))
        return address_is_link_local(&b->address) ? -1 : 1;
    if (a->address.family != b->address.family)
        return a->address.family == 4 ? -1 : 1;
    if (a->address.ifindex != b->address.ifindex)
        return a->address.ifindex < b->address.ifindex ? -1 : 1;
    return last_heard(a) > last_heard(b) ? -1 : 1; /* it has a new address */
}

static struct path *best(const struct paths *paths, uint64_t boot_nonce, usec_t now) {
    struct paths_node *node = find(paths, boot_nonce);
    struct path *found = NULL;

    for (unsigned i = 0; node && i < node->count; i++) {
        struct path *path = &node->list[i];

        if (links_reach(paths->links, &path->address) && (!found || compare(path, found, now) < 0))
            found = path;
    }
    return found;
}

struct address paths_best(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now) {
    const struct path *path = best(paths, boot_nonce, now);

    return path ? path->address : *told;
}

struct address paths_ask(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now) {
    struct path *path = best(paths, boot_nonce, now);

    if (!path)
        return *told;
    path->unanswered = unanswered(path, now) + 1;
    path->asked_at = now;
    return path->address;
}
