/* SPDX-License-Identifier: ISC
 *
 * status.c - what a daemon says, see status.h: one JSON object, from which all answers are read. Nothing is believed
 * of it: what is missing or of another type is not known.
 */
#include "lib/status.h"

#include "base/util.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct eldest_status {
    json_t *document; /* an object */
    char *line; /* the same as it was received */
};

/* Codes of the daemon's errors, see eldest-protocol(7). */
static const struct {
    const char *code;
    int error;
} errors[] = {
    { "denied", -EACCES },
    { "timeout", -ETIMEDOUT },
    { "too-many-clients", -EBUSY },
    { "too-much-unread", -EBUSY },
    { "unknown-command", -EOPNOTSUPP },
};

int status_new(struct eldest_status **ret, const char *line) {
    struct eldest_status *status = calloc(1, sizeof(*status));
    char *copy = strdup(line);

    if (!status || !copy) {
        free(copy);
        free(status);
        return -ENOMEM;
    }
    status->line = copy;
    status->document = json_loads(line, 0, NULL);
    if (!json_is_object(status->document)) {
        eldest_status_free(status);
        return -EPROTO;
    }
    *ret = status;
    return 0;
}

struct eldest_status *eldest_status_copy(const struct eldest_status *status) {
    struct eldest_status *copy = NULL;

    if (status)
        (void)status_new(&copy, status->line);
    return copy;
}

void eldest_status_free(struct eldest_status *status) {
    if (!status)
        return;
    json_decref(status->document);
    free(status->line);
    free(status);
}

/* Members */

static const json_t *member(const struct eldest_status *status, const char *key) {
    return status ? json_object_get(status->document, key) : NULL;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static unsigned port_of(const json_t *object) {
    return (unsigned)clamp_i64(json_integer_value(json_object_get(object, "port")), 0, UINT16_MAX);
}

const char *status_text(const struct eldest_status *status, const char *key) {
    return json_string_value(member(status, key));
}

int64_t status_number(const struct eldest_status *status, const char *key) {
    return json_integer_value(member(status, key));
}

const char *status_error_code(const struct eldest_status *status) {
    const char *code = text_of(member(status, "error"), "code");

    return code || !member(status, "error") ? code : "";
}

int status_error(const struct eldest_status *status) {
    const char *code = status_error_code(status);

    for (size_t i = 0; code && i < ARRAY_SIZE(errors); i++)
        if (strcmp(errors[i].code, code) == 0)
            return errors[i].error;
    return code ? -EPROTO : 0;
}

/* What users ask */

enum eldest_role eldest_status_role(const struct eldest_status *status) {
    const json_t *leader = member(status, "leader");

    if (!json_is_object(leader))
        return ELDEST_UNCERTAIN;
    return json_is_true(json_object_get(leader, "self")) ? ELDEST_LEADS : ELDEST_FOLLOWS;
}

const char *eldest_status_token(const struct eldest_status *status) {
    return status_text(status, "token");
}

uint64_t eldest_status_epoch(const struct eldest_status *status) {
    return (uint64_t)max_i64(status_number(status, "epoch"), 0);
}

const char *eldest_status_leader_id(const struct eldest_status *status) {
    return text_of(member(status, "leader"), "id");
}

const char *eldest_status_leader_name(const struct eldest_status *status) {
    return text_of(member(status, "leader"), "name");
}

const char *eldest_status_leader_address(const struct eldest_status *status) {
    return text_of(member(status, "leader"), "address");
}

unsigned eldest_status_leader_port(const struct eldest_status *status) {
    return port_of(member(status, "leader"));
}

const char *eldest_status_cluster(const struct eldest_status *status) {
    return status_text(status, "cluster");
}

const char *eldest_status_node_id(const struct eldest_status *status) {
    return text_of(member(status, "node"), "id");
}

const char *eldest_status_node_name(const struct eldest_status *status) {
    return text_of(member(status, "node"), "name");
}

const char *eldest_status_node_state(const struct eldest_status *status) {
    return text_of(member(status, "node"), "state");
}

const char *eldest_status_event(const struct eldest_status *status) {
    return status_text(status, "event");
}

const char *eldest_status_reason(const struct eldest_status *status) {
    return status_text(status, "reason");
}

int eldest_status_limit_ms(const struct eldest_status *status) {
    return (int)clamp_i64(status_number(status, "limit_ms"), 0, INT_MAX);
}

const char *eldest_status_json(const struct eldest_status *status) {
    return status ? status->line : NULL;
}

/* The members of the cluster */

static const json_t *peer(const struct eldest_status *status, size_t index) {
    return json_array_get(member(status, "peers"), index);
}

size_t eldest_status_members(const struct eldest_status *status) {
    return json_array_size(member(status, "peers"));
}

const char *eldest_status_member_id(const struct eldest_status *status, size_t index) {
    return text_of(peer(status, index), "id");
}

const char *eldest_status_member_name(const struct eldest_status *status, size_t index) {
    return text_of(peer(status, index), "name");
}

const char *eldest_status_member_address(const struct eldest_status *status, size_t index) {
    return text_of(peer(status, index), "address");
}

unsigned eldest_status_member_port(const struct eldest_status *status, size_t index) {
    return port_of(peer(status, index));
}

const char *eldest_status_member_state(const struct eldest_status *status, size_t index) {
    return text_of(peer(status, index), "state");
}

int eldest_status_member_self(const struct eldest_status *status, size_t index) {
    return json_is_true(json_object_get(peer(status, index), "self"));
}
