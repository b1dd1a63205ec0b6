/* SPDX-License-Identifier: ISC
 *
 * list_protocol.c - writes what eldest-protocol(7) says in tables as the code has it, for protocol.sh to compare.
 *
 *   list_protocol types     number|message|bytes of its fixed fields|TLVs
 *   list_protocol tlvs      number|name
 *   list_protocol times     what|for each detect, in ms
 *   list_protocol loss      loss|T|K1|K2 for each number of members
 */
#include "base/util.h"
#include "core/params.h"
#include "unit/golden.h"
#include "wire/body.h"
#include "wire/tail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const tlv_names[TAIL_TYPE_END] = {
    [TAIL_NAME] = "name",
    [TAIL_ROSTER] = "roster",
    [TAIL_REGISTRATION] = "registration",
    [TAIL_STRANGER] = "stranger",
    [TAIL_SUCCESSORS] = "successors",
    [TAIL_PADDING] = "padding",
    [TAIL_PAUSED] = "paused",
    [TAIL_TAGS] = "tags",
    [TAIL_COOKIE] = "cookie",
};

/* The fixed fields are what a sound message has without its lists. */
static size_t fixed_size(unsigned type) {
    uint8_t buffer[WIRE_DATAGRAM_MAX];
    struct wire_message message;
    struct writer w;
    unsigned i = 0;

    while (i < golden_count && golden_vectors[i].message.header.type != type)
        i++;
    if (i == golden_count)
        abort();
    message = golden_vectors[i].message;
    if (type == WIRE_PAGE_REPLY)
        message.page_reply.count = 0;
    put_begin(&w, buffer, sizeof buffer);
    body_of_type(type)->encode(&w, &message);
    return put_length(&w);
}

static void list_types(void) {
    for (unsigned type = 1; type < WIRE_TYPE_END; type++) {
        const struct body *body = body_of_type(type);
        const char *separator = "";

        printf("%u|%s|%zu|", type, body->name, fixed_size(type));
        for (unsigned tlv = 1; tlv < TAIL_TYPE_END; tlv++)
            if ((body->carries & 1u << tlv) != 0) {
                printf("%s%s", separator, tlv_names[tlv]);
                separator = ", ";
            }
        printf("%s\n", body->carries == 0 ? "-" : "");
    }
}

static void list_tlvs(void) {
    for (unsigned tlv = 1; tlv < TAIL_TYPE_END; tlv++)
        printf("%u|%s\n", tlv, tlv_names[tlv]);
}

static const usec_t detects_ms[] = { 20, 100, 300, 1000, 5000 };

static struct timing timing_of(usec_t detect_ms) {
    struct timing timing = TIMING_DEFAULT;

    timing.detect = detect_ms * USEC_PER_MS;
    return timing;
}

static void print_ms(usec_t duration) {
    printf("|%lld", (long long)((duration + USEC_PER_MS / 2) / USEC_PER_MS));
}

static void print_intervals(uint32_t members) {
    printf("H, N = %u", members);
    for (size_t i = 0; i < ARRAY_SIZE(detects_ms); i++) {
        struct timing timing = timing_of(detects_ms[i]);

        print_ms(params_interval(&timing, members));
    }
    putchar('\n');
}

static void print_durations(const char *name, usec_t (*duration)(const struct timing *timing)) {
    printf("%s", name);
    for (size_t i = 0; i < ARRAY_SIZE(detects_ms); i++) {
        struct timing timing = timing_of(detects_ms[i]);

        print_ms(duration(&timing));
    }
    putchar('\n');
}

static usec_t lease_of(const struct timing *timing) {
    return params_lease(params_promise(timing));
}

static usec_t voter_interval_of(const struct timing *timing) {
    return params_voter_interval(params_promise(timing));
}

static void list_times(void) {
    static const uint32_t members[] = { 2, 3, 5, 10, 100, 1000 };

    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        print_intervals(members[i]);
    print_durations("floor", params_floor);
    print_durations("W", params_ack_window);
    print_durations("announce", params_announce);
    print_durations("discovery", params_discovery);
    print_durations("alone", params_alone);
    print_durations("start", params_start_announce_max);
    print_durations("collection", params_collection);
    print_durations("objection", params_objection);
    print_durations("damping", params_damping);
    print_durations("resign", params_resign_interval);
    print_durations("P", params_promise);
    print_durations("D", lease_of);
    print_durations("h", voter_interval_of);
}

static void list_loss(void) {
    static const uint32_t members[] = { 2, 3, 5, 9 };
    static const unsigned percents[] = { 10, 20, 30, 50, 80 };

    for (size_t i = 0; i < ARRAY_SIZE(percents); i++) {
        uint32_t loss = LOSS_ONE * percents[i] / 100;

        printf("%u %%|%u|%u", percents[i], params_tries(loss), params_own_tries(loss));
        for (size_t k = 0; k < ARRAY_SIZE(members); k++)
            printf("|%u", params_shared_tries(loss, members[k]));
        putchar('\n');
    }
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*list)(void);
    } lists[] = { { "types", list_types }, { "tlvs", list_tlvs }, { "times", list_times }, { "loss", list_loss } };

    for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(lists); i++)
        if (strcmp(argv[1], lists[i].name) == 0) {
            lists[i].list();
            return 0;
        }
    return 64;
}
