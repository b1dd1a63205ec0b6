/* SPDX-License-Identifier: ISC
 *
 * metrics.c - see metrics.h. Two tables: that of this file, and that of the counters (daemon/counters.h).
 */
#include "http/metrics.h"

#include "base/str.h"
#include "base/util.h"
#include "daemon/counters.h"
#include "daemon/daemon.h"
#include "daemon/holders.h"
#include "daemon/links.h"
#include "http/exposition.h"
#include "platform/process.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What it is all taken from: the node at one moment. */
struct source {
    const struct daemon *daemon;
    struct core_view view;
    unsigned peer_count;
    struct core_peer peers[METRICS_PEERS_MAX];
    struct daemon_network network;
    struct counters counters;
    struct process_usage usage;
};

struct metric {
    const char *name, *type, *help;
    const char *labels;
    double (*value)(const struct source *source); /* of its only sample; NAN: there is none */
    void (*write)(struct exposition *out, const struct source *source); /* else: writes its samples */
};

static double seconds(usec_t duration) {
    return (double)duration / USEC_PER_SEC;
}

static double known(int64_t value) {
    return value < 0 ? NAN : (double)value;
}

/* The node */

static void write_build(struct exposition *out, const struct source *source) {
    (void)source;
    exposition_sample(out, EXPOSITION_LABELS({ "version", PACKAGE_VERSION }), 1);
}

static void write_node(struct exposition *out, const struct source *source) {
    char id[STR_ID_SIZE];

    str_format_id(&source->view.id, id);
    exposition_sample(out, EXPOSITION_LABELS({ "cluster", daemon_cluster(source->daemon) }, { "id", id },
                                             { "name", source->view.facts.name }), 1);
}

static double uptime(const struct source *source) {
    return seconds(daemon_uptime(source->daemon));
}

static double age(const struct source *source) {
    return seconds(source->view.age);
}

static double eligible(const struct source *source) {
    return source->view.facts.eligible && daemon_pause_left(source->daemon) == 0;
}

static double paused(const struct source *source) {
    return daemon_pause_left(source->daemon) != 0;
}

static double writable(const struct source *source) {
    return daemon_writable(source->daemon);
}

static double interfaces(const struct source *source) {
    return links_count(source->network.links);
}

static double clock_step(const struct source *source) {
    return (double)source->network.clock_step_ms / 1000;
}

/* The election */

static double leading(const struct source *source) {
    return source->view.leads;
}

static double leader_known(const struct source *source) {
    return core_view_names_leader(&source->view);
}

static void write_leader(struct exposition *out, const struct source *source) {
    const struct core_view *view = &source->view;
    char id[STR_ID_SIZE];

    if (!core_view_names_leader(view))
        return;
    str_format_id(&view->leader.leader, id);
    exposition_sample(out, EXPOSITION_LABELS({ "id", id }, { "name", view->leader_name }), 1);
}

static double leadership(const struct source *source) {
    return core_view_names_leader(&source->view) ? seconds(source->view.leader_since) : NAN;
}

static double epoch(const struct source *source) {
    return (double)source->view.epoch;
}

static double members(const struct source *source) {
    return source->view.members;
}

/* One sample for each of the names, all of them 0 but one. */
static void write_set(struct exposition *out, const char *label, const char *const names[], unsigned count,
                      unsigned present) {
    for (unsigned i = 0; i < count; i++)
        exposition_sample(out, EXPOSITION_LABELS({ label, names[i] }), i == present);
}

static void write_state(struct exposition *out, const struct source *source) {
    const char *const names[] = {
        [NODE_IDLE] = node_state_name(NODE_IDLE),
        [NODE_CANDIDATE] = node_state_name(NODE_CANDIDATE),
        [NODE_LEADER] = node_state_name(NODE_LEADER),
    };

    write_set(out, "state", names, ARRAY_SIZE(names), source->view.state);
}

