/* SPDX-License-Identifier: ISC
 *
 * main.c - `eldest`: the common options, the table of verbs, and help made from it.
 */
#include "base/str.h"
#include "base/util.h"
#include "cli/cli.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct verb {
    const char *name;
    verb_function *run;
    const char *arguments;
    const char *summary;
} verbs[] = {
    { "status", verb_status, "", "the cluster at a glance: leader, this node, members" },
    { "leader", verb_leader, "[-f FORMAT]", "name and address of the leader" },
    { "is-leader", verb_is_leader, "", "says by its exit status whether this node leads" },
    { "peers", verb_peers, "", "all members" },
    { "history", verb_history, "", "who led before, from when to when, and why it ended" },
    { "counters", verb_counters, "[-a]", "datagrams sent, received, refused and ignored" },
    { "doctor", verb_doctor, "", "what is wrong with the network of this host, and what to do" },
    { "watch", verb_watch, "[--for DURATION]", "a line for each change" },
    { "wait", verb_wait, "[--self | --not-self] [--timeout DURATION]", "waits until there is a leader" },
    { "reload", verb_reload, "", "lets the daemon read its configuration again" },
    { "resign", verb_resign, "", "hands leadership over to the next member" },
    { "pause", verb_pause, "[--for DURATION] [--force]", "lets this node not lead, after handing over" },
    { "resume", verb_resume, "", "ends a pause" },
    { "tag", verb_tag, "[KEY=VALUE | KEY=]...", "what this node tells of itself in words" },
    { "keygen", verb_keygen, "[-o FILE] [--id N] [--force]", "draws a key for the cluster, into its key file" },
    { "run", verb_run, "[--once] [--grace DURATION] [--] CMD...", "runs CMD while this node leads" },
    { "hooks", verb_hooks, "[--time-limit DURATION] [--target UNIT] [DIR]", "tells programs of each change" },
};

static const char usage_line[] = "usage: eldest [-hVj] [-C CLUSTER] [-s SOCKET] COMMAND [OPTION]...\n";

static bool hasty; /* complaints wait for nobody */

/* A pipe that can be written to has room for PIPE_BUF bytes, which is more than a complaint has. */
static bool is_taken_at_once(int fd) {
    struct pollfd entry = { .fd = fd, .events = POLLOUT };

    return poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT;
}

void cli_stay(void) {
    int fd;

    do {
        fd = open("/dev/null", O_RDWR); /* gets the lowest number that is free */
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
    hasty = true;
}

void cli_complain(const char *format, ...) {
    va_list arguments;

    if (hasty && !is_taken_at_once(STDERR_FILENO))
        return;
    fputs("eldest: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

bool cli_option(struct cli *cli, int option) {
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
    case 'h':
        cli->help = true;
        return false;
    default:
        return false;
    }
}

bool cli_no_arguments(int argc, char **argv) {
    if (optind == argc)
        return true;
    fprintf(stderr, "%s: takes no argument '%s'\n", argv[0], argv[optind]);
    return false;
}

bool cli_plain(struct cli *cli, int argc, char **argv) {
    static const struct option options[] = { CLI_LONG_OPTIONS, { 0 } };
    int option;

    while ((option = getopt_long(argc, argv, CLI_SHORT_OPTIONS, options, NULL)) != -1)
        if (!cli_option(cli, option))
            return false;
    return cli_no_arguments(argc, argv);
}

bool cli_duration(const char *option, const char *text, usec_t *ret) {
    if (str_parse_duration(text, ret) == 0)
        return true;
    cli_complain("%s %s: not a duration; allowed: digits with a unit of us, ms, s, m, h or d, like 30s", option, text);
    return false;
}

static void print_help(void) {
    char synopsis[80];

    fputs(usage_line, stdout);
    puts("\nAsks and tells the eldestd of this host, which elects one leader among the hosts of a LAN.\n");
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
        const struct verb *verb = &verbs[i];
        snprintf(synopsis, sizeof(synopsis), "%s %s", verb->name, verb->arguments);
        if (strlen(synopsis) <= 26)
            printf("  %-26s  %s\n", synopsis, verb->summary);
        else
            printf("  %s\n  %-26s  %s\n", synopsis, "", verb->summary);
    }
    puts("\n"
         "  -C, --cluster CLUSTER       the cluster (default: default)\n"
         "  -s, --socket SOCKET         its control socket (default: " ELDEST_RUNDIR "/CLUSTER.sock)\n"
         "  -j, --json                  the daemon's answer as it is, one JSON object per line\n"
         "  -h, --help                  this text\n"
         "  -V, --version               the version\n"
         "\n"
         "Exit status: 0; 1 not leader; 3 no leader; 4 daemon not reachable; 5 time limit; 6 nobody to take over,\n"
         "or findings of the doctor; 64 wrong use; 73 no key file; 77 not allowed; 78 wrong configuration.\n"
         "Of run: that of CMD; 125 run failed; 126, 127 no CMD. Of hooks: 125 failed.\n"
         "A DURATION is like 500ms, 30s or 5m. See eldest(1).");
}

static const struct verb *verb_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* Instead of what the command line does not ask for, or not rightly. */
static enum status explain(const struct cli *cli) {
    if (cli->help) {
        print_help();
        return STATUS_OK;
    }
    fprintf(stderr, "%sTry 'eldest --help'.\n", usage_line);
    return STATUS_USAGE;
}

static enum status run_verb(struct cli *cli, int argc, char **argv) {
    const struct verb *verb = verb_find(argv[0]);
    char title[64];

    if (!verb) {
        cli_complain("no command is called '%s'", argv[0]);
        return explain(cli);
    }
    /* getopt names the program that it complains for by argv[0]; 0 makes it start anew. */
    snprintf(title, sizeof(title), "eldest %s", verb->name);
    argv[0] = title;
    optind = 0;
    enum status status = verb->run(cli, argc, argv);
    return status == STATUS_USAGE ? explain(cli) : status;
}

static enum status run(int argc, char **argv) {
    static const struct option options[] = { CLI_LONG_OPTIONS, { "version", no_argument, NULL, 'V' }, { 0 } };
    struct cli cli = { .cluster = "default" };
    int option;

    while ((option = getopt_long(argc, argv, "+" CLI_SHORT_OPTIONS "V", options, NULL)) != -1) {
        if (option == 'V') {
            puts("eldest " PACKAGE_VERSION);
            return STATUS_OK;
        }
        if (!cli_option(&cli, option))
            return explain(&cli);
    }
    cli.help = optind < argc && strcmp(argv[optind], "help") == 0;
    if (optind == argc || cli.help)
        return explain(&cli);
    return run_verb(&cli, argc - optind, argv + optind);
}

int main(int argc, char **argv) {
    enum status status = run(argc, argv);

    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    cli_complain("standard output cannot be written");
    return STATUS_OUTPUT;
}
