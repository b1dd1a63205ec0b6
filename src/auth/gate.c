/* SPDX-License-Identifier: ISC
 *
 * gate.c - see gate.h. In this order: nonces, who is known, Challenges, what is kept until somebody is known, the
 * judgement.
 */
#include "auth/gate.h"

#include "auth/window.h"
#include "base/bucket.h"
#include "base/places.h"
#include "base/util.h"

#include <string.h>

enum {
    HINTS_MAX = 64, /* kept */
    WAITING_MAX = 16, /* Challenges to be sent */
    DOUBLINGS_MAX = 7, /* of the time between two Challenges to the same sender at the same address */
    ACQUAINTANCES = 4, /* successors that every follower knows */
    FEW = 32, /* nodes, of which all may ask at once */
    CHALLENGES_PER_SECOND = 2000, /* to those that are known, and as many to others */
    CHALLENGES_AT_ONCE = 1000,
};

static const usec_t
    remembered_us = 30 * USEC_PER_SEC, /* in any case */
    nonce_us = USEC_PER_SEC, /* for so long one is asked, and for as long answers are taken after that */
    known_us = 30 * USEC_PER_SEC, /* since the last that passed */
    proven_us = 20 * USEC_PER_SEC, /* after these who is heard is asked for another proof, ... */
    renewal_us = 10 * USEC_PER_SEC, /* ... and again after these */
    old_us = 2 * USEC_PER_SEC,
    kept_us = USEC_PER_SEC / 2,
    retry_us = 10 * USEC_PER_MS, /* until the second Challenge */
    spread_max_us = 20 * USEC_PER_MS,
    spread_per_node_us = 20,
    mark_us = USEC_PER_SEC / 2,
    led_us = 5 * USEC_PER_SEC; /* since the last Ack */

/* One that has proven itself. */
struct sender {
    uint64_t boot_nonce;
    struct node_id id;
    uint32_t incarnation;
    struct address address; /* that its last proof came from */
    usec_t since, proven_at, heard_at; /* since: the first proof */
    usec_t asked_at, way_asked_at; /* for another proof; whether it is at another address */
    bool told; /* to be asked where the leader says that it is */
    uint64_t seq; /* the highest that has passed, ... */
    uint64_t seq_marked; /* ... and that was it at this time */
    usec_t marked_at;
    struct window unicast, multicast; /* one would push the other out where they are read apart */
};

/* Somebody who has not, at one address. */
struct hint {
    uint64_t boot_nonce; /* 0: none */
    struct address source;
    usec_t heard_at;
    usec_t asked_at;
    usec_t due; /* of the next Challenge; USEC_NEVER */
    bool unmeant; /* it is due for what was for another start than this one */
    unsigned tries;
    bool proven; /* what is kept may be judged again */
    unsigned mark;
    uint64_t seq;
    size_t length; /* 0: nothing is kept */
    uint8_t bytes[WIRE_DATAGRAM_MAX];
};

struct gate {
    uint64_t boot_nonce;
    struct node_id id; /* of this node */
    struct rng rng;
    /* senders */
    uint32_t count, count_max;
    struct places places;
    struct sender *senders;
    /* the nonces that are asked, the present one first */
    uint64_t nonces[2];
    usec_t nonce_at;
    /* what of this node's own is old */
    uint64_t seq, seq_marked, seq_before;
    usec_t marked_at;
    /* what the leader tells */
    usec_t led_at;
    uint32_t members;
    struct wire_successors successors;
    unsigned acquaintance; /* whose turn it is */
    /* hints */
    usec_t due; /* the earliest */
    bool any_proven;
    struct hint hints[HINTS_MAX];
    /* Challenges */
    struct bucket for_known, for_strangers;
    unsigned waiting_start, waiting_count;
    struct gate_challenge waiting[WAITING_MAX];
};

static bool is_unicast(const struct wire_header *header) {
    return (header->flags & WIRE_FLAG_UNICAST) != 0;
}

/* ---- nonces ---- */

static void renew_nonces(struct gate *gate, usec_t now) {
    usec_t elapsed = now - gate->nonce_at;

    if (elapsed < nonce_us)
        return;
    gate->nonces[1] = elapsed < 2 * nonce_us ? gate->nonces[0] : rng_u64(&gate->rng) | 1;
    gate->nonces[0] = rng_u64(&gate->rng) | 1;
    gate->nonce_at = elapsed < 2 * nonce_us ? gate->nonce_at + nonce_us : now; /* late or not, over after two */
}

