/* SPDX-License-Identifier: ISC
 *
 * world.c - the run of a simulated cluster: pop the earliest item, step a core, carry its actions out, ask the
 * oracle.
 */
#include "world.h"

#include "auth/seal.h"
#include "base/util.h"
#include "toy_hash.h"
#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum item_type {
    ITEM_DATAGRAM = 1, /* data: the packet; value: where it came from */
    ITEM_READ, /* the same, when the node comes to read it */
    ITEM_DEADLINE,
    ITEM_RESUME, /* a pause ends */
    ITEM_WRITTEN, /* the disk has what was written in the background */
    ITEM_EVENT, /* value: an enum event_type that carries nothing */
    ITEM_LINK, /* value: usable links */
    ITEM_CONFIGURE, /* the node's facts have changed */
    ITEM_WRITABLE, /* value: whether its state directory is */
    ITEM_RETIRE, /* value: whose seat */
    ITEM_WORK, /* the holders of its work have stopped, or it is time to look whether they have */
    ITEM_UNREACHABLE, /* value: the node whose daemon is not there */
    ITEM_FAREWELL, /* the sentinel of a dead daemon speaks; value: how often */
    ITEM_GATE, /* its gate has something to send */
};

enum {
    PORT = 29418,
    UPTIME_MAX_S = 30 * 86400, /* of a host at the start of the world */
    REBOOT_MAX_US = 20 * 1000000, /* from power to daemon */
    WRITE_MIN_US = 1000, /* until a background write is durable */
    WRITE_MAX_US = 20000,
    BUSY_MAX_US = 3000000, /* ... on a disk that has other things to do; where votes must not rely on it */
    ONE_IN_BUSY = 8,
    RTC_ERROR_US = 1000000, /* by which it may be wrong how long a host has been suspended */
    FAREWELLS = 3, /* a sentinel says it so often ... */
    FAREWELL_INTERVAL_US = 5000, /* ... and so far apart */
    FLIGHT_MIN = 65536, /* items in the heap at most: so many ... */
    FLIGHT_PER_NODE = 512, /* ... or so many for each node */
    ONE_IN_REPLAYED = 4, /* so many datagrams of the nodes for each that is sent again */
    REPLAY_AFTER_US = 50000, /* what comes earlier is a duplicate */
};

static const char CLUSTER[] = "sim";
static const struct key the_key = { .id = 1, .secret = { 42 } };

/* A datagram on its way, shared by all who get it. */
struct packet {
    uint32_t references;
    bool multicast;
    bool replayed, posed; /* as another node's */
    uint32_t pose; /* which one's */
    uint32_t length;
    uint8_t bytes[];
};

static struct packet *packet_new(const uint8_t *bytes, size_t length, bool multicast) {
    struct packet *packet = malloc(sizeof(*packet) + length);

    if (!packet)
        abort();
    *packet = (struct packet){ .references = 1, .multicast = multicast, .length = (uint32_t)length };
    memcpy(packet->bytes, bytes, length);
    return packet;
}

static void packet_unref(struct packet *packet) {
    if (packet && --packet->references == 0)
        free(packet);
}

void world_fail(struct world *world, const char *format, ...) {
    size_t length = 0;
    va_list arguments;

    if (world->failure[0])
        return;
    if (world->where)
        length = (size_t)snprintf(world->failure, sizeof(world->failure) / 2, "%s: ", world->where);
    length = (size_t)min_i64((int64_t)length, sizeof(world->failure) / 2 - 1);
    va_start(arguments, format);
    vsnprintf(world->failure + length, sizeof(world->failure) - length, format, arguments);
    va_end(arguments);
    trace_note(world, NULL, "FAILED: %s", world->failure);
}

static bool failed(const struct world *world) {
    return world->failure[0] != '\0';
}

bool node_runs(const struct node *node) {
    return node->life == LIFE_RUNNING || node->life == LIFE_PAUSED;
}

usec_t node_time(const struct node *node, usec_t world_time) {
    return node->clock_offset + world_time + world_time * node->clock_drift_ppm / PPM_ONE;
}

usec_t node_world_time(const struct node *node, usec_t time) {
    usec_t elapsed = max_i64(time - node->clock_offset, 0);
    int64_t rate = PPM_ONE + node->clock_drift_ppm;
    usec_t world_time = elapsed / rate * PPM_ONE + elapsed % rate * PPM_ONE / rate;

    while (node_time(node, world_time) < time)
        world_time++;
    return world_time;
}

/* The clock shows `time` now. */
static void clock_set(const struct world *world, struct node *node, usec_t time) {
    node->clock_offset += time - node_time(node, world->now);
}

/* 10.0.x.y, where x.y is the node's number. */
static struct address node_address(uint32_t index) {
    uint32_t number = index + 1;

    return (struct address){ .family = 4, .bytes = { 10, 0, (uint8_t)(number >> 8), (uint8_t)number },
                             .port = PORT, .ifindex = 1 };
}

static struct node *node_at(struct world *world, const struct address *address) {
    uint32_t number = (uint32_t)address->bytes[2] << 8 | address->bytes[3];
    struct address expected = node_address(number - 1);

    if (number == 0 || number > world->config.nodes || !address_equal(address, &expected))
        return NULL;
    return &world->nodes[number - 1];
}

const struct node *world_node_by_id(const struct world *world, const struct node_id *id) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (node_id_equal(&world->nodes[i].id, id))
            return &world->nodes[i];
    return NULL;
}

/* Returns the sequence number, or 0 after a failure, and then owns nothing. */
static uint64_t push(struct world *world, usec_t time, enum item_type type, const struct node *node, uint32_t value,
                     void *data) {
    struct item item = { .time = time, .type = type, .node = node->index, .boot = node->boot, .value = value,
                         .data = data };
    uint64_t sequence = heap_push(&world->heap, &item);

    if (!sequence)
        world_fail(world, "storm: more than %zu datagrams and timers under way", world->heap.size_max);
    return sequence;
}

