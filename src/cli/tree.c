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

static bool descends_from(const struct census *census, const struct process *process, pid_t ancestor) {
    for (int generation = 0; process && generation < GENERATIONS_MAX; generation++) {
        const struct process parent = { .pid = process->parent };

        if (process->parent == ancestor)
            return true;
        process = bsearch(&parent, census->list, census->count, sizeof(*census->list), compare);
    }
    return false;
}

void tree_signal(int number, pid_t but_group) {
    struct census census = { NULL, 0, 0 };

    take_census(&census);
    for (size_t i = 0; i < census.count; i++)
        if (descends_from(&census, &census.list[i], getpid()) &&
            (but_group == 0 || census.list[i].group != but_group))
            kill(census.list[i].pid, number);
    free(census.list);
}

bool tree_has_any(void) {
    siginfo_t info;

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void tree_kill(void) {
    for (;;) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        if (!tree_has_any())
            return;
        tree_signal(SIGKILL, 0);
        poll(NULL, 0, KILL_INTERVAL_MS);
    }
}