static uint64_t nonce_to_ask(struct gate *gate, usec_t now) {
    renew_nonces(gate, now);
    return gate->nonces[0];
}

static bool was_asked(struct gate *gate, uint64_t nonce, usec_t now) {
    renew_nonces(gate, now);
    return nonce == gate->nonces[0] || nonce == gate->nonces[1];
}

/* ---- senders ---- */

static size_t round_up(size_t size) {
    return (size + 15) / 16 * 16;
}

static size_t slots_offset(void) {
    return round_up(sizeof(struct gate));
}

static size_t senders_offset(uint32_t senders_max) {
    return slots_offset() + round_up(places_slots(senders_max) * sizeof(struct place));
}

size_t gate_size(uint32_t senders_max) {
    return senders_offset(senders_max) + senders_max * sizeof(struct sender);
}

struct gate *gate_init(void *memory, const struct gate_config *config) {
    struct gate *gate = memory;
    char *bytes = memory;

    gate->boot_nonce = config->boot_nonce;
    rng_seed(&gate->rng, config->seed);
    gate->count_max = config->senders_max;
    gate->senders = (struct sender *)(void *)(bytes + senders_offset(config->senders_max));
    places_begin(&gate->places, (struct place *)(void *)(bytes + slots_offset()), places_slots(config->senders_max),
                 rng_u64(&gate->rng));
    gate->nonce_at = gate->led_at = -remembered_us;
    gate->due = USEC_NEVER;
    return gate;
}

uint32_t gate_count(const struct gate *gate) {
    return gate->count;
}

static struct sender *find(const struct gate *gate, uint64_t boot_nonce) {
    uint32_t index = places_find(&gate->places, boot_nonce);

    return index == PLACES_NONE ? NULL : &gate->senders[index];
}

static struct sender *find_id(const struct gate *gate, const struct node_id *id) {
    for (uint32_t i = 0; i < gate->count; i++)
        if (node_id_equal(&gate->senders[i].id, id))
            return &gate->senders[i];
    return NULL;
}

/* The last one takes its place. */
static void forget(struct gate *gate, uint32_t index) {
    struct sender *last = &gate->senders[gate->count - 1];

    places_remove(&gate->places, gate->senders[index].boot_nonce);
    if (index < gate->count - 1) {
        gate->senders[index] = *last;
        places_put(&gate->places, last->boot_nonce, index);
    }
    gate->count--;
}

/* Earlier starts of a node that has started again: nothing of them can come any more but replays. */
static void forget_earlier(struct gate *gate, const struct wire_header *header) {
    for (uint32_t i = gate->count; i-- > 0;)
        if (node_id_equal(&gate->senders[i].id, &header->sender) &&
            gate->senders[i].incarnation < header->incarnation)
            forget(gate, i);
}

/* Whether a later start of that node is known, for so short a time that what was asked of the earlier one may still be
 * answered by replays: what they have passed by is forgotten. */
static bool was_replaced_lately(const struct gate *gate, const struct wire_header *header, usec_t now) {
    for (uint32_t i = 0; i < gate->count; i++)
        if (node_id_equal(&gate->senders[i].id, &header->sender) &&
            gate->senders[i].incarnation > header->incarnation && now - gate->senders[i].since < 2 * nonce_us)
            return true;
    return false;
}

static bool make_room(struct gate *gate, usec_t now) {
    uint32_t oldest = 0;

    if (gate->count < gate->count_max)
        return true;
    for (uint32_t i = 1; i < gate->count; i++)
        if (gate->senders[i].heard_at < gate->senders[oldest].heard_at)
            oldest = i;
    if (now - gate->senders[oldest].heard_at < remembered_us)
        return false;
    forget(gate, oldest);
    return true;
}

/* NULL if there is no room. */
static struct sender *add(struct gate *gate, const struct wire_header *header, usec_t now) {
    struct sender *sender;

    forget_earlier(gate, header);
    if (!make_room(gate, now))
        return NULL;
    sender = &gate->senders[gate->count];
    *sender = (struct sender){
        .boot_nonce = header->boot_nonce,
        .since = now,
        .way_asked_at = now - nonce_us,
        .marked_at = now,
    };
    places_put(&gate->places, header->boot_nonce, gate->count++);
    return sender;
}

