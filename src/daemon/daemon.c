/* SPDX-License-Identifier: ISC
 *
 * daemon.c - see daemon.h. Three parts, in this order: events and actions, the reasons to wake up, building
 * and running.
 *
 * Whatever wakes the daemon, it first hands in every datagram that waits, and only then the deadline if it
 * is due: after a stall of the process what was said meanwhile counts before any timer does (SUSP-13), and
 * one deadline stands for all that passed.
 */
#include "daemon/daemon.h"

#include "auth/gate.h"
#include "base/util.h"
#include "daemon/cookie.h"
#include "daemon/counters.h"
#include "daemon/ctlserver.h"
#include "daemon/history.h"
#include "daemon/holders.h"
#include "daemon/inbox.h"
#include "daemon/journal.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/manager.h"
#include "daemon/notices.h"
#include "daemon/outbox.h"
#include "daemon/overlay.h"
#include "daemon/paths.h"
#include "daemon/quorum.h"
#include "daemon/settings.h"
#include "daemon/strangers.h"
#include "daemon/traffic.h"
#include "daemon/will.h"
#include "platform/address.h"
#include "platform/clock.h"
#include "platform/hostname.h"
#include "platform/identity.h"
#include "platform/loop.h"
#include "platform/mac.h"
#include "platform/notify.h"
#include "platform/sentinel.h"
#include "platform/state.h"
#include "platform/udp.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>

enum {
    EVENTS_MAX = 16, /* that actions of one event can lead to */
    BATCHES_MAX = 16, /* per socket and wake-up: more than a default receive buffer holds */
    ERRORS_MAX = 16, /* ICMP errors per wake-up */
    SUSPENDED_LEAST_US = 1000, /* less is not seen */
};

/* A socket that can be read. */
struct watch {
    struct daemon *daemon;
    enum family family;
    enum udp_channel channel;
};

struct daemon {
    struct settings *settings;
    const struct conf *conf; /* that of the settings */
    struct loop *loop;
    struct state_store *store;
    struct overlay overlay;
    struct udp *udp;
    struct watch watches[FAMILIES * UDP_CHANNELS];
    struct hostname_watch *hostname; /* NULL: the name of the host is not followed */
    struct links *links;
    struct paths *paths;
    struct traffic *traffic;
    struct strangers strangers;
    struct static_peers peers; /* of conf, each with its port */
    struct gate *gate; /* NULL: no key */
    struct cookie_secret cookie_secret;
    struct inbox *inbox;
    struct outbox *outbox;
    struct sentinel *sentinel;
    struct will *will;
    struct journal *journal;
    struct ctlserver *ctlserver; /* NULL: not opened yet, or being closed */
    struct holders holders;
    void *memory; /* of the core */
    struct core *core;
    struct persistent state; /* the latest that the core has told */
    uint64_t boot_nonce;
    bool writable; /* the state directory is, as told to the core */
    bool stopping; /* EVENT_STOP was given */
    usec_t suspended; /* for how long the host was, ever (clock.h) */
    struct {
        usec_t all; /* the end of the lease that every holder of work was told at least; 0 none */
        usec_t any; /* the latest to which the work of one of them may last by that, with stop_margin */
    } told;
    struct {
        bool wanted; /* once the leadership is handed over */
        bool forced; /* also if nobody takes it */
        usec_t length;
        bool awaited; /* there is one, and who asked for it waits until this node has let go */
        bool handed_over;
    } pause;
    struct counters counters;
    usec_t started_at;
    int64_t wall_start_ms; /* the wall clock when clock_now() was 0, as it was set at the start */
    struct history history;
    struct log_limit notices_limit;
    struct manager manager; /* of services */
    /* events that wait for their turn: a ring */
    bool busy;
    unsigned queue_start, queue_count;
    struct event queue[EVENTS_MAX];
    /* scratch, too big for the stack */
    struct actions actions;
    struct wire_message message;
    struct udp_datagram datagrams[UDP_BATCH];
};

/* --- events and actions --- */

/* The core hears of it once per change, not once per failure. */
static void set_writable(struct daemon *daemon, int result) {
    bool writable = result == 0;

    if (writable == daemon->writable)
        return;
    daemon->writable = writable;
    if (writable)
        log_info("%s: the state can be saved again", daemon->conf->state_directory);
    else
        log_error("%s: the state cannot be saved: %s; this node follows, but does not stand or vote",
                  daemon->conf->state_directory, strerror(-result));
    daemon_submit(daemon, &(struct event){ .type = EVENT_STATE_WRITABLE, .state = { .writable = writable } });
}

/* What could not be made durable must not be acted on: the rest of the list is then not sent. */
static bool persist(struct daemon *daemon, const struct persistent *state, bool durable) {
    int result = 0;

    daemon->state = *state;
    if (durable) {
        outbox_flush(daemon->outbox);
        result = state_save_durable(daemon->store, state);
        set_writable(daemon, result);
    } else {
        state_save_background(daemon->store, state);
    }
    return result == 0;
}

/* What is due to holders of work: those that have not stopped in time are not waited for, and if there is nobody left
 * to wait for, the core is told so. */
static void settle_work(struct daemon *daemon) {
    usec_t now = clock_now();
    const struct holder *late;

    while ((late = holders_next_late(&daemon->holders, now)) != NULL) {
        daemon->counters.holders_late++;
        log_warning("process %d of user %u was told to stop its work %d s ago and has not said that it did: "
                    "not waiting for it", (int)late->pid, (unsigned)late->user, HOLDERS_STOP_LIMIT_MS / 1000);
    }
    if (now < sentinel_waits_until(daemon->sentinel)) /* MAJ-8: whoever was told of a lease may work as long as that */
        return;
    if (holders_settled(&daemon->holders))
        daemon_submit(daemon, &(struct event){ .type = EVENT_WORK_STOPPED,
                                               .work = { .released = holders_have_stopped(&daemon->holders) } });
}

