/* SPDX-License-Identifier: ISC
 *
 * str.c - text to value and back; see str.h.
 */
#include "base/str.h"

#include "base/util.h"

#include <errno.h>
#include <string.h>

/* Value of a hexadecimal digit, -1 for anything else. */
static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int str_parse_id(const char *text, struct node_id *ret_id) {
    struct node_id id = { { 0 } };

    for (size_t i = 0; i < 2 * sizeof(id.bytes); i++) {
        int digit = digit_value(text[i]); /* the NUL of a shorter text is no digit */

        if (digit < 0)
            return -EINVAL;
        id.bytes[i / 2] = (uint8_t)(id.bytes[i / 2] << 4 | digit);
    }
    if (text[2 * sizeof(id.bytes)] != '\0')
        return -EINVAL;
    *ret_id = id;
    return 0;
}

size_t str_format_id(const struct node_id *id, char text[STR_ID_SIZE]) {
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < sizeof(id->bytes); i++) {
        text[2 * i] = digits[id->bytes[i] >> 4];
        text[2 * i + 1] = digits[id->bytes[i] & 15];
    }
    text[STR_ID_SIZE - 1] = '\0';
    return STR_ID_SIZE - 1;
}

/* Reads the digits at *text, at least one, and moves *text behind them. */
static int take_digits(const char **text, uint64_t *ret_value) {
    const char *at = *text;
    uint64_t value = 0;
    bool overflow = false;

    if (*at < '0' || *at > '9')
        return -EINVAL;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');

        overflow = overflow || value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    *text = at;
    *ret_value = overflow ? UINT64_MAX : value;
    return overflow ? -ERANGE : 0;
}

int str_parse_unsigned(const char *text, uint64_t low, uint64_t high, uint64_t *ret_value) {
    uint64_t value;
    int r = take_digits(&text, &value);

    if (r == -EINVAL || *text != '\0')
        return -EINVAL;
    if (r < 0 || value < low || value > high)
        return -ERANGE;
    *ret_value = value;
    return 0;
}

size_t str_format_unsigned(uint64_t value, char text[STR_UNSIGNED_SIZE]) {
    char reversed[STR_UNSIGNED_SIZE];
    size_t length = 0;

    do {
        reversed[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = '\0';
    return length;
}

static const struct unit {
    const char *name;
    uint64_t us;
} units[] = { /* largest first */
    { "d", 24 * 60 * 60 * (uint64_t)USEC_PER_SEC },
    { "h", 60 * 60 * (uint64_t)USEC_PER_SEC },
    { "m", 60 * (uint64_t)USEC_PER_SEC },
    { "s", USEC_PER_SEC },
    { "ms", USEC_PER_MS },
    { "us", 1 },
};

static const struct unit *unit_by_name(const char *name) {
    size_t size = strlen(name) + 1;

    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (strlen(units[i].name) + 1 == size && memcmp(units[i].name, name, size) == 0)
            return &units[i];
    return NULL;
}

int str_parse_duration(const char *text, usec_t *ret_duration) {
    uint64_t value;
    int r = take_digits(&text, &value);

    if (r == -EINVAL)
        return r;
    const struct unit *unit = unit_by_name(value == 0 && *text == '\0' ? "s" : text);
    if (unit == NULL)
        return -EINVAL;
    if (r < 0 || value > INT64_MAX / unit->us)
        return -ERANGE;
    *ret_duration = (usec_t)(value * unit->us);
    return 0;
}

/* The largest unit that divides the duration; for 0 the second. */
static const struct unit *unit_of(uint64_t us) {
    const struct unit *unit = us == 0 ? unit_by_name("s") : units;

    while (us % unit->us != 0)
        unit++;
    return unit;
}

size_t str_format_duration(usec_t duration, char text[STR_DURATION_SIZE]) {
    uint64_t us = duration < 0 ? -(uint64_t)duration : (uint64_t)duration;
    const struct unit *unit = unit_of(us);
    size_t length = 0;

    if (duration < 0)
        text[length++] = '-';
    length += str_format_unsigned(us / unit->us, text + length);
    memcpy(text + length, unit->name, strlen(unit->name) + 1);
    return length + strlen(unit->name);
}

static bool is_hook_char(char c) {
    bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool digit = c >= '0' && c <= '9';

    return letter || digit || c == '_' || c == '-';
}

static bool is_cluster_char(char c) {
    return is_hook_char(c) || c == '.';
}

bool str_is_cluster_name(const char *text, size_t length) {
    if (length < 1 || length > CLUSTER_NAME_MAX)
        return false;
    if (text[0] == '.' && (length == 1 || (length == 2 && text[1] == '.')))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_cluster_char(text[i]))
            return false;
    return true;
}

bool str_is_hook_name(const char *text) {
    size_t length = 0;

    while (length <= HOOK_NAME_MAX && is_hook_char(text[length]))
        length++;
    return length > 0 && length <= HOOK_NAME_MAX && text[length] == '\0';
}

/* The forms of a UTF-8 sequence by its first byte, with the least code point that may be written so. */
static const struct utf8_form {
    uint8_t mask, lead; /* first byte & mask == lead */
    uint8_t length;
    uint32_t least;
} utf8_forms[] = {
    { 0x80, 0x00, 1, 0 },
    { 0xe0, 0xc0, 2, 0x80 },
    { 0xf0, 0xe0, 3, 0x800 },
    { 0xf8, 0xf0, 4, 0x10000 },
};

static const struct utf8_form *utf8_form_of(uint8_t first) {
    for (size_t i = 0; i < ARRAY_SIZE(utf8_forms); i++)
        if ((first & utf8_forms[i].mask) == utf8_forms[i].lead)
            return &utf8_forms[i];
    return NULL;
}

static bool is_printable_code(uint32_t code) {
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    bool surrogate = code >= 0xd800 && code <= 0xdfff;

    return !control && !surrogate && code <= 0x10ffff;
}

/* Bytes of the printable character at text, 0 if there is none. */
static size_t printable_length(const uint8_t *text, size_t left) {
    const struct utf8_form *form = utf8_form_of(text[0]);

    if (form == NULL || form->length > left)
        return 0;
    uint32_t code = text[0] & (uint8_t)~form->mask;
    for (size_t i = 1; i < form->length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    return code >= form->least && is_printable_code(code) ? form->length : 0;
}

bool str_is_printable(const char *text, size_t length) {
    const uint8_t *bytes = (const uint8_t *)text;

    for (size_t at = 0; at < length;) {
        size_t step = printable_length(bytes + at, length - at);

        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

void str_make_printable(char *text) {
    uint8_t *bytes = (uint8_t *)text;
    size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        size_t step = printable_length(bytes + at, length - at);

        if (step == 0)
            bytes[at] = '?';
        at += step > 0 ? step : 1;
    }
}
