/* SPDX-License-Identifier: ISC
 *
 * exposition.h - the text in which Prometheus reads metrics (version 0.0.4): families of samples.
 *
 *     # HELP eldest_holders Holders of work, by what they do.
 *     # TYPE eldest_holders gauge
 *     eldest_holders{state="working"} 1
 *
 * The head of a family is written with its first sample, so that one without samples leaves no trace.
 */
#ifndef ELDEST_HTTP_EXPOSITION_H
#define ELDEST_HTTP_EXPOSITION_H

#include "base/histogram.h"

#include <stdbool.h>

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct evbuffer;

struct exposition {
    struct evbuffer *out;
    const char *family, *type, *help; /* of the present family */
    bool begun; /* its head is written */
    bool failed; /* memory ran out */
};

/* One pair of name and value; an array of them ends with one without a name. The value is of any origin. */
struct exposition_label {
    const char *name, *value;
};

#define EXPOSITION_LABELS(...) ((const struct exposition_label[]){ __VA_ARGS__, { 0 } })

/* The texts must stay valid while the family is written; the help has neither backslashes nor newlines. */
void exposition_family(struct exposition *exposition, const char *name, const char *type, const char *help);

/* labels: NULL for none. What is no number is left out. */
void exposition_sample(struct exposition *exposition, const struct exposition_label *labels, double value);

/* Of a family of type "histogram", in seconds. */
void exposition_histogram(struct exposition *exposition, const struct histogram *histogram);

#endif