/* Sees to it that the heap has an item no later than the core's deadline, or than the last datagram that waits is
 * read: those come first. One that comes early is armed anew. */
static void arm(struct world *world, struct node *node) {
    usec_t deadline = core_deadline(node->core);
    usec_t time;

    if (deadline == USEC_NEVER || node->life != LIFE_RUNNING)
        return;
    time = max_i64(node_world_time(node, deadline), max_i64(node->busy_until, world->now));
    if (node->armed && node->armed_time <= time)
        return;
    node->armed_time = time;
    node->armed = push(world, time, ITEM_DEADLINE, node, 0, NULL);
}

/* A kernel says that the port is unreachable, if its answer finds its way. */
static void answer_unreachable(struct world *world, const struct node *from, const struct node *to) {
    usec_t delay;

    if (net_fate(&world->net, &world->rng, to->index, from->index, false, &delay))
        push(world, world->now + delay, ITEM_UNREACHABLE, from, to->index, NULL);
}

static bool deliver_once(struct world *world, const struct node *from, const struct node *to, struct packet *packet) {
    usec_t delay;

    if (!net_fate(&world->net, &world->rng, from->index, to->index, packet->multicast, &delay)) {
        if (!packet->multicast && net_rejects(&world->net, from->index, to->index))
            answer_unreachable(world, from, to);
        return false;
    }
    if (!push(world, world->now + delay, ITEM_DATAGRAM, to, from->index, packet))
        return false;
    packet->references++;
    return true;
}

/* Puts the packet on its way to one node; false if it will not arrive. */
static bool deliver(struct world *world, const struct node *from, const struct node *to, struct packet *packet) {
    bool arrives = deliver_once(world, from, to, packet);

    if (arrives && net_duplicates(&world->net, &world->rng))
        deliver_once(world, from, to, packet);
    return arrives;
}

static uint32_t deliver_to_all(struct world *world, const struct node *from, struct packet *packet) {
    uint32_t arrivals = 0;

    for (uint32_t i = 0; i < world->config.nodes; i++)
        if (i != from->index || world->net.ports[i].echoes)
            arrivals += deliver(world, from, &world->nodes[i], packet);
    return arrivals;
}

static void complete_header(struct node *node, struct wire_header *header, const struct send_target *target) {
    uint8_t type = header->type;

    *header = (struct wire_header){ .minor = WIRE_MINOR, .type = type, .sender = node->id,
                                    .incarnation = node->disk.durable.incarnation,
                                    .boot_nonce = node->boot_nonce, .seq = ++node->sequence };
    memcpy(header->cluster, CLUSTER, sizeof(CLUSTER));
    if (target) {
        header->flags = WIRE_FLAG_UNICAST;
        header->receiver_nonce = target->boot_nonce;
    }
}

static void complete_keyed(const struct world *world, struct node *node, struct wire_header *header,
                           const struct send_target *target) {
    header->key_id = the_key.id;
    if (node->index % 2 == 0 && header->type != WIRE_CHALLENGE) /* it encrypts, and others do not yet */
        header->flags |= WIRE_FLAG_SEALED;
    if (target && header->type != WIRE_CHALLENGE)
        header->receiver_nonce = gate_receiver(node->gate, target->boot_nonce, &target->address);
    gate_sent(node->gate, header, node_time(node, world->now));
}

/* No two nonces are alike. */
static void protect(const struct world *world, const struct wire_header *header, uint8_t *bytes, size_t length) {
    uint8_t nonce[WIRE_AEAD_NONCE_SIZE] = { 0 };

    memcpy(nonce, &world->sent, sizeof world->sent);
    if ((header->flags & WIRE_FLAG_SEALED) != 0)
        seal_close(&the_key, &toy_cipher, nonce, bytes, length);
    else
        seal_sign(&the_key, toy_hash, bytes, length);
}

/* Somebody records it, and sends something that was recorded earlier. */
static void replay_something(struct world *world) {
    const struct recording *recording = tape_pick(world->tape, &world->rng);
    uint32_t to = (uint32_t)rng_between(&world->rng, 0, world->config.nodes - 1), from;
    struct packet *packet;

    if (!recording || world->now - recording->at < REPLAY_AFTER_US)
        return;
    from = recording->from;
    if (recording->multicast && rng_chance(&world->rng, 1, 2)) /* from another place, under the address there */
        from = (uint32_t)rng_between(&world->rng, 0, world->config.nodes - 1);
    if (from == to)
        return;
    packet = packet_new(recording->bytes, recording->length, recording->multicast);
    packet->replayed = true;
    packet->posed = world->config.keyed && world->replayed % 2 == 0;
    packet->pose = (uint32_t)(world->replayed++ % world->config.nodes);
    deliver(world, &world->nodes[from], &world->nodes[to], packet);
    packet_unref(packet);
}

static void record(struct world *world, const struct node *node, const struct packet *packet) {
    struct recording recording = { world->now, node->index, packet->multicast, packet->length, { 0 } };

    if (!world->tape)
        return;
    memcpy(recording.bytes, packet->bytes, packet->length);
    tape_hear(world->tape, &world->rng, &recording);
    if (rng_chance(&world->rng, 1, ONE_IN_REPLAYED))
        replay_something(world);
}

