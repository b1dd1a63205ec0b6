/* SPDX-License-Identifier: ISC
 *
 * follow.c - see follow.h.
 */
#include "core/follow.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/election.h"
#include "core/exchange.h"
#include "core/handover.h"
#include "core/leadership.h"
#include "core/merge.h"
#include "core/paging.h"
#include "core/roster.h"
#include "core/suspicion.h"
#include "core/voter.h"

#include <string.h>

enum { APPROACH_TRIES = 8, SHORTENED_DOUBLINGS_MAX = 16, STRANGER_INTERVAL_US = 500000, JUST_FOUNDED_MS = 1000 };

static bool is_my_leader(const struct core *core, const struct node_id *id) {
    return node_id_equal(id, &core->saved.own.leader) && !node_id_is_none(id);
}

void follow_set_time(struct core *core, uint64_t timeline, int64_t cluster_time) {
    int64_t offset = cluster_time - core->now;

    if (core->timeline != timeline) {
        core->timeline = timeline;
        core->has_birth = false;
        core->timeline_offset = offset;
    }
    core->timeline_offset = max_i64(core->timeline_offset, offset);
}

/* ELEC-16; the lease of a majority leader waits for its voters (MAJ-10). */
static usec_t registration_delay(struct core *core, uint32_t members) {
    if (core->majority && roster_has(&core->saved.roster, &core->saved.id))
        return 0;
    return node_jitter(core, params_registration_max(&core->rule, members));
}

void follow(struct core *core, const struct contact *leader, const struct token *token, enum reason reason) {
    bool same = node_id_equal(&leader->id, &core->following.leader.id);
    bool one_way = core->phase == PHASE_HEARD_ONE_WAY && core->bereavement.one_way;
    uint32_t members = node_members(core);

    node_enter(core, PHASE_FOLLOWING);
    election_forget(core);
    core->voter.heard_epoch = 0;
    memset(&core->bereavement, 0, sizeof(core->bereavement));
    core->following = (struct following){
        .leader = *leader,
        .since = core->now,
        .joined_at = core->now,
        .heard_at = core->now,
        .unreachable = one_way, /* until it answers */
        .unreachable_since = core->now - params_ack_window(&core->rule),
        .members = members,
        .interval = params_interval(&core->rule, members),
    };
    memcpy(core->following.name, node_heard_name(core, &leader->id), sizeof(core->following.name));
    if (!same)
        memset(&core->quality, 0, sizeof(core->quality));
    if (core->quality.loss == 0)
        core->quality.loss = LOSS_START;
    core->doubt.backoff = 0;
    core->doubt.not_before = core->now;
    core->doubt.acted_at = core->now - params_damping(&core->rule);
    paging_forget(core);
    node_set_own(core, token);
    timer_after(core, TIMER_HEARTBEAT, registration_delay(core, members));
    handover_plan_preempt(core);
    discovery_tell_new_id(core);
    emit_leadership(core, NOTICE_LEADER, reason);
}

void follow_unreachable(struct core *core) {
    if (!core->following.unreachable)
        core->following.unreachable_since = core->now;
    core->following.unreachable = true;
}

/* Watchers that were told of the leader without its name, or with another one, or with other tags, are told again. */
static void learn_name(struct core *core, const struct wire_message *message) {
    struct following *following = &core->following;
    bool told = message->name[0] != '\0'; /* and its tags with it */

    if (!told || (strcmp(following->name, message->name) == 0 && strcmp(following->tags, message->tags) == 0))
        return;
    memcpy(following->name, message->name, sizeof(following->name));
    memcpy(following->tags, message->tags, sizeof(following->tags));
    if (core->following.joined_at != core->now)
        emit_leadership(core, NOTICE_LEADER, REASON_NONE);
}

/* The newest that were told: a leader sends them only on a change (MEMB-3), so that older ones would stay. */
static void learn_successors(struct following *following, const struct wire_message *message, uint64_t epoch,
                             uint32_t version) {
    bool same_term = epoch == following->successors_epoch;
    bool older = same_term && (int32_t)(version - following->successors_version) < 0;

    if (!message->has_successors || older)
        return;
    following->successors = message->successors;
    following->successors_epoch = epoch;
    following->successors_version = version;
}

