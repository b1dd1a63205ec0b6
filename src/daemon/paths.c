/* SPDX-License-Identifier: ISC
 *
 * paths.c - see paths.h. The nodes are a list without gaps; where in it one is, by its boot nonce, tells places.h.
 * Another order goes through them, that in which they were heard last.
 */
#include "daemon/paths.h"

#include "base/places.h"
#include "base/util.h"
#include "daemon/links.h"
#include "platform/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_ROOM = 16 }; /* nodes */

static const uint32_t nobody = UINT32_MAX;

static const usec_t remembered_us = 10 * USEC_PER_SEC; /* in any case */
static const usec_t answer_us = USEC_PER_SEC / 2; /* after which none comes */
static const usec_t another_chance_us = 10 * USEC_PER_SEC; /* the next twice as late, and so on */

enum { CHANCE_DOUBLINGS_MAX = 5 };

struct paths {
    const struct links *links;
    struct paths_node *nodes;
    struct places places; /* of `room` of them */
    unsigned count, room;
    uint32_t first, last; /* the node not heard for longest, the one heard last; or nobody */
    uint64_t secret; /* of places */
};

/* --- where they are --- */

static int grow(struct paths *paths) {
    unsigned room = paths->room ? 2 * paths->room : FIRST_ROOM;
    struct paths_node *nodes = reallocarray(paths->nodes, room, sizeof *nodes);
    struct place *slots;

    if (!nodes)
        return -ENOMEM;
    paths->nodes = nodes;
    slots = calloc(places_slots(room), sizeof *slots);
    if (!slots)
        return -ENOMEM;
    free(paths->places.slots);
    places_begin(&paths->places, slots, places_slots(room), paths->secret);
    for (unsigned i = 0; i < paths->count; i++)
        places_put(&paths->places, paths->nodes[i].boot_nonce, i);
    paths->room = room;
    return 0;
}

int paths_open(struct paths **ret, const struct links *links) {
    struct paths *paths = calloc(1, sizeof *paths);

    if (!paths)
        return -ENOMEM;
    paths->links = links;
    paths->first = paths->last = nobody;
    if (getrandom(&paths->secret, sizeof paths->secret, 0) < 0)
        paths->secret = 0; /* fine for nonces that are honest */
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
    free(paths->places.slots);
    free(paths);
}

static struct paths_node *find(const struct paths *paths, uint64_t boot_nonce) {
    uint32_t index = places_find(&paths->places, boot_nonce);

    return index == PLACES_NONE ? NULL : &paths->nodes[index];
}

/* --- in the order in which they were heard last --- */

static void take_out(struct paths *paths, const struct paths_node *node) {
    *(node->heard_before == nobody ? &paths->first : &paths->nodes[node->heard_before].heard_after) = node->heard_after;
    *(node->heard_after == nobody ? &paths->last : &paths->nodes[node->heard_after].heard_before) = node->heard_before;
}

static void put_last(struct paths *paths, struct paths_node *node) {
    uint32_t place = (uint32_t)(node - paths->nodes);

    node->heard_before = paths->last;
    node->heard_after = nobody;
    *(paths->last == nobody ? &paths->first : &paths->nodes[paths->last].heard_after) = place;
    paths->last = place;
}

/* --- the nodes --- */

/* A place for one more; if there is no room, that of the one not heard for longest. NULL if that was lately. */
static struct paths_node *make_room(struct paths *paths, usec_t now) {
    struct paths_node *node;

    if (paths->count < paths->room || (paths->room < PATHS_NODES_MAX && grow(paths) == 0))
        return &paths->nodes[paths->count++];
    node = &paths->nodes[paths->first];
    if (now - node->heard_at < remembered_us)
        return NULL;
    places_remove(&paths->places, node->boot_nonce);
    take_out(paths, node);
    return node;
}

/* It is not in the order yet. */
static struct paths_node *add(struct paths *paths, uint64_t boot_nonce, usec_t now) {
    struct paths_node *node = make_room(paths, now);

    if (!node)
        return NULL;
    *node = (struct paths_node){ .boot_nonce = boot_nonce };
    places_put(&paths->places, boot_nonce, (uint32_t)(node - paths->nodes));
    return node;
}

const struct paths_node *paths_next(const struct paths *paths, const struct paths_node *after) {
    uint32_t place = after ? after->heard_before : paths->last;

    return place == nobody ? NULL : &paths->nodes[place];
}

/* --- what is heard --- */

