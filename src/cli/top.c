/* SPDX-License-Identifier: ISC
 *
 * top.c - `eldest top`: the cluster on a whole terminal, as it changes.
 *
 *     eldestd  -->  top_link  -->  top_model --+
 *                                              +-->  top_draw  -->  top_screen
 *     keys, size of the terminal  -->  top_view +
 *
 * All waiting is done here. Signals are taken while it waits, and at no other time: those that end a program end this
 * one when the terminal is as it was.
 */
#include "base/util.h"
#include "cli/top_draw.h"
#include "cli/top_link.h"
#include "cli/top_screen.h"
#include "lib/client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct top {
    struct top_model model;
    struct top_view view;
    struct top_link link;
    sigset_t waiting; /* blocked while it waits */
};

static volatile sig_atomic_t caught; /* 0: no signal has asked to end */

static void on_signal(int number) {
    caught = number;
}

/* Before ncurses, which would not give way to a poll. */
static void take_signals(struct top *top) {
    static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
    struct sigaction action = { .sa_handler = on_signal };
    sigset_t taken;

    sigemptyset(&taken);
    for (size_t i = 0; i < ARRAY_SIZE(ending); i++) {
        sigaction(ending[i], &action, NULL);
        sigaddset(&taken, ending[i]);
    }
    sigaddset(&taken, SIGWINCH);
    sigaddset(&taken, SIGTSTP);
    sigprocmask(SIG_BLOCK, &taken, &top->waiting);
}

/* Until a key, news or a time. False: the terminal is gone. */
static bool wait_for_anything(struct top *top) {
    struct pollfd ready[1 + TOP_LINK_FDS] = { { .fd = STDIN_FILENO, .events = POLLIN } };
    usec_t left;

    top_link_poll(&top->link, ready + 1);
    left = max_i64(top_link_deadline(&top->link) - client_deadline(0), 0);
    struct timespec limit = { .tv_sec = left / USEC_PER_SEC, .tv_nsec = left % USEC_PER_SEC * 1000 };
    if (ppoll(ready, ARRAY_SIZE(ready), &limit, &top->waiting) <= 0)
        return true;
    return (ready[0].revents & (POLLHUP | POLLERR | POLLNVAL)) == 0;
}

/* All keys that were pressed. False: the last one was to quit. */
static bool obey_keys(struct top *top, bool *ret_pressed) {
    enum top_command command;

    while ((command = screen_command()) != TOP_NOTHING) {
        if (command == TOP_QUIT && !top->view.help)
            return false;
        top_view_command(&top->view, command);
        if (top->model.frozen != top->view.frozen)
            top_model_freeze(&top->model, top->view.frozen);
        *ret_pressed = true;
    }
    return true;
}

static void run(struct top *top) {
    top_draw(&top->model, &top->view, client_deadline(0));
    while (caught == 0) {
        bool pressed = false;

        if (!wait_for_anything(top))
            caught = SIGHUP;
        if (caught != 0 || !obey_keys(top, &pressed))
            return;
        if (top_link_serve(&top->link, &top->model) || pressed)
            top_draw(&top->model, &top->view, client_deadline(0));
    }
}

/* Who asked by ^C has got what was wanted; whoever sent another signal sees that it has ended this program. */
static void end_by_signal(struct top *top) {
    if (caught == 0 || caught == SIGINT)
        return;
    signal(caught, SIG_DFL);
    raise(caught);
    sigprocmask(SIG_SETMASK, &top->waiting, NULL);
}

static enum status show(struct top *top) {
    take_signals(top);
    if (screen_open() < 0) {
        const char *term = getenv("TERM");
        cli_complain("top: text cannot be placed on a terminal of the type TERM=%s; allowed: one that infocmp(1) "
                     "knows, such as xterm; eldest watch does without", term ? term : "");
        return STATUS_UNSUPPORTED;
    }
    run(top);
    screen_close();
    end_by_signal(top);
    return STATUS_OK;
}

enum status verb_top(struct cli *cli, int argc, char **argv) {
    static struct top top;

    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    if (cli->json) {
        cli_complain("top: has no JSON; eldest status --json and eldest watch --json have what it shows");
        return STATUS_USAGE;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        cli_complain("top: needs a terminal for input and output; eldest status and eldest watch do without");
        return STATUS_UNSUPPORTED;
    }
    enum status status = top_link_open(&top.link, cli, &top.model);
    if (status == STATUS_OK)
        status = show(&top);
    top_link_close(&top.link);
    top_model_free(&top.model);
    return status;
}
