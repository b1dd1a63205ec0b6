/* SPDX-License-Identifier: ISC
 *
 * records.h - the files of the state directory: lists of typed records with a checksum, each replaced as a whole.
 *
 *   file:    magic 8, version 2, length of the whole file 2, records, checksum 8 (FNV-1a of what precedes)
 *   record:  type 2, length 2, bytes
 *
 * All numbers are big-endian. Types begin with 1. What a newer version writes is framed alike, so that it is told from
 * what is damaged. What the records mean is for state.c and overrides.c.
 */
#ifndef ELDEST_PLATFORM_RECORDS_H
#define ELDEST_PLATFORM_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

enum {
    RECORDS_MAGIC_SIZE = 8,
    RECORDS_HEADER_SIZE = 12,
    RECORDS_HEAD_SIZE = 4, /* of a record */
    RECORDS_CHECKSUM_SIZE = 8,
    RECORDS_FILE_MAX = UINT16_MAX, /* bytes of one that any version writes */
};

struct cursor {
    uint8_t *at;
};

struct const_cursor {
    const uint8_t *at;
};

static inline void records_put_number(struct cursor *cursor, uint64_t value, unsigned size) {
    for (unsigned i = size; i-- > 0; value >>= 8)
        cursor->at[i] = (uint8_t)value;
    cursor->at += size;
}

static inline void records_put_bytes(struct cursor *cursor, const void *bytes, size_t size) {
    memcpy(cursor->at, bytes, size);
    cursor->at += size;
}

static inline uint64_t records_get_number(struct const_cursor *cursor, unsigned size) {
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value = value << 8 | *cursor->at++;
    return value;
}

/* The header of a file of `size` bytes; the type and length of a record; the checksum of the image up to the cursor. */
void records_put_header(struct cursor *cursor, const char magic[RECORDS_MAGIC_SIZE], unsigned version, size_t size);
void records_put_head(struct cursor *cursor, unsigned type, size_t length);
void records_put_checksum(struct cursor *cursor, const uint8_t *image);

/* Reads the head of a record; from there on `room` bytes remain in the file. False: the record does not fit there. */
bool records_get_head(struct const_cursor *cursor, size_t room, size_t *ret_type, size_t *ret_length);

/* The version of a file, whichever it is; 0 if it is damaged or begins otherwise. */
unsigned records_version(const uint8_t *image, size_t size, const char magic[RECORDS_MAGIC_SIZE]);

/* Reads a file of the directory, up to `size` bytes: their number, or a negative errno. */
ssize_t records_read(int directory, const char *name, uint8_t *image, size_t size);

/* Replaces a file of the directory: temporary file (NAME.new), fsync, rename, fsync of the directory, so that after a
 * crash either the old or the new one is there. One thread at a time for each name. 0 or a negative errno. */
int records_replace(int directory, const char *name, const uint8_t *image, size_t size);

#endif
