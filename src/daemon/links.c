/* SPDX-License-Identifier: ISC
 *
 * links.c - see links.h. Each update goes the same way: what the host has is compared with what is in use; what can
 * be used no more goes, what changed is joined anew, what is new is added.
 */
#include "daemon/links.h"

#include "base/util.h"
#include "daemon/log.h"
#include "platform/address.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOSSES_FREE = 2 }; /* that cost no waiting */

static const usec_t loss_memory_us = 30 * USEC_PER_SEC;
static const usec_t hold_step_us = USEC_PER_SEC;
static const usec_t hold_max_us = 5 * USEC_PER_SEC;
static const usec_t list_again_us = USEC_PER_SEC; /* if it could not be had */
static const usec_t join_again_us = 5 * USEC_PER_SEC; /* if no family could */

/* What is remembered of an interface that was lost. */
struct loss {
    uint32_t ifindex; /* 0: a free place */
    unsigned count; /* within the memory */
    usec_t last_at;
};

struct links {
    struct links_config config;
    struct iface_watch *watch;
    struct link_list seen;
    unsigned count;
    struct link used[LINKS_USED_MAX];
    struct loss losses[LINKS_USED_MAX];
    usec_t deadline; /* the first that is damped may be used again, or what failed is tried again */
    struct log_limit list_limit, join_limit;
    bool unsure; /* of each: the kernel could not tell all that happened */
    bool told_idle; /* the log has said that there is none */
};

/* What one update found. */
struct change {
    bool any;
    bool came_up;
};

int links_open(struct links **ret, const struct links_config *config) {
    struct links *links = calloc(1, sizeof *links);
    int result;

    if (!links)
        return -ENOMEM;
    links->config = *config;
    links->deadline = USEC_NEVER;
    links->list_limit = links->join_limit = (struct log_limit)LOG_LIMIT_INIT;
    result = iface_watch_open(&links->watch);
    if (result < 0) {
        free(links);
        return result;
    }
    *ret = links;
    return 0;
}

void links_close(struct links *links) {
    if (!links)
        return;
    iface_watch_close(links->watch);
    iface_list_free(&links->seen);
    free(links);
}

int links_fd(const struct links *links) {
    return iface_watch_fd(links->watch);
}

usec_t links_deadline(const struct links *links) {
    return links->deadline;
}

unsigned links_count(const struct links *links) {
    return links->count;
}

const struct link *links_get(const struct links *links, unsigned index) {
    return &links->used[index];
}

static const struct link *find(const struct link *list, unsigned count, uint32_t ifindex) {
    for (unsigned i = 0; i < count; i++)
        if (list[i].ifindex == ifindex)
            return &list[i];
    return NULL;
}

const struct link *links_find(const struct links *links, uint32_t ifindex) {
    return find(links->used, links->count, ifindex);
}

bool links_carry(const struct link *link, enum family family) {
    return link->addresses[family].family != 0;
}

bool links_reach(const struct links *links, const struct address *address) {
    const struct link *link = links_find(links, address->ifindex);

    return link && links_carry(link, address_family(address));
}

const struct link_list *links_seen(const struct links *links) {
    return &links->seen;
}

/* --- what was lost, and how often --- */

static const struct loss *loss_of(const struct links *links, uint32_t ifindex) {
    for (unsigned i = 0; i < LINKS_USED_MAX; i++)
        if (links->losses[i].ifindex == ifindex)
            return &links->losses[i];
    return NULL;
}

/* Its place, or one that is free or too old to matter; NULL if there is none. */
static struct loss *place_of_loss(struct links *links, uint32_t ifindex, usec_t now) {
    const struct loss *known = loss_of(links, ifindex);

    if (known)
        return &links->losses[known - links->losses];
    for (unsigned i = 0; i < LINKS_USED_MAX; i++)
        if (links->losses[i].ifindex == 0 || now - links->losses[i].last_at > loss_memory_us)
            return &links->losses[i];
    return NULL;
}

