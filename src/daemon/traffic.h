/* SPDX-License-Identifier: ISC
 *
 * traffic.h - what was heard on each link, by each channel and family: multicast and unicast fail apart from each
 * other, and the one does not show that the other works.
 *
 * It also says when multicast seems dead on a link, so that what looks for others is to be sent by broadcast too (in
 * IPv6: to all nodes): from half a second after the link came up, and from five seconds after the last multicast of
 * another node that was heard there; eight times with a tenth of a second between, twelve times with five seconds, then
 * once a minute.
 */
#ifndef ELDEST_DAEMON_TRAFFIC_H
#define ELDEST_DAEMON_TRAFFIC_H

#include "platform/iface.h"

enum traffic_channel {
    TRAFFIC_MULTICAST, /* of others */
    TRAFFIC_ECHO, /* this node's own multicast came back */
    TRAFFIC_BROADCAST,
    TRAFFIC_UNICAST,
    TRAFFIC_CHANNELS
};

/* On one link by one family. Times; 0: never. */
struct traffic_heard {
    usec_t since; /* counted since */
    usec_t at[TRAFFIC_CHANNELS]; /* the last one */
    uint64_t count[TRAFFIC_CHANNELS];
    usec_t rescued_at;
    unsigned rescues; /* since multicast was heard last */
};

struct links;
struct traffic;

/* The links outlive it: what is counted is kept for those in use. 0 or -ENOMEM. */
int traffic_open(struct traffic **ret, const struct links *links);

/* NULL is fine. */
void traffic_close(struct traffic *traffic);

/* A link came up, or up again: what was heard before counts no more. */
void traffic_begin(struct traffic *traffic, uint32_t ifindex, usec_t now);

void traffic_note(struct traffic *traffic, uint32_t ifindex, enum family family, enum traffic_channel channel,
                  usec_t now);

/* NULL before traffic_begin(). */
const struct traffic_heard *traffic_get(const struct traffic *traffic, uint32_t ifindex, enum family family);

/* Whether the next multicast that looks for others is to be sent there by broadcast too; then it is noted as sent. */
bool traffic_rescue(struct traffic *traffic, uint32_t ifindex, enum family family, usec_t now);

#endif
