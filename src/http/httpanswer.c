/* SPDX-License-Identifier: ISC
 *
 * httpanswer.c - see httpanswer.h.
 */
#include "http/httpanswer.h"

#include "base/util.h"
#include "platform/clock.h"

#include <errno.h>
#include <time.h>

#include <event2/buffer.h>

enum { DATE_SIZE = 64 };

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    { 200, "OK" },
    { 400, "Bad Request" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

/* Of every answer. What is true now may not be true a moment later, so nobody keeps it; the page shows what comes from
 * here, and is shown by nobody else; and no page of a stranger can load anything, to learn by that whether it is there
 * or who leads. */
static const char always[] =
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n";

const char *httpanswer_reason(int status) {
    for (unsigned i = 0; i < ARRAY_SIZE(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

static void format_date(char text[DATE_SIZE]) {
    time_t now = clock_wall_ms() / 1000;
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(text, DATE_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &utc);
}

/* nginx would wait for more of an event stream than there is. */
static int write_framing(const struct httpanswer *answer, struct evbuffer *out) {
    if (answer->endless)
        return evbuffer_add_printf(out, "X-Accel-Buffering: no\r\nConnection: close\r\n");
    return evbuffer_add_printf(out, "Content-Length: %zu\r\n%s", answer->length,
                               answer->last ? "Connection: close\r\n" : "");
}

int httpanswer_write(const struct httpanswer *answer, struct evbuffer *out) {
    char date[DATE_SIZE];

    format_date(date);
    if (evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\n%s%s", answer->status,
                            httpanswer_reason(answer->status), date, answer->type, always,
                            answer->names_methods ? "Allow: GET, HEAD, OPTIONS\r\n" : "") < 0 ||
        write_framing(answer, out) < 0 || evbuffer_add(out, "\r\n", 2) < 0)
        return -ENOMEM;
    return 0;
}
