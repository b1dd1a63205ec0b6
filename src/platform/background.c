/* SPDX-License-Identifier: ISC
 *
 * background.c - see background.h. The child holds one end of a pipe: a byte in it means ready, its end
 * that the child is gone.
 */
#include "platform/background.h"

#include "platform/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static void wait_for_child(pid_t child, int fd) __attribute__((noreturn));

static void wait_for_child(pid_t child, int fd) {
    char byte;
    ssize_t got;
    int status;

    do {
        got = read(fd, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1)
        _exit(EX_OK);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE);
}

int background_begin(void) {
    int pipes[2], error;
    pid_t child;

    close_range(STDERR_FILENO + 1, ~0U, 0); /* what the starter left open would stay so as long as the daemon lives */
    if (pipe2(pipes, O_CLOEXEC) < 0)
        return -errno;
    child = fork();
    if (child < 0) {
        error = errno;
        close(pipes[0]);
        close(pipes[1]);
        return -error;
    }
    if (child > 0) {
        close(pipes[1]);
        wait_for_child(child, pipes[0]);
    }
    close(pipes[0]);
    setsid();
    return pipes[1];
}

void background_ready(int fd) {
    ssize_t written;

    standard_release();
    do {
        written = write(fd, "", 1);
    } while (written < 0 && errno == EINTR);
    close(fd);
}
