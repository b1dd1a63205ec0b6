/* SPDX-License-Identifier: ISC
 *
 * retire.c - `eldest retire`: takes the seat of a node away (quorum = majority), or shows who has one.
 *
 * The daemon knows nodes by their ids. What people say, a name or the first digits of an id, is looked up in its seats;
 * a follower knows the names of all members when it was asked for the whole status.
 */
#include "base/str.h"
#include "cli/quorum.h"
#include "cli/session.h"
#include "lib/client.h"
#include "text/value.h"

#include <stdio.h>
#include <string.h>

/* A daemon that has none of them at all. */
static enum status complain_of_no_seats(const json_t *document) {
    if (quorum_of(document))
        cli_complain("nobody has a seat yet: the cluster is not founded, or this node has not heard of it");
    else
        cli_complain("there are no seats: this node has quorum = none");
    return STATUS_NOT_LEADER;
}

static bool is_named(const json_t *seat, const char *word) {
    return strcmp(text_of(seat, "name"), word) == 0 || strcmp(text_of(seat, "id"), word) == 0;
}

static bool begins_with(const json_t *seat, const char *word) {
    return strncmp(text_of(seat, "id"), word, strlen(word)) == 0;
}

/* The seats that are meant: those with that name or id, or else those whose id begins so. */
static size_t find(const json_t *seats, const char *word, const json_t **ret) {
    bool (*const ways[])(const json_t *, const char *) = { is_named, begins_with };
    size_t index, count = 0;
    const json_t *seat;

    for (size_t way = 0; way < 2 && count == 0; way++)
        json_array_foreach(seats, index, seat)
            if (ways[way](seat, word)) {
                *ret = seat;
                count++;
            }
    return count;
}

static enum status choose(const json_t *document, const char *word, const json_t **ret) {
    const json_t *seats = quorum_seats(document);
    size_t count = *word != '\0' ? find(seats, word, ret) : 0;

    if (!seats)
        return complain_of_no_seats(document);
    if (count == 1)
        return STATUS_OK;
    cli_complain("%s: %s; eldest retire shows who has a seat", word,
                 count == 0 ? "no seat has that name, nor an id that begins so" : "more than one seat is called so");
    return STATUS_NO_SEAT;
}

/* Printing */

static void print_seat(const json_t *seat) {
    const char *name = text_of(seat, "name");

    printf("%s  %s%s\n", text_of(seat, "id"), *name ? name : "-",
           json_is_true(json_object_get(seat, "self")) ? "  this node" : "");
}

static enum status show(const struct cli *cli) {
    size_t index;
    const json_t *seat;
    json_t *document;
    enum status status = session_ask(cli, "status", SESSION_ANSWER_LIMIT, &document);

    if (status != STATUS_OK)
        return status;
    if (!quorum_seats(document))
        status = complain_of_no_seats(document);
    else if (!cli->json)
        json_array_foreach(quorum_seats(document), index, seat)
            print_seat(seat);
    json_decref(document);
    return status;
}

static void print_outcome(const char *who, const json_t *outcome) {
    size_t left = json_array_size(quorum_seats(outcome));

    printf("Retired: %s. %zu %s left%s.\n", who, left, left == 1 ? "seat is" : "seats are",
           (json_int_t)left < integer_of(quorum_of(outcome), "expect")
               ? "; the next spare that is there takes the free one"
               : "");
}

/* Doing it */

static enum status retire(const struct cli *cli, const json_t *seat) {
    const char *name = text_of(seat, "name"), *id = text_of(seat, "id");
    json_t *outcome;
    enum status status = session_ask_for(cli, json_pack("{s:s, s:s}", "command", "retire", "id", id),
                                         SESSION_ANSWER_LIMIT, &outcome);

    if (status != STATUS_OK)
        return status;
    if (!cli->json)
        print_outcome(*name ? name : id, outcome);
    json_decref(outcome);
    return STATUS_OK;
}

/* What the question says is nobody's but ours. */
static enum status look_up(const struct cli *cli, const char *word) {
    struct cli silent = *cli;
    const json_t *seat = NULL;
    json_t *document;

    silent.json = false;
    enum status status = session_ask(&silent, "status", SESSION_ANSWER_LIMIT, &document);
    if (status != STATUS_OK)
        return status;
    status = choose(document, word, &seat);
    if (status == STATUS_OK)
        status = retire(cli, seat);
    json_decref(document);
    return status;
}

enum status verb_retire(struct cli *cli, int argc, char **argv) {
    const char *word = NULL;

    if (cli_getopt(cli, argc, argv) != -1)
        return STATUS_USAGE;
    if (optind < argc)
        word = argv[optind++];
    if (!cli_no_arguments(argc, argv))
        return STATUS_USAGE;
    return word ? look_up(cli, word) : show(cli);
}
