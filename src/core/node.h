/* SPDX-License-Identifier: ISC
 *
 * node.h - the whole state of one node. Private to src/core: outside there is only core.h.
 *
 * Each concern of the protocol has a struct here and a file of its own name; the files call each other through their
 * headers and share this state. Effects are appended to `out` by the emit functions below, never carried out.
 */
#ifndef ELDEST_CORE_NODE_H
#define ELDEST_CORE_NODE_H

#include "core/core.h"
#include "core/member.h"

/* Everything that waits for a time. A timer is an absolute time in core->timers, USEC_NEVER when it is not set. */
enum timer {
    TIMER_ANNOUNCE, /* START-2: the next Announce of a node without leader */
    TIMER_DISCOVERY, /* START-4: end of the discovery, then of the random hold */
    TIMER_OBJECTION, /* START-5 */
    TIMER_COLLECTION, /* START-6 */
    TIMER_ALONE, /* START-8 */
    TIMER_HEARTBEAT, /* EXCH-1: slot or registration */
    TIMER_RETRY, /* EXCH-2 */
    TIMER_APPROACH, /* ELEC-14, ELEC-17: registration with a node that is not my leader yet */
    TIMER_PROBE, /* SUSP-3 */
    TIMER_VOUCH, /* SUSP-5 */
    TIMER_ISOLATED, /* SUSP-11, SUSP-12: ask again */
    TIMER_HOLD, /* ELEC-1, ELEC-3, START-7: stand when it is over */
    TIMER_VOTE, /* ELEC-7 */
    TIMER_ROUND, /* ELEC-2: repeat my Election */
    TIMER_WINDOW, /* W */
    TIMER_LEADER, /* ELEC-12: repeat my Leader */
    TIMER_GAP, /* GAP-1, GAP-3 */
    TIMER_MERGE, /* MERGE-1, MERGE-8 */
    TIMER_RESIGN, /* HAND-1, HAND-3 */
    TIMER_EXPIRY, /* MEMB-3 */
    TIMER_PAGE, /* MEMB-4 */
    TIMER_PREEMPT, /* HAND-4 */
    TIMER_LEASE, /* MAJ-6, MAJ-7: it ends, or was not regained */
    TIMER_COUNT
};

/* The states of eldest-protocol(7), one at a time. */
enum phase {
    PHASE_SEEKING, /* no leader known: rules START */
    PHASE_FOLLOWING, /* a living leader, under suspicion or not */
    PHASE_BEREFT, /* verdict: my leader ended; holding, voting, waiting: rules ELEC */
    PHASE_ISOLATED, /* verdict without any sign of life: SUSP-11 */
    PHASE_HEARD_ONE_WAY, /* SUSP-12, MERGE-10 */
    PHASE_STANDING, /* candidate */
    PHASE_LEADING,
};

/* My leader, and what its Acks rule. The token is saved.own while following. */
struct following {
    struct contact leader;
    char name[NODE_NAME_MAX + 1];
    char tags[TAGS_MAX + 1];
    usec_t since; /* begin of its leadership, by my clock */
    usec_t joined_at; /* I have followed it since */
    usec_t heard_at; /* last Ack, or Leader */
    bool unreachable; /* vouched for, but does not answer me ... */
    usec_t unreachable_since; /* ... since then */
    bool registered; /* an Ack came for what I am now */
    unsigned shortened; /* Acks in a row, the last ones (SEC-4) */
    bool acked; /* an Ack of this leader came: members is its word (SUSP-10) ... */
    usec_t acked_at; /* ... of this moment */
    uint32_t members; /* N, the leader included */
    uint32_t table_version; /* newest one told */
    usec_t interval; /* H */
    uint16_t priority; /* of the leader, as its Leader said */
    bool has_birth;
    int64_t birth; /* of the leader */
    bool voted; /* for another one, since its last Ack (GAP-4) */
    struct node_id successor; /* named by the leader that resigned; none */
    struct wire_successors successors; /* by seniority, as of ... */
    uint64_t successors_epoch; /* ... this epoch ... */
    uint32_t successors_version; /* ... and this version of the table */
};

