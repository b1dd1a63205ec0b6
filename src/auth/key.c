/* SPDX-License-Identifier: ISC
 *
 * key.c - see key.h.
 */
#include "auth/key.h"

#include "base/str.h"

#include <string.h>

enum {
    LINE_MAX = 256, /* a comment may be as long, too */
    DISTINCT_MIN = 12, /* bytes; of 32 that are drawn by chance there are fewer once in 10^17 times */
};

static const char blanks[] = " \t\r";

const struct key *keys_find(const struct keys *keys, uint16_t id) {
    for (unsigned i = 0; i < keys->count; i++)
        if (keys->list[i].id == id)
            return &keys->list[i];
    return NULL;
}

bool keys_equal(const struct keys *a, const struct keys *b) {
    bool equal = a->count == b->count;

    for (unsigned i = 0; equal && i < a->count; i++)
        equal = a->list[i].id == b->list[i].id && memcmp(a->list[i].secret, b->list[i].secret, KEY_SIZE) == 0;
    return equal;
}

void key_wipe(void *memory, size_t size) {
    volatile uint8_t *bytes = memory;

    while (size-- > 0)
        *bytes++ = 0;
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_weak(const uint8_t secret[KEY_SIZE]) {
    bool seen[256] = { false };
    unsigned distinct = 0;

    for (unsigned i = 0; i < KEY_SIZE; i++) {
        distinct += !seen[secret[i]];
        seen[secret[i]] = true;
    }
    key_wipe(seen, sizeof seen);
    return distinct < DISTINCT_MIN;
}

static const char *parse_secret(const char *text, uint8_t ret[KEY_SIZE]) {
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (digit_of(text[i]) < 0)
            return "something else than hexadecimal digits in the key";
    if (length != 2 * KEY_SIZE)
        return length < 2 * KEY_SIZE ? "the key is too short: it has 64 digits"
                                     : "the key is too long: it has 64 digits";
    for (size_t i = 0; i < KEY_SIZE; i++)
        ret[i] = (uint8_t)(digit_of(text[2 * i]) << 4 | digit_of(text[2 * i + 1]));
    return is_weak(ret) ? "the key is weak: it was not drawn by chance" : NULL;
}

static bool is_blank(char c) {
    return c != '\0' && memchr(blanks, c, sizeof blanks - 1) != NULL;
}

/* The next word of a line, ended by a NUL; "" if there is none. */
static char *next_word(char **at) {
    char *word = *at, *end;

    while (is_blank(*word))
        word++;
    for (end = word; *end != '\0' && !is_blank(*end);)
        end++;
    *at = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

static const char *parse_line(char *line, struct keys *keys) {
    const char *id = next_word(&line), *secret = next_word(&line), *wrong;
    struct key *key = &keys->list[keys->count];
    uint64_t number;

    if (*id == '\0' || *id == '#')
        return NULL;
    if (keys->count == KEYS_MAX)
        return "more than 8 keys";
    if (str_parse_unsigned(id, 1, KEY_ID_MAX, &number) < 0)
        return "the line does not begin with a number from 1 to 65535, the id of the key";
    if (*secret == '\0')
        return "the key is missing after its id";
    if (*next_word(&line) != '\0')
        return "something follows the key";
    if (keys_find(keys, (uint16_t)number))
        return "another key has the same id";
    wrong = parse_secret(secret, key->secret);
    if (wrong)
        return wrong;
    key->id = (uint16_t)number;
    keys->count++;
    return NULL;
}

/* Up to the end of the line. */
static const char *take_line(const char *text, size_t length, struct keys *keys) {
    char line[LINE_MAX];
    const char *wrong;

    if (length >= sizeof line)
        return "the line is too long";
    if (memchr(text, '\0', length))
        return "not a text";
    memcpy(line, text, length);
    line[length] = '\0';
    wrong = parse_line(line, keys);
    key_wipe(line, sizeof line);
    return wrong;
}

const char *keys_parse(const char *text, size_t length, struct keys *ret, unsigned *ret_line) {
    const char *wrong = NULL;

    memset(ret, 0, sizeof *ret);
    *ret_line = 0;
    for (size_t at = 0; at < length && !wrong;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t next = end ? (size_t)(end - text) : length;

        ++*ret_line;
        wrong = take_line(text + at, next - at, ret);
        at = next + 1;
    }
    if (!wrong && ret->count == 0) {
        *ret_line = 0;
        wrong = "there is no key in it";
    }
    if (wrong)
        key_wipe(ret, sizeof *ret);
    return wrong;
}
