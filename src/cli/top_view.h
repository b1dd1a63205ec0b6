/* SPDX-License-Identifier: ISC
 *
 * top_view.h - what the user of `eldest top` has chosen to see, and which part of the screen has what. No terminal is
 * known here.
 */
#ifndef ELDEST_CLI_TOP_VIEW_H
#define ELDEST_CLI_TOP_VIEW_H

#include "cli/members.h"

enum top_command {
    TOP_NOTHING, /* no key was pressed */
    TOP_OTHER, /* one without a meaning */
    TOP_RESIZED, /* the terminal has another size now, or has to be painted anew */
    TOP_QUIT,
    TOP_HELP,
    TOP_ORDER,
    TOP_FREEZE,
    TOP_UP,
    TOP_DOWN,
    TOP_PAGE_UP,
    TOP_PAGE_DOWN,
    TOP_HOME,
    TOP_END,
    TOP_COMMANDS,
};

struct top_view {
    bool help; /* instead of all else */
    bool frozen;
    enum members_order order;
    size_t first; /* member that is shown */
    size_t page, members; /* how many were shown last, and of how many */
};

/* Does what a command is for, but for TOP_QUIT. Any key ends the help. */
void top_view_command(struct top_view *view, enum top_command command);

/* Keeps in mind how many members there are and fit, and shows some of them. */
void top_view_fit(struct top_view *view, size_t members, size_t page);

/* The lines of a screen, from above: the bar, the summary, the members with their titles, the changes with theirs, and
 * the keys. What does not fit is left out; the first line of the summary never is. */
struct top_layout {
    int bar; /* lines of each part: 0 or 1 here */
    int summary;
    int gap; /* empty lines above the members, and above the changes */
    int members; /* with the titles; 0 or at least 2 */
    int changes; /* with the title; 0 or at least 2 */
    int keys; /* 0 or 1 */
};

/* For so many lines, and so many of the summary, members and lines of changes that there are. */
void top_layout(int lines, int summary, size_t members, size_t changes, struct top_layout *ret);

#endif