/* With an order a holder hears how long it may go on. */
static void order_work(struct daemon *daemon, struct holder *holder, int work_fd) {
    struct core_view view;
    usec_t until;

    core_view(daemon->core, clock_now(), &view);
    until = quorum_work_until(&view);
    if (until != USEC_NEVER)
        daemon->told.any = max_i64(daemon->told.any, until + view.quorum.stop_margin);
    ctlserver_order(daemon->ctlserver, holder, work_fd);
}

static void stop_work(struct daemon *daemon) {
    struct holder *holder;

    while ((holder = holders_next_to_stop(&daemon->holders, clock_now())) != NULL)
        order_work(daemon, holder, -1);
}

/* What the core has done about an event may have ended the leadership, whether it asks for the end of the work or not:
 * holders hear that before any other node does. */
static void stop_work_if_over(struct daemon *daemon) {
    struct core_view view;

    if (LIST_EMPTY(&daemon->holders.list))
        return;
    core_view(daemon->core, clock_now(), &view);
    if (!view.leads)
        stop_work(daemon);
}

/* To be called when all that an event leads to has been done: the leadership is saved and told then. */
static void start_work(struct daemon *daemon) {
    usec_t now = clock_now();
    struct core_view view;
    struct holder *holder;

    if (LIST_EMPTY(&daemon->holders.list))
        return;
    core_view(daemon->core, now, &view);
    while (view.leads && (holder = holders_next_to_start(&daemon->holders, &view.leader, now)) != NULL)
        order_work(daemon, holder, sentinel_work_fd(daemon->sentinel));
}

/* Who works, or is about to stop, may go on as long as the lease lasts. */
static void renew_work(struct daemon *daemon) {
    struct core_view view;

    if (!daemon->conf->majority || LIST_EMPTY(&daemon->holders.list))
        return;
    core_view(daemon->core, clock_now(), &view);
    if (!quorum_is_renewed(&view, daemon->told.all))
        return;
    daemon->told.all = quorum_work_until(&view);
    daemon->told.any = max_i64(daemon->told.any, daemon->told.all + view.quorum.stop_margin);
    ctlserver_renew(daemon->ctlserver);
}

/* The core waits for the work to stop. */
static void end_work(struct daemon *daemon) {
    stop_work(daemon);
    holders_await(&daemon->holders);
    settle_work(daemon);
}

/* Everything that others wait for, then what is left for them if this process dies. */
static void carry_out(struct daemon *daemon, struct actions *actions) {
    bool may_send = true, persisted = false;
    unsigned i;

    for (i = 0; i < actions->count; i++) {
        struct action *action = &actions->list[i];

        persisted |= action->type == ACTION_PERSIST;
        if (action->type == ACTION_SEND && may_send)
            outbox_add(daemon->outbox, &daemon->state, &action->send);
        else if (action->type == ACTION_PERSIST)
            may_send = persist(daemon, &action->persist.state, action->persist.durable) && may_send;
        else if (action->type == ACTION_STOP_WORK)
            end_work(daemon);
    }
    outbox_flush(daemon->outbox);
    if (persisted)
        will_renew(daemon->will, &daemon->state);
}

/* What the core says, with the addresses that are told to others. */
static void look(const struct daemon *daemon, usec_t now, struct core_view *view) {
    core_view(daemon->core, now, view);
    view->leader_address = paths_presentable(daemon->paths, view->leader_boot_nonce, &view->leader_address, now);
}

/* The core does not know by which address its node is reached: a notice about itself has none. */
static struct notice complete(const struct daemon *daemon, const struct notice *notice, const struct core_view *view) {
    struct notice told = *notice;

    if (node_id_equal(&notice->token.leader, &view->id))
        daemon_own_address(daemon, &told.address);
    else if (view->has_leader && token_equal(&notice->token, &view->leader))
        told.address = view->leader_address;
    return told;
}

static void note_leadership(struct daemon *daemon, const struct notice *notice, const struct core_view *view,
                            usec_t now) {
    struct moment moment = { .at = now, .wall_ms = clock_wall_ms() };

    history_notice(&daemon->history, notice, node_id_equal(&notice->token.leader, &view->id), &moment);
    if (view->has_leader)
        history_learn(&daemon->history, &view->leader.leader, view->leader_name);
}

static void tell_notice(struct daemon *daemon, const struct notice *notice) {
    usec_t now = clock_now();
    struct core_view view;
    struct notice told;

    look(daemon, now, &view);
    told = complete(daemon, notice, &view);
    if (told.type == NOTICE_CLONE && told.address.family != 0)
        strangers_note(&daemon->strangers, STRANGER_CLONE, daemon->conf->cluster, &told.address, now);
    counters_notice(&daemon->counters, &told, view.state);
    note_leadership(daemon, &told, &view, now);
    notices_log(&daemon->notices_limit, now, &told, &view);
    journal_notice(daemon->journal, &told);
    manager_note(&daemon->manager);
}

static void configure(struct daemon *daemon) {
    const struct conf *conf = daemon->conf;

    overlay_update(&daemon->overlay);
    daemon_submit(daemon, &(struct event){ .type = EVENT_CONFIGURE,
                                           .configure = { &daemon->overlay.facts, &conf->timing, conf->preempt } });
}

/* By the will of its users: watchers of this node are told, too. */
static void facts_changed(struct daemon *daemon, const char *event) {
    configure(daemon);
    journal_changed(daemon->journal, event);
}

