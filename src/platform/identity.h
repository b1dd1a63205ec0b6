/* SPDX-License-Identifier: ISC
 *
 * identity.h - which machine this is, so that a copied state directory is noticed (eldest-protocol(7), "fingerprint"),
 * and which start of it.
 */
#ifndef ELDEST_PLATFORM_IDENTITY_H
#define ELDEST_PLATFORM_IDENTITY_H

#include "base/types.h"

#define IDENTITY_MACHINE_ID "/etc/machine-id"

/* A hash of the machine id in that file. 0, "unknown, matches anything", if the file is missing, unreadable,
 * or holds no id yet (empty, or "uninitialized" in an image that never booted). Never goes to the network. */
uint64_t identity_fingerprint(const char *machine_id_path);

#define IDENTITY_BOOT_ID "/proc/sys/kernel/random/boot_id"

/* A hash of the first line of that file, which is another one after each boot. 0, "unknown", if there is none. */
uint64_t identity_boot(const char *boot_id_path);

#endif