static void write_standing(struct exposition *out, const struct source *source) {
    static const char *const names[] = {
        [STANDING_NO_LEADER] = "no_leader",
        [STANDING_FOLLOWING] = "following",
        [STANDING_SPARE] = "spare",
        [STANDING_SUSPECTING] = "suspecting",
        [STANDING_UNREACHABLE] = "unreachable",
        [STANDING_HEARD_ONE_WAY] = "heard_one_way",
        [STANDING_ISOLATED] = "isolated",
        [STANDING_UNCONFIRMED] = "unconfirmed",
        [STANDING_WITHOUT_LEASE] = "without_lease",
        [STANDING_STOPPING] = "stopping",
        [STANDING_LEADING] = "leading",
    };

    write_set(out, "standing", names, ARRAY_SIZE(names), source->view.standing);
}

static double detect(const struct source *source) {
    return core_view_names_leader(&source->view) ? seconds(source->view.detect) : NAN;
}

static double interval(const struct source *source) {
    return core_view_names_leader(&source->view) ? seconds(source->view.interval) : NAN;
}

/* Votes: there are none with quorum = none */

static double of_majority(const struct source *source, double value) {
    return source->view.quorum.majority ? value : (double)NAN;
}

static double quorum_needed(const struct source *source) {
    return of_majority(source, source->view.quorum.needed);
}

static double quorum_have(const struct source *source) {
    return of_majority(source, source->view.quorum.have);
}

static double seats(const struct source *source) {
    return of_majority(source, source->view.quorum.expect);
}

static double seats_taken(const struct source *source) {
    return of_majority(source, source->view.quorum.roster.count);
}

static double seat(const struct source *source) {
    return of_majority(source, source->view.quorum.seat);
}

static double promised(const struct source *source) {
    return of_majority(source, seconds(source->view.quorum.abstains));
}

static double lease(const struct source *source) {
    usec_t left = source->view.quorum.lease;

    return left == 0 || left == USEC_NEVER ? (double)NAN : seconds(left);
}

/* Peers */

static double round_trip(const struct core_peer *peer) {
    return peer->rtt_us == 0 ? NAN : seconds(peer->rtt_us);
}

static double loss(const struct core_peer *peer) {
    return peer->loss == LOSS_UNKNOWN ? NAN : (double)peer->loss / LOSS_ONE;
}

static double last_seen(const struct core_peer *peer) {
    return seconds(peer->last_seen);
}

static void write_peers(struct exposition *out, const struct source *source,
                        double (*value)(const struct core_peer *peer)) {
    char id[STR_ID_SIZE];

    for (unsigned i = 0; i < source->peer_count; i++) {
        const struct core_peer *peer = &source->peers[i];

        str_format_id(&peer->id, id);
        exposition_sample(out, EXPOSITION_LABELS({ "id", id }, { "name", peer->facts.name }), value(peer));
    }
}

static void write_round_trips(struct exposition *out, const struct source *source) {
    write_peers(out, source, round_trip);
}

static void write_losses(struct exposition *out, const struct source *source) {
    write_peers(out, source, loss);
}

static void write_last_seen(struct exposition *out, const struct source *source) {
    write_peers(out, source, last_seen);
}

/* Work */

static void write_holders(struct exposition *out, const struct source *source) {
    const struct holder *holder;
    unsigned counts[HOLDER_DONE + 1] = { 0 };

    LIST_FOREACH(holder, &daemon_holders(source->daemon)->list, entry)
        counts[holder->state]++;
    for (unsigned state = 0; state < ARRAY_SIZE(counts); state++)
        exposition_sample(out, EXPOSITION_LABELS({ "state", holder_state_name((enum holder_state)state) }),
                          counts[state]);
}

static double overdue(const struct source *source) {
    const struct holder *holder;
    unsigned count = 0;

    LIST_FOREACH(holder, &daemon_holders(source->daemon)->list, entry)
        count += holder->late;
    return count;
}

/* The process */

static void write_lateness(struct exposition *out, const struct source *source) {
    exposition_histogram(out, &source->counters.lateness);
}

static void write_state_writes(struct exposition *out, const struct source *source) {
    exposition_histogram(out, &source->counters.state_writes.lasted);
}

