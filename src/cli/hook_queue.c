/* SPDX-License-Identifier: ISC
 *
 * hook_queue.c - see hook_queue.h.
 */
#include "cli/hook_queue.h"

#include "base/util.h"

#include <string.h>

static enum hook_event due(const struct hook_queue *queue) {
    const struct standing *told = &queue->told, *present = &queue->present;

    if (queue->over)
        return HOOK_NONE;
    if (queue->stops)
        return HOOK_STOP;
    if (!queue->begun)
        return HOOK_START;
    if (hook_queue_overtakes(queue))
        return HOOK_LOST;
    if (!told->leads && present->leads)
        return HOOK_GAINED;
    if (present->leads)
        return queue->reasserts || strcmp(told->token, present->token) != 0 ? HOOK_REASSERT : HOOK_NONE;
    return standing_same_leader(told, present) ? HOOK_NONE : HOOK_CHANGED;
}

static void look(struct hook_queue *queue, usec_t now) {
    enum hook_event event = due(queue);

    if (event != queue->pending)
        queue->pending_since = now;
    queue->pending = event;
}

void hook_queue_note(struct hook_queue *queue, const struct standing *present, usec_t now) {
    if (queue->stops)
        return;
    if (queue->present.leads && !present->leads) {
        queue->ended = true;
        queue->ended_at = now;
    }
    queue->present = *present;
    look(queue, now);
}

void hook_queue_reassert(struct hook_queue *queue, usec_t now) {
    queue->reasserts = queue->present.leads;
    look(queue, now);
}

void hook_queue_stop(struct hook_queue *queue, usec_t now) {
    if (queue->stops)
        return;
    if (queue->present.leads || !queue->told.leads)
        queue->ended_at = now; /* else it is ending already */
    if (queue->present.leads)
        standing_release(&queue->present);
    queue->stops = true;
    look(queue, now);
}

static bool is_urgent(enum hook_event event) {
    return event == HOOK_GAINED || event == HOOK_LOST || event == HOOK_STOP;
}

usec_t hook_queue_deadline(const struct hook_queue *queue) {
    if (queue->pending == HOOK_NONE)
        return USEC_NEVER;
    return queue->pending_since + (is_urgent(queue->pending) ? 0 : HOOK_SETTLE);
}

enum hook_event hook_queue_next(struct hook_queue *queue, usec_t now) {
    enum hook_event event = queue->pending;

    if (hook_queue_deadline(queue) > now)
        return HOOK_NONE;
    queue->told = queue->present;
    if (event == HOOK_LOST && queue->told.leads)
        standing_release(&queue->told); /* though it may lead again by now */
    queue->begun = true;
    queue->reasserts = queue->ended = false;
    queue->over = event == HOOK_STOP;
    look(queue, now);
    return event;
}

bool hook_queue_overtakes(const struct hook_queue *queue) {
    return queue->told.leads && (queue->ended || !queue->present.leads);
}

const char *hook_event_name(enum hook_event event) {
    static const char *const names[] = {
        [HOOK_NONE] = "none",       [HOOK_START] = "start",       [HOOK_GAINED] = "gained", [HOOK_LOST] = "lost",
        [HOOK_CHANGED] = "changed", [HOOK_REASSERT] = "reassert", [HOOK_STOP] = "stop",
    };

    return (size_t)event < ARRAY_SIZE(names) ? names[event] : "?";
}
