/* SPDX-License-Identifier: ISC
 *
 * keeper.c - see keeper.h. First the command, then the keeper, then the side of `eldest run`. The two talk in packets
 * of one struct.
 */
#include "cli/keeper.h"

#include "base/util.h"
#include "cli/cli.h"
#include "cli/tree.h"
#include "lib/alarm.h"
#include "lib/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_CANNOT_EXECUTE = 126, STATUS_NOT_FOUND = 127 }; /* as those of env(1) */
enum { KILL_INTERVAL_MS = 10, TERMINAL_INTERVAL_MS = 200 };
enum { OURS, THEIRS }; /* of a pair of sockets */

struct packet {
    enum {
        PACKET_STARTED,
        PACKET_LEFT,
        PACKET_LAPSED,
        PACKET_GONE, /* all from the keeper; to it: */
        PACKET_END,
        PACKET_RENEW,
        PACKET_SIGNAL,
    } kind;
    int value; /* the group, the wait status or the signal */
    struct lease lease; /* PACKET_RENEW */
};

static bool send_packet(int channel, const struct packet *packet, int flags) {
    return send(channel, packet, sizeof(*packet), MSG_NOSIGNAL | flags) >= 0;
}

static void tell(int channel, int kind, int value) {
    const struct packet packet = { .kind = kind, .value = value };

    send_packet(channel, &packet, 0);
}

/* --- the command --- */

static void become_command(const struct keeper_order *order, pid_t parent) __attribute__((noreturn));

static void redirect(int output) {
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
}

static void become_command(const struct keeper_order *order, pid_t parent) {
    setpgid(0, 0);
    if (order->output > 0)
        redirect(order->output);
    if (order->terminal)
        tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTSTP, SIG_IGN); /* a leadership cannot be suspended */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(STATUS_CANNOT_EXECUTE);
    sigprocmask(SIG_SETMASK, &order->signals, NULL);
    execvp(order->command[0], order->command);
    int error = errno;
    cli_complain("%s: %s", order->command[0], strerror(error));
    _exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_EXECUTE);
}

/* --- the keeper --- */

enum phase { RUNNING, ENDING, KILLING };

struct kept {
    const struct keeper_order *order;
    int channel; /* -1: `eldest run` is dead */
    int alarm; /* of the lease */
    struct lease lease;
    pid_t command; /* and its group; 0: waited for, so that its number may be another's by now */
    int status; /* of the command, as waited for */
    enum phase phase;
    usec_t deadline; /* ENDING: of its grace; KILLING: when it is looked again */
    bool wants_terminal; /* it was stopped for using it from the background */
};

static void signal_group(const struct kept *kept, int number) {
    if (kept->command != 0)
        kill(-kept->command, number);
}

/* Who is stopped could not end. */
static void end(struct kept *kept) {
    if (kept->phase != RUNNING)
        return;
    kept->phase = ENDING;
    kept->deadline = client_deadline(kept->order->grace);
    signal_group(kept, SIGTERM);
    tree_signal(SIGTERM, kept->command);
    tree_signal(SIGCONT, 0);
}

/* A shell gives the terminal to the group of `eldest run`, without a word. */
static void hand_terminal_on(struct kept *kept) {
    if (!kept->wants_terminal || kept->command == 0 || tcgetpgrp(STDIN_FILENO) != getpgrp())
        return;
    kept->wants_terminal = false;
    tcsetpgrp(STDIN_FILENO, kept->command);
    signal_group(kept, SIGCONT);
}

static void note_change(struct kept *kept, pid_t pid, int status) {
    if (WIFSTOPPED(status)) {
        kept->wants_terminal |= WSTOPSIG(status) == SIGTTIN || WSTOPSIG(status) == SIGTTOU;
    } else if (pid == kept->command) {
        kept->status = status;
        kept->command = 0;
    }
}

/* False: nobody is left. */
static bool reap(struct kept *kept) {
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
        note_change(kept, pid, status);
    return pid == 0;
}

/* A renewal changes nothing for a command that is being ended, but gives it time for that. */
static void obey(struct kept *kept, const struct packet *packet) {
    if (packet->kind == PACKET_SIGNAL)
        signal_group(kept, packet->value);
    else if (packet->kind == PACKET_RENEW)
        kept->lease = packet->lease;
    else
        end(kept);
}

/* All that was said. */
static void listen_to_run(struct kept *kept) {
    struct packet packet;
    ssize_t got;

    while ((got = recv(kept->channel, &packet, sizeof(packet), MSG_DONTWAIT)) == (ssize_t)sizeof(packet))
        obey(kept, &packet);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close(kept->channel);
    kept->channel = -1;
    end(kept);
}

static void end_if_lapsed(struct kept *kept) {
    if (kept->phase != RUNNING || !lease_is_over(&kept->lease))
        return;
    tell(kept->channel, PACKET_LAPSED, 0);
    end(kept);
}

static bool kill_is_due(const struct kept *kept) {
    if (kept->phase == RUNNING)
        return false;
    return client_deadline(0) >= kept->deadline || (kept->phase == ENDING && lease_has_ended(&kept->lease));
}

static void kill_if_due(struct kept *kept) {
    if (!kill_is_due(kept))
        return;
    kept->phase = KILLING;
    kept->deadline = client_deadline(KILL_INTERVAL_MS * USEC_PER_MS);
    signal_group(kept, SIGKILL);
    tree_signal(SIGKILL, kept->command);
}

static usec_t next_alarm(const struct kept *kept) {
    switch (kept->phase) {
    case RUNNING:
        return kept->lease.stop_at;
    case ENDING:
        return kept->lease.end_at;
    case KILLING:
        break;
    }
    return USEC_NEVER;
}