/* One datagram: to target, or to the group if that is NULL. */
static void send_one(struct world *world, struct node *node, struct wire_message *message,
                     const struct send_target *target) {
    uint8_t bytes[WIRE_DATAGRAM_MAX];
    struct node *to = target ? node_at(world, &target->address) : NULL;
    struct packet *packet;
    uint32_t arrivals;
    size_t length;

    complete_header(node, &message->header, target);
    if (world->config.keyed)
        complete_keyed(world, node, &message->header, target);
    oracle_sent(world, node, message, to);
    length = wire_encode(message, bytes);
    if (length == 0 || (target && !to)) {
        world_fail(world, "n%" PRIu32 " sends a %s that %s", node->index + 1, wire_type_name(message->header.type),
                   length == 0 ? "does not encode" : "goes to nobody");
        return;
    }
    if (world->config.keyed)
        protect(world, &message->header, bytes, length);
    packet = packet_new(bytes, length, !target);
    arrivals = to ? deliver(world, node, to, packet) : deliver_to_all(world, node, packet);
    record(world, node, packet);
    packet_unref(packet);
    world->sent++;
    node->sent++;
    world->bytes += length;
    world->sent_by_type[message->header.type]++;
    cover_sent(world->config.cover, message->header.type);
    trace_send(world, node, to, message, arrivals);
}

static void carry_out_send(struct world *world, struct node *node, struct send *send) {
    if (send->message.header.type == WIRE_RESIGN)
        node->born = world->now;
    if (send->multicast)
        send_one(world, node, &send->message, NULL);
    for (unsigned i = 0; i < send->count; i++)
        send_one(world, node, &send->message, &send->to[i]);
}

static usec_t time_to_write(struct world *world, const struct node *node) {
    bool busy = node->expect > 0 && rng_chance(&world->rng, 1, ONE_IN_BUSY);

    return rng_between(&world->rng, WRITE_MIN_US, busy ? BUSY_MAX_US : WRITE_MAX_US);
}

/* What was written in the background is never newer than what is written now. */
static void save(struct disk *disk, const struct persistent *state) {
    disk->borrowed = disk->borrowed && node_id_equal(&disk->durable.id, &state->id);
    disk->durable = *state;
    disk->writing = false;
    disk->refused = false;
}

/* Only of those that vote: what others lead in and cannot save is not judged. */
static bool cannot_save(const struct node *node) {
    return node->read_only && node->expect > 0;
}

/* The next write that succeeds is of the newest state. */
static void refuse(struct disk *disk, const struct persistent *state) {
    disk->written = *state;
    disk->writing = false;
    disk->refused = true;
}

static void carry_out_persist(struct world *world, struct node *node, const struct persistent *state, bool durable) {
    struct disk *disk = &node->disk;

    if (!node_id_equal(&node->id, &state->id)) {
        oracle_renamed(world, node);
        node->born = world->now;
    }
    node->id = state->id;
    if (cannot_save(node))
        refuse(disk, state);
    else if (durable)
        save(disk, state);
    if (cannot_save(node) || durable)
        return;
    if (!disk->writing)
        push(world, world->now + time_to_write(world, node), ITEM_WRITTEN, node, 0, NULL);
    disk->writing = true;
    disk->written = *state;
}

static void disk_flush(struct disk *disk) {
    if (disk->writing)
        disk->durable = disk->written;
    disk->writing = false;
}

static struct holder_habits habits(const struct world *world) {
    const struct world_config *config = &world->config;

    return (struct holder_habits){ config->work_stop, config->patience, holder_grace(&config->timing), config->bare };
}

static void end_life(struct world *world, struct node *node, enum life life) {
    struct holder_habits its = habits(world);

    if (life == LIFE_OFF)
        holder_dies(&node->holder);
    else
        holder_orphaned(&node->holder, &its, node_time(node, world->now));
    node->life = life;
    node->boot++;
    node->stopping = false;
    node->resigning = false;
    node->armed = 0;
    node->busy_until = 0;
    node->dies_after = -1;
    node->core = NULL;
    node->disk.writing = false;
    node->disk.refused = false;
    node->read_only = false;
    oracle_end(world, node);
}

static void arm_holder(struct world *world, const struct node *node) {
    usec_t due = holder_due(&node->holder);

    if (due != USEC_NEVER)
        push(world, max_i64(node_world_time(node, due), world->now), ITEM_WORK, node, 0, NULL);
}

/* After each step, as the daemon does it: who works hears how long the lease lasts, or that it is over. */
static void direct_work(struct world *world, struct node *node) {
    usec_t now = node_time(node, world->now);
    struct holder_habits its = habits(world);
    struct core_view view;

    core_view(node->core, now, &view);
    if (view.leads) {
        holder_leads(&node->holder, &its, now, node->expect > 0 ? view.quorum.lease : USEC_NEVER);
        return;
    }
    if (view.quorum.work > 0)
        holder_covers(&node->holder, &its, now, view.quorum.work);
    if (node->holder.state != HOLDER_WORKING)
        return;
    holder_stop(&node->holder, &its, now);
    arm_holder(world, node);
}

/* The core wants to hear of its end. */
static void stop_work(struct world *world, struct node *node) {
    struct holder_habits its = habits(world);

    holder_stop(&node->holder, &its, node_time(node, world->now));
    holder_await(&node->holder);
    arm_holder(world, node);
}

static void carry_out(struct world *world, struct node *node, struct action *action) {
    if (action->type != ACTION_SEND)
        trace_action(world, node, action);
    switch (action->type) {
    case ACTION_SEND:
        carry_out_send(world, node, &action->send);
        return;
    case ACTION_PERSIST:
        carry_out_persist(world, node, &action->persist.state, action->persist.durable);
        return;
    case ACTION_STOP_WORK:
        stop_work(world, node);
        return;
    case ACTION_RESIGNED:
        node->resign_answered = true;
        node->resigning = false;
        node->resigned = action->resigned;
        return;
    case ACTION_RETIRED:
        node->retired = action->retired;
        return;
    case ACTION_STOPPED:
        disk_flush(&node->disk);
        end_life(world, node, LIFE_ENDED);
        return;
    case ACTION_NOTICE:
        oracle_notice(world, node, &action->notice);
        return;
    case ACTION_TYPE_END:
        break;
    }
    world_fail(world, "n%" PRIu32 " wants an unknown action: %d", node->index + 1, (int)action->type);
}

