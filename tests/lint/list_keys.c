/* SPDX-License-Identifier: ISC
 *
 * list_keys.c - writes the table of the configuration's keys, for keys.sh to compare with the manual page and
 * the example.
 *
 *   list_keys manual     section|key|allowed|default|reload
 *   list_keys example    section|key|help|default
 */
#include "daemon/conf.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    bool example = argc > 1 && strcmp(argv[1], "example") == 0;
    struct conf_key key;

    for (size_t i = 0; conf_key(i, &key); i++)
        if (example)
            printf("%s|%s|%s|%s\n", key.section, key.name, key.help, key.value);
        else
            printf("%s|%s|%s|%s|%s\n", key.section, key.name, key.allowed, key.value,
                   key.live ? "yes" : "at the next start");
    return 0;
}
