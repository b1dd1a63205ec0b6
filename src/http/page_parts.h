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

#endif
