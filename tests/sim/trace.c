/* SPDX-License-Identifier: ISC
 *
 * trace.c - renders what happens as one line each: time, node, what.
 */
#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>

enum { NAME_MAX_SHORT = 48 };

static void begin(const struct world *world, const struct node *node) {
    char name[16] = "--";

    if (node)
        snprintf(name, sizeof(name), "n%" PRIu32, node->index + 1);
    fprintf(world->config.trace, "%5lld.%06lld  %-5s ", world->now / USEC_PER_SEC,
            world->now % USEC_PER_SEC, name);
}

static const char *id_name(const struct world *world, const struct node_id *id, char text[NAME_MAX_SHORT]) {
    const struct node *node = world_node_by_id(world, id);

    if (node_id_is_none(id))
        snprintf(text, NAME_MAX_SHORT, "none");
    else if (node)
        snprintf(text, NAME_MAX_SHORT, "n%" PRIu32, node->index + 1);
    else
        snprintf(text, NAME_MAX_SHORT, "?%02x%02x%02x", id->bytes[0], id->bytes[1], id->bytes[2]);
    return text;
}

static const char *token_name(const struct world *world, const struct token *token, char text[NAME_MAX_SHORT]) {
    char leader[NAME_MAX_SHORT];

    snprintf(text, NAME_MAX_SHORT, "%" PRIu64 ".%.20s", token->epoch, id_name(world, &token->leader, leader));
    return text;
}

void trace_note(const struct world *world, const struct node *node, const char *format, ...) {
    va_list arguments;

    if (!world->config.trace)
        return;
    begin(world, node);
    va_start(arguments, format);
    vfprintf(world->config.trace, format, arguments);
    va_end(arguments);
    fputc('\n', world->config.trace);
}

void trace_event(const struct world *world, const struct node *node, const struct event *event) {
    switch (event->type) {
    case EVENT_DATAGRAM:
    case EVENT_DEADLINE:
        return;
    case EVENT_LINK:
        trace_note(world, node, "event %s: %u%s", event_name(event->type), event->link.links,
                   event->link.came_up ? ", came up" : "");
        return;
    default:
        trace_note(world, node, "event %s", event_name(event->type));
    }
}

