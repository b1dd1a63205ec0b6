/* SPDX-License-Identifier: ISC
 *
 * links.c - see links.h.
 */
#include "daemon/links.h"

#include "daemon/log.h"
#include "platform/address.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct links {
    struct udp *udp;
    int watch_fd;
    const char *const *names;
    unsigned name_count;
    unsigned count;
    struct link used[LINKS_USED_MAX];
    bool told_idle; /* the log has said that there is none */
};

/* What one update found. */
struct change {
    bool any;
    bool came_up;
};

int links_open(struct links **ret, const char *const *names, unsigned name_count, struct udp *udp) {
    struct links *links = calloc(1, sizeof *links);
    int result;

    if (!links)
        return -ENOMEM;
    links->udp = udp;
    links->names = names;
    links->name_count = name_count;
    result = iface_watch_open(&links->watch_fd);
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
    close(links->watch_fd);
    free(links);
}

int links_fd(const struct links *links) {
    return links->watch_fd;
}

unsigned links_count(const struct links *links) {
    return links->count;
}

const struct link *links_get(const struct links *links, unsigned index) {
    return &links->used[index];
}

static struct link *find(struct link *list, unsigned count, uint32_t ifindex) {
    unsigned i;

    for (i = 0; i < count; i++)
        if (list[i].ifindex == ifindex)
            return &list[i];
    return NULL;
}

bool links_contain(const struct links *links, uint32_t ifindex) {
    unsigned i;

    for (i = 0; i < links->count; i++)
        if (links->used[i].ifindex == ifindex)
            return true;
    return false;
}

/* A membership survives a lost carrier, but joining anew makes the switches learn it again at once. */
static bool join(struct links *links, const struct link *link) {
    char text[ADDRESS_TEXT_SIZE];
    int result;

    udp_leave(links->udp, link->ifindex);
    result = udp_join(links->udp, link->ifindex);
    if (result < 0) {
        log_warning("%s: cannot join the multicast group: %s", link->name, strerror(-result));
        return false;
    }
    log_info("%s: in use with address %s", link->name, address_format(&link->address, text));
    return true;
}

static void leave(struct links *links, const struct link *old, const struct link *now) {
    udp_leave(links->udp, old->ifindex);
    log_warning("%s: no longer in use: it %s", old->name,
                now ? link_state_text(now->state) : "is gone, or part of another interface");
}

/* Keeps what is still usable, joined anew if it was interrupted or has another address, and drops the rest.
 * */
static void keep_usable(struct links *links, struct link *listed, unsigned listed_count, struct change *change) {
    unsigned i, kept = 0;

    for (i = 0; i < links->count; i++) {
        struct link old = links->used[i];
        const struct link *now = find(listed, listed_count, old.ifindex);
        bool usable = now && now->state == LINK_USABLE;
        bool same = usable && !old.interrupted && address_equal(&now->address, &old.address);

        if (!usable)
            leave(links, &old, now);
        if (same || (usable && join(links, now)))
            links->used[kept++] = *now;
        change->any |= !same;
        change->came_up |= usable && !same;
    }
    links->count = kept;
}

/* Fills up with other usable ones. */
static void add_usable(struct links *links, const struct link *listed, unsigned listed_count, struct change *change) {
    unsigned i;

    for (i = 0; i < listed_count && links->count < LINKS_USED_MAX; i++) {
        if (listed[i].state != LINK_USABLE || links_contain(links, listed[i].ifindex) || !join(links, &listed[i]))
            continue;
        links->used[links->count++] = listed[i];
        change->any = change->came_up = true;
    }
}

/* Says it once when there is none, with the reason if one was named. */
static void tell_idle(struct links *links, const struct link *listed, unsigned listed_count) {
    unsigned i;

    if (links->count > 0) {
        links->told_idle = false;
        return;
    }
    if (links->told_idle)
        return;
    links->told_idle = true;
    for (i = 0; i < listed_count; i++)
        log_warning("%s: %s", listed[i].name, link_state_text(listed[i].state));
    log_warning("no usable network interface: waiting for one, without a leader");
}

bool links_update(struct links *links, bool *ret_came_up) {
    struct link listed[LINKS_MAX];
    unsigned listed_count;
    struct change change = { .any = false };
    int result;

    iface_watch_read(links->watch_fd, links->used, links->count);
    result = iface_list(links->names, links->name_count, listed, &listed_count);
    if (result < 0) {
        log_warning("cannot list the network interfaces: %s; going on with those in use", strerror(-result));
        return false;
    }
    keep_usable(links, listed, listed_count, &change);
    add_usable(links, listed, listed_count, &change);
    tell_idle(links, listed, listed_count);
    *ret_came_up = change.came_up;
    return change.any;
}
