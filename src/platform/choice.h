/* SPDX-License-Identifier: ISC
 *
 * choice.h - a choice of interfaces, as people write it: words separated by blanks or commas. A name or a pattern
 * (fnmatch) names interfaces, whatever they are; "!" before it excludes them; "auto" stands for those that a node uses
 * by itself (iface.h), and so does a choice that only excludes, or is empty.
 */
#ifndef ELDEST_PLATFORM_CHOICE_H
#define ELDEST_PLATFORM_CHOICE_H

#include <stdbool.h>

enum {
    CHOICE_SIZE = 512, /* with its NUL */
    LINK_NAME_SIZE = 16, /* name of an interface with its NUL, as in the kernel */
};

/* How a choice speaks of one interface, and of those that it does not name. */
struct opinion {
    bool named, excluded;
    bool names_some; /* at all */
    bool wants_auto; /* besides */
};

struct opinion choice_opinion(const char *choice, const char *name);

/* The next name in it that is no pattern; the choice moves on behind it, the rest of name is zero. False after the last
 * one. */
bool choice_next_name(const char **choice, char name[LINK_NAME_SIZE]);

/* Whether it is the loopback interface and nothing else. */
bool choice_is_loopback(const char *choice);

/* NULL, or what is wrong with it. */
const char *choice_mistake(const char *choice);

#endif
