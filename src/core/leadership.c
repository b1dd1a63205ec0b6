/* SPDX-License-Identifier: ISC
 *
 * leadership.c - see leadership.h.
 */
#include "core/leadership.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/election.h"
#include "core/follow.h"
#include "core/handover.h"
#include "core/lease.h"
#include "core/merge.h"
#include "core/roster.h"

#include <string.h>

enum { VOUCH_INTERVAL_US = 2000, ABSORBED_ANNOUNCES = 10 };
static const usec_t new_id_us = 2 * USEC_PER_SEC; /* after which who has taken one has told it */
enum { LEAVERS_MAX = 4 }; /* told in one step, whose actions are bounded; the others in the next */

/* For a leader that nobody has followed yet. */
#define NOBODY_HEARD INT64_MIN

/* ELEC-12: when the first announcements follow each other. */
static const usec_t repeat_us[] = {5000, 30000, 120000, 270000};

/* MEMB-1: the first leader founds the timeline; a successor goes on with it. */
static void found_timeline(struct core *core) {
    if (core->timeline == 0) {
        core->timeline = node_nonce(core);
        core->timeline_offset = node_age(core) - core->now;
        core->has_birth = false;
    }
    if (!core->has_birth) {
        core->birth = node_birth_at_age(core, node_age(core));
        core->has_birth = true;
    }
}

/* It said so itself. */
static bool has_resigned(enum reason reason) {
    return reason == REASON_RESIGN || reason == REASON_FAREWELL;
}

void leadership_begin(struct core *core, uint64_t above, enum reason reason) {
    struct token token = node_my_token(core, node_take_epoch(core, above));
    const struct election *election = &core->election;
    usec_t voted_at = election->votes > 0 ? election->voted_at : NOBODY_HEARD;
    struct token over = has_resigned(reason) ? core->bereavement.dead : (struct token){0};

    node_enter(core, PHASE_LEADING);
    election_forget(core);
    node_set_own(core, &token);
    core->rule = core->timing;
    found_timeline(core);
    member_table_clear(&core->table);
    memset(&core->bereavement, 0, sizeof(core->bereavement));
    memset(&core->paging, 0, sizeof(core->paging));
    merge_begin(core);
    core->leadership = (struct leadership){
        .since = core->now,
        .key = node_key(core),
        .tick_at = core->now,
        .follower_heard_at = voted_at,
        .over = over,
        .seniors_version = core->table.version,
    };
    if (core->majority)
        lease_begin(core, reason);
    leadership_announce(core, 0);
    if (reason == REASON_RESIGN && !node_id_is_none(&core->following.leader.id)) /* it waits for that (HAND-1) */
        leadership_tell(core, &core->following.leader);
    memset(&core->following, 0, sizeof(core->following));
    timer_after(core, TIMER_GAP, core->rule.detect / 2);
    if (!core->majority) /* else with its lease */
        emit_leadership(core, NOTICE_LEADER, reason);
}

uint32_t leadership_since_ms(const struct core *core) {
    return (uint32_t)min_i64((core->now - core->leadership.since) / USEC_PER_MS, UINT32_MAX);
}

void leadership_absorb(struct core *core, const struct token *absorbed) {
    core->leadership.absorbed = *absorbed;
    core->leadership.absorbed_until = core->now + ABSORBED_ANNOUNCES * params_announce(&core->rule);
}

void leadership_announce_anew(struct core *core) {
    core->leadership.repeats = 0;
    leadership_announce(core, 0);
}

void leadership_rise(struct core *core, uint64_t above, const struct token *absorbed, enum reason reason) {
    uint64_t floor = above > core->saved.own.epoch ? above : core->saved.own.epoch;
    struct token token = node_my_token(core, node_take_epoch(core, floor));

    node_set_own(core, &token);
    if (absorbed != NULL)
        leadership_absorb(core, absorbed);
    leadership_announce_anew(core);
    emit_leadership(core, NOTICE_LEADER, reason);
    emit_notice(core, NOTICE_REASSERT, reason)->token = core->saved.own;
}

void leadership_end(struct core *core, enum reason reason) {
    bool told = lease_told(core);

    if (told)
        emit_leadership(core, NOTICE_NO_LEADER, reason);
    if (told || core->stopping) /* it ends when that is answered, even if there is no work any more */
        emit_action(core, ACTION_STOP_WORK);
    merge_forget(core);
    handover_overtaken(core, reason == REASON_LINK ? RESIGN_NOBODY : RESIGN_DONE);
    core->leadership.unconfirmed = false;
}

