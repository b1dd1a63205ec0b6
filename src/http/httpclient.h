/* SPDX-License-Identifier: ISC
 *
 * httpclient.h - one connection of the HTTP server: requests in, answers out, and a time limit for everything.
 *
 * It moves bytes; who may connect, what is asked and what is answered is its owner's, httpserver.
 *
 * A client is in one phase, and its one timer means what the phase says:
 *
 *     READING    the head of a request is awaited; it must be complete when the timer fires
 *     QUEUED     it is complete, or too long, and waits for the owner to take it
 *     WAITING    the owner waits for something before it answers; it has to answer when the timer fires
 *     ANSWERING  the answer is being written; it must be gone when the timer fires
 *     STREAMING  events follow as changes come; the timer sends a sign of life
 *     ENDING     the last answer is written and said to be the last; what the client still sends is read and dropped,
 *                since to close before would take the answer from it; to be freed by the timer
 *     CLOSING    to be freed by the timer at once
 *
 * A client is read from only while READING and, to see its end, while STREAMING or ENDING: so at most the beginning of
 * one request and one answer are held for each. One that has closed its half of the connection is answered all the
 * same. Clients are freed only in callbacks of their own and by httpclient_dismiss(), never by what sends them
 * something, so their list may be walked meanwhile.
 */
#ifndef ELDEST_HTTP_HTTPCLIENT_H
#define ELDEST_HTTP_HTTPCLIENT_H

#include "http/httpsource.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct bufferevent;
struct evbuffer;
struct event;
struct event_base;
struct httpclient;
struct httpserver;

enum httpclient_phase {
    HTTPCLIENT_READING,
    HTTPCLIENT_QUEUED,
    HTTPCLIENT_WAITING,
    HTTPCLIENT_ANSWERING,
    HTTPCLIENT_STREAMING,
    HTTPCLIENT_ENDING,
    HTTPCLIENT_CLOSING,
};

/* What the owner is called for. */
struct httpclient_calls {
    void (*complete)(struct httpclient *client); /* it is QUEUED */
    void (*late)(struct httpclient *client); /* the time of WAITING is over */
    void (*behind)(struct httpclient *client); /* a stream that missed events takes more: show it where things stand */
    void (*gone)(struct httpclient *client); /* it will be freed when this returns */
};

struct httpclient {
    /* the owner's */
    struct httpserver *server;
    LIST_ENTRY(httpclient) entry;
    TAILQ_ENTRY(httpclient) turn; /* while QUEUED */
    struct httpsource source;
    bool waited; /* for the request that is QUEUED */
    /* for the owner to read */
    enum httpclient_phase phase;
    uint64_t dropped; /* events that a stream missed since the last one it got */
    /* its own */
    const struct httpclient_calls *calls;
    struct bufferevent *stream;
    struct event *timer;
    size_t head; /* length of the request that is QUEUED; 0: too long */
    unsigned requests; /* answered */
    bool last_answer; /* the connection ends when it is written */
    unsigned silent; /* signs of life since a stream has taken all that it was sent */
};

/* A client on a connected socket, which is the client's from now on, whatever comes of it; READING. NULL when memory
 * ran out. */
struct httpclient *httpclient_new(struct event_base *base, int fd, const struct httpclient_calls *calls);

/* Sends what the socket takes at once and frees the client. */
void httpclient_dismiss(struct httpclient *client);

/* The head of the request that is QUEUED or WAITING, and its length: 0 if it is too long. */
const char *httpclient_request(struct httpclient *client, size_t *ret_length);

/* Whether so many requests were answered that the next answer must be the last. */
bool httpclient_is_worn(const struct httpclient *client);

/* What was asked is not answered yet; the owner looks at the request again when it is QUEUED once more. */
void httpclient_wait(struct httpclient *client, int limit_ms);
void httpclient_queue(struct httpclient *client);

/* Bytes that it was sent, but that its socket has not taken yet. */
size_t httpclient_unread(const struct httpclient *client);

/* Answers the request with all of a buffer, which is empty then. last: the connection ends with it. */
void httpclient_answer(struct httpclient *client, struct evbuffer *answer, bool last);

/* The same with what an event stream begins with; httpclient_tell() adds to it. */
void httpclient_stream(struct httpclient *client, struct evbuffer *answer);

/* Adds to what a stream gets; NULL, for want of memory, ends it. One that leaves too much unread misses the event. */
void httpclient_tell(struct httpclient *client, const char *event, size_t length);

/* The same for one that is behind: it misses nothing from now on. */
void httpclient_catch_up(struct httpclient *client, struct evbuffer *events);

#endif
