/* SPDX-License-Identifier: ISC
 *
 * standing.h - what eldestd says of leadership to a holder of work, as the commands that act on it are told: in their
 * environment.
 *
 * A plain value, copied and compared as it is. This node leads here while there is an order to work, and at no other
 * time, whatever else a line says: whoever has no order must not read in its environment that it leads.
 */
#ifndef ELDEST_CLI_STANDING_H
#define ELDEST_CLI_STANDING_H

#include "base/str.h"

#include <jansson.h>

struct standing {
    bool leads; /* by order */
    char cluster[CLUSTER_NAME_MAX + 1];
    char node_id[STR_ID_SIZE], node_name[NODE_NAME_MAX + 1];
    char state[16]; /* "leader" if it leads, and only then */
    char epoch[STR_UNSIGNED_SIZE];
    char token[STR_UNSIGNED_SIZE + STR_ID_SIZE]; /* this and the others are empty where there is no leader */
    char leader_id[STR_ID_SIZE], leader_name[NODE_NAME_MAX + 1];
    char leader_address[80], leader_port[8];
    char leader_tags[TAGS_MAX + 1]; /* "key=value key=value" */
};

/* Takes what a line of a holder says: an order, or a change. While this node leads, only an order counts, because the
 * work goes by the token of that. */
void standing_read(struct standing *standing, const json_t *line);

/* This node leads no more, and no other one that is known does. */
void standing_release(struct standing *standing);

/* Whether both tell the same of the leader. */
bool standing_same_leader(const struct standing *a, const struct standing *b);

/* Sets the environment of commands that are started from now on. */
void standing_export(const struct standing *standing);

#endif
