/* SPDX-License-Identifier: ISC
 *
 * inhibitor.c - see inhibitor.h.
 */
#include "cli/inhibitor.h"

#include "base/util.h"
#include "cli/hook_output.h"
#include "lib/client.h"
#include "text/value.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define RETRY_MIN USEC_PER_SEC
#define RETRY_MAX (60 * USEC_PER_SEC)

enum { STATUS_NO_BUS = 69, STATUS_CANNOT_EXECUTE = 126 };
enum { OURS, THEIRS }; /* of a pair of sockets */

/* It is no business of hooks. What getenv() gave is not freed by that. */
static const char *choose_program(void) {
    const char *wanted = getenv("ELDEST_INHIBITOR");

    unsetenv("ELDEST_INHIBITOR");
    return wanted ? wanted : ELDEST_LIBEXECDIR "/eldest-inhibitor";
}

void inhibitor_open(struct inhibitor *inhibitor, const sigset_t *signals) {
    const char *program = choose_program();

    *inhibitor = (struct inhibitor){ .channel = -1, .start_at = USEC_NEVER, .signals = *signals };
    if (program[0] == '\0')
        return;
    if (access(program, X_OK) < 0) {
        hook_say("hooks: %s: %s: nothing is handed over before this host sleeps", program, strerror(errno));
        return;
    }
    inhibitor->program = program;
    inhibitor->start_at = 0;
    inhibitor->pause = RETRY_MIN;
}

int inhibitor_fd(const struct inhibitor *inhibitor) {
    return inhibitor->channel;
}

usec_t inhibitor_deadline(const struct inhibitor *inhibitor) {
    return inhibitor->start_at;
}

/* Starting it */

static void become_inhibitor(const struct inhibitor *inhibitor, int channel, pid_t parent) __attribute__((noreturn));

/* Of a group of its own, so that what a terminal says to `eldest hooks` does not end it before that has ended. */
static void become_inhibitor(const struct inhibitor *inhibitor, int channel, pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(STATUS_CANNOT_EXECUTE);
    dup2(channel, STDIN_FILENO);
    dup2(channel, STDOUT_FILENO);
    sigprocmask(SIG_SETMASK, &inhibitor->signals, NULL);
    execl(inhibitor->program, inhibitor->program, (char *)NULL);
    _exit(STATUS_CANNOT_EXECUTE);
}

