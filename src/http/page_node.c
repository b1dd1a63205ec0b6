/* SPDX-License-Identifier: ISC
 *
 * page_node.c - the part of the page about the node that is asked, and in a few words about the cluster: what `status`
 * tells above the members. What needs somebody's attention comes first.
 */
#include "http/page_parts.h"

#include "http/page_value.h"
#include "text/value.h"

#include <string.h>

static bool leads(const json_t *status) {
    return json_is_true(json_object_get(json_object_get(status, "leader"), "self"));
}

static void add_warnings(struct html *html, const json_t *status) {
    const json_t *node = json_object_get(status, "node");
    char why[TEXT_SIZE];

    if (json_is_false(json_object_get(node, "writable")))
        html_add(html, "<p class=\"warning\">The state cannot be saved: this node neither stands for election nor "
                 "votes; its log says why.</p>\n");
    if (*text_eligible(node, why))
        html_add(html, "<p class=\"warning\">This node is %s.</p>\n", why);
}

static void add_standing(struct html *html, const json_t *status) {
    const json_t *node = json_object_get(status, "node");
    char name[TEXT_SIZE];

    html_add(html, "<div><dt>This node</dt><dd><bdi>%s</bdi> <small>%s", text_name(node, name),
             text_of(node, "state"));
    if (json_is_object(json_object_get(status, "leader")) && !leads(status))
        html_add(html, ", %s", text_of(node, "standing"));
    html_add(html, "</small></dd></div>\n<div><dt>Age</dt><dd>");
    page_add_since(html, json_object_get(node, "age"));
    html_add(html, "</dd></div>\n");
}

static void add_next(struct html *html, const json_t *status) {
    const json_t *next = text_member(status, text_of(status, "next"));
    char name[TEXT_SIZE];

    html_add(html, "<div><dt>Next in line</dt><dd>");
    if (next)
        html_add(html, "<bdi>%s</bdi>", text_name(next, name));
    else
        html_add(html, json_is_object(json_object_get(status, "leader")) ? "nobody" : "-");
    html_add(html, "</dd></div>\n");
}

static bool is_majority(const json_t *status) {
    return strcmp(text_of(json_object_get(status, "quorum"), "policy"), "majority") == 0;
}

/* "2 of 3, 2 needed": of those that have a vote, how many are there. */
static void add_votes(struct html *html, const json_t *status) {
    const json_t *quorum = json_object_get(status, "quorum");

    if (!is_majority(status))
        return;
    html_add(html, json_is_true(json_object_get(quorum, "ok")) ? "<div><dt>Votes</dt><dd>" :
             "<div><dt>Votes</dt><dd class=\"doubt\">");
    page_add_number(html, json_integer_value(json_object_get(quorum, "have")));
    html_add(html, " of ");
    page_add_number(html, json_integer_value(json_object_get(quorum, "expect")));
    html_add(html, " <small>");
    page_add_number(html, json_integer_value(json_object_get(quorum, "needed")));
    html_add(html, json_is_true(json_object_get(quorum, "seat")) ? " needed</small></dd></div>\n" :
             " needed, none is of this node</small></dd></div>\n");
}

/* Not with votes: there it is as long as what was promised to the leader before. */
static void add_detection(struct html *html, const json_t *status) {
    const json_t *timing = json_object_get(status, "timing");

    if (!json_is_object(timing) || is_majority(status))
        return;
    html_add(html, "<div><dt>Silent leader replaced after</dt><dd>");
    page_add_number(html, json_integer_value(json_object_get(timing, "detect_ms")));
    html_add(html, " ms</dd></div>\n");
}

static json_int_t holders_in(const json_t *holders, const char *state) {
    json_int_t count = 0;
    size_t index;
    json_t *holder;

    json_array_foreach(holders, index, holder)
        count += strcmp(text_of(holder, "state"), state) == 0;
    return count;
}

/* Only where somebody does something because this node leads, or would. */
static void add_work(struct html *html, const json_t *status) {
    const json_t *holders = json_object_get(status, "holders");

    if (json_array_size(holders) == 0)
        return;
    html_add(html, "<div><dt>Work here</dt><dd>");
    page_add_count(html, (json_int_t)json_array_size(holders), "holder");
    html_add(html, " <small>");
    page_add_number(html, holders_in(holders, "working"));
    html_add(html, " working");
    if (holders_in(holders, "stopping") > 0) {
        html_add(html, ", ");
        page_add_number(html, holders_in(holders, "stopping"));
        html_add(html, " stopping");
    }
    html_add(html, "</small></dd></div>\n");
}

void page_add_node(struct html *html, const json_t *status) {
    html_add(html, "<section id=\"node\" aria-label=\"This node and the cluster\">\n");
    add_warnings(html, status);
    html_add(html, "<dl>\n");
    add_standing(html, status);
    add_next(html, status);
    add_votes(html, status);
    add_detection(html, status);
    add_work(html, status);
    html_add(html, "</dl>\n</section>\n");
}
