/* SPDX-License-Identifier: ISC
 *
 * secret.h - memory for what nobody else may see: it is in no core dump, children of the process find zeros in it, it
 * is not swapped out if the limits of the process allow that, and it is wiped when it is given back.
 */
#ifndef ELDEST_PLATFORM_SECRET_H
#define ELDEST_PLATFORM_SECRET_H

#include <stddef.h>

/* All zero; NULL if there is none. */
void *secret_new(size_t size);

/* NULL is fine. */
void secret_free(void *memory, size_t size);

#endif