static int start(struct inhibitor *inhibitor) {
    int ends[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        become_inhibitor(inhibitor, ends[THEIRS], parent);
    int error = errno;
    close(ends[THEIRS]);
    if (pid < 0) {
        close(ends[OURS]);
        return -error;
    }
    inhibitor->pid = pid;
    inhibitor->channel = ends[OURS];
    inhibitor->used = 0;
    inhibitor->number = 0;
    return 0;
}

static void plan_next(struct inhibitor *inhibitor, usec_t pause) {
    inhibitor->start_at = client_deadline(pause);
    inhibitor->pause = min_i64(2 * pause, RETRY_MAX);
}

static void start_if_due(struct inhibitor *inhibitor) {
    usec_t now = client_deadline(0);

    if (now < inhibitor->start_at)
        return;
    int rc = start(inhibitor);
    inhibitor->started_at = now;
    inhibitor->start_at = USEC_NEVER;
    if (rc == 0)
        return;
    hook_say("hooks: %s: %s", inhibitor->program, strerror(-rc));
    plan_next(inhibitor, inhibitor->pause);
}

/* Its end */

/* Who kills all that a hook has left behind may have waited for it already; then its number may be another's. */
static int reap(pid_t pid) {
    int status = 0;
    pid_t got = waitpid(pid, &status, WNOHANG);

    if (got == 0) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    return got < 0 ? W_EXITCODE(0, SIGKILL) : status;
}

static int forget(struct inhibitor *inhibitor) {
    int status;

    close(inhibitor->channel);
    inhibitor->channel = -1;
    status = reap(inhibitor->pid);
    inhibitor->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void say_trouble(struct inhibitor *inhibitor, const char *text) {
    if (!inhibitor->told_trouble)
        hook_say("hooks: %s: nothing is handed over before this host sleeps", text);
    inhibitor->told_trouble = true;
    inhibitor->told_held = false;
}

static void note_death(struct inhibitor *inhibitor) {
    usec_t lived = client_deadline(0) - inhibitor->started_at;
    int status = forget(inhibitor);

    if (status == STATUS_NO_BUS) {
        say_trouble(inhibitor, "there is no system bus");
        plan_next(inhibitor, RETRY_MAX);
        return;
    }
    plan_next(inhibitor, lived >= RETRY_MAX ? RETRY_MIN : inhibitor->pause);
    hook_say("hooks: %s has ended with status %d: it is started again", inhibitor->program, status);
    inhibitor->told_held = false;
}

/* What it says */

static void note_held(struct inhibitor *inhibitor, unsigned ms) {
    usec_t limit = (usec_t)ms * USEC_PER_MS;
    char text[TEXT_SIZE];

    if (!inhibitor->told_held || limit != inhibitor->limit)
        hook_say("hooks: before this host sleeps or goes down its leadership is handed over; logind waits %s",
                 text_duration(limit, text));
    inhibitor->limit = limit;
    inhibitor->told_held = true;
    inhibitor->told_trouble = false;
}

static enum inhibitor_event take_line(struct inhibitor *inhibitor, const char **ret_what) {
    static const char trouble[] = "trouble ";
    const char *line = inhibitor->line;
    unsigned number;
    int length = 0;

    if (sscanf(line, "held %u", &number) == 1) {
        note_held(inhibitor, number);
    } else if (strncmp(line, trouble, sizeof(trouble) - 1) == 0) {
        say_trouble(inhibitor, line + sizeof(trouble) - 1);
    } else if (sscanf(line, "begins %u %n", &number, &length) == 1 && length > 0) {
        inhibitor->number = number;
        *ret_what = line + length;
        return INHIBITOR_BEGINS;
    } else if (sscanf(line, "over %u", &number) == 1 && number == inhibitor->number) {
        return INHIBITOR_OVER;
    }
    return INHIBITOR_NOTHING;
}

/* 1: a whole line is there; 0: not yet; -1: its end. What is too long for a line is cut. */
static int read_line(struct inhibitor *inhibitor) {
    char byte;
    ssize_t got;

    while ((got = recv(inhibitor->channel, &byte, 1, MSG_DONTWAIT)) == 1) {
        if (byte != '\n' && inhibitor->used < INHIBITOR_LINE_MAX - 1)
            inhibitor->line[inhibitor->used++] = byte;
        if (byte != '\n')
            continue;
        inhibitor->line[inhibitor->used] = '\0';
        inhibitor->used = 0;
        return 1;
    }
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

bool inhibitor_serve(struct inhibitor *inhibitor, struct inhibitor_news *ret) {
    int got;

    start_if_due(inhibitor);
    *ret = (struct inhibitor_news){ INHIBITOR_NOTHING, NULL };
    if (inhibitor->channel < 0)
        return false;
    got = read_line(inhibitor);
    if (got > 0) {
        ret->event = take_line(inhibitor, &ret->what);
    } else if (got < 0) {
        note_death(inhibitor);
        ret->event = INHIBITOR_OVER; /* the lock ended with it */
    }
    return got != 0;
}

void inhibitor_release(struct inhibitor *inhibitor) {
    char line[32];
    int length = snprintf(line, sizeof(line), "release %u\n", inhibitor->number);

    if (inhibitor->channel >= 0)
        (void)!send(inhibitor->channel, line, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void inhibitor_close(struct inhibitor *inhibitor) {
    inhibitor->start_at = USEC_NEVER;
    if (inhibitor->channel < 0)
        return;
    forget(inhibitor);
}
