/* SPDX-License-Identifier: ISC
 *
 * hooks.c - `eldest hooks`: executables are told whenever leadership changes, one after the other and never two at a
 * time.
 *
 * It is a holder of work (holding.h), as what hooks do is work of the leader: a leadership is let go when they have
 * been told that it is over, and have done what is to be done then. It hears of other leaders on the same connection,
 * so that nothing overtakes anything.
 *
 *     holding.h      lines of eldestd
 *     standing.h     what they say of leadership, and the environment made from it
 *     hook_queue.h   what is to be told next
 *     hook_run.h     telling it: hook_dir.h, hook_output.h, keeper.h
 *     hook_guard.h   for when this process is killed
 *     departure.h    for when the host sleeps or goes down
 *
 * A run that tells the hooks that this node leads is cut off when that is over, and they are told so. That must be done
 * before eldestd does not wait any more, so there is a deadline for it, whatever --time-limit says.
 *
 * An order to work may have a lease (lib/lease.h). When that is over, this node does not lead any more for the hooks;
 * if it is renewed later, it does so again, under the same order.
 */
#include "base/util.h"
#include "cli/departure.h"
#include "cli/hook_guard.h"
#include "cli/hook_queue.h"
#include "cli/hook_run.h"
#include "cli/holding.h"
#include "cli/tree.h"
#include "lib/alarm.h"
#include "lib/client.h"
#include "text/value.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define TIME_LIMIT_DEFAULT (30 * USEC_PER_SEC) /* mail that is sent may take its time */
#define RECONNECT (200 * USEC_PER_MS)
#define RECONNECT_REFUSED (5 * USEC_PER_SEC) /* it says why, each time */

enum {
    STOP_LIMIT_MS = 10000, /* as long as eldestd has told none */
    STOP_PERCENT = 80, /* of that for the hooks: the rest is for a machine that is busy */
    LOCK_MS = 50, /* between two looks whether the directory is free */
};

enum { OPTION_TARGET = 256, OPTION_TIME_LIMIT };

static const int heard_signals[] = { SIGINT, SIGTERM, SIGHUP };

struct hooks {
    struct hook_rules rules;
    struct holding holding; /* eldestd is tried again and again when it is gone */
    struct standing standing; /* as it told last */
    struct standing lapsed; /* leads: by an order that is in force, but whose lease is over */
    usec_t lease_end; /* as the guard knows it */
    int alarm; /* of the lease */
    struct hook_queue queue;
    struct hook_run run;
    struct hook_guard guard;
    struct departure departure;
    bool connected; /* as far as the queue knows */
    bool works; /* the hooks were told that this node leads, and have not done yet what they do when it does not */
    bool failed; /* one of the hooks that were to stop the last work */
    bool strangers; /* it had children before */
    int signals;
    int lock; /* of the directory */
    usec_t reconnect_at;
    enum status status; /* to end with */
};

/* What eldestd says */

static void lose_daemon(struct hooks *hooks) {
    usec_t now = client_deadline(0);

    holding_lose(&hooks->holding);
    hooks->reconnect_at = now + (hooks->connected ? RECONNECT : RECONNECT_REFUSED);
    hooks->connected = false;
    hooks->lapsed.leads = false;
    standing_release(&hooks->standing);
    hook_queue_note(&hooks->queue, &hooks->standing, now);
}

/* Lines that were dropped for a slow reader may have told it to say it again. */
static bool asks_to_reassert(const json_t *line) {
    return strcmp(text_of(line, "event"), "reassert") == 0 || json_object_get(line, "dropped");
}

static void take_line(struct hooks *hooks) {
    const json_t *line = hooks->holding.session.document;
    usec_t now = client_deadline(0);

    hooks->connected = true;
    if (json_object_get(line, "hold"))
        hooks->lapsed.leads = false;
    standing_read(&hooks->standing, line);
    hook_queue_note(&hooks->queue, &hooks->standing, now);
    if (asks_to_reassert(line))
        hook_queue_reassert(&hooks->queue, now);
}

