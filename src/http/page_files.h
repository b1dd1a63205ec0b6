/* SPDX-License-Identifier: ISC
 *
 * page_files.h - the files beside the page, in the program: see embed.sh.
 */
#ifndef ELDEST_HTTP_PAGE_FILES_H
#define ELDEST_HTTP_PAGE_FILES_H

#include <stddef.h>

struct page_file {
    const unsigned char *bytes;
    size_t size;
};

extern const struct page_file page_css, page_js, icon_svg;

/* A sum of them all: another one where any of them is another. */
extern const char page_files_sum[];

#endif
