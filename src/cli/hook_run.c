/* SPDX-License-Identifier: ISC
 *
 * hook_run.c - see hook_run.h.
 */
#include "cli/hook_run.h"

#include "base/util.h"
#include "lib/client.h"
#include "text/value.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MAX USEC_PER_SEC
#define SHARE (500 * USEC_PER_MS) /* of the time until a deadline, for each hook that is still to come */
#define TIME_MIN (200 * USEC_PER_MS)
#define FLOOD_PAUSE (10 * USEC_PER_MS) /* between two looks at output that is only dropped: no need to hurry for that */

enum { STATUS_CANNOT_START = 125, STATUS_REFUSED = 126 };

static const char target_name[] = "systemctl"; /* of the step that it is */

/* Stopping the target also stops what is bound to it, but that is not waited for, unless its unit is ordered after the
 * target. It is work of the leader all the same, so it is named, too. */
#define STOP_TARGET                                                                                                    \
    "exec systemctl stop -- \"$1\" "                                                                                   \
    "$(systemctl show --value --property=ConsistsOf,RequisiteOf,RequiredBy,BoundBy -- \"$1\")"

/* What is run */

/* A directory that cannot be read is told, but the run goes on: the target is to be stopped all the same. */
static void list_hooks(struct hook_run *run) {
    const char *directory = run->rules->directory;
    int rc = hook_dir_read(directory, run->rules->root, &run->hooks);

    if (rc == 0)
        return;
    run->hooks.count = 0;
    if (rc == -EPERM)
        hook_say("%s: no hook is run: others than root may write to it", directory);
    else if (rc == -E2BIG)
        hook_say("%s: no hook is run: there are more than %d", directory, HOOKS_MAX);
    else
        hook_say("%s: no hook is run: %s", directory, strerror(-rc));
}

static bool works(enum hook_event event, const struct standing *standing) {
    return event == HOOK_GAINED || event == HOOK_REASSERT || (event == HOOK_START && standing->leads);
}

void hook_run_begin(struct hook_run *run, const struct hook_rules *rules, enum hook_event event,
                    const struct standing *standing, usec_t deadline, pid_t spared) {
    memset(run, 0, sizeof(*run));
    run->rules = rules;
    run->event = event;
    run->deadline = deadline;
    run->spared = spared;
    run->lease = LEASE_ENDLESS;
    run->lines_left = HOOK_LINES_MAX;
    run->target_last = rules->target && works(event, standing);
    run->target_first = rules->target && !run->target_last && event != HOOK_CHANGED;
    list_hooks(run);
    run->count = run->hooks.count + run->target_first + run->target_last;
    standing_export(standing);
    setenv("ELDEST_EVENT", hook_event_name(event), 1);
}

void hook_run_renew(struct hook_run *run, const struct lease *lease) {
    run->lease = (struct lease){ .stop_at = lease->end_at, .end_at = lease->end_at };
    if (run->keeper.pid != 0)
        keeper_renew(&run->keeper, &run->lease);
}

bool hook_run_is_over(const struct hook_run *run) {
    return run->keeper.pid == 0 && run->next == run->count;
}

/* The file of a step; NULL: it is the target. */
static const struct hook_file *file_of(const struct hook_run *run, size_t step) {
    size_t index = step - run->target_first; /* wraps for the first one */

    return index < run->hooks.count ? &run->hooks.files[index] : NULL;
}

/* How long one may run */

static usec_t time_of_next(const struct hook_run *run, usec_t now) {
    usec_t left = run->deadline - now;

    if (run->deadline == USEC_NEVER)
        return run->rules->time_limit;
    left -= min_i64((usec_t)(run->count - run->next - 1) * SHARE, left / 2);
    return min_i64(max_i64(left, TIME_MIN), run->rules->time_limit);
}

/* Starting and ending it */

static int start_keeper(struct hook_run *run, char **command, usec_t grace) {
    struct keeper_order order = { .command = command, .grace = grace, .lease = run->lease,
                                  .signals = run->rules->signals };
    int rc = hook_output_open(&run->output, run->name, &run->lines_left, &order.output);

    if (rc < 0)
        return rc;
    rc = keeper_start(&run->keeper, &order);
    close(order.output);
    if (rc < 0)
        hook_output_close(&run->output);
    return rc;
}

static int start_hook(struct hook_run *run, usec_t grace) {
    char path[PATH_MAX + HOOK_NAME_MAX + 2], event[16];
    char *command[] = { path, event, NULL };

    snprintf(path, sizeof(path), "%s/%s", run->rules->directory, run->name);
    snprintf(event, sizeof(event), "%s", hook_event_name(run->event));
    return start_keeper(run, command, grace);
}

