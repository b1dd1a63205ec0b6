/* SPDX-License-Identifier: ISC
 *
 * keyfile.c - see keyfile.h.
 */
#include "daemon/keyfile.h"

#include "platform/grants.h"
#include "platform/group.h"
#include "platform/mac.h"
#include "platform/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 8192 };

static bool exists(const char *path) {
    struct stat status;

    return stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static void choose_path(const struct conf *conf, char ret[CONF_PATH_SIZE]) {
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    int length = 0;

    ret[0] = '\0';
    if (strcmp(conf->key_file, "none") == 0)
        return;
    if (strcmp(conf->key_file, "auto") != 0) {
        snprintf(ret, CONF_PATH_SIZE, "%s", conf->key_file);
        return;
    }
    if (credentials)
        length = snprintf(ret, CONF_PATH_SIZE, "%s/key", credentials);
    if (length > 0 && length < CONF_PATH_SIZE && exists(ret))
        return;
    conf_default_key_path(ret, conf->cluster);
    if (!exists(ret))
        ret[0] = '\0';
}

/* `eldest keygen` lets it read the file. */
static bool is_of_those_who_act(gid_t group) {
    gid_t acting;

    return group_find(&acting) && group == acting;
}

static bool has_group(gid_t group) {
    int count = getgroups(0, NULL);
    gid_t *list = count > 0 ? calloc((size_t)count, sizeof *list) : NULL;
    bool found = group == getegid();

    count = list ? getgroups(count, list) : 0;
    for (int i = 0; i < count; i++)
        found = found || list[i] == group;
    free(list);
    return found;
}

/* NULL, or why whoever has that is not to be trusted with it. */
static const char *distrust_grant(const struct grant *grant) {
    if (!grant->is_group && grant->rights != 0 && grant->id != 0 && grant->id != geteuid())
        return "its access list opens it to another user than root and that of the daemon";
    if (grant->is_group && (grant->rights & GRANT_WRITE) != 0)
        return "a group can write to it; allowed: mode 0640 or less";
    if (grant->is_group && (grant->rights & GRANT_READ) != 0 && grant->id != 0 && !has_group(grant->id) &&
        !is_of_those_who_act(grant->id))
        return "a group can read it that is neither the daemon's nor " GROUP_NAME
               "; allowed: mode 0600, or another group";
    return NULL;
}

static const char *distrust_grants(int fd, const struct stat *status) {
    struct grant grants[GRANTS_MAX];
    ssize_t count = grants_of(fd, status, grants);
    const char *wrong = NULL;

    if (count < 0)
        return "its access list is too long or cannot be read";
    for (ssize_t i = 0; i < count && !wrong; i++)
        wrong = distrust_grant(&grants[i]);
    return wrong;
}

/* NULL, or why it is not to be trusted. */
static const char *distrust(int fd, const struct stat *status) {
    if (!S_ISREG(status->st_mode))
        return "not a file";
    if (status->st_uid != 0 && status->st_uid != geteuid())
        return "belongs to neither root nor the user of the daemon";
    if ((status->st_mode & S_IRWXO) != 0)
        return "others can read, write or run it; allowed: mode 0640 or less";
    return status->st_size > FILE_MAX ? "longer than 8 KiB" : distrust_grants(fd, status);
}

/* Up to FILE_MAX bytes; their number, or a negative errno. */
static ssize_t read_all(int fd, char *text) {
    size_t length = 0;
    ssize_t got = 0;

    while (length < FILE_MAX && (got = read(fd, text + length, FILE_MAX - length)) > 0)
        length += (size_t)got;
    return got < 0 ? -errno : (ssize_t)length;
}

static int complain(struct conf_errors *errors, const char *path, unsigned line, const char *wrong) {
    if (line > 0)
        conf_complain(errors, "%s:%u: %s", path, line, wrong);
    else
        conf_complain(errors, "%s: %s", path, wrong);
    return -EINVAL;
}

static int read_keys(int fd, const char *path, struct keys *ret, struct conf_errors *errors) {
    char *text = secret_new(FILE_MAX);
    const char *wrong;
    unsigned line = 0;
    ssize_t length;

    if (!text)
        return complain(errors, path, 0, strerror(ENOMEM));
    length = read_all(fd, text);
    wrong = length < 0 ? strerror((int)-length) : keys_parse(text, (size_t)length, ret, &line);
    secret_free(text, FILE_MAX);
    return wrong ? complain(errors, path, line, wrong) : 0;
}

/* What is looked at is what is read, whatever becomes of the path. */
static int load(const char *path, struct keys *ret, struct conf_errors *errors) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), result;
    const char *wrong = NULL;
    struct stat status;

    if (fd < 0)
        return complain(errors, path, 0, strerror(errno));
    if (fstat(fd, &status) < 0)
        wrong = strerror(errno);
    else
        wrong = distrust(fd, &status);
    result = wrong ? complain(errors, path, 0, wrong) : read_keys(fd, path, ret, errors);
    close(fd);
    return result;
}

int keyfile_load(const struct conf *conf, struct keys *ret, char ret_path[CONF_PATH_SIZE],
                 struct conf_errors *errors) {
    memset(ret, 0, sizeof *ret);
    choose_path(conf, ret_path);
    if (ret_path[0] == '\0' && conf->encrypt)
        return complain(errors, "[cluster] encrypt = yes", 0, "there is no key; make one with eldest keygen, or set "
                        "encrypt = no");
    if (ret_path[0] == '\0')
        return 0;
    if (!mac_hash())
        return complain(errors, ret_path, 0, "this eldestd was built without libsodium and cannot use keys; build it "
                        "with, or set key_file = none in section [cluster]");
    return load(ret_path, ret, errors);
}
