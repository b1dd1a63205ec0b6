/* SPDX-License-Identifier: ISC
 *
 * merge.c - see merge.h. One struct merge per other leader; the one that gave its last sign longest ago gives way.
 */
#include "core/merge.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/follow.h"
#include "core/handover.h"
#include "core/leadership.h"
#include "core/rank.h"

#include <string.h>

enum { ASK_AGAIN_US = 100000, WITHDRAW_EXTRA_US = 200000, DAMPING_FIRST_US = 500000, EXHAUSTED_PERIODS = 5 };
static const usec_t remembered_us = 30 * USEC_PER_SEC;
static const usec_t minute_us = 60 * USEC_PER_SEC;
static const usec_t quiet_us = 300 * USEC_PER_SEC;

static struct merge *find(struct core *core, const struct node_id *id) {
    for (unsigned i = 0; i < core->merging.count; i++)
        if (node_id_equal(&core->merging.list[i].other.id, id))
            return &core->merging.list[i];
    return NULL;
}

static struct merge *find_or_add(struct core *core, const struct contact *other) {
    struct merging *merging = &core->merging;
    struct merge *merge = find(core, &other->id);

    if (merge == NULL) {
        merge = &merging->list[merging->count < MERGES_MAX ? merging->count++ : 0];
        for (unsigned i = 0; i < MERGES_MAX && merging->count == MERGES_MAX; i++)
            if (merging->list[i].met_at < merge->met_at)
                merge = &merging->list[i];
        *merge = (struct merge){.next_at = USEC_NEVER, .other_since = core->now, .series_at = -MERGE_PERIOD_US};
    }
    merge->other = *other;
    merge->met_at = core->now;
    return merge;
}

/* One timer for all series. */
static void arm(struct core *core) {
    usec_t at = USEC_NEVER;

    for (unsigned i = 0; i < core->merging.count; i++)
        at = min_i64(at, core->merging.list[i].next_at);
    timer_set(core, TIMER_MERGE, at);
}

static void settle(struct core *core, struct merge *merge) {
    merge->next_at = USEC_NEVER;
    merge->nonce = 0;
    merge->waiting = false;
    arm(core);
}

void merge_forget(struct core *core) {
    struct merging *merging = &core->merging;

    for (unsigned i = 0; i < merging->count; i++) {
        merging->list[i].next_at = USEC_NEVER;
        merging->list[i].nonce = 0;
        merging->list[i].waiting = false;
        merging->list[i].exhausted = false;
    }
    merging->yields_to = (struct node_id){{0}};
    timer_stop(core, TIMER_MERGE);
}

void merge_begin(struct core *core) {
    merge_forget(core);
    for (unsigned i = 0; i < core->merging.count; i++)
        core->merging.list[i].verdict = 0;
}

/* MERGE-3: somebody has followed me since the other became leader. */
static bool followed_since(const struct core *core, usec_t other_since) {
    return core->leadership.follower_heard_at >= other_since;
}

static void send_request(struct core *core, struct merge *merge) {
    struct wire_message *message = &emit_unicast(core, WIRE_MERGE_REQUEST, &merge->other)->message;

    message->merge_request = (struct wire_merge_request){
        .epoch = core->saved.own.epoch,
        .key = core->leadership.key,
        .age = node_age(core),
        .since_ms = leadership_since_ms(core),
        .followed = followed_since(core, merge->other_since),
        .nonce = merge->nonce,
    };
}

/* A series of requests, at most one in a period. */
static void ask(struct core *core, struct merge *merge) {
    bool running = merge->next_at != USEC_NEVER;

    if (running || core->now - merge->series_at < MERGE_PERIOD_US || !node_leads(core))
        return;
    if (merge->nonce == 0)
        merge->nonce = node_nonce(core);
    merge->series_at = core->now;
    merge->tries = 0;
    merge->exhausted = false;
    merge->next_at = core->now;
    merge_due(core);
}