/* Handed over, or there was nothing to hand over: a pause that waits for that begins. In the step after this one, so
 * that nobody elects this node meanwhile. */
static void resigned(struct daemon *daemon, enum resign_outcome outcome) {
    bool wanted = daemon->pause.wanted, begins = wanted && (outcome != RESIGN_NOBODY || daemon->pause.forced);

    daemon->pause.wanted = false;
    if (begins)
        overlay_pause(&daemon->overlay, daemon->pause.length);
    if (wanted) {
        daemon->pause.awaited = daemon_pause_left(daemon) != 0;
        daemon->pause.handed_over = outcome == RESIGN_DONE;
    }
    ctlserver_resigned(daemon->ctlserver, outcome);
    if (begins)
        facts_changed(daemon, "paused");
}

/* Who leads though nobody takes it, or lets go for another reason at this moment, still has work to stop: whoever has
 * asked for the pause shall not begin before that. */
static void settle_pause(struct daemon *daemon) {
    struct core_view view;

    if (!daemon->pause.awaited)
        return;
    core_view(daemon->core, clock_now(), &view);
    if (view.state == NODE_LEADER && daemon_pause_left(daemon) != 0)
        return;
    daemon->pause.awaited = false;
    ctlserver_paused(daemon->ctlserver, daemon->pause.handed_over);
}

/* Then what people and programs on this host want to know. */
static void tell(struct daemon *daemon, const struct actions *actions) {
    unsigned i;

    for (i = 0; i < actions->count; i++) {
        const struct action *action = &actions->list[i];

        if (action->type == ACTION_NOTICE)
            tell_notice(daemon, &action->notice);
        else if (action->type == ACTION_RESIGNED)
            resigned(daemon, action->resigned);
        else if (action->type == ACTION_RETIRED)
            ctlserver_retired(daemon->ctlserver, action->retired);
        else if (action->type == ACTION_STOPPED)
            loop_stop(daemon->loop);
    }
}

static void show_manager(struct daemon *daemon) {
    usec_t now = clock_now();
    struct core_view view;

    if (!manager_asks(&daemon->manager, now))
        return;
    look(daemon, now, &view);
    manager_show(&daemon->manager, &(struct manager_picture){ .view = &view,
                                                              .standing = daemon_standing(daemon, &view),
                                                              .paused = daemon_pause_left(daemon) != 0,
                                                              .writable = daemon->writable }, now);
}

/* When the last lease that was told is over, if the core waits for that. */
static usec_t lease_deadline(const struct daemon *daemon) {
    usec_t end = sentinel_waits_until(daemon->sentinel);

    return daemon->holders.awaited && clock_now() < end ? end : USEC_NEVER;
}

/* For the core, for the end of a burst of notices, for a sentinel that is missing, for a damped link, for a holder of
 * work that does not stop, for a lease that somebody may still work by, for the end of a pause, for the gate, and for
 * the service manager. */
static void set_alarm(struct daemon *daemon) {
    usec_t at = min_i64(core_deadline(daemon->core), log_limit_end(&daemon->notices_limit));

    at = min_i64(at, links_deadline(daemon->links));
    at = min_i64(at, holders_deadline(&daemon->holders));
    at = min_i64(at, lease_deadline(daemon));
    at = min_i64(at, overlay_deadline(&daemon->overlay));
    at = min_i64(at, manager_deadline(&daemon->manager));
    if (daemon->gate)
        at = min_i64(at, gate_deadline(daemon->gate));
    loop_set_alarm(daemon->loop, min_i64(at, will_deadline(daemon->will)));
}

static bool take_event(struct daemon *daemon, struct event *ret) {
    if (daemon->queue_count == 0)
        return false;
    *ret = daemon->queue[daemon->queue_start];
    daemon->queue_start = (daemon->queue_start + 1) % EVENTS_MAX;
    daemon->queue_count--;
    return true;
}

/* True once for each time that the host stood still, and its clock did not (GAP-1). */
static bool was_suspended(struct daemon *daemon) {
    usec_t suspended = clock_suspended();
    bool away = suspended - daemon->suspended > SUSPENDED_LEAST_US;

    daemon->suspended = max_i64(daemon->suspended, suspended);
    return away;
}

/* The core hears of that before anything else. */
static bool next_event(struct daemon *daemon, struct event *ret) {
    if (daemon->queue_count == 0)
        return false;
    if (!was_suspended(daemon))
        return take_event(daemon, ret);
    *ret = (struct event){ .type = EVENT_SUSPENDED };
    return true;
}

void daemon_submit(struct daemon *daemon, const struct event *event) {
    struct event next;

    if (daemon->queue_count == EVENTS_MAX) {
        daemon->counters.events_lost++;
        return;
    }
    daemon->queue[(daemon->queue_start + daemon->queue_count++) % EVENTS_MAX] = *event;
    if (daemon->busy)
        return;
    daemon->busy = true;
    while (next_event(daemon, &next)) {
        core_step(daemon->core, clock_now(), &next, &daemon->actions);
        stop_work_if_over(daemon);
        carry_out(daemon, &daemon->actions);
        tell(daemon, &daemon->actions);
        if (next.type != EVENT_DATAGRAM) /* what one of these has changed is told by a notice, or soon enough */
            manager_note(&daemon->manager);
    }
    daemon->busy = false;
    settle_pause(daemon);
    start_work(daemon);
    renew_work(daemon);
    show_manager(daemon);
    set_alarm(daemon);
}

void daemon_check_clock(struct daemon *daemon) {
    if (was_suspended(daemon))
        daemon_submit(daemon, &(struct event){ .type = EVENT_SUSPENDED });
}

/* --- reasons to wake up --- */

