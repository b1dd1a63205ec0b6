/* SPDX-License-Identifier: ISC
 *
 * main.c - eldestd: from the command line to a running node and its exit status. Everything else is in the
 * library.
 */
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/settings.h"
#include "http/httpserver.h"
#include "platform/background.h"
#include "platform/notify.h"
#include "platform/sandbox.h"
#include "platform/standard.h"
#include "platform/title.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

static void tell_ready(const struct options *options, int background) {
    int result = notify_send("READY=1");

    if (result < 0)
        log_warning("$NOTIFY_SOCKET: the service manager cannot be told: %s", strerror(-result));
    if (options->foreground)
        return;
    log_open_syslog(_PATH_LOG);
    background_ready(background);
}

/* From here on nothing is needed that only a start needs. */
static void confine(void) {
    int result = sandbox_enter();

    if (result == -EOPNOTSUPP)
        log_info("system calls are not filtered: %s", sandbox_is_built_in() ? "this kernel cannot do that"
                                                                            : "built without libseccomp");
    else if (result < 0)
        log_warning("system calls are not filtered: %s", strerror(-result));
}

static int serve(struct daemon *daemon, const struct settings *settings, int background) {
    struct httpserver *httpserver;
    int status = httpserver_open(&httpserver, daemon, &settings->conf.http);

    if (status < 0) {
        log_error("HTTP: %s", strerror(-status));
        return EX_OSERR;
    }
    tell_ready(&settings->options, background);
    confine();
    status = daemon_run(daemon);
    httpserver_close(httpserver);
    return status;
}

static int run(struct settings *settings) {
    int background = settings->options.foreground ? 0 : background_begin();
    struct daemon *daemon;
    int status;

    if (background < 0) {
        log_error("cannot go into the background: %s", strerror(-background));
        return EX_OSERR;
    }
    status = daemon_open(&daemon, settings);
    if (status != EX_OK)
        return status;
    status = serve(daemon, settings, background);
    daemon_close(daemon);
    return status;
}

static void tell_right(const char *path) {
    printf("%s: the configuration is right%s\n", path,
           access(path, F_OK) < 0 && errno == ENOENT ? " (there is no such file: all defaults)" : "");
}

/* The status with which a program ends that has printed what it was asked for. */
static int printed(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    log_error("standard output cannot be written");
    return EX_IOERR;
}

int main(int argc, char **argv) {
    struct options options;
    struct settings settings;
    int status = standard_fill();

    title_init(argc, argv);
    log_open_stderr();
    if (status < 0) {
        log_error("/dev/null cannot be opened: %s", strerror(-status));
        return EX_OSERR;
    }
    if (!options_parse(argc, argv, &options, &status))
        return printed(status);
    status = settings_load(&settings, &options);
    if (status != EX_OK)
        return status;
    if (options.check) {
        tell_right(settings.path);
        return printed(EX_OK);
    }
    log_set_level(settings.conf.log_level);
    status = sandbox_forgo_privileges();
    if (status < 0)
        log_warning("privileges could be gained yet: %s", strerror(-status));
    return run(&settings);
}
