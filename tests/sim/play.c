/* SPDX-License-Identifier: ISC
 *
 * play.c - see play.h. First what statements do, then what conditions ask, then the two tables, each line of them one
 * form of the language.
 *
 * A world that has failed ignores what is done to it, so nobody checks between the lines.
 */
#include "play.h"

#include "base/str.h"
#include "base/util.h"
#include "cast.h"
#include "rest.h"
#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { WHY_MAX = 160 };

struct play {
    struct world *world;
    const struct script *script;
    struct cast cast;
    uint8_t *sides; /* of the present statement, see cast_choose() */
    char where[SCRIPT_TITLE_MAX + SCRIPT_LINE_MAX + 20];
    size_t leaderships; /* before the last mark, like the next two */
    uint64_t sent_by_type[WIRE_TYPE_END];
    uint64_t bytes;
    char why[WHY_MAX]; /* the condition does not hold */
};

static void play_block(struct play *play, unsigned first, unsigned end);

/* ---- nodes ---- */

/* False, and the world has failed, if one of the nodes is not to be found. */
static bool choose(struct play *play, const struct statement *statement) {
    bool good = cast_choose(&play->cast, play->world, statement, play->sides);

    if (!good)
        world_fail(play->world, "there is no such node at this moment, or not only one");
    return good;
}

static bool on_side(const struct play *play, uint32_t node, unsigned side) {
    return play->sides[node] >> side & 1;
}

/* Does something to all nodes that the statement tells of. */
static void each(struct play *play, const struct statement *statement, void (*act)(struct world *, uint32_t)) {
    if (!choose(play, statement))
        return;
    for (uint32_t i = 0; i < play->world->config.nodes; i++)
        if (on_side(play, i, 0))
            act(play->world, i);
}

/* The same, where what is done depends on what else the statement tells. */
static void each_as_told(struct play *play, const struct statement *statement,
                         void (*act)(struct play *, const struct statement *, uint32_t)) {
    if (!choose(play, statement))
        return;
    for (uint32_t i = 0; i < play->world->config.nodes; i++)
        if (on_side(play, i, 0))
            act(play, statement, i);
}

/* The only node on that side of a condition; false if it cannot be told. */
static bool the_node(struct play *play, const struct statement *statement, unsigned side, uint32_t *ret_node) {
    for (unsigned i = 0; i < statement->terms_count; i++)
        if (statement->terms[i].side == side)
            return cast_find(&play->cast, play->world, &statement->terms[i].first, ret_node);
    return false;
}

static usec_t draw(struct play *play, const struct span *span) {
    return rng_between(&play->world->rng, span->low, span->high);
}

/* ---- time ---- */

static void play_run(struct play *play, const struct statement *statement) {
    world_run(play->world, draw(play, &statement->span));
}

static void play_settle(struct play *play, const struct statement *statement) {
    (void)statement;
    rest_settle(play->world, SETTLE_US);
}

/* It is the moment that is reported. */
static void play_settle_within(struct play *play, const struct statement *statement) {
    usec_t begin = play->world->now;

    rest_settle(play->world, statement->span.high);
    play->world->convergence = play->world->now - begin;
}

static void play_quiet(struct play *play, const struct statement *statement) {
    rest_quiet(play->world, draw(play, &statement->span));
}

static void play_mark(struct play *play, const struct statement *statement) {
    (void)statement;
    oracle_mark(play->world);
    play->leaderships = play->world->oracle.count;
    play->bytes = play->world->bytes;
    memcpy(play->sent_by_type, play->world->sent_by_type, sizeof(play->sent_by_type));
}

static void play_repeat(struct play *play, const struct statement *statement) {
    unsigned first = (unsigned)(statement - play->script->statements) + 1;

    for (uint32_t i = 0; i < statement->value && !play->world->failure[0]; i++)
        play_block(play, first, statement->end);
}

static void play_let(struct play *play, const struct statement *statement) {
    uint32_t node;

    if (!the_node(play, statement, 0, &node)) {
        world_fail(play->world, "there is no such node at this moment, or not only one");
        return;
    }
    play->cast.known[statement->value] = true;
    play->cast.node[statement->value] = node;
}

/* ---- lives ---- */

static void play_start(struct play *play, const struct statement *statement) {
    each(play, statement, world_start);
}

static void play_start_in_turn(struct play *play, const struct statement *statement) {
    each(play, statement, rest_start);
}

