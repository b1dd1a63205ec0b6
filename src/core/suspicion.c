/* SPDX-License-Identifier: ISC
 *
 * suspicion.c - see suspicion.h.
 */
#include "core/suspicion.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/election.h"
#include "core/exchange.h"
#include "core/follow.h"
#include "core/handover.h"
#include "core/leadership.h"
#include "core/merge.h"

#include <string.h>

enum { VOUCHING_RANKS = 3, ASKED_MAX = 3, ONE_WAY_WINDOWS = 3, ONE_WAY_ANNOUNCES = 5 };
enum { ASK_AGAIN_US = 1000000, BACKOFF_FIRST_US = 1000000, BACKOFF_MAX_US = 30000000 };

static bool knows_nonce(const struct nonces *nonces, uint64_t nonce) {
    for (unsigned i = 0; i < NONCES_MAX && i < nonces->count; i++)
        if (nonces->list[i] == nonce)
            return true;
    return false;
}

/* 0 is none. */
static void remember_nonce(struct nonces *nonces, uint64_t nonce) {
    if (nonce != 0 && !knows_nonce(nonces, nonce))
        nonces->list[nonces->count++ % NONCES_MAX] = nonce;
}

/* The suspicion starts; tries already under way count for the silence, not for the verdict. */
static void begin(struct core *core, usec_t silent_since) {
    struct suspicion *suspicion = &core->suspicion;
    bool unanswered = core->exchange.open && core->exchange.tries > 0;

    *suspicion = (struct suspicion){
        .active = true,
        .began_at = core->now,
        .silent_since = unanswered ? min_i64(core->exchange.first_at, silent_since) : silent_since,
        .nonce = node_nonce(core),
    };
    emit_notice(core, NOTICE_SUSPECTED, REASON_NONE)->token = core->saved.own;
}

static struct wire_suspect my_suspect(const struct core *core) {
    const struct suspicion *suspicion = &core->suspicion;

    return (struct wire_suspect){
        .leader = core->saved.own,
        .nonce = suspicion->nonce,
        .silent_ms = (uint32_t)((core->now - suspicion->silent_since) / USEC_PER_MS),
    };
}

/* Another one has accused before me, and the successors have its copies. */
static void add_copies(struct core *core, struct send *send) {
    const struct contact *accuser = &core->suspicion.accuser;

    if (node_id_is_none(&accuser->id))
        send_add_successors(core, send);
    else
        send_add(send, accuser);
}

static void send_suspect(struct core *core) {
    struct suspicion *suspicion = &core->suspicion;
    struct send *send = emit_multicast(core, WIRE_SUSPECT);

    if (suspicion->sent == 0) /* where multicast is slow one copy is enough, the repetitions are for losses */
        add_copies(core, send);
    send->message.suspect = my_suspect(core);
    suspicion->sent++;
    core->doubt.acted_at = core->now;
}

/* SUSP-2: with each further try, unless somebody else has just spoken. */
static void maybe_suspect(struct core *core) {
    const struct suspicion *suspicion = &core->suspicion;
    bool damped = suspicion->sent == 0 && core->now - core->doubt.acted_at < params_damping(&core->rule);

    if (!damped && suspicion->sent < SUSPECT_MAX)
        send_suspect(core);
}

static void probe_again(struct core *core) {
    maybe_suspect(core);
    exchange_repeat(core);
}

void suspicion_begin_own(struct core *core) {
    usec_t since = core->exchange.first_at;

    core->doubt.backoff = clamp_i64(2 * core->doubt.backoff, BACKOFF_FIRST_US, BACKOFF_MAX_US);
    core->doubt.not_before = core->now + core->doubt.backoff;
    begin(core, since);
    core->suspicion.probing = true;
    core->suspicion.tries_before = core->exchange.tries;
    probe_again(core);
}

void suspicion_on_unreachable(struct core *core, const struct address *source) {
    if (core->phase != PHASE_FOLLOWING || core->suspicion.active || !core->exchange.open)
        return;
    if (core->now < core->doubt.not_before) /* EXCH-8 */
        return;
    if (address_equal(source, &core->following.leader.address))
        suspicion_begin_own(core);
}

void suspicion_probe(struct core *core) {
    core->suspicion.probing = true;
    core->suspicion.tries_before = 0;
}

