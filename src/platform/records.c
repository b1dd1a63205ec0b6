/* SPDX-License-Identifier: ISC
 *
 * records.c - see records.h.
 */
#include "platform/records.h"

#include "platform/fnv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NAME_SIZE = 64 };

void records_put_header(struct cursor *cursor, const char magic[RECORDS_MAGIC_SIZE], unsigned version, size_t size) {
    records_put_bytes(cursor, magic, RECORDS_MAGIC_SIZE);
    records_put_number(cursor, version, 2);
    records_put_number(cursor, size, 2);
}

void records_put_head(struct cursor *cursor, unsigned type, size_t length) {
    records_put_number(cursor, type, 2);
    records_put_number(cursor, length, 2);
}

bool records_get_head(struct const_cursor *cursor, size_t room, size_t *ret_type, size_t *ret_length) {
    if (room < RECORDS_HEAD_SIZE)
        return false;
    *ret_type = (size_t)records_get_number(cursor, 2);
    *ret_length = (size_t)records_get_number(cursor, 2);
    return *ret_length <= room - RECORDS_HEAD_SIZE;
}

void records_put_checksum(struct cursor *cursor, const uint8_t *image) {
    records_put_number(cursor, fnv1a(image, (size_t)(cursor->at - image)), RECORDS_CHECKSUM_SIZE);
}

unsigned records_version(const uint8_t *image, size_t size, const char magic[RECORDS_MAGIC_SIZE]) {
    struct const_cursor header, trailer;
    unsigned version;

    if (size < RECORDS_HEADER_SIZE + RECORDS_CHECKSUM_SIZE || memcmp(image, magic, RECORDS_MAGIC_SIZE) != 0)
        return 0;
    header.at = image + RECORDS_MAGIC_SIZE;
    trailer.at = image + size - RECORDS_CHECKSUM_SIZE;
    version = (unsigned)records_get_number(&header, 2);
    return records_get_number(&header, 2) == size &&
           records_get_number(&trailer, RECORDS_CHECKSUM_SIZE) == fnv1a(image, size - RECORDS_CHECKSUM_SIZE) ? version
                                                                                                             : 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

static int write_and_sync(int fd, const uint8_t *bytes, size_t size) {
    int result = write_all(fd, bytes, size);

    if (result == 0 && fsync(fd) < 0)
        result = -errno;
    if (close(fd) < 0 && result == 0)
        result = -errno;
    return result;
}

int records_replace(int directory, const char *name, const uint8_t *image, size_t size) {
    char temporary[NAME_SIZE];
    int fd, result;

    snprintf(temporary, sizeof temporary, "%s.new", name);
    unlinkat(directory, temporary, 0); /* left over from a crash, perhaps with another mode or owner */
    fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    result = write_and_sync(fd, image, size);
    if (result == 0 && renameat(directory, temporary, directory, name) < 0)
        result = -errno;
    if (result == 0 && fsync(directory) < 0)
        result = -errno;
    if (result < 0)
        unlinkat(directory, temporary, 0);
    return result;
}

static ssize_t read_up_to(int fd, uint8_t *bytes, size_t size) {
    size_t length = 0;

    while (length < size) {
        ssize_t got = read(fd, bytes + length, size - length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

ssize_t records_read(int directory, const char *name, uint8_t *image, size_t size) {
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t length;

    if (fd < 0)
        return -errno;
    length = read_up_to(fd, image, size);
    close(fd);
    return length;
}
