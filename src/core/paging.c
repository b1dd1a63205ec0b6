/* SPDX-License-Identifier: ISC
 *
 * paging.c - see paging.h. A follower keeps its copy in the memory of the table that it would use as leader.
 */
#include "core/paging.h"
#include "base/util.h"
#include "core/exchange.h"
#include "core/leadership.h"

#include <string.h>

enum { PULL_INTERVAL_US = 1000000, TRIES_MAX = 8 };

void paging_forget(struct core *core) {
    bool wanted = core->paging.wanted;

    member_table_clear(&core->table);
    memset(&core->paging, 0, sizeof(core->paging));
    timer_stop(core, TIMER_PAGE);
    if (wanted)
        emit_notice(core, NOTICE_TABLE, REASON_NONE);
}

bool paging_is_complete(const struct core *core, usec_t now) {
    return core->paging.complete && now - core->paging.done_at < 2 * PULL_INTERVAL_US;
}

static void done(struct core *core, bool complete) {
    core->paging.wanted = false;
    core->paging.busy = false;
    core->paging.complete = complete;
    core->paging.done_at = core->now;
    timer_stop(core, TIMER_PAGE);
    emit_notice(core, NOTICE_TABLE, REASON_NONE);
}

static void send_page(struct core *core) {
    struct wire_message *message = &emit_unicast(core, WIRE_PAGE, &core->following.leader)->message;

    message->page = (struct wire_page){core->table.count > 0 ? core->paging.version : 0, core->table.count};
    timer_after(core, TIMER_PAGE, exchange_spacing(core));
}

static void start(struct core *core) {
    member_table_clear(&core->table);
    core->paging.complete = false;
    core->paging.busy = true;
    send_page(core);
}

/* MEMB-4: only while somebody asks, and at most once in the interval. */
void paging_on_wanted(struct core *core) {
    struct paging *paging = &core->paging;
    usec_t since = core->now - paging->done_at;

    if (core->phase != PHASE_FOLLOWING || (paging->complete && since < PULL_INTERVAL_US)) {
        emit_notice(core, NOTICE_TABLE, REASON_NONE);
        return;
    }
    paging->wanted = true;
    if (paging->busy)
        return;
    paging->tries = 0;
    start(core);
}

void paging_due(struct core *core) {
    if (++core->paging.tries > TRIES_MAX)
        done(core, false);
    else
        send_page(core);
}

static void fill_record(const struct core *core, const struct member *member, struct wire_record *record) {
    *record = (struct wire_record){
        .id = member->id,
        .incarnation = member->incarnation,
        .birth = member->birth,
        .address = member->address,
        .last_seen_ms = (uint32_t)((core->now - member->heard_at) / USEC_PER_MS),
        .rtt_us = member->rtt_us,
        .facts = member->facts,
    };
}

void paging_on_page(struct core *core, const struct wire_page *page) {
    const struct member_table *table = &core->table;
    struct wire_message *message;
    struct wire_page_reply *reply;

    if (core->phase != PHASE_LEADING || !leadership_answers(core))
        return;
    if (member_find(table, &core->source.id) == NULL) { /* SEC-4 */
        node_refuse(core, REFUSAL_PAGE_UNLISTED);
        return;
    }
    message = &emit_unicast(core, WIRE_PAGE_REPLY, &core->source)->message;
    reply = &message->page_reply;
    reply->version = table->version;
    reply->index = page->index < table->count ? page->index : table->count;
    reply->total = table->count;
    while (reply->count < WIRE_PAGE_MAX && reply->index + reply->count < table->count) {
        const struct member *member = &table->list[reply->index + reply->count];

        fill_record(core, member, &reply->records[reply->count]);
        message->paused |= (uint16_t)(member->facts.paused << reply->count);
        reply->count++;
    }
}

static void take_record(struct core *core, const struct wire_record *record, bool paused) {
    bool listed = member_find(&core->table, &record->id) != NULL;
    struct member *member = listed ? NULL : member_add(&core->table, &record->id);

    if (member == NULL)
        return;
    member->incarnation = record->incarnation;
    member->birth = record->birth;
    member->address = record->address;
    member->heard_at = core->now - record->last_seen_ms * USEC_PER_MS;
    member->rtt_us = record->rtt_us;
    member->facts = record->facts;
    member->facts.paused = paused;
}

void paging_on_reply(struct core *core, const struct wire_message *message) {
    const struct wire_page_reply *reply = &message->page_reply;
    struct paging *paging = &core->paging;
    bool from_mine = node_id_equal(&core->source.id, &core->saved.own.leader);

    if (core->phase != PHASE_FOLLOWING || !paging->busy || !from_mine) {
        node_refuse(core, REFUSAL_UNASKED);
        return;
    }
    if (reply->index != core->table.count)
        return;
    if (reply->index > 0 && reply->version != paging->version) { /* it changed meanwhile: from the beginning */
        if (++paging->tries > TRIES_MAX)
            done(core, false);
        else
            start(core);
        return;
    }
    paging->version = reply->version;
    for (unsigned i = 0; i < reply->count; i++)
        take_record(core, &reply->records[i], message->paused >> i & 1);
    if (core->table.count >= reply->total)
        done(core, true);
    else if (reply->count == 0 || core->table.count == core->table.capacity)
        done(core, false);
    else
        send_page(core);
}