static unsigned my_rank(const struct core *core) {
    return node_successor_place(core, &core->saved.id);
}

/* SUSP-3: the most senior probe at once, of the others a few by chance; the rest waits. */
static void become_witness(struct core *core) {
    uint32_t members = node_members(core);

    if (my_rank(core) < WITNESS_RANKS)
        timer_after(core, TIMER_PROBE, node_jitter(core, USEC_PER_MS));
    else if (rng_chance(&core->rng, WITNESS_RANKS, members))
        timer_after(core, TIMER_PROBE, node_jitter(core, params_witness_spread(members)));
}

void suspicion_probe_due(struct core *core) {
    if (!core->suspicion.active || core->suspicion.probing)
        return;
    exchange_begin(core);
    suspicion_probe(core);
}

void suspicion_note_asker(struct core *core, uint64_t nonce) {
    struct suspicion *suspicion = &core->suspicion;

    suspicion->accuser = core->source;
    suspicion->accuser_nonce = nonce;
    suspicion->asked = true;
    remember_nonce(&suspicion->heard, nonce);
}

void suspicion_on_accusation(struct core *core, uint64_t nonce) {
    begin(core, core->now);
    suspicion_note_asker(core, nonce);
    become_witness(core);
}

void suspicion_on_question(struct core *core, uint64_t nonce) {
    bool suspects_too = core->suspicion.active;

    if (!suspects_too)
        begin(core, core->now);
    suspicion_note_asker(core, nonce);
    if (suspects_too)
        emit_unicast(core, WIRE_SUSPECT, &core->source)->message.suspect = my_suspect(core);
    else
        timer_after(core, TIMER_PROBE, node_jitter(core, USEC_PER_MS));
}

static void tell_verdict(struct core *core, const struct contact *to) {
    const struct bereavement *bereavement = &core->bereavement;

    emit_unicast(core, WIRE_SUSPECT, to)->message.suspect = (struct wire_suspect){
        .leader = bereavement->dead,
        .nonce = bereavement->nonce,
        .silent_ms = (uint32_t)((core->now - bereavement->window_from) / USEC_PER_MS),
    };
}

void suspicion_on_question_late(struct core *core) {
    tell_verdict(core, &core->source);
}

static void heard_suspicion_of_mine(struct core *core, const struct wire_suspect *suspect) {
    struct suspicion *suspicion = &core->suspicion;
    usec_t silent_since = core->now - suspect->silent_ms * USEC_PER_MS;

    if (!suspicion->active) {
        if (core->now - core->doubt.acted_at < params_damping(&core->rule)) {
            node_refuse(core, REFUSAL_SUSPECT_DAMPED);
            return;
        }
        core->doubt.acted_at = core->now;
        begin(core, silent_since);
        become_witness(core);
    }
    suspicion->silent_since = min_i64(suspicion->silent_since, silent_since);
    suspicion->sign_of_life = true;
    if (!suspicion->asked) {
        suspicion->accuser = core->source;
        suspicion->accuser_nonce = suspect->nonce;
    }
    remember_nonce(&suspicion->heard, suspect->nonce);
}

void suspicion_on_suspect(struct core *core, const struct wire_suspect *suspect, bool multicast) {
    bool mine = token_equal(&suspect->leader, &core->saved.own);

    if (core->phase == PHASE_LEADING)
        leadership_on_suspect(core, suspect);
    else if (core->phase == PHASE_FOLLOWING && mine)
        heard_suspicion_of_mine(core, suspect);
    else if (core->phase == PHASE_FOLLOWING && !multicast)
        follow_redirect(core, &core->source);
    else if (suspicion_is_revocable(core) && mine)
        remember_nonce(&core->bereavement.heard, suspect->nonce);
}

static void plan_vouch(struct core *core, uint64_t nonce, const struct contact *to) {
    core->doubt.vouch_nonce = nonce;
    core->doubt.vouch_to = *to;
    core->doubt.vouches = (uint8_t)params_vouches(core->quality.loss);
    timer_after(core, TIMER_VOUCH, node_jitter(core, VOUCH_SPREAD_US));
}

/* To the accuser if there is one; else to all that heard my own Suspect. */
static void vouch_for_accused(struct core *core) {
    const struct suspicion *suspicion = &core->suspicion;
    bool accused_by_other = !node_id_is_none(&suspicion->accuser.id);

    if (accused_by_other)
        plan_vouch(core, suspicion->accuser_nonce, &suspicion->accuser);
    else if (suspicion->sent > 0)
        plan_vouch(core, suspicion->nonce, &suspicion->accuser);
}

