/* SPDX-License-Identifier: ISC
 *
 * replay.c - runs a fuzz target without libFuzzer: on files, or on seeded random mutations of the golden datagrams.
 *
 *   replay FILE...            each file once, for example what libFuzzer left behind
 *   replay [-s SEED] [-n N]   N mutations of each golden datagram; the same SEED makes the same ones
 *   replay -w DIR             writes the golden datagrams to files there, as a seed corpus for libFuzzer
 */
#include "base/rng.h"
#include "base/str.h"
#include "base/util.h"
#include "fuzz.h"
#include "unit/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 2 * WIRE_DATAGRAM_MAX, MUTATIONS_DEFAULT = 2000, CHANGES_MAX = 4 };

/* The target gets a copy of exact size, so that the address sanitizer sees every byte read beyond it. */
static void feed(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        abort();
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int feed_file(const char *path) {
    static uint8_t bytes[1 << 16];
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        return -1;
    }
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    feed(bytes, size);
    return 0;
}

struct input {
    uint8_t bytes[INPUT_MAX];
    size_t size;
};

static size_t any_position(struct rng *rng, const struct input *input) {
    return (size_t)rng_between(rng, 0, (int64_t)input->size - 1);
}

static void flip_bit(struct rng *rng, struct input *input) {
    input->bytes[any_position(rng, input)] ^= (uint8_t)(1 << rng_between(rng, 0, 7));
}

/* Values at which lengths and counts break. */
static void set_byte(struct rng *rng, struct input *input) {
    static const uint8_t values[] = { 0, 1, 2, 9, 10, 16, 17, 32, 33, 63, 64, 0x7f, 0x80, 0xfe, 0xff };

    input->bytes[any_position(rng, input)] = values[rng_between(rng, 0, ARRAY_SIZE(values) - 1)];
}

static void cut_out(struct rng *rng, struct input *input) {
    size_t from = any_position(rng, input);
    size_t count = (size_t)rng_between(rng, 1, min_i64(40, (int64_t)(input->size - from)));

    memmove(input->bytes + from, input->bytes + from + count, input->size - from - count);
    input->size -= count;
}

/* Copies a piece to another place, as if a TLV came twice. */
static void repeat_piece(struct rng *rng, struct input *input) {
    size_t from = any_position(rng, input), to = any_position(rng, input);
    size_t count = (size_t)rng_between(rng, 1, min_i64(60, (int64_t)(input->size - from)));
    uint8_t piece[60];

    if (input->size + count > sizeof(input->bytes))
        return;
    memcpy(piece, input->bytes + from, count);
    memmove(input->bytes + to + count, input->bytes + to, input->size - to);
    memcpy(input->bytes + to, piece, count);
    input->size += count;
}

static void mutate(struct rng *rng, struct input *input) {
    static void (*const ways[])(struct rng *, struct input *) = { flip_bit, flip_bit, set_byte, cut_out, repeat_piece };
    int64_t changes = rng_between(rng, 1, CHANGES_MAX);

    for (int64_t i = 0; i < changes && input->size > 0; i++)
        ways[rng_between(rng, 0, ARRAY_SIZE(ways) - 1)](rng, input);
}

static void feed_mutations(uint64_t seed, uint64_t count) {
    uint8_t key[RNG_SEED_SIZE] = { 0 };
    struct input input;
    struct rng rng;

    memcpy(key, &seed, sizeof(seed));
    rng_seed(&rng, key);
    for (unsigned i = 0; i < golden_count; i++)
        for (uint64_t n = 0; n < count; n++) {
            input.size = golden_bytes(golden_vectors[i].hex, input.bytes);
            if (n > 0) /* the first one as it is */
                mutate(&rng, &input);
            feed(input.bytes, input.size);
        }
    printf("%u datagrams, %llu mutations of each\n", golden_count, (unsigned long long)count);
}

static int write_corpus(const char *dir) {
    uint8_t bytes[WIRE_DATAGRAM_MAX];
    char path[4096];

    for (unsigned i = 0; i < golden_count; i++) {
        size_t size = golden_bytes(golden_vectors[i].hex, bytes);

        snprintf(path, sizeof(path), "%s/golden-%02u", dir, i);
        FILE *file = fopen(path, "wb");
        bool written = file != NULL && fwrite(bytes, 1, size, file) == size;
        if (file == NULL || fclose(file) != 0 || !written) {
            perror(path);
            return 1;
        }
    }
    return 0;
}

static int usage(void) {
    fprintf(stderr, "usage: replay FILE... | replay [-s SEED] [-n MUTATIONS] | replay -w DIR\n");
    return 2;
}

int main(int argc, char **argv) {
    uint64_t seed = 1, count = MUTATIONS_DEFAULT;
    int option, failed = 0;

    while ((option = getopt(argc, argv, "s:n:w:")) != -1) {
        if (option == 'w')
            return write_corpus(optarg);
        if (option == '?' || str_parse_unsigned(optarg, 0, UINT64_MAX, option == 's' ? &seed : &count) < 0)
            return usage();
    }
    for (int i = optind; i < argc; i++)
        failed |= feed_file(argv[i]) < 0;
    if (optind == argc)
        feed_mutations(seed, count);
    return failed;
}
