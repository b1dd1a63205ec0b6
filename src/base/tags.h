/* SPDX-License-Identifier: ISC
 *
 * tags.h - what a node tells of itself in words: tags, as one text "key=value key=value".
 *
 * A key is 1 to 32 of A-Z a-z 0-9 . _ - and begins with a letter or a digit; a value is at least one of these and of
 * + : / @. So a tag needs no quotation marks, be it in a shell, the environment, a table, an INI file or a URL, and the
 * text is taken apart at blanks and at the first equals sign; whoever writes commas between tags is told. At most
 * TAGS_COUNT_MAX tags and TAGS_MAX bytes in all, in the order of their keys, each key once: so equal tags are equal
 * texts.
 */
#ifndef ELDEST_BASE_TAGS_H
#define ELDEST_BASE_TAGS_H

#include "base/types.h"

enum {
    TAGS_COUNT_MAX = 16,
    TAG_KEY_MAX = 32,
    TAGS_CHANGES_MAX = 32, /* that can be asked for at once */
};

#define TAGS_KEY_ALLOWED "1 to 32 letters, digits, dots, dashes and underscores"
#define TAGS_VALUE_ALLOWED "letters, digits and ._-+:/@"

/* A part of a text, which it points into. */
struct tag {
    const char *key, *value; /* neither has an end of its own */
    size_t key_length, value_length;
};

/* Reads one word, KEY=VALUE or, if `empty`, KEY= alone. NULL, or what is wrong. */
const char *tags_parse(const char *word, size_t length, bool empty, struct tag *ret);

/* The next tag of a text from *at on, which moves behind it; false at its end. What is no tag is skipped: the text may
 * be anybody's. */
bool tags_next(const char **at, struct tag *ret);

/* The tag of that key; false if there is none. */
bool tags_find(const char *tags, const struct tag *key, struct tag *ret);

/* Puts a tag in, in place of one of its key. 0; -E2BIG: there would be too many, or too long a text, and it stays as it
 * was. Whatever the text holds that is no tag is lost. The rest of it is zero afterwards. */
int tags_put(char tags[TAGS_MAX + 1], const struct tag *tag);

/* Takes out the one of that key, if there is one. */
void tags_take(char tags[TAGS_MAX + 1], const struct tag *key);

#endif
