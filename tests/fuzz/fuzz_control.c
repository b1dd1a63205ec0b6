/* SPDX-License-Identifier: ISC
 *
 * fuzz_control.c - any bytes on the control socket. Whatever is said there, each line that comes back is a JSON object.
 */
#include "fuzz/client.h"
#include "fuzz/fuzz.h"
#include "unit/node_fixture.h"

#include "base/util.h"
#include "daemon/ctlserver.h"
#include "daemon/report.h"

#include <check.h>
#include <string.h>

/* What a node sees of a network is told by tests/net. */
json_t *report_network(const struct daemon *daemon) {
    (void)daemon;
    return json_object();
}

static void begin(void) {
    if (node.server)
        return;
    node_open();
    node.answers_at_once = true;
    ck_assert_int_eq(ctlserver_open(&node.server, base, client_path(), &node), 0);
}

/* The last one may be cut off: there is a limit to what is kept. */
static void check_lines(const char *text, size_t length) {
    const char *end;

    ck_assert_msg(strlen(text) == length, "a byte of zero");
    for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        json_t *document = json_loadb(text, (size_t)(end - text), 0, NULL);

        ck_assert_msg(json_is_object(document), "no JSON object: %.*s", (int)(end - text), text);
        json_decref(document);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t length;

    begin();
    follow_alpha();
    node.pause_left = 0;
    const char *answers = client_talk(data, size, &length);
    check_lines(answers, length);
    ck_assert_msg(LIST_EMPTY(&node.holders.list), "a holder that is gone is kept");
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    static const char *const lines[] = {
        "{\"command\":\"status\"}\n{\"command\":\"leader\"}\n",
        "{\"command\":\"history\"}\n{\"command\":\"counters\"}\n{\"command\":\"network\"}\n",
        "{\"command\":\"tags\"}\n{\"command\":\"tag\",\"set\":[\"role=db\",\"zone=\"]}\n",
        "{\"command\":\"watch\"}\n{\"command\":\"status\"}\n",
        "{\"command\":\"hold\",\"name\":\"worker\"}\n{\"stopped\":1}\n",
        "{\"command\":\"hold-watch\",\"name\":\"worker\"}\n{\"stopped\":1}\n{\"ran\":{}}\n",
        "{\"command\":\"pause\",\"for_ms\":5000,\"force\":true}\n{\"command\":\"resume\"}\n",
        "{\"command\":\"reload\"}\n{\"command\":\"resign\"}\n",
        "{\"command\":\"retire\",\"id\":\"03000000000000000000000000000000\"}\n",
        "{\"command\":\"nothing\"}\n[]\n\"\\ud800\"\nnull\n\n",
    };

    return fuzz_text_seed(lines, ARRAY_SIZE(lines), i, ret);
}
