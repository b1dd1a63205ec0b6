/* SPDX-License-Identifier: ISC
 *
 * main.c - `eldest`: the table of verbs, and help made from it.
 */
#include "base/util.h"
#include "cli/cli.h"
#include "cli/guess.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct verb verbs[] = {
    { "status", verb_status, "", "the cluster at a glance: leader, this node, members", NULL, false },
    { "leader", verb_leader, "[-f FORMAT]", "name and address of the leader", leader_options, false },
    { "is-leader", verb_is_leader, "", "says by its exit status whether this node leads", NULL, false },
    { "peers", verb_peers, "", "all members", NULL, false },
    { "history", verb_history, "", "who led before, from when to when, and why it ended", NULL, false },
    { "counters", verb_counters, "[-a]", "datagrams sent, received, refused and ignored", counters_options, false },
    { "doctor", verb_doctor, "", "what is wrong with the network of this host, and what to do", NULL, false },
    { "watch", verb_watch, "[--for DURATION]", "a line for each change", watch_options, false },
    { "top", verb_top, "", "the cluster on the whole terminal, as it changes", NULL, false },
    { "wait", verb_wait, "[--self | --not-self] [--timeout DURATION]", "waits until there is a leader", wait_options,
      false },
    { "reload", verb_reload, "", "lets the daemon read its configuration again", NULL, false },
    { "resign", verb_resign, "", "hands leadership over to the next member", NULL, false },
    { "pause", verb_pause, "[--for DURATION] [--force]", "lets this node not lead, after handing over", pause_options,
      false },
    { "resume", verb_resume, "", "ends a pause", NULL, false },
    { "retire", verb_retire, "[ID | NAME]", "takes the seat of that node away, or shows who has one", NULL, false },
    { "tag", verb_tag, "[KEY=VALUE | KEY=]...", "what this node tells of itself in words", NULL, false },
    { "keygen", verb_keygen, "[-o FILE] [--id N] [--force]", "draws a key for the cluster, into its key file",
      keygen_options, false },
    { "run", verb_run, "[--once] [--grace DURATION] [--] CMD...", "runs CMD while this node leads", run_options, true },
    { "hooks", verb_hooks, "[--time-limit DURATION] [--target UNIT] [DIR]", "tells programs of each change",
      hooks_options, false },
};

static const struct cli_option eldest_options[] = {
    { 'V', "version", NULL, "the version" },
    { 0 },
};

/* What stands before a verb: as if that were its command. */
static const struct verb eldest = { "", NULL, "[-hVj] [-C CLUSTER] [-s SOCKET] COMMAND [OPTION]...", "", eldest_options,
                                    true };

static void print_usage(const struct verb *verb, FILE *stream) {
    fprintf(stream, "usage: eldest%s%s%s%s\n", verb->name[0] ? " " : "", verb->name, verb->arguments[0] ? " " : "",
            verb->arguments);
}

static void print_verbs(void) {
    char synopsis[80];

    puts("\nAsks and tells the eldestd of this host, which elects one leader among the hosts of a LAN.\n");
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
        const struct verb *verb = &verbs[i];
        snprintf(synopsis, sizeof(synopsis), "%s %s", verb->name, verb->arguments);
        if (strlen(synopsis) <= 26)
            printf("  %-26s  %s\n", synopsis, verb->summary);
        else
            printf("  %s\n  %-26s  %s\n", synopsis, "", verb->summary);
    }
    putchar('\n');
}

static void print_help(const struct verb *verb) {
    print_usage(verb, stdout);
    if (verb == &eldest)
        print_verbs();
    else
        printf("\n%c%s.\n\n", toupper((unsigned char)verb->summary[0]), verb->summary + 1);
    cli_print_options(verb);
    putchar('\n');
    if (verb == &eldest)
        puts("Exit status: 0; 1 not leader; 3 no leader; 4 daemon not reachable; 5 time limit; 6 nobody to take over,\n"
             "no seat to take away, or findings of the doctor; 64 wrong use; 69 no terminal for top; 73 no key file;\n"
             "77 not allowed; 78 wrong configuration.\n"
             "Of run: that of CMD; 125 run failed; 126, 127 no CMD. Of hooks: 125 failed.\n"
             "The options of a command: eldest COMMAND --help.");
    puts("A DURATION is like 500ms, 30s or 5m. See eldest(1).");
}

static const struct verb *verb_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* The name of the verb that is nearest; NULL if none is near. */
static const char *verb_guess(const char *name) {
    unsigned nearest = GUESS_FAR;
    const char *guess = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
        unsigned distance = guess_distance(name, verbs[i].name);

        if (distance < nearest) {
            nearest = distance;
            guess = verbs[i].name;
        }
    }
    return guess;
}

/* Instead of what the command line does not ask for, or not rightly. */
static enum status explain(const struct cli *cli) {
    const char *name = cli->verb->name;

    if (cli->help) {
        print_help(cli->verb);
        return STATUS_OK;
    }
    print_usage(cli->verb, stderr);
    fprintf(stderr, "Try 'eldest %s%s--help'.\n", name, name[0] ? " " : "");
    return STATUS_USAGE;
}

static enum status refuse_verb(const struct cli *cli, const char *name) {
    const char *guess = verb_guess(name);

    if (guess)
        cli_complain("no command is called '%s'; did you mean '%s'?", name, guess);
    else
        cli_complain("no command is called '%s'", name);
    return explain(cli);
}

static enum status run_verb(struct cli *cli, int argc, char **argv) {
    const struct verb *verb = verb_find(argv[0]);
    char title[64];

    if (!verb)
        return refuse_verb(cli, argv[0]);
    /* getopt names the program that it complains for by argv[0]; 0 makes it start anew. */
    snprintf(title, sizeof(title), "eldest %s", verb->name);
    argv[0] = title;
    optind = 0;
    cli->verb = verb;
    enum status status = verb->run(cli, argc, argv);
    return status == STATUS_USAGE ? explain(cli) : status;
}

/* `eldest help`, or that of the verb that follows. */
static enum status help(struct cli *cli, const char *name) {
    const struct verb *verb = name ? verb_find(name) : cli->verb;

    if (!verb)
        return refuse_verb(cli, name);
    cli->help = true;
    cli->verb = verb;
    return explain(cli);
}

static enum status run(int argc, char **argv) {
    struct cli cli = { .cluster = "default", .verb = &eldest };
    int option;

    while ((option = cli_getopt(&cli, argc, argv)) != -1) {
        if (option != 'V')
            return explain(&cli);
        puts("eldest " PACKAGE_VERSION);
        return STATUS_OK;
    }
    if (optind == argc)
        return explain(&cli);
    if (strcmp(argv[optind], "help") == 0)
        return help(&cli, argv[optind + 1]);
    return run_verb(&cli, argc - optind, argv + optind);
}

int main(int argc, char **argv) {
    setlocale(LC_CTYPE, ""); /* which characters the terminal has, and how wide they are */
    enum status status = run(argc, argv);

    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    cli_complain("standard output cannot be written");
    return STATUS_OUTPUT;
}
