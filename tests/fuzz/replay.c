/* SPDX-License-Identifier: ISC
 *
 * replay.c - runs a fuzz target without libFuzzer: on files, or on seeded random mutations of what it begins with.
 *
 *   replay FILE...            each file once, for example what libFuzzer left behind
 *   replay [-s SEED] [-n N]   N runs, spread over the inputs to begin with; the same SEED makes the same mutations
 *   replay -w DIR             writes the inputs to begin with to files there, as a corpus for libFuzzer
 */
#include "base/str.h"
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUNS_DEFAULT = FUZZ_RUNS };

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
    static uint8_t bytes[1 << 20];
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

static unsigned count_seeds(void) {
    static struct input input;
    unsigned count = 0;

    while (fuzz_seed(count, &input))
        count++;
    return count;
}

static void feed_mutations(uint64_t seed, uint64_t runs) {
    static struct input input;
    unsigned seeds = count_seeds();
    struct rng rng;

    mutate_seed(&rng, seed);
    for (uint64_t n = 0; n < runs; n++) {
        fuzz_seed((unsigned)(n % seeds), &input);
        if (n >= seeds) /* the first ones as they are */
            mutate(&rng, &input);
        feed(input.bytes, input.size);
    }
    printf("%u inputs, %llu runs\n", seeds, (unsigned long long)runs);
}

static int write_corpus(const char *dir) {
    static struct input input;
    char path[4096];

    for (unsigned i = 0; fuzz_seed(i, &input); i++) {
        snprintf(path, sizeof(path), "%s/seed-%02u", dir, i);
        FILE *file = fopen(path, "wb");
        bool written = file != NULL && fwrite(input.bytes, 1, input.size, file) == input.size;
        if (file == NULL || fclose(file) != 0 || !written) {
            perror(path);
            return 1;
        }
    }
    return 0;
}

static int usage(void) {
    fprintf(stderr, "usage: replay FILE... | replay [-s SEED] [-n RUNS] | replay -w DIR\n");
    return 2;
}

int main(int argc, char **argv) {
    uint64_t seed = 1, runs = RUNS_DEFAULT;
    int option, failed = 0;

    while ((option = getopt(argc, argv, "s:n:w:")) != -1) {
        if (option == 'w')
            return write_corpus(optarg);
        if (option == '?' || str_parse_unsigned(optarg, 0, UINT64_MAX, option == 's' ? &seed : &runs) < 0)
            return usage();
    }
    for (int i = optind; i < argc; i++)
        failed |= feed_file(argv[i]) < 0;
    if (optind == argc)
        feed_mutations(seed, runs);
    return failed;
}
