/* SPDX-License-Identifier: ISC
 *
 * hook_path.c - see hook_path.h. The path is walked as the kernel would, one name at a time.
 */
#include "cli/hook_path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40, ROOM = PATH_MAX + NAME_MAX + 2 };

struct walk {
    char here[ROOM]; /* has no links; empty: the root directory */
    char rest[2 * ROOM];
    uid_t master; /* who has the root directory may have all others, too; it is nobody where only root has a number */
    int links;
};

static bool is_trusted(const struct walk *walk, const struct stat *status) {
    return status->st_uid == 0 || status->st_uid == walk->master;
}

static bool is_firm(const struct walk *walk) {
    struct stat status;

    return stat(walk->here[0] ? walk->here : "/", &status) == 0 && is_trusted(walk, &status) &&
           (!(status.st_mode & S_IWOTH) || (status.st_mode & S_ISVTX));
}

static void go_up(struct walk *walk) {
    char *slash = strrchr(walk->here, '/');

    if (slash)
        *slash = '\0';
}

/* Takes the next name from the rest. False: there is none. */
static bool take_name(struct walk *walk, char name[NAME_MAX + 1]) {
    size_t slashes = strspn(walk->rest, "/"), length = strcspn(walk->rest + slashes, "/");

    snprintf(name, NAME_MAX + 1, "%.*s", (int)length, walk->rest + slashes);
    memmove(walk->rest, walk->rest + slashes + length, strlen(walk->rest + slashes + length) + 1);
    return length > 0;
}

/* What the link says comes before the rest. False: that is too much. */
static bool follow_link(struct walk *walk) {
    char target[PATH_MAX], rest[sizeof(walk->rest)];
    ssize_t length = readlink(walk->here, target, sizeof(target) - 1);

    if (length < 0 || ++walk->links > LINKS_MAX)
        return false;
    target[length] = '\0';
    snprintf(rest, sizeof(rest), "%s", walk->rest);
    go_up(walk);
    if (target[0] == '/')
        walk->here[0] = '\0';
    return snprintf(walk->rest, sizeof(walk->rest), "%s/%s", target, rest) < (int)sizeof(walk->rest);
}

static bool enter(struct walk *walk, const char *name) {
    size_t used = strlen(walk->here);
    struct stat status;

    if (strcmp(name, ".") == 0)
        return true;
    if (strcmp(name, "..") == 0) {
        go_up(walk);
        return true;
    }
    if (snprintf(walk->here + used, sizeof(walk->here) - used, "/%s", name) >= (int)(sizeof(walk->here) - used) ||
        lstat(walk->here, &status) < 0 || !is_trusted(walk, &status))
        return false;
    return !S_ISLNK(status.st_mode) || follow_link(walk);
}

static bool begin(struct walk *walk, const char *path) {
    char current[PATH_MAX] = "";
    struct stat top;

    walk->here[0] = '\0';
    walk->links = 0;
    if (stat("/", &top) < 0 || (path[0] != '/' && !getcwd(current, sizeof(current))))
        return false;
    walk->master = top.st_uid;
    return snprintf(walk->rest, sizeof(walk->rest), "%s/%s", current, path) < (int)sizeof(walk->rest);
}

bool hook_path_stays(const char *path) {
    static struct walk walk;
    char name[NAME_MAX + 1];

    if (!begin(&walk, path))
        return false;
    while (take_name(&walk, name))
        if (!is_firm(&walk) || !enter(&walk, name))
            return false;
    return true;
}