/* MERGE-10: nobody follows me, and the other is heard though it never answers: I may be the one that cannot send. */
static void give_way_to_deaf(struct core *core, const struct merge *merge) {
    leadership_end(core, REASON_MERGE);
    node_enter(core, PHASE_HEARD_ONE_WAY);
    core->bereavement = (struct bereavement){
        .dead = core->saved.own,
        .reason = REASON_MERGE,
        .one_way = true,
        .window_from = core->now,
        .nonce = node_nonce(core),
    };
    core->following.leader = merge->other; /* who is asked (SUSP-12) */
    timer_after(core, TIMER_ISOLATED, USEC_PER_SEC);
}

/* All tries of a series stayed unanswered, and not long ago: it may have been heard and answered since. */
static bool never_answers(const struct core *core, const struct merge *merge) {
    return merge->exhausted && core->now - merge->series_at < EXHAUSTED_PERIODS * MERGE_PERIOD_US;
}

/* What tells of that leadership was sent before it ended, and would ask for a merge that is settled. */
static bool is_over(const struct core *core, const struct token *token) {
    return token->epoch != 0 && token_equal(token, &core->leadership.over);
}

void merge_on_leader(struct core *core, const struct wire_leader *leader) {
    const struct token token = {leader->epoch, core->source.id};
    struct merge *merge;

    if (is_over(core, &token))
        return;
    merge = find_or_add(core, &core->source);
    merge->other_since = core->now - leader->since_ms * USEC_PER_MS;
    if (never_answers(core, merge) && core->table.count == 0 && core->leadership.departure == STAYING) {
        give_way_to_deaf(core, merge);
        return;
    }
    if (merge->series_at < core->leadership.since)
        emit_notice(core, NOTICE_CONFLICT, REASON_MERGE)->token = token;
    ask(core, merge);
}

void merge_on_stranger(struct core *core, const struct wire_stranger *stranger) {
    const struct contact other = {stranger->token.leader, stranger->address, 0};

    if (node_is(core, &other.id) || !node_leads(core) || is_over(core, &stranger->token))
        return;
    ask(core, find_or_add(core, &other));
}

static void request_due(struct core *core, struct merge *merge) {
    if (merge->tries >= MERGE_TRIES) {
        merge->exhausted = !merge->waiting;
        merge->waiting = false;
        merge->next_at = USEC_NEVER;
        return;
    }
    merge->tries++;
    merge->next_at = core->now + (merge->waiting ? ASK_AGAIN_US : MERGE_TRY_US);
    send_request(core, merge);
}

/* MERGE-8: the other has gone silent while I stopped for it. */
static bool withdraws(const struct core *core, const struct merge *merge) {
    return node_id_equal(&core->merging.yields_to, &merge->other.id)
           && core->now - merge->asked_at > 2 * core->rule.detect + WITHDRAW_EXTRA_US;
}

/* It goes on leading, with a new epoch: the holders of work start again. */
void merge_withdraw(struct core *core) {
    core->merging.yields_to = (struct node_id){{0}};
    core->leadership.departure = STAYING;
    leadership_rise(core, core->saved.own.epoch, NULL, REASON_MERGE);
}

void merge_due(struct core *core) {
    for (unsigned i = 0; i < core->merging.count; i++) {
        struct merge *merge = &core->merging.list[i];

        if (merge->next_at > core->now)
            continue;
        if (!node_id_is_none(&core->merging.yields_to)) {
            merge->next_at = withdraws(core, merge) ? USEC_NEVER : core->now + ASK_AGAIN_US;
            if (merge->next_at == USEC_NEVER)
                merge_withdraw(core);
        } else {
            request_due(core, merge);
        }
    }
    arm(core);
}

/* MERGE-3: true if I keep the role. */
static bool i_win(const struct core *core, const struct wire_merge_request *request) {
    bool followed = followed_since(core, core->now - request->since_ms * USEC_PER_MS);
    const struct rank_key *mine = &core->leadership.key;
    int64_t my_minutes = node_age(core) / minute_us, its_minutes = request->age / minute_us;

    if (followed != request->followed)
        return followed;
    if (mine->timeline == request->key.timeline)
        return rank_compare(mine, &request->key, core->timeline) == RANK_SENIOR;
    if (mine->priority != request->key.priority)
        return mine->priority > request->key.priority;
    if (my_minutes != its_minutes)
        return my_minutes > its_minutes;
    return true; /* the decider has the smaller id */
}