/* What the gate has to say, at once; and when it has to say something later. */
static void serve_gate(struct daemon *daemon) {
    struct gate_challenge challenge;

    if (!daemon->gate)
        return;
    while (gate_next(daemon->gate, clock_now(), &challenge))
        outbox_add_challenge(daemon->outbox, &daemon->state, &challenge);
    outbox_flush(daemon->outbox);
    if (gate_deadline(daemon->gate) != USEC_NEVER)
        set_alarm(daemon);
}

/* Whether the sender of the message has shown that it hears what is sent to that address, where it is answered (SEC-4).
 * To name the boot nonce of this node shows nothing: each multicast tells it to all. */
static bool is_there(const struct daemon *daemon, const struct address *address) {
    return daemon->message.cookie != 0 && daemon->message.cookie == cookie_of(&daemon->cookie_secret, address);
}

/* With a key the gate has seen to that. */
static void expect_answers(struct daemon *daemon, const struct address *source, size_t length) {
    if (daemon->gate)
        outbox_answer(daemon->outbox, NULL, 0, false);
    else
        outbox_answer(daemon->outbox, source, length, is_there(daemon, source));
}

static void take_one(struct daemon *daemon, const struct udp_datagram *datagram) {
    struct event event = {
        .type = EVENT_DATAGRAM,
        .datagram = { .message = &daemon->message },
    };
    bool accepted = inbox_accept(daemon->inbox, datagram, &daemon->message, &event.datagram.source);

    serve_gate(daemon);
    if (!accepted)
        return;
    event.datagram.multicast = !(daemon->message.header.flags & WIRE_FLAG_UNICAST);
    expect_answers(daemon, &event.datagram.source, datagram->length);
    daemon_submit(daemon, &event);
    outbox_answer(daemon->outbox, NULL, 0, false);
    inbox_tell_ignored(daemon->inbox, &datagram->source, core_counters(daemon->core));
}

static void take_datagram(struct daemon *daemon, const struct udp_datagram *datagram) {
    struct udp_datagram kept;

    take_one(daemon, datagram);
    while (inbox_kept(daemon->inbox, &kept))
        take_one(daemon, &kept);
}

static void drain_socket(struct daemon *daemon, enum family family, enum udp_channel channel) {
    unsigned i, count, batches;

    for (batches = 0; batches < BATCHES_MAX; batches++) {
        count = udp_receive(daemon->udp, family, channel, daemon->datagrams);
        for (i = 0; i < count; i++)
            take_datagram(daemon, &daemon->datagrams[i]);
        if (count < UDP_BATCH)
            return;
    }
}

static void drain_errors(struct daemon *daemon, enum family family) {
    struct event event = { .type = EVENT_UNREACHABLE };
    unsigned i;

    for (i = 0; i < ERRORS_MAX && udp_unreachable(daemon->udp, family, &event.unreachable.source); i++) {
        daemon->counters.unreachable++;
        daemon_submit(daemon, &event);
    }
}

static void drain(struct daemon *daemon, enum family family, enum udp_channel channel) {
    drain_socket(daemon, family, channel);
    if (channel == UDP_UNICAST)
        drain_errors(daemon, family);
}

static void drain_all(struct daemon *daemon) {
    static const enum udp_channel order[] = { UDP_UNICAST, UDP_SHARED };

    for (unsigned i = 0; i < ARRAY_SIZE(order); i++)
        for (unsigned family = 0; family < FAMILIES; family++)
            drain(daemon, family, order[i]);
}

static bool is_due(const struct daemon *daemon) {
    return core_deadline(daemon->core) <= clock_now();
}

/* What waits may well put the deadline off. */
static void check_deadline(struct daemon *daemon) {
    if (!is_due(daemon))
        return;
    drain_all(daemon);
    if (is_due(daemon))
        daemon_submit(daemon, &(struct event){ .type = EVENT_DEADLINE });
}

static void socket_readable(void *context) {
    const struct watch *watch = context;

    drain(watch->daemon, watch->family, watch->channel);
    check_deadline(watch->daemon);
}

static void settle_notices(struct daemon *daemon) {
    usec_t now = clock_now();
    struct core_view view;

    if (log_limit_end(&daemon->notices_limit) > now)
        return;
    look(daemon, now, &view);
    notices_settle(&daemon->notices_limit, now, &view);
}

/* True if the core should know. */
static bool update_links(struct daemon *daemon, struct event *event) {
    usec_t now = clock_now();
    bool changed = links_update(daemon->links, now, &event->link.came_up);

    event->link.links = links_count(daemon->links);
    for (unsigned i = 0; i < event->link.links; i++)
        if (links_get(daemon->links, i)->joined_at == now)
            traffic_begin(daemon->traffic, links_get(daemon->links, i)->ifindex, now);
    return changed;
}

static void links_changed(void *context) {
    struct daemon *daemon = context;
    struct event event = { .type = EVENT_LINK };

    if (update_links(daemon, &event)) {
        daemon_submit(daemon, &event);
        will_renew(daemon->will, &daemon->state);
    }
    set_alarm(daemon);
}

/* It lives if nothing waits that it should have done. */
static void prove_life(struct daemon *daemon) {
    if (!manager_doubts(&daemon->manager, clock_now()))
        return;
    drain_all(daemon);
    if (!is_due(daemon))
        manager_prove(&daemon->manager, clock_now());
}

static void alarm_rang(void *context) {
    struct daemon *daemon = context;

    check_deadline(daemon);
    settle_notices(daemon);
    settle_work(daemon);
    if (will_deadline(daemon->will) <= clock_now())
        will_mend(daemon->will);
    if (links_deadline(daemon->links) <= clock_now())
        links_changed(daemon);
    if (overlay_settle(&daemon->overlay, clock_now()))
        facts_changed(daemon, "resumed");
    serve_gate(daemon);
    show_manager(daemon);
    prove_life(daemon);
    set_alarm(daemon); /* also if it rang too early */
}