/* What any Leader of my leader tells. */
static void learn_from_leader(struct core *core, const struct wire_message *message) {
    const struct wire_leader *leader = &message->leader;
    struct following *following = &core->following;

    follow_set_time(core, leader->key.timeline, leader->cluster_time);
    following->leader = core->source;
    following->heard_at = core->now;
    following->since = core->now - leader->since_ms * USEC_PER_MS;
    following->priority = leader->key.priority;
    following->has_birth = true;
    following->birth = leader->key.birth;
    following->table_version = leader->table_version;
    if (!following->acked)
        following->members = leader->count > 2 ? leader->count : 2;
    learn_successors(following, message, leader->epoch, leader->table_version);
    learn_name(core, message);
    if (core->majority)
        voter_learn_roster(core, &message->roster);
}

static void leader_of_mine(struct core *core, const struct wire_message *message) {
    const struct wire_leader *leader = &message->leader;
    struct token token = {leader->epoch, core->source.id};

    learn_from_leader(core, message);
    if (leader->epoch > core->saved.own.epoch) {
        node_set_own(core, &token);
        emit_leadership(core, NOTICE_LEADER, REASON_RISE);
        if (!core->suspicion.active && !core->exchange.open)
            timer_after(core, TIMER_HEARTBEAT, registration_delay(core, node_members(core)));
    }
    if (leader->answered != 0)
        suspicion_on_leader_answer(core, leader->answered);
}

/* A word of before, or two leaders have had one id and the one that I followed is gone: those around vouch for the
 * other, and so it would go on for ever. Asked where it is, it rises above my token (EPOCH-4). */
static void other_of_the_same_id(struct core *core) {
    node_refuse(core, REFUSAL_EPOCH_OLD);
    if (core->following.unreachable)
        core->following.leader = core->source;
}

/* A leadership above my own; with votes, none of before the seats that I know: those I have promised by (MAJ-13). */
static bool is_newer(const struct core *core, uint64_t epoch) {
    return epoch > core->saved.own.epoch && (!core->majority || epoch >= core->saved.roster.epoch);
}

/* ELEC-13, for a leader that is not mine or whose leadership is over for me. A vote is given in doubt, and void once my
 * leader has answered again: who got it may lead a part of its own much later. */
static bool acceptable(const struct core *core, const struct wire_leader *leader) {
    bool living = core->phase == PHASE_FOLLOWING;
    bool voted = core->following.voted && node_id_equal(&core->saved.voted, &core->source.id)
                 && leader->epoch >= core->saved.vote_epoch;
    bool absorbs = token_equal(&leader->absorbed, &core->saved.own);

    return is_newer(core, leader->epoch)
           && (!living || voted || core->suspicion.active || absorbs || core->majority); /* which has elected it */
}

/* ELEC-15: my own leader shall decide, in an exchange of its own: at once, or after the one that is open. */
static void report_stranger(struct core *core, const struct token *token) {
    if (core->now - core->stranger_at < STRANGER_INTERVAL_US || core->suspicion.active)
        return;
    core->stranger_at = core->now;
    core->stranger_due = true;
    core->stranger = (struct wire_stranger){*token, core->source.address};
    if (!core->exchange.open)
        exchange_begin(core);
}

/* The first leader of its timeline, whose own birth is its beginning (MEMB-1). A successor is none, however short a
 * time it has led. */
static bool has_just_founded(const struct wire_leader *leader) {
    return leader->key.birth == 0 && leader->since_ms < JUST_FOUNDED_MS;
}

static enum reason reason_to_follow(const struct core *core, const struct wire_leader *leader) {
    if (token_equal(&leader->absorbed, &core->saved.own) && leader->absorbed.epoch != 0)
        return REASON_MERGE;
    if (core->phase == PHASE_SEEKING || (core->phase == PHASE_STANDING && core->election.founding))
        return has_just_founded(leader) ? REASON_FIRST : REASON_JOIN;
    return core->bereavement.reason != REASON_NONE ? core->bereavement.reason : REASON_DEATH;
}

/* EPOCH-3: without any history, so that a leader's answer to my own nonce may name any epoch. */
static bool is_newborn(const struct core *core) {
    return core->fresh && core->saved.own.epoch == 0;
}

