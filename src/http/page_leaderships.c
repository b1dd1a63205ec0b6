/* SPDX-License-Identifier: ISC
 *
 * page_leaderships.c - the leaderships that this node has seen, the newest first.
 */
#include "http/page_parts.h"

#include "http/page_value.h"
#include "text/value.h"

static void add_lasted(struct html *html, const json_t *term) {
    char text[TEXT_SIZE];

    if (json_is_true(json_object_get(term, "present")))
        page_add_since(html, json_object_get(term, "lasted"));
    else
        html_add(html, "%s", text_seconds(json_object_get(term, "lasted"), text));
}

static void add_term(struct html *html, const json_t *term) {
    const json_t *leader = json_object_get(term, "leader");
    char name[TEXT_SIZE];

    html_add(html, json_is_true(json_object_get(term, "present")) ? "<tr class=\"leads\"" : "<tr");
    html_add(html, " data-id=\"%s\" data-to=\"%s\"><th scope=\"row\"><bdi>%s</bdi>", text_of(leader, "id"),
             text_of(term, "to"), text_name(leader, name));
    if (json_is_true(json_object_get(leader, "self")))
        html_add(html, " <span class=\"mark self\">this node</span>");
    html_add(html, "</th><td>");
    page_add_number(html, json_integer_value(json_object_get(term, "epoch")));
    html_add(html, "</td><td>");
    page_add_time(html, text_of(term, "from"));
    html_add(html, "</td><td>");
    add_lasted(html, term);
    html_add(html, "</td><td>%s</td><td>%s</td></tr>\n", text_or_dash(text_of(term, "began_by")),
             text_ended_by(term));
}

static void add_terms(struct html *html, const json_t *terms) {
    html_add(html, "<table>\n<caption>As seen from this node, the newest first</caption>\n<thead><tr>"
             "<th scope=\"col\">Leader</th><th scope=\"col\">Epoch</th><th scope=\"col\">From</th>"
             "<th scope=\"col\">Lasted</th><th scope=\"col\">Began by</th><th scope=\"col\">Ended by</th>"
             "</tr></thead>\n<tbody>\n");
    for (size_t i = json_array_size(terms); i > 0; i--)
        add_term(html, json_array_get(terms, i - 1));
    html_add(html, "</tbody>\n</table>\n");
}

void page_add_leaderships(struct html *html, const json_t *history) {
    const json_t *terms = json_object_get(history, "history"), *forgotten = json_object_get(history, "forgotten");

    html_add(html, "<section id=\"leaderships\" aria-labelledby=\"leaderships-title\">\n"
             "<h2 id=\"leaderships-title\">Leaderships</h2>\n");
    if (json_array_size(terms) > 0)
        add_terms(html, terms);
    else
        html_add(html, "<p>No leader was seen yet.</p>\n");
    if (json_integer_value(forgotten) > 0) {
        html_add(html, "<p>");
        page_add_number(html, json_integer_value(forgotten));
        html_add(html, " older ones are not kept.</p>\n");
    }
    html_add(html, "</section>\n");
}
