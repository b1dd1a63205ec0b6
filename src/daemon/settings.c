/* SPDX-License-Identifier: ISC
 *
 * settings.c - see settings.h.
 */
#include "daemon/settings.h"

#include "daemon/conffile.h"
#include "daemon/keyfile.h"
#include "daemon/log.h"
#include "platform/hostname.h"
#include "platform/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
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

/* Reads all sources, the file in no other way than the flags allow. EX_OK, or a status as settings_load() gives it;
 * then *errors has what is wrong. */
static int read_sources(const struct settings *settings, unsigned flags, struct conf *ret, struct conf_errors *errors) {
    const struct options *options = &settings->options;
    bool file_right, options_right;
    struct conf conf;

    if (conf_defaults(&conf, options->cluster) < 0) {
        conf_complain(errors, "--cluster: \"%s\" is no name of a cluster; allowed: %s", options->cluster,
                      conf_cluster_allowed());
        return EX_USAGE;
    }
    if (options->config_path[0] != '\0')
        flags |= CONFFILE_REQUIRED;
    file_right = conffile_load(settings->path, flags, &conf, errors) == 0;
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

static void look_at_host(char ret[NODE_NAME_MAX + 1]) {
    char host[HOSTNAME_SIZE];

    hostname_get(host);
    conf_node_name(host, ret);
}

/* The keys, in memory of their own; NULL, and *errors has grown, if they cannot be had. */
static struct keys *read_keys(const struct conf *conf, char ret_path[CONF_PATH_SIZE], struct conf_errors *errors) {
    struct keys *keys = secret_new(sizeof *keys);

    if (!keys) {
        conf_complain(errors, "memory for the keys: %s", strerror(ENOMEM));
        return NULL;
    }
    if (keyfile_load(conf, keys, ret_path, errors) == 0)
        return keys;
    secret_free(keys, sizeof *keys);
    return NULL;
}

int settings_load(struct settings *ret, const struct options *options) {
    struct conf_errors errors = { .count = 0 };
    char path[CONF_PATH_SIZE];
    struct keys *keys = NULL;
    int status;

    ret->options = *options;
    ret->keys = NULL;
    look_at_host(ret->host_name);
    choose_path(ret);
    status = read_sources(ret, 0, &ret->conf, &errors);
    if (status == EX_OK)
        keys = read_keys(&ret->conf, path, &errors);
    if (status == EX_OK && !keys)
        status = EX_CONFIG;
    secret_free(keys, sizeof *keys);
    log_errors(&errors);
    return status;
}

int settings_take_keys(struct settings *settings) {
    struct conf_errors errors = { .count = 0 };
    char path[CONF_PATH_SIZE];

    settings->keys = read_keys(&settings->conf, path, &errors);
    log_errors(&errors);
    if (!settings->keys)
        return EX_CONFIG;
    if (settings->keys->count > 0)
        log_info("%s: datagrams are made with key %u, the first of %u%s", path, settings->keys->list[0].id,
                 settings->keys->count, settings->conf.encrypt ? ", and encrypted" : "");
    else
        log_info("no key: this node believes whoever is on its network");
    return EX_OK;
}

void settings_drop_keys(struct settings *settings) {
    secret_free(settings->keys, sizeof *settings->keys);
    settings->keys = NULL;
}

static void add_key(struct settings_keys *keys, const struct conf_key *key) {
    snprintf(keys->list[keys->count++], CONF_KEY_SIZE, "%s.%s", key->section, key->name);
}

/* Key by key: what can change now, and what cannot. */
static void put_in_force(struct conf *conf, const struct conf *next, struct settings_outcome *outcome) {
    struct conf_key key;

    for (size_t i = 0; conf_key(i, &key); i++) {
        if (!conf_key_differs(i, conf, next))
            continue;
        if (key.live)
            conf_key_copy(i, conf, next);
        add_key(key.live ? &outcome->changed : &outcome->restart, &key);
    }
}

static const char *join(const struct settings_keys *keys, char text[CONF_KEYS_MAX * CONF_KEY_SIZE]) {
    size_t length = 0;

    for (unsigned i = 0; i < keys->count; i++)
        length += (size_t)snprintf(text + length, CONF_KEYS_MAX * CONF_KEY_SIZE - length, "%s%s", i > 0 ? ", " : "",
                                   keys->list[i]);
    return text;
}

static void log_outcome(const char *path, const struct settings_outcome *outcome) {
    char keys[CONF_KEYS_MAX * CONF_KEY_SIZE];

    log_errors(&outcome->errors);
    if (outcome->errors.count > 0)
        log_error("%s: not reloaded: the configuration stays as it was", path);
    else if (outcome->changed.count > 0)
        log_info("%s: reloaded: changed %s", path, join(&outcome->changed, keys));
    else
        log_info("%s: reloaded: nothing changed", path);
    if (outcome->restart.count > 0)
        log_warning("%s: takes effect at the next start: %s", path, join(&outcome->restart, keys));
}

static void add_key_file(struct settings_keys *keys) {
    struct conf_key key;

    for (unsigned i = 0; i < keys->count; i++)
        if (strcmp(keys->list[i], "cluster.key_file") == 0)
            return;
    conf_key((size_t)conf_key_find("cluster", "key_file"), &key);
    add_key(keys, &key);
}

/* A node that believed nobody else begins to believe all, or the other way round, only when it starts. */
static void keep_if_it_is_for_the_next_start(const struct settings *settings, const struct keys *keys,
                                             struct conf *next, struct settings_outcome *outcome) {
    if ((settings->keys->count > 0) == (keys->count > 0))
        return;
    memcpy(next->key_file, settings->conf.key_file, sizeof next->key_file);
    next->encrypt = settings->conf.encrypt;
    add_key_file(&outcome->restart);
}

/* The path may be the same as before, and the keys others. */
static void put_keys_in_force(struct settings *settings, const struct keys *next, struct settings_outcome *outcome) {
    if ((settings->keys->count > 0) != (next->count > 0) || keys_equal(settings->keys, next))
        return;
    *settings->keys = *next;
    add_key_file(&outcome->changed);
}

void settings_reload(struct settings *settings, struct settings_outcome *ret) {
    char path[CONF_PATH_SIZE];
    struct keys *keys = NULL;
    struct conf next;

    memset(ret, 0, sizeof *ret);
    if (read_sources(settings, CONFFILE_AT_ONCE, &next, &ret->errors) == EX_OK)
        keys = read_keys(&next, path, &ret->errors);
    if (keys) {
        keep_if_it_is_for_the_next_start(settings, keys, &next, ret);
        put_in_force(&settings->conf, &next, ret);
        put_keys_in_force(settings, keys, ret);
    }
    secret_free(keys, sizeof *keys);
    log_outcome(settings->path, ret);
}

bool settings_follow_host(struct settings *settings) {
    char before[NODE_NAME_MAX + 1], *name = settings->conf.facts.name;
    bool follows = strcmp(name, settings->host_name) == 0;

    memcpy(before, settings->host_name, sizeof before);
    look_at_host(settings->host_name);
    if (!follows || strcmp(before, settings->host_name) == 0)
        return false;
    memset(name, 0, sizeof settings->conf.facts.name);
    memcpy(name, settings->host_name, strlen(settings->host_name));
    log_info("the host is called %s now, and so is this node, which was %s", name, before);
    return true;
}