void follow_on_leader(struct core *core, const struct wire_message *message) {
    const struct wire_leader *leader = &message->leader;
    struct token token = {leader->epoch, core->source.id};

    if (!voter_same_policy(core, message))
        return;
    if (is_newborn(core) && !node_epoch_plausible(core, leader->epoch)) {
        follow_approach(core, &core->source, REASON_JOIN); /* the Ack to my question will show that it is true */
        return;
    }
    if (!node_accepts_epoch(core, leader->epoch))
        return;
    core->doubt.leader_heard_at = core->now;
    core->bereavement.one_way |= core->phase == PHASE_HEARD_ONE_WAY || suspicion_is_revocable(core);
    if (core->phase == PHASE_LEADING) {
        leadership_on_leader(core, message);
        return;
    }
    if (core->phase == PHASE_FOLLOWING && is_my_leader(core, &core->source.id)) {
        if (leader->epoch >= core->saved.own.epoch)
            leader_of_mine(core, message);
        else
            other_of_the_same_id(core);
        return;
    }
    if (acceptable(core, leader)) {
        follow(core, &core->source, &token, reason_to_follow(core, leader));
        learn_from_leader(core, message);
    } else if (core->phase == PHASE_FOLLOWING) {
        node_refuse(core, REFUSAL_OTHER_LEADER);
        report_stranger(core, &token);
    } else {
        if (token_equal(&token, &core->saved.own))
            suspicion_on_leader_answer(core, leader->answered);
        if (core->phase != PHASE_FOLLOWING)
            follow_approach(core, &core->source, reason_to_follow(core, leader));
    }
}

static void send_approach(struct core *core) {
    struct approach *approach = &core->approach;
    struct wire_message *message = &emit_unicast(core, WIRE_HEARTBEAT, &approach->to)->message;

    approach->tries++;
    exchange_fill(core, message, core->saved.own.epoch, approach->exchange, approach->tries);
    exchange_add_registration(core, message);
    message->heartbeat.question = true;
    message->heartbeat.nonce = approach->nonce;
    timer_after(core, TIMER_APPROACH, exchange_spacing(core));
}

void follow_approach(struct core *core, const struct contact *to, enum reason reason) {
    struct approach *approach = &core->approach;

    if (timer_is_set(core, TIMER_APPROACH) && node_id_equal(&approach->to.id, &to->id))
        return;
    *approach = (struct approach){
        .to = *to,
        .exchange = ++core->exchange_number,
        .nonce = node_nonce(core),
        .reason = reason,
    };
    send_approach(core);
}

void follow_approach_due(struct core *core) {
    if (core->approach.tries < APPROACH_TRIES)
        send_approach(core);
}

/* SEC-4: it could not tell all before it knows that I hear it. The next Heartbeat shows that, so one more should be
 * enough; where it is not, the next ones come ever later. */
static bool is_shortened(const struct wire_ack *ack) {
    return !ack->has_birth && ack->next_slot == 0;
}

static void register_again(struct core *core) {
    struct following *following = &core->following;
    usec_t wait = params_floor(&core->rule) << min_i64(following->shortened, SHORTENED_DOUBLINGS_MAX);

    following->registered = false;
    following->shortened++;
    if (!core->exchange.open)
        timer_after(core, TIMER_HEARTBEAT, min_i64(wait, following->interval));
}

static void learn_from_ack(struct core *core, const struct wire_message *message) {
    const struct wire_ack *ack = &message->ack;
    struct following *following = &core->following;

    follow_set_time(core, ack->timeline, ack->cluster_time);
    following->leader = core->source;
    following->acked = true;
    following->members = (uint32_t)max_i64(ack->count, 1);
    following->table_version = ack->table_version;
    following->interval = ack->heartbeat;
    core->rule.detect = clamp_i64(ack->detect, DETECT_MIN_MS * USEC_PER_MS, DETECT_MAX_MS * USEC_PER_MS);
    learn_successors(following, message, ack->epoch, ack->table_version);
    learn_name(core, message);
    if (is_shortened(ack))
        return;
    following->shortened = 0;
    core->has_birth = ack->has_birth;
    if (ack->has_birth)
        core->birth = ack->birth;
}

