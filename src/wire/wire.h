/* SPDX-License-Identifier: ISC
 *
 * wire.h - the datagram and the message: one encoder, one decoder (eldest-protocol(7)).
 *
 * A datagram is a header, the fixed fields of its type, a tail of TLVs (type 1 byte, length 2 bytes) and a MAC of 16
 * bytes, which is zero while no key is used. All integers are big-endian. Nothing here allocates, blocks, or knows the
 * time.
 *
 *   header: magic "ELDT" 4, major 1, minor 1, type 1, flags 1, key id 2, cluster name length 1 and bytes, sender id 16,
 *           incarnation 4, boot nonce 8, seq 8, [receiver's boot nonce 8: WIRE_FLAG_UNICAST],
 *           [AEAD nonce 24: WIRE_FLAG_SEALED]
 *
 * Decoding trusts no length and no number: what is out of range is an error by name, never a struct half filled. An
 * epoch is at least 1, a token names a leader and an address has a family, but where "0" or "none" is allowed below.
 */
#ifndef ELDEST_WIRE_WIRE_H
#define ELDEST_WIRE_WIRE_H

#include "base/types.h"

enum {
    WIRE_MAJOR = 1,
    WIRE_MINOR = 0,
    WIRE_DATAGRAM_MAX = 1200,
    WIRE_MAC_SIZE = 16,
    WIRE_AEAD_NONCE_SIZE = 24,
    WIRE_CHALLENGE_SIZE = 95, /* bytes in all, without the cluster name */
    WIRE_LEADER_SIZE = 173, /* the same of a unicast Leader with nothing that can be left out but the roster, ... */
    WIRE_ACK_SIZE = 171, /* ... of such an Ack, with a cookie, ... */
    WIRE_ROSTER_SIZE = 160, /* ... and of a roster with all seats */
    WIRE_PAGE_MAX = 12, /* records in a PageReply; fewer when names and tags are long */
    WIRE_MEMBERS_MAX = 1 << 20, /* members of a cluster; an index into their table */
};

#define WIRE_EPOCH_MAX ((1ULL << 53) - 1) /* EPOCH-3 */
#define WIRE_AGE_MAX ((1LL << 53) - 1) /* protocol 1: age is cut at 2^53 us */
#define WIRE_SEQ_FAREWELL (UINT64_MAX - 1) /* HAND-7: of Farewell(released = 0); the next one is of released = 1 */
#define WIRE_TIME_MAX (1LL << 53) /* T_now and births: us before and after the beginning of a timeline */

enum wire_type {
    WIRE_ANNOUNCE = 1,
    WIRE_ELECTION,
    WIRE_LEADER_ELECTED,
    WIRE_LEADER,
    WIRE_HEARTBEAT,
    WIRE_ACK,
    WIRE_REDIRECT,
    WIRE_SUSPECT,
    WIRE_VOUCH,
    WIRE_RESIGN,
    WIRE_FAREWELL,
    WIRE_MERGE_REQUEST,
    WIRE_MERGE_REPLY,
    WIRE_HANDOVER_REQUEST,
    WIRE_PAGE,
    WIRE_PAGE_REPLY,
    WIRE_CLONE,
    WIRE_CHALLENGE,
    WIRE_STALE,
    WIRE_TYPE_END
};

enum wire_flag {
    WIRE_FLAG_UNICAST = 1 << 0, /* the receiver's boot nonce is in the header */
    WIRE_FLAG_SEALED = 1 << 1, /* an AEAD nonce is in the header */
};

struct wire_header {
    uint8_t minor; /* of the sender: a newer one is accepted */
    uint8_t type; /* enum wire_type */
    uint8_t flags; /* enum wire_flag */
    uint16_t key_id; /* 0: no key */
    char cluster[CLUSTER_NAME_MAX + 1];
    struct node_id sender;
    uint32_t incarnation;
    uint64_t boot_nonce;
    uint64_t seq; /* from WIRE_SEQ_FAREWELL on: of a sentinel */
    uint64_t receiver_nonce; /* 0 when not known; only on the wire with WIRE_FLAG_UNICAST */
    uint8_t aead_nonce[WIRE_AEAD_NONCE_SIZE];
};

