/* SPDX-License-Identifier: ISC
 *
 * page_leader.c - the part of the page that is to be seen first: who leads, or that nobody does.
 */
#include "http/page_parts.h"

#include "http/page_value.h"
#include "text/value.h"

/* The newest leadership but the present one; NULL if there was none. */
static const json_t *term_before(const json_t *history) {
    const json_t *terms = json_object_get(history, "history");
    size_t count = json_array_size(terms);

    if (count > 0 && json_is_true(json_object_get(json_array_get(terms, count - 1), "present")))
        count--;
    return count > 0 ? json_array_get(terms, count - 1) : NULL;
}

static void add_before(struct html *html, const json_t *history) {
    const json_t *term = term_before(history);
    const char *why = text_ended_by(term);
    char name[TEXT_SIZE];

    if (!term)
        return;
    html_add(html, "<p>Before: <bdi>%s</bdi>, epoch ", text_name(json_object_get(term, "leader"), name));
    page_add_number(html, json_integer_value(json_object_get(term, "epoch")));
    html_add(html, ", until ");
    page_add_time(html, text_of(term, "to"));
    html_add(html, *why ? " (%s)</p>\n" : "</p>\n", why);
}

static void add_one(struct html *html, const json_t *status, const json_t *leader) {
    const char *address = text_of(leader, "address");
    char name[TEXT_SIZE];

    html_add(html, "<section id=\"leader\" aria-labelledby=\"who\">\n"
             "<h1 id=\"who\"><span>Leader</span> <bdi>%s</bdi></h1>\n<p class=\"facts\">", text_name(leader, name));
    if (json_is_true(json_object_get(leader, "self")))
        html_add(html, "<span>this node</span> ");
    if (*address)
        html_add(html, "<span>%s</span> ", address);
    html_add(html, "<span>epoch ");
    page_add_number(html, json_integer_value(json_object_get(status, "epoch")));
    html_add(html, "</span> <span>for ");
    page_add_since(html, json_object_get(leader, "since"));
    html_add(html, "</span></p>\n");
}

static void add_nobody(struct html *html, const json_t *status) {
    const char *why = text_of(json_object_get(status, "quorum"), "why");

    html_add(html, "<section id=\"leader\" class=\"nobody\" aria-labelledby=\"who\">\n"
             "<h1 id=\"who\">No leader</h1>\n<p class=\"facts\">%s</p>\n",
             text_no_leader(json_object_get(status, "node")));
    if (*why)
        html_add(html, "<p>%s</p>\n", why);
}

void page_add_leader(struct html *html, const struct page_documents *documents) {
    const json_t *leader = json_object_get(documents->status, "leader");

    if (json_is_object(leader))
        add_one(html, documents->status, leader);
    else
        add_nobody(html, documents->status);
    add_before(html, documents->history);
    html_add(html, "</section>\n");
}
