/* SPDX-License-Identifier: ISC
 *
 * page_parts.h - the parts that page.c puts together, each in a file of its own. Each is an element with an id.
 */
#ifndef ELDEST_HTTP_PAGE_PARTS_H
#define ELDEST_HTTP_PAGE_PARTS_H

#include "http/html.h"
#include "http/page.h"

/* Who leads, or why nobody does: #leader. */
void page_add_leader(struct html *html, const struct page_documents *documents);

/* How this node stands, and what is to be known of the cluster besides: #node. */
void page_add_node(struct html *html, const json_t *status);

/* The table of members: #members. */
void page_add_members(struct html *html, const json_t *status);

/* The leaderships, the newest first: #leaderships. */
void page_add_leaderships(struct html *html, const json_t *history);

/* What has changed, the newest first: #changes. */
void page_add_changes(struct html *html, const json_t *changes);

/* A duration in seconds that goes on: the script counts it. "-" for no number. */
void page_add_since(struct html *html, const json_t *seconds);

/* A time of the wall clock. "-" for none. */
void page_add_time(struct html *html, const char *time);

void page_add_number(struct html *html, json_int_t number);

/* "5 members", "1 member". */
void page_add_count(struct html *html, json_int_t count, const char *what);

#endif
