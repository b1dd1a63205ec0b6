/* SPDX-License-Identifier: ISC
 *
 * tags.c - see tags.h.
 */
#include "base/tags.h"

#include "base/util.h"

#include <errno.h>
#include <string.h>

static bool is_alphanumeric(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* How many bytes of the text are alphanumeric or one of the others. */
static size_t span(const char *text, size_t length, const char *others, size_t other_count) {
    size_t count = 0;

    while (count < length && (is_alphanumeric(text[count]) || memchr(others, text[count], other_count)))
        count++;
    return count;
}

const char *tags_parse(const char *word, size_t length, bool empty, struct tag *ret) {
    static const char in_keys[] = "._-", in_values[] = "._-+:/@";
    const char *equals = memchr(word, '=', length);
    size_t key_length = equals ? (size_t)(equals - word) : length;
    size_t value_length = equals ? length - key_length - 1 : 0;

    if (!equals)
        return "without =";
    if (key_length == 0 || key_length > TAG_KEY_MAX || !is_alphanumeric(word[0]) ||
        span(word, key_length, in_keys, sizeof(in_keys) - 1) != key_length)
        return "not a key";
    if (span(equals + 1, value_length, in_values, sizeof(in_values) - 1) != value_length)
        return "not a value";
    if (value_length == 0 && !empty)
        return "without a value";
    *ret = (struct tag){ word, equals + 1, key_length, value_length };
    return NULL;
}

bool tags_next(const char **at, struct tag *ret) {
    while (**at != '\0') {
        const char *word = *at;
        size_t length = 0;

        while (word[length] != '\0' && word[length] != ' ')
            length++;
        *at = word + length + (word[length] == ' ');
        if (tags_parse(word, length, false, ret) == NULL)
            return true;
    }
    return false;
}

/* Order of keys: negative, 0, positive. */
static int compare(const struct tag *a, const struct tag *b) {
    size_t shorter = a->key_length < b->key_length ? a->key_length : b->key_length;
    int difference = memcmp(a->key, b->key, shorter);

    if (difference != 0)
        return difference;
    return (a->key_length > b->key_length) - (a->key_length < b->key_length);
}

bool tags_find(const char *tags, const struct tag *key, struct tag *ret) {
    struct tag tag;

    while (tags_next(&tags, &tag))
        if (compare(&tag, key) == 0) {
            *ret = tag;
            return true;
        }
    return false;
}

/* A text under construction. */
struct builder {
    char text[TAGS_MAX + 1];
    size_t length;
    unsigned count;
    bool full;
};

static void add(struct builder *builder, const struct tag *tag) {
    size_t blank = builder->count > 0, length = tag->key_length + 1 + tag->value_length;

    builder->full |= builder->count == TAGS_COUNT_MAX || builder->length + blank + length > TAGS_MAX;
    if (builder->full)
        return;
    if (blank)
        builder->text[builder->length++] = ' ';
    memcpy(builder->text + builder->length, tag->key, length); /* the value follows the key in the text it comes from */
    builder->length += length;
    builder->count++;
}

int tags_put(char tags[TAGS_MAX + 1], const struct tag *tag) {
    struct builder builder = { .length = 0 };
    const char *at = tags;
    struct tag old;
    bool put = false;

    while (tags_next(&at, &old)) {
        int order = compare(tag, &old);

        if (order <= 0 && !put)
            add(&builder, tag);
        put |= order <= 0;
        if (order != 0)
            add(&builder, &old);
    }
    if (!put)
        add(&builder, tag);
    if (builder.full)
        return -E2BIG;
    memcpy(tags, builder.text, sizeof(builder.text));
    return 0;
}

void tags_take(char tags[TAGS_MAX + 1], const struct tag *key) {
    struct builder builder = { .length = 0 };
    const char *at = tags;
    struct tag tag;

    while (tags_next(&at, &tag))
        if (compare(&tag, key) != 0)
            add(&builder, &tag);
    memcpy(tags, builder.text, sizeof(builder.text));
}
