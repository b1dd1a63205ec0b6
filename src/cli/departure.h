/* SPDX-License-Identifier: ISC
 *
 * departure.h - before the host sleeps or goes down, `eldest hooks` has the leadership handed over, and lets the host
 * go on when its hooks have done what they do then.
 *
 *     STAYING -- about to sleep or to go down --> RESIGNING -- handed over --> ENDING -- hooks are done --> STAYING
 *                  |         |                        |
 *                  |         |                        +-- nobody to take it, or another refusal --> STAYING
 *                  |         +-- does not lead, but its hooks still end their work --> ENDING
 *                  +-- does not lead --> STAYING
 *
 * With the last step of each row the lock of inhibitor.h is released. Where nobody takes the leadership over the host
 * goes on at once, and nothing is stopped: a pause of the only leader is not made longer by more of them. logind does
 * not wait for long, so all of it has a deadline, by which the hooks end, too.
 */
#ifndef ELDEST_CLI_DEPARTURE_H
#define ELDEST_CLI_DEPARTURE_H

#include "cli/inhibitor.h"
#include "cli/session.h"

#include <poll.h>

enum departure_phase { STAYING, RESIGNING, ENDING };

struct departure {
    struct inhibitor inhibitor;
    const struct cli *cli;
    enum departure_phase phase;
    struct session session; /* RESIGNING */
    bool handed_over; /* ENDING: eldestd said so */
    usec_t began_at, until; /* when logind goes on whatever has been done; not STAYING */
};

enum { DEPARTURE_FDS = 2 };

/* Both must outlive it. */
void departure_open(struct departure *departure, const struct cli *cli, const sigset_t *signals);

/* What to poll for: descriptors (-1 where there is none), and the time. */
void departure_poll(const struct departure *departure, struct pollfd ready[DEPARTURE_FDS]);
usec_t departure_deadline(const struct departure *departure);

/* By when hooks that end their work have to be done; USEC_NEVER while the host stays. */
usec_t departure_limit(const struct departure *departure);

/* Does what is due. leads: this node does, as far as is known; works: hooks were told so, and not yet, or not all of
 * them, that it is over. */
void departure_serve(struct departure *departure, bool leads, bool works);

void departure_close(struct departure *departure);

#endif