const struct wire_successors *leadership_seniors(struct core *core) {
    struct leadership *leadership = &core->leadership;

    if (leadership->seniors_version != core->table.version)
        member_seniors(&core->table, core->timeline, &leadership->seniors);
    leadership->seniors_version = core->table.version;
    return &leadership->seniors;
}

static bool is_senior(const struct core *core, const struct node_id *id) {
    const struct wire_successors *seniors = &core->leadership.seniors;

    for (unsigned i = 0; i < seniors->count; i++)
        if (node_id_equal(&seniors->list[i].id, id))
            return true;
    return false;
}

/* Since that version nothing has changed but this member. Of thousands that register after an election each would cost
 * a look at all; only a change of one that is senior already is worth it. */
static void note_change(struct core *core, const struct member *member, uint32_t version) {
    if (core->leadership.seniors_version != version || core->table.version == version || is_senior(core, &member->id))
        return;
    member_seniors_add(&core->leadership.seniors, member, core->timeline);
    core->leadership.seniors_version = core->table.version;
}

/* How it is called, and what else it tells of itself. */
static void fill_name(const struct core *core, struct wire_message *message) {
    memcpy(message->name, core->facts.name, sizeof(message->name));
    memcpy(message->tags, core->facts.tags, sizeof(message->tags));
}

/* MAJ-13. */
static void fill_roster(const struct core *core, struct wire_message *message) {
    message->has_roster = core->majority;
    message->roster = core->saved.roster;
}

static void fill_leader(struct core *core, struct wire_message *message, uint64_t answered) {
    const struct leadership *leadership = &core->leadership;

    message->leader = (struct wire_leader){
        .epoch = core->saved.own.epoch,
        .key = leadership->key,
        .age = node_age(core),
        .since_ms = leadership_since_ms(core),
        .cluster_time = node_cluster_time(core),
        .count = core->table.count + 1,
        .table_version = core->table.version,
        .answered = answered,
    };
    if (core->now < leadership->absorbed_until)
        message->leader.absorbed = leadership->absorbed;
    fill_name(core, message);
    fill_roster(core, message);
    if (core->table.count > 0) {
        message->has_successors = true;
        message->successors = *leadership_seniors(core);
    }
}

void leadership_announce(struct core *core, uint64_t answered) {
    struct leadership *leadership = &core->leadership;
    struct send *send = emit_multicast(core, WIRE_LEADER);

    fill_leader(core, &send->message, answered);
    if (leadership->repeats == 0)
        send_add_successors(core, send);
    if (answered != 0)
        return;
    usec_t next = leadership->repeats < ARRAY_SIZE(repeat_us) ? repeat_us[leadership->repeats]
                                                              : params_announce(&core->rule);
    leadership->repeats++;
    timer_after(core, TIMER_LEADER, next);
}

bool leadership_in_office(const struct core *core) {
    const struct leadership *leadership = &core->leadership;

    return core->phase == PHASE_LEADING && !leadership->unconfirmed && leadership->resigned_epoch == 0;
}

void leadership_announce_due(struct core *core) {
    if (leadership_in_office(core))
        leadership_announce(core, 0);
    else
        timer_after(core, TIMER_LEADER, params_announce(&core->rule));
}

void leadership_tell(struct core *core, const struct contact *to) {
    fill_leader(core, &emit_unicast(core, WIRE_LEADER, to)->message, 0);
}

/* GAP: pauses. */

static void ask_whether_i_lead(struct core *core) {
    struct wire_message *message = &emit_multicast(core, WIRE_HEARTBEAT)->message;

    message->heartbeat = (struct wire_heartbeat){
        .epoch = core->saved.own.epoch,
        .exchange = ++core->exchange_number,
        .try = 1,
        .sent = core->now,
        .age = node_age(core),
        .timeline = core->timeline,
        .birth = core->birth,
        .own = core->saved.own,
        .question = true,
        .nonce = core->leadership.question,
    };
}

void leadership_watch_gap(struct core *core) {
    struct leadership *leadership = &core->leadership;

    if (core->phase != PHASE_LEADING || core->now - leadership->tick_at <= core->rule.detect)
        return;
    leadership->tick_at = core->now;
    leadership->woke_at = core->now;
    if (core->majority) /* its lease tells, whatever it has slept through */
        return;
    leadership->unconfirmed = true;
    leadership->unconfirmed_until = core->now + 2 * core->rule.detect;
    leadership->question = node_nonce(core);
    merge_forget(core);
    ask_whether_i_lead(core);
    timer_after(core, TIMER_GAP, core->rule.detect / 2);
}

