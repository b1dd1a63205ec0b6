/* SPDX-License-Identifier: ISC
 *
 * state.h - what a node must remember across restarts (rules START-1, EPOCH-5), and the directory it is kept in.
 *
 * The directory belongs to one daemon, which holds a lock on its file `lock`. The file `state` is a list of
 * records (records.h), and replaced as a whole. Records of a type that this version does not know are kept as they are.
 * A file that is damaged or cannot be read is kept as `state.damaged`, in the place of an older one, before a new one
 * is written. A directory that is removed is made anew for the next write, unless another daemon was quicker.
 *
 * One thread of the store writes in the background, so that no fsync lies on the path of a failover. All
 * functions are for one thread, the daemon's.
 */
#ifndef ELDEST_PLATFORM_STATE_H
#define ELDEST_PLATFORM_STATE_H

#include "base/histogram.h"
#include "core/action.h"

#include <sys/types.h>

struct state_store;

/* Where the identity of this start comes from. All but the first mean that a new one was drawn:
 * core_config.fresh. */
enum state_origin {
    STATE_LOADED = 0,
    STATE_MISSING, /* first start with this directory */
    STATE_DAMAGED, /* the file is not one of ours, or does not match its checksum */
    STATE_UNREADABLE, /* the file is there, but cannot be read */
    STATE_OTHER_HOST, /* written on a machine with another fingerprint; its epochs are still counted on */
    STATE_USED_UP, /* the counter of starts is at its end */
};

/* For the log: "loaded", "used up", ... as in "state: used up: taking a new identity". */
const char *state_origin_text(enum state_origin origin);

/* Opens the directory, which is created (0750, with its parents) if it is missing, and takes its lock. The
 * state that is found, or a new one, is counted up for this start (incarnation, reserved epochs) and is on
 * disk when this returns 0. fingerprint is of this machine (identity.h). -EBUSY: another daemon has the
 * directory. -EPERM: others than its owner and group can write to it. -EPROTONOSUPPORT: its file was written by another
 * version of eldest, and is left as it is. Any other negative errno: it cannot be used. Starts the thread that writes:
 * call it after the last fork(). A child that lives longer than its parent would keep the lock. */
int state_open(const char *directory, uint64_t fingerprint, struct state_store **ret_store,
               struct persistent *ret_state, enum state_origin *ret_origin);

/* On disk when this returns 0, and never followed by an older state. A negative errno else; then it is tried
 * again in the background. */
int state_save_durable(struct state_store *store, const struct persistent *state);

/* On disk soon; of several that wait the latest is written. Tried again every second until it succeeds. */
void state_save_background(struct state_store *store, const struct persistent *state);

/* The other file of the directory, `overrides` (overrides.h), which nobody waits for: read as it is, the number of its
 * bytes (one more than the most that it may have, if it has more) or a negative errno; and replaced soon, as the state
 * is by state_save_background(). */
enum { STATE_OVERRIDES_MAX = 512 };
ssize_t state_read_overrides(const struct state_store *store, uint8_t image[STATE_OVERRIDES_MAX + 1]);
void state_save_overrides(struct state_store *store, const uint8_t *image, size_t size);

/* 0 if those that were saved last are on disk or on their way, else the negative errno of the latest try. */
int state_overrides_result(struct state_store *store);

/* Becomes readable when saving, of any kind, begins to fail or works again; state_result() makes it
 * unreadable. */
int state_fd(const struct state_store *store);

/* 0 if what was saved last is on disk or on its way, else the negative errno of the latest try. */
int state_result(struct state_store *store);

/* How the file was written since the store was opened. */
struct state_writes {
    uint64_t failed;
    struct histogram lasted; /* each, the failed ones too */
};

void state_writes(struct state_store *store, struct state_writes *ret);

/* Writes what still waits, once, gives the lock back and frees the store. NULL is fine. */
void state_close(struct state_store *store);

#endif
