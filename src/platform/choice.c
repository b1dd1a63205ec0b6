/* SPDX-License-Identifier: ISC
 *
 * choice.c - see choice.h.
 */
#include "platform/choice.h"

#include <fnmatch.h>
#include <string.h>

#define SEPARATORS " ,"
#define AUTO "auto"
#define LOOPBACK_NAME "lo"

/* The next word of the choice, which it moves on; false after the last one. */
static bool next_word(const char **choice, char word[CHOICE_SIZE]) {
    const char *begin = *choice + strspn(*choice, SEPARATORS);
    size_t length = strcspn(begin, SEPARATORS);

    if (length == 0 || length >= CHOICE_SIZE)
        return false;
    memcpy(word, begin, length);
    word[length] = '\0';
    *choice = begin + length;
    return true;
}

static bool is_pattern(const char *word) {
    return strpbrk(word, "*?[") != NULL;
}

struct opinion choice_opinion(const char *choice, const char *name) {
    struct opinion opinion = { .named = false };
    char word[CHOICE_SIZE];

    while (next_word(&choice, word)) {
        if (strcmp(word, AUTO) == 0) {
            opinion.wants_auto = true;
        } else if (word[0] == '!') {
            opinion.excluded |= fnmatch(word + 1, name, 0) == 0;
        } else {
            opinion.names_some = true;
            opinion.named |= fnmatch(word, name, 0) == 0;
        }
    }
    return opinion;
}

bool choice_next_name(const char **choice, char name[LINK_NAME_SIZE]) {
    char word[CHOICE_SIZE];

    while (next_word(choice, word)) {
        size_t length = strlen(word);

        if (word[0] == '!' || is_pattern(word) || strcmp(word, AUTO) == 0 || length >= LINK_NAME_SIZE)
            continue;
        memset(name, 0, LINK_NAME_SIZE);
        memcpy(name, word, length);
        return true;
    }
    return false;
}

bool choice_is_loopback(const char *choice) {
    char word[CHOICE_SIZE];
    bool is_loopback = next_word(&choice, word) && strcmp(word, LOOPBACK_NAME) == 0;

    return is_loopback && !next_word(&choice, word);
}

const char *choice_mistake(const char *choice) {
    char word[CHOICE_SIZE];

    if (strlen(choice) >= CHOICE_SIZE)
        return "too long";
    while (next_word(&choice, word)) {
        const char *name = word[0] == '!' ? word + 1 : word;

        if (name[0] == '\0' || strchr(name, '/') || strchr(name, '!'))
            return "not a name of an interface";
        if (strlen(name) >= LINK_NAME_SIZE && !is_pattern(name))
            return "longer than a name of an interface can be";
    }
    return NULL;
}
