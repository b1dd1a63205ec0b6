/* SPDX-License-Identifier: ISC
 *
 * identity.c - see identity.h.
 */
#include "platform/identity.h"

#include "platform/fnv.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    MACHINE_ID_SIZE = 32, /* hexadecimal digits */
    BOOT_ID_SIZE = 36, /* as a UUID is written */
};

/* The id is the whole first line of the file: see machine-id(5). */
static bool is_machine_id(const char *text, size_t length) {
    if (length < MACHINE_ID_SIZE || (length > MACHINE_ID_SIZE && text[MACHINE_ID_SIZE] != '\n'))
        return false;
    for (size_t i = 0; i < MACHINE_ID_SIZE; i++)
        if (!isxdigit((unsigned char)text[i]))
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

/* Never 0. */
static uint64_t hash(const char *text, size_t length) {
    uint64_t sum = fnv1a(text, length);

    return sum == 0 ? 1 : sum;
}

uint64_t identity_fingerprint(const char *machine_id_path) {
    char text[MACHINE_ID_SIZE + 1];
    size_t length = read_beginning(machine_id_path, text, sizeof text);

    return is_machine_id(text, length) ? hash(text, MACHINE_ID_SIZE) : 0;
}

uint64_t identity_boot(const char *boot_id_path) {
    char text[BOOT_ID_SIZE];
    size_t length = read_beginning(boot_id_path, text, sizeof text);

    return length == BOOT_ID_SIZE ? hash(text, BOOT_ID_SIZE) : 0;
}
