/* SPDX-License-Identifier: ISC
 *
 * view.c - what a node says of itself and of the others, computed from the clock at the moment of the question.
 */
#include "base/util.h"
#include "core/leadership.h"
#include "core/lease.h"
#include "core/paging.h"
#include "core/roster.h"
#include "core/voter.h"

#include <string.h>

static enum standing standing_of(const struct core *core, usec_t now) {
    const struct leadership *leadership = &core->leadership;

    switch (core->phase) {
    case PHASE_LEADING:
        if (leadership->departure != STAYING)
            return STANDING_STOPPING;
        if (core->majority)
            return lease_holds(core, now) ? STANDING_LEADING : STANDING_WITHOUT_LEASE;
        if (leadership->unconfirmed || now - leadership->tick_at > core->rule.detect)
            return STANDING_UNCONFIRMED;
        return STANDING_LEADING;
    case PHASE_FOLLOWING:
        if (core->following.unreachable)
            return STANDING_UNREACHABLE;
        if (core->suspicion.active)
            return STANDING_SUSPECTING;
        return voter_may_have_seat(core) ? STANDING_FOLLOWING : STANDING_SPARE;
    case PHASE_ISOLATED:
        return STANDING_ISOLATED;
    case PHASE_HEARD_ONE_WAY:
        return STANDING_HEARD_ONE_WAY;
    case PHASE_SEEKING:
    case PHASE_BEREFT:
    case PHASE_STANDING:
        break;
    }
    return STANDING_NO_LEADER;
}

static void view_leader(const struct core *core, usec_t now, struct core_view *view) {
    view->leads = view->standing == STANDING_LEADING;
    view->has_leader = view->leads || core->phase == PHASE_FOLLOWING;
    if (!view->has_leader)
        return;
    view->leader = core->saved.own;
    view->leader_since = now - (view->leads ? core->leadership.since : core->following.since);
    if (view->leads) {
        memcpy(view->leader_name, core->facts.name, sizeof(view->leader_name));
        memcpy(view->leader_tags, core->facts.tags, sizeof(view->leader_tags));
        return;
    }
    view->leader_address = core->following.leader.address;
    view->leader_boot_nonce = core->following.leader.boot_nonce;
    memcpy(view->leader_name, core->following.name, sizeof(view->leader_name));
    memcpy(view->leader_tags, core->following.tags, sizeof(view->leader_tags));
}

bool core_view_names_leader(const struct core_view *view) {
    return view->has_leader && (view->leads || !node_id_equal(&view->leader.leader, &view->id));
}

/* A leader knows of more than it lists when its table is full; who is not listed knows of itself. */
static void view_members(const struct core *core, usec_t now, struct core_view *view) {
    uint32_t unlisted = 0;

    view->members = 1;
    if (core->phase == PHASE_LEADING)
        unlisted = leadership_unlisted(core, now);
    else if (core->phase == PHASE_FOLLOWING)
        unlisted = core->following.acked && !core->has_birth;
    else
        return;
    view->members = node_members(core) + unlisted;
    if (core->phase == PHASE_FOLLOWING && paging_is_complete(core, now)) /* newer than the last Ack */
        view->members = core->table.count + 1;
    view->table_complete = core->phase == PHASE_LEADING ? unlisted == 0 : paging_is_complete(core, now);
}

/* Whose node is there, as its leader lists it; if it has not told all, as many as there are nodes. */
static unsigned listed(const struct core *core, usec_t now) {
    const struct wire_roster *roster = &core->saved.roster;
    unsigned count = 0;

    if (!paging_is_complete(core, now))
        return (unsigned)min_i64(node_members(core), roster->count);
    for (unsigned i = 0; i < roster->count; i++)
        count += node_is(core, &roster->ids[i]) || node_id_equal(&roster->ids[i], &core->saved.own.leader)
                 || member_find(&core->table, &roster->ids[i]) != NULL;
    return count;
}

/* Who is there of those that are needed: at a leader who stands by it, at a follower who is listed, else who was heard
 * lately. */
static unsigned present(const struct core *core, usec_t now) {
    const struct wire_roster *roster = &core->saved.roster;

    if (!roster_is_known(roster))
        return voter_founders(core);
    if (core->phase == PHASE_LEADING)
        return lease_votes(core, now);
    if (core->phase == PHASE_FOLLOWING)
        return listed(core, now);
    return voter_present(core, now);
}

static usec_t lease_left(const struct core *core, usec_t now) {
    usec_t until = core->phase == PHASE_LEADING && lease_told(core) ? lease_until(core) : 0;

    return until == USEC_NEVER ? until : max_i64(until - now, 0);
}

static void view_quorum(const struct core *core, usec_t now, struct core_view *view) {
    const struct wire_roster *roster = &core->saved.roster;

    if (!core->majority)
        return;
    view->quorum = (struct core_quorum){
        .majority = true,
        .expect = roster_is_known(roster) ? roster->expect : core->expect,
        .needed = (uint8_t)voter_needed(core),
        .have = (uint8_t)min_i64(present(core, now), UINT8_MAX),
        .seat = roster_has(roster, &core->saved.id),
        .pinned = roster_is_known(&core->saved.pin),
        .fresh = roster_is_known(roster) ? 0 : voter_founders(core),
        .abstains = max_i64(voter_free_at(core) - now, 0),
        .lease = view->leads ? lease_left(core, now) : 0,
        .work = lease_left(core, now),
        .stop_margin = core->phase == PHASE_LEADING ? core->lease.margin : core->timing.stop_margin,
        .roster = *roster,
    };
}