/* The node that I asked to be my leader answers. */
static bool answers_approach(const struct core *core, const struct wire_ack *ack) {
    const struct approach *approach = &core->approach;

    return timer_is_set(core, TIMER_APPROACH) && node_id_equal(&approach->to.id, &core->source.id)
           && ack->exchange == approach->exchange;
}

/* EPOCH-2, for such an answer; EPOCH-3's exception for a node without history. */
static bool accepts_approach(struct core *core, const struct wire_ack *ack) {
    bool mine = is_my_leader(core, &core->source.id) && ack->epoch == core->saved.own.epoch;
    bool first = is_newborn(core) && ack->nonce == core->approach.nonce && ack->epoch <= WIRE_EPOCH_MAX;

    return (is_newer(core, ack->epoch) || mine) && (first || node_accepts_epoch(core, ack->epoch));
}

/* My leader lives, whatever epoch it names (EPOCH-3). */
static void take_answer(struct core *core, const struct wire_ack *ack) {
    core->following.acked_at = core->now;
    core->following.heard_at = core->now;
    if (!exchange_on_ack(core, ack))
        return;
    core->following.registered |= core->exchange.registers;
    core->following.voted = false;
    suspicion_on_ack(core, ack->nonce);
}

static void ack_of_my_leader(struct core *core, const struct wire_message *message) {
    const struct wire_ack *ack = &message->ack;
    struct token token = {ack->epoch, core->source.id};
    bool risen = ack->epoch > core->saved.own.epoch;
    bool forgotten = core->has_birth && !ack->has_birth;

    learn_from_ack(core, message);
    if (risen) {
        node_set_own(core, &token);
        emit_leadership(core, NOTICE_LEADER, REASON_RISE);
    }
    take_answer(core, ack);
    voter_on_ack(core, message);
    if (is_shortened(ack))
        register_again(core);
    else if ((forgotten || core->stranger_due) && !core->exchange.open)
        timer_after(core, TIMER_HEARTBEAT, exchange_spacing(core));
}

/* It answers what I sent, and not an earlier start of mine, or another host at this address, or me by a former id. */
static bool is_meant(const struct core *core, const struct wire_message *message) {
    return message->header.receiver_nonce == core->boot_nonce && message->ack.exchange >= core->id_exchange;
}

/* EXCH-7: my leader follows another one. It does so only with a higher epoch than it led with: what names a lower one
 * is of an earlier time, and has come late or twice. */
static void lose_to_another(struct core *core) {
    emit_leadership(core, NOTICE_NO_LEADER, REASON_MERGE);
    discovery_begin(core);
}

/* My leader, or who is in its place: it has another id now, and whom I follow is not there any more. */
static bool is_in_my_leaders_place(const struct core *core) {
    return is_my_leader(core, &core->source.id)
           || (core->phase == PHASE_FOLLOWING && address_equal(&core->source.address, &core->following.leader.address));
}

/* EXCH-7: who is in the place of my leader leads, under another id. */
static bool has_another_id(const struct core *core, const struct wire_message *message) {
    return is_in_my_leaders_place(core) && !is_my_leader(core, &core->source.id) && is_meant(core, message)
           && message->ack.epoch > core->saved.own.epoch && node_epoch_plausible(core, message->ack.epoch);
}

void follow_on_ack(struct core *core, const struct wire_message *message) {
    const struct wire_ack *ack = &message->ack;
    struct token token = {ack->epoch, core->source.id};
    bool mine = is_my_leader(core, &core->source.id), approached = answers_approach(core, ack);

    if (!voter_same_policy(core, message))
        return;
    if (core->phase == PHASE_LEADING && is_meant(core, message)) {
        leadership_on_confirmation(core, ack);
        return;
    }
    if (has_another_id(core, message)) {
        lose_to_another(core);
        follow_approach(core, &core->source, REASON_MERGE);
        return;
    }
    if ((!mine && !approached) || !is_meant(core, message)) {
        node_refuse(core, REFUSAL_UNASKED);
        return;
    }
    if (ack->epoch < core->saved.own.epoch) {
        node_refuse(core, REFUSAL_EPOCH_OLD);
        return;
    }
    if (core->phase != PHASE_FOLLOWING && approached && accepts_approach(core, ack)) {
        follow(core, &core->source, &token, core->approach.reason);
        mine = true;
        exchange_begin(core);
    } else if (core->phase != PHASE_FOLLOWING && mine && suspicion_is_revocable(core)
               && (ack->exchange == core->exchange.number || ack->nonce == core->bereavement.nonce)) {
        suspicion_revoke(core, false);
    }
    if (core->phase != PHASE_FOLLOWING || !mine)
        return;
    if (node_accepts_epoch(core, ack->epoch))
        ack_of_my_leader(core, message);
    else
        take_answer(core, ack);
}

