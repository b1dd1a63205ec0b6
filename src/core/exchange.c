/* SPDX-License-Identifier: ISC
 *
 * exchange.c - see exchange.h.
 */
#include "core/exchange.h"
#include "base/util.h"
#include "core/follow.h"
#include "core/suspicion.h"
#include "core/voter.h"

#include <string.h>

enum { LOSS_WEIGHT = 32, UNREACHABLE_RETRY_US = 1000000 };
static const usec_t round_trip_max_us = 60 * USEC_PER_SEC;
static const usec_t slot_max_us = HEARTBEAT_MAX_MS * USEC_PER_MS * 5 / 4; /* EXCH-4, of the longest interval */

usec_t exchange_spacing(const struct core *core) {
    const struct quality *quality = &core->quality;
    unsigned tries = params_own_tries(quality->loss) + params_shared_tries(quality->loss, node_members(core));
    usec_t least = max_i64(params_floor(&core->rule), core->rule.detect / tries);

    return clamp_i64(quality->srtt + 4 * quality->rttvar, least, core->rule.detect);
}

unsigned exchange_failed(const struct core *core) {
    return core->exchange.open && core->exchange.tries > 0 ? core->exchange.tries - 1U : 0;
}

void exchange_fill(struct core *core, struct wire_message *message, uint64_t epoch, uint32_t number, unsigned try) {
    bool knows_seats = voter_stands_by_seats(core);

    message->heartbeat = (struct wire_heartbeat){
        .epoch = epoch,
        .exchange = number,
        .try = (uint16_t)try,
        .sent = core->now,
        .echo = voter_echo(core),
        .roster_epoch = knows_seats ? core->saved.roster.epoch : 0,
        .roster_change = knows_seats ? core->saved.roster.change : 0,
        .age = node_age(core),
        .timeline = core->has_birth ? core->timeline : 0,
        .birth = core->has_birth ? core->birth : 0,
        .rtt_us = (uint32_t)core->quality.srtt,
        .own = core->saved.own,
        .registering = !core->has_birth,
    };
}

void exchange_add_registration(const struct core *core, struct wire_message *message) {
    message->heartbeat.registering = true;
    message->has_registration = true;
    message->registration.facts = core->facts;
    message->registration.port = core->port;
    message->paused = core->facts.paused;
}

static void send_try(struct core *core) {
    struct exchange *exchange = &core->exchange;
    struct wire_message *message = &emit_unicast(core, WIRE_HEARTBEAT, &core->following.leader)->message;

    exchange->tries++;
    exchange_fill(core, message, core->saved.own.epoch, exchange->number, exchange->tries);
    if (!core->has_birth || !core->following.registered)
        exchange_add_registration(core, message);
    if (core->suspicion.active) {
        message->heartbeat.question = true;
        message->heartbeat.nonce = core->suspicion.nonce;
    }
    if (exchange->stranger) {
        message->has_stranger = true;
        message->stranger = core->stranger;
    }
    timer_after(core, TIMER_RETRY, exchange_spacing(core));
}

/* EXCH-1: one at a time; the last try of one that ends by this may yet have an answer under way. */
void exchange_begin(struct core *core) {
    node_note_lost(core, &core->quality.tries, exchange_failed(core));
    timer_stop(core, TIMER_HEARTBEAT);
    core->exchange = (struct exchange){
        .open = true,
        .number = ++core->exchange_number,
        .first_at = core->now,
        .stranger = core->stranger_due,
        .registers = !core->has_birth || !core->following.registered,
    };
    core->stranger_due = false;
    send_try(core);
}

void exchange_repeat(struct core *core) {
    send_try(core);
}

void exchange_slot_due(struct core *core) {
    exchange_begin(core);
    if (core->suspicion.active)
        suspicion_probe(core);
}

void exchange_unanswered(struct core *core) {
    struct exchange *exchange = &core->exchange;

    if (core->suspicion.active) {
        suspicion_unanswered(core);
    } else if (exchange->tries < params_own_tries(core->quality.loss)) {
        send_try(core);
    } else if (core->now < core->doubt.not_before) {
        follow_unreachable(core);
        node_note_lost(core, &core->quality.tries, exchange->tries);
        exchange->open = false;
        timer_after(core, TIMER_HEARTBEAT, UNREACHABLE_RETRY_US);
    } else {
        suspicion_begin_own(core);
    }
}

/* Smoothed round trip and its variation, as TCP has them (RFC 6298). */
static void learn_round_trip(struct quality *quality, usec_t sample) {
    usec_t deviation = sample > quality->srtt ? sample - quality->srtt : quality->srtt - sample;

    if (quality->srtt == 0) {
        quality->srtt = max_i64(sample, 1);
        quality->rttvar = sample / 2;
        return;
    }
    quality->rttvar += (deviation - quality->rttvar) / 4;
    quality->srtt = max_i64(quality->srtt + (sample - quality->srtt) / 8, 1);
}

/* EXCH-3: every try but the last has failed. */
static void learn_loss(struct quality *quality, unsigned tries) {
    uint32_t loss = quality->loss;

    for (unsigned failed = 1; failed < tries; failed++)
        loss += (LOSS_ONE - loss) / LOSS_WEIGHT;
    loss -= loss / LOSS_WEIGHT;
    quality->loss = (uint32_t)clamp_i64(loss, LOSS_MIN, LOSS_MAX);
}

bool exchange_on_ack(struct core *core, const struct wire_ack *ack) {
    struct exchange *exchange = &core->exchange;
    usec_t sample = core->now - ack->sent;

    if (!exchange->open || ack->exchange != exchange->number)
        return false;
    if (sample >= 0 && sample <= round_trip_max_us) /* above detect it tells of my own pause; r is no longer anyway */
        learn_round_trip(&core->quality, min_i64(sample, core->rule.detect));
    learn_loss(&core->quality, exchange->tries);
    node_note_lost(core, &core->quality.tries, exchange_failed(core));
    node_note_answered(core, &core->quality.tries);
    exchange->open = false;
    timer_stop(core, TIMER_RETRY);
    timer_after(core, TIMER_HEARTBEAT, clamp_i64(ack->next_slot, params_floor(&core->rule), slot_max_us));
    return true;
}