struct planned {
    usec_t time;
    uint32_t node;
};

static int compare_planned(const void *a, const void *b) {
    const struct planned *x = a, *y = b;

    return x->time < y->time ? -1 : x->time > y->time;
}

static void play_start_within(struct play *play, const struct statement *statement) {
    struct world *world = play->world;
    struct planned *list = calloc(world->config.nodes, sizeof(*list));
    uint32_t count = 0;

    if (!list)
        abort();
    if (choose(play, statement))
        for (uint32_t i = 0; i < world->config.nodes; i++)
            if (on_side(play, i, 0))
                list[count++] = (struct planned){ world->now + rng_between(&world->rng, 0, statement->span.high), i };
    qsort(list, count, sizeof(*list), compare_planned);
    for (uint32_t i = 0; i < count; i++) {
        world_run(world, list[i].time - world->now);
        world_start(world, list[i].node);
    }
    free(list);
}

static void play_kill(struct play *play, const struct statement *statement) {
    each(play, statement, world_kill);
}

static void play_kill_with_farewell(struct play *play, const struct statement *statement) {
    each(play, statement, world_kill_with_farewell);
}

static void play_power_off(struct play *play, const struct statement *statement) {
    each(play, statement, world_power_off);
}

static void die_amid(struct play *play, const struct statement *statement, uint32_t node) {
    world_die_amid(play->world, node, statement->value);
}

static void play_power_off_amid(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, die_amid);
}

static void play_stop(struct play *play, const struct statement *statement) {
    each(play, statement, world_stop);
}

static void play_resign(struct play *play, const struct statement *statement) {
    each(play, statement, world_resign);
}

/* By whoever leads, if somebody does. */
static void retire(struct play *play, const struct statement *statement, uint32_t node) {
    int64_t leader = oracle_leader(play->world);

    (void)statement;
    if (leader >= 0)
        world_retire(play->world, (uint32_t)leader, node);
}

static void play_retire(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, retire);
}

static void run_fast(struct play *play, const struct statement *statement, uint32_t node) {
    world_clock(play->world, node, (int32_t)statement->share_ppm);
}

static void run_slow(struct play *play, const struct statement *statement, uint32_t node) {
    world_clock(play->world, node, -(int32_t)statement->share_ppm);
}

static bool is_possible_drift(struct play *play, const struct statement *statement) {
    bool possible = statement->share_ppm <= CLOCK_DRIFT_MAX_PPM;

    if (!possible)
        world_fail(play->world, "no clock is more than %d%% wrong", CLOCK_DRIFT_MAX_PPM / (PPM_ONE / 100));
    return possible;
}

static void play_clock_fast(struct play *play, const struct statement *statement) {
    if (is_possible_drift(play, statement))
        each_as_told(play, statement, run_fast);
}

static void play_clock_slow(struct play *play, const struct statement *statement) {
    if (is_possible_drift(play, statement))
        each_as_told(play, statement, run_slow);
}

/* Each for a time of its own. */
static void pause_for_a_time(struct play *play, const struct statement *statement, uint32_t node) {
    world_pause(play->world, node, draw(play, &statement->span));
}

static void suspend_for_a_time(struct play *play, const struct statement *statement, uint32_t node) {
    world_suspend(play->world, node, draw(play, &statement->span));
}

static void play_pause(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, pause_for_a_time);
}

static void play_suspend(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, suspend_for_a_time);
}

static void play_lose_state(struct play *play, const struct statement *statement) {
    each(play, statement, world_lose_disk);
}

static void inflate_epochs(struct play *play, const struct statement *statement, uint32_t node) {
    world_inflate_epochs(play->world, node, (uint32_t)statement->value);
}

static void play_inflate(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, inflate_epochs);
}

static void play_snapshot(struct play *play, const struct statement *statement) {
    each(play, statement, world_take_snapshot);
}

static void play_revert(struct play *play, const struct statement *statement) {
    each(play, statement, world_revert);
}

static void play_clone(struct play *play, const struct statement *statement) {
    uint32_t from, to;

    if (the_node(play, statement, 0, &from) && the_node(play, statement, 1, &to))
        world_clone(play->world, from, to);
    else
        world_fail(play->world, "there is no such node at this moment, or not only one");
}

static void make_writable(struct world *world, uint32_t node) {
    world_writable(world, node, true);
}