/* What tells one message of its type from the next. */
static void message_fields(const struct world *world, const struct wire_message *message, FILE *out) {
    char a[NAME_MAX_SHORT], b[NAME_MAX_SHORT];

    switch (message->header.type) {
    case WIRE_ANNOUNCE:
        fprintf(out, " state=%s age=%" PRId64 " leader=%s",
                node_state_name((enum node_state)message->announce.state), message->announce.age,
                token_name(world, &message->announce.leader, a));
        break;
    case WIRE_ELECTION:
        fprintf(out, " epoch=%" PRIu64 " birth=%" PRId64 " age=%" PRId64 " dead=%s", message->election.epoch,
                message->election.key.birth, message->election.age, token_name(world, &message->election.dead, a));
        break;
    case WIRE_LEADER_ELECTED:
        fprintf(out, " epoch=%" PRIu64 " candidate=%s own=%s", message->leader_elected.epoch,
                id_name(world, &message->leader_elected.candidate, a),
                token_name(world, &message->leader_elected.own, b));
        break;
    case WIRE_LEADER:
        fprintf(out, " epoch=%" PRIu64 " count=%" PRIu32 " absorbed=%s answered=%" PRIx64, message->leader.epoch,
                message->leader.count, token_name(world, &message->leader.absorbed, a), message->leader.answered);
        break;
    case WIRE_HEARTBEAT:
        fprintf(out, " epoch=%" PRIu64 " exchange=%" PRIu32 "/%u own=%s%s%s nonce=%" PRIx64,
                message->heartbeat.epoch, message->heartbeat.exchange, message->heartbeat.try,
                token_name(world, &message->heartbeat.own, a), message->heartbeat.registering ? " registering" : "",
                message->heartbeat.question ? " question" : "", message->heartbeat.nonce);
        break;
    case WIRE_ACK:
        fprintf(out, " epoch=%" PRIu64 " exchange=%" PRIu32 " count=%" PRIu32 " slot=%" PRIu32, message->ack.epoch,
                message->ack.exchange, message->ack.count, message->ack.next_slot);
        if (message->ack.has_birth)
            fprintf(out, " birth=%" PRId64, message->ack.birth);
        break;
    case WIRE_REDIRECT:
        fprintf(out, " leader=%s", token_name(world, &message->redirect.leader, a));
        break;
    case WIRE_SUSPECT:
        fprintf(out, " leader=%s nonce=%" PRIx64 " silent=%" PRIu32, token_name(world, &message->suspect.leader, a),
                message->suspect.nonce, message->suspect.silent_ms);
        break;
    case WIRE_VOUCH:
        fprintf(out, " leader=%s nonce=%" PRIx64, token_name(world, &message->vouch.leader, a),
                message->vouch.nonce);
        break;
    case WIRE_RESIGN:
        fprintf(out, " epoch=%" PRIu64 " successor=%s%s", message->resign.epoch,
                id_name(world, &message->resign.successor, a), message->resign.released ? " released" : "");
        break;
    case WIRE_FAREWELL:
        fprintf(out, " leader=%s", token_name(world, &message->farewell.leader, a));
        break;
    case WIRE_MERGE_REQUEST:
        fprintf(out, " epoch=%" PRIu64 " followed=%d nonce=%" PRIx64, message->merge_request.epoch,
                message->merge_request.followed, message->merge_request.nonce);
        break;
    case WIRE_MERGE_REPLY:
        fprintf(out, " verdict=%u epoch=%" PRIu64 " nonce=%" PRIx64, message->merge_reply.verdict,
                message->merge_reply.epoch, message->merge_reply.nonce);
        break;
    default:
        break;
    }
}

void trace_send(const struct world *world, const struct node *from, const struct node *to,
                const struct wire_message *message, uint32_t arrivals) {
    FILE *out = world->config.trace;

    if (!out)
        return;
    begin(world, from);
    if (to)
        fprintf(out, "-> n%" PRIu32 " ", to->index + 1);
    else
        fprintf(out, "-> all (%" PRIu32 " of %" PRIu32 ") ", arrivals, world->config.nodes - 1);
    fputs(wire_type_name(message->header.type), out);
    message_fields(world, message, out);
    fputs(to && arrivals == 0 ? " LOST\n" : "\n", out);
}

static void trace_notice(const struct world *world, const struct node *node, const struct notice *notice) {
    char token[NAME_MAX_SHORT], id[NAME_MAX_SHORT];

    switch (notice->type) {
    case NOTICE_PEER_JOINED:
    case NOTICE_PEER_LEFT:
        trace_note(world, node, "* %s %s", notice_name(notice->type), id_name(world, &notice->id, id));
        return;
    default:
        trace_note(world, node, "* %s %s (%s)", notice_name(notice->type),
                   token_name(world, &notice->token, token), reason_name(notice->reason));
    }
}

void trace_action(const struct world *world, const struct node *node, const struct action *action) {
    char token[NAME_MAX_SHORT];

    if (!world->config.trace)
        return;
    switch (action->type) {
    case ACTION_PERSIST:
        trace_note(world, node, "%s own=%s vote=%" PRIu64 " block=%" PRIu64 "%s", action_name(action->type),
                   token_name(world, &action->persist.state.own, token), action->persist.state.vote_epoch,
                   action->persist.state.epoch_block, action->persist.durable ? " durable" : "");
        return;
    case ACTION_RESIGNED:
        trace_note(world, node, "%s %d", action_name(action->type), (int)action->resigned);
        return;
    case ACTION_NOTICE:
        trace_notice(world, node, &action->notice);
        return;
    default:
        trace_note(world, node, "%s", action_name(action->type));
    }
}
