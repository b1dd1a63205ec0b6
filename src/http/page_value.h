/* SPDX-License-Identifier: ISC
 *
 * page_value.h - values as the parts of the page have them, marked up for people and for the script.
 */
#ifndef ELDEST_HTTP_PAGE_VALUE_H
#define ELDEST_HTTP_PAGE_VALUE_H

#include "http/html.h"

#include <jansson.h>

/* A duration in seconds that goes on: the script counts it. "-" for no number. */
void page_add_since(struct html *html, const json_t *seconds);

/* A time of the wall clock. "-" for none. */
void page_add_time(struct html *html, const char *time);

void page_add_number(struct html *html, json_int_t number);

/* "5 members", "1 member". */
void page_add_count(struct html *html, json_int_t count, const char *what);

#endif
