/* SPDX-License-Identifier: ISC
 *
 * fuzz.h - a fuzz target: one function that takes any bytes and aborts when a promise is broken.
 *
 * Linked with libFuzzer, or with replay.c where there is none. The name is libFuzzer's.
 */
#ifndef ELDEST_TESTS_FUZZ_H
#define ELDEST_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
