/* SPDX-License-Identifier: ISC
 *
 * identity.h - which machine this is, so that a copied state directory is noticed (eldest-protocol(7), "fingerprint"),
 * and which start of it.
 */
#ifndef ELDEST_PLATFORM_IDENTITY_H
#define ELDEST_PLATFORM_IDENTITY_H

#include "base/types.h"

#define IDENTITY_MACHINE_ID "/etc/machine-id"

/* Two hashes in one number: of the machine id, and of the UUID that the firmware or the hypervisor gave to the machine,
 * in which copies of a disk differ also if nobody gave them other machine ids. Either is 0, unknown, if its file is
 * missing, unreadable, or holds none (a machine id is empty or "uninitialized" in an image that never booted; not all
 * hardware has a UUID). Never goes to the network. */
uint64_t identity_fingerprint(const char *machine_id_path, const char *uuid_path);

enum { IDENTITY_PATH_SIZE = 256 };

/* Where that UUID is to be read: only root may read the kernel's file, so the service manager passes it on as a
 * credential (CREDENTIALS in systemd.exec(5)) called product_uuid. */
const char *identity_uuid_path(char path[IDENTITY_PATH_SIZE]);

/* Whether they can be of one machine: what is known of both is the same. */
bool identity_may_match(uint64_t one, uint64_t other);

/* Both know something of one machine: the newer, and of the older what that does not know. */
uint64_t identity_join(uint64_t older, uint64_t newer);

#define IDENTITY_BOOT_ID "/proc/sys/kernel/random/boot_id"

/* A hash of the first line of that file, which is another one after each boot. 0, "unknown", if there is none. */
uint64_t identity_boot(const char *boot_id_path);

#endif
