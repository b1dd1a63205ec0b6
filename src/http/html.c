/* SPDX-License-Identifier: ISC
 *
 * html.c - see html.h.
 */
#include "http/html.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <stdarg.h>
#include <string.h>

static void add(struct html *html, const char *bytes, size_t length) {
    if (html->error == 0 && evbuffer_add(html->out, bytes, length) < 0)
        html->error = -ENOMEM;
}

static const char *reference_of(char special) {
    switch (special) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

static void add_text(struct html *html, const char *text) {
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");

        add(html, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        const char *reference = reference_of(*text++);
        add(html, reference, strlen(reference));
    }
}

void html_add(struct html *html, const char *markup, ...) {
    va_list texts;

    va_start(texts, markup);
    for (;;) {
        size_t plain = strcspn(markup, "%");

        add(html, markup, plain);
        if (markup[plain] == '\0')
            break;
        assert(markup[plain + 1] == 's');
        add_text(html, va_arg(texts, const char *));
        markup += plain + 2;
    }
    va_end(texts);
}
