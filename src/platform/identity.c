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

enum { MACHINE_ID_SIZE = 32 }; /* hexadecimal digits */

/* The id is the whole first line of the file: see machine-id(5). */
static bool is_machine_id(const char *text, size_t length) {
    if (length < MACHINE_ID_SIZE || (length > MACHINE_ID_SIZE && text[MACHINE_ID_SIZE] != '\n'))
        return false;
    for (size_t i = 0; i < MACHINE_ID_SIZE; i++)
        if (!isxdigit((unsigned char)text[i]))
            return false;
    return true;
}

uint64_t identity_fingerprint(const char *machine_id_path) {
    char text[MACHINE_ID_SIZE + 1];
    int fd = open(machine_id_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t length;
    uint64_t sum;

    if (fd < 0)
        return 0;
    length = read(fd, text, sizeof text);
    close(fd);
    if (length < 0 || !is_machine_id(text, (size_t)length))
        return 0;
    sum = fnv1a(text, MACHINE_ID_SIZE);
    return sum == 0 ? 1 : sum;
}
