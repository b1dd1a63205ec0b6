/* SPDX-License-Identifier: ISC
 *
 * overlay.h - what this node is for the others: the configuration, and over it what users have told the running daemon.
 *
 *     settings (struct conf) --+
 *                              +--> overlay --> struct node_facts, which the core is given
 *     overrides (pause, tags) -+
 *
 * What users have said is kept in the state directory. A file that is lost or damaged is no disaster: it is said and
 * ignored.
 */
#ifndef ELDEST_DAEMON_OVERLAY_H
#define ELDEST_DAEMON_OVERLAY_H

#include "daemon/conf.h"
#include "platform/overrides.h"
#include "platform/state.h"

struct overlay {
    const struct conf *conf;
    struct state_store *store;
    uint64_t boot; /* identity_boot() */
    struct overrides overrides;
    usec_t saved_at;
    bool failing; /* to save them, which was said */
    struct node_facts facts; /* in force */
};

/* Reads what was kept, and forgets what is another host's. conf and store must outlive it. */
void overlay_open(struct overlay *overlay, const struct conf *conf, struct state_store *store,
                  enum state_origin origin);

/* The configuration has changed. */
void overlay_update(struct overlay *overlay);

/* This node is not eligible for that long, USEC_NEVER: until overlay_resume(), which is true if there was a pause. */
void overlay_pause(struct overlay *overlay, usec_t length);
bool overlay_resume(struct overlay *overlay);

/* Sets the tags of that list, "KEY=VALUE", over those of the configuration, or takes back those that were set, "KEY=".
 * 0; -EINVAL: one of them is none, or -E2BIG: there would be too many, or too long. Then nothing has changed, and
 * *ret_wrong is the one that is wrong, or NULL. */
int overlay_set_tags(struct overlay *overlay, const char *const *words, size_t count, const char **ret_wrong);

/* How long the pause still lasts: USEC_NEVER if it has no end, 0 if there is none. */
usec_t overlay_pause_left(const struct overlay *overlay, usec_t now);

/* When overlay_settle() has something to do; USEC_NEVER. That ends a pause whose time is over, and is true then; and it
 * saves from time to time what is left of it, as a host whose clock does not run while it is down knows only that. */
usec_t overlay_deadline(const struct overlay *overlay);
bool overlay_settle(struct overlay *overlay, usec_t now);

/* The store has told that saving fails, or works again. */
void overlay_saved(struct overlay *overlay, int result);

#endif
