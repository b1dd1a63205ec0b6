/* SPDX-License-Identifier: ISC
 *
 * fuzz_http.c - any bytes to the HTTP server. What comes back begins as an answer of HTTP does, if anything comes.
 */
#include "fuzz/client.h"
#include "fuzz/fuzz.h"
#include "unit/node_fixture.h"

#include "base/util.h"
#include "daemon/links.h"
#include "http/httpserver.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct http_listen places = { .count = 1 };
static struct httpserver *server;

void daemon_submit(struct daemon *daemon, const struct event *event) {
    ck_assert_int_eq(event->type, EVENT_TABLE_WANTED);
    daemon->table_wanted++;
    tell(NOTICE_TABLE);
}

unsigned links_count(const struct links *links) {
    (void)links;
    return 1;
}

static void begin(void) {
    if (server)
        return;
    node_open();
    snprintf(places.list[0].path, sizeof(places.list[0].path), "%s", client_path());
    ck_assert_int_eq(httpserver_open(&server, &node, &places), 0);
    turn_without_waiting();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char protocol[] = "HTTP/1.1 ";
    size_t length;

    begin();
    follow_alpha();
    const char *answer = client_talk(data, size, &length);
    if (length > 0) {
        ck_assert_msg(strncmp(answer, protocol, strlen(protocol)) == 0, "no answer: %.40s", answer);
        ck_assert(isdigit((unsigned char)answer[strlen(protocol)]));
    }
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    static const char *const requests[] = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /page.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /leader HTTP/1.0\r\n\r\n",
        "HEAD /status HTTP/1.1\nHost: a\n\nOPTIONS * HTTP/1.1\nHost: a\n\n",
        "GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 0000000000000000-0\r\n\r\n",
        "GET http://a/metrics?x=y HTTP/1.1\r\nHost: a\r\nX-Other: \t b\r\n\r\n",
        "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "GET /ready HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ("GET /history HTTP/1.1\r\nHost: a\r\n\r\nGET /follower HTTP/1.1\r\nHost: a\r\n\r\n"
         "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    };

    return fuzz_text_seed(requests, ARRAY_SIZE(requests), i, ret);
}
