/* SPDX-License-Identifier: ISC
 *
 * process.c - see process.h. /proc is that of a service, where only the process itself may be there to be seen.
 */
#include "platform/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static usec_t cpu_time(void) {
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) < 0)
        return 0;
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * USEC_PER_SEC + usage.ru_utime.tv_usec
           + usage.ru_stime.tv_usec;
}

static void read_memory(struct process_usage *usage) {
    long pages, resident, page = sysconf(_SC_PAGESIZE);
    FILE *file = fopen("/proc/self/statm", "re");

    if (!file)
        return;
    if (fscanf(file, "%ld %ld", &pages, &resident) == 2) {
        usage->virtual_memory = (int64_t)pages * page;
        usage->memory = (int64_t)resident * page;
    }
    fclose(file);
}

/* Without "." and "..", and the descriptor by which they are read. */
static int64_t count_descriptors(void) {
    DIR *directory = opendir("/proc/self/fd");
    int64_t count = -3;

    if (!directory)
        return -1;
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static int64_t descriptors_limit(void) {
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur;
}

void process_usage(struct process_usage *ret) {
    *ret = (struct process_usage){ .cpu = cpu_time(), .memory = -1, .virtual_memory = -1 };
    read_memory(ret);
    ret->descriptors = count_descriptors();
    ret->descriptors_max = descriptors_limit();
}
