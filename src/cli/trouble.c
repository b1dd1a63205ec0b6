/* SPDX-License-Identifier: ISC
 *
 * trouble.c - see trouble.h.
 */
#include "cli/trouble.h"

#include "base/util.h"
#include "cli/unit.h"
#include "lib/client.h"
#include "text/value.h"

#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- nobody is there --- */

enum { OTHERS_SIZE = 256 };

/* ", a, b": the clusters whose sockets are on this host, but for that one. */
static void find_others(const char *cluster, char text[OTHERS_SIZE]) {
    static const char folder[] = ELDEST_RUNDIR "/", suffix[] = ".sock";
    size_t used = 0;
    glob_t found;

    text[0] = '\0';
    if (glob(ELDEST_RUNDIR "/*.sock", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i] + strlen(folder);
        int length = (int)(strlen(name) - strlen(suffix));

        if ((strncmp(name, cluster, (size_t)length) != 0 || cluster[length] != '\0') && used < OTHERS_SIZE)
            used += (size_t)snprintf(text + used, OTHERS_SIZE - used, ", %.*s", length, name);
    }
    globfree(&found);
}

static void say_not_running(const struct cli *cli, const char *path, bool died) {
    char command[TEXT_SIZE], others[OTHERS_SIZE];

    find_others(cli->cluster, others);
    cli_complain("eldestd is not running for cluster %s%s (nobody listens on %s): start it with %s%s%s", cli->cluster,
                 died ? ", it has died" : "", path, unit_start_command(cli->cluster, command),
                 *others ? "; other clusters of this host, for --cluster: " : "", *others ? others + 2 : "");
}

/* A path was given, so that is what is wrong, or its daemon. */
static void say_no_socket(const char *path, bool died) {
    struct stat status;

    if (stat(path, &status) == 0 && !S_ISSOCK(status.st_mode))
        cli_complain("--socket %s: no socket; allowed: the control socket of an eldestd, such as %s/default.sock", path,
                     ELDEST_RUNDIR);
    else if (died)
        cli_complain("no eldestd listens on %s any more: it has died; start it again with --socket %s", path, path);
    else
        cli_complain("no eldestd listens on %s: it has ended, or was started with another --socket", path);
}

static void say_not_allowed(const char *path) {
    cli_complain("you may not connect to eldestd on %s: permission denied; eldestd leaves its socket open to "
                 "everybody, so somebody has changed that, or a directory above is closed: namei -l %s shows it",
                 path, path);
}

enum status trouble_connect(const struct cli *cli, const char *path, int error) {
    bool died = error == -ECONNREFUSED;

    if (error == -ETIMEDOUT)
        return trouble_silence(path);
    if (error == -EACCES || error == -EPERM)
        say_not_allowed(path);
    else if (error == -ENAMETOOLONG)
        cli_complain("--socket %s: too long for a socket; allowed: at most %d bytes", path, CLIENT_PATH_SIZE - 1);
    else if (error != -ENOENT && !died)
        cli_complain("eldestd is not reachable on %s: %s", path, strerror(-error));
    else if (cli->socket)
        say_no_socket(path, died);
    else
        say_not_running(cli, path, died);
    return STATUS_UNREACHABLE;
}

/* --- somebody is --- */

enum status trouble_silence(const char *path) {
    cli_complain("eldestd does not answer on %s: it is stopped or overloaded; ps -C eldestd -o pid,stat,pcpu,args "
                 "shows which", path);
    return STATUS_UNREACHABLE;
}

enum status trouble_receive(const char *path, int error) {
    if (error == -EPIPE)
        cli_complain("eldestd has closed the connection on %s: it was stopped, or is busy; ask again", path);
    else if (error < 0)
        cli_complain("reading from eldestd on %s: %s", path, strerror(-error));
    else
        cli_complain("what answers on %s is no eldestd; allowed for --socket: the control socket of one", path);
    return STATUS_UNREACHABLE;
}

/* --- it refuses --- */

/* Codes of the daemon's errors that have an exit status of their own, and what to do about some of them. */
static const struct refusal {
    const char *code;
    enum status status;
    const char *hint;
} refusals[] = {
    { "configuration", STATUS_CONFIG, NULL },
    { "denied", STATUS_DENIED, NULL },
    { "not-leader", STATUS_NOT_LEADER, "eldest leader says which one does" },
    { "needed", STATUS_NO_SEAT, "eldest status shows which seats are heard" },
    { "no-seat", STATUS_NO_SEAT, "eldest retire shows who has one" },
    { "nobody", STATUS_NOBODY, "eldest peers shows who is there" },
    { "own-seat", STATUS_NO_SEAT, NULL },
    { "resumed", STATUS_RESUMED, NULL },
    { "too-many-tags", STATUS_CONFIG, "eldest tag KEY= takes one back" },
    { "unsettled", STATUS_NO_SEAT, "ask again in a moment" },
};

static const struct refusal *find_refusal(const json_t *error) {
    const char *code = text_of(error, "code");

    for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
        if (strcmp(refusals[i].code, code) == 0)
            return &refusals[i];
    return NULL;
}

/* The group is there only where eldest was installed with it. */
static void say_denied(const char *message) {
    const struct passwd *user = getpwuid(geteuid());
    const char *name = user ? user->pw_name : "USER";

    if (getgrnam("eldest"))
        cli_complain("%s: use sudo, or join the group with sudo usermod -aG eldest %s and log in anew", message, name);
    else
        cli_complain("%s: use sudo", message);
}

enum status trouble_answer(const json_t *error) {
    const struct refusal *refusal = find_refusal(error);
    const char *message = text_of(error, "message");
    size_t index;
    json_t *mistake;

    if (refusal && refusal->status == STATUS_DENIED)
        say_denied(message);
    else if (refusal && refusal->hint)
        cli_complain("%s; %s", message, refusal->hint);
    else
        cli_complain("%s", message);
    json_array_foreach(json_object_get(error, "mistakes"), index, mistake)
        cli_complain("%s", json_is_string(mistake) ? json_string_value(mistake) : "");
    return trouble_status(error);
}

enum status trouble_status(const json_t *error) {
    const struct refusal *refusal = find_refusal(error);

    return refusal ? refusal->status : STATUS_UNREACHABLE;
}
