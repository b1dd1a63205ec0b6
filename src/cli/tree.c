/* SPDX-License-Identifier: ISC
 *
 * tree.c - see tree.h.
 */
#include "cli/tree.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILL_INTERVAL_MS = 5, GENERATIONS_MAX = 10000 };

struct process {
    pid_t pid, parent, group;
};

struct census {
    struct process *list;
    size_t count, room;
};

/* The name of the program, in parentheses before the parent, may hold anything. False: it is gone. */
static bool look_at(const char *pid, struct process *ret) {
    char path[64], text[512];
    const char *end;

    snprintf(path, sizeof(path), "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[length] = '\0';
    end = strrchr(text, ')');
    ret->pid = atoi(pid);
    return end && sscanf(end + 1, " %*c %d %d", &ret->parent, &ret->group) == 2;
}

static bool add(struct census *census, const struct process *process) {
    if (census->count == census->room) {
        size_t room = census->room > 0 ? 2 * census->room : 256;
        struct process *grown = reallocarray(census->list, room, sizeof(*grown));
        if (!grown)
            return false;
        census->list = grown;
        census->room = room;
    }
    census->list[census->count++] = *process;
    return true;
}

static int compare(const void *left, const void *right) {
    const struct process *a = left, *b = right;

    return (a->pid > b->pid) - (a->pid < b->pid);
}

static void take_census(struct census *census) {
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    struct process process;
    bool room = true;

    while (directory && room && (entry = readdir(directory)) != NULL)
        if (atoi(entry->d_name) > 0 && look_at(entry->d_name, &process))
            room = add(census, &process);
    if (directory)
        closedir(directory);
    if (census->count > 0)
        qsort(census->list, census->count, sizeof(*census->list), compare);
}

/* The child of this process by which that one descends from it, or which it is; 0: it is of another tree. */
static pid_t branch_of(const struct census *census, const struct process *process) {
    for (int generation = 0; process && generation < GENERATIONS_MAX; generation++) {
        const struct process parent = { .pid = process->parent };

        if (process->parent == getpid())
            return process->pid;
        process = bsearch(&parent, census->list, census->count, sizeof(*census->list), compare);
    }
    return 0;
}

void tree_signal(int number, pid_t but_group) {
    struct census census = { NULL, 0, 0 };

    take_census(&census);
    for (size_t i = 0; i < census.count; i++)
        if (branch_of(&census, &census.list[i]) != 0 && (but_group == 0 || census.list[i].group != but_group))
            kill(census.list[i].pid, number);
    free(census.list);
}

bool tree_has_any(void) {
    siginfo_t info;

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Waits for those that are dead by now, too. True if there were any. */
static bool kill_once(pid_t but_child) {
    struct census census = { NULL, 0, 0 };
    bool any = false;

    take_census(&census);
    for (size_t i = 0; i < census.count; i++) {
        pid_t branch = branch_of(&census, &census.list[i]);

        if (branch == 0 || branch == but_child)
            continue;
        any = true;
        kill(census.list[i].pid, SIGKILL);
        if (branch == census.list[i].pid)
            waitpid(branch, NULL, WNOHANG);
    }
    free(census.list);
    return any;
}

void tree_kill(pid_t but_child) {
    while (kill_once(but_child) || (but_child == 0 && tree_has_any()))
        poll(NULL, 0, KILL_INTERVAL_MS);
}