/* Only the start that has asked: else one datagram to all would have all of them ask whom it names. */
void follow_on_redirect(struct core *core, const struct wire_message *message) {
    const struct wire_redirect *redirect = &message->redirect;
    struct contact to = {.id = redirect->leader.leader, .address = redirect->address};
    bool from_mine = is_in_my_leaders_place(core);
    const struct heard *heard = heard_find(&core->heard, &to.id);

    if (core->phase == PHASE_LEADING || node_id_equal(&to.id, &core->source.id))
        return;
    if (message->header.receiver_nonce != core->boot_nonce || (core->phase == PHASE_FOLLOWING && !from_mine)) {
        node_refuse(core, REFUSAL_UNASKED);
        return;
    }
    if (core->phase == PHASE_FOLLOWING && redirect->leader.epoch <= core->saved.own.epoch) {
        node_refuse(core, REFUSAL_EPOCH_OLD);
        return;
    }
    if (core->phase == PHASE_FOLLOWING)
        lose_to_another(core);
    if (node_is(core, &to.id))
        return;
    if (heard != NULL)
        to.boot_nonce = heard->contact.boot_nonce;
    to.address.ifindex = core->source.address.ifindex;
    follow_approach(core, &to, from_mine ? REASON_MERGE : REASON_JOIN);
}

void follow_redirect(struct core *core, const struct contact *to) {
    if (core->phase != PHASE_FOLLOWING)
        return;
    struct wire_message *message = &emit_unicast(core, WIRE_REDIRECT, to)->message;
    message->redirect = (struct wire_redirect){core->saved.own, core->following.leader.address};
}

/* GAP-4: my leader was away and asks whether it still leads. */
static void confirm_leader(struct core *core, const struct wire_heartbeat *heartbeat) {
    struct wire_message *message = &emit_unicast(core, WIRE_ACK, &core->source)->message;

    message->ack = (struct wire_ack){
        .epoch = core->saved.own.epoch,
        .exchange = heartbeat->exchange,
        .sent = heartbeat->sent,
        .timestamp = core->now,
        .detect = (uint32_t)core->rule.detect,
        .heartbeat = (uint32_t)core->following.interval,
        .floor = (uint32_t)params_floor(&core->rule),
        .timeline = core->timeline,
        .cluster_time = node_cluster_time(core),
        .count = node_members(core),
        .table_version = core->following.table_version,
        .nonce = heartbeat->nonce,
    };
    suspicion_end(core);
}

void follow_on_heartbeat(struct core *core, const struct wire_heartbeat *heartbeat, bool multicast) {
    bool from_mine = is_my_leader(core, &core->source.id);

    if (core->phase == PHASE_BEREFT && suspicion_is_revocable(core) && !multicast && heartbeat->question
        && node_id_equal(&heartbeat->own.leader, &core->bereavement.dead.leader))
        suspicion_on_question_late(core);
    if (core->phase != PHASE_FOLLOWING)
        return;
    if (from_mine && heartbeat->question && heartbeat->epoch == core->saved.own.epoch) {
        if (node_id_is_none(&core->election.choice.contact.id) && !core->following.voted)
            confirm_leader(core, heartbeat);
    } else if (multicast) { /* only a leader asks all */
        return;
    } else if (from_mine) {
        if (heartbeat->own.epoch >= core->saved.own.epoch)
            lose_to_another(core);
    } else if (heartbeat->question && node_id_equal(&heartbeat->own.leader, &core->saved.own.leader)) {
        suspicion_on_question(core, heartbeat->nonce);
    } else {
        follow_redirect(core, &core->source);
    }
}
