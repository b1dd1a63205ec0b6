/* SPDX-License-Identifier: ISC
 *
 * list_metrics.c - writes the table of the metrics, for metrics.sh to compare with the manual page: name|labels.
 */
#include "http/metrics.h"

#include <stdio.h>

int main(void) {
    struct metrics_family family;

    for (unsigned i = 0; metrics_describe(i, &family); i++)
        printf("%s|%s\n", family.name, family.labels);
    return 0;
}