/* Whoever asked meanwhile was told that there is no leader, a new watcher in its first line. */
static void confirm(struct core *core) {
    core->leadership.unconfirmed = false;
    if (core->leadership.departure == LEAVING_BY_MERGE) { /* its merge was forgotten in the pause */
        merge_withdraw(core);
        return;
    }
    if (leadership_in_office(core))
        leadership_announce_anew(core);
    if (node_leads(core))
        emit_notice(core, NOTICE_CONFIRMED, REASON_GAP)->token = core->saved.own;
    handover_on_wish(core);
}

void leadership_tick(struct core *core) {
    struct leadership *leadership = &core->leadership;

    leadership->tick_at = core->now;
    timer_after(core, TIMER_GAP, core->rule.detect / 2);
    if (leadership->unconfirmed && core->now >= leadership->unconfirmed_until)
        confirm(core);
    else if (leadership->unconfirmed)
        ask_whether_i_lead(core);
    handover_of_ineligible(core);
    lease_fill_seat(core);
}

/* The announcement tells a new name and tags, as do Acks to members that may not have this version of the table; the
 * tick keeps a smaller detect from making a gap of the time that has passed. */
void leadership_reconfigure(struct core *core) {
    core->rule = core->timing;
    core->table.version++;
    leadership_tick(core);
    if (node_leads(core))
        leadership_announce_anew(core);
}

void leadership_on_confirmation(struct core *core, const struct wire_ack *ack) {
    const struct leadership *leadership = &core->leadership;

    if (!leadership->unconfirmed)
        return;
    if (ack->nonce == leadership->question && ack->epoch == core->saved.own.epoch)
        confirm(core);
    else
        node_refuse(core, REFUSAL_UNASKED);
}

bool leadership_answers(struct core *core) {
    if (core->leadership.unconfirmed)
        node_refuse(core, REFUSAL_UNCONFIRMED);
    return leadership_in_office(core);
}

void leadership_on_question(struct core *core, const struct wire_heartbeat *heartbeat) {
    if (leadership_in_office(core) && heartbeat->question && heartbeat->epoch < core->saved.own.epoch)
        leadership_tell(core, &core->source);
}

/* Messages of others. */

/* MAJ-10: both were elected, and the later one after the promises to the other one were over. */
static void meet_elected(struct core *core, const struct token *token) {
    if (token->epoch > core->saved.own.epoch)
        leadership_yield(core, &core->source, token, REASON_LEASE);
    else if (leadership_in_office(core))
        leadership_tell(core, &core->source);
}

void leadership_on_leader(struct core *core, const struct wire_message *message) {
    const struct wire_leader *leader = &message->leader;
    const struct leadership *leadership = &core->leadership;
    struct token token = {leader->epoch, core->source.id};
    bool higher = leader->epoch > core->saved.own.epoch;
    bool absorbs_me = token_equal(&leader->absorbed, &core->saved.own);

    if (leadership->resigned_epoch != 0 && higher)
        handover_done(core, &token);
    else if (core->majority)
        meet_elected(core, &token);
    else if (leadership->unconfirmed && higher)
        leadership_yield(core, &core->source, &token, REASON_GAP);
    else if (!leadership->unconfirmed && absorbs_me && higher)
        merge_defeated(core, &core->source, &token);
    else if (!leadership->unconfirmed)
        merge_on_leader(core, leader);
    else
        node_refuse(core, REFUSAL_UNCONFIRMED);
}

void leadership_yield(struct core *core, const struct contact *to, const struct token *token, enum reason reason) {
    leadership_end(core, reason);
    follow(core, to, token, reason);
}

/* ELEC-4, SUSP-4: the accused answers for itself, not too often; another leader makes itself known. */
static void answer_doubt(struct core *core, const struct node_id *accused, uint64_t nonce) {
    struct leadership *leadership = &core->leadership;

    if (!node_is(core, accused)) {
        leadership_tell(core, &core->source);
    } else if (core->now - leadership->vouched_at >= VOUCH_INTERVAL_US) {
        leadership->vouched_at = core->now;
        leadership_announce(core, nonce);
    }
}

