/* SPDX-License-Identifier: ISC
 *
 * event.h - everything that can happen to a node. Whatever an event points to belongs to the caller and is not kept.
 */
#ifndef ELDEST_CORE_EVENT_H
#define ELDEST_CORE_EVENT_H

#include "core/params.h"
#include "wire/wire.h"

enum event_type {
    EVENT_START = 1, /* sockets are open; the first event, once */
    EVENT_DATAGRAM, /* a message of this cluster arrived */
    EVENT_DEADLINE, /* core_deadline() has come; queued datagrams were handed in before (SUSP-13) */
    EVENT_LINK, /* the number of usable interfaces is now links; came_up: one of them just got its carrier (START-3) */
    EVENT_UNREACHABLE, /* ICMP port unreachable from source (SUSP-1) */
    EVENT_RESIGN, /* the user asks for a handover; answered by ACTION_RESIGNED */
    EVENT_STOP, /* the daemon is to end; answered by ACTION_STOPPED when the leadership is handed over, or at once */
    EVENT_WORK_STOPPED, /* after ACTION_STOP_WORK: all holders have stopped, or nobody waits for them any longer */
    EVENT_RETIRE, /* the user takes a seat away (MAJ-14); answered by ACTION_RETIRED */
    EVENT_SUSPENDED, /* CLOCK_BOOTTIME has gone on while the host stood still: nobody knows how precisely (GAP-1) */
    EVENT_CONFIGURE, /* new facts and timing (reload) */
    EVENT_STATE_WRITABLE, /* the state directory can (not) be written: a node without it never votes or stands */
    EVENT_TABLE_WANTED, /* somebody wants to see all members (MEMB-4) */
    EVENT_TYPE_END
};

struct event {
    enum event_type type;
    union {
        struct {
            const struct wire_message *message;
            struct address source;
            bool multicast; /* arrived at the group */
        } datagram;
        struct {
            unsigned links;
            bool came_up;
        } link; /* EVENT_START (came_up unused) and EVENT_LINK */
        struct {
            struct address source;
        } unreachable;
        struct {
            const struct node_facts *facts;
            const struct timing *timing;
            bool preempt;
        } configure;
        struct {
            bool writable;
        } state;
        struct {
            bool released; /* nobody works: all have confirmed, and every lease that was told has run out (MAJ-8) */
        } work;
        struct {
            struct node_id id;
        } retire;
    };
};

const char *event_name(enum event_type type);

#endif