static void child_died(void *context) {
    struct daemon *daemon = context;

    will_mend(daemon->will);
    set_alarm(daemon);
}

static void state_told(void *context) {
    struct daemon *daemon = context;

    set_writable(daemon, state_result(daemon->store));
    overlay_saved(&daemon->overlay, state_overrides_result(daemon->store));
}

static void host_renamed(void *context) {
    struct daemon *daemon = context;

    hostname_watch_read(daemon->hostname);
    if (settings_follow_host(daemon->settings))
        configure(daemon);
}

static void stop_asked(void *context) {
    struct daemon *daemon = context;

    if (daemon->stopping) {
        log_info("asked to stop again: not waiting for the handover");
        loop_stop(daemon->loop);
        return;
    }
    log_info("stopping");
    notify_send("STOPPING=1"); /* if nobody hears it, that changes nothing */
    daemon->stopping = true;
    daemon_submit(daemon, &(struct event){ .type = EVENT_STOP });
}

static void reload_asked(void *context) {
    struct settings_outcome outcome;

    daemon_reload(context, &outcome);
}

/* --- what others ask --- */

void daemon_hold(struct daemon *daemon, struct holder *holder) {
    holders_add(&daemon->holders, holder, clock_now());
    log_debug("process %d of user %u holds work", (int)holder->pid, (unsigned)holder->user);
    start_work(daemon);
}

/* Work may be there for it already. */
void daemon_hold_stopped(struct daemon *daemon, struct holder *holder, uint64_t order) {
    if (!holders_confirm(holder, order, clock_now()))
        return;
    settle_work(daemon);
    start_work(daemon);
    set_alarm(daemon);
}

/* One that is gone by itself has stopped; of one that would not read nothing is known but how long it may go on. */
void daemon_hold_ended(struct daemon *daemon, struct holder *holder, bool cut_off) {
    if (cut_off)
        sentinel_wait_until(daemon->sentinel, daemon->told.any);
    holders_remove(holder);
    if (!daemon->ctlserver)
        return;
    log_debug("process %d of user %u holds no work any more", (int)holder->pid, (unsigned)holder->user);
    settle_work(daemon);
    set_alarm(daemon);
}

void daemon_hold_ran(struct daemon *daemon, struct holder *holder, const struct ran *ran) {
    holders_ran(&daemon->holders, holder, ran);
    daemon->counters.hooks_run++;
    daemon->counters.hooks_failed += ran_failed(ran);
}

const struct holders *daemon_holders(const struct daemon *daemon) {
    return &daemon->holders;
}

void daemon_reload(struct daemon *daemon, struct settings_outcome *ret) {
    notify_reloading();
    settings_reload(daemon->settings, ret);
    if (ret->changed.count > 0) {
        log_set_level(daemon->conf->log_level);
        configure(daemon);
        will_renew(daemon->will, &daemon->state); /* the key may be another one */
    }
    notify_send("READY=1");
}

void daemon_pause(struct daemon *daemon, usec_t length, bool forced) {
    daemon->pause.wanted = true;
    daemon->pause.forced = forced;
    daemon->pause.length = length;
    daemon_submit(daemon, &(struct event){ .type = EVENT_RESIGN });
}

bool daemon_resume(struct daemon *daemon) {
    bool was_paused = overlay_resume(&daemon->overlay);

    daemon->pause.wanted = false;
    if (was_paused)
        facts_changed(daemon, "resumed");
    return was_paused;
}

int daemon_set_tags(struct daemon *daemon, const char *const *words, size_t count, const char **ret_wrong) {
    int result = overlay_set_tags(&daemon->overlay, words, count, ret_wrong);

    if (result == 0)
        facts_changed(daemon, "tags");
    return result;
}

const char *daemon_tags_configured(const struct daemon *daemon) {
    return daemon->conf->facts.tags;
}

const char *daemon_tags_set(const struct daemon *daemon) {
    return daemon->overlay.overrides.tags;
}

usec_t daemon_pause_left(const struct daemon *daemon) {
    return overlay_pause_left(&daemon->overlay, clock_now());
}

struct journal *daemon_journal(const struct daemon *daemon) {
    return daemon->journal;
}

struct event_base *daemon_event_base(const struct daemon *daemon) {
    return loop_base(daemon->loop);
}

void daemon_tell_lease(const struct daemon *daemon, usec_t until) {
    sentinel_wait_until(daemon->sentinel, until);
}

void daemon_view(const struct daemon *daemon, struct core_view *view) {
    look(daemon, clock_now(), view);
}

bool daemon_peer(const struct daemon *daemon, uint32_t index, struct core_peer *peer) {
    usec_t now = clock_now();

    if (!core_peer(daemon->core, now, index, peer))
        return false;
    peer->address = paths_presentable(daemon->paths, peer->boot_nonce, &peer->address, now);
    return true;
}

bool daemon_own_address(const struct daemon *daemon, struct address *ret) {
    const struct address *best = NULL;

    for (unsigned i = 0; i < links_count(daemon->links); i++)
        for (unsigned family = 0; family < FAMILIES; family++) {
            const struct address *address = &links_get(daemon->links, i)->addresses[family];

            if (address->family != 0 && (!best || (address_is_link_local(best) && !address_is_link_local(address))))
                best = address;
        }
    if (!best)
        return false;
    *ret = *best;
    ret->port = udp_port(daemon->udp);
    return true;
}

