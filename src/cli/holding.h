/* SPDX-License-Identifier: ISC
 *
 * holding.h - a holder of work (daemon/holders.h), seen from its own side: orders come in, the confirmation that all
 * has stopped goes out, and the work pipe is kept meanwhile.
 *
 * Between session.h and those who work, which know what to do about an order. Before they do anything they read all
 * that has been said, so that whoever stood still meanwhile does not begin what is over. The end of the connection is
 * an order to stop.
 */
#ifndef ELDEST_CLI_HOLDING_H
#define ELDEST_CLI_HOLDING_H

#include "cli/session.h"
#include "lib/lease.h"

struct holding {
    struct session session; /* client NULL: eldestd is gone */
    const char *command; /* that makes the connection one: "hold", or "hold-watch" to hear of changes, too */
    int work_pipe; /* held while there may be work; -1 */
    json_int_t limit_ms; /* for which eldestd waits after an order to stop; 0: not told yet */
    json_int_t heard_of, confirmed; /* numbers of orders */
    struct lease lease; /* of the last order to work, as told last; it goes on while that work is stopping */
};

/* Connects, and receives the first line, which is no order; it is the document of the session. What goes wrong is said.
 * To be closed in any case. */
enum status holding_open(struct holding *holding, const struct cli *cli, const char *command);

/* The same after it was lost, without a word if it cannot be had. The first line is read with the others. */
void holding_open_again(struct holding *holding);

/* To poll for lines; -1 while eldestd is gone. */
int holding_fd(const struct holding *holding);

/* The next line that is there already, as the document of the session; STATUS_TIMEOUT if there is none. What only
 * renews the lease is not given. */
enum status holding_next(struct holding *holding);

/* Whether that is an order to work. */
bool holding_works(const struct holding *holding);

/* Says that nothing of the work is left, if that is not known yet. If what was to stop it has failed, nobody knows:
 * where others rely on the end of the work, the work pipe is kept then until there is new work (MAJ-8). */
void holding_confirm(struct holding *holding, bool failed);

/* Sends any other line. */
void holding_say(struct holding *holding, const char *line);

/* eldestd is gone, or not to be trusted any more. The work pipe is kept: the work has not stopped yet. */
void holding_lose(struct holding *holding);

void holding_close(struct holding *holding);

#endif