static void make_read_only(struct world *world, uint32_t node) {
    world_writable(world, node, false);
}

static void play_state_writable(struct play *play, const struct statement *statement) {
    each(play, statement, make_writable);
}

static void play_state_read_only(struct play *play, const struct statement *statement) {
    each(play, statement, make_read_only);
}

static void play_want_table(struct play *play, const struct statement *statement) {
    each(play, statement, world_want_table);
}

/* ---- configuration ---- */

static void set_priority(struct play *play, const struct statement *statement, uint32_t node) {
    world_configure(play->world, node, (uint16_t)statement->value, play->world->nodes[node].facts.eligible);
}

static void play_priority(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, set_priority);
}

static void make_eligible(struct world *world, uint32_t node) {
    world_configure(world, node, world->nodes[node].facts.priority, true);
}

static void make_ineligible(struct world *world, uint32_t node) {
    world_configure(world, node, world->nodes[node].facts.priority, false);
}

static void make_preempting(struct world *world, uint32_t node) {
    world_preempt(world, node, true);
}

static void play_eligible(struct play *play, const struct statement *statement) {
    each(play, statement, make_eligible);
}

static void play_ineligible(struct play *play, const struct statement *statement) {
    each(play, statement, make_ineligible);
}

static void play_preempt(struct play *play, const struct statement *statement) {
    each(play, statement, make_preempting);
}

static void set_expect(struct play *play, const struct statement *statement, uint32_t node) {
    if (statement->value <= ROSTER_MAX)
        world_expect(play->world, node, (uint8_t)statement->value);
    else
        world_fail(play->world, "no cluster has more than %d seats", ROSTER_MAX);
}

static void play_expect(struct play *play, const struct statement *statement) {
    each_as_told(play, statement, set_expect);
}

static void set_no_quorum(struct world *world, uint32_t node) {
    world_expect(world, node, 0);
}

static void play_no_quorum(struct play *play, const struct statement *statement) {
    each(play, statement, set_no_quorum);
}

/* ---- the network ---- */

static void link_up(struct world *world, uint32_t node) {
    world_link(world, node, true);
}

static void link_down(struct world *world, uint32_t node) {
    world_link(world, node, false);
}

static void play_link_up(struct play *play, const struct statement *statement) {
    each(play, statement, link_up);
}

static void play_link_down(struct play *play, const struct statement *statement) {
    each(play, statement, link_down);
}

static void play_part(struct play *play, const struct statement *statement) {
    if (!choose(play, statement))
        return;
    for (uint32_t i = 0; i < play->world->config.nodes; i++)
        for (unsigned side = 0; side < statement->sides; side++)
            if (on_side(play, i, side))
                world_partition(play->world, i, side);
}

static void play_part_each(struct play *play, const struct statement *statement) {
    (void)statement;
    for (uint32_t i = 0; i < play->world->config.nodes; i++)
        world_partition(play->world, i, i);
}

static void play_heal(struct play *play, const struct statement *statement) {
    (void)statement;
    world_heal(play->world);
}

static bool is_all(const struct statement *statement, unsigned side) {
    for (unsigned i = 0; i < statement->terms_count; i++)
        if (statement->terms[i].side == side && statement->terms[i].kind == TERM_ALL)
            return true;
    return false;
}

/* Calls rule for every pair of one side and the other, where "all" counts as one: there are not so many rules. */
static void pairs(struct play *play, const struct statement *statement, unsigned from, unsigned to,
                  void (*rule)(struct world *, uint32_t, uint32_t)) {
    uint32_t nodes = play->world->config.nodes;
    bool from_all = is_all(statement, from), to_all = is_all(statement, to);

    for (uint32_t i = 0; i < (from_all ? 1 : nodes); i++)
        for (uint32_t k = 0; k < (to_all ? 1 : nodes); k++)
            if ((from_all || on_side(play, i, from)) && (to_all || on_side(play, k, to)))
                rule(play->world, from_all ? NET_ANY : i, to_all ? NET_ANY : k);
}

static void play_cut(struct play *play, const struct statement *statement) {
    if (choose(play, statement))
        pairs(play, statement, 0, 1, world_cut);
}

static void play_cut_both(struct play *play, const struct statement *statement) {
    if (!choose(play, statement))
        return;
    pairs(play, statement, 0, 1, world_cut);
    pairs(play, statement, 1, 0, world_cut);
}

