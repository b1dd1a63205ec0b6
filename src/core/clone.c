/* SPDX-License-Identifier: ISC
 *
 * clone.c - see clone.h.
 */
#include "core/clone.h"
#include "base/util.h"
#include "core/discovery.h"
#include "core/follow.h"
#include "core/leadership.h"
#include "core/voter.h"

enum { NEW_ID_ANNOUNCES = 3 };
static const usec_t near_us = 500000;
static const usec_t answer_interval_us = 100000;
static const usec_t settled_us = USEC_PER_SEC; /* words about a former id come no later, as a rule */

struct start {
    uint32_t incarnation;
    uint64_t boot_nonce;
};

/* A new identity: a node without history, the youngest. It still knows where its leader is, which may be out of reach
 * of multicast. */
static void become_another(struct core *core, const struct address *other) {
    const struct contact leader = core->following.leader;
    bool followed = core->phase == PHASE_FOLLOWING;
    struct notice *notice;

    if (core->phase == PHASE_LEADING)
        leadership_end(core, REASON_CLONE);
    else if (followed)
        emit_leadership(core, NOTICE_NO_LEADER, REASON_CLONE);
    for (unsigned i = 0; i < sizeof(core->saved.id.bytes); i++)
        core->saved.id.bytes[i] = (uint8_t)rng_u64(&core->rng);
    core->saved.voted = (struct node_id){{0}};
    core->saved.pin = (struct wire_roster){0};
    core->id_taken_at = core->now;
    core->id_announces = NEW_ID_ANNOUNCES;
    core->id_exchange = core->exchange_number + 1;
    core->fresh = true;
    core->born_at = core->now;
    core->has_birth = false;
    emit_persist(core, true);
    notice = emit_notice(core, NOTICE_CLONE, REASON_NONE);
    notice->address = *other;
    notice->id = core->saved.id;
    notice->taken = true;
    discovery_begin(core);
    if (followed && core->links > 0)
        follow_approach(core, &leader, REASON_JOIN);
}

static void answer(struct core *core, uint64_t heard_nonce) {
    struct wire_message *message = &emit_unicast(core, WIRE_CLONE, &core->source)->message;

    message->clone = (struct wire_clone){node_age(core), heard_nonce};
    core->clone_answered_at = core->now;
}

/* MEMB-7. */
void clone_on_own_id(struct core *core, const struct wire_message *message) {
    const struct wire_clone *clone = &message->clone;
    int64_t mine = node_age(core);
    const struct address other = core->source.address;

    voter_abstain(core);
    if (message->header.type != WIRE_CLONE || clone->heard_nonce != core->boot_nonce) {
        if (core->now - core->clone_answered_at >= answer_interval_us)
            answer(core, message->header.boot_nonce);
        return;
    }
    if (mine > clone->age + near_us) { /* the other one yields; it must know my age */
        answer(core, message->header.boot_nonce);
        return;
    }
    if (clone->age - mine <= near_us)
        answer(core, message->header.boot_nonce);
    become_another(core, &other);
}

/* MEMB-8, for who has gone back; clone_is_stale() for who notices. */
void clone_on_stale(struct core *core, const struct wire_message *message) {
    const struct address unknown = {.family = 0}; /* who notices does not say where the other one is */
    bool meant = message->header.receiver_nonce == core->boot_nonce; /* not an earlier start's late datagram */
    bool settled = core->now - core->id_taken_at >= settled_us; /* all that heard the former id say so at once */

    if (meant && settled && message->stale.incarnation >= core->saved.incarnation)
        become_another(core, &unknown);
    else
        node_refuse(core, REFUSAL_STALE_UNMEANT);
}

/* The latest start of that id; incarnation 0: none is known. */
static struct start latest_start(const struct core *core, const struct node_id *id) {
    const struct heard *heard = heard_find(&core->heard, id);
    const struct member *member;

    if (heard != NULL)
        return (struct start){heard->incarnation, heard->contact.boot_nonce};
    member = core->phase == PHASE_LEADING ? member_find(&core->table, id) : NULL;
    return member != NULL ? (struct start){member->incarnation, member->boot_nonce} : (struct start){0, 0};
}

/* All that hear a multicast answer it, and anybody can make one, in any name. A unicast has one answer, and many may
 * have gone back at once, with nobody but their leader to notice. */
static void answer_stale(struct core *core, uint32_t incarnation, bool multicast) {
    if (multicast && core->now - core->stale_answered_at < answer_interval_us)
        return;
    emit_unicast(core, WIRE_STALE, &core->source)->message.stale = (struct wire_stale){incarnation, 0};
    if (multicast)
        core->stale_answered_at = core->now;
}

bool clone_is_stale(struct core *core, const struct wire_header *header, bool multicast) {
    const struct start before = latest_start(core, &header->sender);
    bool back = header->incarnation < before.incarnation;
    bool twin = header->incarnation == before.incarnation && header->boot_nonce != before.boot_nonce;

    if (before.incarnation == 0 || (!back && !twin))
        return false;
    answer_stale(core, before.incarnation, multicast);
    return true;
}