static bool persists(const struct actions *actions) {
    for (unsigned i = 0; i < actions->count; i++)
        if (actions->list[i].type == ACTION_PERSIST)
            return true;
    return false;
}

/* How many of the actions are carried out before the node dies, if it does. */
static unsigned actions_lived(const struct node *node, const struct actions *actions) {
    if (node->dies_after < 0 || !persists(actions))
        return actions->count;
    return (unsigned)min_i64(actions->count, node->dies_after);
}

/* Nobody hears of what was to be on disk first, and is not. */
static void carry_out_all(struct world *world, struct node *node, unsigned count) {
    bool silent = false;

    for (unsigned i = 0; i < count && node->core; i++) {
        struct action *action = &world->actions.list[i];
        silent |= action->type == ACTION_PERSIST && action->persist.durable && cannot_save(node);
        if (action->type != ACTION_SEND || !silent)
            carry_out(world, node, action);
    }
}

static void step(struct world *world, struct node *node, const struct event *event) {
    struct actions *actions = &world->actions;
    enum standing before = node->outlook.standing;
    unsigned lived;

    world->steps++;
    trace_event(world, node, event);
    oracle_handles(node, event);
    core_step(node->core, node_time(node, world->now), event, actions);
    if (actions->count == ACTIONS_MAX)
        world_fail(world, "n%" PRIu32 " wants more actions than a list holds", node->index + 1);
    lived = actions_lived(node, actions);
    carry_out_all(world, node, lived);
    if (node->core && lived < actions->count) {
        trace_note(world, node, "dies after %u of %u actions", lived, actions->count);
        end_life(world, node, LIFE_OFF);
    }
    if (!node->core)
        return;
    direct_work(world, node);
    oracle_step(world, node);
    cover_step(world->config.cover, event, before, node->outlook.standing, actions->count > 0);
    arm(world, node);
}

/* What the gate wants to send now, and when it has to be asked again. */
static void serve_gate(struct world *world, struct node *node) {
    usec_t now = node_time(node, world->now), at;
    struct gate_challenge challenge;

    while (gate_next(node->gate, now, &challenge)) {
        struct wire_message message = { .header.type = WIRE_CHALLENGE, .challenge = challenge.body };
        const struct send_target to = { challenge.to, challenge.receiver_nonce };

        send_one(world, node, &message, &to);
    }
    if (gate_deadline(node->gate) == USEC_NEVER)
        return;
    at = max_i64(node_world_time(node, gate_deadline(node->gate)), world->now);
    if (node->gate_armed == 0 || node->gate_armed > at)
        push(world, node->gate_armed = at, ITEM_GATE, node, 0, NULL);
}

/* As daemon/inbox.c does: it comes from where its sender proved itself, whatever its source says; that is asked. */
static void find_way_back(struct node *node, const struct gate_datagram *datagram, const struct wire_header *header,
                          usec_t now, struct address *ret_source) {
    const struct address *proven = gate_address(node->gate, header->boot_nonce);

    *ret_source = datagram->source;
    if (!proven || address_equal(proven, &datagram->source))
        return;
    *ret_source = *proven;
    gate_ask_way(node->gate, datagram, header, now);
}

/* Whether it is for the core. */
static bool pass_gate(struct world *world, struct node *node, const struct gate_datagram *datagram,
                      struct address *ret_source) {
    const struct wire_message *message = &world->message;
    usec_t now = node_time(node, world->now);
    enum gate_verdict verdict;

    if ((message->header.flags & WIRE_FLAG_SEALED) == 0 &&
        !seal_is_right(&the_key, toy_hash, datagram->bytes, datagram->length)) {
        world_fail(world, "a MAC is wrong");
        return false;
    }
    if (message->header.boot_nonce == node->boot_nonce)
        return false;
    verdict = gate_judge(node->gate, datagram, message, now);
    if (verdict == GATE_PASSES || verdict == GATE_REPEATED)
        find_way_back(node, datagram, &message->header, now, ret_source);
    serve_gate(world, node);
    return verdict == GATE_PASSES;
}

static enum wire_error read_it(const struct gate_datagram *datagram, struct wire_message *message) {
    uint8_t plain[WIRE_DATAGRAM_MAX];
    bool opened = seal_open(&the_key, &toy_cipher, datagram->bytes, datagram->length, plain);

    return wire_decode(opened ? plain : datagram->bytes, datagram->length, message);
}

/* One datagram as it came, or was kept. */
static void take(struct world *world, struct node *node, const struct gate_datagram *datagram) {
    struct event event = { .type = EVENT_DATAGRAM,
                           .datagram = { &world->message, datagram->source, datagram->mark } };
    enum wire_error error = read_it(datagram, &world->message);

    if (error != WIRE_OK)
        world_fail(world, "what comes to n%" PRIu32 " does not decode: %s", node->index + 1, wire_error_name(error));
    if (error != WIRE_OK || strcmp(world->message.header.cluster, CLUSTER) != 0 ||
        (world->config.keyed && !pass_gate(world, node, datagram, &event.datagram.source)))
        return;
    oracle_received(node, node_at(world, &event.datagram.source), &world->message);
    step(world, node, &event);
}

static void receive(struct world *world, struct node *node, const struct node *from, const struct packet *packet) {
    struct gate_datagram datagram = { packet->bytes, packet->length,
                                      node_address(packet->posed ? packet->pose : from->index), packet->multicast };
    uint64_t steps = world->steps;

    world->received++;
    node->received++;
    take(world, node, &datagram);
    world->replays_passed += packet->replayed && world->steps > steps;
    while (world->config.keyed && node_runs(node) && gate_kept(node->gate, &datagram))
        take(world, node, &datagram);
}

