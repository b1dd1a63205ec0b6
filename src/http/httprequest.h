/* SPDX-License-Identifier: ISC
 *
 * httprequest.h - the head of an HTTP request, as far as a server that only tells needs it (RFC 9112).
 *
 * Pure: bytes in, a struct that points into them out. Everything about a request that is not understood is an error
 * with a status of HTTP; what its fields say beyond the few below has no meaning here.
 */
#ifndef ELDEST_HTTP_HTTPREQUEST_H
#define ELDEST_HTTP_HTTPREQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum httprequest_method { HTTPREQUEST_GET, HTTPREQUEST_HEAD, HTTPREQUEST_OPTIONS, HTTPREQUEST_OTHER };

/* A part of the request, not terminated; begin is NULL if there is none. */
struct httprequest_text {
    const char *begin;
    size_t length;
};

struct httprequest {
    enum httprequest_method method;
    struct httprequest_text path; /* without the query; "*" for the whole server; never decoded */
    struct httprequest_text last_event_id;
    bool keeps; /* another request may follow on this connection */
};

/* How long the first request in the bytes that have come is, with the empty line at its end; 0 if that has not come. */
size_t httprequest_length(const char *bytes, size_t count);

/* Reads a head of that length. 0; or 400 or 505, and then *ret is untouched. */
int httprequest_parse(const char *bytes, size_t length, struct httprequest *ret);

#endif
