/* SPDX-License-Identifier: ISC
 *
 * manager.c - see manager.h.
 */
#include "daemon/manager.h"

#include "base/util.h"
#include "daemon/notices.h"
#include "daemon/quorum.h"
#include "platform/notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STATUS_PAUSE USEC_PER_SEC

void manager_open(struct manager *ret, usec_t now) {
    usec_t limit = notify_watchdog();

    memset(ret, 0, sizeof *ret);
    ret->wanted = notify_is_wanted();
    ret->told_at = now - STATUS_PAUSE;
    ret->alive_interval = ret->wanted && limit != USEC_NEVER ? limit / 2 : USEC_NEVER;
    ret->alive_at = ret->alive_interval == USEC_NEVER ? USEC_NEVER : now;
}

usec_t manager_deadline(const struct manager *manager) {
    return min_i64(manager->alive_at, manager->changed ? manager->told_at + STATUS_PAUSE : USEC_NEVER);
}

void manager_note(struct manager *manager) {
    manager->changed = manager->wanted;
}

bool manager_asks(const struct manager *manager, usec_t now) {
    return manager->changed && now - manager->told_at >= STATUS_PAUSE;
}

void manager_show(struct manager *manager, const struct manager_picture *picture, usec_t now) {
    char text[MANAGER_STATUS_SIZE], state[MANAGER_STATUS_SIZE + sizeof "STATUS="];

    manager->changed = false;
    if (strcmp(manager_describe(picture, text), manager->told) == 0)
        return;
    manager->told_at = now;
    memcpy(manager->told, text, sizeof text);
    snprintf(state, sizeof state, "STATUS=%s", text);
    notify_send(state);
}

bool manager_doubts(const struct manager *manager, usec_t now) {
    return now >= manager->alive_at;
}

void manager_prove(struct manager *manager, usec_t now) {
    manager->alive_at = now + manager->alive_interval;
    notify_send("WATCHDOG=1");
}

/* Why there is none, if there is more to say than that. */
static void describe_lack(const struct manager_picture *picture, char text[MANAGER_STATUS_SIZE]) {
    bool known = strcmp(picture->standing, standing_name(STANDING_NO_LEADER)) != 0;
    char votes[QUORUM_WHY_SIZE];

    quorum_why(picture->view, votes);
    snprintf(text, MANAGER_STATUS_SIZE, "no leader%s%s", known || votes[0] != '\0' ? ": " : "",
             known ? picture->standing : votes);
}

static void describe_role(const struct manager_picture *picture, char text[MANAGER_STATUS_SIZE]) {
    const struct core_view *view = picture->view;
    char leader[NOTICES_WHO_SIZE];

    if (view->leads && view->members <= 1)
        snprintf(text, MANAGER_STATUS_SIZE, "leads alone: no other node is heard");
    else if (view->leads)
        snprintf(text, MANAGER_STATUS_SIZE, "leads, %" PRIu32 " nodes", view->members);
    else if (!core_view_names_leader(view))
        describe_lack(picture, text);
    else if (view->standing == STANDING_FOLLOWING)
        snprintf(text, MANAGER_STATUS_SIZE, "follows %s, %" PRIu32 " nodes", notices_leader(view, leader),
                 view->members);
    else
        snprintf(text, MANAGER_STATUS_SIZE, "follows %s: %s", notices_leader(view, leader), picture->standing);
}

const char *manager_describe(const struct manager_picture *picture, char text[MANAGER_STATUS_SIZE]) {
    size_t used;

    describe_role(picture, text);
    used = strlen(text);
    snprintf(text + used, MANAGER_STATUS_SIZE - used, "%s%s", picture->paused ? "; paused" : "",
             picture->writable ? "" : "; its state cannot be saved");
    return text;
}
