/* SPDX-License-Identifier: ISC
 *
 * ctlclient.h - one client of the control socket: requests in, answers out, a line each, and a time limit for both.
 *
 * It moves lines; who may connect, what a request means and what is answered is its owner's, ctlserver.
 *
 * A client is in one phase, and its one timer means what the phase says:
 *
 *     READING    a request is awaited; it must be complete when the timer fires
 *     QUEUED     a request is complete and waits for the owner to take it
 *     WAITING    it was taken and is not answered yet; the owner has to answer when the timer fires
 *     ANSWERING  the answer is being written; it must be gone when the timer fires
 *     WATCHING   lines follow as changes come
 *     HOLDING    lines follow as orders come, and changes for who watches as well; what it says is the owner's to hear
 *     CLOSING    to be freed by the timer at once
 *
 * A client is read from only while READING or HOLDING and, to see its end, while WATCHING: so at most one request and
 * one answer are held for each. Clients are freed only in callbacks of their own and by ctlclient_dismiss(), never by
 * what sends them something, so their list may be walked meanwhile.
 */
#ifndef ELDEST_DAEMON_CTLCLIENT_H
#define ELDEST_DAEMON_CTLCLIENT_H

#include "daemon/holders.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

struct bufferevent;
struct ctlclient;
struct ctlcommand;
struct ctlserver;
struct event;
struct event_base;

enum ctlclient_phase {
    CTLCLIENT_READING,
    CTLCLIENT_QUEUED,
    CTLCLIENT_WAITING,
    CTLCLIENT_ANSWERING,
    CTLCLIENT_WATCHING,
    CTLCLIENT_HOLDING,
    CTLCLIENT_CLOSING,
};

/* What the owner is called for. */
struct ctlclient_calls {
    void (*complete)(struct ctlclient *client); /* a request is: QUEUED */
    void (*late)(struct ctlclient *client); /* the time of WAITING is over: answer it */
    json_t *(*snapshot)(struct ctlclient *client); /* how things stand, for a watcher that missed lines */
    void (*said)(struct ctlclient *client, const json_t *line); /* by one that is HOLDING; NULL: it is no JSON */
    void (*gone)(struct ctlclient *client); /* it will be freed when this returns */
};

struct ctlclient {
    /* the owner's */
    struct ctlserver *server;
    LIST_ENTRY(ctlclient) entry;
    TAILQ_ENTRY(ctlclient) turn; /* while QUEUED */
    pid_t process;
    uid_t user;
    bool may_act;
    const struct ctlcommand *command; /* taken last */
    bool holds, watches; /* orders come, and changes while HOLDING */
    struct holder holder; /* if so */
    /* for the owner to read */
    enum ctlclient_phase phase;
    /* its own */
    const struct ctlclient_calls *calls;
    struct bufferevent *stream;
    struct event *timer;
    bool last_answer; /* close when the answer is written */
    uint64_t dropped; /* lines that a watcher missed since the last one it got */
};

/* A client on a connected socket, which is the client's from now on, whatever comes of it; READING. NULL when memory
 * ran out. */
struct ctlclient *ctlclient_new(struct event_base *base, int fd, const struct ctlclient_calls *calls);

/* Sends what the socket takes at once and frees the client. */
void ctlclient_dismiss(struct ctlclient *client);

/* The request of a client that is QUEUED, to be freed; NULL if it is no JSON. The client is WAITING from now on, which
 * lasts until ctlclient_wait() says how long. */
json_t *ctlclient_take(struct ctlclient *client);
void ctlclient_wait(struct ctlclient *client, int limit_ms);

/* Bytes that it was sent, but that its socket has not taken yet. */
size_t ctlclient_unread(const struct ctlclient *client);

/* Ends the request with its answer, a document that is given away. */
void ctlclient_answer(struct ctlclient *client, json_t *document);
void ctlclient_refuse(struct ctlclient *client, const char *code, const char *message);

/* Ends the request with a first line, given away as well; ctlclient_tell() adds others. */
void ctlclient_watch(struct ctlclient *client, json_t *document);

/* Ends the request with a first line, given away as well; ctlclient_order() adds others. What the client says from then
 * on is heard. */
void ctlclient_hold(struct ctlclient *client, json_t *document);

/* Gives a holder an order, a document that is given away, written before this returns; with a copy of the descriptor
 * fd, which is received together with the first byte of the line, or none (-1). A holder that leaves so much unread
 * that it cannot be given the descriptor is closed. */
void ctlclient_order(struct ctlclient *client, json_t *document, int fd);

/* The same with a line of report_line(), for many clients at once; NULL ends each client that is to get it. */
void ctlclient_answer_line(struct ctlclient *client, const char *line);

/* Adds a line to what a watcher gets, or a holder beside its orders. It is written before this returns, if there is
 * room: who watches a leader knows that it lets go before any other node is told. */
void ctlclient_tell(struct ctlclient *client, const char *line);

#endif
