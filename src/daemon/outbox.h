/* SPDX-License-Identifier: ISC
 *
 * outbox.h - from ACTION_SEND to datagrams: completes the header, encodes a copy for each receiver, makes the MAC if
 * there is a key, sends what came together.
 *
 * Without a key it tells and tells back cookies, and makes questions as long as the answer that they need (SEC-4).
 */
#ifndef ELDEST_DAEMON_OUTBOX_H
#define ELDEST_DAEMON_OUTBOX_H

#include "auth/key.h"
#include "core/action.h"

struct cookie_secret;
struct counters;
struct gate;
struct gate_challenge;
struct links;
struct outbox;
struct paths;
struct static_peers;
struct traffic;
struct udp;

/* What every header of this start says besides the state, and where datagrams go. All of it outlives the
 * outbox. */
struct outbox_config {
    const char *cluster;
    uint64_t boot_nonce;
    struct udp *udp;
    const struct links *links; /* a multicast goes out on each, by each family */
    const struct static_peers *peers; /* and to each of these by unicast */
    struct paths *paths; /* where a unicast goes that is no answer */
    struct traffic *traffic; /* says when a multicast is sent by broadcast too */
    struct counters *counters;
    const struct keys *keys; /* may change, but not to none or from none */
    key_hash hash;
    const struct key_cipher *cipher;
    const bool *encrypts; /* whether it is to be used, with a key; may change */
    struct gate *gate; /* hears what is sent; NULL: no key */
    const struct cookie_secret *secret; /* without a key: of the cookies that are told */
    bool majority; /* rosters come along */
};

/* 0, -ENOMEM, or a negative errno: there are no random numbers. */
int outbox_open(struct outbox **ret, const struct outbox_config *config);

/* NULL is fine; what was not sent is lost. */
void outbox_close(struct outbox *outbox);

/* Adds the copies of a message from the node of that state; sends by itself when it is full. Writes to the
 * message's header. Without a link in use the message is dropped. */
void outbox_add(struct outbox *outbox, const struct persistent *state, struct send *send);

/* What is added until the next call answers a datagram of that length from there. If its sender has shown that it is
 * there, what answers it goes nowhere else. If not, no answer is longer, and there are 5,000 a second at most (SEC-4).
 * NULL: nothing is answered, or it does not matter. */
void outbox_answer(struct outbox *outbox, const struct address *source, size_t length, bool is_there);

/* Adds what the gate wants to say; it goes where that says. */
void outbox_add_challenge(struct outbox *outbox, const struct persistent *state,
                          const struct gate_challenge *challenge);

/* Writes the farewell of the leadership in that state, to be sent by somebody else when this start of the node is over
 * (HAND-7). Its seq is the last that there is, so it comes after everything that the node may yet send. Returns its
 * length. */
size_t outbox_farewell(struct outbox *outbox, const struct persistent *state, bool released,
                       uint8_t buffer[WIRE_DATAGRAM_MAX]);

/* Sends what was added. */
void outbox_flush(struct outbox *outbox);

#endif
