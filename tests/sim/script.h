/* SPDX-License-Identifier: ISC
 *
 * script.h - a case: the story of a LAN as text, read into a bounded list of statements.
 *
 *     # A line may end in a comment.
 *     intent  A leader that was cut off alone follows the new one when it is back.
 *     about   F6 MERGE-3
 *     nodes   3 5 10  seeds 3                 make check plays it at these sizes,
 *     nodes   5  loss 20%  seeds 5            and so
 *
 *     start all in turn                       from here on the diary
 *     part n1 | rest
 *     settle
 *     ...
 *
 * This module knows words, nodes, durations and blocks. Which statements there are, and what they do, is said by the
 * tables of play.c. A text is refused with the first mistake in it: FILE:LINE: what is wrong, and what is allowed.
 */
#ifndef ELDEST_SIM_SCRIPT_H
#define ELDEST_SIM_SCRIPT_H

#include "net.h"

enum {
    SCRIPT_STATEMENTS_MAX = 128,
    SCRIPT_SETTINGS_MAX = 48,
    SCRIPT_NAMES_MAX = 8,
    SCRIPT_NAME_MAX = 15,
    SCRIPT_TERMS_MAX = 8, /* nodes in a statement, a range counts as one */
    SCRIPT_DEPTH_MAX = 3, /* of blocks in blocks */
    SCRIPT_LINE_MAX = 140,
    SCRIPT_WORDS_MAX = 40, /* in a line */
    SCRIPT_TITLE_MAX = 40, /* name of a case */
    SCRIPT_ERROR_MAX = 600,
};

/* One way to play a case. */
struct setting {
    uint32_t nodes;
    uint32_t loss_ppm;
    const struct profile *profile;
    usec_t detect;
    usec_t work_stop; /* how long the holders of work take to stop */
    unsigned seeds;
    bool keyed; /* see world.h */
    bool replays;
    uint8_t expect;
    bool bare;
    usec_t margin; /* stop_margin */
    usec_t patience; /* for holders of work that stop; 0: as the daemon has */
};

#define SETTING_DEFAULT \
    ((struct setting){ .nodes = 5, .profile = profile_find("lan"), .detect = 300 * USEC_PER_MS, .seeds = 1 })

/* Which node is meant. Most of them are known only when the statement is played. */
enum who_kind {
    WHO_NUMBER, /* n1, n2, ... */
    WHO_MID, /* the last one of the first half, which is the larger half */
    WHO_LAST, /* the one with the largest number */
    WHO_LEADER, /* the only one that leads */
    WHO_NEXT, /* the most senior of those that may lead and reach the leader, but itself */
    WHO_ANY_NODE, /* by chance, of those that run, asleep or not */
    WHO_ANY_FOLLOWER, /* of those that do not lead */
    WHO_NAMED, /* by a "let" before */
};

struct who {
    enum who_kind kind;
    uint32_t number; /* from 0: of the node, or of the name */
};

/* Some nodes: a range, or all, or those that no side before has. */
enum term_kind { TERM_RANGE, TERM_ALL, TERM_REST };

struct term {
    enum term_kind kind;
    struct who first, last; /* of a range; equal for one node */
    unsigned side; /* of the statement, from 0: in "cut A -> B" A is side 0 and B side 1 */
};

/* A random duration between two; of equal ones that one. */
struct span {
    usec_t low, high;
};

enum relation { EXACTLY, AT_MOST, AT_LEAST };

struct amount {
    enum relation relation;
    uint32_t count;
};

/* What a node can be said to be: how it stands to its leader, or whether it lives. */
struct being {
    const char *word;
    bool alive; /* value is an enum standing, else an enum life */
    int value;
};

struct play;
struct statement;

/* One form of statement or condition: words as they are, and CAPITALS for what is to be filled in. One that ends in "{"
 * opens a block, "}" closes it. */
struct form {
    const char *pattern;
    void (*play)(struct play *play, const struct statement *statement); /* of a statement */
    bool (*holds)(struct play *play, const struct statement *statement); /* of a condition; if false it said why */
};

struct language {
    const struct form *statements;
    size_t statements_count;
    const struct form *conditions; /* after "check" or "wait SPAN for" */
    size_t conditions_count;
};

struct statement {
    const struct form *form;
    unsigned line;
    char text[SCRIPT_LINE_MAX + 1]; /* as written */
    bool lossless; /* only where no datagram is lost by chance */
    usec_t limit; /* of "wait"; 0: check now */
    struct term terms[SCRIPT_TERMS_MAX];
    unsigned terms_count;
    unsigned sides;
    struct span span;
    struct amount amount;
    uint32_t share_ppm;
    uint32_t value; /* a count, the number of a name, a type of message, an outcome, an index of script_beings[] */
    unsigned end; /* of the block that it opens: index of the statement that closes it */
};

struct script {
    char name[SCRIPT_TITLE_MAX + 1];
    char intent[SCRIPT_LINE_MAX + 1];
    char about[SCRIPT_LINE_MAX + 1];
    struct setting settings[SCRIPT_SETTINGS_MAX];
    unsigned settings_count;
    struct statement statements[SCRIPT_STATEMENTS_MAX];
    unsigned statements_count;
    char names[SCRIPT_NAMES_MAX][SCRIPT_NAME_MAX + 1]; /* of nodes */
    unsigned names_count;
};

extern const struct being script_beings[];

/* Reads a text; `file` is what it is called in errors, and its last part without ".sim" becomes the case's name. False
 * with ret_error filled, and ret_script of no use, if there is a mistake in it. */
bool script_parse(const char *file, const char *text, const struct language *language, struct script *ret_script,
                  char ret_error[SCRIPT_ERROR_MAX]);

/* The same for a file. */
bool script_read(const char *path, const struct language *language, struct script *ret_script,
                 char ret_error[SCRIPT_ERROR_MAX]);

#endif
