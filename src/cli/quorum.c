/* SPDX-License-Identifier: ISC
 *
 * quorum.c - see quorum.h.
 */
#include "cli/quorum.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append(char text[QUORUM_TEXT_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(char text[QUORUM_TEXT_SIZE], const char *format, ...) {
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + length, QUORUM_TEXT_SIZE - length, format, arguments);
    va_end(arguments);
}

const json_t *quorum_of(const json_t *document) {
    const json_t *quorum = json_object_get(document, "quorum");

    return strcmp(text_of(quorum, "policy"), "majority") == 0 ? quorum : NULL;
}

const json_t *quorum_seats(const json_t *document) {
    return json_object_get(json_object_get(quorum_of(document), "roster"), "seats");
}

const char *quorum_no_leader(const json_t *document, char text[QUORUM_TEXT_SIZE]) {
    const char *why = text_of(quorum_of(document), "why");

    text[0] = '\0';
    append(text, "%s%s%s", text_no_leader(json_object_get(document, "node")), *why ? ": " : "", why);
    return text;
}

/* A leader has other things to do than to vote. */
static void append_time(char text[QUORUM_TEXT_SIZE], const json_t *document, const json_t *quorum) {
    const json_t *lease = json_object_get(document, "lease_ms"), *abstains = json_object_get(quorum, "abstains_ms");
    char left[TEXT_SIZE];

    if (json_is_integer(lease))
        append(text, "; lease %s", text_ms(lease, left));
    else if (!json_is_object(json_object_get(document, "leader")) && json_integer_value(abstains) > 0)
        append(text, "; this node votes again in %s", text_ms(abstains, left));
}

const char *quorum_votes(const json_t *document, char text[QUORUM_TEXT_SIZE]) {
    const json_t *quorum = quorum_of(document);

    text[0] = '\0';
    if (!quorum)
        return text;
    append(text, "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " needed, %" JSON_INTEGER_FORMAT " heard",
           integer_of(quorum, "needed"), integer_of(quorum, "expect"), integer_of(quorum, "have"));
    append_time(text, document, quorum);
    return text;
}

const char *quorum_names(const json_t *document, char text[QUORUM_TEXT_SIZE]) {
    const json_t *seats = quorum_seats(document), *seat;
    char name[TEXT_SIZE];
    size_t index;

    text[0] = '\0';
    json_array_foreach(seats, index, seat)
        append(text, "%s%s", index > 0 ? ", " : "", text_name(seat, name));
    if (seats && json_is_false(json_object_get(quorum_of(document), "seat")))
        append(text, "; this node has none");
    return text;
}
