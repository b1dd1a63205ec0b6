/* SPDX-License-Identifier: ISC
 *
 * value.c - see value.h.
 */
#include "text/value.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

const char *text_of(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

json_int_t integer_of(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

const char *text_or_dash(const char *text) {
    return *text ? text : "-";
}

/* The code point at *text, which is left behind. */
static uint32_t decode(const char **text) {
    const unsigned char *at = (const unsigned char *)*text;
    unsigned more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc0 ? 1 : 0;
    uint32_t code = more > 0 ? at[0] & (0x3fu >> more) : at[0];

    for (at++; more > 0 && (*at & 0xc0) == 0x80; more--)
        code = code << 6 | (*at++ & 0x3f);
    *text = (const char *)at;
    return code;
}

/* What would turn the rest of the line around, or break it. */
static bool is_unruly(uint32_t code) {
    return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Anybody may call a host anything. */
static void copy_name(const char *name, char text[TEXT_SIZE]) {
    size_t length = 0;

    while (*name && length < NODE_NAME_MAX) {
        const char *end = name;
        bool unruly = is_unruly(decode(&end));

        length += (size_t)snprintf(text + length, TEXT_SIZE - length, "%.*s", (int)(end - name), unruly ? "?" : name);
        name = end;
    }
}

const char *text_name(const json_t *node, char text[TEXT_SIZE]) {
    const char *name = text_of(node, "name");

    if (*name)
        copy_name(name, text);
    else
        snprintf(text, TEXT_SIZE, "%.8s", text_of(node, "id"));
    return text;
}

const char *text_name_address(const json_t *node, char text[TEXT_SIZE]) {
    const char *address = text_of(node, "address");
    char name[TEXT_SIZE];

    text_name(node, name);
    if (*address)
        snprintf(text, TEXT_SIZE, "%.95s (%.64s)", name, address);
    else
        snprintf(text, TEXT_SIZE, "%s", name);
    return text;
}

/* Two units are as exact as anybody wants to know it. */
static void two_units(char text[TEXT_SIZE], long long value, int step, const char *major, const char *minor) {
    if (value % step == 0)
        snprintf(text, TEXT_SIZE, "%lld%s", value / step, major);
    else
        snprintf(text, TEXT_SIZE, "%lld%s %lld%s", value / step, major, value % step, minor);
}

/* Hundredths are for round trips; what was measured in whole milliseconds has none. */
static void few_ms(char text[TEXT_SIZE], usec_t duration) {
    bool whole = duration % USEC_PER_MS == 0 || duration >= 10 * USEC_PER_MS - 5;

    snprintf(text, TEXT_SIZE, "%.*f ms", whole ? 0 : 2, (double)duration / USEC_PER_MS);
}

const char *text_duration(usec_t duration, char text[TEXT_SIZE]) {
    long long tenths = (duration + 50 * USEC_PER_MS) / (100 * USEC_PER_MS), whole = tenths / 10;

    if (duration < 10 * USEC_PER_MS)
        few_ms(text, duration);
    else if (duration < USEC_PER_SEC - USEC_PER_MS / 2)
        snprintf(text, TEXT_SIZE, "%lld ms", (long long)(duration + USEC_PER_MS / 2) / USEC_PER_MS);
    else if (tenths < 100)
        snprintf(text, TEXT_SIZE, "%lld.%llds", whole, tenths % 10);
    else if (whole < 60)
        snprintf(text, TEXT_SIZE, "%llds", whole);
    else if (whole < 3600)
        two_units(text, whole, 60, "m", "s");
    else if (whole < 86400)
        two_units(text, whole / 60, 60, "h", "m");
    else
        two_units(text, whole / 3600, 24, "d", "h");
    return text;
}

/* Of a number in JSON, which may be of any size. */
static const char *number_duration(const json_t *number, usec_t unit, char text[TEXT_SIZE]) {
    static const double most = 1e15;
    double us = json_number_value(number) * (double)unit;

    if (!json_is_number(number))
        snprintf(text, TEXT_SIZE, "-");
    else
        text_duration(us < 0 ? 0 : us > most ? (usec_t)most : (usec_t)(us + 0.5), text);
    return text;
}

const char *text_seconds(const json_t *seconds, char text[TEXT_SIZE]) {
    return number_duration(seconds, USEC_PER_SEC, text);
}

const char *text_ms(const json_t *ms, char text[TEXT_SIZE]) {
    return number_duration(ms, USEC_PER_MS, text);
}

const char *text_us(const json_t *us, char text[TEXT_SIZE]) {
    return number_duration(us, 1, text);
}

const char *text_ms_ago(const json_t *ms, char text[TEXT_SIZE]) {
    char length[TEXT_SIZE];

    snprintf(text, TEXT_SIZE, json_is_number(ms) ? "%.32s ago" : "%.32s", text_ms(ms, length));
    return text;
}

const char *text_percent(const json_t *share, char text[TEXT_SIZE]) {
    double percent = 100 * json_number_value(share);

    if (!json_is_number(share))
        snprintf(text, TEXT_SIZE, "-");
    else
        snprintf(text, TEXT_SIZE, "%.*f%%", percent > 0 && percent < 9.95 ? 1 : 0, percent);
    return text;
}

bool text_local_time(const char *time, struct tm *ret) {
    struct tm utc = { 0 };
    bool read = strptime(time, "%Y-%m-%dT%H:%M:%S", &utc) != NULL;
    time_t seconds = timegm(&utc);

    return read && localtime_r(&seconds, ret) != NULL;
}

const char *text_time(const char *time, char text[TEXT_SIZE]) {
    struct tm local;

    if (!text_local_time(time, &local))
        return "-";
    strftime(text, TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

const char *text_last_seen(const json_t *peer, char text[TEXT_SIZE]) {
    bool self = json_is_true(json_object_get(peer, "self"));

    return self ? "-" : text_ms_ago(json_object_get(peer, "last_seen_ms"), text);
}

const char *text_no_leader(const json_t *node) {
    const char *standing = text_of(node, "standing");

    if (strcmp(text_of(node, "state"), "candidate") == 0)
        return "an election is under way";
    return *standing == '\0' || strcmp(standing, "no leader") == 0 ? "looking for one" : standing;
}

const char *text_eligible(const json_t *node, char text[TEXT_SIZE]) {
    const json_t *left = json_object_get(node, "paused_for");
    char length[TEXT_SIZE];

    if (json_is_true(json_object_get(node, "paused")) && json_is_number(left))
        snprintf(text, TEXT_SIZE, "paused for %.32s", text_seconds(left, length));
    else if (json_is_true(json_object_get(node, "paused")))
        snprintf(text, TEXT_SIZE, "paused");
    else
        snprintf(text, TEXT_SIZE, "%s", json_is_false(json_object_get(node, "eligible")) ? "not eligible" : "");
    return text;
}

const char *text_tags(const json_t *node, char text[TAGS_MAX + 1]) {
    size_t length = 0;
    const char *key;
    json_t *value;

    text[0] = '\0';
    json_object_foreach(json_object_get(node, "tags"), key, value)
        if (json_is_string(value) && length < TAGS_MAX)
            length += (size_t)snprintf(text + length, TAGS_MAX + 1 - length, "%s%s=%s", length > 0 ? " " : "", key,
                                       json_string_value(value));
    return text;
}

/* One that has not ended, but is not the present one, is that of a node which asks whether it still leads. */
const char *text_ended_by(const json_t *term) {
    if (json_object_get(term, "to"))
        return text_or_dash(text_of(term, "ended_by"));
    return json_is_true(json_object_get(term, "present")) ? "" : "not certain";
}

const json_t *text_member(const json_t *status, const char *id) {
    size_t index;
    json_t *peer;

    json_array_foreach(json_object_get(status, "peers"), index, peer)
        if (strcmp(text_of(peer, "id"), id) == 0)
            return peer;
    return NULL;
}

json_int_t text_unlisted(const json_t *status) {
    json_int_t unlisted = integer_of(status, "members") - (json_int_t)json_array_size(json_object_get(status, "peers"));

    return json_is_false(json_object_get(status, "peers_complete")) && unlisted > 0 ? unlisted : 0;
}

const char *text_why_unlisted(const json_t *status) {
    bool leads = json_is_true(json_object_get(json_object_get(status, "leader"), "self"));

    return leads ? "the table has no room for (members_max)" : "the leader has not told";
}

int text_step(const char **text) {
    uint32_t code = decode(text);

    return is_unruly(code) ? -1 : wcwidth((wchar_t)code);
}

int text_width(const char *text) {
    int width = 0;

    while (*text) {
        int step = text_step(&text);
        width += step < 0 ? 1 : step;
    }
    return width;
}
