/* SPDX-License-Identifier: ISC
 *
 * run.c - `eldest run`: a command runs while this node leads, and at no other time.
 *
 * It is a holder of work (daemon/holders.h): eldestd tells it when to work and when to stop, and hears from it when all
 * processes of the command are gone. All that eldestd has said is read before anything is done, so that whoever stood
 * still meanwhile does not begin what is over. The end of the control socket is an order to stop.
 *
 * An order may have a lease (lib/lease.h). Its end is the keeper's affair, which is told of each renewal; a command
 * that was ended with its lease begins again if it is renewed later.
 *
 * A command runs under one token; when the node leads on under another one, the command is started again.
 */
#include "base/util.h"
#include "cli/holding.h"
#include "cli/keeper.h"
#include "cli/standing.h"
#include "cli/tree.h"
#include "lib/alarm.h"
#include "text/value.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define GRACE_DEFAULT (5 * USEC_PER_SEC)

enum { RECONNECT_MS = 200 };

/* Those that are the command's while it runs. */
static const int heard_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };

struct run {
    struct holding holding; /* eldestd is tried again and again when it is gone */
    bool once;
    pid_t spared; /* when its keeper was killed: nobody, or all of who were there before */
    struct keeper_order order;
    sigset_t heard;
    int signals;
    struct keeper keeper;
    struct lease told; /* to the keeper */
    int alarm; /* when that has ended */
    bool ending; /* the keeper was told to */
    json_t *work; /* the order to work that is in force; NULL: none */
    json_t *running; /* that of the command; NULL: none */
    int quit; /* a signal asks to end */
    int outcome; /* wait status of the command that ended last */
    bool over; /* it is to be the end of this as well */
    bool terminal; /* standard input is one, with these settings at first */
    struct termios settings;
};

/* Orders */

static void set_order(json_t **place, json_t *order) {
    json_t *before = *place;

    *place = json_incref(order);
    json_decref(before);
}

/* All that has been said. STATUS_OK while eldestd is there. */
static enum status read_orders(struct run *run) {
    enum status status;

    while ((status = holding_next(&run->holding)) == STATUS_OK)
        set_order(&run->work, holding_works(&run->holding) ? run->holding.session.document : NULL);
    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

static void renew(struct run *run) {
    const struct lease *lease = &run->holding.lease;

    if (run->keeper.pid == 0 || lease->end_at == run->told.end_at)
        return;
    keeper_renew(&run->keeper, lease);
    run->told = *lease;
    alarm_set(run->alarm, lease->end_at);
}

static void lose_daemon(struct run *run) {
    holding_lose(&run->holding);
    set_order(&run->work, NULL);
}

static void warn_of_limit(const struct run *run) {
    json_int_t limit_ms = run->holding.limit_ms;
    char text[TEXT_SIZE];

    if (limit_ms > 0 && run->order.grace >= limit_ms * USEC_PER_MS)
        cli_complain("--grace is not below the %s that eldestd waits before another node may lead",
                     text_duration(limit_ms * USEC_PER_MS, text));
}

static enum status connect_first(struct run *run, const struct cli *cli) {
    enum status status = holding_open(&run->holding, cli, "hold");