/* What was sent before something that has been here for a while is old. */
static void age(struct sender *sender, usec_t now) {
    if (now - sender->marked_at < old_us)
        return;
    window_raise(&sender->unicast, sender->seq_marked);
    window_raise(&sender->multicast, sender->seq_marked);
    sender->seq_marked = sender->seq;
    sender->marked_at = now;
}

/* The last words of a sentinel have the highest seqs that there are. */
static void note_heard(struct sender *sender, const struct wire_header *header, usec_t now) {
    sender->id = header->sender;
    sender->incarnation = header->incarnation;
    if (header->seq > sender->seq && header->seq < WIRE_SEQ_FAREWELL)
        sender->seq = header->seq;
    sender->heard_at = now;
}

static bool is_known(const struct sender *sender, usec_t now) {
    return now - sender->heard_at <= known_us;
}

static bool is_proven(const struct sender *sender, usec_t now) {
    return now - sender->proven_at < proven_us;
}

const struct address *gate_address(const struct gate *gate, uint64_t boot_nonce) {
    const struct sender *sender = find(gate, boot_nonce);

    return sender ? &sender->address : NULL;
}

uint64_t gate_receiver(const struct gate *gate, uint64_t told, const struct address *to) {
    if (told != 0 && find(gate, told))
        return told;
    for (uint32_t i = 0; i < gate->count; i++)
        if (address_equal(&gate->senders[i].address, to))
            return gate->senders[i].boot_nonce;
    return told;
}

/* ---- marks ---- */

/* Whatever was sent in the last half second stays above seq_before. */
static void mark(struct gate *gate, usec_t now) {
    if (now - gate->marked_at < mark_us)
        return;
    gate->seq_before = now - gate->marked_at < 2 * mark_us ? gate->seq_marked : gate->seq;
    gate->seq_marked = gate->seq;
    gate->marked_at = now;
}

void gate_sent(struct gate *gate, const struct wire_header *header, usec_t now) {
    mark(gate, now);
    gate->seq = header->seq;
    gate->id = header->sender;
}

/* ---- Challenges ---- */

/* What is recorded can be sent again and again, from any address: it must not take away what those get that are known,
 * where they are. */
static struct bucket *bucket_for(struct gate *gate, const struct address *to, uint64_t receiver_nonce) {
    const struct sender *sender = find(gate, receiver_nonce);

    return sender && address_equal(&sender->address, to) ? &gate->for_known : &gate->for_strangers;
}

/* False: not now. */
static bool send(struct gate *gate, struct bucket *bucket, const struct address *to, uint64_t receiver_nonce,
                 const struct wire_challenge *body, usec_t now) {
    unsigned at = (gate->waiting_start + gate->waiting_count) % WAITING_MAX;

    if (gate->waiting_count == WAITING_MAX ||
        !bucket_take(bucket, CHALLENGES_PER_SECOND, CHALLENGES_AT_ONCE, now))
        return false;
    gate->waiting[at] = (struct gate_challenge){ *to, receiver_nonce, *body };
    gate->waiting_count++;
    return true;
}

static bool ask(struct gate *gate, struct bucket *bucket, const struct address *to, uint64_t receiver_nonce,
                usec_t now) {
    const struct wire_challenge body = { .asked = nonce_to_ask(gate, now) };

    return send(gate, bucket, to, receiver_nonce, &body, now);
}

/* And asks, if its sender is not known. */
static void answer(struct gate *gate, const struct gate_datagram *datagram, const struct wire_message *message,
                   bool known, usec_t now) {
    struct bucket *bucket = bucket_for(gate, &datagram->source, message->header.boot_nonce);
    struct wire_challenge body = { .answered = message->challenge.asked };

    mark(gate, now);
    body.before = gate->seq_before;
    if (!known)
        body.asked = nonce_to_ask(gate, now);
    send(gate, bucket, &datagram->source, message->header.boot_nonce, &body, now);
}

/* No Challenge is longer than what it answers (SEC-4). */
static bool may_be_asked(const struct gate_datagram *datagram, const struct wire_header *header) {
    return datagram->length >= WIRE_CHALLENGE_SIZE + strlen(header->cluster);
}

