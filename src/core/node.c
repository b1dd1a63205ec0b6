/* SPDX-License-Identifier: ISC
 *
 * node.c - what every concern of the protocol uses: timers, effects, persistent numbers, the change of phase.
 */
#include "core/node.h"
#include "base/util.h"
#include "core/lease.h"
#include "core/voter.h"

#include <assert.h>
#include <string.h>

#define BIT(timer) (1U << (timer))

enum { HORIZON_DISTANCE = 1 << 20, HORIZON_INTERVAL_US = USEC_PER_SEC };
static const usec_t background_write_max_us = 10 * USEC_PER_SEC;

/* Which timers may go on in a phase; the others stop when it is entered. */
static const uint32_t phase_timers[] = {
    [PHASE_SEEKING] = BIT(TIMER_ANNOUNCE) | BIT(TIMER_DISCOVERY) | BIT(TIMER_OBJECTION) | BIT(TIMER_COLLECTION)
                      | BIT(TIMER_ALONE) | BIT(TIMER_APPROACH) | BIT(TIMER_HOLD) | BIT(TIMER_VOTE),
    [PHASE_FOLLOWING] = 0,
    [PHASE_BEREFT] = BIT(TIMER_VOTE) | BIT(TIMER_WINDOW) | BIT(TIMER_APPROACH),
    [PHASE_ISOLATED] = BIT(TIMER_APPROACH),
    [PHASE_HEARD_ONE_WAY] = BIT(TIMER_APPROACH),
    [PHASE_STANDING] = BIT(TIMER_WINDOW) | BIT(TIMER_COLLECTION) | BIT(TIMER_APPROACH) | BIT(TIMER_ANNOUNCE)
                       | BIT(TIMER_ALONE), /* the last two of a candidate that goes on seeking (START-4) */
    [PHASE_LEADING] = 0,
};

void timer_set(struct core *core, enum timer timer, usec_t at) {
    core->timers[timer] = at;
}

void timer_after(struct core *core, enum timer timer, usec_t delay) {
    timer_set(core, timer, core->now + delay);
}

void timer_stop(struct core *core, enum timer timer) {
    core->timers[timer] = USEC_NEVER;
}

void timer_stop_all(struct core *core) {
    for (unsigned timer = 0; timer < TIMER_COUNT; timer++)
        timer_stop(core, timer);
}

bool timer_is_set(const struct core *core, enum timer timer) {
    return core->timers[timer] != USEC_NEVER;
}

/* The next free action. A step that wants more than the list holds loses its last effects, as the network might. */
static struct action *next_action(struct core *core, enum action_type type) {
    struct actions *out = core->out;
    struct action *action = &out->list[out->count < ACTIONS_MAX ? out->count++ : ACTIONS_MAX - 1];

    action->type = type;
    return action;
}

struct send *emit_send(struct core *core, enum wire_type type) {
    struct send *send = &next_action(core, ACTION_SEND)->send;

    memset(send, 0, sizeof(*send));
    send->message.header.type = (uint8_t)type;
    return send;
}

struct send *emit_multicast(struct core *core, enum wire_type type) {
    struct send *send = emit_send(core, type);

    send->multicast = true;
    return send;
}

struct send *emit_unicast(struct core *core, enum wire_type type, const struct contact *to) {
    struct send *send = emit_send(core, type);

    send_add(send, to);
    return send;
}

void send_add(struct send *send, const struct contact *to) {
    if (send->count < SUCCESSORS_MAX && to->address.family != 0)
        send->to[send->count++] = (struct send_target){to->address, to->boot_nonce};
}

void send_add_successors(struct core *core, struct send *send) {
    const struct wire_successors *successors =
        core->phase == PHASE_LEADING && core->table.count > 0 ? &core->leadership.seniors : &core->following.successors;

    for (unsigned i = 0; i < successors->count; i++) {
        struct contact to = node_contact(core, &successors->list[i]);

        if (!node_is(core, &to.id))
            send_add(send, &to);
    }
}

struct notice *emit_notice(struct core *core, enum notice_type type, enum reason reason) {
    struct notice *notice = &next_action(core, ACTION_NOTICE)->notice;

    memset(notice, 0, sizeof(*notice));
    notice->type = type;
    notice->reason = reason;
    return notice;
}

