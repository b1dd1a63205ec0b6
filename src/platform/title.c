/* SPDX-License-Identifier: ISC
 *
 * title.c - see title.h. The kernel puts the strings of the arguments and of the environment one behind the other, and
 * shows what stands there, into the environment if the arguments have no end.
 */
#include "platform/title.h"

#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static char *area;
static size_t area_size, arguments_size;

/* The end of those of the strings that begin where the ones before end. */
static char *end_of(char **strings, char *end) {
    for (; *strings && *strings == end; strings++)
        end = *strings + strlen(*strings) + 1;
    return end;
}

void title_init(int argc, char **argv) {
    if (argc == 0)
        return;
    area = argv[0];
    arguments_size = (size_t)(end_of(argv, area) - area);
    area_size = (size_t)(end_of(environ, area + arguments_size) - area);
}

void title_set(const char *name) {
    size_t length = strlen(name);

    prctl(PR_SET_NAME, name);
    if (length >= area_size)
        return;
    memset(area, 0, arguments_size);
    memcpy(area, name, length + 1);
}
