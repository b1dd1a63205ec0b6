/* SPDX-License-Identifier: ISC
 *
 * process.h - what this process costs its host, as the kernel tells it.
 */
#ifndef ELDEST_PLATFORM_PROCESS_H
#define ELDEST_PLATFORM_PROCESS_H

#include "base/types.h"

struct process_usage {
    usec_t cpu; /* that all its threads have used since it was started */
    int64_t memory, virtual_memory; /* bytes; -1 unknown: there is no /proc */
    int64_t descriptors; /* that are open; -1 unknown */
    int64_t descriptors_max; /* -1 no limit */
};

void process_usage(struct process_usage *ret);

#endif
