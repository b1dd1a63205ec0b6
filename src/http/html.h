/* SPDX-License-Identifier: ISC
 *
 * html.h - a page, written piece by piece, in which no text of anybody becomes markup.
 */
#ifndef ELDEST_HTTP_HTML_H
#define ELDEST_HTTP_HTML_H

struct evbuffer;

struct html {
    struct evbuffer *out;
    int error; /* the first one: -ENOMEM; all that comes after it is left out */
};

/* Adds markup, in which each %s stands for a text of anybody, be it in an element or between quotation marks in an
 * attribute: what has a meaning in HTML is escaped. There is no other conversion. */
__attribute__((format(printf, 2, 3)))
void html_add(struct html *html, const char *markup, ...);

#endif
