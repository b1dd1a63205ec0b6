/* SPDX-License-Identifier: ISC
 *
 * background.h - puts the process into the background, so that whoever started it learns whether it came up.
 */
#ifndef ELDEST_PLATFORM_BACKGROUND_H
#define ELDEST_PLATFORM_BACKGROUND_H

/* Goes on in a child with a session of its own and no other descriptors than the standard ones. The parent
 * does not return: it ends with 0 when the child is ready, or with the child's exit status if that ends
 * before. Returns a descriptor for background_ready(), or a negative errno (nothing has happened then). To
 * be called before anything is opened or any thread is started. */
int background_begin(void);

/* Releases the parent, and lets go of the working directory and the terminal: standard input, output and
 * error are gone then. */
void background_ready(int fd);

#endif
