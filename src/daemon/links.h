/* SPDX-License-Identifier: ISC
 *
 * links.h - the interfaces that this node uses: chooses them, joins the group on them, and follows what
 * becomes of them.
 *
 * Between iface.c, which knows what the kernel says, and daemon.c, which tells the core. An interface that
 * may be used but is not usable yet is waited for. One that is used stays in use as long as it is usable,
 * whatever else appears.
 */
#ifndef ELDEST_DAEMON_LINKS_H
#define ELDEST_DAEMON_LINKS_H

#include "platform/iface.h"

struct links;
struct udp;

enum { LINKS_USED_MAX = 1 };

/* Names the interfaces that may be used; none: any that comes into question. The names and udp must outlive
 * the links. Nothing is in use before the first links_update(). 0 or a negative errno. */
int links_open(struct links **ret, const char *const *names, unsigned name_count, struct udp *udp);

/* NULL is fine. */
void links_close(struct links *links);

/* Can be read when links_update() is due. */
int links_fd(const struct links *links);

/* Looks at the interfaces anew, and logs what changed. True if the core should know: a link came, went, was
 * interrupted or has a new address; ret_came_up: one of them can be used from now on, or again. */
bool links_update(struct links *links, bool *ret_came_up);

/* The links in use, in the order of choice. */
unsigned links_count(const struct links *links);
const struct link *links_get(const struct links *links, unsigned index);

/* Whether that interface is in use. */
bool links_contain(const struct links *links, uint32_t ifindex);

#endif
