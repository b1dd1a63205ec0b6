/* SPDX-License-Identifier: ISC
 *
 * top_draw.c - see top_draw.h.
 *
 *      eldest top: cluster default, seen from beta                                       09:12:44
 *     Leader   alpha (192.0.2.1), epoch 7, for 3d 4h
 *     Node     beta, idle, following, age 2h 5m
 *     Cluster  default, 3 members, next gamma
 *
 *        NAME   STATE   ADDRESS    AGE    ROUND TRIP  LOSS   LAST SEEN
 *     *  alpha  leader  192.0.2.1  3d 4h     0.31 ms    0%  412 ms ago
 *        gamma  idle    192.0.2.3  3d 2h           -     -    1.2s ago  next
 *        beta   idle    192.0.2.2  2h 5m           -     -           -  this node
 *
 *     CHANGES
 *     07:51:14.022            *  alpha (192.0.2.1) leads, epoch 7; this node is idle
 *
 *      q quit  h help  s order: seniority  p pause                              1-3 of 60
 */
#include "cli/top_draw.h"

#include "base/util.h"
#include "cli/summary.h"
#include "cli/top_changes.h"
#include "cli/top_screen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH_KEYS = 60 }; /* columns from which all keys are told */

static void put_right(int line, enum tone tone, const char *text, int after) {
    int column = screen_columns() - text_width(text) - 1;

    if (column > after)
        screen_text(line, column, tone, text);
}

/* --- the bar --- */

static void clock_text(time_t time, char text[TEXT_SIZE]) {
    struct tm local;

    text[0] = '\0';
    if (localtime_r(&time, &local))
        strftime(text, TEXT_SIZE, "%H:%M:%S", &local);
}

static void gone_text(usec_t length, char text[2 * TEXT_SIZE]) {
    char number[TEXT_SIZE];

    if (length < USEC_PER_SEC)
        snprintf(text, 2 * TEXT_SIZE, " eldestd does not answer: looking for it");
    else
        snprintf(text, 2 * TEXT_SIZE, " eldestd does not answer for %s: looking for it", text_duration(length, number));
}

/* It tells first what else would be taken for the present. */
static void draw_bar(const struct top_model *model, usec_t now) {
    const json_t *node = json_object_get(model->status, "node");
    bool gone = model->gone_at != 0;
    char name[TEXT_SIZE], left[2 * TEXT_SIZE], clock[TEXT_SIZE], right[2 * TEXT_SIZE];
    enum tone tone = gone ? TONE_BAD : model->frozen ? TONE_DOUBT : TONE_STRONG;

    if (gone)
        gone_text(now - model->gone_at, left);
    else
        snprintf(left, sizeof(left), " eldest top: cluster %.64s, seen from %.100s%s",
                 text_of(model->status, "cluster"), text_name(node, name),
                 model->frozen ? " - paused, p goes on" : "");
    clock_text(model->status_time, clock);
    snprintf(right, sizeof(right), "%s%s", gone ? "known at " : "", clock);
    put_right(0, tone, right, screen_text(0, 0, tone, left));
    screen_bar(0, tone);
}

/* --- the summary --- */

struct summary_place {
    int line, end;
};

static void draw_summary_line(void *context, const struct summary_line *said) {
    struct summary_place *place = context;

    if (place->line >= place->end)
        return;
    screen_text(place->line, 0, said->tone, said->title);
    int column = screen_put(place->line, SUMMARY_TITLE_WIDTH, said->tone, said->text, said->toned);
    screen_text(place->line, column, TONE_PLAIN, said->text + said->toned);
    place->line++;
}

static void count_summary_line(void *context, const struct summary_line *said) {
    (void)said;
    ++*(int *)context;
}

/* What was known is not said of who leads: that may be another one by now. */
static int count_summary(const struct top_model *model) {
    int count = 0;

    if (model->gone_at != 0)
        return 1;
    summary_tell(model->status, count_summary_line, &count);
    return count;
}

static void draw_summary(const struct top_model *model, int line, int count) {
    struct summary_place place = { line, line + count };

    if (model->gone_at == 0) {
        summary_tell(model->status, draw_summary_line, &place);
        return;
    }
    struct summary_line unknown = { .title = "Leader", .tone = TONE_BAD, .text = "not known here" };
    unknown.toned = strlen(unknown.text);
    draw_summary_line(&place, &unknown);
}

