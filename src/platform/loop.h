/* SPDX-License-Identifier: ISC
 *
 * loop.h - the event loop: descriptors, signals and one alarm. The rest of the daemon sees libevent only
 * through this.
 *
 * The alarm is set in CLOCK_BOOTTIME, like everything the core says, but libevent counts on
 * CLOCK_MONOTONIC: after a suspend it rings late, by what was left of it at most. Whoever is called for
 * another reason compares with the clock itself.
 */
#ifndef ELDEST_PLATFORM_LOOP_H
#define ELDEST_PLATFORM_LOOP_H

#include "base/histogram.h"

struct event_base;
struct loop;

typedef void loop_callback(void *context);

enum { LOOP_SOURCES_MAX = 16 }; /* descriptors and signals */

/* An empty loop, to be opened after the last fork of a process that goes on to use it. 0 or -ENOMEM. */
int loop_open(struct loop **ret);

/* For those who use libevent themselves (buffered sockets). */
struct event_base *loop_base(struct loop *loop);

/* Calls back while fd can be read, or has an error waiting. The descriptor stays the caller's and must
 * outlive the loop. 0 or -ENOMEM. */
int loop_watch(struct loop *loop, int fd, loop_callback *callback, void *context);

/* Calls back, outside of signal context, when the process gets that signal, even if whoever started it had it blocked.
 * 0 or -ENOMEM. */
int loop_watch_signal(struct loop *loop, int number, loop_callback *callback, void *context);

/* Who is called by the alarm. 0 or -ENOMEM. */
int loop_watch_alarm(struct loop *loop, loop_callback *callback, void *context);

/* The alarm rings once at that time, at once if it is past, never for USEC_NEVER. Replaces the one set
 * before. */
void loop_set_alarm(struct loop *loop, usec_t at);

/* Serves until loop_stop(). 0 or -EIO. */
int loop_run(struct loop *loop);

/* How often the loop has found something to do since it was opened: wakeups of the process. */
uint64_t loop_wakeups(const struct loop *loop);

/* How late the alarm has rung; valid as long as the loop. After a suspend it is late by what that took. */
const struct histogram *loop_lateness(const struct loop *loop);

/* loop_run() returns when the present callback has. */
void loop_stop(struct loop *loop);

/* NULL is fine. What uses loop_base() must be closed before. */
void loop_close(struct loop *loop);

#endif
