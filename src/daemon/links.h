/* SPDX-License-Identifier: ISC
 *
 * links.h - the interfaces that this node uses: chooses them, joins the group on them, and follows what
 * becomes of them.
 *
 * Between iface.c, which knows what the kernel says, and daemon.c, which tells the core. All that can be used are used.
 * What comes and goes too often is damped: an interface that was lost for the third time within half a minute has to
 * stay for a second before it is used again, then two, and so on up to five.
 */
#ifndef ELDEST_DAEMON_LINKS_H
#define ELDEST_DAEMON_LINKS_H

#include "platform/iface.h"

struct links;
struct udp;

enum { LINKS_USED_MAX = 64 };

struct links_config {
    const char *choice; /* choice.h */
    unsigned families; /* bits 1 << FAMILY_... */
    struct udp *udp;
};

/* The choice and udp must outlive the links. Nothing is in use before the first links_update(). 0 or a negative
 * errno. */
int links_open(struct links **ret, const struct links_config *config);

/* NULL is fine. */
void links_close(struct links *links);

/* links_update() is due when this can be read, and at that time (USEC_NEVER: not by itself). */
int links_fd(const struct links *links);
usec_t links_deadline(const struct links *links);

/* Looks at the interfaces anew, and logs what changed. True if the core should know: a link came, went, was
 * interrupted or has other addresses; ret_came_up: one of them can be used from now on, or again. */
bool links_update(struct links *links, usec_t now, bool *ret_came_up);

/* The links in use, in the order of their index. */
unsigned links_count(const struct links *links);
const struct link *links_get(const struct links *links, unsigned index);

/* The one with that index, if it is in use; else NULL. */
const struct link *links_find(const struct links *links, uint32_t ifindex);

/* Whether the node can send and hear by that family on that link: it has such an address and joined the group. */
bool links_carry(const struct link *link, enum family family);

/* Whether that address, of this host's or another's, is one that the node can use by the interface that it names. */
bool links_reach(const struct links *links, const struct address *address);

/* Every interface of the host as it was looked at last, in use or not. */
const struct link_list *links_seen(const struct links *links);

/* Whether an interface, as it was looked at last, could be used but comes and goes too often. */
bool links_damp(const struct links *links, const struct link *link);

/* Why that interface is (not) in use, for people: link_state_text(), "comes and goes too often", ... */
const char *links_reason(const struct links *links, const struct link *link);

#endif