static void reply(struct core *core, const struct merge *merge, enum wire_verdict verdict, uint64_t epoch) {
    struct wire_message *message = &emit_unicast(core, WIRE_MERGE_REPLY, &merge->other)->message;

    message->merge_reply = (struct wire_merge_reply){
        .nonce = merge->other_nonce,
        .verdict = (uint8_t)verdict,
        .epoch = epoch,
        .since_ms = leadership_since_ms(core),
    };
}

static void remember(struct core *core, struct merge *merge, enum wire_verdict verdict, uint64_t epoch) {
    merge->verdict = verdict;
    merge->verdict_epoch = epoch;
    merge->verdict_at = core->now;
}

/* MERGE-4. */
static void keep_me(struct core *core, struct merge *merge, uint64_t its_epoch) {
    const struct token absorbed = {its_epoch, merge->other.id};

    settle(core, merge);
    if (its_epoch >= core->saved.own.epoch) {
        leadership_rise(core, its_epoch, &absorbed, REASON_MERGE);
    } else {
        leadership_absorb(core, &absorbed);
        leadership_announce_anew(core);
        emit_notice(core, NOTICE_REASSERT, REASON_MERGE)->token = core->saved.own;
    }
    remember(core, merge, WIRE_KEEP_ME, core->saved.own.epoch);
    reply(core, merge, WIRE_KEEP_ME, core->saved.own.epoch);
}

/* MERGE-5: stops first; the rest follows when the work has stopped. */
static void let_go(struct core *core, struct merge *merge) {
    core->merging.yields_to = merge->other.id;
    core->leadership.departure = LEAVING_BY_MERGE;
    reply(core, merge, WIRE_WAIT, core->saved.own.epoch);
    merge->next_at = core->now + ASK_AGAIN_US;
    arm(core);
    emit_action(core, ACTION_STOP_WORK);
    emit_leadership(core, NOTICE_NO_LEADER, REASON_MERGE);
}

/* MERGE-9: a leadership that ended soon after it began. */
static void count_defeat(struct core *core) {
    struct merging *merging = &core->merging;

    if (core->now - merging->defeat_at > quiet_us)
        merging->defeats = 0;
    if (core->now - core->leadership.since > minute_us)
        return;
    merging->defeats++;
    merging->defeat_at = core->now;
    merging->members = core->table.count + 1;
}

void merge_defeated(struct core *core, const struct contact *winner, const struct token *token) {
    count_defeat(core);
    leadership_yield(core, winner, token, REASON_MERGE);
}

bool merge_holds_back(const struct core *core) {
    return core->merging.defeats >= DEFEATS_MAX && core->now - core->merging.defeat_at <= quiet_us;
}

usec_t merge_damping(struct core *core) {
    struct merging *merging = &core->merging;
    uint32_t members = core->bereavement.members > 0 ? core->bereavement.members : merging->members;
    usec_t most = members <= 2 ? 4 * USEC_PER_SEC : 30 * USEC_PER_SEC;
    usec_t wait = DAMPING_FIRST_US;

    if (!merge_holds_back(core))
        return 0;
    for (unsigned i = DEFEATS_MAX; i < merging->defeats && wait < most; i++)
        wait *= 2;
    if (merging->held_until == 0)
        merging->held_until = core->now + min_i64(wait, most);
    return max_i64(0, merging->held_until - core->now);
}

