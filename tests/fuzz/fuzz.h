/* SPDX-License-Identifier: ISC
 *
 * fuzz.h - a fuzz target: one function that takes any bytes and aborts when a promise is broken, and inputs to begin
 * with.
 *
 * Linked with libFuzzer, which has the function's name, or with replay.c where there is none.
 */
#ifndef ELDEST_TESTS_FUZZ_H
#define ELDEST_TESTS_FUZZ_H

#include "fuzz/mutate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Number i of the inputs to begin with; false: there are no more. */
bool fuzz_seed(unsigned i, struct input *ret);

/* The same, for a target whose inputs are such texts. */
bool fuzz_text_seed(const char *const texts[], unsigned count, unsigned i, struct input *ret);

/* A promise; what is said if it is broken. */
void fuzz_require(bool kept, const char *what);

#endif
