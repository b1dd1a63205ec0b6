/* SPDX-License-Identifier: ISC
 *
 * body.h - the kinds of messages: for each its name, its fixed fields, and the TLVs that it carries.
 */
#ifndef ELDEST_WIRE_BODY_H
#define ELDEST_WIRE_BODY_H

#include "wire/get.h"
#include "wire/put.h"

struct body {
    const char *name;
    void (*encode)(struct writer *w, const struct wire_message *m);
    void (*decode)(struct reader *r, struct wire_message *m);
    unsigned carries; /* enum tail_set */
    size_t size_min; /* of the whole datagram: padded to it, refused below it */
};

/* The kind of that type; NULL for an unknown one. */
const struct body *body_of_type(unsigned type);

#endif
