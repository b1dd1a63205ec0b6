/* SPDX-License-Identifier: ISC
 *
 * hook_guard.c - see hook_guard.h. First the guard itself, then the side of `eldest hooks`.
 */
#include "cli/hook_guard.h"

#include "base/util.h"
#include "lib/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

/* --- the guard --- */

/* Nobody writes. */
static void stand_by(int life) {
    char byte;

    while (read(life, &byte, 1) < 0 && errno == EINTR)
        continue;
}

static void run_all(struct hook_run *run) {
    struct pollfd ready[HOOK_RUN_FDS];
    struct hook_result result;

    while (!hook_run_is_over(run)) {
        hook_run_poll(run, ready);
        poll(ready, ARRAY_SIZE(ready), client_left_ms(hook_run_deadline(run)));
        if (hook_run_serve(run, &result))
            hook_result_say(&result);
    }
}

static void be_guard(const struct hook_rules *rules, const struct standing *standing, usec_t time_limit, int life)
    __attribute__((noreturn));

static void be_guard(const struct hook_rules *rules, const struct standing *standing, usec_t time_limit, int life) {
    struct standing released = *standing;
    static struct hook_run run;
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setpgid(0, 0);
    prctl(PR_SET_NAME, "eldest-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    stand_by(life);
    hook_say("hooks was killed: its guard tells the hooks that this node does not lead any more");
    standing_release(&released);
    hook_run_begin(&run, rules, HOOK_LOST, &released, client_deadline(time_limit), 0);
    run_all(&run);
    _exit(EXIT_SUCCESS);
}

/* --- the side of `eldest hooks` --- */

int hook_guard_open(struct hook_guard *guard) {
    *guard = (struct hook_guard){ .channel = -1 };
    return pipe2(guard->life, O_CLOEXEC) < 0 ? -errno : 0;
}

int hook_guard_start(struct hook_guard *guard, const struct hook_rules *rules, const struct standing *standing,
                     usec_t time_limit, struct hook_run *run) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(guard->life[WRITE_END]);
        hook_run_forget(run); /* its keeper must see that `eldest hooks` is dead */
        be_guard(rules, standing, time_limit, guard->life[READ_END]);
    }
    int error = errno;
    close(ends[WRITE_END]);
    if (pid < 0) {
        close(ends[READ_END]);
        return -error;
    }
    hook_guard_dismiss(guard);
    guard->pid = pid;
    guard->channel = ends[READ_END];
    return 0;
}

void hook_guard_forget(struct hook_guard *guard) {
    close(guard->channel);
    guard->channel = -1;
    while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    guard->pid = 0;
}

void hook_guard_dismiss(struct hook_guard *guard) {
    if (guard->pid == 0)
        return;
    kill(guard->pid, SIGKILL);
    hook_guard_forget(guard);
}
