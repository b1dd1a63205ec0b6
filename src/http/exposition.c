/* SPDX-License-Identifier: ISC
 *
 * exposition.c - see exposition.h.
 */
#include "http/exposition.h"

#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <event2/buffer.h>

enum {
    VALUE_MAX = 256, /* bytes of a label's value; more is cut */
    NUMBER_SIZE = 32,
};

static void add(struct exposition *exposition, const char *text, size_t length) {
    exposition->failed |= evbuffer_add(exposition->out, text, length) < 0;
}

static void add_text(struct exposition *exposition, const char *text) {
    add(exposition, text, strlen(text));
}

void exposition_family(struct exposition *exposition, const char *name, const char *type, const char *help) {
    exposition->family = name;
    exposition->type = type;
    exposition->help = help;
    exposition->begun = false;
}

static void begin_family(struct exposition *exposition) {
    if (exposition->begun)
        return;
    exposition->begun = true;
    exposition->failed |= evbuffer_add_printf(exposition->out, "# HELP %s %s\n# TYPE %s %s\n", exposition->family,
                                              exposition->help, exposition->family, exposition->type) < 0;
}

/* Between the quotes: a backslash and a quote are escaped; a newline cannot be there any more. */
static void add_value(struct exposition *exposition, const char *value) {
    char text[VALUE_MAX + 1];

    snprintf(text, sizeof text, "%s", value);
    str_make_printable(text);
    for (const char *rest = text; *rest != '\0';) {
        size_t plain = strcspn(rest, "\\\"");

        add(exposition, rest, plain);
        rest += plain;
        if (*rest != '\0') {
            add_text(exposition, "\\");
            add(exposition, rest++, 1);
        }
    }
}

static void add_labels(struct exposition *exposition, const struct exposition_label *labels) {
    const char *before = "{";

    if (!labels)
        return;
    for (; labels->name; labels++) {
        add_text(exposition, before);
        add_text(exposition, labels->name);
        add_text(exposition, "=\"");
        add_value(exposition, labels->value);
        before = "\",";
    }
    add_text(exposition, "\"}");
}

/* Fifteen digits are exact both ways, and show 0.016 as it is. */
static const char *number(double value, char text[NUMBER_SIZE]) {
    snprintf(text, NUMBER_SIZE, "%.15g", value);
    return text;
}

static void add_line(struct exposition *exposition, const char *suffix, const struct exposition_label *labels,
                     double value) {
    char text[NUMBER_SIZE];

    begin_family(exposition);
    add_text(exposition, exposition->family);
    add_text(exposition, suffix);
    add_labels(exposition, labels);
    add_text(exposition, " ");
    add_text(exposition, number(value, text));
    add_text(exposition, "\n");
}

void exposition_sample(struct exposition *exposition, const struct exposition_label *labels, double value) {
    if (!isnan(value))
        add_line(exposition, "", labels, value);
}

void exposition_histogram(struct exposition *exposition, const struct histogram *histogram) {
    char bound[NUMBER_SIZE];
    uint64_t count = 0;

    for (unsigned i = 0; i <= HISTOGRAM_BOUNDS; i++) {
        bool last = i == HISTOGRAM_BOUNDS;
        const char *limit = last ? "+Inf" : number((double)histogram_bounds[i] / USEC_PER_SEC, bound);

        count += histogram->counts[i];
        add_line(exposition, "_bucket", EXPOSITION_LABELS({ "le", limit }), (double)count);
    }
    add_line(exposition, "_sum", NULL, (double)histogram->sum / USEC_PER_SEC);
    add_line(exposition, "_count", NULL, (double)count);
}
