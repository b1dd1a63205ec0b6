/* SPDX-License-Identifier: ISC
 *
 * metrics.h - what monitoring wants to know of a node, as Prometheus reads it: how things stand, and all counters.
 *
 * Names begin with "eldest_", or with "process_" where every program has the same. Everything is computed from the
 * clock at the moment of the call. What is not known has no sample. The number of samples is bounded, however large the
 * cluster is: of peers there are those alone that this node exchanges heartbeats with, its leader or its followers, and
 * of these not more than METRICS_PEERS_MAX.
 */
#ifndef ELDEST_HTTP_METRICS_H
#define ELDEST_HTTP_METRICS_H

#include <stdbool.h>

struct daemon;
struct evbuffer;

enum { METRICS_PEERS_MAX = 64, METRICS_NAME_SIZE = 96 };

struct metrics_family {
    char name[METRICS_NAME_SIZE];
    const char *type; /* "gauge", "counter", "histogram" */
    const char *labels; /* their names, "" if there are none */
    const char *help;
};

/* The family of that number, from 0 on, in the order in which they are written; false beyond the last. */
bool metrics_describe(unsigned number, struct metrics_family *ret);

/* All of them as text of type EXPOSITION_TYPE. 0 or -ENOMEM. */
int metrics_write(const struct daemon *daemon, struct evbuffer *out);

#endif