void core_view(const struct core *core, usec_t now, struct core_view *view) {
    bool leading = core->phase == PHASE_LEADING;

    memset(view, 0, sizeof(*view));
    view->at = now;
    view->state = node_state(core);
    view->standing = standing_of(core, now);
    view->id = core->saved.id;
    view->incarnation = core->saved.incarnation;
    view->facts = core->facts;
    view->age = now - core->born_at;
    view->has_birth = core->has_birth;
    view->timeline = core->timeline;
    view->birth = core->birth;
    view->epoch = core->saved.own.epoch;
    view_leader(core, now, view);
    view_members(core, now, view);
    view->table_version = leading ? core->table.version : core->following.table_version;
    view->interval = leading ? params_interval(&core->rule, node_members(core)) : core->following.interval;
    view->detect = core->rule.detect;
    view->loss = core->quality.loss;
    view_quorum(core, now, view);
}

const struct core_counters *core_counters(const struct core *core) {
    return &core->counters;
}

/* Ages of others follow from their birth on the common timeline. */
static void set_birth(const struct core *core, usec_t now, int64_t birth, struct core_peer *peer) {
    peer->has_birth = true;
    peer->birth = birth;
    peer->age = max_i64(0, now + core->timeline_offset - birth);
}

static void peer_self(const struct core *core, usec_t now, struct core_peer *peer) {
    peer->id = core->saved.id;
    peer->self = true;
    peer->state = node_state(core);
    peer->facts = core->facts;
    peer->has_birth = core->has_birth;
    peer->birth = core->birth;
    peer->age = now - core->born_at;
}

static void peer_leader(const struct core *core, usec_t now, struct core_peer *peer) {
    const struct following *following = &core->following;

    peer->id = following->leader.id;
    peer->state = NODE_LEADER;
    peer->facts.eligible = true;
    peer->facts.priority = following->priority;
    memcpy(peer->facts.name, following->name, sizeof(peer->facts.name));
    memcpy(peer->facts.tags, following->tags, sizeof(peer->facts.tags));
    peer->address = following->leader.address;
    peer->boot_nonce = following->leader.boot_nonce;
    peer->age = -1;
    if (following->has_birth)
        set_birth(core, now, following->birth, peer);
    peer->rtt_us = (uint32_t)core->quality.srtt;
    peer->loss = tries_loss(&core->quality.tries);
    peer->last_seen = now - following->heard_at;
}

static void peer_member(const struct core *core, usec_t now, const struct member *member, struct core_peer *peer) {
    peer->id = member->id;
    peer->facts = member->facts;
    peer->address = member->address;
    peer->boot_nonce = member->boot_nonce;
    set_birth(core, now, member->birth, peer);
    peer->rtt_us = member->rtt_us;
    peer->loss = tries_loss(&member->tries); /* unknown in a follower's copy of the table */
    peer->last_seen = now - member->heard_at;
}

/* Without a copy of the table: a successor, with the name that it announced. */
static void peer_successor(const struct core *core, usec_t now, const struct wire_successor *one,
                           struct core_peer *peer) {
    const struct heard *heard = heard_find(&core->heard, &one->id);

    peer->id = one->id;
    peer->facts.eligible = one->eligible;
    peer->facts.priority = one->priority;
    peer->address = one->address;
    set_birth(core, now, one->birth, peer);
    peer->last_seen = now - (heard == NULL ? core->following.heard_at : heard->at);
    if (heard != NULL)
        memcpy(peer->facts.name, heard->name, sizeof(peer->facts.name));
}

/* Those but the leader and me, by number: whoever lists them all asks as often as there are members. */
static bool peer_in_table(const struct core *core, usec_t now, uint32_t index, struct core_peer *peer) {
    const struct member *me = member_find(&core->table, &core->saved.id);

    if (me != NULL && index >= (uint32_t)(me - core->table.list))
        index++;
    if (index >= core->table.count)
        return false;
    peer_member(core, now, &core->table.list[index], peer);
    return true;
}

static bool peer_in_line(const struct core *core, usec_t now, uint32_t index, struct core_peer *peer) {
    if (index >= node_successor_place(core, &core->saved.id))
        index++;
    if (index >= core->following.successors.count)
        return false;
    peer_successor(core, now, &core->following.successors.list[index], peer);
    return true;
}

bool core_peer(const struct core *core, usec_t now, uint32_t index, struct core_peer *peer) {
    bool following = core->phase == PHASE_FOLLOWING;

    memset(peer, 0, sizeof(*peer));
    peer->loss = LOSS_UNKNOWN;
    if (index == 0) {
        peer_self(core, now, peer);
        return true;
    }
    if (following && index == 1) {
        peer_leader(core, now, peer);
        return true;
    }
    if (!following)
        return core->phase == PHASE_LEADING && peer_in_table(core, now, index - 1, peer);
    if (paging_is_complete(core, now))
        return peer_in_table(core, now, index - 2, peer);
    return peer_in_line(core, now, index - 2, peer);
}
