/* SPDX-License-Identifier: ISC
 *
 * stream.h - what servers do with libevent's buffered sockets and timers, beyond what libevent itself offers.
 */
#ifndef ELDEST_PLATFORM_STREAM_H
#define ELDEST_PLATFORM_STREAM_H

#include <stddef.h>

struct bufferevent;
struct event;

/* How many clients there may be, of that many at least and at most: what the limit of descriptors leaves beside those
 * that are reserved. */
unsigned stream_places(unsigned least, unsigned most, unsigned reserved);

/* The timer rings once, so long from now. */
void stream_arm(struct event *timer, int limit_ms);

/* Bytes that were added to what the other side is sent, but that its socket has not taken yet. */
size_t stream_unread(struct bufferevent *stream);

/* Writes as much as the socket takes without waiting, not only when the loop comes to it. */
void stream_write_now(struct bufferevent *stream);

/* Small pieces go out as they come, not when there are enough of them. For a TCP socket; of no effect on others. */
void stream_send_at_once(struct bufferevent *stream);

#endif