/* One numbered Heartbeat with its tries. */
struct exchange {
    bool open;
    uint32_t number;
    uint16_t tries; /* sent so far */
    usec_t first_at; /* of the first try */
    bool stranger; /* carries TLV stranger */
    bool registers; /* each of its tries carries what I am now */
};

/* Round trip and loss towards my leader. */
struct quality {
    int64_t srtt, rttvar; /* us; 0 no sample yet */
    uint32_t loss; /* of one try, 1/65536 */
    struct tries tries; /* that made it */
};

/* Nonces of Suspects heard about my leader: a vouch for one of them counts (SUSP-7). The newest are kept. */
enum { NONCES_MAX = 8 };

struct nonces {
    uint64_t list[NONCES_MAX];
    unsigned count; /* ever noted */
};

/* A candidate whose Election was heard. */
struct candidate {
    struct contact contact;
    struct rank_key key;
    uint64_t epoch;
    uint64_t nonce; /* of its Election */
    usec_t born_at; /* by my clock */
    usec_t heard_at; /* its last Election */
    bool founding; /* it has no dead leader: rules START */
    struct token dead;
    bool bootstrap; /* MAJ-12 */
    struct wire_roster seats; /* by which it stands; of a majority cluster */
};

/* My leader is being checked. */
struct suspicion {
    bool active;
    bool probing; /* I send tries; else I only wait */
    usec_t began_at;
    usec_t silent_since; /* earliest unanswered try known, own or told */
    uint16_t tries_before; /* of the open exchange, sent before the suspicion */
    uint64_t nonce; /* of my Suspect and my questions */
    struct nonces heard;
    uint8_t sent; /* Suspects */
    bool sign_of_life;
    struct contact accuser; /* who gets my vouch; none: it was me */
    uint64_t accuser_nonce;
    bool asked; /* the accuser has its verdict already, and needs the vouch more than others that only suspect */
    struct candidate challenger; /* the most senior that has stood against my leader meanwhile; id none: nobody */
};

/* What outlives one suspicion. */
struct doubt {
    usec_t acted_at; /* on a Suspect, or sent one (damping) */
    usec_t not_before; /* the next Suspect of my own (EXCH-8) */
    usec_t backoff; /* 0: answered since */
    struct contact vouch_to; /* TIMER_VOUCH will vouch to it ... */
    uint64_t vouch_nonce; /* ... under its nonce ... */
    uint8_t vouches; /* ... so many times */
    usec_t leader_heard_at; /* a Leader of another node, or a vouch (SUSP-12) */
};

/* The leadership that ended for me. */
struct bereavement {
    struct token dead;
    enum reason reason;
    uint32_t members; /* N at its end */
    bool only_two; /* by an Ack of that leader: there is nobody to vote (SUSP-10) */
    bool one_way; /* a leader is heard, or vouched for, but has not answered me for a whole ack window */
    usec_t window_from; /* W counts from here */
    uint64_t nonce; /* of my last Suspect, my questions and my Election */
    struct nonces heard; /* a vouch for one of them, or for `nonce`, takes the verdict back */
    struct node_id successor; /* HAND-2: named by the resigner; none */
};

enum { CANDIDATES_MAX = 16, VOTERS_MAX = 16 };

struct election {
    struct candidate heard[CANDIDATES_MAX]; /* START-6: the cache */
    unsigned heard_count;
    bool collecting;
    struct candidate choice; /* TIMER_VOTE votes for it; id none: nobody */
    bool deferred; /* to somebody more senior, who may have my vote already */
    /* my own candidacy */
    uint64_t epoch; /* e' */
    bool founding;
    bool collected; /* START-6: the collection is over */
    unsigned rounds;
    struct node_id voters[VOTERS_MAX];
    unsigned votes;
    usec_t voted_at; /* the last one */
    uint64_t votes_epoch; /* highest epoch of a token in a vote (EPOCH-4) */
};

