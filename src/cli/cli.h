/* SPDX-License-Identifier: ISC
 *
 * cli.h - what the verbs of `eldest` share: the common options, the exit statuses and how a verb is told.
 *
 * A verb lives in a file of its own. It reads its options, asks the daemon through session.h and renders text
 * from the JSON that comes back; with --json the daemon's line is printed as it was received.
 */
#ifndef ELDEST_CLI_CLI_H
#define ELDEST_CLI_CLI_H

#include "base/types.h"

#include <unistd.h>

/* Exit statuses: a contract with scripts. */
enum status {
    STATUS_OK = 0,
    STATUS_NOT_LEADER = 1, /* this node does not lead */
    STATUS_RESUMED = 1, /* a pause was ended before this node had let go */
    STATUS_NO_LEADER = 3, /* nobody does, or it is not certain */
    STATUS_UNREACHABLE = 4, /* no daemon, or no answer from it */
    STATUS_TIMEOUT = 5,
    STATUS_NOBODY = 6, /* nobody to take the leadership */
    STATUS_FINDINGS = 6, /* the doctor has found something */
    STATUS_NO_SEAT = 6, /* no seat can be taken away, or not that one, or not now */
    STATUS_USAGE = 64,
    STATUS_UNSUPPORTED = 69, /* `top` without a terminal, or without ncurses */
    STATUS_CANNOT_CREATE = 73, /* the key file: it is there, or cannot be written */
    STATUS_OUTPUT = 74, /* standard output cannot be written */
    STATUS_DENIED = 77,
    STATUS_CONFIG = 78, /* the daemon's configuration is wrong, or would be */
    STATUS_FAILED = 125, /* `run` or `hooks` itself, not what they start */
};

struct verb;

/* The options that every verb takes, before or after its name. */
struct cli {
    const char *cluster;
    const char *socket; /* NULL: the default one of the cluster */
    bool json;
    bool help; /* is all that is wanted */
    const struct verb *verb; /* that is run */
};

/* A verb gets its own name as argv[0], and gives the exit status: STATUS_USAGE also when help is wanted. */
typedef enum status verb_function(struct cli *cli, int argc, char **argv);

/* An option. One table serves getopt, the help and, by way of the help, the completion of shells, which know an
 * argument by its name. */
struct cli_option {
    int letter; /* beyond any character: there is the long form only */
    const char *name;
    const char *argument; /* in capitals; NULL: takes none */
    const char *help;
};

struct verb {
    const char *name;
    verb_function *run;
    const char *arguments; /* of its usage */
    const char *summary;
    const struct cli_option *options; /* of its own, up to one without a name; NULL: none */
    bool takes_command; /* its first argument is a command, and what follows belongs to that */
};

verb_function verb_counters, verb_doctor, verb_history, verb_hooks, verb_is_leader, verb_keygen, verb_leader,
    verb_pause, verb_peers, verb_reload, verb_resign, verb_resume, verb_retire, verb_run, verb_status, verb_tag,
    verb_top, verb_wait, verb_watch;

extern const struct cli_option counters_options[], hooks_options[], keygen_options[], leader_options[], pause_options[],
    run_options[], wait_options[], watch_options[];

/* The next option of the verb, as getopt_long() gives it, after taking the common ones before it; -1 behind the last;
 * '?' if one is wrong, which was said, or asks for help. */
int cli_getopt(struct cli *cli, int argc, char **argv);

/* Reads the options of a verb that has none of its own and takes no arguments. False: wrong use, and that
 * was said. */
bool cli_plain(struct cli *cli, int argc, char **argv);

/* After the options: false if arguments are left, and that was said. */
bool cli_no_arguments(int argc, char **argv);

/* Reads the duration given to an option; false if it is none, and that was said. */
bool cli_duration(const char *option, const char *text, usec_t *ret);

/* Writes to standard output a line for each option that the verb takes. */
void cli_print_options(const struct verb *verb);

/* For a verb that stays, before it opens anything, and has work to end whoever reads standard error: what it opens
 * takes the place of no standard descriptor that is closed, and a complaint that is not taken at once is lost. */
void cli_stay(void);

/* One line on standard error, with the program's name before it. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
