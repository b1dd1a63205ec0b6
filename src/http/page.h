/* SPDX-License-Identifier: ISC
 *
 * page.h - the page for people: who leads, the members, what has happened. HTML that needs no script to be read, and
 * that a script keeps up to date (page.js), dressed by page.css.
 *
 * It is made of the documents that `eldest` prints (report.h), and there is one place that makes it: the script fetches
 * the page anew and takes over what is different. What the script reads of it: the parts, by their ids; data-build,
 * which is another where the files beside the page are; data-since, a duration in seconds that goes on; data-id and
 * data-to of a leadership, and data-event of a change; and all <time>.
 *
 * Nothing is loaded from elsewhere. The page works under a policy (Content-Security-Policy) that allows only the
 * daemon's own files: no script and no style in it.
 */
#ifndef ELDEST_HTTP_PAGE_H
#define ELDEST_HTTP_PAGE_H

#include <jansson.h>

struct daemon;
struct evbuffer;

enum {
    PAGE_MEMBERS_MAX = 1000, /* that are listed; this node is in any case */
    PAGE_CHANGES_MAX = 100, /* the latest */
};

/* What is shown: `snapshot` as report_snapshot() has it, for the time; `changes` as `watch --json` tells them, the
 * newest last. None may be NULL. */
struct page_documents {
    const json_t *status, *history, *snapshot, *changes;
};

/* Adds the page. 0, or -ENOMEM; then a part of it may have been added. */
int page_render(const struct page_documents *documents, struct evbuffer *out);

/* The same, of what the daemon says now. */
int page_write(const struct daemon *daemon, struct evbuffer *out);

/* The files beside it. */
int page_write_css(const struct daemon *daemon, struct evbuffer *out);
int page_write_js(const struct daemon *daemon, struct evbuffer *out);
int page_write_icon(const struct daemon *daemon, struct evbuffer *out);

#endif