void emit_leadership(struct core *core, enum notice_type type, enum reason reason) {
    struct notice *notice = emit_notice(core, type, reason);
    bool mine = core->phase == PHASE_LEADING;

    notice->token = core->saved.own;
    if (!mine)
        notice->address = core->following.leader.address;
    memcpy(notice->name, mine ? core->facts.name : core->following.name, sizeof(notice->name));
}

void emit_action(struct core *core, enum action_type type) {
    next_action(core, type);
}

void emit_resigned(struct core *core, enum resign_outcome outcome) {
    next_action(core, ACTION_RESIGNED)->resigned = outcome;
}

void emit_retired(struct core *core, enum retire_outcome outcome) {
    next_action(core, ACTION_RETIRED)->retired = outcome;
}

void emit_persist(struct core *core, bool durable) {
    struct action *action = next_action(core, ACTION_PERSIST);

    action->persist.state = core->saved;
    action->persist.durable = durable;
    core->dirty = false;
    if (!durable)
        return;
    core->epoch_reserved = core->saved.epoch_block;
    core->undurable = false;
}

uint64_t node_top(const struct core *core) {
    uint64_t top = core->epoch_floor;

    if (core->saved.own.epoch > top)
        top = core->saved.own.epoch;
    return core->saved.vote_epoch > top ? core->saved.vote_epoch : top;
}

/* Nobody tells when a background write has ended; one that still fails is known by writable. */
static void note_reserved(struct core *core) {
    if (core->writable && core->now - core->reserving_since >= background_write_max_us)
        core->epoch_reserved = core->saved.epoch_block;
}

/* EPOCH-3: there is none above the last. */
static uint64_t epoch_after(uint64_t epoch, uint64_t steps) {
    return epoch < WIRE_EPOCH_MAX - steps ? epoch + steps : WIRE_EPOCH_MAX;
}

/* Whoever follows may be the next to lead: then no write shall lie on that way. */
static void reserve_ahead(struct core *core, uint64_t epoch) {
    note_reserved(core);
    if (epoch_after(epoch, EPOCH_BLOCK / 2) <= core->saved.epoch_block)
        return;
    core->saved.epoch_block = epoch_after(epoch, EPOCH_BLOCK);
    core->reserving_since = core->now;
    core->dirty = true;
}

uint64_t node_take_epoch(struct core *core, uint64_t above) {
    uint64_t epoch = epoch_after(above > core->epoch_floor ? above : core->epoch_floor, 1);

    reserve_ahead(core, epoch);
    if (epoch > core->epoch_reserved && !core->majority) /* there it is durable as a vote before it is used */
        emit_persist(core, true);
    return epoch;
}

/* EPOCH-1: the only way for a token to become one's own. */
void node_set_own(struct core *core, const struct token *own) {
    bool changes = !token_equal(&core->saved.own, own);

    core->dirty |= changes;
    core->undurable |= changes && core->majority;
    core->saved.own = *own;
    reserve_ahead(core, own->epoch);
}

/* EPOCH-1: that number never falls. */
void node_set_vote(struct core *core, uint64_t epoch, const struct node_id *id) {
    if (epoch < core->saved.vote_epoch)
        return;
    bool changes = epoch != core->saved.vote_epoch || !node_id_equal(id, &core->saved.voted);

    core->dirty |= changes;
    core->undurable |= changes && core->majority;
    core->saved.vote_epoch = epoch;
    core->saved.voted = *id;
    if (!node_is(core, id))
        core->saved.granted_epoch = epoch;
}

void node_refuse(struct core *core, enum core_refusal why) {
    core->counters.refused[why]++;
}

void node_note_lost(struct core *core, struct tries *tries, unsigned count) {
    unsigned counted = tries_note_lost(tries, count);

    core->counters.tries += counted;
    core->counters.tries_lost += counted;
}

void node_note_answered(struct core *core, struct tries *tries) {
    tries_note_answered(tries);
    core->counters.tries++;
}

enum node_state node_state(const struct core *core) {
    if (core->phase == PHASE_LEADING)
        return NODE_LEADER;
    if (core->phase == PHASE_BEREFT)
        return node_may_stand(core) ? NODE_CANDIDATE : NODE_IDLE;
    return core->phase == PHASE_STANDING ? NODE_CANDIDATE : NODE_IDLE;
}

