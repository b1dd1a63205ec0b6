/* SPDX-License-Identifier: ISC
 *
 * types.c - comparisons of the values in types.h.
 */
#include "base/types.h"

#include <string.h>

int node_id_compare(const struct node_id *a, const struct node_id *b) {
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool node_id_equal(const struct node_id *a, const struct node_id *b) {
    return node_id_compare(a, b) == 0;
}

bool node_id_is_none(const struct node_id *id) {
    static const struct node_id none;

    return node_id_equal(id, &none);
}

bool address_equal(const struct address *a, const struct address *b) {
    return a->family == b->family && a->port == b->port && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool token_equal(const struct token *a, const struct token *b) {
    return a->epoch == b->epoch && node_id_equal(&a->leader, &b->leader);
}
