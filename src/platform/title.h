/* SPDX-License-Identifier: ISC
 *
 * title.h - what the list of processes shows of this one.
 */
#ifndef ELDEST_PLATFORM_TITLE_H
#define ELDEST_PLATFORM_TITLE_H

/* Notes where the kernel looks for the command line. To be called first, with what main() got. */
void title_init(int argc, char **argv);

/* Names the process, in the short list and in place of its command line. It writes over the arguments and the
 * environment that the program was started with, so it is for a child that needs neither. Without title_init() only
 * the short name changes. */
void title_set(const char *name);

#endif