/* The core knows that it has no interface only as silence; a reader should know what is missing. */
const char *daemon_standing(const struct daemon *daemon, const struct core_view *view) {
    struct address address;

    if (view->standing == STANDING_NO_LEADER && !daemon_own_address(daemon, &address))
        return "no usable network interface";
    return standing_name(view->standing);
}

bool daemon_writable(const struct daemon *daemon) {
    return daemon->writable;
}

/* What the wall clock showed, or would have shown, when clock_now() was 0. */
static int64_t wall_origin_ms(void) {
    return clock_wall_ms() - clock_now() / USEC_PER_MS;
}

void daemon_network(const struct daemon *daemon, struct daemon_network *ret) {
    *ret = (struct daemon_network){
        .links = daemon->links, .paths = daemon->paths, .traffic = daemon->traffic, .strangers = &daemon->strangers,
        .udp = daemon->udp, .group_port = daemon->conf->port,
        .clock_step_ms = wall_origin_ms() - daemon->wall_start_ms,
    };
}

const struct history *daemon_history(const struct daemon *daemon) {
    return &daemon->history;
}

const char *daemon_cluster(const struct daemon *daemon) {
    return daemon->conf->cluster;
}

unsigned daemon_expect(const struct daemon *daemon) {
    return daemon->conf->expect;
}

void daemon_counters(const struct daemon *daemon, struct counters *ret) {
    *ret = daemon->counters;
    ret->core = *core_counters(daemon->core);
    state_writes(daemon->store, &ret->state_writes);
    ret->wakeups = loop_wakeups(daemon->loop);
    ret->lateness = *loop_lateness(daemon->loop);
}

usec_t daemon_uptime(const struct daemon *daemon) {
    return clock_now() - daemon->started_at;
}

/* A clock that is slewed drifts away from the one of the start, too: what may be only that is not told, and of what is
 * no fraction of a second, which each call would find a little different. */
int64_t daemon_started_ms(const struct daemon *daemon) {
    int64_t started_ms = daemon->wall_start_ms + daemon->started_at / USEC_PER_MS;
    int64_t step_s = (wall_origin_ms() - daemon->wall_start_ms) / 1000;

    return step_s >= -1 && step_s <= 1 ? started_ms : started_ms + step_s * 1000;
}

/* --- building and running --- */

/* Says what could not be had, and with which status the program ends over it. */
static int failed(int status, const char *what, int error) {
    log_error("%s: %s", what, strerror(-error));
    return status;
}

static int open_sentinel(struct daemon *daemon) {
    int result = sentinel_open(&daemon->sentinel, SENTINEL_WORK_LIMIT_MS);

    if (result < 0)
        return failed(EX_OSERR, SENTINEL_NAME, result);
    if (sentinel_pid(daemon->sentinel) == 0)
        log_warning(SENTINEL_NAME ": no process could be had for it; trying again every second");
    return EX_OK;
}

static int open_state(struct daemon *daemon, struct core_config *config) {
    const char *directory = daemon->conf->state_directory;
    enum state_origin origin;
    char uuid_path[IDENTITY_PATH_SIZE];
    uint64_t fingerprint = identity_fingerprint(IDENTITY_MACHINE_ID, identity_uuid_path(uuid_path));
    int result = state_open(directory, fingerprint, &daemon->store, &daemon->state, &origin);

    if (result == -EBUSY) {
        log_error("state directory %s: another eldestd uses it, which eldest status shows; one more on this host needs "
                  "its own --state-dir and --socket", directory);
        return EX_CANTCREAT;
    }
    if (result == -EPERM) {
        log_error("state directory %s: others can write to it: take that right away (chmod o-w), or name another one "
                  "with --state-dir", directory);
        return EX_CANTCREAT;
    }
    if (result == -EPROTONOSUPPORT) {
        log_error("%s/state: written by another, probably newer version of eldest; run that one, or name another "
                  "directory with --state-dir", directory);
        return EX_CANTCREAT;
    }
    if (result < 0) {
        log_error("state directory %s: %s; run eldestd as root or by its unit, make the directory writable for this "
                  "user, or name another one with --state-dir", directory, strerror(-result));
        return EX_CANTCREAT;
    }
    if (origin == STATE_MISSING)
        log_info("first start with state directory %s: taking a new identity", directory);
    else if (origin != STATE_LOADED)
        log_warning("%s/state: %s: taking a new identity", directory, state_origin_text(origin));
    overlay_open(&daemon->overlay, daemon->conf, daemon->store, origin);
    daemon->writable = true;
    config->state = daemon->state;
    config->fresh = origin != STATE_LOADED;
    config->writable = true;
    return EX_OK;
}

static struct udp_config udp_config_of(const struct conf *conf) {
    struct udp_config config = {
        .port_first = (uint16_t)(conf->port + 1),
        .port_count = UDP_PORT_COUNT,
        .loopback = choice_is_loopback(conf->interfaces),
    };
    struct address *group4 = &config.groups[FAMILY_IPV4], *group6 = &config.groups[FAMILY_IPV6];

    if (conf->families & 1U << FAMILY_IPV4 || config.loopback)
        *group4 = address_ipv4(conf->group4, conf->port, 0);
    if (conf->families & 1U << FAMILY_IPV6) {
        *group6 = (struct address){ .family = 6, .port = conf->port };
        memcpy(group6->bytes, conf->group6, sizeof conf->group6);
    }
    return config;
}

