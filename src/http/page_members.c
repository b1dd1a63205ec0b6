/* SPDX-License-Identifier: ISC
 *
 * page_members.c - the table of members, in the order of the daemon: the leader, then by seniority.
 */
#include "http/page_parts.h"

#include "http/page_value.h"
#include "text/value.h"

#include <string.h>

/* What a reader should know of a member besides the figures: in words, as colours alone tell not everybody. */
static void add_marks(struct html *html, const json_t *peer, bool is_next) {
    if (json_is_true(json_object_get(peer, "self")))
        html_add(html, " <span class=\"mark self\">this node</span>");
    if (is_next)
        html_add(html, " <span class=\"mark next\">next</span>");
    if (json_is_true(json_object_get(peer, "paused")))
        html_add(html, " <span class=\"mark\">paused</span>");
    else if (json_is_false(json_object_get(peer, "eligible")))
        html_add(html, " <span class=\"mark\">not eligible</span>");
}

static void add_name(struct html *html, const json_t *peer, bool is_next) {
    char name[TEXT_SIZE], tags[TAGS_MAX + 1];

    html_add(html, "<th scope=\"row\"><bdi>%s</bdi>", text_name(peer, name));
    add_marks(html, peer, is_next);
    if (*text_tags(peer, tags))
        html_add(html, " <small><bdi>%s</bdi></small>", tags);
    html_add(html, "</th>");
}

static void add_cell(struct html *html, const char *text) {
    html_add(html, strcmp(text, "-") == 0 ? "<td class=\"none\">%s</td>" : "<td>%s</td>", text);
}

static void add_member(struct html *html, const json_t *peer, bool is_next) {
    const char *state = text_of(peer, "state");
    char round_trip[TEXT_SIZE], loss[TEXT_SIZE], seen[TEXT_SIZE];

    html_add(html, strcmp(state, "leader") == 0 ? "<tr class=\"leads\">" : "<tr>");
    add_name(html, peer, is_next);
    add_cell(html, state);
    add_cell(html, text_or_dash(text_of(peer, "address")));
    html_add(html, "<td>");
    page_add_since(html, json_object_get(peer, "age"));
    html_add(html, "</td>");
    add_cell(html, text_us(json_object_get(peer, "rtt_us"), round_trip));
    add_cell(html, text_percent(json_object_get(peer, "loss"), loss));
    add_cell(html, text_last_seen(peer, seen));
    html_add(html, "</tr>\n");
}

static size_t add_rows(struct html *html, const json_t *status) {
    const char *next = text_of(status, "next");
    size_t index, shown = 0;
    json_t *peer;

    json_array_foreach(json_object_get(status, "peers"), index, peer) {
        if (shown >= PAGE_MEMBERS_MAX && !json_is_true(json_object_get(peer, "self")))
            continue;
        add_member(html, peer, *next && strcmp(text_of(peer, "id"), next) == 0);
        shown++;
    }
    return shown;
}

static void add_missing(struct html *html, const json_t *status, size_t shown) {
    json_int_t left_out = (json_int_t)(json_array_size(json_object_get(status, "peers")) - shown);

    if (left_out > 0) {
        html_add(html, "<p>And ");
        page_add_number(html, left_out);
        html_add(html, " more: <code>eldest peers</code></p>\n");
    }
    if (text_unlisted(status) > 0) {
        html_add(html, "<p>And ");
        page_add_number(html, text_unlisted(status));
        html_add(html, " more that %s.</p>\n", text_why_unlisted(status));
    }
}

void page_add_members(struct html *html, const json_t *status) {
    html_add(html, "<section id=\"members\" aria-labelledby=\"members-title\">\n<h2 id=\"members-title\">");
    page_add_count(html, json_integer_value(json_object_get(status, "members")), "member");
    html_add(html, "</h2>\n<table>\n<caption>The leader, then in the order in which they would take over</caption>\n"
             "<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">State</th><th scope=\"col\">Address</th>"
             "<th scope=\"col\">Age</th><th scope=\"col\">Round trip</th><th scope=\"col\">Loss</th>"
             "<th scope=\"col\">Last seen</th></tr></thead>\n<tbody>\n");
    size_t shown = add_rows(html, status);
    html_add(html, "</tbody>\n</table>\n");
    add_missing(html, status, shown);
    html_add(html, "</section>\n");
}
