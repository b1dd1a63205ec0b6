/* SPDX-License-Identifier: ISC
 *
 * capture.h - writes datagrams to a file as tcpdump would have caught them, for a dissector to read.
 */
#ifndef ELDEST_TESTS_CAPTURE_H
#define ELDEST_TESTS_CAPTURE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct capture {
    FILE *file;
    unsigned frames; /* written so far; frame N was caught N milliseconds after the first second of 1970 */
};

/* The last byte of an address of 192.0.2.0/24, from 0 for the group 224.0.0.254. */
struct capture_way {
    uint8_t from, to;
    uint16_t port; /* UDP, of both sides */
};

/* Both: 0 or a negative errno. */
int capture_open(struct capture *capture, const char *path);
int capture_close(struct capture *capture);

/* Adds a frame of which only so many bytes of the datagram are in the file; failures are told by capture_close(). */
void capture_add_part(struct capture *capture, const struct capture_way *way, const uint8_t *bytes, size_t size,
                      size_t caught);

/* Adds a whole one. */
void capture_add(struct capture *capture, const struct capture_way *way, const uint8_t *bytes, size_t size);

#endif
