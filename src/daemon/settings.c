/* SPDX-License-Identifier: ISC
 *
 * settings.c - see settings.h.
 */
#include "daemon/settings.h"

#include "daemon/conffile.h"
#include "daemon/log.h"

#include <stdio.h>
#include <sysexits.h>

static void choose_path(struct settings *settings) {
    const struct options *options = &settings->options;

    if (options->config_path[0] != '\0')
        snprintf(settings->path, CONF_PATH_SIZE, "%s", options->config_path);
    else
        conf_default_path(settings->path, options->cluster);
}

static bool set_values(const struct options *options, struct conf *conf, struct conf_errors *errors) {
    bool right = true;

    if (options->cluster)
        right = conf_set(conf, "--cluster", "cluster", "name", options->cluster, errors) == 0;
    if (options->interfaces[0] != '\0')
        right = conf_set(conf, "--interface", "network", "interfaces", options->interfaces, errors) == 0 && right;
    if (options->log_level)
        right = conf_set(conf, "--log-level", "log", "level", options->log_level, errors) == 0 && right;
    return right;
}

static void set_paths(const struct options *options, struct conf *conf) {
    if (options->state_directory[0] != '\0')
        snprintf(conf->state_directory, CONF_PATH_SIZE, "%s", options->state_directory);
    if (options->socket_path[0] != '\0')
        snprintf(conf->socket_path, CONF_PATH_SIZE, "%s", options->socket_path);
}

/* Reads all sources. EX_OK, or a status as settings_load() gives it; then *errors has what is wrong. */
static int read_sources(const struct settings *settings, struct conf *ret, struct conf_errors *errors) {
    const struct options *options = &settings->options;
    bool required = options->config_path[0] != '\0';
    bool file_right, options_right;
    struct conf conf;

    if (conf_defaults(&conf, options->cluster) < 0) {
        conf_complain(errors, "--cluster: \"%s\" is no name of a cluster; allowed: %s", options->cluster,
                      conf_cluster_allowed());
        return EX_USAGE;
    }
    file_right = conffile_load(settings->path, required, &conf, errors) == 0;
    options_right = set_values(options, &conf, errors);
    set_paths(options, &conf);
    if (!file_right)
        return EX_CONFIG;
    if (!options_right)
        return EX_USAGE;
    *ret = conf;
    return EX_OK;
}

static void log_errors(const struct conf_errors *errors) {
    unsigned i;

    for (i = 0; i < errors->count; i++)
        log_error("%s", errors->list[i]);
    if (errors->dropped > 0)
        log_error("and %u more mistakes", errors->dropped);
}

int settings_load(struct settings *ret, const struct options *options) {
    struct conf_errors errors = { .count = 0 };
    int status;

    ret->options = *options;
    choose_path(ret);
    status = read_sources(ret, &ret->conf, &errors);
    log_errors(&errors);
    return status;
}