static bool is_datagram(const struct item *item) {
    return item->type == ITEM_DATAGRAM || item->type == ITEM_READ;
}

/* What comes for a paused node waits for its resumption: datagrams in the order of arrival, as far as there is
 * room. */
static void postpone(struct world *world, struct node *node, struct item *item) {
    if (is_datagram(item) && (node->suspended || node->queued++ >= RECEIVE_QUEUE_MAX))
        return;
    if (is_datagram(item))
        item->type = ITEM_DATAGRAM;
    item->time = node->resume;
    if (heap_push(&world->heap, item))
        item->data = NULL;
}

/* A datagram has come to a node that runs: it is read at once, or when those before it have been. */
static void take_turn(struct world *world, struct node *node, struct item *item) {
    usec_t turn = max_i64(node->busy_until, world->now);

    if (item->type == ITEM_DATAGRAM && turn - world->now >= (usec_t)RECEIVE_QUEUE_MAX * SERVICE_US) {
        world->overflows++;
        return;
    }
    if (item->type == ITEM_DATAGRAM)
        node->busy_until = turn + SERVICE_US;
    if (item->type == ITEM_READ || turn == world->now) {
        receive(world, node, &world->nodes[item->value], item->data);
        return;
    }
    item->type = ITEM_READ;
    item->time = turn;
    item->boot = node->boot;
    if (heap_push(&world->heap, item))
        item->data = NULL;
}

static void handle_datagram(struct world *world, struct node *node, struct item *item) {
    struct packet *packet = item->data;

    if (item->type == ITEM_READ && item->boot != node->boot)
        ; /* it died with the socket */
    else if (node->life == LIFE_RUNNING)
        take_turn(world, node, item);
    else if (node->life == LIFE_PAUSED)
        postpone(world, node, item);
    else if (node->life == LIFE_ENDED && !packet->multicast)
        answer_unreachable(world, &world->nodes[item->value], node);
    packet_unref(item->data);
}

static void handle_deadline(struct world *world, struct node *node, const struct item *item) {
    usec_t now = node_time(node, world->now);

    if (item->sequence != node->armed)
        return;
    node->armed = 0;
    if (core_deadline(node->core) > now || node->busy_until > world->now) {
        arm(world, node);
        return;
    }
    oracle_deadline(world, node, now);
    step(world, node, &(struct event){ .type = EVENT_DEADLINE });
}

/* How long it has been away is known to the clock of a host that was switched off meanwhile, which has whole seconds.
 * Clients without a connection cannot know better; holders hear of it at once. */
static void wake_host(struct world *world, struct node *node) {
    usec_t before = node_time(node, node->paused), now = node_time(node, world->now);
    usec_t error = rng_between(&world->rng, -RTC_ERROR_US, RTC_ERROR_US);

    if (node->expect == 0)
        return;
    if (!world->config.bare)
        clock_set(world, node, max_i64(now + error, before));
    holder_woken(&node->holder, node_time(node, world->now));
}

/* What was queued is in the heap before the deadline, and so is read first. */
static void handle_resume(struct world *world, struct node *node) {
    if (node->life != LIFE_PAUSED || world->now < node->resume)
        return;
    trace_note(world, node, "resumes, %" PRIu32 " datagrams queued", node->queued);
    node->life = LIFE_RUNNING;
    node->queued = 0;
    if (node->suspended)
        wake_host(world, node);
    if (!node->suspended || node->expect == 0) /* else nothing is said before the next step */
        oracle_resume(world, node, node_time(node, world->now) - node_time(node, node->paused));
    if (node->suspended)
        step(world, node, &(struct event){ .type = EVENT_SUSPENDED });
    arm(world, node);
}

/* One that waits while the node is paused is late, as its next datagram finds. */
static void handle_gate(struct world *world, struct node *node, const struct item *item) {
    if (node->gate_armed == item->time)
        node->gate_armed = 0;
    if (node->life == LIFE_RUNNING)
        serve_gate(world, node);
}

static void handle_event(struct world *world, struct node *node, const struct item *item) {
    struct event event = { .type = (enum event_type)item->value };

    if (item->type == ITEM_LINK) {
        event.type = EVENT_LINK;
        event.link.links = item->value;
        event.link.came_up = item->value > 0;
    } else if (item->type == ITEM_UNREACHABLE) {
        event.type = EVENT_UNREACHABLE;
        event.unreachable.source = node_address(item->value);
    } else if (item->type == ITEM_CONFIGURE) {
        event.type = EVENT_CONFIGURE;
        event.configure.facts = &node->facts;
        event.configure.timing = &world->config.timing;
        event.configure.preempt = node->preempts;
    } else if (item->type == ITEM_WRITABLE) {
        event.type = EVENT_STATE_WRITABLE;
        event.state.writable = item->value > 0;
        node->read_only = !event.state.writable;
        if (!node->read_only && node->disk.refused)
            save(&node->disk, &node->disk.written);
    } else if (item->type == ITEM_RETIRE) {
        event.type = EVENT_RETIRE;
        event.retire.id = world->nodes[item->value].id;
    }
    step(world, node, &event);
}

static void handle_work(struct world *world, struct node *node) {
    struct event event = { .type = EVENT_WORK_STOPPED };

    bool settled = holder_settles(&node->holder, node_time(node, world->now), &event.work.released);

    arm_holder(world, node);
    if (settled)
        step(world, node, &event);
}

static void say_farewell(struct world *world, struct node *node, uint32_t times) {
    bool released = holder_over(&node->holder) <= node_time(node, world->now);
    struct wire_message message = { .header.type = WIRE_FAREWELL, .farewell = { node->farewell, released } };

    send_one(world, node, &message, NULL);
    if (times > 1)
        push(world, world->now + FAREWELL_INTERVAL_US, ITEM_FAREWELL, node, times - 1, NULL);
}