void suspicion_vouch_due(struct core *core) {
    struct send *send = emit_multicast(core, WIRE_VOUCH);

    send_add(send, &core->doubt.vouch_to);
    send->message.vouch = (struct wire_vouch){core->saved.own, core->doubt.vouch_nonce};
    if (--core->doubt.vouches > 0)
        timer_after(core, TIMER_VOUCH, exchange_spacing(core));
}

void suspicion_end(struct core *core) {
    if (!core->suspicion.active)
        return;
    memset(&core->suspicion, 0, sizeof(core->suspicion));
    timer_stop(core, TIMER_PROBE);
    timer_stop(core, TIMER_VOTE); /* ELEC-5: a pending vote is void */
    core->election.choice.contact.id = (struct node_id){{0}};
    core->election.deferred = false;
    emit_notice(core, NOTICE_VOUCHED, REASON_NONE)->token = core->saved.own;
}

/* Somebody else has proof, but I have none: my own exchange starts anew (EXCH-8 if that fails too). */
static void end_by_word(struct core *core) {
    bool unanswered = core->exchange.open || core->suspicion.probing;

    suspicion_end(core);
    if (unanswered)
        exchange_begin(core);
}

void suspicion_on_ack(struct core *core, uint64_t nonce) {
    core->following.unreachable = false;
    core->doubt.backoff = 0;
    core->doubt.not_before = core->now;
    if (!core->suspicion.active)
        return;
    if (nonce == core->suspicion.nonce)
        vouch_for_accused(core);
    suspicion_end(core);
}

/* ELEC-11: proof, after my verdict, that the leader lives. */
static bool takes_back(const struct core *core, uint64_t nonce) {
    const struct bereavement *bereavement = &core->bereavement;

    return suspicion_is_revocable(core) && (nonce == bereavement->nonce || knows_nonce(&bereavement->heard, nonce));
}

/* SUSP-7. */
static bool counts(const struct core *core, uint64_t nonce) {
    const struct suspicion *suspicion = &core->suspicion;

    return suspicion->active && (nonce == suspicion->nonce || knows_nonce(&suspicion->heard, nonce));
}

void suspicion_on_leader_answer(struct core *core, uint64_t nonce) {
    if (takes_back(core, nonce)) {
        suspicion_revoke(core, true);
        return;
    }
    if (!counts(core, nonce))
        return;
    if (my_rank(core) < VOUCHING_RANKS)
        vouch_for_accused(core);
    end_by_word(core);
}

void suspicion_on_vouch(struct core *core, const struct wire_vouch *vouch) {
    bool mine = node_id_equal(&vouch->leader.leader, &core->following.leader.id);

    core->doubt.leader_heard_at = core->now;
    if (!mine)
        return;
    if (core->doubt.vouch_nonce == vouch->nonce)
        timer_stop(core, TIMER_VOUCH);
    if (counts(core, vouch->nonce))
        end_by_word(core);
    else if (takes_back(core, vouch->nonce))
        suspicion_revoke(core, true);
    else if (core->suspicion.active || suspicion_is_revocable(core))
        node_refuse(core, REFUSAL_UNASKED);
}

/* SUSP-13: who slept has not listened; what it takes for silence may be waiting in its queue. */
static void start_over(struct core *core) {
    core->suspicion.silent_since = core->now;
    core->suspicion.began_at = core->now;
    exchange_begin(core);
    suspicion_probe(core);
}

/* SUSP-9: K2 tries of my own since the suspicion began. */
static bool has_tried(const struct core *core) {
    unsigned own = core->exchange.tries - core->suspicion.tries_before;

    return own >= params_shared_tries(core->quality.loss, node_members(core));
}

void suspicion_unanswered(struct core *core) {
    const struct suspicion *suspicion = &core->suspicion;
    usec_t rest = suspicion->silent_since + core->rule.detect - core->now;
    bool tried = has_tried(core);

    if (core->late > core->rule.detect) {
        start_over(core);
    } else if (!suspicion->probing) {
        core->suspicion.probing = true;
        core->suspicion.tries_before = core->exchange.tries;
        probe_again(core);
    } else if (tried && rest <= 0) {
        suspicion_verdict(core, REASON_DEATH);
    } else {
        probe_again(core);
        if (tried)
            timer_after(core, TIMER_RETRY, min_i64(rest, exchange_spacing(core)));
    }
}

