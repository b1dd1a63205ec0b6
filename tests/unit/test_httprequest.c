/* SPDX-License-Identifier: ISC
 *
 * test_httprequest.c - what is a request, and what it asks for; every byte is untrusted.
 */
#include "http/httprequest.h"

#include "base/util.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The status of a head, which is copied to where nothing is behind it, for the sanitizers. */
static int parse(const char *head, struct httprequest *ret) {
    static char *copy;
    size_t length = strlen(head);

    free(copy);
    copy = malloc(length);
    memcpy(copy, head, length);
    ck_assert_uint_eq(httprequest_length(copy, length), length);
    return httprequest_parse(copy, length, ret);
}

static void assert_text(struct httprequest_text text, const char *expected) {
    ck_assert_msg(text.length == strlen(expected) && memcmp(text.begin, expected, text.length) == 0,
                  "\"%.*s\" instead of \"%s\"", (int)text.length, text.begin, expected);
}

static const struct {
    const char *head, *path;
    enum httprequest_method method;
    bool keeps;
} understood[] = {
    { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.1\nHost: a\n\n", "/", HTTPREQUEST_GET, true },
    { "HEAD /leader HTTP/1.1\r\nHost: a:1\r\n\r\n", "/leader", HTTPREQUEST_HEAD, true },
    { "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", HTTPREQUEST_OPTIONS, true },
    { "get / HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_OTHER, true },
    { "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_OTHER, true },
    { "GET /a?b=/c HTTP/1.1\r\nHost: a\r\n\r\n", "/a", HTTPREQUEST_GET, true },
    { "GET http://a.example:80/b?c HTTP/1.1\r\nHost: a\r\n\r\n", "/b", HTTPREQUEST_GET, true },
    { "GET hTTp://a HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET /%2e%2e/\"' HTTP/1.1\r\nHost: a\r\n\r\n", "/%2e%2e/\"'", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.9\r\nhost:\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.0\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nCONNECTION:a ,\tClose\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, closed\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\ncontent-length: 5\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "/", HTTPREQUEST_GET, false },
    { "\r\n\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", HTTPREQUEST_GET, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nX:\t \xc3\xa4\xff \t\r\n!#$%&'*+-.^_`|~9: \r\n\r\n", "/", HTTPREQUEST_GET, true },
};

START_TEST(what_is_asked_is_understood) {
    struct httprequest request;

    ck_assert_msg(parse(understood[_i].head, &request) == 0, "%s", understood[_i].head);
    assert_text(request.path, understood[_i].path);
    ck_assert_int_eq(request.method, understood[_i].method);
    ck_assert_msg(request.keeps == understood[_i].keeps, "%s", understood[_i].head);
    ck_assert_ptr_null(request.last_event_id.begin);
}
END_TEST

static const struct {
    const char *head;
    int status;
} refused[] = {
    { "GET / HTTP/1.1\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
    { "GET /\r\n\r\n", 400 },
    { "GET\r\n\r\n", 400 },
    { " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400 },
    { "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / http/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/11\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.11\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.x\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
    { "PRI * HTTP/2.0\r\n\r\n", 505 },
    { "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505 },
    { "GET ? HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET leader HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET ** HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET /\r/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: \001\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400 },
    { "\026\003\001\002\001\n\n", 400 },
};

START_TEST(what_is_no_request_is_refused) {
    struct httprequest request = { .method = HTTPREQUEST_OTHER };

    ck_assert_msg(parse(refused[_i].head, &request) == refused[_i].status, "%s", refused[_i].head);
    ck_assert_int_eq(request.method, HTTPREQUEST_OTHER);
    ck_assert_ptr_null(request.path.begin);
}
END_TEST

/* A zero byte in the place of each '@'. */
START_TEST(a_zero_byte_is_no_text) {
    static const char *const heads[] = { "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /@ HTTP/1.1\r\nHost: a\r\n\r\n",
                                         "GET / HTTP/1.1\r\nX@: a\r\nHost: a\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: @\r\n\r\n" };
    struct httprequest request;
    char head[64];

    for (unsigned i = 0; i < ARRAY_SIZE(heads); i++) {
        size_t length = strlen(heads[i]);
        memcpy(head, heads[i], length);
        *(char *)memchr(head, '@', length) = '\0';
        ck_assert_int_eq(httprequest_parse(head, length, &request), 400);
    }
}
END_TEST

START_TEST(the_last_id_is_taken_as_it_is) {
    struct httprequest request;

    ck_assert_int_eq(parse("GET /events HTTP/1.1\r\nHost: a\r\nlast-event-id: \t0a-7 \r\n\r\n", &request), 0);
    assert_text(request.last_event_id, "0a-7");
    ck_assert_int_eq(parse("GET / HTTP/1.0\r\nLast-Event-ID:1\r\nLast-Event-ID: 2\r\n\r\n", &request), 0);
    assert_text(request.last_event_id, "2");
    ck_assert_int_eq(parse("GET / HTTP/1.0\r\nLast-Event-ID:\r\n\r\n", &request), 0);
    ck_assert_uint_eq(request.last_event_id.length, 0);
}
END_TEST

/* It ends where the first empty line does, and not before that has come. */
START_TEST(a_request_is_complete_with_its_empty_line) {
    static const char two[] = "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.0\n\n";
    size_t first = strlen("\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");

    for (size_t count = 0; count < first; count++)
        ck_assert_uint_eq(httprequest_length(two, count), 0);
    for (size_t count = first; count < sizeof two; count++)
        ck_assert_uint_eq(httprequest_length(two, count), first);
    ck_assert_uint_eq(httprequest_length(two + first, sizeof two - 1 - first), sizeof two - 1 - first);
    ck_assert_uint_eq(httprequest_length("\r\n\r\n\n\n", 6), 0);
}
END_TEST

/* Any bytes with an end have a status; the sanitizers look on. */
START_TEST(noise_is_survived) {
    static const char letters[] = "GET /HTTP.10:\r\n\n\n\r \tHost";
    struct httprequest request;
    unsigned seed = 1;

    for (int round = 0; round < 20000; round++) {
        size_t length = 1 + (size_t)(rand_r(&seed) % 60);
        char *bytes = malloc(length);
        for (size_t i = 0; i < length; i++)
            bytes[i] = round % 4 == 0 ? (char)rand_r(&seed) : letters[rand_r(&seed) % (sizeof letters - 1)];
        size_t head = httprequest_length(bytes, length);
        ck_assert_uint_le(head, length);
        int status = head > 0 ? httprequest_parse(bytes, head, &request) : 400;
        ck_assert(status == 0 || status == 400 || status == 505);
        if (status == 0)
            ck_assert(request.path.begin >= bytes || request.path.length == 1);
        free(bytes);
    }
}
END_TEST

static Suite *suite_of_httprequest(void) {
    Suite *suite = suite_create("httprequest");
    TCase *cases = tcase_create("httprequest");

    suite_add_tcase(suite, cases);
    tcase_add_loop_test(cases, what_is_asked_is_understood, 0, (int)ARRAY_SIZE(understood));
    tcase_add_loop_test(cases, what_is_no_request_is_refused, 0, (int)ARRAY_SIZE(refused));
    tcase_add_test(cases, a_zero_byte_is_no_text);
    tcase_add_test(cases, the_last_id_is_taken_as_it_is);
    tcase_add_test(cases, a_request_is_complete_with_its_empty_line);
    tcase_add_test(cases, noise_is_survived);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_httprequest());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
