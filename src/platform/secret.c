/* SPDX-License-Identifier: ISC
 *
 * secret.c - see secret.h. Pages of its own, since the kernel does all that by the page.
 */
#include "platform/secret.h"

#include <string.h>
#include <sys/mman.h>

void *secret_new(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    if (madvise(memory, size, MADV_DONTDUMP) < 0 || madvise(memory, size, MADV_WIPEONFORK) < 0) {
        munmap(memory, size);
        return NULL;
    }
    (void)!mlock(memory, size); /* the limit may be low: then it can be swapped out */
    return memory;
}

void secret_free(void *memory, size_t size) {
    if (!memory)
        return;
    explicit_bzero(memory, size);
    munmap(memory, size);
}