bool suspicion_is_near_verdict(const struct core *core) {
    const struct suspicion *suspicion = &core->suspicion;

    return suspicion->probing && has_tried(core)
           && core->now + exchange_spacing(core) >= suspicion->silent_since + core->rule.detect;
}

/* SUSP-11. */
static void isolate(struct core *core) {
    node_enter(core, PHASE_ISOLATED);
    election_arm_window(core);
    timer_set(core, TIMER_ISOLATED, core->now);
}

/* SUSP-10: my leader's word that there are two of us, and nobody else heard since. */
static bool only_two(const struct core *core) {
    const struct following *following = &core->following;

    for (unsigned i = 0; i < core->heard.count; i++) {
        const struct heard *heard = &core->heard.list[i];
        if (heard->at > following->acked_at && !node_id_equal(&heard->contact.id, &following->leader.id))
            return false;
    }
    return following->acked && following->members == 2;
}

static bool was_unreachable(const struct core *core) {
    const struct following *following = &core->following;

    return following->unreachable && core->now - following->unreachable_since >= params_ack_window(&core->rule);
}

void suspicion_bereave(struct core *core, enum reason reason) {
    const struct suspicion suspicion = core->suspicion;
    bool silence = reason == REASON_DEATH;

    core->bereavement = (struct bereavement){
        .dead = core->saved.own,
        .reason = reason,
        .members = core->following.members,
        .only_two = only_two(core),
        .one_way = was_unreachable(core),
        .window_from = silence ? suspicion.silent_since : core->now,
        .nonce = silence ? suspicion.nonce : node_nonce(core),
        .heard = suspicion.heard,
        .successor = core->following.successor,
    };
    emit_leadership(core, NOTICE_NO_LEADER, reason);
    if (!core->election.deferred)
        election_forget(core);
}

/* SUSP-8: who accused, and has not been heard to be right, may take itself for isolated; it does not ask whom it has
 * never heard. */
static bool has_agreed_in_silence(const struct core *core, const struct suspicion *suspicion) {
    return !node_may_stand(core) && suspicion->sent == 0 && !node_id_is_none(&suspicion->accuser.id);
}

void suspicion_verdict(struct core *core, enum reason reason) {
    const struct suspicion suspicion = core->suspicion;
    const struct candidate challenger = suspicion.challenger;

    suspicion_bereave(core, reason);
    if (reason == REASON_DEATH && has_agreed_in_silence(core, &suspicion))
        tell_verdict(core, &suspicion.accuser);
    if (reason == REASON_DEATH && !suspicion.sign_of_life && !core->bereavement.only_two)
        isolate(core);
    else if (core->election.deferred)
        election_try_later(core); /* ELEC-1: a more senior one has spoken, my vote is on its way to it */
    else
        election_hold(core);
    if (reason != REASON_DEATH && !node_id_is_none(&challenger.contact.id)) /* it knew before me */
        election_answer(core, &challenger);
}

bool suspicion_is_revocable(const struct core *core) {
    bool without = core->phase == PHASE_BEREFT || core->phase == PHASE_ISOLATED || core->phase == PHASE_HEARD_ONE_WAY
                   || (core->phase == PHASE_STANDING && !core->election.founding);

    return without && core->bereavement.reason == REASON_DEATH
           && token_equal(&core->bereavement.dead, &core->saved.own);
}

void suspicion_revoke(struct core *core, bool unreachable) {
    node_enter(core, PHASE_FOLLOWING);
    election_forget(core);
    if (unreachable)
        follow_unreachable(core);
    else
        core->following.unreachable = false;
    core->doubt.backoff = max_i64(core->doubt.backoff, BACKOFF_FIRST_US);
    core->doubt.not_before = core->now + (unreachable ? core->doubt.backoff : 0);
    handover_plan_preempt(core);
    exchange_begin(core);
    emit_leadership(core, NOTICE_LEADER, REASON_VOUCHED);
}

