/* SPDX-License-Identifier: ISC
 *
 * hook_dir.c - see hook_dir.h.
 */
#include "cli/hook_dir.h"

#include "cli/hook_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Why root must not run it; NULL: no reason. */
static const char *distrust(const struct stat *status) {
    if (status->st_uid != 0)
        return "it does not belong to root";
    if (status->st_mode & (S_IWGRP | S_IWOTH))
        return "its group or everybody may write to it";
    return NULL;
}

/* The same of a file. */
static const char *distrust_file(const char *directory, const char *name, const struct stat *status) {
    const char *reason = distrust(status);
    char path[PATH_MAX + HOOK_NAME_MAX + 2];

    snprintf(path, sizeof(path), "%s/%.*s", directory, HOOK_NAME_MAX, name);
    if (!reason && !hook_path_stays(path))
        reason = "others than root may put something else in its place";
    return reason;
}

/* Links are followed. False: it is no executable file. */
static bool look_at(const char *directory, int fd, const char *name, bool root, struct hook_file *ret) {
    struct stat status;

    if (!str_is_hook_name(name) || fstatat(fd, name, &status, 0) < 0 || !S_ISREG(status.st_mode) ||
        faccessat(fd, name, X_OK, AT_EACCESS) < 0)
        return false;
    snprintf(ret->name, sizeof(ret->name), "%.*s", HOOK_NAME_MAX, name);
    ret->refusal = root ? distrust_file(directory, name, &status) : NULL;
    return true;
}

static int compare(const void *left, const void *right) {
    const struct hook_file *a = left, *b = right;

    return strcmp(a->name, b->name);
}

static int list_all(const char *directory, DIR *opened, bool root, struct hook_list *list) {
    const struct dirent *entry;
    struct hook_file file;

    list->count = 0;
    while ((entry = readdir(opened)) != NULL)
        if (look_at(directory, dirfd(opened), entry->d_name, root, &file)) {
            if (list->count == HOOKS_MAX)
                return -E2BIG;
            list->files[list->count++] = file;
        }
    if (list->count > 0)
        qsort(list->files, list->count, sizeof(*list->files), compare);
    return 0;
}

int hook_dir_read(const char *directory, bool root, struct hook_list *ret) {
    struct stat status;
    DIR *opened = opendir(directory);

    if (!opened)
        return -errno;
    int rc = fstat(dirfd(opened), &status) < 0 ? -errno : 0;
    if (rc == 0 && root && (distrust(&status) || !hook_path_stays(directory)))
        rc = -EPERM;
    if (rc == 0)
        rc = list_all(directory, opened, root, ret);
    closedir(opened);
    return rc;
}