enum wire_node_state {
    WIRE_IDLE = 0,
    WIRE_CANDIDATE = 1,
    WIRE_IS_LEADER = 2,
};

/* Announce: who is there (START-2). */
struct wire_announce {
    uint8_t state; /* enum wire_node_state */
    uint16_t priority;
    bool eligible;
    bool fresh; /* never had an identity before */
    bool voter;
    int64_t age; /* us */
    uint16_t port;
    struct token leader; /* that the sender follows or is; none if it has none */
};

/* Election: I stand (START-4, ELEC-2). */
struct wire_election {
    uint64_t epoch; /* e' */
    struct rank_key key;
    int64_t age; /* us */
    struct token dead; /* the leadership that ended; none at the start */
    uint64_t released; /* epoch of a release that is repeated; 0 none (MAJ-8) */
    uint64_t nonce; /* a Vouch that names it counts against this candidacy; 0 none (SUSP-8, ELEC-11) */
    bool bootstrap; /* MAJ-12 */
};

/* LeaderElected: a vote (START-6, ELEC-6). */
struct wire_leader_elected {
    uint64_t epoch; /* e' */
    struct node_id candidate;
    struct token own; /* newest token the voter followed or held; none */
};

/* Leader: the leader makes itself known (ELEC-12). */
struct wire_leader {
    uint64_t epoch;
    struct rank_key key;
    int64_t age; /* us */
    uint32_t since_ms; /* of this leadership */
    int64_t cluster_time; /* T_now, us on key.timeline */
    uint32_t count; /* members, the leader included */
    uint32_t table_version;
    struct token absorbed; /* a leadership that ended in a merge; none */
    uint64_t answered; /* nonce of the Suspect that is answered; 0 none */
};

/* Heartbeat: a follower to its leader; a question with a nonce; a registration (EXCH-1, MEMB-2). */
struct wire_heartbeat {
    uint64_t epoch; /* of the leader addressed; 0 not known */
    uint32_t exchange;
    uint16_t try;
    int64_t sent; /* ts_f: sender's clock, us */
    int64_t echo; /* echo_ts of the newest Ack of this epoch; 0 none (MAJ-5) */
    uint64_t roster_epoch; /* version of the roster held */
    uint32_t roster_change;
    int64_t age; /* us */
    uint64_t timeline; /* 0: no birth yet */
    int64_t birth;
    struct token own; /* none */
    uint32_t rtt_us; /* smoothed round trip to the leader; 0 unknown */
    bool registering;
    bool question;
    uint64_t nonce; /* of the question; 0 none */
};

/* Ack: the leader's answer (EXCH-5). Durations in us. */
struct wire_ack {
    uint64_t epoch;
    uint32_t exchange;
    int64_t sent; /* ts_f echoed */
    int64_t timestamp; /* ts: leader's clock, us */
    uint32_t promise; /* P; 0 in none */
    uint32_t detect;
    uint32_t heartbeat; /* H */
    uint32_t floor;
    uint64_t timeline;
    int64_t cluster_time; /* T_now */
    bool has_birth; /* the receiver is listed: your birth is valid */
    int64_t birth; /* the receiver's */
    uint32_t count;
    uint32_t table_version;
    uint32_t next_slot; /* us until the receiver's next heartbeat is due (EXCH-4) */
    uint64_t nonce; /* of the question answered; 0 none */
};

/* Redirect: not me, that one leads (EXCH-6). */
struct wire_redirect {
    struct token leader;
    struct address address;
};

/* Suspect: the leader does not answer me (SUSP-2). */
struct wire_suspect {
    struct token leader;
    uint64_t nonce;
    uint32_t silent_ms; /* since the sender's first unanswered try */
};