static void note_loss(struct links *links, uint32_t ifindex, usec_t now) {
    struct loss *loss = place_of_loss(links, ifindex, now);

    if (!loss)
        return;
    if (loss->ifindex != ifindex || now - loss->last_at > loss_memory_us)
        *loss = (struct loss){ .ifindex = ifindex };
    loss->count++;
    loss->last_at = now;
}

/* Until when an interface is not used again after what was lost. */
static usec_t held_until(const struct links *links, uint32_t ifindex) {
    const struct loss *loss = loss_of(links, ifindex);

    if (!loss || loss->count <= LOSSES_FREE)
        return 0;
    return loss->last_at + min_i64((loss->count - LOSSES_FREE) * hold_step_us, hold_max_us);
}

bool links_damp(const struct links *links, const struct link *link) {
    const struct loss *loss = loss_of(links, link->ifindex);

    return link->state == LINK_USABLE && !links_find(links, link->ifindex) && loss && loss->count > LOSSES_FREE;
}

const char *links_reason(const struct links *links, const struct link *link) {
    if (link->state != LINK_USABLE)
        return link_state_text(link->state);
    if (links_find(links, link->ifindex))
        return "in use";
    if (links_damp(links, link))
        return "comes and goes too often: waiting until it stays";
    if (links->count == LINKS_USED_MAX)
        return "is one too many: 64 are in use";
    return "cannot be joined to the multicast group";
}

/* --- the log --- */

static const char *addresses_text(const struct link *link, char text[2 * ADDRESS_TEXT_SIZE + 8]) {
    char one[ADDRESS_TEXT_SIZE], other[ADDRESS_TEXT_SIZE];

    address_format(&link->addresses[FAMILY_IPV4], one);
    address_format(&link->addresses[FAMILY_IPV6], other);
    snprintf(text, 2 * ADDRESS_TEXT_SIZE + 8, "%s%s%s", one, one[0] && other[0] ? " and " : "", other);
    return text;
}

/* Ports are many on a host with guests, and go without saying; so do the halves of their veth pairs, which are no ports
 * for a moment each time that a guest is started, or never. At the start they are told: there may be nothing else. */
static bool is_dull(enum link_state state, bool at_start) {
    return state == LINK_PORT || state == LINK_LOOPBACK || state == LINK_NOT_CHOSEN ||
           (state == LINK_LOOSE_VETH && !at_start);
}

/* Why an interface is not used, once. */
static void tell_unused(const struct link_list *before, const struct link_list *now) {
    for (unsigned i = 0; i < now->count; i++) {
        const struct link *link = &now->links[i], *old = find(before->links, before->count, link->ifindex);

        if (link->state == LINK_USABLE || (old && old->state == link->state))
            continue;
        if (old && old->state == LINK_USABLE)
            continue; /* told when it was left */
        if (link->ifindex == 0 && old)
            continue;
        if (is_dull(link->state, before->count == 0))
            log_debug("%s: not in use: it %s", link->name, link_state_text(link->state));
        else
            log_info("%s: not in use: it %s", link->name, link_state_text(link->state));
    }
}

/* Says it once when there is none. */
static void tell_idle(struct links *links) {
    if (links->count > 0) {
        links->told_idle = false;
        return;
    }
    if (links->told_idle)
        return;
    links->told_idle = true;
    log_warning("no usable network interface: waiting for one, without a leader; eldest doctor says what each one "
                "lacks");
}

/* --- an update --- */

/* A membership survives a lost carrier, but joining anew makes the switches learn it again at once. */
static bool join_group(struct links *links, const struct link *link, enum family family, usec_t now) {
    int result;

    udp_leave(links->config.udp, family, link->ifindex);
    result = udp_join(links->config.udp, family, link->ifindex);
    if (result < 0)
        log_limited(&links->join_limit, now, LOG_LEVEL_WARNING, "%s: cannot join the IPv%c multicast group: %s",
                    link->name, family == FAMILY_IPV4 ? '4' : '6', strerror(-result));
    return result == 0;
}

