/* SPDX-License-Identifier: ISC
 *
 * roster.c - see roster.h.
 */
#include "core/roster.h"

#include <string.h>

bool roster_is_known(const struct wire_roster *roster) {
    return roster->count > 0;
}

unsigned roster_place(const struct wire_roster *roster, const struct node_id *id) {
    for (unsigned i = 0; i < roster->count; i++)
        if (node_id_equal(&roster->ids[i], id))
            return i;
    return ROSTER_MAX;
}

bool roster_has(const struct wire_roster *roster, const struct node_id *id) {
    return roster_place(roster, id) < ROSTER_MAX;
}

unsigned roster_quorum(const struct wire_roster *roster) {
    return roster->expect / 2U + 1;
}

int roster_compare(const struct wire_roster *a, const struct wire_roster *b) {
    if (a->epoch != b->epoch)
        return a->epoch < b->epoch ? -1 : 1;
    return a->change < b->change ? -1 : a->change > b->change;
}

bool roster_same_seats(const struct wire_roster *a, const struct wire_roster *b) {
    if (a->expect != b->expect || a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (!roster_has(b, &a->ids[i]))
            return false;
    return true;
}

void roster_add(struct wire_roster *roster, const struct node_id *id) {
    unsigned place = roster->count;

    if (roster->count == ROSTER_MAX || roster_has(roster, id))
        return;
    while (place > 0 && node_id_compare(id, &roster->ids[place - 1]) < 0) {
        roster->ids[place] = roster->ids[place - 1];
        place--;
    }
    roster->ids[place] = *id;
    roster->count++;
}

void roster_remove(struct wire_roster *roster, const struct node_id *id) {
    unsigned place = roster_place(roster, id);

    if (place == ROSTER_MAX)
        return;
    roster->count--;
    memmove(&roster->ids[place], &roster->ids[place + 1], (roster->count - place) * sizeof(roster->ids[0]));
    memset(&roster->ids[roster->count], 0, sizeof(roster->ids[0]));
}
