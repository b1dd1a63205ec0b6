/* SPDX-License-Identifier: ISC
 *
 * page_changes.c - what has changed, the newest first, in the words of `eldest watch`.
 */
#include "http/page_parts.h"

#include "http/page_value.h"
#include "text/timeline.h"
#include "text/value.h"

#include <errno.h>
#include <stdlib.h>

/* A change with its line of the story; one without a line was told by another. */
struct told {
    const json_t *change;
    struct timeline_line line;
};

static const char *const tones[TONE_COUNT] = {
    [TONE_PLAIN] = "plain", [TONE_STRONG] = "strong", [TONE_FAINT] = "faint",
    [TONE_GOOD] = "good",   [TONE_DOUBT] = "doubt",   [TONE_BAD] = "bad",
};

static void add_told(struct html *html, const struct told *told) {
    html_add(html, "<li class=\"%s\" data-event=\"%s\">", tones[told->line.tone], text_of(told->change, "event"));
    page_add_time(html, text_of(told->change, "time"));
    html_add(html, " <span><bdi>%s</bdi></span></li>\n", told->line.text);
}

/* A story is told from its beginning, and shown from its end. */
static void add_story(struct html *html, const json_t *changes) {
    struct told *story = calloc(json_array_size(changes), sizeof(*story));
    struct timeline timeline = { .begun = false };
    size_t index, count = 0;
    json_t *change;

    if (!story) {
        html->error = -ENOMEM;
        return;
    }
    json_array_foreach(changes, index, change)
        if (timeline_read(&timeline, change, &story[count].line))
            story[count++].change = change;
    html_add(html, "<p class=\"caption\">The newest first</p>\n<ol>\n");
    while (count > 0)
        add_told(html, &story[--count]);
    html_add(html, "</ol>\n");
    free(story);
}

void page_add_changes(struct html *html, const json_t *changes) {
    html_add(html, "<section id=\"changes\" aria-labelledby=\"changes-title\">\n"
             "<h2 id=\"changes-title\">Changes</h2>\n");
    if (json_array_size(changes) > 0)
        add_story(html, changes);
    else
        html_add(html, "<p>None since eldestd was started.</p>\n");
    html_add(html, "</section>\n");
}
