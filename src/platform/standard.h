/* SPDX-License-Identifier: ISC
 *
 * standard.h - standard input, output and error of a program that may have been started without them.
 */
#ifndef ELDEST_PLATFORM_STANDARD_H
#define ELDEST_PLATFORM_STANDARD_H

/* Puts /dev/null in the place of those that are closed. Else the first files that are opened would take their place,
 * and the next message would be written into one of them. 0 or a negative errno. Call it before anything is opened. */
int standard_fill(void);

/* Puts /dev/null in the place of all three and leaves the working directory for the root, so that the process holds
 * neither a terminal, a pipe nor a file system any more. What cannot be had stays as it is. */
void standard_release(void);

#endif
