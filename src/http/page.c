/* SPDX-License-Identifier: ISC
 *
 * page.c - see page.h: the frame of the page, and the documents that it shows.
 */
#include "http/page.h"

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/report.h"
#include "http/page_files.h"
#include "http/page_parts.h"
#include "http/page_value.h"
#include "text/value.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdio.h>

/* The title is what people see of a page that is in the background. */
static void add_head(struct html *html, const json_t *status) {
    const json_t *leader = json_object_get(status, "leader");
    char name[TEXT_SIZE];

    html_add(html, "<!DOCTYPE html>\n<html lang=\"en\" data-build=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
             page_files_sum);
    if (json_is_object(leader))
        html_add(html, "%s leads", text_name(leader, name));
    else
        html_add(html, "No leader");
    html_add(html, " – %s</title>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<link rel=\"icon\" type=\"image/svg+xml\" href=\"icon.svg\">\n"
             "<link rel=\"stylesheet\" href=\"page.css\">\n"
             "<script src=\"page.js\" defer></script>\n"
             "</head>\n", text_of(status, "cluster"));
}

static void add_header(struct html *html, const struct page_documents *documents) {
    char name[TEXT_SIZE];

    html_add(html, "<body>\n<a class=\"skip\" href=\"#members\">To the members</a>\n<header>\n"
             "<p class=\"brand\"><img src=\"icon.svg\" alt=\"\" width=\"28\" height=\"28\"> <b>eldest</b> "
             "<span>cluster <bdi>%s</bdi></span></p>\n", text_of(documents->status, "cluster"));
    html_add(html, "<p id=\"feed\"><bdi>%s</bdi>, ",
             text_name(json_object_get(documents->status, "node"), name));
    page_add_time(html, text_of(documents->snapshot, "time"));
    html_add(html, " <a href=\"\">Reload</a></p>\n</header>\n");
}

static void add_footer(struct html *html) {
    html_add(html, "<footer>\n<nav aria-label=\"The same for programs\">For programs: <a href=\"status\">status</a> "
             "<a href=\"history\">history</a> <a href=\"metrics\">metrics</a></nav>\n</footer>\n</body>\n</html>\n");
}

int page_render(const struct page_documents *documents, struct evbuffer *out) {
    struct html html = { .out = out };

    add_head(&html, documents->status);
    add_header(&html, documents);
    html_add(&html, "<main>\n");
    page_add_leader(&html, documents);
    page_add_node(&html, documents->status);
    page_add_members(&html, documents->status);
    html_add(&html, "<div class=\"past\">\n");
    page_add_leaderships(&html, documents->history);
    page_add_changes(&html, documents->changes);
    html_add(&html, "</div>\n</main>\n");
    add_footer(&html);
    return html.error;
}

/* The latest, the newest last. NULL when memory ran out. */
static json_t *changes_document(const struct journal *journal) {
    uint64_t seq = journal_seq(journal), first = seq > PAGE_CHANGES_MAX ? seq - PAGE_CHANGES_MAX : 0;
    json_t *changes = json_array();

    while (changes && first++ < seq) {
        const struct journal_line *line = journal_find(journal, first);
        json_t *change = line && line->text ? json_loads(line->text, 0, NULL) : NULL;

        if (change)
            json_array_append_new(changes, change);
    }
    return changes;
}

int page_write(const struct daemon *daemon, struct evbuffer *out) {
    json_t *status = report_page(daemon), *history = report_history(daemon);
    json_t *snapshot = report_snapshot(daemon, 0), *changes = changes_document(daemon_journal(daemon));
    int result = -ENOMEM;

    if (status && history && snapshot && changes)
        result = page_render(&(struct page_documents){ status, history, snapshot, changes }, out);
    json_decref(status);
    json_decref(history);
    json_decref(snapshot);
    json_decref(changes);
    return result;
}

static int write_file(const struct page_file *file, struct evbuffer *out) {
    return evbuffer_add_reference(out, file->bytes, file->size, NULL, NULL) < 0 ? -ENOMEM : 0;
}

int page_write_css(const struct daemon *daemon, struct evbuffer *out) {
    (void)daemon;
    return write_file(&page_css, out);
}

int page_write_js(const struct daemon *daemon, struct evbuffer *out) {
    (void)daemon;
    return write_file(&page_js, out);
}

int page_write_icon(const struct daemon *daemon, struct evbuffer *out) {
    (void)daemon;
    return write_file(&icon_svg, out);
}