/* All that has been said. Whoever may not hold work any more has to end. */
static void hear_daemon(struct hooks *hooks) {
    enum status status;

    while ((status = holding_next(&hooks->holding)) == STATUS_OK)
        take_line(hooks);
    if (status == STATUS_TIMEOUT)
        return;
    lose_daemon(hooks);
    if (status != STATUS_UNREACHABLE) {
        hooks->status = status;
        hook_queue_stop(&hooks->queue, client_deadline(0));
    }
}

/* The lease of its orders */

static void set_standing(struct hooks *hooks, const struct standing *standing) {
    hooks->standing = *standing;
    hook_queue_note(&hooks->queue, &hooks->standing, client_deadline(0));
}

static void lapse(struct hooks *hooks) {
    struct standing released = hooks->standing;

    hook_say("hooks: the lease of this node was not renewed: it does not lead any more");
    standing_release(&released);
    hooks->lapsed = hooks->standing;
    set_standing(hooks, &released);
}

static void recover(struct hooks *hooks) {
    set_standing(hooks, &hooks->lapsed);
    hooks->lapsed.leads = false;
}

static void heed_lease(struct hooks *hooks) {
    bool over = lease_is_over(&hooks->holding.lease);

    if (hooks->standing.leads && over)
        lapse(hooks);
    else if (hooks->lapsed.leads && !over)
        recover(hooks);
}

/* Of what the hooks do now: as soon as they are being told the end of it there is none, or that is about to be. */
static struct lease present_lease(const struct hooks *hooks) {
    return hooks->standing.leads && hooks->queue.told.leads ? hooks->holding.lease : LEASE_ENDLESS;
}

/* The alarm is for what they will be told, too. */
static void pass_lease_on(struct hooks *hooks) {
    struct lease lease = present_lease(hooks);

    alarm_set(hooks->alarm, hooks->standing.leads ? hooks->holding.lease.stop_at : USEC_NEVER);
    if (lease.end_at == hooks->lease_end)
        return;
    hooks->lease_end = lease.end_at;
    hook_guard_renew(&hooks->guard, &lease);
    if (hooks->queue.told.leads)
        hook_run_renew(&hooks->run, &hooks->holding.lease);
}

/* Telling the hooks */

static json_int_t stop_limit_ms(const struct hooks *hooks) {
    return hooks->holding.limit_ms > 0 ? hooks->holding.limit_ms : STOP_LIMIT_MS;
}

static usec_t stop_time(const struct hooks *hooks) {
    return stop_limit_ms(hooks) * USEC_PER_MS / 100 * STOP_PERCENT;
}

static void start_guard(struct hooks *hooks) {
    const struct hook_guarded guarded = { .rules = &hooks->rules, .standing = &hooks->queue.told,
                                          .lease = present_lease(hooks), .time_limit = stop_time(hooks) };
    int rc = hook_guard_start(&hooks->guard, &guarded, &hooks->run);

    if (rc < 0)
        hook_say("hooks: no guard could be started: %s", strerror(-rc));
}

/* By when the hooks have to have stopped the work. */
static usec_t stop_deadline(const struct hooks *hooks) {
    return min_i64(hooks->queue.ended_at + stop_time(hooks), departure_limit(&hooks->departure));
}

/* The work is to be stopped then. */
static bool ends_work(enum hook_event event) {
    return event == HOOK_LOST || event == HOOK_STOP;
}

static void begin(struct hooks *hooks, enum hook_event event) {
    usec_t deadline = ends_work(event) ? stop_deadline(hooks) : USEC_NEVER;

    if (hooks->queue.told.leads && !hooks->works)
        hooks->failed = false;
    hooks->works |= hooks->queue.told.leads;
    if (hooks->queue.told.leads)
        start_guard(hooks);
    hook_run_begin(&hooks->run, &hooks->rules, event, &hooks->queue.told, deadline,
                   hooks->strangers ? KEEPER_SPARES_ALL : hooks->guard.pid);
    if (hooks->queue.told.leads)
        hook_run_renew(&hooks->run, &hooks->holding.lease);
}

