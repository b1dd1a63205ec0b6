/* SPDX-License-Identifier: ISC
 *
 * holders.c - see holders.h.
 */
#include "daemon/holders.h"

#include "base/util.h"

#include <stddef.h>

#define LIMIT_US (HOLDERS_STOP_LIMIT_MS * USEC_PER_MS)

void holders_init(struct holders *holders) {
    LIST_INIT(&holders->list);
    holders->awaited = false;
    holders->failed = false;
}

static void enter(struct holder *holder, enum holder_state state, usec_t now) {
    holder->state = state;
    holder->since = now;
    holder->late = false;
}

void holders_add(struct holders *holders, struct holder *holder, usec_t now) {
    enter(holder, HOLDER_IDLE, now);
    holder->order = 0;
    holder->token = (struct token){ 0 };
    holder->ran = (struct ran_record){ 0 };
    LIST_INSERT_HEAD(&holders->list, holder, entry);
}

void holders_remove(struct holder *holder) {
    LIST_REMOVE(holder, entry);
}

static bool wants_order(const struct holder *holder, const struct token *token) {
    switch (holder->state) {
    case HOLDER_IDLE:
        return true;
    case HOLDER_WORKING:
    case HOLDER_DONE:
        return !token_equal(&holder->token, token);
    case HOLDER_STOPPING:
        break;
    }
    return false;
}

struct holder *holders_next_to_start(struct holders *holders, const struct token *token, usec_t now) {
    struct holder *holder;

    LIST_FOREACH(holder, &holders->list, entry)
        if (wants_order(holder, token)) {
            enter(holder, HOLDER_WORKING, now);
            holders->failed = false;
            holder->order++;
            holder->token = *token;
            return holder;
        }
    return NULL;
}

struct holder *holders_next_to_stop(struct holders *holders, usec_t now) {
    struct holder *holder;

    LIST_FOREACH(holder, &holders->list, entry) {
        if (holder->state == HOLDER_DONE)
            enter(holder, HOLDER_IDLE, now);
        if (holder->state == HOLDER_WORKING) {
            enter(holder, HOLDER_STOPPING, now);
            return holder;
        }
    }
    return NULL;
}

bool holders_confirm(struct holder *holder, uint64_t order, usec_t now) {
    if (order != holder->order || (holder->state != HOLDER_STOPPING && holder->state != HOLDER_WORKING))
        return false;
    enter(holder, holder->state == HOLDER_STOPPING ? HOLDER_IDLE : HOLDER_DONE, now);
    return true;
}

void holders_await(struct holders *holders) {
    holders->awaited = true;
}

static bool is_waited_for(const struct holder *holder) {
    return holder->state == HOLDER_STOPPING && !holder->late;
}

bool holders_settled(struct holders *holders) {
    const struct holder *holder;

    LIST_FOREACH(holder, &holders->list, entry)
        if (is_waited_for(holder))
            return false;
    bool awaited = holders->awaited;
    holders->awaited = false;
    return awaited;
}

void holders_ran(struct holders *holders, struct holder *holder, const struct ran *ran) {
    ran_note(&holder->ran, ran);
    holders->failed |= holder->state == HOLDER_STOPPING && ran_failed(ran);
}

bool holders_have_stopped(const struct holders *holders) {
    const struct holder *holder;

    LIST_FOREACH(holder, &holders->list, entry)
        if (holder->state == HOLDER_STOPPING)
            return false;
    return !holders->failed;
}

usec_t holders_deadline(const struct holders *holders) {
    const struct holder *holder;
    usec_t deadline = USEC_NEVER;

    LIST_FOREACH(holder, &holders->list, entry)
        if (is_waited_for(holder))
            deadline = min_i64(deadline, holder->since + LIMIT_US);
    return deadline;
}

struct holder *holders_next_late(struct holders *holders, usec_t now) {
    struct holder *holder;

    LIST_FOREACH(holder, &holders->list, entry)
        if (is_waited_for(holder) && holder->since + LIMIT_US <= now) {
            holder->late = true;
            return holder;
        }
    return NULL;
}

const char *holder_state_name(enum holder_state state) {
    static const char *const names[] = {
        [HOLDER_IDLE] = "idle", [HOLDER_WORKING] = "working", [HOLDER_STOPPING] = "stopping", [HOLDER_DONE] = "done",
    };

    return state < ARRAY_SIZE(names) ? names[state] : "?";
}
