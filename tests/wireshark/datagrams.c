/* SPDX-License-Identifier: ISC
 *
 * datagrams.c - writes captures for the dissector of Wireshark, and what it is to make of them.
 *
 *   datagrams messages FILE   every golden datagram: as it is, with a key, and encrypted. Prints the fields (fields.h)
 *   datagrams broken FILE     what each of them can be cut to; thousands that were changed; and captures that have only
 *                             the beginning. Prints for each "FRAME magic refusal", with tabs between: what src/wire
 *                             says of it. Both are empty if it is not ours.
 */
#include "fuzz/mutate.h"
#include "unit/golden.h"
#include "wireshark/capture.h"
#include "wireshark/fields.h"

#include <stdio.h>
#include <string.h>

enum { PORT = 29418, PORT_ELSEWHERE = 10418, KEY_ID = 258, CHANGED = 200 };

static bool is_answer(const struct wire_header *header) {
    const unsigned answers = 1u << WIRE_ACK | 1u << WIRE_REDIRECT | 1u << WIRE_MERGE_REPLY | 1u << WIRE_PAGE_REPLY;

    return (answers & 1u << header->type) != 0;
}

/* A question is sent by host 1, its answer by host 2. */
static struct capture_way way_of(const struct wire_header *header, uint16_t port) {
    bool answer = is_answer(header), unicast = (header->flags & WIRE_FLAG_UNICAST) != 0;

    return (struct capture_way){ .from = answer ? 2 : 1, .to = !unicast ? 0 : answer ? 1 : 2, .port = port };
}

/* What authenticates or encrypts is not judged by a dissector; so any bytes will do. */
static void scramble(uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(0x5a + i);
}

enum form { PLAIN, KEYED, ENCRYPTED, FORM_END };

/* The datagram of a golden message in that form. All senders are one node, which counts them and answers itself. */
static size_t make(enum form form, unsigned seq, struct wire_message *message, uint8_t bytes[WIRE_DATAGRAM_MAX]) {
    message->header.seq = seq;
    if (is_answer(&message->header))
        message->header.receiver_nonce = message->header.boot_nonce;
    message->header.key_id = form == PLAIN ? 0 : KEY_ID;
    message->header.flags &= (uint8_t)~WIRE_FLAG_SEALED;
    if (form == ENCRYPTED)
        message->header.flags |= WIRE_FLAG_SEALED;
    size_t size = wire_encode(message, bytes);
    if (form != PLAIN)
        scramble(bytes + size - WIRE_MAC_SIZE, WIRE_MAC_SIZE);
    return size;
}

static void write_messages(struct capture *capture) {
    uint8_t bytes[WIRE_DATAGRAM_MAX];

    for (unsigned form = 0; form < FORM_END; form++)
        for (unsigned i = 0; i < golden_count; i++) {
            struct wire_message message = golden_vectors[i].message;
            size_t size = make(form, capture->frames, &message, bytes);
            struct capture_way way = way_of(&message.header, form == PLAIN ? PORT : PORT_ELSEWHERE);

            capture_add(capture, &way, bytes, size);
            fields_tell(capture->frames, &message, bytes, size);
        }
}

/* Not ours: shorter than the magic, or another one. */
static bool is_ours(const struct input *input, enum wire_error error) {
    return input->size >= 4 && error != WIRE_FOREIGN;
}

/* What is encrypted cannot be judged by what is in it: then any verdict will do. */
static bool is_sealed(const struct input *input) {
    return input->size > 7 && (input->bytes[7] & WIRE_FLAG_SEALED) != 0;
}

static void tell_verdict(unsigned frame, const struct input *input) {
    static struct wire_message message;
    enum wire_error error = wire_decode(input->bytes, input->size, &message);

    if (!is_ours(input, error))
        printf("%u\t\t\n", frame);
    else
        printf("%u\tELDT\t%s\n", frame, is_sealed(input) ? "*" : error == WIRE_OK ? "" : wire_error_name(error));
}

static void write_judged(struct capture *capture, const struct capture_way *way, const struct input *input) {
    capture_add(capture, way, input->bytes, input->size);
    tell_verdict(capture->frames, input);
}

/* The sender has sent no more than so many bytes of it. */
static void write_shortened(struct capture *capture, const struct capture_way *way, const struct input *whole) {
    struct input input = *whole;

    for (input.size = 0; input.size <= whole->size; input.size++)
        write_judged(capture, way, &input);
}

static void write_changed(struct capture *capture, const struct capture_way *way, const struct input *whole) {
    struct input input;
    struct rng rng;

    mutate_seed(&rng, capture->frames);
    for (unsigned i = 0; i < CHANGED; i++) {
        input = *whole;
        mutate(&rng, &input);
        write_judged(capture, way, &input);
    }
}

/* It is whole, but the capture is not: no reason to refuse it. */
static void write_cut(struct capture *capture, const struct capture_way *way, const struct input *whole) {
    for (size_t size = 0; size < whole->size; size++) {
        capture_add_part(capture, way, whole->bytes, whole->size, size);
        printf("%u\t%s\t\n", capture->frames, size >= 4 ? "ELDT" : "");
    }
}

static void write_broken(struct capture *capture) {
    for (unsigned form = 0; form < FORM_END; form++)
        for (unsigned i = 0; i < golden_count; i++) {
            struct wire_message message = golden_vectors[i].message;
            struct capture_way way = way_of(&message.header, PORT);
            struct input whole;

            whole.size = make(form, capture->frames, &message, whole.bytes);
            write_shortened(capture, &way, &whole);
            write_changed(capture, &way, &whole);
            write_cut(capture, &way, &whole);
        }
}

int main(int argc, char **argv) {
    struct capture capture;

    if (argc != 3 || (strcmp(argv[1], "messages") != 0 && strcmp(argv[1], "broken") != 0)) {
        fprintf(stderr, "usage: datagrams messages|broken FILE\n");
        return 64;
    }
    if (capture_open(&capture, argv[2]) < 0) {
        perror(argv[2]);
        return 1;
    }
    (strcmp(argv[1], "messages") == 0 ? write_messages : write_broken)(&capture);
    return capture_close(&capture) < 0 || fflush(stdout) != 0 ? 1 : 0;
}
