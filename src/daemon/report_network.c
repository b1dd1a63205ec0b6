/* SPDX-License-Identifier: ISC
 *
 * report_network.c - the document of what a node sees of its network. A part of report.h.
 *
 * Times are how long ago, in ms; null: never. What is judged from it is the client's business (`eldest doctor`).
 */
#include "daemon/report.h"

#include "daemon/daemon.h"
#include "daemon/links.h"
#include "daemon/paths.h"
#include "daemon/report_parts.h"
#include "daemon/strangers.h"
#include "daemon/traffic.h"
#include "platform/clock.h"
#include "platform/udp.h"

enum { NODES_TOLD_MAX = 1000 };

static const char *const family_names[FAMILIES] = { [FAMILY_IPV4] = "ipv4", [FAMILY_IPV6] = "ipv6" };

static json_t *ago_document(usec_t at, usec_t now) {
    return at == 0 ? json_null() : json_integer((json_int_t)((now - at) / USEC_PER_MS));
}

static json_t *heard_document(const struct traffic_heard *heard, usec_t now) {
    static const char *const names[TRAFFIC_CHANNELS] = {
        [TRAFFIC_MULTICAST] = "multicast", [TRAFFIC_ECHO] = "echo", [TRAFFIC_BROADCAST] = "broadcast",
        [TRAFFIC_UNICAST] = "unicast",
    };
    json_t *document = json_object();

    for (unsigned channel = 0; channel < TRAFFIC_CHANNELS; channel++)
        json_object_set_new(document, names[channel],
                            json_pack("{s:o, s:I}", "ago_ms", ago_document(heard->at[channel], now), "count",
                                      (json_int_t)heard->count[channel]));
    json_object_set_new(document, "rescues", json_integer((json_int_t)heard->rescues));
    return document;
}

static json_t *family_document(const struct daemon_network *network, const struct link *link, enum family family,
                               usec_t now) {
    const struct link *used = links_find(network->links, link->ifindex);
    const struct traffic_heard *heard = traffic_get(network->traffic, link->ifindex, family);

    if (!used || !links_carry(used, family) || !heard)
        return json_pack("{s:o, s:b}", "address", address_document(&link->addresses[family]), "joined", false);
    return json_pack("{s:o, s:b, s:o}", "address", address_document(&used->addresses[family]), "joined", true, "heard",
                     heard_document(heard, now));
}

/* The kernel takes nearly any bytes for a name; the index stands for one that is no text. */
static json_t *name_document(const struct link *link) {
    json_t *name = json_string(link->name);

    return name ? name : json_sprintf("%u", link->ifindex);
}

static json_t *link_document(const struct daemon_network *network, const struct link *link, usec_t now) {
    const struct link *used = links_find(network->links, link->ifindex);
    json_t *document = json_pack("{s:o, s:I, s:b, s:b, s:b, s:b, s:s, s:I, s:o}", "name", name_document(link), "index",
                                 (json_int_t)link->ifindex, "used", used && link->ifindex != 0, "named", link->named,
                                 "chosen", link_is_chosen(link), "damped", links_damp(network->links, link), "reason",
                                 links_reason(network->links, link), "mtu", (json_int_t)link->mtu, "since_ms",
                                 ago_document(used ? used->joined_at : 0, now));

    for (unsigned family = 0; family < FAMILIES; family++)
        json_object_set_new(document, family_names[family], family_document(network, link, family, now));
    return document;
}

static json_t *links_document(const struct daemon_network *network, usec_t now) {
    const struct link_list *seen = links_seen(network->links);
    json_t *document = json_array();

    for (unsigned i = 0; i < seen->count; i++)
        json_array_append_new(document, link_document(network, &seen->links[i], now));
    return document;
}

static json_t *interface_document(const struct daemon_network *network, uint32_t ifindex) {
    const struct link *link = links_find(network->links, ifindex);

    return link ? name_document(link) : json_string("");
}

static json_t *path_document(const struct daemon_network *network, const struct path *path, usec_t now) {
    return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:I, s:o}", "address", address_document(&path->address), "port",
                     (int)path->address.port, "interface", interface_document(network, path->address.ifindex),
                     "multicast_ms", ago_document(path->multicast_at, now), "group_ms",
                     ago_document(path->group_at, now), "unicast_ms", ago_document(path->unicast_at, now),
                     "unanswered", (json_int_t)path->unanswered, "rtt_us",
                     path->rtt_us > 0 ? json_integer(path->rtt_us) : json_null());
}

static json_t *node_document(const struct daemon_network *network, const struct paths_node *node, usec_t now) {
    json_t *paths = json_array();

    for (unsigned i = 0; i < node->count; i++)
        json_array_append_new(paths, path_document(network, &node->list[i], now));
    return json_pack("{s:o, s:o, s:I, s:I, s:o}", "id", id_document(&node->id), "heard_ms",
                     ago_document(node->heard_at, now), "multicasts", (json_int_t)node->multicasts, "repeated",
                     (json_int_t)node->repeated, "paths", paths);
}

/* The first, those heard last: a document of all that there can be would be long in the making and too long to send. */
static json_t *nodes_document(const struct daemon_network *network, usec_t now) {
    const struct paths_node *node = NULL;
    json_t *document = json_array();

    for (unsigned i = 0; i < NODES_TOLD_MAX && (node = paths_next(network->paths, node)) != NULL; i++)
        json_array_append_new(document, node_document(network, node, now));
    return document;
}

static json_t *stranger_document(enum stranger_kind kind, const struct stranger *one, usec_t now) {
    return json_pack("{s:s, s:s, s:o, s:i, s:o, s:I}", "kind", stranger_kind_name(kind), "cluster", one->cluster,
                     "address", address_document(&one->address), "port", (int)one->address.port, "ago_ms",
                     ago_document(one->last_at, now), "count", (json_int_t)one->count);
}

static json_t *strangers_document(const struct strangers *strangers, usec_t now) {
    json_t *document = json_array();

    for (unsigned kind = 0; kind < STRANGER_KINDS; kind++)
        for (unsigned i = 0; i < strangers->kinds[kind].count; i++)
            json_array_append_new(document, stranger_document(kind, &strangers->kinds[kind].list[i], now));
    return document;
}

static json_t *groups_document(const struct udp *udp) {
    json_t *document = json_object();

    for (unsigned family = 0; family < FAMILIES; family++)
        if (udp_has(udp, family))
            json_object_set_new(document, family_names[family], address_document(udp_group(udp, family)));
    return document;
}

json_t *report_network(const struct daemon *daemon) {
    struct daemon_network network;
    usec_t now = clock_now();

    daemon_network(daemon, &network);
    return json_pack("{s:s, s:o, s:i, s:i, s:I, s:o, s:o, s:o}", "cluster", daemon_cluster(daemon), "groups",
                     groups_document(network.udp), "group_port", (int)network.group_port, "port",
                     (int)udp_port(network.udp), "clock_step_ms", (json_int_t)network.clock_step_ms, "interfaces",
                     links_document(&network, now), "nodes", nodes_document(&network, now), "strangers",
                     strangers_document(network.strangers, now));
}