void leadership_on_election(struct core *core, const struct candidate *candidate) {
    const struct leadership *leadership = &core->leadership;

    if (leadership->resigned_epoch != 0) {
        handover_on_election(core, candidate);
        return;
    }
    if (leadership_answers(core)) /* also while the work is being stopped: nobody else may begin it yet */
        answer_doubt(core, &candidate->dead.leader, candidate->nonce);
}

void leadership_on_suspect(struct core *core, const struct wire_suspect *suspect) {
    if (leadership_answers(core))
        answer_doubt(core, &suspect->leader.leader, suspect->nonce);
}

/* EPOCH-4: a token at least as high as mine was given out by somebody else. Whoever surrenders to me (MERGE-5) has just
 * led itself; with another token the message may be older than the leadership that I ask. */
static void see_token(struct core *core, const struct token *token) {
    bool led = node_id_equal(&token->leader, &core->source.id);
    bool asked = led && merge_on_registration(core, &core->source.id);
    bool surrenders = asked && !token_equal(token, &core->leadership.absorbed); /* or it did so before */
    bool same_number = token->epoch == core->saved.own.epoch && !node_is(core, &token->leader);

    if (!node_accepts_epoch(core, token->epoch))
        return;
    if (surrenders)
        core->leadership.over = *token;
    if (surrenders || token->epoch > core->saved.own.epoch || (same_number && token->epoch != 0))
        leadership_rise(core, token->epoch, surrenders ? token : NULL, surrenders ? REASON_MERGE : REASON_RISE);
}

void leadership_on_vote(struct core *core, const struct wire_leader_elected *vote) {
    core->leadership.follower_heard_at = core->now;
    if (node_leads(core) && !core->majority)
        see_token(core, &vote->own);
}

/* MEMB-2: kept if it is on my timeline or was given to this start of the sender, else given now. */
static int64_t birth_of(const struct core *core, const struct member *listed, const struct wire_message *message) {
    const struct wire_heartbeat *heartbeat = &message->heartbeat;
    const struct wire_header *header = &message->header;

    if (heartbeat->timeline == core->timeline && heartbeat->birth <= node_cluster_time(core))
        return heartbeat->birth;
    if (listed != NULL && listed->boot_nonce == header->boot_nonce)
        return listed->birth;
    return node_birth_at_age(core, heartbeat->age);
}

static void notice_peer(struct core *core, enum notice_type type, const struct member *member) {
    struct notice *notice = emit_notice(core, type, REASON_NONE);

    notice->id = member->id;
    notice->address = member->address;
    memcpy(notice->name, member->facts.name, sizeof(notice->name));
}

/* Each of them beats once in an interval. */
static void note_unlisted(struct core *core, const struct wire_heartbeat *heartbeat) {
    struct leadership *leadership = &core->leadership;
    usec_t interval = params_interval(&core->rule, core->table.count + 1);
    usec_t passed = core->now - leadership->unlisted_from;

    if (passed >= interval) {
        leadership->unlisted = passed < 2 * interval ? leadership->unlisted_heard : 0;
        leadership->unlisted_heard = 0;
        leadership->unlisted_from = core->now;
    }
    leadership->unlisted_heard += heartbeat->try == 1;
}

uint32_t leadership_unlisted(const struct core *core, usec_t now) {
    const struct leadership *leadership = &core->leadership;
    usec_t interval = params_interval(&core->rule, core->table.count + 1);
    usec_t passed = now - leadership->unlisted_from;
    bool whole = passed < interval && leadership->unlisted > leadership->unlisted_heard;

    if (passed >= 2 * interval)
        return 0;
    return whole ? leadership->unlisted : leadership->unlisted_heard;
}

static void notice_full(struct core *core) {
    if (!core->leadership.full_told)
        emit_notice(core, NOTICE_TABLE_FULL, REASON_NONE);
    core->leadership.full_told = true;
}

static bool same_facts(const struct node_facts *a, const struct node_facts *b) {
    return a->priority == b->priority && a->eligible == b->eligible && a->paused == b->paused
           && strcmp(a->name, b->name) == 0 && strcmp(a->tags, b->tags) == 0;
}

static struct node_facts facts_in(const struct wire_message *message) {
    struct node_facts facts = message->registration.facts;

    facts.paused = message->paused & 1;
    return facts;
}

static void dismiss(struct core *core, struct member *member) {
    bool found_anew = is_senior(core, &member->id) || core->leadership.seniors_version != core->table.version;

    notice_peer(core, NOTICE_PEER_LEFT, member);
    member_remove(&core->table, member);
    if (!found_anew)
        core->leadership.seniors_version = core->table.version;
}

