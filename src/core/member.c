/* SPDX-License-Identifier: ISC
 *
 * member.c - see member.h: open addressing with backward shift, so that a removal leaves no tombstone.
 */
#include "core/member.h"
#include "core/rank.h"

#include <assert.h>
#include <string.h>

static uint32_t index_size_for(uint32_t capacity) {
    uint32_t size = 4;

    while (size < 2 * capacity)
        size *= 2;
    return size;
}

size_t member_table_size(uint32_t capacity) {
    return capacity * sizeof(struct member) + index_size_for(capacity) * sizeof(uint32_t);
}

void member_table_init(struct member_table *table, uint32_t capacity, void *memory) {
    table->list = memory;
    table->index = (uint32_t *)(table->list + capacity);
    table->index_size = index_size_for(capacity);
    table->capacity = capacity;
    table->version = 0;
    member_table_clear(table);
}

void member_table_clear(struct member_table *table) {
    memset(table->index, 0, table->index_size * sizeof(uint32_t));
    table->count = 0;
    table->version++;
}

/* Ids are random, so any of their bytes spread well. */
static uint32_t home_slot(const struct member_table *table, const struct node_id *id) {
    uint32_t hash = 0;

    for (unsigned i = 0; i < 4; i++)
        hash = hash << 8 | id->bytes[i];
    return (hash ^ id->bytes[15] ^ (uint32_t)id->bytes[14] << 8) & (table->index_size - 1);
}

/* The slot that holds the id, or the empty one where it belongs. */
static uint32_t slot_of(const struct member_table *table, const struct node_id *id) {
    uint32_t slot = home_slot(table, id);

    while (table->index[slot] != 0 && !node_id_equal(&table->list[table->index[slot] - 1].id, id))
        slot = (slot + 1) & (table->index_size - 1);
    return slot;
}

struct member *member_find(const struct member_table *table, const struct node_id *id) {
    uint32_t place = table->index[slot_of(table, id)];

    return place == 0 ? NULL : &table->list[place - 1];
}

struct member *member_add(struct member_table *table, const struct node_id *id) {
    uint32_t slot = slot_of(table, id);
    struct member *member = &table->list[table->count];

    assert(table->index[slot] == 0);
    if (table->count == table->capacity)
        return NULL;
    memset(member, 0, sizeof(*member));
    member->id = *id;
    table->index[slot] = ++table->count;
    table->version++;
    return member;
}

/* Empties a slot and moves back whoever stands behind it only because of it. */
static void vacate(struct member_table *table, uint32_t slot) {
    uint32_t mask = table->index_size - 1;
    uint32_t next = slot;

    for (;;) {
        next = (next + 1) & mask;
        if (table->index[next] == 0)
            break;
        uint32_t home = home_slot(table, &table->list[table->index[next] - 1].id);
        if (((next - home) & mask) < ((next - slot) & mask))
            continue;
        table->index[slot] = table->index[next];
        slot = next;
    }
    table->index[slot] = 0;
}

void member_remove(struct member_table *table, struct member *member) {
    struct member *last = &table->list[table->count - 1];

    vacate(table, slot_of(table, &member->id));
    if (member != last) {
        table->index[slot_of(table, &last->id)] = (uint32_t)(member - table->list) + 1;
        *member = *last;
    }
    table->count--;
    table->version++;
}

static struct rank_key successor_key(const struct wire_successor *successor, uint64_t timeline) {
    return (struct rank_key){successor->priority, timeline, successor->birth, successor->id};
}

/* How many of the list come before that one. */
static uint8_t place_among(const struct wire_successors *seniors, const struct wire_successor *one, uint64_t timeline) {
    struct rank_key key = successor_key(one, timeline);
    uint8_t place = seniors->count;

    while (place > 0) {
        struct rank_key other = successor_key(&seniors->list[place - 1], timeline);
        if (rank_compare(&other, &key, timeline) == RANK_SENIOR)
            break;
        place--;
    }
    return place;
}

void member_seniors_add(struct wire_successors *seniors, const struct member *member, uint64_t timeline) {
    const struct wire_successor one = {member->id, member->birth, member->facts.priority, true, member->address};
    uint8_t place = place_among(seniors, &one, timeline);

    if (!member->facts.eligible || place == SUCCESSORS_MAX)
        return;
    if (seniors->count < SUCCESSORS_MAX)
        seniors->count++;
    memmove(&seniors->list[place + 1], &seniors->list[place], (seniors->count - 1U - place) * sizeof(one));
    seniors->list[place] = one;
}

void member_seniors(const struct member_table *table, uint64_t timeline, struct wire_successors *seniors) {
    seniors->count = 0;
    for (uint32_t i = 0; i < table->count; i++)
        member_seniors_add(seniors, &table->list[i], timeline);
}

const char *member_table_check(const struct member_table *table) {
    uint32_t used = 0;

    if (table->count > table->capacity)
        return "more members than the table holds";
    for (uint32_t slot = 0; slot < table->index_size; slot++)
        used += table->index[slot] != 0;
    if (used != table->count)
        return "the index and the table count differently";
    for (uint32_t i = 0; i < table->count; i++)
        if (member_find(table, &table->list[i].id) != &table->list[i])
            return "a member is not found by its id";
    return NULL;
}

/* Where that node is in the list; count if it is not. */
static unsigned heard_place(const struct heard_list *heard, const struct node_id *id) {
    unsigned place = 0;

    while (place < heard->count && !node_id_equal(&heard->list[place].contact.id, id))
        place++;
    return place;
}

const struct heard *heard_find(const struct heard_list *heard, const struct node_id *id) {
    unsigned place = heard_place(heard, id);

    return place < heard->count ? &heard->list[place] : NULL;
}

static struct heard *least_recent(struct heard_list *heard) {
    struct heard *oldest = &heard->list[0];

    for (unsigned i = 1; i < heard->count; i++)
        if (heard->list[i].at < oldest->at)
            oldest = &heard->list[i];
    return oldest;
}

/* The entry of the same start under its former id; NULL if it has had none. */
static struct heard *former_self(struct heard_list *heard, uint64_t boot_nonce) {
    for (unsigned i = 0; i < heard->count && boot_nonce != 0; i++)
        if (heard->list[i].contact.boot_nonce == boot_nonce)
            return &heard->list[i];
    return NULL;
}

static struct heard *entry_for_newcomer(struct heard_list *heard, const struct contact *contact) {
    struct heard *former = former_self(heard, contact->boot_nonce);
    struct heard *entry = former != NULL ? former : least_recent(heard);

    if (former == NULL && heard->count < HEARD_MAX)
        entry = &heard->list[heard->count++];
    memset(entry, 0, sizeof(*entry));
    return entry;
}

struct heard *heard_note(struct heard_list *heard, const struct contact *contact, usec_t now) {
    unsigned place = heard_place(heard, &contact->id);
    struct heard *entry = place < heard->count ? &heard->list[place] : entry_for_newcomer(heard, contact);

    entry->contact = *contact;
    entry->at = now;
    return entry;
}