void gate_ask_way(struct gate *gate, const struct gate_datagram *datagram, const struct wire_header *header,
                  usec_t now) {
    struct sender *sender = find(gate, header->boot_nonce);

    if (!sender || !may_be_asked(datagram, header) ||
        (!is_unicast(header) && now - sender->way_asked_at < nonce_us))
        return;
    if (ask(gate, bucket_for(gate, &datagram->source, header->boot_nonce), &datagram->source, header->boot_nonce, now))
        sender->way_asked_at = now;
}

/* In turn where it proved itself last, and where the leader says that it is: it may have moved, or started again. */
static void ask_acquaintance(struct gate *gate, const struct wire_successor *one, struct sender *sender, usec_t now) {
    if (!sender || sender->told)
        ask(gate, &gate->for_known, &one->address, 0, now);
    else
        ask(gate, &gate->for_known, &sender->address, sender->boot_nonce, now);
    if (sender)
        sender->told = !sender->told;
}

/* One at each Ack, so that they do not come in crowds; the next after the last, as that may never answer. */
static void make_acquaintance(struct gate *gate, usec_t now) {
    unsigned count = (unsigned)min_i64(gate->successors.count, ACQUAINTANCES);

    for (unsigned i = 0; i < count; i++) {
        const struct wire_successor *one = &gate->successors.list[gate->acquaintance++ % count];
        struct sender *sender = find_id(gate, &one->id);

        if (one->address.family == 0 || node_id_equal(&one->id, &gate->id) || (sender && is_proven(sender, now)))
            continue;
        ask_acquaintance(gate, one, sender, now);
        return;
    }
}

/* ---- hints ---- */

static uint32_t nodes_known(const struct gate *gate) {
    uint32_t hints = 0;

    for (unsigned i = 0; i < HINTS_MAX; i++)
        hints += gate->hints[i].boot_nonce != 0;
    return (uint32_t)max_i64(gate->members, gate->count + hints);
}

static usec_t spread(struct gate *gate) {
    uint32_t nodes = nodes_known(gate);

    return nodes < FEW ? 0 : rng_between(&gate->rng, 0, min_i64(spread_max_us, nodes * spread_per_node_us));
}

/* Whether less is lost with the one than with the other. */
static bool is_less(const struct hint *one, const struct hint *other) {
    if ((one->length == 0) != (other->length == 0))
        return one->length == 0;
    return one->heard_at < other->heard_at;
}

/* The hint of that sender at that address; else the place of the one with which the least is lost. */
static struct hint *hint_of(struct gate *gate, uint64_t boot_nonce, const struct address *source) {
    struct hint *least = &gate->hints[0];

    for (unsigned i = 0; i < HINTS_MAX; i++) {
        struct hint *hint = &gate->hints[i];

        if (hint->boot_nonce == boot_nonce && address_equal(&hint->source, source))
            return hint;
        if (is_less(hint, least))
            least = hint;
    }
    memset(least, 0, offsetof(struct hint, bytes));
    least->boot_nonce = boot_nonce;
    least->source = *source;
    least->due = USEC_NEVER;
    return least;
}

static void drop(struct hint *hint) {
    memset(hint, 0, offsetof(struct hint, bytes));
    hint->due = USEC_NEVER;
}

static void keep(struct hint *hint, const struct gate_datagram *datagram, const struct wire_header *header) {
    if (hint->length > 0 && header->seq <= hint->seq)
        return;
    hint->seq = header->seq;
    hint->mark = datagram->mark;
    hint->length = datagram->length;
    memcpy(hint->bytes, datagram->bytes, datagram->length);
}

static void plan(struct gate *gate, struct hint *hint, bool at_once, bool unmeant, usec_t now) {
    usec_t interval = hint->tries == 0 ? 0 : retry_us << min_i64(hint->tries - 1, DOUBLINGS_MAX);

    hint->unmeant &= unmeant;
    if (hint->due != USEC_NEVER || now - hint->asked_at < interval)
        return;
    hint->due = at_once ? now : now + spread(gate);
    hint->unmeant = unmeant;
    gate->due = min_i64(gate->due, hint->due);
}

