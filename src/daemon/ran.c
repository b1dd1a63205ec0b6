/* SPDX-License-Identifier: ISC
 *
 * ran.c - see ran.h.
 */
#include "daemon/ran.h"

#include <string.h>

enum { STATUS_MAX = 255, DURATION_MAX_MS = 1000 * 1000 * 1000 };

static bool read_name(const json_t *object, const char *key, char ret[HOOK_NAME_MAX + 1]) {
    const char *name = json_string_value(json_object_get(object, key));

    if (!name || !str_is_hook_name(name))
        return false;
    memcpy(ret, name, strlen(name) + 1);
    return true;
}

static bool read_number(const json_t *object, const char *key, json_int_t max, json_int_t *ret) {
    const json_t *number = json_object_get(object, key);

    *ret = json_integer_value(number);
    return json_is_integer(number) && *ret >= 0 && *ret <= max;
}

bool ran_read(const json_t *line, usec_t now, struct ran *ret) {
    const json_t *told = json_object_get(line, "ran");
    struct ran ran = { .at = now, .timed_out = json_is_true(json_object_get(told, "timed_out")) };
    json_int_t status, duration_ms;

    if (!read_name(told, "hook", ran.hook) || !read_name(told, "event", ran.event) ||
        !read_number(told, "status", STATUS_MAX, &status) ||
        !read_number(told, "duration_ms", DURATION_MAX_MS, &duration_ms))
        return false;
    ran.status = (int)status;
    ran.duration_ms = duration_ms;
    *ret = ran;
    return true;
}

bool ran_failed(const struct ran *ran) {
    return ran->status != 0 || ran->timed_out;
}

void ran_note(struct ran_record *record, const struct ran *ran) {
    record->count++;
    record->last = *ran;
    if (!ran_failed(ran))
        return;
    record->failures++;
    record->failed = *ran;
}

static json_t *one_document(const struct ran *ran, usec_t now) {
    return json_pack("{s:s, s:s, s:i, s:b, s:I, s:f}", "hook", ran->hook, "event", ran->event, "status", ran->status,
                     "timed_out", ran->timed_out, "duration_ms", (json_int_t)ran->duration_ms,
                     "ago", (double)((now - ran->at) / USEC_PER_MS) / 1000.0);
}

json_t *ran_document(const struct ran_record *record, usec_t now) {
    if (record->count == 0)
        return json_null();
    return json_pack("{s:I, s:I, s:o, s:o}", "count", (json_int_t)record->count,
                     "failures", (json_int_t)record->failures, "last", one_document(&record->last, now),
                     "failed", record->failures > 0 ? one_document(&record->failed, now) : json_null());
}
