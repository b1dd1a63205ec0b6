/* SPDX-License-Identifier: ISC
 *
 * fuzz_state.c - files of the state directory: the state itself (stateimage.h) and what users have told the daemon
 * (overrides.h). What is accepted must survive being written and read again.
 *
 * The first byte chooses the file, and whether the rest is all of it or only its records: no fuzzer guesses a checksum.
 */
#include "fuzz/fuzz.h"

#include "base/util.h"
#include "platform/overrides.h"
#include "platform/records.h"
#include "platform/stateimage.h"

#include <string.h>

enum { IMAGE_MAX = RECORDS_FILE_MAX };

static const struct overrides_moment moment = { .now = 1000 * USEC_PER_SEC, .boot = 7, .wall_ms = 1795437296789 };

/* The file that has these records, of the magic and version that an image of the kind begins with. */
static size_t frame(const uint8_t *like, const uint8_t *records, size_t size, uint8_t image[IMAGE_MAX]) {
    struct cursor cursor = { image };
    char magic[RECORDS_MAGIC_SIZE];

    memcpy(magic, like, sizeof(magic));
    records_put_header(&cursor, magic, 1, RECORDS_HEADER_SIZE + size + RECORDS_CHECKSUM_SIZE);
    records_put_bytes(&cursor, records, size);
    records_put_checksum(&cursor, image);
    return (size_t)(cursor.at - image);
}

static void read_state(const uint8_t *image, size_t size) {
    static struct state_content first, second;
    uint8_t written[STATEIMAGE_MAX];

    if (stateimage_decode(image, size, &first) < 0)
        return;
    size_t length = stateimage_encode(&first, written);
    fuzz_require(stateimage_decode(written, length, &second) == 0, "a state that was written is not accepted");
    fuzz_require(memcmp(&first, &second, sizeof(first)) == 0, "a state is another one when it was written");
}

static void read_overrides(const uint8_t *image, size_t size) {
    struct overrides first, second;
    uint8_t written[OVERRIDES_IMAGE_MAX];

    memset(&first, 0, sizeof(first));
    memset(&second, 0, sizeof(second));
    if (overrides_decode(image, size, &moment, &first) < 0)
        return;
    fuzz_require(memchr(first.tags, '\0', sizeof(first.tags)) != NULL, "tags without an end");
    fuzz_require(!first.paused || first.paused_until > moment.now, "a pause that is over");
    size_t length = overrides_encode(&first, &moment, written);
    fuzz_require(overrides_decode(written, length, &moment, &second) == 0, "written overrides are not accepted");
    fuzz_require(first.paused == second.paused && first.paused_until == second.paused_until, "another pause");
    fuzz_require(strcmp(first.tags, second.tags) == 0, "other tags");
}

static size_t some_state(uint8_t image[IMAGE_MAX]) {
    const struct state_content content = {
        .state = { .id = { { 1 } }, .incarnation = 3, .epoch_block = 32, .own = { 17, { { 2 } } }, .vote_epoch = 17,
                   .granted_epoch = 16, .promise_max = 2 * USEC_PER_SEC,
                   .roster = { .epoch = 17, .change = 1, .expect = 3, .count = 2, .ids = { { { 1 } }, { { 2 } } } },
                   .pin = { .expect = 1, .count = 1, .ids = { { { 1 } } } } },
        .fingerprint = 99,
    };

    return stateimage_encode(&content, image);
}

static size_t some_overrides(uint8_t image[IMAGE_MAX]) {
    const struct overrides overrides = { .paused = true, .paused_until = 2000 * USEC_PER_SEC, .tags = "role=db" };

    return overrides_encode(&overrides, &moment, image);
}

static const struct choice {
    size_t (*make)(uint8_t image[IMAGE_MAX]);
    void (*read)(const uint8_t *image, size_t size);
    bool whole;
} choices[] = {
    { some_state, read_state, false },
    { some_state, read_state, true },
    { some_overrides, read_overrides, false },
    { some_overrides, read_overrides, true },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t image[IMAGE_MAX], like[IMAGE_MAX];

    if (size == 0 || size > IMAGE_MAX - RECORDS_HEADER_SIZE - RECORDS_CHECKSUM_SIZE)
        return 0;
    const struct choice *choice = &choices[data[0] % ARRAY_SIZE(choices)];
    choice->make(like);
    if (choice->whole)
        memcpy(image, data + 1, size - 1);
    choice->read(image, choice->whole ? size - 1 : frame(like, data + 1, size - 1, image));
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    static uint8_t image[IMAGE_MAX];

    if (i >= ARRAY_SIZE(choices))
        return false;
    size_t length = choices[i].make(image), skipped = choices[i].whole ? 0 : RECORDS_HEADER_SIZE;
    ret->bytes[0] = (uint8_t)i;
    ret->size = 1 + length - skipped - (choices[i].whole ? 0 : RECORDS_CHECKSUM_SIZE);
    memcpy(ret->bytes + 1, image + skipped, ret->size - 1);
    return true;
}