    if (status == STATUS_OK)
        warn_of_limit(run);
    return status == STATUS_OK ? read_orders(run) : status;
}

/* The command */

static bool have_terminal(const struct run *run) {
    return run->terminal && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static void take_terminal_back(const struct run *run) {
    if (!run->terminal || run->keeper.group == 0 || tcgetpgrp(STDIN_FILENO) != run->keeper.group)
        return;
    tcsetpgrp(STDIN_FILENO, getpgrp());
    tcsetattr(STDIN_FILENO, TCSADRAIN, &run->settings);
}

static void set_environment(const json_t *work) {
    struct standing standing = { .leads = false };

    standing_read(&standing, work);
    standing_export(&standing);
}

static void start(struct run *run) {
    run->order.terminal = have_terminal(run);
    run->order.lease = run->told = run->holding.lease;
    set_environment(run->work);
    set_order(&run->running, run->work);
    run->ending = false;
    alarm_set(run->alarm, run->told.end_at);
    int rc = keeper_start(&run->keeper, &run->order);
    if (rc == 0)
        return;
    cli_complain("%s: %s", run->order.command[0], strerror(-rc));
    run->outcome = W_EXITCODE(STATUS_FAILED, 0);
    run->over = true;
}

/* A command that nobody ended is the end of it all, and so is any with --once. */
static void note_end(struct run *run, enum keeper_news news, int status) {
    bool ended = run->ending || run->keeper.lapsed;

    take_terminal_back(run);
    set_order(&run->running, NULL);
    run->over |= run->once || !ended || run->quit != 0;
    run->outcome = status;
    if (run->keeper.lapsed)
        cli_complain("%s: ended with its lease, which was not renewed", run->order.command[0]);
    if (news == KEEPER_KILLED) {
        cli_complain("%s: its keeper was killed", run->order.command[0]);
        run->outcome = W_EXITCODE(STATUS_FAILED, 0);
        run->over = true;
    }
}

static void listen_to_keeper(struct run *run) {
    int status = 0;
    enum keeper_news news = keeper_listen(&run->keeper, run->spared, &status);

    if (news != KEEPER_NOTHING)
        note_end(run, news, status);
}

static void end(struct run *run) {
    if (!run->ending)
        keeper_end(&run->keeper);
    run->ending = true;
}

/* What is running is what the last order said, or is being ended. */
static void follow_orders(struct run *run) {
    if (run->keeper.pid != 0) {
        if (run->work != run->running || run->quit == SIGTERM)
            end(run);
        return;
    }
    if (!run->work)
        holding_confirm(&run->holding, false);
    else if (!run->over && run->quit == 0 && !lease_is_over(&run->holding.lease))
        start(run);
}

static void hurry_keeper(struct run *run) {
    alarm_set(run->alarm, USEC_NEVER);
    if (run->keeper.pid != 0)
        keeper_hurry(&run->keeper);
}

/* Signals */

/* Where there is no command they are for `eldest run` itself. SIGTERM asks for the end in any case, however the command
 * takes it. */
static void take_signal(struct run *run, int number) {
    if (number == SIGTERM || run->keeper.pid == 0)
        run->quit = number;
    else
        keeper_signal(&run->keeper, number);
}

static void take_signals(struct run *run) {
    struct signalfd_siginfo info;

    while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        take_signal(run, (int)info.ssi_signo);
}

static bool open_signals(struct run *run) {
    sigset_t blocked;

    sigemptyset(&run->heard);
    for (size_t i = 0; i < ARRAY_SIZE(heard_signals); i++)
        sigaddset(&run->heard, heard_signals[i]);
    blocked = run->heard;
    sigaddset(&blocked, SIGTTOU);
    sigprocmask(SIG_BLOCK, &blocked, &run->order.signals);
    run->signals = signalfd(-1, &run->heard, SFD_CLOEXEC | SFD_NONBLOCK);
    return run->signals >= 0;
}

/* All of it */

static enum status serve(struct run *run) {
    enum { SIGNALS, KEEPER, DAEMON, ALARM, SOURCES };
    bool reconnects = !run->holding.session.client && run->keeper.pid == 0;
    struct pollfd ready[SOURCES] = {
        [SIGNALS] = { .fd = run->signals, .events = POLLIN },
        [KEEPER] = { .fd = run->keeper.pid != 0 ? run->keeper.channel : -1, .events = POLLIN },
        [DAEMON] = { .fd = holding_fd(&run->holding), .events = POLLIN },
        [ALARM] = { .fd = run->alarm, .events = POLLIN },
    };
    enum status status = STATUS_OK;

    poll(ready, SOURCES, reconnects ? RECONNECT_MS : -1);
    if (ready[ALARM].revents)
        hurry_keeper(run);
    take_signals(run);
    if (ready[KEEPER].revents)
        listen_to_keeper(run);
    if (reconnects)
        holding_open_again(&run->holding);
    if (run->holding.session.client)
        status = read_orders(run);
    renew(run);
    if (status != STATUS_OK)
        lose_daemon(run);
    return status;
}

/* With the end of the command, as the shell and a service manager know it. */
static void leave(int outcome) __attribute__((noreturn));

static void leave(int outcome) {
    const struct rlimit none = { 0, 0 };
    sigset_t one;

    if (!WIFSIGNALED(outcome))
        exit(WEXITSTATUS(outcome)); /* 64 of a command is not wrong use of `eldest run` */
    setrlimit(RLIMIT_CORE, &none); /* if there is a core, it is the command's */
    signal(WTERMSIG(outcome), SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, WTERMSIG(outcome));
    raise(WTERMSIG(outcome));
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    exit(128 + WTERMSIG(outcome));
}

/* Nothing runs: STATUS_OK if something may run later. */
static enum status rest(const struct run *run, enum status status) {
    if (run->over)
        leave(run->outcome);
    if (run->quit != 0)
        leave(W_EXITCODE(0, run->quit));
    return status == STATUS_UNREACHABLE && !run->once ? STATUS_OK : status;
}

static enum status run_while_leading(struct run *run) {
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        follow_orders(run);
        status = serve(run);
        if (run->keeper.pid == 0)
            status = rest(run, status);
        else if (status == STATUS_UNREACHABLE)
            status = STATUS_OK; /* the command is to be ended first */
    }
    return status;
}

enum { OPTION_ONCE = 256, OPTION_GRACE };

const struct cli_option run_options[] = {
    { OPTION_ONCE, "once", NULL, "do not begin again when this node leads again" },
    { OPTION_GRACE, "grace", "DURATION", "from SIGTERM to SIGKILL (default: 5s)" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, struct run *run) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == OPTION_ONCE)
            run->once = true;
        else if (option != OPTION_GRACE || !cli_duration("--grace", optarg, &run->order.grace))
            return false;
    run->order.command = argv + optind;
    if (optind == argc)
        cli_complain("run: there is no command to run; allowed: one with its arguments, after --");
    return optind < argc;
}

enum status verb_run(struct cli *cli, int argc, char **argv) {
    struct run run = { .order.grace = GRACE_DEFAULT };

    if (!read_options(cli, argc, argv, &run))
        return STATUS_USAGE;
    cli_stay();
    signal(SIGCHLD, SIG_DFL); /* who ignores it gets no status */
    run.spared = tree_has_any() ? KEEPER_SPARES_ALL : 0;
    run.terminal = tcgetattr(STDIN_FILENO, &run.settings) == 0;
    run.alarm = alarm_open();
    if (run.alarm < 0 || !open_signals(&run) || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
        cli_complain("run: %s", strerror(errno));
        return STATUS_FAILED;
    }
    enum status status = connect_first(&run, cli);
    if (status == STATUS_OK)
        status = run_while_leading(&run);
    holding_close(&run.holding);
    set_order(&run.work, NULL);
    return status;
}