/* An address of a family by which the group cannot be joined is as good as none. */
static bool join(struct links *links, struct link *link, usec_t now) {
    char text[2 * ADDRESS_TEXT_SIZE + 8];

    for (unsigned family = 0; family < FAMILIES; family++) {
        if (!(links->config.families & 1U << family))
            link->addresses[family].family = 0;
        if (!links_carry(link, family) || join_group(links, link, family, now))
            continue;
        link->addresses[family].family = 0;
        link->unjoined |= 1U << family;
    }
    if (!links_carry(link, FAMILY_IPV4) && !links_carry(link, FAMILY_IPV6))
        return false;
    link->joined_at = now;
    log_info("%s: in use with %s", link->name, addresses_text(link, text));
    return true;
}

static void leave(struct links *links, const struct link *old, const struct link *now) {
    for (unsigned family = 0; family < FAMILIES; family++)
        udp_leave(links->config.udp, family, old->ifindex);
    log_warning("%s: no longer in use: it %s", old->name, now ? links_reason(links, now) : "is gone");
}

/* As far as they are used. */
static bool same_addresses(const struct links *links, const struct link *seen, const struct link *used) {
    for (unsigned family = 0; family < FAMILIES; family++)
        if ((links->config.families & ~used->unjoined & 1U << family) &&
            !address_equal(&seen->addresses[family], &used->addresses[family]))
            return false;
    return true;
}

/* Keeps what is still usable, joined anew if it was, or may have been, interrupted or has other addresses, and drops
 * the rest. */
static void keep_usable(struct links *links, usec_t now, struct change *change) {
    struct link before[LINKS_USED_MAX];
    unsigned count = links->count;

    memcpy(before, links->used, count * sizeof before[0]);
    links->count = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct link *old = &before[i], *seen = find(links->seen.links, links->seen.count, old->ifindex);
        bool usable = seen && seen->state == LINK_USABLE;
        bool lost = !usable || old->interrupted;
        bool same = !lost && !links->unsure && same_addresses(links, seen, old);
        struct link next = same ? *old : usable ? *seen : (struct link){ .ifindex = 0 };

        if (lost)
            note_loss(links, old->ifindex, now);
        if (same)
            memcpy(next.name, seen->name, sizeof next.name); /* it can have a new one */
        if (!usable || held_until(links, old->ifindex) > now)
            leave(links, old, seen);
        else if (same || join(links, &next, now))
            links->used[links->count++] = next;
        change->any |= !same;
        change->came_up |= usable && lost;
    }
    links->unsure = false;
}

/* In its place by the index. */
static void insert(struct links *links, const struct link *link) {
    unsigned place = links->count++;

    for (; place > 0 && links->used[place - 1].ifindex > link->ifindex; place--)
        links->used[place] = links->used[place - 1];
    links->used[place] = *link;
}

/* Adds the others. */
static void add_usable(struct links *links, usec_t now, struct change *change) {
    links->deadline = USEC_NEVER;
    for (unsigned i = 0; i < links->seen.count && links->count < LINKS_USED_MAX; i++) {
        struct link next = links->seen.links[i];
        usec_t until = held_until(links, next.ifindex);

        if (next.state != LINK_USABLE || links_find(links, next.ifindex))
            continue;
        if (until > now)
            links->deadline = min_i64(links->deadline, until);
        if (until > now)
            continue;
        if (!join(links, &next, now)) {
            links->deadline = min_i64(links->deadline, now + join_again_us);
            continue;
        }
        insert(links, &next);
        change->any = change->came_up = true;
    }
}

bool links_update(struct links *links, usec_t now, bool *ret_came_up) {
    struct link_list seen;
    struct change change = { .any = false };
    int result;

    links->unsure |= iface_watch_read(links->watch, links->used, links->count) < 0;
    result = iface_list(links->config.choice, links->config.families, &seen);
    if (result < 0) {
        links->deadline = now + list_again_us; /* nobody says when it would succeed */
        log_limited(&links->list_limit, now, LOG_LEVEL_WARNING,
                    "cannot list the network interfaces: %s; going on with those in use", strerror(-result));
        return false;
    }
    tell_unused(&links->seen, &seen);
    iface_list_free(&links->seen);
    links->seen = seen;
    keep_usable(links, now, &change);
    add_usable(links, now, &change);
    tell_idle(links);
    *ret_came_up = change.came_up;
    return change.any;
}