static void handle_own(struct world *world, struct node *node, struct item *item) {
    if (item->boot == node->boot && item->type == ITEM_FAREWELL)
        say_farewell(world, node, item->value);
    if (item->boot != node->boot || !node_runs(node))
        return;
    if (item->type == ITEM_WRITTEN)
        disk_flush(&node->disk);
    else if (item->type == ITEM_RESUME)
        handle_resume(world, node);
    else if (item->type == ITEM_GATE)
        handle_gate(world, node, item);
    else if (node->life == LIFE_PAUSED && item->type == ITEM_DEADLINE)
        node->armed = 0;
    else if (node->life == LIFE_PAUSED)
        postpone(world, node, item);
    else if (item->type == ITEM_DEADLINE)
        handle_deadline(world, node, item);
    else if (item->type == ITEM_WORK)
        handle_work(world, node);
    else
        handle_event(world, node, item);
}

bool world_advance(struct world *world, usec_t end) {
    struct item item;

    if (failed(world) || heap_next(&world->heap) > end || !heap_pop(&world->heap, &item))
        return false;
    world->now = item.time;
    if (is_datagram(&item))
        handle_datagram(world, &world->nodes[item.node], &item);
    else
        handle_own(world, &world->nodes[item.node], &item);
    return true;
}

void world_run(struct world *world, usec_t duration) {
    usec_t end = world->now + duration;

    while (world_advance(world, end))
        continue;
    if (!failed(world))
        world->now = end;
}

bool world_run_until(struct world *world, bool (*done)(const struct world *world), usec_t limit) {
    usec_t end = world->now + limit;

    world->oracle.changed = true;
    do {
        if (world->oracle.changed && done(world))
            return true;
        world->oracle.changed = false;
    } while (world_advance(world, end));
    if (!failed(world))
        world->now = end;
    return done(world);
}

static void random_bytes(struct rng *rng, uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)rng_u64(rng);
}

/* What a daemon does with its state file at start: a new identity or one more incarnation, and a new block of
 * epochs. */
static bool read_disk(struct world *world, struct node *node) {
    struct disk *disk = &node->disk;
    bool fresh = !disk->used;

    if (fresh) {
        *disk = (struct disk){ .used = true };
        random_bytes(&world->rng, disk->durable.id.bytes, sizeof(disk->durable.id.bytes));
    }
    disk->durable.incarnation++;
    disk->durable.epoch_block += EPOCH_BLOCK;
    node->id = disk->durable.id;
    return fresh;
}

static uint32_t members_max(const struct world_config *config) {
    return (uint32_t)clamp_i64(config->nodes, SUCCESSORS_MAX, MEMBERS_MAX_DEFAULT);
}

static uint32_t senders_max(const struct world_config *config) {
    return 2 * config->nodes + 16;
}

static void boot_gate(struct world *world, struct node *node) {
    struct gate_config config = { .boot_nonce = node->boot_nonce, .senders_max = senders_max(&world->config) };

    random_bytes(&world->rng, config.seed, sizeof(config.seed));
    free(node->gate);
    node->gate = calloc(1, gate_size(config.senders_max));
    if (!node->gate)
        abort();
    node->gate = gate_init(node->gate, &config);
    node->gate_armed = 0;
}

static void boot_core(struct world *world, struct node *node) {
    struct core_config config = { .timing = world->config.timing, .facts = node->facts,
                                  .preempt = node->preempts, .writable = true, .port = PORT,
                                  .majority = node->next_expect > 0, .expect = node->next_expect };

    node->expect = node->next_expect;
    config.fresh = read_disk(world, node);
    config.state = node->disk.durable;
    config.boot_nonce = node->boot_nonce = rng_u64(&world->rng);
    config.members_max = members_max(&world->config);
    random_bytes(&world->rng, config.seed, sizeof(config.seed));
    if (world->config.keyed)
        boot_gate(world, node);
    node->core = core_init(node->memory, &config, node_time(node, world->now));
}

void world_start(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];
    struct event event = { .type = EVENT_START };

    if (failed(world) || node_runs(node))
        return;
    if (node->life == LIFE_OFF && node->boot > 0)
        clock_set(world, node, rng_between(&world->rng, USEC_PER_SEC, REBOOT_MAX_US));
    node->life = LIFE_RUNNING;
    node->born = world->now;
    node->boot++;
    node->sequence = 0;
    boot_core(world, node);
    oracle_start(world, node);
    event.link.links = world->net.ports[index].up;
    step(world, node, &event);
}

static void end_daemon(struct world *world, uint32_t index, enum life life) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node->life == life || node->life == LIFE_OFF)
        return;
    trace_note(world, node, life == LIFE_OFF ? "loses power" : "is killed");
    end_life(world, node, life);
}

void world_power_off(struct world *world, uint32_t index) {
    end_daemon(world, index, LIFE_OFF);
}

void world_kill(struct world *world, uint32_t index) {
    end_daemon(world, index, LIFE_ENDED);
}

void world_kill_with_farewell(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];
    const struct token token = { node->outlook.epoch, node->id };
    bool led = node_runs(node) && node->outlook.state == NODE_LEADER;
    usec_t stopped;

    world_kill(world, index);
    if (!led || failed(world))
        return;
    node->farewell = token;
    stopped = node_world_time(node, holder_over(&node->holder));
    if (stopped > world->now && node->expect > 0)
        push(world, world->now, ITEM_FAREWELL, node, FAREWELLS, NULL);
    push(world, max_i64(stopped, world->now), ITEM_FAREWELL, node, FAREWELLS, NULL);
}

void world_lose_disk(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node_runs(node))
        return;
    trace_note(world, node, "loses its state");
    node->disk = (struct disk){ 0 };
}

