/* SPDX-License-Identifier: ISC
 *
 * hook_guard.c - see hook_guard.h. First the guard itself, then the side of `eldest hooks`.
 */
#include "cli/hook_guard.h"

#include "base/util.h"
#include "lib/alarm.h"
#include "lib/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

/* --- the guard --- */

enum { OURS, THEIRS }; /* of a pair of sockets */

static void read_renewals(int channel, struct lease *lease) {
    struct lease told;

    while (recv(channel, &told, sizeof(told), MSG_DONTWAIT) == (ssize_t)sizeof(told))
        *lease = told;
}

/* Until all are dead who have the other end of `life`, to which nobody writes. The first of them may be too late for
 * the lease: its death lets the hook end that it runs. */
static void stand_by(pid_t first, int life, int channel, struct lease lease) {
    int alarm = alarm_open();
    struct pollfd ready[] = {
        { .fd = life, .events = POLLIN },
        { .fd = alarm, .events = POLLIN },
    };

    for (;;) {
        alarm_set(alarm, lease.end_at);
        poll(ready, ARRAY_SIZE(ready), -1);
        if (ready[0].revents)
            return;
        read_renewals(channel, &lease);
        if (!lease_has_ended(&lease))
            continue;
        lease = LEASE_ENDLESS;
        if (getppid() != first)
            continue;
        hook_say("hooks does nothing, though the lease has ended: its guard kills it");
        kill(first, SIGKILL);
    }
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

static void be_guard(const struct hook_guarded *guarded, pid_t first, int life, int channel) __attribute__((noreturn));

static void be_guard(const struct hook_guarded *guarded, pid_t first, int life, int channel) {
    struct standing released = *guarded->standing;
    static struct hook_run run;
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setpgid(0, 0);
    prctl(PR_SET_NAME, "eldest-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    stand_by(first, life, channel, guarded->lease);
    hook_say("hooks was killed: its guard tells the hooks that this node does not lead any more");
    standing_release(&released);
    hook_run_begin(&run, guarded->rules, HOOK_LOST, &released, client_deadline(guarded->time_limit), 0);
    run_all(&run);
    _exit(EXIT_SUCCESS);
}

/* --- the side of `eldest hooks` --- */

int hook_guard_open(struct hook_guard *guard) {
    *guard = (struct hook_guard){ .channel = -1 };
    return pipe2(guard->life, O_CLOEXEC) < 0 ? -errno : 0;
}

int hook_guard_start(struct hook_guard *guard, const struct hook_guarded *guarded, struct hook_run *run) {
    pid_t first = getpid();
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[OURS]);
        close(guard->life[WRITE_END]);
        hook_run_forget(run); /* its keeper must see that `eldest hooks` is dead */
        be_guard(guarded, first, guard->life[READ_END], ends[THEIRS]);
    }
    int error = errno;
    close(ends[THEIRS]);
    if (pid < 0) {
        close(ends[OURS]);
        return -error;
    }
    hook_guard_dismiss(guard);
    guard->pid = pid;
    guard->channel = ends[OURS];
    return 0;
}

void hook_guard_renew(const struct hook_guard *guard, const struct lease *lease) {
    if (guard->pid != 0)
        (void)!send(guard->channel, lease, sizeof(*lease), MSG_NOSIGNAL | MSG_DONTWAIT);
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
