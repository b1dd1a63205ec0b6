/* SPDX-License-Identifier: ISC
 *
 * gate.h - what a key cannot tell: whether a datagram was made now, or was recorded earlier and is sent again (SEC-2).
 *
 *     datagram -> wire -> seal -> gate -> core
 *
 * A sender is a start of a node, known by its boot nonce. Of one that is known each seq passes once (window.h). One is
 * known when it has told back a nonce that was drawn within the last two seconds: nothing recorded does that, and no
 * clock and no memory of earlier starts, of either side, is needed. So who is not known is sent a Challenge, answers
 * it, and asks for the same proof if it does not know this node:
 *
 *     A  Suspect, to all                    B does not know A: keeps it
 *     B  Challenge(asked b)
 *     A  Challenge(answered b, asked a)     B knows A, and goes on with the Suspect
 *     B  Challenge(answered a)              A knows B
 *
 * What was kept passes then, unless it is older than a second or two: the proof says up to which seq all is old.
 *
 * What did not arrive can be recorded too, and has a seq that is new. So what was sent before something that was heard
 * two seconds ago does not pass; who was not heard for half a minute has to prove again that it is there; and who is
 * heard is asked for another proof when its last one is 20 seconds old: it ends whatever was held back. Where that is
 * not answered what passes goes on to count, since a node that hears all but is heard by none has to know that somebody
 * leads.
 *
 * So nothing is lost by it but one round trip, and between those who will have to be quick not even that: at each Ack a
 * follower asks one of the first successors for a proof whose last one will be over soon.
 *
 * In clusters of many a multicast is not answered by all at once: the Challenges are spread over up to 20 ms. A node
 * that has a leader leaves the Announces of others to that one.
 *
 * Bounded: who was heard within the last half minute is not forgotten for somebody new; then the one not heard for
 * longest goes. Only who has the key is remembered. Of what is kept for a proof the newest 64 stay.
 *
 * Nothing here knows clocks, sockets or memory: the caller gives all that. For one thread.
 */
#ifndef ELDEST_AUTH_GATE_H
#define ELDEST_AUTH_GATE_H

#include "base/rng.h"
#include "wire/wire.h"

struct gate;

struct gate_config {
    uint64_t boot_nonce; /* of this start */
    uint32_t senders_max;
    uint8_t seed[RNG_SEED_SIZE];
};

/* One whose MAC is right. */
struct gate_datagram {
    const uint8_t *bytes;
    size_t length;
    struct address source;
    unsigned mark; /* the caller's, given back with what was kept */
};

enum gate_verdict {
    GATE_PASSES,
    GATE_REPEATED, /* a copy of a multicast that has passed */
    GATE_REPLAYED, /* has passed already, or is too old; or answers nothing that was asked */
    GATE_UNPROVEN, /* its sender has to prove first that it is there; see gate_kept() */
    GATE_UNMEANT, /* for another node, or for an earlier start of this one */
    GATE_PROOF, /* a Challenge that proves that its sender hears what is sent to its address: dealt with */
    GATE_ASKED, /* another Challenge: dealt with */
};

/* What is to be sent. */
struct gate_challenge {
    struct address to;
    uint64_t receiver_nonce;
    struct wire_challenge body;
};

/* Bytes of memory for a gate, all zero, aligned as malloc() does. */
size_t gate_size(uint32_t senders_max);

struct gate *gate_init(void *memory, const struct gate_config *config);

/* A message has arrived. Afterwards, and when gate_deadline() has come, gate_next() is to be asked until it returns
 * false, and then gate_kept(), each time one by one. */
enum gate_verdict gate_judge(struct gate *gate, const struct gate_datagram *datagram,
                             const struct wire_message *message, usec_t now);

/* What has passed, or a copy of it, came from an address that is no way to its sender yet: who can answer from there is
 * asked to, once a second at most, before it is taken for one. */
void gate_ask_way(struct gate *gate, const struct gate_datagram *datagram, const struct wire_header *header,
                  usec_t now);

bool gate_next(struct gate *gate, usec_t now, struct gate_challenge *ret);

/* What was kept of a sender that has proven itself since: to be judged again. Valid until the next call of that. */
bool gate_kept(struct gate *gate, struct gate_datagram *ret);

usec_t gate_deadline(const struct gate *gate);

/* This node sends a datagram with that header. */
void gate_sent(struct gate *gate, const struct wire_header *header, usec_t now);

/* The boot nonce to name in a unicast to that address, but for a Challenge: as told, if that is known and not over. */
uint64_t gate_receiver(const struct gate *gate, uint64_t told, const struct address *to);

/* Where the start with that boot nonce has proven last that it is there; NULL if it is not known. */
const struct address *gate_address(const struct gate *gate, uint64_t boot_nonce);

/* How many senders are known. */
uint32_t gate_count(const struct gate *gate);

#endif
