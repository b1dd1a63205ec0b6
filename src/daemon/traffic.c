/* SPDX-License-Identifier: ISC
 *
 * traffic.c - see traffic.h.
 */
#include "daemon/traffic.h"

#include "base/util.h"
#include "daemon/links.h"

#include <errno.h>
#include <stdlib.h>

/* So many times each: for a start, in which others have to be found and somebody elected, and then ever more seldom. */
enum { RESCUES_AT_ONCE = 8, RESCUES_OFTEN = 12 };

static const usec_t first_rescue_us = USEC_PER_SEC / 2;
static const usec_t at_once_us = USEC_PER_SEC / 10;
static const usec_t often_us = 5 * USEC_PER_SEC;
static const usec_t seldom_us = 60 * USEC_PER_SEC;

struct place {
    uint32_t ifindex; /* 0: free */
    struct traffic_heard heard[FAMILIES];
};

struct traffic {
    const struct links *links;
    struct place places[LINKS_USED_MAX];
};

int traffic_open(struct traffic **ret, const struct links *links) {
    struct traffic *traffic = calloc(1, sizeof *traffic);

    if (!traffic)
        return -ENOMEM;
    traffic->links = links;
    *ret = traffic;
    return 0;
}

void traffic_close(struct traffic *traffic) {
    free(traffic);
}

static struct place *find(struct traffic *traffic, uint32_t ifindex) {
    for (unsigned i = 0; i < LINKS_USED_MAX; i++)
        if (traffic->places[i].ifindex == ifindex)
            return &traffic->places[i];
    return NULL;
}

/* A free place, or one of a link that is no longer in use. There are enough for all that can be. */
static struct place *make_room(struct traffic *traffic) {
    struct place *place = &traffic->places[0];

    while (place < &traffic->places[LINKS_USED_MAX - 1] && place->ifindex != 0 &&
           links_find(traffic->links, place->ifindex))
        place++;
    return place;
}

void traffic_begin(struct traffic *traffic, uint32_t ifindex, usec_t now) {
    struct place *place = find(traffic, ifindex);

    if (!place)
        place = make_room(traffic);
    *place = (struct place){ .ifindex = ifindex };
    for (unsigned family = 0; family < FAMILIES; family++)
        place->heard[family].since = now;
}

void traffic_note(struct traffic *traffic, uint32_t ifindex, enum family family, enum traffic_channel channel,
                  usec_t now) {
    struct place *place = find(traffic, ifindex);

    if (!place || ifindex == 0)
        return;
    place->heard[family].at[channel] = now;
    place->heard[family].count[channel]++;
    if (channel == TRAFFIC_MULTICAST)
        place->heard[family].rescues = 0;
}

const struct traffic_heard *traffic_get(const struct traffic *traffic, uint32_t ifindex, enum family family) {
    for (unsigned i = 0; i < LINKS_USED_MAX; i++)
        if (traffic->places[i].ifindex == ifindex && ifindex != 0)
            return &traffic->places[i].heard[family];
    return NULL;
}

static usec_t rescue_interval(unsigned rescues) {
    if (rescues < RESCUES_AT_ONCE)
        return at_once_us;
    return rescues < RESCUES_AT_ONCE + RESCUES_OFTEN ? often_us : seldom_us;
}

bool traffic_rescue(struct traffic *traffic, uint32_t ifindex, enum family family, usec_t now) {
    struct place *place = find(traffic, ifindex);
    struct traffic_heard *heard;
    usec_t silent;

    if (!place || ifindex == 0)
        return false;
    heard = &place->heard[family];
    silent = now - max_i64(heard->since, heard->at[TRAFFIC_MULTICAST]);
    if (silent < (heard->at[TRAFFIC_MULTICAST] == 0 ? first_rescue_us : often_us))
        return false;
    if (heard->rescued_at != 0 && now - heard->rescued_at < rescue_interval(heard->rescues))
        return false;
    heard->rescued_at = now;
    heard->rescues++;
    return true;
}
