/* SPDX-License-Identifier: ISC
 *
 * top_changes.c - see top_changes.h. A change that is longer than a line goes on below its text.
 */
#include "cli/top_changes.h"

#include "base/util.h"
#include "cli/top_screen.h"
#include "cli/wrap.h"

enum {
    GAP = 2, /* between two columns */
    WIDE = 72, /* columns of the screen from which the time since the change before is told */
    ELAPSED_COLUMN = TIMELINE_TIME_WIDTH + GAP,
};

static bool is_wide(void) {
    return screen_columns() >= WIDE;
}

static int mark_column(void) {
    return ELAPSED_COLUMN + (is_wide() ? TIMELINE_ELAPSED_WIDTH + GAP : 0);
}

static int text_column(void) {
    return mark_column() + 1 + GAP;
}

static int columns(void) {
    return (int)max_i64(screen_columns() - text_column(), 1);
}

static int height_of(const struct timeline_line *change) {
    const char *text = change->text;
    int height = 1;

    for (text += wrap_length(text, columns()); *text; height++)
        text += 1 + wrap_length(text + 1, columns());
    return height;
}

size_t top_changes_lines(const struct top_model *model) {
    size_t lines = 0;

    for (size_t back = 0; back < top_model_changes(model) && lines < (size_t)screen_lines(); back++)
        lines += (size_t)height_of(top_model_line(model, back));
    return lines;
}

static void draw_head(const struct timeline_line *change, int line) {
    char elapsed[TIMELINE_TIME_SIZE + 1], mark[] = { change->mark, '\0' };

    screen_text(line, 0, TONE_FAINT, change->time);
    snprintf(elapsed, sizeof(elapsed), "%*s", TIMELINE_ELAPSED_WIDTH, change->elapsed);
    if (is_wide())
        screen_text(line, ELAPSED_COLUMN, TONE_FAINT, elapsed);
    screen_text(line, mark_column(), change->tone, mark);
}

/* Its lines, but for those above `top`. */
static void draw_change(const struct timeline_line *change, int line, int top) {
    const char *text = change->text;

    if (line >= top)
        draw_head(change, line);
    for (;; line++) {
        size_t length = wrap_length(text, columns());
        if (line >= top)
            screen_put(line, text_column(), change->tone, text, length);
        if (text[length] == '\0')
            return;
        text += length + 1;
    }
}

void top_changes_draw(const struct top_model *model, int line, int count) {
    int top = line + 1, below = top + (int)min_i64(count - 1, (int64_t)top_changes_lines(model));

    if (count == 0)
        return;
    screen_text(line, 0, TONE_FAINT, "CHANGES");
    for (size_t back = 0; back < top_model_changes(model) && below > top; back++) {
        below -= height_of(top_model_line(model, back));
        draw_change(top_model_line(model, back), below, top);
    }
}
