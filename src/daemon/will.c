/* SPDX-License-Identifier: ISC
 *
 * will.c - see will.h.
 */
#include "daemon/will.h"

#include "daemon/conf.h"
#include "daemon/counters.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/outbox.h"
#include "platform/clock.h"
#include "platform/sentinel.h"
#include "platform/udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct will {
    struct will_config config;
    struct log_limit limit;
};

int will_open(struct will **ret, const struct will_config *config) {
    struct will *will = calloc(1, sizeof *will);

    if (!will)
        return -ENOMEM;
    will->config = *config;
    will->limit = (struct log_limit)LOG_LIMIT_INIT;
    *ret = will;
    return 0;
}

void will_close(struct will *will) {
    free(will);
}

static void add_target(struct sentinel_will *next, const struct address *target, uint32_t ifindex) {
    if (next->target_count == SENTINEL_TARGETS_MAX)
        return;
    next->targets[next->target_count] = *target;
    next->targets[next->target_count++].ifindex = ifindex;
}

static void add_targets(const struct will *will, struct sentinel_will *next) {
    const struct will_config *config = &will->config;

    for (unsigned i = 0; i < links_count(config->links); i++) {
        const struct link *link = links_get(config->links, i);

        for (unsigned family = 0; family < FAMILIES; family++)
            if (links_carry(link, family))
                add_target(next, udp_group(config->udp, family), link->ifindex);
    }
    for (unsigned i = 0; i < config->peers->count; i++)
        add_target(next, &config->peers->list[i], 0);
}

static void write_farewell(const struct will *will, const struct persistent *state, bool released,
                           struct sentinel_datagram *datagram) {
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    size_t length = outbox_farewell(will->config.outbox, state, released, buffer);

    if (length > sizeof datagram->data)
        return;
    memcpy(datagram->data, buffer, length);
    datagram->length = (uint16_t)length;
}

static bool is_ours(const struct will *will, const struct persistent *state) {
    return node_id_equal(&state->own.leader, &state->id) && !token_equal(&state->own, &will->config.former);
}

void will_renew(struct will *will, const struct persistent *state) {
    struct sentinel_will next;
    int result;

    memset(&next, 0, sizeof next); /* the room between the fields too: it is compared */
    if (is_ours(will, state)) {
        add_targets(will, &next);
        next.source = udp_source(will->config.udp);
        write_farewell(will, state, true, &next.released);
        write_farewell(will, state, false, &next.unreleased);
        next.forewarns = will->config.forewarns;
    }
    result = sentinel_tell(will->config.sentinel, &next);
    if (result < 0)
        log_limited(&will->limit, clock_now(), LOG_LEVEL_WARNING,
                    SENTINEL_NAME ": %s; should eldestd be killed, the others find out by themselves",
                    strerror(-result));
}

void will_mend(struct will *will) {
    bool was_missing = sentinel_pid(will->config.sentinel) == 0;
    enum sentinel_health health = sentinel_mend(will->config.sentinel);

    if (was_missing && health == SENTINEL_REPLACED)
        log_info(SENTINEL_NAME " is there now");
    if (was_missing || health == SENTINEL_LIVES || health == SENTINEL_DEAF)
        return;
    will->config.counters->sentinels_lost++;
    log_limited(&will->limit, clock_now(), LOG_LEVEL_WARNING, SENTINEL_NAME " had died; %s",
                health == SENTINEL_REPLACED ? "started another one" : "trying to start another one every second");
}

usec_t will_deadline(const struct will *will) {
    return sentinel_due(will->config.sentinel);
}