/* MEMB-8: a start that has taken a new id is listed under its former one, which may be another host's. */
static void dismiss_former(struct core *core, const struct wire_heartbeat *heartbeat) {
    if (heartbeat->age > new_id_us)
        return;
    for (uint32_t i = 0; i < core->table.count; i++)
        if (core->table.list[i].boot_nonce == core->source.boot_nonce) {
            dismiss(core, &core->table.list[i]);
            return;
        }
}

/* A registration: lists the sender, or brings its entry up to date; NULL when the table is full. */
static struct member *enlist(struct core *core, const struct wire_message *message) {
    struct member *member = member_find(&core->table, &core->source.id);
    int64_t birth = birth_of(core, member, message);
    const struct node_facts facts = facts_in(message);
    bool joined = member == NULL;

    if (joined) {
        dismiss_former(core, &message->heartbeat);
        member = member_add(&core->table, &core->source.id);
    }
    if (member == NULL) {
        node_refuse(core, REFUSAL_TABLE_FULL);
        notice_full(core);
        return NULL;
    }
    if (!joined && (birth != member->birth || !same_facts(&member->facts, &facts)))
        core->table.version++;
    member->incarnation = message->header.incarnation;
    member->facts = facts;
    member->birth = birth;
    member->address = core->source.address;
    if (joined) {
        notice_peer(core, NOTICE_PEER_JOINED, member);
        handover_on_wish(core);
    }
    if (core->table.count == 1)
        timer_after(core, TIMER_EXPIRY, params_member_expiry(&core->rule, 2));
    return member;
}

/* How many more will register nobody knows yet: halves, quarters, eighths of the interval are always spread. */
static usec_t phase_of_newcomer(usec_t place, usec_t interval) {
    usec_t phase = 0;

    for (usec_t step = interval / 2; place > 0; place >>= 1, step /= 2)
        phase += (place & 1) * step;
    return phase;
}

/* MAJ-10: voters beat more often than others, ... */
static bool has_seat(const struct core *core, const struct node_id *id) {
    return core->majority && roster_has(&core->saved.roster, id);
}

/* ... and evenly among themselves: the place of that one beside my own. */
static unsigned place_among_voters(const struct core *core, const struct node_id *id) {
    const struct wire_roster *roster = &core->saved.roster;
    unsigned place = roster_place(roster, id);

    return place - (place > roster_place(roster, &core->saved.id));
}

/* EXCH-4: the next time that has the phase of the member's place, after H/4; but who has just registered, as all do
 * when a leadership begins, beats once more in between, or for half a second nobody would notice its end. */
static uint32_t next_slot(const struct core *core, const struct member *member, usec_t interval, bool registering) {
    bool seated = has_seat(core, &member->id);
    usec_t place = seated ? (usec_t)place_among_voters(core, &member->id) : member - core->table.list;
    usec_t places = seated ? core->saved.roster.count - (usec_t)1 : (usec_t)core->table.count;
    usec_t phase = registering ? phase_of_newcomer(place, interval) : place * interval / places;
    usec_t earliest = core->now + (registering ? 0 : interval / 4) + 1;
    usec_t wait = (phase - earliest) % interval;

    return (uint32_t)(earliest + (wait < 0 ? wait + interval : wait) - core->now);
}

/* MEMB-3: the successors go along as long as the member may not have the present ones. */
static void add_successors_on_change(struct core *core, struct member *member, const struct wire_heartbeat *heartbeat,
                                     struct wire_message *answer) {
    if (heartbeat->exchange != member->exchange)
        member->version_told = member->version_sent;
    member->exchange = heartbeat->exchange;
    member->version_sent = core->table.version;
    if (heartbeat->registering || member->version_told != core->table.version) {
        answer->has_successors = true;
        answer->successors = *leadership_seniors(core);
    }
}

