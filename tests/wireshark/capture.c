/* SPDX-License-Identifier: ISC
 *
 * capture.c - see capture.h. The format is pcap, in the byte order of this machine; packets begin with an IPv4 header.
 */
#include "wireshark/capture.h"

#include <errno.h>
#include <string.h>

enum { LINKTYPE_RAW = 101, SNAP_LENGTH = 65535, IP_SIZE = 20, UDP_SIZE = 8, HEADERS_SIZE = IP_SIZE + UDP_SIZE };

int capture_open(struct capture *capture, const char *path) {
    const uint32_t magic = 0xa1b2c3d4, rest[] = { 0, 0, SNAP_LENGTH, LINKTYPE_RAW };
    const uint16_t version[] = { 2, 4 };

    capture->frames = 0;
    capture->file = fopen(path, "wb");
    if (capture->file == NULL)
        return -errno;
    fwrite(&magic, sizeof(magic), 1, capture->file);
    fwrite(version, sizeof(version), 1, capture->file);
    fwrite(rest, sizeof(rest), 1, capture->file);
    return 0;
}

int capture_close(struct capture *capture) {
    int failed = ferror(capture->file);

    return fclose(capture->file) != 0 || failed ? -EIO : 0;
}

static void set_u16(uint8_t *at, size_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Without checksums, which need not be right to be read. */
static void fill_headers(uint8_t headers[HEADERS_SIZE], const struct capture_way *way, size_t size) {
    const uint8_t from[] = { 192, 0, 2, way->from }, to[] = { 192, 0, 2, way->to }, group[] = { 224, 0, 0, 254 };

    memset(headers, 0, HEADERS_SIZE);
    headers[0] = 0x45; /* IPv4, five words */
    set_u16(headers + 2, HEADERS_SIZE + size);
    headers[8] = 255; /* TTL */
    headers[9] = 17; /* UDP */
    memcpy(headers + 12, from, sizeof(from));
    memcpy(headers + 16, way->to == 0 ? group : to, sizeof(to));
    set_u16(headers + IP_SIZE, way->port);
    set_u16(headers + IP_SIZE + 2, way->port);
    set_u16(headers + IP_SIZE + 4, UDP_SIZE + size);
}

void capture_add_part(struct capture *capture, const struct capture_way *way, const uint8_t *bytes, size_t size,
                      size_t caught) {
    uint8_t headers[HEADERS_SIZE];

    capture->frames++;
    const uint32_t head[] = { 1 + capture->frames / 1000, capture->frames % 1000 * 1000,
                              (uint32_t)(HEADERS_SIZE + caught), (uint32_t)(HEADERS_SIZE + size) };
    fill_headers(headers, way, size);
    fwrite(head, sizeof(head), 1, capture->file);
    fwrite(headers, sizeof(headers), 1, capture->file);
    fwrite(bytes, 1, caught, capture->file);
}

void capture_add(struct capture *capture, const struct capture_way *way, const uint8_t *bytes, size_t size) {
    capture_add_part(capture, way, bytes, size, size);
}