static void play_reject(struct play *play, const struct statement *statement) {
    if (choose(play, statement))
        pairs(play, statement, 0, 1, world_reject);
}

static void deafen(struct world *world, uint32_t node) {
    world_multicast(world, node, false);
}

static void silence(struct world *world, uint32_t node) {
    world_shouts(world, node, false);
}

static void play_multicast_to(struct play *play, const struct statement *statement) {
    each(play, statement, deafen);
}

static void play_multicast_from(struct play *play, const struct statement *statement) {
    each(play, statement, silence);
}

static void play_echo(struct play *play, const struct statement *statement) {
    each(play, statement, world_echo);
}

static void play_loss(struct play *play, const struct statement *statement) {
    world_loss(play->world, statement->share_ppm);
}

/* Of all datagrams between two nodes a tenth falls into bursts. */
static void play_bursts(struct play *play, const struct statement *statement) {
    uint32_t length = (uint32_t)max_i64(statement->value, 1);

    world_bursts(play->world, &(struct burst){ .begins_ppm = PPM_ONE / (9 * length),
                                               .ends_ppm = PPM_ONE / length,
                                               .loss_ppm = statement->share_ppm });
}

static void play_duplicate(struct play *play, const struct statement *statement) {
    world_duplicate(play->world, statement->share_ppm);
}

static void play_delay(struct play *play, const struct statement *statement) {
    world_delay(play->world, statement->share_ppm, statement->span.high);
}

/* ---- conditions ---- */

