/* SPDX-License-Identifier: ISC
 *
 * test_httpserver.c - the HTTP server against real sockets and a daemon that is made up (node_fixture.h): what it
 * answers in each state, and that no client, however slow, hasty, greedy or rude, gets more than its share.
 */
#include "http/httpserver.h"

#include "unit/node_fixture.h"

#include "base/util.h"
#include "daemon/log.h"
#include "platform/address.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    ANSWER_MAX_SIZE = 4 << 20,
    RESERVED = 304, /* descriptors that are left to others */
    PATIENCE = 100000, /* turns */
    FDS_MAX = 512,
};

static char directory[32];
static struct http_listen places;
static struct httpserver *server;
static unsigned descriptors; /* that were open before */
static struct rlimit limit; /* of descriptors, as it was before */

/* Neither is seen over HTTP here. */
void daemon_submit(struct daemon *daemon, const struct event *event) {
    ck_assert_int_eq(event->type, EVENT_TABLE_WANTED);
    daemon->table_wanted++;
    if (daemon->answers_at_once)
        tell(NOTICE_TABLE);
}

/* Clients */

static void turns(int count) {
    while (count-- > 0)
        turn_without_waiting();
}

/* What was received on a descriptor and not looked at yet. */
static struct received {
    size_t begin, end;
    char bytes[4096];
} received[FDS_MAX];

/* A new descriptor, on which nothing was received. */
static int new_socket(int family) {
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_lt(fd, FDS_MAX);
    received[fd].begin = received[fd].end = 0;
    return fd;
}

static int connect_file(void) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = new_socket(AF_UNIX);

    memcpy(address.sun_path, places.list[0].path, sizeof address.sun_path);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* From 127.0.0.HOST. */
static int connect_from(uint8_t host) {
    struct address from = { .family = 4, .bytes = { 127, 0, 0, host } };
    union socket_address name;
    int fd = new_socket(AF_INET);
    socklen_t length = address_to_socket(&from, &name);

    ck_assert_int_eq(bind(fd, &name.any, length), 0);
    length = address_to_socket(&places.list[1].address, &name);
    ck_assert(connect(fd, &name.any, length) == 0 || errno == EINPROGRESS);
    turns(2);
    return fd;
}