void world_inflate_epochs(struct world *world, uint32_t index, uint32_t steps) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node_runs(node) || !node->disk.used)
        return;
    trace_note(world, node, "has epochs in its state that are %" PRIu32 " times 2^20 too high", steps);
    node->disk.durable.epoch_block += (uint64_t)steps << 20;
    node->disk.durable.vote_epoch += (uint64_t)steps << 20;
}

void world_die_amid(struct world *world, uint32_t index, unsigned actions) {
    if (failed(world) || !node_runs(&world->nodes[index]))
        return;
    trace_note(world, &world->nodes[index], "will die after %u actions of a step that persists", actions);
    world->nodes[index].dies_after = (int)actions;
}

static void sleep_for(struct world *world, uint32_t index, usec_t duration, bool suspended) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node->life != LIFE_RUNNING)
        return;
    trace_note(world, node, "%s for %" PRId64 " us", suspended ? "is suspended" : "pauses", duration);
    node->life = LIFE_PAUSED;
    node->suspended = suspended;
    node->paused = world->now;
    node->resume = world->now + duration;
    node->busy_until = 0;
    oracle_pause(world, node);
    push(world, node->resume, ITEM_RESUME, node, 0, NULL);
}

void world_pause(struct world *world, uint32_t index, usec_t duration) {
    sleep_for(world, index, duration, false);
}

void world_suspend(struct world *world, uint32_t index, usec_t duration) {
    sleep_for(world, index, duration, true);
}

void world_take_snapshot(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];

    node->snapshot = node->disk;
    node->snapshot.writing = false;
}

void world_revert(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node_runs(node) || !node->snapshot.used)
        return;
    trace_note(world, node, "is reverted to a snapshot");
    node->disk = node->snapshot;
    node->disk.borrowed = true;
}

void world_clone(struct world *world, uint32_t from, uint32_t to) {
    struct node *node = &world->nodes[to];

    if (failed(world) || node_runs(node) || !world->nodes[from].disk.used)
        return;
    trace_note(world, node, "is a clone of n%" PRIu32, from + 1);
    world->nodes[from].disk.borrowed = true;
    node->disk = world->nodes[from].disk;
    node->disk.writing = false;
}

void world_configure(struct world *world, uint32_t index, uint16_t priority, bool eligible) {
    struct node *node = &world->nodes[index];

    if (failed(world) || (node->facts.priority == priority && node->facts.eligible == eligible))
        return;
    trace_note(world, node, "priority %u%s", priority, eligible ? "" : ", not eligible");
    oracle_touch(world, node);
    node->facts.priority = priority;
    node->facts.eligible = eligible;
    if (node_runs(node))
        push(world, world->now, ITEM_CONFIGURE, node, 0, NULL);
}

void world_expect(struct world *world, uint32_t index, uint8_t expect) {
    struct node *node = &world->nodes[index];

    if (failed(world))
        return;
    trace_note(world, node, "will be started with expect = %u", expect);
    node->next_expect = expect;
}

void world_preempt(struct world *world, uint32_t index, bool preempts) {
    struct node *node = &world->nodes[index];

    if (failed(world) || node->preempts == preempts)
        return;
    trace_note(world, node, "%s", preempts ? "preempts" : "does not preempt");
    oracle_touch(world, node);
    node->preempts = preempts;
    if (node_runs(node))
        push(world, world->now, ITEM_CONFIGURE, node, 0, NULL);
}

void world_writable(struct world *world, uint32_t index, bool writable) {
    struct node *node = &world->nodes[index];

    if (failed(world) || !node_runs(node))
        return;
    oracle_touch(world, node);
    push(world, world->now, ITEM_WRITABLE, node, writable, NULL);
}

void world_clock(struct world *world, uint32_t index, int32_t drift_ppm) {
    struct node *node = &world->nodes[index];
    usec_t time = node_time(node, world->now);

    if (failed(world) || node->clock_drift_ppm == drift_ppm)
        return;
    trace_note(world, node, "clock is %" PRId32 " ppm too fast", drift_ppm);
    oracle_touch(world, node);
    node->clock_drift_ppm = drift_ppm;
    clock_set(world, node, time);
    oracle_clock(world, node);
    node->armed = 0;
    if (node->core)
        arm(world, node);
    arm_holder(world, node);
}

void world_link(struct world *world, uint32_t index, bool up) {
    struct net_port *port = &world->net.ports[index];

    if (failed(world) || port->up == up)
        return;
    trace_note(world, &world->nodes[index], "link %s", up ? "up" : "down");
    oracle_touch(world, NULL);
    port->up = up;
    if (node_runs(&world->nodes[index]))
        push(world, world->now, ITEM_LINK, &world->nodes[index], up, NULL);
}

void world_partition(struct world *world, uint32_t index, uint32_t side) {
    if (failed(world) || world->net.ports[index].side == side)
        return;
    trace_note(world, &world->nodes[index], "is on side %" PRIu32, side);
    oracle_touch(world, NULL);
    world->net.ports[index].side = side;
}

void world_multicast(struct world *world, uint32_t index, bool reaches) {
    if (failed(world) || world->net.ports[index].multicast == reaches)
        return;
    trace_note(world, &world->nodes[index], "is%s reached by multicast", reaches ? "" : " not");
    oracle_touch(world, NULL);
    world->net.ports[index].multicast = reaches;
}

void world_shouts(struct world *world, uint32_t index, bool reaches) {
    if (failed(world) || world->net.ports[index].shouts == reaches)
        return;
    trace_note(world, &world->nodes[index], "multicasts%s", reaches ? "" : " to nobody");
    oracle_touch(world, NULL);
    world->net.ports[index].shouts = reaches;
}

void world_duplicate(struct world *world, uint32_t ppm) {
    if (!failed(world))
        trace_note(world, NULL, "%" PRIu32 " ppm of datagrams come twice", ppm);
    oracle_touch(world, NULL);
    world->net.duplicate_ppm = ppm;
}

