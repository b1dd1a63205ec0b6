/* SPDX-License-Identifier: ISC
 *
 * options.c - see options.h. One table serves getopt and the help.
 */
#include "daemon/options.h"

#include "base/util.h"
#include "daemon/log.h"
#include "platform/mac.h"
#include "platform/sandbox.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct option_line {
    int letter; /* beyond any character: the long form only */
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
};

enum { OPTION_CHECK = 256 };

static const struct option_line lines[] = {
    { 'f', "foreground", NULL, "stay in the foreground and log to standard error" },
    { 'c', "config", "FILE", "read this configuration (default: " ELDEST_SYSCONFDIR "/eldest.conf)" },
    { 'i', "interface", "IFACE", "use this network interface (lo: this host only)" },
    { 'C', "cluster", "CLUSTER", "belong to this cluster (default: default)" },
    { 'S', "state-dir", "STATEDIR", "keep the identity of this node there (default: " ELDEST_STATEDIR "/CLUSTER)" },
    { 's', "socket", "SOCKET", "serve the clients of this host there (default: " ELDEST_RUNDIR "/CLUSTER.sock)" },
    { 'l', "log-level", "LEVEL", "error, warning, info or debug" },
    { OPTION_CHECK, "check", NULL, "only say whether the configuration is right" },
    { 'V', "version", NULL, "show the version" },
    { 'h', "help", NULL, "show this help" },
};

/* What getopt wants, from the table. */
struct getopt_input {
    char letters[2 * ARRAY_SIZE(lines) + 1];
    struct option names[ARRAY_SIZE(lines) + 1];
};

static void fill_getopt_input(struct getopt_input *input) {
    char *letter = input->letters;
    size_t i;

    memset(input, 0, sizeof *input);
    for (i = 0; i < ARRAY_SIZE(lines); i++) {
        input->names[i] = (struct option){ .name = lines[i].name, .val = lines[i].letter,
                                           .has_arg = lines[i].argument ? required_argument : no_argument };
        if (lines[i].letter >= OPTION_CHECK)
            continue;
        *letter++ = (char)lines[i].letter;
        if (lines[i].argument)
            *letter++ = ':';
    }
}

static void print_help(void) {
    char form[48];
    size_t i;

    printf("usage: eldestd [OPTION]...\n\n"
           "The daemon of eldest: takes part in electing one leader among the hosts of a LAN.\n\n");
    for (i = 0; i < ARRAY_SIZE(lines); i++) {
        const struct option_line *line = &lines[i];

        snprintf(form, sizeof form, "--%s%s%s", line->name, line->argument ? " " : "",
                 line->argument ? line->argument : "");
        if (line->letter < OPTION_CHECK)
            printf("  -%c, %-22s %s\n", line->letter, form, line->help);
        else
            printf("      %-22s %s\n", form, line->help);
    }
    printf("\nSee eldestd(8) and eldest.conf(5).\n");
}

/* With the parts that eldest need not have been built with. */
static void print_version(void) {
    printf("eldestd %s\n", PACKAGE_VERSION);
    printf("keys: %s\n", mac_hash() ? "yes" : "no (built without libsodium)");
    printf("filter of system calls: %s\n", sandbox_is_built_in() ? "yes" : "no (built without libseccomp)");
}

/* Keeps a path. False, and logged, if it is empty or too long. */
static bool set_path(char field[CONF_PATH_SIZE], const char *path, const char *option) {
    char here[CONF_PATH_SIZE] = "";
    int length;

    if (path[0] != '\0' && (path[0] == '/' || getcwd(here, sizeof here))) {
        length = snprintf(field, CONF_PATH_SIZE, "%s%s%s", here, here[0] ? "/" : "", path);
        if (length < CONF_PATH_SIZE)
            return true;
    }
    log_error("%s: the path \"%s\" is empty or longer than %d characters", option, path, CONF_PATH_SIZE - 1);
    return false;
}

static bool add_interface(struct options *options, const char *name) {
    size_t used = strlen(options->interfaces);
    int length = snprintf(options->interfaces + used, sizeof options->interfaces - used, "%s%s", used ? " " : "", name);

    return (size_t)length < sizeof options->interfaces - used;
}

/* Takes one option with its argument. False if it is wrong, which is logged, or ends the program. */
static bool take(struct options *options, int letter, const char *argument, int *ret_status) {
    switch (letter) {
    case 'f':
        options->foreground = true;
        return true;
    case 'c':
        if (set_path(options->config_path, argument, "--config"))
            return true;
        break;
    case 'i':
        if (argument[0] == '\0')
            log_error("--interface: the name is empty; allowed: the name of one interface");
        else if (add_interface(options, argument))
            return true;
        else
            log_error("too many interfaces are given with -i");
        break;
    case 'C':
        options->cluster = argument;
        return true;
    case 'S':
        if (set_path(options->state_directory, argument, "--state-dir"))
            return true;
        break;
    case 's':
        if (set_path(options->socket_path, argument, "--socket"))
            return true;
        break;
    case 'l':
        options->log_level = argument;
        return true;
    case OPTION_CHECK:
        options->check = true;
        return true;
    case 'V':
        print_version();
        *ret_status = EX_OK;
        return false;
    case 'h':
        print_help();
        *ret_status = EX_OK;
        return false;
    }
    *ret_status = EX_USAGE;
    return false;
}

bool options_parse(int argc, char **argv, struct options *ret, int *ret_status) {
    struct options options = { .foreground = false };
    struct getopt_input input;
    int letter;

    fill_getopt_input(&input);
    while ((letter = getopt_long(argc, argv, input.letters, input.names, NULL)) != -1) {
        if (letter == '?')
            fprintf(stderr, "Try eldestd --help.\n");
        if (!take(&options, letter, optarg, ret_status))
            return false;
    }
    if (optind < argc) {
        log_error("\"%s\": eldestd takes options only; try eldestd --help", argv[optind]);
        *ret_status = EX_USAGE;
        return false;
    }
    *ret = options;
    return true;
}