bool node_is(const struct core *core, const struct node_id *id) {
    return node_id_equal(&core->saved.id, id);
}

int64_t node_age(const struct core *core) {
    return min_i64(core->now - core->born_at, WIRE_AGE_MAX);
}

int64_t node_cluster_time(const struct core *core) {
    return clamp_i64(core->now + core->timeline_offset, -WIRE_TIME_MAX, WIRE_TIME_MAX);
}

int64_t node_birth_at_age(const struct core *core, int64_t age) {
    return max_i64(node_cluster_time(core) - age, -WIRE_TIME_MAX);
}

struct rank_key node_key(const struct core *core) {
    return (struct rank_key){
        .priority = core->facts.priority,
        .timeline = core->has_birth ? core->timeline : 0,
        .birth = core->has_birth ? core->birth : 0,
        .id = core->saved.id,
    };
}

bool node_may_stand(const struct core *core) {
    return core->facts.eligible && core->writable && !core->stopping && core->links > 0 && voter_may_have_seat(core);
}

bool node_leads(const struct core *core) {
    return core->phase == PHASE_LEADING && !core->leadership.unconfirmed && core->leadership.departure == STAYING
           && lease_holds(core, core->now);
}

static uint64_t horizon(const struct core *core) {
    uint64_t top = node_top(core);

    return (core->horizon.base > top ? core->horizon.base : top) + HORIZON_DISTANCE;
}

bool node_epoch_plausible(const struct core *core, uint64_t epoch) {
    return epoch <= WIRE_EPOCH_MAX && epoch <= horizon(core);
}

/* Whoever is heard beyond may be right, if it goes on. */
static void move_horizon(struct core *core) {
    if (core->horizon.moved_at == 0) {
        core->horizon.moved_at = core->now;
    } else if (core->now - core->horizon.moved_at >= HORIZON_INTERVAL_US) {
        core->horizon.base = horizon(core);
        core->horizon.moved_at = core->now;
    }
}

bool node_accepts_epoch(struct core *core, uint64_t epoch) {
    bool plausible = node_epoch_plausible(core, epoch);

    if (!plausible) {
        node_refuse(core, REFUSAL_EPOCH_IMPLAUSIBLE);
        move_horizon(core);
    }
    return plausible;
}

struct token node_my_token(const struct core *core, uint64_t epoch) {
    return (struct token){epoch, core->saved.id};
}

struct contact node_contact(const struct core *core, const struct wire_successor *successor) {
    const struct heard *heard = heard_find(&core->heard, &successor->id);

    return (struct contact){successor->id, successor->address, heard == NULL ? 0 : heard->contact.boot_nonce};
}

unsigned node_successor_place(const struct core *core, const struct node_id *id) {
    const struct wire_successors *successors = &core->following.successors;
    unsigned place = 0;

    while (place < successors->count && !node_id_equal(&successors->list[place].id, id))
        place++;
    return place < successors->count ? place : SUCCESSORS_MAX;
}

const char *node_heard_name(const struct core *core, const struct node_id *id) {
    const struct heard *heard = heard_find(&core->heard, id);

    return heard == NULL ? "" : heard->name;
}

uint32_t node_members(const struct core *core) {
    if (core->phase == PHASE_LEADING)
        return core->table.count + 1;
    if (core->phase == PHASE_SEEKING)
        return core->heard.count + 1;
    return core->following.members > 1 ? core->following.members : 2;
}

/* SEC-5; 0 is none. */
uint64_t node_nonce(struct core *core) {
    uint64_t nonce;

    do
        nonce = rng_u64(&core->rng);
    while (nonce == 0);
    return nonce;
}

usec_t node_jitter(struct core *core, usec_t max) {
    return rng_between(&core->rng, 0, max);
}

void node_enter(struct core *core, enum phase phase) {
    if (core->majority && core->phase == PHASE_LEADING)
        lease_end(core);
    for (unsigned timer = 0; timer < TIMER_COUNT; timer++)
        if ((phase_timers[phase] & BIT(timer)) == 0)
            timer_stop(core, timer);
    memset(&core->suspicion, 0, sizeof(core->suspicion));
    core->exchange.open = false;
    core->paging.busy = false;
    if (phase == PHASE_FOLLOWING || phase == PHASE_LEADING)
        core->merging.held_until = 0;
    core->phase = phase;
}