/* I am asking a node to be my leader, as long as TIMER_APPROACH is set. */
struct approach {
    struct contact to;
    uint32_t exchange;
    unsigned tries;
    uint64_t nonce;
    enum reason reason; /* why it would be followed */
};

enum departure {
    STAYING,
    LEAVING_BY_RESIGN, /* the user's wish */
    LEAVING_BY_STOP, /* the daemon ends */
    LEAVING_BY_CONFIG, /* not eligible any more */
    LEAVING_TO_PREEMPT,
    LEAVING_BY_MERGE, /* MERGE-5 */
};

struct leadership {
    usec_t since;
    struct rank_key key; /* frozen */
    unsigned repeats; /* of the first announcements */
    usec_t tick_at; /* last time that I was surely awake */
    usec_t woke_at; /* from the last pause: what was to be heard before may wait in a queue, or be lost */
    bool unconfirmed;
    uint64_t question; /* nonce */
    usec_t unconfirmed_until;
    usec_t vouched_at; /* SUSP-4 */
    usec_t follower_heard_at; /* a heartbeat or vote of another node; before any time if there was none */
    struct wire_successors seniors; /* of the table, as of seniors_version */
    uint32_t seniors_version;
    bool full_told; /* MEMB-5 */
    uint32_t unlisted; /* heard in the last whole interval: the table has no room for them */
    uint32_t unlisted_heard; /* in the present interval ... */
    usec_t unlisted_from; /* ... which began then */
    struct token absorbed; /* MERGE-4 */
    usec_t absorbed_until;
    struct token over; /* a leadership that ended by the word of its own leader, resigned to me or absorbed; none */
    enum departure departure;
    enum departure wish; /* that waits for the first members to register */
    struct contact successor; /* HAND-1; id none: nobody can take it */
    usec_t resign_until;
    uint64_t resigned_epoch; /* Resign was sent for it; 0 not yet */
    bool released; /* with it: nobody works any more (MAJ-8) */
};

/* What this node has promised as a voter of a majority cluster (voter.h). */
struct voter {
    usec_t abstains_until; /* after a restart */
    usec_t promised_until;
    struct token promised_to; /* the last one */
    int64_t echo; /* ts of the newest Ack by which it promised ... */
    uint64_t echo_epoch; /* ... in that epoch; 0 none */
    struct token released; /* the last leadership that said so; none */
    uint64_t stood_epoch; /* of the last candidacy; 0 none ... */
    struct wire_roster stood_by; /* ... by these seats */
    uint64_t heard_epoch; /* highest one in which another node stood, of Elections heard since the last leader */
};

/* What is known of a seat, in the order of saved.roster. */
struct seat {
    usec_t echo; /* newest one, by my clock; 0 none in this term */
    uint64_t roster_epoch; /* version that it has */
    uint32_t roster_change;
};

/* The lease of a majority leader (lease.h). */
struct lease {
    struct seat seats[ROSTER_MAX];
    usec_t promise, margin; /* P and stop_margin of this term: the configuration may change meanwhile */
    usec_t echoes_from; /* no earlier Ack counts */
    usec_t kept_until; /* by the seats that there were before the last change of them; 0 none */
    bool told; /* to users: this node leads */
    enum reason reason; /* to be told when it begins */
    usec_t lost_at; /* or never held since then */
    struct node_id retired[ROSTER_MAX]; /* in this term: they do not get a seat again by themselves ... */
    unsigned retirements; /* ... the latest so many */
};