static bool otherwise(struct play *play, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says what is, where something else should be. */
static bool otherwise(struct play *play, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(play->why, sizeof(play->why), format, arguments);
    va_end(arguments);
    return false;
}

static bool nobody_meant(struct play *play) {
    return otherwise(play, "there is no such node at this moment, or not only one");
}

static bool is_amount(struct play *play, uint64_t count, const struct amount *amount) {
    bool good = amount->relation == AT_MOST ? count <= amount->count
                : amount->relation == AT_LEAST ? count >= amount->count
                                               : count == amount->count;

    return good || otherwise(play, "it is %" PRIu64, count);
}

static bool holds_leader(struct play *play, const struct statement *statement) {
    int64_t leader = oracle_leader(play->world);
    uint32_t node;

    if (!the_node(play, statement, 0, &node))
        return nobody_meant(play);
    if (leader < 0)
        return otherwise(play, "%" PRIu32 " lead, n%" PRIu32 " should", play->world->oracle.leaders, node + 1);
    return leader == node || otherwise(play, "n%" PRId64 " leads, n%" PRIu32 " should", leader + 1, node + 1);
}

static bool holds_leaders(struct play *play, const struct statement *statement) {
    return is_amount(play, play->world->oracle.leaders, &statement->amount);
}

static bool holds_leaders_at_once(struct play *play, const struct statement *statement) {
    return is_amount(play, play->world->oracle.leaders_most, &statement->amount);
}

static bool holds_leaderships(struct play *play, const struct statement *statement) {
    return is_amount(play, play->world->oracle.count - play->leaderships, &statement->amount);
}

static bool holds_leaderless(struct play *play, const struct statement *statement) {
    usec_t leaderless = oracle_leaderless(play->world);

    return leaderless <= statement->span.high || otherwise(play, "it was %" PRId64 " us", leaderless);
}

static bool holds_sent(struct play *play, const struct statement *statement) {
    uint32_t type = statement->value;

    return is_amount(play, play->world->sent_by_type[type] - play->sent_by_type[type], &statement->amount);
}

static bool holds_bytes(struct play *play, const struct statement *statement) {
    return is_amount(play, play->world->bytes - play->bytes, &statement->amount);
}

/* What can be said of a node at this moment. */
static const struct being *being_of(const struct world *world, const struct node *node) {
    const struct being *being = script_beings;
    bool alive = node->life == LIFE_RUNNING;
    struct core_view view;
    int value = (int)node->life;

    if (alive) {
        core_view(node->core, node_time(node, world->now), &view);
        value = (int)view.standing;
    }
    while (being->alive != alive || being->value != value)
        being++;
    return being;
}

static bool holds_is(struct play *play, const struct statement *statement) {
    const struct being *wanted = &script_beings[statement->value], *is;
    uint32_t node;

    if (!the_node(play, statement, 0, &node))
        return nobody_meant(play);
    is = being_of(play->world, &play->world->nodes[node]);
    return is == wanted || otherwise(play, "n%" PRIu32 " is %s", node + 1, is->word);
}

static bool holds_follows(struct play *play, const struct statement *statement) {
    struct world *world = play->world;
    const struct node *named;
    uint32_t follower, leader;

    if (!the_node(play, statement, 0, &follower) || !the_node(play, statement, 1, &leader))
        return nobody_meant(play);
    if (!world->nodes[follower].outlook.has_leader)
        return otherwise(play, "n%" PRIu32 " knows no leader", follower + 1);
    named = world_node_by_id(world, &world->nodes[follower].outlook.leader.leader);
    return named == &world->nodes[leader] ||
           otherwise(play, "n%" PRIu32 " names n%" PRIu32, follower + 1, named ? named->index + 1 : 0);
}

static bool holds_answered(struct play *play, const struct statement *statement) {
    uint32_t node;

    if (!the_node(play, statement, 0, &node))
        return nobody_meant(play);
    if (!play->world->nodes[node].resign_answered)
        return otherwise(play, "n%" PRIu32 " has not answered", node + 1);
    return (uint32_t)play->world->nodes[node].resigned == statement->value ||
           otherwise(play, "n%" PRIu32 " answers %d", node + 1, (int)play->world->nodes[node].resigned);
}

/* Above every token that another node ever held. */
static bool holds_highest_epoch(struct play *play, const struct statement *statement) {
    const struct oracle *oracle = &play->world->oracle;
    uint64_t epoch;
    uint32_t node;

    if (!the_node(play, statement, 0, &node))
        return nobody_meant(play);
    epoch = play->world->nodes[node].outlook.epoch;
    for (size_t i = 0; i < oracle->count; i++)
        if (oracle->list[i].node != node && oracle->list[i].token.epoch >= epoch)
            return otherwise(play, "n%" PRIu32 " is in epoch %" PRIu64 ", n%" PRIu32 " led in %" PRIu64, node + 1,
                             epoch, oracle->list[i].node + 1, oracle->list[i].token.epoch);
    return true;
}

static bool holds_id(struct play *play, const struct statement *statement) {
    uint32_t node, other;

    if (!the_node(play, statement, 0, &node) || !the_node(play, statement, 1, &other))
        return nobody_meant(play);
    if (node_id_compare(&play->world->nodes[node].id, &play->world->nodes[other].id) <= 0)
        return true;
    return otherwise(play, "the id of n%" PRIu32 " is larger than that of n%" PRIu32, node + 1, other + 1);
}

/* ---- the language ---- */

static const struct form statements[] = {
    { .pattern = "start NODES", .play = play_start },
    { .pattern = "start NODES in turn", .play = play_start_in_turn },
    { .pattern = "start NODES within DURATION", .play = play_start_within },
    { .pattern = "kill NODES", .play = play_kill },
    { .pattern = "kill NODES with farewell", .play = play_kill_with_farewell },
    { .pattern = "power off NODES", .play = play_power_off },
    { .pattern = "power off NODES amid saving after COUNT actions", .play = play_power_off_amid },
    { .pattern = "stop NODES", .play = play_stop },
    { .pattern = "resign NODE", .play = play_resign },
    { .pattern = "retire NODES", .play = play_retire },
    { .pattern = "pause NODES for SPAN", .play = play_pause },
    { .pattern = "suspend NODES for SPAN", .play = play_suspend },
    { .pattern = "clock NODES PERCENT fast", .play = play_clock_fast },
    { .pattern = "clock NODES PERCENT slow", .play = play_clock_slow },
    { .pattern = "peers NODES", .play = play_want_table },
    { .pattern = "state read-only NODES", .play = play_state_read_only },
    { .pattern = "state writable NODES", .play = play_state_writable },
    { .pattern = "lose state NODES", .play = play_lose_state },
    { .pattern = "inflate epochs of NODES by COUNT steps", .play = play_inflate },
    { .pattern = "snapshot NODES", .play = play_snapshot },
    { .pattern = "revert NODES", .play = play_revert },
    { .pattern = "clone NODE to NODE", .play = play_clone },
    { .pattern = "configure NODES priority COUNT", .play = play_priority },
    { .pattern = "configure NODES eligible", .play = play_eligible },
    { .pattern = "configure NODES not eligible", .play = play_ineligible },
    { .pattern = "configure NODES preempt", .play = play_preempt },
    { .pattern = "configure NODES expect COUNT", .play = play_expect },
    { .pattern = "configure NODES quorum none", .play = play_no_quorum },
    { .pattern = "link up NODES", .play = play_link_up },
    { .pattern = "link down NODES", .play = play_link_down },
    { .pattern = "part NODES | NODES", .play = play_part },
    { .pattern = "part NODES | NODES | NODES", .play = play_part },
    { .pattern = "part each", .play = play_part_each },
    { .pattern = "cut NODES -> NODES", .play = play_cut },
    { .pattern = "cut NODES <-> NODES", .play = play_cut_both },
    { .pattern = "reject NODES -> NODES", .play = play_reject },
    { .pattern = "multicast off to NODES", .play = play_multicast_to },
    { .pattern = "multicast off from NODES", .play = play_multicast_from },
    { .pattern = "echo NODES", .play = play_echo },
    { .pattern = "loss PERCENT", .play = play_loss },
    { .pattern = "bursts of COUNT losing PERCENT", .play = play_bursts },
    { .pattern = "duplicate PERCENT", .play = play_duplicate },
    { .pattern = "delay PERCENT by up to DURATION", .play = play_delay },
    { .pattern = "heal", .play = play_heal },
    { .pattern = "run SPAN", .play = play_run },
    { .pattern = "settle", .play = play_settle },
    { .pattern = "settle within DURATION", .play = play_settle_within },
    { .pattern = "quiet SPAN", .play = play_quiet },
    { .pattern = "mark", .play = play_mark },
    { .pattern = "let NAME be NODE", .play = play_let },
    { .pattern = "repeat COUNT times {", .play = play_repeat },
    { .pattern = "}" },
};

static const struct form conditions[] = {
    { .pattern = "leader NODE", .holds = holds_leader },
    { .pattern = "leaders AMOUNT", .holds = holds_leaders },
    { .pattern = "leaders at once AMOUNT", .holds = holds_leaders_at_once },
    { .pattern = "leaderships AMOUNT", .holds = holds_leaderships },
    { .pattern = "leaderless at most DURATION", .holds = holds_leaderless },
    { .pattern = "sent MESSAGE AMOUNT", .holds = holds_sent },
    { .pattern = "bytes AMOUNT", .holds = holds_bytes },
    { .pattern = "NODE is BEING", .holds = holds_is },
    { .pattern = "NODE follows NODE", .holds = holds_follows },
    { .pattern = "NODE answered OUTCOME", .holds = holds_answered },
    { .pattern = "NODE has highest epoch", .holds = holds_highest_epoch },
    { .pattern = "NODE has no larger id than NODE", .holds = holds_id },
};

const struct language play_language = { statements, ARRAY_SIZE(statements), conditions, ARRAY_SIZE(conditions) };

/* ---- the player ---- */

static void play_condition(struct play *play, const struct statement *statement) {
    struct world *world = play->world;
    usec_t end = world->now + statement->limit;
    bool holds = statement->form->holds(play, statement);

    while (!holds && statement->limit > 0 && world_advance(world, end))
        holds = statement->form->holds(play, statement);
    if (holds)
        return;
    world_run(world, end - world->now);
    if (!statement->form->holds(play, statement))
        world_fail(world, "%s", play->why);
}

static void play_statement(struct play *play, const struct statement *statement) {
    if (statement->lossless && play->world->config.loss_ppm > 0)
        return;
    snprintf(play->where, sizeof(play->where), "%s.sim:%u: %s", play->script->name, statement->line, statement->text);
    trace_note(play->world, NULL, "---- %s", play->where);
    if (statement->form->holds)
        play_condition(play, statement);
    else
        statement->form->play(play, statement);
}

/* The statements from `first` on, without `end`. */
static void play_block(struct play *play, unsigned first, unsigned end) {
    const struct statement *statement;

    for (unsigned i = first; i < end && !play->world->failure[0]; i++) {
        statement = &play->script->statements[i];
        play_statement(play, statement);
        if (statement->end > 0)
            i = statement->end;
    }
}

void play_script(struct world *world, const struct script *script) {
    struct play play = { .world = world, .script = script };

    play.sides = calloc(world->config.nodes, 1);
    if (!play.sides)
        abort();
    world->where = play.where;
    play_block(&play, 0, script->statements_count);
    world->where = NULL;
    free(play.sides);
}
