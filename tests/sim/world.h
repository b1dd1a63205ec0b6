/* SPDX-License-Identifier: ISC
 *
 * world.h - a whole cluster in one process, in virtual time: nodes with real cores behind the real codec, on a
 * simulated LAN.
 *
 * With keys, datagrams have a MAC, or of every second node are encrypted, and pass the gate (auth/gate.h), as in the
 * daemon. Then somebody on the LAN, who has
 * no key, may record all that is sent and send it again: to everybody, at any time, as if it came from anybody.
 *
 * The world does for each core what the daemon does on a host: it completes and sends messages, keeps the state
 * on a disk, wakes it at its deadline. Time passes only in world_run(): the earliest item of the heap (a
 * datagram's arrival, a deadline, something that was done to a node) becomes an event of one core, whose
 * actions are carried out, and the oracle looks at the result. All chance comes from one generator, so that a
 * seed is a run.
 *
 * A failure sticks: after the first one (world->failure) everything below does nothing, so that a story of a
 * cluster can be told without a check after each line.
 */
#ifndef ELDEST_SIM_WORLD_H
#define ELDEST_SIM_WORLD_H

#include "auth/gate.h"
#include "core/core.h"
#include "cover.h"
#include "heap.h"
#include "holder.h"
#include "net.h"
#include "oracle.h"
#include "tape.h"

#include <stdio.h>

enum {
    WORLD_NODES_MAX = 10000,
    WORLD_FAILURE_MAX = 400,
    RECEIVE_QUEUE_MAX = 256, /* datagrams that wait for a node, as in a default socket buffer; what is more is lost */
    SERVICE_US = 5, /* a node needs for each of them */
    CLOCK_DRIFT_MAX_PPM = 100000,
};

struct world_config {
    uint64_t seed;
    uint32_t nodes;
    uint32_t loss_ppm;
    const struct profile *profile;
    struct timing timing;
    usec_t work_stop; /* how long the holders of work take to stop */
    usec_t patience; /* how long they are waited for */
    uint8_t expect; /* 0: quorum = none; else majority, with so many seats */
    bool bare; /* leases are told to clients that work by them without a connection, all the time (MAJ-8) */
    bool keyed;
    bool replays; /* somebody sends again what was recorded */
    struct cover *cover; /* what is exercised is counted there; or NULL */
    FILE *trace; /* what happens, in lines; NULL: untold */
    uint32_t check_every; /* so many steps, of whatever cores, the invariants of one are looked at; 0: after each */
};

enum life {
    LIFE_OFF, /* no power: silence */
    LIFE_ENDED, /* the host runs, the daemon does not: the kernel answers that the port is unreachable */
    LIFE_RUNNING,
    LIFE_PAUSED, /* as by SIGSTOP: datagrams queue, deadlines pass; or the whole host is suspended */
};

/* What of a node's state survives: the file, and what has been written to it but may be lost with the power. */
struct disk {
    bool used;
    struct persistent durable;
    bool writing;
    struct persistent written; /* durable a little later, or when the state directory can be written */
    bool refused; /* it could not be */
    bool borrowed; /* an old copy, or another host's: what was promised by that id may be broken once */
};

struct node {
    uint32_t index; /* from 0; people are told index + 1 */
    enum life life;
    uint32_t boot; /* counts starts and ends: what was meant for an earlier life is recognised by it */
    struct core *core; /* valid while running or paused */
    void *memory;
    struct gate *gate; /* of a cluster with keys: valid while running or paused, or while its sentinel speaks */
    usec_t gate_armed; /* time of the world of the earliest item for it in the heap; 0 none */
    struct node_facts facts;
    bool preempts;
    uint8_t expect; /* as its daemon was started with; 0: under quorum = none ... */
    uint8_t next_expect; /* ... and as it will be started */
    struct node_id id; /* of the present or last life */
    struct disk disk;
    bool read_only; /* its state directory cannot be written, and it knows */
    struct disk snapshot; /* taken some time ago */
    uint64_t boot_nonce;
    uint64_t sequence; /* of the last datagram sent */
    uint64_t received; /* datagrams; for the reader to set back, as sent is */
    uint64_t sent;
    usec_t clock_offset; /* of CLOCK_BOOTTIME against the world, at its time 0 */
    int32_t clock_drift_ppm; /* how much too fast it is */
    usec_t born; /* time of the world at the last start, Resign or change of id: its age counts from then */
    usec_t paused; /* time of the world, while paused */
    usec_t resume;
    bool suspended; /* paused with its host: nothing queues */
    uint32_t queued; /* datagrams, while paused */
    struct token farewell; /* what its sentinel speaks of */
    usec_t busy_until; /* time of the world: by then it has read what has come */
    usec_t armed_time; /* earliest deadline item in the heap that counts ... */
    uint64_t armed; /* ... and its sequence number; 0 none */
    int dies_after; /* so many actions of the next step that persists something; -1: it does not */
    bool stopping; /* it was told to */
    bool resigning; /* it was told to, and has not answered yet */
    bool resign_answered;
    enum resign_outcome resigned;
    enum retire_outcome retired; /* the latest answer */
    struct holder holder; /* of work that is done because it leads; survives its daemon */
    struct outlook outlook; /* the oracle's */
};

