/* SPDX-License-Identifier: ISC
 *
 * node_fixture.h - a daemon that is made up, for tests of those who serve its users.
 *
 * What the functions of daemon.h tell is the view, the members and so on that each test sets; what the daemon can be
 * told to do is the test's own. Server and clients run in one thread: whoever waits for something turns the event loop
 * until it is there. The time limits of the server are divided by `hurry`, through a wrapper of event_add(), so that no
 * test waits ten seconds for an idle client to be closed; or multiplied by `leisure`, so that none is over before a
 * slow machine has done its part.
 */
#ifndef ELDEST_NODE_FIXTURE_H
#define ELDEST_NODE_FIXTURE_H

#include "daemon/counters.h"
#include "daemon/daemon.h"
#include "daemon/history.h"
#include "daemon/holders.h"
#include "daemon/journal.h"
#include "daemon/settings.h"

#include <jansson.h>

struct ctlserver;
struct event_base;

enum { PEERS_MAX = 2000 };

/* The present: 5,000 s after boot, on 23 November 2026 at 12:34:56.789 UTC. */
#define NOW (5000 * USEC_PER_SEC)
#define WALL_NOW 1795437296789LL

struct daemon {
    struct ctlserver *server;
    struct journal *journal;
    struct core_view view;
    usec_t costs, passed; /* to look at it takes that long; so much of that has passed */
    struct core_peer peers[PEERS_MAX];
    uint32_t peer_count;
    struct history history;
    struct counters counters;
    unsigned table_wanted;
    unsigned resigns;
    unsigned reloads;
    struct settings_outcome outcome; /* of a reload */
    unsigned pauses;
    usec_t pause_wish; /* as asked for last */
    bool pause_forced;
    usec_t pause_left;
    size_t words; /* that tags were set with */
    struct holders holders;
    uint64_t stopped; /* the order that a holder has named */
    bool cut_off; /* the last holder that ended was, by the server */
    unsigned retires;
    struct node_id retired; /* whose seat was to be taken away last */
    unsigned clock_checks;
    bool unwritable;
    bool answers_at_once; /* within daemon_submit(), as the core may */
};

extern struct daemon node;
extern struct event_base *base;
extern usec_t lease_end_told; /* the end of the one that was told to somebody who asked; 0 none */
extern int hurry, leisure;

/* beta, which follows alpha, with a journal and an event loop. */
void node_open(void);
void node_close(void);

struct node_id id_of(uint8_t number);
void add_peer(uint8_t number, const char *name, enum node_state state, int64_t birth);
void have_many_peers(void);

/* alpha leads since 12.345 s with epoch 7; gamma is next; beta is this node. */
void follow_alpha(void);
void lead_self(void);
void have_no_leader(void);

/* The core's notice of that type, as the daemon hands it on. */
void tell(enum notice_type type);

/* The event loop, once. */
void turn(void);
void turn_without_waiting(void);

/* The value at a path like "leader.name", as JSON text; "" if it is not there. Valid until the fourth call after it. */
const char *value(const json_t *document, const char *where);

#endif
