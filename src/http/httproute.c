/* SPDX-License-Identifier: ISC
 *
 * httproute.c - see httproute.h.
 */
#include "http/httproute.h"

#include "base/util.h"
#include "daemon/daemon.h"
#include "daemon/report.h"
#include "http/exposition.h"
#include "http/metrics.h"
#include "http/page.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#define TYPE_CSS "text/css; charset=utf-8"
#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_JS "text/javascript; charset=utf-8"
#define TYPE_JSON "application/json"
#define TYPE_SVG "image/svg+xml"

enum { STATUS_UNAVAILABLE = 503, KNOWN_SIZE = 512 };

static void free_text(const void *data, size_t length, void *text) {
    (void)data, (void)length;
    free(text);
}

/* The document is given away. */
static int add_document(json_t *document, struct evbuffer *out) {
    char *line = report_line(document);

    if (!line)
        return -ENOMEM;
    if (evbuffer_add_reference(out, line, strlen(line), free_text, line) < 0) {
        free(line);
        return -ENOMEM;
    }
    return evbuffer_add(out, "\n", 1) < 0 ? -ENOMEM : 0;
}

/* As that of the control socket, so that no two ways of asking differ. */
static bool names_leader(const json_t *picture) {
    return json_is_object(json_object_get(picture, "leader"));
}

static bool names_self(const json_t *picture) {
    return json_is_true(json_object_get(json_object_get(picture, "leader"), "self"));
}

static int add_picture(json_t *picture, bool good, struct evbuffer *out) {
    int result = add_document(picture, out);

    return result < 0 || good ? result : STATUS_UNAVAILABLE;
}

static int write_leader(const struct daemon *daemon, struct evbuffer *out) {
    json_t *picture = report_check(daemon);

    return add_picture(picture, names_self(picture), out);
}

static int write_follower(const struct daemon *daemon, struct evbuffer *out) {
    json_t *picture = report_check(daemon);

    return add_picture(picture, names_leader(picture) && !names_self(picture), out);
}

/* Whether this host takes part as it should: it knows who leads, and could vote and lead itself. */
static int write_ready(const struct daemon *daemon, struct evbuffer *out) {
    json_t *picture = report_check(daemon);

    return add_picture(picture, names_leader(picture) && daemon_writable(daemon), out);
}

/* That there is an answer is the answer: the loop runs. */
static int write_health(const struct daemon *daemon, struct evbuffer *out) {
    return add_document(json_pack("{s:s, s:o}", "cluster", daemon_cluster(daemon), "uptime",
                                  json_real((double)(daemon_uptime(daemon) / USEC_PER_MS) / 1000.0)),
                        out);
}

static int write_status(const struct daemon *daemon, struct evbuffer *out) {
    return add_document(report_status(daemon), out);
}

static int write_history(const struct daemon *daemon, struct evbuffer *out) {
    return add_document(report_history(daemon), out);
}

static const struct httproute routes[] = {
    { "/", TYPE_HTML, .write = page_write, .shows_members = true },
    { "/events", "text/event-stream", .streams = true },
    { "/favicon.ico", TYPE_SVG, .write = page_write_icon },
    { "/follower", TYPE_JSON, .write = write_follower },
    { "/health", TYPE_JSON, .write = write_health },
    { "/history", TYPE_JSON, .write = write_history },
    { "/icon.svg", TYPE_SVG, .write = page_write_icon },
    { "/leader", TYPE_JSON, .write = write_leader },
    { "/metrics", EXPOSITION_TYPE, .write = metrics_write },
    { "/page.css", TYPE_CSS, .write = page_write_css },
    { "/page.js", TYPE_JS, .write = page_write_js },
    { "/ready", TYPE_JSON, .write = write_ready },
    { "/status", TYPE_JSON, .write = write_status, .shows_members = true },
};

const struct httproute *httproute_find(const char *path, size_t length) {
    for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
        if (strlen(routes[i].path) == length && memcmp(routes[i].path, path, length) == 0)
            return &routes[i];
    return NULL;
}

const char *httproute_known(void) {
    static char text[KNOWN_SIZE];

    if (text[0] != '\0')
        return text;
    for (size_t i = 0, length = 0; i < ARRAY_SIZE(routes) && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? ", " : "there are ",
                                   routes[i].path);
    return text;
}
