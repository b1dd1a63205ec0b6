/* SPDX-License-Identifier: ISC
 *
 * doctor_tools.c - gathers what only other programs can read: the rules of the firewall, and the unit of systemd. A
 * part of doctor.h.
 *
 * Each is executed by its path, without a shell, only reads, has a time limit, and its output is bounded.
 */
#include "cli/doctor.h"

#include "base/util.h"
#include "cli/unit.h"
#include "lib/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    OUTPUT_MAX = 8 << 20,
    PATH_SIZE = 128,
    WORDS_MAX = 8,
};

static const usec_t time_limit_us = 5 * USEC_PER_SEC;

/* --- running one --- */

enum outcome { OUTCOME_OK, OUTCOME_MISSING, OUTCOME_FAILED, OUTCOME_LATE, OUTCOME_LONG };

static bool find_tool(const char *name, char path[PATH_SIZE]) {
    static const char *const folders[] = { "/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin" };

    for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
        snprintf(path, PATH_SIZE, "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* Its output goes to the pipe, what it complains of nowhere. 0 or an errno. */
static int start(const char *path, char *const arguments[], int output, pid_t *ret_pid) {
    static char locale[] = "LC_ALL=C", folders[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    static char *const environment[] = { locale, folders, NULL };
    posix_spawn_file_actions_t actions;
    int result = posix_spawn_file_actions_init(&actions);

    if (result != 0)
        return result;
    result = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    result = result ? result : posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    result = result ? result : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    result = result ? result : posix_spawn(ret_pid, path, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

static usec_t left_until(usec_t deadline) {
    return max_i64(deadline - client_deadline(0), 0);
}

/* Reads all of it, with a NUL behind. */
static enum outcome read_all(int fd, usec_t deadline, char *buffer) {
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    size_t length = 0;

    for (;;) {
        ssize_t got;

        if (poll(&waiting, 1, (int)(left_until(deadline) / USEC_PER_MS)) <= 0)
            return OUTCOME_LATE;
        got = read(fd, buffer + length, OUTPUT_MAX - length);
        if (got < 0)
            return OUTCOME_FAILED;
        if (got == 0)
            break;
        length += (size_t)got;
        if (length == OUTPUT_MAX)
            return OUTCOME_LONG;
    }
    buffer[length] = '\0';
    return OUTCOME_OK;
}

/* Whoever has closed its output and does not end is ended. */
static enum outcome finish(pid_t pid, enum outcome outcome) {
    int status;

    if (outcome != OUTCOME_OK)
        kill(pid, SIGKILL);
    if (waitpid(pid, &status, 0) != pid)
        return OUTCOME_FAILED;
    if (outcome == OUTCOME_OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        return OUTCOME_FAILED;
    return outcome;
}

static enum outcome run_path(const char *path, char *const arguments[], char *buffer) {
    usec_t deadline = client_deadline(time_limit_us);
    enum outcome outcome;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return OUTCOME_FAILED;
    if (start(path, arguments, ends[1], &pid) != 0) {
        close(ends[0]);
        close(ends[1]);
        return OUTCOME_FAILED;
    }
    close(ends[1]);
    outcome = read_all(ends[0], deadline, buffer);
    close(ends[0]);
    return finish(pid, outcome);
}

/* A command of words with a blank between. The output is the caller's to free. */
static enum outcome run(const char *command, char **ret_output) {
    char path[PATH_SIZE], words[PATH_SIZE], *arguments[WORDS_MAX + 1] = { NULL }, *rest = NULL, *buffer;
    enum outcome outcome;

    snprintf(words, sizeof(words), "%s", command);
    arguments[0] = strtok_r(words, " ", &rest);
    for (unsigned i = 1; i < WORDS_MAX && arguments[i - 1]; i++)
        arguments[i] = strtok_r(NULL, " ", &rest);
    if (!find_tool(arguments[0], path))
        return OUTCOME_MISSING;
    buffer = malloc(OUTPUT_MAX + 1);
    if (!buffer)
        return OUTCOME_FAILED;
    outcome = run_path(path, arguments, buffer);
    if (outcome == OUTCOME_OK)
        *ret_output = buffer;
    else
        free(buffer);
    return outcome;
}

/* --- which --- */

static void say(struct doctor *doctor, const char *what, const char *tool, enum outcome outcome) {
    char why[TEXT_SIZE];

    switch (outcome) {
    case OUTCOME_OK:
        doctor_checked(doctor, what);
        return;
    case OUTCOME_MISSING:
        snprintf(why, sizeof(why), "%s is not installed", tool);
        break;
    case OUTCOME_FAILED:
        snprintf(why, sizeof(why), geteuid() == 0 ? "%s fails" : "%s needs root: sudo eldest doctor", tool);
        break;
    case OUTCOME_LATE:
        snprintf(why, sizeof(why), "%s takes too long", tool);
        break;
    case OUTCOME_LONG:
        snprintf(why, sizeof(why), "the output of %s is too long", tool);
        break;
    }
    doctor_not_checked(doctor, what, "%s", why);
}

static void gather_nft(struct doctor *doctor, json_t *firewall) {
    char *output = NULL;
    enum outcome outcome = run("nft -j list ruleset", &output);
    json_t *ruleset = outcome == OUTCOME_OK ? json_loads(output, 0, NULL) : NULL;

    if (outcome == OUTCOME_OK && !ruleset)
        outcome = OUTCOME_FAILED;
    say(doctor, "firewall rules of nft", "nft", outcome);
    if (ruleset)
        json_object_set_new(firewall, "nft", ruleset);
    free(output);
}

/* Whether the kernel may have tables of iptables beside those of nft. Those that iptables keeps in nft show there. */
static bool has_tables(const char *path) {
    FILE *file = fopen(path, "re");
    bool some = file ? fgetc(file) != EOF : errno != ENOENT;

    if (file)
        fclose(file);
    return some;
}

static void gather_iptables(struct doctor *doctor, json_t *firewall, const char *key, const char *names,
                            const char *program) {
    char what[TEXT_SIZE], *output = NULL;
    enum outcome outcome = run(program, &output);

    if (outcome == OUTCOME_MISSING && !has_tables(names))
        return;
    snprintf(what, sizeof(what), "firewall rules of %s", key);
    say(doctor, what, program, outcome);
    if (outcome == OUTCOME_OK)
        json_object_set_new(firewall, key, json_string(output));
    free(output);
}

/* Only what stands between rules and people: the rules themselves show in nft or iptables. */
static bool ufw_is_active(void) {
    FILE *file = fopen("/etc/ufw/ufw.conf", "re");
    char line[TEXT_SIZE];
    bool active = false;

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file))
        active |= strncmp(line, "ENABLED=yes", strlen("ENABLED=yes")) == 0;
    fclose(file);
    return active;
}

static bool firewalld_is_active(void) {
    char *output = NULL;
    bool active =
        run("firewall-cmd --state", &output) == OUTCOME_OK && strncmp(output, "running", strlen("running")) == 0;

    free(output);
    return active;
}

/* "LoadState=loaded" and "ActiveState=failed", one a line. */
static void take_unit(struct doctor *doctor, const char *output) {
    const char *state = strstr(output, "ActiveState=");

    if (!strstr(output, "LoadState=loaded") || !state)
        return;
    state += strlen("ActiveState=");
    json_object_set_new(doctor->facts, "unit", json_stringn(state, strcspn(state, "\n")));
}

void gather_unit(struct doctor *doctor) {
    const char *cluster = text_of(doctor->facts, "cluster");
    char *output = NULL, command[2 * TEXT_SIZE], unit[TEXT_SIZE];

    snprintf(command, sizeof(command), "systemctl show -p LoadState -p ActiveState %s.service",
             unit_name(cluster, unit));
    if (unit_is_installed(cluster) && run(command, &output) == OUTCOME_OK)
        take_unit(doctor, output);
    free(output);
}

void gather_firewall(struct doctor *doctor) {
    json_t *firewall = json_object();

    json_object_set_new(doctor->facts, "firewall", firewall);
    gather_nft(doctor, firewall);
    gather_iptables(doctor, firewall, "iptables", "/proc/net/ip_tables_names", "iptables-save");
    gather_iptables(doctor, firewall, "ip6tables", "/proc/net/ip6_tables_names", "ip6tables-save");
    json_object_set_new(firewall, "ufw", json_boolean(ufw_is_active()));
    json_object_set_new(firewall, "firewalld", json_boolean(firewalld_is_active()));
}
