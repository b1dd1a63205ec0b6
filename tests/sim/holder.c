/* SPDX-License-Identifier: ISC
 *
 * holder.c - see holder.h.
 */
#include "holder.h"

#include "base/util.h"

/* P (1 - r) / (1 + r) - D, for clocks that are wrong by up to r = 10 %. */
usec_t holder_grace(const struct timing *timing) {
    usec_t promise = params_promise(timing);

    return timing->stop_margin + promise * 9 / 11 - params_lease(promise);
}

void holder_leads(struct holder *holder, const struct holder_habits *habits, usec_t now, usec_t left) {
    if (holder->state == HOLDER_IDLE)
        *holder = (struct holder){ .state = HOLDER_WORKING, .awaited = holder->awaited,
                                   .bare_until = holder->bare_until };
    if (habits->bare && left != USEC_NEVER)
        holder->bare_until = max_i64(holder->bare_until, now + left);
    holder_covers(holder, habits, now, left);
}

void holder_covers(struct holder *holder, const struct holder_habits *habits, usec_t now, usec_t left) {
    usec_t end = left == USEC_NEVER ? USEC_NEVER : now + left + habits->grace;

    if (holder->state != HOLDER_IDLE && !holder->orphan)
        holder->killed_at = max_i64(holder->killed_at, end);
}

void holder_stop(struct holder *holder, const struct holder_habits *habits, usec_t now) {
    if (holder->state != HOLDER_WORKING)
        return;
    holder->state = HOLDER_STOPPING;
    holder->stops_at = now + habits->stop;
    holder->late_at = now + habits->patience;
}

void holder_await(struct holder *holder) {
    holder->awaited = true;
}

/* When the work of the holder itself is over. */
static usec_t stopped_at(const struct holder *holder) {
    if (holder->state == HOLDER_IDLE)
        return 0;
    return holder->state == HOLDER_WORKING ? holder->killed_at : min_i64(holder->stops_at, holder->killed_at);
}

usec_t holder_over(const struct holder *holder) {
    return max_i64(stopped_at(holder), holder->bare_until);
}

/* Who works is not waited for: it has not been told to stop. */
static usec_t settled_at(const struct holder *holder) {
    bool stops = holder->state == HOLDER_STOPPING && !holder->orphan;

    return max_i64(stops ? min_i64(stopped_at(holder), holder->late_at) : 0, holder->bare_until);
}

usec_t holder_due(const struct holder *holder) {
    if (holder->awaited)
        return settled_at(holder);
    return holder->state == HOLDER_STOPPING ? stopped_at(holder) : USEC_NEVER;
}

bool holder_settles(struct holder *holder, usec_t now, bool *ret_released) {
    if (holder->state == HOLDER_STOPPING && now >= stopped_at(holder))
        holder->state = HOLDER_IDLE;
    if (!holder->awaited || now < settled_at(holder))
        return false;
    holder->awaited = false;
    *ret_released = holder->state == HOLDER_IDLE || holder->orphan;
    return true;
}

void holder_woken(struct holder *holder, usec_t now) {
    holder->killed_at = min_i64(holder->killed_at, now);
}

void holder_orphaned(struct holder *holder, const struct holder_habits *habits, usec_t now) {
    holder_stop(holder, habits, now);
    holder->orphan = holder->state == HOLDER_STOPPING;
    holder->awaited = false;
}

void holder_dies(struct holder *holder) {
    *holder = (struct holder){ .state = HOLDER_IDLE };
}
