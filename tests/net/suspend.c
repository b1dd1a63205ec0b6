/* SPDX-License-Identifier: ISC
 *
 * suspend.c - loaded into a program before all else, it has been suspended as far as its clocks tell: CLOCK_BOOTTIME is
 * ahead of what it was by as many nanoseconds as the file named in ELDEST_TEST_SUSPENDED has, 8 bytes that may be
 * written at any time. No real suspension can be had in a test.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *suspended_ns;

static void __attribute__((constructor)) find_file(void) {
    const char *path = getenv("ELDEST_TEST_SUSPENDED");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *place = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *suspended_ns, PROT_READ, MAP_SHARED, fd, 0);

    if (place == MAP_FAILED)
        _exit(99);
    suspended_ns = place;
    close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *ret) {
    int result = (int)syscall(SYS_clock_gettime, clock, ret);
    int64_t ns = ret->tv_nsec + *suspended_ns;

    if (result == 0 && clock == CLOCK_BOOTTIME) {
        ret->tv_sec += (time_t)(ns / 1000000000);
        ret->tv_nsec = (long)(ns % 1000000000);
    }
    return result;
}