static int open_sockets(struct daemon *daemon) {
    const struct conf *conf = daemon->conf;
    struct udp_config config = udp_config_of(conf);
    enum udp_channel channel;
    int result;

    result = udp_open(&daemon->udp, &config, &channel);
    if (result == -EADDRINUSE && channel == UDP_UNICAST) {
        log_error("all UDP ports from %d to %d are taken, which ss -ulnp shows: no more than %d nodes can run on one "
                  "host; end one, or set [network] port on all nodes of this cluster",
                  config.port_first, config.port_first + config.port_count - 1, config.port_count);
        return EX_UNAVAILABLE;
    }
    if (result == -EADDRINUSE) {
        log_error("UDP port %d is taken by a program that does not share it, which ss -ulnp shows: end it, or set "
                  "[network] port on all nodes", conf->port);
        return EX_UNAVAILABLE;
    }
    return result < 0 ? failed(EX_OSERR, "UDP socket", result) : EX_OK;
}

static int open_links(struct daemon *daemon) {
    struct links_config config = { .choice = daemon->conf->interfaces, .udp = daemon->udp };
    int result;

    for (unsigned family = 0; family < FAMILIES; family++)
        config.families |= (unsigned)udp_has(daemon->udp, family) << family;
    result = links_open(&daemon->links, &config);
    if (result < 0)
        return failed(EX_OSERR, "netlink socket", result);
    result = paths_open(&daemon->paths, daemon->links);
    if (result == 0)
        result = traffic_open(&daemon->traffic, daemon->links);
    daemon->peers = daemon->conf->peers;
    for (unsigned i = 0; i < daemon->peers.count; i++)
        if (daemon->peers.list[i].port == 0)
            daemon->peers.list[i].port = daemon->conf->port;
    return result < 0 ? failed(EX_OSERR, "paths", result) : EX_OK;
}

static int open_inbox(struct daemon *daemon) {
    struct inbox_config config = {
        .cluster = daemon->conf->cluster,
        .boot_nonce = daemon->boot_nonce,
        .links = daemon->links,
        .paths = daemon->paths,
        .traffic = daemon->traffic,
        .strangers = &daemon->strangers,
        .counters = &daemon->counters,
        .keys = daemon->settings->keys,
        .hash = mac_hash(),
        .cipher = mac_cipher(),
        .gate = daemon->gate,
        .peers = &daemon->peers,
    };
    int result = inbox_open(&daemon->inbox, &config);

    return result < 0 ? failed(EX_OSERR, "inbox", result) : EX_OK;
}

static int open_outbox(struct daemon *daemon) {
    struct outbox_config config = {
        .cluster = daemon->conf->cluster,
        .boot_nonce = daemon->boot_nonce,
        .udp = daemon->udp,
        .links = daemon->links,
        .peers = &daemon->peers,
        .paths = daemon->paths,
        .traffic = daemon->traffic,
        .counters = &daemon->counters,
        .keys = daemon->settings->keys,
        .hash = mac_hash(),
        .cipher = mac_cipher(),
        .encrypts = &daemon->conf->encrypt,
        .gate = daemon->gate,
        .secret = &daemon->cookie_secret,
        .majority = daemon->conf->majority,
    };
    int result = outbox_open(&daemon->outbox, &config);

    return result < 0 ? failed(EX_OSERR, "outbox", result) : EX_OK;
}

static int open_will(struct daemon *daemon) {
    struct will_config config = {
        .sentinel = daemon->sentinel,
        .outbox = daemon->outbox,
        .links = daemon->links,
        .peers = &daemon->peers,
        .udp = daemon->udp,
        .counters = &daemon->counters,
        .former = daemon->state.own,
        .forewarns = daemon->conf->majority,
    };
    int result = will_open(&daemon->will, &config);

    return result < 0 ? failed(EX_OSERR, "last will", result) : EX_OK;
}

static int draw(void *to, size_t size) {
    return getrandom(to, size, 0) == (ssize_t)size ? EX_OK : failed(EX_OSERR, "random numbers", -errno);
}

/* Fills in what the state did not. The boot nonce is never 0, which would mean "unknown". */
static int open_core(struct daemon *daemon, struct core_config *config) {
    int status = draw(config->seed, sizeof config->seed);

    if (status == EX_OK)
        status = draw(&daemon->boot_nonce, sizeof daemon->boot_nonce);
    if (status != EX_OK)
        return status;
    daemon->boot_nonce |= 1;
    config->boot_nonce = daemon->boot_nonce;
    config->facts = daemon->overlay.facts;
    config->timing = daemon->conf->timing;
    config->preempt = daemon->conf->preempt;
    config->majority = daemon->conf->majority;
    config->expect = daemon->conf->expect;
    config->port = udp_port(daemon->udp);
    config->members_max = daemon->conf->members_max;
    daemon->memory = malloc(core_size(config->members_max));
    if (!daemon->memory)
        return failed(EX_OSERR, "member table", -ENOMEM);
    daemon->core = core_init(daemon->memory, config, clock_now());
    return EX_OK;
}

/* A node that leads knows all that it can list. */
static int open_gate(struct daemon *daemon) {
    struct gate_config config = { .boot_nonce = daemon->boot_nonce, .senders_max = PATHS_NODES_MAX };
    int status = draw(config.seed, sizeof config.seed);
    void *memory;

    if (status != EX_OK || daemon->settings->keys->count == 0)
        return status;
    memory = calloc(1, gate_size(config.senders_max));
    if (!memory)
        return failed(EX_OSERR, "gate", -ENOMEM);
    daemon->gate = gate_init(memory, &config);
    return EX_OK;
}

static int watch_sockets(struct daemon *daemon) {
    int result = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(daemon->watches) && result == 0; i++) {
        struct watch *watch = &daemon->watches[i];

        *watch = (struct watch){ daemon, i / UDP_CHANNELS, i % UDP_CHANNELS };
        if (udp_has(daemon->udp, watch->family))
            result = loop_watch(daemon->loop, udp_fd(daemon->udp, watch->family, watch->channel), socket_readable,
                                watch);
    }
    return result;
}