static void say_if_late(const struct hooks *hooks) {
    usec_t took = client_deadline(0) - hooks->queue.ended_at;
    char text[TEXT_SIZE];

    if (took > stop_limit_ms(hooks) * USEC_PER_MS)
        hook_say("hooks: it took %s until the hooks had stopped the work, so eldestd has not waited for them",
                 text_duration(took, text));
    else if (lease_has_ended(&hooks->holding.lease))
        hook_say("hooks: it took %s until the hooks had stopped the work: the lease had ended by then, see stop_margin",
                 text_duration(took, text));
}

/* Nothing of the work is left. That is the answer to an order to stop only. */
static void let_go(struct hooks *hooks) {
    if (hooks->works)
        say_if_late(hooks);
    hooks->works = false;
    hook_guard_dismiss(&hooks->guard);
    if (!hooks->lapsed.leads)
        holding_confirm(&hooks->holding, hooks->failed);
}

/* Hooks may run that were told of another leader, when this node has led for too short a time for them to be told of
 * that: nobody waits for those. */
static void let_go_if_over(struct hooks *hooks) {
    bool leads = hooks->queue.told.leads || hooks->queue.present.leads;

    if (!leads && (!hooks->works || hook_run_is_over(&hooks->run)))
        let_go(hooks);
}

/* A run of no hooks at all is over at once. */
static void go_on(struct hooks *hooks) {
    enum hook_event event;

    if (hook_queue_overtakes(&hooks->queue) && !hooks->run.cut)
        hook_run_cut(&hooks->run);
    let_go_if_over(hooks);
    while (hook_run_is_over(&hooks->run)) {
        let_go_if_over(hooks);
        event = hook_queue_next(&hooks->queue, client_deadline(0));
        if (event == HOOK_NONE)
            return;
        begin(hooks, event);
    }
}

/* What was cut off has no outcome. */
static void report(struct hooks *hooks, const struct hook_result *result) {
    json_t *document;

    hook_result_say(result);
    if (result->cut)
        return;
    hooks->failed |= ends_work(result->event) && hook_result_failed(result);
    document = json_pack("{s:{s:s, s:s, s:i, s:b, s:I}}", "ran", "hook", result->name,
                         "event", hook_event_name(result->event), "status", result->status,
                         "timed_out", result->timed_out, "duration_ms", (json_int_t)(result->duration / USEC_PER_MS));
    char *line = document ? json_dumps(document, JSON_COMPACT) : NULL;
    if (line)
        holding_say(&hooks->holding, line);
    free(line);
    json_decref(document);
}

/* Waiting for what happens */

/* The end was told, and then the work let go. */
static bool is_over(const struct hooks *hooks) {
    return hooks->queue.over && hook_run_is_over(&hooks->run);
}