/* A question to a member: is our leader alive for you (SUSP-11)? */
static void ask(struct core *core, const struct contact *to) {
    struct wire_message *message = &emit_unicast(core, WIRE_HEARTBEAT, to)->message;

    exchange_fill(core, message, core->saved.own.epoch, ++core->exchange_number, 1);
    message->heartbeat.question = true;
    message->heartbeat.nonce = core->bereavement.nonce;
}

/* Whom an isolated node may ask: not itself, and not the one that is doubted. */
static bool may_be_asked(const struct core *core, const struct node_id *id) {
    return !node_is(core, id) && !node_id_equal(id, &core->bereavement.dead.leader);
}

/* The successors first; who has just joined may not know any, but has heard somebody. */
static void ask_members(struct core *core) {
    const struct wire_successors *successors = &core->following.successors;
    unsigned asked = 0;

    for (unsigned i = 0; i < successors->count && asked < ASKED_MAX; i++) {
        struct contact to = node_contact(core, &successors->list[i]);
        if (!may_be_asked(core, &to.id))
            continue;
        ask(core, &to);
        asked++;
    }
    for (unsigned i = 0; i < core->heard.count && asked < ASKED_MAX; i++) {
        const struct contact *to = &core->heard.list[i].contact;
        if (!may_be_asked(core, &to->id) || node_successor_place(core, &to->id) < SUCCESSORS_MAX)
            continue;
        ask(core, to);
        asked++;
    }
}

bool suspicion_has_slept(struct core *core) {
    if (core->late <= core->rule.detect)
        return false;
    if (suspicion_is_revocable(core))
        suspicion_revoke(core, false);
    else
        discovery_begin(core);
    return true;
}

/* Whoever is asked doubts the leader, and would follow this node if it led before they can have answered. */
static void ask_members_in_time(struct core *core) {
    usec_t spacing = exchange_spacing(core);

    if (core->now + spacing <= core->timers[TIMER_WINDOW])
        ask_members(core);
    timer_after(core, TIMER_ISOLATED, spacing);
}

void suspicion_isolated_due(struct core *core) {
    if (suspicion_has_slept(core))
        return;
    if (core->phase == PHASE_ISOLATED) {
        ask_members_in_time(core);
        return;
    }
    if (core->following.leader.address.family != 0) /* else it is asked when its Leader is heard (ELEC-14) */
        ask(core, &core->following.leader);
    timer_after(core, TIMER_ISOLATED, ASK_AGAIN_US);
    if (!suspicion_forbids_leading_alone(core))
        election_hold(core);
}

/* Who could hear its leader but not reach it before may have lost a few announcements: only a longer silence counts. */
static usec_t one_way_window(const struct core *core) {
    return max_i64(ONE_WAY_WINDOWS * params_ack_window(&core->rule), ONE_WAY_ANNOUNCES * params_announce(&core->rule));
}

/* Whoever can hear a leader has heard it within that time, though clocks are a tenth apart. */
static usec_t listening_window(const struct core *core) {
    return max_i64(params_ack_window(&core->rule), params_announce(&core->rule) * 5 / 4);
}

bool suspicion_forbids_leading_alone(const struct core *core) {
    usec_t window = listening_window(core);
    usec_t from = core->bereavement.one_way ? core->now - one_way_window(core)
                                            : max_i64(core->now - window, core->bereavement.window_from);

    return core->doubt.leader_heard_at >= from;
}

void suspicion_lead_alone(struct core *core) {
    usec_t listens = core->bereavement.window_from + listening_window(core) - core->now;
    usec_t wait = max_i64(merge_damping(core), listens);

    if (!node_may_stand(core) || core->majority) {
        discovery_begin(core);
    } else if (suspicion_forbids_leading_alone(core)) {
        node_enter(core, PHASE_HEARD_ONE_WAY);
        timer_after(core, TIMER_ISOLATED, ASK_AGAIN_US);
    } else if (wait > 0) {
        node_enter(core, PHASE_ISOLATED);
        timer_after(core, TIMER_WINDOW, wait);
        timer_after(core, TIMER_ISOLATED, exchange_spacing(core));
    } else {
        leadership_begin(core, node_top(core), core->bereavement.reason);
    }
}

void suspicion_window_over(struct core *core) {
    if (suspicion_has_slept(core))
        return;
    if (core->phase == PHASE_ISOLATED)
        suspicion_lead_alone(core);
    else
        election_window_over(core);
}
