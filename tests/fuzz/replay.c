/* SPDX-License-Identifier: ISC
 *
 * replay.c - runs a fuzz target without libFuzzer: on files, or on seeded random mutations of the golden datagrams.
 *
 *   replay FILE...            each file once, for example what libFuzzer left behind
 *   replay [-s SEED] [-n N]   N mutations of each golden datagram; the same SEED makes the same ones
 *   replay -w DIR             writes the golden datagrams to files there, as a seed corpus for libFuzzer
 */
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "fuzz/mutate.h"
#include "unit/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MUTATIONS_DEFAULT = 2000 };

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

static void feed_mutations(uint64_t seed, uint64_t count) {
    struct input input;
    struct rng rng;

    mutate_seed(&rng, seed);
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
