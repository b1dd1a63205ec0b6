/* SPDX-License-Identifier: ISC
 *
 * overrides.h - what users have told the running daemon, which goes before the configuration: a pause, and tags; and
 * the file in which that survives a restart.
 *
 * A pause lasts as long as was asked for, by CLOCK_BOOTTIME, which nobody sets. The file says how much of it was left
 * at a moment of that clock, and of which start of the host. After another start only the wall clock can tell how long
 * the host was down; it is believed as far as it shortens the pause, and not at all if it, then or now, is that of a
 * host that has not been told the time yet. So no clock makes a pause longer than was asked for while the host is up,
 * nor does a first setting of the clock end it.
 */
#ifndef ELDEST_PLATFORM_OVERRIDES_H
#define ELDEST_PLATFORM_OVERRIDES_H

#include "base/types.h"

struct overrides {
    bool paused;
    usec_t paused_until; /* USEC_NEVER: until it is ended; 0 if not paused */
    char tags[TAGS_MAX + 1]; /* tags.h */
};

/* The moment at which the file is written or read. */
struct overrides_moment {
    usec_t now; /* CLOCK_BOOTTIME */
    uint64_t boot; /* the start of the host that this clock counts from: identity_boot() */
    int64_t wall_ms; /* the wall clock, since 1970 */
};

enum { OVERRIDES_IMAGE_MAX = 320 };

/* The bytes of the file; returns how many. */
size_t overrides_encode(const struct overrides *overrides, const struct overrides_moment *moment,
                        uint8_t image[OVERRIDES_IMAGE_MAX]);

/* What a file says at that moment; a pause that is over is none. -EBADMSG: it is damaged, or none of ours.
 * -EPROTONOSUPPORT: it was written by another version of eldest. Records of a type that this version does not know are
 * skipped. */
int overrides_decode(const uint8_t *image, size_t size, const struct overrides_moment *moment, struct overrides *ret);

#endif
