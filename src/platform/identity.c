/* SPDX-License-Identifier: ISC
 *
 * identity.c - see identity.h.
 */
#include "platform/identity.h"

#include "platform/fnv.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MACHINE_ID_SIZE = 32, /* hexadecimal digits */
    UUID_SIZE = 36, /* hexadecimal digits with dashes between */
    HALF_BITS = 32, /* of a fingerprint */
};

#define UUID_FILE "/sys/class/dmi/id/product_uuid"
#define UUID_CREDENTIAL "product_uuid"
#define LOWER_HALF UINT32_MAX
#define UPPER_HALF ((uint64_t)UINT32_MAX << HALF_BITS)

/* An id is the whole first line of its file: see machine-id(5). */
static bool is_id(const char *text, size_t length, size_t size) {
    if (length < size || (length > size && text[size] != '\n'))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isxdigit((unsigned char)text[i]) && (size != UUID_SIZE || text[i] != '-'))
            return false;
    return true;
}

/* How much of the beginning of the file was read; 0 if there is none. */
static size_t read_beginning(const char *path, char *text, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t length;

    if (fd < 0)
        return 0;
    length = read(fd, text, size);
    close(fd);
    return length < 0 ? 0 : (size_t)length;
}

/* In half of the bits; 0: there is none. */
static uint64_t hash_id(const char *path, size_t size) {
    char text[UUID_SIZE + 1];
    size_t length = read_beginning(path, text, size + 1);
    uint64_t sum;

    if (!is_id(text, length, size))
        return 0;
    sum = fnv1a(text, size);
    sum = (sum >> HALF_BITS) ^ (sum & LOWER_HALF);
    return sum == 0 ? 1 : sum;
}

uint64_t identity_fingerprint(const char *machine_id_path, const char *uuid_path) {
    return hash_id(machine_id_path, MACHINE_ID_SIZE) << HALF_BITS | hash_id(uuid_path, UUID_SIZE);
}

const char *identity_uuid_path(char path[IDENTITY_PATH_SIZE]) {
    const char *directory = getenv("CREDENTIALS_DIRECTORY");

    snprintf(path, IDENTITY_PATH_SIZE, "%s%s", directory ? directory : "", directory ? "/" UUID_CREDENTIAL : UUID_FILE);
    return path;
}

static bool half_may_match(uint64_t one, uint64_t other, uint64_t half) {
    return (one & half) == 0 || (other & half) == 0 || (one & half) == (other & half);
}

bool identity_may_match(uint64_t one, uint64_t other) {
    return half_may_match(one, other, UPPER_HALF) && half_may_match(one, other, LOWER_HALF);
}

uint64_t identity_join(uint64_t older, uint64_t newer) {
    uint64_t upper = (newer & UPPER_HALF) != 0 ? newer : older, lower = (newer & LOWER_HALF) != 0 ? newer : older;

    return (upper & UPPER_HALF) | (lower & LOWER_HALF);
}

/* Never 0. */
static uint64_t hash(const char *text, size_t length) {
    uint64_t sum = fnv1a(text, length);

    return sum == 0 ? 1 : sum;
}

uint64_t identity_boot(const char *boot_id_path) {
    char text[UUID_SIZE];
    size_t length = read_beginning(boot_id_path, text, sizeof text);

    return length == UUID_SIZE ? hash(text, UUID_SIZE) : 0;
}
