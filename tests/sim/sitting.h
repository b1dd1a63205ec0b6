/* SPDX-License-Identifier: ISC
 *
 * sitting.h - a sitting, reachable leader is not displaced. The oracle's.
 *
 * Whoever followed a leadership, doubted it, and begins one of its own, displaces it if its leader still says, at that
 * moment, that it leads in the same epoch. That is a mistake if the two could reach each other all the time: from two
 * detect before the doubt (what was under way by then is forgotten) until now. It is not judged if, since then,
 *
 *   - anything was done to one of the two hosts: start, pause, resign, stop, new settings, a clock, a state
 *     directory that can (not) be written;
 *   - anything was changed in the network, wherever;
 *   - the network loses by chance or in bursts, lets datagrams be late, or cuts one direction between the two;
 *   - a way there and back may take half of detect in this kind of LAN;
 *   - one of the two has a borrowed disk: another host may speak in its name.
 *
 * Nor does anybody leave such a leader for another one, without doubt, unless that one says that it absorbs it, or has
 * got its vote, which the leader has not answered since (ELEC-13): that is judged by the same rules for the last two
 * detect.
 */
#ifndef ELDEST_SIM_SITTING_H
#define ELDEST_SIM_SITTING_H

#include "core/core.h"

struct world;
struct node;

/* Of one node. */
struct sitting {
    struct token absorbed; /* as the last Leader heard said that absorbs one */
    usec_t touched_at; /* time of the world when something was done to it last */
    struct token doubted; /* the leadership that it followed, since ... */
    usec_t doubted_at; /* ... until then; USEC_NEVER: it follows, or has led since */
};

/* Of a run. */
struct sitting_sums {
    usec_t changed_at; /* the network */
    uint64_t doubts; /* a node began to doubt its leader, or to do without ... */
    uint64_t doubts_judged; /* ... that would have been judged, had it displaced it */
    uint64_t displaced; /* sitting leaders, not judged */
};

/* Something is done to the node, or to the network if it is NULL. */
void sitting_touch(struct world *world, struct node *node);

/* After each step, before the outlook is changed. */
void sitting_follow(struct world *world, struct node *node, const struct core_view *view);

/* It is about to handle that message. */
void sitting_received(struct node *node, const struct wire_message *message);

/* It follows another leader, of the second id, than before. */
void sitting_left(struct world *world, struct node *node, const struct node_id *before, const struct node_id *now);

/* The node begins to lead. */
void sitting_judge(struct world *world, struct node *node);

#endif