static int open_loop(struct daemon *daemon) {
    int result = loop_open(&daemon->loop);

    if (result == 0)
        result = loop_watch_alarm(daemon->loop, alarm_rang, daemon);
    if (result == 0)
        result = watch_sockets(daemon);
    if (result == 0)
        result = loop_watch(daemon->loop, links_fd(daemon->links), links_changed, daemon);
    if (result == 0)
        result = loop_watch(daemon->loop, state_fd(daemon->store), state_told, daemon);
    if (result == 0 && hostname_watch_open(&daemon->hostname) == 0)
        result = loop_watch(daemon->loop, hostname_watch_fd(daemon->hostname), host_renamed, daemon);
    return result < 0 ? failed(EX_OSERR, "event loop", result) : EX_OK;
}

static int open_signals(struct daemon *daemon) {
    int result = loop_watch_signal(daemon->loop, SIGTERM, stop_asked, daemon);

    if (result == 0)
        result = loop_watch_signal(daemon->loop, SIGINT, stop_asked, daemon);
    if (result == 0)
        result = loop_watch_signal(daemon->loop, SIGHUP, reload_asked, daemon);
    if (result == 0)
        result = loop_watch_signal(daemon->loop, SIGCHLD, child_died, daemon);
    signal(SIGPIPE, SIG_IGN);
    return result < 0 ? failed(EX_OSERR, "signals", result) : EX_OK;
}

static int open_journal(struct daemon *daemon) {
    int result = journal_open(&daemon->journal, daemon);

    return result < 0 ? failed(EX_OSERR, "journal", result) : EX_OK;
}

static int open_ctlserver(struct daemon *daemon) {
    const char *path = daemon->conf->socket_path;
    int result = ctlserver_open(&daemon->ctlserver, loop_base(daemon->loop), path, daemon);

    if (result == -EADDRINUSE)
        log_error("control socket %s: another eldestd serves it, which eldest --socket %s status shows; give each its "
                  "own with --socket", path, path);
    else if (result == -EEXIST)
        log_error("control socket %s: something that is no socket is in its place; remove it, or set --socket", path);
    else if (result < 0)
        log_error("control socket %s: %s; run eldestd as root or by its unit, or name another place with --socket",
                  path, strerror(-result));
    return result < 0 ? EX_UNAVAILABLE : EX_OK;
}

static int open_all(struct daemon *daemon) {
    struct core_config config = { .fresh = false };
    int status = open_sentinel(daemon);

    if (status == EX_OK)
        status = settings_take_keys(daemon->settings);
    if (status == EX_OK)
        status = open_state(daemon, &config);
    if (status == EX_OK)
        status = open_sockets(daemon);
    if (status == EX_OK)
        status = open_links(daemon);
    if (status == EX_OK)
        status = open_core(daemon, &config);
    if (status == EX_OK)
        status = open_gate(daemon);
    if (status == EX_OK)
        status = draw(&daemon->cookie_secret, sizeof daemon->cookie_secret);
    if (status == EX_OK)
        status = open_inbox(daemon);
    if (status == EX_OK)
        status = open_outbox(daemon);
    if (status == EX_OK)
        status = open_will(daemon);
    if (status == EX_OK)
        status = open_loop(daemon);
    if (status == EX_OK)
        status = open_signals(daemon);
    if (status == EX_OK)
        status = open_journal(daemon);
    if (status == EX_OK)
        status = open_ctlserver(daemon);
    return status;
}

static void start(struct daemon *daemon) {
    struct event event = { .type = EVENT_START };

    log_info("node %s in cluster %s on UDP port %u", daemon->conf->facts.name, daemon->conf->cluster,
             udp_port(daemon->udp));
    will_mend(daemon->will); /* nobody was told of its death until now */
    update_links(daemon, &event);
    daemon_submit(daemon, &event);
}

int daemon_open(struct daemon **ret, struct settings *settings) {
    struct daemon *daemon = calloc(1, sizeof *daemon);
    int status;

    if (!daemon)
        return failed(EX_OSERR, "eldestd", -ENOMEM);
    daemon->suspended = clock_suspended();
    daemon->settings = settings;
    daemon->conf = &settings->conf;
    daemon->notices_limit = (struct log_limit)NOTICES_LIMIT_INIT;
    holders_init(&daemon->holders);
    daemon->started_at = clock_now();
    manager_open(&daemon->manager, daemon->started_at);
    daemon->wall_start_ms = wall_origin_ms();
    status = open_all(daemon);
    if (status != EX_OK) {
        daemon_close(daemon);
        return status;
    }
    start(daemon);
    *ret = daemon;
    return EX_OK;
}

int daemon_run(struct daemon *daemon) {
    int result = loop_run(daemon->loop);

    return result < 0 ? failed(EX_OSERR, "event loop", result) : EX_OK;
}

void daemon_close(struct daemon *daemon) {
    if (!daemon)
        return;
    struct ctlserver *ctlserver = daemon->ctlserver;
    daemon->ctlserver = NULL; /* holders that are closed have nothing to tell the core any more */
    ctlserver_close(ctlserver);
    journal_close(daemon->journal);
    loop_close(daemon->loop);
    hostname_watch_close(daemon->hostname);
    will_close(daemon->will);
    outbox_close(daemon->outbox);
    inbox_close(daemon->inbox);
    free(daemon->gate);
    settings_drop_keys(daemon->settings);
    traffic_close(daemon->traffic);
    paths_close(daemon->paths);
    links_close(daemon->links);
    udp_close(daemon->udp);
    state_close(daemon->store);
    free(daemon->memory);
    sentinel_close(daemon->sentinel);
    free(daemon);
}
