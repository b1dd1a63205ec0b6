/* SPDX-License-Identifier: ISC
 *
 * stateimage.h - the bytes of the state file, in records (records.h).
 *
 * A newer eldest may add types of records, which are kept as they are, but never changes the length of one. What would
 * mislead this one takes a new version.
 */
#ifndef ELDEST_PLATFORM_STATEIMAGE_H
#define ELDEST_PLATFORM_STATEIMAGE_H

#include "core/action.h"

enum {
    STATEIMAGE_MAX = 4096, /* bytes of a file that we write */
    STATE_FOREIGN_MAX = 2048, /* bytes of records that are kept for a newer version */
};

/* What is in a file. */
struct state_content {
    struct persistent state;
    uint64_t fingerprint; /* 0 unknown */
    uint16_t foreign_size;
    uint8_t foreign[STATE_FOREIGN_MAX]; /* whole records */
};

/* The bytes of the file; returns how many. */
size_t stateimage_encode(const struct state_content *content, uint8_t image[STATEIMAGE_MAX]);

/* What a file says. -EBADMSG: it is damaged, none of ours, or makes no sense. -EPROTONOSUPPORT: it was written by
 * another version of eldest. Then *ret is untouched. */
int stateimage_decode(const uint8_t *image, size_t size, struct state_content *ret);

#endif
