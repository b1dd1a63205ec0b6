/* SPDX-License-Identifier: ISC
 *
 * httproute.h - what there is to ask by HTTP: one table of paths, and who writes the answer to each.
 *
 * Every answer is computed from the clock at the moment of the call, like those of the control socket, and in the same
 * words where both tell the same. How a request gets here and an answer to its client is httpserver's.
 */
#ifndef ELDEST_HTTP_HTTPROUTE_H
#define ELDEST_HTTP_HTTPROUTE_H

#include <stdbool.h>
#include <stddef.h>

struct daemon;
struct evbuffer;

struct httproute {
    const char *path;
    const char *type; /* the Content-Type */
    /* Adds the body to out. 0 for "200 OK", another status of HTTP (503), or a negative errno. */
    int (*write)(const struct daemon *daemon, struct evbuffer *out);
    bool shows_members; /* all of them: a follower asks its leader for those that it does not know */
    bool streams; /* no body, but events as they come */
};

/* NULL if there is nothing at that path. */
const struct httproute *httproute_find(const char *path, size_t length);

/* All paths, for a message. */
const char *httproute_known(void);

#endif