void world_loss(struct world *world, uint32_t ppm) {
    if (!failed(world))
        trace_note(world, NULL, "loss is %" PRIu32 " ppm", ppm);
    oracle_touch(world, NULL);
    world->net.loss_ppm = ppm;
}

void world_bursts(struct world *world, const struct burst *burst) {
    if (failed(world))
        return;
    trace_note(world, NULL, "bursts begin with %" PRIu32 " ppm, end with %" PRIu32 ", and lose %" PRIu32,
               burst->begins_ppm, burst->ends_ppm, burst->loss_ppm);
    oracle_touch(world, NULL);
    net_bursts(&world->net, burst);
}

void world_delay(struct world *world, uint32_t ppm, usec_t longest) {
    if (!failed(world))
        trace_note(world, NULL, "%" PRIu32 " ppm of datagrams take up to %" PRId64 " us more", ppm, longest);
    oracle_touch(world, NULL);
    world->net.late_ppm = ppm;
    world->net.late_max = longest;
}

static void node_label(uint32_t index, char label[16]) {
    if (index == NET_ANY)
        snprintf(label, 16, "any node");
    else
        snprintf(label, 16, "n%" PRIu32, index + 1);
}

static void cut(struct world *world, const struct net_rule *rule) {
    char a[16], b[16];

    if (failed(world))
        return;
    if (!net_cut(&world->net, rule))
        world_fail(world, "more than %d cuts at a time", NET_RULES_MAX);
    node_label(rule->from, a);
    node_label(rule->to, b);
    trace_note(world, NULL, "nothing from %s reaches %s%s", a, b, rule->rejects ? ", and it is told" : "");
    oracle_touch(world, NULL);
}

void world_cut(struct world *world, uint32_t from, uint32_t to) {
    cut(world, &(struct net_rule){ from, to, PPM_ONE, false });
}

void world_reject(struct world *world, uint32_t from, uint32_t to) {
    cut(world, &(struct net_rule){ from, to, PPM_ONE, true });
}

void world_echo(struct world *world, uint32_t index) {
    if (failed(world))
        return;
    trace_note(world, &world->nodes[index], "hears its own multicast");
    world->net.ports[index].echoes = true;
}

void world_heal(struct world *world) {
    for (uint32_t i = 0; i < world->config.nodes; i++)
        world_link(world, i, true);
    if (failed(world))
        return;
    trace_note(world, NULL, "the network heals");
    oracle_touch(world, NULL);
    net_heal(&world->net);
}

static void tell(struct world *world, uint32_t index, enum event_type event) {
    struct node *node = &world->nodes[index];

    if (failed(world) || !node_runs(node))
        return;
    oracle_touch(world, node);
    push(world, world->now, ITEM_EVENT, node, event, NULL);
}

void world_retire(struct world *world, uint32_t index, uint32_t seat) {
    struct node *node = &world->nodes[index];

    if (failed(world) || !node_runs(node))
        return;
    trace_note(world, node, "is to retire n%" PRIu32, seat + 1);
    push(world, world->now, ITEM_RETIRE, node, seat, NULL);
}

void world_resign(struct world *world, uint32_t index) {
    world->nodes[index].resign_answered = false;
    world->nodes[index].resigning = node_runs(&world->nodes[index]);
    tell(world, index, EVENT_RESIGN);
}

void world_want_table(struct world *world, uint32_t index) {
    tell(world, index, EVENT_TABLE_WANTED);
}

void world_stop(struct world *world, uint32_t index) {
    world->nodes[index].stopping = node_runs(&world->nodes[index]);
    tell(world, index, EVENT_STOP);
}

static void node_init(struct world *world, uint32_t index) {
    struct node *node = &world->nodes[index];

    node->index = index;
    node->dies_after = -1;
    node->expect = node->next_expect = world->config.expect;
    node->memory = calloc(1, core_size(members_max(&world->config)));
    if (!node->memory)
        abort();
    node->facts = (struct node_facts){ .priority = 100, .eligible = true };
    snprintf(node->facts.name, sizeof(node->facts.name), "n%" PRIu32, index + 1);
    node->clock_offset = rng_between(&world->rng, USEC_PER_SEC, UPTIME_MAX_S * USEC_PER_SEC);
}

struct world *world_new(const struct world_config *config) {
    struct world *world = calloc(1, sizeof(*world));
    uint8_t seed[RNG_SEED_SIZE] = { 0 };
    size_t flight_max = (size_t)max_i64(FLIGHT_MIN, (int64_t)FLIGHT_PER_NODE * config->nodes);

    if (!world)
        abort();
    world->config = *config;
    world->convergence = -1;
    for (unsigned i = 0; i < sizeof(config->seed); i++)
        seed[i] = (uint8_t)(config->seed >> (8 * i));
    rng_seed(&world->rng, seed);
    heap_init(&world->heap, flight_max);
    ledger_init(&world->oracle.ledger, config->nodes);
    net_init(&world->net, config->nodes, config->profile, config->loss_ppm);
    world->nodes = calloc(config->nodes, sizeof(*world->nodes));
    if (!world->nodes)
        abort();
    for (uint32_t i = 0; i < config->nodes; i++)
        node_init(world, i);
    if (config->replays)
        world->tape = calloc(1, sizeof(*world->tape));
    if (config->replays && !world->tape)
        abort();
    return world;
}

void world_free(struct world *world) {
    struct item item;

    if (!world)
        return;
    while (heap_pop(&world->heap, &item))
        packet_unref(item.data);
    heap_release(&world->heap);
    net_release(&world->net);
    oracle_release(&world->oracle);
    for (uint32_t i = 0; i < world->config.nodes; i++) {
        free(world->nodes[i].memory);
        free(world->nodes[i].gate);
    }
    free(world->tape);
    free(world->nodes);
    free(world);
}
