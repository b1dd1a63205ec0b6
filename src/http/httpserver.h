/* SPDX-License-Identifier: ISC
 *
 * httpserver.h - what the node knows, by HTTP: read-only, for load balancers, monitoring and people.
 *
 * What can be asked is httproute's.
 */
#ifndef ELDEST_HTTP_HTTPSERVER_H
#define ELDEST_HTTP_HTTPSERVER_H

#include "daemon/conf.h"

struct daemon;
struct httpserver;

/* Serves at these places, which may be none. What cannot be opened is tried again every 5 s, and logged. The daemon and
 * the list must outlive the server. 0, or -ENOMEM. */
int httpserver_open(struct httpserver **ret, const struct daemon *daemon, const struct http_listen *listen);

/* NULL is fine. */
void httpserver_close(struct httpserver *server);

#endif
