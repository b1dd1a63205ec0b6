/* SPDX-License-Identifier: ISC
 *
 * cover.c - see cover.h.
 */
#include "cover.h"

#include "fault.h"

#include <inttypes.h>
#include <stdio.h>

static unsigned event_index(const struct event *event) {
    return event->type == EVENT_DATAGRAM ? EVENT_TYPE_END + (unsigned)event->datagram.message->header.type
                                          : (unsigned)event->type;
}

static const char *index_name(unsigned index) {
    if (index < EVENT_TYPE_END)
        return event_name((enum event_type)index);
    return wire_type_name((uint8_t)(index - EVENT_TYPE_END));
}

void cover_step(struct cover *cover, const struct event *event, enum standing before, enum standing after, bool acted) {
    if (!cover)
        return;
    cover->steps[before][after][event_index(event)]++;
    cover->acted[event_index(event)] += acted || before != after;
}

void cover_sent(struct cover *cover, uint8_t type) {
    if (cover)
        cover->sent[type]++;
}

void cover_fault(struct cover *cover, unsigned kind) {
    if (cover)
        cover->faults[kind]++;
}

/* How often a node came by that event, or by whatever if that is 0, from one standing to the other. */
static uint64_t steps(const struct cover *cover, unsigned before, unsigned after, unsigned event) {
    uint64_t count = cover->steps[before][after][event];

    for (unsigned i = 1; event == 0 && i < COVER_EVENTS; i++)
        count += cover->steps[before][after][i];
    return count;
}

static uint64_t handled(const struct cover *cover, unsigned event) {
    uint64_t count = 0;

    for (unsigned before = 0; before < COVER_STANDINGS; before++)
        for (unsigned after = 0; after < COVER_STANDINGS; after++)
            count += cover->steps[before][after][event];
    return count;
}

static void print_change(const struct cover *cover, unsigned before, unsigned after) {
    printf("  %s -> %s: %" PRIu64 " (", standing_name((enum standing)before), standing_name((enum standing)after),
           steps(cover, before, after, 0));
    for (unsigned event = 1, told = 0; event < COVER_EVENTS; event++)
        if (steps(cover, before, after, event) > 0)
            printf("%s%s %" PRIu64, told++ ? ", " : "", index_name(event), steps(cover, before, after, event));
    puts(")");
}

static void print_changes(const struct cover *cover) {
    puts("Changes of standing, and what brought them:");
    for (unsigned before = 0; before < COVER_STANDINGS; before++)
        for (unsigned after = 0; after < COVER_STANDINGS; after++)
            if (before != after && steps(cover, before, after, 0) > 0)
                print_change(cover, before, after);
}

static void print_events(const struct cover *cover) {
    puts("Events and messages: sent, handled, acted on:");
    for (unsigned event = 1; event < COVER_EVENTS; event++) {
        if (event == EVENT_DATAGRAM || event == EVENT_TYPE_END)
            continue;
        printf("  %-18s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", index_name(event),
               event < EVENT_TYPE_END ? 0 : cover->sent[event - EVENT_TYPE_END], handled(cover, event),
               cover->acted[event]);
    }
}

static void print_faults(const struct cover *cover) {
    puts("Faults:");
    for (unsigned kind = 0; fault_name(kind); kind++)
        printf("  %-32s %9" PRIu64 "\n", fault_name(kind), cover->faults[kind]);
}

static void print_unchanged(const struct cover *cover, unsigned before) {
    printf("  from \"%s\" to:", standing_name((enum standing)before));
    for (unsigned after = 0; after < COVER_STANDINGS; after++)
        if (before != after && steps(cover, before, after, 0) == 0)
            printf(" \"%s\"", standing_name((enum standing)after));
    puts("");
}

static void print_never(const struct cover *cover) {
    puts("Never exercised:");
    for (unsigned event = 1; event < COVER_EVENTS; event++)
        if (event != EVENT_DATAGRAM && event != EVENT_TYPE_END && cover->acted[event] == 0)
            printf("  %s was never %s\n", index_name(event), handled(cover, event) ? "acted on" : "handled");
    for (unsigned kind = 0; fault_name(kind); kind++)
        if (cover->faults[kind] == 0)
            printf("  the fault \"%s\" never happened\n", fault_name(kind));
    for (unsigned before = 0; before < COVER_STANDINGS; before++)
        print_unchanged(cover, before);
}

void cover_print(const struct cover *cover) {
    print_changes(cover);
    print_events(cover);
    print_faults(cover);
    print_never(cover);
}
