/* SPDX-License-Identifier: ISC
 *
 * top_view.c - see top_view.h.
 */
#include "cli/top_view.h"

#include "base/util.h"

#include <string.h>

/* --- commands --- */

static size_t last_first(const struct top_view *view) {
    return view->members > view->page ? view->members - view->page : 0;
}

static void scroll(struct top_view *view, enum top_command command) {
    int64_t first = (int64_t)view->first, page = max_i64((int64_t)view->page, 1);
    int64_t by[TOP_COMMANDS] = {
        [TOP_UP] = -1, [TOP_DOWN] = 1, [TOP_PAGE_UP] = -page, [TOP_PAGE_DOWN] = page, [TOP_HOME] = -first,
        [TOP_END] = (int64_t)view->members,
    };

    view->first = (size_t)clamp_i64(first + by[command], 0, (int64_t)last_first(view));
}

void top_view_command(struct top_view *view, enum top_command command) {
    if (command == TOP_NOTHING || command == TOP_RESIZED)
        return;
    if (view->help) {
        view->help = false;
        return;
    }
    view->help = command == TOP_HELP;
    view->frozen ^= command == TOP_FREEZE;
    if (command == TOP_ORDER)
        view->order = (view->order + 1) % MEMBERS_ORDERS;
    scroll(view, command);
}

void top_view_fit(struct top_view *view, size_t members, size_t page) {
    view->members = members;
    view->page = page;
    view->first = view->first < last_first(view) ? view->first : last_first(view);
}

/* --- layout --- */

enum {
    LINES_BAR = 4, /* of the screen, below which there is none */
    LINES_KEYS = 6,
    LINES_GAP = 16,
    LINES_CHANGES = 9,
    PART_SUMMARY = 3, /* of the screen: the third part at most */
    PART_CHANGES = 3, /* of what is left, while there are more members than lines */
    PART_MIN = 2, /* lines of what has a title */
};

/* Titles alone are nothing. */
static int at_least_two(int64_t lines) {
    return lines >= PART_MIN ? (int)lines : 0;
}

/* What one part does not need the other one gets. */
static void share(int left, int members, int changes, int changes_share, struct top_layout *ret) {
    int reserved = at_least_two(min_i64(changes, changes_share));

    ret->members = at_least_two(min_i64(members, left - reserved));
    ret->changes = at_least_two(min_i64(changes, left - ret->members));
}

void top_layout(int lines, int summary, size_t members, size_t changes, struct top_layout *ret) {
    int members_all = (int)min_i64((int64_t)members, lines) + 1;
    int changes_all = changes > 0 ? (int)min_i64((int64_t)changes, lines) + 1 : 0;

    *ret = (struct top_layout){
        .bar = lines >= LINES_BAR,
        .keys = lines >= LINES_KEYS,
        .gap = lines >= LINES_GAP,
        .summary = (int)clamp_i64(summary, 1, max_i64(lines / PART_SUMMARY, 1)),
    };
    int left = (int)max_i64(lines - ret->bar - ret->keys - ret->summary - 2 * ret->gap, 0);
    share(left, members_all, changes_all, lines >= LINES_CHANGES ? left / PART_CHANGES : 0, ret);
}
