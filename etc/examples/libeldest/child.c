/* SPDX-License-Identifier: ISC
 *
 * child.c - an example of libeldest(3): a child process runs while this node leads, and at no other time.
 *
 *     cc -o child child.c $(pkg-config --cflags --libs libeldest)
 *     ./child /run/eldest/default.sock sleep 1000
 *
 * The loop is one of poll(2), as any program may have: it waits for the library and for SIGCHLD at the same time. The
 * work takes its time to stop, and the library is told when it has. `eldest run` does the same and looks after much
 * more, such as what the child has started in its turn.
 */
#include <eldest.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    char **command;
    pid_t pid; /* 0: it does not run */
};

static void start(struct eldest *eldest, const struct eldest_status *order, void *context) {
    struct job *job = context;
    pid_t parent = getpid();
    sigset_t none;

    printf("start %s\n", eldest_status_token(order));
    fflush(stdout);
    job->pid = fork();
    if (job->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* whoever kills this program means its work as well */
        if (getppid() != parent)
            _exit(EXIT_FAILURE);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        setenv("TOKEN", eldest_status_token(order), 1);
        execvp(job->command[0], job->command);
        _exit(127);
    }
    if (job->pid < 0) {
        job->pid = 0;
        eldest_stopped(eldest);
    }
}

/* How long it takes to end is up to the child; another node waits for it. */
static void stop(struct eldest *eldest, void *context) {
    struct job *job = context;

    (void)eldest;
    kill(job->pid, SIGTERM);
}

static void reap(struct eldest *eldest, struct job *job) {
    if (job->pid == 0 || waitpid(job->pid, NULL, WNOHANG) != job->pid)
        return;
    job->pid = 0;
    printf("stopped\n");
    fflush(stdout);
    eldest_stopped(eldest);
}

static int open_children(void) {
    sigset_t children;

    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int serve(struct eldest *eldest, struct job *job) {
    struct pollfd ready[] = { { .fd = eldest_fd(eldest), .events = POLLIN },
                              { .fd = open_children(), .events = POLLIN } };
    struct signalfd_siginfo seen;
    int rc = 0;

    while (rc >= 0) {
        if (poll(ready, 2, -1) < 0 && errno != EINTR)
            return -errno;
        while (read(ready[1].fd, &seen, sizeof(seen)) > 0)
            continue;
        reap(eldest, job);
        rc = eldest_dispatch(eldest, 0);
        if (eldest_trouble(eldest) == -EACCES)
            rc = -EACCES;
    }
    return rc;
}

int main(int argc, char **argv) {
    struct job job = { .command = argv + 2 };
    struct eldest *eldest;

    if (argc < 3) {
        fprintf(stderr, "usage: %s SOCKET COMMAND [ARGUMENT...]\n", argv[0]);
        return 64;
    }
    int rc = eldest_open(&eldest, NULL, argv[1]);
    if (rc == 0)
        rc = eldest_hold(eldest, start, stop, &job);
    if (rc == 0)
        rc = serve(eldest, &job);
    fprintf(stderr, "%s: %s\n", argv[1], eldest_error_text(rc));
    return EXIT_FAILURE;
}
