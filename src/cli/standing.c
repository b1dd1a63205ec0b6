/* SPDX-License-Identifier: ISC
 *
 * standing.c - see standing.h.
 */
#include "cli/standing.h"

#include "base/util.h"
#include "text/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line that does not tell it leaves it as it was; a longer text than any of ours is cut. */
static void copy_text(char *to, size_t size, const json_t *object, const char *key) {
    if (json_object_get(object, key))
        snprintf(to, size, "%s", text_of(object, key));
}

static void copy_number(char *to, size_t size, const json_t *object, const char *key) {
    const json_t *number = json_object_get(object, key);

    if (json_is_integer(number))
        snprintf(to, size, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
}

static void forget_leader(struct standing *standing) {
    standing->token[0] = standing->leader_id[0] = standing->leader_name[0] = '\0';
    standing->leader_address[0] = standing->leader_port[0] = standing->leader_tags[0] = '\0';
}

static void read_leader(struct standing *standing, const json_t *line) {
    const json_t *leader = json_object_get(line, "leader");

    forget_leader(standing);
    if (!json_is_object(leader) || (!standing->leads && json_is_true(json_object_get(leader, "self"))))
        return;
    copy_text(standing->token, sizeof(standing->token), line, "token");
    copy_text(standing->leader_id, sizeof(standing->leader_id), leader, "id");
    copy_text(standing->leader_name, sizeof(standing->leader_name), leader, "name");
    copy_text(standing->leader_address, sizeof(standing->leader_address), leader, "address");
    copy_number(standing->leader_port, sizeof(standing->leader_port), leader, "port");
    text_tags(leader, standing->leader_tags);
}

static void read_state(struct standing *standing, const json_t *line) {
    bool would_lead = strcmp(text_of(line, "state"), "leader") == 0;

    if (standing->leads || would_lead)
        snprintf(standing->state, sizeof(standing->state), "%s", standing->leads ? "leader" : "idle");
    else
        copy_text(standing->state, sizeof(standing->state), line, "state");
}

void standing_read(struct standing *standing, const json_t *line) {
    const json_t *node = json_object_get(line, "node");
    const char *order = text_of(line, "hold");

    copy_text(standing->cluster, sizeof(standing->cluster), line, "cluster");
    copy_text(standing->node_id, sizeof(standing->node_id), node, "id");
    copy_text(standing->node_name, sizeof(standing->node_name), node, "name");
    if (*order == '\0' && standing->leads)
        return;
    standing->leads = strcmp(order, "work") == 0;
    read_state(standing, line);
    copy_number(standing->epoch, sizeof(standing->epoch), line, "epoch");
    read_leader(standing, line);
}

void standing_release(struct standing *standing) {
    standing->leads = false;
    snprintf(standing->state, sizeof(standing->state), "idle");
    forget_leader(standing);
}

bool standing_same_leader(const struct standing *a, const struct standing *b) {
    return strcmp(a->token, b->token) == 0 && strcmp(a->leader_id, b->leader_id) == 0 &&
           strcmp(a->leader_name, b->leader_name) == 0 && strcmp(a->leader_address, b->leader_address) == 0 &&
           strcmp(a->leader_port, b->leader_port) == 0 && strcmp(a->leader_tags, b->leader_tags) == 0;
}

void standing_export(const struct standing *standing) {
    const struct {
        const char *name, *value;
    } variables[] = {
        { "ELDEST_CLUSTER", standing->cluster },
        { "ELDEST_STATE", standing->state },
        { "ELDEST_EPOCH", standing->epoch },
        { "ELDEST_TOKEN", standing->token },
        { "ELDEST_LEADER_ID", standing->leader_id },
        { "ELDEST_LEADER_NAME", standing->leader_name },
        { "ELDEST_LEADER_ADDRESS", standing->leader_address },
        { "ELDEST_LEADER_PORT", standing->leader_port },
        { "ELDEST_LEADER_TAGS", standing->leader_tags },
        { "ELDEST_NODE_ID", standing->node_id },
        { "ELDEST_NODE_NAME", standing->node_name },
    };

    for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
        setenv(variables[i].name, variables[i].value, 1);
}