/* A merge with one other leader. */
struct merge {
    struct contact other;
    uint64_t nonce; /* of the pair, the decider's or the asker's own */
    uint64_t other_nonce; /* of the last request heard from it */
    unsigned tries;
    usec_t next_at; /* next request */
    usec_t series_at; /* begin of the series */
    usec_t other_since; /* begin of the other leadership, by my clock */
    usec_t asked_at; /* last MergeRequest heard */
    usec_t met_at; /* last sign of the other */
    bool exhausted; /* all tries of a series stayed unanswered (MERGE-10) */
    bool waiting; /* MergeReply(wait) received */
    enum wire_verdict verdict; /* remembered reply; 0 none */
    uint64_t verdict_epoch;
    usec_t verdict_at;
};

enum { MERGES_MAX = 8, DEFEATS_MAX = 3 };

struct merging {
    struct merge list[MERGES_MAX];
    unsigned count;
    struct node_id yields_to; /* MERGE-5: I stop for this one; none */
    /* MERGE-9 */
    unsigned defeats; /* merges lost within 60 s of gaining leadership, lately */
    usec_t defeat_at; /* the last one */
    uint32_t members; /* of my part at the last one */
    usec_t held_until; /* no leading alone before; 0: not asked since there was a leader */
};

/* Pulling the member table (MEMB-4). */
struct paging {
    bool wanted;
    bool busy;
    bool complete; /* the table is a copy of version `version` */
    uint32_t version;
    unsigned tries;
    usec_t done_at;
};

/* EPOCH-3: an epoch beyond is not believed. It lies 2^20 above top, or above a base that moves after what is heard
 * beyond it: by 2^20 in a second at most, so that one wrong number does not use up all others. */
struct horizon {
    uint64_t base;
    usec_t moved_at; /* or when something beyond was first heard; 0: never */
};

struct core {
    /* who I am */
    struct persistent saved; /* what is or will be on disk */
    bool dirty; /* it has to be written */
    uint64_t epoch_floor; /* reserved by earlier starts, perhaps used (EPOCH-5) */
    uint64_t epoch_reserved; /* surely on disk; saved.epoch_block may still be on its way there */
    usec_t reserving_since; /* the last time that it went there, or could not */
    bool fresh;
    bool writable;
    bool undurable; /* something that a promise depends on is not surely on the disk (MAJ) */
    bool majority;
    uint8_t expect;
    bool preempt;
    uint64_t boot_nonce;
    uint16_t port;
    struct node_facts facts;
    struct timing timing; /* mine */
    struct timing rule; /* in force: my leader's detect */
    struct rng rng;
    usec_t born_at; /* my age counts from here */

    /* this step */
    usec_t now;
    usec_t late; /* of the timer at hand: how much later than set it fired (SUSP-13) */
    struct actions *out;
    struct contact source; /* of the datagram at hand */

    usec_t timers[TIMER_COUNT];
    unsigned links;
    bool stopping; /* EVENT_STOP has come */
    enum phase phase;
    enum node_state told; /* in the last NOTICE_STATE */

    /* the cluster's clock */
    uint64_t timeline; /* 0 none */
    int64_t timeline_offset; /* cluster time minus mine, us */
    bool has_birth;
    int64_t birth;

    usec_t carrier_at; /* START-8 */
    usec_t sought_at; /* begin of the present discovery */
    unsigned announces; /* sent in it */
    bool discovered; /* START-4: discovery is over */

    struct following following;
    struct exchange exchange;
    struct quality quality;
    struct suspicion suspicion;
    struct doubt doubt;
    struct bereavement bereavement;
    struct election election;
    struct approach approach;
    struct leadership leadership;
    struct voter voter;
    struct lease lease;
    struct merging merging;
    struct paging paging;
    struct heard_list heard;
    struct member_table table;
    uint32_t exchange_number;
    bool stranger_due; /* ELEC-15: the next exchange tells my leader of `stranger` */
    struct wire_stranger stranger;
    usec_t stranger_at; /* last told */
    usec_t clone_answered_at, stale_answered_at; /* MEMB-7, MEMB-8 */
    usec_t id_taken_at; /* MEMB-8 */
    uint32_t id_exchange; /* the first one under the present id (MEMB-7) */
    unsigned id_announces; /* still due of the id that was taken then (MEMB-7) */
    struct horizon horizon;
    struct core_counters counters;
};

