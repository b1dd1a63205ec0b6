/* SPDX-License-Identifier: ISC
 *
 * wire.c - the datagram as a whole: header, then body.c, then tail.c, then the MAC.
 */
#include "wire/wire.h"

#include "base/util.h"
#include "wire/body.h"
#include "wire/tail.h"

#include <string.h>

static const uint8_t magic[] = { 'E', 'L', 'D', 'T' };

static void encode_header(struct writer *w, const struct wire_header *header) {
    put_bytes(w, magic, sizeof(magic));
    put_u8(w, WIRE_MAJOR);
    put_u8(w, WIRE_MINOR);
    put_u8(w, header->type);
    put_u8_in(w, header->flags, 0, WIRE_FLAG_UNICAST | WIRE_FLAG_SEALED);
    put_u16(w, header->key_id);
    put_cluster(w, header->cluster);
    put_id(w, &header->sender);
    put_u32(w, header->incarnation);
    put_u64(w, header->boot_nonce);
    put_u64(w, header->seq);
    if ((header->flags & WIRE_FLAG_UNICAST) != 0)
        put_u64(w, header->receiver_nonce);
    if ((header->flags & WIRE_FLAG_SEALED) != 0)
        put_bytes(w, header->aead_nonce, sizeof(header->aead_nonce));
}

/* The header up to the cluster name, of a type that need not be known. */
static void decode_prologue(struct reader *r, struct wire_header *header) {
    uint8_t heard[sizeof(magic)] = { 0 };

    get_bytes(r, heard, sizeof(heard));
    if (memcmp(heard, magic, sizeof(magic)) != 0)
        get_refuse(r, WIRE_FOREIGN);
    if (get_u8(r) != WIRE_MAJOR)
        get_refuse(r, WIRE_VERSION);
    header->minor = get_u8(r);
    header->type = get_u8(r);
    header->flags = get_u8_in(r, 0, WIRE_FLAG_UNICAST | WIRE_FLAG_SEALED);
    header->key_id = get_u16(r);
    get_cluster(r, header->cluster);
}

static void decode_header_rest(struct reader *r, struct wire_header *header) {
    get_id(r, &header->sender);
    header->incarnation = get_u32(r);
    header->boot_nonce = get_u64(r);
    header->seq = get_u64(r);
    if ((header->flags & WIRE_FLAG_UNICAST) != 0)
        header->receiver_nonce = get_u64(r);
    if ((header->flags & WIRE_FLAG_SEALED) != 0)
        get_bytes(r, header->aead_nonce, sizeof(header->aead_nonce));
}

size_t wire_encode(const struct wire_message *message, uint8_t buffer[WIRE_DATAGRAM_MAX]) {
    const struct body *body = body_of_type(message->header.type);
    struct writer w;

    if (body == NULL)
        return 0;
    put_begin(&w, buffer, WIRE_DATAGRAM_MAX - WIRE_MAC_SIZE);
    encode_header(&w, &message->header);
    body->encode(&w, message);
    tail_encode(&w, message, body->carries);
    if (body->size_min > 0)
        tail_pad(&w, body->size_min - WIRE_MAC_SIZE);
    if (w.failed)
        return 0;
    memset(w.at, 0, WIRE_MAC_SIZE);
    return put_length(&w) + WIRE_MAC_SIZE;
}

size_t wire_pad(uint8_t buffer[WIRE_DATAGRAM_MAX], size_t length, size_t least) {
    struct writer w;

    if (length >= least)
        return length;
    put_begin(&w, buffer, WIRE_DATAGRAM_MAX - WIRE_MAC_SIZE);
    w.at += length - WIRE_MAC_SIZE;
    tail_pad(&w, least - WIRE_MAC_SIZE);
    if (w.failed)
        return length;
    memset(w.at, 0, WIRE_MAC_SIZE);
    return put_length(&w) + WIRE_MAC_SIZE;
}

/* Who is listed needs no list any more, hence is not listed yet, and registers again (MEMB-2): now, not in its slot. */
void wire_shorten(struct wire_message *message) {
    message->has_successors = false;
    message->name[0] = message->tags[0] = '\0';
    if (message->header.type != WIRE_ACK)
        return;
    message->ack.has_birth = false;
    message->ack.birth = 0;
    message->ack.next_slot = 0;
}

/* What follows the prologue, of a known type. Without a key the MAC is zero: so none that was cut is accepted. */
static void decode_rest(struct reader *r, const struct body *body, struct wire_message *message) {
    static const uint8_t zero[WIRE_MAC_SIZE];
    uint8_t mac[WIRE_MAC_SIZE] = { 0 };
    struct reader last = get_last(r, WIRE_MAC_SIZE);

    get_bytes(&last, mac, sizeof(mac));
    get_require(r, message->header.key_id != 0 || memcmp(mac, zero, sizeof(mac)) == 0);
    decode_header_rest(r, &message->header);
    body->decode(r, message);
    tail_decode(r, message, body->carries);
}

enum wire_error wire_decode(const uint8_t *datagram, size_t length, struct wire_message *message) {
    struct reader r;

    memset(message, 0, sizeof(*message));
    get_begin(&r, datagram, length);
    decode_prologue(&r, &message->header);
    if (length > WIRE_DATAGRAM_MAX)
        get_refuse(&r, WIRE_LONG);
    const struct body *body = body_of_type(message->header.type);
    if (body == NULL)
        get_refuse(&r, WIRE_UNKNOWN_TYPE);
    else if (length < body->size_min)
        get_refuse(&r, WIRE_SHORT);
    if (r.error == WIRE_OK)
        decode_rest(&r, body, message);
    return r.error;
}

size_t wire_peek_header(const uint8_t *datagram, size_t length, struct wire_header *ret) {
    struct reader r;

    memset(ret, 0, sizeof(*ret));
    get_begin(&r, datagram, length);
    decode_prologue(&r, ret);
    decode_header_rest(&r, ret);
    return r.error == WIRE_OK ? length - get_left(&r) : 0;
}

void wire_peek_cluster(const uint8_t *datagram, size_t length, char name[CLUSTER_NAME_MAX + 1]) {
    struct wire_header header = { .cluster = "" };
    struct reader r;

    get_begin(&r, datagram, length);
    decode_prologue(&r, &header);
    memset(name, 0, CLUSTER_NAME_MAX + 1);
    if (r.error == WIRE_OK)
        memcpy(name, header.cluster, sizeof(header.cluster));
}

const char *wire_type_name(unsigned type) {
    const struct body *body = body_of_type(type);

    return body != NULL ? body->name : "?";
}

const char *wire_error_name(enum wire_error error) {
    static const char *const names[WIRE_ERROR_END] = {
        [WIRE_OK] = "ok",
        [WIRE_SHORT] = "short",
        [WIRE_LONG] = "long",
        [WIRE_FOREIGN] = "foreign",
        [WIRE_VERSION] = "version",
        [WIRE_UNKNOWN_TYPE] = "unknown-type",
        [WIRE_RANGE] = "range",
        [WIRE_TAIL] = "tail",
    };

    return (unsigned)error < WIRE_ERROR_END ? names[error] : "?";
}