static int start_target(struct hook_run *run, usec_t grace) {
    char program[] = "systemctl", verb[] = "start", no_more_options[] = "--";
    char shell[] = "sh", option[] = "-c", script[] = STOP_TARGET;
    char *start[] = { program, verb, no_more_options, run->rules->target, NULL };
    char *stop[] = { shell, option, script, program, run->rules->target, NULL };

    return start_keeper(run, run->target_last ? start : stop, grace);
}

/* 0, or what it ends with if it cannot be started. */
static int start_next(struct hook_run *run, usec_t now) {
    const struct hook_file *file = file_of(run, run->next);
    usec_t limit = time_of_next(run, now), grace = min_i64(limit / 4, GRACE_MAX);

    run->began = now;
    run->limit_at = client_deadline(limit - grace);
    run->told_to_end = run->timed_out = false;
    snprintf(run->name, sizeof(run->name), "%s", file ? file->name : target_name);
    if (file && file->refusal) {
        hook_say("%s/%s is not run: %s", run->rules->directory, file->name, file->refusal);
        return STATUS_REFUSED;
    }
    int rc = file ? start_hook(run, grace) : start_target(run, grace);
    if (rc < 0)
        hook_say("%s: %s", run->name, strerror(-rc));
    return rc < 0 ? STATUS_CANNOT_START : 0;
}

static void end(struct hook_run *run) {
    if (!run->told_to_end)
        keeper_end(&run->keeper);
    run->told_to_end = true;
}

void hook_run_cut(struct hook_run *run) {
    run->cut = true;
    run->count = run->next;
    if (run->keeper.pid == 0)
        return;
    run->count++;
    end(run);
}

static bool finish(struct hook_run *run, int status, struct hook_result *ret) {
    *ret = (struct hook_result){ .event = run->event, .status = status, .timed_out = run->timed_out, .cut = run->cut,
                                 .duration = client_deadline(0) - run->began };
    snprintf(ret->name, sizeof(ret->name), "%s", run->name);
    run->next++;
    return true;
}

/* One whose keeper somebody has killed was killed with it, and is begun once more. */
static void note_end(struct hook_run *run, enum keeper_news news) {
    if (run->keeper.left && !run->timed_out && !run->cut)
        hook_say("%s %s has left processes running, which were ended", run->name, hook_event_name(run->event));
    hook_output_close(&run->output);
    if (news == KEEPER_KILLED && !run->again && !run->cut)
        run->next--;
    run->again = news == KEEPER_KILLED && !run->again;
}

static bool listen_to_keeper(struct hook_run *run, struct hook_result *ret) {
    int status = W_EXITCODE(0, SIGKILL);
    enum keeper_news news = keeper_listen(&run->keeper, run->spared, &status);

    if (news == KEEPER_NOTHING)
        return false;
    finish(run, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), ret);
    note_end(run, news);
    return true;
}

/* Serving */

static bool is_flooded(const struct hook_run *run) {
    return run->lines_left == 0 && run->output.fd >= 0;
}

void hook_run_poll(const struct hook_run *run, struct pollfd ready[HOOK_RUN_FDS]) {
    bool runs = run->keeper.pid != 0;

    ready[0] = (struct pollfd){ .fd = runs ? run->keeper.channel : -1, .events = POLLIN };
    ready[1] = (struct pollfd){ .fd = runs && !is_flooded(run) ? run->output.fd : -1, .events = POLLIN };
}

usec_t hook_run_deadline(const struct hook_run *run) {
    if (run->keeper.pid == 0)
        return run->next < run->count ? 0 : USEC_NEVER;
    return min_i64(run->told_to_end ? USEC_NEVER : run->limit_at,
                   is_flooded(run) ? run->served_at + FLOOD_PAUSE : USEC_NEVER);
}

bool hook_run_serve(struct hook_run *run, struct hook_result *ret) {
    usec_t now = client_deadline(0);

    if (hook_run_is_over(run))
        return false;
    if (run->keeper.pid == 0) {
        int status = start_next(run, now);
        return status != 0 && finish(run, status, ret);
    }
    run->served_at = now;
    hook_output_read(&run->output);
    if (now >= run->limit_at && !run->told_to_end) {
        run->timed_out = true;
        end(run);
    }
    return listen_to_keeper(run, ret);
}

void hook_run_forget(struct hook_run *run) {
    if (run->keeper.pid == 0)
        return;
    close(run->keeper.channel);
    if (run->output.fd >= 0)
        close(run->output.fd);
}

bool hook_result_failed(const struct hook_result *result) {
    return !result->cut && (result->timed_out || result->status != 0);
}

void hook_result_say(const struct hook_result *result) {
    const char *event = hook_event_name(result->event);
    char after[TEXT_SIZE];

    text_duration(result->duration, after);
    if (result->cut)
        hook_say("%s %s was ended after %s: it is over", result->name, event, after);
    else if (result->timed_out)
        hook_say("%s %s was ended after %s: its time was over", result->name, event, after);
    else if (result->status != 0)
        hook_say("%s %s ended with status %d after %s", result->name, event, result->status, after);
}
