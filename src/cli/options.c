/* SPDX-License-Identifier: ISC
 *
 * options.c - the options of the command line: from the tables of the verbs to getopt and to the help.
 */
#include "base/str.h"
#include "base/util.h"
#include "cli/cli.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* What every verb takes, before or after its name. */
static const struct cli_option common[] = {
    { 'C', "cluster", "CLUSTER", "the cluster (default: default)" },
    { 's', "socket", "SOCKET", "its control socket (default: " ELDEST_RUNDIR "/CLUSTER.sock)" },
    { 'j', "json", NULL, "the daemon's answer as it is, one JSON object per line" },
    { 'h', "help", NULL, "this text" },
    { 0 },
};

enum { OPTIONS_MAX = 16, LETTER_END = 256 };

/* What getopt wants. */
struct getopt_input {
    char letters[2 * OPTIONS_MAX + 2];
    struct option names[OPTIONS_MAX + 1];
    size_t count;
};

static void add_options(struct getopt_input *input, const struct cli_option *options) {
    for (; options && options->name; options++) {
        char letter[] = { (char)options->letter, options->argument ? ':' : '\0', '\0' };

        assert(input->count < OPTIONS_MAX);
        input->names[input->count++] = (struct option){
            .name = options->name,
            .has_arg = options->argument ? required_argument : no_argument,
            .val = options->letter,
        };
        if (options->letter < LETTER_END)
            strcat(input->letters, letter);
    }
}

/* False: it asks for help, or its argument is wrong, which was said. */
static bool take_common(struct cli *cli, int option) {
    switch (option) {
    case 'C':
        cli->cluster = optarg;
        return true;
    case 's':
        cli->socket = optarg;
        if (optarg[0] == '\0')
            cli_complain("-s: the path is empty; allowed: that of a control socket");
        return optarg[0] != '\0';
    case 'j':
        cli->json = true;
        return true;
    default:
        cli->help = true;
        return false;
    }
}

static bool is_common(int letter) {
    for (size_t i = 0; common[i].name; i++)
        if (common[i].letter == letter)
            return true;
    return false;
}

int cli_getopt(struct cli *cli, int argc, char **argv) {
    struct getopt_input input = { .letters = "" };
    int option;

    if (cli->verb->takes_command)
        strcat(input.letters, "+");
    add_options(&input, cli->verb->options);
    add_options(&input, common);
    do {
        option = getopt_long(argc, argv, input.letters, input.names, NULL);
        if (!is_common(option))
            return option;
    } while (take_common(cli, option));
    return '?';
}

bool cli_no_arguments(int argc, char **argv) {
    if (optind == argc)
        return true;
    fprintf(stderr, "%s: takes no argument '%s'\n", argv[0], argv[optind]);
    return false;
}

bool cli_plain(struct cli *cli, int argc, char **argv) {
    return cli_getopt(cli, argc, argv) == -1 && cli_no_arguments(argc, argv);
}

bool cli_duration(const char *option, const char *text, usec_t *ret) {
    if (str_parse_duration(text, ret) == 0)
        return true;
    cli_complain("%s %s: not a duration; allowed: digits with a unit of us, ms, s, m, h or d, like 30s", option, text);
    return false;
}

static void print_options(const struct cli_option *options) {
    char form[48];

    for (; options && options->name; options++) {
        snprintf(form, sizeof(form), "--%s%s%s", options->name, options->argument ? " " : "",
                 options->argument ? options->argument : "");
        if (options->letter < LETTER_END)
            printf("  -%c, %-22s  %s\n", options->letter, form, options->help);
        else
            printf("      %-22s  %s\n", form, options->help);
    }
}

void cli_print_options(const struct verb *verb) {
    print_options(verb->options);
    print_options(common);
}