/* Vouch: it answers me (SUSP-5). */
struct wire_vouch {
    struct token leader;
    uint64_t nonce; /* of the Suspect */
};

/* Resign: I hand over (HAND-1). */
struct wire_resign {
    uint64_t epoch;
    struct node_id successor;
    int64_t birth; /* the resigner's new birth */
    bool released; /* all work has stopped */
};

/* Farewell: the sentinel's last word for a dead daemon (HAND-6). */
struct wire_farewell {
    struct token leader;
    bool released;
};

/* MergeRequest: two leaders have met (MERGE-1). */
struct wire_merge_request {
    uint64_t epoch;
    struct rank_key key;
    int64_t age; /* us */
    uint32_t since_ms;
    bool followed;
    uint64_t nonce;
};

enum wire_verdict {
    WIRE_KEEP_ME = 1,
    WIRE_KEEP_YOU = 2,
    WIRE_WAIT = 3,
};

/* MergeReply: what the decider decided (MERGE-4, MERGE-5). */
struct wire_merge_reply {
    uint64_t nonce;
    uint8_t verdict; /* enum wire_verdict */
    uint64_t epoch; /* e' */
    uint32_t since_ms;
};

/* HandoverRequest: preempt (HAND-4). */
struct wire_handover_request {
    uint64_t epoch;
    struct rank_key key;
};

/* Page: give me the member table from this index on (MEMB-4). Padded to a third of the longest answer (SEC-4). */
struct wire_page {
    uint32_t version; /* that the earlier pages had; 0 for the first */
    uint32_t index;
};

/* One member in a PageReply. */
struct wire_record {
    struct node_id id;
    uint32_t incarnation;
    int64_t birth;
    struct address address; /* none */
    uint32_t last_seen_ms;
    uint32_t rtt_us; /* 0 unknown */
    struct node_facts facts;
};

/* PageReply: up to WIRE_PAGE_MAX records; the next page begins at index + count. */
struct wire_page_reply {
    uint32_t version;
    uint32_t index;
    uint32_t total;
    uint8_t count;
    struct wire_record records[WIRE_PAGE_MAX];
};

/* Clone: another node uses your id (MEMB-7). */
struct wire_clone {
    int64_t age; /* us */
    uint64_t heard_nonce;
};

/* Challenge: prove that you are there now; the proof has the same form (SEC-2). */
struct wire_challenge {
    uint64_t asked; /* nonce to be told back; 0: nothing is asked */
    uint64_t answered; /* nonce that was asked; 0: this answers nothing */
    uint64_t before; /* what the sender sent up to this seq is old */
};

/* Stale: I know a later you (MEMB-8). */
struct wire_stale {
    uint32_t incarnation;
    uint64_t seq;
};

/* A possible next leader, as the leader hands them out. */
struct wire_successor {
    struct node_id id;
    int64_t birth;
    uint16_t priority;
    bool eligible;
    struct address address;
};

struct wire_successors {
    uint8_t count;
    struct wire_successor list[SUCCESSORS_MAX];
};

/* The seats of a majority cluster (MAJ). */
struct wire_roster {
    uint64_t epoch; /* version (epoch, change) */
    uint32_t change;
    uint8_t expect; /* N */
    uint8_t count;
    struct node_id ids[ROSTER_MAX]; /* in order, each once */
};

struct wire_registration {
    struct node_facts facts;
    uint16_t port; /* unicast port of the sender */
};

struct wire_stranger {
    struct token token;
    struct address address;
};

