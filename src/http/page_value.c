/* SPDX-License-Identifier: ISC
 *
 * page_value.c - see page_value.h.
 */
#include "http/page_value.h"

#include "text/value.h"

#include <stdio.h>

void page_add_since(struct html *html, const json_t *seconds) {
    char exact[TEXT_SIZE], text[TEXT_SIZE];

    snprintf(exact, sizeof(exact), "%.3f", json_number_value(seconds));
    if (json_is_number(seconds))
        html_add(html, "<span data-since=\"%s\">%s</span>", exact, text_seconds(seconds, text));
    else
        html_add(html, "-");
}

void page_add_time(struct html *html, const char *time) {
    char text[TEXT_SIZE];

    if (*time)
        html_add(html, "<time datetime=\"%s\">%s</time>", time, text_time(time, text));
    else
        html_add(html, "-");
}

void page_add_number(struct html *html, json_int_t number) {
    char text[TEXT_SIZE];

    snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, number);
    html_add(html, "%s", text);
}

void page_add_count(struct html *html, json_int_t count, const char *what) {
    page_add_number(html, count);
    html_add(html, count == 1 ? " %s" : " %ss", what);
}