/* EXCH-5: it answers every Heartbeat, that of an unlisted node too. */
static void send_ack(struct core *core, struct member *member, const struct wire_heartbeat *heartbeat) {
    bool seated = has_seat(core, &core->source.id);
    usec_t interval = seated ? lease_voter_interval(core) : params_interval(&core->rule, core->table.count + 1);
    struct wire_message *answer = &emit_unicast(core, WIRE_ACK, &core->source)->message;

    answer->ack = (struct wire_ack){
        .epoch = core->saved.own.epoch,
        .exchange = heartbeat->exchange,
        .sent = heartbeat->sent,
        .timestamp = core->now,
        .promise = core->majority ? (uint32_t)lease_promise(core) : 0,
        .detect = (uint32_t)core->rule.detect,
        .heartbeat = (uint32_t)interval,
        .floor = (uint32_t)params_floor(&core->rule),
        .timeline = core->timeline,
        .cluster_time = node_cluster_time(core),
        .has_birth = member != NULL,
        .birth = member == NULL ? 0 : member->birth,
        .count = core->table.count + 1,
        .table_version = core->table.version,
        .next_slot = member == NULL ? (uint32_t)interval : next_slot(core, member, interval, heartbeat->registering),
        .nonce = heartbeat->question ? heartbeat->nonce : 0,
    };
    fill_roster(core, answer);
    if (member != NULL)
        add_successors_on_change(core, member, heartbeat, answer);
    if (heartbeat->registering || answer->has_successors) /* out of reach of multicast one hears it in no Leader */
        fill_name(core, answer);
}

/* It makes another try only without an Ack, and another exchange, as a rule, only after one. */
static void count_tries(struct core *core, struct member *member, const struct wire_heartbeat *heartbeat) {
    if (heartbeat->exchange != member->exchange && member->exchange_tries > 0) {
        node_note_lost(core, &member->tries, member->exchange_tries - 1U);
        node_note_answered(core, &member->tries);
        member->exchange_tries = 0;
    }
    if (heartbeat->try > member->exchange_tries)
        member->exchange_tries = heartbeat->try;
}

/* EXCH-1: it tells what was, and nobody waits for the answer any more. */
static bool is_overtaken(const struct core *core, const struct member *member, const struct wire_heartbeat *heartbeat) {
    return member != NULL && member->boot_nonce == core->source.boot_nonce && heartbeat->exchange < member->exchange;
}

/* MEMB-2: what is listed under the sender's id is an earlier start's, or another host's with that id. */
static bool is_another_start(const struct core *core, const struct member *member) {
    return member != NULL && member->boot_nonce != core->source.boot_nonce;
}

/* EPOCH-4, ELEC-15: who else leads, or has led. */
static void meet_others(struct core *core, const struct wire_message *message) {
    if (core->leadership.departure == STAYING)
        see_token(core, &message->heartbeat.own);
    if (message->has_stranger)
        merge_on_stranger(core, &message->stranger);
}

void leadership_on_heartbeat(struct core *core, const struct wire_message *message) {
    const struct wire_heartbeat *heartbeat = &message->heartbeat;
    uint32_t version = core->table.version;
    struct member *member = member_find(&core->table, &core->source.id);

    if (!leadership_answers(core))
        return;
    if (is_overtaken(core, member, heartbeat)) {
        node_refuse(core, REFUSAL_OVERTAKEN);
        return;
    }
    core->leadership.follower_heard_at = core->now;
    if (core->majority)
        lease_on_heartbeat(core, heartbeat);
    else
        meet_others(core, message);
    if (message->has_registration)
        member = enlist(core, message);
    else if (is_another_start(core, member))
        member = NULL;
    if (message->has_registration && member == NULL)
        note_unlisted(core, heartbeat);
    if (member != NULL) {
        member->heard_at = core->now;
        member->boot_nonce = core->source.boot_nonce;
        core->table.version += !address_equal(&member->address, &core->source.address);
        member->address = core->source.address;
        member->rtt_us = heartbeat->rtt_us;
        count_tries(core, member, heartbeat);
        note_change(core, member, version);
    }
    send_ack(core, member, heartbeat);
}

void leadership_expiry_due(struct core *core) {
    usec_t expiry = params_member_expiry(&core->rule, core->table.count + 1);
    usec_t oldest = core->now;
    unsigned leavers = 0;

    for (uint32_t i = core->table.count; i-- > 0;) {
        struct member *member = &core->table.list[i];
        usec_t heard_at = max_i64(member->heard_at, core->leadership.woke_at);
        if (core->now - heard_at >= expiry && leavers < LEAVERS_MAX) {
            leavers++;
            dismiss(core, member);
        } else {
            oldest = min_i64(oldest, heard_at);
        }
    }
    if (core->table.count > 0)
        timer_set(core, TIMER_EXPIRY, max_i64(oldest + expiry, core->now + USEC_PER_MS));
}