static usec_t last_heard(const struct path *path) {
    return max_i64(path->unicast_at, path->multicast_at);
}

static bool is_at(const struct path *path, const struct address *source) {
    return address_equal(&path->address, source) && path->address.ifindex == source->ifindex;
}

static struct path *path_at(struct paths_node *node, const struct address *address) {
    for (unsigned i = 0; node && i < node->count; i++)
        if (is_at(&node->list[i], address))
            return &node->list[i];
    return NULL;
}

const struct path *paths_find(const struct paths *paths, uint64_t boot_nonce, const struct address *address) {
    return path_at(find(paths, boot_nonce), address);
}

void paths_asked(struct paths *paths, uint64_t boot_nonce, const struct address *address, usec_t sent) {
    struct path *path = path_at(find(paths, boot_nonce), address);

    if (path)
        path->question_sent = sent;
}

bool paths_know(const struct paths *paths, uint64_t boot_nonce, const struct address *source) {
    return paths_find(paths, boot_nonce, source) != NULL;
}

static bool is_gone(const struct path *path, usec_t now) {
    return now - last_heard(path) >= remembered_us;
}

/* Whether less is lost with the one than with the other: what was heard by multicasts only may be no way at all. */
static bool is_less(const struct path *one, const struct path *other, usec_t now) {
    if (is_gone(one, now) != is_gone(other, now))
        return is_gone(one, now);
    if ((one->unicast_at == 0) != (other->unicast_at == 0))
        return one->unicast_at == 0;
    return last_heard(one) < last_heard(other);
}

/* A place for a new path; NULL if none of the others may go. If there were always one to go, a node that is heard by
 * more ways than there are places would lose, at each of its multicasts, what is known of each of them. */
static struct path *make_way(struct paths_node *node, bool multicast, usec_t now) {
    struct path *least = &node->list[0];

    if (node->count < PATHS_PER_NODE)
        return &node->list[node->count++];
    for (unsigned i = 1; i < node->count; i++)
        if (is_less(&node->list[i], least, now))
            least = &node->list[i];
    return is_gone(least, now) || (!multicast && least->unicast_at == 0) ? least : NULL;
}

/* The path of that address, a new one if need be; NULL if there is no room for it. */
static struct path *path_of(struct paths_node *node, const struct address *source, bool multicast, usec_t now) {
    struct path *path = path_at(node, source);

