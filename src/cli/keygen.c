/* SPDX-License-Identifier: ISC
 *
 * keygen.c - `eldest keygen`: draws a key and writes a key file, which is complete, and closed to others, from the
 * moment at which it has its name. The daemon is not asked.
 */
#include "base/str.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_SIZE = 32, ID_MAX = 65535, TEXT_MAX = 256, PATH_MAX_SIZE = 1024 };

static const char group_name[] = "eldest";

struct wish {
    char path[PATH_MAX_SIZE]; /* "-": standard output */
    unsigned id;
    bool force;
};

static bool read_id(const char *text, struct wish *wish) {
    uint64_t number;

    if (str_parse_unsigned(text, 1, ID_MAX, &number) == 0) {
        wish->id = (unsigned)number;
        return true;
    }
    cli_complain("--id %s: not the id of a key; allowed: 1 to %d", text, ID_MAX);
    return false;
}

static bool read_path(const char *text, struct wish *wish) {
    if (text[0] != '\0' && strlen(text) < sizeof wish->path - sizeof ".XXXXXX") {
        snprintf(wish->path, sizeof wish->path, "%s", text);
        return true;
    }
    cli_complain("--output: the path is empty or too long");
    return false;
}

enum { OPTION_ID = 256, OPTION_FORCE };

const struct cli_option keygen_options[] = {
    { 'o', "output", "FILE", "write this file instead of the cluster's; - is standard output" },
    { OPTION_ID, "id", "N", "the id of the key, 1 to 65535 (default: 1)" },
    { OPTION_FORCE, "force", NULL, "replace a file that is there" },
    { 0 },
};

static bool read_options(struct cli *cli, int argc, char **argv, struct wish *wish) {
    int option;

    while ((option = cli_getopt(cli, argc, argv)) != -1)
        if (option == OPTION_FORCE)
            wish->force = true;
        else if (option == OPTION_ID ? !read_id(optarg, wish) : option != 'o' || !read_path(optarg, wish))
            return false;
    return cli_no_arguments(argc, argv);
}

/* As the daemon looks for it. */
static void choose_path(const struct cli *cli, struct wish *wish) {
    if (wish->path[0] != '\0')
        return;
    if (strcmp(cli->cluster, "default") == 0)
        snprintf(wish->path, sizeof wish->path, "%s/key", ELDEST_SYSCONFDIR);
    else
        snprintf(wish->path, sizeof wish->path, "%s/%s.key", ELDEST_SYSCONFDIR, cli->cluster);
}

/* Its length; 0 if no random numbers can be had. */
static size_t draw(unsigned id, char text[TEXT_MAX]) {
    uint8_t secret[SECRET_SIZE];
    int length = snprintf(text, TEXT_MAX, "%u ", id);

    if (getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret)
        return 0;
    for (size_t i = 0; i < sizeof secret; i++)
        length += snprintf(text + length, TEXT_MAX - (size_t)length, "%02x", secret[i]);
    length += snprintf(text + length, TEXT_MAX - (size_t)length, "\n");
    explicit_bzero(secret, sizeof secret);
    return (size_t)length;
}

/* The daemon reads it as a member of its group, if there is that. */
static int open_to_group(int fd) {
    const struct group *group = geteuid() == 0 ? getgrnam(group_name) : NULL;

    if (!group)
        return 0;
    return fchown(fd, 0, group->gr_gid) < 0 || fchmod(fd, 0640) < 0 ? -errno : 0;
}

static int fill(int fd, const char *text, size_t length) {
    ssize_t written = write(fd, text, length);

    if (written != (ssize_t)length)
        return written < 0 ? -errno : -EIO;
    return fsync(fd) < 0 ? -errno : open_to_group(fd);
}

/* Under another name first. -EEXIST: there is something, and it is not to be replaced. */
static int write_file(const struct wish *wish, const char *text, size_t length) {
    char draft[PATH_MAX_SIZE];
    int fd, result;

    snprintf(draft, sizeof draft, "%.*s.XXXXXX", (int)(sizeof draft - sizeof ".XXXXXX"), wish->path);
    fd = mkostemp(draft, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return -errno;
    result = fill(fd, text, length);
    close(fd);
    if (result == 0 && (wish->force ? rename(draft, wish->path) : link(draft, wish->path)) < 0)
        result = -errno;
    unlink(draft);
    return result;
}

/* Whether there is a key at all is settled at the start of a daemon; another one is taken at a reload. */
static void tell(const struct cli *cli, const struct wish *wish) {
    json_t *answer;

    if (cli->json) {
        answer = json_pack("{s:s, s:i}", "file", wish->path, "id", (int)wish->id);
        json_dumpf(answer, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(answer);
        return;
    }
    printf("%s: key %u is written.\n"
           "If it is the first of the cluster, copy the file to the other hosts, then restart eldestd on all.\n"
           "Else add its line to the key file of each host and let eldest reload: eldest(7), Keys, has the steps.\n",
           wish->path, wish->id);
}

static enum status deliver(const struct cli *cli, const struct wish *wish, const char *text, size_t length) {
    int result;

    if (strcmp(wish->path, "-") == 0) {
        fwrite(text, 1, length, stdout);
        return STATUS_OK;
    }
    result = write_file(wish, text, length);
    if (result == -EEXIST)
        cli_complain("%s: is there already, and stays as it is; --force replaces it", wish->path);
    else if (result < 0)
        cli_complain("%s: %s", wish->path, strerror(-result));
    if (result < 0)
        return STATUS_CANNOT_CREATE;
    tell(cli, wish);
    return STATUS_OK;
}

enum status verb_keygen(struct cli *cli, int argc, char **argv) {
    struct wish wish = { .id = 1 };
    char text[TEXT_MAX];
    enum status status;
    size_t length;

    if (!read_options(cli, argc, argv, &wish))
        return STATUS_USAGE;
    if (!str_is_cluster_name(cli->cluster, strlen(cli->cluster))) {
        cli_complain("--cluster: \"%s\" is no name of a cluster", cli->cluster);
        return STATUS_USAGE;
    }
    choose_path(cli, &wish);
    length = draw(wish.id, text);
    if (length == 0) {
        cli_complain("random numbers: %s", strerror(errno));
        return STATUS_CANNOT_CREATE;
    }
    status = deliver(cli, &wish, text, length);
    explicit_bzero(text, sizeof text);
    return status;
}
