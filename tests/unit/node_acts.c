/* SPDX-License-Identifier: ISC
 *
 * node_acts.c - what the daemon that is made up (node_fixture.h) can be told to do: it notes it, and obeys where a test
 * wants to see what comes of that.
 */
#include "unit/node_fixture.h"

#include "core/event.h"
#include "daemon/ctlserver.h"

#include <check.h>
#include <errno.h>
#include <string.h>

void daemon_pause(struct daemon *daemon, usec_t length, bool forced) {
    daemon->pauses++;
    daemon->pause_wish = length;
    daemon->pause_forced = forced;
    if (!daemon->answers_at_once)
        return;
    daemon->pause_left = length;
    ctlserver_resigned(daemon->server, RESIGN_NOT_LEADER);
    ctlserver_paused(daemon->server, false);
}

void daemon_hold_ran(struct daemon *daemon, struct holder *holder, const struct ran *ran) {
    (void)daemon;
    ran_note(&holder->ran, ran);
}

bool daemon_resume(struct daemon *daemon) {
    bool was_paused = daemon->pause_left != 0;

    daemon->pause_left = 0;
    return was_paused;
}

int daemon_set_tags(struct daemon *daemon, const char *const *words, size_t count, const char **ret_wrong) {
    *ret_wrong = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], "wrong") == 0) {
            *ret_wrong = words[i];
            return -EINVAL;
        }
        if (strcmp(words[i], "many") == 0)
            return -E2BIG;
    }
    daemon->words = count;
    return 0;
}

void daemon_submit(struct daemon *daemon, const struct event *event) {
    if (event->type == EVENT_TABLE_WANTED) {
        daemon->table_wanted++;
        if (daemon->answers_at_once)
            tell(NOTICE_TABLE);
    } else if (event->type == EVENT_RESIGN) {
        daemon->resigns++;
        if (daemon->answers_at_once)
            ctlserver_resigned(daemon->server, RESIGN_NOT_LEADER);
    } else if (event->type == EVENT_RETIRE) {
        daemon->retires++;
        daemon->retired = event->retire.id;
        if (daemon->answers_at_once)
            ctlserver_retired(daemon->server, RETIRE_DONE);
    } else {
        ck_abort_msg("unexpected event %s", event_name(event->type));
    }
}

void daemon_reload(struct daemon *daemon, struct settings_outcome *ret) {
    daemon->reloads++;
    *ret = daemon->outcome;
}

void daemon_hold(struct daemon *daemon, struct holder *holder) {
    holders_add(&daemon->holders, holder, NOW - 3 * USEC_PER_SEC);
}

void daemon_hold_stopped(struct daemon *daemon, struct holder *holder, uint64_t order) {
    ck_assert_ptr_eq(holder, LIST_FIRST(&daemon->holders.list));
    daemon->stopped = order;
}

void daemon_hold_ended(struct daemon *daemon, struct holder *holder, bool cut_off) {
    daemon->cut_off = cut_off;
    holders_remove(holder);
}
