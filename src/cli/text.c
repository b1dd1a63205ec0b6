/* SPDX-License-Identifier: ISC
 *
 * text.c - see text.h.
 */
#include "cli/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct palette colours = { "\033[1m", "\033[2m", "\033[1;32m", "\033[1;31m", "\033[0m" };
static const struct palette no_colours = { "", "", "", "", "" };

static bool is_set(const char *variable) {
    const char *value = getenv(variable);

    return value && *value;
}

const struct palette *palette_of(FILE *stream) {
    const char *term = getenv("TERM");

    if (!isatty(fileno(stream)) || is_set("NO_COLOR") || !term || strcmp(term, "dumb") == 0)
        return &no_colours;
    return &colours;
}

const char *text_of(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

const char *text_name(const json_t *node, char text[TEXT_SIZE]) {
    const char *name = text_of(node, "name");

    if (*name)
        snprintf(text, TEXT_SIZE, "%s", name);
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

const char *text_seconds(const json_t *seconds, char text[TEXT_SIZE]) {
    double exact = json_number_value(seconds);
    long long whole = (long long)(exact + 0.05); /* no less than the tenths below would show */

    if (!json_is_number(seconds))
        snprintf(text, TEXT_SIZE, "-");
    else if (exact < 9.95)
        snprintf(text, TEXT_SIZE, "%.1fs", exact);
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

bool text_local_time(const char *time, struct tm *ret) {
    struct tm utc = { 0 };
    bool read = strptime(time, "%Y-%m-%dT%H:%M:%S", &utc) != NULL;
    time_t seconds = timegm(&utc);

    return read && localtime_r(&seconds, ret) != NULL;
}

const char *text_round_trip(const json_t *us, char text[TEXT_SIZE]) {
    double ms = json_number_value(us) / 1000;

    if (!json_is_number(us))
        snprintf(text, TEXT_SIZE, "-");
    else
        snprintf(text, TEXT_SIZE, "%.*f ms", ms < 9.995 ? 2 : 0, ms);
    return text;
}

const char *text_share(const json_t *share, char text[TEXT_SIZE]) {
    double percent = json_number_value(share) * 100;

    if (!json_is_number(share))
        snprintf(text, TEXT_SIZE, "-");
    else
        snprintf(text, TEXT_SIZE, "%.*f%%", percent > 0 && percent < 9.95 ? 1 : 0, percent);
    return text;
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

int text_width(const char *text) {
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}
