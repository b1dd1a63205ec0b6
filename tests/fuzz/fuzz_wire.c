/* SPDX-License-Identifier: ISC
 *
 * fuzz_wire.c - any bytes at all into the decoder. What it accepts must survive a round trip: the encoder writes it,
 * and the decoder reads the same message from what was written.
 */
#include "fuzz/fuzz.h"

#include "base/str.h"
#include "unit/golden.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int fine, const char *what, const struct wire_message *message) {
    if (fine)
        return;
    fprintf(stderr, "%s: %s\n", wire_type_name(message->header.type), what);
    abort();
}

static void round_trip(const struct wire_message *first, size_t length) {
    static struct wire_message second;
    uint8_t written[WIRE_DATAGRAM_MAX], again[WIRE_DATAGRAM_MAX];
    size_t size = wire_encode(first, written);

    require(size > 0, "accepted, but cannot be written", first);
    require(size <= length, "became longer", first);
    require(wire_decode(written, size, &second) == WIRE_OK, "written, but not accepted", first);
    second.header.minor = first->header.minor; /* the encoder writes its own */
    require(memcmp(first, &second, sizeof(second)) == 0, "changed by a round trip", first);
    require(wire_encode(&second, again) == size && memcmp(written, again, size) == 0, "written in two ways", first);
}

static void peek_header(const uint8_t *data, size_t size, const struct wire_message *accepted) {
    struct wire_header header;
    size_t length = wire_peek_header(data, size, &header);

    if (length > size)
        abort();
    if (accepted == NULL)
        return;
    require(length > 0, "no header at a glance", accepted);
    require(memcmp(&header, &accepted->header, sizeof(header)) == 0, "another header at a glance", accepted);
}

static void peek(const uint8_t *data, size_t size, const struct wire_message *accepted) {
    char name[CLUSTER_NAME_MAX + 1];

    memset(name, 'x', sizeof(name));
    wire_peek_cluster(data, size, name);
    if (memchr(name, '\0', sizeof(name)) == NULL || (name[0] != '\0' && !str_is_cluster_name(name, strlen(name))))
        abort();
    if (accepted != NULL)
        require(strcmp(name, accepted->header.cluster) == 0, "another cluster at a glance", accepted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct wire_message message;
    enum wire_error error = wire_decode(data, size, &message);

    peek(data, size, error == WIRE_OK ? &message : NULL);
    peek_header(data, size, error == WIRE_OK ? &message : NULL);
    if (error == WIRE_OK)
        round_trip(&message, size);
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    if (i == golden_count)
        return false;
    ret->size = golden_bytes(golden_vectors[i].hex, ret->bytes);
    return true;
}