    if (path)
        return path;
    path = make_way(node, multicast, now);
    if (path)
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

/* It is that of the address that the question went from, whatever way the answer has taken: where hosts have two
 * interfaces on one link, that may be another one. And what answers no question tells nothing. */
static void learn_cookie(struct paths_node *node, const struct wire_message *message) {
    if (message->header.type != WIRE_ACK || message->cookie == 0)
        return;
    for (unsigned i = 0; i < node->count; i++)
        if (node->list[i].question_sent != 0 && node->list[i].question_sent == message->ack.sent)
            node->list[i].cookie = message->cookie;
}

static void note_unicast(struct path *path, const struct wire_message *message, usec_t now) {
    path->unicast_at = now;
    path->unanswered = path->chances = 0;
    if (message->header.type == WIRE_ACK)
        note_round_trip(path, now - message->ack.sent);
}

bool paths_heard(struct paths *paths, const struct wire_message *message, const struct address *source, bool multicast,
                 usec_t now) {
    const struct wire_header *header = &message->header;
    struct paths_node *node = find(paths, header->boot_nonce);
    struct path *path;
    bool repeat;

    if (node)
        take_out(paths, node);
    else
        node = add(paths, header->boot_nonce, now);
    if (!node)
        return true;
    put_last(paths, node);
    node->id = header->sender;
    node->heard_at = now;
    path = path_of(node, source, multicast, now);
    if (path && multicast)
        path->multicast_at = now;
    else if (path)
        note_unicast(path, message, now);
    if (!multicast) {
        learn_cookie(node, message);
        return true;
    }
    repeat = header->seq < WIRE_SEQ_FAREWELL && is_repeat(node, header->seq); /* a sentinel repeats all that it says */
    node->repeated += repeat;
    return !repeat;
}

void paths_heard_group(struct paths *paths, uint64_t boot_nonce, const struct address *source, usec_t now) {
    struct path *path = path_at(find(paths, boot_nonce), source);

    if (path)
        path->group_at = now;
}

/* --- the choice --- */

/* Round trips that differ by chance are alike. */
static unsigned round_trip_class(const struct path *path) {
    unsigned class = 0;

    for (uint32_t rtt = path->rtt_us / 2000; rtt > 0; rtt /= 4)
        class++;
    return class;
}

static bool has_another_chance(const struct path *path, usec_t now) {
    return now - path->asked_at >= another_chance_us << min_i64(path->chances, CHANCE_DOUBLINGS_MAX);
}

/* It never answers, or not even when it had another chance. */
static bool seems_dead(const struct path *path) {
    return path->unanswered > 0 && (path->unicast_at == 0 || path->chances > 0);
}

/* What seems dead gets one in four of the tries where all are lost: if it got half of them, a leader would be lost by
 * half as many losses. */
static unsigned doubt(const struct path *path, usec_t now) {
    if (path->unanswered == 0 || has_another_chance(path, now))
        return 0;
    return path->unanswered * (seems_dead(path) ? 3 : 1);
}

/* Negative if the first is the better one. */
static int compare(const struct path *a, const struct path *b, usec_t now) {
    if (doubt(a, now) != doubt(b, now))
        return doubt(a, now) < doubt(b, now) ? -1 : 1;
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

/* The best of those that will do; NULL if there is none. */
static struct path *choose(const struct paths *paths, uint64_t boot_nonce, usec_t now,
                           bool (*will_do)(const struct path *path, usec_t now)) {
    struct paths_node *node = boot_nonce == 0 ? NULL : find(paths, boot_nonce); /* 0: not known */
    struct path *found = NULL;

    for (unsigned i = 0; node && i < node->count; i++) {
        struct path *path = &node->list[i];

        if (will_do(path, now) && links_reach(paths->links, &path->address) &&
            (!found || compare(path, found, now) < 0))
            found = path;
    }
    return found;
}

static bool is_any(const struct path *path, usec_t now) {
    (void)path;
    (void)now;
    return true;
}

static struct path *best(const struct paths *paths, uint64_t boot_nonce, usec_t now) {
    return choose(paths, boot_nonce, now, is_any);
}

struct address paths_best(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now) {
    const struct path *path = best(paths, boot_nonce, now);

    return path ? path->address : *told;
}

static bool has_cookie(const struct path *path, usec_t now) {
    (void)now;
    return path->cookie != 0;
}

struct address paths_best_known(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now) {
    const struct path *path = choose(paths, boot_nonce, now, has_cookie);

    return path ? path->address : paths_best(paths, boot_nonce, told, now);
}

/* A single question may still be answered; that it is time for another one is no answer. */
static bool seems_alive(const struct path *path, usec_t now) {
    if (seems_dead(path))
        return false;
    return doubt(path, now) == 0 || (doubt(path, now) == 1 && now - path->asked_at < answer_us);
}

static bool is_presentable(const struct path *path, usec_t now) {
    return !address_is_link_local(&path->address) && seems_alive(path, now);
}

struct address paths_presentable(const struct paths *paths, uint64_t boot_nonce, const struct address *told,
                                 usec_t now) {
    const struct path *path = address_is_link_local(told) ? choose(paths, boot_nonce, now, is_presentable) : NULL;

    return path ? path->address : *told;
}

/* A way by which nothing was ever asked or answered; NULL if there is none. */
static struct path *untried(const struct paths *paths, uint64_t boot_nonce) {
    struct paths_node *node = find(paths, boot_nonce);

    for (unsigned i = 0; node && i < node->count; i++) {
        struct path *path = &node->list[i];

        if (path->asked_at == 0 && path->unicast_at == 0 && links_reach(paths->links, &path->address))
            return path;
    }
    return NULL;
}

/* While the best way answers, each of the others is tried once. Else the first question by it would be one that the
 * best has lost, and the kernel keeps what it sends to a neighbour of which it does not know yet how to reach it: such
 * questions arrive seconds later, when a leader that was cut off is back, and look as if somebody followed it (F6). */
struct address paths_ask(struct paths *paths, uint64_t boot_nonce, const struct address *told, usec_t now) {
    struct path *path = best(paths, boot_nonce, now), *other;

    if (!path)
        return *told;
    other = path->unicast_at != 0 && path->unanswered == 0 ? untried(paths, boot_nonce) : NULL;
    if (other)
        path = other;
    if (path->unanswered > 0 && has_another_chance(path, now)) {
        path->unanswered = 0;
        path->chances++;
    }
    path->unanswered++;
    path->asked_at = now;
    return path->address;
}