/* The other side sees an error instead of an end. */
static void reset(int fd) {
    struct linger at_once = { .l_onoff = 1 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static void say(int fd, const char *text) {
    ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static void ask_for(int fd, const char *path) {
    char request[256];

    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    say(fd, request);
}

/* Has something, turning the loop until there is; false at the end of the connection. */
static bool receive(int fd) {
    struct received *had = &received[fd];

    for (int i = 0; had->begin == had->end; i++) {
        ssize_t got = recv(fd, had->bytes, sizeof had->bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return false;
        had->begin = 0;
        had->end = got > 0 ? (size_t)got : 0;
        if (i == PATIENCE)
            ck_abort_msg("nothing more, and no end");
        if (got < 0)
            turn();
    }
    return true;
}

/* One more byte, or -1 at the end of the connection. */
static int next_byte(int fd) {
    return receive(fd) ? (unsigned char)received[fd].bytes[received[fd].begin++] : -1;
}

/* The next line, without its end; false at the end of the connection. */
static bool next_line(int fd, char *line, size_t size) {
    size_t length = 0;
    int byte;

    while ((byte = next_byte(fd)) >= 0 && byte != '\n')
        if (byte != '\r' && length + 1 < size)
            line[length++] = (char)byte;
    line[length] = '\0';
    return byte >= 0;
}

struct answer {
    int status;
    bool last;
    size_t length;
    char body[ANSWER_MAX_SIZE];
};

/* Valid until the next call. The status is 0 if the connection ends instead. */
static const struct answer *next_answer(int fd) {
    static struct answer answer;
    char line[1024];

    memset(&answer, 0, offsetof(struct answer, body));
    if (!next_line(fd, line, sizeof line))
        return &answer;
    ck_assert_int_eq(sscanf(line, "HTTP/1.1 %d ", &answer.status), 1);
    while (next_line(fd, line, sizeof line) && line[0] != '\0') {
        sscanf(line, "Content-Length: %zu", &answer.length);
        answer.last |= strcmp(line, "Connection: close") == 0;
    }
    ck_assert_uint_lt(answer.length, sizeof answer.body);
    for (size_t i = 0; i < answer.length; i++) {
        int byte = next_byte(fd);
        if (byte < 0) /* an assertion for each byte would take its time */
            ck_abort_msg("the body ends after %zu of %zu bytes", i, answer.length);
        answer.body[i] = (char)byte;
    }
    answer.body[answer.length] = '\0';
    return &answer;
}

static int status_of(const char *path) {
    int fd = connect_file();

    ask_for(fd, path);
    int status = next_answer(fd)->status;
    close(fd);
    return status;
}

static void expect_end(int fd) {
    ck_assert_int_eq(next_byte(fd), -1);
    close(fd);
}

static void expect_silence(int fd) {
    char byte;

    turns(20);
    ck_assert_uint_eq(received[fd].begin, received[fd].end);
    ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    ck_assert_int_eq(errno, EAGAIN);
}

static unsigned count_descriptors(void) {
    DIR *list = opendir("/proc/self/fd");
    unsigned count = 0;

    ck_assert_ptr_nonnull(list);
    while (readdir(list))
        count++;
    closedir(list);
    return count;
}

/* Whatever was done to it, it serves, and has closed what its clients have. */
static void expect_unharmed(void) {
    int fd = connect_file();

    ask_for(fd, "/leader");
    ck_assert_int_gt(next_answer(fd)->status, 0);
    close(fd);
    for (int i = 0; i < PATIENCE && count_descriptors() > descriptors; i++)
        turn_without_waiting();
    ck_assert_uint_eq(count_descriptors(), descriptors);
}

/* Streams */

static int follow(const char *last_id) {
    char request[256], line[1024];
    int fd = connect_file();

    snprintf(request, sizeof request, "GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: %s\r\n\r\n", last_id);
    say(fd, request);
    ck_assert(next_line(fd, line, sizeof line));
    ck_assert_str_eq(line, "HTTP/1.1 200 OK");
    for (int paragraphs = 0; paragraphs < 2; paragraphs += line[0] == '\0') /* the fields, and how to come back */
        ck_assert(next_line(fd, line, sizeof line));
    return fd;
}

/* The data of the next event, and its id; NULL at the end. */
static json_t *next_event(int fd, char id[64]) {
    static char line[4096];
    json_t *data = NULL;

    while (next_line(fd, line, sizeof line)) {
        if (line[0] == '\0' && data)
            return data;
        sscanf(line, "id: %63s", id);
        if (strncmp(line, "data: ", 6) == 0)
            data = json_loads(line + 6, 0, NULL);
    }
    json_decref(data);
    return NULL;
}

static void expect_event(int fd, const char *event, int seq) {
    char id[64];
    json_t *data = next_event(fd, id);

    ck_assert_str_eq(json_string_value(json_object_get(data, "event")), event);
    ck_assert_int_eq(json_integer_value(json_object_get(data, "seq")), seq);
    ck_assert_int_eq(atoi(strchr(id, '-') + 1), seq);
    json_decref(data);
}

/* The server */

static void open_server(void) {
    ck_assert_int_eq(httpserver_open(&server, &node, &places), 0);
    turns(2);
    descriptors = count_descriptors();
}

/* With that many places for clients. */
static void reopen_server(unsigned clients) {
    struct rlimit lower = { RESERVED + clients, limit.rlim_max };

    httpserver_close(server);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &lower), 0);
    open_server();
}

static void setup(void) {
    char text[64];

    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_ERROR);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    strcpy(directory, "/tmp/eldest-http-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    memset(&places, 0, sizeof places);
    places.count = 2;
    snprintf(text, sizeof text, "%s/http.sock", directory);
    ck_assert_ptr_null(endpoint_parse(text, &places.list[0]));
    snprintf(text, sizeof text, "127.0.0.1:%d", 20000 + getpid() % 10000);
    ck_assert_ptr_null(endpoint_parse(text, &places.list[1]));
    node_open();
    open_server();
}

static void teardown(void) {
    httpserver_close(server);
    node_close();
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* What is told */

START_TEST(states_have_their_statuses) {
    ck_assert_int_eq(status_of("/leader"), 503);
    ck_assert_int_eq(status_of("/follower"), 200);
    ck_assert_int_eq(status_of("/ready"), 200);
    lead_self();
    ck_assert_int_eq(status_of("/leader"), 200);
    ck_assert_int_eq(status_of("/follower"), 503);
    ck_assert_int_eq(status_of("/ready"), 200);
    node.view.leads = false; /* it asks whether it still does, or lets go */
    node.view.standing = STANDING_UNCONFIRMED;
    ck_assert_int_eq(status_of("/leader"), 503);
    ck_assert_int_eq(status_of("/follower"), 503);
    ck_assert_int_eq(status_of("/ready"), 503);
    have_no_leader();
    ck_assert_int_eq(status_of("/leader"), 503);
    ck_assert_int_eq(status_of("/follower"), 503);
    ck_assert_int_eq(status_of("/ready"), 503);
    ck_assert_int_eq(status_of("/health"), 200);
    ck_assert_int_eq(status_of("/status"), 200);
    ck_assert_int_eq(status_of("/history"), 200);
    follow_alpha();
    node.unwritable = true;
    ck_assert_int_eq(status_of("/ready"), 503);
    ck_assert_int_eq(status_of("/follower"), 200);
    ck_assert_int_eq(status_of("/health"), 200);
}
END_TEST

/* A handover waits for the end of a lease that was told, so who only looks is told none. */
START_TEST(who_looks_again_and_again_is_told_no_lease) {
    static const char *const looks[] = { "/leader", "/follower", "/ready", "/", "/health" };

    lead_self();
    node.view.quorum = (struct core_quorum){ .majority = true, .lease = USEC_PER_SEC };
    for (unsigned i = 0; i < ARRAY_SIZE(looks); i++)
        ck_assert_int_gt(status_of(looks[i]), 0);
    ck_assert_int_eq(lease_end_told, 0);
    ck_assert_uint_eq(node.clock_checks, ARRAY_SIZE(looks));
    ck_assert_int_eq(status_of("/status"), 200);
    ck_assert_int_eq(lease_end_told, NOW + USEC_PER_SEC);
}
END_TEST

START_TEST(a_follower_asks_for_all_members) {
    int fd = connect_file();

    node.view.table_complete = false;
    ask_for(fd, "/status");
    expect_silence(fd);
    ck_assert_uint_eq(node.table_wanted, 1);
    node.view.table_complete = true;
    tell(NOTICE_TABLE);
    ck_assert_int_eq(next_answer(fd)->status, 200);
    node.view.table_complete = false;
    node.answers_at_once = true; /* though it does not become complete */
    ask_for(fd, "/status");
    ck_assert_int_eq(next_answer(fd)->status, 200);
    ck_assert_uint_eq(node.table_wanted, 2);
    close(fd);
}
END_TEST

START_TEST(a_follower_that_gets_no_table_tells_what_it_knows) {
    int fd = connect_file();

    hurry = 10;
    node.view.table_complete = false;
    ask_for(fd, "/status");
    const struct answer *answer = next_answer(fd);
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->body, "\"peers_complete\":false"));
    ck_assert_uint_eq(node.table_wanted, 1);
    have_no_leader(); /* and nobody to ask */
    ask_for(fd, "/status");
    ck_assert_int_eq(next_answer(fd)->status, 200);
    ck_assert_uint_eq(node.table_wanted, 1);
    close(fd);
}
END_TEST

/* Turns and places */

START_TEST(one_request_is_served_per_turn) {
    enum { CLIENTS = 10 };
    int fds[CLIENTS];
    char byte;

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = connect_file();
    turns(3);
    for (int i = 0; i < CLIENTS; i++)
        ask_for(fds[i], "/leader");
    for (int served = 0, before = 0, last = 0; last < CLIENTS; before = last, last = served, served = 0) {
        turn();
        for (int i = 0; i < CLIENTS; i++)
            served += recv(fds[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
        ck_assert_int_le(served, last + 1);
        ck_assert_int_le(before, last);
    }
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(next_answer(fds[i])->status, 503);
        close(fds[i]);
    }
    expect_unharmed();
}
END_TEST

START_TEST(what_takes_long_is_followed_by_a_rest) {
    int fd = connect_file(), other = connect_file();

    leisure = 10;
    turns(3);
    node.costs = USEC_PER_SEC / 10;
    ask_for(fd, "/leader");
    ask_for(other, "/leader");
    ck_assert_int_eq(next_answer(fd)->status, 503);
    expect_silence(other);
    ck_assert_int_eq(next_answer(other)->status, 503);
    ask_for(fd, "/health"); /* which takes no time, but its turn comes after the rest all the same */
    expect_silence(fd);
    ck_assert_int_eq(next_answer(fd)->status, 200);
    close(fd);
    close(other);
}
END_TEST

START_TEST(requests_at_once_are_answered_in_turn) {
    enum { REQUESTS = 100 };
    int fd = connect_file();

    leisure = 100;
    for (int i = 0; i < REQUESTS; i++)
        ask_for(fd, i % 2 == 0 ? "/follower" : "/nothing");
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < REQUESTS; i++)
        ck_assert_int_eq(next_answer(fd)->status, i % 2 == 0 ? 200 : 404);
    expect_end(fd);
    expect_unharmed();
}
END_TEST

START_TEST(a_connection_has_a_last_answer) {
    enum { REQUESTS = 1000 };
    int fd = connect_file();

    leisure = 100;
    for (int i = 1; i < REQUESTS; i++) {
        ask_for(fd, "/health");
        ck_assert(!next_answer(fd)->last);
    }
    ask_for(fd, "/health");
    ask_for(fd, "/health");
    ck_assert(next_answer(fd)->last);
    expect_end(fd);
    expect_unharmed();
}
END_TEST

/* As many places as it leaves free. */
START_TEST(no_source_takes_all_places) {
    static const uint8_t shares[] = { 4, 2, 1, 1, 0 };
    int fds[8], count = 0;

    leisure = 100;
    reopen_server(ARRAY_SIZE(fds));
    for (uint8_t i = 0; i < ARRAY_SIZE(shares); i++) {
        for (uint8_t j = 0; j < shares[i]; j++)
            fds[count++] = connect_from(2 + i);
        int fd = connect_from(2 + i); /* one too many */
        ck_assert_int_eq(next_answer(fd)->status, 503);
        expect_end(fd);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(fds); i++) {
        ask_for(fds[i], "/follower");
        ck_assert_int_eq(next_answer(fds[i])->status, 200);
    }
    close(fds[0]);
    turns(3);
    fds[0] = connect_from(2);
    ck_assert_int_eq(next_answer(fds[0])->status, 503); /* although there is a place */
    close(fds[0]);
    fds[0] = connect_from(10);
    ask_for(fds[0], "/follower");
    ck_assert_int_eq(next_answer(fds[0])->status, 200);
    for (unsigned i = 0; i < ARRAY_SIZE(fds); i++)
        close(fds[i]);
    expect_unharmed();
}
END_TEST

START_TEST(few_descriptors_leave_a_few_places) {
    int fds[2];

    leisure = 100;
    reopen_server(0);
    fds[0] = connect_from(2);
    fds[1] = connect_from(2);
    int fd = connect_from(2);
    ck_assert_int_eq(next_answer(fd)->status, 503);
    close(fd);
    ask_for(fds[1], "/follower");
    ck_assert_int_eq(next_answer(fds[1])->status, 200);
    close(fds[0]);
    close(fds[1]);
    expect_unharmed();
}
END_TEST

/* Bounds of time and size */

START_TEST(a_request_has_a_time_limit_as_a_whole) {
    static const char request[] = "GET /leader HTTP/1.1\r\nHost: ";
    int fd = connect_file();

    hurry = 50; /* 200 ms */
    for (size_t i = 0;; i++) {
        char letter = i < sizeof request - 1 ? request[i] : 'x';
        if (send(fd, &letter, 1, MSG_NOSIGNAL) < 0)
            break;
        ck_assert_uint_lt(i, 8000);
        turn_without_waiting();
        usleep(1000);
    }
    close(fd);
    hurry = 1;
    expect_unharmed();
}
END_TEST

START_TEST(an_idle_connection_is_closed) {
    int fd = connect_file(), other = connect_file();

    hurry = 100;
    ask_for(fd, "/leader");
    ck_assert(!next_answer(fd)->last);
    expect_end(fd);
    expect_end(other);
    expect_unharmed();
}
END_TEST

START_TEST(an_answer_has_a_time_limit) {
    char bytes[4096];
    int fd = connect_file();
    size_t got = 0;

    hurry = 300; /* 100 ms */
    have_many_peers();
    ask_for(fd, "/status");
    turns(20);
    while (count_descriptors() > descriptors + 1)
        turn();
    for (ssize_t now; (now = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0;)
        got += (size_t)now;
    ck_assert_uint_gt(got, 0);
    ck_assert_uint_lt(got, 400 * 1000); /* of some 470 KB */
    close(fd);
    hurry = 1;
    expect_unharmed();
}
END_TEST

START_TEST(who_does_not_go_after_the_last_answer_is_closed) {
    int fd = connect_from(2);

    hurry = 100;
    say(fd, "GET /leader HTTP/1.0\r\n\r\n");
    ck_assert(next_answer(fd)->last);
    ck_assert_int_eq(next_byte(fd), -1);
    while (count_descriptors() > descriptors + 1)
        turn();
    close(fd);
    hurry = 1;
    expect_unharmed();
}
END_TEST

START_TEST(who_has_closed_his_half_gets_all_of_a_long_answer) {
    int fd = connect_file();

    leisure = 100;
    have_many_peers();
    ask_for(fd, "/status");
    shutdown(fd, SHUT_WR);
    const struct answer *answer = next_answer(fd);
    ck_assert_int_eq(answer->status, 200);
    ck_assert_uint_gt(answer->length, 400 * 1000);
    ck_assert_int_eq(answer->body[answer->length - 1], '\n');
    expect_end(fd);
    expect_unharmed();
}
END_TEST

START_TEST(a_request_that_is_too_long_gets_an_answer) {
    static char field[16 * 1024];
    int fd = connect_from(2);

    memset(field, 'x', sizeof field - 1);
    memcpy(field, "X: ", 3);
    say(fd, "GET /leader HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 4; i++) {
        say(fd, field);
        turns(3);
    }
    const struct answer *answer = next_answer(fd);
    ck_assert_int_eq(answer->status, 431);
    ck_assert(answer->last);
    expect_end(fd);
    expect_unharmed();
}
END_TEST

/* Its end is not known, so what follows it is not read as a request. */
START_TEST(a_body_ends_the_connection) {
    int fd = connect_file();

    say(fd, "POST /leader HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nGET /follower HTTP/1.1\r\nHost: a\r\n\r\n");
    const struct answer *answer = next_answer(fd);
    ck_assert_int_eq(answer->status, 405);
    ck_assert(answer->last);
    expect_end(fd);
    expect_unharmed();
}
END_TEST

/* All of them together; the short answers that matter to others are given all the same. */
START_TEST(unread_answers_are_bounded) {
    enum { CLIENTS = 60 };
    int fds[CLIENTS], refused = 0;

    leisure = 100;
    have_many_peers();
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = connect_file();
        ask_for(fds[i], "/status");
        turns(40);
    }
    ck_assert_int_eq(status_of("/follower"), 200);
    ck_assert_int_eq(status_of("/status"), 503);
    for (int i = 0; i < CLIENTS; i++) {
        const struct answer *answer = next_answer(fds[i]);
        refused += answer->status == 503;
        ck_assert(answer->status == 200 || i > 0);
        close(fds[i]);
        turns(2);
    }
    ck_assert_int_gt(refused, 10);
    ck_assert_int_lt(refused, CLIENTS - 10);
    ck_assert_int_eq(status_of("/status"), 200);
    expect_unharmed();
}
END_TEST

/* Streams */

START_TEST(a_stream_begins_with_the_present) {
    int fd = follow("");
    json_t *data;
    char id[64];

    data = next_event(fd, id);
    ck_assert_str_eq(value(data, "event"), "\"snapshot\"");
    ck_assert_str_eq(value(data, "leader.name"), "\"alpha\"");
    ck_assert_str_eq(value(data, "dropped"), "");
    json_decref(data);
    tell(NOTICE_SUSPECTED);
    tell(NOTICE_TABLE);
    tell(NOTICE_VOUCHED);
    expect_event(fd, "suspected", 1);
    expect_event(fd, "vouched", 2);
    expect_silence(fd);
    close(fd);
    expect_unharmed();
}
END_TEST

START_TEST(a_stream_goes_on_where_it_was_left) {
    char id[64];
    int fd = follow("");

    json_decref(next_event(fd, id));
    close(fd);
    fd = follow(id);
    expect_silence(fd);
    tell(NOTICE_SUSPECTED);
    expect_event(fd, "suspected", 1);
    close(fd);
    tell(NOTICE_VOUCHED);
    fd = follow(id);
    expect_event(fd, "suspected", 1);
    expect_event(fd, "vouched", 2);
    expect_silence(fd);
    close(fd);
    for (int i = 2; i < JOURNAL_LINES_MAX; i++)
        tell(NOTICE_SUSPECTED);
    fd = follow(id);
    expect_event(fd, "suspected", 1);
    close(fd);
    tell(NOTICE_SUSPECTED);
    fd = follow(id);
    json_t *data = next_event(fd, id);
    ck_assert_str_eq(value(data, "event"), "\"snapshot\"");
    ck_assert_str_eq(value(data, "dropped"), "257");
    json_decref(data);
    close(fd);
}
END_TEST

START_TEST(an_id_of_another_start_tells_nothing) {
    char id[64], past[128];
    int fd = follow("");

    json_decref(next_event(fd, id));
    close(fd);
    tell(NOTICE_SUSPECTED);
    snprintf(past, sizeof past, "%.17s99", id); /* yet to come */
    const char *const ids[] = { "0000000000000000-0", "0", "-", past,
                               "99999999999999999999999999999999999999999999999" };
    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
        fd = follow(ids[i]);
        json_t *data = next_event(fd, id);
        ck_assert_str_eq(value(data, "event"), "\"snapshot\"");
        ck_assert_str_eq(value(data, "dropped"), "null");
        json_decref(data);
        close(fd);
    }
}
END_TEST

