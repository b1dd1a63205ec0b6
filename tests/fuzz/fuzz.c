/* SPDX-License-Identifier: ISC
 *
 * fuzz.c - what the targets share: see fuzz.h.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fuzz_text_seed(const char *const texts[], unsigned count, unsigned i, struct input *ret) {
    if (i >= count)
        return false;
    ret->size = strlen(texts[i]);
    memcpy(ret->bytes, texts[i], ret->size);
    return true;
}

void fuzz_require(bool kept, const char *what) {
    if (kept)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}