void merge_on_work_stopped(struct core *core) {
    struct merge *merge = find(core, &core->merging.yields_to);

    if (merge == NULL) { /* forgotten in a pause: the other will ask again */
        if (!core->leadership.unconfirmed)
            merge_withdraw(core);
        return;
    }
    remember(core, merge, WIRE_KEEP_YOU, core->saved.own.epoch);
    reply(core, merge, WIRE_KEEP_YOU, core->saved.own.epoch);
    count_defeat(core);
    merge_forget(core);
    handover_overtaken(core, RESIGN_DONE);
    const struct contact other = merge->other;
    discovery_begin(core);
    follow_approach(core, &other, REASON_MERGE);
}

/* MERGE-7: true if what was decided before still serves. */
static bool repeat_reply(struct core *core, struct merge *merge, uint64_t its_epoch) {
    bool fresh = merge->verdict != 0 && core->now - merge->verdict_at < remembered_us;

    if (!fresh)
        return false;
    if (core->phase == PHASE_LEADING) {
        if (merge->verdict != WIRE_KEEP_ME || merge->verdict_epoch <= its_epoch)
            return false;
        reply(core, merge, WIRE_KEEP_ME, merge->verdict_epoch);
        return true;
    }
    if (merge->verdict != WIRE_KEEP_YOU)
        return false;
    if (its_epoch > merge->verdict_epoch)
        merge->verdict_epoch = its_epoch;
    reply(core, merge, WIRE_KEEP_YOU, merge->verdict_epoch);
    return true;
}

bool merge_on_registration(struct core *core, const struct node_id *id) {
    struct merge *merge = find(core, id);
    bool asked = merge != NULL && merge->nonce != 0;

    if (asked)
        settle(core, merge);
    return asked;
}

static void decide(struct core *core, struct merge *merge, const struct wire_merge_request *request) {
    const struct node_id *yields_to = &core->merging.yields_to;

    if (repeat_reply(core, merge, request->epoch))
        return;
    if (!node_id_is_none(yields_to) || core->leadership.departure != STAYING)
        reply(core, merge, WIRE_WAIT, core->saved.own.epoch);
    else if (i_win(core, request))
        keep_me(core, merge, request->epoch);
    else
        let_go(core, merge);
}

void merge_on_request(struct core *core, const struct wire_merge_request *request) {
    struct merge *merge;

    if (!node_accepts_epoch(core, request->epoch))
        return;
    if (core->phase != PHASE_LEADING) {
        merge = find(core, &core->source.id);
        if (merge != NULL)
            merge->other_nonce = request->nonce;
        if (merge == NULL || !repeat_reply(core, merge, request->epoch))
            follow_redirect(core, &core->source);
        return;
    }
    if (!leadership_answers(core))
        return;
    merge = find_or_add(core, &core->source);
    merge->other_nonce = request->nonce;
    merge->other_since = core->now - request->since_ms * USEC_PER_MS;
    merge->asked_at = core->now;
    merge->exhausted = false;
    if (node_id_compare(&core->saved.id, &core->source.id) < 0) /* MERGE-2 */
        decide(core, merge, request);
    else
        ask(core, merge);
}

void merge_on_reply(struct core *core, const struct wire_merge_reply *answer) {
    struct merge *merge = find(core, &core->source.id);
    const struct token its = {answer->epoch, core->source.id};

    if (!node_leads(core))
        return;
    if (merge == NULL || merge->nonce == 0 || answer->nonce != merge->nonce) {
        node_refuse(core, REFUSAL_UNASKED);
        return;
    }
    if (!node_accepts_epoch(core, answer->epoch))
        return;
    merge->waiting = answer->verdict == WIRE_WAIT;
    if (merge->waiting) /* until it has not said so for a whole series */
        merge->tries = 0;
    if (answer->verdict == WIRE_KEEP_ME && answer->epoch > core->saved.own.epoch) {
        merge_defeated(core, &core->source, &its);
    } else if (answer->verdict == WIRE_KEEP_ME) {
        node_refuse(core, REFUSAL_EPOCH_OLD);
    } else if (answer->verdict == WIRE_KEEP_YOU) {
        settle(core, merge);
        core->leadership.over = its;
        leadership_rise(core, answer->epoch, &its, REASON_MERGE);
    }
}