/* Everything up to a change, then a snapshot instead of the others, although there was room again for some of them. */
START_TEST(a_slow_stream_is_told_what_it_missed) {
    int fd = follow(""), quick = follow(""), changes = 0;
    json_int_t got = 0, dropped = 0;
    char id[64];

    leisure = 1000;
    json_decref(next_event(fd, id));
    json_decref(next_event(quick, id));
    while (dropped == 0) {
        for (int i = 0; changes < 3000 || i < 1; i++) {
            tell(NOTICE_SUSPECTED);
            expect_event(quick, "suspected", ++changes);
        }
        json_t *data = next_event(fd, id);
        dropped = json_integer_value(json_object_get(data, "dropped"));
        got += dropped == 0;
        ck_assert_int_eq(json_integer_value(json_object_get(data, "seq")), got + dropped);
        json_decref(data);
    }
    ck_assert_int_gt(dropped, 1000);
    ck_assert_int_eq(atoi(strchr(id, '-') + 1), got + dropped);
    while (got + dropped < changes)
        expect_event(fd, "suspected", (int)++got + (int)dropped);
    tell(NOTICE_VOUCHED);
    expect_event(fd, "vouched", changes + 1);
    close(fd);
    close(quick);
    expect_unharmed();
}
END_TEST

START_TEST(a_quiet_stream_shows_signs_of_life) {
    char id[64], line[16];

    hurry = 1000;
    int fd = follow("");
    json_decref(next_event(fd, id));
    for (int i = 0; i < 10; i++) { /* longer than it may leave anything unread */
        ck_assert(next_line(fd, line, sizeof line));
        ck_assert_str_eq(line, ":");
        ck_assert(next_line(fd, line, sizeof line));
        ck_assert_str_eq(line, "");
    }
    hurry = 1;
    close(fd);
}
END_TEST