static double cpu(const struct source *source) {
    return seconds(source->usage.cpu);
}

static double memory(const struct source *source) {
    return known(source->usage.memory);
}

static double virtual_memory(const struct source *source) {
    return known(source->usage.virtual_memory);
}

static double descriptors(const struct source *source) {
    return known(source->usage.descriptors);
}

static double descriptors_max(const struct source *source) {
    return known(source->usage.descriptors_max);
}

static double start_time(const struct source *source) {
    return (double)daemon_started_ms(source->daemon) / 1000;
}

#define ONE(function) .labels = "", .value = (function)
#define MANY(names, function) .labels = (names), .write = (function)

static const struct metric table[] = {
    { "eldest_build_info", "gauge", "The version of eldestd.", MANY("version", write_build) },
    { "eldest_node_info", "gauge", "This node and its cluster.", MANY("cluster, id, name", write_node) },
    { "eldest_uptime_seconds", "gauge", "Since eldestd was started.", ONE(uptime) },
    { "eldest_age_seconds", "gauge", "How long this node has been in the cluster.", ONE(age) },
    { "eldest_eligible", "gauge", "Whether this node may lead.", ONE(eligible) },
    { "eldest_paused", "gauge", "Whether this node is paused.", ONE(paused) },
    { "eldest_state_writable", "gauge", "Whether the state of this node can be saved.", ONE(writable) },
    { "eldest_interfaces", "gauge", "Network interfaces in use.", ONE(interfaces) },
    { "eldest_clock_step_seconds", "gauge", "How far the wall clock was set since the start.", ONE(clock_step) },

    { "eldest_leading", "gauge", "Whether this node leads.", ONE(leading) },
    { "eldest_leader_known", "gauge", "Whether this node leads or follows a leader.", ONE(leader_known) },
    { "eldest_leader_info", "gauge", "The leader that this node names.", MANY("id, name", write_leader) },
    { "eldest_leadership_seconds", "gauge", "How long that leader has led.", ONE(leadership) },
    { "eldest_epoch", "gauge", "The latest epoch known.", ONE(epoch) },
    { "eldest_members", "gauge", "Members of the cluster, this node included.", ONE(members) },
    { "eldest_state", "gauge", "The state of this node, as the one that is 1.", MANY("state", write_state) },
    { "eldest_standing", "gauge", "How this node stands to its leader, likewise.", MANY("standing", write_standing) },
    { "eldest_detect_seconds", "gauge", "How long a silent leader is tolerated.", ONE(detect) },
    { "eldest_heartbeat_interval_seconds", "gauge", "Between two heartbeats of a follower.", ONE(interval) },

    { "eldest_quorum_needed", "gauge", "Nodes that have to stand by a leader.", ONE(quorum_needed) },
    { "eldest_quorum_have", "gauge", "Nodes that do, or are there to.", ONE(quorum_have) },
    { "eldest_seats", "gauge", "Nodes that may have a vote.", ONE(seats) },
    { "eldest_seats_taken", "gauge", "Nodes that have one.", ONE(seats_taken) },
    { "eldest_seat", "gauge", "Whether this node has one.", ONE(seat) },
    { "eldest_promised_seconds", "gauge", "For how long this node votes for nobody else.", ONE(promised) },
    { "eldest_lease_seconds", "gauge", "For how long this node leads surely.", ONE(lease) },

    { "eldest_peer_round_trip_seconds", "gauge", "To the leader, or from a follower.",
      MANY("id, name", write_round_trips) },
    { "eldest_peer_loss_ratio", "gauge", "Of the latest 64 heartbeats to the leader, or from a follower.",
      MANY("id, name", write_losses) },
    { "eldest_peer_last_seen_seconds", "gauge", "Since the leader, or a follower, was heard.",
      MANY("id, name", write_last_seen) },

    { "eldest_holders", "gauge", "Holders of work, by what they do.", MANY("state", write_holders) },
    { "eldest_holders_overdue", "gauge", "Holders that have not stopped their work in time.", ONE(overdue) },

    { "eldest_alarm_lateness_seconds", "histogram", "How late the alarm of the event loop rang.",
      MANY("", write_lateness) },
    { "eldest_state_write_seconds", "histogram", "How long it took to save the state.",
      MANY("", write_state_writes) },

    { "process_cpu_seconds_total", "counter", "Processor time of eldestd.", ONE(cpu) },
    { "process_resident_memory_bytes", "gauge", "Resident memory of eldestd.", ONE(memory) },
    { "process_virtual_memory_bytes", "gauge", "Virtual memory of eldestd.", ONE(virtual_memory) },
    { "process_open_fds", "gauge", "Open descriptors of eldestd.", ONE(descriptors) },
    { "process_max_fds", "gauge", "Descriptors that eldestd may open.", ONE(descriptors_max) },
    { "process_start_time_seconds", "gauge", "When eldestd was started, since 1970.", ONE(start_time) },
};

