/* SPDX-License-Identifier: ISC
 *
 * httpserver.h - what the node knows, by HTTP: read-only, for load balancers, monitoring and people.
 *
 * HTTP/1.1 and 1.0; GET, HEAD and OPTIONS, which all have the same status. What can be asked is httproute's; changes
 * follow as server-sent events (httpevents.h).
 *
 * It serves bytes by libevent's buffered sockets, as the control server does, and not by libevent's own HTTP server:
 * that one has no limit for connections nor a way to learn of their end, none for the time that a request takes as a
 * whole, reads without bound while it answers, and leaves who has closed his half of the connection without the rest of
 * his answer.
 *
 * No client can block or bloat the daemon, or keep the others out. A request is complete within 10 s of the last answer
 * and at most 8 KiB long, an answer is read within 30 s, and after 1,000 answers a connection ends. 512 connections are
 * served, or fewer where the limit of descriptors (RLIMIT_NOFILE) does not leave enough beside those of the daemon and
 * of the control server; 384 of them to event streams; none to a source (httpsource.h) that has as many as are free.
 * One request is served per turn of the event loop, so that a crowd of clients never stands between a heartbeat and its
 * answer, and at most half of the time is spent so. While clients leave more than 16 MiB unread, long answers are
 * refused. A stream that is read too slowly misses events; the next one is a snapshot that says how many ("dropped").
 * One that takes nothing for a minute is closed.
 */
#ifndef ELDEST_HTTP_HTTPSERVER_H
#define ELDEST_HTTP_HTTPSERVER_H

#include "daemon/conf.h"

struct daemon;
struct httpserver;

/* Serves at these places, which may be none: then nothing is opened. What cannot be opened is tried again, see
 * httplisten.h. The daemon and the list must outlive the server, and the program must ignore SIGPIPE. 0, or a negative
 * errno. */
int httpserver_open(struct httpserver **ret, struct daemon *daemon, const struct http_listen *listen);

/* Gives each client what its socket still takes and closes them all. NULL is fine. */
void httpserver_close(struct httpserver *server);

#endif