START_TEST(a_stream_that_takes_nothing_is_closed) {
    hurry = 300; /* 4 times 50 ms */
    int fd = follow("");

    for (int i = 0; i < 3000; i++)
        tell(NOTICE_SUSPECTED);
    while (count_descriptors() > descriptors + 1)
        turn();
    close(fd);
    hurry = 1;
    expect_unharmed();
}
END_TEST

START_TEST(what_is_said_to_a_stream_is_read_and_dropped) {
    static char noise[64 * 1024];
    size_t said = 0;
    char id[64];

    leisure = 100;
    int fd = follow("");
    memset(noise, 'x', sizeof noise);
    json_decref(next_event(fd, id));
    for (int i = 0; said < 8 << 20; i++) {
        ssize_t now = send(fd, noise, sizeof noise, MSG_NOSIGNAL);
        said += now > 0 ? (size_t)now : 0;
        if (i == PATIENCE || (now < 0 && errno != EAGAIN))
            ck_abort_msg("no more than %zu bytes are taken", said);
        turn_without_waiting();
    }
    tell(NOTICE_SUSPECTED);
    expect_event(fd, "suspected", 1);
    close(fd);
    expect_unharmed();
}
END_TEST

START_TEST(the_last_event_is_delivered_before_the_end) {
    char id[64];
    int fd = follow("");

    json_decref(next_event(fd, id));
    tell(NOTICE_NO_LEADER);
    httpserver_close(server);
    server = NULL;
    expect_event(fd, "no-leader", 1);
    expect_end(fd);
}
END_TEST