/* Timers. */
void timer_set(struct core *core, enum timer timer, usec_t at);
void timer_after(struct core *core, enum timer timer, usec_t delay);
void timer_stop(struct core *core, enum timer timer);
void timer_stop_all(struct core *core);
bool timer_is_set(const struct core *core, enum timer timer);

/* Effects. A send starts without any target; the message is zero but for its type. */
struct send *emit_send(struct core *core, enum wire_type type);
struct send *emit_multicast(struct core *core, enum wire_type type);
struct send *emit_unicast(struct core *core, enum wire_type type, const struct contact *to);
void send_add(struct send *send, const struct contact *to); /* one more receiver; beyond the bound it is left out */
void send_add_successors(struct core *core, struct send *send); /* those that this node knows, but itself */
struct notice *emit_notice(struct core *core, enum notice_type type, enum reason reason);
/* NOTICE_LEADER or NOTICE_NO_LEADER about the leadership that this node holds or follows, or has until now. */
void emit_leadership(struct core *core, enum notice_type type, enum reason reason);
void emit_action(struct core *core, enum action_type type);
void emit_persist(struct core *core, bool durable);
void emit_resigned(struct core *core, enum resign_outcome outcome);
void emit_retired(struct core *core, enum retire_outcome outcome);

/* Persistent state. */
/* Highest epoch followed, held, voted in or stood with; never below what an earlier start reserved. */
uint64_t node_top(const struct core *core);
/* The next epoch above that one; reserved on disk if need be (EPOCH-5). After the last one it is that again. */
uint64_t node_take_epoch(struct core *core, uint64_t above);
void node_set_own(struct core *core, const struct token *own);
void node_set_vote(struct core *core, uint64_t epoch, const struct node_id *id);

/* Counts what is ignored. */
void node_refuse(struct core *core, enum core_refusal why);

/* What became of tries, for their way and for all: tries.h, core_counters. */
void node_note_lost(struct core *core, struct tries *tries, unsigned count);
void node_note_answered(struct core *core, struct tries *tries);

/* Small questions about this node. */
enum node_state node_state(const struct core *core);
bool node_is(const struct core *core, const struct node_id *id);
int64_t node_age(const struct core *core);
/* T_now, and the birth of who has that age now. Both end where the wire does: a time that somebody told too large must
 * not leave a later leader without words. */
int64_t node_cluster_time(const struct core *core);
int64_t node_birth_at_age(const struct core *core, int64_t age);
struct rank_key node_key(const struct core *core);
bool node_may_stand(const struct core *core);
bool node_leads(const struct core *core); /* confirmed and not letting go: answers "leader" */
bool node_epoch_plausible(const struct core *core, uint64_t epoch); /* EPOCH-3 */
bool node_accepts_epoch(struct core *core, uint64_t epoch); /* the same; counts what is not */
struct token node_my_token(const struct core *core, uint64_t epoch);
/* How that successor is reached; the boot nonce is known if it was heard lately. */
struct contact node_contact(const struct core *core, const struct wire_successor *successor);

/* The place of that node among the possible successors that my leader named; SUCCESSORS_MAX if it has none. */
unsigned node_successor_place(const struct core *core, const struct node_id *id);
const char *node_heard_name(const struct core *core, const struct node_id *id);
uint32_t node_members(const struct core *core); /* N */
uint64_t node_nonce(struct core *core); /* never 0 */
usec_t node_jitter(struct core *core, usec_t max); /* uniform in 0 .. max */

/* The phase changes only here; what the old one had running is stopped (timers, suspicion, candidacy, pages). With a
 * leader the wait of MERGE-9 is over, and begins anew when there is none again. */
void node_enter(struct core *core, enum phase phase);

#endif
