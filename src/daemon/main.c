/* SPDX-License-Identifier: ISC
 *
 * main.c - eldestd: from the command line to a running node and its exit status. Everything else is in the
 * library.
 */
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/options.h"
#include "platform/background.h"
#include "platform/notify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void tell_ready(const struct options *options, int background) {
    int result = notify_send("READY=1");

    if (result < 0)
        log_warning("$NOTIFY_SOCKET: the service manager cannot be told: %s", strerror(-result));
    if (options->foreground)
        return;
    log_open(LOG_TARGET_SYSLOG);
    background_ready(background);
}

static int run(const struct options *options, const struct conf *conf) {
    int background = options->foreground ? 0 : background_begin();
    struct daemon *daemon;
    int status;

    if (background < 0) {
        log_error("cannot go into the background: %s", strerror(-background));
        return EX_OSERR;
    }
    status = daemon_open(&daemon, conf);
    if (status != EX_OK)
        return status;
    tell_ready(options, background);
    status = daemon_run(daemon);
    daemon_close(daemon);
    return status;
}

int main(int argc, char **argv) {
    struct options options;
    struct conf conf;
    char path[CONF_PATH_SIZE];
    int status;

    if (!options_parse(argc, argv, &options, &status))
        return status;
    status = options_load(&options, &conf);
    if (status != EX_OK)
        return status;
    if (options.check) {
        options_config_path(&options, path);
        printf("%s: the configuration is right%s\n", path,
               access(path, F_OK) < 0 && errno == ENOENT ? " (there is no such file: all defaults)" : "");
        return EX_OK;
    }
    log_set_level(conf.log_level);
    return run(&options, &conf);
}
