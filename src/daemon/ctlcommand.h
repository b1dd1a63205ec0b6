/* SPDX-License-Identifier: ISC
 *
 * ctlcommand.h - what may be asked on the control socket: one table of commands.
 *
 * A command turns to the daemon and gives the document of its answer, or leaves that to an outcome that comes
 * later. It knows nothing of clients and connections: those are ctlserver's.
 */
#ifndef ELDEST_DAEMON_CTLCOMMAND_H
#define ELDEST_DAEMON_CTLCOMMAND_H

#include <jansson.h>
#include <stdbool.h>

struct daemon;

/* What brings the answer when the command itself does not. */
enum ctlcommand_outcome { OUTCOME_NONE, OUTCOME_TABLE, OUTCOME_RESIGN, OUTCOME_PAUSE, OUTCOME_RETIRE };

struct ctlcommand {
    const char *name;
    bool acts; /* only for those who may act */
    bool watches; /* no answer but a line for each change; the following have no meaning then */
    bool holds; /* the same, but a line for each order; with `watches` for each change, too */
    enum ctlcommand_outcome outcome;
    bool shared; /* one run serves all who wait for the outcome */
    int limit_ms; /* how long the outcome is waited for */
    /* The answer to that request; NULL: the outcome brings it, perhaps before run returns. */
    json_t *(*run)(struct daemon *daemon, const json_t *request);
    json_t *(*late)(struct daemon *daemon); /* the answer when the outcome has not come in time */
};

/* NULL if there is no command of that name. */
const struct ctlcommand *ctlcommand_find(const char *name);

/* All names, for a message. */
enum { CTLCOMMAND_KNOWN_SIZE = 256 };
void ctlcommand_known(char text[CTLCOMMAND_KNOWN_SIZE]);

#endif