/* A message: the header as received, the body of its type, and the TLVs that were there. */
struct wire_message {
    struct wire_header header;
    union {
        struct wire_announce announce;
        struct wire_election election;
        struct wire_leader_elected leader_elected;
        struct wire_leader leader;
        struct wire_heartbeat heartbeat;
        struct wire_ack ack;
        struct wire_redirect redirect;
        struct wire_suspect suspect;
        struct wire_vouch vouch;
        struct wire_resign resign;
        struct wire_farewell farewell;
        struct wire_merge_request merge_request;
        struct wire_merge_reply merge_reply;
        struct wire_handover_request handover_request;
        struct wire_page page;
        struct wire_page_reply page_reply;
        struct wire_clone clone;
        struct wire_challenge challenge;
        struct wire_stale stale;
    };
    /* TLVs, and the types that carry them; on others they are refused by the encoder and skipped by the decoder */
    bool has_successors; /* Leader, Ack */
    bool has_roster; /* Election, Leader, Ack */
    bool has_registration; /* Heartbeat */
    bool has_stranger; /* Heartbeat */
    char name[NODE_NAME_MAX + 1]; /* Announce, Leader, Ack: of the sender; "" when not given */
    char tags[TAGS_MAX + 1]; /* Leader, Ack: of the sender, told with its name; "" if it has none */
    uint64_t cookie; /* Ack: of the sender for the receiver; Heartbeat, Page: of the receiver for the sender; 0: none */
    uint16_t paused; /* Heartbeat that registers: bit 0, the sender is; PageReply: bit i, the node of record i is */
    struct wire_successors successors;
    struct wire_roster roster;
    struct wire_registration registration;
    struct wire_stranger stranger;
};

enum wire_error {
    WIRE_OK = 0,
    WIRE_SHORT, /* ends before its fields do, or an unpadded Page */
    WIRE_LONG, /* longer than WIRE_DATAGRAM_MAX */
    WIRE_FOREIGN, /* other magic: not ours at all */
    WIRE_VERSION, /* other major version */
    WIRE_UNKNOWN_TYPE,
    WIRE_RANGE, /* a number, length or name out of its range, half a token, a MAC without a key */
    WIRE_TAIL, /* a TLV that does not fit in the datagram, or twice the same */
    WIRE_ERROR_END
};

/* Writes the datagram of message to buffer. header.flags decides about the optional header fields; version and MAC
 * (zero) are written by this function. Successors that do not fit are left out, the least senior first; so are page
 * records at the end, and page_reply.count on the wire says how many were written. Returns the length, or 0 if the
 * message does not fit, is out of range, or has a TLV that its type does not carry (a mistake of the caller). */
size_t wire_encode(const struct wire_message *message, uint8_t buffer[WIRE_DATAGRAM_MAX]);

/* Makes such a datagram longer, before it gets a MAC: to `least` bytes, or up to two more. Returns the length; the
 * same if there is no room for that. */
size_t wire_pad(uint8_t buffer[WIRE_DATAGRAM_MAX], size_t length, size_t least);

/* Leaves out all that a receiver does without, until it has made itself known: for an answer that must be short. The
 * roster stays, as its absence says that there is none. An Ack is followed by the next registration at once. */
void wire_shorten(struct wire_message *message);

/* Reads a datagram into message. On any error but WIRE_OK the message holds nothing usable. Unknown TLVs are skipped: a
 * newer minor version adds TLVs only. Neither cluster nor MAC is judged here, except that without a key (key id 0) the
 * MAC is zero. Nor is the meaning of numbers: the durations in an Ack, for example, are for the core to check. */
enum wire_error wire_decode(const uint8_t *datagram, size_t length, struct wire_message *message);

/* The header alone, of a datagram whose body need not be readable, or known: its size, or 0 if it is none of this
 * version. */
size_t wire_peek_header(const uint8_t *datagram, size_t length, struct wire_header *ret);

/* Only the cluster name of a datagram that is otherwise ours, for the counters: copied to name, or "" . */
void wire_peek_cluster(const uint8_t *datagram, size_t length, char name[CLUSTER_NAME_MAX + 1]);

const char *wire_type_name(unsigned type); /* "Heartbeat"; "?" for unknown */
const char *wire_error_name(enum wire_error error); /* "short", ... : names of counters */

#endif
