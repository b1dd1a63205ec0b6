/* SPDX-License-Identifier: ISC
 *
 * fake_daemon.c - see fake_daemon.h.
 */
#include "unit/fake_daemon.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT_MS = 10000, MOMENT_MS = 5, LINE_SIZE = 256 };

static char directory[32];
static struct sockaddr_un address;
static int listener;

void fake_start(void) {
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(listener, 4), 0);
}

void fake_die(void) {
    close(listener);
    unlink(address.sun_path);
}

void fake_open(void) {
    strcpy(directory, "/tmp/eldest-fake-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", directory);
    fake_start();
}

void fake_close(void) {
    fake_die();
    rmdir(directory);
}

const char *fake_path(void) {
    return address.sun_path;
}

bool is_readable(int fd, int limit_ms) {
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    return poll(&ready, 1, limit_ms) > 0;
}

bool is_at_its_end(int fd) {
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    return poll(&ready, 1, 0) > 0 && (ready.revents & POLLHUP);
}

bool fake_is_wanted(void) {
    return is_readable(listener, 0);
}

/* Byte by byte, since what follows is read later. */
static void read_line(int client, char line[LINE_SIZE]) {
    size_t length = 0;

    while (length < LINE_SIZE - 1 && is_readable(client, LIMIT_MS) && read(client, line + length, 1) == 1 &&
           line[length] != '\n')
        length++;
    line[length] = '\0';
}

void fake_hears(int client, const char *line) {
    char heard[LINE_SIZE];

    read_line(client, heard);
    ck_assert_str_eq(heard, line);
}

bool fake_hears_nothing(int client) {
    return !is_readable(client, 0);
}

int fake_accept(const char *command) {
    char request[LINE_SIZE];

    ck_assert_msg(is_readable(listener, LIMIT_MS), "nobody wants to know of %s", command);
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge(client, 0);
    snprintf(request, sizeof(request), "{\"command\":\"%s\"}", command);
    fake_hears(client, request);
    return client;
}

void fake_say(int client, const char *text) {
    ck_assert_int_eq(send(client, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

void fake_say_with(int client, const char *text, int fd) {
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = { .space = { 0 } };
    char copy[LINE_SIZE];
    struct iovec part = { copy, strlen(text) };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof(control.space) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    snprintf(copy, sizeof(copy), "%s", text);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    ck_assert_int_eq(sendmsg(client, &message, 0), (ssize_t)strlen(text));
}

void fake_answer(const char *command, bool silent, const char *const texts[]) {
    pid_t test = getpid(), pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != test)
        _exit(EXIT_FAILURE);
    int client = fake_accept(command);
    for (size_t i = 0; texts[i]; i++) {
        fake_say(client, texts[i]);
        poll(NULL, 0, MOMENT_MS);
    }
    if (silent)
        pause();
    _exit(EXIT_SUCCESS);
}