static void take_signals(struct hooks *hooks) {
    struct signalfd_siginfo info;

    while (read(hooks->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        hook_queue_stop(&hooks->queue, client_deadline(0));
}

static void replace_guard(struct hooks *hooks) {
    hook_guard_forget(&hooks->guard);
    hook_say("hooks: its guard was killed: another one takes its place");
    start_guard(hooks);
    if (!hooks->strangers)
        hooks->run.spared = hooks->guard.pid;
}

/* Not before the work has stopped: until then the work pipe of the daemon that is gone is held. */
static bool wants_daemon(const struct hooks *hooks) {
    return !hooks->holding.session.client && !hooks->queue.stops && !hooks->works;
}

static usec_t next_deadline(const struct hooks *hooks) {
    usec_t at = wants_daemon(hooks) ? hooks->reconnect_at : USEC_NEVER;

    at = min_i64(at, min_i64(hook_run_deadline(&hooks->run), departure_deadline(&hooks->departure)));
    return hook_run_is_over(&hooks->run) ? min_i64(at, hook_queue_deadline(&hooks->queue)) : at;
}

static void reconnect(struct hooks *hooks) {
    usec_t now = client_deadline(0);

    if (!wants_daemon(hooks) || now < hooks->reconnect_at)
        return;
    hooks->reconnect_at = now + RECONNECT;
    holding_open_again(&hooks->holding);
}

static void serve(struct hooks *hooks) {
    enum { SIGNALS, GUARD, DAEMON, ALARM, RUN, DEPARTURE = RUN + HOOK_RUN_FDS, SOURCES = DEPARTURE + DEPARTURE_FDS };
    struct pollfd ready[SOURCES] = {
        [SIGNALS] = { .fd = hooks->signals, .events = POLLIN },
        [GUARD] = { .fd = hooks->guard.channel, .events = POLLIN },
        [DAEMON] = { .fd = holding_fd(&hooks->holding), .events = POLLIN },
        [ALARM] = { .fd = hooks->alarm, .events = POLLIN },
    };
    struct hook_result result;

    hook_run_poll(&hooks->run, &ready[RUN]);
    departure_poll(&hooks->departure, &ready[DEPARTURE]);
    poll(ready, SOURCES, client_left_ms(next_deadline(hooks)));
    take_signals(hooks);
    if (ready[GUARD].revents)
        replace_guard(hooks);
    reconnect(hooks);
    if (hooks->holding.session.client)
        hear_daemon(hooks);
    heed_lease(hooks);
    go_on(hooks);
    if (hook_run_serve(&hooks->run, &result)) {
        report(hooks, &result);
        go_on(hooks);
    }
    departure_serve(&hooks->departure, hooks->standing.leads, hooks->works);
    if (hooks->connected && !hooks->holding.session.client)
        lose_daemon(hooks);
    pass_lease_on(hooks);
}

static void serve_until_stopped(struct hooks *hooks) {
    take_line(hooks);
    while (!is_over(hooks))
        serve(hooks);
}

/* Beginning */

static bool open_signals(struct hooks *hooks) {
    sigset_t heard, blocked;

    sigemptyset(&heard);
    for (size_t i = 0; i < ARRAY_SIZE(heard_signals); i++)
        sigaddset(&heard, heard_signals[i]);
    blocked = heard;
    sigaddset(&blocked, SIGTTOU);
    sigaddset(&blocked, SIGPIPE); /* nobody may read standard error any more */
    sigprocmask(SIG_BLOCK, &blocked, &hooks->rules.signals);
    signal(SIGCHLD, SIG_DFL); /* who ignores it gets no status */
    hooks->signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    return hooks->signals >= 0;
}

static bool check_directory(const struct hooks *hooks) {
    struct hook_list list;
    int rc = hook_dir_read(hooks->rules.directory, hooks->rules.root, &list);

    if (rc == -EPERM)
        cli_complain("hooks: %s: others than root may write to it; allowed for root: what only root can change",
                     hooks->rules.directory);
    else if (rc == -ENOENT)
        cli_complain("hooks: %s: there is no such directory; make it with mkdir -p, or name another one",
                     hooks->rules.directory);
    else if (rc < 0)
        cli_complain("hooks: %s: %s; allowed: a directory of programs that may be read", hooks->rules.directory,
                     strerror(-rc));
    return rc == 0;
}

/* A name that only one process can have, and those that it has forked: of the directory, and of eldestd, as hooks of
 * several clusters may be the same. */
static int take_name(const struct hooks *hooks, const struct cli *cli) {
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    char *text = name.sun_path + 1; /* it is no file */
    struct stat status;

    if (stat(hooks->rules.directory, &status) < 0)
        return -errno;
    int length = snprintf(text, sizeof(name.sun_path) - 1, "eldest-hooks %jx:%jx %s", (uintmax_t)status.st_dev,
                          (uintmax_t)status.st_ino, cli->socket ? cli->socket : cli->cluster);
    size_t used = (size_t)min_i64(length, sizeof(name.sun_path) - 2);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + used);
    return bind(hooks->lock, (const struct sockaddr *)&name, size) < 0 ? -errno : 0;
}

/* The directory is locked for as long as this process, its guard or a keeper of them lives: whoever is started after
 * this process was killed begins when its guard is done. As anybody can take the name, nobody is waited for longer than
 * the guard may take. False: asked to end meanwhile. */
static bool lock_directory(struct hooks *hooks, const struct cli *cli) {
    usec_t deadline = client_deadline(STOP_LIMIT_MS * USEC_PER_MS);
    struct pollfd asked = { .fd = hooks->signals, .events = POLLIN };
    bool waits = false;

    hooks->lock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    while (take_name(hooks, cli) == -EADDRINUSE) {
        if (client_deadline(0) >= deadline) {
            hook_say("hooks: %s: another process uses it: not waiting any more", hooks->rules.directory);
            break;
        }
        if (!waits)
            hook_say("hooks: %s: another process uses it: waiting", hooks->rules.directory);
        waits = true;
        if (poll(&asked, 1, LOCK_MS) > 0)
            return false;
    }
    return true;
}

static bool read_target(char *text, struct hook_rules *rules) {
    rules->target = text;
    if (text[0] != '\0')
        return true;
    cli_complain("--target: the name is empty; allowed: that of a unit of systemd");
    return false;
}

static bool read_time_limit(const char *text, struct hook_rules *rules) {
    if (!cli_duration("--time-limit", text, &rules->time_limit))
        return false;
    if (rules->time_limit == 0)
        cli_complain("--time-limit %s: no hook can do anything in no time; allowed: more", text);
    return rules->time_limit > 0;
}

static bool read_directory(int argc, char **argv, struct hook_rules *rules) {
    if (optind < argc)
        rules->directory = argv[optind++];
    if (strlen(rules->directory) < PATH_MAX)
        return cli_no_arguments(argc, argv);
    cli_complain("hooks: the path of the directory is too long; allowed: less than %d bytes", PATH_MAX);
    return false;
}

const struct cli_option hooks_options[] = {
    { OPTION_TARGET, "target", "UNIT", "start this unit of systemd after the hooks, stop it before them" },
    { OPTION_TIME_LIMIT, "time-limit", "DURATION", "for each hook (default: 30s)" },
    { 0 },
};

static bool take_option(int option, struct hook_rules *rules) {
    switch (option) {
    case OPTION_TARGET:
        return read_target(optarg, rules);
    case OPTION_TIME_LIMIT:
        return read_time_limit(optarg, rules);
    default:
        return false;
    }
}

static bool read_options(struct cli *cli, int argc, char **argv, struct hook_rules *rules) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (!take_option(option, rules))
            return false;
    return read_directory(argc, argv, rules);
}

