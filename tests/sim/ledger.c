/* SPDX-License-Identifier: ISC
 *
 * ledger.c - see ledger.h.
 */
#include "ledger.h"

#include "base/util.h"

#include <stdlib.h>

void ledger_init(struct ledger *ledger, uint32_t nodes) {
    *ledger = (struct ledger){ .until = calloc(nodes, sizeof(usec_t)), .nodes = nodes };
    if (!ledger->until)
        abort();
}

void ledger_release(struct ledger *ledger) {
    free(ledger->until);
    free(ledger->elected);
    *ledger = (struct ledger){ 0 };
}

bool ledger_hold(struct ledger *ledger, uint32_t node, usec_t now, usec_t until, uint32_t *ret_other) {
    ledger->spells += until > now && ledger->until[node] <= now;
    ledger->until[node] = until;
    if (until <= now)
        return true;
    for (uint32_t i = 0; i < ledger->nodes; i++) {
        if (i == node || ledger->until[i] <= now)
            continue;
        *ret_other = i;
        return false;
    }
    return true;
}

static void grow(struct ledger *ledger) {
    ledger->size = ledger->size ? 2 * ledger->size : 16;
    ledger->elected = realloc(ledger->elected, ledger->size * sizeof(*ledger->elected));
    if (!ledger->elected)
        abort();
}

bool ledger_elected(struct ledger *ledger, const struct token *token) {
    bool alone = true;

    for (size_t i = 0; i < ledger->count; i++)
        alone = alone && (ledger->elected[i].epoch != token->epoch || token_equal(&ledger->elected[i], token));
    if (ledger->count == ledger->size)
        grow(ledger);
    ledger->elected[ledger->count++] = *token;
    return alone;
}

bool ledger_leased(struct ledger *ledger, const struct token *token) {
    bool rises = token->epoch > ledger->leased.epoch;

    ledger->leased = *token;
    return rises;
}
