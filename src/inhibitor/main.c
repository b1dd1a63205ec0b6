/* SPDX-License-Identifier: ISC
 *
 * main.c - `eldest-inhibitor`: makes systemd-logind wait before the host sleeps or goes down. `eldest hooks` starts it
 * and talks to it on its standard input and output, in lines:
 *
 *     held MS            logind waits, for MS milliseconds at most (0: not known)
 *     begins N WHAT      the host is about to "sleep" or "shutdown": N counts these
 *     over N             that has been, or does not come to pass
 *     trouble TEXT       why logind would not wait
 *
 *     release N          comes in: it need not wait any longer
 *
 * A release names what it is for, so that one which comes late is not taken for the next one. The lock ends with this
 * process, and this process with its standard input.
 */
#include "base/util.h"
#include "inhibitor/logind.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_GONE = 1, EXIT_NO_BUS = 69 /* EX_UNAVAILABLE */ };
enum { LINE_SIZE = 64 };

static unsigned number; /* of what logind is about to do, or did last */

static void say_held(usec_t limit) {
    printf("held %lld\n", (long long)(limit / USEC_PER_MS));
}

static void say_begins(const char *what) {
    printf("begins %u %s\n", ++number, what);
}

static void say_over(void) {
    printf("over %u\n", number);
}

static void say_trouble(const char *text) {
    printf("trouble %s\n", text);
}

static const struct logind_calls calls = {
    .held = say_held,
    .begins = say_begins,
    .over = say_over,
    .trouble = say_trouble,
};

static void obey(struct logind *logind, const char *line) {
    unsigned released;

    if (sscanf(line, "release %u", &released) == 1 && released == number && logind->preparing)
        logind_release(logind);
}

/* False: its end. A line that is too long is none of ours. */
static bool read_orders(struct logind *logind) {
    static char line[LINE_SIZE];
    static size_t used;
    char byte;
    ssize_t got;

    while ((got = read(STDIN_FILENO, &byte, 1)) == 1) {
        if (byte != '\n' && used < LINE_SIZE - 1)
            line[used++] = byte;
        if (byte != '\n')
            continue;
        line[used] = '\0';
        used = 0;
        obey(logind, line);
    }
    return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static int serve(struct logind *logind) {
    int rc = 0;

    while (rc == 0 && read_orders(logind))
        rc = logind_wait(logind, STDIN_FILENO);
    if (rc < 0)
        fprintf(stderr, "eldest-inhibitor: the system bus: %s\n", strerror(-rc));
    return rc < 0 ? EXIT_GONE : 0;
}

int main(void) {
    struct logind logind;

    setvbuf(stdout, NULL, _IOLBF, 0);
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    int rc = logind_open(&logind, &calls);
    int status = rc < 0 ? EXIT_NO_BUS : serve(&logind);
    logind_close(&logind);
    return status;
}
