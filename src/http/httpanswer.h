/* SPDX-License-Identifier: ISC
 *
 * httpanswer.h - the head of an answer: its status, and the fields that each answer has, or some.
 */
#ifndef ELDEST_HTTP_HTTPANSWER_H
#define ELDEST_HTTP_HTTPANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct evbuffer;

struct httpanswer {
    int status;
    const char *type; /* the Content-Type */
    size_t length; /* of the body */
    bool endless; /* no length: the body is an event stream, and ends with the connection */
    bool last; /* the connection ends with it */
    bool names_methods; /* "Allow" */
};

/* "Not Found" for 404. */
const char *httpanswer_reason(int status);

/* Adds the head. 0 or -ENOMEM. */
int httpanswer_write(const struct httpanswer *answer, struct evbuffer *out);

#endif