static int time_left_ms(const struct kept *kept) {
    if (kept->phase == RUNNING)
        return kept->wants_terminal ? TERMINAL_INTERVAL_MS : -1;
    return client_left_ms(kept->deadline);
}

/* The command has ended by itself, but not all that it has started. */
static void end_left(struct kept *kept) {
    if (kept->command != 0 || kept->phase != RUNNING)
        return;
    tell(kept->channel, PACKET_LEFT, 0);
    end(kept);
}

/* Whoever stood still looks at the lease first, but knows what was said of it meanwhile. */
static void keep(struct kept *kept, int children) {
    struct signalfd_siginfo seen;

    while (reap(kept)) {
        struct pollfd ready[] = {
            { .fd = children, .events = POLLIN },
            { .fd = kept->channel, .events = POLLIN },
            { .fd = kept->alarm, .events = POLLIN },
        };

        end_left(kept);
        alarm_set(kept->alarm, next_alarm(kept));
        poll(ready, ARRAY_SIZE(ready), time_left_ms(kept));
        if (ready[1].revents)
            listen_to_run(kept);
        end_if_lapsed(kept);
        kill_if_due(kept);
        while (read(children, &seen, sizeof(seen)) > 0)
            continue;
        hand_terminal_on(kept);
    }
}

/* It has stood still since it was started: too late for the command. */
static void give_up(int channel) __attribute__((noreturn));

static void give_up(int channel) {
    tell(channel, PACKET_LAPSED, 0);
    tell(channel, PACKET_GONE, W_EXITCODE(0, SIGKILL));
    _exit(EXIT_SUCCESS);
}

static void be_keeper(const struct keeper_order *order, int channel) __attribute__((noreturn));

static void be_keeper(const struct keeper_order *order, int channel) {
    struct kept kept = { .order = order, .channel = channel, .lease = order->lease, .alarm = alarm_open() };
    sigset_t all, children;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    prctl(PR_SET_NAME, "eldest-keeper");
    int fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    pid_t self = getpid();
    if (fd < 0 || kept.alarm < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        _exit(EXIT_FAILURE);
    if (lease_is_over(&kept.lease))
        give_up(channel);
    kept.command = fork();
    if (kept.command < 0)
        _exit(EXIT_FAILURE);
    if (kept.command == 0)
        become_command(order, self);
    setpgid(kept.command, kept.command); /* whoever comes first: afterwards it is so */
    tell(channel, PACKET_STARTED, kept.command);
    keep(&kept, fd);
    if (kept.channel >= 0)
        tell(kept.channel, PACKET_GONE, kept.status);
    _exit(EXIT_SUCCESS);
}

/* --- the side of `eldest run` --- */

int keeper_start(struct keeper *keeper, const struct keeper_order *order) {
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[OURS]);
        be_keeper(order, ends[THEIRS]);
    }
    int error = errno;
    close(ends[THEIRS]);
    if (pid < 0) {
        close(ends[OURS]);
        return -error;
    }
    *keeper = (struct keeper){ .pid = pid, .channel = ends[OURS] };
    return 0;
}

/* One that has stood still for so long that there is no room for more must go on to hear it. */
void keeper_end(const struct keeper *keeper) {
    const struct packet packet = { .kind = PACKET_END };

    if (send_packet(keeper->channel, &packet, MSG_DONTWAIT) || errno != EAGAIN)
        return;
    keeper_hurry(keeper);
    send_packet(keeper->channel, &packet, 0);
}

void keeper_renew(const struct keeper *keeper, const struct lease *lease) {
    const struct packet packet = { .kind = PACKET_RENEW, .lease = *lease };

    send_packet(keeper->channel, &packet, MSG_DONTWAIT);
}

void keeper_hurry(const struct keeper *keeper) {
    kill(keeper->pid, SIGCONT);
}

void keeper_signal(const struct keeper *keeper, int number) {
    tell(keeper->channel, PACKET_SIGNAL, number);
}

/* Those that are left of the group are children of this process now. */
static void kill_group(pid_t group) {
    while (group > 0 && kill(-group, SIGKILL) == 0) {
        while (waitpid(-group, NULL, WNOHANG) > 0)
            continue;
        poll(NULL, 0, KILL_INTERVAL_MS);
    }
}

static void forget(struct keeper *keeper) {
    close(keeper->channel);
    while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    keeper->pid = 0;
    keeper->channel = -1;
}

/* A keeper that has not read all when it ends is told as an error first, although it has said something before. */
static ssize_t receive(const struct keeper *keeper, struct packet *packet) {
    ssize_t got;

    do
        got = recv(keeper->channel, packet, sizeof(*packet), MSG_DONTWAIT);
    while (got < 0 && errno == ECONNRESET);
    return got;
}

enum keeper_news keeper_listen(struct keeper *keeper, pid_t spared, int *ret_status) {
    struct packet packet;
    ssize_t got = receive(keeper, &packet);

    if (got == (ssize_t)sizeof(packet) && packet.kind == PACKET_STARTED)
        keeper->group = packet.value;
    keeper->left |= got == (ssize_t)sizeof(packet) && packet.kind == PACKET_LEFT;
    keeper->lapsed |= got == (ssize_t)sizeof(packet) && packet.kind == PACKET_LAPSED;
    if (got == (ssize_t)sizeof(packet) && packet.kind == PACKET_GONE) {
        forget(keeper);
        *ret_status = packet.value;
        return KEEPER_GONE;
    }
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return KEEPER_NOTHING;
    forget(keeper);
    kill_group(keeper->group);
    if (spared >= 0)
        tree_kill(spared);
    return KEEPER_KILLED;
}
