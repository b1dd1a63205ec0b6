/* SPDX-License-Identifier: ISC
 *
 * fuzz_key.c - any text as that of a key file. What is accepted has at most KEYS_MAX keys, each with an id of its own;
 * of what is refused nothing is left.
 */
#include "fuzz/fuzz.h"

#include "auth/key.h"
#include "base/util.h"

#include <string.h>

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void check_taken(const struct keys *keys) {
    fuzz_require(keys->count >= 1 && keys->count <= KEYS_MAX, "accepted, but not a number of keys");
    for (unsigned i = 0; i < keys->count; i++) {
        fuzz_require(keys->list[i].id != 0, "accepted, with an id that means none");
        fuzz_require(keys_find(keys, keys->list[i].id) == &keys->list[i], "accepted, with one id twice");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct keys none;
    struct keys keys = { .count = 0 };
    unsigned line = 0;
    const char *wrong = keys_parse((const char *)data, size, &keys, &line);

    if (wrong) {
        fuzz_require(memcmp(&keys, &none, sizeof(keys)) == 0, "refused, but something of it is left");
        fuzz_require(wrong[0] != '\0' && line <= size + 1, "refused without a reason or a place");
    } else {
        check_taken(&keys);
    }
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    static const char *const texts[] = {
        "1 " DIGITS "\n",
        "# new, then old\n\n2 " DIGITS "\n  65535\t" DIGITS "\r\n",
        "1 " DIGITS "\n2 " DIGITS "\n3 " DIGITS "\n4 " DIGITS "\n5 " DIGITS "\n6 " DIGITS "\n7 " DIGITS "\n8 " DIGITS,
    };

    return fuzz_text_seed(texts, ARRAY_SIZE(texts), i, ret);
}