struct world {
    struct world_config config;
    usec_t now;
    struct rng rng;
    struct heap heap;
    struct net net;
    struct node *nodes;
    struct oracle oracle;
    struct tape *tape; /* NULL: nobody records anything */
    uint32_t may_lose; /* so many of the last nodes of a majority cluster may lose their disk in the swarm */
    uint64_t steps; /* of cores */
    uint64_t sent; /* datagrams; a multicast is one */
    uint64_t received;
    uint64_t replayed; /* datagrams that were sent again, ... */
    uint64_t replays_passed; /* ... and those of them that were taken for new: they had not arrived before */
    uint64_t overflows; /* datagrams lost because a node read too slowly */
    uint64_t sent_by_type[WIRE_TYPE_END];
    uint64_t bytes; /* of them */
    usec_t convergence; /* how long the cluster needed to agree after its faults; -1: the story has no such moment */
    const char *where; /* in the story, for failures; NULL or valid as long as the world */
    char failure[WORLD_FAILURE_MAX]; /* "" while all is well */
    struct wire_message message; /* as last decoded */
    struct actions actions; /* of the present step */
};

/* A world of nodes without power. The config is copied. Free with world_free(). */
struct world *world_new(const struct world_config *config);
void world_free(struct world *world);

/* Lets the time pass that duration says. */
void world_run(struct world *world, usec_t duration);

/* One thing more happens, if it is due by `end`; false if nothing is, or the world has failed. */
bool world_advance(struct world *world, usec_t end);

/* Lets time pass until done() holds, at most `limit`; done() is asked whenever what a node tells has changed.
 * Returns whether it holds. */
bool world_run_until(struct world *world, bool (*done)(const struct world *world), usec_t limit);

/* Starts a daemon that does not run; on a host without power, the host too, with a clock that begins anew. */
void world_start(struct world *world, uint32_t node);

void world_power_off(struct world *world, uint32_t node); /* silent death; what was not durable is lost */
void world_kill(struct world *world, uint32_t node); /* SIGKILL: the kernel lives on */

/* The same, and a leader's sentinel says so when the holders of its work have stopped (HAND-6), unless the daemon has
 * been started again or the power is off by then. */
void world_kill_with_farewell(struct world *world, uint32_t node);

/* Power is lost in the midst of the next step that persists something: so many of its actions are carried out, what
 * is to be durable is on the disk if it is among them, what is sent later never leaves. */
void world_die_amid(struct world *world, uint32_t node, unsigned actions);
void world_lose_disk(struct world *world, uint32_t node); /* of a node that does not run */
/* Of one that does not run: its state file has the epochs of a node that has gone so many times 2^20 ahead. */
void world_inflate_epochs(struct world *world, uint32_t node, uint32_t steps);
void world_take_snapshot(struct world *world, uint32_t node); /* of its disk */
void world_revert(struct world *world, uint32_t node); /* of a node that does not run: to its snapshot, if any */
void world_clone(struct world *world, uint32_t from, uint32_t to); /* `to` does not run: it gets a copy of the disk */
void world_pause(struct world *world, uint32_t node, usec_t duration);
void world_suspend(struct world *world, uint32_t node, usec_t duration); /* with its host */
void world_configure(struct world *world, uint32_t node, uint16_t priority, bool eligible);
void world_preempt(struct world *world, uint32_t node, bool preempts);
void world_expect(struct world *world, uint32_t node, uint8_t expect); /* from its next start on; 0: quorum = none */
void world_writable(struct world *world, uint32_t node, bool writable); /* its state directory */
void world_link(struct world *world, uint32_t node, bool up);
void world_clock(struct world *world, uint32_t node, int32_t drift_ppm); /* from now on; at most CLOCK_DRIFT_MAX_PPM */
void world_partition(struct world *world, uint32_t node, uint32_t side);
void world_multicast(struct world *world, uint32_t node, bool reaches); /* what others send reaches it */
void world_shouts(struct world *world, uint32_t node, bool reaches); /* what it sends reaches others */
void world_duplicate(struct world *world, uint32_t ppm);
void world_loss(struct world *world, uint32_t ppm); /* of datagrams, by chance */
void world_bursts(struct world *world, const struct burst *burst);
void world_delay(struct world *world, uint32_t ppm, usec_t longest); /* of datagrams: these are overtaken */
void world_cut(struct world *world, uint32_t from, uint32_t to); /* one direction; NET_ANY for all */
void world_reject(struct world *world, uint32_t from, uint32_t to); /* the same, by a firewall that says so */
void world_echo(struct world *world, uint32_t node); /* what it multicasts comes back to it */
void world_heal(struct world *world); /* every link, side, cut and multicast */
void world_resign(struct world *world, uint32_t node);
void world_want_table(struct world *world, uint32_t node); /* a client asks it for all members */

/* The user of that node takes the seat of another one away (MAJ-14). */
void world_retire(struct world *world, uint32_t index, uint32_t seat);
void world_stop(struct world *world, uint32_t node); /* SIGTERM */

bool node_runs(const struct node *node); /* running or paused */

/* The one place that knows a node's clock. The second is the earliest time of the world at which it shows `time`. */
usec_t node_time(const struct node *node, usec_t world_time);
usec_t node_world_time(const struct node *node, usec_t time);

/* The node with that id, now or in its last life; or NULL. */
const struct node *world_node_by_id(const struct world *world, const struct node_id *id);

/* Ends the run as a failure, unless it has failed already. */
void world_fail(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
