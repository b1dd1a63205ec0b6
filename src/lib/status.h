/* SPDX-License-Identifier: ISC
 *
 * status.h - a line of the daemon's as an object of eldest.h.
 */
#ifndef ELDEST_LIB_STATUS_H
#define ELDEST_LIB_STATUS_H

#include "lib/eldest.h"

/* Of a line, which is copied; the caller's, for eldest_status_free(). -EPROTO: it is no JSON object; -ENOMEM. */
int status_new(struct eldest_status **ret, const char *line);

/* If it is an error of the daemon's: as a negative errno; else 0. */
int status_error(const struct eldest_status *status);

/* The code of that error; NULL. */
const char *status_error_code(const struct eldest_status *status);

/* A member of an order; NULL and 0 if it is not there or of another type. */
const char *status_text(const struct eldest_status *status, const char *key);
int64_t status_number(const struct eldest_status *status, const char *key);

#endif