static int open_all(struct hooks *hooks) {
    hooks->strangers = tree_has_any();
    if (!open_signals(hooks) || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        return -errno;
    hooks->alarm = alarm_open();
    return hooks->alarm < 0 ? hooks->alarm : hook_guard_open(&hooks->guard);
}

enum status verb_hooks(struct cli *cli, int argc, char **argv) {
    static struct hooks hooks = { .rules = { .directory = ELDEST_SYSCONFDIR "/hooks.d",
                                             .time_limit = TIME_LIMIT_DEFAULT } };

    if (!read_options(cli, argc, argv, &hooks.rules))
        return STATUS_USAGE;
    cli_stay();
    hooks.rules.root = geteuid() == 0;
    if (!check_directory(&hooks))
        return STATUS_FAILED;
    int rc = open_all(&hooks);
    if (rc < 0) {
        cli_complain("hooks: %s", strerror(-rc));
        return STATUS_FAILED;
    }
    if (!lock_directory(&hooks, cli))
        return STATUS_OK;
    hooks.status = holding_open(&hooks.holding, cli, "hold-watch");
    if (hooks.status == STATUS_OK) {
        departure_open(&hooks.departure, cli, &hooks.rules.signals);
        serve_until_stopped(&hooks);
        departure_close(&hooks.departure);
    }
    holding_close(&hooks.holding);
    return hooks.status;
}