static void note_hint(struct gate *gate, const struct gate_datagram *datagram, const struct wire_message *message,
                      bool unmeant, usec_t now) {
    const struct wire_header *header = &message->header;
    struct hint *hint;

    if (!may_be_asked(datagram, header))
        return;
    hint = hint_of(gate, header->boot_nonce, &datagram->source);
    hint->heard_at = now;
    if (!unmeant)
        keep(hint, datagram, header);
    plan(gate, hint, is_unicast(header), unmeant, now);
}

/* Where it is, whatever the source says. A link may carry nothing in the one direction: so this may fail, and what
 * passes counts all the same. */
static void renew_proof(struct gate *gate, struct sender *sender, bool at_once, usec_t now) {
    struct hint *hint;

    if (is_proven(sender, now) || now - sender->asked_at < renewal_us)
        return;
    sender->asked_at = now;
    hint = hint_of(gate, sender->boot_nonce, &sender->address);
    hint->heard_at = now;
    plan(gate, hint, at_once, false, now);
}

static void release(struct gate *gate, uint64_t boot_nonce, usec_t now) {
    for (unsigned i = 0; i < HINTS_MAX; i++) {
        struct hint *hint = &gate->hints[i];

        if (hint->boot_nonce != boot_nonce)
            continue;
        if (hint->length == 0 || now - hint->heard_at > kept_us) {
            drop(hint);
            continue;
        }
        hint->due = USEC_NEVER;
        hint->proven = gate->any_proven = true;
    }
}

/* What is for others can be recorded and sent again for ever, since it passes nowhere here: so it is at the cost of
 * strangers, whoever has sent it. */
static void ask_sender_of(struct gate *gate, struct hint *hint, usec_t now) {
    struct bucket *bucket =
        hint->unmeant ? &gate->for_strangers : bucket_for(gate, &hint->source, hint->boot_nonce);

    if (!ask(gate, bucket, &hint->source, hint->boot_nonce, now)) {
        hint->due = now + retry_us;
        return;
    }
    hint->due = USEC_NEVER;
    hint->asked_at = now;
    hint->tries++;
}

static void ask_those_due(struct gate *gate, usec_t now) {
    gate->due = USEC_NEVER;
    for (unsigned i = 0; i < HINTS_MAX; i++) {
        struct hint *hint = &gate->hints[i];

        if (hint->boot_nonce == 0)
            continue;
        if (hint->due <= now && gate->waiting_count < WAITING_MAX)
            ask_sender_of(gate, hint, now);
        gate->due = min_i64(gate->due, hint->due);
    }
}

bool gate_next(struct gate *gate, usec_t now, struct gate_challenge *ret) {
    if (gate->waiting_count == 0 && gate->due <= now)
        ask_those_due(gate, now);
    if (gate->waiting_count == 0)
        return false;
    *ret = gate->waiting[gate->waiting_start];
    gate->waiting_start = (gate->waiting_start + 1) % WAITING_MAX;
    gate->waiting_count--;
    return true;
}

bool gate_kept(struct gate *gate, struct gate_datagram *ret) {
    for (unsigned i = 0; gate->any_proven && i < HINTS_MAX; i++) {
        struct hint *hint = &gate->hints[i];

        if (!hint->proven)
            continue;
        *ret = (struct gate_datagram){ hint->bytes, hint->length, hint->source, hint->mark };
        drop(hint);
        return true;
    }
    gate->any_proven = false;
    return false;
}

usec_t gate_deadline(const struct gate *gate) {
    return gate->due;
}

/* ---- the judgement ---- */

/* What is the same for all who get it. */
static bool is_for_all(uint8_t type) {
    return type == WIRE_ELECTION || type == WIRE_LEADER || type == WIRE_SUSPECT || type == WIRE_VOUCH ||
           type == WIRE_RESIGN || type == WIRE_FAREWELL;
}

/* Meant for this start of this node, as far as it says. */
static bool is_meant(const struct gate *gate, const struct wire_header *header) {
    return !is_unicast(header) || header->receiver_nonce == gate->boot_nonce ||
           (header->receiver_nonce == 0 && is_for_all(header->type));
}

/* A leader looks after those who seek one. */
static bool is_of_no_use(const struct gate *gate, const struct wire_header *header, usec_t now) {
    return header->type == WIRE_ANNOUNCE && now - gate->led_at < led_us && !node_id_equal(&header->sender, &gate->id);
}