static void metric_name(const struct counter *counter, char name[METRICS_NAME_SIZE]) {
    snprintf(name, METRICS_NAME_SIZE, "eldest_%s_total", counter->name);
}

bool metrics_describe(unsigned number, struct metrics_family *ret) {
    const struct counter *counter;

    if (number < ARRAY_SIZE(table)) {
        const struct metric *metric = &table[number];

        *ret = (struct metrics_family){ .type = metric->type, .labels = metric->labels, .help = metric->help };
        snprintf(ret->name, sizeof ret->name, "%s", metric->name);
        return true;
    }
    counter = counters_describe(number - (unsigned)ARRAY_SIZE(table));
    if (!counter)
        return false;
    *ret = (struct metrics_family){ .type = "counter", .labels = counter->label ? counter->label : "",
                                    .help = counter->help };
    metric_name(counter, ret->name);
    return true;
}

/* The leader, or the first followers; between two followers nothing is exchanged. */
static void find_peers(struct source *source) {
    bool leads = source->view.state == NODE_LEADER;
    unsigned most = leads ? METRICS_PEERS_MAX : core_view_names_leader(&source->view);
    struct core_peer peer;

    for (uint32_t i = 0; source->peer_count < most && daemon_peer(source->daemon, i, &peer); i++)
        if (leads ? !peer.self : peer.state == NODE_LEADER)
            source->peers[source->peer_count++] = peer;
}

static struct source *source_new(const struct daemon *daemon) {
    struct source *source = calloc(1, sizeof *source);

    if (!source)
        return NULL;
    source->daemon = daemon;
    daemon_view(daemon, &source->view);
    find_peers(source);
    daemon_network(daemon, &source->network);
    daemon_counters(daemon, &source->counters);
    process_usage(&source->usage);
    return source;
}

static void write_metric(struct exposition *out, const struct metric *metric, const struct source *source) {
    exposition_family(out, metric->name, metric->type, metric->help);
    if (metric->write)
        metric->write(out, source);
    else
        exposition_sample(out, NULL, metric->value(source));
}

static void write_counter(struct exposition *out, const struct counter *counter, const struct source *source) {
    char name[METRICS_NAME_SIZE], kind_name[COUNTERS_KIND_SIZE];

    metric_name(counter, name);
    exposition_family(out, name, "counter", counter->help);
    if (!counter->label)
        exposition_sample(out, NULL, (double)counters_value(&source->counters, counter, 0));
    else
        for (unsigned kind = counter->first; kind < counter->end; kind++)
            exposition_sample(out,
                              EXPOSITION_LABELS({ counter->label, counters_kind_name(counter, kind, kind_name) }),
                              (double)counters_value(&source->counters, counter, kind));
}

int metrics_write(const struct daemon *daemon, struct evbuffer *out) {
    struct source *source = source_new(daemon);
    struct exposition exposition = { .out = out };
    const struct counter *counter;

    if (!source)
        return -ENOMEM;
    for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
        write_metric(&exposition, &table[i], source);
    for (unsigned i = 0; (counter = counters_describe(i)) != NULL; i++)
        write_counter(&exposition, counter, source);
    free(source);
    return exposition.failed ? -ENOMEM : 0;
}