/* Rude ends */

/* How far a client gets before it goes without a word. */
static const struct {
    const char *said;
    int turns_after, changes, turns_at_last;
} rudenesses[] = {
    { "", 0, 0, 5 },
    { "", 5, 0, 5 },
    { "GET /lea", 5, 0, 5 },
    { "GET /leader HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0, 5 },
    { "GET /leader HTTP/1.1\r\nHost: a\r\n\r\n", 1, 0, 5 },
    { "GET /leader HTTP/1.1\r\nHost: a\r\n\r\n", 2, 0, 5 },
    { "GET /leader HTTP/1.1\r\nHost: a\r\n\r\n", 3, 0, 5 },
    { "GET /leader HTTP/1.1\r\nHost: a\r\n\r\n", 4, 0, 5 },
    { "GET /leader HTTP/1.0\r\n\r\n", 2, 0, 5 },
    { "GET /leader HTTP/1.0\r\n\r\n", 5, 0, 5 },
    { "GET /status HTTP/1.1\r\nHost: a\r\n\r\n", 5, 0, 5 },
    { "GET /status HTTP/1.1\r\nHost: a\r\n\r\nGET /status HTTP/1.1\r\nHost: a\r\n\r\n", 5, 0, 5 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 0, 1, 0 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 1, 1, 1 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 2, 1, 0 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 3, 1, 0 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 5, 1, 1 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 5, 2000, 0 },
    { "GET /events HTTP/1.1\r\nHost: a\r\n\r\n", 5, 2000, 1 },
    { "\r\n\r\n\r\n", 5, 0, 5 },
};

static void be_rude(int index, int fd, void (*leave)(int fd)) {
    say(fd, rudenesses[index].said);
    turns(rudenesses[index].turns_after);
    leave(fd);
    for (int i = 0; i < rudenesses[index].changes; i++)
        tell(NOTICE_SUSPECTED);
    turns(rudenesses[index].turns_at_last);
    tell(NOTICE_TABLE);
}

static void leave(int fd) {
    close(fd);
}

START_TEST(rude_clients_do_no_harm) {
    have_many_peers();
    for (int waits = 0; waits < 2; waits++) {
        node.view.table_complete = waits == 0;
        be_rude(_i, connect_from(2), reset);
        be_rude(_i, connect_from(2), leave);
        be_rude(_i, connect_file(), leave);
    }
    node.view.table_complete = true;
    expect_unharmed();
}
END_TEST

START_TEST(a_server_ends_whatever_its_clients_do) {
    have_many_peers();
    int fd = connect_from(2), other = connect_file();
    say(fd, rudenesses[_i].said);
    say(other, rudenesses[_i].said);
    turns(rudenesses[_i].turns_after);
    httpserver_close(server);
    server = NULL;
    close(fd);
    close(other);
    turns(3);
    for (int i = 0; i < 10; i++)
        tell(NOTICE_SUSPECTED);
    ck_assert_int_ne(access(places.list[0].path, F_OK), 0);
}
END_TEST

static Suite *suite_of_httpserver(void) {
    Suite *suite = suite_create("httpserver");
    TCase *cases = tcase_create("httpserver");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, states_have_their_statuses);
    tcase_add_test(cases, who_looks_again_and_again_is_told_no_lease);
    tcase_add_test(cases, a_follower_asks_for_all_members);
    tcase_add_test(cases, a_follower_that_gets_no_table_tells_what_it_knows);
    tcase_add_test(cases, one_request_is_served_per_turn);
    tcase_add_test(cases, what_takes_long_is_followed_by_a_rest);
    tcase_add_test(cases, requests_at_once_are_answered_in_turn);
    tcase_add_test(cases, a_connection_has_a_last_answer);
    tcase_add_test(cases, no_source_takes_all_places);
    tcase_add_test(cases, few_descriptors_leave_a_few_places);
    tcase_add_test(cases, a_request_has_a_time_limit_as_a_whole);
    tcase_add_test(cases, an_idle_connection_is_closed);
    tcase_add_test(cases, an_answer_has_a_time_limit);
    tcase_add_test(cases, who_does_not_go_after_the_last_answer_is_closed);
    tcase_add_test(cases, who_has_closed_his_half_gets_all_of_a_long_answer);
    tcase_add_test(cases, a_request_that_is_too_long_gets_an_answer);
    tcase_add_test(cases, a_body_ends_the_connection);
    tcase_add_test(cases, unread_answers_are_bounded);
    tcase_add_test(cases, a_stream_begins_with_the_present);
    tcase_add_test(cases, a_stream_goes_on_where_it_was_left);
    tcase_add_test(cases, an_id_of_another_start_tells_nothing);
    tcase_add_test(cases, a_slow_stream_is_told_what_it_missed);
    tcase_add_test(cases, a_quiet_stream_shows_signs_of_life);
    tcase_add_test(cases, a_stream_that_takes_nothing_is_closed);
    tcase_add_test(cases, what_is_said_to_a_stream_is_read_and_dropped);
    tcase_add_test(cases, the_last_event_is_delivered_before_the_end);
    tcase_add_loop_test(cases, rude_clients_do_no_harm, 0, (int)ARRAY_SIZE(rudenesses));
    tcase_add_loop_test(cases, a_server_ends_whatever_its_clients_do, 0, (int)ARRAY_SIZE(rudenesses));
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_httpserver());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