static void note_seq(struct sender *sender, const struct wire_header *header) {
    window_note(is_unicast(header) ? &sender->unicast : &sender->multicast, header->seq);
}

/* It has told back a nonce of now. NULL if there is no room for it. */
static struct sender *admit(struct gate *gate, const struct gate_datagram *datagram,
                            const struct wire_message *message, usec_t now) {
    struct sender *sender = find(gate, message->header.boot_nonce);

    if (!sender)
        sender = add(gate, &message->header, now);
    if (!sender)
        return NULL;
    window_raise(&sender->unicast, message->challenge.before);
    window_raise(&sender->multicast, message->challenge.before);
    sender->address = datagram->source;
    sender->proven_at = sender->heard_at = now;
    release(gate, message->header.boot_nonce, now);
    return sender;
}

/* What this start is asked is answered once, or each time if who asks is not known: it proves nothing of who asks. Only
 * who asks an acquaintance may not know its start. */
static enum gate_verdict judge_challenge(struct gate *gate, const struct gate_datagram *datagram,
                                         const struct wire_message *message, usec_t now) {
    const struct wire_challenge *body = &message->challenge;
    const struct wire_header *header = &message->header;
    bool is_mine = header->receiver_nonce == gate->boot_nonce, answers = body->answered != 0;
    struct sender *sender = find(gate, header->boot_nonce);

    if (!is_mine && (answers || header->receiver_nonce != 0))
        return GATE_UNMEANT;
    if ((answers && (!was_asked(gate, body->answered, now) || was_replaced_lately(gate, header, now))) ||
        (sender && window_look(&sender->unicast, header->seq) != WINDOW_NEW))
        return GATE_REPLAYED;
    if (answers)
        sender = admit(gate, datagram, message, now);
    if (sender)
        note_seq(sender, header);
    if (sender && is_mine && is_known(sender, now))
        note_heard(sender, header, now);
    if (body->asked != 0)
        answer(gate, datagram, message, sender && is_known(sender, now), now);
    return answers && sender ? GATE_PROOF : GATE_ASKED;
}

static void learn(struct gate *gate, const struct wire_message *message, usec_t now) {
    if (message->header.type == WIRE_LEADER)
        gate->members = message->leader.count;
    if (message->header.type != WIRE_ACK)
        return;
    gate->members = message->ack.count;
    gate->led_at = now;
    if (message->has_successors)
        gate->successors = message->successors;
    make_acquaintance(gate, now);
}

/* Of a sender that is known. */
static enum gate_verdict judge_seq(const struct sender *sender, const struct wire_header *header) {
    switch (window_look(is_unicast(header) ? &sender->unicast : &sender->multicast, header->seq)) {
    case WINDOW_NEW:
        return GATE_PASSES;
    case WINDOW_SEEN:
        return is_unicast(header) ? GATE_REPLAYED : GATE_REPEATED;
    default:
        return GATE_REPLAYED;
    }
}

static enum gate_verdict judge_other(struct gate *gate, struct sender *sender, const struct wire_header *header,
                                     usec_t now) {
    enum gate_verdict verdict = sender ? judge_seq(sender, header) : GATE_UNPROVEN;

    if (verdict == GATE_PASSES && !is_meant(gate, header))
        return GATE_UNMEANT;
    return verdict == GATE_PASSES && !is_known(sender, now) ? GATE_UNPROVEN : verdict;
}

enum gate_verdict gate_judge(struct gate *gate, const struct gate_datagram *datagram,
                             const struct wire_message *message, usec_t now) {
    const struct wire_header *header = &message->header;
    struct sender *sender = find(gate, header->boot_nonce);
    enum gate_verdict verdict;

    if (sender)
        age(sender, now);
    if (header->type == WIRE_CHALLENGE)
        return judge_challenge(gate, datagram, message, now);
    verdict = judge_other(gate, sender, header, now);
    if (verdict == GATE_PASSES) {
        note_seq(sender, header);
        note_heard(sender, header, now);
        renew_proof(gate, sender, is_unicast(header), now);
        learn(gate, message, now);
    } else if (verdict == GATE_UNMEANT || (verdict == GATE_UNPROVEN && !is_of_no_use(gate, header, now))) {
        note_hint(gate, datagram, message, !is_meant(gate, header), now);
    }
    return verdict;
}