/* --- the members --- */

/* The titles stay where they are. */
static void draw_members(const struct top_model *model, const struct top_view *view, int line, int count) {
    struct members_view members = {
        .rows_max = SIZE_MAX, .width = screen_columns(), .order = view->order, .loss = true,
    };
    size_t left_out;
    struct table *table = members_table(model->status, &members, &left_out);

    for (int i = 0; table && i < count; i++) {
        size_t row = i == 0 ? 0 : view->first + (size_t)i;
        char *text = row < table_rows(table) ? table_line(table, row) : NULL;

        if (text)
            screen_text(line + i, 0, model->gone_at != 0 ? TONE_FAINT : table_tone(table, row), text);
        free(text);
    }
    table_free(table);
}

/* --- the keys --- */

static const char *const order_names[MEMBERS_ORDERS] = {
    [MEMBERS_BY_SENIORITY] = "seniority",
    [MEMBERS_BY_NAME] = "name",
    [MEMBERS_BY_ROUND_TRIP] = "round trip",
    [MEMBERS_BY_LOSS] = "loss",
};

static void draw_keys(const struct top_model *model, const struct top_view *view, int line) {
    json_int_t unlisted = text_unlisted(model->status);
    char keys[TEXT_SIZE], place[TEXT_SIZE] = "", more[TEXT_SIZE] = "";

    if (screen_columns() >= WIDTH_KEYS)
        snprintf(keys, sizeof(keys), " q quit  h help  s order: %s  p pause", order_names[view->order]);
    else
        snprintf(keys, sizeof(keys), " q quit  h help");
    if (unlisted > 0)
        snprintf(more, sizeof(more), ", and %" JSON_INTEGER_FORMAT " unlisted", unlisted);
    if (view->page > 0 && view->page < view->members)
        snprintf(place, sizeof(place), "%zu-%zu of %zu%.64s", view->first + 1, view->first + view->page, view->members,
                 more);
    put_right(line, TONE_FAINT, place, screen_text(line, 0, TONE_FAINT, keys));
}

/* --- the whole --- */

static void draw_picture(const struct top_model *model, struct top_view *view, usec_t now) {
    int lines = screen_lines();
    size_t members = json_array_size(json_object_get(model->status, "peers"));
    struct top_layout layout;

    top_layout(lines, count_summary(model), members, top_changes_lines(model), &layout);
    top_view_fit(view, members, layout.members > 0 ? (size_t)layout.members - 1 : 0);
    if (layout.bar > 0)
        draw_bar(model, now);
    int line = layout.bar;
    draw_summary(model, line, layout.summary);
    line += layout.summary + layout.gap;
    draw_members(model, view, line, layout.members);
    line += layout.members + layout.gap;
    top_changes_draw(model, line, layout.changes);
    if (layout.keys > 0)
        draw_keys(model, view, lines - 1);
}

static const char *const help[] = {
    "Keys",
    "  q Esc ^C            quit",
    "  Up Down k j         one member up, down",
    "  PageUp PageDown     a page of them; also ^B, ^F and the space bar",
    "  Home End g G        the first, the last ones",
    "  s                   order: seniority, name, round trip, loss",
    "  p                   pause: the picture stays as it is; again: goes on",
    "  ^L                  paints the screen anew",
    "  h ? F1              this help",
    "",
    "Members",
    "  By seniority, the leader is first, and the others follow as they would",
    "  take over. AGE is since a node started or resigned. ROUND TRIP and LOSS are",
    "  between this node and the other one; - where they do not talk.",
    "",
    "Changes",
    "  *  a leader         ?  a leader in doubt    !  none, or other trouble",
    "  +  has joined       -  has left             the latest change is the lowest",
    "",
    "Any key leads back.",
};

static void draw_help(void) {
    for (size_t i = 0; i < ARRAY_SIZE(help); i++)
        screen_text((int)i, 1, help[i][0] == ' ' ? TONE_PLAIN : TONE_STRONG, help[i]);
}

void top_draw(const struct top_model *model, struct top_view *view, usec_t now) {
    screen_begin();
    if (view->help)
        draw_help();
    else
        draw_picture(model, view, now);
    screen_show();
}
